"""Doubt a reading that the words of the request tell against: it is asked about, and not acted on.

A template with free words takes whatever stands there. What is filled in must be of its slot's kind: a day or a time of
the day names one, and an item, a place or a name is no clause with a subject of its own. And where what is likeliest
was learnt, and that nothing of the home is meant is nearly as likely, nobody knows.

A word that nothing in a reading accounts for is passed over in most requests without harm ("hop back to the last
song"). It is not where it tells which thing is meant ("the lobby light", "the time in Florida"), or what is done
with it ("iron the curtains").

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis, trusted
from uptake.assistant.phrases.dates import find_days
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.cleaning.respelling import is_word
from uptake.assistant.readers.courtesy import VERBS, stripped
from uptake.assistant.readers.masking import named_at
from uptake.assistant.readers.vocabulary import KINDS, Vocabulary
from uptake.assistant.skills.answers.units import unit_name
from uptake.assistant.stakes import ACT_AT, changes
from uptake.text.patterns import regex
from uptake.text.tokens import words
from uptake.types import Interpretation

__all__ = ["DOUBTED", "converts", "doubted", "has_other_object", "tells_apart"]

DOUBTED = 0.55
"""Most confidence in what is doubted: less than is acted on, more than is passed over."""
_NEAR = 0.25
"""Confidence that nothing of the home is meant which a learnt reading is doubted from."""
_NEAR_FREE = 0.35
"""The same, of a template with free words."""
_NEARLY, _GUESS = 0.8, 0.4
_ROUNDED = 1e-3
_LEARNT, _WHOLE, _FREE = "statistical", "grammar", "free words"
_HOLDERS = frozenset({"search_query", "name", "subject", "place"})
_PLACES_BEFORE = frozenset({"in", "on"})
_OF_ANYTHING = frozenset({"HassMediaSearchAndPlay", "GetFact"})
"""Intents that any words may be meant for: titles, and what is asked of the world."""
_REMINDS = regex(r"remind (?:me|us) (?:to|about|that) \w", re.IGNORECASE)
_OF_A_TIME = frozenset({"date", "at"})
_THING = frozenset({"item", "name", "from", "to", "place", "subject"})
_NO_CLAUSES = _THING | _OF_A_TIME | {"conversation_command"}
_CLAUSE = regex(
    r"\b(?:i|we|he|she|they|you) (?!$)|\b(?:if|so|because|but|put|please|then)\b"
    r"|\S (?:add|stick|write|pop|get|take) (?:it|that|them|some)\b",
    re.IGNORECASE,
)
_UNITS: Mapping[str, re.Pattern[str]] = {
    "hours": regex(r"hour|hr|\d ?h\b|half|quarter", re.IGNORECASE),
    "minutes": regex(r"min|hour|hr|\d ?[hm]\b|half|quarter", re.IGNORECASE),
    "seconds": regex(r"sec|min|\d ?[sm]\b|half|quarter", re.IGNORECASE),
}
"""Slot of a length -> words that give it."""
_TIMES = regex(r"\b(?:tim(?:er|ers|e|ing)|count|clock)\b", re.IGNORECASE)
_CUT = regex(r" (?:the|an?|this|that|my|your|of|from|to|and|or|for|with|at)$|^(?:and|or|of|from|by) ", re.IGNORECASE)
"""Free words that begin or end amid a phrase: somebody else's words are beside them."""
_PLACED = regex(r"^(?!to do\b)(?:at|in|on|to|into|for) ", re.IGNORECASE)
_PLAYED_WITH = regex(
    r"\bwith (?:me|you|us)\b|^games?$|\b(?:an?|some|any|another|board|card|video|computer|party|word) games?\b",
    re.IGNORECASE,
)
_DAYS = regex(
    r"\d|\b(?:now|today|tonight|bedtime|dawn|dusk|sunrise|sunset|birthday|anniversary|holidays?|vacation|weekend"
    r"|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
_SOME_DAY = datetime(2025, 6, 2, 12, tzinfo=UTC)
_DETERMINERS = frozenset("the a an my our your his her their this that these those some".split())
_PLACING = frozenset("in at from".split())
_THINGS = KINDS | frozenset(
    "bulb bulbs lighting heating heater tv television list lists timer timers alarm alarms thermostat garage gate "
    "shutters shades someroom somefloor".split()
)
_ANYWHERE = frozenset("here house home place room rooms playlist queue".split())
_ELSEWHERE = frozenset("add remove delete send text email call ring order book buy pay print translate".split())
"""Verbs of deeds that are done to nothing of the home: a reading that has no place for them is another deed."""
_OF_HOMES = VERBS | KINDS
_WAYS = frozenset(
    "on off up down open closed shut out back along more less brighter darker louder quieter warmer cooler".split()
)


def doubted(found: Sequence[Hypothesis], text: str, vocabulary: Vocabulary) -> tuple[Hypothesis, ...]:
    """Doubt readings that would be acted on where their slots, or how likely it is that nothing is meant, say so.

    Args:
        found: What the readers propose, best first.
        text: The request.
        vocabulary: Names of the home.
    """
    found = [each for each in found if not _converts_nothing(each.interpretation)] or found
    outside = max((each.confidence for each in found if each.interpretation.intent == OUT_OF_SCOPE), default=0.0)
    inquires = _inquires(text)
    doubts = [
        each.confidence >= ACT_AT
        and (
            (inquires and changes(each.interpretation.intent))
            or _is_doubtful(each, outside, text)
            or _holds_name(each.interpretation, vocabulary)
            or (each.reader == _LEARNT and _is_word_alone(each.interpretation, text, vocabulary))
        )
        for each in found
    ]
    if not any(doubts):
        return _with_nothing_first(found, outside)
    weighed = [trusted(each, DOUBTED) if doubt else each for each, doubt in zip(found, doubts, strict=True)]
    return _with_nothing_first(sorted(weighed, key=lambda each: -each.confidence), outside)


def _with_nothing_first(found: Sequence[Hypothesis], outside: float) -> tuple[Hypothesis, ...]:
    """Put that nothing is meant before a learnt guess that is hardly likelier: "what glare" asks for no list."""
    first = found[0] if found else None
    if (
        first is None
        or first.reader != _LEARNT
        or not _NEARLY * first.confidence <= outside < first.confidence < _GUESS
    ):
        return tuple(found)
    nothing = next(each for each in found if each.interpretation.intent == OUT_OF_SCOPE)
    rest = [trusted(each, min(each.confidence, outside / 2)) for each in found if each is not nothing]
    return (nothing, *rest)


def _inquires(text: str) -> bool:
    """Tell whether a text is put as a question, and not out of courtesy.

    >>> _inquires("hall light on?"), _inquires("could you put the hall light on?"), _inquires("light the hall?")
    (True, False, False)
    """
    said = text.strip()
    return said.endswith("?") and stripped(said) == said and said.split(" ", 1)[0].casefold() not in VERBS


def _is_doubtful(hypothesis: Hypothesis, outside: float, text: str) -> bool:
    """Tell whether a reading is doubted, where nothing of the home is meant with a confidence of `outside`."""
    reading, reason = hypothesis.interpretation, hypothesis.reason or ""
    if reading.intent == OUT_OF_SCOPE or (hypothesis.reader == _WHOLE and _FREE not in reason):
        return False
    if hypothesis.reader == _LEARNT:
        is_near = _NEAR <= outside < 1.0 - hypothesis.confidence + _ROUNDED
        is_odd = any(slot in _UNITS and not _UNITS[slot].search(text) for slot, _ in reading.slots)
        lasts = reading.intent != "HassStartTimer" or any(slot in _UNITS for slot, _ in reading.slots)
        is_odd = is_odd or not (lasts or _TIMES.search(text))  # "sure, in an hour" starts none
    else:
        is_near = _FREE in reason and outside >= _NEAR_FREE and reading.intent not in _OF_ANYTHING
        is_near = is_near and not (reading.intent == "SetReminder" and _REMINDS.match(stripped(text)))
        is_near = is_near and not converts(reading)
        is_odd = False
    is_no_name = reading.intent.endswith("Timer") and _is_no_timer(dict(reading.slots))
    return is_near or is_odd or is_no_name or any(_is_ill_typed(slot, value) for slot, value in reading.slots)


_SCENES = frozenset({"scene", "script"})
_SETS_SCENE = regex(
    r"\b(?:set|start|run|do|activate|switch|turn|put|make|go|going|begin|scene|mode|mood|setting|routine|time|lights?)\b",
    re.I,
)


def _is_word_alone(reading: Interpretation, text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a scene called by a common word is taken for what the word means: "dinner is nearly ready"."""
    name = dict(reading.slots).get("name", "").casefold()
    if reading.intent != "HassTurnOn" or not name or " " in name or name not in common_words():
        return False
    is_scene = any(one.meant.casefold() == name and one.domain in _SCENES for one in vocabulary.of_kind("name"))
    rest = [word.text for word in words(stripped(text)) if word.text != name]
    return is_scene and bool(rest) and _SETS_SCENE.search(text) is None


def converts(reading: Interpretation) -> bool:
    """Tell whether a reading converts one unit that is known into another: nothing else can be meant."""
    units = [value for slot, value in reading.slots if slot in ("from", "to")]
    return reading.intent == "ConvertUnits" and len(units) > 1 and all(unit_name(each) for each in units)


def _converts_nothing(reading: Interpretation) -> bool:
    """Tell whether free words of a template are units by no stretch: "turn the air conditioner off in the study"."""
    said = [value for slot, value in reading.slots if slot in ("from", "to")]
    words = [word for value in said for word in (value, *value.split())]
    return reading.intent == "ConvertUnits" and bool(said) and not any(map(unit_name, words))


def _holds_name(reading: Interpretation, vocabulary: Vocabulary) -> bool:
    """Tell whether free words end in a place of the home: "the news on the kitchen radio" is no title."""
    for slot, value in reading.slots:
        said = [word.text for word in words(value)] if slot in _HOLDERS else []
        for at, word in enumerate(said[1:-1], start=1):
            start = at + 1 + (said[at + 1] in _DETERMINERS)
            if word in _PLACES_BEFORE and named_at(said, start, vocabulary)[0]:
                return True
    return False


def _is_no_timer(slots: Mapping[str, str]) -> bool:
    """Tell whether the name of a timer is no word, or holds the length that nothing else of the reading gives."""
    said = slots.get("name", "").casefold().split()
    return not all(map(is_word, said)) or any(word.isdigit() for word in said)


def _is_ill_typed(slot: str, value: str) -> bool:
    """Tell whether what fills a slot is not of its kind.

    >>> _is_ill_typed("date", "the next bank holiday"), _is_ill_typed("date", "i get my tyres changed")
    (False, True)
    """
    if slot == "search_query":
        return _PLAYED_WITH.search(value) is not None or _CUT.search(value) is not None
    if slot in _THING and (_PLACED.match(value) or _CUT.search(value)):
        return True
    if slot in _NO_CLAUSES and _CLAUSE.search(value):
        return True
    return slot in _OF_A_TIME and not _is_of_a_time(value)


def _is_of_a_time(value: str) -> bool:
    said = in_digits(value.casefold())
    if _DAYS.search(said) or find_days(said, _SOME_DAY.date())[0] is not None:
        return True
    return read_moment(said, _SOME_DAY) is not None


def tells_apart(said: Sequence[str], left: Collection[str], *, does: bool = True) -> bool:
    """Tell whether a word that nothing accounts for says which thing is meant, or what is done with it.

    >>> tells_apart("turn off the lobby light".split(), ["lobby"]), tells_apart("do turn that light off".split(), [])
    (True, False)
    >>> tells_apart("iron the curtains".split(), ["iron"]), tells_apart("pop the light on".split(), ["pop"])
    (True, False)

    Args:
        said: Words of the request, names as placeholders.
        left: Those that no sentence of the reading's label has, and that fill no slot.
        does: Whether the reading would change a device.
    """
    for at, word in enumerate(said):
        if word not in left or word in _ANYWHERE:
            continue
        if at == 0 and (word in _ELSEWHERE or (does and word not in _OF_HOMES and _WAYS.isdisjoint(said))):
            return True
        after = said[at + 1] if at + 1 < len(said) else ""
        if at and (after in _THINGS or after.startswith("device")):
            return True
        is_definite = said[at - 1] in _DETERMINERS
        before = said[at - 1 - is_definite] if at > is_definite else ""
        if before in _PLACING or (is_definite and before == "on"):
            return True
    return False


def has_other_object(said: Sequence[str], left: Collection[str]) -> bool:
    """Tell whether a deed is done to a word that nothing accounts for.

    >>> has_other_object("return roger to base".split(), ["roger"])
    True
    """
    at = 1 + (len(said) > 1 and said[1] in _DETERMINERS)
    return len(said) > at and said[0] in VERBS and said[at] in set(left) - _ANYWHERE - KINDS
