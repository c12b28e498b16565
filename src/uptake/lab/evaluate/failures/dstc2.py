"""Evaluate failure points on calls: recogniser, understanding, or false wake.

The truth is human transcription and annotation. A turn failed if the interpretation acted on is not what was meant
(`uptake.lab.corpora.dstc2.misunderstood`). It is a **false wake** if only noise was transcribed and words were
recognised, else **ASR** if the content words of transcription and recognised text differ, else **NLU**. That is the
primary definition ("harmful"): a false wake counts only if it had an effect. The other ("any") counts every turn of
noise that was recognised as words as a false wake; its figures have the prefix `failure.any.`.

A turn of noise without an interpretation did no harm, and the log shows it. So a trained model learns the wider
definition, and harmless false wakes become "correct" by the interpretation alone.

Evaluated are a model trained on the truth of other callers, and two that no call trained: the shipped one, and the
result of `uptake learn failures`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.dialogues.features import Stage, StageRows
from uptake.insight.dialogues.learn.examples import examples
from uptake.insight.dialogues.learn.train import crossed_rows, forest_scorer
from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.targets import FAILURES
from uptake.insight.dialogues.turn_features import turn_row
from uptake.insight.dialogues.views import TurnInSession, items, views
from uptake.insight.failures.artifact import FailureModel, shipped_failures
from uptake.insight.failures.features import failure_rows
from uptake.insight.failures.learn.train import ENOUGH, adapt_failures, decision_weights, fit_failures
from uptake.lab.corpora.dstc2 import COURTESY_ACTS
from uptake.lab.corpora.judged_calls import Judged, load, reader_targets
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.evaluate.reactions import judgement_apart
from uptake.ml.folds import grouped_folds
from uptake.ml.metrics import counts

__all__ = ["POINTS", "dstc2", "point_as_meant", "scores"]

POINTS = ("correct", "false_wake", "asr", "nlu")
"""Failure points that calls can tell apart."""

_FOLDS = 5
_NOISE = frozenset(
    "noise unintelligible sil breathing system static background_speech background_noise cough laughing laugh tv_noise "
    "clearing_throat ring wind inaudible baby dog sneeze".split()
)
_FILLERS = frozenset("uh um ah er eh hm mm hmm erm".split())
_STOP = _FILLERS | frozenset(
    "a an the i id like please is are was of in for to and it its that can could you me my have would whats what um "
    "okay ok ya yeah well so do does did serve serves serving restaurant food how about be there them this on want im "
    "looking uhm with as s at may give get".split()
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def point_as_meant(view: TurnInSession, *, harmful: bool = True) -> str:
    """Return the failure point of a turn by what people wrote down.

    Args:
        view: A turn of the corpus, with its truth.
        harmful: Whether a false wake counts only where it led to something.
    """
    truth = view.turn.truth
    said, failed = _said(view), bool(truth and truth.defect)
    noise = not _words(said) and bool(_words(view.turn.request))
    if noise and (failed or not harmful):
        return "false_wake"
    if not failed:
        return "correct"
    return "nlu" if _content(said) == _content(view.turn.request) else "asr"


def _words(text: str) -> list[str]:
    plain = text.lower().replace("'", "").replace("goodbye", "good bye").replace("postcode", "post code")
    plain = re.sub(r"[^a-z_ ]", " ", plain)
    return [word for word in plain.split() if word not in _NOISE and word not in _FILLERS]


def _content(text: str) -> tuple[str, ...]:
    return tuple(word for word in _words(text) if word not in _STOP)


@dataclass(frozen=True, kw_only=True)
class _Called:
    """Test calls with feature rows and truth."""

    seen: list[TurnInSession]
    rows: list[Row]
    any: Ints
    harmful: Ints
    wishes: NDArray[np.bool_]
    """Whether the reading names a wish: else a false wake did no harm."""

    @property
    def people(self) -> list[str]:
        return [view.turn.user_id for view in self.seen]


def dstc2(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Train on the calls of one root, evaluate on those of another.

    If both roots have callers in common, the evaluation is out of fold by caller (5 folds), and `held_out` is False.

    Returns:
        Flat figures; `failure.accuracy` and `failure.macro_f1` trained on the truth of other callers,
        `failure.shipped.*` the shipped model, `failure.adapted.*` the result of `uptake learn failures` on the
        test calls (if they are enough), `failure.baseline.*` plain boosted trees on the turn's own features,
        `failure.majority.*` always "correct"; `failure.any.*` by the wider definition of a false wake.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: A root lacks calls.
    """
    learn, judge = load(train), load(data)
    shared = learn.callers & judge.callers
    # Tables of the log are those of the whole log, without anybody's truth, and never from a person's own turns.
    known_calls = (
        learn
        if shared
        else replace(learn, sessions=(*learn.sessions, *judge.sessions), kinds={**learn.kinds, **judge.kinds})
    )
    own = failure_rows(known_calls.sessions, verdict=judgement_apart(learn, known_calls, seed=seed))
    lessons = examples(learn.sessions, reader_targets(learn, defect=True))
    taught = _called(learn, _joined(crossed_rows(lessons, seed=seed), own[: len(learn.turns)]))
    if shared:
        known = {view.turn.turn_id for view in taught.seen}
        if any(turn.turn_id not in known for turn in judge.turns):
            raise NotReady(
                "the roots share callers but not all calls; name one root twice, or two without shared callers"
            )
        judged = taught
    else:
        meant = [items(turn.truth.interpretation if turn.truth else None) for turn in learn.turns]
        stage = Stage.fit(lessons.seen, meant, fit=forest_scorer, seed=seed)
        judged = _called(judge, _joined(stage.rows(list(views(judge.sessions))), own[len(learn.turns) :]))
    rows = failure_rows(judge.sessions, verdict=judgement_apart(learn, judge, seed=seed))
    systems = {
        "": _ask(taught, judged, shared=bool(shared), seed=seed),
        "shipped.": _told(shipped_failures(), rows),
        "baseline.": _ask(_plain(taught, taught), _plain(judged, taught), shared=bool(shared), seed=seed),
        "majority.": {"harmful": np.zeros(len(judged.seen), np.int64), "any": np.zeros(len(judged.seen), np.int64)},
    }
    if len(judged.seen) >= ENOUGH:
        systems["adapted."] = _told(adapt_failures(judge.sessions), rows)
    found: dict[str, Any] = {
        "held_out": not shared,
        "shared_callers": len(shared),
        "definition": "harmful: a false wake counts where it led to something",
        **_sizes("train", taught),
        **_sizes("data", judged),
    }
    for name, said in systems.items():
        for definition, prefix in (("harmful", "failure."), ("any", "failure.any.")):
            truth = getattr(judged, definition)
            found |= scores(f"{prefix}{name}", truth, said[definition], POINTS, judged.people, seed=seed)
    return found


def _said(view: TurnInSession) -> str:
    return (view.turn.truth.request if view.turn.truth else None) or ""


def _called(calls: Judged, rows: list[Row]) -> _Called:
    seen = list(views(calls.sessions))
    return _Called(
        seen=seen,
        rows=rows,
        any=np.array([POINTS.index(point_as_meant(view, harmful=False)) for view in seen]),
        harmful=np.array([POINTS.index(point_as_meant(view)) for view in seen]),
        wishes=np.array([any(not value and name not in COURTESY_ACTS for name, value in view.meant) for view in seen]),
    )


def _joined(found: StageRows, own: Sequence[Row]) -> list[Row]:
    return [{**turn, **after, **more} for turn, after, more in zip(found.turns, found.after, own, strict=True)]


def _told(model: FailureModel, rows: Sequence[Row]) -> dict[str, Ints]:
    """Predict by a model that no call trained; "entity", "result" and places after `POINTS` are never right."""
    places = np.array([FAILURES.index(point) for point in model.points])
    said = np.asarray(places[model.decide(model.probabilities(rows))], dtype=np.int64)
    return {"harmful": said, "any": said}


def _plain(called: _Called, counted: _Called) -> _Called:
    """Compute the baseline's rows: the turn as heard and read, the turns before, and counts of the training calls."""
    tables = Tables.of(counted.seen)
    return replace(called, rows=[turn_row(view, tables) for view in called.seen])


def _ask(taught: _Called, judged: _Called, *, shared: bool, seed: int) -> dict[str, Ints]:
    """Predict by one system under both definitions; thresholds are chosen on other people, too."""
    fit = fit_failures(
        taught.rows,
        [POINTS[point] for point in taught.any],
        taught.people,
        seed=seed,
        options={"lambda_l2": 5.0, "min_data_in_leaf": 30},
    )
    held = _wide(fit.held_out, fit.model.points)
    found = {"any": np.zeros(len(judged.seen), np.int64), "harmful": np.zeros(len(judged.seen), np.int64)}
    everybody = [(np.arange(len(taught.seen)), np.arange(len(judged.seen)))]
    parts = grouped_folds(taught.people, folds=_FOLDS, seed=seed) if shared else everybody
    chances = held if shared else _wide(fit.model.probabilities(judged.rows), fit.model.points)
    for inside, outside in parts:
        for definition, said in found.items():
            known, asked = held[inside], chances[outside]
            if definition == "harmful":
                known, asked = _moved(known, taught.wishes[inside]), _moved(asked, judged.wishes[outside])
            weights = decision_weights(known, getattr(taught, definition)[inside])
            said[outside] = (asked * weights).argmax(axis=1)
    return found


def _wide(chances: Floats, points: Sequence[str]) -> Floats:
    """Return (n, 4) probabilities; 0 for a point that too few training turns have."""
    found = np.zeros((len(chances), len(POINTS)))
    found[:, [POINTS.index(point) for point in points]] = chances
    return found


def _moved(chances: Floats, wishes: NDArray[np.bool_]) -> Floats:
    """Convert probabilities to the narrower definition, by which noise that was read as nothing did no harm."""
    found, wake = chances.copy(), POINTS.index("false_wake")
    found[~wishes, 0] += found[~wishes, wake]
    found[~wishes, wake] = 0.0
    return found


def scores(
    name: str, truth: Ints, said: Ints, points: Sequence[str], people: Sequence[str], *, seed: int = 0
) -> dict[str, Any]:
    """Return accuracy, mean F1 with intervals over people, and precision, recall and F1 of every point.

    Args:
        name: What the keys begin with, for example "failure.".
        truth: (n,) numbers of points.
        said: (n,) numbers of points.
        points: Their names.
        people: (n,) the person behind each turn.
        seed: Of the bootstrap.
    """

    def macro(at: Ints) -> float:
        return float(np.mean([counts(truth[at] == one, said[at] == one).f1 for one in range(len(points))]))

    found: dict[str, Any] = {}
    for key, figure in (("accuracy", mean(truth == said)), ("macro_f1", macro)):
        found |= bounded(f"{name}{key}", figure, people, seed=seed)
    for number, point in enumerate(points):
        each = counts(truth == number, said == number)
        found |= {
            f"{name}{point}.precision": each.precision,
            f"{name}{point}.recall": each.recall,
            f"{name}{point}.f1": each.f1,
        }
    return found


def _sizes(name: str, called: _Called) -> dict[str, Any]:
    sizes: Mapping[str, Any] = {
        "calls": len({view.turn.session_id for view in called.seen}),
        "turns": len(called.seen),
        "callers": len(set(called.people)),
        **{point: int((called.harmful == number).sum()) for number, point in enumerate(POINTS)},
        "false_wake_any": int((called.any == POINTS.index("false_wake")).sum()),
    }
    return {f"{name}.{key}": value for key, value in sizes.items()}
