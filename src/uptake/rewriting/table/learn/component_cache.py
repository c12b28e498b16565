"""Solve again only the components that changed: a solution stores a key of each component's content.

The components to solve of a large chain go to the engine in shares, which may be solved on several machines. Each
component is solved alone in any case, so the result is the same to the last bit on machines of one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash
from numpy.typing import NDArray

from uptake.errors import StorageFailed
from uptake.protocols import Statistics
from uptake.rewriting.table.learn.absorbing import Absorbed, Chain, Ints, absorb, components
from uptake.rewriting.table.learn.chain import Graph

__all__ = ["Solved", "absorb_share", "solve"]

_KEEP = 4
_SHARE_MOVES = 1_000_000
"""Moves from which a chain is worth dividing, and that a share should have: half a second's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Solution of a chain, state by state, and the components that were solved for it."""

    states: pa.Array
    """Names of the states, ascending."""
    fingerprints: NDArray[np.uint64]
    """(n,) what the state's component consists of: equal components have equal fingerprints."""
    absorbed: Absorbed
    components_total: int
    components_solved: int

    def save(self, path: Path) -> None:
        """Write it to a Parquet file."""
        a = self.absorbed
        columns = {"state": self.states, "fingerprint": self.fingerprints, "wins": a.wins, "lost": a.lost, "own": a.own}
        columns |= {f"best_{rank}": a.best[:, rank] for rank in range(_KEEP)}
        columns |= {f"joint_{rank}": a.joint[:, rank] for rank in range(_KEEP)}
        try:
            pq.write_table(pa.table(columns), path)
        except OSError as error:
            raise StorageFailed(f"{path}: could not be written ({error.strerror or error})") from error

    @classmethod
    def load(cls, path: Path) -> Solved | None:
        """Read what `save` wrote; None where there is nothing usable (everything is then solved anew)."""
        try:
            table = pq.read_table(path)
            stacked = [
                np.stack([table[f"{name}_{rank}"].to_numpy() for rank in range(_KEEP)], axis=1)
                for name in ("best", "joint")
            ]
            wins, lost, own = (table[name].to_numpy() for name in ("wins", "lost", "own"))
            states, fingerprints = table["state"].combine_chunks(), table["fingerprint"].to_numpy()
        except (OSError, KeyError, pa.ArrowException):
            return None
        absorbed = Absorbed(wins=wins, lost=lost, own=own, best=stacked[0], joint=stacked[1])
        return cls(states=states, fingerprints=fingerprints, absorbed=absorbed, components_total=0, components_solved=0)


def solve(graph: Graph, previous: Solved | None = None, room: Statistics | None = None) -> Solved:
    """Solve the chain; components that `previous` holds unchanged are taken from there, to the last bit.

    Args:
        graph: The chain.
        previous: An earlier solution.
        room: Finds the components of a large chain, and solves shares of it, where the engine works; None does all of
            it here.
    """
    chain, n = graph.chain, len(graph.states)
    labels = _labels(chain, room)
    prints = _fingerprints(graph, labels)
    known = np.zeros(n, dtype=bool)
    answer = Absorbed(wins=np.zeros(n), lost=np.zeros(n), own=np.zeros(n),
                      best=np.full((n, _KEEP), -1, dtype=np.int64), joint=np.zeros((n, _KEEP)))  # fmt: skip
    if previous is not None and len(previous.states) and n:
        at = pc.fill_null(pc.index_in(graph.states, value_set=previous.states), -1).to_numpy()
        known = (at >= 0) & (previous.fingerprints[at] == prints)
        renamed = pc.fill_null(pc.index_in(previous.states, value_set=graph.states), -1).to_numpy()
        _place(answer, np.flatnonzero(known), previous.absorbed, at[known], renamed)
    fresh = np.flatnonzero(~known)
    if len(fresh):
        shares = [fresh] if room is None else _shares(chain, fresh, labels)
        if room is None or len(shares) == 1:
            found = [absorb(_restricted(chain, share), keep=_KEEP) for share in shares]
        else:
            found = [_absorbed(one) for one in room.each(absorb_share, [_sent(chain, share) for share in shares])]
        for share, absorbed in zip(shares, found, strict=True):
            _place(answer, share, absorbed, np.arange(len(share)), share)
    return Solved(
        states=graph.states,
        fingerprints=prints,
        absorbed=answer,
        components_total=len(np.unique(labels)),
        components_solved=len(np.unique(labels[fresh])),
    )


def _labels(chain: Chain, room: Statistics | None) -> Ints:
    """Label each state with the smallest state of its component: of a large chain where the engine works."""
    if room is None or len(chain.targets) < _SHARE_MOVES:
        return components(chain.indptr, chain.targets)
    source = np.repeat(np.arange(len(chain.win)), np.diff(chain.indptr))
    found = room.connected(pa.table({"source": source, "target": chain.targets}))
    labels = np.arange(len(chain.win))
    labels[found["node"].to_numpy()] = found["label"].to_numpy()
    return labels


def absorb_share(share: pa.Table) -> pa.Table:
    """Solve some components of a chain, wherever this runs: one row of lists in, one row of lists out."""
    chain = Chain(**{name: share[name][0].values.to_numpy().copy() for name in Chain.__slots__})
    solved = absorb(chain, keep=_KEEP)
    return pa.table({name: [getattr(solved, name).ravel()] for name in Absorbed.__slots__})


def _sent(chain: Chain, nodes: Ints) -> pa.Table:
    part = _restricted(chain, nodes)
    return pa.table({name: [getattr(part, name)] for name in Chain.__slots__})


def _absorbed(answer: pa.Table) -> Absorbed:
    columns = {name: answer[name][0].values.to_numpy() for name in Absorbed.__slots__}
    shaped = {name: columns[name].reshape(-1, _KEEP) for name in ("best", "joint")}
    return Absorbed(**{**columns, **shaped})


def _shares(chain: Chain, nodes: Ints, labels: Ints) -> list[Ints]:
    """Divide states into shares of whole components, of about `_SHARE_MOVES` moves each."""
    by_component = nodes[np.argsort(labels[nodes], kind="stable")]
    moves = np.cumsum(np.diff(chain.indptr)[by_component])
    own = labels[by_component]
    first = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
    share = moves[first] // _SHARE_MOVES  # of a component, by where it begins
    cuts = first[np.flatnonzero(np.diff(share)) + 1]
    return [np.sort(part) for part in np.split(by_component, cuts)]


def _place(answer: Absorbed, to: Any, part: Absorbed, at: Any, names: Any) -> None:
    """Copy rows `at` of a solution into rows `to` of another; `names` translates states."""
    answer.wins[to], answer.lost[to], answer.own[to] = part.wins[at], part.lost[at], part.own[at]
    answer.joint[to] = part.joint[at]
    best = part.best[at]
    answer.best[to] = np.where(best >= 0, np.asarray(names)[best], -1)


def _restricted(chain: Chain, nodes: Ints) -> Chain:
    """Return the chain on whole components, states renumbered in the same order."""
    lengths = np.diff(chain.indptr)[nodes]
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    edges = np.arange(indptr[-1]) + np.repeat(chain.indptr[nodes] - indptr[:-1], lengths)
    place = np.full(len(chain.win), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    return Chain(
        indptr=indptr,
        targets=place[chain.targets[edges]],
        moves=chain.moves[edges],
        win=chain.win[nodes],
        lost=chain.lost[nodes],
    )


def _fingerprints(graph: Graph, labels: Ints) -> NDArray[np.uint64]:
    """Return one number a component: a sum of hashes of its states and moves, so that their order does not matter."""
    chain = graph.chain
    names = np.fromiter(
        map(xxhash.xxh3_64_intdigest, graph.states.cast(pa.binary()).to_pylist()), np.uint64, len(graph.states)
    )
    nodes = _mixed(names, chain.win.view(np.uint64), chain.lost.view(np.uint64))
    rows = np.repeat(np.arange(len(names)), np.diff(chain.indptr))
    moves = _mixed(names[rows], _mixed(names[chain.targets]), chain.moves.view(np.uint64))
    total = np.zeros(len(names), dtype=np.uint64)
    np.add.at(total, labels, nodes)
    np.add.at(total, labels[rows], moves)
    return _mixed(total)[labels]


def _mixed(*parts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64-bit words as splitmix64 does; overflow is meant."""
    state = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        state = (state + part) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return state
