"""Detect drift: shifts of the defect rate, the mix of requests or the confidence of interpretations, day by day.

Each new day is compared with all days before it. The standardised difference of a day from the mean of the earlier
ones, by their own spread, follows Student's t if nothing changed, independently from day to day (recursive residuals).
Converted to a normal score, it feeds an e-detector, a sum of bets that starts anew each day,

    M(today) = (M(yesterday) + 1) * e(today).

The alarm is raised when M reaches the number of days that should pass, on average, between two false alarms. That
average holds however long the detector runs; several series share it.

The mix of requests is compared by the population stability index, relative to its chance level for days of that size;
its cube root is about normal (Wilson and Hilferty).

Source: Shin, Ramdas and Rinaldo, "E-detectors" (2023); Brown, Durbin and Evans, recursive residuals (1975). Limit: days
are taken as independent and about normal. A weekly rhythm counts as spread; it delays alarms and does not cause them. A
slow drift becomes part of the normal before it is noticed. `min_days` days are needed to begin.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from uptake.errors import BadConfig
from uptake.experiments.coded import Codes
from uptake.experiments.compare import date_of
from uptake.experiments.outcomes import Outcomes

__all__ = ["Alarm", "Detector", "Series", "drift", "stability"]

Side = Literal["up", "down", "both"]

_SHIFTS = (0.75, 1.5, 3.0)
"""Shifts, in standard deviations of a day, that are bet on."""
_MIN_TURNS = 20
_KINDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Detected shift."""

    figure: str
    """Name of the figure that shifted."""
    day: str
    """The day it was noticed, YYYY-MM-DD."""
    before: float
    """Mean of the days before."""
    now: float
    """Value of that day."""
    evidence: float
    """Of the detector; the days between false alarms is where it rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Daily values of one figure."""

    figure: str
    """Its name."""
    days: tuple[str, ...]
    """YYYY-MM-DD."""
    values: tuple[float, ...]
    """One a day."""
    alarms: tuple[Alarm, ...]
    """Alarms raised; after an alarm the detector begins anew."""

    def to_json(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


class Detector:
    """Follow one figure day by day, and raise an alarm when it shifts.

    >>> detector = Detector(days=100)
    >>> calm = [detector.add(0.2 + 0.01 * (at % 3)) for at in range(20)]
    >>> shifted = [detector.add(0.3) for _ in range(3)]
    >>> any(calm), any(shifted)
    (False, True)

    Args:
        days: Average number of days, at least, between two false alarms.
        side: Direction of the shifts that matter.
        min_days: Days before the first judgement, at least 3.
    """

    def __init__(self, *, days: float = 365.0, side: Side = "both", min_days: int = 4) -> None:
        if not days > 1.0 or min_days < 3:
            raise BadConfig("days must be above 1 and min_days at least 3")
        self.days, self.side, self.min_days = days, side, min_days
        self.evidence = 0.0
        signs = {"up": (1.0,), "down": (-1.0,), "both": (1.0, -1.0)}[side]
        self._bets = np.array([sign * shift for sign in signs for shift in _SHIFTS])
        self._stakes = np.zeros(len(self._bets))
        self._begin()

    def add(self, value: float) -> bool:
        """Add a day; returns whether the alarm is raised. After an alarm the detector starts anew, without a past."""
        if math.isnan(value):
            return False
        if self._count >= self.min_days:
            score = self._score(value)
            self._stakes = (self._stakes + 1.0) * np.exp(self._bets * score - self._bets**2 / 2.0)
            self.evidence = float(self._stakes.mean())
            if self.evidence >= self.days:
                self._begin()
                return True
        self._take(value)
        return False

    @property
    def mean(self) -> float:
        """Mean of the days so far."""
        return self._mean

    def _begin(self) -> None:
        self._count, self._mean, self._squares = 0, 0.0, 0.0
        self._stakes = np.zeros(len(self._bets))

    def _take(self, value: float) -> None:
        self._count += 1
        step = value - self._mean
        self._mean += step / self._count
        self._squares += step * (value - self._mean)

    def _score(self, value: float) -> float:
        """Score a day: standard normal if it is like those before, and independent of their scores."""
        freedom = self._count - 1
        spread = math.sqrt(self._squares / freedom * (1.0 + 1.0 / self._count))
        if spread <= 0.0:
            return 0.0 if value == self._mean else math.copysign(3.0, value - self._mean)
        share = float(special.stdtr(freedom, (value - self._mean) / spread))
        return float(special.ndtri(min(max(share, 1e-12), 1.0 - 1e-12)))


def drift(outcomes: Outcomes, *, days: float = 365.0) -> list[Series]:
    """Detect shifts of the defect rate, the mix of requests and the confidence of interpretations in a log.

    Args:
        outcomes: Turns; days with fewer than 20 are left out.
        days: Average number of days, at least, between two false alarms of all series together.
    """
    found = _figures(outcomes)
    return [
        _watched(name, dates, values, days=days * len(found), side=side)
        for name, (dates, values, side) in found.items()
    ]


def stability(counts: ArrayLike, reference: ArrayLike) -> float:
    """Return population stability index of two mixes, each given as counts of the same kinds; 0 where they are equal.

    >>> round(stability([50, 50], [60, 40]), 4)
    0.0397
    """
    p, q = _shares(counts), _shares(reference)
    return float(((p - q) * np.log(p / q)).sum())


def _shares(counts: ArrayLike) -> NDArray[np.float64]:
    smoothed = np.asarray(counts, dtype=np.float64) + 0.5
    return np.asarray(smoothed / smoothed.sum())


def _watched(name: str, dates: Iterable[str], values: Iterable[float], *, days: float, side: Side) -> Series:
    detector, alarms = Detector(days=days, side=side), []
    shown = list(zip(dates, values, strict=True))
    for date, value in shown:
        before = detector.mean
        if detector.add(value):
            alarms.append(Alarm(figure=name, day=date, before=before, now=value, evidence=detector.evidence))
    return Series(
        figure=name,
        days=tuple(date for date, _ in shown),
        values=tuple(value for _, value in shown),
        alarms=tuple(alarms),
    )


def _figures(outcomes: Outcomes) -> Mapping[str, tuple[list[str], list[float], Side]]:
    """Return the daily figures: name -> (dates, values, direction that matters)."""
    found: dict[str, tuple[list[str], list[float], Side]] = {}
    sides: dict[str, Side] = {"defect rate": "both", "mix of requests": "up", "confidence": "both"}
    kinds = _kinds(outcomes)
    reference = np.zeros(kinds.max(initial=0) + 1)
    for one, rows in outcomes.by_day():
        if len(rows) < _MIN_TURNS:
            continue
        values: dict[str, float] = {}
        for name, column in (("defect rate", outcomes.defect[rows]), ("confidence", outcomes.confidence[rows])):
            known = column[~np.isnan(column)]
            if len(known) >= _MIN_TURNS:
                values[name] = float(known.mean())
        counts = np.bincount(kinds[rows], minlength=len(reference)).astype(np.float64)
        if reference.sum():
            expected = (len(reference) - 1 or 1) * (1.0 / counts.sum() + 1.0 / reference.sum())
            values["mix of requests"] = float(stability(counts, reference) / expected) ** (1 / 3)
        reference += counts
        for name, value in values.items():
            dates, series, _ = found.setdefault(name, ([], [], sides[name]))
            dates.append(date_of(one))
            series.append(value)
    return dict(sorted(found.items()))


def _kinds(outcomes: Outcomes) -> Codes:
    """Return (n,) kind of each turn: its domain and intent where these are frequent, else one kind for all the rest."""
    width = len(outcomes.intent.names) + 1
    pair = outcomes.domain.codes.astype(np.int64) + 1
    pair *= width
    pair += outcomes.intent.codes
    pair += 1
    counts = np.bincount(pair)
    seen = np.flatnonzero(counts)
    frequent = seen[np.argsort(-counts[seen], kind="stable")[: _KINDS - 1]]
    place = np.full(len(counts), min(len(seen), _KINDS - 1), dtype=np.int8)
    place[frequent] = np.arange(len(frequent))
    kinds: Codes = place[pair]
    return kinds
