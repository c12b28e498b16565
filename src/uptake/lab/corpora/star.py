"""STAR: people type to an assistant that a hidden wizard plays, and then answer questions about how it went.

A turn is what the user typed and all that the assistant did and said until they typed again. What it did is written
as `uptake.feedback` reads actions: the queries it made and the labels of the answers it picked. Times are seconds
since the dialogue began, on a fixed day. What tells where a goal begins (`goal_starts`: the wizard selected a task)
and what the user was told to do are no part of a turn.

Source: Mosig, Mehri and Kober, "STAR: A Schema-Guided Dialog Dataset for Transfer Learning" (arXiv:2010.11853).
Limit: `goal_success` is the user's answer to the first question they were asked, and which question that was differs
between tasks: "Did the assistant reserve your hotel?", or only "Did the assistant stay calm and helpful?".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from uptake.errors import BadRecord
from uptake.lab.corpora import fields
from uptake.types import Truth, Turn

__all__ = ["Star"]

_DIALOGUE = frozenset({"dialogue_id", "user", "user_questionnaire", "tasks", "events"})
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Exchange:
    """Message of the user and the assistant's actions after it."""

    request: str
    at_s: float
    selected: bool = False
    """Whether the wizard selected a task in it."""
    actions: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Star:
    """Dialogues of the STAR collection."""

    name: ClassVar[str] = "star"
    folder: ClassVar[str] = "star"
    kinds: ClassVar[Mapping[str, frozenset[str]]] = {"dialogue": _DIALOGUE}

    def turns(self, record: Mapping[str, Any]) -> Iterator[Turn]:
        """Yield the turns of one dialogue, in order.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        dialogue, success = _name(record), _first_answer(record)
        for at, one in enumerate(_exchanges(record)):
            yield Turn(
                turn_id=f"{dialogue}/{at}",
                user_id=fields.text(record, "user"),
                session_id=dialogue,
                said_at=_BEGIN + timedelta(seconds=one.at_s),
                language="en",
                request=one.request,
                action=";".join(f"{name}()" for name in one.actions) or None,
                response=" ".join(one.said) or None,
                truth=Truth(goal_success=success),
            )

    def goal_starts(self, record: Mapping[str, Any]) -> tuple[bool, ...]:
        """Return for every turn, whether a goal begins with it: the first, and where the wizard then selected a task.

        Raises:
            BadRecord: A field is missing or of the wrong type.
        """
        return tuple(at == 0 or one.selected for at, one in enumerate(_exchanges(record)))


def _name(record: Mapping[str, Any]) -> str:
    return f"star-{int(fields.number(record, 'dialogue_id'))}"


def _first_answer(record: Mapping[str, Any]) -> bool | None:
    answers = fields.items(record, "user_questionnaire")
    if not answers:
        return None
    try:
        _, answer = answers[0]
    except (TypeError, ValueError) as error:
        raise BadRecord("must be a list of [question, answer]", field="user_questionnaire") from error
    return answer if isinstance(answer, bool) else None


def _exchanges(record: Mapping[str, Any]) -> list[_Exchange]:
    found: list[_Exchange] = []
    now = 0.0
    for at, event in enumerate(fields.items(record, "events")):
        within = f"events[{at}]"
        if not isinstance(event, Mapping):
            raise BadRecord("must be an object", field=within)
        agent, action = fields.text(event, "agent", within=within), fields.text(event, "action", within=within)
        if event.get("t") is not None:
            now = max(now, fields.number(event, "t", within=within))
        if (agent, action) == ("User", "utter"):
            found.append(_Exchange(fields.text(event, "text", within=within), now))
        elif agent == "Wizard" and found:
            _done(found[-1], event, action, within)
    return found


def _done(now: _Exchange, event: Mapping[str, Any], action: str, within: str) -> None:
    """Add what the assistant did to an exchange."""
    if action == "select_task":
        now.selected = True
    elif action == "query":
        now.actions.append(f"query.{fields.text(event, 'api', within=within)}")
    elif said := fields.text_or_none(event, "text", within=within):
        now.said.append(said)
        now.actions.append(fields.text_or_none(event, "label", within=within) or "say")
