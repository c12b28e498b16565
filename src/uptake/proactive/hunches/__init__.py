"""Hunches: what is usual of the devices of a home, and is not so now."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="hunches",
    kind="hunches",
    help="Usual states of a home's devices, by time of day, presence and other devices.",
    artifact="uptake.proactive.hunches.artifact:Expectations",
    learner="uptake.proactive.hunches.learn:HunchLearner",
    daily=True,
    proposes="uptake.proactive.hunches.step:HunchOffers",
)
