"""Take fields out of a foreign record, or say exactly which one is wrong.

Names are dotted where nested. Every function raises `BadRecord` naming the field and what was expected,
never the content.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from uptake.errors import BadRecord

__all__ = ["flag", "items", "moment", "number", "part", "text", "text_or_none"]


def _found(record: Mapping[str, Any], name: str, within: str) -> Any:
    if name not in record:
        raise BadRecord("is missing", field=_path(name, within))
    return record[name]


def _path(name: str, within: str) -> str:
    return f"{within}.{name}" if within else name


def text(record: Mapping[str, Any], name: str, *, within: str = "") -> str:
    """Return a string that must be there."""
    value = _found(record, name, within)
    if not isinstance(value, str):
        raise BadRecord("must be text", field=_path(name, within))
    return value


def text_or_none(record: Mapping[str, Any], name: str, *, within: str = "") -> str | None:
    """Return a string, or None where the field is missing or null."""
    return None if record.get(name) is None else text(record, name, within=within)


def number(record: Mapping[str, Any], name: str, *, within: str = "") -> float:
    """Return a finite number that must be there."""
    value = _found(record, name, within)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadRecord("must be a finite number", field=_path(name, within))
    return float(value)


def flag(record: Mapping[str, Any], name: str, *, within: str = "") -> bool:
    """Return a boolean that must be there."""
    value = _found(record, name, within)
    if not isinstance(value, bool):
        raise BadRecord("must be true or false", field=_path(name, within))
    return value


def part(record: Mapping[str, Any], name: str, *, within: str = "") -> Mapping[str, Any]:
    """Return an object that must be there."""
    value = _found(record, name, within)
    if not isinstance(value, Mapping):
        raise BadRecord("must be an object", field=_path(name, within))
    return value


def items(record: Mapping[str, Any], name: str, *, within: str = "") -> list[Any]:
    """Return a list that must be there."""
    value = _found(record, name, within)
    if not isinstance(value, list):
        raise BadRecord("must be a list", field=_path(name, within))
    return value


def moment(value: str, *, field: str) -> datetime:
    """Return a date and time without zone ("2013-03-22 22:12:56"), taken as UTC."""
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadRecord('must look like "2013-03-22 22:12:56"', field=field) from error
