"""Reader "tolerant" of languages other than English: unknown words become near ones that templates and names know.

An accent or an umlaut that is missing or written out ("kueche", "lampara") is put back first, a letter or two after
that. No word is left out but those that the grammar skips itself. A request with a word of negation, condition or
exception is not corrected. A correction that may turn a meaning round, and every one in a language whose words are not
known, is asked about.

Limit: a word is taken for a misspelt one whatever it means; what is heard for another word of the templates is lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import ClassVar

from rapidfuzz.distance import OSA

from uptake.assistant.hypotheses import READINGS_KEPT, Hypothesis, trusted
from uptake.assistant.languages.words import Words
from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.matching.shapes import tokens
from uptake.text.normalize import normalize
from uptake.types import Situation

__all__ = ["NearWordsReader", "SpeltReader"]

_MOST_WORDS, _TRIED, _NEAR, _VARIANTS = 20, 60, 3, 6
_LONG = 6  # letters from which a word may be two changes away
_SHORT = 4  # a word of fewer letters is a particle, and is not corrected into
_ASKED, _FREE = 0.45, 0.7
_FEWER = 2  # free characters: more than the correction itself makes
_OTHER_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class NearWordsReader:
    """Reader of what the grammar would match if it were spelt well.

    Args:
        grammar: The templates, compiled for the home.
        words: Words of the language; None where they are not known.
    """

    name: ClassVar[str] = "tolerant"

    def __init__(self, grammar: Grammar, words: Words | None) -> None:
        self.grammar, self._words = grammar, words
        self._read = lru_cache(maxsize=READINGS_KEPT)(self._corrected)
        self._near_words = lru_cache(maxsize=4_096)(self._near)

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings of the nearest wordings, best first."""
        return self._read(text, situation.context.room)

    def variants(self, text: str) -> list[tuple[str, float, bool]]:
        """Return (wording, cost, whether it must be asked about), the nearest first; none where nothing is misspelt."""
        said = normalize(text).split()
        if not said or len(said) > _MOST_WORDS or (self._words is not None and not self._words.guards.isdisjoint(said)):
            return []
        choices = [self._near_words(word) for word in said]
        found = [
            (" ".join(word for word, _, _ in way), sum(cost for _, cost, _ in way), any(odd for _, _, odd in way))
            for way in islice(product(*choices), _TRIED)
        ]
        found.sort(key=lambda each: each[1])
        return [each for each in found if each[0] != " ".join(said) and each[1] < 1.0][:_VARIANTS]

    def _corrected(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        best: dict[str, Hypothesis] = {}
        for wording, cost, odd in self.variants(text):
            for match in self.grammar.matches(wording, room=room)[:2]:
                sure = (1.0 - cost) * (_FREE if match.wildcards else 1.0)
                worth = min(sure, _ASKED) if odd or match.odd or self._words is None else sure
                reading = replace(match.interpretation, confidence=round(worth, 4))
                found = Hypothesis(
                    interpretation=reading,
                    reader=self.name,
                    reason="a sentence template, after correcting the spelling",
                )
                best.setdefault(reading.key, found)
        ranked = sorted(best.values(), key=lambda each: -each.confidence)
        rivals = {each.interpretation.intent for each in ranked if each.confidence > ranked[0].confidence - 0.1}
        if len(rivals) < 2:
            return tuple(ranked)
        unsure = [replace(each.interpretation, confidence=min(each.confidence, _ASKED)) for each in ranked]
        return tuple(replace(each, interpretation=reading) for each, reading in zip(ranked, unsure, strict=True))

    def _near(self, word: str) -> list[tuple[str, float, bool]]:
        if not word.isalpha() or all(self.grammar.prefilter.knows(run) for run in tokens(word)):
            return [(word, 0.0, False)]
        same = self._folded.get(_folded(word), ()) or self._folded.get(word, ())
        near = [(known, 0.02, False) for known in same] or list(self._misspelt(word))
        return [*sorted(near, key=lambda each: each[1])[:_NEAR], (word, 0.35, False)]

    def _misspelt(self, word: str) -> Iterator[tuple[str, float, bool]]:
        plain, most = _folded(word), 2 if len(word) >= _LONG else 1
        if len(word) < _SHORT:
            return
        for known in self._by_letter.get(plain[0], ()):
            if abs(len(known) - len(word)) <= most and len(known) >= _SHORT:
                distance = OSA.distance(plain, _folded(known), score_cutoff=most)
                if distance <= most:
                    yield known, round(0.05 + distance / (len(word) + 1), 4), self._steers(known) and distance > 1

    def _steers(self, word: str) -> bool:
        return self._words is None or word.startswith(self._words.steering)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(sorted(word for word in self.grammar.prefilter.vocabulary if len(word) > 1 and word.isalpha()))

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        """Collect the words that have an accent or an umlaut by how they are written without."""
        found: dict[str, list[str]] = {}
        for word in self._known:
            for way in {_folded(word), word.translate(_TWO_LETTERS)} - {word}:
                found.setdefault(way, []).append(word)
        return {way: tuple(words) for way, words in found.items()}

    @cached_property
    def _by_letter(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for word in self._known:
            found.setdefault(_folded(word)[0], []).append(word)
        return {letter: tuple(words) for letter, words in found.items()}


class SpeltReader(GrammarReader):
    """Reader of what the grammar matches, unless free words took what is misspelt: "pon la lmápara al máximo".

    Where a near wording matches with fewer free words, the match with more of them is asked about.

    Args:
        near: Reader of near wordings, over the same grammar.
    """

    def __init__(self, near: NearWordsReader) -> None:
        super().__init__(near.grammar)
        self._spells = near

    def _matched(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        found = super()._matched(text, room)
        matches = self.grammar.matches(text, room=room)[:1] if found else []
        if not matches or not matches[0].wildcards:
            return found
        free = (matches[0].wildcards, matches[0].free)
        for wording, _, _ in self._spells.variants(text):
            better = self.grammar.matches(wording, room=room)[:1]
            if better and (better[0].wildcards, better[0].free + _FEWER) <= free:
                return tuple(trusted(each, min(each.confidence, _ASKED)) for each in found)
        return found


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    """Return a word without accents.

    >>> _folded("schließe"), _folded("sí")
    ('schliesse', 'si')
    """
    marked = unicodedata.normalize("NFD", word.casefold().translate(_OTHER_LETTERS))
    return "".join(letter for letter in marked if not unicodedata.combining(letter)) or word
