"""Group turns into sessions: by the source's session, else by user and device without a long pause.

A turn with a `session_id` from its source belongs to that session. The others are put on one timeline per (`home_id`,
`user_id`, `device_id`). A pause longer than the gap starts a new session, named after the `turn_id` of its first turn;
user and home are added if another session has that name. Equal turns give equal sessions, in any order of arrival.

Source: the bounded pause of Ponnusamy et al., "Feedback-Based Self-Learning in Large-Scale Conversational AI Agents"
(arXiv:1911.02557). The value of 45 s is ours to choose: the paper is not explicit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uptake.log.keys import I64, micros
from uptake.types import Session, Turn

__all__ = ["GAP_S", "find_sessions", "in_order", "of_turn", "sessions", "with_sessions"]

GAP_S = 45.0
"""Seconds without a word that end a session, unless the caller says otherwise."""


def find_sessions(table: pa.Table, *, gap_s: float = GAP_S) -> pa.Array:
    """Return the session of each turn, given or derived.

    Args:
        table: Turns with columns of `SCHEMA`, each once, in any order; nullable columns may be missing.
        gap_s: Longest pause within a session, in seconds.

    Returns:
        A string for each row, none null.
    """
    import pyarrow.compute as pc

    names, turn_id = table.column_names, _flat(table.column("turn_id"))
    given = _flat(table.column("session_id")) if "session_id" in names else pa.nulls(table.num_rows, pa.string())
    given = pc.if_else(pc.equal(given, ""), pa.scalar(None, pa.string()), given)
    loose = np.flatnonzero(pc.is_null(given).to_numpy(zero_copy_only=False))
    if not len(loose):
        return given
    timeline, _ = _codes(_flat(table.column("user_id")))
    for name in ("device_id", "home_id"):
        if name in names:
            codes, count = _codes(_flat(table.column(name)))
            timeline = np.unique(timeline * count + codes, return_inverse=True)[1].ravel() if count > 1 else timeline
    timeline = timeline[loose]
    said_at = table.column("said_at").to_numpy()[loose]
    order = in_order(timeline, said_at, turn_id.take(pa.array(loose)))
    starts = np.ones(len(order), np.bool_)
    starts[1:] = (np.diff(timeline[order]) != 0) | (np.diff(said_at[order]) > micros(gap_s))
    openers = loose[order[starts]]
    called = np.full(table.num_rows, -1)
    called[loose[order]] = np.cumsum(starts) - 1
    found = _names(table, openers, given).take(pa.array(called, mask=called < 0))
    return pc.coalesce(given, found)


def _names(table: pa.Table, openers: I64, given: pa.Array) -> pa.Array:
    """Name the sessions that begin with these rows, uniquely."""
    import pyarrow.compute as pc

    first = table.select([name for name in ("home_id", "user_id", "turn_id") if name in table.column_names])
    first = first.take(pa.array(openers))
    names = _flat(first.column("turn_id"))
    codes, count = _codes(names)
    taken = (np.bincount(codes, minlength=count) > 1)[codes]
    if given.null_count < len(given):
        taken |= pc.is_in(names, value_set=given.drop_null()).to_numpy(zero_copy_only=False)
    if not taken.any():
        return names
    whole = [json.dumps(list(row.values())) for row in first.filter(pa.array(taken)).to_pylist()]
    return pc.replace_with_mask(names, pa.array(taken), pa.array(whole, pa.string()))


def with_sessions(table: pa.Table, *, gap_s: float = GAP_S) -> pa.Table:
    """Return the table with a column `session`, its rows ordered by (session, said_at, turn_id)."""
    found = find_sessions(table, gap_s=gap_s)
    rank = _ranks(found)
    order = in_order(rank, table.column("said_at").to_numpy(), *of_turn(table))
    return table.append_column(pa.field("session", pa.string(), nullable=False), found).take(pa.array(order))


def sessions(turns: Iterable[Turn], *, gap_s: float = GAP_S) -> list[Session]:
    """Return the sessions of some turns, ordered by their first turn; one for each user of a shared `session_id`.

    Args:
        turns: Turns, each once, in any order.
        gap_s: Longest pause within a session, in seconds.
    """
    from uptake.log.rows import to_table

    said = list(turns)
    found = find_sessions(to_table(said), gap_s=gap_s).to_pylist() if said else []
    together: dict[tuple[str, str, str], list[Turn]] = {}
    for session_id, turn in sorted(zip(found, said, strict=True), key=lambda pair: (pair[1].said_at, pair[1].turn_id)):
        together.setdefault((session_id, turn.user_id, turn.home_id or ""), []).append(turn)
    return [Session(session_id=key[0], turns=tuple(members)) for key, members in together.items()]


def of_turn(table: pa.Table) -> list[pa.Array]:
    """Return the columns that distinguish two turns."""
    return [_flat(table.column(name)) for name in ("turn_id", "user_id", "home_id") if name in table.column_names]


def in_order(group: I64, said_at: I64, *names: pa.Array) -> I64:
    """Return positions that sort rows by (group, said_at, *names)."""
    import pyarrow.compute as pc

    order = np.lexsort((said_at, group))
    same = (np.diff(group[order]) == 0) & (np.diff(said_at[order]) == 0)
    if not same.any():
        return order
    tied = np.zeros(len(order), np.bool_)
    tied[1:] |= same
    tied[:-1] |= same
    rows = order[tied]
    last = np.zeros((len(names), len(order)), np.int64)
    for row, name in zip(last, names, strict=True):
        row[rows] = _ranks(pc.fill_null(name.take(pa.array(rows)), ""))
    return np.lexsort((*last[::-1], said_at, group))


def _flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _codes(column: pa.Array) -> tuple[I64, int]:
    """Return a number for each text (a null has its own), and how many numbers there are."""
    encoded = column.dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)


def _ranks(column: pa.Array) -> I64:
    """Return the rank of each text, by the bytes of its UTF-8."""
    import pyarrow.compute as pc

    encoded = column.dictionary_encode()
    ranks: npt.NDArray[np.int64] = np.empty(len(encoded.dictionary), np.int64)
    ranks[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(ranks))
    found: I64 = ranks[encoded.indices.to_numpy(zero_copy_only=False)]
    return found
