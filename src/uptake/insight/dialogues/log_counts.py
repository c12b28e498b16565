"""Counts from a training log, for the features of turns and turn pairs.

The evaluated log is never counted, since the count of a text that is new there must show that it is new.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from uptake.insight.dialogues.views import Item, TurnInSession
from uptake.text.normalize import normalize

__all__ = ["Row", "Tables", "said_by"]

Thing = TypeVar("Thing", bound=Hashable)
Value = TypeVar("Value")

Row = dict[str, float]
"""Features by name; a missing or NaN feature is unknown."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Counts from a training log."""

    texts: Mapping[str, int]
    """Times each text was acted on."""
    readings: Mapping[frozenset[Item], int]
    """Times each reading was acted on."""
    rarity: Mapping[str, float]
    """ln(turns / turns with the content word): large for telling words."""
    values: Mapping[str, frozenset[str]]
    """For each value text that some reading had: the slots it filled."""
    parts: tuple[str, ...]
    """The commonest parts of intents."""
    tokens: tuple[str, ...]
    """The commonest names in what the assistant does."""
    least_people: int = 1
    """Fewest people who must have said something for it to be kept."""

    @classmethod
    def of(cls, views: Sequence[TurnInSession], *, parts: int = 12, tokens: int = 24, least_people: int = 1) -> Tables:
        """Count a training log; what fewer than `least_people` said or were taken to mean is not remembered."""
        words = Counter(word for view in views for word in set(view.content))
        values: defaultdict[str, set[str]] = defaultdict(set)
        for view in views:
            for name, value in view.masses:
                if value:
                    values[normalize(value)].add(name)
        told = ((value, view) for view in views for value in {normalize(value) for _, value in view.masses})
        texts = said_by(((view.top, view) for view in views), least_people)
        readings = said_by(((view.meant, view) for view in views), least_people)
        known = said_by(((word, view) for view in views for word in set(view.content)), least_people)
        offered = said_by(told, least_people)
        return cls(
            texts=_kept(Counter(view.top for view in views), texts),
            readings=_kept(Counter(view.meant for view in views), readings),
            rarity=_kept({word: math.log((len(views) + 1) / count) for word, count in words.items()}, known),
            values=_kept({value: frozenset(names) for value, names in values.items()}, offered),
            parts=_commonest((name for view in views for name, value in view.meant if not value), parts),
            tokens=_commonest((token for view in views for token in view.prompt_tokens), tokens),
            least_people=least_people,
        )

    def heard(self, view: TurnInSession) -> list[str]:
        """Return the known values that some alternative of the recogniser holds, word by word, sorted."""
        found = set()
        for text, _ in view.heard:
            words = text.split()
            for at in range(len(words)):
                if words[at] not in self.openers:
                    continue
                for end in range(at + 1, min(at + self.longest, len(words)) + 1):
                    candidate = " ".join(words[at:end])
                    if candidate in self.values:
                        found.add(candidate)
        return sorted(found)

    @cached_property
    def openers(self) -> frozenset[str]:
        """First words of the known values."""
        return frozenset(value.split(" ", maxsplit=1)[0] for value in self.values)

    @cached_property
    def unseen(self) -> float:
        """Rarity of a word that was never counted."""
        return math.log(len(self.texts) + 2.0)

    @cached_property
    def longest(self) -> int:
        """Words of the longest known value."""
        return max((len(value.split()) for value in self.values), default=0)

    def weight(self, words: Iterable[str]) -> float:
        """Return the summed rarity of some words; unseen words count as the rarest."""
        rarity, unseen = self.rarity, self.unseen
        return sum([rarity.get(word, unseen) for word in sorted(words)])


def said_by(said: Iterable[tuple[Thing, TurnInSession]], least_people: int) -> set[Thing] | None:
    """Return what at least that many people said; None where one is enough and nothing need be left out."""
    if least_people <= 1:
        return None
    people: defaultdict[Thing, set[str]] = defaultdict(set)
    for thing, view in said:
        people[thing].add(view.turn.user_id)
    return {thing for thing, users in people.items() if len(users) >= least_people}


def _kept(counts: Mapping[Thing, Value], kept: set[Thing] | None) -> dict[Thing, Value]:
    return {thing: value for thing, value in counts.items() if kept is None or thing in kept}


def _commonest(names: Iterable[str], count: int) -> tuple[str, ...]:
    return tuple(name for name, _ in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))[:count])
