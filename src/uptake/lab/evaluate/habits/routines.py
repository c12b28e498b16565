"""Evaluate routine detection in homes of the simulated town with and without planted routines.

Requests pass the town's recogniser, readers and skills into a log, and the product learns from that log. A detected
routine is right if all its actions belong to one planted routine of that home, and are at least two thirds of it. The
baseline takes every two actions that were adjacent on as many days.

The town is simulated twice: with a recogniser that is hardly ever wrong, to evaluate detection alone, and with the
fitted one (`routines.misheard`), through which a third of all requests fail at first.

Limit: the routines are simulated (`uptake.lab.simulate.habits.routines`); real people may have others.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from uptake.engine.local import LocalEngine
from uptake.lab.evaluate.harness import bounded
from uptake.lab.simulate.habits.routines import planted
from uptake.lab.simulate.households import household
from uptake.lab.simulate.run import Town, stand_of
from uptake.log.store import TurnLog
from uptake.proactive.routines.features import bare, is_action
from uptake.proactive.routines.learn import RoutineLearner
from uptake.release.solve import learn
from uptake.types import Turn

__all__ = ["judged", "meant", "simulated"]

_HOMES, _DAYS, _SHARE = 40, 14, 0.6
_TOWNS = {"routines": -2.0, "routines.misheard": 0.0}
"""Prefix of figures -> how hard the recogniser finds it: hardly ever wrong, and as often as the fitted one."""
_FIRST = 5_000
"""First seed of the towns that are judged; other towns served to choose the thresholds."""
_WHOLE = 2 / 3
"""Share of a planted routine that must be found."""

Actions = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Detected routines of one home, compared with the planted ones."""

    found: int
    right: int
    planted: int
    hit: int


def simulated(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Compute precision and recall of routines after two weeks of homes that nothing was chosen on."""
    figures: dict[str, Any] = {"routines.homes": _HOMES, "routines.days": _DAYS}
    for name, harder in _TOWNS.items():
        figures |= _of_town(name, Town(homes=_HOMES, seed=_FIRST + seed, routines=_SHARE, harder=harder), seed, tell)
    return figures


def _of_town(name: str, town: Town, seed: int, tell: Callable[[str], None] | None) -> dict[str, Any]:
    turns: list[Turn] = []
    for day in range(_DAYS):
        turns += town.live(day)
        if tell is not None:
            tell(f"{name}: day {day + 1} of {_DAYS}")
    truth = {f"home-{number:05d}": meant(town.seed, number) for number in range(town.homes)}
    ours = judged(_ours(turns), truth)
    baseline = judged(_next_to(turns, RoutineLearner().min_days), truth)
    without = [home for home, there in truth.items() if not there]
    return {
        f"{name}.turns": len(turns),
        f"{name}.planted": sum(one.planted for one in ours.values()),
        f"{name}.found": sum(one.found for one in ours.values()),
        **_figures(name, ours, seed),
        **_figures(f"{name}.baseline_next_to", baseline, seed),
        f"{name}.homes_without": len(without),
        f"{name}.found_without": sum(ours[home].found for home in without),
    }


def meant(seed: int, number: int) -> list[Actions]:
    """Return what each planted routine of a home does, as the assistant reads it there."""
    home = household(seed, number)
    stand, origin = stand_of(home.layout), home.listeners[0].origin
    return [
        frozenset(bare(stand.do(origin, one.truth).meaning) for one in routine.goals)
        for routine in planted(seed, number, _SHARE)
    ]


def _ours(turns: Sequence[Turn]) -> dict[str, list[Actions]]:
    """Learn as the product does: turns on disk, marked, counted, solved."""
    found: dict[str, list[Actions]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as directory, TurnLog(Path(directory) / "log") as log:
        log.append(turns)
        report = learn(log, LocalEngine(), [RoutineLearner()], Path(directory) / "learning")[0]
        for row in report.artifact.rows():  # type: ignore[attr-defined]
            found[row.home_id].append(frozenset(row.readings))
    return found


def _next_to(turns: Sequence[Turn], min_days: int) -> dict[str, list[Actions]]:
    """Take actions of a person that came next to each other on many days, whenever: the baseline."""
    seen: dict[tuple[str, Actions], set[object]] = defaultdict(set)
    last: dict[str, tuple[object, str]] = {}
    for turn in sorted(turns, key=lambda one: one.said_at):
        key = turn.interpretation.key if turn.interpretation is not None and turn.status == "ok" else ""
        if not is_action(key) or turn.home_id is None:
            continue
        day, before = last.get(turn.user_id, (None, ""))
        if day == turn.said_at.date() and before != bare(key):
            seen[turn.home_id, frozenset((before, bare(key)))].add(day)
        last[turn.user_id] = (turn.said_at.date(), bare(key))
    found: dict[str, list[Actions]] = defaultdict(list)
    for (home, pair), days in seen.items():
        if len(days) >= min_days:
            found[home].append(pair)
    return found


def judged(found: dict[str, list[Actions]], truth: dict[str, list[Actions]]) -> dict[str, _Verdict]:
    """Judge what was found in each home.

    Args:
        found: Home -> what each routine does that was found there.
        truth: Home -> what each planted routine does.
    """
    verdicts = {}
    for home, there in truth.items():
        right = [one for one in found.get(home, ()) if any(_is(one, other) for other in there)]
        hit = [other for other in there if any(_is(one, other) for one in right)]
        verdicts[home] = _Verdict(len(found.get(home, ())), len(right), len(there), len(hit))
    return verdicts


def _is(found: Collection[str], there: Actions) -> bool:
    return set(found) <= there and len(found) >= _WHOLE * len(there)


def _figures(name: str, verdicts: dict[str, _Verdict], seed: int) -> dict[str, Any]:
    rows = list(verdicts.values())
    people = list(verdicts)

    def share(part: str, whole: str) -> Callable[..., float]:
        parts = np.array([(getattr(one, part), getattr(one, whole)) for one in rows], dtype=np.float64)
        return lambda at: float(parts[at, 0].sum() / max(1.0, parts[at, 1].sum()))

    return {
        **bounded(f"{name}.precision", share("right", "found"), people, seed=seed),
        **bounded(f"{name}.recall", share("hit", "planted"), people, seed=seed),
    }
