"""Score the turns of dialogues: which were said again, which failed."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="reader",
    kind="readers",
    help="Model that detects defects and rephrases, trained on the log itself.",
    artifact="uptake.insight.dialogues.artifact:ReaderModel",
    learner="uptake.insight.dialogues.learn.from_log:ReaderLearner",
)
