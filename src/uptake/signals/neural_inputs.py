"""What a dialogue network is given: turns as arrays, in windows.

Numeric fields are scaled by what the training log looked like, and each has a flag: a field that was never logged is
unknown, not 0. A dialogue longer than a window is read in windows that overlap, and every turn takes the answer of
the window it lies deepest in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.signals.light_reader import REACH
from uptake.signals.stage import StageRows
from uptake.signals.tables import Row
from uptake.signals.views import View
from uptake.text.encoders import Encoder
from uptake.text.normalize import normalize

__all__ = [
    "CATEGORIES",
    "CATEGORY_FIELDS",
    "SPREAD",
    "Columns",
    "Inputs",
    "Shape",
    "Window",
    "batch",
    "inputs",
    "windows",
]

SPREAD = 8
"""Distances between turns are told apart up to this."""
CATEGORY_FIELDS = ("status", "domain", "intent", "action", "device")
_BUCKETS = 128
CATEGORIES = len(CATEGORY_FIELDS) * _BUCKETS
"""Buckets of all categorical fields; the first of each field is "unknown"."""
_WINDOW, _MARGIN = 64, 16
_FARTHEST = 4.0  # standard deviations beyond which a value is cut off

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the inputs are."""

    dim: int
    """Numbers in a sentence vector."""
    turn: int
    """Numeric fields of a turn."""
    pair: int
    """Numeric fields of a pair of turns."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """How numeric fields are written for the network."""

    names: tuple[str, ...]
    mean: Floats
    """(f,) in the training log, of what was known."""
    scale: Floats
    """(f,) one over the standard deviation."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Columns:
        """Fit to the rows of a training log."""
        names = tuple(sorted({name for row in rows for name in row}))
        table = np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=np.float64)
        known = ~np.isnan(table)
        count = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, table, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(axis=0) / count)
        return cls(names, mean.astype(np.float32), (1.0 / np.maximum(spread, 1e-3)).astype(np.float32))

    def write(self, rows: Sequence[Row | None]) -> Floats:
        """(n, 2 f) float32: scaled values (0 where unknown), then 1 for each that is unknown."""
        table = np.array([[(row or {}).get(name, np.nan) for name in self.names] for row in rows], dtype=np.float32)
        table = table.reshape(len(rows), len(self.names))
        unknown = np.isnan(table)
        scaled = np.clip((np.where(unknown, self.mean, table) - self.mean) * self.scale, -_FARTHEST, _FARTHEST)
        return np.concatenate([scaled, unknown], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All that a network is given of n turns; "after" is what an online reading must not see."""

    turns: Mapping[str, NDArray[Any]]
    """"request", "prompt", "response" (n, dim); "turn", "before", "pair:k" (n, 2 f); "category:k" (n,)."""
    sessions: NDArray[np.int64]
    """(n,) which session each turn belongs to, ascending."""

    def some(self, rows: NDArray[np.int64]) -> Inputs:
        """Some rows, in order, of whole sessions."""
        return Inputs({name: values[rows] for name, values in self.turns.items()}, self.sessions[rows])

    @property
    def starts(self) -> list[tuple[int, int]]:
        """First and last row, plus one, of each session."""
        edges = [0, *(np.flatnonzero(np.diff(self.sessions)) + 1).tolist(), len(self.sessions)]
        return [(first, last) for first, last in pairwise(edges) if last > first]


def inputs(seen: Sequence[View], rows: StageRows, encoder: Encoder, turn: Columns, pair: Columns) -> Inputs:
    """Write down turns for a network."""
    vectors = _Vectors(encoder, seen)
    further = [[row, *rows.beyond[at]] if row is not None else [] for at, row in enumerate(rows.pairs)]
    unknown = pair.write([None])
    found: dict[str, NDArray[Any]] = {
        "request": vectors.of([view.top for view in seen]),
        "prompt": vectors.of([view.prompt_text for view in seen]),
        "response": vectors.of([normalize(view.turn.response or "") for view in seen]),
        "turn": turn.write(rows.turns),
    }
    for distance in range(REACH):
        found[f"pair:{distance + 1}"] = pair.write(
            [some[distance] if len(some) > distance else None for some in further]
        )
    found["before"] = np.concatenate([unknown, found["pair:1"][:-1]]) if len(seen) else found["pair:1"]
    for number, name in enumerate(CATEGORY_FIELDS):
        found[f"category:{number}"] = np.array([_bucket(number, _field(view, name)) for view in seen], dtype=np.int64)
    sessions = np.cumsum([view.before is None for view in seen])
    return Inputs(found, np.asarray(sessions, dtype=np.int64))


class _Vectors:
    """Vectors of distinct texts, each encoded once; no text is a vector of zeros."""

    def __init__(self, encoder: Encoder, seen: Sequence[View]) -> None:
        texts = {view.top for view in seen} | {normalize(view.turn.response or "") for view in seen}
        known = sorted(texts - {""})
        self._vectors = encoder.encode(known) if known else np.zeros((0, encoder.encode(["a"]).shape[1]), np.float32)
        self._place = {text: at for at, text in enumerate(known)}

    def of(self, texts: Sequence[str]) -> Floats:
        padded = np.concatenate([self._vectors, np.zeros((1, self._vectors.shape[1]), dtype=np.float32)])
        found: Floats = padded[[self._place.get(text, len(self._place)) for text in texts]]
        return found


def _field(view: View, name: str) -> str | None:
    """What can be told apart when the turn is acted on: its own reading, and the assistant's last move."""
    turn, before = view.turn, view.before.turn if view.before else None
    reading = turn.interpretation
    return {
        "status": before.status if before else None,
        "domain": reading.domain if reading else None,
        "intent": reading.intent if reading else None,
        "action": (before.action or "").partition("(")[0] or None if before else None,
        "device": turn.context.device_type,
    }[name]


def _bucket(number: int, value: str | None) -> int:
    if value is None:
        return number * _BUCKETS
    return number * _BUCKETS + 1 + xxhash.xxh32_intdigest(value.encode()) % (_BUCKETS - 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Rows that are read together, and which of them the answer is kept of."""

    first: int
    last: int
    keep_first: int
    keep_last: int


def windows(given: Inputs) -> Iterator[Window]:
    """Windows over every session; where two overlap, each keeps the half it lies deeper in."""
    step = _WINDOW - 2 * _MARGIN
    for first, last in given.starts:
        if last - first <= _WINDOW:
            yield Window(first, last, first, last)
            continue
        at = first
        while True:
            end = min(at + _WINDOW, last)
            yield Window(at, end, at if at == first else at + _MARGIN, end if end == last else end - _MARGIN)
            if end == last:
                break
            at += step


def batch(given: Inputs, chosen: Sequence[Window], *, online: bool) -> dict[str, NDArray[Any]]:
    """Windows side by side, padded; an online batch knows nothing of what comes after a turn."""
    longest = max(window.last - window.first for window in chosen)
    found: dict[str, NDArray[Any]] = {}
    for name, values in given.turns.items():
        table = np.zeros((len(chosen), longest, *values.shape[1:]), dtype=values.dtype)
        hidden = online and name in ("response", "pair:1", "pair:2", "pair:3")
        for number, window in enumerate(chosen):
            if not hidden:
                table[number, : window.last - window.first] = values[window.first : window.last]
        if hidden and name != "response":
            table[..., values.shape[1] // 2 :] = 1.0
        found[name] = table
    places = np.arange(longest)
    apart = places[None, :] - places[:, None]
    there = np.array([places < window.last - window.first for window in chosen])
    mask = np.where(there, 0.0, -1e9)[:, None, None, :] + np.where(apart > 0, -1e9, 0.0) * online
    found["mask"] = np.maximum(mask, -1e9).astype(np.float32)
    found["distance"] = np.clip(apart + SPREAD, 0, 2 * SPREAD).astype(np.int64)
    for distance in range(1, REACH + 1):
        found[f"shift:{distance}"] = (apart == distance).astype(np.float32)
    return found
