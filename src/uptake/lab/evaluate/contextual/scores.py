"""Score contextual rewrites against human ones: exact match, BLEU, and carried slots.

Texts are compared as normalised words without marks (`uptake.lab.evaluate.contextual.corpora.spelled`).

Source: BLEU: Papineni et al., ACL 2002, corpus level, one to four words, closest reference length.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.lab.evaluate.contextual.corpora import Case, spelled
from uptake.rewriting.contextual.features import is_empty

__all__ = ["COLUMNS", "added_words", "bleu", "counted"]

_ORDERS = 4
COLUMNS = 2 * _ORDERS + 9
"""Width of a row of counts: words in a row matched and said, lengths, and what `counted` adds to them."""

Floats = NDArray[np.float64]


def counted(case: Case, text: str) -> list[float]:
    """Return counts of one rewrite that add up over cases.

    Matched and said words in a row (one to four), length of the rewrite and of the nearest reference, whether it is
    exactly what a person wrote, whether it is the request as it was, slots held and to be held, and the telling words
    that people added: found, to be found, added.
    """
    words, goals = spelled(text), [spelled(one) for one in case.rewrites]
    matched, said = [], []
    for size in range(1, _ORDERS + 1):
        own = _rows(words, size)
        most: Counter[tuple[str, ...]] = Counter()
        for goal in goals:
            most |= _rows(goal, size)
        matched.append((own & most).total())
        said.append(own.total())
    nearest = min((len(goal) for goal in goals), key=lambda size: (abs(size - len(words)), size))
    held = f" {' '.join(words)} "
    slots = [" ".join(spelled(value)) for value in case.slots]
    wanted, brought = (Counter(added_words(case.request, other)) for other in (goals[0], words))
    return [
        *matched,
        *said,
        len(words),
        nearest,
        words in goals,
        words == spelled(case.request),
        sum(f" {slot} " in held for slot in slots),
        len(slots),
        (wanted & brought).total(),
        wanted.total(),
        brought.total(),
    ]


def added_words(request: str, words: Sequence[str]) -> list[str]:
    """Return telling words that a text has beyond a request."""
    left = Counter(spelled(request))
    return [word for word in (Counter(words) - left).elements() if not is_empty((word,))]


def bleu(rows: Floats) -> float:
    """Return BLEU, in [0, 1], of (cases, `COLUMNS`) counts."""
    sums = rows.sum(axis=0)
    matched, said = sums[:_ORDERS], sums[_ORDERS : 2 * _ORDERS]
    if not matched.all():
        return 0.0
    length, nearest = sums[2 * _ORDERS], sums[2 * _ORDERS + 1]
    brevity = min(1.0, math.exp(1.0 - nearest / length))
    return float(brevity * math.exp(np.log(matched / said).mean()))


def _rows(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
