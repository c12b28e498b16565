"""Match of a request with a template, and how matches rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uptake.types import Interpretation

if TYPE_CHECKING:
    from hassil.intents import IntentData

__all__ = ["Match", "Template"]

_PLACES = frozenset({"name", "area", "floor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Match of a request."""

    interpretation: Interpretation
    """Meaning of the match."""
    spans: tuple[tuple[str, int, int], ...]
    """(slot, start, end) of what was said of each slot, in the request."""
    literal: int
    """Characters matched by the template's own words."""
    wildcards: int
    """Slots that took any words."""
    free: int
    """Characters that those slots took."""
    named: int
    """Characters of the name of a device; 0 where none was said."""
    assumed: bool
    """Whether the room was taken from where the request was heard."""
    fit: int
    """1 where the class of device it speaks of is that of the named device, or is in the home; -1 where it is not."""
    odd: bool
    """Whether a slot for any words took some that it is hardly meant for: steering a device, its name, no number."""
    shipped: bool
    """Whether the template is one of Home Assistant's."""
    order: int
    """Position of the template."""
    response: str | None = None
    """Name of the response that the template asks for."""

    @property
    def rank(self) -> tuple[int, ...]:
        """Sort key that puts the best match first."""
        name = (-min(self.named, 1), -self.named)
        places = sum(slot in _PLACES for slot, _, _ in self.spans)
        wild = (-self.literal, self.free) if self.wildcards else (0, 0)
        return (*name, self.wildcards, *wild, -self.fit, int(not self.shipped), -self.literal, places, self.order)


@dataclass(frozen=True, slots=True)
class Template:
    """Sentence template."""

    intent: str
    """The intent it stands for."""
    data: IntentData
    """The template as the only one of its block."""
