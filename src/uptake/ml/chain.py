"""A linear-chain conditional random field as CRFsuite trained it, read from its file and decoded in numpy.

Only what serving needs: the weights of a feature, the best sequence of tags, and the probability of each tag. The best
sequence is searched among the tags that can be on it: one that lags behind another by more than any transitions in and
out can make up for never is. That leaves a few tags a word.

Source: Okazaki, CRFsuite, 2007 (format of the file: `crf1d_model.c`, `cqdb.c`); Viterbi and forward-backward as in
Rabiner (1989). Same tags as the library's own decoder (a test).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused

__all__ = ["Chain"]

_HEADER = struct.Struct("<4sI4s8I")
_LIST = struct.Struct("<4sII")
_KEYS = struct.Struct("<4s5I")
_WEIGHTS = np.dtype([("is_transition", "<u4"), ("source", "<u4"), ("tag", "<u4"), ("weight", "<f8")])
_REFUSED = "the slot tagger is no CRFsuite model, or is cut short; publish or install it again"

Floats = NDArray[np.float64]


class _Gains(NamedTuple):
    """(tags, tags) what the transitions in and out of the second tag add at most more than those of the first."""

    into: Floats
    out: Floats
    both: Floats


@dataclass(frozen=True, eq=False)
class Chain:
    """A trained chain."""

    tags: tuple[str, ...]
    """The tags, in the order of the weights."""
    transitions: Floats
    """(tags, tags) weight of each tag after each."""
    rows: dict[str, int]
    """Number of each feature."""
    starts: NDArray[np.int64]
    """(features + 1,) where the weights of each feature begin."""
    places: NDArray[np.int64]
    """(m,) the tag of each weight."""
    weights: Floats
    """(m,) weights that are not 0."""

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a model file of CRFsuite.

        Raises:
            ArtifactRefused: It is none.
        """
        try:
            magic, _, kind, _, _, tags, features, *at = _HEADER.unpack_from(data)
            mark, _, count = _LIST.unpack_from(data, at[0])
            if (magic, kind, mark) != (b"lCRF", b"FOMC", b"FEAT"):
                raise ArtifactRefused(_REFUSED)
            found = np.frombuffer(data, dtype=_WEIGHTS, count=count, offset=at[0] + _LIST.size)
            names, rows = _keys(data, at[1], tags), _keys(data, at[2], features)
            transitions = np.zeros((tags, tags))
            between = found[found["is_transition"] == 1]
            transitions[between["source"], between["tag"]] = between["weight"]
            own = found[found["is_transition"] == 0]
            own = own[np.argsort(own["source"], kind="stable")]
            starts = np.searchsorted(own["source"], np.arange(features + 1))
        except (struct.error, ValueError, IndexError, UnicodeDecodeError):
            raise ArtifactRefused(_REFUSED) from None
        places = own["tag"].astype(np.int64)
        numbered = dict(zip(rows, range(features), strict=True))
        return cls(tuple(names), transitions, numbered, starts, places, np.ascontiguousarray(own["weight"]))

    @cached_property
    def _gains(self) -> _Gains:
        to = self.transitions
        into, out = (to[:, None, :] - to[:, :, None]).max(axis=0), (to[None, :, :] - to[:, None, :]).max(axis=2)
        return _Gains(into, out, into + out)

    @cached_property
    def _out(self) -> list[list[float]]:
        return [list(row) for row in self._gains.out.tolist()]

    @cached_property
    def _follows(self) -> list[list[float]]:
        return [list(column) for column in self.transitions.T.tolist()]

    def scores(self, names: Sequence[str], at: Sequence[int], size: int) -> Floats:
        """Add up weights of features.

        Args:
            names: The features; those that nobody knows say nothing.
            at: Row to which each is added.
            size: Number of rows.

        Returns:
            (size, tags) sums.
        """
        numbered = map(self.rows.get, names)
        cells = [row * size + place for row, place in zip(numbered, at, strict=True) if row is not None]
        return self.summed(cells, size)

    def summed(self, cells: Sequence[int], size: int) -> Floats:
        """Add up weights of known features, as `scores` does.

        Args:
            cells: Number of each feature times `size`, and the row to which it is added.
            size: Number of rows.
        """
        width = len(self.tags)
        if not cells:
            return np.zeros((size, width))
        rows, where = np.divmod(cells, size)
        first = self.starts[rows]
        counts = self.starts[rows + 1] - first
        ends = counts.cumsum()
        which = np.arange(len(cells)).repeat(counts)
        taken = (first - ends + counts)[which] + np.arange(ends[-1])
        sums = np.bincount(
            (where * width)[which] + self.places[taken], weights=self.weights[taken], minlength=size * width
        )
        return np.asarray(sums.reshape(size, width), dtype=np.float64)

    def best(self, scores: Floats) -> list[list[str]]:
        """Return the best sequences of tags (Viterbi).

        Args:
            scores: (sequences, words, tags) of sequences of one length, at least one word.
        """
        gains, likeliest = self._gains, scores.argmax(axis=2)
        if scores.shape[1] > 1:
            lead = gains.both[likeliest]
            lead[:, 0], lead[:, -1] = gains.out[likeliest[:, 0]], gains.into[likeliest[:, -1]]
        else:
            lead = np.zeros_like(scores)
        able = scores.max(axis=2, keepdims=True) - scores <= lead
        if np.count_nonzero(able) == likeliest.size:  # nobody can make up for being behind
            return [[self.tags[tag] for tag in tags] for tags in likeliest.tolist()]
        sequences, words, tags = (one.tolist() for one in able.nonzero())
        lattice: list[list[list[tuple[int, float]]]] = [[[] for _ in range(scores.shape[1])] for _ in scores]
        for sequence, word, tag, score in zip(sequences, words, tags, scores[able].tolist(), strict=True):
            lattice[sequence][word].append((tag, score))
        return [[self.tags[tag] for tag in self._path(one)] for one in lattice]

    def _path(self, lattice: Sequence[Sequence[tuple[int, float]]]) -> list[int]:
        """Return the best path through the tags that each word can have, and their scores."""
        ends = [(score, tag) for tag, score in lattice[0]]
        back: list[dict[int, int]] = []
        for column in lattice[1:]:
            ends = self._able(ends)
            came: dict[int, int] = {}
            now = []
            for tag, score in column:
                follows = self._follows[tag]
                best, before = ends[0][0] + follows[ends[0][1]], ends[0][1]
                for worth, other in ends[1:]:
                    total = worth + follows[other]
                    if total > best:
                        best, before = total, other
                came[tag] = before
                now.append((best + score, tag))
            back.append(came)
            ends = now
        path = [max(ends, key=_worth)[1]]
        for came in reversed(back):
            path.append(came[path[-1]])
        return path[::-1]

    def _able(self, ends: list[tuple[float, int]]) -> list[tuple[float, int]]:
        """Return the (score, tag) at which the best path so far may end, whatever follows."""
        if len(ends) == 1:
            return ends
        most, likeliest = max(ends, key=_worth)
        lead = self._out[likeliest]
        return [end for end in ends if most - end[0] <= lead[end[1]]]

    def marginals(self, scores: Floats) -> Floats:
        """Return (words, tags) the probability of each tag, for (words, tags) scores (forward-backward)."""
        to = np.exp(self.transitions - self.transitions.max())
        own = np.exp(scores - scores.max(axis=1, keepdims=True))
        forward, backward = own.copy(), np.ones_like(own)
        for at in range(1, len(own)):
            before = forward[at - 1] / forward[at - 1].sum()
            forward[at] *= before @ to
        for at in range(len(own) - 2, -1, -1):
            after = own[at + 1] * backward[at + 1]
            backward[at] = to @ (after / after.sum())
        both = forward * backward
        return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float64)


def _worth(end: tuple[float, int]) -> float:
    return end[0]


def _keys(data: bytes, at: int, count: int) -> list[str]:
    """Return the names of a constant database, by number."""
    mark, _, _, _, size, back = _KEYS.unpack_from(data, at)
    if mark != b"CQDB" or size < count:
        raise ArtifactRefused(_REFUSED)
    places = np.frombuffer(data, dtype="<u4", count=count, offset=at + back).astype(np.int64) + at
    if not count:
        return []
    cells = np.frombuffer(data, dtype=np.uint8)
    sizes = cells[places[:, None] + np.arange(4, 8)].copy().view("<u4")[:, 0].astype(np.int64)
    begins = (places + 8).tolist()
    ends = (places + 7 + sizes).tolist()  # each ends in a zero
    return [data[begin:end].decode() for begin, end in zip(begins, ends, strict=True)]
