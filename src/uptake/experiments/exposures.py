"""Turns in which something learned fired, and what it was published for: what a watch looks at.

A complaint (said again, undone, answered no, failed) counts as a failure whatever the signals make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.experiments.outcomes import Outcomes
from uptake.rewriting.table.artifact import RewriteTable

__all__ = ["Exposure", "Past", "Promise", "baselines", "exposures", "failed", "promises"]

_COMPLAINTS = ("said again", "undone", "answered no", "failed")
_SURE = 0.9  # confidence from which the assistant's own reading stands
_PSEUDO = 4.0
_CUT_SHORT = 0.45  # P(defect | the answer is cut short) of the DSTC2 calls


class Exposure(NamedTuple):
    """A turn in which a rewrite fired, or would have fired had the user been in another arm."""

    rewrite_id: str
    """The rewrite."""
    user_id: str
    """Whose turn it was."""
    acted: bool
    """Whether it was acted on."""
    defect: float
    """Whether, or with what probability, the turn failed its user; in [0, 1]. A complaint counts as a failure."""
    propensity: float
    """Probability, in (0, 1], with which what was done was done; 1 where nothing was dealt at random."""
    request: str | None = None
    """Normalised request, where known: what to block."""
    acted_on: str | None = None
    """Normalised text that was acted on instead, where it was."""


class Promise(NamedTuple):
    """What a rewrite was published with."""

    success_before: float
    """Success without it, at most; in [0, 1]."""
    user_id: str | None
    """Whose it is; None for everybody's."""
    request: str
    """Normalised request that it replaces."""


def promises(table: RewriteTable) -> dict[str, Promise]:
    """What the rewrites of a table were published with, by id."""
    return {row.rewrite_id: Promise(row.evidence.success_before, row.user_id, row.request) for row in table.rows()}


class Past:
    """How requests fared that were left alone, by the log itself: the baseline of whatever is done to them.

    A mean is drawn by four pseudo-turns towards that of all untouched requests that the assistant was not sure of, and
    stands with one standard error: nothing may be held against it that few turns made by chance.

    Args:
        outcomes: The log.
    """

    def __init__(self, outcomes: Outcomes) -> None:
        self._failed = failed(outcomes)
        untouched = ~outcomes.acted & outcomes.known
        unsure = untouched & ~(outcomes.confidence >= _SURE)
        self._prior = float(self._failed[unsure].mean()) if unsure.any() else 0.5
        rows = np.flatnonzero(untouched & (outcomes.request.codes >= 0))
        self._rows = rows[np.lexsort((outcomes.said_at[rows], outcomes.request.codes[rows]))]
        self._requests = outcomes.request.codes[self._rows]
        self._codes = {name: code for code, name in enumerate(outcomes.request.names)}
        self._users = {name: code for code, name in enumerate(outcomes.user.names)}
        self._outcomes = outcomes

    def turns(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> int:
        """How often a normalised request was left alone."""
        return len(self._of(request, user_id, before_us))

    def failing(self, request: str, user_id: str | None = None, *, before_us: int | None = None) -> float:
        """Defect rate, in [0, 1], of a request left alone, at most: the drawn mean and one standard error.

        Args:
            request: Normalised text.
            user_id: Whose turns alone count; None for everybody's.
            before_us: Only turns before this moment count, in microseconds since 1970.
        """
        rows = self._of(request, user_id, before_us)
        size = _PSEUDO + len(rows)
        mean = (self._prior * _PSEUDO + float(self._failed[rows].sum())) / size
        return min(mean + float(np.sqrt(mean * (1.0 - mean) / size)), 1.0)

    def _of(self, request: str, user_id: str | None, before_us: int | None) -> NDArray[np.int64]:
        code = self._codes.get(request)
        if code is None:
            return self._rows[:0]
        first, last = np.searchsorted(self._requests, [code, code + 1])
        rows = self._rows[first:last]
        if before_us is not None:
            rows = rows[self._outcomes.said_at[rows] < before_us]
        if user_id is not None:
            rows = rows[self._outcomes.user.codes[rows] == self._users.get(user_id, -1)]
        return rows


def baselines(outcomes: Outcomes, promised: Mapping[str, Promise]) -> dict[str, Promise]:
    """What leaving the request alone was worth before each rewrite first fired: what it is watched against.

    The stricter of the log's own past and of what the rewrite was published with: a row that flatters itself is not
    believed, and what no table published evidence for (a ranker, a repair, a person's own names) has its past alone.

    Args:
        outcomes: The log.
        promised: Identifier -> what it was published with, as far as known.
    """
    past, found = Past(outcomes), {}
    rows = np.flatnonzero(outcomes.triggered)
    if not len(rows):
        return {}
    rows = rows[np.lexsort((outcomes.said_at[rows], outcomes.rewrite.codes[rows]))]
    codes, starts = np.unique(outcomes.rewrite.codes[rows], return_index=True)
    for code, group in zip(codes.tolist(), np.split(rows, starts[1:]), strict=True):
        name, first = outcomes.rewrite.names[code], int(group[0])
        known = promised.get(name)
        request = outcomes.request.names[outcomes.request.codes[first]] if outcomes.request.codes[first] >= 0 else ""
        users = np.unique(outcomes.user.codes[group])
        own = outcomes.user.names[int(users[0])] if len(users) == 1 and known is None else None
        before = 1.0 - past.failing(request, before_us=int(outcomes.said_at[first]))
        if known is not None:
            found[name] = known._replace(success_before=max(known.success_before, before))
        else:
            found[name] = Promise(before, own, request)
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
    rows = np.flatnonzero(outcomes.triggered & outcomes.known)
    rows = rows[np.argsort(outcomes.said_at[rows], kind="stable")]
    names = outcomes.rewrite.names, outcomes.user.names, outcomes.request.names
    columns = (outcomes.rewrite.codes, outcomes.user.codes, outcomes.request.codes)
    for at in rows.tolist():
        rewrite, user, request = (int(column[at]) for column in columns)
        yield Exposure(
            rewrite_id=names[0][rewrite],
            user_id=names[1][user],
            acted=bool(outcomes.acted[at]),
            defect=float(defects[at]),
            propensity=float(outcomes.propensity[at]),
            request=names[2][request] if request >= 0 else None,
            acted_on=outcomes.target.names[target] if (target := int(outcomes.target.codes[at])) >= 0 else None,
        )
