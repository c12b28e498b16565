"""Release: nobody weighs more than their share, and nothing is named that too few share."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.engine.local import LocalEngine
from uptake.errors import BadConfig
from uptake.privacy.release import Release

ENGINE = LocalEngine(memory_limit="64MB", threads=1)
rows = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("xy"), st.sampled_from("pqrst"), st.integers(1, 40))
)


def pooled(release, said):
    names = ("user_id", "source", "target", "moves")
    table = pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in said],
        schema=pa.schema([(name, pa.int64() if name == "moves" else pa.string()) for name in names]),
    )
    answer = ENGINE.table(release.pool("said"), said=table).to_pylist()
    return {(row["source"], row["target"]): (row["users"], row["moves"]) for row in answer}


def test_a_users_moves_are_added_and_cut():
    said = [("a", "x", "p", 4), ("a", "x", "p", 4), ("b", "x", "p", 1)]
    assert pooled(Release(max_moves=5), said) == {("x", "p"): (2, 6)}


def test_a_user_counts_in_the_most_frequent_targets_only():
    said = [("a", "x", "p", 1), ("a", "x", "q", 3), ("a", "x", "r", 3), ("a", "y", "p", 1)]
    assert set(pooled(Release(max_targets=2), said)) == {("x", "q"), ("x", "r"), ("y", "p")}


@given(rows, st.sampled_from("abcdef"))
def test_one_user_changes_each_count_by_no_more_than_the_bound(said, user):
    release = Release(max_moves=3, max_targets=2)
    with_them = pooled(release, said)
    without = pooled(release, [row for row in said if row[0] != user])
    changed = {key: (with_them[key][0] - without.get(key, (0, 0))[0], with_them[key][1] - without.get(key, (0, 0))[1])
               for key in with_them}  # fmt: skip
    assert all(0 <= users <= 1 and 0 <= moves <= 3 for users, moves in changed.values())
    for source in "xy":
        assert sum(moves > 0 for (where, _), (_, moves) in changed.items() if where == source) <= 2


@pytest.mark.parametrize("wrong", [{"min_users": 0}, {"max_moves": 0}, {"max_targets": 1.5}, {"min_users": True}])
def test_a_bound_must_be_a_whole_number_of_at_least_one(wrong):
    with pytest.raises(BadConfig, match=next(iter(wrong))):
        Release(**wrong)
