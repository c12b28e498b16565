"""Write days of a town into the log of a state directory; an interrupted run continues where it stopped.

`simulation.json` beside the log holds the town's configuration and the number of days done. A day is written block by
block and counted when it is complete. After an interruption, the incomplete day is simulated again with the same turns,
and the log keeps each turn once. A directory that holds another simulation is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from uptake.assistant.components import Assigns
from uptake.errors import BadConfig, BadRecord
from uptake.lab.simulate.run import Assistant, Town
from uptake.log.store import TurnLog
from uptake.store.durable import replace_text
from uptake.types import Turn

__all__ = ["Progress", "Written", "days_done", "write_days"]

_FILE = "simulation.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of writing a history."""

    day: int
    """Number of the day that is being lived, from 0."""
    turns: int
    """Turns written since the call."""
    share: float
    """Share, in [0, 1], of the work of this call that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Summary of one call."""

    first_day: int
    """The first day it lived."""
    days: int
    """Number of days that the log holds now."""
    turns: int
    """Turns written by this call."""
    defects: int
    """Turns of this call that failed their user, by the truth."""
    seconds: float
    """Duration of the call."""


def days_done(directory: Path, town: Town) -> int:
    """Count the whole days of a town that a state directory holds; 0 for a new directory.

    Raises:
        BadConfig: It holds another simulation.
        BadRecord: What is written there cannot be read.
    """
    path = directory / _FILE
    if not path.exists():
        return 0
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        done, known = int(kept["days_done"]), kept["town"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRecord("is not the record of a simulation; name another directory", file=str(path)) from error
    wanted = _configuration(town)
    differ = sorted(name for name in known.keys() | wanted.keys() if known.get(name) != wanted.get(name))
    if differ:
        raise BadConfig(
            f"{directory} holds another simulation (other {', '.join(differ)}); name a new directory with --state, or "
            "give the same options to go on with it"
        )
    return done


def write_days(
    directory: Path,
    town: Town,
    days: int,
    *,
    assistant: Assistant | None = None,
    experiment: Assigns | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Written:
    """Simulate until the log holds so many days, and write every turn.

    Args:
        directory: The state directory; its log is added to.
        town: Who lives.
        days: How many days the log is to hold in the end; days it holds already are not lived again.
        assistant: The assistant as it is; None for one that has learned nothing.
        experiment: Who gets rewrites; None where everybody does.
        progress: Told after every block of homes.

    Raises:
        BadConfig: The directory holds another simulation, or more days than that.
        StorageFailed: The disk refused.
    """
    if days < 1:
        raise BadConfig(f"days must be 1 or more, got {days}")
    done = first = days_done(directory, town)
    if done > days:
        raise BadConfig(f"{directory} holds {done} days already; ask for {done} or more")
    began, turns, defects = time.perf_counter(), 0, 0
    with TurnLog(directory / "log") as log:
        for day in range(first, days):
            blocks = town.blocks(day, assistant or Assistant(), experiment)
            for block in blocks:
                log.append(block.turns)
                turns += len(block.turns)
                defects += sum(_failed(turn) for turn in block.turns)
                if progress is not None:
                    share = (day - first + block.share) / (days - first)
                    progress(Progress(day=day, turns=turns, share=share))
            log.compact_if_due()
            replace_text(
                directory / _FILE, json.dumps({"format": _FORMAT, "days_done": day + 1, "town": _configuration(town)})
            )
            done = day + 1
    return Written(first_day=first, days=done, turns=turns, defects=defects, seconds=time.perf_counter() - began)


def _failed(turn: Turn) -> bool:
    return bool(turn.truth and turn.truth.defect)


def _configuration(town: Town) -> dict[str, Any]:
    """Return the settings that decide a town's days."""
    return {
        "homes": town.homes,
        "seed": town.seed,
        "start": town.start.isoformat(),
        "faults": asdict(town.faults),
        "habits": asdict(town.habits),
        "harder": town.harder,
        "channel": town.channel,
        "part": town.part,
        "listed": town.listed,
    }
