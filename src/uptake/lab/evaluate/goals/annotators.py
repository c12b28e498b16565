"""Human-parity protocol: compare the model's labels with those of one annotator.

Gold is the majority of three annotators; the reference is a single pass by another one; the model is trained on single
passes only. The threshold from which the model is more precise than one annotator is chosen on the training dialogues
(out-of-fold scores, against their own three annotators) and applied to the test dialogues.

If a corpus has one label only, the annotators are simulated (`raters.simulated`), and `simulated_raters` says so. Their
errors are random and independent, which favours a model that averages; errors of real annotators are correlated.

Source: the protocol of Gupta et al., "RoBERTaIQ", 2021, and Wang et al., COLING 2022, pp. 505-509.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.learn import best_f1_threshold
from uptake.insight.goals import begins, reached
from uptake.insight.goals.learn import train
from uptake.insight.goals.learn.train import TrainingSet
from uptake.lab.evaluate.goals.raters import kappa, majority, simulated
from uptake.lab.evaluate.goals.run import prepared
from uptake.lab.evaluate.harness import bounded
from uptake.ml.metrics import counts

__all__ = ["Compared", "annotators", "compared", "joined", "precise_threshold"]

_GOLD = 3
_LEAST = 30  # labels above a threshold without which its precision says nothing

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Rated:
    """Labels of a collection of rows by four raters: three make the gold, one is the single pass."""

    known: Bools
    labels: Bools
    """(raters, n)."""
    truth: Bools

    @classmethod
    def of(cls, values: Floats, known: Bools, *, seed: int) -> _Rated:
        labels = np.zeros((_GOLD + 1, len(values)), dtype=bool)
        labels[:, known] = simulated(values[known] == 1.0, _GOLD + 1, seed=seed)
        return cls(known=known, labels=labels, truth=values == 1.0)

    @property
    def gold(self) -> Bools:
        return majority(self.labels[:_GOLD])

    @property
    def single(self) -> Bools:
        return np.asarray(self.labels[_GOLD], dtype=bool)

    def of_rows(self, rows: NDArray[np.int64]) -> _Rated:
        return _Rated(known=self.known[rows], labels=self.labels[:, rows], truth=self.truth[rows])


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Single pass and model on the same rows."""

    gold: Bools
    single: Bools
    model: Bools
    precise: Bools
    """Rows above the threshold at which the model is to be more precise than one annotator."""
    people: Sequence[str]


def compared(name: str, one: Compared, *, seed: int) -> dict[str, Any]:
    """Return flat figures of a comparison."""
    gold, people = one.gold, one.people
    found: dict[str, Any] = {f"{name}_judged": len(gold), f"{name}_gold_rate": float(gold.mean())}
    found[f"{name}_majority_accuracy"] = float(max(gold.mean(), 1 - gold.mean()))
    for who, said in (("model", one.model), ("single", one.single)):
        figures = counts(gold, said)
        found |= {
            f"{name}_{who}_accuracy": float((said == gold).mean()),
            f"{name}_{who}_precision": figures.precision,
            f"{name}_{who}_recall": figures.recall,
            **bounded(f"{name}_{who}_f1", lambda at, said=said: counts(gold[at], said[at]).f1, people, seed=seed),
        }
    above = counts(gold, one.precise)
    found |= {
        f"{name}_labelled": int(one.precise.sum()),
        f"{name}_precision_at_coverage": above.precision,
        f"{name}_coverage": above.recall,
    }
    if not one.precise.any():
        return found
    return found | bounded(
        f"{name}_precision_gain",
        lambda at: counts(gold[at], one.precise[at]).precision - counts(gold[at], one.single[at]).precision,
        people,
        seed=seed,
    )


def precise_threshold(gold: Bools, score: Floats, least: float) -> float:
    """Return the lowest score with precision above `least` by two standard errors; else infinity."""
    order = np.argsort(-score, kind="stable")
    said = np.arange(1, len(order) + 1)
    share = np.cumsum(gold[order]) / said
    sure = share - 2.0 * np.sqrt(np.maximum(share * (1 - share), 1e-9) / said)
    last_of_its_score = np.append(np.diff(score[order]) != 0, True)
    right = np.flatnonzero((sure > least) & (said >= _LEAST) & last_of_its_score)
    return float(score[order][right[-1]]) if len(right) else float("inf")


def annotators(*, corpus: str, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Compare boundaries and success with simulated raters.

    Args:
        corpus: "star", "sgd" or "dstc2".
        train: Root to learn from.
        data: Root to judge on.
        seed: Of folds, models, raters and bootstrap.
    """
    split = prepared(corpus, train, data, seed=seed)
    given = split.everything
    inner = (given.material.places > 0) & ~np.isnan(given.boundary)
    boundary = _Rated.of(given.boundary, inner, seed=seed + 1)
    failed = _Rated.of(given.failed, ~np.isnan(given.failed), seed=seed + 2)
    taught = replace(
        given,
        boundary=np.where(boundary.known, boundary.single.astype(np.float64), given.boundary),
        failed=np.where(failed.known, failed.single.astype(np.float64), np.nan),
    )
    parts: dict[str, list[Compared]] = {"boundary": [], "failure": []}
    for learned, inside in split.parts:
        rows = [_turns(given, places) for places in (learned, inside)], [_units(given, p) for p in (learned, inside)]
        opinions = _opinions(taught.of_sessions(learned), taught.of_sessions(inside), seed=seed)
        people = [given.people_of_turns, given.people_of_units]
        for at, (head, rated) in enumerate((("boundary", boundary), ("failure", failed))):
            parts[head].append(
                _compare(rated.of_rows(rows[at][0]), rated.of_rows(rows[at][1]), opinions[at], people[at], rows[at][1])
            )
    found: dict[str, Any] = {
        "held_out": not split.shared,
        "shared_callers": split.shared,
        "simulated_raters": True,
        "data.dialogues": len(split.judged),
    }
    for head, rated in (("boundary", boundary), ("failure", failed)):
        known = rated.known
        found[f"annotators.{head}_kappa"] = kappa(rated.labels[:_GOLD][:, known])
        found[f"annotators.{head}_gold_is_truth"] = float((rated.gold == rated.truth)[known].mean())
        found |= compared(f"annotators.{head}", joined(parts[head]), seed=seed)
    return found


def _turns(given: TrainingSet, sessions: Sequence[int]) -> NDArray[np.int64]:
    starts = given.material.starts
    return np.concatenate([[], *(np.arange(starts[at], starts[at + 1]) for at in sessions)]).astype(np.int64)


def _units(given: TrainingSet, sessions: Sequence[int]) -> NDArray[np.int64]:
    """Return rows of the units of some sessions, in the order in which `TrainingSet.of_sessions` puts them."""
    place = {at: number for number, at in enumerate(sessions)}
    rows = [at for at, unit in enumerate(given.units) if unit.session in place]
    return np.array(
        sorted(rows, key=lambda at: (place[given.units[at].session], given.units[at].begin)), dtype=np.int64
    )


def _opinions(learn: TrainingSet, judge: TrainingSet, *, seed: int) -> list[tuple[Floats, Floats]]:
    """Return (probabilities out of fold of the training data, those of the rest) of boundaries, then failures."""
    fitted = train(learn, seed=seed)
    assert fitted.boundary is not None and fitted.success is not None  # noqa: S101, PT018 - both heads were trained
    return [
        (fitted.boundary, begins(fitted.model, judge.material)),
        (1.0 - fitted.success, 1.0 - reached(fitted.model, judge.material, judge.units)),
    ]


def _compare(
    learn: _Rated, judge: _Rated, opinions: tuple[Floats, Floats], people: Sequence[str], rows: NDArray[np.int64]
) -> Compared:
    held, score = opinions[0][learn.known], opinions[1][judge.known]
    gold, single = learn.gold[learn.known], learn.single[learn.known]
    edge = best_f1_threshold(gold, held)
    precise = precise_threshold(gold, held, counts(gold, single).precision)
    return Compared(
        gold=judge.gold[judge.known],
        single=judge.single[judge.known],
        model=score >= edge,
        precise=score >= precise,
        people=[people[at] for at in rows[judge.known].tolist()],
    )


def joined(parts: Sequence[Compared]) -> Compared:
    """Put the rows of several parts one after the other."""
    names = ("gold", "single", "model", "precise")
    arrays = {name: np.concatenate([getattr(one, name) for one in parts]) for name in names}
    return Compared(**arrays, people=[person for one in parts for person in one.people])
