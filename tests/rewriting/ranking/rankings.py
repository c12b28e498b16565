"""Small rankers to test with: one tree a forest, grown by hand."""

import numpy as np

from uptake.ml.forest import Forest
from uptake.rewriting.ranking.artifact import Head, Person, Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.fluency import Fluency


def stump(column=0, threshold=0.5, low=-2.0, high=2.0):
    """`low` up to the threshold, `high` above it."""
    return Forest(
        roots=np.array([0], dtype=np.int32),
        column=np.array([column], dtype=np.int32),
        threshold=np.array([threshold]),
        left=np.array([-1], dtype=np.int32),
        right=np.array([-2], dtype=np.int32),
        leaves=np.array([low, high]),
    )


def no_trees():
    return Forest(
        roots=np.zeros(0, dtype=np.int32),
        column=np.zeros(0, dtype=np.int32),
        threshold=np.zeros(0),
        left=np.zeros(0, dtype=np.int32),
        right=np.zeros(0, dtype=np.int32),
        leaves=np.zeros(0),
    )


def head(*, on="sound", above=0.8, threshold=0.0, features=FEATURES, **options):
    """Believes in candidates whose feature is above a value, and that acting on a believed one wins."""
    right = stump(features.index(on), above, -3.0, 2.0)
    return Head(
        features=features,
        right=right,
        said=no_trees(),
        win=stump(0, 0.5, -3.0, 1.0),
        loss=stump(0, 0.5, 1.0, -3.0),
        threshold=threshold,
        target=8.5,
        **options,
    )


def ranker(people=None, **heads):
    return Ranker(
        heads=heads,
        fluency=Fluency.of(["play imagine dragons", "turn on the light", "what's the time"]),
        everybody=Person(requests=100.0, repeats=40.0, wins=90.0, losses=10.0),
        people=people or {},
    )
