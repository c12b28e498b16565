"""Try learned rewrites on the assistant of a known home, in dry runs, for the gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uptake.config import build
from uptake.errors import MissingExtra
from uptake.release.state import State
from uptake.rewriting.guard import Guard
from uptake.types import Request

if TYPE_CHECKING:
    from uptake.assistant.loop import Agent

__all__ = ["Trials", "trials_of"]

_NOBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Trials:
    """Interpretations by the assistant of a home, and verdicts of its guard."""

    agent: Agent
    guard: Guard

    def understands(self, text: str) -> bool:
        """Tell whether the assistant would understand a text."""
        return bool(self.agent.read(Request(text=text, user_id=_NOBODY)))

    def doubts(self, request: str, acted_on: str) -> str | None:
        """Return why the second text is no rewrite of the first, which is understood surely; None if it may be one."""
        sure, dry = self.agent.preflight(Request(text=request, user_id=_NOBODY))
        doubt = self.guard.doubt(sure, dry.foresee(), dry.foresee(acted_on)) if sure >= self.guard.sure else None
        return None if doubt is None else f"{doubt.reason}, by what it would change here"


def trials_of(state: State) -> Trials | None:
    """Open the assistant of a known home for trials; None if no home is known, or libraries are missing."""
    if not state.knows_a_home:
        return None
    try:
        return Trials(state.assistant(), build(Guard, "guard", state.config))
    except (ImportError, MissingExtra):
        return None
