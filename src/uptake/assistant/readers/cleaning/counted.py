"""Write numbers as the rest of a request needs them: misspelt ones right, and whole ones whole.

A number that is misspelt in front of its unit would be left in a slot that only a number can fill ("sevn am"), and the
"and" of "one hundred and sixty" joins no two requests.

Limit: English; a word that exists is never taken for a number.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.readers.cleaning.respelling import is_word
from uptake.text.patterns import regex

__all__ = ["counted"]

_NUMBERS = tuple(
    (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen"
        " nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    ).split()
)
_SMALL = "|".join(_NUMBERS)
_SOUNDS = {"ate": "eight", "won": "one", "too": "two", "fore": "four", "tree": "three", "sicks": "six", "tin": "ten"}
_UNITS = ("minutes", "minute", "seconds", "second", "hours", "hour", "percent", "degrees", "degree")
_UNIT = (
    r"(?:[ap]\.?m\b|o'?clock\b|tomorrow\b|tonight\b|mins?\b|hrs?\b|secs?\b|per cent\b|%|°"
    rf"|(?:{'|'.join(_UNITS)})\b|(?:{_SMALL})\b)"
)
_NEAR_UNIT = regex(r"(?<=[\w][ -])(?P<unit>[a-z]{4,9})\b", re.IGNORECASE)
_LAST = regex(r"(\w+)[ -]$")
_MISSPELT = regex(
    rf"(?P<front>\b(?:half past|quarter past|quarter to|(?:{_SMALL})[ -])? ?)\b(?P<word>[a-z]{{3,10}})(?=[ -]?{_UNIT})"
    r"|(?P<before>\b(?:half past|quarter past|quarter to|half) )(?P<hour>[a-z]{3,10})\b",
    re.IGNORECASE,
)
_HUNDREDS = regex(
    rf"\b(?P<count>an?|{'|'.join(_NUMBERS[:9])}) hundred(?:(?: and)? (?:(?:{_SMALL})(?:[ -](?:"
    rf"{'|'.join(_NUMBERS[:9])}))?))?\b",
    re.IGNORECASE,
)
_VERBS = tuple(
    (
        "turn switch set put play open close shut lock unlock start stop pause resume add remove delete cancel make"
        " dim remind wake"
        " raise lower mute"
    ).split()
)
_OTHER_VERBS = frozenset({"rewind", "remix", "rewire"})
"""Verbs that are near to those, and mean something else."""
_NOUNS = tuple(
    (
        "light lights lamp lamps blinds curtains heating radiator thermostat volume music timer timers alarm alarms"
        " reminder reminders"
        " kitchen bedroom bathroom garage garden upstairs downstairs outside shopping brightness temperature tomorrow"
        " tonight"
    ).split()
)
_WORD = regex(r"(?<![\w'])[a-z]{5,11}(?![\w'])", re.IGNORECASE)
_SET_TO = regex(
    r"(?P<front>\b(?:set|turn|put|dim|make|change)\b[\w' ]* (?:to|at) )(?P<word>[a-z]{3,10})(?=\W*$)", re.IGNORECASE
)
_SUM = regex(
    r"\b(?:times|plus|minus|divided by|multiplied by)\b.* and (?:a half|a quarter|three quarters)\b", re.IGNORECASE
)
"""A sum with a fraction, whose "and" joins no two requests."""
_PLAYS = regex(
    r"\W*(?:please |can you |could you )*(?:play|call|name|remind|spell|say|teach|announce)\b", re.IGNORECASE
)
_FIRST = regex(
    r"^(?P<front>\W*(?:(?:please|can you|could you|would you|will you|hey|ok|and|now"
    r"|then) )*)(?P<verb>[a-z]{3,8})(?= (?:the|my|our|a|an|on"
    r"|of+|all|some|it|up|down|me|[a-z]+ )\b)",
    re.IGNORECASE,
)
_LONG = 8  # letters of a word that may have two slips


def counted(text: str) -> str:
    """Return a request with its misspelt numbers put right and its hundreds in digits.

    >>> counted("set an alarm for sevn am"), counted("oven to one hundred and sixty")
    ('set an alarm for seven am', 'oven to 160')
    >>> counted("set a timer for the minutes"), counted("play a hundred years")
    ('set a timer for the minutes', 'play a hundred years')
    >>> counted("set the thermostat to twenty four"), counted("a timer for ten minuets")
    ('set the thermostat to twenty four', 'a timer for ten minutes')
    """
    text = _FIRST.sub(_verb, text, count=1)
    text = text if _PLAYS.match(text) else _WORD.sub(_noun, text)
    if _SUM.search(text):
        text = in_digits(text)
    if "hundred" in text.lower():
        text = _HUNDREDS.sub(_whole, text)
    return _SET_TO.sub(_set_to, _MISSPELT.sub(_spelt, _NEAR_UNIT.sub(_in_units, text)))


def _set_to(match: re.Match[str]) -> str:
    """Put the number right that something is set to: its letters are there, in another order."""
    word = match["word"].lower()
    meant = next((each for each in _NUMBERS if each != word and sorted(each) == sorted(word)), None)
    return match[0] if meant is None or is_word(word) else f"{match['front']}{meant}"


def _noun(match: re.Match[str]) -> str:
    """Put a word for a kind of thing right that is misspelt: "lihgts" would be taken for a name to learn."""
    word = match[0].lower()
    meant = None if word in _NOUNS else _nearest(word, _NOUNS)
    is_form = meant is not None and word.rstrip("s") == meant.rstrip("s")  # "thermostats" are no slip
    return match[0] if meant is None or is_form or meant[0] != word[0] else meant


def _verb(match: re.Match[str]) -> str:
    """Put a command's verb right that is misspelt: "lok" is "lock", before any reader takes it for something else."""
    word = match["verb"].lower()
    meant = None if word in _VERBS or word in _OTHER_VERBS else _nearest(word, _VERBS)
    return (
        match[0]
        if meant is None or meant[0] != word[0] or abs(len(meant) - len(word)) > 1
        else f"{match['front']}{meant}"
    )


def _whole(match: re.Match[str]) -> str:
    is_vague = match["count"].lower() in ("a", "an") and match[0].lower().endswith("hundred")
    return match[0] if is_vague else in_digits(match[0])


def _in_units(match: re.Match[str]) -> str:
    """Put a misspelt unit right that stands behind a number, which may be misspelt, too."""
    unit, before = match["unit"].lower(), _LAST.search(match.string[: match.start()])
    count = before[1].lower() if before is not None else ""
    if unit in _UNITS or unit in _NUMBERS or not (count.isdigit() or count in _NUMBERS or _nearest(count, _NUMBERS)):
        return match[0]
    meant = _nearest(unit, _UNITS, known=False)
    is_other = meant is not None and meant.startswith("hour") and is_word(unit)  # "at ten your majesty"
    return match[0] if meant is None or is_other else meant


def _spelt(match: re.Match[str]) -> str:
    front, word = (match["front"] or match["before"] or ""), (match["word"] or match["hour"]).lower()
    meant = _SOUNDS.get(word) or (None if word in _NUMBERS else _nearest(word, _NUMBERS))
    return match[0] if meant is None else f"{front}{meant}"


@lru_cache(maxsize=2_048)  # requests share most of their words
def _nearest(word: str, among: tuple[str, ...], *, known: bool = True) -> str | None:
    """Return the one word of some that a word is a slip of; letters in another order before other letters."""
    if known and is_word(word):
        return None
    most = 1 if len(word) < _LONG else 2
    near = sorted(
        (OSA.distance(word, each), sorted(word) != sorted(each), word[-1] != each[-1], each)
        for each in among
        if abs(len(each) - len(word)) <= most
    )
    if not near or near[0][0] > most or (len(near) > 1 and near[1][:3] == near[0][:3]):
        return None
    return near[0][3]
