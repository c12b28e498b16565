"""Collect the names known in this home and to this person; check whether a proposal replaces a name of the request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from uptake.rewriting.identity import UNSAID
from uptake.same import Same
from uptake.text.diff import similarity
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation

__all__ = ["exchanges_value", "loses_value", "names_another", "names_of"]

_MOST_NAMES = 2_000
_MOST_WORDS = 5
_MOST_HABITS = 500
_UNLIKE = 0.5  # letters and sounds: what is less alike is hardly heard for each other
_UNKNOWN = frozenset(("unk", "unknown"))  # what recognisers write for a word that they do not know


def names_of(situation: Situation, more: Iterable[str] = ()) -> list[str]:
    """List the names of this home and person, normalised: things, rooms, and subjects of their own requests."""
    here = _names_in(Same(situation))
    return list(dict.fromkeys((*here, *filter(None, map(_name, more)))))[:_MOST_NAMES]


@lru_cache(maxsize=8)
def _names_in(same: Same[Situation]) -> tuple[str, ...]:
    """List the names of a situation: several steps of a decision ask for them."""
    situation = same.it
    texts = [*(name for name, _ in situation.states), *situation.names]
    for habit in reversed(situation.habits[-_MOST_HABITS:]):
        if habit.interpretation is not None:
            texts += [value for _, value in habit.interpretation.slots]
    return tuple(dict.fromkeys(filter(None, map(_name, texts))))


@lru_cache(maxsize=4_096)
def _name(text: str) -> str:
    """Return a text as a name, normalised; "" for what tells nothing, or is too long for one."""
    name = normalize(text)
    return name if content_words(name) and len(name.split()) <= _MOST_WORDS else ""


def names_another(heard: str, other: str, names: Iterable[str]) -> bool:
    """Tell whether a text names something else of this home than was heard, which does not sound like it.

    "Make the bathroom dark" never meant "make the kitchen dark", however alike the two are otherwise.

    >>> names_another("make the bathroom dark", "make the kitchen dark", ["bathroom light", "kitchen light"])
    True
    >>> names_another("turn on the hole light", "turn on the hall light", ["hall light"])
    False

    Args:
        heard: Normalised text as heard.
        other: Normalised text that would be acted on.
        names: Names of the home, normalised, as `names_of` lists them.
    """
    here, there = heard.split(), other.split()
    telling = _telling(tuple(names)) - {*here}.intersection(there)
    lost, gained = ([word for word in words if word in telling] for words in (here, there))
    return bool(lost and gained) and similarity(" ".join(lost), " ".join(gained)) < _UNLIKE


def loses_value(heard: str, reading: Interpretation | None, other: str, meant: Interpretation | None) -> bool:
    """Tell whether a text drops a value that the request was read with, and has nothing in its place that is like it.

    "Play some metallica" never meant "play some jazz", whatever else is the same. What the recogniser wrote for a word
    that it does not know is no value.

    >>> metallica, jazz, metal, unknown = (
    ...     Interpretation(intent="play", slots=(("what", what),)) for what in ("metallica", "jazz", "metalica", "unk")
    ... )
    >>> loses_value("play metallica", metallica, "play jazz", jazz)
    True
    >>> loses_value("play metallica", metallica, "play metalica", metal)
    False
    >>> loses_value("play unk", unknown, "play jazz", jazz)
    False

    Args:
        heard: Normalised text as heard.
        reading: What it is read as; None where it is read as nothing.
        other: Normalised text that would be acted on.
        meant: What that is read as.
    """
    return next(_lost(heard, reading, other, meant), None) is not None


def exchanges_value(heard: str, reading: Interpretation | None, other: str, meant: Interpretation | None) -> bool:
    """Tell whether a text drops a value as `loses_value` says, and the two differ in hardly more than their values.

    Where other words differ as well, more was misheard, and the value that was read in it is in doubt.

    >>> tomorrow = Interpretation(intent="reply", slots=(("date", "tomorrow"),))
    >>> last, mail = "reply to last received email", Interpretation(intent="reply")
    >>> loses_value("reply to latest received tomorrow", tomorrow, last, mail)
    True
    >>> exchanges_value("reply to latest received tomorrow", tomorrow, last, mail)
    False

    Args:
        heard: Normalised text as heard.
        reading: What it is read as; None where it is read as nothing.
        other: Normalised text that would be acted on.
        meant: What that is read as.
    """
    lost = list(_lost(heard, reading, other, meant))
    if not lost:
        return False
    values = [normalize(value) for _, value in meant.slots] if meant is not None else []
    here, there = set(heard.split()), set(other.split())
    return here - there <= _words(lost) | UNSAID and there - here <= _words(values) | UNSAID


def _lost(heard: str, reading: Interpretation | None, other: str, meant: Interpretation | None) -> Iterator[str]:
    """Yield the values of a reading, normalised, that another text has nothing like."""
    if reading is None:
        return
    here, there = set(heard.split()), set(other.split())
    new = " ".join(word for word in other.split() if word not in here)
    values = [normalize(value) for _, value in meant.slots] if meant is not None else []
    same = dict(meant.slots) if meant is not None and meant.intent == reading.intent else {}
    for slot, value in reading.slots:
        told = normalize(value)
        if not _UNKNOWN.isdisjoint(told.split()):
            continue
        words = set(content_words(told))
        if words and words <= here:
            lost = not words & there and max(similarity(told, one) for one in (new, *values)) < _UNLIKE
        else:  # named in other words than were heard
            instead = normalize(same.get(slot, value))
            lost = not words & set(instead.split()) and similarity(told, instead) < _UNLIKE
        if lost:
            yield told


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in text.split()}


@lru_cache(maxsize=64)
def _telling(names: tuple[str, ...]) -> frozenset[str]:
    """Return the words that tell the things of a home apart: all of a name but its last, which says what it is."""
    return frozenset().union(*map(_telling_of, names))


@lru_cache(maxsize=4_096)
def _telling_of(name: str) -> frozenset[str]:
    words = name.split()
    return frozenset(content_words(" ".join(words[: max(len(words) - 1, 1)])))
