"""Reminders that wait for something to happen, as far as the home can sense it. Nothing is learned here."""

from __future__ import annotations

from uptake.proactive.reminders.events import Asked, Event, Thing, read_reminder

__all__ = ["Asked", "Event", "Thing", "read_reminder"]
