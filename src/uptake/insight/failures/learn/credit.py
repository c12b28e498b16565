"""Assign credit: a component learns only from failures of its own.

Giving every component the overall feedback teaches each of them the others' mistakes. A lamp that does not answer makes
people say it again, and their last wording looks like a repair of the first, which was understood all along. So the
marks of a log are corrected by failure point: if a failure was another component's, the learner sees a turn that went
well, and no rephrase.

Source: Falke and Lehnen, "Feedback Attribution for Counterfactual Bandit Learning in Multi-Domain Spoken Language
Understanding", EMNLP 2021 (what goes wrong without attribution).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig
from uptake.feedback.turns_view import TURNS, mark
from uptake.insight.failures.isolate import Isolated
from uptake.log.rows import to_table
from uptake.protocols import Artifact, Learner
from uptake.types import Session

__all__ = ["OWN", "credited", "learn_credited", "own_failure"]

OWN: Mapping[str, frozenset[str]] = {
    "rewrites": frozenset({"asr", "nlu", "entity"}),
    "index": frozenset({"asr"}),
    "intent": frozenset({"nlu"}),
    "entities": frozenset({"entity"}),
    "wake": frozenset({"false_wake"}),
    "home": frozenset({"result"}),
}
"""Component -> the failure points that are its to mend."""


def own_failure(found: Isolated, component: str) -> tuple[float, float]:
    """Return (probability that a turn failed by a component's own doing, that it failed by another's).

    Raises:
        BadConfig: There is no such component.
    """
    if component not in OWN:
        raise BadConfig(f"no component is called {component}; there is {', '.join(OWN)}")
    own = sum(chance for point, chance in found.chances.items() if point in OWN[component])
    others = sum(
        chance for point, chance in found.chances.items() if point != "correct" and point not in OWN[component]
    )
    return own, others


def credited(marked: pa.Table, found: Iterable[Isolated], component: str) -> pa.Table:
    """Return marked turns with the defects that one component may learn from.

    Args:
        marked: Rows of `uptake.feedback.turns_view.TURNS`.
        found: Where turns failed; turns that it does not speak of stay as they are.
        component: A key of `OWN`.

    Raises:
        BadConfig: There is no such component.
    """
    shares = {one.turn_id: own_failure(one, component) for one in found}
    told = [shares.get(turn_id, (np.nan, 0.0)) for turn_id in marked["turn_id"].to_pylist()]
    own, others = (np.array([one[side] for one in told], dtype=np.float64) for side in (0, 1))
    not_mine = others > np.maximum(np.nan_to_num(own), 0.5)
    columns: dict[str, Any] = {name: marked[name] for name in TURNS.names}
    p_defect = marked["p_defect"].to_numpy(zero_copy_only=False).copy()
    columns["p_defect"] = pa.array(np.where(not_mine, np.nan_to_num(own), p_defect))
    mine = pa.array(~not_mine)
    for name in ("defect", "retried"):
        columns[name] = pa.array(columns[name].to_numpy(zero_copy_only=False) & ~not_mine)
    for name in ("next_request", "next_state"):
        columns[name] = pc.if_else(mine, columns[name], pa.scalar(None, type=pa.string()))
    return pa.table([columns[name] for name in TURNS.names], schema=TURNS)


def learn_credited(
    learner: Learner,
    sessions: Sequence[Session],
    *,
    found: Iterable[Isolated] | None = None,
    component: str = "rewrites",
) -> Artifact:
    """Learn from sessions in memory.

    Args:
        learner: Any learner over marked turns, for example `MarkovRewriter()`.
        sessions: Whole sessions.
        found: Their failure points (`uptake.insight.failures.isolate`); None to learn from everybody's failures.
        component: Whose failures are learned from.
    """
    engine = LocalEngine()
    turns = [turn for session in sessions for turn in session.turns]
    ids = [session.session_id for session in sessions for _ in session.turns]
    marked = mark(to_table(turns).append_column("session", pa.array(ids)))
    if found is not None:
        marked = credited(marked, found, component)
    return learner.solve(EngineStatistics(engine, engine.table(learner.statistics, turns=marked)))
