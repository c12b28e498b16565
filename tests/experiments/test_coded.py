"""Columns of outcomes: names once, rows in few bytes, parts joined one by one, and days found without looking twice."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import session, turn
from uptake.experiments.coded import Coded, distinct_pairs
from uptake.experiments.compare import rates_by_day
from uptake.experiments.drift import drift
from uptake.experiments.outcomes import Outcomes, outcomes_of_turns
from uptake.experiments.rates import rate
from uptake.types import Interpretation, Truth

codes = st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 6)), max_size=40)
names = st.lists(st.sampled_from([None, "a", "b", "c", "d"]), max_size=12)


@given(codes)
def test_distinct_pairs_are_those_of_numpy(pairs):
    one, other = (np.array(side, dtype=np.int8) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    expected = np.unique(np.stack([one, other]), axis=1)
    assert [side.tolist() for side in distinct_pairs(one, other)] == expected.tolist()


@given(st.lists(names, max_size=4))
def test_parts_are_joined_as_one_column(parts):
    joined = Coded.joined([Coded.of(part) for part in parts])
    whole = [name for part in parts for name in part]
    assert joined.decoded().to_pylist() == whole
    assert joined.names == Coded.of(whole).names


def test_a_row_takes_as_few_bytes_as_there_are_names():
    few, many = (Coded.joined([Coded.of([f"name {at}" for at in range(count)])]) for count in (127, 40_000))
    assert (few.codes.dtype, many.codes.dtype) == (np.int8, np.int32)
    assert Coded.joined([few, many]).codes[-1] == 39_999


def test_names_reach_arrow_once():
    column = Coded.joined([Coded.of(["turn on the light", None] * 500)]).decoded()
    assert pa.types.is_dictionary(column.type)
    assert (column.nbytes < 2_500, column.null_count) == (True, 500)


def days(*counts: int) -> Outcomes:
    """So many turns a day, shuffled; every third fails."""
    said = [
        turn(
            at_s=at * 60.0 + day * 86_400.0,
            user=f"u{at % 7}",
            arm="treatment" if at % 2 else "control",
            interpretation=Interpretation(domain=f"d{at % 40}", intent="do", confidence=0.5 + at % 5 / 10),
            truth=Truth(defect=(at + day) % 3 == 0),
        )
        for day, count in enumerate(counts)
        for at in range(count)
    ]
    order = np.random.default_rng(1).permutation(len(said))
    return outcomes_of_turns([said[at] for at in order])


def test_a_day_s_rate_is_that_of_its_turns():
    outcomes = days(30, 0, 25, 8)
    for arm in (None, "control"):
        found = rates_by_day(outcomes, arm)
        chosen = np.ones(len(outcomes), dtype=bool) if arm is None else outcomes.arm.is_(arm)
        kept = sorted(set(outcomes.day[chosen].tolist()))
        assert list(found.values()) == [rate(outcomes, chosen & (outcomes.day == day)) for day in kept]


def test_each_day_comes_once_and_in_order():
    outcomes = days(3, 0, 2)
    found = dict(outcomes.by_day())
    assert list(found) == sorted(found)
    assert {day: len(rows) for day, rows in found.items()} == {min(found): 3, min(found) + 2: 2}
    assert all((outcomes.day[rows] == day).all() for day, rows in found.items())
    assert dict(outcomes_of_turns([]).by_day()) == {}


def test_rare_kinds_of_request_are_one_kind_in_the_mix_of_requests():
    mixes = [series for series in drift(days(*[90] * 6)) if series.figure == "mix of requests"]
    assert [len(series.days) for series in mixes] == [5]
    assert max(mixes[0].values) < 1.0


def test_all_of_the_turns_are_not_copied():
    outcomes = outcomes_of_turns(session("play jazz", "stop", user="ann").turns)
    assert outcomes.where(np.ones(2, dtype=bool)) is outcomes
    assert outcomes.joined([outcomes, outcomes]).request.decoded().to_pylist() == ["play jazz", "stop"] * 2
