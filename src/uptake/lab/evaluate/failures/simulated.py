"""Evaluate failure points in simulated homes, with counterfactual truth: trained on one town, tested on another.

Two towns with different people, homes and seeds run for some days with faults injected at every stage. The model is
trained on the log of the first and evaluated on the second. The assistant knows of a fault what a real one would know:
the score of the wake word, its interpretation and resolution, whether the device answered. It does not know what was
meant.

Limit: people, recognisers and faults are simulated. The recogniser here is better than the fitted one (`_HARDER`),
except for the requests with an injected fault: with more single-word errors, more failures would leave no trace in the
log.

    uptake train failures --out DIR   # trains the shipped model
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.targets import FAILURES
from uptake.insight.failures.artifact import FailureModel, shipped_failures
from uptake.insight.failures.features import failure_rows
from uptake.insight.failures.isolate import Isolated, predict_failure_points
from uptake.insight.failures.learn.credit import OWN, learn_credited
from uptake.insight.failures.learn.train import FailureFit, fit_failures
from uptake.insight.failures.summary import point_of
from uptake.lab.evaluate.failures.dstc2 import scores
from uptake.lab.simulate.faults import Faults
from uptake.lab.simulate.run import Assistant, Town
from uptake.log.sessions import sessions
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.text.normalize import normalize
from uptake.types import Session

__all__ = ["credit_effect", "lived", "make", "simulated"]

_FAULTS = Faults(false_wake=0.4, asr=0.09, nlu=0.06, entity=0.15, result=0.05)
_DEAD = Faults(false_wake=0.4, asr=0.09, nlu=0.06, entity=0.15, result=0.3)  # many devices do not answer
_HARDER = -2.0
_DAYS = 5
_TAUGHT, _JUDGED = 170, 100  # homes
_FITTED_DAYS = 2
_EAGER = MarkovRewriter(min_users=1, min_gain=0.0, confidence=0.5, min_share=0.2, personal_sessions=1, max_success=0.9)
_OWN = ("wake:", "list:", "reading:", "ended:")


def lived(
    homes: int, *, seed: int, days: int = _DAYS, faults: Faults = _FAULTS, harder: float = _HARDER
) -> list[Session]:
    """Simulate some homes with faults at every stage, the truth in their turns."""
    town = Town(homes=homes, seed=seed, faults=faults, harder=harder)
    return sessions(turn for day in range(days) for turn in town.live(day, Assistant()))


class _Lived:
    """Sessions with feature rows and truth."""

    def __init__(self, found: Sequence[Session]) -> None:
        turns = [turn for session in found for turn in session.turns]
        told = [point_of(turn) for turn in turns]
        known = [at for at, point in enumerate(told) if point is not None]
        rows = failure_rows(found)
        self.rows: list[Row] = [rows[at] for at in known]
        self.points = [told[at] or "" for at in known]
        self.people = [turns[at].user_id for at in known]

    @property
    def given(self) -> dict[str, Any]:
        """Arguments of `fit_failures`."""
        return {"rows": self.rows, "points": self.points, "people": self.people}

    def beside(self, other: _Lived) -> _Lived:
        """Join these and the others; people of two towns are not the same, whatever they are called."""
        self.people = [f"{person}/" for person in self.people] + other.people
        self.rows, self.points = self.rows + other.rows, self.points + other.points
        return self

    def own(self) -> list[Row]:
        """Compute rows from what the components report of themselves: no second reading, no reaction."""
        return [{name: value for name, value in row.items() if name.startswith(_OWN)} for row in self.rows]

    @property
    def numbers(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """(n,) numbers of the points."""
        return np.array([FAILURES.index(point) for point in self.points], dtype=np.int64)


def simulated(
    *,
    seed: int = 0,
    homes: tuple[int, int] = (_TAUGHT, _JUDGED),
    days: int = _DAYS,
) -> dict[str, Any]:
    """Learn on some homes, judge on others.

    Args:
        seed: Of the homes, folds, trees and bootstrap.
        homes: How many to learn from, and to judge on.
        days: How long they live.

    Returns:
        Flat figures: `failure.accuracy`, `failure.macro_f1` and of every point; `failure.baseline.*` the same trees on
        what the components say of themselves; `failure.shipped.*` the model that comes with the package;
        `failure.majority.*` always "correct"; `failure.fitted.shipped.*` the model that comes with the package where
        the recogniser errs as real ones do; `credit.*` rewrites learned with credit and without it.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: So few homes fail too seldom.
    """
    taught = _both(homes[0], seed=10 * seed + 100, days=days)
    judged = _Lived(lived(homes[1], seed=10 * seed + 102, days=days))
    model = _fit(taught.rows, taught, seed)
    systems = {
        "": _said(model, judged.rows),
        "baseline.": _said(_fit(taught.own(), taught, seed), judged.own()),
        "shipped.": _said(shipped_failures(), judged.rows),
        "majority.": np.zeros(len(judged.rows), dtype=np.int64),
    }
    fitted = _Lived(lived(homes[1], seed=10 * seed + 103, days=min(days, _FITTED_DAYS), harder=0.0))
    found: dict[str, Any] = {
        "train.homes": homes[0],
        "data.homes": homes[1],
        "train.turns": len(taught.rows),
        "data.turns": len(judged.rows),
        "data.people": len(set(judged.people)),
        **{f"data.{point}": judged.points.count(point) for point in FAILURES},
        "faults": f"{_FAULTS}, recogniser {_HARDER} standard deviations",
    }
    for name, said in systems.items():
        found |= scores(f"failure.{name}", judged.numbers, said, FAILURES, judged.people, seed=seed)
    said = _said(shipped_failures(), fitted.rows)
    found |= scores("failure.fitted.shipped.", fitted.numbers, said, FAILURES, fitted.people, seed=seed)
    dead = lived(homes[1], seed=10 * seed + 104, days=min(days, _FITTED_DAYS), faults=_DEAD)
    return found | credit_effect(dead, predict_failure_points(dead, model))


def credit_effect(given: Sequence[Session], found: Sequence[Isolated]) -> dict[str, Any]:
    """Compare what an eager learner of rewrites learns from sessions with credit assignment and without.

    A rewrite is needless where most turns with its request failed, if at all, where no rewrite helps.

    Args:
        given: Sessions with their truth.
        found: Where their turns failed, as a model says.
    """
    points: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    for session in given:
        for turn in session.turns:
            points[normalize(turn.request)][point_of(turn)] += 1
    figures: dict[str, Any] = {}
    for name, told in (("credit.", found), ("credit.without.", None)):
        table = learn_credited(_EAGER, given, found=told)
        needed = needless = 0
        for row in table.rows():  # type: ignore[attr-defined]  # a rewrite table
            seen = points[row.request]
            own = sum(seen[point] for point in OWN["rewrites"])
            needed, needless = needed + (2 * own >= seen.total()), needless + (2 * own < seen.total())
        figures |= {f"{name}needed": needed, f"{name}needless": needless}
        figures[f"{name}needless_share"] = needless / max(needed + needless, 1)
    return figures


def _fit(rows: list[Row], taught: _Lived, seed: int) -> FailureModel:
    return _trained(rows, taught, seed).model


def _trained(rows: list[Row], taught: _Lived, seed: int) -> FailureFit:
    return fit_failures(rows, taught.points, taught.people, seed=seed, rounds=200)


def _said(model: FailureModel, rows: list[Row]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return (n,) numbers of `FAILURES`."""
    numbers = np.array([FAILURES.index(point) for point in model.points], dtype=np.int64)
    return np.asarray(numbers[model.decide(model.probabilities(rows))], dtype=np.int64)


def make(out: Path, *, homes: int = 200, seed: int = 7) -> None:
    """Learn the model that ships from simulated homes and write it."""
    model = fit_failures(**_both(homes, seed=seed, days=4).given, seed=seed, rounds=120).model
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)


def _both(homes: int, *, seed: int, days: int) -> _Lived:
    """Simulate half of the homes with a good recogniser, half with the fitted one."""
    good = _Lived(lived(homes // 2, seed=seed, days=days))
    return good.beside(_Lived(lived(homes - homes // 2, seed=seed + 1, days=days, harder=0.0)))
