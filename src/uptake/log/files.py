"""Read and write files of turns in uptake's own formats: NDJSON ("turns"), CSV and Parquet."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

import pyarrow as pa

from uptake.errors import BadRecord, NotReady, StorageFailed, UnknownFormat
from uptake.log.flat import read_rows, write_rows
from uptake.log.foreign import normalised
from uptake.log.lines import Lines, parse_lines
from uptake.log.records import from_json, to_json
from uptake.log.rows import from_table
from uptake.log.schema import SCHEMA
from uptake.types import Turn

__all__ = ["FORMATS", "OnBad", "guess_format", "read_csv", "read_json", "read_parquet", "write"]

FORMATS = ("turns", "csv", "parquet")
"""NDJSON, CSV and Parquet. Any of the first two may be gzipped."""

OnBad = Callable[[BadRecord], None]
"""Handler of a bad record; it may count it, and it may raise it."""

_ENDINGS = {".jsonl": "turns", ".ndjson": "turns", ".json": "turns", ".csv": "csv", ".parquet": "parquet"}
_BATCH_ROWS = 131_072


def guess_format(path: Path) -> str:
    """Return the format that the ending of a file name indicates.

    Raises:
        UnknownFormat: It indicates none.
    """
    found = _ENDINGS.get(Path(path.name.removesuffix(".gz")).suffix.lower())
    if found is None:
        raise UnknownFormat(f"{path}: the name does not end in {', '.join(_ENDINGS)}; give the format with --format")
    return found


def read_json(lines: Lines, *, on_bad: OnBad, timezone: tzinfo | None = None) -> Iterator[Turn]:
    """Read NDJSON, one turn per line; empty lines are skipped.

    Args:
        lines: The file.
        on_bad: Called with each line that is not a turn; if it returns, the line is skipped.
        timezone: Time zone of time stamps without one; if None, they are refused.
    """
    return parse_lines(lines, partial(from_json, timezone=timezone), on_bad)


def read_csv(lines: Lines, *, on_bad: OnBad, timezone: tzinfo | None = None) -> Iterator[Turn]:
    """Read CSV with a header; see `uptake.log.flat`.

    Raises:
        BadRecord: The header is wrong, whatever `on_bad` says.
    """
    for row in read_rows(lines, timezone=timezone):
        if isinstance(row, BadRecord):
            on_bad(row)
        else:
            yield row


def read_parquet(path: Path, *, on_bad: OnBad, timezone: tzinfo | None = None) -> Iterator[pa.Table]:
    """Read a Parquet file in batches, as tables in `SCHEMA`; see `uptake.log.foreign`.

    Raises:
        BadRecord: It is no Parquet file, or a column is wrong, even if `on_bad` skips bad records.
        NotReady: The file is missing, or may not be read.
    """
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, pre_buffer=False)
    except pa.ArrowInvalid:
        raise BadRecord("is no Parquet file, or an incomplete one") from None
    except OSError as error:
        raise NotReady(f"{path}: cannot be read ({os.strerror(error.errno or 0)}); give a file") from None
    with file:
        start = 0
        batches = file.iter_batches(batch_size=_BATCH_ROWS)
        while (batch := _next(batches)) is not None:
            table, bad = normalised(pa.Table.from_batches([batch]), timezone=timezone)
            for refused in bad:
                on_bad(refused.at(line=start + (refused.line or 0)))
            start += batch.num_rows
            yield table


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    try:
        return next(batches, None)
    except (OSError, pa.ArrowException):
        raise BadRecord("is damaged: not all of its rows can be read") from None


def write(tables: Iterable[pa.Table], form: str, out: Path | BinaryIO) -> int:
    """Write turns.

    Args:
        tables: Tables with columns of `SCHEMA`.
        form: One of `FORMATS`.
        out: A file, which appears when it is complete (gzipped if its name ends in .gz), or a stream.

    Returns:
        How many turns were written.

    Raises:
        UnknownFormat: There is no such format.
        StorageFailed: The file cannot be written.
    """
    if form not in FORMATS:
        raise UnknownFormat(f"unknown format {form}; there is {', '.join(FORMATS)}")
    if not isinstance(out, Path):
        return _write(tables, form, out)
    with _appearing(out) as stream:
        return _write(tables, form, stream)


@contextmanager
def _appearing(path: Path) -> Iterator[BinaryIO]:
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with fresh.open("wb") as raw:
            if path.name.endswith(".gz"):
                import gzip

                with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                    yield packed  # type: ignore[misc]
            else:
                yield raw
        fresh.replace(path)
    except OSError as error:
        if isinstance(error, StorageFailed):
            raise
        raise StorageFailed(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _write(tables: Iterable[pa.Table], form: str, stream: BinaryIO) -> int:
    if form == "parquet":
        return _write_parquet(tables, stream)
    turns = (turn for table in tables for turn in from_table(table))
    if form == "csv":
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        written = write_rows(turns, text)
        text.detach()
        return written
    written = 0
    for turn in turns:
        stream.write(to_json(turn) + b"\n")
        written += 1
    return written


def _write_parquet(tables: Iterable[pa.Table], stream: IO[bytes]) -> int:
    import pyarrow.parquet as pq

    written = 0
    with pq.ParquetWriter(stream, SCHEMA, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.select(SCHEMA.names).cast(SCHEMA))
            written += table.num_rows
    return written
