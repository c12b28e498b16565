"""Collect the content of a report as JSON values: what was learned, its effect, what fails, drift.

Words appear only if `min_users` people share them; personal rewrites are counted and not shown. Figures that an
analysis refuses (an assignment that changed midway, say) are replaced by the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.errors import BadConfig, NotReady
from uptake.experiments.coded import distinct_pairs
from uptake.experiments.compare import rates_by_day
from uptake.experiments.drift import drift
from uptake.experiments.exposures import baselines, exposures
from uptake.experiments.groups.audit import defect_gaps
from uptake.experiments.outcomes import DefectBy, Outcomes, outcomes_of_log
from uptake.experiments.pooled import pool_outcomes
from uptake.experiments.rates import Rate, rate
from uptake.experiments.registry import Registry
from uptake.experiments.standing import experiment_status, finite_json
from uptake.experiments.withdrawal import Posterior, Watch
from uptake.experiments.withdrawn import read_withdrawn
from uptake.insight.failures.summary import FailedTurn, failing_in_log
from uptake.rewriting.canaries import Canary, CanaryFile
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.table.artifact import RewriteTable

if TYPE_CHECKING:
    from uptake.log.store import TurnLog
    from uptake.store.store import ArtifactStore

__all__ = ["WITHDRAWN", "overview"]

WITHDRAWN = "withdrawn.json"
"""In a state directory: what was withdrawn, as `Watch.save` writes it."""
CANARIES = "canaries.json"
"""In a state directory: what is asked about, paused or proven, as `CanaryFile.write` writes it."""

_TOP = 12
_SHARED = 3  # people who must have said something before its words are shown
_LEAST = 20  # turns of a domain or a request before its rate is shown


def overview(
    log: TurnLog,
    store: ArtifactStore,
    directory: Path,
    *,
    defect: DefectBy = "signals",
    arms: tuple[str, str] | None = None,
    failed: list[FailedTurn] | None = None,
) -> dict[str, Any]:
    """Summarise a state directory. Words stand in it where enough people share them.

    Args:
        log: Its log.
        store: Its artifacts.
        directory: The directory itself: started experiments, withdrawals, overrides.
        defect: Where the defect of a turn is taken from.
        arms: (control, treatment); None for those of the experiment.
        failed: The turns that its failure points count are added to it.
    """
    outcomes = outcomes_of_log(log, defect=defect)
    table = store.load(RewriteTable) if store.current_version(RewriteTable.kind) else None
    canaries = CanaryFile(directory / CANARIES).read().by_name
    watch = _watch(outcomes, table, canaries)
    found = {
        "defect_by": defect,
        "sizes": _sizes(log, store, outcomes, table),
        "rate": _rate(rate(outcomes)),
        "by_day": _by_day(outcomes),
        "releases": _releases(store),
        "experiment": _experiment(outcomes, directory, arms),
        "rewrites": _rewrites(table, watch.posteriors(), _SHARED),
        "withdrawn": _withdrawn(watch, directory),
        "canaries": [one._asdict() | {"since": one.since.isoformat()} for one in canaries.values()],
        "suspended": Opinions.beside(directory / "learning").suspended(),
        "failing": {
            "by_domain": _by_name(outcomes, "domain"),
            "by_signal": _by_signal(outcomes),
            "by_request": _by_request(outcomes, _SHARED),
            "by_point": failing_in_log(log, store, min_users=_SHARED, failed=failed) if len(outcomes) else None,
        },
        "groups": defect_gaps(outcomes),
        "drift": [series.to_json() for series in drift(outcomes)] if len(outcomes) else [],
    }
    cleaned: dict[str, Any] = finite_json(found)
    return cleaned


def _watch(outcomes: Outcomes, table: RewriteTable | None, canaries: Mapping[str, Canary]) -> Watch:
    """Return what is known of each rewrite by the turns in which it fired."""
    turns = pool_outcomes(outcomes)
    watch = Watch(
        baselines(turns, {row.rewrite_id: row for row in table.rows()} if table else {}),
        since_us={name: round(one.since.timestamp() * 1e6) for name, one in canaries.items()},
    )
    watch.extend(exposures(turns))
    return watch


def _sizes(log: TurnLog, store: ArtifactStore, outcomes: Outcomes, table: RewriteTable | None) -> dict[str, Any]:
    stats = log.stats()
    own = table.own if table is not None else 0
    known = store.load(RequestIndex) if store.current_version(RequestIndex.kind) else None
    return {
        "turns": stats.turns,
        "users": stats.users,
        "sessions": stats.sessions,
        "first": stats.first.isoformat() if stats.first else None,
        "last": stats.last.isoformat() if stats.last else None,
        "log_bytes": stats.bytes,
        "rewritten_turns": int(outcomes.acted.sum()),
        "rewrites": len(table) - own if table is not None else 0,
        "personal_rewrites": own,
        "known_requests": len(known) if known is not None else 0,
        "version": store.current_version(RewriteTable.kind),
    }


def _rate(found: Rate) -> dict[str, Any]:
    return asdict(found)


def _by_day(outcomes: Outcomes) -> dict[str, Any]:
    everybody = rates_by_day(outcomes)
    arms = {arm: rates_by_day(outcomes, arm) for arm in sorted(outcomes.arm.names)}
    return {
        "days": list(everybody),
        "all": [_rate(found) for found in everybody.values()],
        "arms": {
            arm: [_rate(found[day]) if day in found else None for day in everybody] for arm, found in arms.items()
        },
    }


def _releases(store: ArtifactStore) -> list[dict[str, str]]:
    moves = store.history(RewriteTable.kind)
    return [
        {"day": move.at.astimezone(UTC).date().isoformat(), "action": move.action, "version": move.version}
        for move in moves
    ]


def _experiment(outcomes: Outcomes, directory: Path, arms: tuple[str, str] | None) -> dict[str, Any] | None:
    """Return the experiment that runs, else the last that did, else arms that somebody else dealt; None without any."""
    registry = Registry(directory / "experiments")
    try:
        started = registry.get()
    except NotReady:
        started = None
    except BadConfig as error:
        return {"name": None, "refused": str(error), "scopes": {}}
    found = experiment_status(outcomes, started, arms=arms)
    return found if found["turns"] or started is not None else None


def _rewrites(table: RewriteTable | None, seen: Sequence[Posterior], min_users: int) -> list[dict[str, Any]]:
    """Return the rewrites for everybody that were used most, or else have most users behind them."""
    if table is None:
        return []
    by_id = {posterior.rewrite_id: posterior for posterior in seen}
    rows = [row for row in table.rows() if row.user_id is None and row.evidence.users >= min_users]
    rows.sort(key=lambda row: -by_id[row.rewrite_id].exposures if row.rewrite_id in by_id else 0)
    found = []
    for row in rows[:_TOP]:
        posterior = by_id.get(row.rewrite_id)
        found.append(
            {"rewrite_id": row.rewrite_id, "request": row.request, "acted_on": row.acted_on, "domain": row.domain}
            | asdict(row.evidence)
            | {"seen": posterior._asdict() if posterior else None}
        )
    return found


def _withdrawn(watch: Watch, directory: Path) -> list[dict[str, Any]]:
    """List what the log says should be withdrawn, and what has been; requests are not shown here."""
    rows: list[Mapping[str, Any]] = [*watch.to_json(watch.significant()), *read_withdrawn(directory / WITHDRAWN)]
    distinct = {row["rewrite_id"]: row for row in rows}
    return [
        {name: value for name, value in row.items() if name not in ("request", "user_id", "acted_on")}
        for row in distinct.values()
    ]


def _by_name(outcomes: Outcomes, column: str) -> list[dict[str, Any]]:
    coded = getattr(outcomes, column)
    counts = np.bincount(coded.codes[coded.codes >= 0], minlength=len(coded.names))
    rows = [
        {"name": coded.names[at]} | _rate(rate(outcomes, coded.codes == at))
        for at in np.argsort(-counts, kind="stable").tolist()[: 3 * _TOP]
        if counts[at] >= _LEAST
    ]
    return sorted(rows, key=lambda row: -row["defects"])[:_TOP]


def _by_signal(outcomes: Outcomes) -> list[dict[str, Any]]:
    rows = [
        {"name": name, "turns": int(column.sum()), "share": float(column.mean())}
        for name, column in outcomes.friction.items()
        if column.any()
    ]
    return sorted(rows, key=lambda row: -row["turns"])


def _by_request(outcomes: Outcomes, min_users: int) -> list[dict[str, Any]]:
    """Return requests with most defects, of those that enough people share."""
    known = np.flatnonzero(outcomes.known & (outcomes.request.codes >= 0) & ~outcomes.acted)
    codes = outcomes.request.codes[known]
    size = len(outcomes.request.names)
    turns = np.bincount(codes, minlength=size)
    defects = np.bincount(codes, weights=outcomes.defect[known], minlength=size)
    users = np.bincount(distinct_pairs(codes, outcomes.user.codes[known])[0], minlength=size)
    shared = np.flatnonzero((users >= min_users) & (turns >= _LEAST))
    top = shared[np.argsort(-defects[shared], kind="stable")][:_TOP]
    return [
        {
            "request": outcomes.request.names[at],
            "users": int(users[at]),
            "turns": int(turns[at]),
            "defects": float(defects[at]),
            "rate": float(defects[at] / turns[at]),
        }
        for at in top.tolist()
    ]
