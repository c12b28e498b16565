"""Retrieve candidates from earlier requests of this person and of others, the nearest evidence first: see `cascade`."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="index",
    kind="index",
    help="Index of requests that work, for everybody and for each user.",
    options="retrieve",
    daily=True,
    artifact="uptake.rewriting.retrieval.artifact:RequestIndex",
    learner="uptake.rewriting.retrieval.learn:RetrieveLearner",
    steps=("uptake.rewriting.retrieval.fallback:Recall", "uptake.rewriting.retrieval.near:NearRewrite"),
)
