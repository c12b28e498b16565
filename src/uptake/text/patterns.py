"""Regular expressions that are compiled when they are first used.

A process that answers one request needs few of the hundreds that modules define, and compiling all of them takes a
tenth of its time.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["regex"]


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns, but compiled at its first use; an error in it shows there.

    The `re` of a match is the compiled pattern, and not what this returns.

    >>> word = regex("[a-z]+", re.IGNORECASE)
    >>> word.findall("Turn it off")
    ['Turn', 'it', 'off']
    """
    return cast("re.Pattern[str]", _Pattern(expression, flags))


class _Pattern:
    """Stands for a compiled pattern, and keeps its methods once they were asked for."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern, self._flags = expression, flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        self._compiled = self._compiled or re.compile(self.pattern, self._flags)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found
