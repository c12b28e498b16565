"""Pieces of compiled sentence templates, and how each goes on from where a search stands.

A piece takes a state (what is left of the text, and what was found before it) and returns the states after it, in the
order in which the template format tries them. Pieces that are written alike are one object, whatever template they
stand in, and what a piece finds at a place is worked out once in a search (`found`).

Source: the template format of hassil 3.12 (Open Home Foundation, Apache 2.0): words, optionals, alternatives,
permutations, expansion rules, and lists of texts, of numbers and of any words. A test holds that the answers are
hassil's, whose own quirks are therefore kept, such as which spaces may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from hassil.util import CJK_WHITESPACE

__all__ = [
    "Chain", "Choice", "Entity", "Free", "Literal", "Node", "Once", "Open", "Search", "Shuffle", "State", "States",
    "Words", "found",
]  # fmt: skip

_BREAKS = str.maketrans("-_", "  ")
_WORD_ENDS = (" ", "'")


class Entity(NamedTuple):
    """Slot of a template, filled."""

    name: str
    """The slot."""
    value: Any
    """What is meant."""
    text: str
    """What was said."""
    start: int
    """Position of what was said, in the text that is compared."""
    metadata: Mapping[str, Any] | None = None
    """What the list knows of the value."""
    is_free: bool = False
    """Whether the slot takes any words."""


class Open(NamedTuple):
    """Slot for any words whose end is not found yet."""

    name: str
    at_word: bool
    """Whether what follows begins a word."""
    start: int


class State(NamedTuple):
    """Where a search stands."""

    text: str
    """What is left of the text."""
    at: int
    """Position of what is left."""
    is_start: bool = True
    """Whether what is left begins a word."""
    literal: int = 0
    """Characters matched by the template's own words."""
    entities: tuple[Entity, ...] = ()
    """Slots that were filled."""
    known: tuple[Mapping[str, Any], ...] = ()
    """Context that came with values of lists."""
    wild: Open | None = None
    """Slot for any words that is being filled."""


States = Sequence[State]
_NONE: States = ()


@dataclass(slots=True)
class Search:
    """Search of one text, for all templates."""

    text: str
    """The text that is compared."""
    unspaced: bool = False
    """Whether spaces between letters of scripts without them are passed over."""
    memo: dict[tuple[Node, str, bool], States] = field(default_factory=dict)
    """What pieces found, by what was left."""
    is_plain: bool = field(init=False)
    """Whether the text is ASCII in lower case, without a mark that may stand for a space."""

    def __post_init__(self) -> None:
        self.is_plain = self.text.isascii() and self.text == self.text.lower().translate(_BREAKS)


class Node(Protocol):
    """Piece of a template."""

    def search(self, state: State, run: Search) -> States:
        """Return the states after this piece."""
        ...


def found(node: Node, state: State, run: Search) -> States:
    """Return the states after a piece, worked out once for each place of a search."""
    text, index, is_start, literal, entities, known, wild = state
    if wild is not None or index != len(run.text) - len(text) or (entities and entities[-1].is_free):
        return node.search(state, run)
    key = (node, text, is_start)
    after = run.memo.get(key)
    if after is None:
        after = run.memo[key] = node.search(State(text, index, is_start), run)
    if not after or not (literal or entities or known):
        return after
    return [
        State(rest, at, start, literal + more, entities + filled, known + learnt, still)
        for rest, at, start, more, filled, learnt, still in after
    ]


class Literal:
    """Text of a template, compared whatever its case."""

    __slots__ = ("_at_word", "_pattern", "folded", "is_ascii", "is_blank", "size", "text")

    def __init__(self, text: str) -> None:
        self.text, self.folded, self.size, self.is_ascii = text, text.lower(), len(text), text.isascii()
        self.is_blank = text.isspace()
        self._pattern: re.Pattern[str] | None = None
        self._at_word: re.Pattern[str] | None = None

    def begins(self, text: str, *, is_plain: bool = False) -> int:
        """Return where it ends at the beginning of a text (`Search.is_plain`); -1 where it is not there."""
        if text.startswith(self.folded if is_plain else self.text):
            return self.size
        if is_plain and self.is_ascii:
            return -1
        if self.is_ascii and text.isascii():
            return self.size if text[: self.size].lower() == self.folded else -1
        hit = self._compiled().match(text)
        return hit.end() if hit is not None else -1

    def first(self, text: str, at: int, *, at_word: bool) -> int:
        """Return where it begins first in a text from a position on; -1 where it does not."""
        if at_word:
            if self._at_word is None:
                self._at_word = re.compile(rf"\b{re.escape(self.text)}", re.IGNORECASE)
            hit = self._at_word.search(text[at:])
        elif self.is_ascii and text.isascii():
            return text.lower().find(self.folded, at) if at <= len(text) else -1
        else:
            hit = self._compiled().search(text[at:])
        return at + hit.start() if hit is not None else -1

    def _compiled(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = re.compile(re.escape(self.text), re.IGNORECASE)
        return self._pattern


class Words:
    """Words of a template itself, with the spaces around them."""

    __slots__ = ("_blank", "_ends_word", "_joined", "_led", "_literal", "_raw", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._raw = Literal(text)
        self._led = self._raw if text == text.lstrip() else Literal(text.lstrip())
        joined = CJK_WHITESPACE.sub("", text)
        self._joined = self._raw if joined == text else Literal(joined)
        self._literal, self._blank = len(text.strip()), not text.strip()
        self._ends_word = text.endswith(_WORD_ENDS)

    def search(self, state: State, run: Search) -> States:
        """Return the state after the words; several where any words may stand before them."""
        text, index, is_start, literal, entities, known, wild = state
        if not self.text:
            return (state,)
        rest, own = text, self._raw
        if run.unspaced:
            rest, own = CJK_WHITESPACE.sub("", text), self._joined
        elif is_start:
            rest, own = text.lstrip(), self._led
            index += len(text) - len(rest)
        if wild is not None:
            return self._after_any(own, wild, State(rest, index, is_start, literal, entities, known, wild), run)
        end = own.begins(rest, is_plain=run.is_plain)
        if end >= 0:
            more = literal + (self._literal if own is not self._joined else len(own.text.strip()))
            return (State(rest[end:], index + end, self._ends_word, more, entities, known),)
        if own.is_blank and not rest.strip():
            return (state,)
        if run.is_plain:
            return _NONE
        broken = rest.translate(_BREAKS) if "-" in rest or "_" in rest else rest
        end = own.begins(broken) if broken is not rest else -1
        return (State(broken[end:], index + end, is_start, literal, entities, known),) if end >= 0 else _NONE

    def _after_any(self, own: Literal, wild: Open, state: State, run: Search) -> States:
        """Return a state for every place of the words; what stands before them fills the open slot."""
        rest, index = state.text, state.at
        if self._blank:
            return (state._replace(at=index + own.size, is_start=True),)
        at_word = wild.at_word and not run.unspaced
        at = own.first(rest, 0, at_word=at_word)
        if at == 0:
            at = own.first(rest, 1, at_word=at_word)
        after: list[State] = []
        while at > 0:
            said = rest[:at]
            filled = (*state.entities, Entity(wild.name, said, said, index, None, True))
            after += self.search(State(rest[at:], index + at, True, state.literal, filled, state.known), run)
            at = own.first(rest, at + 1, at_word=False)
        return after


class Choice:
    """Alternatives; of an optional piece, the last one is empty."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.items = items

    def search(self, state: State, run: Search) -> States:
        """Return the states after each alternative."""
        after: list[State] = []
        for item in self.items:
            after += item.search(state, run)
        return after


class Chain:
    """Pieces in sequence."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.items = items

    def search(self, state: State, run: Search) -> States:
        """Return the states after all pieces."""
        states: States = (state,) if self.items else _NONE
        for item in self.items:
            if len(states) == 1:
                states = item.search(states[0], run)
            else:
                states = [after for each in states for after in item.search(each, run)]
            if not states:
                break
        return states


class Shuffle:
    """Pieces in any order.

    Args:
        items: The pieces; (piece, what is left in any order) for each that may come first, where there are several.
    """

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[Node, Node], ...]) -> None:
        self.items = items

    def search(self, state: State, run: Search) -> States:
        """Return the states after all orders."""
        return [
            after
            for first, rest in self.items
            for between in first.search(state, run)
            for after in rest.search(between, run)
        ]


class Once:
    """Piece that stands in many templates, such as an expansion rule: worked out once for each place.

    Args:
        body: The piece; set later for a rule that is written with itself.
    """

    __slots__ = ("body",)

    def __init__(self, body: Node | None = None) -> None:
        self.body = body

    def search(self, state: State, run: Search) -> States:
        """Return the states after the piece."""
        return found(self.body, state, run) if self.body is not None else _NONE


class Free:
    """Slot for any words.

    Args:
        slot: Its name.
        at_word: Whether what follows begins a word.
    """

    __slots__ = ("at_word", "slot")

    def __init__(self, slot: str, *, at_word: bool) -> None:
        self.slot, self.at_word = slot, at_word

    def search(self, state: State, run: Search) -> States:  # noqa: ARG002 - as every piece
        """Return the state in which the slot is open; none after another that is, which would stay empty."""
        if not state.text or state.wild is not None:
            return _NONE
        text, index, is_start, literal, entities, known, _ = state
        return (State(text, index, is_start, literal, entities, known, Open(self.slot, self.at_word, index)),)
