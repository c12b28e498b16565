"""A turn belongs to its home and its user: nobody else's record replaces it, and nobody's id forges another's."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from tests.builders import turn
from uptake.errors import BadRecord
from uptake.log.flat import read_rows
from uptake.log.foreign import normalised
from uptake.log.lines import Lines
from uptake.log.records import from_json
from uptake.log.rows import from_table
from uptake.log.store import TurnLog

ANN = turn("play jazz", turn_id="t1", user="ann", home_id="here")
FULLER = replace(ANN, request="unlock the door", status="ok", response="done")


@pytest.mark.parametrize("other", [{"user_id": "mallory"}, {"home_id": "there"}, {"home_id": None}], ids=str)
@pytest.mark.parametrize("closed", [True, False])
def test_a_record_of_somebody_else_replaces_nothing(tmp_path, other, closed):
    theirs = replace(FULLER, **other)
    with TurnLog(tmp_path / "log") as log:
        log.append([ANN])
        if closed:
            log.compact()
        log.append([theirs])
        assert {one.request for one in log.read()} == {"play jazz", "unlock the door"}
        log.compact()
        assert {one.request for one in log.read()} == {"play jazz", "unlock the door"}
        assert log.stats().sessions == 2
        log.append([FULLER])
        assert len(list(log.read())) == 2  # their own fuller record does replace


def test_forgetting_one_user_leaves_the_turn_of_the_same_id(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        log.append([ANN, replace(FULLER, user_id="mallory")])
        log.compact()
        assert log.forget("mallory") == 1
        assert list(log.read()) == [ANN]


@pytest.mark.parametrize("value", [1_767_254_400, 1_767_254_400_000, 1_767_254_400_000_000])
def test_seconds_milliseconds_and_microseconds_are_told_apart(value):
    expected = datetime(2026, 1, 1, 8, tzinfo=UTC)
    line = {"turn_id": "t", "user_id": "u", "said_at": value, "request": "r"}
    assert from_json(json.dumps(line)).said_at == expected
    assert from_json(json.dumps({**line, "said_at": str(value)})).said_at == expected
    good, bad = normalised(pa.table({**{name: [text] for name, text in line.items()}, "said_at": [value]}))
    assert (next(from_table(good)).said_at, bad) == (expected, [])
    text = iter([f"turn_id,user_id,said_at,request\nt,u,{value},r\n".encode(), b""])
    assert next(read_rows(Lines(lambda: next(text)))).said_at == expected


@pytest.mark.parametrize("value", [0, 1, -5, 86_400, 99_999_999])
def test_a_number_that_could_be_any_of_them_is_refused(value):
    with pytest.raises(BadRecord, match=r"said_at.*1973"):
        from_json(f'{{"turn_id": "t", "user_id": "u", "said_at": {value}, "request": "r"}}')
    good, bad = normalised(pa.table({"turn_id": ["t"], "user_id": ["u"], "said_at": [value], "request": ["r"]}))
    assert good.num_rows == 0
    assert "1973" in bad[0].problem


def test_what_the_log_wrote_itself_keeps_its_microseconds():
    table = pa.table({"turn_id": ["t"], "user_id": ["u"], "said_at": np.array([5]), "request": ["r"]})
    good, _ = normalised(table.replace_schema_metadata({"uptake.schema": "1"}))
    assert good.column("said_at").to_pylist() == [5]
