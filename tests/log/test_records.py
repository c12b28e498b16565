"""records: a turn as JSON and as a row, there and back, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import turn
from tests.strategies import turns
from uptake.errors import BadRecord
from uptake.log.records import SCHEMA, from_json, from_table, to_json, to_table
from uptake.log.schema import zone
from uptake.types import Interpretation, Truth

NEEDED = '"turn_id":"t","user_id":"u","said_at":"2026-01-31T18:00:00+02:00","request":"play"'


@given(turns)
def test_json_gives_back_the_turn(said):
    assert from_json(to_json(said)) == said


@settings(max_examples=50)
@given(st.lists(turns, max_size=3))
def test_a_table_gives_back_the_turns(said):
    table = to_table(said)
    assert table.schema == SCHEMA
    assert list(from_table(table)) == said


def test_what_is_unknown_is_left_out():
    said = turn("play", turn_id="t", user="u")
    assert to_json(said) == b'{"turn_id":"t","user_id":"u","said_at":"2026-01-01T08:00:00Z","request":"play"}'


def test_a_moment_may_be_microseconds():
    assert from_json(f"{{{NEEDED}}}".replace('"2026-01-31T18:00:00+02:00"', "1769875200000000")) == from_json(
        f"{{{NEEDED}}}"
    )


def test_a_moment_without_a_zone_takes_the_one_that_is_given():
    naive = f"{{{NEEDED}}}".replace("+02:00", "")
    assert from_json(naive, timezone=zone("Europe/Athens")) == from_json(f"{{{NEEDED}}}")


def test_slots_are_an_object_where_that_keeps_their_order():
    grouped = Interpretation(intent="play", slots=(("song", "a"), ("song", "b"), ("room", "hall")))
    mixed = Interpretation(intent="play", slots=(("song", "a"), ("room", "hall"), ("song", "b")))
    assert b'"slots":{"song":["a","b"],"room":"hall"}' in to_json(turn(interpretation=grouped))
    assert b'"slots":[["song","a"],["room","hall"],["song","b"]]' in to_json(turn(interpretation=mixed))


def test_a_truth_that_says_nothing_is_none():
    assert turn(truth=Truth()).truth is None


@pytest.mark.parametrize(
    ("record", "field", "words"),
    [
        ("{" + NEEDED, None, "not valid JSON"),
        ("", None, "not valid JSON"),
        ("[1]", None, "expected object, got array"),
        ('{"turn_id":"t","user_id":"u","said_at":1}', "request", "required but missing"),
        (f'{{{NEEDED},"sesion_id":"s"}}', "sesion_id", "did you mean session_id?"),
        (f'{{{NEEDED},"context":{{"rom":"hall"}}}}', "context.rom", "did you mean room?"),
        (f'{{{NEEDED},"alternatives":[{{"txt":"a"}}]}}', "alternatives[0].txt", "did you mean text?"),
        (f'{{{NEEDED},"truth":{{"interpretation":{{"intnt":"a"}}}}}}', "truth.interpretation.intnt", "intent"),
        (f'{{{NEEDED},"wake_score":"high"}}', "wake_score", "expected float | null, got str"),
        (f'{{{NEEDED},"interpretation":{{"intent":"a","slots":{{"b":3}}}}}}', "interpretation.slots[...]", "got int"),
        (f'{{{NEEDED},"status":"great"}}', "status", "must be one of"),
        (f'{{{NEEDED},"propensity":0}}', "propensity", "(0, 1]"),
        (f'{{{NEEDED},"schema":2,"new":1}}', "schema", "upgrade uptake"),
        (f'{{{NEEDED},"schema":2}}', "schema", "upgrade uptake"),
        (f"{{{NEEDED}}}".replace('"u"', '""'), "user_id", "must not be empty"),
        (f"{{{NEEDED}}}".replace("+02:00", ""), "said_at", "no time zone"),
        (f"{{{NEEDED}}}".replace("2026-01-31", "2026-02-31"), "said_at", "ISO 8601"),
        (f"{{{NEEDED}}}".replace('"2026-01-31T18:00:00+02:00"', "9" * 30), "said_at", "years 1 to 9999"),
        (f"{{{NEEDED}}}".replace("2026-01-31T18:00:00+02:00", "0001-01-01T00:00:00+02:00"), "said_at", "years"),
    ],
)
def test_a_bad_record_is_refused_with_its_field(record, field, words):
    with pytest.raises(BadRecord) as refused:
        from_json(record)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert "2026-0" not in str(refused.value).replace("2026-01-31T18:00:00Z", "")


def test_invalid_utf_8_is_refused_without_quoting_it():
    with pytest.raises(BadRecord, match="not valid UTF-8"):
        from_json(f"{{{NEEDED}}}".encode().replace(b"play", b"\xff\xfe"))


def test_a_turn_that_is_no_valid_unicode_cannot_be_written():
    with pytest.raises(BadRecord, match="not valid Unicode"):
        to_json(turn("\ud800"))
