"""Map columns of a foreign log to fields of a turn, and parse their values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, get_args

import msgspec

from uptake.config import nearest
from uptake.errors import BadConfig, BadRecord
from uptake.log.files import OnBad
from uptake.log.flat import COLUMNS, from_cells
from uptake.platforms.any_log.messages import Conversations
from uptake.platforms.any_log.rows import Row, flat, read_rows, value_at
from uptake.platforms.any_log.words import LIKED, outcome_of, word
from uptake.types import Status, Turn

__all__ = ["EMPTY", "FIELDS", "OTHERS", "ROLE", "Mapped", "moment_of", "pairs_of"]

ROLE = "role"
"""Stands for no field: the column that says who speaks, where every message has a row."""

FIELDS = (*(name for name in COLUMNS if not name.startswith("truth.")), ROLE)
"""What a column can be mapped to."""

OTHERS, EMPTY = "*", ""
"""Values that stand for all that are not listed, and for none."""

_NEEDED = ("user_id", "said_at", "request")
_UNKNOWN = "unknown"
_LISTS = ("alternatives", "runners_up", "entities", "interpretation.slots")
_NANOSECONDS = 10**17
_SECONDS = (10**8, 10**11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Reader of a foreign log by its columns.

    Args:
        columns: Field (a name of `FIELDS`) -> column. "date+time" means two columns, joined by a space; a dotted path
            means a member of a nested value.
        fills: Field -> constant value, if no column has it.
        outcomes: Value -> status, besides the words of `outcome_of`; "unknown" for a value without information. `EMPTY`
            and `OTHERS` may be used as values.
        time_format: Format of time stamps for `strptime`; None: ISO 8601 or a number since 1970.
        timezone: Time zone of time stamps without one; if None, they are bad.

    Raises:
        BadConfig: A field is unknown or missing, or a status is invalid.
    """

    columns: Mapping[str, str]
    fills: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    timezone: tzinfo | None = None

    def __post_init__(self) -> None:
        for name in (*self.columns, *self.fills):
            if name not in FIELDS:
                raise BadConfig(f"{name} is not a field of a turn{nearest(name, list(FIELDS))}")
        for name in _NEEDED:
            if name not in self.columns and (name not in self.fills or name != "user_id"):
                constant = " (or --fill user_id=NAME where all is one person's)" if name == "user_id" else ""
                raise BadConfig(f"no column is mapped to {name}: add --map {name}=COLUMN{constant}; --explain guesses")
        for status in self.outcomes.values():
            if status not in (*get_args(Status), _UNKNOWN):
                raise BadConfig(f"an outcome must be one of {', '.join(get_args(Status))} or {_UNKNOWN}")

    def read(self, path: Path, *, on_bad: OnBad) -> Iterator[Turn]:
        """Read the turns of a file, in its order.

        Args:
            path: The file.
            on_bad: Called with each row that is no turn; if it returns, the row is skipped.

        Raises:
            NotReady: It is no file that may be read.
            BadRecord: None of it can be read, or a column that is mapped is nowhere in it.
        """
        yield from self.turns(read_rows(path, on_bad=on_bad), on_bad=on_bad)

    def turns(self, rows: Iterable[Row], *, on_bad: OnBad) -> Iterator[Turn]:
        """Make turns of rows; see `read`."""
        unseen = {part: name for name, column in self.columns.items() for part in self._parts(column)}
        seen: Mapping[str, Any] = {}
        rows = self._watched(rows, unseen)
        if ROLE in self.columns:
            session = self.columns.get("session_id") or self.columns.get("user_id", "")
            rows = Conversations(
                role=self.columns[ROLE], said=self.columns["request"], session=session, answer=_ANSWER
            ).joined(rows, on_bad=on_bad)
        for line, row in rows:
            seen = seen or row
            try:
                turn = self._turn(row)
            except BadRecord as refused:
                on_bad(refused.at(line=line))
            else:
                yield turn
        for column, name in unseen.items():
            known = sorted(str(one) for one in seen)
            raise BadRecord(f"is mapped to column {column}, which does not exist{nearest(column, known)}", field=name)

    @staticmethod
    def _watched(rows: Iterable[Row], unseen: dict[str, str]) -> Iterator[Row]:
        """Take every column off the list when it is first met."""
        for line, row in rows:
            for column in [one for one in unseen if one in row or value_at(row, one) is not None]:
                del unseen[column]
            yield line, row

    @staticmethod
    def _parts(column: str) -> list[str]:
        return [part.strip() for part in column.split("+")]

    def _turn(self, row: Mapping[str, Any]) -> Turn:
        cells = dict(self.fills)
        for name, column in self.columns.items():
            if name != ROLE and (cell := self._cell(name, self._value(row, column))):
                cells[name] = cell
        if _ANSWER in row and "response" not in self.columns:
            cells["response"] = _text(row[_ANSWER])
        for name in _NEEDED:
            if not cells.get(name):
                raise self._empty(name, row)
        if not cells.get("turn_id"):
            cells["turn_id"] = _digest(row)
        return from_cells(cells, timezone=self.timezone)

    def _empty(self, name: str, row: Mapping[str, Any]) -> BadRecord:
        """Say that a row lacks what it needs, and what there is if there is no such column."""
        column = self.columns.get(name, name)
        for part in self._parts(column):
            if column not in row and part not in row and value_at(row, part) is None:
                return BadRecord(f"there is no such column{nearest(part, list(flat(row)))}", field=part)
        return BadRecord("is empty", field=column)

    def _value(self, row: Mapping[str, Any], column: str) -> Any:
        if column in row or "+" not in column:
            return value_at(row, column)
        values = [value_at(row, part) for part in self._parts(column)]
        return None if None in values else " ".join(str(value) for value in values)

    def _cell(self, name: str, value: Any) -> str:
        """Return a value as a cell of our own CSV; "" where it is unknown."""
        if name == "status":
            return self._outcome(value)
        if value is None or value == "":
            return ""
        if name == "said_at":
            return moment_of(value, self.time_format)
        if name == "answer":
            liked = LIKED.get(word(value))
            return "" if liked is None else str(liked).lower()
        if name in _LISTS:
            return _listed(name, value)
        return _text(value)

    def _outcome(self, value: Any) -> str:
        written = word(value)
        by_word = {word(said): status for said, status in self.outcomes.items()}
        status = by_word.get(written)
        if status is None and written:
            status = outcome_of(value) or by_word.get(OTHERS)
        if status is None and written:
            raise BadRecord(
                "has an unknown outcome: add --outcome VALUE=ok|failed|unsupported|cancelled|unknown "
                "(--explain lists the values)",
                field=self.columns["status"],
            )
        return "" if status in (None, _UNKNOWN) else str(status)


_ANSWER = "\0answer"
"""Column that `Conversations` adds; no file can name one so."""


def pairs_of(written: Iterable[str], *, option: str) -> dict[str, str]:
    """Read what was given as NAME=VALUE.

    Raises:
        BadConfig: One has no "=", or a name comes twice.
    """
    pairs: dict[str, str] = {}
    for one in written:
        name, mark, value = one.partition("=")
        if not mark:
            raise BadConfig(f"{option} takes NAME=VALUE; {name} has no =")
        if name.strip() in pairs:
            raise BadConfig(f"{option} gives {name} twice; choose one")
        pairs[name.strip()] = value.strip()
    return pairs


def moment_of(value: Any, time_format: str | None = None) -> str:
    """Return a moment as a cell of our own: ISO 8601, or a whole number since 1970.

    Raises:
        BadRecord: It is not in the format.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    written = str(value).strip()
    if time_format is not None:
        try:
            return datetime.strptime(written, time_format).isoformat()
        except ValueError:
            raise BadRecord("is not in the format that --time-format says", field="said_at") from None
    return _number_since_1970(written)


def _number_since_1970(written: str) -> str:
    """Return a number since 1970 as whole microseconds where it is a fraction or nanoseconds; else as it is."""
    try:
        number = float(written)
    except ValueError:
        return written
    if not math.isfinite(number):
        return written
    if number >= _NANOSECONDS:
        return str(int(written) // 1_000 if written.isdecimal() else int(number) // 1_000)
    if number.is_integer():
        return str(int(number))
    return str(round(number * 1e6)) if _SECONDS[0] <= number < _SECONDS[1] else written


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    text = str(value)
    return msgspec.json.encode(text).decode() if text.startswith('"') else text


def _listed(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "alternatives" and isinstance(value, list):
        value = [{"text": one} if isinstance(one, str) else one for one in value]
    return msgspec.json.encode(value).decode()


def _digest(row: Mapping[str, Any]) -> str:
    """Name a row that has no name of its own: the same row has the same name whenever it is read."""
    whole = msgspec.json.encode({str(name): value for name, value in row.items()}, order="sorted")
    return f"row-{hashlib.blake2b(whole, digest_size=12).hexdigest()}"
