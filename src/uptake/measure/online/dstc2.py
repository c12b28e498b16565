"""What do repairs of readings do on real calls? Wins and losses over all turns, against what people say was meant.

Win: the reading that was acted on was wrong and the proposed one is right; loss: the reverse; wrong to wrong is counted
too. Everything is chosen on training calls, out of fold by caller. `supervised` learns from people's labels of all
training calls, `selfsup` from the log alone (a second recogniser's lists of training calls teach, no label is looked
at), `baseline` takes the meaning that people mostly gave to the same text, and `curve.N` learns from the log and the
labels of N calls drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.learn.repair.fit import fit_few, fit_labelled, fit_unlabelled
from uptake.learn.repair.material import Material, look
from uptake.learn.repair.rule import Goal
from uptake.measure.bootstrap import interval
from uptake.measure.online.dstc2_calls import LOSS, NEUTRAL, NONE, WIN, Calls, OwnText, load, outcomes
from uptake.signals.folds import grouped_folds

__all__ = ["CURVE", "GOAL", "rewrite_dstc2"]

Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]

CURVE = (25, 50, 100, 400)
"""Labelled calls of the learning curve; 0 is `selfsup`."""
GOAL = Goal(win_loss=10.0)
"""Asked of what labels teach, out of fold, on training calls: more than the 8.5 that others must see."""
_FOLDS = 3  # when the judged callers are among the training callers


def rewrite_dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Learn repairs on the calls of one root, judge them on those of another.

    Where callers are in both, the judged ones are left out of the training in turn (3 folds), and `held_out` is False.

    Args:
        train: Root to learn from.
        data: Root to judge on.
        seed: Of folds, trees, drawn calls and bootstrap.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM or SciPy is not installed.
        NotReady: A root lacks calls.
    """
    learn, judge = load(train), load(data)
    shared = learn.callers & judge.callers
    if shared:
        callers = sorted(judge.callers)
        parts = [{callers[at] for at in outside} for _, outside in grouped_folds(callers, folds=_FOLDS, seed=seed)]
    else:
        parts = [judge.callers]
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
    """What each system did to the judged turns."""
    material = learn.material()
    seen = look(material, seed=seed)
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
    everyone = np.arange(len(codes))

    def fixed(at: Codes) -> float:
        if not wrong[at].any():
            raise NotReady("no judged turn was misunderstood; add more calls")
        return float((codes[at] == WIN).sum() / wrong[at].sum())

    def win_loss(at: Codes) -> float:
        return float((codes[at] == WIN).sum() / max(1, (codes[at] == LOSS).sum()))

    brief = {f"{name}.defects_fixed": fixed(everyone), f"{name}.win_loss": win_loss(everyone)}
    if name.startswith("curve"):
        return brief | {f"{name}.wins": int((codes == WIN).sum()), f"{name}.losses": int((codes == LOSS).sum())}
    triggered = int((codes != NONE).sum())
    neutral = int((codes == NEUTRAL).sum())
    share, ratio = (interval(one, users, seed=seed) for one in (fixed, win_loss))
    return {
        f"{name}.defects_fixed": brief[f"{name}.defects_fixed"],
        f"{name}.defects_fixed_low": share[0],
        f"{name}.defects_fixed_high": share[1],
        f"{name}.win_loss": brief[f"{name}.win_loss"],
        f"{name}.win_loss_low": ratio[0],
        f"{name}.win_loss_high": ratio[1],
        f"{name}.wins": int((codes == WIN).sum()),
        f"{name}.losses": int((codes == LOSS).sum()),
        f"{name}.wrong_to_wrong": neutral,
        f"{name}.wrong_to_wrong_share": neutral / max(1, triggered),
        f"{name}.triggered": triggered,
    }
