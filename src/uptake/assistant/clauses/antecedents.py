"""Put into a request what "them" and "both" stand for, and what "on it" is after a list was spoken of.

Limit: English; the last two exchanges; one thing of the home, "it", is left to the readers.
"""

from __future__ import annotations

import re
from datetime import datetime

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.rescheduling import rescheduled
from uptake.assistant.clauses.wording.earlier.among import among
from uptake.assistant.clauses.wording.earlier.carried import carried
from uptake.assistant.clauses.wording.earlier.ellipses import continued, reckoned
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.dialogue.listed import off_the_list
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["completed", "is_unclear_both", "with_antecedents", "with_light_of", "with_main_light", "with_state_of"]

_THEM = regex(
    r"\b(?:both of them|all of them|them both|them all|the two of them|them|those)\b(?! (?:is|are|was|were)\b)",
    re.IGNORECASE,
)
_BOTH_ALONE = regex(
    r"(?:(?:now|and|ok|okay|then|right) )*(?:(?:turn|switch|put|shut|set) )?(?:on |off )?both(?: (?:back )?(?:on"
    r"|off|up|down|open|closed|shut))?"
    r"(?: again| please| now)*|(?:(?:now|and|ok|okay|then|right) )*(?:open|close|shut|lock|unlock|start|stop|pause"
    r"|dim) both(?: again| please| now)*",
    re.IGNORECASE,
)
_ON_LIST = regex(r"\b(?P<joint>on|to|onto|off|from|in) it\b", re.IGNORECASE)
_LEFT = regex(r"(?:and )?what(?:'s| is) left(?: now| then)?", re.IGNORECASE)
_LISTS = frozenset(
    "HassShoppingListAddItem HassShoppingListCompleteItem HassListAddItem HassListCompleteItem HassListRemoveItem"
    " GetList CreateList ClearList".split()
)
_LEAVES_OUT = regex(
    r"(?:no |actually |oh |wait )*(?:forget|skip|drop|leave out|scrap|not|lose)(?: about)? the (?P<item>[\w -]+?)"
    r"(?: after all| actually)?",
    re.IGNORECASE,
)
_BOTH = regex(r"\b(?:both|two)\b", re.IGNORECASE)
_HERE = regex(
    r"(?P<but>\b(?:except(?:ing)?|apart from|aside from|other than|but(?: not)?|bar)(?: for)?(?: the (?:one|ones|light"
    r"|lights))?) (?:(?:in )?here|(?:in )?this room)\b",
    re.IGNORECASE,
)
_MAIN_LIGHT = regex(
    r"(?:\b(?:the|my|our) (?:(?:main|big|overhead|ceiling|top|room) light|(?:main|big) one)|(?:^|(?<=, ))(?:main|big)"
    r" light(?= (?:on|off)\b))\b(?: in the (?P<room>[\w']+(?: room)?))?",
    re.IGNORECASE,
)
_SPEAKER = regex(
    r"\b(?:the|my|our|that) (?P<noun>speaker)\b(?: in the (?P<room>[\w']+(?: room)?))?(?! (?:in|on|upstairs)\b)",
    re.IGNORECASE,
)
_LIGHT_OF = regex(
    r"\b(?:the|my|that|our|some|a bit of|a little|more) (?:light|lamp) (?:over|above|by|beside|next to|near|on"
    r"|at|behind) (?:the|my|our)"
    r" (?P<what>(?!wall\b|ceiling\b|floor\b)[a-z]+)(?! (?:wall|light|lamp|room)\b)\b",
    re.IGNORECASE,
)
_ITS_STATE = regex(
    r"(?:(?:and|so|but|hey|ok|wait|well) )*(?:is|has|was) (?:it|that|that thing|the thing|this)(?: still"
    r"| actually| already| really)*"
    r" (?P<state>on|off|open|closed|shut|locked|unlocked|running|going|still going|working|started|playing|switched on"
    r"|turned on)(?: now| yet| already| then| at the moment| right now)*",
    re.IGNORECASE,
)
_STILL_GOING = regex(
    r"(?P<lead>(?:(?:and|so|ok|hey)\b,? *)*)(?P<is>is|are) (?P<what>(?:the|my|our) [\w' ]+?)(?: still| even| actually)*"
    r" (?:going|running|working|whirring|humming)(?: still| now| at the moment| right now)*",
    re.IGNORECASE,
)
_WHEREABOUTS = regex(
    r"(?:(?:and|so|ok|hey)\b,? *)*is (?P<what>(?:the |my |our )?[\w']+(?: cleaner| mower)?)(?: still| even| actually)*"
    r" (?!(?:on|off|charged|ready|full|a|an|the|my)\b)\w.*",
    re.IGNORECASE,
)
"""Question where a robot is, or how: "is Clippy out on the grass or asleep"."""
_DONE_TO_IT = regex(
    r"(?:(?:and|so|but|ok|wait|well|hang on) )*(?:did|have|has|is|was) (?:you|it|that|he|she|i|we)(?: (?:actually"
    r"|really|definitely"
    r"|just|already|manage to|ever|been|now))* (?P<deed>turn(?:ed)?|switch(?:ed)?|go|gone|come|c[ao]me|put"
    r"|lock(?:ed)?|unlock(?:ed)?"
    r"|clos(?:e|ed)|shut|open(?:ed)?|stop(?:ped)?|start(?:ed)?|finish(?:ed)?|done|boil(?:ed)?|ready|run)(?: (?:it"
    r"|that|them|the"
    r" thing))?(?: (?P<way>on|off))?(?: (?:yet|already|now|then|properly|ok|okay))*",
    re.IGNORECASE,
)
"""Question whether something was done to the one thing spoken of last."""
_TO_GO = regex(
    r"(?:(?:and|so|ok) )*how (?:long|much longer|much time|many minutes)(?: (?:will|does|is|has|till|until|before"
    r"|left|more|it|that|he"
    r"|she|take|takes|be|need|needs|got|have|to go|going to|is done|it's|done|finished|finishes))*",
    re.IGNORECASE,
)
_STATES_OF = {"lock": "locked", "unlo": "unlocked", "clos": "closed", "shut": "closed", "open": "open"}
_RUNS = frozenset({"dishwasher", "washing_machine", "coffee_maker", "kettle", "dryer"})
_THEIR_STATE = regex(
    r"(?:(?:and|so|but|ok|wait|well) )*are (?:they|those|these|both|both of them|the two of them)(?: both| all| still"
    r"| really| definitely| actually| now)* (?P<rest>(?:on|off|open|closed|shut|locked|unlocked|running|playing)"
    r"(?: now| yet| already| then| at the moment| right now)*)",
    re.IGNORECASE,
)
_SENT = regex(
    r"\b(?:call|send|bring|get|order|tell) (?:him|her|it|them|that|that thing) (?=(?:back|home|in|inside"
    r"|to (?:his|its|her"
    r"|the))\b)",
    re.IGNORECASE,
)
_COMES_HOME = regex(
    r"(?:(?:no|stop|ok|okay|now|please|and|right|actually)\b,? *)*(?:come|go|head|get)(?: back| home| in"
    r"| inside)+(?: now| please)*",
    re.IGNORECASE,
)
_TO_IT = regex(
    r"(?P<lead>(?:(?:and|ok|okay|then|well|so|please|can you|could you|just|right|oh|no|yes)\b,? *)*)"
    r"(?P<verb>turn|switch|put|dim|brighten|open|close|shut|lock|pause|stop|start) (?:it|that)"
    r"(?P<rest>(?: (?:on|off|up|down|again|a bit|a little|a touch|please|then|now|for me"
    r"|to \d+(?: percent| degrees|%)?))*)",
    re.IGNORECASE,
)
"""Command about the one thing whose state was asked for last."""
_TAKES = {
    "light": frozenset("turn switch put dim brighten".split()),
    "switch": frozenset("turn switch put start stop".split()),
    "fan": frozenset("turn switch put start stop".split()),
    "media_player": frozenset("turn switch pause stop".split()),
    "climate": frozenset("turn switch put".split()),
    "cover": frozenset("open close shut".split()),
    "lock": frozenset({"lock"}),
    "binary_sensor": frozenset("open close shut".split()),  # which is then refused by its name
}
"""Kind of a thing -> verbs that it takes."""
_SAYS_THE_KIND = frozenset("dim brighten close shut lock".split())
"""Verbs that a thing just acted on takes by its kind; anything may be turned off, an alarm that rings as well."""
_ROBOTS = frozenset({"vacuum", "lawn_mower"})
_BUSY = regex(
    r"(?:(?:and|so|ok) )*(?:what(?:'s| is) (?:it|he|she) doing|how(?:'s| is) (?:it|he|she) (?:doing|going"
    r"|getting on)|is (?:it|he|she|that)(?: still| already)? (?:charging"
    r"|charged|docked|cleaning|mowing|home|back|done|finished|stuck))(?: yet| now| already)*",
    re.IGNORECASE,
)
_GOING = frozenset("running going working started playing".split()) | {"still going", "switched on", "turned on"}
_REACTS = regex(r"^(?:(?:no|actually|sorry|oh|oops|wait)\b,? *)+(?=\w)", re.IGNORECASE)
_LOCKS = regex(r"\b(?:un)?lock\b", re.IGNORECASE)
_TURNS = 2
_MOST = 12
_BACK = regex(r"\bback\b", re.IGNORECASE)


def completed(text: str, conversation: Conversation, household: Household, now: datetime) -> str:
    """Return the request with what it leaves out of the last one; as it is where it leaves nothing out.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
        now: This moment, aware.
    """
    last = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    done = conversation.done.interpretation if conversation.done is not None else None
    if last is not None and last.intent == "GetAlarms" and done is not None and done.intent == "SetAlarm":
        last = done  # "make it eight" is of the alarm just set, though all were listed since
    text = off_the_list(text, conversation) or text
    text = reckoned(text, last, conversation.exchanges[-1].response or "") if conversation.exchanges else text
    if rescheduled(text, conversation, household, now) is not None:
        return _REACTS.sub("", text)  # the time of what was planned, and no value of the thing
    text = carried(among(_of_machine(text, conversation, household), conversation, household), conversation, household)
    text = _of_those(text, conversation, household)
    return continued(text, last, now)


def with_antecedents(text: str, conversation: Conversation, household: Household, room: str | None = None) -> str:
    """Return the request with the names of what "them" means; as it is where that is one thing, or unknown.

    "All lights except in here" leaves out the room where it is said.
    """
    if room is not None:
        text = _HERE.sub(rf"\g<but> in the {room}", text)
    text = _of_list(text, conversation)
    alone = _BOTH_ALONE.fullmatch(text.strip(" .!?"))
    match = _BOTH.search(text) if alone is not None else _THEM.search(text)
    named = [each for each in find_mentions(text, household) if not _LOCKS.fullmatch(each.text)]  # "lock" is a verb
    if match is None or named or match[0] == text.strip(" .!?"):
        return text
    if _LOCKS.search(text) and not _has_locks(conversation, household):
        return text  # "unlock all of them" is of no lights
    names = _things(
        conversation, household, two=_BOTH.search(match[0]) is not None, back=_BACK.search(text) is not None
    )
    return text if not names else f"{text[: match.start()]}{names}{text[match.end() :]}"


def _has_locks(conversation: Conversation, household: Household) -> bool:
    keys = [key for one in (conversation.last, conversation.done) if one is not None for key in one.targets]
    return any(household.by_id[key].domain == "lock" for key in keys if key in household.by_id)


def _of_those(text: str, conversation: Conversation, household: Household) -> str:
    """Name the things that were spoken of last where their state is asked for: "are they both locked now?"."""
    match = _THEIR_STATE.fullmatch(text.strip(" .!?"))
    names = _things(conversation, household, two=True, back=False) if match is not None else ""
    return f"are {names} {match['rest']}" if match is not None and names else text


def _things(conversation: Conversation, household: Household, *, two: bool, back: bool) -> str:
    """Return the names of the several things that were spoken of last; "" where they were not several."""
    done = conversation.last
    if done is not None and conversation.done is not None and (len(done.targets) < 2 or back):
        done = conversation.done if len(conversation.done.targets) > 1 else done  # a question came in between
    things = list(done.targets) if done is not None else []
    if len(things) < 2 and (two or not _is_plural(things, household)):
        spoken = [exchange for exchange in conversation.exchanges[-_TURNS:] if exchange.action]
        things = [each.value for exchange in spoken for each in exchange.entities if each.slot == "name"]
    known = [household.by_id[key] for key in dict.fromkeys(things) if key in household.by_id]
    if not 1 < len(known) <= _MOST and not (len(known) == 1 and _is_plural(things, household)):
        return ""
    return say_list([the(household.label(device)) for device in known])


def _of_machine(text: str, conversation: Conversation, household: Household) -> str:
    """Name the one thing that was spoken of last where its state is asked for, or it is sent home: "is it running?"."""
    keys = conversation.last.targets if conversation.last is not None else ()
    device = household.by_id.get(keys[0]) if len(keys) == 1 else None
    if device is None:
        return text
    if device.domain in _ROBOTS and _COMES_HOME.fullmatch(text.strip(" .!?")):
        return f"send {household.label(device)} home"
    done_to_it = _done_to_it(text, device, conversation, household)
    if done_to_it is not None:
        return done_to_it
    asked = _asked_of(text.strip(" .!?"), device)
    if asked is not None:
        return f"is {the(household.label(device))} {asked}"
    match = _ITS_STATE.fullmatch(text.strip(" .!?"))
    if match is None and device.domain in _ROBOTS:
        text = _BUSY.sub(f"what is {household.label(device)} doing", text.strip(" .!?"))
    if match is None:
        sent = f"send {household.label(device)} "
        return _SENT.sub(sent, text, count=1) if device.domain in _ROBOTS else text
    state = "on" if match["state"].lower() in _GOING else match["state"]
    return f"is {the(household.label(device))} {state}"


def _done_to_it(text: str, device: Device, conversation: Conversation, household: Household) -> str | None:
    """Return a command about the one thing that was just spoken of, with its name: "dim it a bit"."""
    match = _TO_IT.fullmatch(text.strip(" .!?"))
    reading = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    if match is None or reading is None:
        return None
    if reading.intent != "HassGetState" and match["verb"].lower() not in _SAYS_THE_KIND:
        return None
    if match["verb"].lower() not in _TAKES.get(device.domain, ()):
        return None
    return f"{match['lead']}{match['verb']} {the(household.label(device))}{match['rest']}"


def _asked_of(said: str, device: Device) -> str | None:
    """Return the state that a question after a deed asks of a thing: "did you turn it on", "has it boiled yet"."""
    if device.device_class in _RUNS and _TO_GO.fullmatch(said):
        return "finished"  # the answer tells how long it has to go
    match = _DONE_TO_IT.fullmatch(said)
    if match is None:
        return None
    deed = match["deed"].lower()
    if deed[:4] in _STATES_OF:
        return _STATES_OF[deed[:4]]
    if match["way"] or deed.startswith(("start", "stop")):
        return match["way"] or ("off" if deed.startswith("stop") else "on")
    return "finished" if device.device_class in _RUNS and deed not in ("go", "come", "came", "put", "run") else None


def with_light_of(text: str, household: Household) -> str:
    """Return the request with the name of the light that stands by a thing: "the light over the desk"."""

    def named(match: re.Match[str]) -> str:
        forms = (f"{match['what']} lamp", f"{match['what']} light", f"{match['what']}side lamp")
        found = [each for form in forms for each in household.match_devices(form, household.devices, exact_only=True)]
        keys = {each.key for each in found}
        return f"the {household.label(household.by_id[keys.pop()])}" if len(keys) == 1 else match[0]

    return _LIGHT_OF.sub(named, text)


def with_state_of(text: str, household: Household) -> str:
    """Return the question whether a thing is on, or what a robot does, where it is asked whether it is still going."""
    asked = _WHEREABOUTS.fullmatch(text.strip(" .!?"))
    robots = household.match_devices(asked["what"], household.devices, exact_only=True) if asked is not None else ()
    if asked is not None and len(robots) == 1 and household.by_id[robots[0].key].domain in _ROBOTS:
        return f"what is {asked['what']} doing"
    match = _STILL_GOING.fullmatch(text.strip(" .!?"))
    named = find_mentions(match["what"], household) if match is not None else ()
    if (
        match is None
        or len(named) != 1
        or match["what"][: named[0].start].lower().strip() not in ("", "the", "my", "our")
    ):
        return text
    found = household.match_devices(match["what"], household.devices)
    device = household.by_id.get(found[0].key) if found else None
    if (
        device is None
        or device.domain not in ("switch", "fan", "media_player")
        or match["what"][named[0].end :].strip()
    ):
        return text
    return f"{match['lead']}{match['is']} {match['what']} on"


def with_main_light(text: str, household: Household, room: str | None) -> str:
    """Return the request with the name of the room's own light for "the main light"; as it is where it has none."""

    def named(match: re.Match[str]) -> str:
        where = match["room"] or room
        noun = match.groupdict().get("noun") or "light"
        found = household.match_devices(f"{where} {noun}", household.devices, exact_only=True) if where else ()
        return f"the {household.label(household.by_id[found[0].key])}" if len(found) == 1 else match[0]

    return _SPEAKER.sub(named, _MAIN_LIGHT.sub(named, text))


def is_unclear_both(text: str) -> bool:
    """Tell whether a request is about two things of which nothing was said: "both off" is not every light."""
    return _BOTH_ALONE.fullmatch(text.strip(" .!?")) is not None


def _is_plural(things: list[str], household: Household) -> bool:
    """Tell whether "them" may be the one thing, the patio lights, that was spoken of last."""
    return bool(things) and all(key in household.by_id and household.by_id[key].name.endswith("s") for key in things)


def _of_list(text: str, conversation: Conversation) -> str:
    """Name the list that was spoken of last: "what's on it"."""
    reading = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    if reading is None or reading.intent not in _LISTS:
        return text
    name = next((value for slot, value in reading.slots if slot == "name"), "shopping").removesuffix(" list")
    if _LEFT.fullmatch(text.strip(" .!?")):
        return f"what's on the {name} list"
    gone = _LEAVES_OUT.fullmatch(text.strip(" .!?").replace(",", ""))
    if gone is not None and "list" not in gone["item"]:
        return f"remove {gone['item']} from the {name} list"
    return _ON_LIST.sub(lambda match: f"{match['joint']} the {name} list", text)
