"""Train the repair model on the n-best list and the dialogue so far, with human labels or without.

With labels: a first stage predicts each act, a second ranks whole meanings combined from them, and a rule decides when
another meaning than the served one is proposed; every stage is trained on out-of-fold predictions of the one before.
Without labels: a teacher that also sees a second recogniser and the rest of the dialogue replaces the truth. The
student sees only what is known at the turn, and proposes only additions to the served interpretation.

Source: reranking of recogniser and understanding lists as in Henderson et al., "Discriminative Spoken Language
Understanding Using Word Confusion Networks" (SLT 2012), and learning repairs from a teacher as in METHODS of
feedback-based self-learning (arXiv:1911.02557). Differs: the served interpretation is one candidate among others, and
leaving it unchanged is the normal case. Limit: a value that no alternative and no interpretation holds cannot be
repaired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.ml.forest import Trees
from uptake.ml.learn.forest import Examples, crossed, fit_trees
from uptake.rewriting.repair.act_candidates import Row, TurnEvidence, guessed
from uptake.rewriting.repair.artifact import RepairModel, Rule, best_other, piece_rows, whole_rows
from uptake.rewriting.repair.counts import GistModel
from uptake.rewriting.repair.learn.examples import CrossFit
from uptake.rewriting.repair.learn.threshold import Goal, JudgedMeanings, choose
from uptake.rewriting.repair.learn.weak_labels import VIEWS, teach
from uptake.rewriting.repair.turn import Act, Meaning

__all__ = ["BELIEVED", "Fitted", "fit_few", "fit_labelled", "fit_unlabelled"]

BELIEVED = Goal(win_loss=6.0)
"""Goal where a teacher stands for the truth, which doubts right readings more than people do. Asked for 6, it reached
12 of people's wins for each of their losses on training calls of one corpus."""
_PLAIN = ((1.0, 0.5),)  # a teacher's beliefs are too rough to fit costs to
_PIECE_ROUNDS, _WHOLE_ROUNDS, _STUDENT_ROUNDS = 200, 200, 150


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Trained model, with its out-of-fold predictions on its log."""

    model: RepairModel
    judged: Sequence[JudgedMeanings]
    """The turns it learned from."""


def fit_labelled(
    fold: CrossFit, *, at: NDArray[np.int64] | None = None, goal: Goal | None = None, seed: int = 0
) -> Fitted:
    """Learn from turns of which people said what was meant.

    Args:
        fold: The whole log.
        at: Turns to take labels from [default: all that have one].
        goal: What the repairs must reach on the log, out of fold.
        seed: Of folds and trees.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: Fewer than two people have labels.
    """
    material = fold.material
    known = np.array([one for one, meant in enumerate(material.meant) if meant is not None], dtype=np.int64)
    at = known if at is None else np.intersect1d(at, known)
    users = [material.users[one] for one in at]
    if len(set(users)) < 2:
        raise NotReady("repairs need the labels of at least two people")
    truth = [material.meant[one] or frozenset() for one in at]
    seen, told = fold.labelled(at)
    chances, pieces = _pieces(seen, truth, users, seed=seed)
    found, rows = _whole(seen, chances)
    labels = [np.array([float(one == meant) for one in some]) for some, meant in zip(found, truth, strict=True)]
    examples = _examples(rows, labels, users)
    probabilities = crossed(examples, rounds=_WHOLE_ROUNDS, seed=seed)
    judged = _judged(found, probabilities, labels)
    return Fitted(
        model=_model(
            fold,
            gist_models=(fold.gist_model, told),
            pieces=pieces,
            whole=fit_trees(examples, rounds=_WHOLE_ROUNDS, seed=seed),
            rule=choose(judged, goal or Goal()),
        ),
        judged=judged,
    )


def fit_unlabelled(fold: CrossFit, *, goal: Goal | None = None, seed: int = 0) -> Fitted:
    """Learn from a log alone; a second recogniser's lists in it make the teacher better.

    Args:
        fold: The whole log; its labels are not looked at.
        goal: What the repairs must reach on the log, out of fold, if the teacher were right.
        seed: Of folds and trees.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: There are fewer than two users.
    """
    material = fold.material
    seen = fold.out_of_fold()
    found, rows = _whole(seen, [guessed(one) for one in seen])
    beliefs = teach(material, seen, found, VIEWS, seed=seed)
    examples = _examples(rows, beliefs, material.users, sure=True)
    probabilities = crossed(examples, rounds=_STUDENT_ROUNDS, seed=seed)
    judged = _judged(found, probabilities, beliefs)
    return Fitted(
        model=_model(
            fold,
            gist_models=(fold.gist_model,),
            pieces=None,
            whole=fit_trees(examples, rounds=_STUDENT_ROUNDS, seed=seed),
            rule=choose(judged, goal or BELIEVED, additive=True, costs=_PLAIN),
        ),
        judged=judged,
    )


def fit_few(fold: CrossFit, alone: Fitted, *, at: NDArray[np.int64], goal: Goal | None = None, seed: int = 0) -> Fitted:
    """Learn from the labels of a few turns, or keep what the log alone taught where that repairs more of these turns.

    Args:
        fold: The whole log.
        alone: What `fit_unlabelled` made of it.
        at: The turns that have labels.
        goal: What the repairs must reach on these turns, out of fold.
        seed: Of folds and trees.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: Fewer than two people have labels.
    """
    told = fit_labelled(fold, at=at, goal=goal, seed=seed)
    truth = [fold.material.meant[one] for one in np.sort(at)]
    unaided = [alone.judged[one] for one in np.sort(at)]
    better = _wins(told.judged, truth, told.model.rule) > _wins(unaided, truth, alone.model.rule)
    return told if better else alone


def _wins(judged: Sequence[JudgedMeanings], truth: Sequence[Meaning | None], rule: Rule) -> int:
    found = 0
    for one, meant in zip(judged, truth, strict=True):
        best = best_other(one.meanings, one.probabilities.tolist(), rule)
        found += best is not None and best[1] >= rule.least and one.meanings[best[0]] == meant
    return found


def _pieces(
    seen: Sequence[TurnEvidence], truth: Sequence[Meaning], users: Sequence[str], *, seed: int
) -> tuple[list[Mapping[Act, float]], Trees]:
    """Return the chance of each act of each turn, out of fold, and the trees for turns of others."""
    found, rows, labels, whose = [], [], [], []
    for one, meant, user in zip(seen, truth, users, strict=True):
        acts, features = piece_rows(one)
        found.append(acts)
        rows += features
        labels += [float(act in meant) for act in acts]
        whose += [user] * len(acts)
    examples = Examples.of(rows, labels, whose)
    chances = iter(crossed(examples, rounds=_PIECE_ROUNDS, seed=seed).tolist())
    return [{act: next(chances) for act in acts} for acts in found], fit_trees(
        examples, rounds=_PIECE_ROUNDS, seed=seed
    )


def _whole(
    seen: Sequence[TurnEvidence], chances: Sequence[Mapping[Act, float]]
) -> tuple[list[list[Meaning]], list[list[Row]]]:
    both = [whole_rows(one, acts) for one, acts in zip(seen, chances, strict=True)]
    return [found for found, _ in both], [rows for _, rows in both]


def _examples(
    rows: Sequence[Sequence[Row]], labels: Sequence[NDArray[np.float64]], users: Sequence[str], *, sure: bool = False
) -> Examples:
    """Return candidates of all turns; with `sure`, a turn counts as much as its best label."""
    return Examples.of(
        [row for some in rows for row in some],
        np.concatenate(labels),
        [user for user, some in zip(users, rows, strict=True) for _ in some],
        [float(some.max()) if sure else 1.0 for some in labels for _ in some],
    )


def _judged(
    found: Sequence[Sequence[Meaning]], probabilities: NDArray[np.float64], truth: Sequence[NDArray[np.float64]]
) -> list[JudgedMeanings]:
    ends = np.cumsum([len(some) for some in found])[:-1]
    return [
        JudgedMeanings(meanings=some, probabilities=chances, right=labels)
        for some, chances, labels in zip(found, np.split(probabilities, ends), truth, strict=True)
    ]


def _model(
    fold: CrossFit, *, gist_models: tuple[GistModel, ...], pieces: Trees | None, whole: Trees, rule: Rule
) -> RepairModel:
    return RepairModel(
        conventions=fold.material.conventions,
        values=fold.values,
        gist_models=gist_models,
        names=fold.names,
        pieces=pieces,
        whole=whole,
        rule=rule,
    )
