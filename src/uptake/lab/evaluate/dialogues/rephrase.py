"""Evaluate rephrase detection: the reader of dialogues beside models of the two requests alone.

A pair of consecutive turns is positive if the second repeats or rephrases the first (the corpus's turn pairs). The pair
model is the best one that uses only the two requests and their n-best lists, trained with the same method on the same
folds; the difference to the reader is the gain of context. The reader is given the output of both recognisers of the
corpus; "one_recogniser" is the same without the second, and the pair model has the first alone. So "context_gain"
compares "one_recogniser" with the pair model. Thresholds have the best F1 out of fold by caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.feedback.learn import best_f1_threshold
from uptake.insight.dialogues.learn.train import Fit, forest_scorer
from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.pair_features import pair_row
from uptake.insight.dialogues.reader import Hearing
from uptake.insight.dialogues.views import TurnInSession, views
from uptake.lab.corpora.judged_calls import Judged, reader_targets
from uptake.lab.evaluate.dialogues.calls import Calls, likeness, prepared, said, second, sizes, teacher
from uptake.lab.evaluate.harness import bounded
from uptake.ml.encoder.minilm import MiniLM
from uptake.ml.folds import grouped_folds
from uptake.ml.metrics import counts, pr_auc
from uptake.text.normalize import normalize
from uptake.types import Turn

__all__ = ["dstc2"]

_CONTEXT = re.compile(
    r"gap|barge|response|index|distance|prompt|echoed|new_to_prompt|mean|values|slots|parts|confidence|nothing|value_heard"
)
"""Features of a pair that are not of the two requests alone."""
_NOISE = frozenset("noise sil unintelligible breathing breath cough laugh background".split())
_FOLDS = 5
_ROUNDS = 300

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Scorer:
    """Scores of the test pairs, and out-of-fold scores of the training pairs."""

    judged: Floats
    taught: Floats


def dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Train on the calls of one root, judge on those of another; the same root is judged out of fold, by caller.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: A root lacks calls or pairs, or no pair is positive.
    """
    calls = prepared(train, data)
    if not calls.judge.labels.says_again.any():
        raise NotReady("no pair of the judged calls is a repeat or a rephrase; add more calls")
    targets, hearing = reader_targets(calls.learn, defect=False), {**second(train), **second(data)}
    fit = teacher(seed, hearing=hearing).fit(calls.learn.sessions, targets)
    alone = teacher(seed).fit(calls.learn.sessions, targets)
    scorers = {
        "": _reader(fit, calls, hearing),
        "one_recogniser": _reader(alone, calls, None),
        "pair": _pair_model(calls, seed=seed),
        "edit": _Scorer(judged=likeness(calls.judge), taught=likeness(calls.learn)),
    }
    cosine = _cosine(calls)
    if cosine is not None:
        scorers["cosine"] = cosine
    return {
        **sizes(calls),
        **_figures(calls, scorers, seed=seed),
    }


def _reader(fit: Fit, calls: Calls, hearing: Hearing | None) -> _Scorer:
    left, known = calls.judge.labels.left, calls.learn.labels.left
    return _Scorer(
        judged=said(fit, calls, "rephrase", hearing=hearing)[left, 1], taught=fit.held_out["rephrase"][known, 1]
    )


def _figures(calls: Calls, scorers: Mapping[str, _Scorer], *, seed: int) -> dict[str, Any]:
    labels = calls.judge.labels
    truth, users = labels.says_again, [labels.users[at] for at in labels.left]
    verdicts = {name: _verdict(calls, one) for name, one in scorers.items()}
    found: dict[str, Any] = {}
    for name, one in scorers.items():
        prefix = "rephrase." if not name else f"rephrase.{name}_"
        verdict, score = verdicts[name], one.judged
        figures = counts(truth, verdict)
        found |= {f"{prefix}precision": figures.precision, f"{prefix}recall": figures.recall}
        found |= bounded(f"{prefix}f1", lambda at, said=verdict: counts(truth[at], said[at]).f1, users, seed=seed)
        found |= bounded(f"{prefix}pr_auc", lambda at, said=score: pr_auc(truth[at], said[at]), users, seed=seed)
    ours, pair = verdicts["one_recogniser"], verdicts["pair"]
    found |= bounded(
        "rephrase.context_gain",
        lambda at: counts(truth[at], ours[at]).f1 - counts(truth[at], pair[at]).f1,
        users,
        seed=seed,
    )
    return found | _slices(calls, scorers[""].judged, ours)


def _verdict(calls: Calls, one: _Scorer) -> Bools:
    """Decide by the threshold; callers that were learned from are judged by the threshold of the others."""
    again = calls.learn.labels.says_again
    if not calls.crossed:
        return np.asarray(one.judged >= best_f1_threshold(again, one.taught), dtype=bool)
    taught_users = np.array([calls.learn.labels.users[at] for at in calls.learn.labels.left])
    users = np.array([calls.judge.labels.users[at] for at in calls.judge.labels.left])
    found = np.zeros(len(users), dtype=bool)
    for inside, outside in grouped_folds(taught_users.tolist(), folds=_FOLDS):
        threshold = best_f1_threshold(again[inside], one.taught[inside])
        theirs = np.isin(users, taught_users[outside])
        found[theirs] = one.judged[theirs] >= threshold
    return found


def _slices(calls: Calls, score: Floats, verdict: Bools) -> dict[str, Any]:
    """Score slices: requests recognised exactly or not; repeats and rephrases apart."""
    judge, labels = calls.judge, calls.judge.labels
    exact = np.array([_exact(judge.turns[at]) and _exact(judge.turns[at + 1]) for at in labels.left])
    kinds = np.array([judge.kinds[judge.turns[at].turn_id] for at in labels.left])
    found: dict[str, Any] = {"rephrase.exact_pairs": int(exact.sum())}
    for name, chosen in (("exact", exact), ("inexact", ~exact)):
        if labels.says_again[chosen].any():
            found[f"rephrase.{name}_pr_auc"] = pr_auc(labels.says_again[chosen], score[chosen])
    for kind in ("repeat", "rephrase"):
        if (kinds == kind).any():
            found[f"rephrase.recall_{kind}"] = float(verdict[kinds == kind].mean())
    return found


def _exact(turn: Turn) -> bool:
    """Tell whether the recogniser heard what was said, noises and hesitations apart."""
    if turn.truth is None or turn.truth.request is None:
        return False
    meant = " ".join(word for word in turn.truth.request.split() if word not in _NOISE)
    return _plain(meant) == _plain(turn.request)


def _plain(text: str) -> str:
    words = normalize(text).replace("'", "").split()
    return " ".join(word for word in words if word not in ("uh", "um", "ah", "er", "hm"))


def _pair_model(calls: Calls, *, seed: int) -> _Scorer:
    """Fit trees on the two requests alone."""
    learn, judge = calls.learn, calls.judge
    people = [learn.labels.users[at] for at in learn.labels.left]
    again = learn.labels.says_again
    seen = list(views(learn.sessions))
    held = np.zeros(len(again))
    rows = _pair_rows(seen, learn, Tables.of(seen))
    for inside, outside in grouped_folds(people, folds=_FOLDS, seed=seed):
        model = forest_scorer([rows[at] for at in inside], again[inside], rounds=_ROUNDS, seed=seed)
        held[outside] = model.probability([rows[at] for at in outside])
    if calls.crossed:
        where = {learn.turns[at].turn_id: number for number, at in enumerate(learn.labels.left)}
        return _Scorer(judged=held[[where[judge.turns[at].turn_id] for at in judge.labels.left]], taught=held)
    model = forest_scorer(rows, again, rounds=_ROUNDS, seeds=2, seed=seed)
    return _Scorer(
        judged=model.probability(_pair_rows(list(views(judge.sessions)), judge, Tables.of(seen))), taught=held
    )


def _pair_rows(seen: list[TurnInSession], calls: Judged, tables: Tables) -> list[Row]:
    rows = [pair_row(seen[at], seen[at + 1], tables) for at in calls.labels.left]
    return [{name: value for name, value in row.items() if not _CONTEXT.search(name)} for row in rows]


def _cosine(calls: Calls) -> _Scorer | None:
    """Return the cosine of the requests' sentence vectors; None without MiniLM."""
    encoder = MiniLM.available()
    if encoder is None:
        return None

    def scores(judged: Judged) -> Floats:
        texts = [normalize(turn.request) or "-" for turn in judged.turns]
        place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        vectors = encoder.encode(list(place))
        rows = vectors[[place[text] for text in texts]]
        left = judged.labels.left
        return np.asarray((rows[left] * rows[left + 1]).sum(axis=1), dtype=np.float64)

    taught = scores(calls.learn)
    return _Scorer(
        judged=taught if calls.crossed and calls.learn is calls.judge else scores(calls.judge), taught=taught
    )
