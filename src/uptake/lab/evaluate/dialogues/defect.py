"""Evaluate defect detection: online and offline, trained with human labels and with none.

A defect is defined by `uptake.lab.corpora.dstc2.misunderstood`. "selfsup" is trained without any human label, neither
of defects nor of rephrases nor of meanings (`uptake.insight.dialogues.learn.untaught`); it may use later turns and the
output of the corpus's second recogniser. "selfsup_online" may not, though it was trained on a model that did.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.learn import best_f1_threshold
from uptake.insight.dialogues.learn.untaught import doubt
from uptake.insight.dialogues.reader import Hearing
from uptake.lab.corpora.judged_calls import reader_targets
from uptake.lab.evaluate.dialogues.calls import Calls, prepared, said, second, sizes, teacher, unsureness
from uptake.lab.evaluate.harness import bounded
from uptake.ml.metrics import calibration_error, counts, pr_auc, roc_auc

__all__ = ["dstc2"]

Floats = NDArray[np.float64]


def dstc2(*, train: Path, data: Path, seed: int = 0, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Train on the calls of one root, judge on those of another; the same root is judged out of fold, by caller.

    Args:
        train: Root to learn from.
        data: Root to judge on.
        seed: Of everything that draws.
        tell: Is told what is being done.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: A root lacks calls or pairs.
    """
    calls = prepared(train, data)
    fit = teacher(seed, tell=tell).fit(calls.learn.sessions, reader_targets(calls.learn, defect=True))
    scores: dict[str, Floats] = {
        "baseline": unsureness(calls.judge),
        "online": said(fit, calls, "defect", online=True),
        "offline": said(fit, calls, "defect"),
    }
    scores |= _untaught(calls, {**second(train), **second(data)}, seed=seed, tell=tell)
    truth, users = calls.judge.labels.defect, list(calls.judge.labels.users)
    found: dict[str, Any] = sizes(calls)
    for name, score in scores.items():
        found |= bounded(f"defect.{name}_auc", lambda at, told=score: roc_auc(truth[at], told[at]), users, seed=seed)
        found |= bounded(f"defect.{name}_pr_auc", lambda at, told=score: pr_auc(truth[at], told[at]), users, seed=seed)
    learned = fit.held_out["online:defect"]
    threshold = best_f1_threshold(calls.learn.labels.defect, learned)
    found["defect.online_f1"] = counts(truth, scores["online"] >= threshold).f1
    found["defect.online_calibration_error"] = calibration_error(truth, scores["online"])
    return found


def _untaught(calls: Calls, hearing: Hearing, *, seed: int, tell: Callable[[str], None]) -> dict[str, Floats]:
    """Score by the model without labels; with hindsight it also gets a second recogniser's lists."""
    model, held = doubt(calls.learn.sessions, hearing=hearing, seed=seed, tell=tell)
    if not calls.crossed:
        return {
            "selfsup": model.score(calls.judge.sessions, hearing=hearing),
            "selfsup_online": model.score(calls.judge.sessions, online=True),
        }
    where = {turn.turn_id: at for at, turn in enumerate(calls.learn.turns)}
    rows = [where[turn.turn_id] for turn in calls.judge.turns]
    return {"selfsup": held["offline"][rows], "selfsup_online": held["online"][rows]}
