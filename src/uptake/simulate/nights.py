"""What happens at night: what was said in the day is learned from, what hurt is withdrawn, what passes is published.

In this order: every exposure of every rewrite goes before `Watch`; what it withdraws is blocked and becomes a known
incident. The learners solve again. Their table loses what was withdrawn and what would repeat an incident, and what
goes beyond a domain's budget of change waits for another night. The rest is published, and the clock that started when
the day's evidence was in the log stops when a fresh pipeline acts on what is new.

Everything here reads the log through the signals: the truth that stands beside simulated turns is never looked at.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from uptake.artifacts.durable import replace_text
from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.artifacts.sounds import SoundIndex
from uptake.artifacts.store import ArtifactStore
from uptake.decide.overrides import OverridesFile
from uptake.decide.pipeline import Pipeline
from uptake.engine.local import LocalEngine
from uptake.errors import BadRecord, UptakeError
from uptake.learn.incremental import LearnReport, learn, publish
from uptake.learn.markov import MarkovRewriter
from uptake.learn.retrieve import RetrieveLearner
from uptake.learn.sound import SoundLearner
from uptake.log.store import TurnLog
from uptake.measure.budgets import Change, changes, refuse_over_budget
from uptake.measure.incidents import Incident, IncidentFile, refuse_repeats, repeats, steps_of
from uptake.measure.outcomes import Outcomes, outcomes_of_log
from uptake.measure.overview import WITHDRAWN
from uptake.measure.withdrawal import Promise, Watch, exposures, promises, read_withdrawn, without
from uptake.types import Request

__all__ = ["BUDGET", "Night", "Plant", "nights", "spend"]

BUDGET = 0.2
"""Largest share of a domain's requests that one release may treat differently. What no domain was understood for is
free: it fails already."""

_LEARNERS = (MarkovRewriter(confidence=0.6, min_share=0.2, max_success=0.7), SoundLearner(), RetrieveLearner())
"""A week of a small town is little evidence; what is published on it is watched, so bounds may be lighter."""

_FREE = "(unknown)"
_FILE = "nights.json"
_KNOWN = (Incident("front-door", "lock the front door", ("unlock the front door",), None, "known from the start"),)


class Plant(Protocol):
    """Puts rewrites into a table that nobody learned, to see whether they are found out."""

    def __call__(self, table: RewriteTable, index: SoundIndex) -> list[Rewrite]:
        """The rewrites to put in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What was done after one day."""

    day: int
    """The day, from 0."""
    turns: int
    """Turns in the log."""
    rewrites: int
    """Rewrites for everybody in what was published."""
    personal: int
    """Rewrites of single users."""
    known: int
    """Requests that work, findable by likeness."""
    withdrawn: tuple[str, ...]
    """Rewrites withdrawn this night, by id."""
    kept_back: int
    """Rewrites left out: withdrawn before, known incidents, over the budget."""
    version: str | None
    """Version of the table that is served afterwards."""
    live_s: float
    """Wall time from the evidence in the log to what was learned from it in service, in seconds."""


def nights(directory: Path) -> list[Night]:
    """The nights that a state directory has behind it.

    Raises:
        BadRecord: What is written there cannot be read.
    """
    path = directory / _FILE
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Night(**{**row, "withdrawn": tuple(row["withdrawn"])}) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadRecord("is not the record of nights; name another directory", file=str(path)) from error


def spend(directory: Path, day: int, *, plant: Plant | None = None) -> Night:
    """Spend the night after a day. Doing it again is harmless.

    Args:
        directory: The state directory; its log holds the day.
        day: Number of the day, from 0.
        plant: Puts rewrites into the table that nobody learned; None for none.

    Raises:
        ArtifactRefused: What was learned repeats an incident after all.
        StorageFailed: The disk refused.
    """
    began = time.perf_counter()
    store, incidents = ArtifactStore(directory / "artifacts"), IncidentFile(directory / "incidents.json")
    for incident in _KNOWN:
        incidents.add(incident)
    with TurnLog(directory / "log") as log:
        before = {row["rewrite_id"] for row in _withdrawn(directory)}
        outcomes = outcomes_of_log(log)
        watch = _watch(store, outcomes)
        _block(directory, watch, store, incidents)
        reports = learn(log, LocalEngine(), _LEARNERS, directory / "learning")
    table, index = _cleaned(reports, watch, incidents)
    if plant is not None:
        gone = {one.rewrite_id for one in watch.withdrawn}
        added = [row for row in plant(table, index) if row.rewrite_id not in gone]
        keys = {row.key for row in added}
        table = RewriteTable.from_rows([*added, *(row for row in table.rows() if row.key not in keys)])
    table = _within_budget(table, store, outcomes)
    refuse_repeats(incidents.read(), table)
    publish(store, replace(reports[0], artifact=table))
    publish(store, replace(reports[1], artifact=index))
    publish(store, reports[2])
    _see_it_live(directory, table)
    personal = len(table.users()) and sum(row.user_id is not None for row in table.rows())
    found = Night(
        day=day,
        turns=reports[0].turns,
        rewrites=len(table) - personal,
        personal=personal,
        known=len(index),
        withdrawn=tuple(one.rewrite_id for one in watch.withdrawn if one.rewrite_id not in before),
        kept_back=len(reports[0].artifact) - len(table),  # type: ignore[arg-type]
        version=store.current_version(RewriteTable.kind),
        live_s=time.perf_counter() - began,
    )
    _note(directory, found)
    return found


def _withdrawn(directory: Path) -> list[dict[str, Any]]:
    return read_withdrawn(directory / WITHDRAWN)


def _watch(store: ArtifactStore, outcomes: Outcomes) -> Watch:
    """Everything that any published rewrite did so far, watched."""
    promised: dict[str, Promise] = {}
    for version in store.versions(RewriteTable.kind):
        promised |= promises(store.load(RewriteTable, version))
    watch = Watch(promised)
    watch.extend(exposures(outcomes))
    return watch


def _block(directory: Path, watch: Watch, store: ArtifactStore, incidents: IncidentFile) -> None:
    """Stop what hurts, and remember it."""
    if not watch.withdrawn:
        return
    overrides = OverridesFile(directory / "overrides.json")
    for override in watch.overrides():
        overrides.put(override)
    gone = {one.rewrite_id for one in watch.withdrawn}
    for version in store.versions(RewriteTable.kind):
        for row in store.load(RewriteTable, version).rows():
            if row.rewrite_id in gone:
                incidents.add(Incident(row.rewrite_id, row.request, (row.acted_on,), row.user_id, "withdrawn"))
    watch.save(directory / WITHDRAWN)


def _cleaned(reports: Sequence[LearnReport], watch: Watch, incidents: IncidentFile) -> tuple[RewriteTable, SoundIndex]:
    """What was learned, without what was withdrawn and what would repeat an incident."""
    table, index = reports[0].artifact, reports[1].artifact
    assert isinstance(table, RewriteTable)  # noqa: S101 - the learners above
    assert isinstance(index, SoundIndex)  # noqa: S101
    again = {one.rewrite_id for one in repeats(incidents.read(), steps_of(table))}
    return without(table, {one.rewrite_id for one in watch.withdrawn} | again), index


def _within_budget(table: RewriteTable, store: ArtifactStore, outcomes: Outcomes) -> RewriteTable:
    """The table, without the weakest rewrites of domains in which it would change too much of the day's requests."""
    served = store.load(RewriteTable) if store.current_version(RewriteTable.kind) else None
    last = outcomes.where(outcomes.day == int(outcomes.day.max()))
    said = list(_said(last))
    before = steps_of(served) if served is not None else []
    for _ in range(20):
        found = changes(said, before, steps_of(table))
        try:
            refuse_over_budget(found, budgets={_FREE: 1.0}, budget=BUDGET)
        except UptakeError:
            table = _trimmed(table, found, said)
            continue
        return table
    return served or RewriteTable.from_rows(())


def _said(outcomes: Outcomes) -> Iterable[tuple[str, str, str | None]]:
    for request, user, domain, acted in zip(
        outcomes.request.codes, outcomes.user.codes, outcomes.domain.codes, outcomes.acted, strict=True
    ):
        if request >= 0:
            known = outcomes.domain.names[domain] if domain >= 0 and not acted else None
            yield outcomes.request.names[request], outcomes.user.names[user], known


def _trimmed(table: RewriteTable, found: Sequence[Change], said: list[tuple[str, str, str | None]]) -> RewriteTable:
    """Half of what concerns the domains over their budget goes: that with least evidence."""
    over = {row.domain for row in found if row.domain != _FREE and row.share > BUDGET}
    concerned: Counter[str] = Counter()
    for text, user, domain in said:
        row = table.lookup(text, user) if (domain or _FREE) in over else None
        if row is not None:
            concerned[row.rewrite_id] += 1
    rows = {row.rewrite_id: row for row in table.rows()}
    weakest = sorted(concerned, key=lambda one: (rows[one].evidence.gain, one))
    return without(table, weakest[: max(1, len(weakest) // 2)])


def _see_it_live(directory: Path, table: RewriteTable) -> None:
    """Let a new pipeline decide requests of the table: now it is served."""
    pipeline = Pipeline.serving(ArtifactStore(directory / "artifacts"), overrides=directory / "overrides.json")
    for row, _ in zip(table.rows(), range(10), strict=False):
        pipeline.decide(Request(text=row.request, user_id=row.user_id or "somebody"))
    pipeline.decide(Request(text="something that nobody knows", user_id="somebody", confidence=0.0))


def _note(directory: Path, found: Night) -> None:
    kept = [night for night in nights(directory) if night.day != found.day]
    rows = [asdict(night) for night in sorted([*kept, found], key=lambda night: night.day)]
    replace_text(directory / _FILE, json.dumps(rows, indent=1) + "\n")
