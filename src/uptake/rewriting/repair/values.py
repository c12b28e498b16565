"""Find slot values in texts, by their own words and by other spellings in a log's interpretations.

A value is found by its own words, or by one or two words that the understanding nearly always took for it ("moderately"
for moderate).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from uptake.rewriting.repair.turn import Act, TurnView
from uptake.text.normalize import normalize

__all__ = ["ANY", "Values", "gist", "is_open"]

ANY = "dontcare"
"""The value that says: any will do."""
_LONGEST = 3

Named = tuple[str, str]
"""(slot, value)."""


def is_open(slot: str, value: str) -> bool:
    """Tell whether a value is one that people say, not a name of the assistant's own."""
    return bool(slot) and slot != "slot" and value != ANY


def gist(act: Act, asked: Sequence[str]) -> str:
    """Return an act with its value left out, so that what is learned of one value holds for all."""
    name, slot, value = act
    if not slot:
        return name
    if value == ANY:
        return f"{name}:asked=*" if asked and slot == asked[0] else f"{name}:{slot}=*"
    return f"{name}:{slot}" if is_open(slot, value) else f"{name}:{slot}={value}"


@dataclass(frozen=True, eq=False)
class Values:
    """Words with the values they name."""

    phrases: Mapping[str, tuple[Named, ...]]
    """Phrase of at most three words -> what it names."""

    @classmethod
    def of(cls, turns: Sequence[TurnView], *, sure: float = 0.5, least: int = 4, purity: float = 0.85) -> Values:
        """Learn from the readings of a log alone.

        Args:
            turns: The log.
            sure: Probability of a reading from which its words are looked at for other spellings.
            least: Fewest times that a run of words must have been taken for the value.
            purity: Least share of its occurrences in which it was.
        """
        named: Counter[Named] = Counter()
        for turn in turns:
            seen = {(slot, value) for meaning, _ in turn.readings for _, slot, value in meaning}
            seen |= {(slot, value) for _, slot, value in turn.prompt}
            named.update(one for one in seen if one[1] and is_open(*one))
        phrases: dict[str, set[Named]] = {}
        for (slot, value), count in named.items():
            text = normalize(value).replace("'", "")
            if count > 1 and text and len(text.split()) <= _LONGEST:
                phrases.setdefault(text, set()).add((slot, value))
        for phrase, one in _aliases(turns, phrases, sure=sure, least=least, purity=purity):
            phrases.setdefault(phrase, {one})
        return cls({phrase: tuple(sorted(names)) for phrase, names in sorted(phrases.items())})

    @cached_property
    def _found(self) -> dict[str, tuple[tuple[Named, ...], str]]:
        return {}

    def find(self, text: str) -> tuple[tuple[Named, ...], str]:
        """Return (what a text names, the text with a mark in place of each name); the longest phrases win."""
        known = self._found.get(text)
        if known is None:
            if len(self._found) > 100_000:
                self._found.clear()
            known = self._found[text] = self._search(text)
        return known

    def _search(self, text: str) -> tuple[tuple[Named, ...], str]:
        words, at = text.split(), 0
        found: list[Named] = []
        left: list[str] = []
        while at < len(words):
            for size in range(min(_LONGEST, len(words) - at), 0, -1):
                names = self.phrases.get(" ".join(words[at : at + size]))
                if names:
                    found.extend(names)
                    left.append("#" + names[0][0])
                    at += size
                    break
            else:
                left.append(words[at])
                at += 1
        return tuple(dict.fromkeys(found)), " ".join(left)

    def masses(self, texts: Iterable[tuple[str, float]]) -> dict[Named, float]:
        """Return the mass of each value over a recogniser's list."""
        masses: dict[Named, float] = {}
        for text, mass in texts:
            for one in self.find(text)[0]:
                masses[one] = masses.get(one, 0.0) + mass
        return masses


def _aliases(
    turns: Sequence[TurnView], phrases: Mapping[str, set[Named]], *, sure: float, least: int, purity: float
) -> list[tuple[str, Named]]:
    """Return runs of words that were nearly always taken for a value whose own words were not said."""
    seen: Counter[str] = Counter()
    together: Counter[tuple[str, Named]] = Counter()
    for turn in turns:
        words = turn.top.split()
        runs = {" ".join(words[at : at + size]) for size in (1, 2) for at in range(len(words) - size + 1)}
        seen.update(runs)
        if not turn.readings or turn.readings[0][1] < sure:
            continue
        for _, slot, value in turn.served:
            if is_open(slot, value) and not _says(turn.top, normalize(value)):
                together.update((run, (slot, value)) for run in runs if run not in phrases)
    found = [
        (-count / seen[run], run, one)
        for (run, one), count in together.items()
        if count >= least and count >= purity * seen[run]
    ]
    return [(run, one) for _, run, one in sorted(found)]


def _says(text: str, value: str) -> bool:
    return f" {value} " in f" {text} "
