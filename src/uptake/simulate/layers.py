"""What rewriting at request time is worth in simulated homes: everybody's layer alone, and with each person's own.

A town lives some days before anything is learned, then in three arms: nothing rewritten, what serves everybody (people
are decided for as strangers), and their own past beside it. Nights learn as in the demo. Win and loss of a rewritten
turn are known from the truth, because the simulator also puts the request to the assistant as it was heard.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from uptake.log.store import TurnLog
from uptake.measure.bootstrap import interval
from uptake.measure.experiment import Experiment
from uptake.simulate.history import write_days
from uptake.simulate.nights import spend
from uptake.simulate.run import Assistant, Town, serving
from uptake.types import Turn

__all__ = ["ARMS", "simulated"]

ARMS = ("control", "global", "personal")
"""Nothing rewritten; everybody's layer; everybody's and each person's own."""

_EXPERIMENT = Experiment(
    name="layers", arms={"control": 0.34, "global": 0.33, "personal": 0.33}, unchanged=("control",), holdout=0.0
)
_HOMES, _BEFORE, _AFTER = 240, 3, 3


def simulated(*, seed: int = 0) -> dict[str, Any]:
    """Defect rates by arm, reductions with intervals by person, wins and losses.

    Args:
        seed: Of the town.
    """
    with tempfile.TemporaryDirectory() as kept, Town(homes=_HOMES, seed=seed, workers=2) as town:
        directory = Path(kept)
        assistant = Assistant(pipeline=partial(serving, directory), strangers=frozenset({"global"}))
        for day in range(_BEFORE + _AFTER):
            learned = day >= _BEFORE
            if sys.stderr.isatty():
                sys.stderr.write(f"day {day + 1} of {_BEFORE + _AFTER}\n")
            given = {"assistant": assistant, "experiment": _EXPERIMENT} if learned else {}
            write_days(directory, town, day + 1, **given)  # type: ignore[arg-type]
            if day >= _BEFORE - 1:
                spend(directory, day)
        with TurnLog(directory / "log") as log:
            turns = [turn for turn in log.read() if turn.arm is not None and turn.truth is not None]
    return _figures(turns, seed)


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
        low, high = interval(partial(fewer, before, after), users, seed=seed)
        value = fewer(before, after, everything)
        key = f"layers.{name}_reduction"
        found |= {key: value, f"{key}_low": low, f"{key}_high": high}
    for name in ARMS[1:]:
        mine = [turn.truth for turn in turns if turn.arm == name and turn.acted_on is not None and turn.truth]
        wins = sum(bool(one.defect_as_heard) and not one.defect for one in mine)
        losses = sum(bool(one.defect) and one.defect_as_heard is False for one in mine)
        found |= {f"layers.{name}_wins": wins, f"layers.{name}_losses": losses}
        found[f"layers.{name}_win_loss"] = round(wins / max(losses, 1), 2)
    return found
