"""Project labels from a request that worked to the wording that failed before it.

A user is not understood, says it in other words, and is understood. The interpretation of the second wording is then
the label of the first: the same intent, and each slot at the position of its words in the first wording. Words are
aligned by dynamic programming over their similarity (same word, stem or sound; similar letters, sound or meaning; one
word may align with two, as recognisers split and join), in order, and then one block may have moved.

A slot is projected if its words are adjacent in the failed wording and similar enough. A slot that the failed wording
does not say is dropped if the intent is complete without it, else nothing is projected. Wordings with opposite meanings
project nothing.

Source: Falke et al., "Leveraging User Paraphrasing Behavior in Dialog Systems to Automatically Collect Annotations for
Long-Tail Utterances" (COLING 2020 Industry). Differs: the alignment scores are set by hand, and joined words align.
Limit: at most `MAX_WORDS` words; a name that was heard as a quite different one is dropped, not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from uptake.errors import BadConfig
from uptake.text.distance import edit_similarity
from uptake.text.lexicon import numbers, opposites
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.text.tokens import words
from uptake.understanding.intents.artifact import SentenceEncoder

__all__ = ["MAX_WORDS", "Projected", "Projector", "Slots", "align", "likeness", "located", "needed"]

MAX_WORDS = 40
"""Longer requests carry nothing: the alignment costs the product of the lengths."""
_STEM, _SOUND, _LETTERS = 0.95, 0.9, 0.85
_ENDINGS = ("'s", "ing", "ed", "es", "s")
_LEAST_WORD = 0.55  # likeness of words that pair
_SHORTEST = 3  # letters of a stem
_LONE = 2  # words that a moved block must have, unless it is a single word that is the same

Slots = tuple[tuple[str, int, int], ...]
"""(name, start, end) in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """Projected label."""

    slots: Slots
    """The slots, where they stand in the failed wording."""
    likeness: float
    """Mean likeness, in [0, 1], of the words of both wordings; a word without partner counts 0."""
    dropped: tuple[str, ...] = ()
    """Slots of what worked that the failed wording does not say."""


class _Pair(NamedTuple):
    """Aligned words of two texts."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Projector:
    """Function that projects labels between wordings.

    Args:
        least_word: Smallest similarity, in (0, 1], of aligned words.
        least_slot: Smallest mean similarity, in [0, 1], of a projected slot's words.
        least_text: Smallest similarity, in [0, 1], of the wordings.
        needed: Intent -> slots without which it is incomplete, as `needed` finds them.
        encoder: Finds words of similar meaning; None: letters and sounds only.
    """

    least_word: float = _LEAST_WORD
    least_slot: float = 0.6
    least_text: float = 0.0
    needed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    encoder: SentenceEncoder | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.least_word <= 1.0:
            raise BadConfig("least_word must be in (0, 1]")
        if not (0.0 <= self.least_slot <= 1.0 and 0.0 <= self.least_text <= 1.0):
            raise BadConfig("least_slot and least_text must be in [0, 1]")

    def __call__(self, worked: str, intent: str, slots: Slots, failed: str) -> Projected | None:
        """Return the label of the failed wording; None where the label cannot be carried.

        Args:
            worked: The wording that was understood.
            intent: Its intent.
            slots: Its slots, where they stand in it.
            failed: The wording that was not.
        """
        source, target = words(worked), words(failed)
        if not source or not target or max(len(source), len(target)) > MAX_WORDS:
            return None
        if opposites(normalize(worked), normalize(failed)):
            return None
        left, right = [one.text for one in source], [one.text for one in target]
        pairs = align(left, right, least=self.least_word, encoder=self.encoder)
        alike = _likeness(pairs, len(left), len(right))
        if alike < self.least_text:
            return None
        carried: list[tuple[str, int, int]] = []
        dropped: list[str] = []
        for name, start, end in slots:
            inside = {at for at, one in enumerate(source) if one.start < end and one.end > start}
            span = self._span(inside, pairs)
            if span is None or any(span[0] < last and span[1] > first for _, first, last in carried):
                dropped.append(name)
            else:
                carried.append((name, *span))
        if not self.needed.get(intent, frozenset()).isdisjoint(dropped):
            return None
        where = sorted((name, target[first].start, target[last - 1].end) for name, first, last in carried)
        return Projected(slots=tuple(sorted(where, key=lambda slot: slot[1])), likeness=alike, dropped=tuple(dropped))

    def _span(self, inside: set[int], pairs: Sequence[_Pair]) -> tuple[int, int] | None:
        """Find the span of a slot in the other wording: its words together, and no other slot's among them."""
        own = [pair for pair in pairs if not inside.isdisjoint(pair.left)]
        there = sorted(at for pair in own for at in pair.right)
        if not there or any(not inside.issuperset(pair.left) for pair in own):
            return None
        taken = {at for pair in pairs if pair not in own for at in pair.right}
        first, last = there[0], there[-1] + 1
        if not taken.isdisjoint(range(first, last)) or last - first > 2 * len(inside):
            return None
        worth = sum(pair.worth * len(pair.left) for pair in own) / len(inside)
        return (first, last) if worth >= self.least_slot else None


def align(
    left: Sequence[str], right: Sequence[str], *, least: float = 0.55, encoder: SentenceEncoder | None = None
) -> list[_Pair]:
    """Return pairs of words of two requests: in order, and then one block that may have moved.

    >>> [(pair.left, pair.right) for pair in align("play bare naked ladies".split(), "play barenaked ladies".split())]
    [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,))]
    """
    sure = _worths(left, right, least, encoder)
    pairs = _in_order(sure, range(len(left)), range(len(right)))
    block = _moved(sure, pairs, left, right)
    return sorted([*pairs, *block])


def likeness(left: str, right: str) -> float:
    """Return the similarity of two requests' words, in [0, 1], wherever one block of them stands."""
    one, other = [word.text for word in words(left)][:MAX_WORDS], [word.text for word in words(right)][:MAX_WORDS]
    return _likeness(align(one, other, least=_LEAST_WORD), len(one), len(other)) if one and other else 0.0


def located(text: str, values: Iterable[tuple[str, str]]) -> tuple[Slots, tuple[str, ...]]:
    """Find the spans of slot values in a text, and the slots whose value is not in it.

    >>> located("wake me at six", [("time", "six"), ("date", "tomorrow")])
    ((('time', 11, 14),), ('date',))
    """
    said = words(text)
    plain = [one.text for one in said]
    taken: set[int] = set()
    found: list[tuple[str, int, int]] = []
    missing: list[str] = []
    for name, value in values:
        wanted = [one.text for one in words(value)]
        places = (at for at in range(len(plain) - len(wanted) + 1) if plain[at : at + len(wanted)] == wanted)
        at = next((at for at in places if taken.isdisjoint(range(at, at + len(wanted)))), None) if wanted else None
        if at is None:
            missing.append(name)
        else:
            taken.update(range(at, at + len(wanted)))
            found.append((name, said[at].start, said[at + len(wanted) - 1].end))
    return tuple(sorted(found, key=lambda slot: slot[1])), tuple(missing)


def needed(read: Iterable[tuple[str, Iterable[str]]]) -> dict[str, frozenset[str]]:
    """Return intent -> slots that nearly all of its requests have, from five requests of an intent.

    Args:
        read: (intent, names of its slots) of requests that were understood.
    """
    totals: Counter[str] = Counter()
    having: Counter[tuple[str, str]] = Counter()
    for intent, names in read:
        totals[intent] += 1
        having.update((intent, name) for name in set(names))
    found: dict[str, set[str]] = {}
    for (intent, name), count in having.items():
        if totals[intent] >= 5 and count >= 0.9 * totals[intent]:
            found.setdefault(intent, set()).add(name)
    return {intent: frozenset(names) for intent, names in found.items()}


def _likeness(pairs: Sequence[_Pair], left: int, right: int) -> float:
    worth = sum(pair.worth * (len(pair.left) + len(pair.right)) for pair in pairs)
    return worth / max(left + right, 1)


def _worths(
    left: Sequence[str], right: Sequence[str], least: float, encoder: SentenceEncoder | None
) -> dict[tuple[int, int, int, int], float]:
    """Return (word, words, other word, other words) -> how alike they are, where that is enough."""
    found: dict[tuple[int, int, int, int], float] = {}
    meant = _meanings(left, right, encoder)
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            worth = max(_alike(one, other), meant.get((i, j), 0.0))
            if worth >= least:
                found[i, 1, j, 1] = worth
            if i + 1 < len(left) and (joined := _joined(one + left[i + 1], other)) >= least:
                found[i, 2, j, 1] = joined
            if j + 1 < len(right) and (joined := _joined(one, other + right[j + 1])) >= least:
                found[i, 1, j, 2] = joined
    return found


def _meanings(
    left: Sequence[str], right: Sequence[str], encoder: SentenceEncoder | None
) -> dict[tuple[int, int], float]:
    """Return cosines of the words' vectors, for words that are neither opposites nor numbers."""
    if encoder is None:
        return {}
    cosines = encoder.encode(left) @ encoder.encode(right).T
    return {
        (i, j): float(np.clip(cosines[i, j], 0.0, _LETTERS))
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if not opposites(one, other) and numbers(normalize(one)) == numbers(normalize(other))
    }


@lru_cache(maxsize=65_536)
def _alike(one: str, other: str) -> float:
    """Return the similarity of two words, in [0, 1]: same, same stem, same sound, or similar letters or sound."""
    first, second = normalize(one), normalize(other)
    if one == other or (first and first == second):
        return 1.0
    if numbers(first) != numbers(second) or opposites(first, second):
        return 0.0
    if _stem(first) == _stem(second):
        return _STEM
    here, there = sound_key(first), sound_key(second)
    if here == there and len(here) > 1:
        return _SOUND
    return _LETTERS * max(edit_similarity(first, second), edit_similarity(here, there) if len(here) > 1 else 0.0)


@lru_cache(maxsize=65_536)
def _joined(one: str, other: str) -> float:
    """Return the similarity of a word and two words run together, in [0, 1]; 0 unless nearly the same."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) <= _SHORTEST or numbers(one) != numbers(other):
        return 0.0
    if sound_key(one) == sound_key(other):
        return _SOUND
    letters = edit_similarity(one, other)
    return _LETTERS * letters if letters >= _LETTERS else 0.0


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _in_order(sure: Mapping[tuple[int, int, int, int], float], left: range, right: range) -> list[_Pair]:
    """Return the best pairs in order, by dynamic programming; longer words win ties."""
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            options = [(_value(best, i + 1, j), 0, 0), (_value(best, i, j + 1), 0, 1)]
            for a, b in ((1, 1), (2, 1), (1, 2)):
                worth = sure.get((left[i], a, right[j], b))
                if worth is not None and i + a <= len(left) and j + b <= len(right):
                    options.append((worth * (a + b) + _value(best, i + a, j + b), a, b))
            best[i, j] = max(options, key=lambda option: (option[0], option[1] > 0))
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        _, a, b = best[i, j]
        if a:
            worth = sure[left[i], a, right[j], b]
            pairs.append(_Pair(tuple(left[i : i + a]), tuple(right[j : j + b]), worth))
            i, j = i + a, j + b
        else:
            i, j = (i, j + 1) if b else (i + 1, j)
    return pairs


def _value(best: Mapping[tuple[int, int], tuple[float, int, int]], i: int, j: int) -> float:
    found = best.get((i, j))
    return found[0] if found is not None else 0.0


def _moved(
    sure: Mapping[tuple[int, int, int, int], float],
    pairs: Sequence[_Pair],
    left: Sequence[str],
    right: Sequence[str],
) -> list[_Pair]:
    """Return the best block of words without partner that stands elsewhere in the other request."""
    here = _runs({at for pair in pairs for at in pair.left}, len(left))
    there = _runs({at for pair in pairs for at in pair.right}, len(right))
    best: list[_Pair] = []
    for one in here:
        for other in there:
            block = _in_order(sure, one, other)
            if sum(pair.worth for pair in block) > sum(pair.worth for pair in best) and _is_block(block, left):
                best = block
    return best


def _is_block(block: Sequence[_Pair], left: Sequence[str]) -> bool:
    size = sum(len(pair.left) for pair in block)
    return size >= _LONE or (block[0].worth >= _STEM and len(left[block[0].left[0]]) > _SHORTEST)


def _runs(taken: set[int], size: int) -> list[range]:
    """Return runs of positions that nobody has taken."""
    runs, start = [], 0
    for at in range(size + 1):
        if at == size or at in taken:
            if at > start:
                runs.append(range(start, at))
            start = at + 1
    return runs
