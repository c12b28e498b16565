"""Define the Arrow schema of a turn, and parse its time stamps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from uptake.errors import BadConfig, BadRecord

__all__ = [
    "EPOCHS",
    "NO_EPOCH",
    "PART_SCHEMA",
    "SCHEMA",
    "SCHEMA_VERSION",
    "complete",
    "from_micros",
    "moment",
    "to_micros",
    "zone",
]

SCHEMA_VERSION = 1
"""Version of the record of a turn, in every format. A record may carry it as `schema`; a later one is refused."""

_SLOT = pa.struct([("name", pa.string()), ("value", pa.string())])
_INTERPRETATION = pa.struct(
    [("intent", pa.string()), ("domain", pa.string()), ("slots", pa.list_(_SLOT)), ("confidence", pa.float64())]
)
_TRANSCRIPT = pa.struct([("text", pa.string()), ("score", pa.float64())])
_CANDIDATE = pa.struct([("value", pa.string()), ("score", pa.float64())])
_ENTITY = pa.struct(
    [("slot", pa.string()), ("value", pa.string()), ("score", pa.float64()), ("candidates", pa.list_(_CANDIDATE))]
)
_CONTEXT = pa.struct(
    [(name, pa.string()) for name in ("device_type", "device_state", "room", "local_time", "activity", "place")]
)

_OFFER = pa.struct([("offer_id", pa.string()), ("said", pa.bool_()), ("propensity", pa.float64())])

SCHEMA = pa.schema(
    [
        pa.field("turn_id", pa.string(), nullable=False),
        pa.field("user_id", pa.string(), nullable=False),
        pa.field("said_at", pa.int64(), nullable=False),
        pa.field("request", pa.string(), nullable=False),
        pa.field("home_id", pa.string()),
        pa.field("device_id", pa.string()),
        pa.field("session_id", pa.string()),
        pa.field("language", pa.string()),
        pa.field("wake_score", pa.float64()),
        pa.field("alternatives", pa.list_(_TRANSCRIPT)),
        pa.field("spoken_ms", pa.float64()),
        pa.field("acted_on", pa.string()),
        pa.field("rewrite_id", pa.string()),
        pa.field("artifact_version", pa.string()),
        pa.field("arm", pa.string()),
        pa.field("propensity", pa.float64(), nullable=False),
        pa.field("interpretation", _INTERPRETATION),
        pa.field("runners_up", pa.list_(_INTERPRETATION)),
        pa.field("entities", pa.list_(_ENTITY)),
        pa.field("action", pa.string()),
        pa.field("status", pa.string()),
        pa.field("response", pa.string()),
        pa.field("response_ms", pa.float64()),
        pa.field("context", _CONTEXT),
        pa.field("offer", _OFFER),
        pa.field("barge_in_ms", pa.float64()),
        pa.field("answer", pa.bool_()),
        pa.field("undone", pa.bool_()),
        pa.field("truth_request", pa.string()),
        pa.field("truth_interpretation", _INTERPRETATION),
        pa.field("truth_defect", pa.bool_()),
        pa.field("truth_goal_success", pa.bool_()),
        pa.field("truth_failure_point", pa.string()),
        pa.field("truth_defect_as_heard", pa.bool_()),
    ],
    metadata={"uptake.schema": str(SCHEMA_VERSION)},
)
"""A turn as a row. `said_at` is int64 microseconds since 1970 in UTC; an empty list and a null one mean the same.
Columns that start with `truth_` are for evaluation alone."""

PART_SCHEMA = SCHEMA.append(pa.field("session", pa.string(), nullable=False))
"""`SCHEMA` and the session of the row, given or found."""

EPOCHS = ((10**8, 10**11, 10**6), (10**11, 10**14, 10**3), (10**14, 2**63, 1))
"""(from, below, microseconds in one): whole numbers that are seconds, milliseconds and microseconds since 1970.

They lie in the years from 1973 on; a smaller number could be any of them, and is refused."""

NO_EPOCH = (
    "is no moment since 1973 in seconds, milliseconds or microseconds since 1970; "
    "write ISO 8601 with an offset, like 2026-01-31T18:00:00Z"
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BASIC_DATE = len("20260131")
_MICROSECOND = timedelta(microseconds=1)


def complete(table: pa.Table, schema: pa.Schema = SCHEMA) -> pa.Table:
    """Put the columns of a table in the order of the schema; missing ones become null (`propensity`: 1).

    Args:
        table: Columns of `schema`, in any order, with their types.
        schema: `SCHEMA` or `PART_SCHEMA`.
    """
    present = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in present else _unknown(field, table.num_rows)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _unknown(field: pa.Field, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(1.0), rows) if field.name == "propensity" else pa.nulls(rows, field.type)


def zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name such as "Europe/Berlin".

    Raises:
        BadConfig: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadConfig(f"unknown time zone {name}; expected an IANA name, like Europe/Berlin") from error


def moment(value: str | int | datetime, timezone: tzinfo | None = None) -> datetime:
    """Parse a time stamp: ISO 8601 with an offset, or a whole number since 1970 in UTC; see `EPOCHS`.

    Args:
        value: Value in the record.
        timezone: Time zone of time stamps without one; if None, they are refused.

    Raises:
        BadRecord: It is not a time stamp, or has no known time zone.
    """
    if isinstance(value, str) and value.isdecimal() and len(value) > _BASIC_DATE:
        value = int(value)
    if isinstance(value, int):
        return from_micros(_micros(value))
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise BadRecord(
                "is not a time; expected ISO 8601 with an offset, like 2026-01-31T18:00:00Z, or a number since 1970",
                field="said_at",
            ) from None
    if value.tzinfo is None:
        if timezone is None:
            raise BadRecord(
                "has no time zone; add an offset (2026-01-31T18:00:00Z) or give the zone with --timezone",
                field="said_at",
            )
        value = value.replace(tzinfo=timezone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadRecord("lies outside the years 1 to 9999", field="said_at") from None


def _micros(value: int) -> int:
    """Convert seconds, milliseconds or microseconds since 1970 to microseconds."""
    for least, below, scale in EPOCHS:
        if least <= value < below:
            return value * scale
    if value >= EPOCHS[-1][1]:
        raise BadRecord("lies outside the years 1 to 9999", field="said_at")
    raise BadRecord(NO_EPOCH, field="said_at")


def to_micros(said_at: datetime) -> int:
    """Convert an aware time to microseconds since 1970, UTC."""
    return (said_at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Convert microseconds since 1970 to a time in UTC.

    Raises:
        BadRecord: It is outside the years 1 to 9999.
    """
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        raise BadRecord("lies outside the years 1 to 9999", field="said_at") from None
