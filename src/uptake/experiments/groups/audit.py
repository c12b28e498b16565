"""Audit the groups of one log: gaps, what the k-users rule leaves them, and what narrowing the worst gap costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
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
from uptake.experiments.outcomes import DefectBy, outcomes_of_tables

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.log.store import TurnLog

__all__ = ["MIN_USERS", "audit_of_log", "audit_of_tables"]

MIN_USERS = 20
"""Fewest people in a group, and outside it, before anything is said of it."""

_KS = (2, 3, 5)


def audit_of_log(log: TurnLog, *, defect: DefectBy = "signals", **chosen: Any) -> dict[str, Any]:
    """Audit a log. The other arguments are those of `audit_of_tables`.

    Raises:
        NotReady: The log is empty.
        BadConfig: A field or an option is wrong.
        BadRecord: The file of groups is wrong.
    """
    snapshot = log.snapshot()
    tables = [part.table() for part in snapshot.parts] + [snapshot.fresh]
    return audit_of_tables([table for table in tables if table.num_rows], defect=defect, **chosen)


def audit_of_tables(
    tables: Sequence[pa.Table],
    *,
    defect: DefectBy = "signals",
    groups: Path | None = None,
    fields: Sequence[str] = (),
    more: Sequence[Grouping] = (),
    min_users: int = MIN_USERS,
    budget: float = 0.05,
    seed: int = 0,
) -> dict[str, Any]:
    """Audit rows of a log.

    Args:
        tables: Rows as `log.schema.PART_SCHEMA`, whole sessions.
        defect: Where the defect of a turn is taken from.
        groups: File of the operator's groups: `user_id` and a column a grouping.
        fields: Fields of the log that part the turns.
        more: Other ways to part them.
        min_users: Fewest people of a group; at least 5.
        budget: Share of turns that narrowing a gap may ask about.
        seed: Decides which homes narrowing is chosen on.
    """
    if min_users < 5:
        raise BadConfig(f"min_users must be at least 5: of fewer people nothing can be said, got {min_users}")
    if not 0.0 < budget < 1.0:
        raise BadConfig(f"budget must be a share of turns in (0, 1), got {budget}")
    if not tables:
        raise NotReady("the log has no turns; read some in first: uptake ingest")
    outcomes = outcomes_of_tables(tables, defect)
    groupings = [
        *groupings_of_log(outcomes, _heard(tables)),
        *(field_of(name, tables) for name in fields),
        *(groupings_of_file(groups, outcomes) if groups is not None else ()),
        *more,
    ]
    columns = measures(outcomes, _failed_as_heard(tables) if defect == "truth" else None)
    found, few = gaps(outcomes, groupings, columns, min_users=min_users)
    narrowed = (narrowing(outcomes, one, budget=budget, min_users=min_users, seed=seed) for one in groupings)
    return {
        "defect_by": defect,
        "turns": len(outcomes),
        "people": len(np.unique(outcomes.user.codes)),
        "min_users": min_users,
        "compared": len(found),
        "gaps_found": sum(one.is_gap for one in found),
        "false_discoveries": LEVEL,
        "gaps": [_gap(one) for one in sorted(found, key=lambda one: (one.adjusted_p, -abs(one.difference.difference)))],
        "no_claim": [asdict(one) for one in few],
        "reach": [
            {"grouping": one.grouping, "group": one.group, "k": one.k, **_rate(asdict(one.share))}
            for one in reach(outcomes, groupings, ks=_KS, min_users=min_users)
        ],
        "newly_named": {str(k): count for k, count in newly_named(outcomes, ks=(1, *_KS)).items()},
        "narrowing": [one.to_json() for one in narrowed if one is not None],
    }


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
    """Compute (n,) word errors a word, where what was said is known."""
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
