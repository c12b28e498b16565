"""Marked turns by hand: `said("ann", "play jaz", then="play jazz")` is one row of the view `turns`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.feedback.reactions import REACTIONS
from uptake.feedback.turns_view import TURNS
from uptake.protocols import Learner
from uptake.rewriting.table.artifact import RewriteTable

PEOPLE = ("ann", "bo", "cy", "di")
ENGINE = LocalEngine(memory_limit="256MB")
Rows = list[dict[str, Any]]


def said(user: str, request: str, *, then: str | None = None, failed: bool = False, **fields: Any) -> Rows:
    """One turn: said again as `then`, or the end of its session; `state` and `next_state` default to the texts."""
    known = {"user_id": user, "request": request, "state": request, "retried": then is not None, "next_request": then}
    known |= {"worked": not failed and then is None, "unanswered": False, "asked": False}
    return [{**_PLAIN, **known, "next_state": then, "defect": failed or then is not None, **fields}]


def repair(user: str, *requests: str) -> Rows:
    """A session in which each request is said again as the next, and the last one ends well."""
    pairs = zip(requests, [*requests[1:], None], strict=True)
    return [row for request, following in pairs for row in said(user, request, then=following)]


def turns(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as the view `turns`."""
    return pa.Table.from_pylist(list(rows), schema=TURNS)


def statistics(learner: Learner, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """What the learner takes from these turns."""
    return ENGINE.table(learner.statistics, turns=turns(rows))


def fit(learner: Learner, rows: Iterable[dict[str, Any]]) -> RewriteTable:
    """What the learner makes of these turns."""
    table: RewriteTable = learner.solve(EngineStatistics(ENGINE, statistics(learner, rows)))  # type: ignore[assignment]
    return table


def rewrites(table: RewriteTable) -> dict[tuple[str | None, str], str]:
    """What a table does: (user, request) -> text to act on."""
    return {(row.user_id, row.request): row.acted_on for row in table.rows()}


_PLAIN = {
    "turn_id": "t", "session_id": "s", "said_at": 0, "domain": None, "acted_on": None, "acted_state": None,
    "arm": None, "propensity": 1.0, "control": False, "p_defect": 0.0, **dict.fromkeys(REACTIONS, False),
}  # fmt: skip
