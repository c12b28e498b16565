"""Train the light reader: every stage on predictions for people it did not see.

Source: Ke et al., "LightGBM", NIPS 2017; heads and their order follow `uptake.signals.trained`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.learn.forests import grow
from uptake.learn.reader.examples import Examples
from uptake.signals.folds import grouped_folds
from uptake.signals.light_reader import CLASSES, REACH, ForestScorer, LightReader, head_rows, pair_rows, spans
from uptake.signals.stage import Stage, StageRows
from uptake.signals.tables import Row

__all__ = ["LightFit", "Tell", "LEAST_PEOPLE", "crossed_rows", "fit_light_reader", "forest_scorer"]

Tell = Callable[[str], None]
LEAST_PEOPLE = 3
"""Words, texts and values that fewer people said are not kept in a reader."""
_FOLDS = 5
_SEEDS = 2
_ROUNDS = 450
_CLASS_ROUNDS = 200
_OPTIONS = {"learning_rate": 0.045, "num_leaves": 20, "min_data_in_leaf": 30, "extra_trees": True}

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LightFit:
    """A trained light reader and what it says of people it did not see."""

    stage: Stage
    reader: LightReader
    held_out: Mapping[str, Floats]
    """Head ("rephrase", "defect", "online:defect", ...) -> (n, ...) probabilities out of fold."""
    rows: StageRows
    """Features of all turns from stages that never saw their person."""


def fit_light_reader(given: Examples, *, seed: int = 0, tell: Tell = lambda _: None) -> LightFit:
    """Fit trees for every head that something is known for.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    tell("light: features")
    rows = crossed_rows(given, seed=seed)
    scorers: dict[str, ForestScorer] = {}
    held: dict[str, Floats] = {}
    again = None
    if "rephrase" in given.heads:
        tell("light: rephrase")
        scorers["rephrase"], again = _fit_pairs(given, rows, seed=seed)
        held["rephrase"] = spans(again)
    for prefix, online in (("", False), ("online:", True)):
        told = head_rows(given.seen, rows, again, online=online)
        for head in given.heads:
            if head == "rephrase" or (online and head not in ("defect", "failure")):
                continue
            tell(f"light: {prefix}{head}")
            found, held[prefix + head] = _fit_head(given, head, told, seed=seed)
            scorers |= {prefix + name: trees for name, trees in found.items()}
    stage = _stage(given, range(len(given.seen)), seed=seed)
    return LightFit(stage=stage, reader=LightReader(scorers=scorers), held_out=held, rows=rows)


def crossed_rows(given: Examples, *, seed: int = 0) -> StageRows:
    """Features of every turn from a stage that never saw its person, as they will be for new people."""
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


def _fit_pairs(given: Examples, rows: StageRows, *, seed: int) -> tuple[ForestScorer, Floats]:
    """Trees for pairs, and (n, REACH) what they say of people they did not see."""
    pairs, places = pair_rows(rows)
    answers = given.truth["rephrase"][places[:, 0]]
    # Before the turn that says it again, and everywhere where there is none, pairs are wrong; later ones are unknown.
    known = given.known("rephrase")[places[:, 0]] & ((answers == 0) | (places[:, 1] + 1 <= answers))
    labels = answers == places[:, 1] + 1
    people = [given.people[at] for at in places[:, 0]]
    weights = given.weights[places[:, 0]]
    chances = _out_of_fold(pairs, labels, people, known=known, weights=weights, seed=seed)
    again = np.zeros((len(given.seen), REACH))
    again[places[:, 0], places[:, 1]] = np.clip(chances, 1e-6, 1 - 1e-6)
    return _fit(pairs, labels, known, weights, seeds=_SEEDS, seed=seed), again


def _fit_head(given: Examples, head: str, rows: list[Row], *, seed: int) -> tuple[dict[str, ForestScorer], Floats]:
    """Trees for one head (for each failure point one), and what they say of people they did not see."""
    known, answers = given.known(head), given.truth[head]
    if head != "failure":
        labels = answers == 1
        held = _out_of_fold(rows, labels, given.people, known=known, weights=given.weights, seed=seed)
        return {head: _fit(rows, labels, known, given.weights, seeds=_SEEDS, seed=seed)}, held
    found: dict[str, ForestScorer] = {}
    chances = np.full((len(rows), CLASSES), 1e-9)
    for number in sorted(set(answers[known].tolist())):
        labels, options = answers == number, {"rounds": _CLASS_ROUNDS}
        chances[:, number] = _out_of_fold(
            rows, labels, given.people, known=known, weights=given.weights, seed=seed, **options
        )
        found[f"failure:{number}"] = _fit(rows, labels, known, given.weights, seed=seed, **options)
    return found, chances / chances.sum(axis=1, keepdims=True)


def _out_of_fold(  # noqa: PLR0913 - rows, labels, and whom they belong to
    rows: Sequence[Row],
    labels: NDArray[np.bool_],
    people: Sequence[str],
    *,
    known: NDArray[np.bool_],
    weights: Floats,
    seed: int,
    rounds: int = _ROUNDS,
) -> Floats:
    found = np.zeros(len(rows))
    for inside, outside in grouped_folds(people, folds=_FOLDS, seed=seed):
        taught = np.zeros(len(rows), dtype=bool)
        taught[inside] = True
        model = _fit(rows, labels, known & taught, weights, seed=seed, rounds=rounds)
        found[outside] = model.probability([rows[at] for at in outside.tolist()])
    return found


def _fit(  # noqa: PLR0913 - rows, labels, and how much they count
    rows: Sequence[Row],
    labels: NDArray[np.bool_],
    known: NDArray[np.bool_],
    weights: Floats,
    *,
    seeds: int = 1,
    seed: int = 0,
    rounds: int = _ROUNDS,
) -> ForestScorer:
    taught = np.flatnonzero(known & (weights > 0))
    return forest_scorer(
        [rows[at] for at in taught.tolist()],
        labels[taught],
        rounds=rounds,
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
) -> ForestScorer:
    """Grow `seeds` forests on rows of features; labels may be probabilities.

    Raises:
        MissingExtra: LightGBM is not installed.
    """
    names = tuple(sorted({name for row in rows for name in row}))
    table = np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=np.float64)
    grown = (
        grow(table, np.asarray(labels, dtype=np.float64), weights=weights, rounds=rounds, options=_OPTIONS, seed=one)
        for one in range(seed, seed + seeds)
    )
    return ForestScorer(names=names, forests=tuple(grown))
