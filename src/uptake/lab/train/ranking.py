"""Train the shipped ranker from logs of simulated homes only: what people said again, and what they accepted.

    uptake train ranker --out DIR

Two towns, one per recogniser, use the assistant for some days and leave logs. The ranker is learned from them as
`uptake learn` learns one from a home's log (`uptake.rewriting.ranking.learn`), with the assistant to interpret each
candidate. The truth is not used. No evaluation uses these towns: their seeds are in no evaluation, and the voices of
the book are those for fitting.

Limit: the people and their recogniser are simulated, so the ranker has learned their habits.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from uptake.errors import NotReady
from uptake.lab.simulate.answered import Utterance
from uptake.lab.simulate.households import household
from uptake.lab.simulate.run import CHANNELS, Town, stand_of
from uptake.log.store import TurnLog
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.learn.cases import LEAST, Options, RankerCases, ranker_cases
from uptake.rewriting.ranking.learn.ranker import Fitted, Rankings, fit
from uptake.types import Interpretation, Turn

__all__ = ["Course", "Result", "make", "write"]

_HEADS = ("personal", "global")
"""Heads that ship; they are one model, learned from the cases of both: alone, few failures of either are repairable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Training data: the logs of two towns, one per recogniser.

    Args:
        homes: Number of homes per town.
        days: Number of days per town.
        seed: Random seed of the first town, the next one of the second; not a seed of any evaluation.
        share: Latest share of each log whose requests become cases.
        most: Most cases of each town.
        workers: Number of processes.
    """

    homes: int = 300
    days: int = 6
    seed: int = 7_001
    share: float = 0.6
    most: int = 6_000
    workers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Trained ranker, with its out-of-fold results."""

    ranker: Ranker
    figures: dict[str, float]


def make(course: Course, *, progress: Callable[[str], None] | None = None) -> Result:
    """Learn the ranker.

    Args:
        course: What to learn from.
        progress: Told what is being done.

    Raises:
        NotReady: The logs teach no ranker.
    """
    tell = progress or (lambda _: None)
    found = [_cases(course, channel, course.seed + at, tell) for at, channel in enumerate(sorted(CHANNELS))]
    cases = [
        replace(case, group=f"{at} {case.group}")
        for at, one in enumerate(found)
        for name in _HEADS
        for case in one.cases.get(name, [])
    ]
    repairable = sum(not case.heard_right and bool((case.right & case.changes).any()) for case in cases)
    figures: dict[str, float] = {"cases": len(cases), "repairable": repairable}
    fitted: Fitted | None = None
    if repairable >= LEAST:
        tell(f"learning to weigh {len(cases)} requests")
        fitted = fit(cases, FEATURES, Rankings(seed=course.seed))
    if fitted is None or not np.isfinite(fitted.head.threshold):
        raise NotReady(
            f"the logs of the towns teach no ranker: {repairable} failures are repairable, {LEAST} are needed, and "
            f"{Rankings().target} wins to a loss; let more homes live for longer"
        )
    wins, losses = fitted.outcomes.counts(fitted.head.threshold)
    figures |= {"wins": wins, "losses": losses}
    heads = dict.fromkeys(_HEADS, fitted.head)
    return Result(ranker=Ranker(heads=heads, fluency=found[0].fluency, everybody=found[0].people[0]), figures=figures)


def _cases(course: Course, channel: str, seed: int, tell: Callable[[str], None]) -> RankerCases:
    """Let a town live, and return the cases of its log."""
    part = "fit" if channel == "book" else "judge"
    with tempfile.TemporaryDirectory() as kept, TurnLog(Path(kept) / "log") as log:
        with Town(homes=course.homes, seed=seed, channel=channel, part=part, workers=course.workers) as town:
            for day in range(course.days):
                tell(f"{channel}: day {day + 1}")
                log.append(list(town.live(day)))
        options = Options(most=course.most, share=course.share, seed=course.seed)
        return ranker_cases(log, read=partial(_read, seed), options=options, progress=tell)


def _read(seed: int, turn: Turn, text: str) -> tuple[Interpretation, ...]:
    """Read a text as the assistant does in the home of a turn."""
    if turn.device_id is None:
        return ()
    _, number, at = turn.device_id.split("-")
    home = household(seed, int(number))
    answer = stand_of(home.layout).hear(home.listeners[int(at)].origin, Utterance(text))
    reading = answer.turn.interpretation
    return (replace(reading, confidence=answer.sure),) if reading is not None and answer.sure else ()


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
        "data": f"the logs of {course.homes} simulated homes a recogniser, {course.days} days, seeds {course.seed} and "
        f"{course.seed + 1}; no truth",
        "out_of_fold": {name: round(value, 1) for name, value in result.figures.items()},
    }
    (out / "provenance.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
