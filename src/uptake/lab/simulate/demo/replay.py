"""Replay turns of a demo with the truth, to find where failures were lost, and how simpler rules would perform.

A sample of the treatment's turns is run again through the artifacts served on their day. Each failure (of the request
as it was heard) ends in one stage of `STAGES`. Each turn is won, lost or neither by three rules: the exact table alone,
the most similar request that works, and an upper bound that takes a right candidate if one is proposed. All are
measured on the same turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from uptake.lab.simulate.cached_assistant import DryHome
from uptake.lab.simulate.households import ZONE
from uptake.lab.simulate.nights import Night
from uptake.lab.simulate.run import Town
from uptake.lab.simulate.scene import Scene, scene_of
from uptake.log.rows import from_table
from uptake.log.schema import PART_SCHEMA, from_micros
from uptake.log.store import TurnLog
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.ranking.step import PROPOSE, TRUSTED, OnlineRewrite, candidates, shipped
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.fallback import Recall
from uptake.rewriting.retrieval.history import OwnRequest
from uptake.rewriting.retrieval.step import Retrieval
from uptake.rewriting.table.artifact import RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.store.store import ArtifactStore
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Request, Situation, Turn

__all__ = ["RULES", "STAGES", "Replay", "Replayed", "Score", "Served", "ServedDay", "day_of"]

STAGES = {
    "no_request": "nobody had spoken to the assistant",
    "device": "heard and understood; the device did not answer",
    "saved": "rewritten, or asked about, and right",
    "spent": "rewritten, or asked about, and wrong all the same",
    "read_surely": "a right text was proposed, but the assistant was sure of what it heard",
    "not_chosen": "a right text was proposed, and not chosen",
    "refused": "a text was chosen, and refused by the guard or the preflight",
    "not_proposed": "a right text was served, and not among the candidates",
    "not_served": "the wish had worked before, in words of too few homes to be served",
    "new": "the wish had worked for nobody before",
}
"""Stage at which a failure was lost, and its meaning."""
RULES = {
    "table": "the exact table alone",
    "similar": "the likest request that works, from a likeness of 0.8",
    "bound": "a right candidate wherever one is proposed: knows the truth",
}
"""Rules that are held against what was served."""

_MOST = 600  # turns
_ALIKE = 0.8
_PARTS = 2  # of a day's turns, so that two processes take as much

Meant = tuple[str, str]


class Score(NamedTuple):
    """Wins and losses of a rule."""

    wins: int
    losses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Results on the sampled turns."""

    turns: int
    """Turns of the sample."""
    stages: Mapping[str, int]
    """Stage -> failures that ended there; together all failures of the sample."""
    lived: Score
    """Turns that the served rewrites saved and spoiled."""
    rules: Mapping[str, Score]
    """Rule -> what it would have done."""

    @property
    def failed(self) -> int:
        """Turns of the sample that failed as they were heard."""
        return sum(self.stages.values())


class Replay:
    """Replay of some of the treatment's turns: begun in the town's processes, whose assistants know most texts.

    Args:
        town: Whose processes do it.
        directory: The state directory of a demo that is over.
        nights: Its nights.
    """

    def __init__(self, town: Town, directory: Path, nights: tuple[Night, ...]) -> None:
        self._town, self._directory, self._nights = town, directory, nights
        self._treated, self._worked = _turns(directory, town.start)
        self._drawn = np.random.default_rng([town.seed, 9]).permutation(len(self._treated)).tolist()
        self._doing = self._begin(_MOST)

    def result(self) -> Replayed:
        """Wait for the end, and return what was found."""
        ended = dict(self._doing)
        while (missing := _MOST - sum(one is not None for one in ended.values())) > 0 and self._drawn:
            ended |= dict(self._begin(missing + missing // 4))
        stages, scores = Counter[str](), {name: Counter[str]() for name in ("lived", *RULES)}
        sample = list(islice((one for one in ended.values() if one is not None), _MOST))
        for stage, outcomes in sample:
            stages.update([stage] if stage is not None else [])
            for name, outcome in outcomes:
                scores[name][outcome] += 1
        score = {name: Score(counts["win"], counts["loss"]) for name, counts in scores.items()}
        return Replayed(
            turns=len(sample),
            stages={name: stages[name] for name in STAGES},
            lived=score.pop("lived"),
            rules=score,
        )

    def _begin(self, count: int) -> Iterator[tuple[int, _Ended | None]]:
        """Begin to replay the next turns that are drawn; yields (row, how it ended) in the order drawn."""
        rows, self._drawn = self._drawn[:count], self._drawn[count:]
        turns = dict(zip(rows, from_table(self._treated.take(pa.array(rows, pa.int64()))), strict=True))
        by_day: dict[int, list[int]] = {}
        for row in rows:
            by_day.setdefault(day_of(turns[row], self._town.start), []).append(row)
        parts = [(day, some[at::_PARTS]) for day, some in sorted(by_day.items()) for at in range(_PARTS)]
        jobs = [
            _Job(
                self._directory,
                self._nights,
                self._town.seed,
                day,
                tuple((turns[row], _worked_before(turns[row], self._worked, day)) for row in some),
            )
            for day, some in parts
        ]
        return _in_order(rows, [some for _, some in parts], self._town.apart(_replayed, jobs))


class _Ended(NamedTuple):
    """How a turn that is replayed ended."""

    stage: str | None
    """Stage at which it failed as it was heard; None where it did not."""
    outcomes: tuple[tuple[str, str], ...]
    """(rule, "win" or "loss") of each rule that would have changed it."""


class _Job(NamedTuple):
    """Turns of one day to replay."""

    directory: Path
    nights: tuple[Night, ...]
    seed: int
    day: int
    turns: tuple[tuple[Turn, bool], ...]
    """Turns, each with whether its wish had worked before its day."""


def _replayed(job: _Job) -> list[_Ended | None]:
    """Replay turns of one day; None for what cannot be replayed."""
    served = Served(job.directory, job.nights).on(job.day)
    found: list[_Ended | None] = []
    for turn, worked in job.turns:
        scene = scene_of(turn, job.seed)
        one = _One(turn, scene, served, worked) if scene is not None else None
        found.append(_Ended(one.stage() if one.failed else None, tuple(one.outcomes())) if one is not None else None)
    return found


def _in_order(
    rows: Sequence[int], parts: Sequence[Sequence[int]], ended: Iterable[Sequence[_Ended | None]]
) -> Iterator[tuple[int, _Ended | None]]:
    """Wait for the parts, and yield (row, how it ended) in the order of the rows."""
    found = {row: one for some, part in zip(parts, ended, strict=True) for row, one in zip(some, part, strict=True)}
    yield from ((row, found[row]) for row in rows)


def _worked_before(turn: Turn, worked: Mapping[Meant, int], day: int) -> bool:
    meant = turn.truth.interpretation if turn.truth is not None else None
    return meant is not None and worked.get((meant.intent, str(meant.slots)), day) < day


@dataclass(frozen=True, slots=True)
class ServedDay:
    """Artifacts that are served on a day."""

    table: RewriteTable
    index: RequestIndex
    retrieval: Retrieval = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "retrieval", Retrieval.over(self.index))

    def pipeline(self) -> Pipeline:
        """Return the steps that decide in a town, with nothing paused or asked about."""
        return Pipeline(
            ExactRewrite(self.table),
            OnlineRewrite(
                self.retrieval,
                shipped(),
                taken=self.retrieval.taken,
                works=self._works,
                fails=self.retrieval.fails,
            ),
            Recall(self.index),
        )

    def _works(self, request: Request) -> bool:
        return self.retrieval.as_heard(request) is not None


class Served:
    """Loader of the artifacts of each day, by the nights before."""

    def __init__(self, directory: Path, nights: tuple[Night, ...]) -> None:
        self._store = ArtifactStore(directory / "artifacts")
        self._versions = {night.day + 1: (night.version, night.index_version) for night in nights}
        self._days: dict[tuple[str | None, str | None], ServedDay] = {}

    def on(self, day: int) -> ServedDay:
        """Return what was served on a day."""
        table, index = versions = self._versions.get(day, (None, None))
        if versions not in self._days:
            self._days[versions] = ServedDay(
                self._store.load(RewriteTable, table) if table else RewriteTable.from_rows([]),
                self._store.load(RequestIndex, index) if index else RequestIndex.of([]),
            )
        return self._days[versions]


@dataclass(frozen=True, slots=True)
class _One:
    """Turn that is replayed."""

    turn: Turn
    scene: Scene
    served: ServedDay
    worked: bool
    """Whether the wish had worked before its day."""
    _right: list[str] = field(init=False, default_factory=list)
    _asked: tuple[Request, Situation] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_asked", self.scene.asked(self.turn, self.turn.user_id))
        texts = [one.text for one in candidates((self.served.retrieval, *PROPOSE), *self._asked)]
        rewrite = self.served.table.lookup(normalize(self.turn.request), self.turn.user_id)
        texts += [rewrite.acted_on] if rewrite is not None else []
        self._right.extend(text for text in dict.fromkeys(texts) if self.scene.is_right(text))

    @property
    def failed(self) -> bool:
        """Tell whether it failed, or would have, as it was heard."""
        truth = self.turn.truth
        assert truth is not None  # noqa: S101 - it has a scene
        return bool(truth.defect if truth.defect_as_heard is None else truth.defect_as_heard)

    def stage(self) -> str:
        """Return the stage at which its failure was lost."""
        truth = self.turn.truth
        if truth is None or truth.interpretation is None:
            return "no_request"
        if self.turn.acted_on is not None:
            return "spent" if truth.defect else "saved"
        if self.scene.is_right(self.turn.request):
            return "device"
        return self._passed_by() if self._right else self._unknown(truth.interpretation)

    def _passed_by(self) -> str:
        """Return why a right text that was proposed was not acted on."""
        request, situation = self._asked
        if (request.confidence or 0.0) >= TRUSTED:
            return "read_surely"
        home = DryHome(self.scene.stand, self.scene.origin, self.turn.request)
        trace = self.served.pipeline().decide(request, situation, home).trace
        refused = any(one.step in ("guard", "preflight") and one.verdict == "refused" for one in trace)
        return "refused" if refused else "not_chosen"

    def _unknown(self, meant: Interpretation) -> str:
        """Return why no right text was proposed."""
        if any(self.scene.is_right(text) for text in self._known(meant.intent)):
            return "not_proposed"
        return "not_served" if self.worked else "new"

    def outcomes(self) -> Iterator[tuple[str, str]]:
        """Yield (rule, "win" or "loss") of each that would have changed how it went."""
        truth, heard_right = self.turn.truth, self.scene.is_right(self.turn.request)
        if truth is not None and bool(truth.defect) != self.failed:
            yield "lived", "loss" if truth.defect else "win"
        if self._right and not heard_right:
            yield "bound", "win"
        rewrite = self.served.table.lookup(normalize(self.turn.request), self.turn.user_id)
        for name, text in (("table", rewrite.acted_on if rewrite is not None else None), ("similar", self._likest())):
            if text is not None and self.scene.is_right(text) != heard_right:
                yield name, "loss" if heard_right else "win"

    def _likest(self) -> str | None:
        """Return the request that works, for this person or for many, and is likest; None where none is like it."""
        text = normalize(self.turn.request)
        own = {one.text: edit_similarity(text, one.text) for one in self._own()}
        shared = {
            known.text: alike
            for known, alike in self.served.index.near(text, most=4, least=_ALIKE)
            if not known.leads_to
        }
        best = max(((alike, known) for known, alike in (shared | own).items()), default=(0.0, text))
        return best[1] if best[0] >= _ALIKE and best[1] != text else None

    def _known(self, intent: str) -> Iterator[str]:
        """Yield texts that are served and were once read as an intent."""
        yield from (one.text for one in self.served.index.rows() if (one.reading or "").split("|")[1:2] == [intent])
        yield from (one.text for one in self._own())

    def _own(self) -> Sequence[OwnRequest]:
        return self.served.index.own(self.turn.user_id).working()


def day_of(turn: Turn, start: date) -> int:
    """Return the number of a turn's day in its town, from 0."""
    return _day(turn.said_at, start)


def _day(said_at: datetime, start: date) -> int:
    return (said_at.astimezone(ZoneInfo(ZONE)).date() - start).days


def _turns(directory: Path, start: date) -> tuple[pa.Table, dict[Meant, int]]:
    """Return the treatment's turns as the log has them, and for each wish the first day on which it worked."""
    import pyarrow.compute as pc

    treated = [PART_SCHEMA.empty_table()]
    worked: dict[Meant, int] = {}
    with TurnLog(directory / "log") as log:
        for table in log.tables():
            treated.append(table.filter(pc.equal(table.column("arm"), "treatment")))
            right = table.filter(pc.invert(pc.fill_null(table.column("truth_defect"), False)))
            readings = right.column("truth_interpretation").to_pylist()
            for said_at, reading in zip(right.column("said_at").to_pylist(), readings, strict=True):
                if reading is not None:
                    slots = tuple((slot["name"], slot["value"]) for slot in reading["slots"] or ())
                    meant, day = (reading["intent"], str(slots)), _day(from_micros(said_at), start)
                    worked[meant] = min(worked.get(meant, 1_000), day)
    return pa.concat_tables(treated), worked
