"""Make offers after a goal that was reached, and handle people's answers to them."""

from __future__ import annotations

from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.assistant.suggesting.stage import Suggesting

__all__ = ["Suggesting", "keep_standing", "standing_of"]
