"""Evaluate the detection of rephrases and defects from reactions, on annotated calls.

Rephrase: of two consecutive turns, the second repeats or rephrases the first (kind "repeat" or "rephrase" in the
corpus's turn pairs). Defect: the turn was misunderstood, as `uptake.lab.corpora.dstc2.misunderstood` defines it.
Thresholds come from out-of-fold scores on the training calls; nothing is learned from the test calls. "light" is the
shipped scorer, fitted again; the other is the reader of dialogues, trained on the same labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.feedback.learn import LightFit, best_f1_threshold, fit_light
from uptake.feedback.scorer import judge, rephrase_features
from uptake.insight.dialogues.learn.train import Teacher
from uptake.lab.corpora.judged_calls import Judged, load, reader_targets
from uptake.lab.evaluate.dialogues.calls import likeness, unsureness
from uptake.lab.evaluate.harness import apart, bounded
from uptake.ml.metrics import counts, pr_auc, roc_auc

__all__ = ["dstc2"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Fit on the calls of one root, judge on those of another.

    Where callers are in both, the judged ones are left out of the training in turn (3 folds), and `held_out`
    is False: thresholds and features then come from the same collection of calls.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: A root lacks calls or pairs.
    """
    learn, judge = load(train), load(data)
    shared = learn.callers & judge.callers
    parts = apart(learn.callers, judge.callers, seed=seed)
    scored = [_scored(learn.of(learn.callers - part), judge.of(part), seed=seed) for part in parts]
    return {
        "held_out": not shared,
        "shared_callers": len(shared),
        **{f"train.{name}": value for name, value in learn.sizes.items()},
        **{f"data.{name}": value for name, value in judge.sizes.items()},
        **_rephrase_figures(scored, seed=seed),
        **_defect_figures(scored, seed=seed),
    }


@dataclass(frozen=True, kw_only=True)
class _Scored:
    """Test calls with every scorer's probabilities and verdicts."""

    judged: Judged
    pairs: Mapping[str, tuple[Floats, Bools]]
    """Scorer -> (score, verdict) of each pair."""
    turns: Mapping[str, Floats]
    """Scorer -> score of each turn."""


def _scored(learn: Judged, judge: Judged, *, seed: int) -> _Scored:
    pairs, turns = _light(fit_light(learn.frame, learn.labels, seed=seed), judge)
    read_pairs, read_turns = _read(learn, judge, seed=seed)
    threshold = best_f1_threshold(learn.labels.says_again, likeness(learn))
    edit = likeness(judge)
    return _Scored(
        judged=judge,
        pairs={"": read_pairs, "light_": pairs, "baseline_": (edit, edit >= threshold)},
        turns={**read_turns, **turns, "baseline": unsureness(judge)},
    )


def _light(fitted: LightFit, judged: Judged) -> tuple[tuple[Floats, Bools], dict[str, Floats]]:
    weights, labels, frame = fitted.weights, judged.labels, judged.frame
    chance = weights.rephrase.probability(rephrase_features(frame, labels.left, labels.right))
    turns = {
        "light_online": judge(frame, offline=False, weights=weights).p_defect,
        "light_offline": judge(frame, weights=weights).p_defect,
    }
    return (chance, chance >= weights.rephrase.threshold), turns


def _read(learn: Judged, judge: Judged, *, seed: int) -> tuple[tuple[Floats, Bools], dict[str, Floats]]:
    """Score by a reader of dialogues that was trained on the labels."""
    fit = Teacher(seed=seed, tell=lambda _: None).fit(learn.sessions, reader_targets(learn, defect=True))
    threshold = best_f1_threshold(learn.labels.says_again, fit.held_out["rephrase"][learn.labels.left, 1])
    offline, online = (fit.reader.read(judge.sessions, online=online) for online in (False, True))
    chance = np.concatenate([one.spans for one in offline if one.spans is not None])[judge.labels.left, 1]
    turns = {
        name: np.concatenate([one.defect for one in found if one.defect is not None])
        for name, found in (("online", online), ("offline", offline))
    }
    return (chance, chance >= threshold), turns


def _rephrase_figures(scored: Sequence[_Scored], *, seed: int) -> dict[str, Any]:
    truth = np.concatenate([one.judged.labels.says_again for one in scored])
    users = [one.judged.labels.users[at] for one in scored for at in one.judged.labels.left]
    kinds = np.array(
        [one.judged.kinds[one.judged.turns[at].turn_id] for one in scored for at in one.judged.labels.left]
    )
    if not truth.any():
        raise NotReady("no pair of the judged calls is a repeat or a rephrase; add more calls")
    found: dict[str, Any] = {}
    for scorer in ("", "light_", "baseline_"):
        score, verdict = (np.concatenate([one.pairs[scorer][which] for one in scored]) for which in (0, 1))
        figures = counts(truth, verdict)
        found |= {
            f"rephrase.{scorer}precision": figures.precision,
            f"rephrase.{scorer}recall": figures.recall,
            **bounded(
                f"rephrase.{scorer}f1", lambda at, verdict=verdict: counts(truth[at], verdict[at]).f1, users, seed=seed
            ),
            **bounded(
                f"rephrase.{scorer}pr_auc", lambda at, score=score: pr_auc(truth[at], score[at]), users, seed=seed
            ),
        }
        if not scorer:
            found |= {
                f"rephrase.recall_{kind}": float(verdict[kinds == kind].mean())
                for kind in ("repeat", "rephrase")
                if (kinds == kind).any()
            }
    return found


def _defect_figures(scored: Sequence[_Scored], *, seed: int) -> dict[str, Any]:
    truth = np.concatenate([one.judged.labels.defect for one in scored])
    users = [user for one in scored for user in one.judged.labels.users]
    found: dict[str, Any] = {}
    for scorer in ("online", "offline", "light_online", "light_offline", "baseline"):
        score = np.concatenate([one.turns[scorer] for one in scored])
        found |= bounded(
            f"defect.{scorer}_auc", lambda at, score=score: roc_auc(truth[at], score[at]), users, seed=seed
        )
        found |= bounded(
            f"defect.{scorer}_pr_auc", lambda at, score=score: pr_auc(truth[at], score[at]), users, seed=seed
        )
    return found
