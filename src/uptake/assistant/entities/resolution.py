"""Result of resolving an interpretation: the entities, or the problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from uptake.assistant.home.model import Device
from uptake.types import Interpretation, ResolvedEntity

__all__ = ["Problem", "Resolution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Reason why a slot could not be resolved."""

    kind: Literal["ambiguous", "unknown", "missing"]
    """Two candidates are close; nothing is called so; a required slot was not said."""
    slot: str
    """The slot."""
    options: tuple[str, ...] = ()
    """Names to choose from, best first, where ambiguous; nearest names, where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Interpretation with its slots resolved to entities."""

    interpretation: Interpretation
    """The reading with canonical slot values."""
    targets: tuple[Device, ...] = ()
    """The devices that are meant."""
    entities: tuple[ResolvedEntity, ...] = ()
    """One for each slot that was resolved, with score and candidates."""
    problem: Problem | None = None
    """Problem that prevents the action; None where it can be done."""
