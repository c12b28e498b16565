"""Hear reactions and speak announcements in another language than English."""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.components import Components, Speaks
from uptake.assistant.hear import CleanedRequest
from uptake.assistant.incoming import Incoming
from uptake.assistant.skills.skill import Announcement, Effect

__all__ = ["REACTION", "THANKED", "THANKS", "in_english", "spoken"]

REACTION = "a reaction, in another language than English"
"""Reason of a request that was put into the dialogue's English words."""
THANKS = "thank you"
"""Reaction that only asks for an answer."""
THANKED = Effect(speech="You're welcome.", action="dialogue.thanks")
"""The answer."""


def in_english(heard: CleanedRequest, turn: Incoming, speaks: Speaks) -> CleanedRequest:
    """Return a reaction such as "ja" in the dialogue's English words; a request as it is."""
    said = speaks.reaction(heard.text, asked=turn.conversation.pending is not None)
    return heard if said is None else heard._replace(text=said, reason=REACTION)


def spoken(announcement: Announcement, components: Components, done: str = "") -> Announcement:
    """Return an announcement in the language that the assistant speaks, with the answer to what was `done` for it."""
    speech = announcement.speech if components.speaks is None else components.speaks.announce(announcement.speech)
    return replace(announcement, speech=f"{speech} {done}".strip())
