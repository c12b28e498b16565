"""Make the ranker that ships, from the log of simulated homes alone: what people said again, and what they let stand.

    uptake train ranker --out DIR

A town lives some days with the assistant and leaves a log; a ranker is learned from it as `uptake learn` learns one
from a home's (`uptake.rewriting.ranking.learn`). Nothing here knows what the people meant. The town is none of those
that judge: its seed is of no evaluation.

Limit: the people and their recogniser are simulated, so the habits that the ranker has learned are theirs.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import NotReady
from uptake.lab.simulate.run import Town
from uptake.log.store import TurnLog
from uptake.rewriting.ranking.artifact import Head, Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.learn.cases import LEAST, Options, ranker_cases
from uptake.rewriting.ranking.learn.ranker import Rankings, fit

__all__ = ["Course", "Result", "make", "write"]

_HEADS = ("personal", "global")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Training data.

    Args:
        homes: How many homes.
        days: How many days.
        seed: Of everything that is random; of no town that judges.
        most: Most cases.
        workers: Processes.
    """

    homes: int = 120
    days: int = 6
    seed: int = 7_001
    most: int = 5_000
    workers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Trained ranker, and its results by what the log shows, on people it was not trained on."""

    ranker: Ranker
    figures: dict[str, float]


def make(course: Course, *, progress: Callable[[str], None] | None = None) -> Result:
    """Learn the ranker.

    Args:
        course: What to learn from.
        progress: Told what is being done.

    Raises:
        NotReady: The log teaches no head.
    """
    tell = progress or (lambda _: None)
    with tempfile.TemporaryDirectory() as kept, TurnLog(Path(kept) / "log") as log:
        with Town(homes=course.homes, seed=course.seed, workers=course.workers) as town:
            for day in range(course.days):
                tell(f"day {day + 1}")
                log.append(list(town.live(day)))
        found = ranker_cases(log, options=Options(most=course.most, seed=course.seed), progress=tell)
    heads: dict[str, Head] = {}
    figures: dict[str, float] = {}
    for name in _HEADS:
        cases = found.cases.get(name, [])
        repaired = sum(not case.heard_right and bool((case.right & case.changes).any()) for case in cases)
        figures |= {f"{name}.cases": len(cases), f"{name}.repairable": repaired}
        if repaired < LEAST:
            continue
        tell(f"learning to weigh {len(cases)} requests: {name}")
        fitted = fit(cases, FEATURES, Rankings(seed=course.seed))
        if np.isfinite(fitted.head.threshold):
            heads[name] = fitted.head
            wins, losses = fitted.outcomes.counts(fitted.head.threshold)
            figures |= {f"{name}.wins": wins, f"{name}.losses": losses}
    if not heads:
        counted = ", ".join(f"{figures[f'{name}.repairable']:.0f} {name}" for name in _HEADS)
        raise NotReady(
            f"the log of the town teaches no head of a ranker: repairable failures are {counted}, {LEAST} are "
            f"needed, and {Rankings().target} wins to a loss; let more homes live for longer"
        )
    return Result(ranker=Ranker(heads=heads, fluency=found.fluency, everybody=found.people[0]), figures=figures)


def write(out: Path, *, date: str, course: Course | None = None) -> None:
    """Learn the ranker that ships, and write it with its figures out of fold; what is there is replaced."""
    course = course or Course()
    result = make(course)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    result.ranker.save(out)
    told: dict[str, Any] = {
        "made_on": date,
        "made_by": "uptake train ranker --out DIR",
        "data": f"the log of {course.homes} simulated homes, {course.days} days, seed {course.seed}; no truth",
        "out_of_fold": {name: round(value, 1) for name, value in result.figures.items()},
    }
    (out / "provenance.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
