"""Solve absorbing Markov chains: the outcome of a session from each state, and the state in which it succeeds.

Symbols, all for `n` transient states:
    Q  (n, n)  probability that a session at i moves to j next (CSR: `indptr`, `targets`, `moves`)
    R  (n,)    probability that it ends in success at once (`win`)
    N  (n, n)  (I - Q)^-1, expected visits
    a  (n, n)  a_ij = N_ij R_j, probability that a session at i ends in success *at* j

What Q and R leave out of 1 is failure; `lost` is a second right-hand side, solved beside R. Small components are
inverted exactly, one after the other in one loop. A large one is never factorised (fill-in): N R comes from
Gauss-Seidel sweeps, and the targets of a state from a local forward push.

Source: textbook (Kemeny and Snell, 1960); forward push after Andersen, Chung and Lang (FOCS 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Absorbed", "Chain", "absorb", "components", "support"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DENSE_LIMIT = 400
"""Largest component, in states, that is inverted."""
_TINY = 1e-12
_MAX_SWEEPS = 20_000
_MAX_PUSHES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Absorbing chain. Rows of `moves`, plus `win` and `lost`, sum to at most 1; the rest is failure."""

    indptr: Ints
    """(n + 1,) where each state's moves begin."""
    targets: Ints
    """(m,) states moved to, ascending within a row."""
    moves: Floats
    """(m,) Q."""
    win: Floats
    """(n,) R."""
    lost: Floats
    """(n,) chance to leave for states that are not in the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """Absorption probabilities of each state."""

    wins: Floats
    """(n,) N R: chance to end in success anywhere in the chain."""
    lost: Floats
    """(n,) N lost: chance to leave the chain for states outside."""
    own: Floats
    """(n,) a_ii: chance to end in success where the session began."""
    best: Ints
    """(n, keep) other states j with the largest a_ij, best first; -1 where there are fewer."""
    joint: Floats
    """(n, keep) their a_ij."""


def absorb(chain: Chain, *, keep: int = 4, push_tolerance: float = 1e-3) -> Absorbed:
    """Solve a chain.

    Each component's answer depends on that component alone, to the last bit: solving components apart or
    together is the same.

    Args:
        chain: What to solve.
        keep: Number of best targets to keep for each state.
        push_tolerance: In large components, trails that carry less than this chance are not followed; `joint`
            and `own` are a little too low there.
    """
    n = len(chain.win)
    wins, lost, own = np.zeros(n), np.zeros(n), np.zeros(n)
    best, joint = np.full((n, keep), -1, dtype=np.int64), np.zeros((n, keep))
    graph = (chain.indptr, chain.targets, chain.moves, chain.win, chain.lost)
    starts, members = _by_component(components(chain.indptr, chain.targets))
    _solve_small(graph, starts, members, DENSE_LIMIT, (wins, lost, own, best, joint))
    large = np.flatnonzero(np.diff(starts) > DENSE_LIMIT)
    heaviest_first = _heaviest_first(chain) if len(large) else graph[:3]
    for at in large:
        nodes = members[starts[at] : starts[at + 1]]
        _sweep(graph, nodes, 1e-12, wins, lost)  # the error allowed in both
        _push((*heaviest_first, chain.win), nodes, push_tolerance, (own, best, joint))
    return Absorbed(wins=wins, lost=lost, own=own, best=best, joint=joint)


def components(indptr: Ints, targets: Ints) -> Ints:
    """Label each state with the smallest state it is connected to, direction ignored."""
    labels: Ints = _components(indptr, targets)
    return labels


def support(graph: tuple[Ints, Ints, Ints, Ints], sources: Ints, goals: Ints) -> tuple[Ints, Ints]:
    """Return the evidence for a way from each source to its goal, of at most three moves.

    Args:
        graph: indptr, targets (ascending in a row), users and sessions of each move.
        sources: (c,) states.
        goals: (c,) states.

    Returns:
        (c,) users and (c,) sessions of the weakest move on the best way; a direct move wins over a longer way;
        0 where there is no way.
    """
    users, sessions = np.zeros(len(sources), dtype=np.int64), np.zeros(len(sources), dtype=np.int64)
    _support(graph, sources, goals, users, sessions)
    return users, sessions


def _by_component(labels: Ints) -> tuple[Ints, Ints]:
    """Group the members of each component, ascending, end to end, and return where each component starts."""
    members = np.argsort(labels, kind="stable").astype(np.int64)
    ordered = labels[members]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    return np.r_[starts, len(ordered)].astype(np.int64), members


def _heaviest_first(chain: Chain) -> tuple[Ints, Ints, Floats]:
    """Sort the moves of each row by falling chance, equal ones by target."""
    order = _by_weight(chain.indptr, chain.moves)
    return chain.indptr, chain.targets[order], chain.moves[order]


@njit(cache=True)
def _by_weight(indptr: Any, moves: Any) -> Any:
    order = np.arange(len(moves))
    for row in range(len(indptr) - 1):
        first, last = indptr[row], indptr[row + 1]
        if last - first > 1:
            order[first:last] = first + np.argsort(-moves[first:last], kind="mergesort")
    return order


@njit(cache=True)
def _root(parent: Any, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True)
def _components(indptr: Any, targets: Any) -> Any:
    n = len(indptr) - 1
    parent = np.arange(n)
    for node in range(n):
        for at in range(indptr[node], indptr[node + 1]):
            left, right = _root(parent, node), _root(parent, targets[at])
            if left < right:
                parent[right] = left
            elif right < left:
                parent[left] = right
    for node in range(n):
        parent[node] = _root(parent, node)
    return parent


@njit(cache=True)
def _keep_best(best: Any, joint: Any, node: int, value: float) -> None:
    """Insert a target into a descending row; the smaller state wins a tie."""
    at = len(joint) - 1
    if value <= 0.0 or value < joint[at] or (value == joint[at] and node > best[at]):
        return
    while at > 0 and (value > joint[at - 1] or (value == joint[at - 1] and node < best[at - 1])):
        joint[at], best[at] = joint[at - 1], best[at - 1]
        at -= 1
    joint[at], best[at] = value, node


@njit(cache=True)
def _invert(matrix: Any, size: int) -> None:
    """Invert in place by Gauss-Jordan without pivoting: I - Q is diagonally dominant by rows."""
    for pivot in range(size):
        scale = matrix[pivot, pivot]
        scale = 1.0 / scale if scale > _TINY else 1.0  # a closed set of states never ends: nothing is won there
        matrix[pivot, pivot] = 1.0
        for column in range(size):
            matrix[pivot, column] *= scale
        for row in range(size):
            factor = matrix[row, pivot]
            if row == pivot or factor == 0.0:
                continue
            matrix[row, pivot] = 0.0
            for column in range(size):
                matrix[row, column] -= factor * matrix[pivot, column]


@njit(cache=True)
def _solve_small(graph: Any, starts: Any, members: Any, limit: int, out: Any) -> None:
    indptr, targets, moves, win, lost = graph
    out_wins, out_lost, own, best, joint = out
    place = np.zeros(len(win), dtype=np.int64)
    scratch = np.zeros(limit * limit)
    for component in range(len(starts) - 1):
        nodes = members[starts[component] : starts[component + 1]]
        size = len(nodes)
        if size > limit:
            continue
        matrix = scratch[: size * size].reshape(size, size)
        matrix[:] = 0.0
        for row in range(size):
            place[nodes[row]] = row
            matrix[row, row] = 1.0
        for row in range(size):
            for at in range(indptr[nodes[row]], indptr[nodes[row] + 1]):
                matrix[row, place[targets[at]]] -= moves[at]
        _invert(matrix, size)
        for row in range(size):
            node, wins, away = nodes[row], 0.0, 0.0
            nearest, chances = best[node], joint[node]
            for column in range(size):
                visits = matrix[row, column]
                if visits == 0.0:
                    continue
                value = visits * win[nodes[column]]
                wins += value
                away += visits * lost[nodes[column]]
                if row == column:
                    own[node] = value
                elif value >= chances[-1]:
                    _keep_best(nearest, chances, nodes[column], value)
            out_wins[node], out_lost[node] = wins, away


@njit(cache=True)
def _sweep(graph: Any, nodes: Any, tolerance: float, out_wins: Any, out_lost: Any) -> None:
    """Run Gauss-Seidel over one component, to and fro, until the remaining gain is below the tolerance."""
    indptr, targets, moves, win, lost = graph
    answer = np.zeros((len(win), 2))  # wins and lost side by side: one look at memory for both
    before = 1.0
    for sweep in range(_MAX_SWEEPS):
        change = 0.0
        for at_node in range(len(nodes)):
            node = nodes[at_node] if sweep % 2 == 0 else nodes[len(nodes) - 1 - at_node]
            new_wins, new_lost, stay = win[node], lost[node], 0.0
            for at in range(indptr[node], indptr[node + 1]):
                target = targets[at]
                if target == node:
                    stay += moves[at]
                else:
                    new_wins += moves[at] * answer[target, 0]
                    new_lost += moves[at] * answer[target, 1]
            scale = 1.0 / (1.0 - stay) if 1.0 - stay > _TINY else 1.0
            new_wins, new_lost = new_wins * scale, new_lost * scale
            change = max(change, abs(new_wins - answer[node, 0]), abs(new_lost - answer[node, 1]))
            answer[node, 0], answer[node, 1] = new_wins, new_lost
        rate = min(change / before, 0.999999) if before > 0.0 else 0.0
        if change * max(1.0, rate / (1.0 - rate)) <= tolerance:
            break
        before = change
    for node in nodes:
        out_wins[node], out_lost[node] = answer[node, 0], answer[node, 1]


@njit(cache=True)
def _push(graph: Any, nodes: Any, tolerance: float, out: Any) -> None:
    """Follow one session from each state along every trail that is not too faint, and keep where it is won.

    Rows must come heaviest move first: a trail below the tolerance ends the row, so a hub costs little.
    """
    indptr, targets, moves, win = graph
    own, best, joint = out
    n = len(win)
    waiting, visits, known = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.bool_)
    queue, touched = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for source in nodes:
        waiting[source], known[source] = 1.0, True
        queue[0], touched[0] = source, source
        head, length, seen, pushes = 0, 1, 1, 0
        while length > 0 and pushes < _MAX_PUSHES:
            node = queue[head]
            head, length, pushes = (head + 1) % n, length - 1, pushes + 1
            mass = waiting[node]
            waiting[node] = 0.0
            visits[node] += mass
            for at in range(indptr[node], indptr[node + 1]):
                gain, target = mass * moves[at], targets[at]
                if gain < tolerance:
                    break
                if not known[target]:
                    touched[seen], known[target] = target, True
                    seen += 1
                if waiting[target] == 0.0:
                    queue[(head + length) % n] = target
                    length += 1
                waiting[target] += gain
        own[source] = visits[source] * win[source]
        nearest, chances = best[source], joint[source]
        for at in range(seen):
            node = touched[at]
            if node != source and visits[node] * win[node] >= chances[-1]:
                _keep_best(nearest, chances, node, visits[node] * win[node])
            waiting[node], visits[node], known[node] = 0.0, 0.0, False


@njit(cache=True)
def _find(indptr: Any, targets: Any, source: int, goal: int) -> int:
    low, high = indptr[source], indptr[source + 1]
    while low < high:
        middle = (low + high) // 2
        if targets[middle] < goal:
            low = middle + 1
        else:
            high = middle
    return low if low < indptr[source + 1] and targets[low] == goal else -1


@njit(cache=True)
def _support(graph: Any, sources: Any, goals: Any, out_users: Any, out_sessions: Any) -> None:
    indptr, targets, users, sessions = graph
    for case in range(len(sources)):
        source, goal = sources[case], goals[case]
        direct = _find(indptr, targets, source, goal)
        if direct >= 0:
            out_users[case], out_sessions[case] = users[direct], sessions[direct]
            continue
        for first in range(indptr[source], indptr[source + 1]):
            middle = targets[first]
            last = _find(indptr, targets, middle, goal)
            if last >= 0:
                _widen(
                    out_users, out_sessions, case, min(users[first], users[last]), min(sessions[first], sessions[last])
                )
            if out_users[case] > 0:
                continue
            for second in range(indptr[middle], indptr[middle + 1]):
                last = _find(indptr, targets, targets[second], goal)
                if last >= 0:
                    weakest = min(users[first], users[second], users[last])
                    fewest = min(sessions[first], sessions[second], sessions[last])
                    _widen(out_users, out_sessions, case, weakest, fewest)


@njit(cache=True)
def _widen(out_users: Any, out_sessions: Any, case: int, users: int, sessions: int) -> None:
    if users > out_users[case] or (users == out_users[case] and sessions > out_sessions[case]):
        out_users[case], out_sessions[case] = users, sessions
