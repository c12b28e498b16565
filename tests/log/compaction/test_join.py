"""join: each turn once, in its fullest record, in whatever order the records come."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import turn
from tests.strategies import turns
from uptake.log.compaction.join import fullness, join
from uptake.log.records import from_table, to_json, to_table
from uptake.types import Context, Interpretation, Truth

records = st.lists(turns.map(lambda said: replace(said, turn_id=said.turn_id[:1])), max_size=6)


def joined(said):
    return sorted(map(to_json, from_table(join(to_table(said)))))


@settings(max_examples=60)
@given(records, st.data())
def test_order_and_repetition_make_no_difference(said, data):
    again = data.draw(st.permutations(said)) + data.draw(st.lists(st.sampled_from(said))) if said else []
    assert joined(again) == joined(said)


@pytest.mark.long
@settings(max_examples=60)
@given(records, records)
def test_joining_parts_first_makes_no_difference(left, right):
    first = [*from_table(join(to_table(left))), *from_table(join(to_table(right)))]
    assert joined(first) == joined(left + right)


def test_the_fuller_record_stays_even_if_it_came_first():
    poor, full = turn(turn_id="t"), turn(turn_id="t", status="ok", context=Context(room="hall"))
    assert list(from_table(join(to_table([full, poor])))) == [full]


def test_of_equally_full_records_the_greater_json_stays():
    one, other = turn(turn_id="t", status="failed"), turn(turn_id="t", status="ok")
    assert list(from_table(join(to_table([other, one, other])))) == [other]


def test_rows_keep_their_order():
    said = [turn(turn_id=name) for name in "cab"]
    assert list(from_table(join(to_table([*said, said[0]])))) == said


def test_members_of_nested_fields_count_and_empty_lists_do_not():
    said = [
        turn(),
        turn(context=Context(room="hall", activity="cooking")),
        turn(interpretation=Interpretation(intent="play", slots=(("song", "a"),))),
        turn(truth=Truth(defect=True)),
        turn(propensity=0.5),
    ]
    known = fullness(to_table(said))
    assert (known - known[0]).tolist() == [0, 2, 2, 1, 0]
