"""Tables of others: checked column by column, made into ours."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import turn
from tests.strategies import turns
from uptake.errors import BadRecord
from uptake.log.foreign import normalised
from uptake.log.rows import from_table, to_table
from uptake.log.schema import complete, zone

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def table(**columns):
    needed = {"turn_id": ["t1", "t2"], "user_id": ["u", "u"], "said_at": [10**15, 10**15 + 1], "request": ["a", "b"]}
    return pa.table({**needed, **columns})


def first(**columns):
    good, bad = normalised(table(**columns))
    assert bad == []
    return next(from_table(complete(good)))


@settings(max_examples=50)
@given(st.lists(turns, max_size=3))
def test_a_table_of_ours_passes_unchanged(said):
    good, bad = normalised(to_table(said))
    assert (list(from_table(complete(good))), bad) == (said, [])


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_zoned_timestamp_of_any_unit_is_read(unit):
    assert first(said_at=pa.array([NOON, NOON], pa.timestamp(unit, "Asia/Tokyo"))).said_at == NOON


def test_a_naive_timestamp_needs_a_zone():
    naive = table(said_at=pa.array([NOON.replace(tzinfo=None)] * 2, pa.timestamp("ms")))
    with pytest.raises(BadRecord, match="without a zone"):
        normalised(naive)
    good, _ = normalised(naive, timezone=zone("Europe/Berlin"))
    assert next(from_table(complete(good))).said_at.hour == 11


def test_texts_may_be_moments_with_mixed_zones_but_none_without():
    good, bad = normalised(table(said_at=["2026-01-01T13:00:00+01:00", "2026-01-01T12:00:00"]))
    assert [said.said_at for said in from_table(complete(good))] == [NOON]
    assert [(one.line, one.field) for one in bad] == [(2, "said_at")]


def test_members_may_stand_under_dotted_names():
    said = first(
        **{"context.room": ["hall", None], "interpretation.intent": ["play", None], "truth.defect": [True, None]}
    )
    assert (said.context.room, said.interpretation.intent, said.truth.defect) == ("hall", "play", True)


def test_narrower_types_are_widened():
    said = first(
        status=pa.array(["ok", "ok"]).dictionary_encode(), wake_score=pa.array([1, 0], pa.int8()), home_id=[None, None]
    )
    assert (said.status, said.wake_score, said.home_id) == ("ok", 1.0, None)


def test_slots_may_be_a_map():
    slots = pa.array([[("song", "a")], None], pa.map_(pa.string(), pa.string()))
    assert first(**{"interpretation.intent": ["play", None], "interpretation.slots": slots}).interpretation.slots == (
        ("song", "a"),
    )


@pytest.mark.parametrize(
    ("columns", "field", "words"),
    [
        ({"rom": ["a", "b"]}, "rom", "not a column of a turn"),
        ({"context.rom": ["a", "b"]}, "context.rom", "did you mean context.room?"),
        ({"context": [{"rom": "a"}, None]}, "context.rom", "did you mean room?"),
        ({"user_id": [1, 2]}, "user_id", "expected string, got int64"),
        ({"answer": ["yes", "no"]}, "answer", "expected bool"),
        ({"said_at": [0.5, 1.0]}, "said_at", "zoned timestamp"),
        ({"schema": [1, 2]}, "schema", "upgrade uptake"),
        ({"context.room": ["a", "b"], "context": [{"room": "a"}, None]}, "context", "both as a whole and in parts"),
    ],
)
def test_a_column_that_cannot_be_read_is_refused(columns, field, words):
    with pytest.raises(BadRecord) as refused:
        normalised(table(**columns))
    assert refused.value.field == field
    assert words in str(refused.value)


def test_a_needed_column_must_be_there():
    with pytest.raises(BadRecord, match="field request"):
        normalised(table().drop_columns("request"))


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"user_id": ["u", None]}, "user_id"),
        ({"turn_id": ["t1", ""]}, "turn_id"),
        ({"propensity": [0.5, 0.0]}, "propensity"),
        ({"propensity": [0.5, float("nan")]}, "propensity"),
        ({"status": [None, "great"]}, "status"),
        ({"spoken_ms": [None, float("inf")]}, "spoken_ms"),
        ({"said_at": [10**15, 2**62]}, "said_at"),
        ({"interpretation": [None, {"domain": "music"}]}, "interpretation.intent"),
        ({"alternatives": [[], [{"text": None, "score": 1.0}]]}, "alternatives.text"),
        ({"runners_up": [[], [{"intent": "a"}, None]]}, "runners_up"),
        ({"request": pa.array([b"a", b"\xff"]).view(pa.string())}, "request"),
    ],
)
def test_a_bad_row_is_left_out_and_told(columns, field):
    good, bad = normalised(table(**columns))
    assert good.column("turn_id").to_pylist() == ["t1"]
    assert [(one.line, one.field) for one in bad] == [(2, field)]


def test_an_unknown_propensity_is_one():
    assert first(propensity=[None, 0.5]).propensity == turn().propensity
