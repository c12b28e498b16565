"""Search all files of a directory for a user's keys and rare texts, in every format that Uptake writes.

A key or text matches as a whole, not within a longer word. Parquet and Arrow are read as values, SQLite as values and
as bytes (deleted rows may still be there), text as text, everything else as bytes.

Limit: compressed or encrypted data in formats that Uptake does not write is not searched. In binary data, keys of fewer
than `SHORT` bytes are not searched for, since chance would find them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from uptake.log.store import TurnLog

__all__ = ["SHORT", "SOUGHT", "Found", "Needles", "needles_of", "search"]

SHORT = 6
"""Bytes from which a key is searched for in bytes that are no text."""
SOUGHT = "sought.json"
"""File of a state directory that holds what is searched for, until nothing is found."""
_RARE = 8  # letters from which a text that nobody else said is somebody's own
_TEXTS, _KEYS = ("request", "acted_on", "response"), ("turn_id", "session_id")
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needles:
    """Keys and texts to search for."""

    keys: tuple[str, ...]
    """The user, and the user's turns and sessions."""
    texts: tuple[str, ...]
    """What this user alone said, or was told."""

    def all(self) -> tuple[str, ...]:
        """Return every key and text."""
        return (*self.keys, *self.texts)


@dataclass(slots=True, kw_only=True)
class Found:
    """Extent of a search, and the places with a match."""

    files: int = 0
    bytes: int = 0
    places: list[str] = field(default_factory=list)
    """Files with a key or a text of the user in them or in their name."""
    unread: list[str] = field(default_factory=list)
    """Files that could not be read as what they are: searched as bytes only."""


def needles_of(user_id: str, log: TurnLog) -> Needles:
    """Collect the keys and texts that only this user has in a log. Call it before the user is forgotten."""
    import pyarrow.compute as pc

    keys: set[str] = {user_id}
    own: set[str] = set()
    others: set[str] = set()
    snapshot = log.snapshot()
    columns = ["user_id", *_KEYS, *_TEXTS]
    for table in chain((part.table(columns) for part in snapshot.parts), (snapshot.fresh.select(columns),)):
        theirs = pc.equal(table.column("user_id"), user_id)
        for name in _KEYS:
            keys.update(value for value in table.column(name).filter(theirs).to_pylist() if value)
        for name in _TEXTS:
            for rows, said in ((theirs, own), (pc.invert(theirs), others)):
                said.update(pc.unique(table.column(name).filter(rows)).drop_null().to_pylist())
    rare = {text for text in own - others if len(text) >= _RARE and " " in text.strip()}
    return Needles(keys=tuple(sorted(keys)), texts=tuple(sorted(rare)))


def search(directory: Path, needles: Needles, *, leave: Iterable[Path] = ()) -> Found:
    """Search a directory for a user's keys and texts.

    Args:
        directory: Directory to search, with everything below it.
        needles: Keys and texts to search for.
        leave: Files to skip.
    """
    found, passed = Found(), set(leave)
    whole = _Pattern(needles.all(), least=1)
    in_bytes = _Pattern([one for one in needles.all() if len(one.encode()) >= SHORT], least=SHORT)
    for path in sorted(path for path in directory.rglob("*") if path.is_file() and path not in passed):
        content = path.read_bytes()
        found.files += 1
        found.bytes += len(content)
        hit = whole.within(str(path.relative_to(directory)))
        try:
            hit = hit or any(whole.within(text) for text in _texts(path, content))
        except _Unread:
            found.unread.append(str(path))
        if hit or in_bytes.in_bytes(content):
            found.places.append(str(path))
    return found


class _Unread(Exception):
    """A file does not have the format that its name or its first bytes promise."""


class _Pattern:
    """Pattern that finds any of many texts, plain or as JSON writes them."""

    def __init__(self, texts: Sequence[str], *, least: int) -> None:
        written = {form for text in texts for form in (text, json.dumps(text)[1:-1]) if len(form.encode()) >= least}
        self._plain = tuple(sorted(form.encode() for form in written))
        joined = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        self._whole = re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])") if written else None

    def within(self, text: str) -> bool:
        return self._whole is not None and self._whole.search(text) is not None

    def in_bytes(self, content: bytes) -> bool:
        """Tell whether the bytes of a text occur, as a whole word where they are text."""
        for form in self._plain:
            at = content.find(form)
            while at >= 0:
                around = content[max(at - 1, 0) : at], content[at + len(form) : at + len(form) + 1]
                if not any(byte.isalnum() or byte in (b"_", b"-") for byte in around):
                    return True
                at = content.find(form, at + 1)
        return False


def _texts(path: Path, content: bytes) -> Iterator[str]:
    """Return every text of a file, decoded by its format."""
    if content.startswith(b"PAR1"):
        yield from _of_arrow(path, parquet=True)
    elif content.startswith(b"ARROW1"):
        yield from _of_arrow(path, parquet=False)
    elif content.startswith(_SQLITE):
        yield from _of_sqlite(path)
    else:
        try:
            yield content.decode("utf-8")
        except UnicodeDecodeError:
            return


def _of_arrow(path: Path, *, parquet: bool) -> Iterator[str]:
    import pyarrow as pa
    from pyarrow import parquet as files

    try:
        table = files.read_table(path) if parquet else pa.ipc.open_file(path.read_bytes()).read_all()
    except (pa.ArrowException, OSError) as error:
        raise _Unread from error
    for column in table.columns:
        for value in column.to_pylist() if pa.types.is_nested(column.type) else column.unique().to_pylist():
            if value is not None:
                yield value if isinstance(value, str) else repr(value)
    yield str(table.schema.metadata)


def _of_sqlite(path: Path) -> Iterator[str]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                for row in database.execute(f'SELECT * FROM "{name}"'):
                    for value in row:
                        if isinstance(value, str | bytes):
                            yield value if isinstance(value, str) else value.decode("utf-8", errors="replace")
    except sqlite3.Error as error:
        raise _Unread from error
