"""Statistics of n-best lists: the hypotheses below the top, and how well scores separate right from wrong.

They are computed in the same way on real calls and on simulated lists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from uptake.ml.metrics import roc_auc
from uptake.types import Transcript

__all__ = ["SIZE", "Listed", "figures", "intervals"]

SIZE = 5
"""Entries of a list that are looked at."""

_FEW = 8
_SHARES = ("delete", "replace", "insert")


@dataclass(frozen=True, slots=True)
class Listed:
    """Utterance with its n-best list."""

    said: str
    """What was said; "" where nobody wrote it down."""
    heard: tuple[Transcript, ...]
    """The list: different texts, best first."""
    speaker: str
    """Who said it: intervals are drawn over speakers."""

    @property
    def top(self) -> str:
        """The first entry."""
        return self.heard[0].text

    @property
    def texts(self) -> list[str]:
        """The first entries."""
        return [one.text for one in self.heard[:SIZE]]


def figures(lists: Sequence[Listed]) -> dict[str, float | None]:
    """Count the figures of some lists; None where there is nothing to count, as without what was said."""
    kept = [one for one in lists if one.heard and one.top]
    aloud = [one for one in kept if one.said]
    wrong = [one for one in aloud if one.top != one.said]
    found: dict[str, float | None] = {"length of the list (of 5)": _mean([len(one.texts) for one in kept])}
    found |= _oracle(aloud) | _truth(wrong) | _lost(wrong) | _edits(kept) | _calibration(aloud)
    return found


def intervals(lists: Sequence[Listed], *, draws: int = 200, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of the figures, by drawing speakers with replacement."""
    by_speaker: dict[str, list[Listed]] = defaultdict(list)
    for one in lists:
        by_speaker[one.speaker].append(one)
    names, rng = sorted(by_speaker), np.random.default_rng(seed)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(draws):
        sample = [one for at in rng.integers(len(names), size=len(names)) for one in by_speaker[names[at]]]
        for name, value in figures(sample).items():
            if value is not None:
                drawn[name].append(value)
    return {name: tuple(np.quantile(values, (0.025, 0.975)).tolist()) for name, values in drawn.items()}


def _oracle(aloud: Sequence[Listed]) -> dict[str, float | None]:
    """Compute the least word error rate among the first entries, over that of the top."""
    costs = [[Levenshtein.distance(one.said.split(), text.split()) for text in one.texts] for one in aloud]
    top = sum(each[0] for each in costs)
    return {
        f"word errors of the best of {count}, over those of the top": sum(min(each[:count]) for each in costs) / top
        if top
        else None
        for count in range(2, SIZE + 1)
    }


def _truth(wrong: Sequence[Listed]) -> dict[str, float | None]:
    places = [one.texts.index(one.said) + 1 for one in wrong if one.said in one.texts]
    found: dict[str, float | None] = {
        "truth on the list, given that the top is wrong": _mean([one.said in one.texts for one in wrong])
    }
    return found | {f"… and its place, if listed: {place}": _mean([at == place for at in places]) for place in (2, 3)}


def _lost(wrong: Sequence[Listed]) -> dict[str, float | None]:
    """Compute the share of words that the top lost which some entry below has."""
    counts = {True: [0, 0], False: [0, 0]}
    for one in wrong:
        below = {word for text in one.texts[1:] for word in text.split()}
        for word, count in (Counter(one.said.split()) - Counter(one.top.split())).items():
            counts[one.said in one.texts][0] += count
            counts[one.said in one.texts][1] += count * (word in below)
    lost, found = counts[False]
    every = [listed + other for listed, other in zip(*counts.values(), strict=True)]
    return {
        "lost words found below, given that the truth is not listed": found / lost if lost else None,
        "lost words found below, given that the top is wrong": every[1] / every[0] if every[0] else None,
    }


def _edits(kept: Sequence[Listed]) -> dict[str, float | None]:
    """Compute how many words entries differ by, and in what way."""
    split = [[text.split() for text in one.texts] for one in kept]
    found: dict[str, float | None] = {}
    for place in (2, 3, 5):
        found[f"words by which entry {place} differs from the top"] = _mean(
            [Levenshtein.distance(texts[0], texts[place - 1]) for texts in split if len(texts) >= place]
        )
    found["words by which entries below differ from each other"] = _mean(
        [
            Levenshtein.distance(texts[first], texts[second])
            for texts in split
            for first in range(1, len(texts))
            for second in range(first + 1, len(texts))
        ]
    )
    kinds: Counter[str] = Counter()
    doubtful = total = 0
    for one, texts in zip(kept, split, strict=True):
        said = set(one.said.split())
        for text in texts[1:]:
            for edit in Levenshtein.editops(texts[0], text):
                kinds[edit.tag] += 1
                if one.said and edit.tag != "insert":
                    total += 1
                    doubtful += texts[0][edit.src_pos] not in said
    for kind in _SHARES:
        found[f"edits that {kind} a word"] = kinds[kind] / kinds.total() if kinds else None
    found["words of the top changed below that were misheard"] = doubtful / total if total else None
    return found


def _calibration(aloud: Sequence[Listed]) -> dict[str, float | None]:
    """Compute how well scores tell right tops from wrong ones: area under the curve, and by quarters of the gap."""
    scored = [one for one in aloud if len(one.heard) > 1 and None not in (one.heard[0].score, one.heard[1].score)]
    right = np.array([one.top == one.said for one in scored], dtype=bool)
    gaps = np.array([(one.heard[0].score or 0.0) - (one.heard[1].score or 0.0) for one in scored])
    tops = np.array([one.heard[0].score or 0.0 for one in scored])
    if right.all() or not right.any():
        return {}
    found: dict[str, float | None] = {"top right or wrong by the gap (area)": roc_auc(right, gaps)}
    found["top right or wrong by the score (area)"] = roc_auc(right, tops)
    if len(scored) >= _FEW:
        bounds = np.quantile(gaps, (0.25, 0.5, 0.75))
        quarter = np.searchsorted(bounds, gaps)
        for at in range(4):
            found[f"top right, quarter {at + 1} of the gap"] = _mean(right[quarter == at])
    return found


def _mean(values: Iterable[Any]) -> float | None:
    kept = list(values)
    return float(np.mean(kept)) if kept else None
