"""What people say otherwise than the templates do, whole requests for the most part: "back on", "is Rover on his dock".

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.text.patterns import regex

__all__ = ["OTHERWISE"]


def _on_list(add: str) -> str:
    """Say which list a thing is put on that is only added."""
    return add if re.search(r"\blist\b", add, re.IGNORECASE) else f"{add} to the shopping list"


_STATE = r"(?:on|off|open|closed|shut|(?:at|to) [\w ]+? ?(?:percent|%|degrees))"


def _in_state(what: str, how: str, where: str) -> str:
    """Return the command for a kind of thing in one place."""
    if " " in how or "%" in how:
        return f"set the {what} in {where} {re.sub('^(?:at|to)', 'to', how, flags=re.IGNORECASE)}"
    verb = {"open": "open", "closed": "close", "shut": "close"}.get(how.lower(), f"turn {how}")
    return f"{verb} the {what} in {where}"


OTHERWISE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        regex(
            r"^(?P<front>[\w' ]*?(?:er|more|less)) than (?:that|this|it is|now)(?: now)?"
            r"(?:,? (?:please|mate|love))*[.!]*$",
            re.I,
        ),
        r"\g<front>",
    ),
    (
        regex(
            r"^(?:please )?(?:don't|do not) let (?P<what>(?:the |that |my )?[\w'-]+)"
            r" (?:hoover|vacuum|clean|mow|sweep|run|go)(?: on)?(?: any ?more| any longer)$",
            re.I,
        ),
        r"stop \g<what>",
    ),
    (
        regex(r"^what(?:'s| is) the date (?:on |of )?(?=(?:next|this|the coming|in) \w)", re.IGNORECASE),
        "what date is ",
    ),
    (
        regex(
            r"^(?P<all>everything|(?:all )?(?:the )?lights|the rest) (?P<but>(?:except|but|bar|apart from|other than)"
            r"(?: for)? (?:the|my|that|in|for)? ?[\w' ]+?) (?P<way>on|off|out)(?:,? please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"\g<all> \g<way> \g<but>",
    ),
    (
        regex(
            r"^(?P<front>(?=.*\b(?:all|every\w*|whole)\b)(?:(?!\bbut\b).)*\b(?:on|off|out|down|up|shut|closed|open"
            r"|every\w+)) but (?P<what>(?:not )?(?:for )?(?:in )?(?:the |my |our )?(?:(?!(?:on|off|open|shut|is|are"
            r"|leave|keep|turn|stays?|then|dim|only|just|and|please|it|i|we)\b)[\w']+ ?){1,4})"
            r"(?P<end>,? please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"\g<front> except \g<what>\g<end>",
    ),
    (
        regex(r"^(?:(?:and|then|now|ok|right),? )*back (?P<way>on|off)(?: again)?(?: please)?[.!]*$", re.IGNORECASE),
        r"turn it \g<way>",
    ),
    (
        regex(
            r"\bit(?:'s| is) (?:only|just) (?P<what>(?:the |my )[\w' ]+?) (?:that )?(?:i|we) (?:want|need)"
            r" (?P<way>on|off)(?=\W*$|,)",
            re.IGNORECASE,
        ),
        r"turn \g<way> \g<what>",
    ),
    (
        regex(
            r"^(?:i|we) (?:don't|do not|won't|no longer) need (?:that|the|my|our) alarm"
            r" (?P<day>in the morning|tomorrow|tonight|(?:for|on) \w+)(?: after all| any ?more| now)?(?=$|\W)",
            re.IGNORECASE,
        ),
        r"cancel the alarm \g<day>",
    ),
    (regex(r"\b(?:dnt|donot|dotn|don;t|don`t)\b", re.IGNORECASE), "don't"),
    (
        regex(
            r"^(?:no,? )?(?:that's|that is|it's) not what i (?:asked(?: for)?|said|wanted|meant)[,.]?"
            r" (?:but )?i (?:said|asked for|meant|wanted) (?P<meant>.+)$",
            re.IGNORECASE,
        ),
        r"no, \g<meant>",
    ),
    (
        regex(
            r"^(?:(?:no|oh|ah|sorry|er|um),? )*not (?:that|this) (?:fan|light|lamp|speaker|door|blind|room|one)[,.]?"
            r" (?:but |i meant )?"
            r"(?P<meant>(?:the|my) [\w' ]+)$",
            re.IGNORECASE,
        ),
        r"no, \g<meant>",
    ),
    (
        regex(
            r"^(?P<one>are (?:all|both) (?:of )?(?:the |my |our )?[a-z]+ \w+),? and (?:all )?(?:the |my |our )?"
            r"(?P<what>(?:windows|doors|lights|blinds|curtains|locks)) (?P<how>shut|closed|locked|off|on|open|down|up)"
            r"(?=\W*$)",
            re.IGNORECASE,
        ),
        r"\g<one> and are all the \g<what> \g<how>",
    ),
    (
        regex(
            r"^is (?:there )?(?:anyone|anybody|someone|somebody) at the (?:front )?door(?: now)?(?=\W*$)", re.IGNORECASE
        ),
        "who is at the door",
    ),
    (
        regex(
            r"^(?P<play>(?:(?:can|could) you |please )*(?:play|put on|put|stick on) .+?) (?:at|on) (?:a )?"
            r"(?P<level>low|medium|full|maximum|max|half) volume(?P<end>,? please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"\g<play> and set the volume to \g<level>",
    ),
    (regex(r"^how many (?P<to>[a-z]+) in (?=(?:an?|one) [a-z]+\W*$)", re.IGNORECASE), r"how many \g<to> are in "),
    (
        regex(
            r"^(?P<add>(?:please )?(?:add|put) (?:(?! and (?:add|put|take|remove)).)+?),? and (?:then )?"
            r"(?:get rid of|take off|remove|delete|drop|scrap|cross off|lose) (?P<gone>(?:the |that )?[\w' ]+)$",
            re.IGNORECASE,
        ),
        lambda found: f"{_on_list(found['add'])} and remove {found['gone']} from the shopping list",
    ),
    (regex(r"\b(?:a (?:bit|little|touch) )?warmer white\b", re.IGNORECASE), "warm white"),
    (regex(r"(?<=\w) at the (?:minute|mo)(?=\W*$|,)", re.IGNORECASE), " now"),
    (regex(r"(?<=[a-z\d] )(?P<unit>minute|min|hour|second) one(?=\W*$| please| now|,)", re.I), r"\g<unit> timer"),
    (
        regex(
            r"^(?P<is>is [\w']+) (?:back )?(?:on|in|at) (?:his|her|its|the) (?:dock|base|charger|(?:charging )?station)"
            r"(?: yet| now)?(?=\W*$)",
            re.IGNORECASE,
        ),
        r"\g<is> docked",
    ),
    (
        regex(
            r"^(?P<what>what(?:'s| is) (?:the|my|our) (?:fridge|freezer|thermostat))(?: now)? (?:reading|saying|at)"
            r"(?=\W*$|,)",
            re.IGNORECASE,
        ),
        r"\g<what> temperature",
    ),
    (
        regex(
            r"^(?:can|could|may) (?:we|i) have it (?=.*\b(?:warm|cool|hott|cold|bright|dark|dimm|loud|quiet)er\b)",
            re.IGNORECASE,
        ),
        "make it ",
    ),
    (regex(r"\bto (?:just )?a (?:glimmer|glow)\b", re.IGNORECASE), "to low"),
    (
        regex(r"^make it so (?:that )?(?P<what>the [\w ]+?)(?:'s| is| are) (?:at )?(?=about|half|\d)", re.I),
        r"set \g<what> to ",
    ),
    (
        regex(
            r"^(?:i|we) (?:don't|do not|no longer) (?:want|need) (?P<what>(?:the |that )?[\w ]+?) on"
            r"(?: any ?more| any longer)?(?=,? but (?:keep|leave)\b)",
            re.IGNORECASE,
        ),
        r"turn off \g<what>",
    ),
    (
        regex(
            r"(?P<but>,? (?:but|and) (?:keep|leave) (?:the |my )?[\w ]+?) (?:going|running|playing)(?=\W*$)",
            re.IGNORECASE,
        ),
        r"\g<but> on",
    ),
    (regex(r"(?<=\bthe )heat(?= (?:on|off|up|down|to|back)\b|$)", re.IGNORECASE), "heating"),
    (
        regex(
            r"^(?:the |my |our )?(?P<what>(?!(?:is|are|was|were|did|do|does|has|have|what|which|who|why|how|when|turn"
            r"|switch|put|can|could|shall|should|will|would|leave|keep|get|it|that|this|them|not|no"
            r"|any(?:thing)?|everything|and|or)\b)"
            r"[a-z' ]{3,25}?(?P<many>s)?) (?P<how>locked|unlocked|open|closed|shut|on|off|running)\?+$",
            re.IGNORECASE,
        ),
        lambda found: f"{'are' if found['many'] else 'is'} the {found['what']} {found['how']}?",
    ),
    (
        regex(
            r"^(?:oh |actually |hmm )*on second thoughts?,? (?:don't(?: bother)?|no(?: don't)?|leave (?:it|them) off)"
            r"[.!]*$",
            re.IGNORECASE,
        ),
        "undo that",
    ),
    (
        regex(r"\b(?P<way>up|down) (?:by )?(?P<many>2|two|a couple of|3|three) notches\b", re.IGNORECASE),
        lambda found: f"{found['way']} by {30 if found['many'].lower() in ('3', 'three') else 20}",
    ),
    (regex(r"(?<=\b[ta][ot] )like (?=\d|[a-z]+(?:ty|teen)\b|ten\b)", re.IGNORECASE), ""),
    (
        regex(
            r"^(?P<what>(?:is|are) [\w' ]+? (?:on|off|locked|unlocked|open|closed|shut|up|down)"
            r"(?: (?:in here|upstairs|downstairs|outside|in the [\w]+))?) or"
            r" (?:has|have|did|is|was|were|are|do i|should i)\b(?:(?! and )[^,.?!])+(?=\W*$)",
            re.IGNORECASE,
        ),
        r"\g<what>",
    ),
    (
        regex(
            r"^(?P<open>(?:(?:can|could) you |please |just )*(?:unlock|open|let)\b [\w' ]+?) for (?!(?:tonight|today"
            r"|now|later|ever|good|once|half|about|around|an?|the|my|our|your|some|one|two|three|four|five|ten|fifteen"
            r"|twenty|thirty|forty|sixty|christmas|sunset|sunrise|noon|midnight|breakfast|lunch|dinner|tea)\b)[a-z]+"
            r"(?=\W*$|, )",
            re.IGNORECASE,
        ),
        r"\g<open>",
    ),
    (
        regex(
            r"^(?P<deed>(?:(?:can|could) you |please |just |quick,? )*(?:mute|pause|silence|quieten|hush|kill|stop)"
            r" (?:the |my |that |this )?[\w]+) (?:for )?a (?:sec|second|mo|moment|tick)"
            r"(?=\W*$|, | (?!of|from|before|after)\w+'s \w+ing\b)",
            re.IGNORECASE,
        ),
        r"\g<deed>",
    ),
    (
        regex(
            r"^(?:so |and |um )*what day(?:'s|s| is| does| will| of the week is) (?P<feast>(?:christmas|xmas|boxing|new"
            r" year'?s|valentine'?s|st patrick's|mother'?s|father'?s)(?: day| eve)?|halloween|easter(?: sunday"
            r"| monday)?"
            r"|good friday|thanksgiving)(?: fall| be| land)?(?: on)?(?: this year)?(?=\W*$|, )",
            re.IGNORECASE,
        ),
        r"what day of the week is \g<feast>",
    ),
    (
        regex(
            r"^(?:(?:oi|hey|oh|ah|er|um),? )*(?:no+|nah|nope|wait|ugh)[,!.]* (?=(?:put|turn|switch|pop|stick) "
            r"(?:it|them|that|those) back (?:on|off|up|down)\b)",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        regex(
            r"^(?:(?:oi|hey|oh|ah|er|um|no|excuse me|wait)[,!.]* )*(?:i|we) (?:was|were) (?:still )?"
            r"(?:watching|using|listening to|enjoying) (?:that|it|this)(?:,? (?:you know|thank you|thanks"
            r"|actually))?[.!]*$",
            re.IGNORECASE,
        ),
        "undo that",
    ),
    (
        regex(
            r"^(?:no,? |oh,? |please )*(?:don't|do not) (?:turn|switch) (?:off )?(?P<what>(?:the "
            r"|my )?[\w' ]+?)(?: off)?,?"
            r" (?:just |but |only |instead )*(?P<verb>dim|lower|brighten|turn|set|make|put) (?:it|them)(?= |\W*$)",
            re.IGNORECASE,
        ),
        r"\g<verb> \g<what>",
    ),
    (
        regex(
            r"^(?:please )?(?:have |put |get )?(?:the )?(?P<what>lights?|lamps?|blinds|curtains|heating|fans?) (?P<how>"
            rf"{_STATE}) in (?P<where>(?:the |my )?[\w' ]+?),? (?:and|but) (?P<other>{_STATE}) in"
            r" (?P<there>(?:the |my )?[\w' ]+?)(?:,? please)?$",
            re.IGNORECASE,
        ),
        lambda found: " and ".join(
            _in_state(found["what"], how, where)
            for how, where in ((found["how"], found["where"]), (found["other"], found["there"]))
        ),
    ),
    (
        regex(
            r"^(?P<verb>(?:please )?(?:vacuum|hoover|mop|sweep|clean)) (?P<one>(?:the "
            r"|my )?[\w' ]+?),? and (?:then |after"
            r" that )?(?=(?:the|my) )",
            re.IGNORECASE,
        ),
        r"\g<verb> \g<one> and \g<verb> ",
    ),
    (
        regex(
            r"^(?:(?:oh|ugh|argh|look|hey),? )*(?:somebody|someone|i|we|he|she|they|[a-z]+)(?:'ve|'s| has| have)? left"
            r" (?:the |my |our )?(?P<what>(?!(?:their|his|her)\b)[\w' ]+?) on(?: again| upstairs| downstairs)?,?"
            r" (?:so |and |can you |could you |please )*(?:turn|switch) (?:(?:it|them) off|off (?:it|them))(?=\W*$)",
            re.IGNORECASE,
        ),
        r"turn off the \g<what>",
    ),
    (regex(r"(?<=\w) & (?=\w.*\blist\b)", re.IGNORECASE), " and "),
    (regex(r",? while (?:you're|you are|ur) (?:at it|there|about it)(?=\W*$|,)", re.IGNORECASE), ""),
)
"""Pattern, and what is said in its place."""
