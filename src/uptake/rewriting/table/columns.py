"""Check the columns of a rewrite table before it is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from uptake.errors import BadRecord

__all__ = ["COLUMNS", "checked"]

COLUMNS = ("request", "acted_on", "user_id", "domain", "users", "sessions", "success_before", "success_after")
"""Columns of a rewrite table, as `RewriteTable.from_columns` takes them."""


def checked(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return the columns, complete and of one length, each value what it should be.

    Raises:
        BadRecord: A column is unknown or too short, or a value is wrong; `line` is its row number, from 1.
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        raise BadRecord(f"unknown column; there is {', '.join(COLUMNS)}", field=unknown[0])
    size = len(columns["request"]) if "request" in columns else 0
    given = {name: columns[name] if name in columns else [None] * size for name in COLUMNS}
    for name, values in given.items():
        if len(values) != size:
            raise BadRecord(f"has {len(values)} values where request has {size}", field=name)
    _refuse_first(given, "request", [not isinstance(text, str) or not text for text in given["request"]])
    _refuse_first(given, "acted_on", [not isinstance(text, str) or not text for text in given["acted_on"]])
    same = [left == right for left, right in zip(given["request"], given["acted_on"], strict=True)]
    _refuse_first(given, "acted_on", same, "is the request itself")
    _refuse_first(given, "user_id", [user == "" for user in given["user_id"]], "must be None or a pseudonym")
    for name in ("users", "sessions"):
        counts = np.asarray(given[name], dtype=np.int64)
        _refuse_first(given, name, (counts < 0) | (counts > np.iinfo(np.uint32).max), "must be in [0, 2^32)")
    for name in ("success_before", "success_after"):
        chances = np.asarray(given[name], dtype=np.float64)
        _refuse_first(given, name, ~((chances >= 0.0) & (chances <= 1.0)), "must be in [0, 1]")
    return given


def _refuse_first(
    given: Mapping[str, Sequence[Any]], field: str, wrong: Sequence[bool] | npt.NDArray[np.bool_], why: str = ""
) -> None:
    at = int(np.argmax(wrong)) if len(given["request"]) else 0
    if len(given["request"]) and wrong[at]:
        raise BadRecord(why or "must be a text that is not empty", line=at + 1, field=field)
