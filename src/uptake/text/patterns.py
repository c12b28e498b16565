"""Regular expressions that are compiled when they are first needed.

A process that answers one request needs few of the hundreds that modules define, and compiling all of them takes a
sixth of its time. What an expression requires is found without compiling it (`uptake.text.literals`); until a pattern
was asked often, only a text that has this makes it compile.
"""

from __future__ import annotations

import re
from typing import Any, cast

from uptake.text.literals import Clause, required

__all__ = ["Caseless", "compile_all", "needs", "regex"]

_GUARDED = ("search", "match", "fullmatch")
_LEAST_TRIES, _SPREAD = 8, 31
"""Texts that are ruled out before an expression is compiled: not as many for all, so that no request waits for all."""


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns, but compiled when it is first needed; an error in it shows there.

    The `re` of a match is the compiled pattern, and not what this returns.

    >>> word = regex("[a-z]+", re.IGNORECASE)
    >>> word.findall("Turn it off")
    ['Turn', 'it', 'off']
    """
    pattern = _Pattern(expression, flags)
    _waiting.append(pattern)
    return cast("re.Pattern[str]", pattern)


def needs(pattern: re.Pattern[str]) -> tuple[Clause, ...]:
    """Return clauses that every ASCII text must fulfil that a pattern matches; see `uptake.text.literals`.

    >>> needs(regex("(?:please )?(?:turn|switch) it"))
    ((' it',), ('turn', 'switch'))
    """
    lazy: Any = pattern
    return lazy._needs() if isinstance(lazy, _Pattern) else required(pattern.pattern, pattern.flags)


class Caseless:
    """Pattern for letters of either case; in ASCII a match is lower-cased, at the same place.

    Letters of one case are compared three times as fast as with `re.IGNORECASE`.

    >>> Caseless("(?:please )?turn").match("Please TURN it off")[0]
    'please turn'

    Args:
        expression: The regular expression, in lower case.
    """

    __slots__ = ("_lower", "_other")

    def __init__(self, expression: str) -> None:
        self._lower, self._other = regex(expression), regex(expression, re.IGNORECASE)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        return self._lower.match(text.lower()) if text.isascii() else self._other.match(text)

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        """Return the first match in a text from a position on."""
        return self._lower.search(text.lower(), at) if text.isascii() else self._other.search(text, at)


def compile_all() -> None:
    """Compile what was defined so far (a third of a second): worth it where a process stays, so that nobody waits."""
    while _waiting:
        _waiting.pop()._compile()


class _Pattern:
    """Stands for a compiled pattern, and keeps its methods once it is compiled."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern, self._flags = expression, flags
        self._compiled: re.Pattern[str] | None = None
        self._required: tuple[Clause, ...] | None = None
        self._tries = _LEAST_TRIES + len(expression) % _SPREAD

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compile(), name)
        setattr(self, name, found)
        return found

    def _compile(self) -> re.Pattern[str]:
        """Compile it, if that was not done before."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
            self.__dict__ |= {name: getattr(self._compiled, name) for name in _GUARDED}
        return self._compiled

    def search(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the first match in a text."""
        return None if self._rules_out(text) else self._compile().search(text, *limits)

    def match(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        return None if self._rules_out(text) else self._compile().match(text, *limits)

    def fullmatch(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the match with the whole of a text."""
        return None if self._rules_out(text) else self._compile().fullmatch(text, *limits)

    def _rules_out(self, text: str) -> bool:
        """Tell whether a text lacks what the pattern requires; asked a few times, then it is time to compile it."""
        self._tries -= 1
        if self._tries < 0 or not text.isascii():
            return False
        said = text.lower()
        return any(not any(piece in said for piece in clause) for clause in self._needs())

    def _needs(self) -> tuple[Clause, ...]:
        """Return what a text must have, found once."""
        if self._required is None:
            self._required = required(self.pattern, self._flags)
        return self._required


_waiting: list[_Pattern] = []
"""Patterns that `compile_all` has not compiled."""
