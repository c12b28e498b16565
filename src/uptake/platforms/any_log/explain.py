"""Explain a foreign log: its columns, three rows as turns, missing fields and the consequence."""

from __future__ import annotations

import itertools
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from uptake.errors import BadConfig, BadRecord
from uptake.log.files import OnBad
from uptake.log.flat import COLUMNS
from uptake.log.records import to_fields
from uptake.platforms.any_log.guess import Guess, guess
from uptake.platforms.any_log.mapping import ROLE, Mapped
from uptake.platforms.any_log.rows import Row, flat, kind_of, read_rows, value_at
from uptake.platforms.any_log.words import outcome_of, word

__all__ = ["COSTS", "Explained", "StatedMapping", "explain"]

LOOKED_AT = 2_000
"""Rows that are looked at."""

_SHOWN = 3
_NEEDED = ("request", "said_at", "user_id")
_KINDS = {"csv": "CSV", "lines": "JSON, one object a line", "json": "one JSON value", "parquet": "Parquet"}

COSTS = {
    "request": "needed: without what was said there is nothing to learn",
    "said_at": "needed: what is said next, and how soon, is what is learned from",
    "user_id": "needed: rewrites count people, and forgetting needs to know whom; "
    "--fill user_id=NAME makes all of it one person's",
    "status": "failures are known from what people say next alone: "
    "a request that failed and was given up looks as if it worked",
    "session_id": "a pause of more than 45 s starts a new session (session_gap_s)",
    "response": "a question that the assistant asked back is not seen as one",
    "turn_id": "a row is named by its content: two rows that are equal in every column count as one",
    "interpretation.intent": "one cannot see that two wordings meant the same; "
    "the report groups failures by words alone",
    "barge_in_ms": "an answer that was cut short is not seen",
}
"""What a turn lacks without a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Summary of a foreign log."""

    kind: str
    """What the file is, in words."""
    rows: int
    """Rows that were looked at."""
    found: Guess
    """What its columns seem to be."""
    fills: Mapping[str, str]
    """Values where no column has one."""
    values: Mapping[str, str]
    """What each column that was found holds, in words."""
    turns: tuple[Mapping[str, Any], ...]
    """Some rows as turns, as JSON would hold them."""
    refused: Mapping[str, int]
    """How many rows are no turns, by why."""
    missing: Mapping[str, str]
    """What is missing and what it costs."""
    needed: tuple[str, ...]
    """What must be said before the log can be read."""
    unused: tuple[str, ...]
    """Columns that no field takes."""
    command: str
    """What to type to store it."""
    ours: bool = False
    """Whether it is in the format of our own, and needs no mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedMapping:
    """Mapping of a log that the user gave."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fills: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    time_format: str | None = None
    timezone: str | None = None


_NOTHING = StatedMapping()


def explain(path: Path, said: StatedMapping = _NOTHING) -> Explained:
    """Look at the first rows of a log and say what they hold.

    Args:
        path: The file.
        said: What is known; the rest is guessed.

    Raises:
        NotReady: It is no file that may be read.
        BadRecord: None of it can be read.
        BadConfig: It holds traces, which need no guess.
    """
    bad: Counter[str] = Counter()

    def passed_over(refused: BadRecord) -> None:
        bad[f"{refused.field}: {refused.problem}" if refused.field else refused.problem] += 1

    kind = kind_of(path)
    rows = _looked_at(path, passed_over)
    found, fills = _completed(guess([row for _, row in rows], said.columns), rows, said)
    needed = [name for name in _NEEDED if name not in found.columns and name not in fills]
    if not (found.zoned or said.timezone):
        needed.append("timezone")
    turns = [] if set(needed) - {"timezone"} else _turns(rows, found, fills, said, passed_over)
    return Explained(
        kind=_KINDS[kind],
        rows=len(rows),
        found=found,
        fills=fills,
        values={name: _held(name, column, rows, found) for name, column in found.columns.items()},
        turns=tuple(to_fields(turn) for turn in turns[:_SHOWN]),
        refused=dict(bad),
        missing={name: cost for name, cost in COSTS.items() if name not in {*found.columns, *fills, *_joined(found)}},
        needed=tuple(needed),
        unused=_unused(rows, found),
        command=_command(path, found, fills, said, needed),
        ours=kind in ("csv", "lines", "parquet") and set(rows[0][1]) <= {*COLUMNS, *_TOP} and set(rows[0][1]) >= _OURS,
    )


def _looked_at(path: Path, on_bad: OnBad) -> list[Row]:
    try:
        rows = list(itertools.islice(read_rows(path, on_bad=on_bad), LOOKED_AT))
    except BadRecord as refused:
        raise refused.at(file=str(path)) from None
    if not rows:
        raise BadRecord("has no row that can be read; a log has a header and rows, or JSON objects", file=str(path))
    if {"resourceSpans", "scopeSpans"} & set(rows[0][1]):
        raise BadConfig(f"{path}: holds OpenTelemetry traces: uptake ingest --format otel {path}")
    return rows


_OURS = {"turn_id", "user_id", "said_at", "request"}
_TOP = {name.partition(".")[0] for name in COLUMNS} | {"schema"}


def _joined(found: Guess) -> tuple[str, ...]:
    """Return the fields that come of joining messages."""
    return ("response",) if ROLE in found.columns else ()


def _completed(found: Guess, rows: Sequence[Row], said: StatedMapping) -> tuple[Guess, dict[str, str]]:
    """Put what was said over what was guessed; take sessions for people where nobody is named."""
    columns, doubts = dict(found.columns), list(found.doubts)
    if "user_id" not in columns and "user_id" not in said.fills:
        stand_in = next((columns[name] for name in ("home_id", "device_id", "session_id") if name in columns), None)
        if stand_in is not None:
            columns["user_id"] = stand_in
            doubts.append(
                f"user_id: nobody is named, so each {stand_in} counts as a person; "
                "what needs several people is then proved by fewer"
            )
    times = [str(value) for _, row in rows if (value := value_at(row, columns.get("said_at", ""))) is not None]
    if times and len(max(times, key=len)) <= len("2026-01-31") and not times[0].isdecimal():
        doubts.append("said_at: there is a date but no time of day, so nobody is seen to say something again")
    return (
        Guess(
            columns=columns,
            outcomes={**found.outcomes, **said.outcomes},
            time_format=said.time_format or found.time_format,
            zoned=found.zoned,
            doubts=tuple(doubts),
        ),
        dict(said.fills),
    )


def _turns(rows: Sequence[Row], found: Guess, fills: Mapping[str, str], said: StatedMapping, on_bad: Any) -> list[Any]:
    from uptake.log.schema import zone

    mapped = Mapped(
        columns=found.columns,
        fills=fills,
        outcomes=found.outcomes,
        time_format=found.time_format,
        timezone=zone(said.timezone) if said.timezone else UTC,
    )
    try:
        return list(mapped.turns(rows, on_bad=on_bad))
    except BadRecord as refused:  # a column that was said is nowhere
        raise BadConfig(f"{refused.field} {refused.problem}") from None


def _held(name: str, column: str, rows: Sequence[Row], found: Guess) -> str:
    """Say in words what a column holds."""
    values = [value for _, row in rows if (value := value_at(row, column)) not in (None, "")]
    if name == "said_at":
        zone = "" if found.zoned else ", without a zone"
        return (f"moments as {found.time_format}" if found.time_format else "moments") + zone
    if name == "status":
        counts = Counter(word(value_at(row, column)) for _, row in rows)
        return ", ".join(f"{said or '(empty)'} = {_status(said, found)} ({n:,})" for said, n in counts.most_common(8))
    different = len(set(map(str, values)))
    return f"{different:,} different in {len(values):,} rows"


def _status(said: str, found: Guess) -> str:
    by_word = {word(one): status for one, status in found.outcomes.items()}
    return (
        by_word.get(said) or (outcome_of(said) if said else None) or (by_word.get("*") if said else None) or "unknown"
    )


def _unused(rows: Sequence[Row], found: Guess) -> tuple[str, ...]:
    used = {part.strip() for column in found.columns.values() for part in column.split("+")}
    columns = dict.fromkeys(column for _, row in rows for column in flat(row))
    return tuple(one for one in columns if one not in used and one.partition(".")[0] not in used)


def _command(path: Path, found: Guess, fills: Mapping[str, str], said: StatedMapping, needed: Sequence[str]) -> str:
    words = ["uptake", "ingest"]
    order = [*(name for name in (*COLUMNS, ROLE) if name in found.columns)]
    for name in order:
        words += ["--map", f"{name}={found.columns[name]}"]
    for name in needed:
        if name != "timezone":
            words += ["--map", f"{name}=COLUMN"]
    for name, value in fills.items():
        words += ["--fill", f"{name}={value}"]
    for value, status in found.outcomes.items():
        words += ["--outcome", f"{value}={status}"]
    if found.time_format:
        words += ["--time-format", found.time_format]
    if said.timezone or "timezone" in needed:
        words += ["--timezone", said.timezone or "ZONE"]
    return " ".join(map(shlex.quote, [*words, str(path)]))
