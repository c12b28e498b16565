"""Count a log and solve the counts, repeating only what changed.

A closed part of the log never changes, so its statistics are counted once and kept: one Parquet file per part and
learner, named after both. Fresh turns are counted each time. The statistics are added and pooled, and only the
components of the chain with new counts are solved again. The result equals learning everything at once.

Limit: pooling reads all statistics each time, since a bound on each user's contribution does not add.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import NotReady, StorageFailed
from uptake.experiments.pooled import OUTCOMES, Pooled
from uptake.feedback.turns_view import TURNS, Marker
from uptake.log.store import Snapshot, TurnLog
from uptake.protocols import Artifact, Due, Engine, Learner, Resumes
from uptake.release.kept import alone, keep_digests, kept_files
from uptake.release.marking import learner_view
from uptake.release.private import Private

__all__ = ["Counted", "LearnReport", "count_outcomes", "count_safely", "forget_counts", "learn"]

Progress = Callable[[str, int, int], None]
Relation = list[Any]
_SOLUTION, _OUTCOMES = "solution.parquet", "outcomes"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnReport:
    """Result of a learner on the log, and its cost."""

    artifact: Artifact
    made_by: Mapping[str, Any]
    """The learner and its options."""
    turns: int
    """Turns learned from."""
    parts: int
    """Closed parts of the log."""
    parts_new: int
    """Parts that this learner had not counted before."""
    components_total: int
    """Components of the chain; 0 for a learner without one."""
    components_solved: int
    """Components that had to be solved again."""
    count_s: float
    """Wall time of marking and counting, for all learners together."""
    solve_s: float
    """Wall time of pooling and solving."""


class _Whole(NamedTuple):
    """Counts of a whole log, and its size."""

    found: Mapping[str, Relation]
    """Counts by query: kept files of closed parts, and a table of the fresh turns."""
    turns: int
    parts: int
    last_day: date | None
    """Day, UTC, of the latest turn; None where there is none."""

    @classmethod
    def of(cls, snapshot: Snapshot, found: Mapping[str, Relation]) -> _Whole:
        turns = sum(part.rows for part in snapshot.parts) + snapshot.fresh.num_rows
        return cls(found, turns, len(snapshot.parts), _last_day(snapshot) if turns else None)

    def holds(self, learners: Sequence[Learner]) -> bool:
        """Tell whether it has the counts of some learners, with every file still there."""
        relations = [self.found.get(learner.name) for learner in learners]
        return all(
            relation is not None and all(one.exists() for one in relation if isinstance(one, Path))
            for relation in relations
        )


class Counted(NamedTuple):
    """Counts of a log, before anything is solved."""

    outcomes: Pooled
    """The outcomes of its turns."""
    parts: dict[str, int]
    """Parts that were counted just now, by learner."""
    seconds: float
    """Wall time of marking and counting."""
    whole: _Whole | None = None
    """All counts of the log, for the learners that are solved next."""


def learn(  # noqa: PLR0913 - one a choice of the caller
    log: TurnLog,
    engine: Engine,
    learners: Sequence[Learner],
    directory: Path,
    *,
    full: bool = False,
    counted: Counted | None = None,
    private: Private | None = None,
    progress: Progress | None = None,
) -> list[LearnReport]:
    """Learn from a log with several learners, over the same marked turns.

    Args:
        log: The log to read.
        engine: The engine that counts.
        learners: The learners.
        directory: Directory of kept statistics and solutions, one folder per learner; made if missing.
        full: Whether to count and solve everything again.
        counted: Result of `count_outcomes` for these learners, just before; None to count here.
        private: Replaces other users' counts by a release; None: use the counts themselves.
        progress: Called with a stage, the amount done and the total.

    Returns:
        One report a learner, in their order.

    Raises:
        NotReady: The log is empty.
        StorageFailed: The directory could not be written to.
    """
    tell = progress or _silent
    with _stored(directory), alone(directory):
        begun = time.perf_counter()
        whole = counted.whole if counted is not None else None
        new, before = ({}, 0.0) if counted is None else (counted.parts, counted.seconds)
        if whole is None or not whole.holds(learners):
            snapshot = log.snapshot()
            queries = {learner.name: learner.statistics for learner in learners}
            afresh = full and counted is None
            found, again = _statistics(snapshot, engine, queries, directory, full=afresh, progress=tell)
            whole, new = _Whole.of(snapshot, found), new or again
        if whole.last_day is None:
            raise NotReady("the log is empty: store turns first, for example with `uptake ingest --format turns FILE`")
        known: dict[str, Any] = {
            "turns": whole.turns,
            "parts": whole.parts,
            "count_s": before + time.perf_counter() - begun,
        }
        reports = []
        for done, learner in enumerate(learners):
            relation = whole.found[learner.name]
            tell("solve", done, len(learners))
            solution = directory / learner.name / _SOLUTION
            statistics = EngineStatistics(engine, relation)
            if private is not None:
                statistics = private.statistics(learner, relation, whole.last_day)
            solved = _solve(learner, statistics, solution, full=full)
            keep_digests(directory / learner.name)
            reports.append(LearnReport(**known, parts_new=new[learner.name], **solved))
        tell("solve", len(learners), len(learners))
    return reports


def count_outcomes(
    log: TurnLog,
    engine: Engine,
    learners: Sequence[Learner],
    directory: Path,
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> Counted:
    """Count the outcomes of a log and, in the same pass, what learners have not counted yet.

    Args:
        log: The log to read.
        engine: The engine that counts.
        learners: The learners that will `learn` next, with the result of this call.
        directory: Directory of kept counts, one folder per learner and one for the outcomes; made if missing.
        full: Whether to count everything again.
        progress: Called with a stage, the amount done and the total.

    Raises:
        StorageFailed: The directory could not be written to.
    """
    begun = time.perf_counter()
    queries = {_OUTCOMES: OUTCOMES, **{learner.name: learner.statistics for learner in learners}}
    with _stored(directory), alone(directory):
        snapshot = log.snapshot()
        found, new = _statistics(snapshot, engine, queries, directory, full=full, progress=progress or _silent)
        for name in queries:
            keep_digests(directory / name)
    outcomes = Pooled(EngineStatistics(engine, found[_OUTCOMES]))
    return Counted(outcomes, new, time.perf_counter() - begun, _Whole.of(snapshot, found))


def count_safely(
    log: TurnLog,
    engine: Engine,
    learners: Sequence[Learner],
    directory: Path,
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> tuple[Counted, Exception | None]:
    """Count as `count_outcomes` does. If a learner cannot be counted, count the outcomes only, and return the reason.

    Withdrawal needs the outcomes, so a failing learner must not stop them. The arguments are those of `count_outcomes`.

    Raises:
        StorageFailed: The directory could not be written to.
    """
    try:
        return count_outcomes(log, engine, learners, directory, full=full, progress=progress), None
    except Exception as failure:
        if not learners:
            raise
        return count_outcomes(log, engine, (), directory, full=full, progress=progress), failure


def _statistics(
    snapshot: Snapshot,
    engine: Engine,
    queries: Mapping[str, str],
    directory: Path,
    *,
    full: bool,
    progress: Progress,
) -> tuple[dict[str, Relation], dict[str, int]]:
    """Return, for each query, its results over all parts and the fresh turns; and how many parts were counted."""
    files = {name: kept_files(snapshot, directory / name, sql, _SOLUTION) for name, sql in queries.items()}
    missing = {
        name: [part for part in snapshot.parts if full or not paths[part.name].exists()]
        for name, paths in files.items()
    }
    due = [part for part in snapshot.parts if any(part in parts for parts in missing.values())]
    wanted = [
        Due(part, part.path, {name: files[name][part.name] for name, parts in missing.items() if part in parts})
        for part in due
    ]
    engine.count(queries, learner_view(), wanted, lambda done: progress("count", done, len(due)))
    progress("count", len(due), len(due))
    marked = Marker().mark(snapshot.fresh) if snapshot.fresh.num_rows else TURNS.empty_table()
    here = engine if isinstance(engine, LocalEngine) else LocalEngine()  # fresh turns are marked and counted here
    relations = {name: [*files[name].values(), here.table(sql, turns=marked)] for name, sql in queries.items()}
    return relations, {name: len(parts) for name, parts in missing.items()}


def forget_counts(log: TurnLog, queries: Mapping[str, str], directory: Path) -> None:
    """Remove kept counts and outcomes of parts that are no longer in the log.

    Args:
        log: The log.
        queries: Learner -> its query.
        directory: Directory of kept statistics.
    """
    known = {name: sql for name, sql in {**queries, _OUTCOMES: OUTCOMES}.items() if (directory / name).is_dir()}
    if known:
        with _stored(directory), alone(directory):
            snapshot = log.snapshot()
            for name, query in known.items():
                before = set((directory / name).iterdir())
                kept_files(snapshot, directory / name, query, _SOLUTION)
                if set((directory / name).iterdir()) != before:
                    (directory / name / _SOLUTION).unlink(missing_ok=True)
                keep_digests(directory / name)


def _solve(learner: Learner, statistics: EngineStatistics, solution: Path, *, full: bool) -> dict[str, Any]:
    """Return the description of a solution, for a report."""
    begun = time.perf_counter()
    total = again = 0
    artifact: Artifact
    if isinstance(learner, Resumes):
        artifact, solved = learner.solve_again(statistics, None if full else learner.solution.load(solution))
        partial = solution.with_name(f".{solution.name}")
        solved.save(partial)
        partial.replace(solution)
        total, again = solved.components_total, solved.components_solved
    else:
        artifact = learner.solve(statistics)
    return {
        "artifact": artifact,
        "made_by": {"learner": learner.name, **asdict(learner)},  # type: ignore[call-overload]
        "components_total": total,
        "components_solved": again,
        "solve_s": time.perf_counter() - begun,
    }


def _last_day(snapshot: Snapshot) -> date:
    """Return the day, UTC, of the latest turn."""
    import pyarrow as pa
    import pyarrow.compute as pc

    times = [part.last / 1e6 for part in snapshot.parts]
    if snapshot.fresh.num_rows:
        times.append(pc.max(snapshot.fresh["said_at"]).cast(pa.timestamp("us", tz="UTC")).as_py().timestamp())
    return datetime.fromtimestamp(max(times), UTC).date()


def _silent(stage: str, done: int, total: int) -> None:
    """Ignore progress."""


@contextmanager
def _stored(directory: Path) -> Iterator[None]:
    try:
        yield
    except StorageFailed:
        raise
    except OSError as error:
        raise StorageFailed(f"{directory}: could not be written ({error.strerror or error})") from error
