"""The wording of questions: short, and as people ask."""

from __future__ import annotations

from uptake.agent.entities.resolution import Problem, Resolution
from uptake.agent.skills.skill import Intent
from uptake.types import Interpretation

__all__ = ["FEEDBACK", "confirmation", "question"]

FEEDBACK = "Did I get that right?"
"""The question of `AskPolicy`."""


def confirmation(resolution: Resolution) -> str:
    """The question before something critical is done."""
    return "Shall I?"


def question(problem: Problem, interpretation: Interpretation, intent: Intent | None = None) -> str:
    """What to ask, or to say, where a reading could not be resolved."""
    return "Which one?"
