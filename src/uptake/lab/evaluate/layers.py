"""Evaluate rewriting in simulated homes: the global layer alone, and with each person's own layer.

A town lives some days before anything is learned. Then the same people live the same days in three worlds: no rewrites,
global rewrites only (people are treated as strangers), and personal ones added. Each world learns every night from its
own log, as in the demo. The same seeds decide the goals and the recognition errors as long as a day runs alike, so that
the worlds are compared person by person. Wins and losses are known from the truth, because the simulator also gives the
request as it was heard to the assistant. Failures that the global layer leaves are decided again with each person's own
past: where they are lost, and what a personal layer with the truth would win (`layers_own`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from uptake.experiments.assignment import Experiment
from uptake.lab.evaluate.harness import bounded
from uptake.lab.evaluate.layers_own import lost
from uptake.lab.simulate.history import write_days
from uptake.lab.simulate.households import ZONE
from uptake.lab.simulate.nights import pass_nights
from uptake.lab.simulate.run import Assistant, Town, serving
from uptake.log.store import TurnLog
from uptake.types import Turn

__all__ = ["ARMS", "simulated"]

ARMS = ("control", "global", "personal")
"""The worlds: nothing rewritten; everybody's layer; everybody's and each person's own."""
_WORKERS = 2  # processes


def simulated(
    *,
    corpus: str = "fitted",
    seed: int = 0,
    homes: int = 160,
    before: int = 14,
    after: int = 7,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Simulate homes: defect rates by arm, reductions with intervals by person, wins and losses.

    Args:
        corpus: The recogniser that hears them: "fitted" or "book".
        seed: Of the town.
        homes: How many.
        before: Days before anything is learned.
        after: Days that are lived in each world.
        tell: Is told what is being done.
    """
    turns: list[Turn] = []
    own: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as kept, Town(homes=homes, seed=seed, workers=_WORKERS, channel=corpus) as town:
        past = Path(kept) / "past"
        tell(f"{before} days without anything learned")
        write_days(past, town, before)
        pass_nights(past, before - 1)
        for arm in ARMS:
            world = Path(kept) / arm
            shutil.copytree(past, world)
            tell(f"{after} days: {arm}")
            every = _lived(world, town, arm, range(before, before + after))
            turns += [turn for turn in every if turn.said_at >= _midnight(town, before)]
            if arm == "global":
                tell("what each person's own past could have taught")
                own = lost(world, every, seed=seed, start=town.start)
    return {**_figures(turns, seed), **own}


def _lived(world: Path, town: Town, arm: str, days: range) -> list[Turn]:
    """Simulate some days of a town in one world; return all of its turns."""
    everybody = Experiment(name=f"layers {arm}", arms={arm: 1.0}, unchanged=(), holdout=0.0)
    assistant = Assistant(pipeline=partial(serving, world), strangers=frozenset({"global"}))
    for day in days:
        if arm == "control":
            write_days(world, town, day + 1)
        else:
            write_days(world, town, day + 1, assistant=assistant, experiment=everybody)
            pass_nights(world, day)
    with TurnLog(world / "log") as log:
        return [replace(turn, arm=arm) for turn in log.read() if turn.truth is not None]


def _midnight(town: Town, day: int) -> datetime:
    return datetime.combine(town.start + timedelta(days=day), time(), tzinfo=ZoneInfo(ZONE))


def _figures(turns: list[Turn], seed: int) -> dict[str, Any]:
    arm = np.array([ARMS.index(turn.arm or "") for turn in turns])
    failed = np.array([bool(turn.truth and turn.truth.defect) for turn in turns])
    users = [turn.user_id for turn in turns]

    def rate(rows: Any, which: int) -> float:
        return float(failed[rows][arm[rows] == which].mean())

    def fewer(before: int, after: int, rows: Any) -> float:
        return 1.0 - rate(rows, after) / rate(rows, before)

    everything = np.arange(len(turns))
    found: dict[str, Any] = {"layers.simulated": True, "layers.turns": len(turns), "layers.people": len(set(users))}
    for number, name in enumerate(ARMS):
        found[f"layers.defect_rate_{name}"] = rate(everything, number)
    for name, before, after in (("global", 0, 1), ("personal_further", 1, 2), ("both", 0, 2)):
        found |= bounded(f"layers.{name}_reduction", partial(fewer, before, after), users, seed=seed)
    for name in ARMS[1:]:
        mine = [turn.truth for turn in turns if turn.arm == name and turn.acted_on is not None and turn.truth]
        wins = sum(bool(one.defect_as_heard) and not one.defect for one in mine)
        losses = sum(bool(one.defect) and one.defect_as_heard is False for one in mine)
        found |= {
            f"layers.{name}_wins": wins,
            f"layers.{name}_losses": losses,
            f"layers.{name}_neutral": len(mine) - wins - losses,
            f"layers.{name}_neutral_failed": sum(bool(one.defect) and one.defect_as_heard is True for one in mine),
        }
        found[f"layers.{name}_win_loss"] = round(wins / max(losses, 1), 2)
    return found
