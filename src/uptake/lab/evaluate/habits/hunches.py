"""Evaluate hunches in simulated homes with and without device habits.

The product learns from two weeks of state changes; in the two weeks after it is asked for hunches every ten minutes. A
hunch is right if the device was forgotten at that time; each is said once per device and day. The baseline reports a
device that is not at rest, if it was at rest at this hour on nine of ten days. Homes with devices that are five days
old show what is transferred from similar devices (`hunches.new`).

Limit: the homes are simulated (`uptake.lab.simulate.habits.devices`), and so is how often things are forgotten.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from time import thread_time_ns
from typing import Any

import numpy as np
import pyarrow as pa

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.lab.evaluate.harness import bounded
from uptake.lab.simulate.habits.devices import NEW_DEVICES, DeviceHome, device_home, home_with_new_devices
from uptake.log.timeline import SCHEMA, Change
from uptake.proactive.hunches.artifact import Expectations
from uptake.proactive.hunches.features import AT_REST
from uptake.proactive.hunches.learn import HunchLearner
from uptake.proactive.hunches.step import HunchOffers, ObservedState, hunches
from uptake.proactive.offers.artifact import OfferAnswers
from uptake.proactive.offers.offer import Occasion
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Standing
from uptake.types import DeviceState, Situation

__all__ = ["judged", "learned", "simulated"]

_HOMES, _LEARNED, _JUDGED = 60, 14, 14
_FIRST = 7_000
"""First seed of the homes that are judged; others served to choose the thresholds."""
_BEGINS = 20_458
"""First day: a Monday of January 2026, in days since 1970."""
_EVERY_MIN = 10
_DAY = 1440
_HOUR, _HOURS = 60, 24
_BASELINE = 0.9
_WEEK = 7

_OWN_DAYS = 5
"""Days for which new devices are known."""
_TIMED = 20
"""Homes in which a decision is timed."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Said = set[tuple[str, int]]
"""(device, day) of what was said."""


def simulated(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Compute precision of hunches and how many true ones there are, in homes that nothing was chosen on."""
    homes = {
        has_habits: [
            device_home(
                _FIRST + seed, number + 1000 * has_habits, days=_LEARNED + _JUDGED, first_day=_BEGINS,
                has_habits=has_habits,
            )
            for number in range(_HOMES)
        ]
        for has_habits in (True, False)
    }  # fmt: skip
    found: dict[str, Any] = {"hunches.homes": _HOMES, "hunches.habits": sum(home.habits for home in homes[True])}
    usual = learned([*homes[True], *homes[False]])
    if tell is not None:
        tell("learned; now living through two more weeks")
    ours = [judged(home, partial(_ours, usual)) for home in homes[True]]
    baseline = [judged(home, _baseline(home)) for home in homes[True]]
    names = [home.home_id for home in homes[True]]
    found |= _figures("hunches", ours, names, seed) | _figures("hunches.baseline_hourly", baseline, names, seed)
    found["hunches.forgotten"] = sum(one[2] for one in ours)
    without = [judged(home, partial(_ours, usual)) for home in homes[False]]
    found["hunches.homes_without"] = len(without)
    found["hunches.without_habit"] = sum(one[0] for one in without)
    found["hunches.bytes_a_home"] = _bytes(usual, names)
    return found | _alike(seed) | _speed(usual, homes[True][:_TIMED])


def learned(homes: Sequence[DeviceHome]) -> Expectations:
    """Learn as the product does from the first weeks of some homes."""
    until = (_BEGINS + _LEARNED) * _DAY
    rows = [
        Change(home.home_id, entity, minute * 60_000_000, minute, state)
        for home in homes
        for minute, entity, state in home.changes
        if minute < until
    ]
    table = pa.Table.from_pylist([row._asdict() for row in rows], schema=SCHEMA)
    engine = LocalEngine()
    counts = EngineStatistics(engine, [engine.table(HunchLearner.counted, timeline=table)])
    return HunchLearner().solve(counts, homes[0].names if homes else None)


Says = Callable[[DeviceHome, Mapping[str, ObservedState], int], Iterable[str]]


def judged(home: DeviceHome, says: Says) -> tuple[int, int, int]:
    """Live through the weeks after; returns how many hunches were said, how many were right, and what was forgotten."""
    begins, ends = (_BEGINS + _LEARNED) * _DAY, (_BEGINS + _LEARNED + _JUDGED) * _DAY
    devices: dict[str, ObservedState] = {}
    changes, place = home.changes, 0
    said: Said = set()
    right = 0
    for now in range(begins, ends, _EVERY_MIN):
        while place < len(changes) and changes[place][0] <= now:
            at, entity, state = changes[place]
            if entity not in devices or devices[entity].state != state:
                devices[entity] = ObservedState(state, at)
            place += 1
        for entity in says(home, devices, now):
            day = (now - 4 * _HOUR) // _DAY
            if (entity, day) not in said:
                said.add((entity, day))
                right += any(
                    one.entity_id == entity and one.forgotten and one.begins <= now < one.ends for one in home.lapses
                )
    forgotten = sum(one.forgotten and begins <= one.begins < ends for one in home.lapses)
    return len(said), right, forgotten


def _ours(usual: Expectations, home: DeviceHome, devices: Mapping[str, ObservedState], now: int) -> list[str]:
    return [one.usual.entity_id for one in hunches(usual.of(home.home_id), devices, now)]


def _baseline(home: DeviceHome) -> Says:
    """Count, for each device and hour, on which share of the days it was in its commonest state."""
    until = (_BEGINS + _LEARNED) * _DAY
    seen: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_device: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for minute, entity, state in home.changes:
        if minute < until and not entity.startswith("person."):
            by_device[entity].append((minute, state))
    for entity, changes in by_device.items():
        at = np.array([minute for minute, _ in changes])
        for hour in range(_BEGINS * _HOURS, until // _HOUR):
            place = int(np.searchsorted(at, hour * _HOUR, side="right")) - 1
            if place >= 0:
                seen[entity, hour % _HOURS][changes[place][1]] += 1

    def says(_home: DeviceHome, devices: Mapping[str, ObservedState], now: int) -> Iterable[str]:
        for entity, one in devices.items():
            counts = seen.get((entity, now // _HOUR % _HOURS), {})
            best = max(counts, key=lambda state: counts[state], default=one.state)
            if best in AT_REST and best != one.state and counts[best] >= _BASELINE * sum(counts.values()):
                yield entity

    return says


def _figures(name: str, rows: Sequence[tuple[int, int, int]], homes: Sequence[str], seed: int) -> dict[str, Any]:
    counts = np.array(rows, dtype=np.float64)

    def precision(at: Any) -> float:
        return float(counts[at, 1].sum() / max(1.0, counts[at, 0].sum()))

    def recall(at: Any) -> float:
        return float(counts[at, 1].sum() / max(1.0, counts[at, 2].sum()))

    def a_week(at: Any) -> float:
        return float(counts[at, 1].mean() / (_JUDGED / _WEEK))

    return {
        f"{name}.said": int(counts[:, 0].sum()),
        **bounded(f"{name}.precision", precision, homes, seed=seed),
        **bounded(f"{name}.recall", recall, homes, seed=seed),
        **bounded(f"{name}.per_home_week", a_week, homes, seed=seed),
    }


def _alike(seed: int) -> dict[str, Any]:
    """Judge hunches about devices that came a few days ago: one is used like another of the home, one at random.

    By their own history alone nothing is said of either (`own_habits`).
    """
    days, new_after = _LEARNED + _JUDGED, _LEARNED - _OWN_DAYS
    homes = [
        home_with_new_devices(_FIRST + seed, number, days=days, first_day=_BEGINS, new_after=new_after)
        for number in range(_HOMES)
    ]
    usual = learned(homes)

    def says(home: DeviceHome, devices: Mapping[str, ObservedState], now: int) -> list[str]:
        return [entity for entity in _ours(usual, home, devices, now) if entity in NEW_DEVICES]

    found = _figures("hunches.new", [judged(home, says) for home in homes], [home.home_id for home in homes], seed)
    own = sum(row.like is None for row in usual.rows() if row.entity_id in NEW_DEVICES)
    return {
        **found,
        "hunches.new.own_habits": own,
        "hunches.new.lent": sum(row.like is not None for row in usual.rows()),
    }


def _speed(usual: Expectations, homes: Sequence[DeviceHome]) -> dict[str, float]:
    """Time one decision, from the proposal to the policy's choice, on the CPU of this thread."""
    proposer, policy = HunchOffers(usual, "timed"), OfferPolicy(kinds=("all",), quiet="")
    took, begins = [], (_BEGINS + _LEARNED) * _DAY
    for home in homes:
        devices = {entity: (state, at) for at, entity, state in home.changes if at < begins}
        states = tuple(
            DeviceState(entity, home.names.get(entity, entity), state, _EPOCH + timedelta(minutes=at))
            for entity, (state, at) in devices.items()
        )
        situation = Situation(home_id=home.home_id, devices=states)
        for minute in range(begins, begins + _DAY, _EVERY_MIN):
            now = _EPOCH + timedelta(minutes=minute)
            occasion = Occasion(turn_id=str(minute), user_id="user", now=now, situation=situation)
            began = thread_time_ns()
            policy.choose(list(proposer(occasion)), occasion, Standing(), OfferAnswers())
            took.append((thread_time_ns() - began) / 1e6)
    return {"hunches.decide_ms_p50": float(np.median(took)), "hunches.decide_ms_p99": float(np.quantile(took, 0.99))}


def _bytes(usual: Expectations, homes: Iterable[str]) -> int:
    """Return the largest size, as JSON, of what is kept of one home."""
    return max(len(json.dumps([row.as_json() for row in usual.of(home)]).encode()) for home in homes)
