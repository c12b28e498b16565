"""Labels of intents and slots that the log makes without annotators."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="labels",
    kind="labels",
    help="What turns meant, as far as the log tells.",
    options="label",
    artifact="uptake.understanding.labels.artifact:Labels",
    learner="uptake.assistant.readers.learn.label:LabelLearner",
)
