"""How well do the signals see rephrases and defects? Judged on calls whose truth people wrote down.

Rephrase: of two consecutive turns, the second repeats or rephrases the first (kind "repeat" or "rephrase" in the
corpus's turn pairs). Defect: the turn was misunderstood, as `uptake.corpora.dstc2.misunderstood` defines it.
Thresholds come from scores out of fold on the training calls; nothing is learnt from the judged calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.corpora import CORPORA, records
from uptake.errors import BadRecord, NotReady
from uptake.measure.bootstrap import interval
from uptake.measure.metrics import counts, pr_auc, roc_auc
from uptake.signals.fitting import Labels, LightFit, best_f1_threshold, fit_light
from uptake.signals.folds import grouped_folds
from uptake.signals.frame import TurnFrame
from uptake.signals.light import judge, rephrase_features
from uptake.signals.trained import TrainedFit, fit_trained
from uptake.signals.views import items
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["Judged", "dstc2", "load"]

_FOLDS = 3  # when the judged callers are among the training callers
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Calls with the truth that people wrote down."""

    sessions: tuple[Session, ...]
    kinds: Mapping[str, str]
    """turn_id of the first turn of a pair -> "repeat", "rephrase" or "none"."""

    @cached_property
    def turns(self) -> list[Turn]:
        """The turns of all sessions, in order."""
        return [turn for session in self.sessions for turn in session.turns]

    @cached_property
    def frame(self) -> TurnFrame:
        """The same turns as columns."""
        return TurnFrame.of(self.sessions)

    @cached_property
    def labels(self) -> Labels:
        """What is known of the turns; pairs are those whose kind is known."""
        left = np.array([at for at, turn in enumerate(self.turns) if turn.turn_id in self.kinds], dtype=np.int64)
        again = [self.kinds[self.turns[at].turn_id] != "none" for at in left]
        return Labels(
            left=left,
            right=left + 1,
            says_again=np.array(again, dtype=bool),
            defect=np.array([turn.truth is not None and turn.truth.defect is True for turn in self.turns]),
            users=[turn.user_id for turn in self.turns],
        )

    def of(self, callers: set[str]) -> Judged:
        """The calls of some callers."""
        return replace(self, sessions=tuple(one for one in self.sessions if one.turns[0].user_id in callers))

    @property
    def callers(self) -> set[str]:
        """Everybody who called."""
        return {session.turns[0].user_id for session in self.sessions}


def load(root: Path) -> Judged:
    """Read the calls and turn pairs below a root with one folder a corpus.

    A call that occurs in two files counts once.

    Raises:
        NotReady: There are no calls or no pairs.
        BadRecord: A record is malformed, or a pair is not two consecutive turns of a call.
    """
    turns = [turn for record in records("dstc2", root) for turn in CORPORA["dstc2"].turns(record)]
    sessions: dict[str, Session] = {}
    for call, said in groupby(turns, key=lambda turn: turn.session_id or turn.turn_id):
        sessions.setdefault(call, Session(session_id=call, turns=tuple(said)))
    following = {
        one.turn_id: other.turn_id
        for session in sessions.values()
        for one, other in zip(session.turns, session.turns[1:], strict=False)
    }
    kinds: dict[str, str] = {}
    for pair in records("dstc2", root, kind="pair"):
        left, right = (f"{pair['dialogue_id']}/{pair[side]}" for side in ("turn_a", "turn_b"))
        if following.get(left) != right:
            raise BadRecord("a turn pair must name two consecutive turns of a call below the same root", field="turn_b")
        if pair["kind"] not in ("none", "repeat", "rephrase"):
            raise BadRecord("must be none, repeat or rephrase", field="kind")
        kinds[left] = pair["kind"]
    return Judged(sessions=tuple(sessions.values()), kinds=kinds)


def dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Fit on the calls of one root, judge on those of another.

    Where callers are in both, the judged ones are left out of the training in turn (3 folds), and `held_out`
    is False: thresholds and features then come from the same collection of calls.

    Args:
        train: Root to learn from.
        data: Root to judge on.
        seed: Of folds, trees and bootstrap.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by caller bootstrap.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: A root lacks calls or pairs.
    """
    learn, judge = load(train), load(data)
    shared = learn.callers & judge.callers
    if shared:
        callers = sorted(judge.callers)
        parts = [{callers[at] for at in outside} for _, outside in grouped_folds(callers, folds=_FOLDS, seed=seed)]
    else:
        parts = [judge.callers]
    scored = [_scored(learn.of(learn.callers - part), judge.of(part), seed=seed) for part in parts]
    return {
        "held_out": not shared,
        "shared_callers": len(shared),
        **{f"train.{name}": value for name, value in _sizes(learn).items()},
        **{f"data.{name}": value for name, value in _sizes(judge).items()},
        **_rephrase_figures(scored, seed=seed),
        **_defect_figures(scored, seed=seed),
    }


def _sizes(calls: Judged) -> dict[str, Any]:
    return {
        "calls": len(calls.sessions),
        "turns": len(calls.turns),
        "pairs": len(calls.labels.left),
        "callers": len(calls.callers),
        "rephrase_rate": float(calls.labels.says_again.mean()),
        "defect_rate": float(calls.labels.defect.mean()),
    }


@dataclass(frozen=True, kw_only=True)
class _Scored:
    """Judged calls with every scorer's opinion and verdict."""

    judged: Judged
    pairs: Mapping[str, tuple[Floats, Bools]]
    """Scorer -> (score, verdict) of each pair."""
    turns: Mapping[str, Floats]
    """Scorer -> score of each turn."""


def _scored(learn: Judged, judge: Judged, *, seed: int) -> _Scored:
    meant = [items(turn.truth.interpretation if turn.truth else None) for turn in learn.turns]
    light = fit_light(learn.frame, learn.labels, seed=seed)
    trained = fit_trained(learn.sessions, learn.labels, meant, seed=seed)
    pairs, turns = _light(light, judge)
    trained_pairs, trained_turns = _trained(trained, judge)
    threshold = best_f1_threshold(learn.labels.says_again, _edit(learn))
    edit = _edit(judge)
    return _Scored(
        judged=judge,
        pairs={"": trained_pairs, "light_": pairs, "baseline_": (edit, edit >= threshold)},
        turns={**trained_turns, **turns, "baseline": _doubt(judge)},
    )


def _light(fitted: LightFit, judged: Judged) -> tuple[tuple[Floats, Bools], dict[str, Floats]]:
    weights, labels, frame = fitted.weights, judged.labels, judged.frame
    chance = weights.rephrase.probability(rephrase_features(frame, labels.left, labels.right))
    turns = {
        "light_online": judge(frame, offline=False, weights=weights).p_defect,
        "light_offline": judge(frame, weights=weights).p_defect,
    }
    return (chance, chance >= weights.rephrase.threshold), turns


def _trained(fitted: TrainedFit, judge: Judged) -> tuple[tuple[Floats, Bools], dict[str, Floats]]:
    offline = fitted.scorers.judge(judge.sessions)
    online = fitted.scorers.judge(judge.sessions, offline=False)
    left = judge.labels.left
    return (offline.rephrased[left], offline.retried[left]), {"online": online.p_defect, "offline": offline.p_defect}


def _edit(calls: Judged) -> Floats:
    """The baseline: edit similarity of the two requests."""
    texts = [normalize(turn.request) for turn in calls.turns]
    return np.array([edit_similarity(texts[at], texts[at + 1]) for at in calls.labels.left], dtype=np.float64)


def _doubt(calls: Judged) -> Floats:
    """The baseline: 1 minus the confidence of the reading; 1 without a reading."""
    return np.array(
        [1.0 - ((turn.interpretation.confidence or 0.0) if turn.interpretation else 0.0) for turn in calls.turns],
        dtype=np.float64,
    )


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
            **_with_interval(
                f"rephrase.{scorer}f1", lambda at, verdict=verdict: counts(truth[at], verdict[at]).f1, users, seed=seed
            ),
            **_with_interval(
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
        found |= _with_interval(
            f"defect.{scorer}_auc", lambda at, score=score: roc_auc(truth[at], score[at]), users, seed=seed
        )
        found |= _with_interval(
            f"defect.{scorer}_pr_auc", lambda at, score=score: pr_auc(truth[at], score[at]), users, seed=seed
        )
    return found


def _with_interval(name: str, statistic: Any, users: Sequence[str], *, seed: int) -> dict[str, float]:
    low, high = interval(statistic, users, seed=seed)
    return {name: statistic(np.arange(len(users))), f"{name}_low": low, f"{name}_high": high}
