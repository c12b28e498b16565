"""Rows of features to learn from, and trees asked about people they never saw. Labels may be soft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.repair.trees import Trees, table_of
from uptake.learn.forests import grow
from uptake.signals.folds import grouped_folds

__all__ = ["Examples", "crossed", "fit_trees"]

_MANY = 5_000  # examples from which trees may be large

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Rows of features to learn from."""

    names: tuple[str, ...]
    """Features, in the order of the columns."""
    table: Floats
    """(n, features)."""
    labels: Floats
    """(n,) in [0, 1]."""
    users: Sequence[str]
    """(n,) the person behind each row."""
    weights: Floats
    """(n,) how much each row counts."""

    @classmethod
    def of(
        cls,
        rows: Sequence[Mapping[str, float]],
        labels: Sequence[float] | Floats,
        users: Sequence[str],
        weights: Sequence[float] | Floats | None = None,
    ) -> Self:
        """From features by name; one that a row lacks is unknown there."""
        names = tuple(sorted({name for row in rows for name in row}))
        return cls(
            names=names,
            table=table_of(rows, names),
            labels=np.asarray(labels, dtype=np.float64),
            users=users,
            weights=np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64),
        )

    def part(self, at: NDArray[np.int64]) -> Examples:
        """Some of the rows."""
        return Examples(
            names=self.names,
            table=self.table[at],
            labels=self.labels[at],
            users=[self.users[one] for one in at],
            weights=self.weights[at],
        )


def fit_trees(examples: Examples, *, rounds: int = 200, leaves: int | None = None, seed: int = 0) -> Trees:
    """Fit boosted trees.

    Args:
        examples: What to learn from.
        rounds: Trees.
        leaves: Most leaves of a tree [default: by how many examples there are].
        seed: Of what is sampled.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    many = len(examples.table) > _MANY
    options = {
        "learning_rate": 0.06,
        "num_leaves": leaves or (20 if many else 8),
        "min_data_in_leaf": 30 if many else 15,
    }
    forest = grow(examples.table, examples.labels, weights=examples.weights, rounds=rounds, options=options, seed=seed)
    return Trees(names=examples.names, forest=forest)


def crossed(examples: Examples, *, rounds: int = 200, seed: int = 0) -> Floats:
    """(n,) probabilities from trees that never saw the user of the row they judge."""
    found = np.zeros(len(examples.table))
    for inside, outside in grouped_folds(examples.users, seed=seed + 1):
        taught = fit_trees(examples.part(inside), rounds=rounds, seed=seed)
        found[outside] = taught.of_table(examples.table[outside])
    return found
