"""Human-parity protocol with real raters: ConTurE, in which three people graded every dialogue in several aspects.

Each rater in turn is the single pass. Gold is the agreement of the two others, so that nobody is compared with their
own grade; items on which those two disagree are left out. A model is trained on all raters of other dialogues. An item
is an aspect of a dialogue: whether its grade is above the cut that divides the training grades most evenly.

Limit: a few dozen dialogues of open-domain chat. It shows how much people disagree; it is too small to show a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.goals import Material, Unit
from uptake.insight.goals.learn.heads import Head, HeadLabels, fit_head
from uptake.lab.corpora import CORPORA, records
from uptake.lab.corpora.conture import Conture
from uptake.lab.evaluate.goals.annotators import Compared, compared, joined, precise_threshold
from uptake.lab.evaluate.goals.raters import kappa
from uptake.ml.folds import grouped_folds
from uptake.ml.linear import sigmoid
from uptake.types import Session

__all__ = ["conture"]

_RATERS = 3
_FOLDS = 5
_OPTIONS: Mapping[str, Any] = {"num_leaves": 4, "min_data_in_leaf": 20, "feature_fraction": 0.3}

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Items:
    """Aspects of dialogues that three people graded."""

    dialogues: list[str]
    """(n,) whose item it is."""
    table: Floats
    """(n, features): the dialogue's numbers, and which aspect."""
    aspects: NDArray[np.int64]
    """(n,) which aspect."""
    good: NDArray[np.bool_]
    """(raters, n) whether each gave one of the better grades."""


def conture(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Compare a single rater, and a model, with what two other raters agree on.

    Dialogues that are in both roots are judged out of fold.

    Raises:
        NotReady: A root has no dialogue with three raters.
        MissingExtra: LightGBM is not installed.
    """
    learn, judge = _load(train), _load(data)
    aspects = sorted({name for _, grades in learn for one in grades for name in one})
    edges = {name: _edge([one[name] for _, g in learn for one in g if name in one]) for name in aspects}
    taught, judged = _items(learn, aspects, edges), _items(judge, aspects, edges)
    shared = set(taught.dialogues) & set(judged.dialogues)
    parts = [np.arange(len(judged.dialogues))]
    if shared:
        parts = [rows for _, rows in grouped_folds(judged.dialogues, folds=_FOLDS, seed=seed)]
    chance, edge, precise, usual = np.zeros((4, len(judged.dialogues)))
    for rows in parts:
        inside = {judged.dialogues[at] for at in rows.tolist()}
        others = [at for at, one in enumerate(taught.dialogues) if one not in inside]
        head, high = _fitted(taught, others, seed=seed)
        slope, offset = head.calibration
        chance[rows] = sigmoid(slope * head.forest.scores(judged.table[rows]) + offset)
        edge[rows], precise[rows] = head.threshold, high
        usual[rows] = _usual(taught, others, len(aspects))[judged.aspects[rows]]
    agreed = joined([_against(judged, rater, chance >= edge, chance >= precise) for rater in range(_RATERS)])
    plain = joined([_against(judged, rater, usual >= 0.5, usual >= 0.5) for rater in range(_RATERS)])
    return {
        "held_out": not shared,
        "shared_callers": len(shared),
        "simulated_raters": False,
        "train.dialogues": len(learn),
        "data.dialogues": len(judge),
        "annotators.aspect_kappa": kappa(judged.good),
        **compared("annotators.aspect", agreed, seed=seed),
        "annotators.aspect_majority_accuracy": float((plain.model == plain.gold).mean()),
    }


def _load(root: Path) -> list[tuple[Session, Sequence[Mapping[str, int]]]]:
    found: list[tuple[Session, Sequence[Mapping[str, int]]]] = []
    for record in records("conture", root):
        turns, grades = tuple(CORPORA["conture"].turns(record)), Conture().ratings(record)
        if turns and len(grades) >= _RATERS:
            found.append((Session(session_id=turns[0].session_id or "", turns=turns), grades[:_RATERS]))
    if len(found) < 2:
        raise NotReady(f"{root}: at least two dialogues of conture with {_RATERS} raters are needed")
    return found


def _edge(grades: Sequence[int]) -> float:
    """Return the grade from which an aspect counts as good: the one that splits the grades most evenly."""
    given = np.asarray(grades)
    return float(min(np.unique(given), key=lambda edge: (abs((given >= edge).mean() - 0.5), edge)))


def _items(
    rated: Sequence[tuple[Session, Sequence[Mapping[str, int]]]], aspects: Sequence[str], edges: Mapping[str, float]
) -> _Items:
    sessions = [session for session, _ in rated]
    material = Material.of(sessions)
    numbers = material.numbers_of([Unit(at, 0, len(one.turns)) for at, one in enumerate(sessions)], ())
    dialogues, rows, which, good = [], [], [], []
    for at, (session, grades) in enumerate(rated):
        for number, aspect in enumerate(aspects):
            if all(aspect in one for one in grades):
                dialogues.append(session.session_id)
                rows.append(np.concatenate([numbers[at], np.eye(len(aspects))[number]]))
                which.append(number)
                good.append([one[aspect] >= edges[aspect] for one in grades])
    return _Items(
        dialogues=dialogues,
        table=np.array(rows),
        aspects=np.array(which, dtype=np.int64),
        good=np.array(good, dtype=bool).T,
    )


def _usual(taught: _Items, rows: list[int], count: int) -> Floats:
    """Return (aspects,) how often each is graded good."""
    of = taught.aspects[rows]
    good = np.bincount(of, weights=taught.good[:, rows].mean(axis=0), minlength=count)
    return np.asarray(good / np.maximum(np.bincount(of, minlength=count), 1), dtype=np.float64)


def _fitted(taught: _Items, rows: list[int], *, seed: int) -> tuple[Head, float]:
    """Fit a forest on every rater's single pass, and the threshold from which it is to beat one."""
    good = taught.good[:, rows]
    people = [taught.dialogues[at] for at in rows]
    head = fit_head(
        taught.table[rows],
        HeadLabels(
            labels=good.mean(axis=0),
            known=np.ones(len(rows), dtype=bool),
            people=people,
            weights=np.ones(len(rows)),
            seed=seed,
        ),
        rounds=80,
        options=_OPTIONS,
    )
    gold = 2 * good.sum(axis=0) > _RATERS
    right = [good[(one + 1) % 3] & (good[(one + 2) % 3] == good[(one + 1) % 3]) for one in range(_RATERS)]
    said = sum(int((good[one] & (good[(one + 1) % 3] == good[(one + 2) % 3])).sum()) for one in range(_RATERS))
    hits = sum(int((good[one] & right[one]).sum()) for one in range(_RATERS))
    return head, precise_threshold(gold, head.held_out, hits / max(said, 1))


def _against(items: _Items, rater: int, model: NDArray[np.bool_], precise: NDArray[np.bool_]) -> Compared:
    one, other = (items.good[at] for at in range(_RATERS) if at != rater)
    rows = np.flatnonzero(one == other)
    return Compared(
        gold=one[rows],
        single=items.good[rater][rows],
        model=model[rows],
        precise=precise[rows],
        people=[items.dialogues[at] for at in rows.tolist()],
    )
