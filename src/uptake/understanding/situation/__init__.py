"""Choose among readings by where and when a request is made."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="contexts",
    kind="contexts",
    help="Context model: which interpretation fits the room, the time and recent turns.",
    options="context",
    daily=True,
    artifact="uptake.understanding.situation.artifact:ContextCounts",
    learner="uptake.understanding.situation.learn:ContextLearner",
)
