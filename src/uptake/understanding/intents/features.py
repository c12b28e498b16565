"""Features of each word for a slot tagger, and the decoding of tags into slots.

The word, its neighbours, its letters, its shape, the intent of the request, and which slots the phrases around it
have filled elsewhere. One place for learner and server, because a feature that differs between them is a silent error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["OUTSIDE", "bio", "decode", "known_fillers", "sequence_features", "spans", "strength", "with_intent"]

OUTSIDE = "O"
"""Tag of a word that belongs to no slot."""
_AROUND = (-3, -2, -1, 1, 2, 3)
_LONGEST_FILLER = 6
_OFTEN = 3
_NEVER = -1e9

Lookup = Callable[[str], Iterable[str]]
"""Phrase -> what is known of it, one short text for each slot it fills (see `strength`)."""


def sequence_features(words: Sequence[str], lookup: Lookup | None = None) -> list[list[str]]:
    """Return the features of every word that do not depend on the intent."""
    size = len(words)
    padded = ["<>", "<>", "<>", *words, "<>", "<>", "<>"]
    opening = f"o={words[0]}_{words[1]}" if size > 1 else "o="
    found = []
    for at in range(size):
        here = at + 3
        word, left, right = padded[here], padded[here - 1], padded[here + 1]
        features = [
            *_of_word(word),
            *(f"{step}={padded[here + step]}" for step in _AROUND),
            f"-+{left}_{word}",
            f"+{word}_{right}",
            f"--{padded[here - 2]}_{left}",
            f"++{right}_{padded[here + 2]}",
            f"lr{left}_{right}",
            *(f"L{mark}" for mark in _of_word(left)[2:]),
            *(f"R{mark}" for mark in _of_word(right)[2:]),
            opening,
        ]
        if not at:
            features.append("first")
        if at == size - 1:
            features.append("last")
        found.append(features)
    if lookup is None:
        return found
    return [[*own, *known] for own, known in zip(found, known_fillers(words, lookup), strict=True)]


def with_intent(features: list[list[str]], words: Sequence[str], intent: str) -> list[list[str]]:
    """Return the features of every word, given the intent of the request."""
    return [[*some, f"i={intent}", f"iw={intent}_{word}"] for some, word in zip(features, words, strict=True)]


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


@lru_cache(maxsize=4_096)
def _of_word(word: str) -> tuple[str, ...]:
    digits = sum(mark.isdigit() for mark in word)
    shape = "n" + "0" * min(digits, 4) if digits else "a" if word.isalpha() else "x"
    return ("b", f"w={word}", f"s3={word[-3:]}", f"p3={word[:3]}", f"s2={word[-2:]}", f"h={shape}")
