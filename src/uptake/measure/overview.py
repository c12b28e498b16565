"""Everything a report shows, as JSON values: what was learned, what it did, what fails, what shifted.

Words appear only where `min_users` people share them; single users' rewrites are counted and not shown. Figures from a
log that an analysis refuses (an assignment that changed mid-way, say) are replaced by the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.artifacts.rewrites import RewriteTable
from uptake.artifacts.sounds import SoundIndex
from uptake.errors import BadConfig, UptakeError
from uptake.measure.compare import analyse, rates_by_day
from uptake.measure.drift import drift
from uptake.measure.experiment import Experiment, started
from uptake.measure.failing import failing_in_log
from uptake.measure.outcomes import DefectBy, Outcomes, outcomes_of_log
from uptake.measure.rates import Rate, rate
from uptake.measure.sequential import Monitor
from uptake.measure.winloss import of_triggered
from uptake.measure.withdrawal import Posterior, Watch, exposures, promises, read_withdrawn

if TYPE_CHECKING:
    from uptake.artifacts.store import ArtifactStore
    from uptake.log.store import TurnLog

__all__ = ["WITHDRAWN", "overview", "split_at_first_rewrite"]

WITHDRAWN = "withdrawn.json"
"""In a state directory: what was withdrawn, as `Watch.save` writes it."""

_TOP = 12
_LEAST = 20  # turns of a domain or a request before its rate is shown


def overview(
    log: TurnLog,
    store: ArtifactStore,
    directory: Path,
    *,
    defect: DefectBy = "signals",
    arms: tuple[str, str] = ("control", "treatment"),
    min_users: int = 3,
) -> dict[str, Any]:
    """Look at a state directory.

    Args:
        log: Its log.
        store: Its artifacts.
        directory: The directory itself: started experiments, withdrawals, overrides.
        defect: Where the defect of a turn is taken from.
        arms: (control, treatment).
        min_users: Fewest users who must have said something before its words are shown.
    """
    outcomes = outcomes_of_log(log, defect=defect)
    table = store.load(RewriteTable) if store.current_version(RewriteTable.kind) else None
    watch = Watch(promises(table) if table else {})
    watch.extend(exposures(outcomes))
    before, during = split_at_first_rewrite(outcomes)
    found = {
        "defect_by": defect,
        "sizes": _sizes(log, store, outcomes, table),
        "rate": _rate(rate(outcomes)),
        "by_day": _by_day(outcomes),
        "releases": _releases(store),
        "experiment": _experiment(before, during, directory, arms),
        "win_loss": _win_loss(during, arms),
        "rewrites": _rewrites(table, watch.posteriors(), min_users),
        "withdrawn": _withdrawn(watch, directory),
        "failing": {
            "by_domain": _by_name(outcomes, "domain"),
            "by_signal": _by_signal(outcomes),
            "by_request": _by_request(outcomes, min_users),
            "by_point": failing_in_log(log, store, min_users=min_users) if len(outcomes) else None,
        },
        "drift": [series.to_json() for series in drift(outcomes)] if len(outcomes) else [],
    }
    cleaned: dict[str, Any] = _finite(found)
    return cleaned


def split_at_first_rewrite(outcomes: Outcomes) -> tuple[Outcomes, Outcomes]:
    """Turns before the first that a rewrite concerned, and turns with an arm from then on.

    Before that moment nobody was treated differently, whatever arm they were in. Without any rewrite, the first turn
    with an arm is where it is cut.
    """
    concerned = outcomes.triggered if outcomes.triggered.any() else outcomes.arm.codes >= 0
    if not concerned.any():
        return outcomes, outcomes.where(np.zeros(len(outcomes), dtype=bool))
    cut = int(outcomes.said_at[concerned].min())
    return (
        outcomes.where(outcomes.said_at < cut),
        outcomes.where((outcomes.said_at >= cut) & (outcomes.arm.codes >= 0)),
    )


def _sizes(log: TurnLog, store: ArtifactStore, outcomes: Outcomes, table: RewriteTable | None) -> dict[str, Any]:
    stats = log.stats()
    own = int((table.table["user"] > 0).sum()) if table is not None else 0
    known = store.load(SoundIndex) if store.current_version(SoundIndex.kind) else None
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


def _finite(value: Any) -> Any:
    """The same values as JSON knows them: None where a number is none."""
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


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


def _experiment(before: Outcomes, during: Outcomes, directory: Path, arms: tuple[str, str]) -> dict[str, Any] | None:
    if not len(during) or not set(arms) <= set(during.arm.names):
        return None
    found: dict[str, Any] = {"name": None, "arms": list(arms), "scopes": {}, "refused": None}
    try:
        experiment = _started(directory, during)
        found["name"] = experiment.name if experiment else None
        earlier = before if len(before) else None
        for scope in ("all", "triggered", *_domains(during)):
            try:
                analysis = analyse(during, experiment=experiment, arms=arms, scope=scope, before=earlier)
            except UptakeError as error:
                if scope == "all":
                    raise
                found["scopes"][scope] = {"refused": str(error)}
                continue
            found["scopes"][scope] = analysis.to_json()
        found["any_time"] = _any_time(during, earlier, arms)
    except UptakeError as error:
        found["refused"] = str(error)
    return found


def _started(directory: Path, during: Outcomes) -> Experiment | None:
    """The started experiment that knows the arms of the log; None where nobody started one."""
    known = started(directory / "experiments")
    fits = [one for one in known if set(during.arm.names) <= set(one.probabilities)]
    if known and not fits:
        raise BadConfig(f"no started experiment has the {len(during.arm.names)} arms of the log")
    return fits[-1] if fits else None


def _domains(outcomes: Outcomes) -> list[str]:
    """Scopes of the domains with most rewrites."""
    counts = np.bincount(outcomes.domain.codes[outcomes.triggered & (outcomes.domain.codes >= 0)])
    order = np.argsort(-counts, kind="stable")[:5]
    return [f"domain:{outcomes.domain.names[at]}" for at in order.tolist() if counts[at] >= _LEAST]


def _any_time(during: Outcomes, before: Outcomes | None, arms: tuple[str, str]) -> dict[str, Any]:
    """The interval that holds however often one looks."""
    past: dict[str, tuple[float, float]] = {}
    if before is not None:
        codes, size = before.user.codes[before.known], len(before.user.names)
        defects = np.bincount(codes, weights=before.defect[before.known], minlength=size)
        turns = np.bincount(codes, minlength=size)
        past = {before.user.names[at]: (float(defects[at]), float(turns[at])) for at in np.flatnonzero(turns).tolist()}
    monitor = Monitor(arms, before=past)
    rows = np.flatnonzero(during.known & (during.arm.codes >= 0))
    rows = rows[np.argsort(during.said_at[rows], kind="stable")]
    names, users = during.arm.names, during.user.names
    columns = (during.user.codes[rows].tolist(), during.arm.codes[rows].tolist(), during.defect[rows].tolist())
    monitor.extend((users[user], names[arm], failed) for user, arm, failed in zip(*columns, strict=True))
    return monitor.look()._asdict()


def _win_loss(during: Outcomes, arms: tuple[str, str]) -> dict[str, Any] | None:
    try:
        found = of_triggered(during, arms=arms)
    except UptakeError:
        return None
    return {
        "correct": found.correct,
        "incorrect": found.incorrect,
        "net_wins": found.net_wins,
        "net_low": found.net_low,
        "net_high": found.net_high,
        "defect_without": found.effect.control.rate,
        "defect_with": found.effect.treatment.rate,
        "assumed": found.assumed.to_json(),
    }


def _rewrites(table: RewriteTable | None, seen: Sequence[Posterior], min_users: int) -> list[dict[str, Any]]:
    """The rewrites for everybody that were used most, or else have most users behind them."""
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
    """What the log says should go, and what has gone before; requests are not shown here."""
    rows: list[Mapping[str, Any]] = [*watch.to_json(), *read_withdrawn(directory / WITHDRAWN)]
    distinct = {row["rewrite_id"]: row for row in rows}
    return [
        {name: value for name, value in row.items() if name not in ("request", "user_id")} for row in distinct.values()
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
    """Requests with most defects, of those that enough people share."""
    known = np.flatnonzero(outcomes.known & (outcomes.request.codes >= 0) & ~outcomes.acted)
    codes = outcomes.request.codes[known]
    size = len(outcomes.request.names)
    turns = np.bincount(codes, minlength=size)
    defects = np.bincount(codes, weights=outcomes.defect[known], minlength=size)
    pairs = np.unique(np.stack([codes, outcomes.user.codes[known]]), axis=1)
    users = np.bincount(pairs[0], minlength=size)
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
