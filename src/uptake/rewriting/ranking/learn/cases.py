"""Cases of the ranker from a log: requests whose meaning became known, and the candidates there would have been.

A request that nobody complained about meant what it was taken for. One that was said again until it worked meant what
it was taken for then. For both, the candidates are looked up in an index of what was known before, so that nothing
that came later can help; a candidate is right where it is read as what was meant. Where a request failed and was not
said again, nobody knows what was meant; those whose meaning is known stand for the others as well, weighted so that
among requests that ended alike (done, failed, unsupported, asked about) as many failed as the signals expect.

Where the recogniser's lists are there and somebody can read them, the same requests teach which reading of a whole list
is right (head `hearing`). How often each person says what they said before is counted too.

Limit: people let some failures pass, which then teach to leave such requests alone: a ranker learned so is too
careful rather than too bold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig, NotReady
from uptake.feedback.turns_view import mark
from uptake.log.rows import from_table
from uptake.protocols import Material
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.artifact import Person, Ranker
from uptake.rewriting.ranking.features import FEATURES
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.learn.known_meanings import KnownMeaning, Marked
from uptake.rewriting.ranking.learn.ranker import Case, Rankings, fit
from uptake.rewriting.ranking.learn.user_priors import STATISTICS, people
from uptake.rewriting.ranking.nbest import MOST, Hearing
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.rewriting.ranking.scorer import Rank, Weighed
from uptake.rewriting.ranking.step import PROPOSE, TRUSTED, candidates, shipped
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.rewriting.retrieval.step import Retrieval
from uptake.types import Interpretation, Request, Situation, Turn

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.log.store import TurnLog

__all__ = ["LEAST", "Options", "RankerCases", "RankerLearner", "learn_ranker", "ranker_cases"]

LEAST = 50
"""Fewest repairable failures of a head that is learned from a log."""

_NOWHERE = Situation()

Read = Callable[[Turn, str], Sequence[Interpretation]]
"""Reader of a text in the situation of a turn, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options that choose which turns become cases.

    Args:
        share: Share, in (0, 1), of the turns, the latest, that become cases; the others make the index.
        most: Most cases; more are drawn at random.
        trusted: Confidence of the assistant's own reading from which it is never asked about another.
        most_heard: Most cases of a hearing: every one has several texts to read.
        seed: Of the draw.
    """

    share: float = 0.4
    most: int = 20_000
    trusted: float = TRUSTED
    most_heard: int = 3_000
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0.0 < self.share < 1.0 and 0.0 < self.trusted <= 1.0) or min(self.most, self.most_heard) < 1:
            raise BadConfig("share and trusted must be in (0, 1), most and most_heard at least 1")


_NOBODY = Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankerCases:
    """Training set of a ranker."""

    cases: dict[str, list[Case]]
    """Head -> its cases."""
    fluency: Fluency
    """Model of usual requests."""
    looked_at: int
    """Requests whose meaning became known."""
    people: tuple[Person, dict[str, Person]] = (_NOBODY, {})
    """Everybody, and each person, over the whole log."""


def ranker_cases(
    log: TurnLog,
    *,
    read: Read | None = None,
    hear: Read | None = None,
    options: Options | None = None,
    progress: Callable[[str], None] | None = None,
) -> RankerCases:
    """Build the training set of a ranker from a log.

    Args:
        log: The log.
        read: What the assistant makes of a text; None to look it up among what it made of texts in the log.
        hear: The same for the texts of recognisers' lists, as a turn would log it; None for no cases of a hearing.
        options: Which turns become cases.
        progress: Told what is being done.

    Raises:
        NotReady: The log has no turns whose meaning became known, or all of them at one moment.
    """
    options, tell = options or Options(), progress or (lambda _: None)
    tell("marking turns")
    snapshot = log.snapshot()
    table = _whole([*(part.table() for part in snapshot.parts), snapshot.fresh])
    marked = Marked(mark(table) if table.num_rows else None, table)
    since = marked.moment(1.0 - options.share)
    known = marked.known(since, options.trusted)
    if not known:
        raise NotReady("no request in the log that the ranker could learn from: nothing was said again, or all at once")
    if len(known) > options.most:
        drawn = np.random.default_rng(options.seed).choice(len(known), options.most, replace=False)
        known = [known[at] for at in np.sort(drawn).tolist()]
    index = _index(marked, since)
    turns = list(from_table(table.take([one.row for one in known])))
    tell("looking up candidates")
    fluency = Fluency.of(one.text for one in index.rows() if one.leads_to is None for _ in range(max(one.wins, 1)))
    reader = read or _LoggedReadings(
        from_table(table.filter(table.column("acted_on").is_null()).select(table.column_names))
    )
    everybody, each = _people(marked.before(since))
    ranker = Ranker(heads={}, fluency=fluency, everybody=everybody, people=each)
    builder = _CaseBuilder(Retrieval.over(index), ranker, reader)
    cases: dict[str, list[Case]] = {}
    for turn, what in zip(turns, known, strict=True):
        for head, case in builder.cases(turn, what):
            cases.setdefault(head, []).append(case)
    if hear is not None:
        tell("reading recognisers' lists")
        cases |= builder.heard(list(zip(turns, known, strict=True)), hear, options)
    return RankerCases(cases=cases, fluency=fluency, looked_at=len(known), people=_people(marked.table))


class _LoggedReadings:
    """Cache of how the assistant last read each text, from the log."""

    def __init__(self, turns: Iterator[Turn]) -> None:
        from uptake.text.normalize import normalize

        self._readings = {normalize(turn.request): turn.interpretation for turn in turns if turn.status == "ok"}

    def __call__(self, turn: Turn, text: str) -> Sequence[Interpretation]:  # noqa: ARG002
        found = self._readings.get(text)
        return () if found is None else (found,)


@dataclass(frozen=True, slots=True)
class _CaseBuilder:
    """Looks candidates up and weighs them, as they are when a request is decided."""

    retrieval: Retrieval
    ranker: Ranker
    read: Read

    def cases(self, turn: Turn, what: KnownMeaning) -> Iterator[tuple[str, Case]]:
        reading = turn.interpretation if turn.status != "unsupported" else None
        sure = reading.confidence if reading is not None else 0.0 if turn.status == "unsupported" else None
        request = Request(
            text=turn.request, user_id=turn.user_id, alternatives=turn.alternatives, confidence=sure
        )  # as in service: how sure the assistant is decides what is proposed, and what may be chosen
        situation = Situation(context=turn.context, user_id=turn.user_id, home_id=turn.home_id)
        found = candidates((self.retrieval, *PROPOSE), request, situation)
        rank = Rank(self.ranker, partial(self.read, turn))
        weighed = rank.weigh(
            request,
            found,
            situation=situation,
            readings=() if reading is None else (reading,),
            now=turn.said_at,
            own=self.retrieval.taken(turn.user_id),
        )
        yield from _cases_of(turn, what, weighed)

    def heard(self, known: Sequence[tuple[Turn, KnownMeaning]], hear: Read, options: Options) -> dict[str, list[Case]]:
        """Build cases of readings that were put together from n-best lists."""
        listed = [pair for pair in known if len(pair[0].alternatives) > 1]
        if len(listed) > options.most_heard:
            drawn = np.random.default_rng(options.seed).choice(len(listed), options.most_heard, replace=False)
            listed = [listed[at] for at in np.sort(drawn).tolist()]
        cases = [case for turn, what in listed for case in self._of_list(turn, what, partial(hear, turn))]
        return {Hearing.name: cases} if cases else {}

    def _of_list(
        self, turn: Turn, what: KnownMeaning, read: Callable[[str], Sequence[Interpretation]]
    ) -> Iterator[Case]:
        request = Request(text=turn.request, user_id=turn.user_id, alternatives=turn.alternatives)
        found = Hearing(read)(request, _NOWHERE, MOST)
        weighed = Rank(self.ranker, read).weigh(request, found, readings=read(turn.request))
        yield from (case for _, case in _cases_of(turn, what, weighed))


def _cases_of(turn: Turn, what: KnownMeaning, weighed: Sequence[Weighed]) -> Iterator[tuple[str, Case]]:
    """Yield the cases of each head for a request of known meaning."""
    for one in weighed:
        known = [candidate.interpretation is not None for candidate in one.candidates]
        right = [what.heard_right, *(_is_right(candidate, what.meant) for candidate in one.candidates[1:])]
        taught = np.array(known) | np.array(right)  # of what nobody read, nobody knows whether it is right
        taught[0] = True  # the request as heard
        if taught[1:].any():
            case = Case(
                group=turn.user_id,
                rows=one.rows[taught],
                right=np.array(right, dtype=bool)[taught],
                changes=np.array(one.changes, dtype=bool)[taught],
                heard_right=what.heard_right,
                weight=what.weight,
                shown=what.shown,
            )
            yield one.head, case


def _is_right(candidate: Candidate, meant: str) -> bool:
    return meant in (candidate.text, candidate.interpretation.key if candidate.interpretation is not None else None)


def _people(marked: pa.Table) -> tuple[Person, dict[str, Person]]:
    """Estimate the priors of everybody and of each person; an unknown person is like everybody."""
    engine = LocalEngine()
    try:
        return people(engine.table(STATISTICS, turns=marked))
    finally:
        engine.close()


def _index(marked: Marked, since: float) -> RequestIndex:
    engine, learner = LocalEngine(), RetrieveLearner()
    try:
        statistics = engine.table(learner.statistics, turns=marked.before(since))
        return learner.solve(EngineStatistics(engine, statistics))
    finally:
        engine.close()


def _whole(tables: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankerLearner:
    """Learn to weigh what may have been meant, by what came of it.

    Args:
        most_turns: Latest turns whose requests become cases.
    """

    most_turns: int = 20_000

    name: ClassVar[str] = "ranker"

    def learn(self, material: Material) -> Ranker:
        """Learn a ranker from the log; see `learn_ranker`."""
        return learn_ranker(
            material.log, hear=material.hear, options=Options(most=self.most_turns), progress=material.note
        )


def learn_ranker(
    log: TurnLog,
    *,
    hear: Read | None = None,
    options: Options | None = None,
    progress: Callable[[str], None] | None = None,
) -> Ranker:
    """Learn a ranker from a log; a head with too little data is taken from the shipped ranker.

    Args:
        log: The log.
        hear: What the assistant makes of a text of a recogniser's n-best; None to learn nothing from those.
        options: Which turns become cases.
        progress: Told what is being done.

    Raises:
        NotReady: No head can be learned; says how much there is and how much is needed.
        MissingExtra: LightGBM is not installed.
    """
    tell = progress or (lambda _: None)
    found = ranker_cases(log, hear=hear, options=options, progress=progress)
    heads = dict(shipped().heads)
    learned = 0
    for name, cases in found.cases.items():
        repaired = sum(not case.heard_right and bool((case.right & case.changes).any()) for case in cases)
        if name not in (*heads, Hearing.name) or repaired < LEAST:
            continue
        tell(f"weighing {len(cases)} requests: {name}")
        fitted = fit(cases, VOTE_FEATURES if name == Hearing.name else FEATURES, Rankings())
        if np.isfinite(fitted.head.threshold):
            heads[name] = fitted.head
            learned += 1
    if not learned:
        raise NotReady(
            f"too few lessons for a ranker of one's own: {found.looked_at} requests of known meaning; each head needs "
            f"{LEAST} that failed, were said again and can be repaired. The shipped ranker goes on serving"
        )
    everybody, each = found.people
    return Ranker(heads=heads, fluency=found.fluency, everybody=everybody, people=each)
