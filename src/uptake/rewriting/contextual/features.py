"""Features of an edit: the words around a place, and the words of the span that may be copied there.

A place is a gap between two words or a few words that may be replaced. Its features are hashed strings, looked up in a
vocabulary. Each word of the conversation has fixed rows of hashed features, as first and as last word of a span; these
are combined with the description of the wanted span, without making strings, and index a table.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.rewriting.contextual.spans import MAX_SPAN, Line, Passage
from uptake.text.lexicon import STOP_WORDS

__all__ = [
    "CLASSES",
    "SPAN_FEATURES",
    "TABLE",
    "Asked",
    "Place",
    "Source",
    "brought_again",
    "class_of",
    "hashed",
    "is_empty",
    "keys",
    "link_features",
    "place_features",
    "places",
    "source_features",
    "span_rows",
    "table_places",
    "word_rows",
]

TABLE = 1 << 17
"""Size of the tables of the words' weights."""

Hashes = NDArray[np.uint32]
Floats = NDArray[np.float32]

CLASSES = ("gap", "link", "person", "own", "they", "it", "this", "there", "one", "noun", "value")
"""Classes of what a span stands in for: nothing, another span before it, he, his, they, it, this, there, one, the band,
…"""
_CLASS = {
    word: name
    for name, listed in {
        "person": "he she him",
        "own": "his her their its hers theirs thier",
        "they": "they them these those ones others",
        "it": "it",
        "this": "this that",
        "there": "there here",
        "one": "one 1 anything something any anyone another",
    }.items()
    for word in listed.split()
}
_POINTING = frozenset("the this that these those his her their its any each".split())
_EMPTY = STOP_WORDS | frozenset("'s he she him his her hers they them their theirs its if into there here".split())
_MAX_TOLD = 12


class Place(NamedTuple):
    """Place of a possible edit: words `start` to before `end` are replaced."""

    start: int
    end: int


class Asked(NamedTuple):
    """Description of the span that an edit needs."""

    what: str
    """One of `CLASSES`."""
    opening: str
    """Words that stand before it in the edit, for example "of the"."""
    left: str
    """The word before the place."""
    right: str
    """The word after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Text to be edited, with its context."""

    line: Line
    """Its words."""
    passage: Passage
    """Conversation that may be copied from."""
    slots: tuple[tuple[str, str], ...] = ()
    """Slots that it is known to hold."""
    is_before: bool = False
    """Whether it is the request before, rather than the request."""


def is_empty(words: Sequence[str]) -> bool:
    """Tell whether words carry nothing that is worth a copy."""
    return all(word in _EMPTY for word in words)


def class_of(words: Sequence[str], *, is_before: bool = False) -> str:
    """Return the class of the words that a span would stand in for."""
    if not words:
        return "gap"
    if is_before:
        return "value"
    return _CLASS.get(words[0], "noun") if len(words) == 1 or words[0] not in _POINTING else "noun"


def places(source: Source, replaced: Collection[str]) -> list[Place]:
    """Return every gap, and every span of up to three words that has been replaced or points at something."""
    words = source.line.words
    found = [Place(at, at) for at in range(len(words) + 1)]
    values = {value.casefold() for _, value in source.slots} if source.is_before else set()
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + 3) + 1):
            held = words[first:last]
            pointing = len(held) > 1 and held[0] in _POINTING and not is_empty(held[-1:])
            if " ".join(held) in replaced or pointing or (values and " ".join(held) in values):
                found.append(Place(first, last))
    return found


def source_features(source: Source) -> list[str]:
    """Compute features of the text as a whole and of the last answer: whether it stands alone, and its topic."""
    words, passage = source.line.words, source.passage
    known = set(passage.words)
    content = [word for word in words if word not in _EMPTY]
    shared = sum(word in known for word in content)
    found = [
        f"len{min(len(words), 12)}",
        f"con{min(len(content), 5)}",
        f"sh{min(shared, 4)}",
        f"new{min(len(content) - shared, 4)}",
        f"w1={words[0]}",
        f"w12={' '.join(words[:2])}",
        f"wz={words[-1]}",
        *(f"has={word}" for word in dict.fromkeys(words) if word in _CLASS),
    ]
    if source.is_before:
        found.append("before")
    if _longest_shared(words, passage) >= 2:
        found.append("name")
    told = next((at for at, role in enumerate(passage.roles) if role == "assistant1"), None)
    if told is not None:
        one = passage.lines[told]
        asks = one.text.rstrip().endswith("?")
        found += [f"asks{asks}", f"asks{asks}_len{min(len(words), 6)}", f"told={one.words[0]}"]
        found += [f"T={word}" for word in list(dict.fromkeys(one.words[::-1])) if word not in _EMPTY][:_MAX_TOLD]
    return found


def _longest_shared(words: Sequence[str], passage: Passage) -> int:
    """Return most words in a row that the conversation holds too, spans of empty words left out."""
    pairs = set(zip(passage.words, passage.words[1:], strict=False))
    held = [(left, right) in pairs and not is_empty((left, right)) for left, right in itertools.pairwise(words)]
    return 2 if any(held) else 0


def place_features(source: Source, place: Place, whole: Sequence[str]) -> list[int]:
    """Return hashed features of a place; `whole` is what `source_features` gave."""
    words, marks = source.line.words, source.line.marks
    padded = ("<s>", "<s>", *words, "</s>", "</s>")
    left, before = padded[place.start + 1], padded[place.start]
    right, after = padded[place.end + 2], padded[place.end + 3]
    held = words[place.start : place.end]
    kind = class_of(held, is_before=source.is_before)
    at = "first" if place.start == 0 else "last" if place.end == len(words) else "inner"
    mark = marks[place.start]
    own = [
        "",
        f"d={' '.join(held)}",
        at,
        f"m={mark}{marks[place.end]}",
        f"l={left}",
        f"r={right}",
        f"ll={before} {left}",
        f"rr={right} {after}",
        f"lr={left}_{right}",
        f"ls={left[-3:]}",
        f"rs={right[-3:]}",
        f"le={left in _EMPTY}{right in _EMPTY}{at}",
        f"n={len(words) - place.end if place.end > len(words) - 4 else 4}",
        f"s={min(place.start, 4)}",
        f"q={words[0]}_{left}",
        f"q2={words[0]}_{right}",
        f"d={' '.join(held)}_l={left}",
        f"d={' '.join(held)}_r={right}",
    ]
    found = [f"{kind}|{one}" for one in own]
    found += [f"{kind}|{at}|{one}" for one in whole]
    if place.start == place.end:
        found += [f"g|{left in _EMPTY}|{one}" for one in whole[:8]]
    return hashed(found)


def link_features(source: Source, place: Place, said: Sequence[str], labels: Sequence[str]) -> list[int]:
    """Compute hashed features of what follows a span within one edit: `said` so far, `labels` its parts."""
    padded = (*source.line.words, "</s>", "</s>")
    right, after = padded[place.end], padded[place.end + 1]
    held = " ".join(source.line.words[place.start : place.end])
    kind = class_of(source.line.words[place.start : place.end], is_before=source.is_before)
    found = [
        "link|",
        f"link|last={said[-1]}",
        f"link|r={right}",
        f"link|rr={right} {after}",
        f"link|lr={said[-1]}_{right}",
        f"link|d={held}",
        f"link|k={kind}",
        f"link|k={kind}_r={right}",
        f"link|label={labels[-1]}",
        f"link|n={min(len(labels), 5)}",
        f"link|d={held}_label={labels[-1]}",
        f"link|s={said[-1] == 's'}{said[-1][-1:] == 's'}",
        f"link|digit={said[-1][:1].isdigit()}",
        f"link|len={min(len(said), 8)}",
    ]
    return hashed(found)


def hashed(features: Sequence[str]) -> list[int]:
    """Return features as numbers."""
    return [zlib.crc32(one.encode()) for one in features]


# The words of the conversation.


@lru_cache(maxsize=8_192)
def _hash(feature: str) -> int:
    return zlib.crc32(feature.encode())


def word_rows(passage: Passage, source: Line) -> tuple[Hashes, Hashes]:
    """Return (words, k) hashed features of each word as the first, and as the last, word of a span."""
    own = set(source.words)
    firsts, lasts = [], []
    for at, one in enumerate(passage.lines):
        role = passage.roles[at]
        opened, closed = _bounds(one, passage.slots[at])
        size = len(one.words)
        for place, word in enumerate(one.words):
            before = one.words[place - 1] if place else "<s>"
            after = one.words[place + 1] if place + 1 < size else "</s>"
            shape = _shape(one, place)
            old = _shape(one, place - 1) if place else "-"
            new = _shape(one, place + 1) if place + 1 < size else "-"
            firsts.append(
                (
                    f"w={word}", f"p={before}", f"pw={before}_{word}", f"m={one.marks[place]}", f"o={role}",
                    f"os={role}_{shape}{old}", f"i={role}_{min(place, 5)}", f"c={shape}{old}{before in _EMPTY}",
                    f"slot={opened.get(place, '')}", f"e={word in _EMPTY}{before in _EMPTY}{word in own}",
                    f"x={word[-3:]}",
                )
            )  # fmt: skip
            lasts.append(
                (
                    f"w={word}", f"n={after}", f"wn={word}_{after}", f"m={one.marks[place + 1]}", f"o={role}",
                    f"os={role}_{shape}{new}", f"i={role}_{min(size - place, 5)}", f"c={shape}{new}{after in _EMPTY}",
                    f"slot={closed.get(place, '')}", f"e={word in _EMPTY}{after in _EMPTY}{word in own}",
                    f"x={word[-3:]}",
                )
            )  # fmt: skip
    return tuple(  # type: ignore[return-value]
        np.array([[_hash(one) for one in row] for row in rows], dtype=np.uint32).reshape(-1, 11)
        for rows in (firsts, lasts)
    )


def _bounds(one: Line, slots: Sequence[tuple[str, str]]) -> tuple[dict[int, str], dict[int, str]]:
    """Return where values of slots begin and end in a line."""
    opened: dict[int, str] = {}
    closed: dict[int, str] = {}
    for name, value in slots:
        wanted = tuple(value.casefold().split())
        for at in range(len(one.words) - len(wanted) + 1):
            if wanted and one.words[at : at + len(wanted)] == wanted:
                opened[at], closed[at + len(wanted) - 1] = name, name
    return opened, closed


def _shape(one: Line, at: int) -> str:
    start = one.text[one.places[at][0]]
    return "X" if start.isupper() else "0" if start.isdigit() else "'" if start in "'\u2019" else "x"


def keys(asked: Asked) -> tuple[int, ...]:
    """Hash the need for a span in four ways: none, its class, its opening words, the word before."""
    what, opening, left = asked.what, asked.opening, asked.left
    return (0, _hash(f"k={what}"), _hash(f"a={what}_{opening}"), _hash(f"l={left}"))


def table_places(rows: Hashes, key: int) -> NDArray[np.int64]:
    """Return (words, m) places in the table, of the features together with one of the `keys`."""
    return np.asarray((rows ^ np.uint32(key)) * np.uint32(0x9E3779B1) >> np.uint32(15), dtype=np.int64)


SPAN_FEATURES = MAX_SPAN + 22
"""Number of features of a span."""


def brought_again(passage: Passage, said: Sequence[str]) -> Floats:
    """Return (s,) whether a span holds a telling word that the edit has brought already."""
    brought = {word for word in said if word not in _EMPTY}
    sums = np.concatenate([[0], np.cumsum([word in brought for word in passage.words])])
    return np.asarray(sums[passage.spans[:, 1]] > sums[passage.spans[:, 0]], dtype=np.float32)


def span_rows(passage: Passage, source: Line) -> Floats:
    """Return (s, `SPAN_FEATURES`) features of each span; the last column is for `brought_again`."""
    spans, words = passage.spans, passage.words
    own = set(source.words)
    first, last = spans[:, 0], spans[:, 1]
    size = last - first
    counts = [
        [word in _EMPTY for word in words],
        [word in own and word not in _EMPTY for word in words],
        [word[:1].isdigit() for word in words],
        [_shape(one, at) == "X" for one in passage.lines for at in range(len(one.words))],
        [word in _CLASS for word in words],
    ]
    sums = np.concatenate(
        [np.zeros((5, 1)), np.cumsum(np.array(counts, dtype=np.float32).reshape(5, -1), axis=1)], axis=1
    )
    empty, shared, digits, capitals, pointing = sums[:, last] - sums[:, first]
    content = size - empty
    role = np.array([_ROLES.index(passage.roles[at][:-1]) for at in range(len(passage.lines))])[passage.homes[first]]
    ago = np.array([int(one[-1]) for one in passage.roles])[passage.homes[first]]
    times = np.bincount(passage.groups)[passage.groups].astype(np.float32)
    whole = (size == np.diff(passage.starts)[passage.homes[first]]).astype(np.float32)
    columns = [
        *((size == length) for length in range(1, MAX_SPAN + 1)),
        content == 0, content == 1, content == 2, content >= 4,
        shared > 0, shared / np.maximum(content, 1), shared == content,
        digits > 0, capitals == size, capitals / size, (capitals == 0), pointing > 0,
        role == 0, role == 1, role == 2, np.log1p(ago), np.log(times), np.minimum(times, 4) * (content > 0) / 4,
        whole, whole * (role == 2), (size > 5) * content / 5, np.zeros(len(size)),
    ]  # fmt: skip
    return np.array(columns, dtype=np.float32).T


_ROLES = ("user", "assistant", "topic")
