"""An upper bound for the ranker: learned from the truth of simulated people, which no log holds.

A town lives some days; what worked becomes an index. On the days after, every request that the assistant was not sure
of is looked up in it as it would be in service, and each candidate is put to the assistant: it is right where what
comes of it is what was wanted. From these cases two heads are learned, and counted out of fold by person.

What ships was learned without it, from reactions in the log of other homes (`uptake.lab.train.ranking`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from uptake.assistant.situation import Origin
from uptake.engine.local import LocalEngine
from uptake.lab.simulate.cached_assistant import Answer, CachedAssistant, Utterance, same
from uptake.lab.simulate.households import ZONE, household
from uptake.lab.simulate.run import Town, stand_of
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
from uptake.types import Interpretation, Request, Turn

__all__ = ["Course", "Result", "bound", "cases_of", "make"]

_HEADS = ("personal", "global")
_TARGET = 22.0  # where it serves, about half as many wins per loss are counted (`uptake evaluate layers`)
_CAUTION = 0.4  # share of samples drawn again that may miss it


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Training data.

    Args:
        homes: How many homes.
        before: Days that make the index.
        after: Days that make the cases.
        seed: Of everything that is random.
        most: Most cases.
        workers: Processes.
    """

    homes: int = 60
    before: int = 4
    after: int = 1
    seed: int = 7001
    most: int = 5_000
    workers: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Trained ranker, and its results on people it was not trained on."""

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
    truth = turn.truth
    if truth is None or turn.device_id is None or (truth.interpretation is None and truth.request):
        return  # "stop" and the like
    _, number, at = turn.device_id.split("-")
    home = household(seed, int(number))
    scene = _Scene(stand_of(home.layout), home.listeners[int(at)].origin, truth.interpretation)
    if not scene.is_new(turn):
        return
    heard = scene.read(turn.request)
    sure = heard[0].confidence or 0.0 if heard else 0.0
    if sure >= TRUSTED:
        return
    right_as_heard = scene.is_right(turn.request)
    rank = Rank(ranker, scene.read)
    at_home = turn.said_at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    for user_id in (turn.user_id, ""):
        request = Request(text=turn.request, user_id=user_id, alternatives=turn.alternatives, confidence=sure)
        situation = replace(
            scene.stand.situation, context=turn.context, user_id=user_id, home_id=turn.home_id, local=at_home
        )
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
                said=np.array([candidate.text == normalize(truth.request or "") for candidate in one.candidates]),
            )
            yield one.head, case


@dataclass(frozen=True, slots=True)
class _Scene:
    """The assistant in one home, and what is wanted of it."""

    stand: CachedAssistant
    origin: Origin
    meant: Interpretation | None
    """None where nobody spoke to it."""

    def is_new(self, turn: Turn) -> bool:
        """Whether a turn stands on its own: what was said in answer to a question is taken otherwise alone."""
        return self._answer(turn.request).turn.action == turn.action

    def read(self, text: str) -> tuple[Interpretation, ...]:
        """Read a text, with confidences."""
        answer = self._answer(text)
        reading = answer.turn.interpretation
        return (replace(reading, confidence=answer.sure),) if reading is not None and answer.sure else ()

    def is_right(self, text: str) -> bool:
        """Whether a text leads to what is wanted, or to a question about it."""
        if self.meant is None:
            return False
        answer = self._answer(text)
        wanted = self.stand.do(self.origin, self.meant)
        if answer.question is not None and answer.asked_about is not None:
            if answer.question == "confirm":
                return same(self.stand.do(self.origin, answer.asked_about), wanted)
            return answer.asked_about.intent == self.meant.intent
        return same(answer.result, wanted)

    def _answer(self, text: str) -> Answer:
        return self.stand.hear(self.origin, Utterance(text))


def bound(*, seed: int = 0, tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Return wins and losses, out of fold by person, of heads that were told the truth."""
    return {"simulated": True, **make(Course(seed=seed), progress=tell).figures}
