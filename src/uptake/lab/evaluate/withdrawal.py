"""Evaluate withdrawal: its guarantees on drawn outcomes, and its results in a simulated town.

`guarantees` draws outcomes, and runs the product's own watch and rules: how often something harmless is withdrawn,
paused or refused by those who are asked, and how soon something harmful is. People react as rarely as those of the
town: of those who were served wrongly 26 % complain; P(defect) is 0.43 with a harmful rewrite, and 0.15 for a request
that works. `town` counts the same in the state directory of a demo, by the truth stored there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import NotReady
from uptake.experiments.canaries import Rules, decide_states
from uptake.experiments.exposures import Baseline, Exposure
from uptake.experiments.registry import Registry
from uptake.experiments.withdrawal import Watch
from uptake.lab.simulate.demo.true_effects import find
from uptake.log.schema import to_micros
from uptake.log.store import TurnLog
from uptake.rewriting.canaries import Canary

__all__ = ["guarantees", "town"]

_WHEN = datetime(2026, 1, 5, tzinfo=UTC)
_YES = (0.95, 0.8, 0.5, 0.05)  # shares of people who say yes
_COMPLAIN = {True: 0.26, False: 0.04}  # harmful -> share of turns that are complained about
_QUIET = {True: 0.23, False: 0.11}  # harmful -> what the signals say of the other turns, in the mean
_PAST = 12  # turns in which a request was left alone
_DEEDS = 8


def guarantees(*, seed: int = 0, runs: int = 1_000) -> dict[str, float]:
    """Measure how often rewrites are withdrawn, paused and proven, by drawn outcomes.

    Returns:
        Flat figures: `asked_*` by the share of people who say yes, `watched_*` of unasked deeds, `many_*` of hundreds
        watched together.
    """
    generator = np.random.default_rng(seed)
    found: dict[str, float] = {}
    for share in _YES:
        ends = [_asked(generator, share) for _ in range(runs)]
        key = f"asked_{share:.0%}_say_yes".replace("%", "")
        found |= {
            f"{key}.withdrawn": sum(state == "withdrawn" for state, _ in ends) / runs,
            f"{key}.proven": sum(state == "proven" for state, _ in ends) / runs,
            f"{key}.questions_mean": float(np.mean([asked for _, asked in ends])),
        }
    for harmful, name in ((False, "harmless"), (True, "harmful")):
        states = [_watched(generator, harmful=harmful) for _ in range(runs)]
        found |= {
            f"watched_{name}.paused_within_{_DEEDS}": sum("paused" in one for one in states) / runs,
            f"watched_{name}.asked_within_{_DEEDS}": sum("asking" in one for one in states) / runs,
            f"watched_{name}.withdrawn_within_100": sum("withdrawn" in one for one in states) / runs,
        }
    return found | _many(generator, runs=max(runs // 50, 1))


def town(*, data: Path, seed: int = 0) -> dict[str, Any]:
    """Count what the nights of a demo withdrew and paused, by the truth.

    Args:
        data: The state directory of a demo that has ended.
        seed: Nothing is drawn.

    Raises:
        NotReady: It is no such directory.
    """
    del seed
    started, about = Registry(data / "experiments").all(), data / "simulation.json"
    if not started or not about.exists():
        raise NotReady(f"--data {data}: holds no demo; make one with `uptake demo --state DIR --harm 20`")
    start = date.fromisoformat(json.loads(about.read_text(encoding="utf-8"))["town"]["start"])
    with TurnLog(data / "log") as log:
        seen = find(log, data, started[0], start=start).withdrawals
    return {
        "simulated": True,
        "guarantee.harmless_withdrawn_by_bets": 0.05,
        "town.watched": seen.watched,
        "town.asked_turns": seen.asked,
        "town.harmless": seen.harmless,
        "town.harmless_withdrawn_or_paused": seen.harmless_withdrawn / max(seen.harmless, 1),
        "town.planted_exposed": seen.planted_exposed,
        "town.planted_withdrawn_or_paused": seen.planted_withdrawn / max(seen.planted_exposed, 1),
        "town.harm_deeds_p50": seen.planted_turns,
    }


def _asked(generator: np.random.Generator, share: float) -> tuple[str, int]:
    """Ask people until the answers decide; (what became of it, answers)."""
    watch, known = Watch(), {"r": Canary("r", "asking", _WHEN, "")}
    for at in range(1_000):
        said = bool(generator.random() < share)
        if watch.add(Exposure("r", f"u{at}", False, 0.0, 1.0, "a", "b", True, said, to_micros(_WHEN))) is not None:
            return "withdrawn", at + 1
        if decide_states(watch, known, now=_WHEN, rules=Rules())["r"].state == "proven":
            return "proven", at + 1
    return "undecided", 1_000


def _watched(generator: np.random.Generator, *, harmful: bool) -> set[str]:
    """Act on a rewrite of a request that works, for different people; the states that it was in."""
    failed = float(_signals(generator, _PAST, harmful=False).sum())
    mean = failed / _PAST
    error = float(np.sqrt(mean * (1.0 - mean) / _PAST))
    watch = Watch({"r": Baseline(1.0 - min(mean + error, 1.0), None, "a", failed, _PAST)})
    states: set[str] = set()
    for at, defect in enumerate(_signals(generator, 100, harmful=harmful).tolist()):
        if watch.add(Exposure("r", f"u{at}", True, defect, 1.0, "a", "b")) is not None:
            return states | {"withdrawn"}
        if at < _DEEDS:
            states |= {one.state for one in decide_states(watch, {}, now=_WHEN, rules=Rules()).values()}
    return states


def _many(generator: np.random.Generator, *, runs: int) -> dict[str, float]:
    """Watch 200 rewrites together, 20 of them harmful, with the past known; share of false discoveries, and found."""
    false, found = [], []
    for _ in range(runs):
        names = {f"r{at}": at < 20 for at in range(200)}
        watch = Watch({name: Baseline(0.85, None, "a", 15.0, 100.0) for name in names})
        watch.extend(exposure for name, bad in names.items() for exposure in _deeds(generator, name, 60, harmful=bad))
        gone = watch.significant()
        false.append(sum(not names[name] for name in gone) / max(len(gone), 1))
        found.append(sum(names[name] for name in gone) / 20)
    return {"many.false_discoveries": float(np.mean(false)), "many.harmful_found_in_60": float(np.mean(found))}


def _deeds(generator: np.random.Generator, name: str, count: int, *, harmful: bool) -> Iterator[Exposure]:
    for at, defect in enumerate(_signals(generator, count, harmful=harmful).tolist()):
        yield Exposure(name, f"u{at}", True, defect, 1.0, "a", "b")


def _signals(generator: np.random.Generator, count: int, *, harmful: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return (count,) what the signals say of turns: a complaint, or a probability that varies."""
    quiet = generator.beta(4.0 * _QUIET[harmful], 4.0 * (1.0 - _QUIET[harmful]), count)
    return np.where(generator.random(count) < _COMPLAIN[harmful], 1.0, quiet)
