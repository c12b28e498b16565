"""Offer what may be welcome, after a goal that went well, and deal with what people say to it."""

from __future__ import annotations

from uptake.assistant.suggesting.memory import keep_standing, standing_of
from uptake.assistant.suggesting.stage import Suggesting

__all__ = ["Suggesting", "keep_standing", "standing_of"]
