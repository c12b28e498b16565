"""Find what sentence templates can say without trying them: their words, and the pieces of text they require.

Necessary conditions only: a template matches nothing that its shape rules out. `prefilter` asks all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hassil.expression import Expression
    from hassil.intents import SlotList

__all__ = ["ANY_DIGITS", "ANY_NUMBER", "Shape", "Shaper", "tokens", "worth"]

_RUN = re.compile(r"[^\W\d_]+|\d+")
_ASCII_RUN = re.compile(r"[a-z]+|[0-9]+")
_MOST = 400  # alternatives of a clause; a longer one is not worth its time
_DEEP = 24
ANY_DIGITS, ANY_NUMBER = "0", "#"
"""Stand in a set of words for any digits and for any number word."""


@lru_cache(maxsize=256)  # several readers ask for the same request
def tokens(text: str) -> tuple[str, ...]:
    """Split into runs of letters and runs of digits, case-folded.

    >>> tokens("Set it to 50%, John's")
    ('set', 'it', 'to', '50', 'john', 's')
    """
    return tuple(_ASCII_RUN.findall(text.lower()) if text.isascii() else _RUN.findall(_folded(text)))


def _folded(text: str) -> str:
    """Fold the case of a text; the Turkish letters i with and without a dot are one, as they are to the matcher."""
    return text.lower() if text.isascii() else text.replace("İ", "i").replace("\u0131", "i").casefold()


@dataclass(frozen=True, slots=True)
class Shape:
    """Words and pieces of text of a grammar expression."""

    whole: frozenset[str] = frozenset()
    """Words that stand wholly inside."""
    left: frozenset[str] = frozenset()
    """Runs that begin where the expression does and end inside."""
    right: frozenset[str] = frozenset()
    """Runs that begin inside and end where it does."""
    through: frozenset[str] = frozenset({""})
    """Runs that it can be as a whole; "" where it can be empty."""
    open: bool = False
    """Whether it takes any words."""
    clauses: tuple[frozenset[str], ...] = ()
    """Sets of pieces of text: one of each set must occur."""
    first: frozenset[str] | None = frozenset()
    """Runs with which it may begin, or the beginnings of such runs; None where that may be any."""
    last: frozenset[str] | None = frozenset()
    """Runs with which it may end, or the ends of such runs."""
    mute: bool = False
    """Whether it may say no run at all."""

    def words(self) -> frozenset[str]:
        """Return every word that it can say, when it stands alone."""
        return (self.whole | self.left | self.right | self.through) - {""}


_EMPTY = Shape(mute=True)
_NONE: frozenset[str] = frozenset()
_NOT_SAID = frozenset({""})
_ANYTHING = Shape(open=True, first=None, last=None, mute=True)
_MARK = re.compile(r"[\[\](){}<>|;\\]")
_OPENING, _CLOSING, _SPLITS = frozenset("[({<"), frozenset("])}>"), frozenset("|;")


class Shaper:
    """Finder of shapes that remembers every part: templates share most of theirs.

    Args:
        rules: The grammar's expansion rules, as written.
        lists: Its slot lists; one that is missing is a range of numbers.
        numbers: Words that numbers are said with; empty where they are not known.
    """

    def __init__(
        self, *, rules: Mapping[str, str], lists: Mapping[str, SlotList], numbers: frozenset[str] = frozenset()
    ) -> None:
        self._rules, self._lists, self._numbers = rules, lists, numbers
        self._known: dict[tuple[str, frozenset[str] | None], Shape] = {}
        self._nameless: dict[str, Shape] = {}
        self._left_out: dict[str, Shape] = {}
        self._domains: frozenset[str] | None = None
        self._names = False  # whether the part being read holds a name, whose shape depends on the domains

    def shape(self, template: str, *, domains: frozenset[str] | None = None) -> Shape:
        """Return the shape of a template in hassil's syntax.

        Args:
            template: The template.
            domains: Domains that a name must be of, where the template says so.
        """
        self._domains = domains
        return self._part(template.strip(), 0)

    def _part(self, text: str, depth: int) -> Shape:
        shape = self._nameless.get(text)
        if shape is not None:
            return shape
        key = (text, self._domains)
        shape = self._known.get(key)
        if shape is None:
            outside, self._names = self._names, False
            shape = _ANYTHING if depth > _DEEP else self._read(text, depth)
            if self._names:
                self._known[key] = shape
            else:
                self._nameless[text] = shape
                self._names = outside
        else:
            self._names = True
        return shape

    def _read(self, text: str, depth: int) -> Shape:
        """Read alternatives or a permutation of sequences."""
        sequences: list[list[Shape]] = [[]]
        split = set()
        items = _items(text)
        if items is None:
            return _ANYTHING
        for mark, inside in items:
            if mark in _SPLITS:
                split.add(mark)
                sequences.append([])
            else:
                sequences[-1].append(self._item(mark, inside, depth))
        if len(split) > 1:
            return _ANYTHING
        parts = [_joined(sequence) for sequence in sequences]
        return _shuffled(parts) if ";" in split else _either(parts) if split else parts[0]

    def _item(self, mark: str, inside: str, depth: int) -> Shape:
        if not mark:
            return _text(inside)
        if mark == "(":
            return self._part(inside, depth + 1)
        if mark == "[":
            return self._optional(inside, depth + 1)
        if mark == "<":
            rule = self._rules.get(inside)
            return _ANYTHING if rule is None else self._part(rule.strip(), depth + 1)
        return self._list(inside.split(":", maxsplit=1)[0].lstrip("@"))

    def _optional(self, text: str, depth: int) -> Shape:
        shape = self._left_out.get(text)
        if shape is None:
            shape = _either([self._part(text, depth), _EMPTY])
            if text in self._nameless:
                self._left_out[text] = shape
        return shape

    def _list(self, name: str) -> Shape:
        self._names |= name == "name"
        key = (f"{{{name}}}", self._domains if name == "name" else None)
        if key not in self._known:
            self._known[key] = self._values(name)
        return self._known[key]

    def _values(self, name: str) -> Shape:
        from hassil.intents import RangeSlotList, TextSlotList, WildcardSlotList

        values = self._lists.get(name)
        if isinstance(values, WildcardSlotList):
            return _ANYTHING
        if isinstance(values, TextSlotList):
            shapes = [
                _of_expression(value.text_in)
                for value in values.values
                if name != "name"
                or not value.context
                or self._domains is None
                or value.context.get("domain") in self._domains
            ]
            return _either(shapes) if shapes else _NEVER
        words = not isinstance(values, RangeSlotList) or values.words
        needed = frozenset("0123456789") | (self._numbers if words else frozenset())
        said = frozenset({ANY_DIGITS, *([ANY_NUMBER] if words else [])})
        ends = said if self._numbers or not words else None
        return Shape(
            whole=said,
            first=ends,
            last=ends,
            through=frozenset(),
            clauses=(needed,) if self._numbers or not words else (),
        )


def _items(text: str) -> list[tuple[str, str]] | None:
    """Split a part into (the bracket that opens it, what is inside), and ("", text); a mark of `_SPLITS` between.

    None for an escape, and for brackets that do not match.
    """
    found: list[tuple[str, str]] = []
    deep = last = start = 0
    for match in _MARK.finditer(text):
        mark, at = match.group(), match.start()
        if mark == "\\":
            return None
        if not deep and mark not in _CLOSING:
            if at > last:
                found.append(("", text[last:at]))
            start = last = at + 1
        if mark in _OPENING:
            deep += 1
        elif mark in _CLOSING:
            deep -= 1
            if deep < 0:
                return None
            if not deep:
                found.append((text[start - 1], text[start:at]))
                last = at + 1
        elif not deep:
            found.append((mark, ""))
    if len(text) > last:
        found.append(("", text[last:]))
    return found if not deep else None


def _of_expression(expression: Expression) -> Shape:
    """Return the shape of a list's value, which hassil has parsed already."""
    from hassil.expression import Alternative, Permutation, Sequence, TextChunk

    if isinstance(expression, TextChunk):
        return _text(expression.text)
    if isinstance(expression, Permutation):
        return _shuffled([_of_expression(item) for item in expression.items])
    if isinstance(expression, Alternative):
        return _either([_of_expression(item) for item in expression.items])
    if isinstance(expression, Sequence):
        return _joined([_of_expression(item) for item in expression.items])
    return _ANYTHING


def _shuffled(parts: Sequence[Shape]) -> Shape:
    """Join shapes in any order, apart."""
    return Shape(
        whole=frozenset().union(*(part.words() for part in parts)),
        through=frozenset(),
        open=any(part.open for part in parts),
        clauses=tuple(clause for part in parts for clause in part.clauses),
        first=_any_of([part.first for part in parts]),
        last=_any_of([part.last for part in parts]),
        mute=all(part.mute for part in parts),
    )


def _any_of(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [one for one in sets if one is not None]
    return _NONE.union(*known) if len(known) == len(sets) else None


def _edge(parts: Iterable[Shape], *, last: bool) -> frozenset[str] | None:
    """Return the runs with which shapes in sequence begin, or, where they are given from the last on, end."""
    runs: list[frozenset[str] | None] = []
    for part in parts:
        runs.append(part.last if last else part.first)
        if not part.mute:
            break
    return runs[0] if len(runs) == 1 else _any_of(runs)


@lru_cache(maxsize=4_096)
def _text(text: str) -> Shape:
    folded = _folded(text)
    runs = [(match.start(), match.end(), match.group()) for match in _RUN.finditer(folded)]
    clauses = tuple(frozenset({run}) for _, _, run in runs)
    if not runs:
        return Shape(through=frozenset({""}) if not folded else frozenset(), clauses=(), mute=True)
    first, last = runs[0], runs[-1]
    begin, end = frozenset({first[2]}), frozenset({last[2]})
    if first[0] == 0 and first[1] == len(folded):
        return Shape(through=frozenset({folded}), clauses=clauses, first=begin, last=end)
    whole = {run for start, end, run in runs if start > 0 and end < len(folded)}
    return Shape(
        whole=frozenset(whole),
        left=frozenset({first[2]}) if first[0] == 0 else frozenset(),
        right=frozenset({last[2]}) if last[1] == len(folded) else frozenset(),
        through=frozenset(),
        clauses=clauses,
        first=begin,
        last=end,
    )


def _joined(parts: Sequence[Shape]) -> Shape:
    """Join shapes in sequence."""
    said = [part for part in parts if part is not _EMPTY]
    if len(said) < 2:
        return said[0] if said else _EMPTY
    clauses = tuple(clause for part in said for clause in part.clauses)
    begin, end, mute = _edge(said, last=False), _edge(reversed(said), last=True), all(part.mute for part in said)
    if any(part.open for part in said):
        return Shape(open=True, clauses=clauses, first=begin, last=end, mute=mute)
    first = said[0]
    whole, left, right, through = set(first.whole), set(first.left), first.right, first.through
    for part in said[1:]:
        # A gap that swallows white space may stand between any two: each piece may also be a word of its own.
        whole.update(part.whole, right, through, part.left, part.through)
        left |= through
        if not (part.left or part.right or part.through):  # nothing joins, as at a space
            right = through = _NONE
            continue
        if part.left:
            whole.update(end + start for end in right for start in part.left)
            left.update(run + start for run in through for start in part.left)
        ends = part.right | part.through
        if part.through:
            ends = ends.union(end + run for end in right for run in part.through)
            through = frozenset(run + other for run in through for other in part.through)
        else:
            through = _NONE
        right = ends - _NOT_SAID
    left_, whole_ = frozenset(left - _NOT_SAID), frozenset(whole - _NOT_SAID)
    return Shape(whole_, left_, right, through, False, clauses, begin, end, mute)


def _either(parts: Sequence[Shape]) -> Shape:
    """Join shapes as alternatives."""
    merged: set[str] = set()
    for part in parts:
        smallest = min(part.clauses, key=worth, default=None)
        if smallest is None or len(merged) + len(smallest) > _MOST:
            merged.clear()
            break
        merged |= smallest
    return Shape(
        _NONE.union(*[part.whole for part in parts]),
        _NONE.union(*[part.left for part in parts]),
        _NONE.union(*[part.right for part in parts]),
        _NONE.union(*[part.through for part in parts]),
        any(part.open for part in parts),
        (frozenset(merged),) if merged else (),
        _any_of([part.first for part in parts]),
        _any_of([part.last for part in parts]),
        any(part.mute for part in parts),
    )


def worth(clause: frozenset[str]) -> tuple[int, int]:
    """Return a sort key: first the clause that rules out most (few pieces, long ones)."""
    return (len(clause), -min(map(len, clause)))


_NEVER = Shape(through=frozenset(), clauses=(frozenset({"\0"}),))
"""Of a list without a value: nothing can match it."""
