"""Routines: actions that people of a home ask for together, again and again."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="routines",
    kind="routines",
    help="Actions that a home requests together, at one part of the day.",
    artifact="uptake.proactive.routines.artifact:Routines",
    learner="uptake.proactive.routines.learn:RoutineLearner",
    daily=True,
    proposes="uptake.proactive.routines.step:RoutineOffers",
)
