"""Make labels of intents and slots from the log, without annotators."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="labels",
    kind="labels",
    help="Intent and slot labels of turns, inferred from the log.",
    options="label",
    artifact="uptake.understanding.labels.artifact:Labels",
    learner="uptake.assistant.readers.learn.label:LabelLearner",
)
