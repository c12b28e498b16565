"""Concepts: words that people teach, and their effect in later requests."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="concepts",
    kind="concepts",
    pools=False,
    help="Concepts that people taught.",
    artifact="uptake.teaching.concepts.artifact:Concepts",
    learner="uptake.teaching.concepts.learn:ConceptLearner",
)
