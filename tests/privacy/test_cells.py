"""Cells: one user moves few counts by one, rare texts are not named, and noise costs what it says."""

from __future__ import annotations

import itertools
import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.privacy.budget import Budget, Cost, epsilon_of, rho_of
from uptake.privacy.cells import Cells, Noise, copies, counts, noise, noised, released

pytest.importorskip("opendp")
ENGINE = LocalEngine(memory_limit="64MB", threads=1)
CELLS = Cells(
    told="SELECT user_id, home_id, request, target AS outcome, moves AS weight FROM statistics",
    subject=("request",),
    outcomes=("won",),
    rows="SELECT user_id, request, outcome AS target FROM released",
)
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("user_id", "home_id", "request", "target")), ("moves", pa.int64())]
)
rows = st.tuples(
    st.sampled_from("abc"), st.sampled_from([None, "h", "i"]), st.sampled_from("xyz"),
    st.sampled_from(["won", "p", "q"]), st.integers(1, 3),
)  # fmt: skip


def told(said):
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in said], schema=SCHEMA)


def counted(said, keys):
    found = EngineStatistics(ENGINE, told(said)).query(counts(CELLS, keys)).to_pylist()
    return {(row["request"], row["outcome"]): row["users"] for row in found}


def moved(said, user, keys):
    """By how much each count changes if a user was never there."""
    there, gone = counted(said, keys), counted([row for row in said if row[0] != user], keys)
    return [abs(there.get(cell, 0) - gone.get(cell, 0)) for cell in there.keys() | gone.keys()]


def test_no_user_of_any_small_log_moves_more_than_the_bound():
    """Exhaustive: every log of two users with up to two rows each, over two requests and two outcomes."""
    each = list(itertools.product("xy", ("won", "p"), (1, 2)))
    own = [(), *((one,) for one in each), *itertools.combinations(each, 2)]
    said = [
        [(user, home, *row) for user, part in (("a", mine), ("b", theirs)) for row in part]
        for mine, theirs in itertools.product(own, own[::3])
        for home in (None, "h")
    ]
    for at, log in enumerate(said[:: max(1, len(said) // 90)]):
        changes = moved(log, "ab"[at % 2], 1)
        assert max(changes, default=0) <= 1
        assert sum(changes) <= 1


@settings(deadline=None, max_examples=40)
@given(st.lists(rows, max_size=14), st.sampled_from("abc"), st.integers(1, 3))
def test_a_user_adds_one_to_few_cells_whoever_else_is_there(said, user, keys):
    changes = moved(said, user, keys)
    assert max(changes, default=0) <= 1
    assert sum(change**2 for change in changes) <= keys


def test_a_million_turns_of_one_user_weigh_as_much_as_one():
    said = [("a", None, "x", "won", 10**6), ("b", None, "x", "won", 1)]
    assert counted(said, 5) == {("x", "won"): 2}


def test_users_of_one_home_count_once():
    assert counted([("a", "h", "x", "p", 1), ("b", "h", "x", "p", 1)], 5) == {("x", "p"): 1}


def test_a_text_that_few_share_is_not_named_and_one_that_many_share_is():
    said = [(f"u{at}", None, "often", "p", 1) for at in range(300)] + [("a", None, "rare", "q", 1)]
    noisy = noise(Cost(0.5, 1e-6), keys=5, outcomes=1)
    found = noised(EngineStatistics(ENGINE, told(said)), CELLS, noisy)
    shown = dict(zip(zip(found["request"].to_pylist(), found["outcome"].to_pylist(), strict=True),
                     found["users"].to_pylist(), strict=True))  # fmt: skip
    assert abs(shown["often", "p"] - 300) < 12 * noisy.scale
    assert not any("rare" in cell or "q" in cell for cell in shown)
    assert len(copies(found)) == sum(shown.values())


def test_each_release_draws_new_noise():
    table = pa.table({"request": ["x"], "outcome": ["p"], "users": [10_000]})
    wide = Noise(keys=1, scale=200.0, threshold=1)
    assert len({released(table, CELLS, wide)["users"][0].as_py() for _ in range(8)}) > 1


@pytest.mark.parametrize(("rho", "keys"), [(0.01, 1), (0.3, 10)])
def test_noise_is_as_much_as_it_costs(rho, keys):
    noisy = noise(Cost(rho, 1e-7), keys=keys, outcomes=2)
    assert keys / (2 * noisy.scale**2) == pytest.approx(rho, rel=1e-6)
    beyond = 0.5 * math.erfc((noisy.threshold - 0.5) / noisy.scale / math.sqrt(2))
    assert beyond * keys * 3 < 1e-7  # half a step on: the continuous tail is below the discrete one


@pytest.mark.parametrize("epsilon", [0.5, 2.0, 8.0])
def test_rho_is_the_most_that_epsilon_allows(epsilon):
    rho = rho_of(epsilon, 1e-6)
    assert epsilon_of(rho, 1e-6) <= epsilon < epsilon_of(rho * 1.001, 1e-6)
    assert epsilon_of(rho, 1e-6) <= rho + 2 * math.sqrt(rho * math.log(1e6))  # the older, looser bound


def test_releases_add_up_to_the_budget_and_not_beyond():
    budget = Budget(epsilon=2.0, releases=3)
    spent = []
    while budget.allows(spent, budget.share(2)):
        spent.append(budget.share(2))
    assert len(spent) == 6
    assert budget.epsilon_spent(spent) <= 2.0
