"""A failure model that a reader can follow: one tree for each of two points, on one feature."""

import numpy as np

from uptake.insight.failures.artifact import FailureModel
from uptake.ml.forest import Forest


def small_failures() -> FailureModel:
    """A low confidence speaks for "nlu", a high one for "correct"; unknown counts as low."""
    return FailureModel(
        points=("correct", "nlu"),
        names=("list:posterior", "reading:confidence"),
        forest=Forest(
            roots=np.array([0, 1], dtype=np.int32),
            column=np.array([1, 1], dtype=np.int32),
            threshold=np.array([0.5, 0.5]),
            left=np.array([-1, -3], dtype=np.int32),
            right=np.array([-2, -4], dtype=np.int32),
            leaves=np.array([-1.0, 1.0, 1.0, -1.0]),
        ),
        usual=np.array([np.nan, 0.9]),
        made_from={"turns": 100, "people": 4, "shares": {"correct": 0.8, "nlu": 0.2}},
    )
