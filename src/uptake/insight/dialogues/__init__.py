"""Read dialogues turn by turn: what was said again, what failed."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="reader",
    kind="readers",
    help="Which turns failed and which say which again, taught by the log itself.",
    artifact="uptake.insight.dialogues.artifact:ReaderModel",
    learner="uptake.insight.dialogues.learn.from_log:ReaderLearner",
)
