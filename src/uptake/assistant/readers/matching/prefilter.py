"""Find the sentence templates that can match a request at all, without trying them.

A template of the grammar says a finite set of words, but for slots that take any words. So a request can match it
only if each of its words is among them, and if it holds a word of every clause that the template requires ("turn" or
"switch"; "on"; a number; a word of some name). Both conditions are necessary, so no match is lost; together they leave
a few of a thousand templates. Every word maps to the set of its templates, and to the clauses that it fulfils, kept as
the bits of one integer.

Limit: in languages written without spaces only the required clauses are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from uptake.assistant.readers.matching.shapes import ANY_DIGITS, ANY_NUMBER, Shape, tokens, worth

__all__ = ["Prefilter"]

_LONGEST = 48  # letters; a longer run is one word
_MOST_RUNS = 1_024


class _Fulfils(NamedTuple):
    """Requirements that a piece of text fulfils, as bits."""

    clauses: int
    templates: int
    """Templates of which it fulfils the clause that rules out most."""


_NOTHING = _Fulfils(0, 0)


class _Ends:
    """Templates by the runs with which they begin, or end.

    A run may be several words without the spaces between them, so that it is looked up by its beginnings.

    Args:
        runs: Runs with which each template begins; None where it may be any.
        numbers: Words that numbers are said with.
        is_last: Whether they are the runs with which each ends.
    """

    __slots__ = ("_any", "_by_run", "_is_last", "_known", "_numbers")

    def __init__(
        self, runs: Sequence[frozenset[str] | None], numbers: frozenset[str], *, is_last: bool = False
    ) -> None:
        alike: dict[frozenset[str], list[int]] = {}
        for at, some in enumerate(runs):
            alike.setdefault(some or frozenset(), []).append(at)
        self._by_run: dict[str, int] = {}
        for some, positions in alike.items():
            bits = _bits(positions)
            for run in some:
                self._by_run[run] = self._by_run.get(run, 0) | bits
        self._any = _bits(at for at, some in enumerate(runs) if some is None)
        self._numbers, self._is_last = numbers, is_last
        self._known: dict[str, int] = {}

    def of(self, runs: Iterable[str]) -> int:
        """Return the templates that can begin, or end, with one of some runs."""
        bits = self._any
        for run in runs:
            known = self._known.get(run)
            bits |= self._of_run(run) if known is None else known
        return bits

    def _of_run(self, run: str) -> int:
        pieces = [run[at:] if self._is_last else run[: at + 1] for at in range(len(run))]
        pieces += [ANY_NUMBER] if not self._numbers.isdisjoint(pieces) else []
        pieces += [ANY_DIGITS] if run.isdigit() else []
        bits = 0
        for piece in pieces:
            bits |= self._by_run.get(piece, 0)
        if len(self._known) >= _MOST_RUNS:
            self._known.clear()
        self._known[run] = bits
        return bits


@dataclass(slots=True)
class Prefilter:
    """Index of the templates that can match a request.

    Args:
        shapes: What each template can say.
        numbers: Words that numbers are said with.
        spaced: Whether the language puts spaces between words.
    """

    shapes: Sequence[Shape]
    numbers: frozenset[str] = frozenset()
    spaced: bool = True
    _words: dict[str, int] = field(default_factory=dict)
    _runs: dict[str, int] = field(default_factory=dict)
    _open: int = 0
    _pieces: dict[str, _Fulfils] = field(default_factory=dict)
    _longest: int = 0
    _fulfilled: dict[str, _Fulfils] = field(default_factory=dict)
    _undemanding: int = 0
    """Templates that require nothing."""
    _needs: list[int] = field(default_factory=list)
    """The clauses of each template."""
    _begins: _Ends = field(init=False)
    _ends: _Ends = field(init=False)

    def __post_init__(self) -> None:
        members: dict[str, list[int]] = {}
        pieces: dict[str, list[int]] = {}
        firsts: dict[str, list[int]] = {}
        numbered: dict[frozenset[str], int] = {}
        anywhere = []
        for at, shape in enumerate(self.shapes):
            if shape.open or not self.spaced:
                anywhere.append(at)
            else:
                for word in shape.words():
                    members.setdefault(word, []).append(at)
            self._needs.append(_bits({numbered.setdefault(clause, len(numbered)) for clause in shape.clauses}))
            for piece in min(shape.clauses, key=worth, default=()):
                firsts.setdefault(piece, []).append(at)
        for clause, number in numbered.items():
            for piece in clause:
                pieces.setdefault(piece, []).append(number)
        self._words = {word: _bits(positions) for word, positions in members.items()}
        self._open = _bits(anywhere)
        self._undemanding = _bits(at for at, shape in enumerate(self.shapes) if not shape.clauses)
        self._pieces = {
            piece: _Fulfils(_bits(positions), _bits(firsts.get(piece, ()))) for piece, positions in pieces.items()
        }
        self._longest = max(map(len, self._pieces), default=0)
        self._begins = _Ends([shape.first for shape in self.shapes], self.numbers)
        self._ends = _Ends([shape.last for shape in self.shapes], self.numbers, is_last=True)

    def candidates(self, text: str, haystack: str | None = None) -> list[int]:
        """Return positions of the templates that can match, ascending.

        Args:
            text: The request without the words that the grammar skips.
            haystack: Everything that a template may be compared with [default: the text].
        """
        runs, anywhere = tokens(text), self._open
        possible, words = self._bounded(runs, text, haystack) if self.spaced else (1 << len(self.shapes)) - 1, set(runs)
        for word in words:
            if not possible:
                return []
            bits = self._runs.get(word)
            possible &= anywhere | (self._of_run(word) if bits is None else bits)
        fulfilled, most_telling = 0, self._undemanding
        for run in words if haystack is None or haystack == text else set(tokens(haystack)):
            clauses, templates = self._fulfilled.get(run) or self._fulfilled_by(run)
            fulfilled, most_telling = fulfilled | clauses, most_telling | templates
        needs, missing = self._needs, ~fulfilled
        return [at for at in _positions(possible & most_telling) if not needs[at] & missing]

    def _bounded(self, runs: Sequence[str], text: str, haystack: str | None) -> int:
        """Return the templates that can begin and end as a request does, whichever words are skipped at its ends."""
        if not runs:
            return (1 << len(self.shapes)) - 1
        whole = runs if haystack is None or haystack == text else tokens(haystack.removesuffix(text))
        skipped = max(len(whole) - len(runs), 0)
        return self._begins.of(whole[: skipped + 1]) & self._ends.of(whole[-skipped - 1 :])

    def knows(self, word: str) -> bool:
        """Tell whether some template says a word, or may."""
        return bool(self._of_word(word))

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every word that some template says."""
        return self._words.keys() - {ANY_DIGITS, ANY_NUMBER}

    def _of_run(self, run: str) -> int:
        """Return templates that can say a run of letters: as a word, or as words without the space between them."""
        bits = self._runs.get(run)
        if bits is None:
            bits = self._of_word(run)
            if 2 < len(run) <= _LONGEST and not run.isdigit():
                for at in range(1, len(run)):
                    first = self._of_word(run[:at])
                    if first:
                        bits |= first & self._of_run(run[at:])
            if len(self._runs) >= _MOST_RUNS:
                self._runs.clear()
            self._runs[run] = bits
        return bits

    def _fulfilled_by(self, run: str) -> _Fulfils:
        """Return what the pieces fulfil that stand in a run: pieces are runs themselves, so none reaches beyond one."""
        fulfilled = self._fulfilled.get(run)
        if fulfilled is None:
            clauses = templates = 0
            for start in range(len(run)):
                for end in range(start + 1, min(len(run), start + self._longest) + 1):
                    more = self._pieces.get(run[start:end], _NOTHING)
                    clauses, templates = clauses | more.clauses, templates | more.templates
            if len(self._fulfilled) >= _MOST_RUNS:
                self._fulfilled.clear()
            fulfilled = self._fulfilled[run] = _Fulfils(clauses, templates)
        return fulfilled

    def _of_word(self, word: str) -> int:
        bits = self._words.get(word, 0)
        if word.isdigit():
            bits |= self._words.get(ANY_DIGITS, 0)
        elif word in self.numbers:
            bits |= self._words.get(ANY_NUMBER, 0)
        return bits


def _bits(positions: Iterable[int]) -> int:
    given = tuple(positions)
    cells = bytearray(max(given, default=0) // 8 + 1)
    for at in given:
        cells[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(cells, "little")


def _positions(bits: int) -> list[int]:
    positions = []
    while bits:
        low = bits & -bits
        positions.append(low.bit_length() - 1)
        bits ^= low
    return positions
