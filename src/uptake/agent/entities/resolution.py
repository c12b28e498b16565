"""What resolving a reading gives: the things that are meant, or why that is not clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from uptake.agent.home.model import Device
from uptake.types import Interpretation, ResolvedEntity

__all__ = ["Problem", "Resolution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a slot could not be resolved."""

    kind: Literal["ambiguous", "unknown", "missing"]
    """Two candidates are close; nothing is called so; a required slot was not said."""
    slot: str
    """The slot."""
    options: tuple[str, ...] = ()
    """Names to choose from, best first, where ambiguous; nearest names, where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A reading tied to what exists."""

    interpretation: Interpretation
    """The reading with canonical slot values."""
    targets: tuple[Device, ...] = ()
    """The devices that are meant."""
    entities: tuple[ResolvedEntity, ...] = ()
    """One for each slot that was resolved, with score and candidates."""
    problem: Problem | None = None
    """What stands in the way; None where it can be done."""
