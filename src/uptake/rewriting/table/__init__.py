"""Rewrites of whole requests, looked up by their text."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="rewrites",
    kind="rewrites",
    help="Rewrite table, learned from requests that people rephrased.",
    options="markov",
    daily=True,
    artifact="uptake.rewriting.table.artifact:RewriteTable",
    learner="uptake.rewriting.table.learn.markov:MarkovRewriter",
    steps=("uptake.rewriting.table.step:ExactRewrite",),
)
