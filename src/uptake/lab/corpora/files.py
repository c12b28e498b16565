"""From files to records, one at a time: JSON lines (`.jsonl`, gzipped or not) and JSON (`.json`).

A directory stands for every such file in it, in the order of their names.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from uptake.errors import BadRecord, NotReady

__all__ = ["MAX_LINE_BYTES", "OnBad", "Place", "lines", "record_files"]

MAX_LINE_BYTES = 32_000_000
"""A longer line is refused before it is parsed."""

_SUFFIXES = (".jsonl", ".jsonl.gz", ".json", ".json.gz")

OnBad = Callable[[BadRecord], None]
"""Handler of a bad record, instead of stopping; it may count, and it may raise."""


@dataclass(frozen=True, slots=True)
class Place:
    """One record and where it stands."""

    record: Mapping[str, Any]
    file: str
    line: int


def record_files(path: Path) -> list[Path]:
    """Return the record files that a path stands for, sorted by name.

    Raises:
        NotReady: There is nothing at the path, or a directory without a record file.
    """
    if not path.exists():
        raise NotReady(f"{path}: no such file or directory; give the file or the folder that holds the corpus")
    if path.is_file():
        return [path]
    found = sorted(entry for entry in path.iterdir() if entry.is_file() and entry.name.endswith(_SUFFIXES))
    if not found:
        raise NotReady(f"{path}: holds no file that ends in {', '.join(_SUFFIXES)}")
    return found


def lines(path: Path, *, whole: bool | None = None, on_bad: OnBad | None = None) -> Iterator[Place]:
    """Yield the records of one file, streaming.

    Args:
        path: The file.
        whole: Whether it is one document, an object or a list of them [default: if it is called `.json`].
        on_bad: Called with each bad line instead of raising.

    Raises:
        BadRecord: A line is not a JSON object, is not UTF-8 or is too long, and `on_bad` is None.
    """
    name = str(path)
    try:
        with _opened(path) as stream:
            document = path.name.removesuffix(".gz").endswith(".json") if whole is None else whole
            yield from _document(stream, name) if document else _each_line(stream, name, on_bad)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadRecord("is not a whole gzip file; it may have been cut short", file=name) from error
    except PermissionError as error:
        raise NotReady(f"{path}: may not be read") from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as probe:
        gzipped = probe.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb") if gzipped else path.open("rb"))


def _each_line(stream: IO[bytes], name: str, on_bad: OnBad | None) -> Iterator[Place]:
    at = 0
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        at += 1
        try:
            if len(raw) > MAX_LINE_BYTES:
                while raw and not raw.endswith(b"\n"):
                    raw = stream.readline(MAX_LINE_BYTES)
                raise BadRecord(f"the line is longer than {MAX_LINE_BYTES} bytes")
            if not raw.strip():
                continue
            record = _object(_parsed(raw))
        except BadRecord as error:
            if on_bad is None:
                raise error.at(file=name, line=at) from error
            on_bad(error.at(file=name, line=at))
        else:
            yield Place(record, name, at)


def _document(stream: IO[bytes], name: str) -> Iterator[Place]:
    try:
        content = _parsed(stream.read())
        for at, record in enumerate(content if isinstance(content, list) else [content], start=1):
            yield Place(_object(record), name, at)
    except BadRecord as error:
        raise error.at(file=name) from error


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRecord(f"is not UTF-8 (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise BadRecord(f"is not JSON ({error.msg}, column {error.colno})") from error
    except RecursionError as error:
        raise BadRecord("is nested too deeply") from error


def _object(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise BadRecord("must be a JSON object")
    return content
