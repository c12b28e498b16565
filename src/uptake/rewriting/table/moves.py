"""Store the counts behind rewrites: what people said next, as a table of moves between texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from uptake.errors import ArtifactRefused, BadRecord, MissingExtra

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["AGAIN", "BROKEN", "Moves", "canonical", "following", "read_moves", "write_moves"]

Moves: TypeAlias = "pa.Table"
"""Columns source, target, users, moves."""
AGAIN = "make it again with `uptake learn`, or serve another version with `uptake artifacts rollback`"
"""Advice for a file of a rewrite table that cannot be read."""
BROKEN = f"broken or cut short; {AGAIN}"
"""Message for a file of a rewrite table that cannot be read."""


def canonical(moves: Moves | None) -> Moves | None:
    """Return moves in one order, with the columns and types every reader may count on."""
    if moves is None:
        return None
    import pyarrow as pa

    schema = pa.schema({"source": pa.string(), "target": pa.string(), "users": pa.int64(), "moves": pa.int64()})
    if set(schema.names) - set(moves.column_names):
        raise BadRecord(f"moves need the columns {', '.join(schema.names)}", field="moves")
    narrow = moves.select(schema.names).cast(schema).combine_chunks()
    return narrow.sort_by([("source", "ascending"), ("target", "ascending")]).replace_schema_metadata(None)


def following(graph: Moves, request: str, steps: int) -> Moves:
    """Return the moves that start at a request, or at most `steps` - 1 moves after it."""
    import pyarrow as pa
    from pyarrow import compute

    near = pa.array([request], type=pa.string())
    for _ in range(steps):
        taken = compute.is_in(graph.column("source"), value_set=near)
        reached = graph.filter(taken)
        near = pa.concat_arrays([near, reached.column("target").combine_chunks()]).unique()
    return reached


def read_moves(path: Path) -> Moves | None:
    """Read the moves of a table from its Parquet file.

    Raises:
        ArtifactRefused: The file is broken.
        MissingExtra: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtra("moves are kept in Parquet: install uptake[learn] to read them") from error
    try:
        return canonical(parquet.read_table(path))
    except (pa.ArrowException, OSError, BadRecord) as error:
        raise ArtifactRefused(f"{path}: {BROKEN}") from error


def write_moves(moves: Moves, path: Path) -> None:
    """Write moves as Parquet."""
    from pyarrow import parquet

    parquet.write_table(moves, path, compression="zstd")
