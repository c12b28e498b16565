"""Reader "tolerant": unknown words are replaced by near ones that the grammar knows, and the grammar reads again.

A word that no template and no name has is compared by letters and by sound with those they have; the nearest few are
tried. Politeness around a request is dropped, and one strange word in it may be. A correction that yields a word with
an opposite ("on") or a number is believed less than it takes to act, so the person is asked; one that is as near to
the opposite is not made at all.

A word that exists and that no template has may have been heard for one that sounds alike; such a reading is asked
about.

Limit: English; what is heard for a word that templates do have is a list ("of" for "off").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import ClassVar

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from uptake.assistant.hypotheses import READINGS_KEPT, Hypothesis
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.calibration import PLAIN, Calibration, apart
from uptake.assistant.readers.courtesy import stripped
from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.readers.matching.shapes import tokens
from uptake.text.lexicon import FILLERS, critical_words, numbers, opposites
from uptake.text.phonetic import heard_similarity, sound_key
from uptake.types import Interpretation, Situation

__all__ = ["SOUNDS_LIKE", "TolerantReader", "Variant"]

_WORD = re.compile(r"[^\W\d_]+")
_HEARD_FOR: Mapping[str, str] = {
    "off": "of oft",
    "on": "own",
    "add": "ad had at",
    "set": "said sat sit",
    "play": "lay pay plate played",
    "pause": "paws pours pose pores",
    "turn": "tern torn term burn",
    "close": "clothes clause claws",
    "lock": "look luck log lots",
    "dim": "din tim gym",
    "light": "lite like lied",
    "lights": "lites lice likes delights rights",
    "lamp": "lamb lump ramp",
    "start": "star stark",
    "skip": "skipped",
    "mute": "newt moot",
    "red": "read",
    "blue": "blew",
    "timer": "tamer dimer time",
    "list": "least lisp",
    "weather": "whether",
    "where": "wear ware",
    "are": "our",
    "is": "his",
    "to": "too two",
    "for": "fore four",
    "time": "dime thyme",
    "song": "sung",
    "fan": "van ban",
    "first": "fist thirst",
    "pull": "pool",
    "wake": "way",
    "date": "day",
}
"""Word -> words that a recogniser writes for it, though they are words themselves."""
SOUNDS_LIKE: Mapping[str, str] = {heard: meant for meant, line in _HEARD_FOR.items() for heard in line.split()}
_ALIKE = 0.55
_JOINED, _REPLACED = 0.15, 0.3
_LIKE_JOINED, _HEARD, _TRIED = 0.65, 12, 200
_NEAR = 3
_VARIANTS = 10
_MOST_WORDS = 4_096
_LEAST_LETTERS = 3
_UNSURE = 0.45
"""A correction that may turn a meaning round is worth no more."""
_FREE = " with free words"
_WILD, _WILD_WORTH = 0.7, 0.8


@dataclass(frozen=True, slots=True)
class Variant:
    """Request as it may have been meant."""

    text: str
    """The request, corrected."""
    cost: float
    """Cost of the changes; 0 for politeness."""
    risky: bool
    """Whether a change may turn the meaning round."""


class TolerantReader:
    """Reader of what the grammar would match if it were spelt well.

    Args:
        grammar: The templates, compiled for the home.
        calibration: What its readings are worth.
    """

    name: ClassVar[str] = "tolerant"

    def __init__(self, grammar: Grammar, *, calibration: Calibration = PLAIN) -> None:
        self.grammar, self.calibration = grammar, calibration
        self._read = lru_cache(maxsize=READINGS_KEPT)(self._corrected)
        self._choices: dict[str, list[tuple[str, float, bool]]] = {}

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings of the nearest wordings, best first."""
        return self._read(text, situation.context.room)

    def _corrected(self, text: str, room: str | None) -> tuple[Hypothesis, ...]:
        hypotheses = [
            Hypothesis(
                interpretation=replace(
                    reading,
                    confidence=min(self.calibration.of_tolerant(reading.confidence or 0.0), most),
                ),
                reader=self.name,
                reason=f"a sentence template{_FREE if most == _WILD_WORTH else ''}, after correcting the spelling",
            )
            for reading, most in self.scored(text, room)
        ]
        return apart(hypotheses)

    def scored(self, text: str, room: str | None) -> Iterator[tuple[Interpretation, float]]:
        """Return (reading with a raw score in [0, 1], highest confidence it can have); one a meaning."""
        best: dict[str, tuple[Interpretation, float]] = {}
        for variant in self.variants(text):
            for at, match in enumerate(self.grammar.matches(variant.text, room=room)[:2]):
                score = (1.0 - min(variant.cost, 0.95)) * (_WILD if match.wildcards else 1.0) * 0.3**at
                reading = replace(match.interpretation, confidence=score)
                if reading.key not in best or (best[reading.key][0].confidence or 0.0) < score:
                    most = _UNSURE if variant.risky or match.odd else _WILD_WORTH if match.wildcards else 1.0
                    best[reading.key] = (reading, most)
        ranked = sorted(best.values(), key=lambda found: -(found[0].confidence or 0.0))
        top = ranked[0][0].confidence or 0.0 if ranked else 0.0
        for place, (reading, most) in enumerate(ranked[:5]):
            rival = (ranked[1][0].confidence or 0.0) if place == 0 and len(ranked) > 1 else top if place else 0.0
            yield replace(reading, confidence=(reading.confidence or 0.0) * (1.0 - 0.5 * rival / max(top, 1e-9))), most

    def variants(self, text: str) -> list[Variant]:
        """Return wordings near to a request, the nearest first; at most ten."""
        unchanged = text.strip()
        drawn = []
        for words, joined in self._joined(stripped(unchanged).split()):
            choices = [self._known_near(word) for word in words]
            for combination in islice(product(*choices), _TRIED):
                cost = sum(cost for _, cost, _ in combination) + joined
                if cost < 1.0:
                    text_ = " ".join(word for word, _, _ in combination if word)
                    drawn.append(Variant(text_, round(cost, 4), any(risky for _, _, risky in combination)))
        drawn.sort(key=lambda variant: (variant.cost, variant.text))
        return [variant for variant in drawn if variant.text and variant.text != unchanged][:_VARIANTS]

    def _known_near(self, word: str) -> list[tuple[str, float, bool]]:
        """Return what a word may have been meant to be; the entries of a recogniser's list share most words."""
        near = self._choices.get(word)
        if near is None:
            if len(self._choices) >= _MOST_WORDS:
                self._choices.clear()
            near = self._choices[word] = self._near(word)
        return near

    def _near(self, word: str) -> list[tuple[str, float, bool]]:
        """Return (word, cost, risky): what a word may have been meant to be."""
        plain = word.casefold().strip(".,?!;:")
        if plain in FILLERS:
            return [("", 0.0, False)]
        alike = SOUNDS_LIKE.get(plain)
        runs = tokens(plain)
        is_known = all(self.grammar.prefilter.knows(run) for run in runs)
        if is_known or not _WORD.fullmatch(plain):
            same = [(word, 0.0, False)]
            return [*same, (alike, 0.3, _turns(plain, alike))] if alike else same
        near = self._heard(plain) if plain in common_words() else list(self._corrections(plain)) or self._heard(plain)
        if alike:
            near = [(alike, 0.15, _turns(plain, alike)), *near]
        return [*near[:_NEAR], (word, 0.35, False), *([("", 0.5, True)] if len(plain) > 1 else [])]

    def _joined(self, words: Sequence[str]) -> list[tuple[list[str], float]]:
        """Return the words, and the same with two joined that sound like one word: "time her", "thermos tat"."""
        found = [(list(words), 0.0)]
        for at in range(len(words) - 1):
            both = f"{words[at]} {words[at + 1]}".casefold()
            if all(self.grammar.prefilter.knows(run) for run in tokens(both)):
                continue
            known = self._by_sound.get(_key(both), ())
            near = [word for word in known if heard_similarity(both, word) >= _LIKE_JOINED and not _has_opposite(word)]
            if near:
                one = max(near, key=lambda word: heard_similarity(both, word))
                found.append(([*words[:at], one, *words[at + 2 :]], _JOINED))
        return found[:_NEAR]

    def _heard(self, word: str) -> list[tuple[str, float, bool]]:
        """Return words of templates and names that a word may have been heard for; never sure enough to act."""
        if len(word) <= _LEAST_LETTERS:
            return []
        keys, named = self._sounds
        found = []
        for _, _, at in extract(_key(word), keys, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=_HEARD):
            alike = heard_similarity(word, named[at])
            if alike >= _ALIKE and not opposites(word, named[at]):
                found.append((named[at], round(_REPLACED + 0.5 * (1.0 - alike), 4), True))
        found.sort(key=lambda each: each[1])
        return [each for each in found if not _as_near_to_opposite(each, found)][:_NEAR]

    @cached_property
    def _sounds(self) -> tuple[list[str], list[str]]:
        """Collect the sounds of the words of templates and names, and the words."""
        named = [word for letter in self._lexicon.values() for word, _ in letter]
        return [_key(word) for word in named], named

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        by_sound: dict[str, list[str]] = {}
        for key, word in zip(*self._sounds, strict=True):
            by_sound.setdefault(key, []).append(word)
        return by_sound

    def _corrections(self, word: str) -> list[tuple[str, float, bool]]:
        corrections = []
        most = 1 if len(word) <= 5 else 2
        for other, key in self._lexicon.get(word[0], ()):
            if abs(len(other) - len(word)) > most:
                continue
            distance = OSA.distance(word, other, score_cutoff=most)
            sound = key == _key(word)
            if distance <= most and (len(word) >= _LEAST_LETTERS or (sound and distance == 1)):
                cost = distance / (len(word) + 1) * (0.6 if sound else 1.0)
                corrections.append((other, round(0.05 + cost, 4), _turns(word, other)))
        corrections.sort(key=lambda each: each[1])
        return [each for each in corrections if not _as_near_to_opposite(each, corrections)]

    @cached_property
    def _lexicon(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Collect the words of templates and names by their first letter, with their sounds."""
        by_letter: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(self.grammar.prefilter.vocabulary):
            if len(word) > 1 and word.isalpha():
                by_letter.setdefault(word[0], []).append((word, _key(word)))
        return {letter: tuple(words) for letter, words in by_letter.items()}


@lru_cache(maxsize=4_096)
def _key(word: str) -> str:
    return sound_key(word)


def _turns(said: str, meant: str) -> bool:
    """Tell whether taking one word for another brings in a word with an opposite, a number, or something critical."""
    return said != meant and (_has_opposite(meant) or bool(numbers(meant)) or bool(critical_words(meant)))


@lru_cache(maxsize=4_096)
def _has_opposite(word: str) -> bool:
    """Tell whether some word means the opposite of it, among those that steer devices."""
    return any(opposites(word, other) for other in _STEERING)


_STEERING = "on off up down open close shut lock unlock raise lower increase decrease more less".split()


def _as_near_to_opposite(each: tuple[str, float, bool], found: list[tuple[str, float, bool]]) -> bool:
    word, cost, risky = each
    return risky and any(opposites(word, other) and far <= cost + 0.1 for other, far, _ in found if other != word)
