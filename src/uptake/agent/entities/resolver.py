"""From the words of a reading to the things that are meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from uptake.agent.entities.catalogue import Catalogue
from uptake.agent.entities.resolution import Resolution
from uptake.agent.home.model import Home
from uptake.agent.memory import Memory
from uptake.agent.skills.skill import Intent, Skill
from uptake.types import Interpretation, Situation

__all__ = ["Resolver", "Skilled"]


class Skilled(Protocol):
    """What the resolver needs to know of the skills (`uptake.agent.skills.Skills`)."""

    @property
    def intents(self) -> Mapping[str, Intent]:
        """Every intent, by name."""
        ...

    @property
    def skills(self) -> Sequence[Skill]:
        """Every skill."""
        ...


class Resolver:
    """Ties the slots of a reading to what exists."""

    def __init__(
        self,
        home: Home,
        skills: Skilled,
        *,
        catalogue: Catalogue | None = None,
        lists: Iterable[str] = (),
        people: Iterable[str] = (),
        places: Iterable[str] = (),
    ) -> None:
        self.home, self.skills = home, skills
        self.catalogue = Catalogue.shipped() if catalogue is None else catalogue

    def resolve(
        self,
        interpretation: Interpretation,
        situation: Situation,
        memory: Memory | None = None,
        *,
        text: str | None = None,
    ) -> Resolution:
        """The things that are meant, or why that is not clear. Never raises, whatever the slots.

        Args:
            interpretation: The reading.
            situation: Where and when.
            memory: What the assistant keeps: its lists.
            text: The request, to see whether it says "all".
        """
        return Resolution(interpretation=interpretation)

    def readings(
        self, interpretation: Interpretation, situation: Situation, limit: int = 4, *, text: str | None = None
    ) -> tuple[Interpretation, ...]:
        """One reading for each plausible resolution, best first: what the context is to choose among."""
        return (interpretation,)
