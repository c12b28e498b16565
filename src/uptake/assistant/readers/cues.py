"""Words that say what is wanted: whether, which, how many, all, on, off; and words that say nothing.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from uptake.assistant.readers.augment import COURTESIES
from uptake.assistant.readers.courtesy import VERBS
from uptake.text.lexicon import FILLERS, STOP_WORDS
from uptake.text.tokens import reaches

__all__ = [
    "CARRIERS",
    "MEASURED",
    "SILENT",
    "asks",
    "asks_for_no_deed",
    "cue_at",
    "declares",
    "excepts",
    "lacks_word",
    "limits",
    "tells",
    "wonders",
]

_SAID = {
    "how_many": "how many|what number of|the number of|count",
    "which": "which|which of|what|whats|list|show me",
    "all": "all|all of|every|every single|each|each and every|both|both of",
    "any": "any|any of|some|a single|at least one",
    "everywhere": "everywhere|all over|throughout|across",
    "whole": "house|home|my home|at home|in the home|apartment|flat|building|household|whole place|entire place|place",
    "rooms": "room|rooms|area|areas|floor|floors",
    "here": "here|in here|this room|in this room|in the room|my room|our room|the room",
    "ask": "tell me|do you know|do you happen to know|know|check|see|let me know|wonder|give me",
    "if": "if|whether",
    "measure": "how much|how|how high|how low|how strong|how fast|how heavy|how long|how big|how large|how far|how loud"
    "|how bright|how good",
    "ensure": "make sure|ensure|see to it|be sure",
    "turn": "turn|switch|put|flip|power|bring|keep|leave|set|change|make|get|have",
    "shut": "shut",
    "on": "on|going|running|warmed up|fired up|powered up|up and running|started up|booted up|activate|enable|power up"
    "|fire up",
    "off": "off|deactivate|disable|kill|extinguish|power down|shut down|out",
    "illuminate": "illuminate|light up|lit|lit up",
    "open": "open|open up|raise|roll up|pull up",
    "close": "close|roll down|pull down|lower",
    "lock": "lock|lock up|secure",
    "unlock": "unlock",
    "not": "not|no",
    "found": "found|sensed|noticed",
}
_CUES = {tuple(said.split()): cue for cue, line in _SAID.items() for said in line.split("|")}
_REACHES = reaches(_CUES)
_MEANS = frozenset(
    "not no on or than but when why who where again about and out more less any some what which how".split()
)
SILENT = (
    COURTESIES
    | FILLERS
    | STOP_WORDS
    | frozenset(
        "'s currently still already present moment one ones entire whole single full right now today somewhere turned "
        "switched state status there".split()
    )
) - _MEANS
"""Words that say nothing of what is wanted."""
CARRIERS = frozenset(_SAID["turn"].split("|"))
"""Verbs that leave it to the rest of the sentence what is done."""
MEASURED = frozenset(
    "level concentration value reading measurement amount degree quantity total accumulated relative measured "
    "indicated reported shown given according current left use used using got".split()
)
"""Words that say nothing where a measurement is asked for, and something elsewhere."""
_ASKING = frozenset("is are was were do does did has am any anything something".split())
_ASKING_CUES = frozenset({"how_many", "which", "ask", "if", "measure", "any"})
_EXCEPTING = frozenset(
    "not never don't dont won't can't cannot but except excluding besides unless without only until instead".split()
)
_LIMITING = frozenset(
    "but except excluding besides unless without only until till instead if when whenever once after before while as "
    "tomorrow tonight later sunset sunrise midnight noon monday tuesday wednesday thursday friday saturday "
    "sunday".split()
)
_WONDERING = _ASKING | {"why", "when", "who", "where", "which", "whose"}
_INQUIRING = (_WONDERING - {"is", "are", "was", "were", "do", "does", "did", "has"}) | frozenset(
    "what what's who's where's how how's if whether whereabouts".split()
)
_WHO = frozenset({"i", "we", "you"})
_POLITE = COURTESIES - {"do", "when"}
_TELLING = frozenset("is are was were am been being has had did i'm i've we've you've he she they".split())


def cue_at(said: Sequence[str], at: int) -> tuple[int, str | None]:
    """Return (words, what is wanted) of the longest cue that begins at a word; (0, None) where none does."""
    for size in range(min(_REACHES.get(said[at], 0), len(said) - at) if at < len(said) else 0, 0, -1):
        cue = _CUES.get(tuple(said[at : at + size]))
        if cue is not None:
            return size, cue
    return 0, None


_SPEAKERS, _NEEDS = frozenset({"i", "we"}), frozenset({"need", "want", "fancy"})


def asks(said: Sequence[str], cues: Sequence[str | None]) -> bool:
    """Tell whether a request asks for something rather than to do something; "I need some light on" does not."""
    if len(said) > 2 and said[0] in _SPEAKERS and said[1] in _NEEDS and said[2] != "to":
        return False
    first = next((word for word in said if word not in _POLITE), "")
    cue = next((each for each in cues if each is not None and each != "here"), None)
    return first in _ASKING or cue in _ASKING_CUES


def wonders(said: Sequence[str]) -> bool:
    """Tell whether words ask, by their beginning.

    >>> wonders(["when", "did", "the", "lights", "turn", "on"]), wonders(["could", "you", "turn", "it", "on"])
    (True, False)
    """
    return next((word for word in said if word not in _POLITE), "") in _WONDERING


def excepts(said: Sequence[str]) -> bool:
    """Tell whether words deny, leave out or limit something, so that the rest of them means something else."""
    return not _EXCEPTING.isdisjoint(said)


def limits(said: Sequence[str]) -> bool:
    """Tell whether words leave something out, or set a condition or a time.

    >>> limits(["all", "but", "the", "hall"]), limits(["all", "of", "the", "hall"])
    (True, False)
    """
    return not _LIMITING.isdisjoint(said)


def tells(said: Sequence[str]) -> bool:
    """Tell whether words tell how things are, or what somebody did, and want nothing.

    >>> tells(["the", "lights", "are", "on"]), tells(["lights", "on"])
    (True, False)
    """
    has = "have" in said and any(who in _WHO and word == "have" for who, word in pairwise(said))
    return has or not _TELLING.isdisjoint(said)


def declares(said: Sequence[str]) -> bool:
    """Tell whether words say how something is, and nowhere ask what, who or whether.

    >>> declares("it's ada's turn to cook".split()), declares("the hall is how warm".split())
    (True, False)
    """
    begins = wonders(said) or (said and said[0] in VERBS)
    told = tells(said) or any(word.startswith(("it's", "that's", "there's")) for word in said[:1])
    return bool(told and not begins and _INQUIRING.isdisjoint(said))


_REMINDS = re.compile(
    r"(?:(?:please|can|could|will|would|you|hey|ok|okay|and|also|then|just) )*remind (?:me|us)\b"
    r"(?! (?:what|which|who|where|how|why|if|whether|is|are)\b)"
)
"""Who asks to be reminded of a deed does not ask for it."""
_ASKS = re.compile(
    r"(?:is|are|isn't|aren't|was|were) (?:the|my|our|any|all|both|every|someroom|somefloor|device)\w*\b"
    r"(?!.*\b(?:possible|able|chance|ok|okay|alright|turn|switch|put|open it|close it|lock it)\b)"
)
"""Who asks after a state asks for no deed: "is the front door shut"."""


def asks_for_no_deed(text: str) -> bool:
    """Tell whether a request asks to be reminded, or after a state, and so for no deed.

    Args:
        text: The request, lower-cased; names of the home may be placeholders.

    >>> asks_for_no_deed("remind me to lock up"), asks_for_no_deed("lock the door")
    (True, False)
    """
    return _REMINDS.match(text) is not None or _ASKS.match(text) is not None


_OWN_WORDS = {
    "HassGetCurrentTime": re.compile(r"time|clock|hour|o'clock|late|early"),
    "HassGetCurrentDate": re.compile(r"date|day|today|month|year|week"),
    "GetList": re.compile(r"list|shop|grocer|buy|to-?do|need|get|it\b|them"),
    "GetLists": re.compile(r"list"),
    "GetReminders": re.compile(r"remind|remember|forget|forgot|supposed"),
    "GetAlarms": re.compile(r"alarm|wake|woken|up\b|ring"),
    "DeleteAlarm": re.compile(r"alarm|wake|up\b|ring|lie|sleep|it\b|that\b"),
}
"""Label of a question that has hardly a slot -> words one of which it takes."""


def lacks_word(label: str, text: str) -> bool:
    """Tell whether a text has none of the words that a question takes: "what glare" asks for no list.

    Args:
        label: Label of a reading.
        text: The request, lower-cased.
    """
    words = _OWN_WORDS.get(label)
    return words is not None and words.search(text) is None
