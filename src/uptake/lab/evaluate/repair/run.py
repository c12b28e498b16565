"""Evaluate repairs of interpretations on real calls: wins and losses over all turns, against human labels.

Win: the interpretation acted on was wrong and the proposed one is right; loss: the reverse; wrong to wrong is counted,
too. Everything is chosen on training calls, out of fold by caller. `supervised` is trained on human labels of all
training calls, `selfsup` on the log alone (weak labels from a second recogniser's lists of training calls, no human
label), `baseline` takes the meaning that people mostly gave to the same text, and `curve.N` is trained on the log and
the labels of N calls drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.evaluate.harness import apart, bounded
from uptake.lab.evaluate.repair.calls import LOSS, NEUTRAL, NONE, WIN, Calls, OwnText, load, outcomes
from uptake.rewriting.repair.learn.examples import Material, cross_fit
from uptake.rewriting.repair.learn.fit import fit_few, fit_labelled, fit_unlabelled
from uptake.rewriting.repair.learn.threshold import Goal

__all__ = ["CURVE", "GOAL", "rewrite_dstc2"]

Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]

CURVE = (25, 50, 100, 400)
"""Labelled calls of the learning curve; 0 is `selfsup`."""
GOAL = Goal(win_loss=10.0)
"""Asked of what labels teach, out of fold, on training calls: more than the 8.5 that others must see."""


def rewrite_dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Learn repairs on the calls of one root, judge them on those of another.

    Where callers are in both, the judged ones are left out of the training in turn (3 folds), and `held_out` is False.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: A root lacks calls.
    """
    learn, judge = load(train), load(data)
    shared = learn.callers & judge.callers
    parts = apart(learn.callers, judge.callers, seed=seed)
    judged = [judge.of(part).material() for part in parts]
    found = [
        _judged(learn.of(learn.callers - part).without(judge.of(part).names), heard, seed=seed)
        for part, heard in zip(parts, judged, strict=True)
    ]
    names = [name for name in found[0] if all(name in one for one in found)]
    codes = {name: np.concatenate([one[name] for one in found]) for name in names}
    users = [user for heard in judged for user in heard.users]
    wrong = np.array(
        [one.served != meant for heard in judged for one, meant in zip(heard.turns, heard.meant, strict=True)]
    )
    sizes = {"held_out": not shared, "shared_callers": len(shared), **_sizes("train", learn), **_sizes("data", judge)}
    return sizes | {
        key: value for name in codes for key, value in _figures(name, codes[name], wrong, users, seed=seed).items()
    }


def _judged(learn: Calls, judged: Material, *, seed: int) -> dict[str, Codes]:
    """Return the effect of each system on the judged turns."""
    material = learn.material()
    seen = cross_fit(material, seed=seed)
    alone = fit_unlabelled(seen, seed=seed)
    found = {
        "supervised": outcomes(fit_labelled(seen, goal=GOAL, seed=seed).model, judged),
        "selfsup": outcomes(alone.model, judged),
        "baseline": OwnText.of(material, GOAL).outcomes(judged),
    }
    found["curve.0"] = found["selfsup"]
    calls = sorted(set(material.sessions))
    drawn = np.random.default_rng(seed).permutation(len(calls))
    for count in CURVE:
        if count < len(calls):
            chosen = {calls[at] for at in drawn[:count]}
            at = np.array([one for one, call in enumerate(material.sessions) if call in chosen], dtype=np.int64)
            found[f"curve.{count}"] = outcomes(fit_few(seen, alone, at=at, goal=GOAL, seed=seed).model, judged)
    return found


def _sizes(name: str, calls: Calls) -> dict[str, Any]:
    turns = calls.turns
    wrong = sum(turn.truth is not None and turn.truth.defect is True for turn in turns)
    return {
        f"{name}.calls": len(calls.sessions),
        f"{name}.turns": len(turns),
        f"{name}.callers": len(calls.callers),
        f"{name}.defects": wrong,
        f"{name}.defect_rate": wrong / len(turns),
    }


def _figures(name: str, codes: Codes, wrong: Bools, users: Sequence[str], *, seed: int) -> dict[str, Any]:
    def fixed(at: Codes) -> float:
        if not wrong[at].any():
            raise NotReady("no judged turn was misunderstood; add more calls")
        return float((codes[at] == WIN).sum() / wrong[at].sum())

    def win_loss(at: Codes) -> float:
        return float((codes[at] == WIN).sum() / max(1, (codes[at] == LOSS).sum()))

    sums = {f"{name}.wins": int((codes == WIN).sum()), f"{name}.losses": int((codes == LOSS).sum())}
    if name.startswith("curve"):
        everyone = np.arange(len(codes))
        return {f"{name}.defects_fixed": fixed(everyone), f"{name}.win_loss": win_loss(everyone), **sums}
    triggered = int((codes != NONE).sum())
    neutral = int((codes == NEUTRAL).sum())
    return {
        **bounded(f"{name}.defects_fixed", fixed, users, seed=seed),
        **bounded(f"{name}.win_loss", win_loss, users, seed=seed),
        **sums,
        f"{name}.wrong_to_wrong": neutral,
        f"{name}.wrong_to_wrong_share": neutral / max(1, triggered),
        f"{name}.triggered": triggered,
    }
