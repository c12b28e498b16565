"""Find the failure point of a turn: the stage that failed first."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="failures",
    kind="failures",
    help="Failure rate of each stage of the assistant, in this log.",
    artifact="uptake.insight.failures.artifact:FailureModel",
    learner="uptake.insight.failures.learn.train:FailureLearner",
)
