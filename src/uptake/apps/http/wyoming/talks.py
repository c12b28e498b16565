"""Track the state of each voice device: the session, the last turn, and an open question.

Home Assistant begins a new conversation with each wake word, so a session is found by time: a request soon after
another, at the same device, belongs to it.
"""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from uptake.types import Turn

__all__ = ["Talk", "Talks"]

_GAP_S = 120.0
_ANSWER_S = 30.0
_MOST = 1_000


@dataclass(slots=True)
class Talk:
    """Session at one device."""

    session_id: str
    at: float
    """When the last request came, in seconds of a clock of its own."""
    heard_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it came, on the clock of this machine."""
    asked: Turn | None = None
    """The turn whose question waits for a yes or no."""
    last: Turn | None = None
    """The last turn that did something."""

    def question(self) -> Turn | None:
        """Take the open question; None where there is none, or it was asked too long ago."""
        asked, self.asked = self.asked, None
        return asked if asked is not None and time.monotonic() - self.at <= _ANSWER_S else None

    def rewritten(self) -> Turn | None:
        """Last turn, if it was rewritten, is recent, and nobody has reacted to it yet."""
        last = self.last
        fresh = last is not None and last.acted_on is not None and last.answer is None
        return last if fresh and time.monotonic() - self.at <= _ANSWER_S else None


class Talks:
    """Sessions by device."""

    def __init__(self) -> None:
        self._talks: OrderedDict[str, Talk] = OrderedDict()

    def at(self, user_id: str, session_id: str | None) -> Talk:
        """Return the session that a request belongs to.

        Args:
            user_id: Pseudonym of the device, or of the speaker.
            session_id: The client's name of the conversation; used as the name of a new session.
        """
        now, talk = time.monotonic(), self._talks.pop(user_id, None)
        if talk is None or now - talk.at > _GAP_S:
            talk = Talk(session_id or uuid.uuid4().hex, now)
        self._talks[user_id] = talk
        if len(self._talks) > _MOST:
            self._talks.popitem(last=False)
        return talk

    @staticmethod
    def heard(talk: Talk) -> None:
        """Take note that a request came."""
        talk.at, talk.heard_at = time.monotonic(), datetime.now(UTC)
