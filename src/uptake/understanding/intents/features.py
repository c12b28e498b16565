"""Compute features of each word for a slot tagger, and decode tags into slots.

Features are the word, its neighbours, its letters, its shape, the intent of the request, and the slots that the phrases
around it have filled elsewhere. Training and serving share this code, because a difference between them would be a
silent error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EDGE",
    "OUTSIDE",
    "REACH",
    "bio",
    "decode",
    "intent_feature",
    "known_fillers",
    "pair_features",
    "sequence_features",
    "spans",
    "strength",
    "with_intent",
    "word_features",
]

OUTSIDE = "O"
"""Tag of a word that belongs to no slot."""
EDGE = "<>"
"""Stands for the words before and after the request."""
REACH = 3
"""Words to either side that a word's features tell of."""
_AROUND = (-3, -2, -1, 1, 2, 3)
_PAIRS = 5
_LONGEST_FILLER = 6
_OFTEN = 3
_NEVER = -1e9

Lookup = Callable[[str], Iterable[str]]
"""Phrase -> what is known of it, one short text for each slot it fills (see `strength`)."""


def sequence_features(words: Sequence[str], lookup: Lookup | None = None) -> list[list[str]]:
    """Return the features of every word that do not depend on the intent."""
    padded = [EDGE] * REACH + [*words] + [EDGE] * REACH
    found = []
    for at, others in enumerate(pair_features(words)):
        here = at + REACH
        near = [padded[here + step] for step in _AROUND]
        found.append(
            [
                *_of_word(padded[here]),
                *(f"{step}={word}" for step, word in zip(_AROUND, near, strict=True)),
                *others[:_PAIRS],
                *_marks(padded[here - 1], "L"),
                *_marks(padded[here + 1], "R"),
                *others[_PAIRS:],
            ]
        )
    if lookup is None:
        return found
    return [[*own, *known] for own, known in zip(found, known_fillers(words, lookup), strict=True)]


def word_features(word: str, step: int) -> list[str]:
    """Return the features that a word adds to those of a word `step` places before it, whatever stands beside them."""
    if not step:
        return list(_of_word(word))
    marks = _marks(word, "L" if step < 0 else "R") if abs(step) == 1 else ()
    return [f"{step}={word}", *marks]


def pair_features(words: Sequence[str]) -> list[list[str]]:
    """Return the features of every word that depend on two words, or on where it stands."""
    padded = [EDGE, EDGE, *words, EDGE, EDGE]
    opening = f"o={words[0]}_{words[1]}" if len(words) > 1 else "o="
    found = []
    for at, word in enumerate(words):
        before, left, right, after = padded[at], padded[at + 1], padded[at + 3], padded[at + 4]
        found.append(
            [f"-+{left}_{word}", f"+{word}_{right}", f"--{before}_{left}", f"++{right}_{after}", f"lr{left}_{right}",
             opening]
        )  # fmt: skip
    if found:
        found[0].append("first")
        found[-1].append("last")
    return found


def with_intent(features: list[list[str]], words: Sequence[str], intent: str) -> list[list[str]]:
    """Return the features of every word, given the intent of the request."""
    told = intent_feature(intent)
    return [[*some, told, intent_feature(intent, word)] for some, word in zip(features, words, strict=True)]


def intent_feature(intent: str, word: str | None = None) -> str:
    """Return the feature of an intent, or of an intent and a word."""
    return f"i={intent}" if word is None else f"iw={intent}_{word}"


def known_fillers(words: Sequence[str], lookup: Lookup) -> list[list[str]]:
    """Return for every word the slots that phrases with it have filled elsewhere."""
    found: list[set[str]] = [set() for _ in words]
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + _LONGEST_FILLER) + 1):
            for known in lookup(" ".join(words[first:last])):
                for at in range(first, last):
                    found[at].add(f"g{'B' if at == first else 'I'}={known}")
    return [sorted(some) for some in found]


def strength(slot: str, count: int) -> str:
    """Write, for a feature, a slot and how often a phrase has filled it."""
    return f"{slot}{'+' if count >= _OFTEN else ''}"


def bio(words: Sequence[tuple[int, int]], slots: Sequence[tuple[str, int, int]]) -> list[str]:
    """Tag words (start, end) by slots (name, start, end) of the same text; a slot takes every word it touches."""
    tags = [OUTSIDE] * len(words)
    for name, start, end in sorted(slots, key=lambda slot: slot[1]):
        inside = [at for at, (first, last) in enumerate(words) if first < end and last > start and tags[at] == OUTSIDE]
        for at in inside:
            tags[at] = ("B-" if at == inside[0] else "I-") + name
    return tags


def spans(tags: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """Return the (slot, first word, word after the last) of tags; an I- that continues nothing begins a slot."""
    found: list[tuple[str, int, int]] = []
    for at, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        name = tag[2:]
        if tag[0] == "I" and found and found[-1][0] == name and found[-1][2] == at:
            found[-1] = (name, found[-1][1], at + 1)
        else:
            found.append((name, at, at + 1))
    return tuple(found)


def decode(scores: NDArray[np.float32], tags: tuple[str, ...]) -> list[str]:
    """Return the best sequence of tags for (words, tags) scores in which every I- continues its slot (Viterbi)."""
    begins, follows = _grammar(tags)
    best = scores[0] + begins
    back = []
    for row in scores[1:]:
        paths = best[:, None] + follows
        back.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    path = [int(best.argmax())]
    for chosen in reversed(back):
        path.append(int(chosen[path[-1]]))
    return [tags[at] for at in reversed(path)]


@lru_cache(maxsize=8)
def _grammar(tags: tuple[str, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the scores of first tags and of transitions: 0 where allowed, else forbidden."""
    begins = np.array([_NEVER if tag[0] == "I" else 0.0 for tag in tags], dtype=np.float32)
    follows = np.array(
        [[_NEVER if tag[0] == "I" and tag[2:] != before[2:] else 0.0 for tag in tags] for before in tags],
        dtype=np.float32,
    )
    return begins, follows


def _marks(word: str, side: str) -> list[str]:
    return [f"{side}{mark}" for mark in _of_word(word)[2:]]


@lru_cache(maxsize=2_048)
def _of_word(word: str) -> tuple[str, ...]:
    digits = sum(mark.isdigit() for mark in word)
    shape = "n" + "0" * min(digits, 4) if digits else "a" if word.isalpha() else "x"
    return ("b", f"w={word}", f"s3={word[-3:]}", f"p3={word[:3]}", f"s2={word[-2:]}", f"h={shape}")
