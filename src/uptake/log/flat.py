"""Read and write CSV: one turn per row, nested fields under dotted names, lists and slots as JSON.

An empty cell is unknown. A cell that begins with a quotation mark is a JSON string; so the empty text, which is not
unknown, is written as two quotation marks. `request` is always known: there an empty cell is the empty text.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import IO, Any

import msgspec

from uptake.config import nearest
from uptake.errors import BadRecord
from uptake.log.lines import MAX_LINE_BYTES, Lines
from uptake.log.records import from_fields, to_fields
from uptake.types import Turn

__all__ = ["COLUMNS", "Text", "from_cells", "read_rows", "write_rows"]

_READING = ("intent", "domain", "slots", "confidence")
_CONTEXT = ("device_type", "device_state", "room", "local_time", "activity", "place")
COLUMNS = tuple(
    (
        "turn_id user_id said_at request home_id device_id session_id language wake_score alternatives spoken_ms "
        "acted_on rewrite_id artifact_version arm propensity"
    ).split()
    + [f"interpretation.{name}" for name in _READING]
    + "runners_up entities action status response response_ms".split()
    + [f"context.{name}" for name in _CONTEXT]
    + "offer.offer_id offer.said offer.propensity".split()
    + "barge_in_ms answer undone truth.request".split()
    + [f"truth.interpretation.{name}" for name in _READING]
    + "truth.defect truth.goal_success truth.failure_point truth.defect_as_heard".split()
)
"""Every column there is, in the order they are written. A file may leave out all but the first four."""

_NEEDED = COLUMNS[:4]
_JSON = {"alternatives", "runners_up", "entities", "interpretation.slots", "truth.interpretation.slots"}
_NUMBERS = {"wake_score", "spoken_ms", "propensity", "response_ms", "barge_in_ms"} | {
    "offer.propensity",
    "interpretation.confidence",
    "truth.interpretation.confidence",
}
_CLAIMS = {"offer.said", "answer", "undone", "truth.defect", "truth.goal_success", "truth.defect_as_heard"}
_TRUTH_VALUES = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def write_rows(turns: Iterable[Turn], stream: IO[str]) -> int:
    """Write turns as CSV with a header.

    Args:
        turns: Turns to write.
        stream: Text in UTF-8, opened with `newline=""`.

    Returns:
        How many turns were written.
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    written = 0
    for turn in turns:
        cells = _flat(to_fields(turn), "")
        writer.writerow([cells.get(name, "") for name in COLUMNS])
        written += 1
    return written


def _flat(fields: dict[str, Any], prefix: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in fields.items():
        name = prefix + key
        if name in _JSON:
            cells[name] = msgspec.json.encode(value).decode()
        elif isinstance(value, dict):
            cells.update(_flat(value, f"{name}."))
        elif isinstance(value, str):
            quoted = (value == "" and name != "request") or value.startswith('"')
            cells[name] = msgspec.json.encode(value).decode() if quoted else value
        else:
            cells[name] = ("true" if value else "false") if isinstance(value, bool) else repr(value)
    return cells


class Text(Iterator[str]):
    """Lines as text; iteration may raise for one line and continue with the next."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __next__(self) -> str:
        try:
            return next(self._lines).decode("utf-8")
        except UnicodeDecodeError:
            raise BadRecord("is not valid UTF-8; write the file as UTF-8") from None


def read_rows(lines: Lines, *, timezone: tzinfo | None = None) -> Iterator[Turn | BadRecord]:
    """Read CSV, in UTF-8, with a header.

    Args:
        lines: The file.
        timezone: Time zone of time stamps without one; if None, they are refused.

    Yields:
        A turn, or what is wrong with a row; `line` is the one the row ends on.

    Raises:
        BadRecord: The header is wrong, so that no row can be read.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    rows = csv.reader(Text(lines), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise BadRecord(f"is no CSV ({error})", line=1) from None
    if header:
        _check_header(header)
    while header:
        try:
            if cells := next(rows):
                yield _turn(header, cells, timezone)
        except StopIteration:
            return
        except BadRecord as refused:
            yield refused.at(line=lines.number)
        except csv.Error as error:
            yield BadRecord(f"is no CSV ({error})", line=lines.number)


def _check_header(header: list[str]) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise BadRecord("columns must be separated by commas", line=1)
    for name in header:
        if name not in (*COLUMNS, "schema"):
            raise BadRecord(f"is not a column of a turn{nearest(name, list(COLUMNS))}", line=1, field=name)
        if header.count(name) > 1:
            raise BadRecord("there are two columns of this name", line=1, field=name)
    for name in _NEEDED:
        if name not in header:
            raise BadRecord("is required but there is no such column", line=1, field=name)


def _turn(header: list[str], cells: list[str], timezone: tzinfo | None) -> Turn:
    if len(cells) != len(header):
        raise BadRecord(f"has {len(cells)} cells, but the header names {len(header)}")
    return from_cells(dict(zip(header, cells, strict=True)), timezone=timezone)


def from_cells(cells: Mapping[str, str], *, timezone: tzinfo | None = None) -> Turn:
    """Read a turn from a row of CSV.

    Args:
        cells: Texts by the names of `COLUMNS`; an empty one is unknown.
        timezone: Time zone of a time stamp without one; if None, the row is refused.

    Raises:
        BadRecord: It is no turn; the error names the column.
    """
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell or name == "request":
            *parents, last = name.split(".")
            owner = fields
            for parent in parents:
                owner = owner.setdefault(parent, {})
            owner[last] = _value(name, cell)
    return from_fields(fields, timezone=timezone)


def _value(name: str, cell: str) -> Any:
    if name in _JSON:
        return _decoded(name, cell)
    if name in _NUMBERS:
        return _number(name, cell)
    if name in _CLAIMS:
        return _claim(name, cell)
    if name in ("schema", "said_at") and cell.lstrip("-").isdecimal():
        return int(cell)
    if cell.startswith('"'):
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(cell, type=str)
    return cell


def _decoded(name: str, cell: str) -> Any:
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError):
        raise BadRecord("must be JSON", field=name) from None


def _claim(name: str, cell: str) -> bool:
    claim = _TRUTH_VALUES.get(cell.strip().lower())
    if claim is None:
        raise BadRecord("must be true or false", field=name)
    return claim


def _number(name: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or "_" in cell:
        raise BadRecord("must be a finite number", field=name)
    return number
