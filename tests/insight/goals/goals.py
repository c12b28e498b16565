"""A tiny model of goals, for the laws of artifacts."""

import numpy as np

from uptake.insight.goals.artifact import GoalLabels, Line
from uptake.ml.forest import Forest


def stump() -> Forest:
    """One tree: 2 where the first feature is above 0.5, else -2."""
    return Forest(
        roots=np.array([0], dtype=np.int32),
        column=np.array([0], dtype=np.int32),
        threshold=np.array([0.5]),
        left=np.array([-1], dtype=np.int32),
        right=np.array([-2], dtype=np.int32),
        leaves=np.array([-2.0, 2.0]),
    )


def small_goals() -> GoalLabels:
    """A model with one head."""
    return GoalLabels(
        lines={"alone": Line.pack(np.array([0.0, 1.5, 0.0, -2.0], dtype=np.float32), 0.25)},
        forests={"boundary": stump()},
        settings={"calibration": {"boundary": [1.0, 0.0]}, "thresholds": {"boundary": 0.5}, "names": ["did é 😀"]},
    )
