"""Requests that live on what was said before: answers, corrections, follow-ups, cancel, undo, repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from uptake.agent.dialogue.conversation import Conversation
from uptake.agent.entities.resolver import Resolver
from uptake.agent.hypotheses import Hypothesis
from uptake.types import Interpretation, Situation

__all__ = ["Move", "MoveKind", "Understands", "find_move"]

MoveKind = Literal["yes", "no", "fill", "choose", "correct", "follow", "cancel", "undo", "repeat"]


class Understands(Protocol):
    """What reads a whole request (`uptake.agent.understand.Understanding`)."""

    def read(self, text: str, situation: Situation) -> Sequence[Hypothesis]:
        """Readings, best first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a request does to the conversation."""

    kind: MoveKind
    """The kind of move."""
    interpretation: Interpretation | None = None
    """What is to be done now; it still has to be resolved. None where nothing is."""
    undo_last: bool = False
    """Whether what was done last is to be undone first."""
    rest: str | None = None
    """Words that are a request of their own: "yes, and turn off the light"."""
    reason: str
    """Why, in a few words without anybody's words."""


def find_move(
    text: str,
    conversation: Conversation,
    situation: Situation,
    *,
    understanding: Understands,
    resolver: Resolver,
) -> Move | None:
    """What a request does to the conversation; None where it stands on its own.

    Args:
        text: The request.
        conversation: The conversation as it stands now (`Conversation.at`).
        situation: Where and when.
        understanding: Reads whole requests, to tell a new one from an answer.
        resolver: Knows the names of the home.
    """
    return None
