"""Convert a turn to JSON and back; to a row of Arrow, see `uptake.log.rows`.

In JSON the keys are the field names of `Turn`; unknown fields are left out. `said_at` is ISO 8601 with an offset, or a
whole number since 1970 (`uptake.log.schema.EPOCHS`). `interpretation.slots` is an object of name and value, or of name
and list of values if a name recurs (a list of pairs if the order requires it). A record may have `"schema": 1`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, overload

import msgspec

from uptake.config import nearest
from uptake.errors import BadRecord
from uptake.log.rows import from_table, to_table
from uptake.log.schema import SCHEMA, SCHEMA_VERSION, moment
from uptake.types import Context, Interpretation, Offered, ResolvedEntity, Transcript, Truth, Turn

__all__ = [
    "SCHEMA",
    "SCHEMA_VERSION",
    "check_version",
    "checked_json",
    "from_fields",
    "from_json",
    "from_table",
    "json_schema",
    "to_fields",
    "to_json",
    "to_table",
]


class _Record(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Common settings of all parts of a JSON record."""


class _Transcript(_Record):
    text: str
    score: float | None = None


_Slots = dict[str, str | list[str]] | list[tuple[str, str]]


class _Interpretation(_Record):
    intent: str
    domain: str | None = None
    slots: _Slots | None = None
    confidence: float | None = None


class _Entity(_Record):
    slot: str
    value: str
    score: float | None = None
    candidates: list[tuple[str, float]] | None = None


class _Context(_Record):
    device_type: str | None = None
    device_state: str | None = None
    room: str | None = None
    local_time: str | None = None
    activity: str | None = None
    place: str | None = None


class _Offer(_Record):
    offer_id: str
    said: bool = True
    propensity: float = 1.0


class _Truth(_Record):
    request: str | None = None
    interpretation: _Interpretation | None = None
    defect: bool | None = None
    goal_success: bool | None = None
    failure_point: str | None = None
    defect_as_heard: bool | None = None


class _Turn(_Record, kw_only=True):
    schema: int = SCHEMA_VERSION
    turn_id: str
    user_id: str
    said_at: str | int
    request: str
    home_id: str | None = None
    device_id: str | None = None
    session_id: str | None = None
    language: str | None = None
    wake_score: float | None = None
    alternatives: list[_Transcript] | None = None
    spoken_ms: float | None = None
    acted_on: str | None = None
    rewrite_id: str | None = None
    artifact_version: str | None = None
    arm: str | None = None
    propensity: float | None = None
    interpretation: _Interpretation | None = None
    runners_up: list[_Interpretation] | None = None
    entities: list[_Entity] | None = None
    action: str | None = None
    status: str | None = None
    response: str | None = None
    response_ms: float | None = None
    context: _Context | None = None
    offer: _Offer | None = None
    barge_in_ms: float | None = None
    answer: bool | None = None
    undone: bool | None = None
    truth: _Truth | None = None


class _Version(msgspec.Struct):
    schema: int = SCHEMA_VERSION


_decode = msgspec.json.Decoder(_Turn).decode
_decode_version = msgspec.json.Decoder(_Version).decode
_encode = msgspec.json.Encoder().encode

_PLAIN = (
    "home_id device_id session_id language wake_score spoken_ms acted_on rewrite_id artifact_version arm "
    "action status response response_ms barge_in_ms answer undone"
).split()
_SHAPES: dict[str, type[msgspec.Struct]] = {
    "alternatives": _Transcript,
    "interpretation": _Interpretation,
    "runners_up": _Interpretation,
    "entities": _Entity,
    "context": _Context,
    "offer": _Offer,
    "truth": _Truth,
}


def from_json(data: bytes | str, *, timezone: tzinfo | None = None) -> Turn:
    """Read a turn from one JSON object.

    Args:
        data: The object, in UTF-8.
        timezone: Time zone of a `said_at` without one; if None, such a record is refused.

    Raises:
        BadRecord: It is not JSON, or not a turn; the error names the field.
    """
    try:
        record = _decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explain(error, data) from None
    return _turn(record, timezone)


def from_fields(fields: dict[str, Any], *, timezone: tzinfo | None = None) -> Turn:
    """Read a turn from decoded JSON.

    Raises:
        BadRecord: It is not a turn; the error names the field.
    """
    try:
        record = msgspec.convert(fields, _Turn)
    except msgspec.ValidationError as error:
        raise _explain(error, b"{}") from None
    return _turn(record, timezone)


def _turn(record: _Turn, timezone: tzinfo | None) -> Turn:
    check_version(record.schema)
    return Turn(
        turn_id=record.turn_id,
        user_id=record.user_id,
        said_at=moment(record.said_at, timezone),
        request=record.request,
        propensity=1.0 if record.propensity is None else record.propensity,
        alternatives=tuple([Transcript(text=one.text, score=one.score) for one in record.alternatives or ()]),
        interpretation=_reading(record.interpretation),
        runners_up=tuple([_reading(one) for one in record.runners_up or ()]),
        entities=tuple([_entity(one) for one in record.entities or ()]),
        context=_NOWHERE if record.context is None else Context(**msgspec.structs.asdict(record.context)),
        offer=None if record.offer is None else Offered(**msgspec.structs.asdict(record.offer)),
        truth=_truth(record.truth),
        **{name: value for name in _PLAIN if (value := getattr(record, name)) is not None},
    )


def check_version(version: int | None) -> None:
    """Raise for a record or a file that a later version of this package wrote.

    Raises:
        BadRecord: The version cannot be read.
    """
    if version is not None and not 1 <= version <= SCHEMA_VERSION:
        raise BadRecord(
            f"is {version}, but this version of uptake reads schema {SCHEMA_VERSION}; upgrade uptake", field="schema"
        )


_NOWHERE = Context()


@overload
def _reading(record: None) -> None: ...
@overload
def _reading(record: _Interpretation) -> Interpretation: ...
def _reading(record: _Interpretation | None) -> Interpretation | None:
    if record is None:
        return None
    return Interpretation(
        intent=record.intent, domain=record.domain, slots=_pairs(record.slots), confidence=record.confidence
    )


def _pairs(slots: _Slots | None) -> tuple[tuple[str, str], ...]:
    if not slots:
        return ()
    if isinstance(slots, list):
        return tuple(slots)
    pairs: list[tuple[str, str]] = []
    for name, value in slots.items():
        if isinstance(value, str):
            pairs.append((name, value))
        else:
            pairs.extend((name, one) for one in value)
    return tuple(pairs)


def _entity(record: _Entity) -> ResolvedEntity:
    return ResolvedEntity(
        slot=record.slot, value=record.value, score=record.score, candidates=tuple(record.candidates or ())
    )


def _truth(record: _Truth | None) -> Truth | None:
    if record is None:
        return None
    return Truth(
        request=record.request,
        interpretation=_reading(record.interpretation),
        defect=record.defect,
        goal_success=record.goal_success,
        failure_point=record.failure_point,
        defect_as_heard=record.defect_as_heard,
    )


def _explain(error: Exception, data: bytes | str) -> BadRecord:
    """Explain, without the user's words, why a record could not be decoded."""
    if isinstance(error, UnicodeError):
        return BadRecord("is not valid UTF-8; write the file as UTF-8")
    if not isinstance(error, msgspec.ValidationError):
        reason = str(error).removeprefix("JSON is malformed: ")
        return BadRecord(f"is not valid JSON ({reason}); expected one object per line")
    try:
        check_version(_decode_version(data).schema)
    except BadRecord as refused:
        return refused
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    problem, _, path = str(error).partition(" - at `$")
    inside = path.rstrip("`").lstrip(".")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", problem, re.DOTALL):
        return _unknown_field(unknown[1], inside)
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", problem):
        return BadRecord("is required but missing", field=_dotted(inside, missing[1]))
    problem = problem.replace("Expected", "expected").replace("`", "")
    return BadRecord(f"has the wrong type: {problem}", field=inside or None)


def _unknown_field(name: str, inside: str) -> BadRecord:
    owner = re.split(r"[.\[]", inside.replace("truth.interpretation", "interpretation"))[0]
    shape = _SHAPES.get(owner, _Turn)
    name = name if len(name) <= 100 else name[:100] + "…"
    return BadRecord(
        f"is not a field of a turn{nearest(name, list(shape.__struct_fields__))}", field=_dotted(inside, name)
    )


def _dotted(inside: str, name: str) -> str:
    return f"{inside}.{name}" if inside else name


def to_json(turn: Turn) -> bytes:
    """Write a turn as one JSON object without a line break; equal turns give equal bytes.

    Raises:
        BadRecord: A field holds something that is not of its type.
    """
    try:
        return _encode(_record(turn))
    except (UnicodeEncodeError, TypeError, AttributeError, msgspec.MsgspecError):
        raise BadRecord("cannot be written as UTF-8 JSON: a field is not of its type or not valid Unicode") from None


def to_fields(turn: Turn) -> dict[str, Any]:
    """Return the output of `to_json` as plain Python values."""
    fields: dict[str, Any] = msgspec.to_builtins(_record(turn))
    return fields


def checked_json(turn: Turn) -> bytes:
    """Return `to_json`, after checking that `from_json` can read it again.

    Raises:
        BadRecord: A field holds something that is not of its type.
    """
    data = to_json(turn)
    try:
        _decode(data)
    except msgspec.DecodeError as error:
        raise _explain(error, data) from None
    return data


def json_schema(ref_template: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the JSON schema of a turn and of its parts, by name.

    Args:
        ref_template: Template of a reference to a part, with {name} in it.
    """
    (turn,), parts = msgspec.json.schema_components([_Turn], ref_template=ref_template)
    return turn, parts


def _record(turn: Turn) -> _Turn:
    said_at: Any = turn.said_at  # encoded as ISO 8601 with Z
    return _Turn(
        turn_id=turn.turn_id,
        user_id=turn.user_id,
        said_at=said_at,
        request=turn.request,
        propensity=None if turn.propensity == 1.0 else turn.propensity,
        alternatives=[_Transcript(text=one.text, score=one.score) for one in turn.alternatives] or None,
        interpretation=_read(turn.interpretation),
        runners_up=[one for runner_up in turn.runners_up if (one := _read(runner_up))] or None,
        entities=[
            _Entity(slot=one.slot, value=one.value, score=one.score, candidates=list(one.candidates) or None)
            for one in turn.entities
        ]
        or None,
        context=None if turn.context == _NOWHERE else _Context(**_known(turn.context)),
        offer=None if turn.offer is None else _Offer(**_known(turn.offer)),
        truth=None if turn.truth is None else _Truth(**_known(turn.truth)),
        **{name: value for name in _PLAIN if (value := getattr(turn, name)) is not None},
    )


def _read(reading: Interpretation | None) -> _Interpretation | None:
    if reading is None:
        return None
    return _Interpretation(
        intent=reading.intent,
        domain=reading.domain,
        slots=_grouped(reading.slots),
        confidence=reading.confidence,
    )


def _grouped(pairs: Sequence[tuple[str, str]]) -> _Slots | None:
    """Return an object of name and value, or the pairs themselves if an object would lose their order."""
    if not pairs:
        return None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    slots: dict[str, str | list[str]] = {name: of if len(of) > 1 else of[0] for name, of in values.items()}
    return slots if _pairs(slots) == tuple(pairs) else list(pairs)


def _known(part: Context | Offered | Truth) -> dict[str, Any]:
    """Return the known fields of a part."""
    found = {name: getattr(part, name) for name in part.__slots__}
    if isinstance(part, Truth):
        found["interpretation"] = _read(part.interpretation)
    return {name: value for name, value in found.items() if value is not None}
