"""List the turns behind a figure, newest first.

Words are shown if three people share them, or if one person's turns are requested.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from uptake.experiments.coded import distinct_pairs
from uptake.experiments.compare import date_of
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.experiments.coded import Coded
    from uptake.experiments.outcomes import Outcomes
    from uptake.insight.failures.summary import FailedTurn

__all__ = ["FILTERS", "Chosen", "choose", "usual_stages"]

FILTERS = {
    "user": "of",
    "request": "heard as",
    "rewrite": "with the rewrite",
    "arm": "in the arm",
    "domain": "understood as",
    "signal": "shown by",
    "day": "on",
    "acted": "repaired",
    "stage": "that failed first in",
    "place": "said in",
}
"""Parameter of the address -> how it reads."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHARED = 3
"""Fewest people who must have said something before its words are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Selected turns."""

    turns: int
    """How many there are."""
    people: int
    """How many people said them."""
    failed: float | None
    """Share of them that failed, as estimated; None where that is known of none."""
    rows: tuple[Mapping[str, Any], ...]
    """Those that are shown, newest first."""


def choose(
    outcomes: Outcomes, filters: Mapping[str, str], *, start: int, most: int, failed: Sequence[FailedTurn] = ()
) -> Chosen:
    """Choose turns.

    Args:
        outcomes: The turns.
        filters: Names of `FILTERS`, and what they must be.
        start: How many of the newest to leave out.
        most: How many to show.
        failed: Turns that failed and at which stage, for the filters `stage` (a failure point) and `place` (what a
            turn is counted by, a colon, its name).
    """
    kept = np.ones(len(outcomes), dtype=bool)
    for name, value in filters.items():
        if name not in ("stage", "place"):
            kept &= _rows(outcomes, name, value)
    if "stage" in filters or "place" in filters:
        kept &= _failed(outcomes, failed, filters.get("stage"), filters.get("place"))
    at = np.flatnonzero(kept)
    at = at[np.argsort(-outcomes.said_at[at], kind="stable")]
    known = at[outcomes.known[at]]
    shown = [None] * 2 if "user" in filters else [_shared(one, outcomes) for one in (outcomes.request, outcomes.target)]
    return Chosen(
        turns=len(at),
        people=len(np.unique(outcomes.user.codes[at])),
        failed=float(outcomes.defect[known].mean()) if len(known) else None,
        rows=tuple(_row(outcomes, one, shown) for one in at[start : start + most].tolist()),
    )


def _rows(outcomes: Outcomes, name: str, value: str) -> Any:
    """Return (n,) bool: which turns a filter lets pass."""
    if name == "day":
        return np.isin(outcomes.day, [day for day in np.unique(outcomes.day).tolist() if date_of(day) == value])
    if name == "signal":
        return outcomes.friction.get(value, np.zeros(len(outcomes), dtype=bool))
    if name == "acted":
        return outcomes.acted if value == "yes" else ~outcomes.acted
    return getattr(outcomes, name).is_(normalize(value) if name == "request" else value)


def _failed(outcomes: Outcomes, failed: Sequence[FailedTurn], stage: str | None, place: str | None) -> Any:
    """Return (n,) bool: which turns failed first at a stage and in a place, or (None) in any."""
    what, _, name = (place or "").partition(":")
    there = Counter(
        ((one.said_at - _EPOCH) // timedelta(microseconds=1), one.user_id)
        for one in failed
        if stage in (None, one.point) and (place is None or (what, name) in one.places)
    )
    found = np.isin(outcomes.said_at, [at for at, _ in there])
    users = outcomes.user
    for at in np.flatnonzero(found).tolist():  # others may have spoken in the same moment
        key = int(outcomes.said_at[at]), users.names[users.codes[at]]
        found[at] = there[key] > 0
        there[key] -= 1
    return found


def usual_stages(failed: Sequence[FailedTurn]) -> dict[str, str]:
    """Return request -> the failure point that it fails at most often, of requests that enough people saw fail."""
    points: defaultdict[str, Counter[str]] = defaultdict(Counter)
    people: defaultdict[str, set[str]] = defaultdict(set)
    for one in failed:
        points[one.request][one.point] += 1
        people[one.request].add(one.user_id)
    return {text: found.most_common(1)[0][0] for text, found in points.items() if len(people[text]) >= SHARED}


def _shared(texts: Coded, outcomes: Outcomes) -> Any:
    """Return (texts,) bool: whether enough people said a text."""
    known = texts.codes >= 0
    said, _ = distinct_pairs(texts.codes[known], outcomes.user.codes[known])
    return np.bincount(said, minlength=len(texts.names)) >= SHARED


def _text(texts: Coded, at: int, shown: Any) -> str | None:
    code = int(texts.codes[at])
    return texts.names[code] if code >= 0 and (shown is None or shown[code]) else None


def _row(outcomes: Outcomes, at: int, shown: Sequence[Any]) -> dict[str, Any]:
    defect = float(outcomes.defect[at])
    said_at = datetime.fromtimestamp(int(outcomes.said_at[at]) / 1e6, UTC)
    return {
        **{name: _text(getattr(outcomes, name), at, None) for name in ("user", "arm", "domain")},
        "request": _text(outcomes.request, at, shown[0]),
        "acted_on": _text(outcomes.target, at, shown[1]) if outcomes.acted[at] else None,
        "acted": bool(outcomes.acted[at]),
        "said_at": said_at.strftime("%Y-%m-%d %H:%M:%S"),
        "failed": None if np.isnan(defect) else defect,
        "signals": [name for name, column in outcomes.friction.items() if column[at]],
    }
