"""What an assistant is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from uptake.agent.dialogue import AskPolicy
from uptake.agent.entities import Resolver
from uptake.agent.home.model import Home
from uptake.agent.keep import Keeper
from uptake.agent.memory import Memory
from uptake.agent.skills import Skills
from uptake.agent.understand import Understanding
from uptake.decide.context import ContextRanker
from uptake.decide.pipeline import Pipeline

if TYPE_CHECKING:
    from uptake.agent.explore import Exploration

__all__ = ["Assigned", "Assigns", "Parts"]


class Assigned(Protocol):
    """What an experiment does with a person."""

    @property
    def arm(self) -> str:
        """The arm they are in."""
        ...

    @property
    def propensity(self) -> float:
        """Probability, in (0, 1], of that arm."""
        ...

    @property
    def rewrites(self) -> bool:
        """Whether rewrites are acted on in it."""
        ...


class Assigns(Protocol):
    """An experiment, as the loop sees it (`uptake.measure.experiment.Experiment`)."""

    def assign(self, user_id: str) -> Assigned:
        """The arm of a person: always the same."""
        ...


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
    explores: Exploration | None = None
    """What is left to chance, for the sake of what is learned; None for nothing."""
    experiment: Assigns | None = None
    """Who gets rewrites; None where everybody does."""
