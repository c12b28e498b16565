"""What is counted in a training log, for the rich features of pairs and turns.

Never counted in the log that is judged: a judged text may be new, and its count then says so.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from uptake.signals.views import Item, View
from uptake.text.normalize import normalize

__all__ = ["Row", "Tables"]

Row = dict[str, float]
"""Features by name; a missing or NaN feature is unknown."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Counts from a training log."""

    texts: Mapping[str, int]
    """How often each text was acted on."""
    readings: Mapping[frozenset[Item], int]
    """How often each reading was acted on."""
    rarity: Mapping[str, float]
    """ln(turns / turns with the content word): large for telling words."""
    values: Mapping[str, frozenset[str]]
    """For each value text that some reading had: the slots it filled."""
    parts: tuple[str, ...]
    """The commonest parts of intents."""
    tokens: tuple[str, ...]
    """The commonest names in what the assistant does."""

    @classmethod
    def of(cls, views: Sequence[View], *, parts: int = 12, tokens: int = 24) -> Tables:
        """Count a training log."""
        words = Counter(word for view in views for word in set(view.content))
        values: defaultdict[str, set[str]] = defaultdict(set)
        for view in views:
            for name, value in view.masses:
                if value:
                    values[normalize(value)].add(name)
        return cls(
            texts=Counter(view.top for view in views),
            readings=Counter(view.meant for view in views),
            rarity={word: math.log((len(views) + 1) / count) for word, count in words.items()},
            values={value: frozenset(names) for value, names in values.items()},
            parts=_commonest((name for view in views for name, value in view.meant if not value), parts),
            tokens=_commonest((token for view in views for token in view.prompt_tokens), tokens),
        )

    def heard(self, view: View) -> list[str]:
        """The known values that some alternative of the recogniser holds, word by word, sorted."""
        found = set()
        for text, _ in view.heard:
            words = text.split()
            for at in range(len(words)):
                for end in range(at + 1, min(at + self.longest, len(words)) + 1):
                    candidate = " ".join(words[at:end])
                    if candidate in self.values:
                        found.add(candidate)
        return sorted(found)

    @cached_property
    def longest(self) -> int:
        """Words of the longest known value."""
        return max((len(value.split()) for value in self.values), default=0)

    def weight(self, words: Iterable[str]) -> float:
        """How telling some words are together; unseen words count as the rarest."""
        return sum(self.rarity.get(word, math.log(len(self.texts) + 2.0)) for word in sorted(words))


def _commonest(names: Iterable[str], count: int) -> tuple[str, ...]:
    return tuple(name for name, _ in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))[:count])
