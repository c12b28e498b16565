"""The law of `protocols.Engine`, for every engine: the same answer, whatever the relation is made of."""

from __future__ import annotations

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feedback.marked import ENGINE, repair, turns
from uptake.engine.local import LocalEngine
from uptake.protocols import Engine
from uptake.rewriting.table.learn.markov import MarkovRewriter

OTHER = LocalEngine(memory_limit="48MB", threads=1)
logs = st.lists(
    st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from(["on", "off", "up"]), min_size=1, max_size=3))
)


def rows(table):
    return sorted(table.to_pylist(), key=str)


@given(logs)
@settings(max_examples=20, deadline=None)
def test_engines_of_any_memory_give_the_same_statistics(log):
    table = turns(row for user, texts in log for row in repair(user, *texts))
    engines: list[Engine] = [ENGINE, OTHER]
    here, there = (list(engine.run(MarkovRewriter.statistics, turns=table)) for engine in engines)
    assert sorted((row for batch in here for row in batch.to_pylist()), key=str) == sorted(
        (row for batch in there for row in batch.to_pylist()), key=str
    )


def test_a_table_and_its_file_are_the_same_relation(tmp_path):
    table = turns(row for user in "abc" for row in repair(user, "on", "off"))
    pq.write_table(table, tmp_path / "turns.parquet")
    from_file = ENGINE.table(MarkovRewriter.statistics, turns=tmp_path / "turns.parquet")
    assert rows(from_file) == rows(ENGINE.table(MarkovRewriter.statistics, turns=table))
