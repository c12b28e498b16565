"""What the statistical reader must know of the grammar to turn labels and tags back into frames."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uptake.agent.understand.sampling import Sample, split_label
from uptake.text.lexicon import opposites
from uptake.text.normalize import normalize

__all__ = ["FILE", "Frames", "frame_of"]

FILE = "frames.json"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
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
    """

    combinations: Mapping[str, frozenset[str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, samples: Iterable[Sample], values: Mapping[str, Mapping[str, str]]) -> Frames:
        """What some sentences show."""
        combinations: dict[str, set[str]] = {}
        said: dict[str, set[str]] = {}
        known: set[str] = set()
        for sample in samples:
            combinations.setdefault(sample.label, set()).add(" ".join(sorted({slot for slot, _, _ in sample.slots})))
            inside = "".join(
                " " if any(start <= at < end for _, start, end in sample.slots) else char
                for at, char in enumerate(sample.text)
            )
            words = set(normalize(inside).split())
            known |= words
            said.setdefault(sample.label, set()).update(words)
        everything = frozenset().union(*said.values()) if said else frozenset()
        paired = {word for word in everything if any(opposites(word, other) for other in everything)}
        return cls(
            {label: frozenset(found) for label, found in combinations.items()},
            values,
            {label: frozenset(words & paired) for label, words in said.items()},
            frozenset(known),
        )

    def allows(self, label: str, slots: Iterable[str]) -> bool:
        """Whether some sentence of a label said just these slots."""
        return " ".join(sorted(set(slots))) in self.combinations.get(label, frozenset())

    def contradicts(self, label: str, text: str) -> bool:
        """Whether a request says a word whose opposite, but not itself, belongs to a label."""
        said = self.said.get(label, frozenset())
        return any(word not in said and opposites(word, other) for word in set(text.split()) for other in said)

    def meant(self, slot: str, said: str) -> str | None:
        """The value of a slot; None where what was said is none."""
        plain = normalize(said)
        known = self.values.get(slot)
        if known is not None and plain in known:
            return known[plain]
        if slot in _NUMERIC:
            number = _NUMBER.fullmatch(plain.rstrip("% °"))
            if number is None:
                return None
            return _short(number.group())
        if known is not None:
            return None
        return said.strip()

    def frame(self, sample: Sample) -> tuple[str, dict[str, str]]:
        """Intent and slots of a sampled sentence."""
        said = [(slot, sample.text[start:end]) for slot, start, end in sample.slots]
        return frame_of(sample.label, [(slot, self.meant(slot, text) or text) for slot, text in said])

    def unknown(self, text: str) -> int:
        """How many words of a request no sentence has."""
        return sum(word not in self.known and not word.isdigit() for word in normalize(text).split())

    def save(self, directory: Path) -> None:
        """Write `frames.json`."""
        written: dict[str, Any] = {
            "combinations": {label: sorted(found) for label, found in sorted(self.combinations.items())},
            "values": {slot: dict(sorted(found.items())) for slot, found in sorted(self.values.items())},
            "said": {label: sorted(words) for label, words in sorted(self.said.items())},
            "known": sorted(self.known),
        }
        (directory / FILE).write_text(json.dumps(written, indent=0, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Frames:
        """Open what `save` wrote."""
        written = json.loads((directory / FILE).read_text(encoding="utf-8"))
        return cls(
            {label: frozenset(found) for label, found in written["combinations"].items()},
            written["values"],
            {label: frozenset(words) for label, words in written["said"].items()},
            frozenset(written["known"]),
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label."""
        return tuple(self.combinations)


def _short(number: str) -> str:
    value = float(number)
    return str(int(value)) if value.is_integer() else str(value)


def frame_of(label: str, slots: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """Intent and slots of a label and what was tagged; the fixed slots win."""
    intent, fixed = split_label(label)
    return intent, {**dict(slots), **fixed}
