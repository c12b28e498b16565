"""Count devices that are alike together, where one of them has too short a history of its own.

A device is a vector: the letters of its name and room, its kind, and the share of each hour of the day that it is not
at rest. Near vectors are devices alike; where one of them has a usual time, and all the days of the other agree, both
histories are counted together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.proactive.days import DAY_MIN
from uptake.proactive.hunches.artifact import Expectation
from uptake.proactive.hunches.features import AT_REST, WATCHED
from uptake.proactive.hunches.learn.by_clock import timed
from uptake.proactive.hunches.learn.series import Rules, Series
from uptake.text.ngrams import letter_grams

__all__ = ["Names", "borrowed", "embedding"]

Names = Mapping[str, str]
"""Name of each device with its room, by `entity_id`."""

_DIMS = 32
_NAME, _KIND, _HOURS = 0.3, 0.3, 0.4
"""Weights of the parts of a vector."""
_NEAR = 0.75
"""Least cosine of two devices alike."""
_OWN_DAYS = 3
"""Fewest days of its own that must agree."""
_HOUR_MIN = 60


def borrowed(
    series: Mapping[str, Series], found: Sequence[Expectation], names: Names, rules: Rules
) -> list[Expectation]:
    """Return what is usual of devices whose own history is too short, by devices alike."""
    known = {(row.entity_id, row.state) for row in found}
    vectors = {
        entity: embedding(entity, names.get(entity, entity), one)
        for entity, one in series.items()
        if entity.partition(".")[0] in WATCHED
    }
    lent: list[Expectation] = []
    for entity, vector in vectors.items():
        near = [
            (float(vector @ vectors[row.entity_id]), row)
            for row in found
            if row.by is not None and row.entity_id != entity and (entity, row.state) not in known
            and row.entity_id.partition(".")[0] == entity.partition(".")[0]
        ]  # fmt: skip
        likeness, lender = max(near, key=lambda pair: (pair[0], pair[1].name), default=(0.0, None))
        if lender is not None and likeness >= _NEAR:
            row = _together(entity, series[entity], lender, rules)
            lent += [row] if row is not None else []
    return lent


def _together(entity: str, one: Series, other: Expectation, rules: Rules) -> Expectation | None:
    """Return a device's own few days with those of a device alike; None where they do not agree."""
    few = rules._replace(min_days=_OWN_DAYS, min_share=0.0)
    own = max(
        (
            row
            for which in ("last", "first")
            if (row := timed(entity, other.state, one, other.weekdays, which, few)) is not None
        ),
        key=lambda row: row.days,
        default=None,
    )
    if own is None or own.by is None or other.by is None or own.days < own.of_days or own.of_days >= rules.min_days:
        return None
    if own.usual is None or other.usual is None or abs(own.usual - other.usual) > _HOUR_MIN:
        return None
    days, of_days = own.days + other.days, own.of_days + other.of_days
    share = rules.share(days, of_days)
    latest = max(own.by, other.by)
    return replace(own, days=days, of_days=of_days, share=share, by=latest, like=other.entity_id)


def embedding(entity: str, name: str, one: Series) -> NDArray[np.float64]:
    """Return the vector of a device, of length 1.

    Args:
        entity: Its `entity_id`.
        name: Its name and room.
        one: Its history.
    """
    letters, kind = np.zeros(_DIMS), np.zeros(_DIMS)
    for gram in letter_grams(name.lower().split()):
        letters[gram % _DIMS] += 1.0
    kind[xxhash.xxh32_intdigest(entity.partition(".")[0].encode()) % _DIMS] = 1.0
    parts = zip((_NAME, _KIND, _HOURS), (letters, kind, _hours(one)), strict=True)
    whole = np.concatenate([np.sqrt(weight) * _unit(part) for weight, part in parts])
    return _unit(whole)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _hours(one: Series) -> NDArray[np.float64]:
    """Count, for each hour of the day, how often a device is in use, which is not at rest."""
    ends = [*one.at[1:], one.until]
    hours = np.zeros(DAY_MIN // _HOUR_MIN)
    for at, end, state in zip(one.at, ends, one.states, strict=True):
        if state not in AT_REST:
            for minute in range(at, min(end, at + DAY_MIN), 15):
                hours[minute % DAY_MIN // _HOUR_MIN] += 1.0
    return hours
