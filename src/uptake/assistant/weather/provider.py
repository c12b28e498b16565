"""Protocol of weather providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from uptake.assistant.knowledge.places import Place

__all__ = ["Outlook", "WeatherProvider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Weather of a place on a day."""

    place: str
    """Name of the place that it is about: the one asked for, or the nearest that is known."""
    day: date
    """The day."""
    low_c: float
    """Lowest temperature, in degrees Celsius."""
    high_c: float
    """Highest temperature, in degrees Celsius."""
    rain: float | None = None
    """Probability of rain or snow on that day, in [0, 1]."""
    is_forecast: bool = True
    """Whether it was forecast for this very day; False where it is what the season usually brings."""
    condition: str | None = None
    """The sky in words, for example "sunny", where it was forecast."""


@runtime_checkable
class WeatherProvider(Protocol):
    """Provider of the weather. Laws: None for a place or a day it does not cover; never raises."""

    def outlook(self, place: Place, day: date) -> Outlook | None:
        """Return the weather of a place on a day."""
