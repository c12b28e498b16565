"""Undo the effect of a taught word, and ask for its meaning, if the speaker says at once that it was wrong."""

from __future__ import annotations

from uptake.assistant.act_or_ask import take_back
from uptake.assistant.components import Components
from uptake.assistant.incoming import Incoming
from uptake.assistant.teaching.memory import concepts_of
from uptake.assistant.teaching.turns import objects_to_a_use, speaker
from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.lesson import Taught
from uptake.teaching.concepts.moments import asked_to_mend

__all__ = ["objected"]


def objected(turn: Incoming, text: str, components: Components) -> Taught | None:
    """Take back the deed of the taught word that was used last, and ask for its meaning; None where nobody objects.

    Args:
        turn: The turn.
        text: What was said.
        components: What the assistant is made of.
    """
    phrase = objects_to_a_use(text, turn, components.recorder)
    own = _own(turn, phrase, components) if phrase is not None else None
    asked = asked_to_mend(text, own) if own is not None else None
    if asked is None:
        return None
    taken = None if turn.dry_run else take_back(turn.request.user_id, components)
    speech = " ".join(filter(None, (taken, asked.speech)))
    return Taught(speech=speech, event=asked.event, lesson=asked.lesson)


def _own(turn: Incoming, phrase: str, components: Components) -> Concept | None:
    """Return what a word means to the speaker, who alone may mend it."""
    meanings = concepts_of(components.memory).lookup(speaker(turn), phrase)
    return next((one for one in meanings if one.user_id == turn.request.user_id and one.alias_of is None), None)
