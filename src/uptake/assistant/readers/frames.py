"""Frames of the grammar, to turn labels and tags of the statistical reader back into intents and slots."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from uptake.assistant.readers.augment import COURTESIES
from uptake.assistant.readers.cues import CARRIERS, SILENT
from uptake.assistant.readers.sampling import Sample, split_label
from uptake.text.lexicon import STOP_WORDS, opposites, opposites_of
from uptake.text.normalize import normalize

__all__ = ["FILE", "Frames", "frame_of", "opposite", "says_nothing"]

FILE = "frames.json"
_OFTEN = 3
_SHORTEST, _LEAST_STEM = 2, 3  # letters
_ENDINGS = ("'s", "ing", "es", "ed", "s")
_SHARE = 0.01
_HARDLY, _RATHER = 0.2, 0.6  # "on" is a place, too
_SAY_NOTHING = COURTESIES | (STOP_WORDS - {"on", "off", "up", "down", "more", "less", "close", "open"})
_SAY_LITTLE = SILENT | CARRIERS
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NOT_TURNING = frozenset(
    "left right light dark day night hot cold front back first last morning evening before after inside outside in out "
    "indoor outdoor lunch dinner early late empty full same different his her him today tomorrow yesterday".split()
)
"""Words with an opposite that turn no request round: "did we leave it on", "it is dark in here"."""
_QUESTIONS = frozenset("what which who when where how".split())
_PLACES = frozenset({"name", "area", "floor"})
_IMPLIED = frozenset({"state"})
"""Slots that `complete` may add."""
_NUMERIC = frozenset(
    "brightness temperature position volume_level volume_step percentage hours minutes seconds start_hours "
    "start_minutes start_seconds".split()
)


@dataclass(frozen=True, slots=True)
class Frames:
    """Labels, their slots and their words, as the sampled sentences showed them.

    Args:
        combinations: Label -> sets of slots that occurred together, each sorted and joined by spaces.
        values: Slot -> what is said -> what is meant, for the slots with a closed list.
        said: Label -> the words of its sentences that have an opposite.
        known: Every word of the sentences.
        evidence: Label that has an opposite -> words that tell it from the opposite.
        words: Label -> the words of its sentences, said in other ways or not, but for those that say nothing.
    """

    combinations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    evidence: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        samples: Iterable[Sample],
        values: Mapping[str, Mapping[str, str]],
        practised: Iterable[Sample] = (),
        *,
        paraphrased: Iterable[Sample] = (),
    ) -> Frames:
        """Collect the frames of some sentences.

        Args:
            samples: Sentences as the templates have them.
            values: What the slots with a closed list may be.
            practised: The same and others said in other ways: shows which words tell a label from its opposite.
            paraphrased: Wordings that no template has: their words are known, but say nothing of opposites.
        """
        paraphrased = tuple(paraphrased)
        combinations: dict[str, set[str]] = {}
        said: dict[str, set[str]] = {}
        known: set[str] = set()
        for sample in samples:
            combinations.setdefault(sample.label, set()).add(" ".join(sorted({slot for slot, _, _ in sample.slots})))
            words = _said(sample)
            known |= words
            said.setdefault(sample.label, set()).update(words)
        meant = {label: frozenset(words) for label, words in said.items()}
        for sample in paraphrased:
            if sample.label in said:
                combinations[sample.label].add(" ".join(sorted({slot for slot, _, _ in sample.slots})))
                words = _said(sample)
                known |= words
                said[sample.label].update(words)
        everything = frozenset().union(*meant.values()) if meant else frozenset()
        paired = {word for word in everything if any(opposites(word, other) for other in everything)}
        return cls(
            {label: frozenset(slot_sets) for label, slot_sets in combinations.items()},
            values,
            {label: words & paired for label, words in meant.items()},
            frozenset(known),
            _evidence(practised),
            _words(said, practised),
        )

    def unaccounted(self, label: str, text: str) -> list[str]:
        """Return the content words of a request that no sentence of a label has."""
        expected = self.words.get(label)
        if expected is None:
            return []
        return [word for word, stem in _speaking(text) if stem not in expected]

    def supports(self, label: str, text: str) -> bool:
        """Tell whether a request has a word that tells a label from its opposite, and none that tells the reverse.

        True for labels without an opposite.
        """
        telling, other = self.evidence.get(label), opposite(label)
        if telling is None or other is None:
            return True
        said = {form for word in text.split() for form in (word, _stem(word))}
        against = self.evidence.get(other, frozenset()) - ({"on"} if "off" in said else set())  # "off on the stairs"
        return not said.isdisjoint(_with_stems(telling)) and against.isdisjoint(said)

    def with_words(self, said: Mapping[str, Iterable[str]]) -> Frames:
        """Add words of requests that were labelled later. Words that tell opposites apart stay."""
        words = dict(self.words)
        for label, more in said.items():
            if label in words:
                words[label] = words[label] | {_stem(word) for word in more if not _silent(word)}
        known = self.known.union(*(frozenset(more) for more in said.values()))
        return replace(self, words=words, known=known)

    def allows(self, label: str, slots: Iterable[str]) -> bool:
        """Tell whether some sentence of a label said just these slots."""
        return " ".join(sorted(set(slots))) in self.combinations.get(label, frozenset())

    def needs(self, label: str) -> frozenset[str]:
        """Return the slots that every sentence of a label has, of those that are said in words of their own."""
        said = [frozenset(slots.split()) for slots in self.combinations.get(label, ())]
        return frozenset.intersection(*said) - _PLACES - _IMPLIED if said else frozenset()

    def is_open(self, slot: str) -> bool:
        """Tell whether a slot may hold any words."""
        return slot not in self.values and slot not in _NUMERIC and slot not in _PLACES

    def contradicts(self, label: str, text: str) -> bool:
        """Tell whether a request says a word whose opposite, but not itself, belongs to a label."""
        said = self.said.get(label, frozenset())
        return any(word not in said and not said.isdisjoint(others) for word, others in _turning(text))

    def meant(self, slot: str, said: str) -> str | None:
        """Return the value of a slot; None where what was said is none."""
        plain = normalize(said)
        values = self.values.get(slot)
        if values is not None and plain in values:
            return values[plain]
        if slot in _NUMERIC:
            number = _NUMBER.fullmatch(plain.rstrip("% °"))
            if number is None:
                return None
            return _short(number.group())
        if values is not None:
            return None
        return said.strip()

    def frame(self, sample: Sample) -> tuple[str, dict[str, str]]:
        """Return the intent and the slots of a sampled sentence."""
        said = [(slot, sample.text[start:end]) for slot, start, end in sample.slots]
        return frame_of(sample.label, [(slot, self.meant(slot, text) or text) for slot, text in said])

    def unknown(self, text: str) -> list[str]:
        """Return the words of a request that no sentence has."""
        return [word for word in normalize(text).split() if word not in self.known and not word.isdigit()]

    @property
    def listed(self) -> frozenset[str]:
        """Every word of a value of a closed list."""
        return frozenset(word for meanings in self.values.values() for said in meanings for word in said.split())

    def save(self, directory: Path) -> None:
        """Write `frames.json`."""
        written: dict[str, Any] = {
            "combinations": {label: sorted(slot_sets) for label, slot_sets in sorted(self.combinations.items())},
            "values": {slot: dict(sorted(meanings.items())) for slot, meanings in sorted(self.values.items())},
            "said": {label: sorted(words) for label, words in sorted(self.said.items())},
            "known": sorted(self.known),
            "evidence": {label: sorted(words) for label, words in sorted(self.evidence.items())},
            "words": {label: " ".join(sorted(words)) for label, words in sorted(self.words.items())},
        }
        (directory / FILE).write_text(json.dumps(written, indent=0, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Frames:
        """Open what `save` wrote."""
        written = json.loads((directory / FILE).read_text(encoding="utf-8"))
        return cls(
            {label: frozenset(slot_sets) for label, slot_sets in written["combinations"].items()},
            written["values"],
            {label: frozenset(words) for label, words in written["said"].items()},
            frozenset(written["known"]),
            {label: frozenset(words) for label, words in written["evidence"].items()},
            {label: frozenset(words.split()) for label, words in written["words"].items()},
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label."""
        return tuple(self.combinations)


def _said(sample: Sample) -> set[str]:
    """Return the words of a sentence that fill no slot."""
    inside = "".join(
        " " if any(start <= at < end for _, start, end in sample.slots) else char for at, char in enumerate(sample.text)
    )
    return set(normalize(inside).split())


_TURNED = {
    "HassTurnOn": "HassTurnOff",
    "state=on": "state=off",
    "state=open": "state=closed",
    "state=opening": "state=closing",
    "state=locked": "state=unlocked",
    "direction=up": "direction=down",
    "volume_step=up": "volume_step=down",
}
_TURNED |= {other: one for one, other in _TURNED.items()}


def opposite(label: str) -> str | None:
    """Return the label that means the opposite; None where none does."""
    parts = label.split("|")
    turned = [_TURNED.get(part, part) for part in parts]
    return "|".join(turned) if turned != parts else None


def _evidence(samples: Iterable[Sample]) -> dict[str, frozenset[str]]:
    """Collect label -> words that are often in its sentences and hardly ever in those of its opposite."""
    counts: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for sample in samples:
        sizes[sample.label] += 1
        counts.setdefault(sample.label, Counter()).update(set(normalize(sample.text).split()) - _SAY_NOTHING)
    evidence = {}
    for label, words in counts.items():
        other = opposite(label)
        if other is not None:
            against, often = counts.get(other, Counter()), max(_OFTEN, sizes[label] * _SHARE)
            evidence[label] = frozenset(
                word
                for word, count in words.items()
                if count >= often and against[word] <= count * (_RATHER if word == "on" else _HARDLY)
            )
    return evidence


def _words(said: Mapping[str, set[str]], samples: Iterable[Sample]) -> dict[str, frozenset[str]]:
    """Collect label -> words that its sentences say; a word of a single varied sentence may be misspelt."""
    counts: dict[str, Counter[str]] = {}
    for sample in samples:
        counts.setdefault(sample.label, Counter()).update(set(normalize(sample.text).split()))
    return {
        label: frozenset(
            _stem(word)
            for word in {*words, *(word for word, count in counts.get(label, Counter()).items() if count > 1)}
            if not _silent(word)
        )
        for label, words in said.items()
    }


@lru_cache(maxsize=64)
def _turning(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the words of a request that have opposites, and those: every label of the request asks."""
    said = {*text.split()} - _NOT_TURNING
    return tuple((word, others - _NOT_TURNING) for word in said if (others := opposites_of(word)))


@lru_cache(maxsize=512)
def _with_stems(words: frozenset[str]) -> frozenset[str]:
    return words | {_stem(word) for word in words}


def says_nothing(said: str) -> bool:
    """Tell whether every word is one of those that stand in any request, or any question.

    >>> says_nothing("what does"), says_nothing("what orbits")
    (True, False)
    """
    return all(_silent(word) or word in _QUESTIONS for word in normalize(said).split())


@lru_cache(maxsize=256)
def _speaking(text: str) -> tuple[tuple[str, str], ...]:
    """Return the words of a request that say something, with their stems: every label of the request asks."""
    return tuple((word, _stem(word)) for word in normalize(text).split() if not _silent(word))


@lru_cache(maxsize=4_096)
def _silent(word: str) -> bool:
    forms = (word, _stem(word))
    return word.isdigit() or len(word) < _SHORTEST or not _SAY_LITTLE.isdisjoint(forms)


@lru_cache(maxsize=4_096)
def _stem(word: str) -> str:
    """Remove the commonest endings of a word: "switching" and "switches" become "switch"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > _LEAST_STEM and stem[-1] == stem[-2] else stem.removesuffix("e")
    return word.removesuffix("e") if len(word) > _LEAST_STEM else word


def _short(number: str) -> str:
    value = float(number)
    return str(int(value)) if value.is_integer() else str(value)


def frame_of(label: str, slots: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """Return the intent and the slots of a label and what was tagged; the fixed slots win."""
    intent, fixed = split_label(label)
    return intent, {**dict(slots), **fixed}
