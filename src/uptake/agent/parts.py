"""What an assistant is made of."""

from __future__ import annotations

from dataclasses import dataclass

from uptake.agent.dialogue import AskPolicy
from uptake.agent.entities import Resolver
from uptake.agent.home.model import Home
from uptake.agent.keep import Keeper
from uptake.agent.memory import Memory
from uptake.agent.skills import Skills
from uptake.agent.understand import Understanding
from uptake.decide.context import ContextRanker
from uptake.decide.pipeline import Pipeline

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that the loop puts to work."""

    home: Home
    """What can be acted on."""
    memory: Memory
    """What is kept between requests."""
    skills: Skills
    """What can be asked."""
    understanding: Understanding
    """The readers."""
    resolver: Resolver
    """What slots refer to."""
    keeper: Keeper
    """The log, the traces, the conversation."""
    pipeline: Pipeline | None = None
    """What was learned about requests; None where nothing was."""
    ranker: ContextRanker | None = None
    """What was learned about contexts; None for a reader without context."""
    asks: AskPolicy | None = None
    """When to ask "did I get that right?"; None never to."""
