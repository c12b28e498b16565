"""Write what is said as the templates have it: "put that out" turns it off, "mins" are minutes.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.wording.asides import ASIDES
from uptake.assistant.clauses.wording.needs import NEEDS
from uptake.assistant.clauses.wording.otherwise import OTHERWISE
from uptake.assistant.clauses.wording.slips import SLIPS
from uptake.assistant.clauses.wording.times.said_times import SAID_TIMES
from uptake.text.patterns import regex
from uptake.text.rewordings import Rewordings

__all__ = ["FREE", "as_written"]


_SPOKEN = (
    (
        regex(
            r"\b(?:put|turn|switch) (?P<what>it|that|them|those|(?:the|my|our|that) [\w' ]*?(?:lights?|lamps?)) out\b",
            re.IGNORECASE,
        ),
        r"turn \g<what> off",
    ),
    (regex(r"\b(?:put|turn) out (?=(?:the|my|our|that|all) [\w' ]*?(?:lights?|lamps?)\b)", re.IGNORECASE), "turn off "),
    (regex(r"\b(turn|put|bring|take|crank) (it|that|them|this) right (up|down)\b", re.IGNORECASE), r"\1 \2 \3"),
    (
        regex(
            r"^(?:(?:just|maybe) )?(?:little )?bit (?=(?:less|more|brighter|dimmer|louder|quieter|warmer|cooler"
            r"|faster|slower)\b)",
            re.IGNORECASE,
        ),
        "a bit ",
    ),
    (regex(r"(?<=[a-z])'ll do\b", re.IGNORECASE), " will do"),
    (regex(r"\bteh\b", re.IGNORECASE), "the"),
    (regex(r"\b(?P<way>on|off|up|down) their (?=lights?\b|lamps?\b|volume\b|sound\b)", re.IGNORECASE), r"\g<way> the "),
    (
        regex(
            r"(?<=\w) (?:an'?|n'?|&) (?=(?:set|turn|switch|put|close|open|shut|lock|unlock|start|stop|dim|play"
            r"|make|add)\b)",
            re.IGNORECASE,
        ),
        " and ",
    ),
    (
        regex(
            r"\bknock (?P<what>(?:the|my|our) [\w' ]+?|it|that) back (?=[\w.]+ (?:degrees?|percent|notch|points?))",
            re.IGNORECASE,
        ),
        r"turn \g<what> down by ",
    ),
    (regex(r"^whats\b", re.IGNORECASE), "what's"),
    (
        regex(
            r"^((?:many |so )?(?:thanks|thank you|cheers|ta)(?: (?:so|very) much| a lot| a million)?),? (?:love|mate"
            r"|dear|darling"
            r"|honey|sweetheart|pal|buddy|my friend)$",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    (
        regex(
            r"^(thanks|thank you|cheers)\b[, ]+(?:you(?:'ve| have|'re| are)|that(?:'s| was| is))\b.*\b(?:help\w*|great"
            r"|star|kind"
            r"|best|lifesaver|brilliant|wonderful|good|lovely)\b[\w ]*$",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    (
        regex(r"\b(would|do) you mind (?:awfully|terribly|ever so much|very much|at all|too much)\b", re.IGNORECASE),
        r"\1 you mind",
    ),
    (regex(r"(?<=\w) throughout(?= please|\W*$)", re.IGNORECASE), " everywhere"),
    (regex(r"(?:,? just)? a little(?=\W*$)", re.IGNORECASE), " a bit"),
    (regex(r"\bpitch[ -]?(?:black|dark)\b", re.IGNORECASE), "too dark"),
    (
        regex(
            r"^(?:i |we )?(?:can't|cannot|can hardly|can barely) see (?:a thing|anything|my (?:hand"
            r"|book)\b.*)(?: in here)?$",
            re.IGNORECASE,
        ),
        "it's too dark in here",
    ),
    (regex(r"^only (?=(?:turn|switch|put)\b)", re.IGNORECASE), ""),
    (regex(r"^((?:make|set|turn|put|switch) (?!it\b|that\b).+?),? actually$", re.IGNORECASE), r"\1"),
    (regex(r"\bmins\b|(?<=\d )min\b", re.IGNORECASE), "minutes"),
    (
        regex(
            r"^(?:(?:thanks|thank you|cheers|ta|great|lovely|perfect|ok|okay|good"
            r"|right)\b[\w ]{0,12}[,.!]+ +)?(?:and )?now"
            r" (?=(?:the|my|in the) )",
            re.IGNORECASE,
        ),
        "and ",
    ),
    (regex(r"\b(?:shut|power|switch) (everything|it all|the lot) down\b", re.IGNORECASE), r"turn \1 off"),
    (
        regex(
            r"^(?P<front>.+?\b)(?P<said>(?:the|my) [\w' ]+?),? (?:oh,? |no,? |wait,? |sorry,? )+not (?P=said),?"
            r" (?:but |rather )?(?P<meant>(?:the|my) [\w' ]+)$",
            re.IGNORECASE,
        ),
        r"\g<front>\g<meant>",
    ),
    (regex(r",? (?:oh |and |wait,? )?no,? not (?=(?:the|my|our|in the) [\w' ]+$)", re.IGNORECASE), " but not "),
    (
        regex(r"^stop (?P<what>it|that) (?=(?:in|at) (?:\d|an?\b|half|quarter|[a-z]+ (?:min|hour)))", re.I),
        r"turn off \g<what> ",
    ),
    (regex(r"\bdim everything\b", re.IGNORECASE), "dim all the lights"),
    (regex(r"\bstart (?:hoovering|vacuuming)(?: in)?(?= (?:the|my|our)\b)", re.IGNORECASE), "vacuum"),
    (
        regex(r"^(?P<front>.*)\bstart (?:hoovering|vacuuming)(?= now| please|$)", re.IGNORECASE),
        r"\g<front>start vacuum",
    ),
    (regex(r"\bback to (?=(?:warm|cool|cold|soft|plain|day) ?(?:white|light)\b)", re.IGNORECASE), "to "),
    (
        regex(
            r"^(?P<front>.*\bpercent of \D{0,2}[\d.,]+) (?:dollars?|euros?|pounds?|quid|bucks|cents?)\b\W*(?:for .+)?$",
            re.I,
        ),
        r"\g<front>",
    ),
    (regex(r"^(?:no,? |oh |sorry,? )+i said (?=(?:\d|[a-z]+(?:teen|ty) ?)\S*(?: \w+)?$)", re.IGNORECASE), "no, "),
    (
        regex(r"^(?P<way>up|down) (?:by )?another (?P<by>\d+|[a-z]+(?:teen|ty)|ten|five|two|three)$", re.I),
        r"turn it \g<way> by \g<by>",
    ),
    (
        regex(
            r"^(?:(?:hm+|no|oh|too \w+|that's too \w+),? )*(?:go|put it|turn it|change it|set it) back to how (?:\w+ )?"
            r"(?:it|they|that) (?:was|were)(?: before)?$",
            re.I,
        ),
        "put it back how it was",
    ),
    (
        regex(
            r"^(?:please )?don't (?P<deed>(?:close|open|turn|shut|dim|raise|lower) .+?)"
            r" (?:all the way|completely|fully),?"
            r" (?:just|only) (?P<far>\S.*)$",
            re.I,
        ),
        r"\g<deed> \g<far>",
    ),
    *OTHERWISE,
    *ASIDES,
    (regex(r"\bsecs\b", re.IGNORECASE), "seconds"),
    (regex(r"\bhrs\b", re.IGNORECASE), "hours"),
    (regex(r"\b(down|up) here\b", re.IGNORECASE), r"\1stairs"),
    (regex(r"^(?:next time|from now on,? (?:when|if)|any ?time) (i|we) say\b", re.IGNORECASE), r"when \1 say"),
    (
        regex(
            r"^((?:and |now |ok |even )*(?:bright|dimm|dark|loud|quiet|warm|cool|fast|slow)er) (?:still|yet)\b",
            re.IGNORECASE,
        ),
        r"\1",
    ),
)

_PLAIN_COLOURS = "white|red|orange|yellow|green|blue|purple|pink|turquoise|violet"
_AGAIN_IN = (
    regex(
        r"^(?:(?:and|ok|okay|now|right|then|please|go|(?:put|set|turn|make|change) (?:it|them|that))\b[\s,]*)*back to "
        rf"(?=(?:{_PLAIN_COLOURS})\b)",
        re.IGNORECASE,
    ),
    "make it ",
)
"""The colour that a light had: "back to white please"."""

_LESS = {
    "low": "higher", "high": "lower", "dim|dark": "brighter", "bright": "dimmer", "loud": "quieter", "quiet": "louder",
    "fast": "slower", "slow": "faster", "hot|warm": "cooler", "cold|cool": "warmer",
}  # fmt: skip
_NOT_THAT = tuple(
    (
        regex(rf"^(?:(?:no|ok|but|well),? )?not (?:quite )?(?:that|so|as) (?:{too})(?: please)?[.!]*$", re.I),
        f"a bit {other}",
    )
    for too, other in _LESS.items()
)
"""How a thing is not to be: "not that low"."""
_TOO_FAST = tuple(
    (
        regex(
            r"^(?:(?:no|ok|oh|whoa|hmm|sorry|actually),? )*(?:(?:that|it)(?:'s| is) )?"
            rf"(?:(?:a bit|way|far|still|much|now) )*too {too}(?: (?:now|for me|that))?[.!]*$",
            re.IGNORECASE,
        ),
        other,
    )
    for too, other in (("fast", "slower"), ("slow", "faster"))
)

_MUSIC = regex(
    r"^(?P<front>.*\b(?:play|put|stick|pop|get|have|bung|whack)\b.*?)"
    r"\b(?P<music>(?:some |a bit of |a little )?music)\b(?P<rest>[^,]*),? (?P<which>anything|something|nothing too)"
    r" (?P<kind>[a-z]+)(?: will do| is fine| would be (?:nice|good))?[.!]*$",
    re.IGNORECASE,
)
"""What music, told behind it: "put some music on, something calm"."""
_ITEMS = regex(
    r"^(?P<front>(?:please |can you |could you )*(?:add|put|stick|pop|write|get) .+?)"
    r" (?P<to>(?:to|on|onto|down on) (?:the |my |our )?(?:shopping |grocery |to[- ]do )?list)"
    r"(?P<more>(?:,? (?:oh |and |also |plus )+(?!(?:then|please|also|turn|set|put|add"
    r"|remind|play|take|remove|what|is|are|can|could|tell|read|start|close|open|switch|how)\b)[a-z' -]{2,25}?){1,5})"
    r"[.!]*$",
    re.IGNORECASE,
)
"""More for a list, told behind it: "put nappies on the list, and wipes, oh and bananas"."""
_ITEM = regex(r",? (?:oh |and |also |plus )+", re.IGNORECASE)
_LOOSELY = Rewordings(
    (
        ("them", regex(r"(?<= )'?em\b(?!')", re.IGNORECASE)),
        (r"light\g<many>", regex(r"\blite(?P<many>s?)\b", re.IGNORECASE)),
        ("", regex(r"(?<=\w) (?:for the night|overnight|for tonight)(?=\W*$)", re.IGNORECASE)),
        *((said, pattern) for pattern, said in (*SLIPS, *NEEDS)),
    )
)
"""The same, but for requests with anybody's words in them: "lite beer" is no light."""
_REWORDED = Rewordings((said, pattern) for pattern, said in (*_SPOKEN, *SAID_TIMES, *_NOT_THAT, *_TOO_FAST, _AGAIN_IN))
FREE = regex(r"\b(?:play|add|remind|announce|tell|say|call|write|note|message|broadcast|listen)\b", re.IGNORECASE)


_NOT_SCOTS = regex(r"\b(?P<verb>did|din|does|is|was|were|have|has|could|would|should)nae\b", re.IGNORECASE)
_CANNOT = regex(r"\bcannae\b", re.IGNORECASE)
_SCOTS = {"oot": "out", "doon": "down", "aff": "off", "hoose": "house", "noo": "now", "aboot": "about", "roon": "round"}
_SCOTS_WORDS = regex(rf"\b(?:{'|'.join(_SCOTS)})\b", re.IGNORECASE)


def _not(found: re.Match[str]) -> str:
    """Return the English of a Scots negation: "dinnae", "isnae"."""
    verb = found["verb"].lower()
    return f"{'do' if verb == 'din' else verb}n't"


def _music(found: re.Match[str]) -> str:
    kind = "" if found["which"].lower() != "something" else f"{found['kind']} "
    return f"{found['front']}some {kind}music{found['rest']}"


def _items(found: re.Match[str]) -> str:
    more = [piece.strip() for piece in _ITEM.split(found["more"]) if piece.strip()]
    return (
        f"{found['front']}, {', '.join(more[:-1])}{' and ' if len(more) > 1 else ''}{more[-1]} {found['to']}".replace(
            ", , ", ", "
        )
    )


def as_written(text: str) -> str:
    """Return a request with what people say otherwise in the words of the templates.

    >>> as_written("turn the lamp right down for 45 secs"), as_written("put it out")
    ('turn the lamp right down for 45 seconds', 'turn it off')
    """
    is_free = FREE.search(text) is not None
    text = _CANNOT.sub("can't", _NOT_SCOTS.sub(_not, text))
    if not FREE.search(text):
        text = _SCOTS_WORDS.sub(lambda found: _SCOTS[found[0].lower()], text)
    text = _REWORDED.applied(text)
    text = text if is_free else _LOOSELY.applied(text)
    return _ITEMS.sub(_items, _MUSIC.sub(_music, text))
