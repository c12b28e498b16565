"""Calibrate readings: from ranks, scores and evidence to probabilities.

The statistical reader gives evidence for and against each reading (how likely the model finds it, words that are left
over, names that were misspelt); logistic regression makes it the chance that intent and slots are right, learnt on
wordings of families and templates that the model did not see. Scores of the tolerant reader become chances by isotonic
regression by pool adjacent violators (Zadrozny and Elkan, KDD 2002), over sentences that were misspelt.
Limit: what is sampled is no people; the figures of real use come from the log.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.assistant.hypotheses import Hypothesis, trusted

if TYPE_CHECKING:
    from uptake.assistant.readers.matching.match import Match

__all__ = ["PLAIN", "Calibration", "Curve", "apart", "isotonic"]

_FILE = "calibration.json"
_MUCH = 12  # characters
_MOST_LEARNT = 0.95
"""Highest confidence of the statistical reader: what people say is stranger than what is sampled."""
_CONSTANT, _CHANCE = "constant", "chance"
Curve = tuple[tuple[float, float], ...]
"""(least score, probability) ascending; empty where a score is a probability as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Calibration of ranks and scores."""

    exact: float = 0.98
    """Best match, where no slot takes any words."""
    wild: float = 0.85
    """Best match, where one does."""
    framed: float = 0.92
    """The same, where the template says much itself or a device is named beside."""
    odd: float = 0.35
    """Best match, where those words are such as steer devices."""
    runner_up: float = 0.15
    """Each further match, of what the one before it is worth."""
    statistical: Mapping[str, float] = field(default_factory=dict)
    """Weights of the statistical reader's evidence; without any, its chance is taken as it is."""
    tolerant: Curve = ()
    """Of the tolerant reader's scores."""

    def of_grammar(self, matches: Sequence[Match]) -> tuple[Hypothesis, ...]:
        """Calibrate ranked matches of the grammar."""
        hypotheses = []
        worth = 1.0
        for match in matches:
            worth *= self._of_match(match)
            hypotheses.append(
                Hypothesis(
                    interpretation=replace(match.interpretation, confidence=round(worth, 4)),
                    reader="grammar",
                    reason="a sentence template with free words" if match.wildcards else "a sentence template",
                )
            )
            worth *= self.runner_up
        return tuple(hypotheses)

    def _of_match(self, match: Match) -> float:
        if not match.wildcards:
            return self.exact
        if match.odd:
            return self.odd
        return self.framed if match.named or match.literal >= _MUCH else self.wild

    def of_statistical(self, evidence: Mapping[str, float]) -> float:
        """Return the probability of a reading of the statistical reader.

        Args:
            evidence: What speaks for it and against it; `chance` is the model's own probability.
        """
        if not self.statistical:
            return round(evidence[_CHANCE], 4)
        weight_of = self.statistical.get
        odds = weight_of(_CONSTANT, 0.0)
        odds += sum([weight_of(name, 0.0) * value for name, value in evidence.items() if value])
        return round(min(1.0 / (1.0 + math.exp(-odds)), _MOST_LEARNT), 4)

    def of_tolerant(self, score: float) -> float:
        """Calibrate a score of the spelling reader."""
        return _worth(self.tolerant, score)

    def save(self, directory: Path) -> None:
        """Write `calibration.json`."""
        weights = {name: round(weight, 4) for name, weight in self.statistical.items()}
        written = {"statistical": weights, "tolerant": self.tolerant}
        (directory / _FILE).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Calibration:
        """Open what `save` wrote."""
        written = json.loads((directory / _FILE).read_text(encoding="utf-8"))
        tolerant = tuple((float(at), float(worth)) for at, worth in written["tolerant"])
        return cls(statistical=written["statistical"], tolerant=tolerant)


PLAIN = Calibration()


def apart(hypotheses: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Limit confidences, best first: none is higher than what the best one leaves."""
    ranked = sorted(hypotheses, key=lambda each: -each.confidence)
    if len(ranked) < 2:
        return tuple(ranked)
    left = 1.0 - ranked[0].confidence
    return (
        ranked[0],
        *(trusted(each, round(min(each.confidence, left), 4)) for each in ranked[1:]),
    )


def isotonic(scores: Sequence[float], right: Sequence[bool], *, least: int = 25) -> Curve:
    """Fit a rising curve to what was right, in steps of at least `least` readings.

    Args:
        scores: (n,) score of each reading.
        right: (n,) whether it was right.
        least: Fewest readings of a step.
    """
    ranked = sorted(zip(scores, right, strict=True))
    blocks: list[list[float]] = []  # [sum of rights, readings, least score]
    for start in range(0, len(ranked), least):
        part = ranked[start : start + least]
        blocks.append([float(sum(each for _, each in part)), float(len(part)), part[0][0]])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            rights, readings, _ = blocks.pop()
            blocks[-1][0] += rights
            blocks[-1][1] += readings
    return tuple((round(low, 4), round((rights + 1.0) / (readings + 2.0), 4)) for rights, readings, low in blocks)


def _worth(curve: Curve, score: float) -> float:
    """Interpolate linearly between the steps of a curve."""
    if not curve:
        return round(score, 4)
    at = bisect_right([low for low, _ in curve], score) - 1
    if at < 0:
        return round(curve[0][1] * score / max(curve[0][0], 1e-9), 4)
    low, worth = curve[at]
    high, more = curve[at + 1] if at + 1 < len(curve) else (1.0, worth)
    share = (score - low) / (high - low) if high > low else 0.0
    return round(worth + share * (more - worth), 4)
