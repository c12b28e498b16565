"""Find the words that a text must have for a regular expression to match it at all.

Words are runs of ASCII letters, lower-cased. An expression is walked as Python parses it, along all of its ways at
once, with what has been spelt of a word on each. The first word that ends on each way is one of a set of words, of
which the text must have one. What is not understood, such as any letter or a group that is said again, ends no word
that is known.

Necessary conditions only, and for ASCII texts only: an expression matches nothing that they rule out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

__all__ = ["Needs", "Words", "needs"]

_MOST_WORDS, _MOST_ROUNDS = 1_000, 3
_FEW_LETTERS = 6  # alternatives of one letter
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_CODES = frozenset(code for code in range(128) if chr(code).lower() in _LETTERS)
_REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})
_NO_LETTERS = frozenset({sre.CATEGORY_DIGIT, sre.CATEGORY_SPACE, sre.CATEGORY_NOT_WORD})
_EDGES = frozenset({sre.AT_BOUNDARY, sre.AT_BEGINNING, sre.AT_BEGINNING_STRING, sre.AT_END, sre.AT_END_STRING})
_END = (sre.AT, sre.AT_END)

Words = frozenset[str]
"""Runs of letters."""
_Items = Iterable[tuple[Any, Any]]
_UNKNOWN = "?"
_NO_WORDS: Words = frozenset()
_FRESH: Words = frozenset({""})
_ANYTHING: Words = frozenset({_UNKNOWN})
_UNFINISHED = frozenset({"", _UNKNOWN})


class Needs(NamedTuple):
    """What a text must say."""

    first: Words | None
    """Words of which its first one must be; None where that is not known."""
    some: Words | None
    """Words of which it must have one; None where none is known."""


class _At(NamedTuple):
    """Place in an expression. What is spelt is "" where a word may begin, and `_UNKNOWN` where it may be anything."""

    spelt: Words
    """What is spelt of a word, on all ways here."""
    waiting: Words
    """The same on those ways on which no word has ended; empty where there are none."""
    ended: Words | None
    """Words that ended first on the others; None where that may be any."""


def needs(expression: str, flags: int = 0, *, searched: bool = True, whole: bool = False) -> Needs:
    """Return what an expression requires.

    >>> found = needs(r"\\b(?:turn|switch) (?:it|them) o(?:n|ff)\\b")
    >>> sorted(found.some)
    ['switch', 'turn']
    >>> sorted(needs("(?:please |just )?(?:turn|switch) .*", searched=False).first)
    ['just', 'please', 'switch', 'turn']

    Args:
        expression: The expression.
        flags: Its flags.
        searched: Whether it is searched for, and not matched from the beginning of the text.
        whole: Whether it must match all of the text.
    """
    if flags & (re.VERBOSE | re.LOCALE):
        return Needs(None, None)
    parsed, begin = list(parser.parse(expression, flags)), _ANYTHING if searched else _FRESH
    clauses: list[Words] = []
    end = _required(parsed, _At(begin, begin, _NO_WORDS), clauses)
    if whole:
        _required([_END], end, clauses)
    first = None
    if not searched:
        end = _walk([*parsed, *([_END] if whole else [])], _At(_FRESH, _FRESH, _NO_WORDS), strict=True)
        first = None if end.waiting else end.ended
    return Needs(first, min(clauses, key=_worth, default=None))


def _worth(clause: Words) -> tuple[int, int, str]:
    """Return a sort key: first the clause that rules out most, of few words, and those long."""
    return len(clause), -min(map(len, clause)), min(clause)


def _required(items: _Items, at: _At, clauses: list[Words]) -> _At:
    """Return the place after items that all stand in a match, and add the clauses that they require."""
    for kind, what in _runs(items):
        if kind is sre.SUBPATTERN:
            at = _required(what[-1], at, clauses)
            continue
        at = _after(kind, what, at, strict=False)
        if not at.waiting:
            clauses += [at.ended] if at.ended else []
            at = _At(at.spelt, at.spelt, _NO_WORDS)
        elif at.spelt == _FRESH:  # what follows requires no less alone
            at = _At(_FRESH, _FRESH, _NO_WORDS)
    return at


def _walk(items: _Items, at: _At, *, strict: bool) -> _At:
    """Return the place after some items of an expression.

    Args:
        items: As Python parses them.
        at: The place before them.
        strict: Whether a word of which nothing is known may have been the first.
    """
    for kind, what in _runs(items):
        at = _after(kind, what, at, strict=strict)
    return at


def _runs(items: _Items) -> Iterator[tuple[Any, Any]]:
    """Yield the items, letters that follow one another as one text."""
    letters = ""
    for item in items:
        if item[0] is sre.LITERAL and item[1] in _CODES:
            letters += chr(item[1]).lower()
            continue
        if letters:
            yield sre.LITERAL, letters
            letters = ""
        yield item
    if letters:
        yield sre.LITERAL, letters


def _after(kind: Any, what: Any, at: _At, *, strict: bool) -> _At:
    if kind is sre.LITERAL:
        if isinstance(what, str):
            return _with(at, (what,))
        return _at_end(at) if what < 128 else _lost(at, strict=strict)
    if kind is sre.IN:
        return _of_class(what, at, strict=strict)
    if kind is sre.BRANCH:
        return _either([_walk(branch, at, strict=strict) for branch in what[1]], strict=strict)
    if kind is sre.SUBPATTERN or kind is sre.ATOMIC_GROUP:
        return _walk(what[-1] if kind is sre.SUBPATTERN else what, at, strict=strict)
    if kind in _REPEATS:
        return _repeated(*what, at, strict=strict)
    if kind is sre.AT:
        return _at_end(at) if what in _EDGES else at
    if kind is sre.ASSERT:
        return _at_end(at) if what[0] > 0 and _is_no_letter(list(what[1])) else at
    return at if kind is sre.ASSERT_NOT else _lost(at, strict=strict)


def _of_class(members: Sequence[tuple[Any, Any]], at: _At, *, strict: bool) -> _At:
    """Return the place after one sign of several."""
    if _has_no_letter(members):
        return _at_end(at)
    letters = [chr(what).lower() for kind, what in members if kind is sre.LITERAL]
    if len(letters) == len(members) <= _FEW_LETTERS and _LETTERS.issuperset(letters):
        return _bounded(_with(at, letters), strict=strict)
    return _lost(at, strict=strict)


def _has_no_letter(members: Sequence[tuple[Any, Any]]) -> bool:
    """Tell whether a class of signs holds no letter."""
    if members[0][0] is sre.NEGATE:
        return any(what is sre.CATEGORY_WORD for _, what in members[1:])
    for kind, what in members:
        if kind is sre.LITERAL:
            has_letter = what > 127 or what in _CODES
        elif kind is sre.RANGE:
            has_letter = what[1] > 127 or not _CODES.isdisjoint(range(what[0], what[1] + 1))
        else:
            has_letter = what not in _NO_LETTERS
        if has_letter:
            return False
    return True


def _is_no_letter(items: Sequence[tuple[Any, Any]]) -> bool:
    """Tell whether what follows begins with no letter, or is the end."""
    if not items:
        return False
    kind, what = items[0]
    if kind is sre.LITERAL:
        return what < 128 and what not in _CODES
    if kind is sre.IN:
        return _has_no_letter(what)
    if kind is sre.AT:
        return what in _EDGES
    if kind is sre.BRANCH:
        return all(_is_no_letter(list(branch)) for branch in what[1])
    if kind is sre.SUBPATTERN:
        return _is_no_letter(list(what[-1]))
    return kind in _REPEATS and what[0] > 0 and _is_no_letter(list(what[2]))


def _repeated(least: int, most: Any, items: _Items, at: _At, *, strict: bool) -> _At:
    """Return the place after something that is said several times, or left out."""
    items, most = list(items), int(most)
    at = _walk(items, at, strict=strict) if least else at
    for _ in range(min(most, _MOST_ROUNDS + 1) - bool(least)):
        further = _either([_walk(items, at, strict=strict), at], strict=strict)
        if further == at:
            return at
        at = further
    return at if most <= _MOST_ROUNDS else _lost(at, strict=strict)


def _either(ways: Sequence[_At], *, strict: bool) -> _At:
    """Return the place after one of several ways."""
    known = [way.ended for way in ways if way.ended is not None]
    ended = _NO_WORDS.union(*known) if len(known) == len(ways) else None
    spelt, waiting = (_NO_WORDS.union(*some) for some in ([way.spelt for way in ways], [way.waiting for way in ways]))
    return _bounded(_At(spelt, waiting, ended), strict=strict)


def _with(at: _At, ends: Sequence[str]) -> _At:
    """Return the place after one of some texts without a space."""
    spelt = _more(at.spelt, ends)
    return _At(spelt, spelt if at.waiting is at.spelt else _more(at.waiting, ends), at.ended)


def _more(spelt: Words, ends: Sequence[str]) -> Words:
    if not spelt or spelt is _ANYTHING:
        return spelt
    return frozenset([word if word == _UNKNOWN else word + end for word in spelt for end in ends])


def _at_end(at: _At) -> _At:
    """Return the place after the end of a word, or before the beginning of one."""
    if at.waiting is _FRESH or not at.waiting:
        return _At(_FRESH, at.waiting, at.ended)
    ended = None if at.ended is None else at.ended | (at.waiting - _UNFINISHED)
    return _At(_FRESH, _NO_WORDS if at.waiting.isdisjoint(_UNFINISHED) else _FRESH, ended)


def _lost(at: _At, *, strict: bool) -> _At:
    """Return the place after what may be anything."""
    if strict:
        return _At(_ANYTHING, _NO_WORDS, None if at.waiting else at.ended)
    return _At(_ANYTHING, _ANYTHING if at.waiting else _NO_WORDS, at.ended)


def _bounded(at: _At, *, strict: bool) -> _At:
    """Return a place, as unknown where too much may be spelt there."""
    if len(at.spelt) > _MOST_WORDS or len(at.ended or ()) > _MOST_WORDS:
        return _At(_ANYTHING, _NO_WORDS if strict else _ANYTHING, None)
    return at
