"""keys: numbers that stand for texts and timelines."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import turn
from tests.strategies import logs
from uptake.log.keys import Keys, Spans, digest, share, touches
from uptake.log.rows import to_table
from uptake.log.sessions import find_sessions

GAP_US = 45_000_000


@given(st.lists(st.none() | st.text(max_size=30), max_size=20), st.integers(0, 5))
def test_equal_texts_have_equal_numbers_and_unequal_ones_do_not(texts, skipped):
    numbers = digest(pa.array(texts, pa.string()))
    assert len(set(numbers.tolist())) == len(set(texts))
    assert digest(pa.array(texts, pa.string()).slice(skipped)).tolist() == numbers[skipped:].tolist()


def test_texts_that_differ_late_differ():
    numbers = digest(pa.array(["x" * 100 + "a", "x" * 100 + "b", "x" * 100, "a\0", "a"]))
    assert len(set(numbers.tolist())) == 5


@given(logs())
def test_sessions_by_number_are_the_sessions_by_name(turns):
    table = to_table(turns)
    _, member = Keys.of(table).sessions(GAP_US)
    pairs = set(zip(member.tolist(), find_sessions(table).to_pylist(), strict=True))
    assert len(pairs) == len({number for number, _ in pairs}) == len({name for _, name in pairs})


@given(logs(max_turns=6), logs(max_turns=6))
def test_two_logs_touch_exactly_when_together_they_share_a_session(left, right):
    right = [turn(f"{said.request}", user=said.user_id, device_id=said.device_id, session_id=said.session_id,
                  at_s=(said.said_at - turn().said_at).total_seconds() + 30.0) for said in right]  # fmt: skip
    ours, theirs = (Keys.of(to_table(turns)).sessions(GAP_US)[0] for turns in (left, right))
    names = find_sessions(to_table([*left, *right])).to_pylist()
    shared = set(names[: len(left)]) & set(names[len(left) :])
    assert touches(ours, theirs, GAP_US) == touches(theirs, ours, GAP_US) == bool(shared)


@given(logs())
def test_spans_survive_a_file(turns):
    spans, _ = Keys.of(to_table(turns)).sessions(GAP_US)
    again = Spans.of(spans.array())
    assert [again.key.tolist(), again.given.tolist()] == [spans.key.tolist(), spans.given.tolist()]


def test_arrays_share_a_number_or_not():
    array = np.array([2, 5, 9], np.uint64)
    assert share(array, np.array([9], np.uint64))
    assert not share(array, np.array([1, 3, 10, 11], np.uint64))
    assert not share(array, np.array([], np.uint64))
