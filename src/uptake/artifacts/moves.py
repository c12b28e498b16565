"""The counts behind rewrites: what people said next, as a table of moves between texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uptake.errors import BadRecord

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["canonical", "following"]


def canonical(moves: pa.Table | None) -> pa.Table | None:
    """Moves in one order, with the columns and types every reader may count on."""
    if moves is None:
        return None
    import pyarrow as pa

    schema = pa.schema({"source": pa.string(), "target": pa.string(), "users": pa.int64(), "moves": pa.int64()})
    if set(schema.names) - set(moves.column_names):
        raise BadRecord(f"moves need the columns {', '.join(schema.names)}", field="moves")
    narrow = moves.select(schema.names).cast(schema).combine_chunks()
    return narrow.sort_by([("source", "ascending"), ("target", "ascending")]).replace_schema_metadata(None)


def following(graph: pa.Table, request: str, steps: int) -> pa.Table:
    """The moves that start at a request, or at most `steps` - 1 moves after it."""
    import pyarrow as pa
    from pyarrow import compute

    near = pa.array([request], type=pa.string())
    for _ in range(steps):
        taken = compute.is_in(graph.column("source"), value_set=near)
        reached = graph.filter(taken)
        near = pa.concat_arrays([near, reached.column("target").combine_chunks()]).unique()
    return reached
