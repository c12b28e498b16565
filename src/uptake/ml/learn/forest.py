"""Grow a boosted forest with LightGBM and write it down as arrays that numpy can ask.

Labels may be soft; `crossed` asks trees about people they never saw.

Source: Ke et al., "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from uptake.errors import MissingExtra
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import UNKNOWN, Forest, Trees, table_of

__all__ = ["Examples", "crossed", "fit_trees", "grow"]

Floats = NDArray[np.float64]

_MANY = 5_000  # examples from which trees may be large
_OPTIONS: dict[str, Any] = {
    "objective": "cross_entropy",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.5,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "use_missing": False,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def grow(
    table: Floats,
    targets: Floats,
    *,
    weights: Floats | None = None,
    rounds: int = 200,
    options: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Forest:
    """Return a forest whose `scores` are log-odds of the targets.

    Args:
        table: (n, features) float64; NaN is unknown.
        targets: (n,) in [0, 1]: true or false, or how probably true.
        weights: (n,) how much each row counts.
        rounds: Trees.
        options: LightGBM's own, over the ones set here.
        seed: Of what the trees sample.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    lightgbm = _lightgbm()
    data = lightgbm.Dataset(
        np.where(np.isnan(table), UNKNOWN, table), targets, weight=weights, params={"max_bin": 63, "verbose": -1}
    )
    booster = lightgbm.train({**_OPTIONS, "seed": seed, **(options or {})}, data, num_boost_round=rounds)
    return _flat([tree["tree_structure"] for tree in booster.dump_model()["tree_info"]])


def _flat(trees: list[dict[str, Any]]) -> Forest:
    nodes: list[tuple[int, float, int, int]] = []
    leaves: list[float] = []

    def put(branch: dict[str, Any]) -> int:
        if "split_feature" not in branch:
            leaves.append(float(branch["leaf_value"]))
            return -len(leaves)
        at = len(nodes)
        nodes.append((0, 0.0, 0, 0))
        left, right = put(branch["left_child"]), put(branch["right_child"])
        nodes[at] = (int(branch["split_feature"]), float(branch["threshold"]), left, right)
        return at

    roots = [put(tree) for tree in trees]
    column, threshold, left, right = zip(*nodes, strict=True) if nodes else ((), (), (), ())
    return Forest(
        roots=np.array(roots, dtype=np.int32),
        column=np.array(column, dtype=np.int32),
        threshold=np.array(threshold, dtype=np.float64),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        leaves=np.array(leaves, dtype=np.float64),
    )


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise MissingExtra("learning forests needs LightGBM: pip install 'uptake[train]'") from error
    return lightgbm


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
        """Build the table from features by name; one that a row lacks is unknown there."""
        names = tuple(sorted({name for row in rows for name in row}))
        return cls(
            names=names,
            table=table_of(rows, names),
            labels=np.asarray(labels, dtype=np.float64),
            users=users,
            weights=np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64),
        )

    def part(self, at: NDArray[np.int64]) -> Examples:
        """Select some of the rows."""
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
    return Trees(names=examples.names, forests=(forest,))


def crossed(examples: Examples, *, rounds: int = 200, seed: int = 0) -> Floats:
    """Return (n,) probabilities from trees that never saw the user of the row they judge."""
    found = np.zeros(len(examples.table))
    for inside, outside in grouped_folds(examples.users, seed=seed + 1):
        taught = fit_trees(examples.part(inside), rounds=rounds, seed=seed)
        found[outside] = taught.of_table(examples.table[outside])
    return found
