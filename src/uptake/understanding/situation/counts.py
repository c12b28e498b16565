"""Counted use of readings in a context, as features beside those of the situation itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.artifact import FACETS, Who

if TYPE_CHECKING:
    from uptake.understanding.situation.artifact import ContextCounts

__all__ = ["COUNTED", "bare_key", "counted"]

COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "counted": "how often the reading was meant at all, on a logarithmic scale",
        **{f"counted_{facet}": f"how much likelier it was with this {facet}" for facet in FACETS},
    }
)
"""Feature -> what it asks; values lie in [-1, 1]."""

_FLOOR = 1e-4
_MOST = 4.0  # log odds: a facet that says more says no more


def bare_key(reading: Interpretation) -> str:
    """Return the key of a reading without its domain, as `uptake.understanding.situation.learn` counts it."""
    return "|" + reading.key.partition("|")[2]


def counted(
    text: str, candidates: Sequence[Interpretation], situation: Situation, contexts: ContextCounts
) -> list[dict[str, float]]:
    """Return features of each candidate, those that are 0 left out: the mean of what is known of reading and intent."""
    who = Who(situation.user_id, situation.home_id)
    values = _values(text, situation)
    rows: list[dict[str, float]] = [{} for _ in candidates]
    for names in ([bare_key(one) for one in candidates], [one.intent for one in candidates]):
        shares = contexts.shares(names, who)
        _add(rows, "counted", [math.log(max(share, _FLOOR) / _FLOOR) / -math.log(_FLOOR) for share in shares])
        for facet, value in values.items():
            lifts = contexts.lifts(facet, value, names, who, shares=shares)
            _add(rows, f"counted_{facet}", [max(-1.0, min(1.0, lift / _MOST)) for lift in lifts])
    return rows


def _values(text: str, situation: Situation) -> dict[str, str]:
    """Return the present value of each facet that is known."""
    context, last = situation.context, situation.recent[-1].interpretation if situation.recent else None
    known = {
        "device": context.device_type,
        "state": context.device_state,
        "room": context.room,
        "hour": context.local_time[:2] if context.local_time else None,
        "place": context.place,
        "activity": context.activity,
        "after": bare_key(last) if last is not None else None,
        "request": normalize(text),
    }
    return {facet: value for facet, value in known.items() if value}


def _add(rows: list[dict[str, float]], name: str, values: Sequence[float]) -> None:
    for row, value in zip(rows, values, strict=True):
        if value:
            row[name] = row.get(name, 0.0) + 0.5 * value
