"""Remove turns, traces and state changes of devices that are older than the retention period.

    [log]
    keep_days = 90

Turns are removed by whole parts, which hold the sessions that began on one day, and by rows of the journal. Traces of
these turns, state changes of the same time and kept statistics of the parts are removed with them. Traces go first and
the log last, so that a process that is killed in between leaves turns by which the rest is found the next time.

Limit: artifacts learned from the turns, with their earlier versions, stay until they are learned again (`uptake learn`
does both). What people taught the assistant stays until they take it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from uptake.catalogue import learnable
from uptake.errors import BadConfig, MissingExtra, NotForgotten
from uptake.log.disk import storage_errors
from uptake.log.parts import Part, read_manifest
from uptake.log.schema import to_micros
from uptake.log.store import TurnLog
from uptake.release.solve import forget_counts
from uptake.release.state import State

__all__ = ["Expired", "expire", "expiry", "overdue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """Counts of turns and traces that were removed, or would be."""

    before: datetime
    """Moment that everything removed lies before."""
    turns: int
    """Turns of the log, as it stores them: one that came twice counts twice until it is in a part."""
    parts: int
    """Parts of the log."""
    changes: int
    """Changes of devices."""


def expiry(state: State, now: datetime, *, days: int | None = None) -> datetime | None:
    """Return the time before which turns are removed; None if they never expire.

    Args:
        state: The state directory, with `[log] keep_days` in its configuration.
        now: Time from which days are counted back.
        days: Retention period in days, instead of the configured one.

    Raises:
        BadConfig: The number of days is less than one, or too large for a date.
    """
    chosen = days if days is not None else state.log.keep_days
    if chosen is None:
        return None
    try:
        if chosen < 1:
            raise OverflowError
        return now - timedelta(days=chosen)
    except OverflowError:
        raise BadConfig(f"days to keep must be at least 1 and no more than a calendar has, got {chosen}") from None


def overdue(state: State, before: datetime) -> Expired:
    """Count what is older than a time; remove nothing."""
    parts, rows = _older(state.log, before)
    with closing(state.timeline) as timeline:
        changes = timeline.older(before)
    return Expired(before=before, turns=rows + sum(part.rows for part in parts), parts=len(parts), changes=changes)


def _older(log: TurnLog, than: datetime) -> tuple[list[Part], int]:
    """Return the parts, and the number of journal rows, that hold only turns from before a time."""
    if not log.exists():
        return [], 0
    with storage_errors(log.directory), log.journal.reading() as journal:
        manifest = read_manifest(log.directory)
        rows = journal.older(than, after=journal.taken(manifest))
    return [part for part in manifest.parts if part.last < to_micros(than)], len(rows)


def expire(state: State, before: datetime) -> Expired:
    """Remove what is older than a time. It may be interrupted at any point; a second call finishes it.

    Raises:
        StorageFailed: The disk refused; call again to continue.
        NotForgotten: The data can no longer be found by readers, but another process keeps some of it on disk; call
            again.
    """
    if not state.directory.exists():
        return Expired(before=before, turns=0, parts=0, changes=0)
    with state.alone():
        found, left = overdue(state, before), list[str]()
        for step in (_traces, _timeline, _log):
            try:
                step(state, before)
            except NotForgotten as error:
                left.append(str(error))
        forget_counts(state.log, _queries(state), state.learning)
    if left:
        raise NotForgotten(f"the data is removed from the log, but still on disk: {'; '.join(left)}")
    return found


def _log(state: State, before: datetime) -> None:
    state.log.expire(before)


def _timeline(state: State, before: datetime) -> None:
    with closing(state.timeline) as timeline:
        timeline.expire(before)


def _traces(state: State, before: datetime) -> None:
    path = state.directory / "traces.sqlite"
    if path.exists():
        from uptake.assistant.record.traces import TraceStore

        with closing(TraceStore(path)) as traces:
            traces.expire(_turn_ids(state, before))


def _turn_ids(state: State, before: datetime) -> Iterator[str]:
    """Return the ids of the turns to remove, of parts and of the journal."""
    import pyarrow.compute as pc

    parts, _ = _older(state.log, before)
    for part in parts:
        yield from part.table(["turn_id"]).column("turn_id").to_pylist()
    fresh = state.log.fresh()
    yield from fresh.filter(pc.less(fresh["said_at"], pc.scalar(before))).column("turn_id").to_pylist()


def _queries(state: State) -> dict[str, str]:
    """Map each learner to the query whose counts are kept per part."""
    found = {}
    for one in learnable():
        try:
            learner = one.make_learner(state.config)
        except MissingExtra:
            continue
        if hasattr(learner, "statistics"):
            found[learner.name] = learner.statistics
    return found
