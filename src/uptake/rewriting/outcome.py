"""Outcome of the pipeline for a request: the decision, the result of every step, and what it depends on."""

from __future__ import annotations

from time import perf_counter_ns
from typing import Any, Literal, NamedTuple

from uptake.store.served import NOTHING_YET
from uptake.types import Decision

__all__ = ["Outcome", "Trace", "TraceEntry"]

_entry: Any = tuple.__new__  # requests wait for this: a third of the time of `TraceEntry(...)`


class TraceEntry(NamedTuple):
    """Result of one step for a request."""

    step: str
    """Name of the step, or "request", "overrides", "canary", "guard", "preflight"."""
    verdict: Literal["proposed", "abstained", "allowed", "confirm", "refused", "pinned", "blocked", "broken"]
    """Outcome of the step."""
    reason: str
    """Reason, in one sentence without anybody's words."""
    time_us: float
    """Time of the step, in microseconds."""


class Outcome(NamedTuple):
    """Result of the pipeline for a request."""

    normalized: str
    """The request as it was looked up."""
    decision: Decision | None
    """Decision to act on instead; None to leave the request alone."""
    trace: tuple[TraceEntry, ...]
    """Entries of every step that was asked, in order."""
    grounds: tuple[object, ...] | None = None
    """All that it rests on beside the request's text and person; None where it might be decided otherwise each time."""

    @property
    def left_because(self) -> str:
        """Reason a request is left alone: what was refused, else what the last step that has learned says."""
        spoke = [entry.reason for entry in self.trace if entry.verdict in ("refused", "blocked", "broken")]
        last = spoke[-1] if spoke else self.trace[-1].reason
        return self.trace[0].reason if last == NOTHING_YET else last


class Trace:
    """List of entries, each with the time since the one before."""

    def __init__(self) -> None:
        self.entries: list[TraceEntry] = []
        self.ended = False
        self.asked = 0
        self.repeats = True  # whether the same request would take the same way again
        self._last = perf_counter_ns()

    def add(self, step: str, verdict: Any, reason: str, *, ends: bool = False) -> None:
        """Add what a step said; `ends` where nobody is asked after it."""
        now = perf_counter_ns()
        self.entries.append(_entry(TraceEntry, (step, verdict, reason, (now - self._last) / 1_000)))
        self._last, self.ended = now, self.ended or ends
