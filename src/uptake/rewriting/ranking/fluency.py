"""Language model of requests that work: how usual words, pairs of words and readings are.

Counts behind sorted 64-bit hashes: plain arrays, opened by mmap, that name nobody.

Source: stupid backoff, Brants et al., "Large Language Models in Machine Translation" (EMNLP 2007), over pairs.
Limit: a recogniser writes fluent text too, so an unusual request is a hint that it was misheard and no more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.ml.arrays import arrays_of, open_record, same_arrays, save_arrays
from uptake.types import Interpretation

__all__ = ["Fluency", "Usual", "facts", "signature"]

_BACK_OFF = 0.4
_UNSEEN = 0.3
_WORDS, _TEXTS = 4_096, 1_024  # those whose counts are kept at hand
_PREFIX = "fluency_"


@dataclass(frozen=True, slots=True)
class Usual:
    """Usualness of a text."""

    mean: float
    """Mean surprise of a word, in nats."""
    worst: float
    """Surprise of the least usual word, in nats."""
    unknown: int
    """Words that no request that works has."""
    rarest: float
    """Logarithm of one plus the count of the rarest word."""


@dataclass(frozen=True, slots=True, eq=False)
class Fluency:
    """Counts of words and pairs of words.

    >>> known = Fluency.of(["turn on the light"] * 9 + ["play jazz"])
    >>> known.usual("turn on the light").mean < known.usual("turn on the jazz").mean
    True
    """

    keys: npt.NDArray[np.uint64]
    """(n,) uint64 hashes of words, pairs and facts, ascending; the first counts all words."""
    counts: npt.NDArray[np.int64]
    """(n,) how often."""
    _known: dict[str, Usual] = field(default_factory=dict, repr=False)
    _seen: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, texts: Iterable[str], readings: Iterable[Interpretation] = ()) -> Fluency:
        """Count normalised texts, and what such texts mean."""
        found: Counter[int] = Counter()
        for text in texts:
            words = ["", *text.split(), ""]
            found.update(_hash(word) for word in words)
            found.update(_hash(f"{left} {right}") for left, right in pairwise(words))
            found[_TOTAL] += len(words) - 1
        for reading in readings:
            found.update(_hash(fact) for fact in facts(reading))
        keys = np.array(sorted(found), dtype=np.uint64)
        return cls(keys, np.array([found[key] for key in keys.tolist()], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fluency) and same_arrays(arrays_of(self), arrays_of(other))

    __hash__ = None  # type: ignore[assignment]

    def counted(self, words: Sequence[str]) -> list[int]:
        """Return the counts of words, of pairs joined by a space, or of facts."""
        known = self._seen
        new = [word for word in words if word not in known]
        if new:
            if len(known) > _WORDS:
                known.clear()
                new = list(words)
            known.update(zip(new, self._looked_up(new), strict=True))
        return [known[word] for word in words]

    def _looked_up(self, words: Sequence[str]) -> list[int]:
        if not len(self.keys):
            return [0] * len(words)
        wanted = np.array([_hash(word) for word in words], dtype=np.uint64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: list[int] = np.where(self.keys[at] == wanted, self.counts[at], 0).tolist()
        return found

    def usual(self, text: str) -> Usual:
        """Score a normalised text; the texts asked last are cached."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) > _TEXTS:
                self._known.clear()
            found = self._known[text] = self._usual(text.split())
        return found

    def _usual(self, words: list[str]) -> Usual:
        if not words:
            return Usual(0.0, 0.0, 0, 0.0)
        bounded = ["", *words, ""]
        single = self.counted(bounded)
        pairs = self.counted([f"{left} {right}" for left, right in pairwise(bounded)])
        total = float(self.counts[0]) + 1.0 if len(self.counts) else 1.0
        surprise = [
            -math.log(max(together / max(before, 1), _BACK_OFF * (alone + _UNSEEN) / total))
            for together, before, alone in zip(pairs, single[:-1], single[1:], strict=True)
        ]
        inner = single[1:-1]
        return Usual(sum(surprise) / len(surprise), max(surprise), inner.count(0), math.log1p(min(inner)))

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array."""
        save_arrays(directory, arrays_of(self, _PREFIX))

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Map what `save` wrote."""
        return open_record(cls, directory, _PREFIX)


def signature(reading: Interpretation) -> str:
    """Return the intent and the kinds of slots of a reading as one string."""
    return f"{reading.intent}:{','.join(sorted(name for name, _ in reading.slots))}"


def facts(reading: Interpretation) -> list[str]:
    """List what is counted of a reading: intent, kinds of slots alone and together, and their values."""
    found = [f"{reading.intent}:", signature(reading)] if reading.slots else [f"{reading.intent}:"]
    for name, value in reading.slots:
        found += [f"{reading.intent}|{name}", f"{name}={value}", f"{reading.intent}|{name}={value}"]
    return found


_TOTAL = 0
"""Key of the count of all words."""


@lru_cache(maxsize=8_192)
def _hash(words: str) -> int:
    return xxhash.xxh64_intdigest(words.encode("utf-8", "surrogatepass")) or 1
