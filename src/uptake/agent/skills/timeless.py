"""What skills share that never speak unasked and act on no device."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from uptake.agent.home.model import Home
from uptake.agent.memory import Memory
from uptake.agent.skills.skill import Announcement
from uptake.types import Situation

__all__ = ["Timeless"]


class Timeless:
    """A skill for which nothing ever falls due."""

    domains: ClassVar[frozenset[str]] = frozenset()

    def due(self, _home: Home, _memory: Memory, _situation: Situation) -> Iterable[Announcement]:
        """Nothing."""
        return ()
