"""Pages."""

from __future__ import annotations

__all__ = ["console_of"]


def console_of(service):
    """None yet."""
    return ()
