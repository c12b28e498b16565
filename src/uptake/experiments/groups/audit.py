"""Audit the groups of one log: gaps, the reach of the k-users rule, and the cost of narrowing the worst gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig, NotReady
from uptake.experiments.groups.gaps import LEVEL, Gap, gaps, measures
from uptake.experiments.groups.membership import (
    Grouping,
    field_of,
    groupings_of_file,
    groupings_of_log,
    word_errors,
)
from uptake.experiments.groups.narrowing import narrowing
from uptake.experiments.groups.reach import newly_named, reach
from uptake.experiments.outcomes import COLUMNS, DefectBy, Outcomes, outcomes_of_tables
from uptake.experiments.standing import finite_json

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.log.store import TurnLog

__all__ = ["MIN_USERS", "Chosen", "audit_of_log", "audit_of_tables", "defect_gaps", "tables_of_log"]

MIN_USERS = 20
"""Fewest people in a group, and outside it, before anything is said of it."""

_KS = (2, 3, 5)
_K = 3  # of the k-users rule, unless it is configured otherwise
_COLUMNS = (*COLUMNS, "truth_request", "truth_defect_as_heard", "language", "device_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Options of an audit."""

    defect: DefectBy = "signals"
    """Where the defect of a turn is taken from."""
    groups: Path | None = None
    """File of the operator's groups: `user_id` and a column a grouping."""
    fields: Sequence[str] = ()
    """Fields of the log that part the turns."""
    min_users: int = MIN_USERS
    """Fewest people of a group; at least 5."""
    budget: float = 0.05
    """Share of turns, in (0, 1), that narrowing a gap may ask about."""
    seed: int = 0
    """Decides which homes narrowing is chosen on."""

    def __post_init__(self) -> None:
        if self.min_users < 5:
            raise BadConfig(f"min_users must be at least 5: of fewer people nothing can be said, got {self.min_users}")
        if not 0.0 < self.budget < 1.0:
            raise BadConfig(f"budget must be a share of turns in (0, 1), got {self.budget}")


def tables_of_log(log: TurnLog) -> list[pa.Table]:
    """Return the columns of a log that an audit reads.

    Raises:
        NotReady: The log is empty.
    """
    snapshot = log.snapshot()
    tables = [*(part.table(list(_COLUMNS)) for part in snapshot.parts), snapshot.fresh.select(list(_COLUMNS))]
    if not any(table.num_rows for table in tables):
        raise NotReady("the log has no turns; read some in first: uptake ingest")
    return [table for table in tables if table.num_rows]


def audit_of_log(log: TurnLog, chosen: Chosen | None = None) -> dict[str, Any]:
    """Audit a log.

    Raises:
        NotReady: The log is empty.
        BadConfig: A field is wrong.
        BadRecord: The file of groups is wrong.
    """
    return audit_of_tables(tables_of_log(log), chosen or Chosen())


def audit_of_tables(tables: Sequence[pa.Table], chosen: Chosen, more: Sequence[Grouping] = ()) -> dict[str, Any]:
    """Audit rows of a log.

    Args:
        tables: Rows of the log, whole sessions.
        chosen: What to look at.
        more: Further groupings of the turns.
    """
    outcomes = outcomes_of_tables(tables, chosen.defect)
    groupings = [
        *groupings_of_log(outcomes, _heard(tables)),
        *(field_of(name, tables) for name in chosen.fields),
        *(groupings_of_file(chosen.groups, outcomes) if chosen.groups is not None else ()),
        *more,
    ]
    columns = measures(outcomes, _failed_as_heard(tables) if chosen.defect == "truth" else None)
    found, few = gaps(outcomes, groupings, columns, min_users=chosen.min_users)
    uneven = {one.grouping for one in found if one.is_gap and one.measure == "defect"}
    narrowed = (
        narrowing(outcomes, one, budget=chosen.budget, min_users=chosen.min_users, seed=chosen.seed)
        for one in groupings
        if one.name in uneven
    )
    shown: dict[str, Any] = {
        "defect_by": chosen.defect,
        "turns": len(outcomes),
        "people": len(np.unique(outcomes.user.codes)),
        "min_users": chosen.min_users,
        "compared": len(found),
        "gaps_found": sum(one.is_gap for one in found),
        "false_discoveries": LEVEL,
        "gaps": [_gap(one) for one in sorted(found, key=lambda one: (one.adjusted_p, -abs(one.difference.difference)))],
        "no_claim": [asdict(one) for one in few],
        "k": _K,
        "reach": [
            {"grouping": one.grouping, "group": one.group, "k": one.k, **_rate(asdict(one.share))}
            for one in reach(outcomes, groupings, ks=_KS, min_users=chosen.min_users)
        ],
        "newly_named": {str(k): count for k, count in newly_named(outcomes, ks=(1, *_KS)).items()},
        "narrowing": [one.to_json() for one in narrowed if one is not None],
    }
    cleaned: dict[str, Any] = finite_json(shown)
    return cleaned


def defect_gaps(outcomes: Outcomes) -> list[dict[str, Any]]:
    """Compare the defect rates of the groups that the log itself shows, for a report page."""
    if not len(outcomes):
        return []
    found, _ = gaps(outcomes, groupings_of_log(outcomes), {"defect": outcomes.defect}, min_users=MIN_USERS)
    return [_gap(one) for one in found]


def _gap(one: Gap) -> dict[str, Any]:
    found = one.difference
    return {
        "grouping": one.grouping,
        "group": one.group,
        "measure": one.measure,
        "people": found.treatment.users,
        "turns": found.treatment.turns,
        "rate": found.treatment.rate,
        "rate_low": found.treatment.low,
        "rate_high": found.treatment.high,
        "others": found.control.rate,
        "gap": found.difference,
        "gap_low": found.difference_low,
        "gap_high": found.difference_high,
        "p": found.p,
        "adjusted_p": one.adjusted_p,
        "holm_p": one.holm_p,
        "differs": one.is_gap,
    }


def _rate(share: dict[str, Any]) -> dict[str, Any]:
    return {"people": share["users"], "failures": share["turns"]} | {n: share[n] for n in ("rate", "low", "high")}


def _heard(tables: Sequence[pa.Table]) -> NDArray[np.float64] | None:
    """Return (n,) word error rates, where the truth is known."""
    if all(table.column("truth_request").null_count == table.num_rows for table in tables):
        return None
    said, heard = (
        list(chain.from_iterable(table.column(name).to_pylist() for table in tables))
        for name in ("truth_request", "request")
    )
    return word_errors(said, heard)


def _failed_as_heard(tables: Sequence[pa.Table]) -> NDArray[np.float64]:
    return np.concatenate(
        [
            np.array(table.column("truth_defect_as_heard").cast("int8").cast("float64").to_numpy(), dtype=np.float64)
            for table in tables
        ]
    )
