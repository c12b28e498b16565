"""The compiled chain solver equals its plain twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.rewriting.table.learn import absorbing as kernels
from uptake.rewriting.table.learn.absorbing import Absorbed, Chain, absorb, components, support


def chain(size: int, edges: int, seed: int) -> Chain:
    """A random chain with self-loops; every state can end."""
    rng = np.random.default_rng(seed)
    key = np.unique(rng.integers(0, size, edges) * size + rng.integers(0, size, edges))
    source, target, count = key // size, key % size, rng.integers(1, 9, len(key)).astype(float)
    wins, losses, lost = rng.integers(0, 5, size), rng.integers(1, 4, size), rng.integers(0, 2, size)
    total = np.bincount(source, count, size) + wins + losses + lost
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))]).astype(np.int64)
    return Chain(indptr=indptr, targets=target, moves=count / total[source], win=wins / total, lost=lost / total)


def absorb_plain(chain: Chain, *, keep: int = 4) -> Absorbed:
    """Solve a small chain by one dense inverse."""
    n = len(chain.win)
    q = np.zeros((n, n))
    np.add.at(q, (np.repeat(np.arange(n), np.diff(chain.indptr)), chain.targets), chain.moves)
    visits = np.linalg.inv(np.eye(n) - q)
    joint = visits * chain.win
    own = joint.diagonal().copy()
    np.fill_diagonal(joint, 0.0)
    order = np.argsort(-joint, axis=1, kind="stable")[:, :keep]
    best, value = np.full((n, keep), -1, dtype=np.int64), np.zeros((n, keep))
    best[:, : order.shape[1]], value[:, : order.shape[1]] = order, np.take_along_axis(joint, order, axis=1)
    best[value <= 0.0] = -1
    return Absorbed(wins=visits @ chain.win, lost=visits @ chain.lost, own=own, best=best, joint=value)


def assert_equal(fast: kernels.Absorbed, plain: kernels.Absorbed, tolerance: float) -> None:
    for name in ("wins", "lost", "own", "joint"):
        np.testing.assert_allclose(getattr(fast, name), getattr(plain, name), rtol=0, atol=tolerance)


@given(st.integers(1, 30), st.integers(0, 80), st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_small_components_are_solved_exactly(size, edges, seed):
    problem = chain(size, edges, seed)
    assert_equal(absorb(problem), absorb_plain(problem), 1e-12)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_large_component_is_solved_by_sweeps_and_pushes(seed):
    problem, limit = chain(60, 200, seed), kernels.DENSE_LIMIT
    kernels.DENSE_LIMIT = 3
    try:
        assert_equal(absorb(problem, push_tolerance=1e-13), absorb_plain(problem), 1e-9)
    finally:
        kernels.DENSE_LIMIT = limit


@pytest.mark.slow
def test_a_giant_component_agrees_with_the_dense_solution():
    problem = chain(1200, 4000, 1)
    fast, plain = absorb(problem), absorb_plain(problem)
    assert np.bincount(components(problem.indptr, problem.targets)).max() > kernels.DENSE_LIMIT
    np.testing.assert_allclose(fast.wins, plain.wins, rtol=0, atol=1e-11)
    assert np.mean(fast.best[:, 0] == plain.best[:, 0]) > 0.99


def test_the_chances_to_end_well_at_each_state_add_up_to_the_chance_to_end_well():
    problem = chain(4, 6, 3)
    solved = absorb(problem, keep=4)
    np.testing.assert_allclose(solved.own + solved.joint.sum(axis=1), solved.wins)


def test_a_loop_that_never_ends_wins_nothing():
    loop = Chain(
        indptr=np.array([0, 1, 2, 3]), targets=np.array([1, 0, 0]), moves=np.array([1.0, 1.0, 0.5]),
        win=np.array([0.0, 0.0, 0.5]), lost=np.zeros(3),
    )  # fmt: skip
    assert absorb(loop).wins.tolist() == [0.0, 0.0, 0.5]


def test_components_ignore_direction():
    assert components(np.array([0, 1, 1, 2, 2]), np.array([1, 1])).tolist() == [0, 0, 0, 3]


def test_the_support_of_a_path_is_its_weakest_move_and_a_direct_move_wins():
    graph = (np.array([0, 2, 3, 4, 4]), np.array([1, 3, 2, 3]), np.array([9, 1, 4, 6]), np.array([90, 10, 40, 60]))
    users, sessions = support(graph, np.array([0, 0, 1, 3]), np.array([3, 2, 3, 0]))
    assert users.tolist() == [1, 4, 4, 0]
    assert sessions.tolist() == [10, 40, 40, 0]
