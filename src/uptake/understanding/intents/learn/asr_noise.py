"""Augment sentences with recogniser noise, learned from reference and recognised text.

Each word is kept, replaced or dropped, with probabilities counted from aligned recordings. Rare words are misheard more
often, and a word that is not in the recordings is replaced by one of similar sound. A model trained on such sentences
is more robust to recogniser errors.

Source: confusion-based noise as in Ruan et al., "Towards an ASR error robust spoken language understanding system",
Interspeech 2020. Differs: words, not phones; probabilities back off to the frequency of the word. Limit: words are
misheard independently, so only observed errors join or split words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from uptake.text.distance import edit_similarity
from uptake.text.phonetic import sound_key

__all__ = ["Channel", "align", "surviving_slots"]

_BANDS = 7  # of word frequency, each twice the one before
_PRIOR = 4.0  # imagined occurrences of a word that err like its band
_SEEN_FIRST = 0.7  # chance that a word with known confusions is taken for one of them
_LEAST_USES = 3  # a word heard by mistake is one that occurs in that many sentences
_NEAREST = 5

T = TypeVar("T")


def align(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return pairs of positions of the cheapest alignment; None where a word was lost or came from nowhere."""
    cost = np.zeros((len(said) + 1, len(heard) + 1))
    cost[:, 0], cost[0] = np.arange(len(said) + 1), np.arange(len(heard) + 1)
    swap = np.array([[0.0 if a == b else 1.2 - 0.6 * edit_similarity(a, b) for b in heard] for a in said])
    for at in range(1, len(said) + 1):
        for other in range(1, len(heard) + 1):
            cost[at, other] = min(
                cost[at - 1, other - 1] + swap[at - 1, other - 1], cost[at - 1, other] + 1.0, cost[at, other - 1] + 1.0
            )
    at, other = len(said), len(heard)
    pairs: list[tuple[int | None, int | None]] = []
    while at or other:
        if at and other and np.isclose(cost[at, other], cost[at - 1, other - 1] + swap[at - 1, other - 1]):
            at, other = at - 1, other - 1
            pairs.append((at, other))
        elif at and np.isclose(cost[at, other], cost[at - 1, other] + 1.0):
            at -= 1
            pairs.append((at, None))
        else:
            other -= 1
            pairs.append((None, other))
    return pairs[::-1]


def surviving_slots(
    said: Sequence[str],
    slots: Sequence[tuple[str, int, int]],
    heard: Sequence[str],
    sources: Sequence[int | None],
) -> tuple[tuple[str, int, int], ...]:
    """Return slots (name, first word, after the last) of the words heard: those whose value arrived unharmed.

    A value that was misheard is no value, so a model that learns from these slots learns to leave it alone.

    Args:
        said: The words that were said.
        slots: Their slots.
        heard: The words that were heard.
        sources: Position of the word said behind each word heard; None for a word from nowhere.
    """
    found = []
    for name, first, last in slots:
        inside = [at for at, source in enumerate(sources) if source is not None and first <= source < last]
        if inside and list(heard[inside[0] : inside[-1] + 1]) == list(said[first:last]):
            found.append((name, inside[0], inside[-1] + 1))
    return tuple(found)


@dataclass(slots=True)
class Channel:
    """Noise model that mishears sentences like the recordings it was learned from.

    >>> channel = Channel.learn([(["turn", "it", "off"], ["turn", "off"])] * 9, vocabulary={})
    >>> channel.mishear(["turn", "it", "off"], np.random.default_rng(0))
    (['turn', 'off'], [0, 2])
    """

    confusions: dict[str, Counter[tuple[str, ...]]]
    """Times each word was heard as each row of words, itself included."""
    vocabulary: Counter[str]
    """Sentences that hold each word."""
    rates: list[float] = field(default_factory=list)
    """Chance of an error by frequency band."""
    lost: float = 0.0
    """Share of the errors in which a word is not heard at all."""
    extra: Counter[str] = field(default_factory=Counter)
    """Words that came from nowhere."""
    extra_rate: float = 0.0
    """Chance of such a word after each word."""
    _alike: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _by_sound: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def learn(cls, pairs: Iterable[tuple[Sequence[str], Sequence[str]]], *, vocabulary: dict[str, int]) -> Channel:
        """Count confusions in pairs of (words said, words heard).

        Args:
            pairs: One for each recording.
            vocabulary: Sentences that hold each word, in what the noise will be added to.
        """
        channel = cls(defaultdict(Counter), Counter(vocabulary))
        for said, heard in pairs:
            channel._count(said, heard)
        wrong, total = np.full(_BANDS, 0.5), np.full(_BANDS, 2.0)
        errors: Counter[bool] = Counter()
        for word, counts in channel.confusions.items():
            missed = sum(count for what, count in counts.items() if what != (word,))
            wrong[channel._band(word)] += missed
            total[channel._band(word)] += counts.total()
            errors[True] += counts[()]
            errors[False] += missed
        channel.rates = [float(rate) for rate in wrong / total]
        channel.lost = errors[True] / max(errors[False], 1)
        channel.extra_rate = channel.extra.total() / max(sum(one.total() for one in channel.confusions.values()), 1)
        for word, count in sorted(channel.vocabulary.items()):
            if count >= _LEAST_USES and word.isalpha():
                channel._by_sound.setdefault(sound_key(word), []).append(word)
        return channel

    def mishear(
        self, words: Sequence[str], generator: np.random.Generator, *, strength: float = 1.0
    ) -> tuple[list[str], list[int | None]]:
        """Return a sentence as it might be heard, and the word said behind each word heard.

        Args:
            words: The words that were said.
            generator: Where chance comes from.
            strength: Multiplies the chance of every error.
        """
        heard: list[str] = []
        sources: list[int | None] = []
        for at, word in enumerate(words):
            what = (word,) if generator.random() >= strength * self._chance(word) else self._mistake(word, generator)
            heard += what
            sources += [at] * len(what)
            if self.extra and generator.random() < strength * self.extra_rate:
                heard.append(_drawn(self.extra, generator))
                sources.append(None)
        return heard, sources

    def _count(self, said: Sequence[str], heard: Sequence[str]) -> None:
        what: list[list[str]] = [[] for _ in said]
        last: int | None = None
        for at, other in align(said, heard):
            last = at if at is not None else last
            if other is None:
                continue
            if at is not None or (last is not None and what[last][:1] != [said[last]] and what[last]):
                what[last if last is not None else 0].append(heard[other])
            else:
                self.extra[heard[other]] += 1
        for word, found in zip(said, what, strict=True):
            self.confusions[word][tuple(found)] += 1

    def _band(self, word: str) -> int:
        return min(int(np.log2(self.vocabulary[word] + 1)), _BANDS - 1)

    def _chance(self, word: str) -> float:
        """Return the chance that a word is misheard: its own, smoothed by that of words as frequent."""
        counts = self.confusions.get(word, Counter())
        missed = counts.total() - counts[(word,)]
        return (missed + _PRIOR * self.rates[self._band(word)]) / (counts.total() + _PRIOR)

    def _mistake(self, word: str, generator: np.random.Generator) -> tuple[str, ...]:
        known = Counter({what: count for what, count in self.confusions.get(word, {}).items() if what != (word,)})
        if known and generator.random() < _SEEN_FIRST:
            return _drawn(known, generator)
        alike = self._sounding_like(word)
        if not alike or generator.random() < self.lost:
            return ()
        return (alike[int(generator.integers(len(alike)))],)

    def _sounding_like(self, word: str) -> list[str]:
        if word not in self._alike:
            key = sound_key(word)
            near = sorted(self._by_sound, key=lambda other: (-edit_similarity(key, other), other))[:_NEAREST]
            self._alike[word] = [other for sound in near for other in self._by_sound[sound] if other != word][:_NEAREST]
        return self._alike[word]


def _drawn(counts: Counter[T], generator: np.random.Generator) -> T:
    options = list(counts)
    weights = np.array([counts[one] for one in options], dtype=np.float64)
    return options[int(generator.choice(len(options), p=weights / weights.sum()))]
