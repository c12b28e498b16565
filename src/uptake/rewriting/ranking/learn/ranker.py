"""Weigh candidates by how they turned out: a ranker from logged outcomes.

A case is a request whose meaning became known (the person said it again and it worked, said yes or no, or taught it),
with the candidates there were, to leave it alone among them, and whether each was right. Two stages: how likely each
is right, and how likely it is what was said (a reader's mistakes do not blur that); and, of the best one, whether
acting on it wins (failure to success) or loses (success to failure). The second stage and the threshold only see what
the first says of people or sentences that it was not trained on.

The threshold is the lowest score from which wins per loss reach the target with a margin: not on average over what was
seen, but in all but the `caution` worst of samples drawn again by group. Thresholds without one landed at half
to two thirds of their target on unseen recordings.

Where some failures do not show, requests without a complaint are weighed by their chance to have been right, flattened:
a little bias for much less variance (Shimodaira, "Improving predictive inference under covariate shift by weighting the
log-likelihood function", J. Stat. Plan. Inference 2000). Unflattened weights broke the promise on the recogniser that
errs more.

Limit: outcomes must be those of requests as they come, the ones that needed no rewrite included; learned from
failures alone it would never learn to abstain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig, NotReady
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import Forest
from uptake.ml.learn.forest import grow
from uptake.rewriting.ranking.artifact import Head, leads, outcome_score, probability

__all__ = ["Case", "Fitted", "Outcomes", "Rankings", "choose_threshold", "fit", "judged", "reweighed"]

_RIGHT = {"num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 30, "feature_fraction": 0.5}
_OUTCOME = {"num_leaves": 7, "learning_rate": 0.04, "min_data_in_leaf": 40, "feature_fraction": 0.4}
_DRAWS = 300
_SHOWN_ROUNDS = 120
_LEAST_WEIGHT = 0.05
_FLATTENING = 0.5  # power of those weights: 0 takes each request as it shows, 1 is unbiased and varies most
_NO_TREES = Forest(
    roots=np.zeros(0, dtype=np.int32),
    column=np.zeros(0, dtype=np.int32),
    threshold=np.zeros(0),
    left=np.zeros(0, dtype=np.int32),
    right=np.zeros(0, dtype=np.int32),
    leaves=np.zeros(0),
)

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Case:
    """One request whose meaning is known, and the candidates there were."""

    group: str
    """Group that must not be split: a person, or a sentence where persons are unknown."""
    rows: Floats
    """(k, features) as `uptake.rewriting.ranking.scorer` weighs them; the first is the request as heard."""
    right: Bools
    """(k,) whether acting on each would have been right."""
    changes: Bools
    """(k,) whether acting on each changes anything."""
    heard_right: bool
    """Whether the request was right as it was heard; also where there are no candidates."""
    said: Bools | None = None
    """(k,) whether each is what was said; None where nobody knows."""
    weight: float = 1.0
    """Requests that it stands for."""
    shown: float = 1.0
    """Share, in (0, 1], of failures of its kind that show; below 1, some that are taken for right are failures."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outcomes:
    """Outcomes of acting on the likeliest candidate of each case; all (n,)."""

    score: Floats
    """-inf where there is nothing to act on."""
    win: Bools
    loss: Bools
    weight: Floats
    group: NDArray[np.str_]
    best: NDArray[np.int64]
    """The likeliest candidate; -1 where there is nothing to act on."""

    def counts(self, threshold: float) -> tuple[float, float]:
        """Return wins and losses from a threshold on."""
        acted = self.score >= threshold
        return float(self.weight[acted & self.win].sum()), float(self.weight[acted & self.loss].sum())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fitted:
    """A head, and how it does on cases it was not trained on."""

    head: Head
    outcomes: Outcomes
    """Out of fold, in the order of the cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """Training of a head.

    Args:
        target: Wins per loss to promise.
        ask: Wins per loss from which asking the person is worth it.
        caution: Share, in (0, 1), of samples drawn again that may miss the target.
        rounds: Trees of the first stage.
        outcome_rounds: Trees of each model of the second.
        seeds: Models that each forest joins; they differ in what they sample.
        folds: Parts that take turns in being held out.
        least_wins: Fewest wins, counted with their weights, that a threshold may rest on.
        seed: Of everything that draws.
    """

    target: float = 8.5
    ask: float = 3.0
    caution: float = 0.25
    rounds: int = 140
    outcome_rounds: int = 60
    seeds: int = 1
    folds: int = 5
    least_wins: float = 10.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0.0 < self.caution < 1.0:
            raise BadConfig(f"caution must be in (0, 1), got {self.caution}")
        if not self.target > 0.0 or self.folds < 2:
            raise BadConfig("target must be above 0 and folds at least 2")


def fit(
    cases: Sequence[Case],
    features: Sequence[str],
    options: Rankings | None = None,
    *,
    progress: Callable[[str], None] | None = None,
) -> Fitted:
    """Learn a head. Equal cases, options and seeds give equal heads.

    Raises:
        NotReady: No case has a candidate, or all are of one group, or all or none of the candidates are right.
        MissingExtra: LightGBM is not installed.
    """
    options, tell = options or Rankings(), progress or (lambda _: None)
    usable = [at for at, one in enumerate(cases) if one.changes.any()]
    chosen = [cases[at] for at in usable]
    if any(one.shown < 1.0 for one in chosen):
        tell("estimating which failures were let pass")
        chosen = [replace(one, weight=one.weight**_FLATTENING) for one in reweighed(chosen, options)]
        weighed = dict(zip(usable, chosen, strict=True))
        cases = [weighed.get(at, one) for at, one in enumerate(cases)]
    if not any(one.right[1:].any() for one in chosen) or all(one.right.all() for one in chosen):
        raise NotReady("a ranker needs cases with right and with wrong candidates; there are none yet")
    splits = list(grouped_folds([one.group for one in chosen], folds=options.folds, seed=options.seed))
    found: list[tuple[int, float, Floats]] = [(0, 0.0, np.zeros(0))] * len(chosen)
    for number, (inside, outside) in enumerate(splits):
        tell(f"ranking, part {number + 1} of {len(splits)}")
        head = _first_stage([chosen[at] for at in inside], features, options)
        for at in outside.tolist():
            found[at] = leads(*head.chances(chosen[at].rows), chosen[at].changes)
    table, odds = np.stack([row for _, _, row in found]), np.array([one for _, one, _ in found])
    outcomes = _outcomes(chosen, [best for best, _, _ in found])
    for inside, outside in splits:
        chances = [probability(one, table[outside]) for one in _second_stage(table, outcomes, inside, options)]
        for at, win, loss in zip(outside.tolist(), *chances, strict=True):
            outcomes.score[at] = outcome_score(odds[at], win, loss)
    tell("learning outcomes")
    win, loss = _second_stage(table, outcomes, np.arange(len(chosen)), options)
    held_out = _spread(outcomes, usable, cases)
    head = replace(
        _first_stage(chosen, features, options),
        win=win,
        loss=loss,
        threshold=choose_threshold(held_out, options),
        ask=choose_threshold(held_out, options, target=options.ask),
        target=options.target,
    )
    return Fitted(head=head, outcomes=held_out)


def judged(head: Head, cases: Sequence[Case]) -> Outcomes:
    """Apply a head to cases that it was not trained on."""
    usable = [at for at, one in enumerate(cases) if one.changes.any()]
    choices = [head.judge(cases[at].rows, cases[at].changes) for at in usable]
    made = [one for one in choices if one is not None]
    outcomes = _outcomes([cases[at] for at in usable], [one.best for one in made])
    outcomes.score[:] = [one.score for one in made]
    return _spread(outcomes, usable, cases)


def choose_threshold(outcomes: Outcomes, options: Rankings, *, target: float | None = None) -> float:
    """Choose the score from which acting gains most while wins per loss keep the target; inf where none.

    Args:
        outcomes: Of cases that the scores' model was not trained on.
        options: Margin, draws and seed.
        target: Wins per loss [default: that of the options].
    """
    wanted = options.target if target is None else target
    kept = np.isfinite(outcomes.score)
    order = np.argsort(-outcomes.score[kept], kind="stable")
    score = outcomes.score[kept][order]
    if not len(score):
        return math.inf
    weight, win, loss = (one[kept][order] for one in (outcomes.weight, outcomes.win, outcomes.loss))
    names, codes = np.unique(outcomes.group, return_inverse=True)
    codes = codes[kept][order]
    generator = np.random.default_rng(options.seed)
    held = np.zeros(len(score))
    for _ in range(_DRAWS):
        drawn = np.bincount(generator.integers(0, len(names), len(names)), minlength=len(names))[codes]
        wins, losses = np.cumsum(drawn * weight * win), np.cumsum(drawn * weight * loss)
        held += wins >= wanted * losses
    wins, losses = np.cumsum(weight * win), np.cumsum(weight * loss)
    last = np.append(np.diff(score) != 0, True)
    usable = last & (held >= (1.0 - options.caution) * _DRAWS) & (wins >= options.least_wins)
    if not usable.any():
        return math.inf
    return float(score[int(np.argmax(np.where(usable, wins - losses, -math.inf)))])


def reweighed(cases: Sequence[Case], options: Rankings) -> list[Case]:
    """Weigh cases that nobody complained about by their chance to have been right.

    With g(x) the chance that a request like x shows a failure, and c the share of failures that show, x failed with
    probability g(x) / c; so one without a complaint was right with (1 - g / c) / (1 - g). Source: Elkan and Noto,
    "Learning Classifiers from Only Positive and Unlabeled Data" (KDD 2008). Limit: what shows is taken to be drawn at
    random among the failures of one kind.
    """
    table = np.stack([np.concatenate([one.rows[0], one.rows[1:].max(axis=0)]) for one in cases])
    failed = np.array([not one.heard_right for one in cases])
    shown = np.array([one.shown for one in cases])
    if not failed.any() or failed.all():
        return list(cases)
    chance = np.zeros(len(cases))
    for inside, outside in grouped_folds([one.group for one in cases], folds=options.folds, seed=options.seed):
        forest = grow(
            table[inside], failed[inside].astype(np.float64), rounds=_SHOWN_ROUNDS, options=_OUTCOME, seed=options.seed
        )
        chance[outside] = probability(forest, table[outside])
    chance = np.minimum(chance, 0.99)
    right = (1.0 - np.minimum(chance / shown, 1.0)) / (1.0 - chance)
    weights = np.where(failed, 1.0 / shown, np.maximum(right, _LEAST_WEIGHT))
    return [replace(one, weight=float(weight)) for one, weight in zip(cases, weights, strict=True)]


def _first_stage(cases: Sequence[Case], features: Sequence[str], options: Rankings) -> Head:
    """Fit the probabilities of each candidate to be right and to be what was said, without outcomes."""
    rows = np.concatenate([one.rows for one in cases])
    weights = np.concatenate([np.full(len(one.rows), one.weight) for one in cases])
    right = np.concatenate([one.right for one in cases]).astype(np.float64)
    told = [one.said for one in cases]
    said = _NO_TREES
    if all(one is not None for one in told):
        truth = np.concatenate([one for one in told if one is not None]).astype(np.float64)
        said = _joined(rows, truth, weights, options.rounds, _RIGHT, options)
    forest = _joined(rows, right, weights, options.rounds, _RIGHT, options)
    return Head(features=tuple(features), right=forest, said=said, win=_NO_TREES, loss=_NO_TREES)


def _second_stage(
    table: Floats, outcomes: Outcomes, chosen: NDArray[np.int64], options: Rankings
) -> tuple[Forest, Forest]:
    """Fit the probabilities of a win and of a loss."""
    rows, weights = table[chosen], outcomes.weight[chosen]
    win, loss = (
        _joined(rows, truth[chosen].astype(np.float64), weights, options.outcome_rounds, _OUTCOME, options)
        for truth in (outcomes.win, outcomes.loss)
    )
    return win, loss


def _joined(
    rows: Floats, target: Floats, weights: Floats, rounds: int, how: dict[str, float], options: Rankings
) -> Forest:
    """Return the mean of a few forests, as one forest."""
    grown = [
        grow(rows, target, weights=weights, rounds=rounds, options=how, seed=options.seed + number)
        for number in range(options.seeds)
    ]
    if len(grown) == 1:
        return grown[0]
    return _mean(grown)


def _mean(forests: Sequence[Forest]) -> Forest:
    parts: dict[str, list[NDArray[np.generic]]] = {one.name: [] for one in fields(Forest) if one.init}
    nodes = leaves = 0
    for one in forests:
        for name in ("roots", "left", "right"):
            pointers = getattr(one, name)
            parts[name].append(np.where(pointers >= 0, pointers + nodes, pointers - leaves).astype(np.int32))
        parts["column"].append(one.column)
        parts["threshold"].append(one.threshold)
        parts["leaves"].append(one.leaves / len(forests))
        nodes, leaves = nodes + len(one.column), leaves + len(one.leaves)
    return Forest(**{name: np.concatenate(arrays) for name, arrays in parts.items()})


def _outcomes(cases: Sequence[Case], best: Sequence[int]) -> Outcomes:
    """Compute the outcomes of acting on the best candidates; the scores are still to be filled in."""
    right = np.array([bool(one.right[at]) for one, at in zip(cases, best, strict=True)], dtype=bool)
    before = np.array([one.heard_right for one in cases], dtype=bool)
    return Outcomes(
        score=np.zeros(len(cases)),
        win=right & ~before,
        loss=before & ~right,
        weight=np.array([one.weight for one in cases], dtype=np.float64),
        group=np.array([one.group for one in cases], dtype=str),
        best=np.array(best, dtype=np.int64),
    )


def _spread(outcomes: Outcomes, at: Sequence[int], cases: Sequence[Case]) -> Outcomes:
    """Spread outcomes over all cases, those in which nothing could change included."""
    score, best = np.full(len(cases), -math.inf), np.full(len(cases), -1)
    win, loss = np.zeros(len(cases), dtype=bool), np.zeros(len(cases), dtype=bool)
    score[at], win[at], loss[at], best[at] = outcomes.score, outcomes.win, outcomes.loss, outcomes.best
    return Outcomes(
        score=score,
        win=win,
        loss=loss,
        weight=np.array([one.weight for one in cases], dtype=np.float64),
        group=np.array([one.group for one in cases], dtype=str),
        best=best,
    )
