"""Store a routine that somebody agreed to as a concept, like one that was taught."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from uptake.assistant.execute import Undo
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.teaching.memory import concepts_of, keep
from uptake.assistant.teaching.running import Ran
from uptake.teaching.concepts.artifact import Scope, key_of
from uptake.teaching.concepts.events import DOMAIN, deeds_in, meaning_event, taught_by
from uptake.teaching.concepts.lesson import Lesson
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["name_for", "renamed", "store", "stored"]

_CALLED = regex(
    r"(?:(?:yes|yeah|yep|ok|okay|sure|please|but|and)[ ,]+)*(?:call|name) (?:it|that) (?P<name>(?!by\b).+?)"
    r"(?: instead)?(?: please)?"
)


def name_for(
    names: Sequence[str], deeds: Sequence[Interpretation], user_id: str, memory: Memory, taken: Sequence[str]
) -> str | None:
    """Return the first name under which some actions can be kept; None where they are kept already, or no name is left.

    Args:
        names: Names to choose from, the best first.
        deeds: The actions.
        user_id: Whose they are.
        memory: Where concepts are kept.
        taken: Names of things in the home.
    """
    known = concepts_of(memory).visible(user_id)
    wanted = {Interpretation(intent=one.intent, slots=one.slots).key for one in deeds}
    for rows in known.values():
        if any(wanted <= {Interpretation(intent=one.intent, slots=one.slots).key for one in row.deeds} for row in rows):
            return None
    used = {*known, *map(key_of, taken)}
    return next((name for name in names if key_of(name) not in used), None)


def stored(name: str, deeds: Sequence[Interpretation], *, for_home: bool = False) -> Interpretation:
    """Return the event that keeps some actions under a name, for one person or all at home, as teaching writes it."""
    scope: Scope = "household" if for_home else "person"
    plain = tuple(Interpretation(intent=one.intent, slots=one.slots) for one in deeds)
    return meaning_event("TeachStore", Lesson(stage="confirm", phrase=name, deeds=plain, scope=scope))


def renamed(text: str, reading: Interpretation, user_id: str, memory: Memory, taken: Sequence[str]) -> str | None:
    """Return the other name that an answer gives to what would be kept; None where it gives none that is free.

    Args:
        text: The answer.
        reading: The event that would keep it.
        user_id: Who answers.
        memory: Where concepts are kept.
        taken: Names of things in the home.
    """
    found = _CALLED.fullmatch(normalize(text))
    return name_for([found["name"]], deeds_in(reading), user_id, memory, taken) if found is not None else None


def store(reading: Interpretation, turn: Incoming, memory: Memory) -> Ran:
    """Keep what an event says as a concept of the person who agreed to it."""
    name = dict(reading.slots).get("concept", "")
    if not turn.dry_run:
        own = [row for row in concepts_of(memory).rows() if row.user_id == turn.request.user_id]
        at = turn.now.astimezone(UTC).isoformat()
        rows = taught_by(reading, turn.request.user_id, at, turn.turn_id, own)
        with memory.recording() as changes:
            keep(memory, turn.request.user_id, rows)
        undo = Undo(states={}, changes=tuple(changes))
        return Ran(speech=f'Kept. Say "{name}" to have it done.', action=f"{DOMAIN}.{reading.intent}", undo=undo)
    return Ran(speech=f'I would keep "{name}".')
