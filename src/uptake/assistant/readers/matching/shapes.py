"""Find what sentence templates can say without trying them: their words, and the pieces of text they require.

Necessary conditions only: a template matches nothing that its shape rules out. `prefilter` asks all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hassil.expression import Expression
    from hassil.intents import SlotList

__all__ = ["ANY_DIGITS", "ANY_NUMBER", "Shape", "Shaper", "tokens", "worth"]

_RUN = re.compile(r"[^\W\d_]+|\d+")
_DOTS = str.maketrans("İı", "ii")
_MOST = 400  # alternatives of a clause; a longer one is not worth its time
_DEEP = 24
ANY_DIGITS, ANY_NUMBER = "0", "#"
"""Stand in a set of words for any digits and for any number word."""


def tokens(text: str) -> list[str]:
    """Split into runs of letters and runs of digits, case-folded.

    >>> tokens("Set it to 50%, John's")
    ['set', 'it', 'to', '50', 'john', 's']
    """
    return _RUN.findall(_folded(text))


def _folded(text: str) -> str:
    """Fold the case of a text; the Turkish letters i with and without a dot are one, as they are to the matcher."""
    return text.lower() if text.isascii() else text.translate(_DOTS).casefold()


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

    def words(self) -> frozenset[str]:
        """Return every word that it can say, when it stands alone."""
        return (self.whole | self.left | self.right | self.through) - {""}


_EMPTY = Shape()
_NONE: frozenset[str] = frozenset()
_NOT_SAID = frozenset({""})
_ANYTHING = Shape(open=True)
_MARK = re.compile(r"[\[\](){}<>|;\\]")
_CLOSES = {"[": "]", "(": ")", "{": "}", "<": ">"}


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
        sequences, current, split = [], _EMPTY, set()
        at = 0
        while at < len(text):
            match = _MARK.search(text, at)
            start = match.start() if match else len(text)
            if start > at:
                current = _join(current, _text(text[at:start]))
            if match is None:
                break
            mark = match.group()
            at = start + 1
            if mark in "|;":
                split.add(mark)
                sequences.append(current)
                current = _EMPTY
            elif mark in _CLOSES:
                end = _end(text, start)
                if end is None:
                    return _ANYTHING
                current = _join(current, self._item(mark, text[at:end], depth))
                at = end + 1
            else:  # an escape, or a bracket that nothing opened
                return _ANYTHING
        sequences.append(current)
        if len(split) > 1:
            return _ANYTHING
        return _shuffled(sequences) if ";" in split else _either(sequences) if split else current

    def _item(self, mark: str, inside: str, depth: int) -> Shape:
        if mark == "(":
            return self._part(inside, depth + 1)
        if mark == "[":
            return _either([self._part(inside, depth + 1), _EMPTY])
        if mark == "<":
            rule = self._rules.get(inside)
            return _ANYTHING if rule is None else self._part(rule.strip(), depth + 1)
        return self._list(inside.split(":", maxsplit=1)[0].lstrip("@"))

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
        return Shape(
            whole=frozenset({ANY_DIGITS, *([ANY_NUMBER] if words else [])}),
            through=frozenset(),
            clauses=(needed,) if self._numbers or not words else (),
        )


def _end(text: str, start: int) -> int | None:
    """Find where the bracket that opens at `start` closes."""
    deep = 0
    for match in _MARK.finditer(text, start):
        mark = match.group()
        if mark in _CLOSES:
            deep += 1
        elif mark in "])}>":
            deep -= 1
            if not deep:
                return match.start()
        elif mark == "\\":
            return None
    return None


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
        shape = _EMPTY
        for item in expression.items:
            shape = _join(shape, _of_expression(item))
        return shape
    return _ANYTHING


def _shuffled(parts: Sequence[Shape]) -> Shape:
    """Join shapes in any order, apart."""
    return Shape(
        whole=frozenset().union(*(part.words() for part in parts)),
        through=frozenset(),
        open=any(part.open for part in parts),
        clauses=tuple(clause for part in parts for clause in part.clauses),
    )


@lru_cache(maxsize=4_096)
def _text(text: str) -> Shape:
    folded = _folded(text)
    runs = [(match.start(), match.end(), match.group()) for match in _RUN.finditer(folded)]
    clauses = tuple(frozenset({run}) for _, _, run in runs)
    if not runs:
        return Shape(through=frozenset({""}) if not folded else frozenset(), clauses=())
    if runs[0][0] == 0 and runs[0][1] == len(folded):
        return Shape(through=frozenset({folded}), clauses=clauses)
    first, last = runs[0], runs[-1]
    whole = {run for start, end, run in runs if start > 0 and end < len(folded)}
    return Shape(
        whole=frozenset(whole),
        left=frozenset({first[2]}) if first[0] == 0 else frozenset(),
        right=frozenset({last[2]}) if last[1] == len(folded) else frozenset(),
        through=frozenset(),
        clauses=clauses,
    )


def _join(first: Shape, second: Shape) -> Shape:
    """Join shapes in sequence."""
    if first is _EMPTY or second is _EMPTY:
        return second if first is _EMPTY else first
    clauses = first.clauses + second.clauses
    if first.open or second.open:
        return Shape(open=True, clauses=clauses)
    # A gap that swallows white space may stand between any two: each piece may also be a word of its own.
    whole = first.whole.union(second.whole, first.right, first.through, second.left, second.through)
    left, right, through = first.left | first.through, second.right | second.through, _NONE
    if second.left:
        whole |= {end + start for end in first.right for start in second.left}
        left |= {run + start for run in first.through for start in second.left}
    if second.through:
        right |= {end + run for end in first.right for run in second.through}
        through = frozenset(run + other for run in first.through for other in second.through)
    return Shape(whole - _NOT_SAID, left - _NOT_SAID, right - _NOT_SAID, through, False, clauses)


def _either(parts: Sequence[Shape]) -> Shape:
    """Join shapes as alternatives."""
    merged: frozenset[str] | None = frozenset()
    for part in parts:
        smallest = min(part.clauses, key=worth, default=None)
        if smallest is None or merged is None or len(merged) + len(smallest) > _MOST:
            merged = None
        else:
            merged |= smallest
    return Shape(
        frozenset().union(*(part.whole for part in parts)),
        frozenset().union(*(part.left for part in parts)),
        frozenset().union(*(part.right for part in parts)),
        frozenset().union(*(part.through for part in parts)),
        any(part.open for part in parts),
        (merged,) if merged else (),
    )


def worth(clause: frozenset[str]) -> tuple[int, int]:
    """Return a sort key: first the clause that rules out most (few pieces, long ones)."""
    return (len(clause), -min(map(len, clause)))


_NEVER = Shape(through=frozenset(), clauses=(frozenset({"\0"}),))
"""Of a list without a value: nothing can match it."""
