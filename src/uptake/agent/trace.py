"""What each stage of a turn considered, chose and took: the record that lets a failure be blamed on a stage."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

__all__ = ["Candidate", "StageTrace", "Trace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something a stage considered."""

    label: str
    """What it is: a reading's key, an entity, a text."""
    score: float | None = None
    """How good the stage found it: larger is better; the scale is the stage's."""
    by: str | None = None
    """Who proposed it."""
    reason: str | None = None
    """Why, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTrace:
    """What one stage did with a turn."""

    stage: str
    """Name of the stage."""
    verdict: str
    """What came of it, in a word or a few: "left as it is", "HassTurnOn", "ambiguous"."""
    reason: str = ""
    """Why, in one sentence."""
    candidates: tuple[Candidate, ...] = ()
    """What was considered, best first."""
    time_ms: float = 0.0
    """How long the stage took, in milliseconds."""

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "stage": self.stage,
            "verdict": self.verdict,
            "reason": self.reason,
            "time_ms": round(self.time_ms, 3),
            "candidates": [
                {
                    "label": found.label,
                    "score": None if found.score is None else round(found.score, 4),
                    "by": found.by,
                    "reason": found.reason,
                }
                for found in self.candidates
            ],
        }


class Trace:
    """Collects what the stages of one turn say, each with the time since the one before.

    >>> trace = Trace()
    >>> trace.add("hear", "heard")
    >>> [stage.stage for stage in trace.stages]
    ['hear']
    """

    def __init__(self) -> None:
        self.stages: list[StageTrace] = []
        self._last = perf_counter_ns()

    def add(self, stage: str, verdict: str, reason: str = "", candidates: tuple[Candidate, ...] = ()) -> None:
        """Note what a stage did; its time runs from the note before."""
        now = perf_counter_ns()
        took = (now - self._last) / 1e6
        self._last = now
        self.stages.append(StageTrace(stage=stage, verdict=verdict, reason=reason, candidates=candidates, time_ms=took))
