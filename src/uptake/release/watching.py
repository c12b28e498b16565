"""Watch what is served: withdraw rewrites that do harm, pause those that probably do, ask about unknown ones.

`uptake.experiments.withdrawal.Watch` compares every turn in which a learned rewrite fired with past turns in which the
same request was left alone. The verdicts, and what a release publishes for the first time, are stored as states of
rewrites (`uptake.experiments.canaries`), which the pipeline reads at the next request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from uptake.capability import Capability
from uptake.catalogue import kinds
from uptake.errors import ArtifactRefused, BadRecord
from uptake.experiments.canaries import Rules, decide_states, strata_of
from uptake.experiments.exposures import Past, baselines, exposures
from uptake.experiments.incidents import KNOWN, Incident
from uptake.experiments.outcomes import DAY_US
from uptake.experiments.pooled import Pooled
from uptake.experiments.standing import stop_where_due
from uptake.experiments.withdrawal import Watch, Withdrawal
from uptake.experiments.withdrawn import read_withdrawn
from uptake.release.gates import Evidence, steps_of
from uptake.release.state import State
from uptake.release.trials import trials_of
from uptake.rewriting.canaries import Canary
from uptake.rewriting.table.artifact import Rewrite, RewriteTable

__all__ = ["Watched", "evidence_of", "gates_of", "incidents_of", "stop_experiment", "watched", "withdraw"]


class Watched(NamedTuple):
    """Evidence of the log on every rewrite that was acted on."""

    watch: Watch
    """Every exposure, and the bets on it."""
    past: Past
    """How requests fared that were left alone."""
    fresh: tuple[Withdrawal, ...]
    """What is to be withdrawn now."""
    canaries: dict[str, Canary]
    """States from now on, by identifier or version."""
    changed: tuple[Canary, ...]
    """Those of them that are new."""


def watched(state: State, log: Pooled, *, alpha: float = 0.05, rules: Rules | None = None) -> Watched:
    """Collect the evidence on every rewrite that was acted on so far.

    Args:
        state: The state directory.
        log: All turns of its log.
        alpha: Probability, in (0, 1), of ever withdrawing a rewrite that does no harm.
        rules: Rules for asking and pausing; None for the default ones.
    """
    past, known = Past(log), dict(state.canaries.read().by_name)
    watch = Watch(
        baselines(log, _rows(state, [one.rewrite_id for one in log.firsts]), past),
        strata=strata_of(log, past, _kinds(state)),
        since_us={name: round(one.since.timestamp() * 1e6) for name, one in known.items()},
        alpha=alpha,
    )
    watch.extend(exposures(log))
    now = datetime.fromtimestamp(log.last_us / 1e6, UTC)
    gone = {row["rewrite_id"] for row in read_withdrawn(state.withdrawn)}
    sure = watch.significant()
    fresh = tuple(one for one in watch.withdrawn if one.rewrite_id in sure - gone)
    gone |= {one.rewrite_id for one in fresh}
    found = decide_states(watch, known, now=now, rules=rules or Rules())
    canaries = {name: one for name, one in found.items() if name not in gone}
    changed = tuple(one for name, one in canaries.items() if known.get(name) != one)
    return Watched(watch, past, fresh, canaries, changed)


def withdraw(state: State, watch: Watch, fresh: Sequence[Withdrawal]) -> None:
    """Block rewrites that do harm, and record them."""
    overrides, incidents = state.overrides, state.incidents
    for one in fresh:
        if (block := one.override()) is not None:
            overrides.put(block)
    for incident in incidents_of(state, fresh):
        incidents.add(incident)
    watch.save(state.withdrawn, at=datetime.now(UTC), only=[one.rewrite_id for one in fresh])


def incidents_of(state: State, fresh: Sequence[Withdrawal]) -> list[Incident]:
    """Return the withdrawals as incidents, which no release repeats."""
    found = _rows(state, [one.rewrite_id for one in fresh])
    known = {
        name: Incident(name, row.request, (row.acted_on,), row.user_id, "withdrawn") for name, row in found.items()
    }
    for one in fresh:  # what another step than the table decided
        if one.rewrite_id not in known and one.request and one.acted_on:
            known[one.rewrite_id] = Incident(one.rewrite_id, one.request, (one.acted_on,), one.user_id, "withdrawn")
    return list(known.values())


def gates_of(state: State, fresh: Sequence[Withdrawal] = ()) -> Evidence:
    """Return the evidence that gates have without reading the log: withdrawals and incidents.

    Args:
        state: The state directory.
        fresh: Rewrites that are withdrawn in this release.
    """
    gone = {row["rewrite_id"]: str(row.get("reason", "")) for row in read_withdrawn(state.withdrawn)}
    return Evidence(
        withdrawn={**gone, **{one.rewrite_id: one.reason for one in fresh}},
        incidents=(*KNOWN, *state.incidents.read(), *incidents_of(state, fresh)),
    )


def evidence_of(state: State, log: Pooled, seen: Watched, *, budget: float) -> Evidence:
    """Collect the evidence that the gates judge by.

    Args:
        state: The state directory.
        log: All turns of its log.
        seen: Evidence of the log on what is served.
        budget: Largest share, in [0, 1], of a domain's requests that may change per day.
    """
    trials = trials_of(state)
    return replace(
        gates_of(state, seen.fresh),
        said=log.said_last(),
        past=seen.past,
        before=partial(_served_before, state, log.last_us // DAY_US),
        understands=None if trials is None else trials.understands,
        doubts=None if trials is None else trials.doubts,
        budget=budget,
        private=state.private(spends=False).on,
    )


def stop_experiment(state: State, outcomes: Pooled) -> tuple[str | None, tuple[str, ...]]:
    """Stop the experiment if a stop rule is met, by the log's clock; return its name, and why it cannot be analysed."""
    last = datetime.fromtimestamp(outcomes.last_us / 1e6, UTC)
    try:
        stopped = stop_where_due(state.experiments, outcomes, last)
    except BadRecord as error:
        return None, (f"the experiment cannot be judged: {error}",)
    return (stopped.name if stopped is not None else None), ()


def _rows(state: State, wanted: Iterable[str]) -> dict[str, Rewrite]:
    """Return the rows of published tables by identifier, latest table first, until all wanted ones are found."""
    found: dict[str, Rewrite] = {}
    missing = set(wanted)
    for table in _tables(state) if missing else ():
        rows = {row.rewrite_id: row for row in table.rows()}
        found = {**{name: rows[name] for name in missing & set(rows)}, **found}
        missing -= set(rows)
        if not missing:
            break
    return found


def _kinds(state: State) -> Mapping[str, str]:
    """Map each version to its kind of artifact."""
    return {version: kind for kind in kinds() for version in state.artifacts.versions(kind)}


def _tables(state: State) -> Iterator[RewriteTable]:
    """Yield the published tables, the latest first."""
    for version in reversed(state.artifacts.versions(RewriteTable.kind)):
        try:
            yield state.artifacts.load(RewriteTable, version)
        except ArtifactRefused:
            continue


def _served_before(state: State, day: int, one: Capability) -> list[Any]:
    """Return the steps over what was served before the log's last day began, by the log's own clock."""
    store = state.artifacts
    for version in reversed(store.versions(one.kind)):
        try:
            until = store.manifest(one.kind, version).made_by.get("log_until_us")
            if until is None or int(until) // DAY_US < day:
                return steps_of(one, store.load(one.artifact_class(), version), version)
        except (ArtifactRefused, TypeError, ValueError):
            continue
    return []
