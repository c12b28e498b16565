"""Separate the speakers of one session, since a source may give the same `session_id` to several people.

What one person says is no reaction to another person's turn. So a session that several people share is marked as one
session per person. The person is the user and the home that the turn itself names, never inferred from other turns.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["split_speakers"]

_OF_SPEAKER = ("user_id", "home_id")


def split_speakers(table: pa.Table) -> tuple[pa.Table, NDArray[np.int64]] | None:
    """Return None if every session has one speaker, else rows split by person.

    The rows of one person in one session are adjacent; the position in it of each row of `table` is returned, too.

    Args:
        table: Columns `session`, `user_id` and `home_id`; rows of a session adjacent and in time order.

    Returns:
        The rows, those of one person in one session adjacent; and where each row of `table` is among them. None where
        every session has one speaker.
    """
    same = ~_changes(table.column("session"))
    other = [_changes(table.column(name)) for name in _OF_SPEAKER]
    if not (same & np.logical_or.reduce(other)).any():
        return None
    session = np.append(0, np.cumsum(~same)) if len(table) else np.zeros(0, np.int64)
    speakers = [_whole(table.column(name)).dictionary_encode().indices.to_numpy() for name in _OF_SPEAKER]
    order = np.lexsort((*speakers, session))  # stable: time order stays
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    rows = table.take(pa.array(order))
    begins = np.ones(len(order), np.int64)
    begins[1:] = np.logical_or.reduce([np.diff(one[order]) != 0 for one in (*speakers, session)])
    names = pa.array(np.cumsum(begins)).cast(pa.string())
    return rows.set_column(rows.column_names.index("session"), "session", names), back


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return the values of a column, "" for null: a home without a name counts as none."""
    return pc.fill_null(column.combine_chunks(), "")


def _changes(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Return, for each row but the first, whether it differs from the one before."""
    whole = _whole(column)
    return np.asarray(pc.not_equal(whole[1:], whole[:-1]).to_numpy(zero_copy_only=False), dtype=bool)
