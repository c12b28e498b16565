"""Texts that are near to another text, found among a million of them in milliseconds.

An inverted index of character trigrams says which texts share many with the one that is asked for; since one change
destroys at most three trigrams, few texts can be near, and only their edit distance is measured. A short text, which
one change may leave without any trigram, is measured against all of like length. The answer is that of measuring
them all wherever it is at least three quarters alike, and nearly always below.

Two ways compute the same: numpy with rapidfuzz, which needs no warming up, and compiled loops (`warm`), which a server
over many texts wants. Time and memory are bounded whatever the text: see `MAX_CHARS` and `MAX_MEASURED`.

Source: Gravano et al., "Approximate String Joins in a Database (Almost) for Free" (VLDB 2001). Differs: rows are taken
by falling count, so that the best found so far bounds how far down the counts one must go.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["MAX_CHARS", "MAX_MEASURED", "Near", "TrigramIndex"]

MAX_CHARS = 200
"""Longer texts find nothing and are not found."""
MAX_MEASURED = 1_024
"""Rows whose distance is measured, at most."""
MAX_POSTINGS = 4_000_000
"""Entries of the inverted index that one question reads, at most: the commonest trigrams are left out first."""
_CHUNK = 100_000
_SHORT = 8  # characters
_HELD = 20_000  # texts
_LEAST_LENGTH = 0.25
_BEGIN, _END = "\x02", "\x03"
_local = threading.local()
_compiled: tuple[Callable[..., Any], Callable[..., Any]] | None = None
_COMMON = 64
"""Trigrams that are kept as bits of the rows that have them: reading those costs less than reading their postings."""

Near = list[tuple[int, float]]
"""(row, edit similarity in [0, 1]), the nearest first."""


class _Common(NamedTuple):
    """The commonest trigrams as bits."""

    number: npt.NDArray[np.uint8]
    """(g,) the bit of each trigram; `_COMMON` for one that has none."""
    rows: npt.NDArray[np.uint64]
    """(n,) those that each text has."""


@dataclass(frozen=True, slots=True, eq=False)
class TrigramIndex:
    """Texts behind an inverted index of their trigrams.

    >>> index = TrigramIndex.of(["play imagine dragons", "stop"])
    >>> index.nearest("play imagined dragon")
    [(0, 0.9)]
    """

    texts: npt.NDArray[np.uint8]
    """UTF-8 of all texts, one after the other."""
    starts: npt.NDArray[np.uint32]
    """(n + 1,) where each text starts in `texts`."""
    chars: npt.NDArray[np.uint8]
    """(n,) characters of each text; 0 for one that is too long to be found."""
    grams: npt.NDArray[np.uint32]
    """(g,) hashes of the trigrams, ascending."""
    offsets: npt.NDArray[np.int64]
    """(g + 1,) where the postings of each trigram start."""
    postings: npt.NDArray[np.int32]
    """Rows of the texts that hold each trigram, ascending within a trigram."""
    _decoded: list[str] = field(default_factory=list, init=False, repr=False)
    """The texts of a small index, once they were looked through."""
    _bits: list[_Common] = field(default_factory=list, init=False, repr=False)
    """The commonest trigrams, once compiled loops have asked for them."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> TrigramIndex:
        """Index texts, in their order."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        starts = np.concatenate([[0], np.cumsum([len(one) for one in encoded], dtype=np.int64)]).astype(np.uint32)
        chars = np.array([len(text) if len(text) <= MAX_CHARS else 0 for text in texts], dtype=np.uint8)
        chunks = [_pairs(texts[at : at + _CHUNK], at) for at in range(0, len(texts), _CHUNK)]
        pairs = np.concatenate([np.empty(0, dtype=np.uint64), *chunks])
        pairs.sort()
        if len(pairs):
            pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])]
        hashed = (pairs >> np.uint64(32)).astype(np.uint32)
        grams, first = np.unique(hashed, return_index=True)
        arrays = (
            np.frombuffer(b"".join(encoded), dtype=np.uint8),
            starts,
            chars,
            grams,
            np.concatenate([first, [len(pairs)]]).astype(np.int64),
            (pairs & np.uint64(0xFFFFFFFF)).astype(np.int32),
        )
        for array in arrays:
            array.flags.writeable = False
        return cls(*arrays)

    def __len__(self) -> int:
        return len(self.chars)

    def __getitem__(self, row: int) -> str:
        return self.texts[self.starts[row] : self.starts[row + 1]].tobytes().decode()

    @staticmethod
    def warm() -> None:
        """Load, or the first time on a machine compile, the fast loops; every index uses them from then on.

        Takes about half a second where they were compiled before, some ten seconds where not. Needs numba
        (`uptake[learn]`); without it, nothing changes.
        """
        global _compiled  # noqa: PLW0603 - one switch for the process
        if _compiled is not None:
            return
        try:
            from uptake.ml.neighbours.trigram_kernels import common_bits, nearest
        except ImportError:
            return
        TrigramIndex.of(["warm"])._fast((nearest, common_bits), "warn", 1, 0.5)
        _compiled = nearest, common_bits

    def nearest(self, text: str, *, most: int = 10, least: float = 0.5, measured: int = MAX_MEASURED) -> Near:
        """The rows nearest to a text by edit similarity, the nearest first, equal ones by row.

        Args:
            text: What to look for.
            most: How many rows, at most.
            least: Least similarity, in (0, 1].
            measured: Rows whose distance is measured, at most: those that share most trigrams.
        """
        if not text or len(text) > MAX_CHARS or not len(self) or most < 1:
            return []
        if _compiled is not None:
            return self._fast(_compiled, text, most, least)
        return self.nearest_plain(text, most=most, least=least, measured=measured)

    def nearest_plain(self, text: str, *, most: int = 10, least: float = 0.5, measured: int = MAX_MEASURED) -> Near:
        """The same without compiled code: also the oracle that the compiled loops are tested against."""
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        if not text or len(text) > MAX_CHARS or not len(self) or most < 1:
            return []
        shortest, longest = _lengths(text, least)
        rows = (
            np.flatnonzero((self.chars >= shortest) & (self.chars <= longest))
            if longest
            else self._counted(text, least, measured)
        )
        near = self._texts_of(rows.tolist())
        alike = cdist([text], near, scorer=Levenshtein.normalized_similarity, dtype=np.float64)[0]
        order = np.lexsort((rows, -alike))[:most]
        return [(int(rows[at]), float(alike[at])) for at in order.tolist() if alike[at] >= least]

    def _texts_of(self, rows: Sequence[int]) -> list[str]:
        """Return the texts of some rows; those of a small index are decoded once."""
        if len(self) > _HELD:
            return [self[row] for row in rows]
        if not self._decoded:
            self._decoded[:] = [self[row] for row in range(len(self))]  # at once: others may read meanwhile
        return [self._decoded[row] for row in rows]

    def _counted(self, text: str, least: float, measured: int) -> npt.NDArray[np.int64]:
        """The rows that share most trigrams, most first, equal ones by row, without those that cannot be so near."""
        at, distinct = self._found(text)
        spans = self._spans(at)
        lists = [self.postings[start:end] for start, end in spans.tolist()]
        if not lists:
            return np.empty(0, dtype=np.int64)
        counts = np.bincount(np.concatenate(lists), minlength=len(self))
        changes = int((1.0 - least) * len(text) / least + 1e-9)  # of the longest text that is near enough
        rows = np.flatnonzero(counts >= max(1, distinct - 3 * changes))  # one change destroys at most three
        if len(rows) > measured:
            lowest = np.partition(counts[rows], len(rows) - measured)[len(rows) - measured]
            rows = rows[counts[rows] >= lowest]
        return rows[np.argsort(-counts[rows], kind="stable")][:measured]

    def _fast(
        self, compiled: tuple[Callable[..., Any], Callable[..., Any]], text: str, most: int, least: float
    ) -> Near:
        nearest, common_bits = compiled
        if not self._bits:
            self._bits.append(self._common(common_bits))
        number, bits = self._bits[0]
        at, distinct = self._found(text)
        numbers = number[at]
        common = np.bitwise_or.reduce(
            np.uint64(1) << numbers[numbers < _COMMON].astype(np.uint64), initial=np.uint64(0)
        )
        query = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.int32)
        columns = (self.texts, self.starts, self.chars)
        limits = (distinct, MAX_MEASURED, min(most, MAX_MEASURED), least, *_lengths(text, least))
        inverted = (self._spans(at[numbers == _COMMON]), self.postings, common, bits)
        rows, alike = nearest(query, inverted, columns, _scratch(len(self)), limits)
        return list(zip(rows.tolist(), alike.tolist(), strict=True))

    def _common(self, common_bits: Callable[..., Any]) -> _Common:
        lengths = np.diff(self.offsets)
        chosen = np.argsort(-lengths, kind="stable")[:_COMMON]
        number = np.full(len(self.grams), _COMMON, dtype=np.uint8)
        number[chosen] = np.arange(len(chosen), dtype=np.uint8)
        return _Common(number, common_bits(self._spans(chosen), self.postings, len(self)))

    def _spans(self, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return (n, 2) where the postings of some trigrams start and end."""
        spans = np.empty((len(at), 2), dtype=np.int64)
        spans[:, 0], spans[:, 1] = self.offsets[at], self.offsets[at + 1]
        return spans

    def _found(self, text: str) -> tuple[npt.NDArray[np.int64], int]:
        """Find the indexed trigrams of a text, the rarest first, and count all of them.

        Those left out for their length count as shared by all: the bound stays true.
        """
        grams = np.unique(_hashes(np.frombuffer(f"{_BEGIN}{text}{_END}".encode("utf-32-le", "replace"), np.uint32)))
        if not len(self.grams):
            return np.empty(0, dtype=np.int64), len(grams)
        at = np.searchsorted(self.grams, grams)
        at = at[self.grams[np.minimum(at, len(self.grams) - 1)] == grams]
        lengths = self.offsets[at + 1] - self.offsets[at]
        order = np.argsort(lengths, kind="stable")
        room = np.cumsum(lengths[order]) <= MAX_POSTINGS
        return at[order[room]], len(grams) - int((~room).sum())


def _lengths(text: str, least: float) -> tuple[int, int]:
    """Return the lengths of texts that may be near a short text; (0, 0) for any other."""
    size, share = len(text), max(least, _LEAST_LENGTH)
    return (max(1, int(size * share)), min(MAX_CHARS, int(size / share) + 1)) if size <= _SHORT else (0, 0)


def _scratch(n: int) -> npt.NDArray[np.uint8]:
    """Return a row of numbers that this thread may use."""
    held: npt.NDArray[np.uint8] | None = getattr(_local, "counts", None)
    if held is None or len(held) < n:
        held = _local.counts = np.empty(n, dtype=np.uint8)
    return held[:n]


def _pairs(texts: Sequence[str], first: int) -> npt.NDArray[np.uint64]:
    """Return (trigram << 32 | row) of each trigram of texts, the first of which is row `first`."""
    kept = [text if len(text) <= MAX_CHARS else "" for text in texts]
    joined = "".join(f"{_BEGIN}{text}{_END}" for text in kept)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    sizes = np.array([len(text) + 2 for text in kept])
    rows = np.repeat(np.arange(first, first + len(kept), dtype=np.uint64), sizes)[:-2]
    place = np.arange(len(codes)) - np.repeat(np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    inside = (place < np.repeat(sizes, sizes) - 2)[:-2]
    hashed = _hashes(codes).astype(np.uint64)
    pairs: npt.NDArray[np.uint64] = (hashed[inside] << np.uint64(32)) | rows[inside]
    return pairs


def _hashes(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Hash of each three neighbouring code points."""
    with np.errstate(over="ignore"):
        mixed: npt.NDArray[np.uint32] = (
            codes[:-2] * np.uint32(0x9E3779B1) ^ codes[1:-1] * np.uint32(0x85EBCA77) ^ codes[2:] * np.uint32(0xC2B2AE3D)
        )
    return mixed
