"""Wire format: bodies of requests and answers, as the OpenAPI document describes them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from uptake.config import nearest
from uptake.errors import BadRecord
from uptake.types import Decision

__all__ = [
    "Acknowledged",
    "Alternative",
    "Ask",
    "Due",
    "Block",
    "Body",
    "Changed",
    "Echo",
    "Evidence",
    "Feedback",
    "Forget",
    "ForgetTaught",
    "Forgotten",
    "Pin",
    "Rewrite",
    "Rewritten",
    "Rollback",
    "StartExperiment",
    "StopExperiment",
    "SwitchOffers",
    "Taught",
    "decode",
    "evidence_of",
]

T = TypeVar("T")
Name = Annotated[str, Meta(min_length=1, max_length=500)]
Text = Annotated[str, Meta(max_length=10_000)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}  # one a shape


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Common settings of all request bodies."""


class Alternative(Body):
    """Alternative of a speech recogniser."""

    text: Text
    score: float | None = None


class Rewrite(Body):
    """Request for a rewrite decision."""

    text: Text
    """Text as heard or typed."""
    user_id: Name
    """Pseudonym of the person."""
    home_id: Name | None = None
    """Pseudonym of the home."""
    alternatives: Annotated[list[Alternative], Meta(max_length=100)] = []
    """The recogniser's n-best list, best first."""
    confidence: Share | None = None
    """How sure the assistant is of its own reading; 0 where it has none."""
    device_type: Name | None = None
    """Kind of the device, for example "speaker"."""
    room: Name | None = None
    """Room in which the request was heard."""


class Evidence(msgspec.Struct, kw_only=True):
    """Evidence for a rewrite, in counts."""

    users: int
    sessions: int
    success_before: float
    success_after: float


class Echo(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Fields to send back unchanged when the turn is observed."""

    acted_on: str | None = None
    rewrite_id: str | None = None
    artifact_version: str | None = None
    arm: str | None = None
    propensity: float = 1.0

    def fields(self) -> dict[str, Any]:
        """Return the fields that are known, to be put into the turn."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


class Rewritten(msgspec.Struct, kw_only=True):
    """Decision: the text to act on, and the reason."""

    action: Literal["leave", "rewrite", "ask"]
    """Act on the request as heard; act on `text` instead; or ask "did you mean …?" with `text` first."""
    text: str
    """Text to act on, or to ask about; the request as heard where it is left alone."""
    reason: str
    """One sentence, in counts, without anybody's words."""
    echo: Echo
    """To be sent back with the turn. Where a person was asked and agreed, `acted_on` is `text`."""
    step: str | None = None
    """Step that decided."""
    layer: Literal["personal", "global", "pin"] | None = None
    """Source of the decision: the person's own evidence, everybody's, or a pin."""
    evidence: Evidence | None = None
    """The counts behind it."""


class Feedback(Body):
    """Later feedback on a turn."""

    turn_id: Name
    answer: bool | None = None
    """The person's yes or no to "did I get that right?"."""
    undone: bool | None = None
    """Whether the person undid it soon after."""
    barge_in_ms: Annotated[float, Meta(ge=0.0)] | None = None
    """How far into the answer the person cut in, in milliseconds."""
    status: Literal["ok", "failed", "unsupported", "cancelled"] | None = None
    """How the action ended."""


class Ask(Body):
    """Request to the assistant."""

    text: Text
    user_id: Name
    home_id: Name | None = None
    room: Name | None = None
    dry_run: bool = False
    """Whether only to say what would be done."""


class Due(Body):
    """Question for what is to be said to a person now, though nobody asked."""

    user_id: Name
    room: Name | None = None


class Acknowledged(msgspec.Struct, kw_only=True):
    """Turns that are durable now."""

    acknowledged: list[str]
    """Their identifiers, in the order they came."""
    refused: list[dict[str, Any]] = []
    """Lines that were passed over with `on_error=skip`: line, field, problem."""


class Block(Body):
    """Request, or identifier of a rewrite, that must never be rewritten."""

    what: Text
    user_id: Name | None = None
    undo: bool = False


class Pin(Body):
    """Rewrite decided by a person; also approves a proposed rewrite."""

    request: Text
    rewrite: Text | None = None
    user_id: Name | None = None
    undo: bool = False


class Changed(msgspec.Struct, kw_only=True):
    """Effect of a decision."""

    changed: bool


class Forget(Body):
    """Person to forget."""

    user_id: Name


class ForgetTaught(Body):
    """Concept or preference (by its type) of a person, to forget."""

    user_id: Name
    concept: Text | None = None
    type: Name | None = None
    value: Text | None = None


class SwitchOffers(Body):
    """Suggestions to switch on or off for a person."""

    user_id: Name
    on: bool
    kind: Name = "all"
    """Kind of offers, for example "latent_goals"."""
    offer: Name | None = None
    """One offer that is never to be made to them again, in the place of a kind."""


class Taught(Body):
    """Concepts or preferences of one person, with the fields that `uptake concepts export` writes."""

    user_id: Name
    rows: list[dict[str, Any]]


class Forgotten(msgspec.Struct, kw_only=True):
    """Result of forgetting a person: what was removed."""

    turns: int
    """Turns that were removed from the log."""


class StartExperiment(Body):
    """Experiment to start."""

    name: Name
    arms: dict[str, Share] = {}
    """Name -> share; half and half between control and treatment where empty."""
    without: list[str] = msgspec.field(default_factory=lambda: ["control"])
    """Arms without rewrites."""
    holdout: Share | None = None
    """Share of people in no experiment; as before, else 0.05."""


class StopExperiment(Body):
    """Experiment to stop."""

    reason: Annotated[str, Meta(max_length=200)] = "by hand"


class Rollback(Body):
    """Version to serve again."""

    kind: Name = "rewrites"
    version: Name | None = None
    """None for the parent of what is served."""


def decode(shape: type[T], data: bytes) -> T:
    """Read a body.

    Raises:
        BadRecord: It is no JSON, or not of that shape; the error names the field and quotes nobody.
    """
    try:
        found: T = _decoder(shape).decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explained(error, shape) from None
    return found


def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    known = _DECODERS.get(shape)
    if known is None:
        known = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return known


def _explained(error: Exception, shape: Any) -> BadRecord:
    if not isinstance(error, msgspec.ValidationError):
        return BadRecord("is not valid JSON in UTF-8; expected one object")
    problem, _, path = str(error).partition(" - at `$")
    inside = path.rstrip("`").lstrip(".")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", problem, re.DOTALL):
        known = list(getattr(shape, "__struct_fields__", ()))
        return BadRecord(f"has an unknown field{nearest(unknown[1][:100], known)}", field=inside or None)
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", problem):
        return BadRecord("is required but missing", field=f"{inside}.{missing[1]}" if inside else missing[1])
    if problem.startswith("Invalid enum value"):
        return BadRecord("is not one of the known values", field=inside or None)
    return BadRecord(f"is wrong: {problem.replace('`', '').replace('Expected', 'expected')}", field=inside or None)


def evidence_of(decision: Decision) -> Evidence | None:
    """Return the counts behind a decision, in wire format."""
    found = decision.evidence
    if found is None:
        return None
    return Evidence(
        users=found.users,
        sessions=found.sessions,
        success_before=found.success_before,
        success_after=found.success_after,
    )
