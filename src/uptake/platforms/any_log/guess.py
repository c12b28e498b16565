"""Guess the meaning of each column of a foreign log, from its name and its first rows.

A column is used only if its values fit; the name decides between columns that fit. Only the outcome and the request are
found without a known name. Limit: names are English and some German.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from uptake.errors import BadRecord
from uptake.log.schema import moment
from uptake.platforms.any_log.mapping import ROLE, moment_of
from uptake.platforms.any_log.names import FAILING, NAMES, joined_names
from uptake.platforms.any_log.rows import flat
from uptake.platforms.any_log.words import ASSISTANTS, LIKED, PERSONS, outcome_of, word

__all__ = ["TIME_FORMATS", "Guess", "guess"]

TIME_FORMATS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%d/%b/%Y:%H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %H:%M:%S %Y", "%b %d, %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p",
    "%d %b %Y %H:%M:%S",
)  # fmt: skip
"""Ways to write a moment that are looked for besides ISO 8601 and numbers since 1970."""

_MOSTLY = 0.9
_MOST_OUTCOMES = 12
_MOST_RATINGS = 6
_FEWEST_WORDS = 1.5
_BY_VALUE = 0.1
_LIST_OF_ROWS = re.compile(r"(.+?)\.1\.\w+$")
_LATER_MEMBER = re.compile(r"\.[1-9]\d*(\.|$)")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}([-_][a-zA-Z]{2,4})?")
_CODE = re.compile(r"[0-9a-fA-F-]{16,}|[^\s]*://[^\s]*|[\d\s.,:/TZ+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Guessed meaning of the columns."""

    columns: Mapping[str, str]
    """Column by field."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Outcome by value, for values that do not speak for themselves."""
    time_format: str | None = None
    """How moments are written, where not in ISO 8601 or as a number."""
    zoned: bool = True
    """Whether moments carry a zone."""
    doubts: tuple[str, ...] = ()
    """What a person should look at."""


@dataclass(frozen=True, slots=True)
class _Times:
    form: str | None
    zoned: bool
    doubt: str | None = None


def guess(rows: Sequence[Mapping[str, Any]], given: Mapping[str, str]) -> Guess:
    """Guess what the columns are.

    Args:
        rows: The first rows of the log.
        given: Column by field, as far as somebody said; they are not guessed.
    """
    values = _columns(rows)
    times = {column: found for column, of in values.items() if (found := _times(of)) is not None}
    fits = _fits(times, len(rows))
    columns = dict(given)
    scored = sorted(_scored(values, fits), key=lambda one: (-one[0], one[1], one[2]))
    for _score, name, column in scored:
        if name not in columns and column not in columns.values():
            columns[name] = column
    if "said_at" not in given and (pair := _date_and_time(rows, values, columns.get("said_at"))) is not None:
        columns["said_at"], times[pair[0]] = pair
    if ROLE in columns and columns[ROLE] not in given.values():
        columns.pop("response", None)
    found = times.get(columns.get("said_at", "")) or _times(_values_of(rows, columns.get("said_at", "")))
    outcomes, doubts = _outcomes(columns.get("status"), values)
    if found is not None and found.doubt:
        doubts.append(found.doubt)
    if lists := sorted({match[1] for column in values if (match := _LIST_OF_ROWS.match(column))}):
        doubts.append(f"{', '.join(lists)}: a row holds a list, of which only one member is read; write a row for each")
    return Guess(
        columns=columns,
        outcomes=outcomes,
        time_format=found.form if found else None,
        zoned=found.zoned if found else True,
        doubts=tuple(doubts),
    )


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return what columns hold, by name; what is empty is left out."""
    values: dict[str, list[Any]] = {}
    for row in rows:
        for column, value in flat(row).items():
            held = values.setdefault(column, [])
            if value is not None and value != "":
                held.append(value)
    return values


def _fits(times: Mapping[str, _Times], rows: int) -> dict[str, Callable[[str, list[Any]], bool]]:
    """Return, by field, whether what a column holds would do."""

    def filled(of: list[Any]) -> bool:
        return len(of) >= _MOSTLY * rows

    def named(of: list[Any]) -> bool:
        return bool(of) and all(isinstance(one, str | int) and not isinstance(one, bool) for one in of)

    def said(_column: str, of: list[Any]) -> bool:
        return _is_text(of)

    def few(of: list[Any], most: int) -> bool:
        return 0 < len({word(one) for one in of}) <= most

    return {
        "said_at": lambda column, of: column in times and filled(of),
        "request": lambda _column, of: _is_text(of),
        "user_id": lambda column, of: (
            named(of) and filled(of) and column not in times and not _is_roles(of) and not _speech(of)
        ),
        "turn_id": lambda column, of: named(of) and len(of) == rows == len(set(of)) and column not in times,
        "session_id": lambda column, of: named(of) and column not in times,
        "home_id": lambda _column, of: named(of),
        "device_id": lambda _column, of: named(of),
        "context.device_type": lambda _column, of: named(of),
        "context.room": lambda _column, of: _is_text(of),
        "language": lambda _column, of: bool(of) and all(_LANGUAGE.fullmatch(str(one)) for one in of),
        "status": lambda column, of: few(of, _MOST_OUTCOMES) and _says_outcomes(column, of),
        "response": said,
        "answer": lambda _column, of: few(of, _MOST_RATINGS) and all(word(one) in LIKED for one in of),
        "interpretation.intent": said,
        "interpretation.domain": said,
        "interpretation.confidence": lambda _column, of: bool(of) and all(_is_share(one) for one in of),
        "alternatives": lambda _column, _of: False,
        ROLE: lambda _column, of: filled(of) and _is_roles(of),
    }


def _scored(
    values: Mapping[str, list[Any]], fits: Mapping[str, Callable[[str, list[Any]], bool]]
) -> Iterator[tuple[float, str, str]]:
    """Give (score, field, column) for all that would do; a larger score is better."""
    for column, of in values.items():
        if _LATER_MEMBER.search(column):
            continue
        for name, would_do in fits.items():
            score = _named(name, column)
            if score > 0.0 and would_do(column, of):
                yield score + (_speech(of) if name == "request" else 0.0), name, column
        if fits["status"](column, of) and all(_plainly(one) for one in of):
            yield _BY_VALUE, "status", column
        if fits["said_at"](column, of):
            yield _BY_VALUE, "said_at", column
        if fits["request"](column, of) and _speech(of) > 0.0:
            yield _BY_VALUE * _speech(of), "request", column


def _named(name: str, column: str) -> float:
    """Return how well a column is named for a field, in [0, 1]."""
    known = NAMES[name]
    best = 0.0
    for depth, said in enumerate(joined_names(column)):
        if said in known:
            best = max(best, 1.0 - 0.1 * depth - 0.4 * known.index(said) / len(known))
    return best


def _speech(of: list[Any]) -> float:
    """Return how much texts look like what people say, in [0, 1]: several words, few of them the same."""
    texts = [str(one) for one in of]
    words = sum(len(text.split()) for text in texts) / max(1, len(texts))
    if words < _FEWEST_WORDS:
        return 0.0
    return 0.5 * len(set(texts)) / len(texts) + 0.5 / (1.0 + words / 10.0)


def _is_text(of: list[Any]) -> bool:
    texts = [one for one in of if isinstance(one, str) and any(map(str.isalpha, one)) and not _CODE.fullmatch(one)]
    return bool(of) and len(texts) >= _MOSTLY * len(of)


def _is_roles(of: list[Any]) -> bool:
    roles = {word(one) for one in of}
    return bool(roles & PERSONS) and bool(roles & ASSISTANTS) and roles <= PERSONS | ASSISTANTS


def _is_share(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and 0.0 <= float(value) <= 1.0
    except (TypeError, ValueError):
        return False


def _plainly(value: Any) -> bool:
    return isinstance(value, str) and not value.isdecimal() and outcome_of(value) is not None


def _says_outcomes(column: str, of: list[Any]) -> bool:
    fails = any(name in FAILING for name in joined_names(column))
    known = [one for one in of if outcome_of(one) is not None or word(one) in ("0", "1")]
    return fails or len(known) >= len(of) / 2


def _outcomes(column: str | None, values: Mapping[str, list[Any]]) -> tuple[dict[str, str], list[str]]:
    """Return outcomes of values that do not speak for themselves, and doubts."""
    if column is None:
        return {}, []
    held = {word(one): one for one in values.get(column, ())}
    if any(name in FAILING for name in joined_names(column)):
        clean = {"false": "ok", "0": "ok", "no": "ok"}
        bad = {"true": "failed", "1": "failed", "yes": "failed"}
        if set(held) <= {*clean, *bad}:
            return {said: ({**clean, **bad})[said] for said in sorted(held)}, []
        return {"": "ok", "*": "failed"}, [f"{column}: an empty value is taken for ok, anything else for failed"]
    outcomes = {said: ("ok" if said == "1" else "failed") for said in sorted(held) if said in ("0", "1")}
    strange = sorted(said for said in held if said not in outcomes and outcome_of(said) is None)
    doubts = [f"{column}: 1 is taken for ok and 0 for failed"] if outcomes else []
    for said in strange:
        outcomes[said] = "unknown"
    if strange:
        doubts.append(f"{column}: {', '.join(strange)} says nothing we know and is left unknown; say better if you can")
    return outcomes, doubts


def _times(of: list[Any]) -> _Times | None:
    """Return how moments are written; None where these are none."""
    if not of:
        return None
    for value in of:
        if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
            return None
    if (iso := _read(of, None)) is not None:
        return _Times(None, iso)
    if not isinstance(of[0], str):
        return None
    found = [(form, zoned) for form in TIME_FORMATS if (zoned := _read(of, form)) is not None]
    if not found:
        return None
    doubt = None
    if {form[:2] for form, _ in found} >= {"%d", "%m"}:
        found.sort(key=lambda one: -_rising(of, one[0]))
        doubt = f"said_at: day and month could be either way round; {found[0][0]} is taken, or say --time-format"
    return _Times(*found[0], doubt)


def _read(of: list[Any], form: str | None) -> bool | None:
    """Return whether moments carry a zone; None where they are not written so."""
    zoned = True
    for value in of:
        try:
            written = moment_of(value, form)
            zoned = zoned and not _lacks_zone(written)
            moment(int(written) if written.isdecimal() else written, UTC)
        except (BadRecord, ValueError):
            return None
    return zoned


def _lacks_zone(written: str) -> bool:
    return not written.isdecimal() and datetime.fromisoformat(written).tzinfo is None


def _rising(of: list[Any], form: str) -> int:
    moments = [moment_of(one, form) for one in of]
    return sum(before <= after for before, after in pairwise(moments))


def _date_and_time(
    rows: Sequence[Mapping[str, Any]], values: Mapping[str, list[Any]], found: str | None
) -> tuple[str, _Times] | None:
    """Find a date and a time of day in two columns, where one column does not hold both."""
    for date in values if found is None else (found,):
        for time in values:
            if joined_names(date)[-1].endswith("date") and joined_names(time)[-1].endswith("time") and date != time:
                column = f"{date}+{time}"
                if (both := _times(_values_of(rows, column))) is not None:
                    return column, both
    return None


def _values_of(rows: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    parts = [part.strip() for part in column.split("+")]
    members = [flat(row) for row in rows]
    if len(parts) == 1:
        return [row[column] for row in members if row.get(column) not in (None, "")]
    return [" ".join(str(row[part]) for part in parts) for row in members if all(row.get(part) for part in parts)]
