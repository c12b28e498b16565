"""Hashed word features of a turn and its neighbours, separate by speaker and position.

The same word means one thing in the answer before a request and another in the request itself ("anything else?"), so an
n-gram is hashed together with its role. Each role has unit length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.insight.dialogues.views import action_tokens
from uptake.ml.linear import Rows
from uptake.text.normalize import normalize
from uptake.types import Session

__all__ = ["WIDTH", "Spoken", "rows"]

WIDTH = 1 << 18
"""Number of hashed features."""
_LONGEST = 60  # words of a text that are read
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - 18)

Hashes = NDArray[np.uint64]
_NOTHING: Hashes = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Hashed n-grams of one turn."""

    request: Hashes
    """Words and pairs of words of what the user said."""
    response: Hashes
    """The same of what the assistant answered."""
    done: Hashes
    """Names in what the assistant did, and of the reading it acted on."""

    @classmethod
    def of(cls, session: Session) -> list[Spoken]:
        """Return the turns of a session."""
        found = []
        for turn in session.turns:
            names = set(action_tokens(turn.action))
            if turn.interpretation is not None:
                names |= {f"intent {turn.interpretation.intent}", f"domain {turn.interpretation.domain}"}
            if turn.status is not None:
                names.add(f"status {turn.status}")
            found.append(cls(_grams(turn.request), _grams(turn.response or ""), _hashes(tuple(sorted(names)))))
        return found


@lru_cache(maxsize=131_072)
def _grams(text: str) -> Hashes:
    words = normalize(text).split()[:_LONGEST]
    if not words:
        return _hashes(("",)) if text else _NOTHING
    return _hashes((*words, *(f"{left} {right}" for left, right in pairwise(("^", *words, "$")))))


@lru_cache(maxsize=131_072)
def _hashes(grams: tuple[str, ...]) -> Hashes:
    return np.array(sorted({xxhash.xxh64_intdigest(gram.encode()) for gram in grams}), dtype=np.uint64)


@lru_cache(maxsize=256)
def _salt(role: str) -> np.uint64:
    return np.uint64(xxhash.xxh64_intdigest(role.encode()))


def rows(examples: Sequence[Mapping[str, Hashes]]) -> Rows:
    """Return sparse rows of examples, each given as role -> grams."""
    indices: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float32]] = []
    ends = [0]
    for example in examples:
        size = 0
        for role, grams in example.items():
            if len(grams):
                indices.append((((grams ^ _salt(role)) * _MIX) >> _SHIFT).astype(np.int64))
                values.append(np.full(len(grams), 1.0 / np.sqrt(len(grams)), dtype=np.float32))
                size += len(grams)
        ends.append(ends[-1] + size)
    return Rows(
        indptr=np.array(ends, dtype=np.int64),
        indices=np.concatenate(indices) if indices else np.zeros(0, dtype=np.int64),
        values=np.concatenate(values) if values else np.zeros(0, dtype=np.float32),
        dense=np.zeros((len(examples), 0), dtype=np.float32),
        width=WIDTH,
    )
