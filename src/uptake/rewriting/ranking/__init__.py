"""Rank candidate rewrites at request time."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="ranker",
    kind="rankers",
    help="Weights of what may have been meant, by what came of it.",
    artifact="uptake.rewriting.ranking.artifact:Ranker",
    learner="uptake.rewriting.ranking.learn.cases:RankerLearner",
    steps=("uptake.rewriting.ranking.step:ServedOnline", "uptake.rewriting.ranking.nbest:HeardReading"),
)
