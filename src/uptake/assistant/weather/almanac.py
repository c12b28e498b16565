"""Almanac of usual weather: climate normals by month, interpolated linearly between the middles of months.

The table (`normals.tsv`) was written for this project from general knowledge of these climates, rounded to whole
degrees and days: it is no measurement and no forecast, and every answer made of it says "usually".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from uptake.assistant.knowledge.places import Place, find_place
from uptake.assistant.weather.provider import Outlook

__all__ = ["Almanac"]

_NEAR_KM = 150.0
_EARTH_KM = 6_371.0
_DAYS = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Normals:
    """Climate of a town: twelve values each, January first."""

    place: Place
    low_c: tuple[float, ...]
    high_c: tuple[float, ...]
    wet: tuple[float, ...]  # share of days with rain or snow


class Almanac:
    """Usual weather by season, for some sixty towns and places within 150 km of them.

    >>> from uptake.assistant.knowledge.places import find_place
    >>> usual = Almanac().outlook(find_place("London"), date(2026, 7, 15))
    >>> usual.is_forecast, 20 < usual.high_c < 27
    (False, True)
    """

    def outlook(self, place: Place, day: date) -> Outlook | None:
        """Return the usual weather there at that time of the year; None where no known town is near."""
        normals = _nearest(place)
        if normals is None:
            return None
        return Outlook(
            place=place.name if normals.place.country == place.country else normals.place.name,
            day=day,
            low_c=_on(normals.low_c, day),
            high_c=_on(normals.high_c, day),
            rain=_on(normals.wet, day),
            is_forecast=False,
        )


def _on(monthly: tuple[float, ...], day: date) -> float:
    """Interpolate a monthly value for a day, between the middles of two months."""
    middle = date(day.year, day.month, 15)
    other = middle + timedelta(days=30 if day >= middle else -30)
    away = abs((day - middle).days) / 30.4
    here, there = monthly[day.month - 1], monthly[other.month - 1]
    return here + (there - here) * away


def _nearest(place: Place) -> _Normals | None:
    normals = _normals()
    exact = next((each for each in normals if each.place.name == place.name), None)
    if exact is not None:
        return exact
    near = min(normals, key=lambda each: _km(each.place, place))
    return near if _km(near.place, place) <= _NEAR_KM else None


def _km(left: Place, right: Place) -> float:
    """Return the distance on the sphere, by the haversine formula."""
    north, south = math.radians(left.latitude), math.radians(right.latitude)
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(math.radians(left.longitude - right.longitude) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


@cache
def _normals() -> tuple[_Normals, ...]:
    text = (files("uptake.assistant.weather") / "normals.tsv").read_text("utf-8")
    towns = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, *columns = line.split("\t")
            low, high, wet = (tuple(float(value) for value in column.split()) for column in columns)
            place = find_place(name)
            if place is not None:
                share = tuple(min(1.0, days / length) for days, length in zip(wet, _DAYS, strict=True))
                towns.append(_Normals(place=place, low_c=low, high_c=high, wet=share))
    return tuple(towns)
