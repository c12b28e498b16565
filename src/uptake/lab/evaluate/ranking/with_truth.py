"""Compute an upper bound for the ranker: trained on the truth of simulated people, which no log holds.

A town lives some days; working requests become an index. On the days after, every request with low confidence is looked
up in it as in service, and each candidate is given to the assistant: it is right if the result is the goal. Two heads
are trained on these cases, and evaluated out of fold by person.

The shipped ranker was trained without the truth, on reactions in the log of other homes (`uptake.lab.train.ranking`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from uptake.engine.local import LocalEngine
from uptake.lab.simulate.run import Town
from uptake.lab.simulate.scene import scene_of
from uptake.log.store import TurnLog
from uptake.release.solve import learn
from uptake.rewriting.ranking.artifact import Head, Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.learn.ranker import Case, Rankings, fit
from uptake.rewriting.ranking.scorer import Rank
from uptake.rewriting.ranking.step import PROPOSE, TRUSTED, candidates
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.rewriting.retrieval.step import Retrieval
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["Course", "Result", "bound", "cases_of", "make"]

_HEADS = ("personal", "global")
_TARGET = 22.0  # where it serves, about half as many wins per loss are counted (`uptake evaluate layers`)
_CAUTION = 0.4  # share of samples drawn again that may miss it


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Settings of the training data.

    Args:
        homes: Number of homes.
        before: Days for the index.
        after: Days for the cases.
        seed: Random seed.
        most: Most cases.
        workers: Number of processes.
    """

    homes: int = 60
    before: int = 4
    after: int = 1
    seed: int = 7001
    most: int = 5_000
    workers: int = 2


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
    """
    tell = progress or (lambda _: None)
    with (
        tempfile.TemporaryDirectory() as kept,
        Town(homes=course.homes, seed=course.seed, workers=course.workers) as town,
    ):
        with TurnLog(Path(kept) / "log") as log:
            for day in range(course.before):
                tell(f"day {day + 1}")
                log.append(list(town.live(day)))
            report = learn(log, LocalEngine(), (RetrieveLearner(),), Path(kept) / "learning")[0]
        index = report.artifact
        assert isinstance(index, RequestIndex)  # noqa: S101 - the learner above
        works = [one for one in index.rows() if one.leads_to is None]
        fluency = Fluency.of(one.text for one in works for _ in range(max(one.wins, 1)))
        later = [turn for day in range(course.before, course.before + course.after) for turn in town.live(day)]
    tell(f"{len(works)} requests that work; looking up {len(later)} turns")
    np.random.default_rng(course.seed).shuffle(later)
    found: dict[str, list[Case]] = {head: [] for head in _HEADS}
    retrieval, ranker = Retrieval.over(index), Ranker(heads={}, fluency=fluency)
    for turn in later:
        for head, case in cases_of(turn, course.seed, retrieval, ranker):
            found.get(head, []).append(case)
        if max(len(cases) for cases in found.values()) >= course.most:
            break
    heads: dict[str, Head] = {}
    figures: dict[str, float] = {}
    for head, cases in found.items():
        tell(f"learning to weigh {len(cases)} requests: {head}")
        fitted = fit(cases, FEATURES, Rankings(target=_TARGET, ask=_TARGET, caution=_CAUTION, seed=course.seed))
        heads[head] = fitted.head
        wins, losses = fitted.outcomes.counts(fitted.head.threshold)
        failed = sum(not case.heard_right for case in cases)
        figures |= {f"{head}.cases": len(cases), f"{head}.failed_as_heard": failed}
        figures |= {f"{head}.wins": wins, f"{head}.losses": losses}
    return Result(ranker=Ranker(heads=heads, fluency=fluency), figures=figures)


def cases_of(turn: Turn, seed: int, retrieval: Retrieval, ranker: Ranker) -> Iterator[tuple[str, Case]]:
    """Yield (head, case) of a turn of a simulated town that was acted on as heard; none where nothing is to be learned.

    Every request is weighed twice: for the person who made it, and as if nobody knew them.

    Args:
        turn: The turn, with its truth.
        seed: Of the town.
        retrieval: Looks candidates up.
        ranker: For what it knows of usual requests.
    """
    scene = scene_of(turn, seed)
    if scene is None or turn.truth is None:
        return
    heard = scene.read(turn.request)
    sure = heard[0].confidence or 0.0 if heard else 0.0
    if sure >= TRUSTED:
        return
    right_as_heard = scene.is_right(turn.request)
    rank = Rank(ranker, scene.read, reads=True)
    said = normalize(turn.truth.request or "")
    for user_id in (turn.user_id, ""):
        request, situation = scene.asked(turn, user_id)
        proposed = candidates((retrieval, *PROPOSE), request, situation)
        taken = retrieval.taken(user_id)
        weighed = rank.weigh(request, proposed, situation=situation, readings=heard, now=turn.said_at, own=taken)
        for one in weighed:
            right = [right_as_heard, *(scene.is_right(candidate.text) for candidate in one.candidates[1:])]
            case = Case(
                group=turn.user_id,
                rows=one.rows,
                right=np.array(right, dtype=bool),
                changes=one.changes,
                heard_right=right_as_heard,
                said=np.array([candidate.text == said for candidate in one.candidates]),
            )
            yield one.head, case


def bound(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Return wins and losses, out of fold by person, of heads that were told the truth."""
    return {"simulated": True, **make(Course(seed=seed), progress=tell).figures}
