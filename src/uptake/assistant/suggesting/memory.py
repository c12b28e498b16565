"""Store each person's settings and answers for offers in their memory."""

from __future__ import annotations

from uptake.assistant.memory import Memory, of_user
from uptake.errors import BadRecord
from uptake.proactive.offers.standing import Standing

__all__ = ["keep_standing", "standing_of"]

_KEY = "suggestions"


def standing_of(memory: Memory, user_id: str) -> Standing:
    """Return where a person stands with offers; one that opted in to nothing where it cannot be read."""
    kept = memory.get(of_user(user_id), _KEY)
    if kept is None:
        return Standing()
    try:
        return Standing.from_json(kept)
    except BadRecord:
        return Standing()


def keep_standing(memory: Memory, user_id: str, standing: Standing) -> None:
    """Keep where a person stands."""
    memory.set(of_user(user_id), _KEY, standing.to_json() if standing != Standing() else None)
