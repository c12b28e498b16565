"""Watch what is served, and withdraw what hurts.

Every turn in which something learned fired goes before `uptake.experiments.withdrawal.Watch`, against the stricter of
what it was published for and of the past of the request left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from uptake.errors import ArtifactRefused
from uptake.experiments.exposures import Promise, baselines, exposures, promises
from uptake.experiments.incidents import KNOWN, Incident
from uptake.experiments.outcomes import Outcomes
from uptake.experiments.withdrawal import Watch, Withdrawal, read_withdrawn
from uptake.release.gates import Evidence
from uptake.release.state import State
from uptake.rewriting.table.artifact import Rewrite, RewriteTable

__all__ = ["gates_of", "incidents_of", "said_last", "watched", "withdraw"]


def watched(state: State, outcomes: Outcomes, *, alpha: float = 0.05) -> Watch:
    """Everything that was acted on so far because it was learned, watched.

    Args:
        state: The state directory.
        outcomes: All turns of its log.
        alpha: Probability, in (0, 1), of ever withdrawing something that hurts nobody.
    """
    seen = {outcomes.rewrite.names[at] for at in outcomes.rewrite.codes[outcomes.triggered].tolist()}
    promised: dict[str, Promise] = {}
    for table in _tables(state):
        if seen <= set(promised):
            break
        promised = {**promises(table), **promised}
    watch = Watch(baselines(outcomes, promised), alpha=alpha)
    watch.extend(exposures(outcomes))
    return watch


def withdraw(state: State, watch: Watch, fresh: Sequence[Withdrawal]) -> None:
    """Stop what hurts, and remember it."""
    overrides, incidents = state.overrides, state.incidents
    for one in fresh:
        if (block := one.override()) is not None:
            overrides.put(block)
    for incident in incidents_of(state, fresh):
        incidents.add(incident)
    watch.save(state.withdrawn, at=datetime.now(UTC))


def incidents_of(state: State, fresh: Sequence[Withdrawal]) -> list[Incident]:
    """What was withdrawn, as incidents that no release repeats."""
    wanted = {one.rewrite_id for one in fresh}
    found: dict[str, Rewrite] = {}
    for table in _tables(state) if wanted else ():
        found |= {row.rewrite_id: row for row in table.rows() if row.rewrite_id in wanted - set(found)}
        if wanted <= set(found):
            break
    known = {
        name: Incident(name, row.request, (row.acted_on,), row.user_id, "withdrawn") for name, row in found.items()
    }
    for one in fresh:  # what another step than the table decided
        if one.rewrite_id not in known and one.request and one.acted_on:
            known[one.rewrite_id] = Incident(one.rewrite_id, one.request, (one.acted_on,), one.user_id, "withdrawn")
    return list(known.values())


def gates_of(state: State, fresh: Sequence[Withdrawal] = ()) -> Evidence:
    """What the gates know without looking at the log: withdrawals and incidents.

    Args:
        state: The state directory.
        fresh: What is withdrawn just now.
    """
    gone = {row["rewrite_id"]: str(row.get("reason", "")) for row in read_withdrawn(state.withdrawn)}
    return Evidence(
        withdrawn={**gone, **{one.rewrite_id: one.reason for one in fresh}},
        incidents=(*KNOWN, *state.incidents.read(), *incidents_of(state, fresh)),
    )


def said_last(outcomes: Outcomes) -> Iterator[tuple[str, str, str | None]]:
    """What was said on the last day, and the domain it was understood for."""
    last = outcomes.where(outcomes.day == int(outcomes.day.max()))
    for request, user, domain, acted in zip(
        last.request.codes, last.user.codes, last.domain.codes, last.acted, strict=True
    ):
        if request >= 0:
            known = last.domain.names[domain] if domain >= 0 and not acted else None
            yield last.request.names[request], last.user.names[user], known


def _tables(state: State) -> Iterator[RewriteTable]:
    """The tables that were published, the latest first."""
    for version in reversed(state.artifacts.versions(RewriteTable.kind)):
        try:
            yield state.artifacts.load(RewriteTable, version)
        except ArtifactRefused:
            continue
