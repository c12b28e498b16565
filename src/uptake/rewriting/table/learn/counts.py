"""Make the table of counts behind the rewrites: what was said next, by how many users.

States are named by their most used request that enough users share, else by a placeholder.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from uptake.rewriting.table.artifact import FAILURE, OTHER, SUCCESS
from uptake.rewriting.table.learn.absorbing import Ints
from uptake.rewriting.table.learn.chain import Graph
from uptake.rewriting.table.learn.selection import wordings

__all__ = ["paths"]

_STEPS = 3


def paths(graph: Graph, rewritten: Ints) -> pa.Table:
    """Return moves and ends of the rewritten requests, and of the requests they lead to.

    Args:
        graph: The chain.
        rewritten: Positions of the rewritten requests in `graph.requests`.

    Returns:
        Columns source, target, users, moves; one row for each pair of names.
    """
    names = _names(graph)
    states = np.concatenate([graph.requests.node[rewritten], _reached(graph, rewritten)])
    asked = np.concatenate([rewritten, names[states[len(rewritten) :]]])
    first = np.unique(asked, return_index=True)[1]
    first = first[asked[first] >= 0]
    states, asked = states[first], asked[first]
    starts, ends = graph.chain.indptr[states], graph.chain.indptr[states + 1]
    owner = np.repeat(np.arange(len(asked)), ends - starts)
    edge = np.arange(len(owner)) - np.repeat(np.cumsum(ends - starts) - (ends - starts), ends - starts) + starts[owner]
    text = graph.requests.text.to_numpy(zero_copy_only=False)
    label = np.where(names >= 0, text[names], OTHER) if len(text) else np.empty(0, dtype=object)
    source = [text[asked][owner]]
    target = [label[graph.chain.targets[edge]]]
    users, moves = [graph.users[edge]], [graph.sessions[edge]]
    requests, hidden = graph.requests, np.rint(graph.elsewhere[states]).astype(np.int64)
    for name, people, count in (
        (SUCCESS, requests.winners[asked], requests.wins[asked]),
        (FAILURE, requests.losers[asked], requests.losses[asked]),
        (OTHER, np.zeros(len(asked), dtype=np.int64), hidden),
    ):
        present = count > 0
        source.append(text[asked][present])
        target.append(np.full(int(present.sum()), name, dtype=object))
        users.append(people[present])
        moves.append(count[present])
    return _summed(source, target, users, moves)


def _names(graph: Graph) -> Ints:
    """Return the request of each state: itself, or the most used one with that reading; -1 where none is shared."""
    names = wordings(graph, graph.requests.turns)
    own = np.flatnonzero(graph.requests.node >= 0)
    names[graph.requests.node[own]] = own
    return names


def _reached(graph: Graph, rewritten: Ints) -> Ints:
    """Return states that the rewritten requests lead to, without their own."""
    known = np.zeros(len(graph.states), dtype=bool)
    first = frontier = np.unique(graph.requests.node[rewritten])
    for _ in range(_STEPS):
        known[frontier] = True
        spans = [np.arange(graph.chain.indptr[state], graph.chain.indptr[state + 1]) for state in frontier]
        reached = np.unique(graph.chain.targets[np.concatenate(spans)]) if spans else frontier
        frontier = reached[~known[reached]]
    known[frontier], known[first] = True, False
    return np.flatnonzero(known)


def _summed(source: list[Any], target: list[Any], users: list[Any], moves: list[Any]) -> pa.Table:
    table = pa.table(
        {
            "source": pa.array(np.concatenate(source), type=pa.string()),
            "target": pa.array(np.concatenate(target), type=pa.string()),
            "users": np.concatenate(users).astype(np.int64),
            "moves": np.concatenate(moves).astype(np.int64),
        }
    )
    total = table.group_by(["source", "target"], use_threads=False).aggregate([("users", "max"), ("moves", "sum")])
    return total.rename_columns(["source", "target", "users", "moves"])
