"""solve: components kept, and components solved apart, are what one solution of everything says."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from tests.feedback.marked import ENGINE
from tests.rewriting.table.learn.test_absorbing import chain
from uptake.rewriting.table.learn import component_cache
from uptake.rewriting.table.learn.component_cache import solve


@pytest.mark.parametrize(("size", "edges", "seed"), [(40, 20, 0), (300, 200, 1), (600, 2000, 2)])
@pytest.mark.parametrize("moves", [1, 7, 100])
def test_shares_of_whole_components_solved_apart_give_the_same_to_the_last_bit(size, edges, seed, moves, monkeypatch):
    graph = SimpleNamespace(chain=chain(size, edges, seed), states=pa.array([f"state {at:04d}" for at in range(size)]))
    whole, sent = solve(graph), []

    class Room:
        connected = ENGINE.connected

        def each(self, function, tables):
            sent.extend(tables)
            return [function(one) for one in tables]

    monkeypatch.setattr(component_cache, "_SHARE_MOVES", moves)
    apart = solve(graph, None, Room())
    for name in ("wins", "lost", "own", "best", "joint"):
        np.testing.assert_array_equal(getattr(apart.absorbed, name), getattr(whole.absorbed, name))
    assert sum(len(one["win"][0]) for one in sent) == (size if sent else 0)
    assert bool(sent) == (size > 0 and edges > moves and apart.components_total > 1)
    assert apart.components_total == whole.components_total
    again = solve(graph, apart, Room())
    assert again.components_solved == 0
    np.testing.assert_array_equal(again.absorbed.best, whole.absorbed.best)


def test_a_chain_worth_half_a_second_is_solved_here(monkeypatch):
    graph = SimpleNamespace(chain=chain(50, 100, 3), states=pa.array([f"state {at:02d}" for at in range(50)]))
    room = SimpleNamespace(each=lambda *_: pytest.fail("sent away"), connected=lambda _: pytest.fail("asked"))
    solve(graph, None, room)
