"""Intents and slots of a request: models, features, training."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="intent",
    kind="intents",
    help="The model that reads requests, trained again with labels, if it reads no worse.",
    options="label",
    artifact="uptake.understanding.intents.artifact:IntentModel",
    learner="uptake.assistant.readers.learn.retrain:IntentLearner",
    shipped="uptake.assistant.readers.bundled:bundled_model",
)
