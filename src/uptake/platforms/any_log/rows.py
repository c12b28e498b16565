"""Read rows of a foreign log: CSV with any separator, JSON (one object per line, or one array), Parquet.

The first two may be gzipped. The format is detected from the content, not from the name. A member of a nested value is
named by its path: `user.id`, `intents.0.name`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from uptake.errors import BadRecord
from uptake.log.files import OnBad
from uptake.log.flat import Text
from uptake.log.lines import MAX_LINE_BYTES, Lines, open_reader, parse_lines

__all__ = ["Row", "flat", "kind_of", "read_rows", "value_at"]

Row = tuple[int, Mapping[str, Any]]
"""Line (or number, from 1) of a row, and its values by column."""

MAX_ARRAY_BYTES = 512 * 1024 * 1024
"""A larger JSON array is refused: it is read as a whole."""

_LOOKED_AT_BYTES = 64 * 1024
_SEPARATORS = ",;\t|"
_DEEPEST = 6
_WIDEST = 4

_SPEAKER = frozenset(("role", "speaker", "sender", "author", "from"))

_decode = msgspec.json.Decoder().decode


def kind_of(path: Path) -> str:
    """Return what a file is: "parquet", "json" (one array or object), "lines" (one object a line) or "csv".

    Raises:
        NotReady: It is no file that may be read.
        BadRecord: It is empty, or no text in UTF-8.
    """
    with open_reader(path) as read:
        begin = _begin(read)
    if begin.startswith(b"PAR1"):
        return "parquet"
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise BadRecord("is empty; a log has at least one row", file=str(path))
    if b"\0" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadRecord("is no text in UTF-8; write the file as UTF-8", file=str(path))
    if text.startswith(b"["):
        return "json"
    if not text.startswith(b"{"):
        return "csv"
    first, _, more = text.partition(b"\n")
    try:
        _decode(first)
    except msgspec.DecodeError:
        return "lines" if _is_value(more.lstrip().partition(b"\n")[0]) else "json"
    return "lines" if more.strip() or not _rows_within(_decode(first)) else "json"


def read_rows(path: Path, *, on_bad: OnBad) -> Iterator[Row]:
    """Read the rows of a file, in their order.

    Args:
        path: The file.
        on_bad: Called with each row that cannot be read; if it returns, the row is skipped.

    Raises:
        NotReady: It is no file that may be read.
        BadRecord: None of it can be read, whatever `on_bad` says.
    """
    kind = kind_of(path)
    if kind == "parquet":
        yield from _parquet(path)
        return
    with open_reader(path) as read:
        if kind == "json":
            yield from _messages(_array(read, on_bad))
        elif kind == "lines":
            yield from _messages(_objects(Lines(read), on_bad))
        else:
            yield from _separated(Lines(read), on_bad)


def value_at(row: Mapping[str, Any], column: str) -> Any:
    """Return the value of a column, or of the member that a dotted path leads to; None where there is none.

    >>> value_at({"user": {"id": 7}, "said": ["hello"]}, "user.id"), value_at({"said": ["hello"]}, "said.0")
    (7, 'hello')
    """
    if column in row:
        return row[column]
    value: Any = row
    for step in column.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a row by their paths: texts, numbers and what else is not nested.

    >>> flat({"user": {"id": 7}, "said": ["hello"]})
    {'user.id': 7, 'said.0': 'hello'}
    """
    found: dict[str, Any] = {}
    _flatten(row, "", found, 0)
    return found


def _flatten(value: Any, path: str, found: dict[str, Any], depth: int) -> None:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for name, member in value.items():
            _flatten(member, f"{path}.{name}" if path else str(name), found, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for at, member in enumerate(value[:_WIDEST]):
            _flatten(member, f"{path}.{at}", found, depth + 1)
    else:
        found[path] = value


def _is_value(line: bytes) -> bool:
    try:
        _decode(line)
    except msgspec.DecodeError:
        return False
    return True


def _begin(read: Callable[[], bytes]) -> bytes:
    try:
        return read()[:_LOOKED_AT_BYTES]
    except (OSError, EOFError):
        raise BadRecord("cannot be read; a gzip file may have been cut short") from None


def _parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (OSError, pa.ArrowException):
        raise BadRecord("is no Parquet file, or a damaged one") from None


def _objects(lines: Lines, on_bad: OnBad) -> Iterator[Row]:
    return ((lines.number, row) for row in parse_lines(lines, _object, on_bad))


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        row = _decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadRecord("is not valid JSON; expected one object per line") from None
    if not isinstance(row, dict):
        raise BadRecord("is no JSON object; expected one object per line")
    return row


def _array(read: Callable[[], bytes], on_bad: OnBad) -> Iterator[Row]:
    whole = bytearray()
    while data := read():
        whole += data
        if len(whole) > MAX_ARRAY_BYTES:
            raise BadRecord(f"is one JSON value of more than {MAX_ARRAY_BYTES >> 20} MiB; write one object per line")
    try:
        value = _decode(bytes(whole).removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadRecord("is not valid JSON; expected an array of objects, or one object per line") from None
    rows = value if isinstance(value, list) else _rows_within(value)
    for number, row in enumerate([value] if rows is None else rows, start=1):
        if isinstance(row, dict):
            yield number, row
        else:
            on_bad(BadRecord("is no JSON object; expected an array of objects", line=number))


def _messages(rows: Iterator[Row]) -> Iterator[Row]:
    """A row that holds a whole conversation becomes a row a message, with the rest of it as `conversation`."""
    for line, row in rows:
        held = _rows_within({name: value for name, value in row.items() if isinstance(value, list)})
        if held is None or not all(_SPEAKER & set(one) for one in held):
            yield line, row
            continue
        rest = {name: value for name, value in row.items() if value is not held}
        for one in held:
            yield line, {"conversation": rest, **one}


def _rows_within(value: Any) -> list[Any] | None:
    """Return the one list of objects that an object is wrapped around, as exports write it; None without one."""
    members = value.values() if isinstance(value, dict) else ()
    lists = [one for one in members if isinstance(one, list) and one and all(isinstance(row, dict) for row in one)]
    scalars = sum(not isinstance(one, list | dict) for one in members)
    return lists[0] if len(lists) == 1 and len(lists[0]) > scalars else None


def _separated(lines: Lines, on_bad: OnBad) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE_BYTES)
    first = next(lines, b"")
    try:
        begin = first.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRecord("is not valid UTF-8; write the file as UTF-8", line=1) from None
    separator = max(_SEPARATORS, key=begin.count)
    header = [name.strip() for name in next(csv.reader([begin], delimiter=separator), [])]
    for name in header:
        if header.count(name) > 1:
            raise BadRecord("two columns have the same name; rename one", line=1)
    rows = csv.reader(Text(lines), delimiter=separator)
    while True:
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if cells and len(cells) != len(header):
                raise BadRecord(f"has {len(cells)} cells, but the header names {len(header)}")
        except (BadRecord, csv.Error) as error:
            refused = error if isinstance(error, BadRecord) else BadRecord(f"is no CSV ({error})")
            on_bad(refused.at(line=lines.number))
        else:
            if cells:
                yield lines.number, dict(zip(header, cells, strict=True))
