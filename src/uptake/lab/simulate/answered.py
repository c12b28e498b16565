"""Represent an utterance and the assistant's result, so that it can be compared with the goal."""

from __future__ import annotations

from dataclasses import dataclass

from uptake.types import Decision, Interpretation, ResolvedEntity, Turn

__all__ = ["Answer", "Result", "Utterance", "same"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """Text that the assistant hears, with the rewrite decision."""

    text: str
    """Text as heard."""
    acted_on: str | None = None
    """The rewrite that is acted on; None for none."""
    must_confirm: bool = False
    """Whether it must be confirmed first."""
    others: tuple[tuple[str, str], ...] = ()
    """(text, identifier of the rewrite) of what is offered beside it."""

    @classmethod
    def of(cls, text: str, decision: Decision | None) -> Utterance:
        """Return a text with what was decided about it."""
        if decision is None:
            return cls(text)
        others = tuple((one.acted_on, one.rewrite_id) for one in decision.others)
        return cls(text, decision.acted_on, decision.must_confirm, others)


@dataclass(frozen=True, slots=True)
class Result:
    """Comparable result of a request: the change in the home and the memory, else the answer."""

    status: str | None
    """Status of the turn."""
    changed: str
    """Change of state, as JSON; "" where there is none."""
    meaning: str
    """Key of the reading."""
    speech: str
    """The answer."""
    reading: Interpretation | None = None
    """The reading as the log has it: resolved, with the name of its skill."""
    entities: tuple[ResolvedEntity, ...] = ()
    """Entities that its slots were resolved to."""
    action: str | None = None
    """Action, in the assistant's own terms."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Response of the assistant."""

    turn: Turn
    """The turn as the assistant recorded it."""
    question: str | None
    """Kind of question that is open: confirm, slot, choice; None where none is."""
    slot: str | None
    """The slot that is asked for."""
    asked_about: Interpretation | None
    """The reading that the question is about."""
    options: tuple[str, ...]
    """Choices, where it asks which is meant."""
    readings: tuple[Interpretation, ...]
    """Their readings, where they are whole requests."""
    result: Result
    """Outcome of the request."""
    sure: float | None = None
    """Confidence of the assistant in what it heard, in [0, 1]; None where it lives on what was said before."""
    said_yes: bool | None = None
    """What it took for the answer to "did you mean …?"; None where it had not asked, or took it for no answer."""

    @property
    def asks_whether(self) -> bool:
        """Whether it asks if a whole request was meant, or which of several."""
        return bool(self.readings) or (self.question == "confirm" and self.asked_about is not None)

    @property
    def asked(self) -> tuple[Interpretation, ...]:
        """Requests that it asks about: one, or several to choose from."""
        return self.readings or ((self.asked_about,) if self.asked_about is not None else ())


def same(result: Result, wanted: Result) -> bool:
    """Tell whether a result is what was wanted: the same change; where nothing changes, the same answer or reading."""
    if result.status != "ok" or wanted.status != "ok":
        return result.status == wanted.status and result.meaning == wanted.meaning and result.changed == wanted.changed
    if result.changed or wanted.changed:
        return result.changed == wanted.changed
    return result.meaning == wanted.meaning or result.speech == wanted.speech
