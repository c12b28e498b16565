"""Write results of teaching as events, which the log keeps as interpretations of its turns; read them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from uptake.teaching.concepts.artifact import Concept, Concepts, Scope, slot_type_of
from uptake.teaching.concepts.lesson import Lesson
from uptake.types import Interpretation, Turn

__all__ = ["DOMAIN", "deeds_in", "event", "fold", "meaning_event", "taught_by"]

DOMAIN = "teaching"
"""Domain of the interpretations that are teaching events."""

_ACCEPTED = ("proactive", "AcceptOffer")
"""A yes to keep a routine that was offered: it stores a concept, too, where its slots hold one."""


def event(intent: str, phrase: str = "", **slots: str) -> Interpretation:
    """Return a teaching event."""
    named = (("concept", phrase),) if phrase else ()
    return Interpretation(intent=intent, domain=DOMAIN, slots=(*named, *slots.items()), confidence=1.0)


def meaning_event(intent: str, lesson: Lesson) -> Interpretation:
    """Return the event that defines or stores what a lesson has come to."""
    slots: list[tuple[str, str]] = [("concept", lesson.phrase)]
    slots += [("action", _written(deed)) for deed in lesson.deeds]
    if lesson.alias_of is not None:
        slots.append(("alias_of", lesson.alias_of))
    kind = lesson.slot_type if lesson.alias_of else slot_type_of(lesson.deeds)
    slots += [("type", kind), ("scope", lesson.scope), *(("use", key) for key in lesson.uses)]
    return Interpretation(intent=intent, domain=DOMAIN, slots=tuple(slots), confidence=1.0)


def _written(deed: Interpretation) -> str:
    return json.dumps([deed.intent, [list(pair) for pair in deed.slots]], ensure_ascii=False)


def deeds_in(reading: Interpretation) -> tuple[Interpretation, ...]:
    """Return the actions of an event; those that cannot be read are left out."""
    found = []
    for slot, value in reading.slots:
        if slot == "action":
            try:
                intent, slots = json.loads(value)
                found.append(Interpretation(intent=intent, slots=tuple((str(a), str(b)) for a, b in slots)))
            except (ValueError, TypeError):
                continue
    return tuple(found)


def taught_by(
    reading: Interpretation, user_id: str, at: str, turn_id: str, before: Sequence[Concept] = ()
) -> list[Concept]:
    """Return the rows that a teaching event makes: none for one that changes nothing.

    Args:
        reading: The event.
        user_id: Who said it.
        at: When, ISO 8601 in UTC.
        turn_id: The turn.
        before: The person's concepts before, for a change of name.
    """
    slots = dict(reading.slots)
    phrase = slots.get("concept", "")
    accepted = (reading.domain, reading.intent) == _ACCEPTED
    if (reading.domain != DOMAIN and not accepted) or not phrase:
        return []
    gone = Concept(phrase=phrase, user_id=user_id, at=at, turn_id=turn_id, gone=True)
    if reading.intent == "TeachRename":
        old = next((one for one in before if one.key == gone.key and not one.gone), None)
        renamed = old is not None and bool(slots.get("to"))
        return [gone, replace(old, phrase=slots["to"], at=at, turn_id=turn_id)] if old and renamed else [gone]
    deeds, alias = deeds_in(reading), slots.get("alias_of")
    if (reading.intent != "TeachStore" and not accepted) or bool(deeds) == bool(alias):
        return [gone] if reading.intent == "TeachForget" else []
    scope: Scope = "household" if slots.get("scope") == "household" else "person"
    return [
        Concept(
            phrase=phrase,
            user_id=user_id,
            deeds=deeds,
            alias_of=alias,
            slot_type=slots.get("type", "scene"),  # type: ignore[arg-type]
            scope=scope,
            uses=tuple(value for slot, value in reading.slots if slot == "use"),
            at=at,
            turn_id=turn_id,
        )
    ]


def fold(turns: Iterable[Turn]) -> Concepts:
    """Return what the teaching events of some turns come to, whatever their order; what was undone counts for nothing.

    >>> len(fold([]))
    0
    """
    events = [
        turn
        for turn in turns
        if turn.interpretation is not None and turn.interpretation.domain in (DOMAIN, _ACCEPTED[0]) and not turn.undone
    ]
    rows: dict[tuple[str, str], Concept] = {}
    for turn in sorted(events, key=lambda one: (one.said_at, one.turn_id)):
        if turn.interpretation is not None:
            at = turn.said_at.astimezone(UTC).isoformat()
            own = [row for (user, _), row in rows.items() if user == turn.user_id]
            for row in taught_by(turn.interpretation, turn.user_id, at, turn.turn_id, own):
                rows[row.user_id, row.key] = row
    return Concepts.of(row for row in rows.values() if not row.gone)
