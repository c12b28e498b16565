"""CSV: a turn a row, there and back, and what is refused."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import turn
from tests.strategies import turns
from uptake.errors import BadRecord
from uptake.log.flat import COLUMNS, read_rows, write_rows
from uptake.log.lines import Lines
from uptake.log.schema import zone
from uptake.types import Interpretation, Truth

HEADER = "turn_id,user_id,said_at,request"


def read(content, **options):
    chunks = iter([content.encode() if isinstance(content, str) else content])
    return list(read_rows(Lines(lambda: next(chunks, b"")), **options))


def written(said):
    stream = io.StringIO(newline="")
    write_rows(said, stream)
    return stream.getvalue()


@settings(max_examples=100)
@given(st.lists(turns, max_size=3))
def test_csv_gives_back_the_turns(said):
    assert read(written(said)) == said


def test_an_empty_cell_is_unknown_and_two_quotation_marks_are_the_empty_text():
    said = [turn("", response="", truth=Truth(request="")), turn('"quoted" once')]
    assert read(written(said)) == said
    assert '""""""' in written(said)


def test_columns_are_dotted_and_lists_are_json():
    header, row, *_ = written([turn(interpretation=Interpretation(intent="play", slots=(("song", "a"),)))]).split(
        "\r\n"
    )
    assert header == ",".join(COLUMNS)
    assert 'play,,"{""song"":""a""}"' in row


def test_a_file_of_another_program_is_read():
    header, row = (
        "request,said_at,user_id,turn_id,answer,context.room",
        '"play, now",2026-01-01 09:00:00,ann,t1,TRUE,hall',
    )
    content = f"{header}\r\n{row}\r\n\r\n"
    (said,) = read(content, timezone=zone("Europe/Berlin"))
    assert (said.request, said.said_at.hour, said.answer, said.context.room) == ("play, now", 8, True, "hall")


def test_a_cell_may_span_lines_and_the_last_line_may_lack_its_end():
    (said,) = read(f'{HEADER}\nt,u,2026-01-01T00:00:00Z,"two\nlines"')
    assert said.request == "two\nlines"


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("t,u,2026-01-01T00:00:00Z", None, "has 3 cells, but the header names 4"),
        ("t,u,yesterday,hi", "said_at", "ISO 8601"),
        ("t,u,2026-01-01T00:00:00,hi", "said_at", "no time zone"),
        ("t,,2026-01-01T00:00:00Z,hi", "user_id", "required but missing"),
        ('t,u,2026-01-01T00:00:00Z,"hi', None, "is no CSV"),
        (b"t,u,2026-01-01T00:00:00Z,\xff", None, "not valid UTF-8"),
    ],
)
def test_a_bad_row_is_told_and_the_next_one_is_read(row, field, words):
    row = row.encode() if isinstance(row, str) else row
    refused, *others = read(f"{HEADER}\n".encode() + row + b"\n" + b"t2,u,0,hi\n")
    assert (refused.field, words in str(refused)) == (field, True)
    assert len(others) == (0 if b'"' in row else 1)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("wake_score", "high"), ("wake_score", "nan"), ("spoken_ms", "1_000"), ("answer", "perhaps"), ("entities", "[")],
)
def test_a_bad_cell_is_told_with_its_column(column, cell):
    (refused,) = read(f"{HEADER},{column}\nt,u,0,hi,{cell}\n")
    assert (refused.field, refused.line) == (column, 2)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER + ",rom", "not a column of a turn"),
        (HEADER + ",context.rom", "did you mean context.room?"),
        (HEADER + ",request", "two columns"),
        ("turn_id,user_id,said_at", "field request: is required"),
        (HEADER.replace(",", ";"), "separated by commas"),
        ('"turn_id', "no CSV"),
    ],
)
def test_a_bad_header_is_refused_at_once(header, words):
    with pytest.raises(BadRecord, match=r"line 1") as refused:
        read(header + "\n")
    assert words in str(refused.value)


def test_an_empty_file_holds_no_turns():
    assert read("") == read(HEADER + "\n") == []
