"""Recognise an emergency, and say what to do about it: whoever is in one needs people, not a skill.

Limit: English, and the plain ways to say it; the assistant cannot phone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from uptake.assistant.clauses.words import QUESTION, is_command, without_courtesy
from uptake.text.patterns import regex

__all__ = ["URGENT", "advice"]

URGENT = regex(
    r"fire|flame|smok|spark|burn|gas|monoxide|br(?:eak|oke)|burglar|intruder|prowler|attack|breath|chest|stroke"
    r"|unconscious"
    r"|passed out|collapsed|chok|bleed"
    r"|overdos|poison|swallow|seizure|fallen|\bfall\b|fell|answering|respond|get up|accident|electrocut|drown"
    r"|droop|dropped|slurr|lift|kill|hurt|injured|leak|burst|flood"
    r"|overflow|\bcut (?:my|him|her|them)|strange|suspicious"
    r"|coming (?:through|in)|pouring|gushing|dripping|emergency|ambulance|police"
    r"|doctor|paramedic|911|999|112|\bhelp\b|inside|robbed|trying|rattling|forcing|banging|kicking|messing",
    re.IGNORECASE,
)
"""Words without which no request tells of an emergency."""

_CALL = "I cannot phone for you: call 112, 911 or 999 now."
_NEEDS = (
    (
        r"(?:there(?:'s| is) a|the) (?:(?:small|big) )?fire (?:in|at|on)|(?:there(?:'s| is)) (?:a )?(?:fire|smoke)"
        r"|^fire\W*$|\b(?:is|are|caught|on the|"
        r"house|kitchen|oven) (?:on )?fire\b(?! ?place)|\bon fire\b|smoke (?:alarm|detector)s?(?: is| are"
        r"|'s)? (?:going off|ringing|beeping)"
        r"|\b(?:oven|kettle|toaster|tv|telly|socket|plug|dryer|machine|dishwasher|printer|heater|radiator|laptop"
        r"|battery"
        r"|lamp|light|pan|hob|cooker|coffee maker|charger|iron|fuse box)(?:'s| is) (?:smoking|sparking)\b"
        r"|something(?:'s| is)? burning|\b(?:the|my|our) (?:toast|food|dinner|supper|lunch|pan|pot|curtains?|house"
        r"|kitchen|carpet|rug|bin|bed"
        r"|sofa|roof|chicken|cake|rice|meat|oil|fat)(?:'s| is| are|'re) (?:burning|in flames|alight)"
        r"|smells? (?:of |like )?(?:burning|smoke)|can smell (?:smoke|burning)"
        r"|\b(?:smoke|flames|sparks) (?:is |are )?(?:pouring|coming|billowing|rising|shooting|flying|everywhere"
        r"|all over)\b",
        f"If there is fire or smoke, get everybody out, close the doors behind you and stay out. {_CALL}",
    ),
    (
        r"(?:smells?|smelling|leak(?:s|ing)?) (?:\w+ly |a bit |a lot )?(?:of |like )?gas\b|can smell gas"
        r"|gas (?:leak|smell)"
        r"|carbon monoxide (?:alarm|detector)?|\bsmell\b.{0,40}\bgas\b"
        r"|(?:might|may|could|must|think it's|sure it's) (?:be )?(?:a )?gas(?: leak)?\W*$",
        f"If you smell gas, touch no switch, open a window, leave the house. {_CALL}",
    ),
    (
        r"\bbr(?:eak|oke|oken|eaking) in(?:to)?\b|\bbreak-in\b|burglar|intruder|\brobbed\b|(?:someone|somebody"
        r"|a (?:man|stranger))(?:'s| is| has)? (?:in"
        r"|inside|entered|trying to get in(?:to)?) (?:the |my |our )?(?:house|home|flat|garden|garage|room"
        r"|apartment)?|prowler|being attacked"
        r"|(?:someone|somebody|a (?:man|stranger))(?:'s| is)? (?:trying|rattling|forcing|banging on|kicking"
        r"|messing with) (?:at )?(?:the|my|our) (?:\w+ )?(?:door|window|lock|gate)s?\b"
        r"|(?:strange|suspicious|unknown) (?:man|woman|person|guy|people|men)\b",
        f"Go where you are safe, lock yourself in, and stay quiet. {_CALL} I have left the doors as they are.",
    ),
    (
        r"can(?:'t|not| hardly| barely| scarcely) breathe"
        r"|(?:struggling|trouble|hard|difficulty)(?: to)? breath(?:e|ing)"
        r"|\bchest(?:'s| is| has| feels| gone| really| badly| all| so| very| suddenly)* (?:hurts?|hurting"
        r"|aches?|aching|tight)"
        r"|can(?:'t|not) (?:feel|move|lift|raise) (?:my|his|her|one|an) (?:\w+ )?(?:arm|leg|face|hand|legs|arms)\b"
        r"|\b(?:face|mouth|smile)(?:'s| is| has)? (?:all |gone )?(?:droop\w*|dropped|lopsided)"
        r"|\bslurr(?:ing|ed)\b"
        r"|pains? in (?:my|his|her) chest"
        r"|(?:not|n't) (?:been )?(?:breathing|moving|responding|waking up|coming round)"
        r"|(?:he|she|they)(?:'s| is|'re| are)?(?: not|n't) (?:answering|responding)|(?:has|'s|have|'ve"
        r"|just) (?:had|taken) a"
        r" (?:\w+ )?(?:fall|tumble)\b|\b(?:he|she|i|mum|mom|dad|gran\w*|my \w+)(?:'s| has)? (?:just )?(?:fell"
        r"|fallen) (?:down|off|over)"
        r"|heart attack|chest pains?|\bstroke\b(?! of)|unconscious|passed out"
        r"|(?:i've|i have|has|just|i) (?:really |badly )?cut (?:myself|himself|herself|themselves|my \w+)"
        r"|collapsed|chok(?:es?|ed|ing)\b|bleeding"
        r"|overdos|poisoned|swallowed|seizure|broken (?:his|her|my) (?:leg|arm|hip)|fallen (?:over|down|and)"
        r"|(?:i've|i have|has|he's|she's) (?:just )?fallen\W*$|(?:i've|he's|she's) (?:just )?fell\b"
        r"|(?:can't|cannot) get up\b|(?:had|having) an accident"
        r"|electrocuted|drown(?:ed|ing)|(?:going|want) to (?:kill|hurt) (?:myself|himself|herself)|(?:is|am|'m"
        r"|are) (?:badly |seriously )?(?:hurt|injured)",
        f"{_CALL} Stay on the line with them, a doctor can guide you.",
    ),
    (
        r"(?:water|pipe|washing machine|dishwasher|washer|boiler|radiator|toilet|sink|bath|tap|ceiling"
        r"|roof)\b.{0,30}\b(?:leak(?:s|ing|ed)?|burst|flood(?:s|ed|ing)?"
        r"|overflow(?:s|ing|ed)?|everywhere|all over|pouring|dripping|gushing|spraying"
        r"|coming (?:through|in|out|down|from))|\b(?:flood(?:ed|ing)?|burst pipe"
        r"|leaking) (?:in|the|from|all)|(?:is|are|'s) (?:flooded|flooding)\b",
        "Shut off the water and keep away from plugs that are wet. Say close the water main, or turn off the"
        " machine, and "
        "I will where I can. I cannot call a plumber or the emergency number 112 for you.",
    ),
    (
        r"^(?:help|help me|i need help|emergency|this is an emergency|it's an emergency)\W*(?:emergency|quick(?:ly)?"
        r"|now|urgent(?:ly)?|please hurry)\W*$"
        r"|\b(?:call|phone|ring|get|dial|send|need) (?:an |the |for an |for the |me an )?(?:ambulance|police"
        r"|fire (?:brigade|department|service)|paramedics?"
        r"|emergency services?|911|999|112|doctor)\b",
        _CALL,
    ),
)
_PATTERNS = tuple((regex(pattern, re.IGNORECASE), said) for pattern, said in _NEEDS)
_DENIED = regex(
    r"\b(?:no|not|isn't|wasn't|without|false alarm|pretend|imagine|movie|film|song|called|about)\b", re.IGNORECASE
)
_QUOTED = regex(
    r"(?:when(?:ever)?|if|every time|each time) .{1,40}?\b(?:says?|said|shouts?|calls out|yells?)\b", re.IGNORECASE
)
"""Words that somebody may say some day: "when anybody in the house says help"."""
_CALLS = regex(r"(?:call|phone|ring|get|dial|send|help)\b", re.IGNORECASE)


@lru_cache(maxsize=64)  # a request is looked at again and again while it is taken apart
def advice(text: str) -> str | None:
    """Return what to do in the emergency that a request tells of; None where it tells of none.

    >>> advice("I think somebody has broken in").split(":")[0]
    'Go where you are safe, lock yourself in, and stay quiet. I cannot phone for you'
    >>> advice("play fire and ice"), advice("is there smoke in the kitchen")
    (None, None)
    """
    bare = without_courtesy(text)
    if _QUOTED.match(bare):
        return None
    if (is_command(text) and not _CALLS.match(bare)) or QUESTION.match(bare):
        return None
    for pattern, said in _PATTERNS:
        match = pattern.search(bare)
        if match is not None and not _DENIED.search(bare[: match.start()].rpartition(",")[2]):
            return said
    return None
