"""Compute all features of sessions that need no training, once, and select rows for folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from uptake.insight.goals.turn_features import SIGNALS, boundary_numbers
from uptake.insight.goals.unit_features import Unit, unit_numbers, unit_series
from uptake.insight.goals.word_features import Hashes, Spoken, rows
from uptake.ml.linear import Rows
from uptake.types import Session

__all__ = ["ALONE", "Material", "averaged", "boundary_table", "turns_of", "unit_table"]

Floats = NDArray[np.float64]

ALONE = tuple(
    SIGNALS.index(name)
    for name in ("words", "words_response", "question", "control", "courtesy", "correction", "status")
)
"""The signals that look at one turn alone."""
_NOTHING: Hashes = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Sessions with their hashed words and numeric features."""

    sessions: Sequence[Session]
    spoken: Sequence[Sequence[Spoken]]
    numbers: Floats
    """(turns, features), columns as in `turns.BOUNDARY`."""
    series: Floats
    """(turns, series), columns as in `units.SERIES`."""

    @classmethod
    def of(cls, sessions: Sequence[Session]) -> Material:
        """Compute everything."""
        numbers = boundary_numbers(sessions)
        return cls(
            sessions=sessions,
            spoken=[Spoken.of(session) for session in sessions],
            numbers=numbers,
            series=unit_series(sessions, numbers[:, -len(SIGNALS) :]),
        )

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(sessions,) turns of each."""
        return np.array([len(one.turns) for one in self.sessions], dtype=np.int64)

    @property
    def starts(self) -> NDArray[np.int64]:
        """(sessions + 1,) row of the first turn of each, and the number of turns."""
        return np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)

    @property
    def places(self) -> NDArray[np.int64]:
        """(turns,) position of each turn in its session."""
        return np.concatenate([[], *(np.arange(size) for size in self.sizes)]).astype(np.int64)

    def of_sessions(self, chosen: Sequence[int]) -> Material:
        """Build the features of some of the sessions."""
        starts = self.starts
        turns = np.array(list(chain.from_iterable(range(starts[at], starts[at + 1]) for at in chosen)), dtype=np.int64)
        return Material(
            sessions=[self.sessions[at] for at in chosen],
            spoken=[self.spoken[at] for at in chosen],
            numbers=self.numbers[turns],
            series=self.series[turns],
        )

    def words_alone(self) -> Rows:
        """Return the words of each turn: request, response, what was done."""
        return rows([_alone(one) for said in self.spoken for one in said])

    def words_of_turns(self, places: NDArray[np.int64]) -> Rows:
        """Return the words of some turns, each alone."""
        turns = [one for said in self.spoken for one in said]
        return rows([_alone(turns[at]) for at in places.tolist()])

    def words_around(self) -> Rows:
        """Return the words of each turn and of those before and after it."""
        return rows([_around(said, at) for said in self.spoken for at in range(len(said))])

    def words_of(self, units: Sequence[Unit]) -> Rows:
        """Return the words of units: all, and those near the end by how near."""
        return rows([_unit(self.spoken[unit.session][unit.begin : unit.end]) for unit in units])

    def numbers_of(self, units: Sequence[Unit], names: Sequence[str]) -> Floats:
        """Return (units, features), columns as in `units.UNIT` and then of the names."""
        return unit_numbers(self.sessions, units, names, series=self.series)


def _alone(said: Spoken) -> dict[str, Hashes]:
    return {"request": said.request, "response": said.response, "done": said.done}


def _around(said: Sequence[Spoken], at: int) -> dict[str, Hashes]:
    found = _alone(said[at])
    if at:
        before = said[at - 1]
        found |= {"request-1": before.request, "response-1": before.response, "done-1": before.done}
    if at > 1:
        found["response-2"] = said[at - 2].response
    if at + 1 < len(said):
        found |= {"request+1": said[at + 1].request, "response+1": said[at + 1].response}
    return found


def _unit(said: Sequence[Spoken]) -> dict[str, Hashes]:
    found = {
        "all requests": _union([one.request for one in said]),
        "all responses": _union([one.response for one in said]),
        "all done": _union([one.done for one in said]),
    }
    for back, one in enumerate(reversed(said[-3:]), start=1):
        found |= {f"end-{back} {role}": grams for role, grams in _alone(one).items()}
    return found


def _union(parts: Sequence[Hashes]) -> Hashes:
    return np.unique(np.concatenate(parts)) if parts else _NOTHING


def boundary_table(material: Material, alone: Floats, around: Floats | None) -> Floats:
    """Return (turns, features) that the forest of boundaries reads; `around` is None for the model without context."""
    if around is None:
        return np.column_stack([alone, material.numbers[:, -len(SIGNALS) :][:, ALONE]])
    near = [_moved(material, scores, by) for scores in (alone, around) for by in (-1, 1)]
    return np.column_stack([alone, around, *near, material.numbers])


def _moved(material: Material, scores: Floats, by: int) -> Floats:
    """Shift scores by `by` turns within each session, shape (turns,); NaN beyond its ends."""
    places = material.places
    sizes = np.repeat(material.sizes, material.sizes)
    inside = (places + by >= 0) & (places + by < sizes)
    found = np.full(len(scores), np.nan)
    found[inside] = scores[np.flatnonzero(inside) + by]
    return found


def turns_of(material: Material, units: Sequence[Unit]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows of the turns of all units, and the unit of each."""
    starts = material.starts
    rows = [np.arange(starts[one.session] + one.begin, starts[one.session] + one.end) for one in units]
    unit = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
    return np.concatenate([[], *rows]).astype(np.int64), unit


def unit_table(material: Material, units: Sequence[Unit], names: Sequence[str], whole: Floats, alone: Floats) -> Floats:
    """Return (units, features) of the forest of success; `alone` are scores of the turns of the units, in order."""
    ends = np.cumsum([unit.end - unit.begin for unit in units])
    pooled = [(one.mean(), one.max(), one.min(), one[-1], one[-3:].mean()) for one in np.split(alone, ends[:-1])]
    return np.column_stack([whole, np.array(pooled).reshape(len(units), 5), material.numbers_of(units, names)])


def averaged(units: Sequence[Unit], chances: Floats) -> Floats:
    """Return (units,) the mean over the turns of each."""
    sizes = np.array([unit.end - unit.begin for unit in units], dtype=np.int64)
    unit = np.repeat(np.arange(len(units)), sizes)
    return np.bincount(unit, weights=chances, minlength=len(units)) / sizes
