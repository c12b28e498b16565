"""Did a turn fail its user? Online and with hindsight, learned from people's labels and from none at all.

A defect is what `uptake.corpora.dstc2.misunderstood` says. "selfsup" is learned without any human label, neither of
defects nor of rephrases nor of what was meant (`uptake.learn.reader.untaught`); it may look at later turns
and at what the corpus's second recogniser heard; "selfsup_online" may not, though it was taught by a model that did.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.learn.reader.untaught import doubt
from uptake.measure.metrics import counts, pr_auc, roc_auc
from uptake.measure.reading.calls import Calls, bounded, prepared, said, second, sizes, taught, teacher
from uptake.measure.signals import Judged
from uptake.signals.fitting import best_f1_threshold
from uptake.signals.reading import Hearing

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
    fit = teacher(seed, last=not calls.crossed, tell=tell).fit(calls.learn.sessions, taught(calls.learn, defect=True))
    scores: dict[str, Floats] = {"baseline": _unsure(calls.judge)}
    for prefix, online in (("online", True), ("offline", False)):
        for member, told in said(fit, calls, "defect", online=online).items():
            scores[prefix if member == "mixed" else f"{prefix}_{member}"] = told
    scores |= _untaught(calls, {**second(train), **second(data)}, seed=seed, tell=tell)
    truth, users = calls.judge.labels.defect, list(calls.judge.labels.users)
    found: dict[str, Any] = sizes(calls)
    found["neural_share_online"] = fit.reader.shares["online:defect"].get("neural", 0.0)
    found["neural_share_offline"] = fit.reader.shares["defect"].get("neural", 0.0)
    for name, score in scores.items():
        found |= bounded(f"defect.{name}_auc", lambda at, told=score: roc_auc(truth[at], told[at]), users, seed=seed)
        found |= bounded(f"defect.{name}_pr_auc", lambda at, told=score: pr_auc(truth[at], told[at]), users, seed=seed)
    learned = fit.held_out["mixed"]["online:defect"]
    threshold = best_f1_threshold(calls.learn.labels.defect, learned)
    found["defect.online_f1"] = counts(truth, scores["online"] >= threshold).f1
    found["defect.online_calibration_error"] = _calibration_error(truth, scores["online"])
    return found | {f"reader.{name}": value for name, value in fit.reader.figures.items() if "gap" in name}


def _untaught(calls: Calls, hearing: Hearing, *, seed: int, tell: Callable[[str], None]) -> dict[str, Floats]:
    """Scores of the model that no person taught; with hindsight it is told what a second recogniser heard."""
    model, held = doubt(calls.learn.sessions, hearing=hearing, seed=seed, tell=tell)
    if not calls.crossed:
        return {
            "selfsup": model.score(calls.judge.sessions, hearing=hearing),
            "selfsup_online": model.score(calls.judge.sessions, online=True),
        }
    where = {turn.turn_id: at for at, turn in enumerate(calls.learn.turns)}
    rows = [where[turn.turn_id] for turn in calls.judge.turns]
    return {"selfsup": held["offline"][rows], "selfsup_online": held["online"][rows]}


def _unsure(calls: Judged) -> Floats:
    """The baseline: 1 minus the confidence of the reading; 1 without a reading."""
    readings = [turn.interpretation for turn in calls.turns]
    return np.array([1.0 - ((one.confidence or 0.0) if one else 0.0) for one in readings], dtype=np.float64)


def _calibration_error(truth: NDArray[np.bool_], chances: Floats) -> float:
    """Mean absolute difference of probability and share of defects, over ten bins of like size."""
    order = np.array_split(np.argsort(chances, kind="stable"), 10)
    return float(np.mean([abs(chances[some].mean() - truth[some].mean()) for some in order if len(some)]))
