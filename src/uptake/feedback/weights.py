"""Fit, store and load the weights of the light scorers.

`weights.toml` beside this file holds three scorers (rephrase, defect_online, defect_offline) with their corpus,
definitions, command and held-out figures. Each is a pair of logistic regressions: `full` for turns whose interpretation
has a confidence, `plain` for logs with texts and times only.

A weight that the corpus cannot determine, because the feature hardly varies in it, stays at its prior: the fit is ridge
regression towards `PRIOR` instead of towards zero.

Limit: one corpus of phone calls in English. Probabilities are calibrated there; on another log the ranking of turns is
more reliable than the probabilities.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig

__all__ = [
    "PRIOR",
    "READING",
    "SCHEMA_VERSION",
    "Columns",
    "Logistic",
    "Scorer",
    "Weights",
    "fit",
    "fit_scorer",
    "parse",
    "plain_columns",
    "shipped",
    "written",
]

SCHEMA_VERSION = 1

PRIOR: Mapping[str, float] = {
    "answered_no": 4.0,
    "answered_yes": -4.0,
    "undone": 3.0,
    "corrected": 2.0,
    "correction": 0.0,
    "gave_up": 1.5,
    "hung_up": 0.5,
    "terminated": 2.0,
    "cancelled": 0.5,
    "barged_in": 0.5,
    "right_correction": 1.0,
}
"""Log-odds believed before any data, by feature; 0 for the rest."""

READING = frozenset({"doubt", "same_meaning", "same_meaning_and_text", "same_meaning_before", "same_meaning_after"})
"""Features that need the reading of a turn."""

_SCORERS = ("rephrase", "defect_online", "defect_offline")
_RIDGE = 10.0  # precision of the prior: a weight gives way once the corpus tells more than that
_STEPS = 50

Floats = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any] | None]
"""Feature -> one value a row; None where no row knows it."""


@dataclass(frozen=True, kw_only=True)
class Logistic:
    """Logistic regression that treats NaN as the mean of the training data."""

    names: tuple[str, ...]
    """Features, in the order of the columns."""
    weights: Floats
    """(k,) float64: log-odds per unit of a feature."""
    means: Floats
    """(k,) float64: mean of each feature in the fitting corpus, over the rows that know it."""
    intercept: float
    """Log-odds at the means."""

    @cached_property
    def _parts(self) -> list[tuple[str, float, float, float]]:
        """List (name, weight, mean, weight of the mean) of each feature."""
        shifts = (self.weights * self.means).tolist()
        return list(zip(self.names, self.weights.tolist(), self.means.tolist(), shifts, strict=True))

    def log_odds(self, features: Floats) -> Floats:
        """Return (n,) float64 from (n, k) float64."""
        return self.intercept + np.where(np.isnan(features), 0.0, features - self.means) @ self.weights

    def probability(self, features: Floats) -> Floats:
        """Return (n,) float64 in (0, 1) from (n, k) float64."""
        return _sigmoid(self.log_odds(features))

    def probability_by_column(self, columns: Columns, rows: int) -> Floats:
        """Return the same from one array a feature, without putting them side by side.

        Args:
            columns: Feature -> (rows,) float64 with NaN for unknown, or bool, or None where no row knows it.
            rows: Number of rows.
        """
        total = np.full(rows, self.intercept)
        for name, weight, mean, shift in self._parts:
            values = columns[name]
            if values is None:
                continue
            if values.dtype == bool:
                total -= shift
                total[values] += weight
            else:
                part = (values - mean) * weight
                np.add(total, part, out=total, where=part == part)  # noqa: PLR0124 - NaN is not equal to itself
        return _sigmoid(total)


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """Pair of regressions: with features of the interpretation, for rows that have a confidence, and without."""

    names: tuple[str, ...]
    """Features, in the order of the columns; "doubt" is one of them."""
    full: Logistic
    """For rows that know `doubt`; takes every column."""
    plain: Logistic
    """For the other rows; takes the columns that `READING` does not name."""
    threshold: float
    """Probability from which the scorer says yes: best F1 out of fold."""

    def probability(self, features: Floats) -> Floats:
        """Return (n,) float64 in (0, 1) from (n, k) float64; each row is scored independently."""
        known = ~np.isnan(features[:, self.names.index("doubt")])
        found = np.empty(len(features), dtype=np.float64)
        found[known] = self.full.probability(features[known])
        found[~known] = self.plain.probability(features[~known][:, plain_columns(self.names)])
        return found

    def probability_by_column(self, columns: Columns, rows: int) -> Floats:
        """Return the same from one array a feature; arguments as for `Logistic.probability_by_column`."""
        doubt = columns["doubt"]
        known = np.zeros(rows, dtype=bool) if doubt is None else ~np.isnan(doubt)
        if not known.any():
            return self.plain.probability_by_column(columns, rows)
        if known.all():
            return self.full.probability_by_column(columns, rows)
        return np.where(known, *(one.probability_by_column(columns, rows) for one in (self.full, self.plain)))


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights of the three light scorers, with their provenance."""

    rephrase: Scorer
    defect_online: Scorer
    defect_offline: Scorer
    provenance: Mapping[str, Any]


def plain_columns(names: Sequence[str]) -> list[int]:
    """Return the positions of the features that need no interpretation."""
    return [at for at, name in enumerate(names) if name not in READING]


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Return the weights that come with the package."""
    return parse(resources.files("uptake.feedback").joinpath("weights.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """Read what `written` wrote.

    Raises:
        BadConfig: The text is of another schema version or incomplete.
    """
    try:
        content = tomllib.loads(text)
        if content["schema_version"] != SCHEMA_VERSION:
            raise BadConfig(
                f"signal weights have schema version {content['schema_version']}, expected {SCHEMA_VERSION}"
            )
        scorers = {name: _scorer(content[name]) for name in _SCORERS}
        return Weights(**scorers, provenance=content["provenance"])
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"signal weights are incomplete ({type(error).__name__}); fit them again") from error


def _scorer(table: Mapping[str, Any]) -> Scorer:
    full, plain = _logistic(table["full"]), _logistic(table["plain"])
    return Scorer(names=full.names, full=full, plain=plain, threshold=float(table["threshold"]))


def _logistic(table: Mapping[str, Any]) -> Logistic:
    names = tuple(table["weights"])
    return Logistic(
        names=names,
        weights=np.array([table["weights"][name] for name in names], dtype=np.float64),
        means=np.array([table["means"][name] for name in names], dtype=np.float64),
        intercept=float(table["intercept"]),
    )


def written(weights: Weights) -> str:
    """Return the weights as TOML, rounded to six digits."""
    lines = [f"schema_version = {SCHEMA_VERSION}", "", "[provenance]"]
    lines += [f"{name} = {_toml(value)}" for name, value in weights.provenance.items()]
    for title in _SCORERS:
        scorer: Scorer = getattr(weights, title)
        lines += ["", f"[{title}]", f"threshold = {scorer.threshold:.6f}"]
        for variant in ("full", "plain"):
            part: Logistic = getattr(scorer, variant)
            lines += ["", f"[{title}.{variant}]", f"intercept = {part.intercept:.6f}"]
            for heading, values in (("weights", part.weights), ("means", part.means)):
                lines += ["", f"[{title}.{variant}.{heading}]"]
                lines += [f"{name} = {value:.6f}" for name, value in zip(part.names, values, strict=True)]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def fit_scorer(names: Sequence[str], features: Floats, labels: NDArray[Any], *, threshold: float = 0.5) -> Scorer:
    """Fit both regressions of a scorer: `full` on the rows that know `doubt`, `plain` on all rows.

    Args:
        names: Names of the k features; "doubt" is one of them.
        features: (n, k) float64; NaN is unknown.
        labels: (n,) true or false.
        threshold: Decision threshold, in [0, 1].
    """
    known, columns = ~np.isnan(features[:, list(names).index("doubt")]), plain_columns(names)
    return Scorer(
        names=tuple(names),
        full=fit(names, features[known], labels[known]),
        plain=fit([names[at] for at in columns], features[:, columns], labels),
        threshold=threshold,
    )


def fit(names: Sequence[str], features: Floats, labels: NDArray[Any]) -> Logistic:
    """Fit a logistic regression by Newton's method, pulled towards `PRIOR`.

    Args:
        names: Names of the k features.
        features: (n, k) float64; NaN is unknown.
        labels: (n,) true or false.
    """
    known = ~np.isnan(features)
    means = np.where(known, features, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, features - means, 0.0)
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    design = np.column_stack([np.ones(len(features)), centred])
    ridge = np.concatenate([[0.0], np.full(len(prior), _RIDGE)])
    target = np.concatenate([[0.0], prior])
    found, truth = target.copy(), np.asarray(labels, dtype=np.float64)
    for _ in range(_STEPS):
        chance = _sigmoid(design @ found)
        gradient = design.T @ (truth - chance) - ridge * (found - target)
        curvature = (design * (chance * (1.0 - chance))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curvature, gradient)
        found = found + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-9:
            break
    return Logistic(names=tuple(names), weights=found[1:], means=means, intercept=float(found[0]))


def _sigmoid(log_odds: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)), dtype=np.float64)
