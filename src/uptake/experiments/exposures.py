"""Turns in which something learned fired, and how its request fared when left alone: what a watch looks at.

A complaint (said again, undone, answered no, failed) counts as a failure whatever the signals make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.experiments.outcomes import Outcomes
from uptake.rewriting.table.artifact import Rewrite

__all__ = ["SURE", "Baseline", "Exposure", "Past", "baselines", "exposures", "failed"]

_COMPLAINTS = ("said again", "undone", "answered no", "failed")
SURE = 0.9
"""Confidence from which the assistant's own reading stands."""
_PSEUDO = 4.0
_READ = ("sure", "unsure", "unread")
_PER_HOME = 3  # turns of a request with which a home counts
_CUT_SHORT = 0.45  # P(defect | the answer is cut short) of the DSTC2 calls


class Exposure(NamedTuple):
    """A turn in which a rewrite fired, or would have fired had the user been in another arm."""

    rewrite_id: str
    """The rewrite."""
    user_id: str
    """Whose turn it was."""
    acted: bool
    """Whether it was acted on unasked."""
    defect: float
    """Whether, or with what probability, the turn failed its user; in [0, 1]. A complaint counts as a failure."""
    propensity: float
    """Probability, in (0, 1], with which what was done was done; 1 where nothing was dealt at random."""
    request: str | None = None
    """Normalised request, where known: what to block."""
    acted_on: str | None = None
    """Normalised text that was acted on instead, or asked about, where it was."""
    asked: bool = False
    """Whether the person was asked "did you mean …?" instead."""
    answer: bool | None = None
    """What they said to that; None where they said nothing, or were not asked."""
    at_us: int = 0
    """When, in microseconds since 1970."""


class Baseline(NamedTuple):
    """Outcomes of a request left alone, by the log: the baseline that a rewrite is watched against."""

    success: float
    """Success without it, in [0, 1], at least: less one standard error."""
    user_id: str | None
    """Whose rewrite it is; None for everybody's."""
    request: str
    """Normalised request that it replaces."""
    failed: float = 0.0
    """Defects of turns left alone, as far as they were counted; may be fractions."""
    turns: float = 0.0
    """Those turns, pseudo-turns among them."""


class Past:
    """Estimate the outcomes of requests left alone, by the log itself: the baseline of whatever is done to them.

    A home counts with `_PER_HOME` turns of a request at most, so that no single one makes a past. A mean is drawn by
    four pseudo-turns towards that of all untouched requests that the assistant reads as it does this one (surely,
    unsurely, not at all; what was never left alone counts as read unsurely), and stands with one standard error:
    nothing may be held against it that few turns made by chance.
    """

    def __init__(self, outcomes: Outcomes) -> None:
        self._failed = failed(outcomes)
        rows = np.flatnonzero(~outcomes.acted & outcomes.known & (outcomes.request.codes >= 0))
        self._read = _how_read(outcomes, rows)
        self._priors = [_mean(self._failed[rows[self._read[outcomes.request.codes[rows]] == how]]) for how in _READ]
        self._rows = rows[np.lexsort((outcomes.said_at[rows], outcomes.request.codes[rows]))]
        self._requests = outcomes.request.codes[self._rows]
        self._first = _first_of(self._requests, outcomes.home.codes[self._rows], most=_PER_HOME)
        self._codes = {name: code for code, name in enumerate(outcomes.request.names)}
        self._users = {name: code for code, name in enumerate(outcomes.user.names)}
        self._outcomes = outcomes

    def turns(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> int:
        """Count how often a normalised request was left alone, as far as it counts."""
        return len(self._of(request, user_id, before_us))

    def counts(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> tuple[float, float]:
        """Return (defects, turns) of a request left alone, pseudo-turns included."""
        rows = self._of(request, user_id, before_us)
        prior = self._priors[_READ.index(self.how_read(request))]
        return prior * _PSEUDO + float(self._failed[rows].sum()), _PSEUDO + len(rows)

    def failing(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> float:
        """Defect rate, in [0, 1], of a request left alone, at most: the drawn mean and one standard error.

        Args:
            request: Normalised text.
            user_id: Whose turns alone count; None for everybody's.
            before_us: Only turns before this moment count, in microseconds since 1970.
        """
        defects, size = self.counts(request, user_id, before_us=before_us)
        mean = defects / size
        return min(mean + float(np.sqrt(mean * (1.0 - mean) / size)), 1.0)

    def how_read(self, request: str) -> str:
        """Return how the assistant reads a request by itself: "sure", "unsure" or "unread"; "unsure" where unknown."""
        code = self._codes.get(request)
        return "unsure" if code is None else str(self._read[code])

    def _of(self, request: str, user_id: str | None, before_us: int | None) -> NDArray[np.int64]:
        code = self._codes.get(request)
        if code is None:
            return self._rows[:0]
        first, last = np.searchsorted(self._requests, [code, code + 1])
        rows = self._rows[first:last]
        if user_id is None:
            rows = rows[self._first[first:last]]
        else:
            rows = rows[self._outcomes.user.codes[rows] == self._users.get(user_id, -1)]
        return rows if before_us is None else rows[self._outcomes.said_at[rows] < before_us]


def baselines(
    outcomes: Outcomes, rows: Mapping[str, Rewrite] | None = None, past: Past | None = None
) -> dict[str, Baseline]:
    """Return the worth of leaving the request alone before each rewrite first fired: its baseline.

    By the log's own past alone: what a rewrite says of itself, and the evidence it was published with, count nothing.

    Args:
        outcomes: The log.
        rows: Identifier -> row of a table, as far as known: whose it is.
        past: Of the same log; None to make it.
    """
    past, found = past or Past(outcomes), {}
    fired = np.flatnonzero(outcomes.triggered)
    if not len(fired):
        return {}
    fired = fired[np.lexsort((outcomes.said_at[fired], outcomes.rewrite.codes[fired]))]
    codes, starts = np.unique(outcomes.rewrite.codes[fired], return_index=True)
    for code, group in zip(codes.tolist(), np.split(fired, starts[1:]), strict=True):
        name, first = outcomes.rewrite.names[code], int(group[0])
        known = (rows or {}).get(name)
        request = outcomes.request.names[outcomes.request.codes[first]] if outcomes.request.codes[first] >= 0 else ""
        users = np.unique(outcomes.user.codes[group])
        own = outcomes.user.names[int(users[0])] if len(users) == 1 and known is None else None
        before = int(outcomes.said_at[first])
        found[name] = Baseline(
            1.0 - past.failing(request, before_us=before),
            known.user_id if known is not None else own,
            known.request if known is not None else request,
            *past.counts(request, before_us=before),
        )
    return found


def failed(outcomes: Outcomes) -> NDArray[np.float64]:
    """(n,) float64 in [0, 1]: how far each turn failed its user; NaN where unknown.

    Where a person complained (said it again, undid it, answered no, or was told that it failed), the turn counts as
    failed, and one whose answer was cut short as half failed: after a wrong rewrite the assistant is sure of the wrong
    reading, which lowers the probability that the signals give. It is the same measure with a rewrite and without.
    """
    complained = np.zeros(len(outcomes), dtype=bool)
    for name in _COMPLAINTS:
        complained |= outcomes.friction.get(name, complained)
    cut_short = _CUT_SHORT * outcomes.friction.get("barge-in", np.zeros(len(outcomes), dtype=bool))
    worst = np.maximum(outcomes.defect, cut_short)
    return np.where(complained & outcomes.known, 1.0, worst)


def exposures(outcomes: Outcomes) -> Iterator[Exposure]:
    """The exposures of a log, in time order; turns whose defect is unknown are left out. See `failed`."""
    defects = failed(outcomes)
    said_no = outcomes.friction.get("answered no", np.zeros(len(outcomes), dtype=bool))
    rows = np.flatnonzero(outcomes.triggered & outcomes.known)
    rows = rows[np.argsort(outcomes.said_at[rows], kind="stable")]
    names = outcomes.rewrite.names, outcomes.user.names, outcomes.request.names
    columns = (outcomes.rewrite.codes, outcomes.user.codes, outcomes.request.codes)
    for at in rows.tolist():
        rewrite, user, request = (int(column[at]) for column in columns)
        asked = bool(outcomes.asked[at])
        yield Exposure(
            rewrite_id=names[0][rewrite],
            user_id=names[1][user],
            acted=bool(outcomes.acted[at]) and not asked,
            defect=float(defects[at]),
            propensity=float(outcomes.propensity[at]),
            request=names[2][request] if request >= 0 else None,
            acted_on=outcomes.target.names[target] if (target := int(outcomes.target.codes[at])) >= 0 else None,
            asked=asked,
            answer=(True if outcomes.confirmed[at] else False if said_no[at] else None) if asked else None,
            at_us=int(outcomes.said_at[at]),
        )


def _how_read(outcomes: Outcomes, rows: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return (requests,) how each is read, by the mean confidence of its untouched rows."""
    codes, size = outcomes.request.codes[rows], len(outcomes.request.names)
    confidence = outcomes.confidence[rows]
    known = ~np.isnan(confidence)
    times = np.bincount(codes[known], minlength=size)
    mean = np.bincount(codes[known], weights=confidence[known], minlength=size) / np.maximum(times, 1)
    said = np.bincount(codes, minlength=size) > 0
    return np.select([(times > 0) & (mean >= SURE), said & (times == 0)], ["sure", "unread"], "unsure")


def _mean(failed: NDArray[np.float64]) -> float:
    return float(failed.mean()) if len(failed) else 0.5


def _first_of(requests: NDArray[np.int64], homes: NDArray[np.int64], *, most: int) -> NDArray[np.bool_]:
    """Return (n,) bool: whether a row is among the first `most` of its request and home, in the order given."""
    order = np.lexsort((np.arange(len(requests)), homes, requests))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (np.diff(requests[order]) != 0) | (np.diff(homes[order]) != 0)
    starts = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    found = np.zeros(len(order), dtype=bool)
    found[order] = np.arange(len(order)) - starts < most
    return found
