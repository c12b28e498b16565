"""Lists of a grammar as pieces of templates: texts, such as the names of a home, and numbers in digits or words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from hassil import RangeSlotList, Trie
from hassil.numbers import get_rbnf_engine

from uptake.assistant.readers.matching.nodes import Entity, Node, Search, State, States, Words

__all__ = ["Numbers", "Texts", "Value"]

_BREAKS = str.maketrans("-_", "  ")
_WHOLE, _DECIMAL = re.compile(r"(\s*-?[0-9]+)"), re.compile(r"(\s*-?[0-9]+(?:[.,][0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Value:
    """Value of a list of texts."""

    node: Node
    """How it is said."""
    text: str | None
    """How it is said, where that is a text and no template."""
    meant: Any
    """The value; None for what was said."""
    context: Mapping[str, Any] | None
    """What is known once it was said."""
    metadata: Mapping[str, Any] | None
    """What else the list knows of it."""


class Texts:
    """List of texts as a piece of a template: its values are found by their letters, not tried one by one.

    Args:
        slot: The slot that they fill.
        values: The values.
        silent: Whether what was said is of interest to the answer alone, and fills no slot.
    """

    __slots__ = ("_by_text", "_lengths", "_others", "silent", "slot", "values")

    def __init__(self, slot: str, values: Sequence[Value], *, silent: bool = False) -> None:
        self.slot, self.silent = slot, silent
        self.values = [value for value in values if value.text is None or value.text.strip()]
        self._by_text: dict[str, list[Value]] = {}
        self._others: list[Value] = []
        lengths: dict[str, set[int]] = {}
        for value in self.values:
            text = (value.text or "").lstrip()
            folded = text.casefold()
            if value.text is None or len(folded) != len(text):
                self._others.append(value)
            else:
                self._by_text.setdefault(folded, []).append(value)
                lengths.setdefault(folded[0], set()).add(len(folded))
        self._lengths = {letter: sorted(sizes) for letter, sizes in lengths.items()}

    def search(self, state: State, run: Search) -> States:
        """Return a state for every value that is said here."""
        text, index, is_start, literal, _, known, wild = state
        if not text:
            return ()
        after: list[State] = []
        for value in self._possible(text, anchored=wild is None and is_start and not run.unspaced):
            if value.text is not None and len(text) < len(value.text):
                continue
            for ended in value.node.search(state, run):
                if ended.wild is not None:
                    continue  # the open slot would stay empty
                rest, filled = ended.text, ended.entities
                if not self.silent:
                    filled = (*filled, self._entity(value, ended, text, index))
                learnt = (*known, value.context) if value.context else ended.known
                after.append(State(rest, index + len(text) - len(rest), is_start, literal, filled, learnt))
        return after

    def _entity(self, value: Value, ended: State, text: str, index: int) -> Entity:
        before = ended.entities[-1] if ended.entities else None
        own = text[len(before.text) :] if before and before.is_free and text.startswith(before.text) else text
        said = own[: -len(ended.text)] if ended.text else own
        meant = said if value.meant is None else value.meant
        return Entity(self.slot, meant, said, index + len(text) - len(own), value.metadata)

    def _possible(self, text: str, *, anchored: bool) -> Sequence[Value]:
        """Return the values that may be said here: all of them, unless they must be said at once."""
        plain = text.lstrip() if anchored else ""
        if not plain:
            return self.values
        folded = plain.casefold()
        some = self._said(folded)
        if "-" in folded or "_" in folded:
            some += [value for value in self._said(folded.translate(_BREAKS)) if value not in some]
        return [*some, *self._others] if self._others else some

    def _said(self, folded: str) -> list[Value]:
        some: list[Value] = []
        for size in self._lengths.get(folded[0], ()):
            some += self._by_text.get(folded[:size], ())
        return some


class _Said(NamedTuple):
    """Number in words, found in a text."""

    start: int
    text: str
    value: float


class Numbers:
    """Range of numbers as a piece of a template.

    Args:
        slot: The slot that they fill.
        listed: The range.
        language: BCP 47 tag of the words.
    """

    __slots__ = ("_language", "_listed", "_numbers", "_words", "slot")

    def __init__(self, slot: str, listed: RangeSlotList, *, language: str) -> None:
        self.slot, self._listed = slot, listed
        self._language = listed.words_language or language
        plain = listed.step == 1 and listed.fraction_type is None
        self._numbers = None if plain else frozenset(listed.get_numbers())
        self._words: dict[str, Words] = {}

    def prepare(self) -> None:
        """Collect the words of the numbers now, which takes some milliseconds, so that no request waits for them."""
        if self._listed.words:
            self._trie()

    def search(self, state: State, run: Search) -> States:
        """Return a state for every number that is said here, or after any words where a slot for them is open."""
        text, wild = state.text, state.wild
        if not text:
            return ()
        digits = _WHOLE if self._listed.fraction_type is None else _DECIMAL
        if wild is None:
            hit = digits.match(text)
            hits = [hit] if hit is not None else []
        else:
            hits = list(digits.finditer(text))
        if hits:
            return [after for hit in hits for after in self._of_digits(hit, state)] if self._listed.digits else ()
        return self._of_words(state, run) if self._listed.words else ()

    def _of_digits(self, hit: re.Match[str], state: State) -> Iterator[State]:
        number = float(hit[1].replace(",", "."))
        inside = self._listed.start <= number <= self._listed.stop if self._numbers is None else number in self._numbers
        if not inside:
            return
        if self._listed.multiplier is not None:
            number *= self._listed.multiplier
        entity = Entity(self.slot, number, hit[1], state.at + hit.start(1))
        filled = (*_closed(state, hit.start(1)), entity)
        yield State(state.text[hit.end() :], state.at + hit.end(), state.is_start, state.literal, filled, state.known)

    def _of_words(self, state: State, run: Search) -> States:
        after: list[State] = []
        text, index, is_start, literal, entities, known, wild = state
        for start, said, value in _numbers_in(text, self._trie(), anywhere=wild is not None):
            words = self._words.get(said)
            if words is None:
                words = self._words[said] = Words(said)
            entity = Entity(self.slot, value, said, index + start)
            if wild is None:
                here = State(text, index + len(said), is_start, literal, (*entities, entity), known)
            else:
                filled = (*_closed(state, start), entity)
                here = State(text[start:], index + start, is_start, literal, filled, known)
            after += words.search(here, run)
        return after

    def _trie(self) -> Trie | None:
        listed = self._listed
        return _trie(self._language, listed.start, listed.stop, listed.step, listed.fraction_type, listed.multiplier)


def _closed(state: State, end: int) -> tuple[Entity, ...]:
    """Return the slots of a state, with the open one filled by what stands before a position."""
    if state.wild is None:
        return state.entities
    said = state.text[:end]
    return (*state.entities, Entity(state.wild.name, said, said, state.wild.start, None, True))


def _numbers_in(text: str, trie: Trie | None, *, anywhere: bool) -> Iterator[_Said]:
    """Yield the numbers in words at the beginning of a text, or anywhere in it."""
    if trie is None:
        return
    if anywhere:
        for end, said, value in trie.find(text, ignore_case=True):
            yield _Said(end - len(said), said, value)
        return
    nodes = trie.roots
    for letter in text.lower():
        node = nodes.get(letter) or nodes.get(letter.upper() if letter.islower() else letter.lower())
        if node is None:
            return
        if node.text is not None:
            for value in node.values or ():
                yield _Said(0, node.text, value)
        nodes = node.children or {}


@lru_cache(maxsize=4_096)
def _ways(language: str, number: float) -> tuple[str, ...]:
    """Return every way to say a number: many ranges share it.

    Raises:
        ValueError: The language has no number words, or none for this one.
    """
    ways: dict[str, None] = {}
    for words in get_rbnf_engine(language).format_number(number).text_by_ruleset.values():
        if words not in ways:
            ways[words] = ways[words.translate(_BREAKS)] = None
    return tuple(ways)


@lru_cache(maxsize=256)
def _trie(language: str, start: int, stop: int, step: int, fraction: Any, multiplier: float | None) -> Trie | None:
    """Return every way to say the numbers of a range, by letters; None where the language has no number words."""
    trie = Trie()
    try:
        for number in RangeSlotList(None, start, stop, step, fraction_type=fraction).get_numbers():
            value = number if multiplier is None else number * multiplier
            for words in _ways(language, number):
                trie.insert(words, value)
    except ValueError:  # the engine knows the language or its numbers not at all
        return None
    return trie
