"""Teacher without labels: infer a turn's meaning from later turns and a second recogniser.

Its posterior of a meaning is the product of independent views: the words of the live recogniser, those of a second one
that may run offline, the interpretations, what the rest of the dialogue did with it, and whether anything was said to
the assistant at all. The last view is trained on turns for which two recognisers heard nothing in common: their length,
speed and confidence.

Source: the idea of views that teach one another is that of Blum and Mitchell, "Combining Labeled and Unlabeled Data
with Co-Training" (COLT 1998). Limit: errors that both recognisers and the understanding share are learned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from uptake.ml.folds import grouped_folds
from uptake.ml.learn.forest import Examples, fit_trees
from uptake.rewriting.repair.act_candidates import TurnEvidence
from uptake.rewriting.repair.learn.examples import SAID_AGAIN, Material
from uptake.rewriting.repair.turn import Act, Meaning, TurnView
from uptake.rewriting.repair.values import ANY, Named, gist, is_open

__all__ = ["VIEWS", "Views", "teach", "unspoken"]

_FLOOR = 1e-3
_UNHEARD = 0.01  # mass of a value that no alternative names
_ROUNDS, _LEAVES = 80, 8  # few: the labels are noisy

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Exponents that weigh the views."""

    live: float = 0.7
    second: float = 0.7
    readings: float = 0.6
    later: float = 1.0
    unspoken: float = 0.6


VIEWS = Views()
"""The weights that come with the package; chosen on training calls of one corpus, by hand and roundly."""


def teach(
    material: Material,
    seen: Sequence[TurnEvidence],
    found: Sequence[Sequence[Meaning]],
    views: Views = VIEWS,
    *,
    seed: int = 0,
) -> list[Floats]:
    """Return the teacher's posterior over the candidate meanings of each turn; every turn's sums to 1.

    Args:
        material: A log.
        seen: Its turns, out of fold.
        found: Candidate meanings of each.
        views: How much each view counts.
        seed: Of what is fitted.
    """
    silence = unspoken(material, seed=seed)
    beliefs = []
    for at, candidates in enumerate(found):
        score = _log_likelihood(material, seen[at], at, views)
        after = _After.of(material, seen, at)
        scores = np.array([score(meaning) + views.later * after.speaks_for(meaning) for meaning in candidates])
        if material.turns[at].top:
            chance = min(max(float(silence[at]), _FLOOR), 1.0 - _FLOOR)
            nothing, something = math.log(chance), math.log(1.0 - chance)
            scores += [views.unspoken * (something if meaning else nothing) for meaning in candidates]
        grown = np.exp(scores - scores.max())
        beliefs.append(grown / grown.sum())
    return beliefs


def _log_likelihood(material: Material, seen: TurnEvidence, at: int, views: Views) -> Callable[[Meaning], float]:
    """Return a function that scores a meaning by both recognisers and the readings, as a log-likelihood."""
    other = material.second[at]
    second = None if other is None else replace(seen, heard=replace(seen.heard, texts=other))
    readings = dict(seen.heard.readings)

    def score(meaning: Meaning) -> float:
        heard = (views.live + (views.second if second is None else 0.0)) * _likelihood(seen, meaning)
        if second is not None:
            heard += views.second * _likelihood(second, meaning)
        return heard + views.readings * math.log(readings.get(meaning, 0.0) + 0.02)

    return score


def _likelihood(seen: TurnEvidence, meaning: Meaning) -> float:
    known = {gist(act, seen.heard.asked) for act in meaning}
    given = seen.chances[0]
    found = sum(math.log(max(chance if name in known else 1.0 - chance, _FLOOR)) for name, chance in given.items())
    found += math.log(_FLOOR) * sum(name not in given for name in known)
    return found + sum(
        math.log(max(seen.named.get(act[1:], 0.0), _UNHEARD)) for act in meaning if is_open(act[1], act[2])
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _After:
    """Evidence about a turn from the rest of its dialogue."""

    turn: TurnView
    again: float
    """Similarity of the next turn to it."""
    read: Mapping[Act, float]
    """Probability that an act was read later, the less the later."""
    settled: Mapping[str, str]
    """The last value of each slot that the assistant worked with."""
    refused: frozenset[Named]
    """Values that the assistant understood and could not serve."""
    following: Mapping[Meaning, float]
    """Readings of the next turn."""

    @classmethod
    def of(cls, material: Material, seen: Sequence[TurnEvidence], at: int) -> _After:
        read: dict[Act, float] = {}
        settled: dict[str, str] = {}
        refused: set[Named] = set()
        first, later, weight = int(material.following[at]), int(material.following[at]), 1.0
        while later >= 0:
            for piece, mass in seen[later].masses.items():
                read[piece] = max(read.get(piece, 0.0), mass * weight)
            for act, slot, value in material.turns[later].prompt:
                if slot and slot != "slot" and act.startswith("canthelp"):
                    refused.add((slot, value))
                elif slot and slot != "slot":
                    settled[slot] = value
            later, weight = int(material.following[later]), weight * 0.9
        return cls(
            turn=material.turns[at],
            again=seen[first].said_again if first >= 0 else 0.0,
            read=read,
            settled=settled,
            refused=frozenset(refused),
            following=dict(material.turns[first].readings) if first >= 0 else {},
        )

    def speaks_for(self, meaning: Meaning) -> float:
        """Return the logarithm of how much likelier the rest of the dialogue is, given a meaning."""
        found = sum(self._of_act(act) for act in meaning)
        if self.again > SAID_AGAIN:  # the next reading speaks for this turn, the one acted on has failed
            agreed = self.following.get(meaning, 0.0)
            found += 1.5 * self.again * agreed if meaning else 0.0
            found -= 1.5 * self.again * (1.0 - agreed) if meaning == self.turn.served else 0.0
        return found

    def _of_act(self, act: Act) -> float:
        _, slot, value = act
        if not slot:
            return 0.0
        if slot == "slot":
            return 0.8 * self.read.get(act, 0.0) * (self.again > 0.2)
        if value == ANY:
            others = (mass for (_, other, said), mass in self.read.items() if other == slot and said != value)
            return 0.8 * self.read.get(act, 0.0) - 0.8 * (max(others, default=0.0) > 0.5)
        found = 1.2 * self.read.get(act, 0.0)
        if (slot, value) in self.refused:
            return found + 0.5
        if slot in self.settled:
            return found + (1.0 if self.settled[slot] == value else -1.5)
        return found


def unspoken(material: Material, *, seed: int = 0) -> Floats:
    """Return P(nothing was said), out of fold, shape (n,); a small constant without a second recogniser."""
    rows = [_sound(turn) for turn in material.turns]
    labels = np.array([_nothing_shared(*one) for one in zip(material.turns, material.second, strict=True)])
    known = ~np.isnan(labels)
    found = np.full(len(rows), _FLOOR)
    if len(set(material.users)) < 2 or len(set(labels[known].tolist())) < 2:
        return found
    examples = Examples.of(rows, labels, material.users)
    for inside, outside in grouped_folds(material.users, seed=seed + 2):
        taught = fit_trees(examples.part(inside[known[inside]]), rounds=_ROUNDS, leaves=_LEAVES, seed=seed)
        found[outside] = taught.of_table(examples.table[outside])
    return found


def _nothing_shared(turn: TurnView, other: Sequence[tuple[str, float]] | None) -> float:
    """Return 1 where the second recogniser heard none of the words, 0 where its best text is the same, else NaN."""
    words = set(turn.top.split())
    if other is None or not words:
        return math.nan
    if not words & {word for text, _ in other for word in text.split()}:
        return 1.0
    return 0.0 if other[0][0] == turn.top else math.nan


def _sound(turn: TurnView) -> dict[str, float]:
    """Describe the sound of a turn, whatever its words mean."""
    masses = [mass for _, mass in turn.texts]
    return {
        "seconds": turn.seconds,
        "words": float(len(turn.top.split())),
        "rate": len(turn.top.split()) / (turn.seconds + 0.2),
        "letters": len(turn.top) / (turn.seconds + 0.2),
        "score": turn.score,
        "posterior": masses[0],
        "entropy": -sum(mass * math.log(mass) for mass in masses if mass > 0.0),
        "silence": sum(mass for text, mass in turn.texts if not text),
        "variety": float(len(turn.words)),
        "cut_in": turn.cut_in,
        "prompt_s": turn.prompt_s,
    }
