"""Label the goals of a log: where each begins, and the probability that it was reached; `learn` trains the model."""

from __future__ import annotations

from uptake.capability import Capability
from uptake.insight.goals.features import Material
from uptake.insight.goals.label import Goal, begins, label, rated, reached
from uptake.insight.goals.unit_features import Unit

__all__ = ["CAPABILITY", "Goal", "Material", "Unit", "begins", "label", "rated", "reached"]

CAPABILITY = Capability(
    name="goals",
    kind="goal_labels",
    help="Model of goals: where they begin, and whether they were reached.",
    artifact="uptake.insight.goals.artifact:GoalLabels",
    learner="uptake.insight.goals.learn.weak_labels:GoalLearner",
)
