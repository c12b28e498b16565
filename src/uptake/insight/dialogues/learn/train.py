"""Train a reader of dialogues. Every stage and every threshold uses out-of-fold predictions.

Source: Ke et al., "LightGBM", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.learn import best_f1_threshold
from uptake.insight.dialogues.features import Stage, StageRows
from uptake.insight.dialogues.learn.examples import Examples, examples
from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.reader import (
    ONLINE,
    REACH,
    DialogueReader,
    Hearing,
    LightReader,
    head_rows,
    pair_rows,
    spans,
)
from uptake.insight.dialogues.targets import Targets
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import Trees, table_of
from uptake.ml.learn.forest import grow
from uptake.types import Session

__all__ = [
    "LEAST_PEOPLE",
    "Fit",
    "LightFit",
    "Teacher",
    "Tell",
    "crossed_rows",
    "fit_light_reader",
    "forest_scorer",
    "train",
]

Floats = NDArray[np.float64]

Tell = Callable[[str], None]
LEAST_PEOPLE = 3
"""Words, texts and values that fewer people said are not kept in a reader."""
_FOLDS = 5
_SEEDS = 2
_ROUNDS = 450
_OPTIONS = {"learning_rate": 0.045, "num_leaves": 20, "min_data_in_leaf": 30, "extra_trees": True}


@dataclass(frozen=True, kw_only=True)
class LightFit:
    """Trained light reader, with its out-of-fold predictions."""

    stage: Stage
    reader: LightReader
    held_out: Mapping[str, Floats]
    """Head ("rephrase", "defect", "online:defect", ...) -> (n, ...) probabilities out of fold."""


def fit_light_reader(given: Examples, *, seed: int = 0, tell: Tell = lambda _: None) -> LightFit:
    """Fit trees for every head that something is known for.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    tell("light: features")
    rows = crossed_rows(given, seed=seed)
    scorers: dict[str, Trees] = {}
    held: dict[str, Floats] = {}
    again = None
    if "rephrase" in given.heads:
        tell("light: rephrase")
        scorers["rephrase"], again = _fit_pairs(given, rows, seed=seed)
        held["rephrase"] = spans(again)
    if "defect" in given.heads:
        known, labels = given.known("defect"), given.answers["defect"] == 1
        for head, online in (("defect", False), ("online:defect", True)):
            tell(f"light: {head}")
            told = head_rows(given.seen, rows, again, online=online)
            held[head] = _out_of_fold(told, labels, given.people, known=known, weights=given.weights, seed=seed)
            scorers[head] = _fit(told, labels, known, given.weights, seeds=_SEEDS, seed=seed)
    stage = _stage(given, range(len(given.seen)), seed=seed)
    return LightFit(stage=stage, reader=LightReader(scorers=scorers), held_out=held)


def crossed_rows(given: Examples, *, seed: int = 0) -> StageRows:
    """Return features of every turn from a stage that never saw its person, as they will be for new people."""
    count = len(given.seen)
    turns: list[Row] = [{} for _ in range(count)]
    after: list[Row] = [{} for _ in range(count)]
    pairs: list[Row | None] = [None] * count
    beyond: list[list[Row]] = [[] for _ in range(count)]
    for inside, outside in grouped_folds(given.people, folds=_FOLDS, seed=seed):
        again = None if given.heard_again is None else [given.heard_again[at] for at in outside.tolist()]
        stage = _stage(given, inside.tolist(), seed=seed)
        found = stage.rows([given.seen[at] for at in outside.tolist()], reach=REACH, heard_again=again)
        for number, at in enumerate(outside.tolist()):
            turns[at], after[at] = found.turns[number], found.after[number]
            pairs[at], beyond[at] = found.pairs[number], found.beyond[number]
    return StageRows(turns=turns, after=after, pairs=pairs, beyond=beyond)


def _stage(given: Examples, places: Sequence[int], *, seed: int) -> Stage:
    seen = [given.seen[at] for at in places]
    meant = [given.meant[at] for at in places]
    least = LEAST_PEOPLE if len({view.turn.user_id for view in seen}) > LEAST_PEOPLE else 1
    known = [view.meant if one is None else one for view, one in zip(seen, meant, strict=True)]
    return Stage.fit(seen, known, fit=forest_scorer, least_people=least, seed=seed)


def _fit_pairs(given: Examples, rows: StageRows, *, seed: int) -> tuple[Trees, Floats]:
    """Return trees for pairs, and (n, REACH) what they say of people they did not see."""
    pairs, places = pair_rows(rows)
    answers = given.answers["rephrase"][places[:, 0]]
    # Before the turn that says it again, and everywhere where there is none, pairs are wrong; later ones are unknown.
    known = given.known("rephrase")[places[:, 0]] & ((answers == 0) | (places[:, 1] + 1 <= answers))
    labels = answers == places[:, 1] + 1
    people = [given.people[at] for at in places[:, 0]]
    weights = given.weights[places[:, 0]]
    chances = _out_of_fold(pairs, labels, people, known=known, weights=weights, seed=seed)
    again = np.zeros((len(given.seen), REACH))
    again[places[:, 0], places[:, 1]] = np.clip(chances, 1e-6, 1 - 1e-6)
    return _fit(pairs, labels, known, weights, seeds=_SEEDS, seed=seed), again


def _out_of_fold(
    rows: Sequence[Row],
    labels: NDArray[np.bool_],
    people: Sequence[str],
    *,
    known: NDArray[np.bool_],
    weights: Floats,
    seed: int,
) -> Floats:
    found = np.zeros(len(rows))
    for inside, outside in grouped_folds(people, folds=_FOLDS, seed=seed):
        taught = np.zeros(len(rows), dtype=bool)
        taught[inside] = True
        model = _fit(rows, labels, known & taught, weights, seed=seed)
        found[outside] = model.probability([rows[at] for at in outside.tolist()])
    return found


def _fit(
    rows: Sequence[Row],
    labels: NDArray[np.bool_],
    known: NDArray[np.bool_],
    weights: Floats,
    *,
    seeds: int = 1,
    seed: int = 0,
) -> Trees:
    taught = np.flatnonzero(known & (weights > 0))
    return forest_scorer(
        [rows[at] for at in taught.tolist()],
        labels[taught],
        seeds=seeds,
        seed=seed,
        weights=weights[taught],
    )


def forest_scorer(
    rows: Sequence[Row],
    labels: NDArray[Any],
    *,
    weights: Floats | None = None,
    rounds: int = _ROUNDS,
    seeds: int = 1,
    seed: int = 0,
) -> Trees:
    """Grow `seeds` forests on rows of features; labels may be probabilities.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    names = tuple(sorted({name for row in rows for name in row}))
    table = table_of(rows, names)
    grown = (
        grow(table, np.asarray(labels, dtype=np.float64), weights=weights, rounds=rounds, options=_OPTIONS, seed=one)
        for one in range(seed, seed + seeds)
    )
    return Trees(names=names, forests=tuple(grown))


def train(
    sessions: Sequence[Session],
    targets: Sequence[Targets],
    *,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DialogueReader:
    """Learn to read dialogues from some whose targets are known.

    A head is trained where at least 20 examples of each answer are known; a head nothing is known for is left out.

    Args:
        sessions: Whole sessions.
        targets: What is known of each, from whatever source the caller trusts.
        seed: Of everything that draws.
        progress: Is told what is being done.

    Raises:
        NotReady: A head has too few examples; the message says how many it needs.
        BadConfig: Targets do not fit the sessions.
        MissingExtra: LightGBM is not installed.
    """
    return Teacher(seed=seed, tell=progress or (lambda _: None)).fit(sessions, targets).reader


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Trained reader, with its out-of-fold predictions."""

    reader: DialogueReader
    held_out: Mapping[str, Floats]
    """Head ("rephrase", "defect", "online:defect") -> (n, ...) probabilities out of fold."""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """Training procedure of a reader; `train` with all its options."""

    hearing: Hearing | None = None
    """turn_id -> what a second recogniser heard, where one did; such a reader wants it when it reads as well."""
    seed: int = 0
    tell: Callable[[str], None] = print

    def fit(self, sessions: Sequence[Session], targets: Sequence[Targets]) -> Fit:
        """Train all heads."""
        given = examples(sessions, targets, hearing=self.hearing)
        light = fit_light_reader(given, seed=self.seed, tell=self.tell)
        reader = DialogueReader(
            stage=light.stage,
            light=light.reader,
            thresholds={head: _threshold(given, head, chances) for head, chances in light.held_out.items()},
            figures={"contradictions": given.contradictions},
        )
        return Fit(reader=reader, held_out=light.held_out)


def _threshold(given: Examples, head: str, chances: Floats) -> float:
    """Return the probability from which the answer is yes: the best F1."""
    bare = head.removeprefix(ONLINE)
    known, truth = given.known(bare), given.answers[bare]
    score = chances[:, 1:].max(axis=1) if bare == "rephrase" else chances
    return best_f1_threshold(truth[known] > 0, score[known])
