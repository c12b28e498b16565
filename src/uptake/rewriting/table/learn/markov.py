"""Learn rewrites from an absorbing Markov chain over what people say next.

Each state is a request or a meaning (an interpretation). A session moves between states as its user tries again, and is
absorbed in success or failure. So the chain gives, for each request, the meaning at which its sessions are likeliest to
succeed, and how people express it.

Source: Ponnusamy et al., "Feedback-Based Self-Learning in Large-Scale Conversational AI Agents" (arXiv:1911.02557) and
"Self-Aware Feedback-Based Self-Learning" (arXiv:2205.00029). Differs: a target is scored by the probability to end in
success *at* it, so that it must be reached as well as work; every rate is replaced by its conservative bound; a request
moves by its own counts, not by those of its (wrong) interpretation. Limit: it repairs only what enough people rephrased
in the same way, and ignores the dialogue: a request whose right answer depends on context has no single target and is
left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from uptake.errors import BadConfig
from uptake.privacy.cells import Cells
from uptake.privacy.release import Release
from uptake.protocols import Statistics
from uptake.rewriting.table.artifact import COLUMNS, RewriteTable
from uptake.rewriting.table.learn import personal
from uptake.rewriting.table.learn import statistics as pooled
from uptake.rewriting.table.learn.chain import Graph, build
from uptake.rewriting.table.learn.component_cache import Solved, solve
from uptake.rewriting.table.learn.counts import paths
from uptake.rewriting.table.learn.selection import Chosen, Gates, choose
from uptake.rewriting.verbalize import wording
from uptake.text.deeds import contrary
from uptake.types import Interpretation

__all__ = ["MarkovRewriter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkovRewriter:
    """Learner of a `RewriteTable` from rephrases.

    Args:
        min_users: Fewest distinct homes (users, if homes are unknown) in which a move must have been made, and that
            must share a text, before it counts.
        min_gain: Smallest rise, in [-1, 1), of the success probability, between conservative bounds.
        min_share: Smallest share, in [0, 1] and by its lower bound, of a state's repaired sessions that end at the
            target.
        max_success: A request whose own success rate may be above this, by its upper bound in [0, 1], is left alone.
        confidence: One-sided confidence of every bound, in [0.5, 1).
        max_works: A request that usually succeeds in more than this share of its homes, in [0, 1], is left alone, even
            if the other homes often rephrase it.
        min_agreement: Smallest share, in [0, 1], of the homes rephrasing a request that must rephrase it in this way.
        max_moves: Most that one home adds to one count.
        max_targets: Most targets of one state that one home counts in.
        contrary_users: Fewest such homes for a rewrite that, by the log's interpretations, does the opposite of a
            request that worked for somebody (see `uptake.rewriting.guard.Guard`).
        hub_sources: A target reached from this many states must resemble the request it replaces.
        personal_sessions: Fewest times a user must make a repair before it becomes a personal rewrite; 0: never.
        personal_confidence: One-sided confidence of the bounds behind personal rewrites, in [0.5, 1).
    """

    min_users: int = 3
    min_gain: float = 0.1
    min_share: float = 0.4
    max_success: float = 0.5
    confidence: float = 0.9
    max_works: float = 0.5
    min_agreement: float = 0.3
    max_moves: int = 3
    max_targets: int = 20
    contrary_users: int = 25
    hub_sources: int = 25
    personal_sessions: int = 2
    personal_confidence: float = 0.75

    name: ClassVar[str] = "markov"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "request", "source", "via", "target")
    measures: ClassVar[tuple[str, ...]] = ("moves",)
    statistics: ClassVar[str] = pooled.STATISTICS
    solution: ClassVar[type[Solved]] = Solved
    cells: ClassVar[Cells] = pooled.CELLS

    def __post_init__(self) -> None:
        for name in ("confidence", "personal_confidence"):
            if not 0.5 <= getattr(self, name) < 1.0:
                raise BadConfig(f"{name} must be in [0.5, 1), got {getattr(self, name)}")
        if not -1.0 <= self.min_gain < 1.0:
            raise BadConfig(f"min_gain must be in [-1, 1), got {self.min_gain}")
        for name in ("min_share", "max_success", "max_works", "min_agreement"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in [0, 1], got {getattr(self, name)}")
        if min(self.hub_sources, self.contrary_users) < 1 or self.personal_sessions < 0:
            raise BadConfig("hub_sources and contrary_users must be at least 1 and personal_sessions at least 0")
        self._release()

    def solve(self, statistics: Statistics) -> RewriteTable:
        """Solve the chain. Equal statistics give equal tables, whatever their order."""
        return self.solve_again(statistics)[0]

    def solve_again(self, statistics: Statistics, previous: Solved | None = None) -> tuple[RewriteTable, Solved]:
        """Solve only the components of the chain that `previous` does not hold; the table is the same as `solve`'s."""
        graph = build(pooled.pool(statistics.shared, self._release()), least=self.min_users)
        solved = solve(graph, previous, statistics)
        gates = Gates(
            min_users=self.min_users,
            min_gain=self.min_gain,
            min_share=self.min_share,
            max_success=self.max_success,
            confidence=self.confidence,
            hub_sources=self.hub_sources,
            max_works=self.max_works,
            min_agreement=self.min_agreement,
        )
        chosen = _without_contrary(graph, choose(graph, solved.absorbed, gates), self.contrary_users)
        columns = _columns(graph, chosen)
        if self.personal_sessions:
            columns = _joined(columns, self._personal(statistics))
        return RewriteTable.from_columns(columns, moves=paths(graph, chosen.request)), solved

    def _release(self) -> Release:
        return Release(min_users=self.min_users, max_moves=self.max_moves, max_targets=self.max_targets)

    def _personal(self, statistics: Statistics) -> dict[str, list[Any]]:
        habits = personal.Habits(
            min_sessions=self.personal_sessions,
            min_gain=self.min_gain,
            min_share=self.min_share,
            max_success=self.max_success,
            confidence=self.personal_confidence,
        )
        return personal.personal(statistics.query(personal.query(self.personal_sessions)), habits)


def _without_contrary(graph: Graph, chosen: Chosen, least: int) -> Chosen:
    """Leave out what does the contrary of a request that worked for somebody, by the readings in the log."""
    requests, size = graph.requests, len(chosen.request)
    if not size:
        return chosen
    read_as = requests.home[chosen.request]
    before = graph.states.take(np.maximum(read_as, 0)).to_pylist()
    after = graph.states.take(chosen.state).to_pylist()
    suspect = (read_as >= 0) & (chosen.users < least) & (requests.winners[chosen.request] > 0)
    kept = np.array(
        [
            not (asked and "|" in one and "|" in other and contrary(_in_words(one), _in_words(other), ordered=False))
            for asked, one, other in zip(suspect, before, after, strict=True)
        ],
        dtype=bool,
    )
    return Chosen(**{name: getattr(chosen, name)[kept] for name in Chosen.__slots__})


def _in_words(state: str) -> str:
    """Write the reading that a state is named after in words."""
    _, intent, *slots = state.split("|")
    values = tuple((name, value) for name, _, value in (slot.partition("=") for slot in slots))
    return wording(Interpretation(intent=intent, slots=values))


def _columns(graph: Graph, chosen: Chosen) -> dict[str, list[Any]]:
    """Return the rewrites for everybody, as columns of a rewrite table."""
    text, size = graph.requests.text, len(chosen.request)
    names = graph.states.take(np.maximum(chosen.state, 0)).to_pylist() if size else []
    return {
        "request": text.take(chosen.request).to_pylist(),
        "acted_on": text.take(chosen.acted_on).to_pylist(),
        "user_id": [None] * size,
        "domain": [name.split("|", 1)[0] or None if "|" in name else None for name in names],
        "users": chosen.users.tolist(),
        "sessions": chosen.sessions.tolist(),
        "success_before": chosen.before.tolist(),
        "success_after": chosen.after.tolist(),
    }


def _joined(everybody: dict[str, list[Any]], own: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Add users' own rewrites, but for those that everybody's table already says."""
    shared = dict(zip(everybody["request"], everybody["acted_on"], strict=True))
    kept = [at for at, text in enumerate(own["request"]) if shared.get(text) != own["acted_on"][at]]
    return {name: everybody[name] + [own[name][at] for at in kept] for name in COLUMNS}
