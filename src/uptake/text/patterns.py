"""Regular expressions that are compiled when they are first needed, and that look at no text without their words.

A process that answers one request needs few of the hundreds that modules define, and compiling all of them takes a
sixth of its time. What an expression requires is found without compiling it (`uptake.text.literals`); until a pattern
was asked often, only a text that has this makes it compile.

A process that stays asks hundreds of expressions about each request, and nearly all of them match nothing. Which words
a text must have is found once for each that is asked often (`uptake.text.needs`), and the words of a text once for all
of them: a text without the words is not looked through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, cast
from weakref import WeakSet

from uptake.text.literals import Clause, required
from uptake.text.needs import Words, needs

__all__ = ["prepare", "regex"]

_LEAST_TRIES, _SPREAD = 8, 31
"""Texts that are ruled out before an expression is compiled: not as many for all, so that no request waits for all."""
_OFTEN, _SPREAD_OFTEN = 48, 101
"""Uses of a pattern before its words are found; again not as many for all."""
_SIMPLE = 100
"""Characters of an expression that is matched at the beginning as fast as its words are looked up."""
_LONGEST, _TEXTS = 2_000, 256
_ONE_WORD = re.compile(r"[a-z]+")


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns, but compiled when it is first needed; an error in it shows there.

    The `re` of a match is the compiled pattern, and not what this returns.

    >>> word = regex("[a-z]+", re.IGNORECASE)
    >>> word.findall("Turn it off")
    ['Turn', 'it', 'off']
    """
    return cast("re.Pattern[str]", _Pattern(expression, flags))


def prepare() -> None:
    """Have every pattern that is defined by now find its words when it is asked next: this process stays."""
    for pattern in _defined:
        pattern.is_often = True


@lru_cache(maxsize=_TEXTS)
def _said(text: str) -> tuple[str, Words] | None:
    """Return the first word and the words of a text, lower-cased; None where they do not tell what it may match."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    found = _ONE_WORD.findall(text.lower())
    return (found[0] if found else ""), frozenset(found)


class _Pattern:
    """Stands for a compiled pattern, and keeps its methods once it was asked often."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern, self._flags = expression, flags
        self._compiled: re.Pattern[str] | None = None
        self._required: tuple[Clause, ...] | None = None
        self._tries = _LEAST_TRIES + len(expression) % _SPREAD
        self._uses = _OFTEN + len(expression) % _SPREAD_OFTEN
        self.is_often = False
        _defined.add(self)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compile(), name)
        setattr(self, name, found)
        return found

    def _compile(self) -> re.Pattern[str]:
        """Compile it, if that was not done before."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        return self._compiled

    def search(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the first match in a text."""
        return None if self._rules_out(text) else self._often("search")(text, *limits)

    def match(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the match at the beginning of a text."""
        return None if self._rules_out(text) else self._often("match")(text, *limits)

    def fullmatch(self, text: str, *limits: int) -> re.Match[str] | None:
        """Return the match with the whole of a text."""
        return None if self._rules_out(text) else self._often("fullmatch")(text, *limits)

    def finditer(self, text: str, *limits: int) -> Iterator[re.Match[str]]:
        """Return the matches in a text."""
        return cast("Iterator[re.Match[str]]", self._often("finditer")(text, *limits))

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Return a text with its matches replaced."""
        return cast("str", self._often("sub")(new, text, count))

    def _rules_out(self, text: str) -> bool:
        """Tell whether a text lacks what the pattern requires; asked a few times, then it is time to compile it."""
        self._tries -= 1
        if self._tries < 0 or not text.isascii():
            return False
        if self._required is None:
            self._required = required(self.pattern, self._flags)
        said = text.lower()
        return any(not any(piece in said for piece in clause) for clause in self._required)

    def _often(self, name: str) -> Callable[..., Any]:
        """Return a method of the compiled pattern; once it was asked often, as it is kept from then on."""
        method = getattr(self._compile(), name)
        self._uses -= 1
        if self.is_often or self._uses < 0:
            method = self.__dict__[name] = self._kept(name, method)
        return cast("Callable[..., Any]", method)

    def _kept(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        searched, whole = name not in ("match", "fullmatch"), name == "fullmatch"
        if not searched and len(self.pattern) < _SIMPLE:
            return method
        needed = needs(self.pattern, self._flags, searched=searched, whole=whole)
        if needed.first is not None:
            return _beginning(method, needed.first)
        if needed.some is None:
            return method
        return _replacing(method, needed.some) if name == "sub" else _having(method, needed.some, name)


_defined: WeakSet[_Pattern] = WeakSet()


def _beginning(method: Callable[..., Any], first: Words) -> Callable[..., Any]:
    """Return a method for texts that begin with one of some words; no other text is matched."""

    def match(text: str, *limits: int) -> re.Match[str] | None:
        said = _said(text)
        if said is None or limits or said[0] in first:
            return cast("re.Match[str] | None", method(text, *limits))
        return None

    return match


def _having(method: Callable[..., Any], some: Words, name: str) -> Callable[..., Any]:
    """Return a method for texts that have one of some words; no other text is looked through."""
    most = 1 if name in ("search", "finditer") else 0  # limits: what stands before a beginning still tells words apart
    nothing: tuple[()] | None = () if name == "finditer" else None

    def look(text: str, *limits: int) -> Any:
        said = _said(text)
        if said is None or len(limits) > most or not some.isdisjoint(said[1]):
            return method(text, *limits)
        return nothing if nothing is None else iter(nothing)

    return look


def _replacing(method: Callable[..., Any], some: Words) -> Callable[..., Any]:
    """Return a method that replaces in texts that have one of some words; every other text stays."""

    def sub(new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        said = _said(text)
        return text if said is not None and some.isdisjoint(said[1]) else cast("str", method(new, text, count))

    return sub
