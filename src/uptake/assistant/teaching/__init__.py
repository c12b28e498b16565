"""Stage of the loop in which people teach concepts and preferences."""

from __future__ import annotations

from uptake.assistant.teaching.running import still_known
from uptake.assistant.teaching.stage import Teaching
from uptake.assistant.teaching.turns import STRANGER, TeachingTurn, is_taught

__all__ = ["STRANGER", "Teaching", "TeachingTurn", "is_taught", "still_known"]
