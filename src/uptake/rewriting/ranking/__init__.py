"""Rank candidate rewrites at request time."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="ranker",
    kind="rankers",
    help="Ranker of rewrite candidates, trained on their outcomes in the log.",
    artifact="uptake.rewriting.ranking.artifact:Ranker",
    learner="uptake.rewriting.ranking.learn.cases:RankerLearner",
    steps=("uptake.rewriting.ranking.step:ServedOnline", "uptake.rewriting.ranking.nbest:HeardReading"),
)
