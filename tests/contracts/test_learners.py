"""The laws of `protocols.Learner`, for every learner."""

from __future__ import annotations

import random
import re

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from tests.feedback.marked import ENGINE, repair, said, statistics
from uptake.catalogue import learnable
from uptake.engine.local import EngineStatistics
from uptake.errors import NotReady
from uptake.feedback.turns_view import TURNS
from uptake.privacy.release import Release
from uptake.protocols import DialogueLearner, Learner
from uptake.release.state import State, StateMaterial
from uptake.rewriting.table.learn import personal
from uptake.rewriting.table.learn import statistics as pooled

MEMBERS = {one.name: one.learner_class() for one in learnable()}
LEARNERS = [cls(min_users=2) for cls in MEMBERS.values() if hasattr(cls, "statistics")]
DIALOGUE_LEARNERS = {name: cls() for name, cls in MEMBERS.items() if not hasattr(cls, "statistics")}
QUERIES = {
    **{learner.name: learner.statistics for learner in LEARNERS},
    **{f"markov {name}": sql for name, sql in pooled.queries(Release()).items()},
    "markov personal": personal.query(2),
}
WORDS = ("play jaz", "play jazz", "dim lights", "dim the lights")
# What both engines have and mean alike: anything else needs a look before it is added here.
PORTABLE = {"COUNT", "SUM", "MAX", "MIN", "COALESCE", "ROW_NUMBER", "FLOOR"}

each_dialogue_learner = pytest.mark.parametrize("learner", DIALOGUE_LEARNERS.values(), ids=DIALOGUE_LEARNERS.keys())
each_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)
each_query = pytest.mark.parametrize("sql", QUERIES.values(), ids=QUERIES)
sessions = st.lists(
    st.tuples(st.sampled_from("abcd"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.booleans()),
    max_size=15,
)


def marked(said_sessions, log="log"):
    rows = [repair(user, *texts) if well else said(user, texts[0], failed=True) for user, texts, well in said_sessions]
    return [
        {
            **row,
            "session_id": f"{log} {number}",
            "said_at": at,
            "state": "|" * (number % 2) + row["state"],
            "offer": offer,
        }
        for number, part in enumerate(rows)
        for at, row in enumerate(part)
        for offer in ["routines:tea" if at % 2 else None]
    ]


@each_learner
def test_a_learner_has_the_shape_of_the_protocol(learner):
    assert isinstance(learner, Learner)
    assert statistics(learner, []).column_names == [*learner.keys, *learner.measures]
    assert "user_id" in learner.keys


@each_learner
@given(left=sessions, right=sessions)
@settings(max_examples=15, deadline=None)
def test_statistics_of_two_logs_add_to_those_of_both(learner, left, right):
    logs = [marked(log, name) for log, name in ((left, "left"), (right, "right"))]
    parts = [statistics(learner, log) for log in logs]
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in learner.measures)
    keys = ", ".join(learner.keys)
    added = ENGINE.table(f"SELECT {keys}, {sums} FROM parts GROUP BY {keys}", parts=parts)
    whole = statistics(learner, [row for log in logs for row in log])
    assert sorted(added.to_pylist(), key=str) == sorted(whole.to_pylist(), key=str)


@each_learner
@given(log=sessions, seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_equal_statistics_give_equal_artifacts_whatever_their_order(learner, log, seed):
    table = statistics(learner, marked(log))
    order = random.Random(seed).sample(range(table.num_rows), table.num_rows)
    first, second = (
        learner.solve(EngineStatistics(ENGINE, part)) for part in (table, table.take(pa.array(order, pa.int64())))
    )
    assert first == second


@each_query
def test_both_engines_read_the_same_meaning_in_the_sql(sql):
    for_spark, for_duckdb = (sqlglot.parse_one(sql, read=dialect).sql("spark") for dialect in ("spark", "duckdb"))
    assert for_spark == for_duckdb


@each_query
def test_the_sql_uses_portable_functions_only_and_says_where_nulls_go(sql):
    tree = sqlglot.parse_one(sql, read="duckdb")
    logic = (exp.And, exp.Or, exp.Case, exp.If, exp.Cast)
    used = {node.sql_name() for node in tree.find_all(exp.Func) if not isinstance(node, logic)}
    assert used <= PORTABLE, f"look up in both engines' manuals: {used - PORTABLE}"
    assert len(re.findall(r"\b(?:ASC|DESC)\b", sql)) == len(re.findall(r"NULLS LAST", sql))
    assert not list(tree.find_all(exp.Anonymous, exp.Lambda))


@each_query
def test_every_sum_that_leaves_a_query_is_cast(sql):
    outer = sqlglot.parse_one(sql, read="duckdb")
    for column in outer.expressions:
        if column.find(exp.Sum, exp.Count) and not column.find(exp.Window):
            assert column.find(exp.Cast), column.sql()


@each_learner
def test_no_learner_reads_what_a_view_of_turns_does_not_have(learner):
    columns = {column.name for column in sqlglot.parse_one(learner.statistics, read="duckdb").find_all(exp.Column)}
    assert columns <= set(TURNS.names) | set(learner.keys)
    assert not any("truth" in name for name in columns | set(TURNS.names))


def test_the_catalogue_names_learners_of_both_kinds():
    assert len(LEARNERS) >= 3
    assert len(DIALOGUE_LEARNERS) >= 6


@each_dialogue_learner
def test_a_learner_of_dialogues_has_the_shape_of_the_protocol(learner):
    assert isinstance(learner, DialogueLearner)
    assert not isinstance(learner, Learner)


@each_dialogue_learner
def test_a_learner_of_dialogues_says_what_an_empty_log_lacks(learner, tmp_path):
    with pytest.raises(NotReady):
        learner.learn(StateMaterial(State(tmp_path)))
