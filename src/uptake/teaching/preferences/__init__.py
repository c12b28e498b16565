"""Preferences: statements of people about themselves and their household."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="preferences",
    kind="preferences",
    pools=False,
    help="Preferences that people stated about themselves and their household.",
    artifact="uptake.teaching.preferences.artifact:Preferences",
    learner="uptake.teaching.preferences.learn:PreferenceLearner",
)
