"""Select rewrites among the chain's proposals, by thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from uptake.ml.bounds import lower, upper
from uptake.rewriting.table.learn import absorbing as kernels
from uptake.rewriting.table.learn.absorbing import Absorbed, Floats, Ints
from uptake.rewriting.table.learn.chain import Graph
from uptake.text.distance import edit_similarity
from uptake.text.phonetic import sound_similarity

__all__ = ["Chosen", "Gates", "choose", "wordings"]

_ALIKE = 0.5
"""Least resemblance, by letters or by sound, that lets a request lead to a hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """Thresholds that a rewrite must pass."""

    min_users: int
    min_gain: float
    min_share: float
    max_success: float
    confidence: float
    hub_sources: int
    max_works: float
    min_agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Rewrites, one per request: positions in `Graph.requests`, and their evidence."""

    request: Ints
    acted_on: Ints
    state: Ints
    """State the rewrite is in."""
    users: Ints
    sessions: Ints
    before: Floats
    after: Floats


def wordings(graph: Graph, counts: Ints) -> Ints:
    """Return for each state the request in it with the largest positive count, the first of equals; -1 where none."""
    requests = graph.requests
    usable = np.flatnonzero((requests.home >= 0) & (counts > 0))
    order = usable[np.lexsort((usable, -counts[usable], requests.home[usable]))]
    first = order[np.flatnonzero(np.diff(requests.home[order], prepend=-1))]
    chosen = np.full(len(graph.states), -1, dtype=np.int64)
    chosen[requests.home[first]] = first
    return chosen


def choose(graph: Graph, absorbed: Absorbed, gates: Gates) -> Chosen:
    """Choose for each shared request the best target that passes every gate.

    The target must mean something else, be where enough of the request's repaired sessions end, be reached by
    moves that enough users made, and succeed often enough more: the lower bound of its success, never above
    what turns already rewritten that way still allow, minus the upper bound of the request's own. Beside turns, homes
    are counted, each once: few who say a thing often outweigh in turns, but not in homes, the many for whom it works,
    or who mean something else by it.
    """
    best = wordings(graph, graph.requests.wins)
    before = upper(graph.requests.wins, graph.requests.turns, gates.confidence)
    after = lower(graph.requests.wins, graph.requests.turns, gates.confidence)
    share = _shares(graph, absorbed, gates.confidence)
    sources = np.bincount(graph.chain.targets[_rows(graph) != graph.chain.targets], minlength=len(graph.states))
    fails = graph.requests.works <= gates.max_works * graph.requests.sayers
    open_requests = np.flatnonzero((graph.requests.node >= 0) & fails)
    parts: list[tuple[Any, ...]] = []
    for rank in range(absorbed.best.shape[1]):
        node = graph.requests.node[open_requests]
        state = absorbed.best[node, rank]
        goal = np.where(state >= 0, best[state], -1) if len(best) else state
        claim = _tested(graph, open_requests, goal, after, gates.confidence)
        good = (goal >= 0) & (state != graph.requests.home[open_requests]) & (share[node, rank] >= gates.min_share)
        good &= (claim - before[open_requests] > gates.min_gain) & (before[open_requests] <= gates.max_success)
        users, sessions = np.zeros(len(node), dtype=np.int64), np.zeros(len(node), dtype=np.int64)
        walk = (graph.chain.indptr, graph.chain.targets, graph.users, graph.sessions)
        users[good], sessions[good] = kernels.support(walk, node[good], state[good])
        good &= users >= np.maximum(gates.min_users, gates.min_agreement * graph.requests.retriers[open_requests])
        hub = np.flatnonzero(good & (sources[state] >= gates.hub_sources))
        good[[at for at in hub if not _alike(graph, open_requests[at], goal[at])]] = False
        columns = (open_requests, goal, state, users, sessions, before[open_requests], claim)
        parts.append(tuple(column[good] for column in columns))
        open_requests = open_requests[~good]
    return Chosen(
        **dict(zip(Chosen.__slots__, (np.concatenate(part) for part in zip(*parts, strict=True)), strict=True))
    )


def _rows(graph: Graph) -> Ints:
    return np.repeat(np.arange(len(graph.states)), np.diff(graph.chain.indptr))


def _shares(graph: Graph, absorbed: Absorbed, confidence: float) -> Floats:
    """Return (n, keep) lower bound of the share of each state's repaired sessions that end at each target.

    Sessions that left for states too few users share count as repaired elsewhere.
    """
    repaired = np.maximum(absorbed.wins - absorbed.own + absorbed.lost, absorbed.joint.sum(axis=1))
    trials = np.minimum(graph.visits * repaired, graph.leaving)[:, None]
    share = np.divide(
        absorbed.joint, repaired[:, None], out=np.zeros_like(absorbed.joint), where=repaired[:, None] > 0.0
    )
    return lower(share * trials, trials, confidence)


def _tested(graph: Graph, requests: Ints, goals: Ints, after: Floats, confidence: float) -> Floats:
    """Bound the success a rewrite may claim: no more than turns that were rewritten in just this way still allow."""
    claim = np.where(goals >= 0, after[goals], 0.0) if len(after) else np.zeros(len(goals))
    treatments, size = graph.treatments, len(graph.requests.text) + 1
    keys = treatments.request * size + treatments.via
    order = np.argsort(keys, kind="stable")
    if not len(order):
        return claim
    wanted = requests * size + goals
    at = np.minimum(np.searchsorted(keys[order], wanted), len(order) - 1)
    row = order[at]
    allowed = upper(treatments.wins[row], treatments.turns[row], confidence)
    return np.where(keys[row] == wanted, np.minimum(claim, allowed), claim)


def _alike(graph: Graph, request: int, goal: int) -> bool:
    left, right = graph.requests.text[int(request)].as_py(), graph.requests.text[int(goal)].as_py()
    return max(edit_similarity(left, right), sound_similarity(left, right)) >= _ALIKE
