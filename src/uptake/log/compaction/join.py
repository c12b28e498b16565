"""Join records of the same turn: the fuller one is kept.

A turn is identified by its home, its user and its `turn_id`, so that nobody can replace another person's turn. Records
of one turn are put in a total order (number of known fields, then their JSON) and the greatest is kept. The greatest of
a set does not depend on order or repetition, so the log reads the same in whatever order turns arrive.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uptake.log.keys import I64
from uptake.log.records import to_json
from uptake.log.rows import from_table

__all__ = ["fullness", "join", "survivors"]


def join(table: pa.Table) -> pa.Table:
    """Keep each turn once, in its fullest record; the rows keep their order."""
    keep = survivors(table)
    return table if len(keep) == table.num_rows else table.take(pa.array(keep))


def survivors(table: pa.Table) -> I64:
    """Return the ascending positions of the rows to keep: each turn once, in its fullest record."""
    codes = _codes(table, "turn_id")
    times = np.bincount(codes)
    if not len(times) or times.max() == 1:
        return np.arange(table.num_rows)
    contested = np.flatnonzero(times[codes] > 1)
    groups = _owned(table.take(pa.array(contested)), codes[contested])
    order = np.argsort(groups, kind="stable")
    contested, groups = contested[order], groups[order]
    rows = table.take(pa.array(contested))
    first = np.flatnonzero(np.append(True, np.diff(groups) != 0))
    size = np.diff(np.append(first, len(groups)))
    champion = first.copy()
    known = fullness(rows)
    for turn in range(1, int(size.max())):
        playing = np.flatnonzero(size > turn)
        challenger = first[playing] + turn
        wins = _wins(rows, known, challenger, champion[playing])
        champion[playing[wins]] = challenger[wins]
    keep = times[codes] == 1
    keep[contested[champion]] = True
    return np.flatnonzero(keep)


def _owned(rows: pa.Table, codes: I64) -> I64:
    """Return a number for each turn of rows whose turn ids have these numbers, shape (n,)."""
    for name in ("user_id", "home_id"):
        if name in rows.column_names:
            others = _codes(rows, name)
            codes = np.unique(codes * (int(others.max()) + 1) + others, return_inverse=True)[1].ravel()
    return codes


def _codes(table: pa.Table, name: str) -> I64:
    """Return a number for each text of a column, shape (n,); a null has its own."""
    encoded = table.column(name).combine_chunks().dictionary_encode(null_encoding="encode")
    codes: I64 = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def fullness(table: pa.Table) -> I64:
    """Count the known fields of each row, shape (n,); members of a nested field count separately."""
    known = np.zeros(table.num_rows, np.int64)
    for name in table.column_names:
        if name != "propensity":
            known += _known(table.column(name).combine_chunks())
    return known


def _known(column: pa.Array) -> I64:
    import pyarrow.compute as pc

    if pa.types.is_struct(column.type):  # a member of a null is null
        return sum((_known(member) for member in column.flatten()), np.zeros(len(column), np.int64))
    if pa.types.is_list(column.type):
        there = pc.fill_null(pc.greater(pc.list_value_length(column), 0), False)
    else:
        there = pc.is_valid(column)
    known: I64 = there.to_numpy(zero_copy_only=False).astype(np.int64)
    return known


def _wins(rows: pa.Table, known: I64, challenger: I64, champion: I64) -> npt.NDArray[np.bool_]:
    """Tell whether each challenger's record is greater than the champion's."""
    wins = known[challenger] > known[champion]
    even = np.flatnonzero(known[challenger] == known[champion])
    left, right = rows.take(pa.array(challenger[even])), rows.take(pa.array(champion[even]))
    unlike = np.array(_unlike(left, right, 0), np.int64)
    if len(unlike):
        for position, one, other in zip(
            even[unlike],
            from_table(left.take(pa.array(unlike))),
            from_table(right.take(pa.array(unlike))),
            strict=True,
        ):
            wins[position] = to_json(one) > to_json(other)
    return wins


def _unlike(left: pa.Table, right: pa.Table, offset: int) -> list[int]:
    """Return the positions at which two tables of equal length differ, found by bisection."""
    if left.equals(right):
        return []
    if left.num_rows == 1:
        return [offset]
    half = left.num_rows // 2
    return _unlike(left.slice(0, half), right.slice(0, half), offset) + _unlike(
        left.slice(half), right.slice(half), offset + half
    )
