"""Convert turns to rows of Arrow and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from uptake.errors import BadRecord
from uptake.log.schema import SCHEMA, from_micros, to_micros
from uptake.types import Context, Interpretation, Offered, ResolvedEntity, Transcript, Truth, Turn

__all__ = ["from_table", "to_table"]

_BATCH_ROWS = 8192


def to_table(turns: Iterable[Turn]) -> pa.Table:
    """Return turns as a table in `SCHEMA`, in their order.

    Raises:
        BadRecord: A field of a turn is not of its type.
    """
    rows = list(turns)
    try:
        return pa.Table.from_arrays([_column(field, rows) for field in SCHEMA], schema=SCHEMA)
    except (pa.ArrowException, UnicodeEncodeError, TypeError, AttributeError):
        raise BadRecord("a field of a turn is not of its type or not valid Unicode") from None


def _column(field: pa.Field, turns: Sequence[Turn]) -> pa.Array:
    name = field.name
    values: list[Any]
    if name == "said_at":
        values = [to_micros(turn.said_at) for turn in turns]
    elif name.startswith("truth_"):
        inner = name.removeprefix("truth_")
        values = [None if turn.truth is None else getattr(turn.truth, inner) for turn in turns]
    else:
        values = [getattr(turn, name) for turn in turns]
    if to_row := _TO_ROW.get(name):
        values = [to_row(value) if value else None for value in values]
    return pa.array(values, field.type)


def _reading_row(reading: Interpretation) -> dict[str, Any]:
    return {
        "intent": reading.intent,
        "domain": reading.domain,
        "slots": [{"name": name, "value": value} for name, value in reading.slots],
        "confidence": reading.confidence,
    }


def _entity_row(entity: ResolvedEntity) -> dict[str, Any]:
    candidates = [{"value": value, "score": score} for value, score in entity.candidates]
    return {"slot": entity.slot, "value": entity.value, "score": entity.score, "candidates": candidates}


def _context_row(context: Context) -> dict[str, Any] | None:
    known = {name: value for name in context.__slots__ if (value := getattr(context, name)) is not None}
    return known or None


_TO_ROW: dict[str, Callable[[Any], Any]] = {
    "alternatives": lambda every: [{"text": one.text, "score": one.score} for one in every],
    "interpretation": _reading_row,
    "truth_interpretation": _reading_row,
    "runners_up": lambda every: [_reading_row(one) for one in every],
    "entities": lambda every: [_entity_row(one) for one in every],
    "context": _context_row,
    "offer": lambda made: {"offer_id": made.offer_id, "said": made.said, "propensity": made.propensity},
}


def from_table(table: pa.Table) -> Iterator[Turn]:
    """Yield the turns of a table with columns of `SCHEMA`, in its order; other columns are ignored.

    Raises:
        BadRecord: A row is not a turn; `line` counts rows from 1.
    """
    seen = 0
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        columns = {
            field.name: _values(batch.column(field.name), field.name)
            for field in SCHEMA
            if field.name in batch.schema.names and batch.column(field.name).null_count < batch.num_rows
        }
        truths = [name for name in columns if name.startswith("truth_")]
        for values in zip(*columns.values(), strict=True):
            seen += 1
            row = dict(zip(columns, values, strict=True))
            truth = {name.removeprefix("truth_"): value for name in truths if (value := row.pop(name)) is not None}
            try:
                yield Turn(
                    truth=Truth(**truth) if truth else None,
                    **{name: value for name, value in row.items() if value is not None},
                )
            except BadRecord as refused:
                raise refused.at(line=seen) from None


def _values(column: pa.Array, name: str) -> list[Any]:
    values = column.to_pylist()
    if from_row := _FROM_ROW.get(name):
        return [None if value is None else from_row(value) for value in values]
    return values  # type: ignore[no-any-return]


def _reading_of(row: dict[str, Any]) -> Interpretation:
    pairs = tuple((slot["name"], slot["value"]) for slot in row["slots"] or ())
    return Interpretation(intent=row["intent"], domain=row["domain"], slots=pairs, confidence=row["confidence"])


def _entity_of(row: dict[str, Any]) -> ResolvedEntity:
    candidates = tuple((one["value"], one["score"]) for one in row["candidates"] or ())
    return ResolvedEntity(slot=row["slot"], value=row["value"], score=row["score"], candidates=candidates)


_FROM_ROW: dict[str, Callable[[Any], Any]] = {
    "said_at": from_micros,
    "alternatives": lambda row: tuple(Transcript(**one) for one in row),
    "interpretation": _reading_of,
    "truth_interpretation": _reading_of,
    "runners_up": lambda row: tuple(_reading_of(one) for one in row),
    "entities": lambda row: tuple(_entity_of(one) for one in row),
    "context": lambda row: Context(**row),
    "offer": lambda row: Offered(**row),
}
