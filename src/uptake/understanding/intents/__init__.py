"""Intents and slots of a request: models, features, training."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="intent",
    kind="intents",
    help="Intent model, trained again with labels from the log; published only if it is no less accurate.",
    options="label",
    artifact="uptake.understanding.intents.artifact:IntentModel",
    learner="uptake.assistant.readers.learn.retrain:IntentLearner",
    shipped="uptake.assistant.readers.bundled:bundled_model",
)
