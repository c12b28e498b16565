"""Grow a boosted forest with LightGBM and write it down as arrays that numpy can ask.

Source: Ke et al., "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.artifacts.forest import UNKNOWN, Forest
from uptake.errors import MissingExtra

__all__ = ["grow"]

Floats = NDArray[np.float64]

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
    """A forest whose `scores` are log-odds of the targets.

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
        raise MissingExtra("goal labels need LightGBM to learn: pip install 'uptake[train]'") from error
    return lightgbm
