"""Make the turns of teaching dialogues, in which the interpretation records the teaching event."""

from __future__ import annotations

from dataclasses import dataclass

from uptake.assistant.act_or_ask import Acted
from uptake.assistant.dialogue import Pending
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.read import Readings
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.reply import Handled
from uptake.assistant.resolve import Resolved
from uptake.assistant.skills.skill import Effect
from uptake.assistant.teaching.memory import concepts_of
from uptake.assistant.teaching.running import Ran
from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.events import DOMAIN
from uptake.teaching.concepts.moments import objects
from uptake.types import Interpretation, Status

__all__ = ["STRANGER", "TeachingTurn", "handled", "is_taught", "objects_to_a_use", "speaker", "waiting"]

_RAN = ("TeachUse", "TeachStore")
_MORE = 2  # words beside those that were taught: "okay, we're off everyone"

STRANGER = "unknown"
"""User of a request whose speaker the host does not know: shares what the household shares, and can teach nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingTurn:
    """Result of the stage for a request."""

    turn: Incoming
    """The turn, without the teaching dialogue that is over."""
    text: str
    """The request to go on with."""
    handled: Handled | None = None
    """The whole turn, where teaching was all it was about."""
    rest: str | None = None
    """A further request to be answered after this turn; None where there is none."""
    parts: tuple[str, ...] = ()
    """The requests that it is made of, where some of them use what was taught."""


def speaker(turn: Incoming) -> str | None:
    """Return who speaks; None for a voice nobody knows."""
    return None if turn.request.user_id == STRANGER else turn.request.user_id


def is_taught(turn: Incoming, text: str, memory: Memory) -> bool:
    """Tell whether a request is what somebody was taught to say, with hardly a word more."""
    said, known = f" {key_of(text)} ", concepts_of(memory).visible(speaker(turn))
    return any(f" {key} " in said and len(said.split()) <= len(key.split()) + _MORE for key in known)


def objects_to_a_use(text: str, turn: Incoming, recorder: Recorder) -> str | None:
    """Return the concept that was just used where its speaker objects: "no, that was wrong"; else None."""
    last = recorder.last(turn.request.user_id) if turn.conversation.exchanges and objects(text) else None
    reading = last.interpretation if last is not None else None
    if last is None or reading is None or reading.domain != DOMAIN or reading.intent not in _RAN or not last.entities:
        return None
    return dict(reading.slots).get("concept")


def waiting(slots: tuple[tuple[str, str], ...], question: str, turn: Incoming) -> Pending:
    """Return a question that waits for its answer in a teaching dialogue."""
    reading = Interpretation(intent="AnswerLesson", domain=DOMAIN, slots=slots)
    return Pending(kind="teach", interpretation=reading, question=question, turn_id=turn.turn_id, asked_at=turn.now)


def handled(
    text: str,
    reading: Interpretation,
    speech: str,
    *,
    status: Status = "ok",
    pending: Pending | None = None,
    ran: Ran | None = None,
) -> Handled:
    """Return a turn whose reading is a teaching event."""
    ran = ran or Ran()
    effect = Effect(speech=speech, status=status, action=ran.action or f"{reading.domain}.{reading.intent}")
    hypothesis = Hypothesis(interpretation=reading, reader="teaching")
    resolution = Resolution(interpretation=reading, entities=ran.entities)
    return Handled(
        readings=Readings(text=text, hypotheses=(hypothesis,)),
        acted=Acted(effect=effect, pending=pending),
        resolved=Resolved(hypothesis=hypothesis, resolution=resolution),
    )
