"""Boosted trees over rows of features: seeded, single-threaded, averaged over a few seeds.

Source: Ke et al., "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS 2017; thresholds of splits
are drawn at random as in Geurts et al., "Extremely randomized trees", Machine Learning 63, 2006.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from uptake.errors import MissingExtra
from uptake.signals.folds import grouped_folds
from uptake.signals.tables import Row

__all__ = ["Scorer", "Trees", "out_of_fold"]

Floats = NDArray[np.float64]


class Scorer(Protocol):
    """Gives rows of features a probability."""

    def probability(self, rows: Sequence[Row]) -> Floats:
        """(n,) float64 in (0, 1)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Trees:
    """A mean of boosted tree models.

    Args:
        names: Features, in the order of the columns.
        models: The boosters.
    """

    names: tuple[str, ...]
    models: tuple[Any, ...]

    @classmethod
    def fit(
        cls,
        rows: Sequence[Row],
        labels: NDArray[Any],
        *,
        weights: NDArray[Any] | None = None,
        rounds: int = 450,
        seeds: int = 1,
        seed: int = 0,
    ) -> Trees:
        """Fit `seeds` models that differ in what they sample; rows may weigh more or less than 1.

        Raises:
            MissingExtra: LightGBM is not installed.
        """
        lightgbm = _lightgbm()
        names = tuple(sorted({name for row in rows for name in row}))
        table = lightgbm.Dataset(
            _matrix(rows, names),
            np.asarray(labels, dtype=np.float64),
            weight=weights,
            params={"max_bin": 63, "verbose": -1},
        )
        models = [lightgbm.train(_options(seed + number), table, num_boost_round=rounds) for number in range(seeds)]
        return cls(names=names, models=tuple(models))

    def probability(self, rows: Sequence[Row]) -> Floats:
        """(n,) float64 in (0, 1)."""
        if not rows:
            return np.zeros(0, dtype=np.float64)
        table = _matrix(rows, self.names)
        return np.asarray(
            np.mean([model.predict(table, num_threads=1) for model in self.models], axis=0), dtype=np.float64
        )


def out_of_fold(
    rows: Sequence[Row], labels: NDArray[Any], users: Sequence[str], *, known: NDArray[Any] | None = None, seed: int = 0
) -> Floats:
    """Probabilities from models that never saw the user of the row they judge.

    Args:
        rows: (n,) features.
        labels: (n,) true or false.
        users: (n,) the person behind each row.
        known: (n,) bool: rows whose label may be learned from [default: all]; every row is judged.
        seed: Of folds and trees.

    Returns:
        (n,) float64 in (0, 1).
    """
    usable = np.ones(len(rows), dtype=bool) if known is None else np.asarray(known, dtype=bool)
    found = np.zeros(len(rows), dtype=np.float64)
    for inside, outside in grouped_folds(users, seed=seed):
        taught = inside[usable[inside]]
        model = Trees.fit([rows[at] for at in taught], labels[taught], seed=seed)
        found[outside] = model.probability([rows[at] for at in outside])
    return found


def _options(seed: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "learning_rate": 0.045,
        "num_leaves": 20,
        "min_data_in_leaf": 30,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "feature_fraction": 0.5,
        "lambda_l2": 5.0,
        "max_bin": 63,
        "extra_trees": True,
        "seed": seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=np.float32).reshape(
        len(rows), -1
    )


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise MissingExtra("the trained scorers need LightGBM: pip install 'uptake[train]'") from error
    return lightgbm
