"""Build an absorbing chain from pooled counts, accounting for rewrites that were already served.

A state is a meaning (an interpretation) or a request. People move from requests, each by its own counts, to meanings if
the log has them. An interpretation that the user rejects says little about the goal, so requests that were
misinterpreted alike are not merged; their rephrases are.

A turn with a rewrite has two explanations: either the rewrite repaired the request, or it did harm. With w = P(the
rewrite succeeds more often than the request alone), by Beta posteriors of both, the turn counts with weight w as
request -> rewrite -> outcome, and with 1 - w as request -> failure or, if the user tried again, request -> next
request. So a rewrite that works keeps its edge, and one that fails is replaced by what people say instead. The homes
that a rewrite reached did not teach it: of its edge they count as the fewest that may, and as no more.

Source: Ponnusamy et al., "Self-Aware Feedback-Based Self-Learning" (arXiv:2205.00029). Differs: the paper draws the
split at random for each session; here its expectation is used, so that equal counts give equal chains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uptake.ml.bounds import chance_better
from uptake.rewriting.table.artifact import FAILURE, SUCCESS
from uptake.rewriting.table.learn.absorbing import Chain, Floats, Ints

if TYPE_CHECKING:
    from uptake.rewriting.table.learn.statistics import Pooled

__all__ = ["Graph", "Requests", "Treatments", "build"]

_LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Texts that enough users share, with their outcomes without a rewrite; ascending by text."""

    text: pa.Array
    node: Ints
    """The text's own state; -1 where it is not in the chain."""
    home: Ints
    """State that the text is most often read as; -1 where that state is not in the chain."""
    users: Ints
    wins: Ints
    winners: Ints
    losses: Ints
    losers: Ints
    turns: Ints
    retriers: Ints
    """Users who said it again, over all its states."""
    sayers: Ints
    """Users who said it, over all its states."""
    works: Ints
    """Those of them for whom it ended well more often than not."""

    def at(self, texts: Any) -> Ints:
        """Return positions of texts; -1 where unknown."""
        return _codes(texts, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatments:
    """Pairs of a request and its rewrite, with their outcomes."""

    request: Ints
    """Position in `Requests`; -1 where unknown."""
    via: Ints
    """Position of the rewrite in `Requests`; -1 where unknown."""
    wins: Ints
    turns: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The chain, its states' names and the evidence behind its moves."""

    states: pa.Array
    """Names of the states, ascending."""
    chain: Chain
    users: Ints
    """(m,) distinct users who made each move, at least."""
    sessions: Ints
    """(m,) times each move was made, after the bound on contributions."""
    elsewhere: Floats
    """(n,) moves to states that too few users share."""
    leaving: Floats
    """(n,) moves to any other state."""
    visits: Floats
    """(n,) turns at each state."""
    requests: Requests
    treatments: Treatments


def build(pooled: Pooled, *, least: int = 1) -> Graph:
    """Build the chain. Equal tables give equal graphs, whatever the order of their rows.

    Args:
        pooled: The counts.
        least: Fewest homes that may teach a move: as many as all homes together count that a rewrite reached.
    """
    moves = pooled.moves.sort_by([("source", "ascending"), ("target", "ascending")])
    rows = pooled.requests.sort_by([("source", "ascending"), ("request", "ascending")])
    treated = pooled.treated.sort_by([(name, "ascending") for name in ("request", "via", "target")])
    texts = _texts(rows)
    states = _states(moves, treated)
    requests = _requests(texts, states)
    counts = _Counts(len(states))
    source, target = _codes(moves["source"], states), _codes(moves["target"], states)
    n_moves = _ints(moves["moves"]).astype(np.float64)
    named = np.flatnonzero((source >= 0) & (target >= 0))
    counts.move(source[named], target[named], n_moves[named], _ints(moves["users"])[named])
    unnamed = np.flatnonzero((source >= 0) & (target < 0))
    counts.leave(source[unnamed], n_moves[unnamed])
    wins, losses = _ints(rows["wins"]), _ints(rows["losses"])
    own, read_as = _codes(rows["request"], states), _codes(rows["source"], states)
    for state in (own, np.where(read_as == own, -1, read_as)):
        counts.end(state[state >= 0], wins=wins[state >= 0], losses=losses[state >= 0])
    treatments = _treat(counts, treated, requests, states, least=least)
    return _close(counts, states, requests, treatments)


class _Counts:
    """Accumulator of counts of moves and outcomes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.wins, self.losses, self.elsewhere = np.zeros(size), np.zeros(size), np.zeros(size)
        self.pieces: list[tuple[Any, Any, Any, Any]] = []

    def move(self, source: Any, target: Any, weight: Any, users: Any) -> None:
        kept = (source >= 0) & (target >= 0) & (weight > _LEAST_WEIGHT)
        self.pieces.append((source[kept], target[kept], weight[kept], users[kept]))

    def leave(self, source: Any, weight: Any) -> None:
        np.add.at(self.elsewhere, source, weight)

    def end(self, state: Any, *, wins: Any, losses: Any) -> None:
        np.add.at(self.wins, state, wins)
        np.add.at(self.losses, state, losses)


def _texts(rows: pa.Table) -> dict[str, Any]:
    """Sum the rows of each shared text over its states, and find the state it is most often in."""
    rows = rows.filter(pc.is_valid(rows["request"]))
    text = pc.unique(rows["request"].combine_chunks()).sort()
    at = _codes(rows["request"], text)
    column = {name: _ints(rows[name]) for name in rows.column_names if name not in ("source", "request")}
    turns = column["wins"] + column["losses"] + column["retries"]
    order = np.lexsort((np.arange(len(at)), -turns, at))  # rows ascend by state: the first of equals wins
    first = order[np.flatnonzero(np.diff(at[order], prepend=-1))]
    sums = {name: np.zeros(len(text), dtype=np.int64) for name in (*column, "turns")}
    for name, values in (*column.items(), ("turns", turns)):
        np.add.at(sums[name], at, values)
    users = np.zeros(len(text), dtype=np.int64)
    np.maximum.at(users, at, column["users"])
    home = rows["source"].combine_chunks().take(pa.array(first))
    return {"text": text, "home": home, **sums, "users": users, "sayers": sums["users"]}


def _states(moves: pa.Table, treated: pa.Table) -> pa.Array:
    """Return names of all states that something moves from or to, ascending."""
    named = moves.filter(pc.and_(pc.is_valid(moves["target"]), pc.not_equal(moves["source"], moves["target"])))
    ends = pc.is_in(treated["target"], value_set=pa.array([SUCCESS, FAILURE, None], pa.string()))
    later = treated["target"].filter(pc.invert(ends))
    columns = (named["source"], named["target"], treated["request"], treated["via"], later)
    return pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())).sort()


def _requests(texts: dict[str, Any], states: pa.Array) -> Requests:
    del texts["retries"]
    return Requests(**{**texts, "home": _codes(texts["home"], states), "node": _codes(texts["text"], states)})


def _treat(counts: _Counts, treated: pa.Table, requests: Requests, states: pa.Array, *, least: int) -> Treatments:
    """Write treated turns into the counts, and return how each pair did."""
    pairs = treated.group_by(["request", "via"], use_threads=False).aggregate([("users", "max")])
    pair_key = pc.binary_join_element_wise(pairs["request"], pairs["via"], "\x00").combine_chunks()
    row = _codes(pc.binary_join_element_wise(treated["request"], treated["via"], "\x00"), pair_key)
    n, won = _ints(treated["moves"]), _equals(treated["target"], SUCCESS)
    wins, turns = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
    np.add.at(wins, row, np.where(won, n, 0))
    np.add.at(turns, row, n)
    request, via = requests.at(pairs["request"]), requests.at(pairs["via"])
    alone_wins, alone_turns = (np.where(request >= 0, values[request], 0) if len(values) else 0 * turns
                               for values in (requests.wins, requests.turns))  # fmt: skip
    weight = chance_better(wins, turns - wins, alone_wins, alone_turns - alone_wins)
    home = _codes(pairs["request"], states)
    goal = np.where(via >= 0, requests.home[via], -1) if len(requests.home) else -1 + 0 * turns
    goal = np.where(goal >= 0, goal, _codes(pairs["via"], states))
    known = (home >= 0) & (goal >= 0)
    reached = np.minimum(_ints(pairs["users_max"]), least)
    counts.move(home[known], np.where(home == goal, -1, goal)[known], (weight * turns)[known], reached[known])
    kept = np.flatnonzero(known[row])
    fates = (row[kept], n[kept], won[kept], _equals(treated["target"], FAILURE)[kept],
             _codes(treated["target"], states)[kept], _ints(treated["target_users"])[kept])  # fmt: skip
    _write_fates(counts, fates, home, goal, weight)
    return Treatments(request=request, via=via, wins=wins, turns=turns)


def _write_fates(counts: _Counts, fates: tuple[Any, ...], home: Ints, goal: Ints, weight: Floats) -> None:
    row, n, won, lost, following, users = fates
    helped, hindered = weight[row] * n, (1.0 - weight[row]) * n
    counts.end(goal[row], wins=helped * won, losses=helped * lost)
    counts.end(home[row], wins=0.0 * n, losses=hindered * (won | lost))
    again = ~(won | lost)
    for state, amount in ((goal[row], helped), (home[row], hindered)):
        known = again & (following >= 0)
        counts.move(state[known], following[known], amount[known], users[known])
        hidden = again & (following < 0)
        counts.leave(state[hidden], amount[hidden])


def _close(counts: _Counts, states: pa.Array, requests: Requests, treatments: Treatments) -> Graph:
    """Sum moves of one pair, and turn counts into chances."""
    source, target, weight, users = (np.concatenate(part) for part in zip(*counts.pieces, strict=True))
    key, pair = np.unique(source * max(counts.size, 1) + target, return_inverse=True)
    total, most = np.zeros(len(key)), np.zeros(len(key), dtype=np.int64)
    np.add.at(total, pair, weight)
    np.maximum.at(most, pair, users)
    source, target = key // max(counts.size, 1), key % max(counts.size, 1)
    out = np.bincount(source, weights=total, minlength=counts.size)
    leaving = np.bincount(source, weights=np.where(source != target, total, 0.0), minlength=counts.size)
    visits = np.maximum(out + counts.wins + counts.losses + counts.elsewhere, _LEAST_WEIGHT)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=counts.size))]).astype(np.int64)
    chain = Chain(
        indptr=indptr,
        targets=target.astype(np.int64),
        moves=total / visits[source],
        win=counts.wins / visits,
        lost=counts.elsewhere / visits,
    )
    return Graph(
        states=states,
        chain=chain,
        users=most,
        sessions=np.maximum(np.rint(total), 1.0).astype(np.int64),
        elsewhere=counts.elsewhere,
        leaving=leaving + counts.elsewhere,
        visits=visits,
        requests=requests,
        treatments=treatments,
    )


def _codes(column: Any, values: pa.Array) -> Ints:
    """Return positions of a column's values; -1 for null and for what is not there."""
    found = pc.fill_null(pc.index_in(column, value_set=values, skip_nulls=True), -1)
    return np.asarray(found.to_numpy(), dtype=np.int64)


def _ints(column: Any) -> Ints:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _equals(column: Any, value: str) -> Any:
    return np.asarray(pc.fill_null(pc.equal(column, value), False).to_numpy(), dtype=bool)
