"""Baseline of readers: the intent of the nearest known sentence, by cosine of letter trigrams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

from uptake.lab.evaluate.readings import Test
from uptake.text.normalize import normalize

__all__ = ["nearest_intents"]

_SIZE = 3
Vector = dict[str, float]


def nearest_intents(known: Sequence[Test], asked: Sequence[Test]) -> list[str | None]:
    """Return, for each sentence that is asked about, the intent of the nearest known one; None where none is near.

    Grams weigh less the more known sentences have them (tf-idf).
    """
    seen: Counter[str] = Counter()
    for test in known:
        seen.update(set(_grams(test.text)))
    rarity = {gram: log((1 + len(known)) / (1 + count)) + 1.0 for gram, count in seen.items()}
    index: dict[str, list[tuple[int, float]]] = {}
    for at, test in enumerate(known):
        for gram, value in _vector(test.text, rarity).items():
            index.setdefault(gram, []).append((at, value))
    found: list[str | None] = []
    for test in asked:
        scores: dict[int, float] = {}
        for gram, value in _vector(test.text, rarity).items():
            for at, other in index[gram]:
                scores[at] = scores.get(at, 0.0) + value * other
        best = max(scores.items(), key=lambda hit: (hit[1], -hit[0]), default=None)
        found.append(known[best[0]].intent if best is not None else None)
    return found


def _grams(text: str) -> list[str]:
    plain = f" {normalize(text)} "
    return [plain[at : at + _SIZE] for at in range(len(plain) - _SIZE + 1)]


def _vector(text: str, rarity: dict[str, float]) -> Vector:
    counts = Counter(gram for gram in _grams(text) if gram in rarity)
    vector = {gram: count * rarity[gram] for gram, count in counts.items()}
    length = sqrt(sum(value * value for value in vector.values())) or 1.0
    return {gram: value / length for gram, value in vector.items()}
