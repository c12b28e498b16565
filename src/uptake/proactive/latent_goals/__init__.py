"""Latent goals: what people often go on to after what they have just asked for."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="latent_goals",
    kind="goal_pairs",
    help="Goals that often follow a request; suggested to users who opted in.",
    daily=True,
    artifact="uptake.proactive.latent_goals.artifact:GoalPairs",
    learner="uptake.proactive.latent_goals.learn:LatentGoalLearner",
    proposes="uptake.proactive.latent_goals.step:LatentGoals",
)
