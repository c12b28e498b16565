"""Teach: the stage of the loop in which people say what words mean and what they like."""

from __future__ import annotations

from uptake.assistant.teaching.stage import STRANGER, Teaching, TeachingTurn

__all__ = ["STRANGER", "Teaching", "TeachingTurn"]
