"""Interpret an edit of a concept or preference, in a person's own words, outside a conversation.

The words are interpreted as the first of a new conversation: they answer no open question, open none, and nothing is
done in the home. `Book` stores the result.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from uptake.assistant.act_or_ask import load_home
from uptake.assistant.context.situation import Origin, observe
from uptake.assistant.dialogue import Conversation
from uptake.assistant.hear import hear
from uptake.assistant.incoming import Incoming
from uptake.teaching.concepts.artifact import Concept, key_of
from uptake.teaching.concepts.events import taught_by
from uptake.teaching.concepts.saying import meaning
from uptake.teaching.preferences.artifact import Preference
from uptake.teaching.preferences.events import preferences_in
from uptake.types import Interpretation, Request, Turn

if TYPE_CHECKING:
    from uptake.assistant.loop import Agent

__all__ = ["Edit", "understood_concept", "understood_preferences"]

T = TypeVar("T", Concept, Preference)


class Edit(NamedTuple, Generic[T]):
    """Result of interpreting an edit."""

    rows: tuple[T, ...]
    """What is to be kept; empty where the words teach nothing."""
    speech: str
    """What the assistant says to it."""


def understood_concept(agent: Agent, user_id: str, concept: str, definition: str) -> Edit[Concept]:
    """Understand what a person wants some words to mean.

    Args:
        agent: The assistant, whose home is spoken of.
        user_id: The person.
        concept: The words.
        definition: What they are to mean, such as "lounge lamp at 40 percent".
    """
    reading, speech = _heard(agent, user_id, f"when I say {concept}, {definition}")
    stored = replace(reading, intent="TeachStore") if reading and reading.intent == "TeachDefinition" else None
    rows = tuple(taught_by(stored, user_id, "", "")) if stored else ()
    if [row.key for row in rows] != [key_of(concept)]:
        return Edit((), speech)
    return Edit(rows, f"{rows[0].phrase}: {meaning(rows[0])}")


def understood_preferences(agent: Agent, user_id: str, statement: str) -> Edit[Preference]:
    """Understand what a person wants to be known of them.

    Args:
        agent: The assistant.
        user_id: The person.
        statement: What they would say, such as "I'm vegetarian".
    """
    reading, speech = _heard(agent, user_id, statement)
    turn = Turn(turn_id="-", user_id=user_id, said_at=agent.components.home.now(), request="", interpretation=reading)
    return Edit(preferences_in(turn), speech)


def _heard(agent: Agent, user_id: str, text: str) -> tuple[Interpretation | None, str]:
    """Return the teaching event of a text, and what the assistant says to it; None where it teaches nothing."""
    components = agent.components
    said = hear(text, language=agent.language)
    nothing = None, "That teaches nothing that this assistant understands."
    if agent.teaching is None or said.refusal:
        return nothing
    origin, home, memory = Origin(), components.home, components.memory
    with memory.alone() as changed:
        if changed:
            load_home(components)
        turn = Incoming(
            turn_id=uuid.uuid4().hex,
            request=Request(text=text, user_id=user_id),
            origin=origin,
            now=home.now(),
            conversation=Conversation(session_id=uuid.uuid4().hex),
            situation=observe(origin, home, memory, user_id, recent=(), skills=components.skills),
            dry_run=True,
        )
        handled = agent.teaching.hear(turn, said.text, components).handled
    if handled is None or handled.resolved is None:
        return nothing
    return handled.resolved.hypothesis.interpretation, handled.acted.effect.speech
