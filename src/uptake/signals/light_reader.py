"""The light reader: boosted trees on features of turns and of pairs of turns. Needs no neural network.

Every head is asked on the same features: how the turn was heard and read, what came before it, and, unless the
reading is online, what came after it. A head knows of the others what is already decided: whether the turn is said
again, whether it says the turn before again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.forest import Forest
from uptake.signals.stage import StageRows
from uptake.signals.tables import Row
from uptake.signals.trees import Scorer
from uptake.signals.views import View

__all__ = [
    "CLASSES",
    "REACH",
    "ForestScorer",
    "LightReader",
    "head_rows",
    "pair_chances",
    "pair_rows",
    "read_with",
    "spans",
]

REACH = 3
"""How many turns on a request is looked for again."""
CLASSES = 6
"""Failure points; `uptake.learn.reader.targets.FAILURES`."""
_SUMMED = (
    "confidence",
    "list_entropy",
    "understood",
    "posterior",
    "words",
    "cut_in",
    "denied_unread",
    "repeats_before",
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ForestScorer:
    """Some forests that differ in what they sampled; the mean of their probabilities."""

    names: tuple[str, ...]
    """Features, in the order of the columns."""
    forests: tuple[Forest, ...]

    def probability(self, rows: Sequence[Row]) -> Floats:
        """(n,) float64 in (0, 1)."""
        if not rows:
            return np.zeros(0, dtype=np.float64)
        nan = np.nan
        table = np.array([[get(name, nan) for name in self.names] for get in (row.get for row in rows)], np.float64)
        scores = (np.minimum(np.maximum(forest.scores(table), -30.0), 30.0) for forest in self.forests)
        total: Floats = sum((1.0 / (1.0 + np.exp(-one)) for one in scores), np.zeros(len(rows)))
        return total / len(self.forests)


@dataclass(frozen=True, kw_only=True)
class LightReader:
    """Boosted trees for every head.

    Args:
        scorers: "rephrase", "defect", "online:defect", "boundary", "success", "failure:0" ..., "online:failure:0" ...
    """

    scorers: Mapping[str, Scorer]

    def read(self, seen: Sequence[View], rows: StageRows, *, online: bool = False) -> dict[str, Floats]:
        """Head -> probabilities of all turns, shaped as in `Reading`."""
        return read_with(self.scorers, seen, rows, online=online)


def read_with(
    scorers: Mapping[str, Scorer], seen: Sequence[View], rows: StageRows, *, online: bool = False
) -> dict[str, Floats]:
    """All heads of all turns: "spans", "defect", "failure", "boundary", "success"."""
    found: dict[str, Floats] = {}
    again = pair_chances(scorers["rephrase"], rows, reach=1 if online else REACH) if "rephrase" in scorers else None
    prefix = "online:" if online else ""
    if again is not None and not online:
        found["rephrase"] = spans(again)
    told = head_rows(seen, rows, again, online=online)
    for head in ("defect", "boundary", "success"):
        if prefix + head in scorers:
            found[head] = scorers[prefix + head].probability(told)
    classes = [number for number in range(CLASSES) if f"{prefix}failure:{number}" in scorers]
    if classes:
        found["failure"] = np.full((len(seen), CLASSES), 1e-9)
        for number in classes:
            found["failure"][:, number] = scorers[f"{prefix}failure:{number}"].probability(told)
        found["failure"] /= found["failure"].sum(axis=1, keepdims=True)
    return found


def pair_chances(scorer: Scorer, rows: StageRows, *, reach: int = REACH) -> Floats:
    """(n, reach): probability that each following turn says the turn again if none before it did; 0 past the end."""
    pairs, places = pair_rows(rows, reach=reach)
    found = np.zeros((len(rows.pairs), reach))
    if pairs:
        found[places[:, 0], places[:, 1]] = np.clip(scorer.probability(pairs), 1e-6, 1 - 1e-6)
    return found


def pair_rows(rows: StageRows, *, reach: int = REACH) -> tuple[list[Row], NDArray[np.int64]]:
    """Features of every pair, and (pairs, 2) which turn it is and how many turns further on, less one, the other."""
    pairs: list[Row] = []
    places: list[tuple[int, int]] = []
    for at, row in enumerate(rows.pairs):
        for further, one in enumerate([] if row is None else [row, *rows.beyond[at]][:reach]):
            pairs.append({**one, "distance": float(further)})
            places.append((at, further))
    return pairs, np.array(places, dtype=np.int64).reshape(-1, 2)


def spans(again: Floats) -> Floats:
    """(n, reach + 1): probability that nothing says a turn again, then that the 1st, 2nd, ... turn is the first to.

    Each chance in `again` is of that turn given that none before it did (a discrete hazard), as it is learned.
    """
    waited = np.cumprod(1.0 - again, axis=1)
    before = np.column_stack([np.ones(len(again)), waited[:, :-1]])
    return np.column_stack([waited[:, -1], again * before])


def head_rows(seen: Sequence[View], rows: StageRows, again: Floats | None, *, online: bool = False) -> list[Row]:
    """Features of turns for every head but rephrase.

    Args:
        seen: The turns.
        rows: What the stage says of them.
        again: (n, reach) what `pair_chances` says; None where unknown.
        online: Whether to keep to what is known when the turn is acted on.
    """
    found = []
    rephrased = None if again is None or online else 1.0 - spans(again)[:, 0]
    for at, (view, row) in enumerate(zip(seen, rows.turns, strict=True)):
        told = dict(row)
        if view.before is not None:
            before = rows.pairs[at - 1] or {}
            told |= {f"before_{name}": value for name, value in before.items() if name in _BEFORE}
            if again is not None:
                told["repeats_before"] = float(again[at - 1, 0])
        if not online:
            told |= rows.after[at]
            if rephrased is not None:
                told["rephrased"] = float(rephrased[at])
        found.append(told)
    if not online:
        _summed(seen, found)
    return found


_BEFORE = ("gap", "content", "rare_shared", "rare_new", "jaccard", "values_shared", "slots_shared", "prompt_same")


def _summed(seen: Sequence[View], rows: list[Row]) -> None:
    """Add to every row what its whole session looks like."""
    sessions: defaultdict[int, list[int]] = defaultdict(list)
    number = -1
    for at, view in enumerate(seen):
        number += view.before is None
        sessions[number].append(at)
    for members in sessions.values():
        told: Row = {"turns": float(len(members))}
        for name in _SUMMED:
            values = np.array([rows[at].get(name, np.nan) for at in members])
            known = values[~np.isnan(values)]
            if len(known):
                told |= {f"{name}_mean": float(known.mean()), f"{name}_max": float(known.max())}
                told |= {f"{name}_min": float(known.min()), f"{name}_final": float(known[-1])}
        for at in members:
            rows[at] |= told
