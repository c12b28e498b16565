"""Collect what each stage of a turn considered and chose, with its time, so that a failure can be located."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

import msgspec

__all__ = ["Candidate", "StageTrace", "Trace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Candidate that a stage considered."""

    label: str
    """A reading's key, an entity, a text."""
    score: float | None = None
    """Score that the stage gave: larger is better; the scale is the stage's."""
    by: str | None = None
    """Proposer of the candidate."""
    reason: str | None = None
    """Why, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTrace:
    """Part of one stage in a turn."""

    stage: str
    """Name, such as hear, teach, dialogue, clauses, read, context, rewrite, second opinion, resolve, act, reply."""
    verdict: str
    """The result, in a word or a few: "left as it is", "HassTurnOn", "ambiguous"."""
    reason: str = ""
    """Why, in one sentence."""
    candidates: tuple[Candidate, ...] = ()
    """Candidates, best first."""
    time_ms: float = 0.0
    """Time that the stage took, in milliseconds."""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        for candidate in fields["candidates"]:
            candidate["score"] = None if candidate["score"] is None else round(candidate["score"], 4)
        return fields | {"time_ms": round(self.time_ms, 3)}


class Trace:
    """Trace of one turn: notes of its stages in the order of work, each with the time since the one before.

    >>> trace = Trace()
    >>> trace.add("hear", "heard")
    >>> [stage.stage for stage in trace.stages]
    ['hear']
    """

    def __init__(self) -> None:
        self.stages: list[StageTrace] = []
        self._last = perf_counter_ns()

    def add(self, stage: str, verdict: str, reason: str = "", candidates: tuple[Candidate, ...] = ()) -> None:
        """Add a note of a stage; its time runs from the note before."""
        took = (perf_counter_ns() - self._last) / 1e6
        self.extend([StageTrace(stage=stage, verdict=verdict, reason=reason, candidates=candidates, time_ms=took)])

    def extend(self, stages: Iterable[StageTrace]) -> None:
        """Append stages that were timed elsewhere."""
        self.stages += stages
        self.restart()

    def restart(self) -> None:
        """Let the time of the next note run from here."""
        self._last = perf_counter_ns()
