"""Evaluate goals: segmentation, and detection of success.

Segmentation: for every turn but the first of a dialogue, whether a goal begins with it. Success: for every goal (SGD)
or dialogue (STAR, DSTC2), whether it was reached; goals lie between annotated boundaries. Figures with `predicted_` are
for goals between predicted boundaries: the one in which the annotated goal ends. Baselines: the same learner on each
turn alone, with scores averaged per goal, and the majority; a model trained on the log itself is compared, too.
Thresholds come from out-of-fold scores on the training dialogues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.feedback.learn import best_f1_threshold
from uptake.insight.goals import Material, begins, rated, reached
from uptake.insight.goals.learn import Trained, train, train_from_signals, training_set
from uptake.insight.goals.learn.train import TrainingSet
from uptake.insight.goals.unit_features import Unit
from uptake.lab.evaluate.goals.cases import WHOLE, Case, load
from uptake.lab.evaluate.harness import bounded
from uptake.ml.folds import grouped_folds
from uptake.ml.metrics import counts, pr_auc, roc_auc

__all__ = ["Split", "cut", "ends_in", "goals", "prepared"]

_FOLDS = 3  # when judged people are among the training people
_MOST = {"sgd": 2_500}  # dialogues that are learned from, where there are more than it takes
_MOST_UNTAUGHT = 1_200  # dialogues that the model without annotators learns from

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Training and test dialogues, prepared once."""

    corpus: str
    everything: TrainingSet
    cases: Sequence[Case]
    parts: Sequence[tuple[list[int], list[int]]]
    """(dialogues learned from, dialogues judged) of each fold; one where no person is on both sides."""
    shared: int
    """People on both sides."""

    @property
    def judged(self) -> list[int]:
        """Test dialogues, in the order of the folds."""
        return [at for _, inside in self.parts for at in inside]


def prepared(corpus: str, train: Path, data: Path, *, seed: int = 0) -> Split:
    """Read both roots. Where people are on both sides, they are judged out of fold (3 folds of people).

    Raises:
        NotReady: A root holds no dialogue of the corpus.
    """
    learned, judged = load(corpus, train), load(corpus, data)
    cases = {case.session.session_id: case for case in (*learned, *judged)}
    number = {name: at for at, name in enumerate(cases)}
    everyone = [case.session.turns[0].user_id for case in cases.values()]
    mine = [number[case.session.session_id] for case in judged]
    source = [number[case.session.session_id] for case in learned]
    shared = {everyone[at] for at in source} & {everyone[at] for at in mine}
    folds = [np.arange(len(mine))]
    if shared:
        folds = [outside for _, outside in grouped_folds([everyone[at] for at in mine], folds=_FOLDS, seed=seed)]
    parts = []
    for fold in folds:
        inside = [mine[at] for at in fold.tolist()]
        people = {everyone[at] for at in inside}
        parts.append((_at_most([at for at in source if everyone[at] not in people], _MOST.get(corpus), seed), inside))
    held = list(cases.values())
    ratings = [case.rating for case in held] if corpus in WHOLE else None
    material = Material.of([case.session for case in held])
    everything = training_set(material, [case.targets for case in held], whole=corpus in WHOLE, ratings=ratings)
    return Split(corpus=corpus, everything=everything, cases=held, parts=parts, shared=len(shared))


def _at_most(places: list[int], most: int | None, seed: int) -> list[int]:
    if most is None or len(places) <= most:
        return places
    return sorted(_drawn(places, most, seed))


def _drawn(places: list[int], most: int, seed: int) -> list[int]:
    return [places[at] for at in np.random.default_rng(seed).permutation(len(places))[:most].tolist()]


@dataclass(frozen=True, kw_only=True)
class _Opinion:
    """Scores of one model for the test dialogues, and its decisions."""

    boundary: Floats
    begins: NDArray[np.bool_]
    success: Floats
    fails: NDArray[np.bool_]
    rating: Floats | None = None
    ended: Floats | None = None
    """Success of the goal in which each judged one ends, of those that the model cut out itself."""
    end_fails: NDArray[np.bool_] | None = None
    """Whether that says that it was not reached."""


def goals(*, corpus: str, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Measure where goals begin and whether they were reached.

    Args:
        corpus: "star" (typed dialogues with a wizard; success is the user's answer to the first question), "sgd"
            (conversations over several services; success is how the last transaction of a goal ended) or "dstc2"
            (calls to a restaurant line; success is the crowd worker's verdict, the rating the caller's own).
        train: Root to learn from.
        data: Root to judge on.
        seed: Of folds, models and bootstrap.

    Raises:
        NotReady: A root holds no dialogue of the corpus.
    """
    split = prepared(corpus, train, data, seed=seed)
    judged = split.everything.of_sessions(split.judged)
    opinions = {
        "": _asked(split, partial(_taught, context=True, seed=seed)),
        "alone_": _asked(split, partial(_taught, context=False, seed=seed)),
        "untaught_": _asked(split, partial(_untaught, seed=seed)),
    }
    return {
        "held_out": not split.shared,
        "shared_callers": split.shared,
        "train.dialogues": round(float(np.mean([len(one) for one, _ in split.parts]))),
        "data.dialogues": len(split.judged),
        "data.people": len({judged.people[unit.session] for unit in judged.units}),
        "data.turns": len(judged.boundary),
        **_segmentation(judged, opinions, seed=seed),
        **_success(split, judged, opinions, seed=seed),
        **(_ratings(judged, opinions[""], seed=seed) if opinions[""].rating is not None else {}),
    }


def _asked(split: Split, fit: Callable[[TrainingSet, TrainingSet], _Opinion]) -> _Opinion:
    """Score by a model, fold after fold."""
    found = [
        fit(split.everything.of_sessions(learned), split.everything.of_sessions(inside))
        for learned, inside in split.parts
    ]

    def column(name: str) -> Any:
        parts = [getattr(one, name) for one in found]
        return None if any(part is None for part in parts) else np.concatenate(parts)

    return _Opinion(**{name: column(name) for name in _Opinion.__dataclass_fields__})


def _taught(learn: TrainingSet, judge: TrainingSet, *, context: bool, seed: int) -> _Opinion:
    """Learn the model from people's labels."""
    fitted: Trained = train(learn, context=context, seed=seed)
    if fitted.boundary is None or fitted.success is None:
        raise NotReady("the training dialogues say nothing of boundaries or of success")
    inner, known = learn.material.places > 0, ~np.isnan(learn.failed)
    edge = best_f1_threshold(learn.boundary[inner] == 1.0, fitted.boundary[inner])
    doubt = best_f1_threshold(learn.failed[known] == 1.0, 1.0 - fitted.success[known])
    boundary = begins(fitted.model, judge.material)
    success = reached(fitted.model, judge.material, judge.units)
    rating = rated(fitted.model, judge.material, judge.units) if context and fitted.rating is not None else None
    begun = boundary >= edge
    own = cut(judge.material, begun)
    ended = reached(fitted.model, judge.material, own)[ends_in(judge, own)]
    return _Opinion(
        boundary=boundary,
        begins=begun,
        success=success,
        fails=1.0 - success >= doubt,
        rating=rating,
        ended=ended,
        end_fails=1.0 - ended >= doubt,
    )


def cut(material: Material, begun: NDArray[np.bool_]) -> list[Unit]:
    """Return the goals of sessions, given for each turn whether one begins with it; the first turn always does."""
    starts = material.starts
    first = begun.copy()
    first[starts[:-1]] = True
    begin = np.flatnonzero(first)
    of = np.searchsorted(starts, begin, side="right") - 1
    rows = np.column_stack([of, begin - starts[of], np.append(begin[1:], len(first)) - starts[of]])
    return [Unit(*row) for row in rows.tolist()]


def ends_in(judge: TrainingSet, own: Sequence[Unit]) -> Ints:
    """(units,) position, among the goals that were cut out, of the one in which each judged goal ends."""
    starts = judge.material.starts
    begin = [starts[unit.session] + unit.begin for unit in own]
    last = [starts[unit.session] + unit.end - 1 for unit in judge.units]
    return np.asarray(np.searchsorted(begin, last, side="right") - 1, dtype=np.int64)


def _untaught(learn: TrainingSet, judge: TrainingSet, *, seed: int) -> _Opinion:
    """Return the model trained on the log itself, without labels."""
    sessions = _drawn(list(range(len(learn.material.sessions))), _MOST_UNTAUGHT, seed)
    model = train_from_signals([learn.material.sessions[at] for at in sessions], seed=seed)
    boundary = begins(model, judge.material)
    knows = "failed" in model.forests
    success = reached(model, judge.material, judge.units) if knows else np.full(len(judge.units), 0.5)
    return _Opinion(
        boundary=boundary,
        begins=boundary >= model.threshold("boundary"),
        success=success,
        fails=1.0 - success >= model.threshold("failed") if knows else np.zeros(len(success), dtype=bool),
    )


def _segmentation(judged: TrainingSet, opinions: Mapping[str, _Opinion], *, seed: int) -> dict[str, Any]:
    inner = judged.material.places > 0
    truth = judged.boundary[inner] == 1.0
    people = [person for person, use in zip(judged.people_of_turns, inner.tolist(), strict=True) if use]
    share = float(truth.mean())
    found: dict[str, Any] = {
        "goals.boundary_rate": share,
        "goals.segmentation_majority_f1": 0.0,
        "goals.segmentation_always_f1": 2 * share / (1 + share),
    }
    for name, one in opinions.items():
        said, score = one.begins[inner], one.boundary[inner]
        found |= bounded(
            f"goals.{name}segmentation_f1", lambda at, said=said: counts(truth[at], said[at]).f1, people, seed=seed
        )
        found[f"goals.{name}segmentation_auc"] = roc_auc(truth, score)
    best, alone = (opinions[name].begins[inner] for name in ("", "alone_"))
    figures = counts(truth, best)
    found |= {"goals.segmentation_precision": figures.precision, "goals.segmentation_recall": figures.recall}
    return found | bounded(
        "goals.segmentation_gain",
        lambda at: counts(truth[at], best[at]).f1 - counts(truth[at], alone[at]).f1,
        people,
        seed=seed,
    )


def _success(split: Split, judged: TrainingSet, opinions: Mapping[str, _Opinion], *, seed: int) -> dict[str, Any]:
    known = ~np.isnan(judged.failed)
    failed = judged.failed[known] == 1.0
    if failed.all() or not failed.any():
        raise NotReady("the judged dialogues need goals that were reached and goals that were not; add more data")
    people = [person for person, use in zip(judged.people_of_units, known.tolist(), strict=True) if use]
    found: dict[str, Any] = {
        "goals.judged": int(known.sum()),
        "goals.failure_rate": float(failed.mean()),
        "goals.success_majority_f1": counts(~failed, np.ones(len(failed), dtype=bool)).f1,
        "goals.failure_majority_f1": 0.0,
    }
    asked = dict(opinions)
    taught = opinions[""]
    if split.corpus not in WHOLE and taught.ended is not None and taught.end_fails is not None:
        asked["predicted_"] = replace(taught, success=taught.ended, fails=taught.end_fails)
    for name, one in asked.items():
        doubt, said = 1.0 - one.success[known], one.fails[known]
        found |= bounded(
            f"goals.{name}success_auc", lambda at, doubt=doubt: roc_auc(failed[at], doubt[at]), people, seed=seed
        )
        found |= bounded(
            f"goals.{name}failure_f1", lambda at, said=said: counts(failed[at], said[at]).f1, people, seed=seed
        )
        found[f"goals.{name}success_f1"] = counts(~failed, ~said).f1
        found[f"goals.{name}failure_pr_auc"] = pr_auc(failed, doubt)
    best, alone = (1.0 - opinions[name].success[known] for name in ("", "alone_"))
    found |= bounded(
        "goals.success_gain",
        lambda at: roc_auc(failed[at], best[at]) - roc_auc(failed[at], alone[at]),
        people,
        seed=seed,
    )
    length = np.array([unit.end - unit.begin for unit in judged.units], dtype=np.float64)[known]
    found["goals.success_length_auc"] = roc_auc(failed, length)
    return found | _slices(split, known, failed, best)


def _slices(split: Split, known: NDArray[np.bool_], failed: NDArray[np.bool_], doubt: Floats) -> dict[str, Any]:
    kinds = [split.cases[at].slice for at in split.judged]
    if split.corpus not in WHOLE or not any(kinds):
        return {}
    of = np.array([str(kind) for kind in kinds])[known]
    found: dict[str, Any] = {}
    for kind in sorted(set(of.tolist())):
        rows = of == kind
        if failed[rows].any() and not failed[rows].all():
            found[f"goals.success_auc_where_asked_of_{kind}"] = roc_auc(failed[rows], doubt[rows])
    return found


def _ratings(judged: TrainingSet, opinion: _Opinion, *, seed: int) -> dict[str, Any]:
    known = ~np.isnan(judged.ratings)
    if opinion.rating is None or int(known.sum()) < 2:
        return {}
    rating, said = judged.ratings[known], opinion.rating[known]
    people = [person for person, use in zip(judged.people_of_units, known.tolist(), strict=True) if use]
    length = np.array([unit.begin - unit.end for unit in judged.units], dtype=np.float64)[known]
    return {
        "goals.rated": int(known.sum()),
        **bounded("goals.rating_spearman", lambda at: _spearman(rating[at], said[at]), people, seed=seed),
        "goals.rating_length_spearman": _spearman(rating, length),
    }


def _spearman(one: Floats, other: Floats) -> float:
    """Rank correlation, ties sharing their mean rank."""
    left, right = _ranks(one), _ranks(other)
    if not left.std() or not right.std():
        raise NotReady("a rank correlation needs values that differ")
    return float(np.corrcoef(left, right)[0, 1])


def _ranks(values: Floats) -> Floats:
    _, codes, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(sizes) - (sizes - 1) / 2)[codes], dtype=np.float64)
