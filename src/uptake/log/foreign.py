"""Check tables from other programs column by column, and convert them to `SCHEMA`.

Columns are named as in `SCHEMA`; a member of a nested column may be a column of its own with a dotted name, like
`context.room` or `interpretation.intent`. `said_at` may be a number since 1970 (`uptake.log.schema.EPOCHS`), a
timestamp or ISO 8601 text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uptake.config import nearest
from uptake.errors import BadRecord
from uptake.log.lines import MAX_LINE_BYTES
from uptake.log.records import check_version
from uptake.log.schema import EPOCHS, NO_EPOCH, SCHEMA, moment, to_micros
from uptake.types import Status

__all__ = ["normalised"]

_NEEDED = ("turn_id", "user_id", "said_at", "request")
_STATUSES = get_args(Status)
_MEMBERS = {"intent", "name", "value", "text", "slot"}
"""Members of nested fields that must be known where the field is."""
_FIRST_US, _LAST_US = to_micros(datetime.min.replace(tzinfo=UTC)), to_micros(datetime.max.replace(tzinfo=UTC))
_METADATA = next(iter(SCHEMA.metadata))
_PER_SECOND = {"s": 1_000_000, "ms": 1_000, "us": 1}


def normalised(table: pa.Table, *, timezone: tzinfo | None = None) -> tuple[pa.Table, list[BadRecord]]:
    """Check a table and convert it to `SCHEMA`, without empty columns and wrong rows.

    Args:
        table: Columns as described above.
        timezone: Time zone of time stamps without one; if None, they are refused.

    Returns:
        The rows that are good, and what is wrong with the others; `line` counts the rows of `table` from 1.

    Raises:
        BadRecord: A column is unknown, missing or of the wrong type, so that no row can be read.
    """
    import pyarrow.compute as pc

    columns = _gathered(table)
    bad: dict[int, BadRecord] = {}
    if "schema" in columns:
        for version in columns.pop("schema").unique().to_pylist():
            check_version(version)
    for name in _NEEDED:
        if name not in columns:
            raise BadRecord("is required but there is no such column", field=name)
    ours = _METADATA in (table.schema.metadata or {})
    ready = {
        name: _moments(column, bad, timezone, ours=ours) if name == "said_at" else _ready(name, column, bad)
        for name, column in columns.items()
    }
    if "propensity" not in ready:
        ready["propensity"] = pa.repeat(pa.scalar(1.0), table.num_rows)
    ready["propensity"] = pc.fill_null(ready["propensity"], 1.0)
    for name, problem, wrong in _wrong(ready):
        _mark(bad, wrong, name, problem)
    fields = [field for field in SCHEMA if field.name in ready]
    if bad:
        good = np.ones(table.num_rows, np.bool_)
        good[list(bad)] = False
        ready = {name: column.filter(pa.array(good)) for name, column in ready.items()}
    whole = pa.Table.from_arrays([ready[field.name] for field in fields], schema=pa.schema(fields))
    return whole, [bad[row].at(line=row + 1) for row in sorted(bad)]


def _gathered(table: pa.Table) -> dict[str, pa.Array]:
    """Return columns by their names in `SCHEMA`; dotted ones are combined."""
    import pyarrow.compute as pc

    columns: dict[str, pa.Array] = {}
    members: dict[str, dict[str, pa.Array]] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        flat = column.combine_chunks()
        ours = name.replace("truth.", "truth_", 1)
        parent, _, member = ours.partition(".")
        if ours in columns or member in members.get(parent, {}):
            raise BadRecord("there are two columns of this name", field=name)
        if not member and (ours in SCHEMA.names or ours == "schema"):
            columns[ours] = flat
        elif parent in SCHEMA.names and member in _names(SCHEMA.field(parent).type):
            members.setdefault(parent, {})[member] = flat
        else:
            raise BadRecord(f"is not a column of a turn{nearest(name, _all_names())}", field=name)
    for parent, parts in members.items():
        if parent in columns:
            raise BadRecord("is given both as a whole and in parts", field=parent)
        unknown = np.logical_and.reduce([_true(pc.is_null(part)) for part in parts.values()])
        columns[parent] = pa.StructArray.from_arrays(list(parts.values()), names=list(parts), mask=pa.array(unknown))
    return columns


def _all_names() -> list[str]:
    return [*SCHEMA.names, *(f"{field.name}.{member}" for field in SCHEMA for member in _names(field.type))]


def _names(kind: pa.DataType) -> list[str]:
    return [kind.field(index).name for index in range(kind.num_fields)] if pa.types.is_struct(kind) else []


def _ready(name: str, column: pa.Array, bad: dict[int, BadRecord]) -> pa.Array:
    wanted = SCHEMA.field(name).type
    _fits(column.type, wanted, name)
    try:
        column = column.cast(wanted)
    except pa.ArrowInvalid as error:
        raise BadRecord(f"cannot be read as {wanted}", field=name) from error
    return _in_utf8(name, column, bad)


def _fits(given: pa.DataType, wanted: pa.DataType, name: str) -> None:
    """Raise for a column whose type would have to be guessed."""
    kind = pa.types
    if kind.is_dictionary(given):
        given = given.value_type
    if kind.is_struct(wanted) and kind.is_struct(given):
        for field in given:
            if field.name not in _names(wanted):
                raise BadRecord(
                    f"is not a field of a turn{nearest(field.name, _names(wanted))}", field=f"{name}.{field.name}"
                )
            _fits(field.type, wanted.field(field.name).type, f"{name}.{field.name}")
        return
    if kind.is_list(wanted) and (kind.is_list(given) or kind.is_large_list(given)):
        return _fits(given.value_type, wanted.value_type, name)
    fits = (
        kind.is_null(given)
        or (
            kind.is_string(wanted)
            and (kind.is_string(given) or kind.is_large_string(given) or kind.is_string_view(given))
        )
        or (kind.is_floating(wanted) and (kind.is_floating(given) or kind.is_integer(given) or kind.is_decimal(given)))
        or (kind.is_boolean(wanted) and kind.is_boolean(given))
        or (kind.is_list(wanted) and kind.is_map(given) and name.endswith("slots"))
    )
    if not fits:
        raise BadRecord(f"has the wrong type: expected {wanted}, got {given}", field=name)


def _in_utf8(name: str, column: pa.Array, bad: dict[int, BadRecord]) -> pa.Array:
    """Replace rows that are not UTF-8 by null, and mark them."""
    wrong = sorted(_invalid(column, 0))
    if not wrong:
        return column
    mask = np.zeros(len(column), np.bool_)
    mask[wrong] = True
    _mark(bad, mask, name, "is not valid UTF-8")
    return column.take(pa.array(np.arange(len(column)), mask=mask))


def _invalid(column: pa.Array, offset: int) -> Iterator[int]:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        if len(column) == 1:
            yield offset
            return
        half = len(column) // 2
        yield from _invalid(_cut(column, 0, half), offset)
        yield from _invalid(_cut(column, half, len(column)), offset + half)


def _cut(column: pa.Array, start: int, stop: int) -> pa.Array:
    return column.take(pa.array(np.arange(start, stop)))  # a slice would still be validated whole


def _moments(column: pa.Array, bad: dict[int, BadRecord], timezone: tzinfo | None, *, ours: bool) -> pa.Array:
    """Return `said_at` as microseconds in UTC; null if it is missing or not a time.

    Args:
        column: Column of the table.
        bad: Collects the rows that are not a time.
        timezone: Time zone of time stamps without one.
        ours: Whether `write` made the table, so that numbers are microseconds.
    """
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_integer(kind):
        return column.cast(pa.int64()) if ours else _epochs(column.cast(pa.int64()), bad)
    if pa.types.is_timestamp(kind):
        if kind.tz is None and timezone is None:
            raise BadRecord(
                "holds times without a zone; store zoned ones or give the zone with --timezone", field="said_at"
            )
        if kind.tz is None:
            known = pc.assume_timezone(column, str(timezone), ambiguous="earliest", nonexistent="latest")
        else:
            known = column
        whole = known.cast(pa.int64())
        if kind.unit == "ns":
            return pa.array(pc.fill_null(whole, 0).to_numpy() // 1000, mask=_true(pc.is_null(whole)))
        return pc.multiply(whole, _PER_SECOND[kind.unit])
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pa.array([_read(row, text, bad, timezone) for row, text in enumerate(column.to_pylist())], pa.int64())
    raise BadRecord(
        f"has the wrong type: expected a zoned timestamp, microseconds or text, got {kind}", field="said_at"
    )


def _epochs(column: pa.Array, bad: dict[int, BadRecord]) -> pa.Array:
    """Return whole numbers as microseconds; null if they are out of range."""
    import pyarrow.compute as pc

    given = pc.fill_null(column, 0).to_numpy()
    micros, known = np.zeros(len(given), np.int64), np.zeros(len(given), np.bool_)
    for least, below, scale in EPOCHS:
        here = (given >= least) & (given <= below - 1)
        micros[here], known = given[here] * scale, known | here
    there = _true(pc.is_valid(column))
    _mark(bad, there & ~known, "said_at", NO_EPOCH)
    return pa.array(micros, mask=~(there & known))


def _read(row: int, text: str | None, bad: dict[int, BadRecord], timezone: tzinfo | None) -> int | None:
    if text is None:
        return None
    try:
        return to_micros(moment(text, timezone))
    except BadRecord as refused:
        bad.setdefault(row, refused)
        return None


def _wrong(ready: dict[str, pa.Array]) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Return the first problem, its field and the rows that have it."""
    import pyarrow.compute as pc

    for name in _NEEDED:
        yield name, "is required but missing", _true(pc.is_null(ready[name]))
    for name in ("turn_id", "user_id"):
        yield name, "must not be empty", _true(pc.equal(ready[name], ""))
    said_at, propensity = ready["said_at"], ready["propensity"]
    outside = pc.or_(pc.less(said_at, _FIRST_US), pc.greater(said_at, _LAST_US))
    yield "said_at", "lies outside the years 1 to 9999", _true(outside)
    within = pc.and_(pc.greater(propensity, 0.0), pc.less_equal(propensity, 1.0))
    yield "propensity", "must be in (0, 1]", ~_true(within)
    if "status" in ready:
        known = pc.is_in(ready["status"], pa.array([*_STATUSES, None], pa.string()))
        yield "status", f"must be one of {', '.join(sorted(_STATUSES))}", ~_true(known)
    for name, column in ready.items():
        yield from _wrong_inside(name, column, np.arange(len(column)), len(column))


def _wrong_inside(
    name: str, column: pa.Array, rows: npt.NDArray[np.int64], size: int
) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Return the same for numbers, and for nested fields; `rows[i]` is the row that element i belongs to."""
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        yield name, "must be a finite number", _spread(rows, ~_true(pc.fill_null(pc.is_finite(column), True)), size)
    elif pa.types.is_string(column.type):
        too_long = _true(pc.greater(pc.binary_length(column), MAX_LINE_BYTES))
        yield name, f"is longer than {MAX_LINE_BYTES} bytes", _spread(rows, too_long, size)
    elif pa.types.is_list(column.type):
        parents = rows[pc.list_parent_indices(column).to_numpy()]
        yield name, "must not hold nulls", _spread(parents, _true(pc.is_null(column.flatten())), size)
        yield from _wrong_inside(name, column.flatten(), parents, size)
    elif pa.types.is_struct(column.type):
        there = _true(pc.is_valid(column))
        for field, member in zip(column.type, column.flatten(), strict=True):
            inner = f"{name}.{field.name}"
            if field.name in _MEMBERS:
                missing = there & _true(pc.is_null(member))
                yield inner, "is required but missing", _spread(rows, missing, size)
            yield from _wrong_inside(inner, member, rows, size)


def _spread(rows: npt.NDArray[np.int64], wrong: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    spread = np.zeros(size, np.bool_)
    spread[rows[wrong]] = True
    return spread


def _true(values: pa.Array) -> npt.NDArray[np.bool_]:
    import pyarrow.compute as pc

    found: npt.NDArray[np.bool_] = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return found


def _mark(bad: dict[int, BadRecord], wrong: npt.NDArray[np.bool_], name: str, problem: str) -> None:
    for row in np.flatnonzero(wrong).tolist():
        bad.setdefault(row, BadRecord(problem, field=name))
