"""Learn defects without labels, by combining views with independent errors.

Every log has three views: the meaning predicted from the recogniser's list (learned from turns with a trusted
interpretation that nobody said again), the assistant's confidence, and what people did next. A second recogniser, if
there is one, adds a view. Each view becomes a normal score with the sign that its meaning gives, and all have equal
weight. A forest then learns the combined score from features that are known when a turn is acted on, so that it can be
used online as well.

Source: equal votes of signed scores, Dawes, "The Robust Beauty of Improper Linear Models", American Psychologist 1979;
a student of noisy views as in Karamanolakis et al. (arXiv:2104.05514). Weights by agreement (the first principal
component) did no better and were less robust where callers were harder to hear. Limit: it ranks turns; its scores are
not calibrated probabilities. The views were chosen on calls to one restaurant line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.dialogues.features import Stage
from uptake.insight.dialogues.learn.train import LEAST_PEOPLE, forest_scorer
from uptake.insight.dialogues.log_counts import Row, Tables
from uptake.insight.dialogues.reader import Hearing
from uptake.insight.dialogues.slot_posteriors import PieceModel
from uptake.insight.dialogues.views import TurnInSession, heard_again, views
from uptake.ml.folds import grouped_folds
from uptake.ml.forest import Trees
from uptake.text.distance import edit_similarity, jaccard
from uptake.types import Session

__all__ = ["Doubt", "doubt", "trusted"]

VIEWS: Mapping[str, int] = {
    "missed_sum": 1,
    "missed_most": 1,
    "understood": -1,
    "item_missed": 1,
    "confidence": -1,
    "common": -1,
    "score_5": -1,
    "list_entropy": 1,
    "words_unread_rarity": 1,
    "values_unread": 1,
    "next_list_best": 1,
    "left": 1,
    "again_alike": -1,
    "again_understood": -1,
    "again_missed_sum": 1,
}
"""Feature -> whether it speaks for (1) or against (-1) a failure. "next" and "left" look at what came next, "again" at
what a second recogniser heard."""
_AFTER = frozenset({"next_list_best", "left", "again_alike", "again_understood", "again_missed_sum"})
"""Not known when a turn is acted on: they teach the student, and judge with hindsight."""
_LEAST_TURNS = 200
_FOLDS = 4
_SURE = 0.5  # confidence from which a reading may be trusted
_ALIKE = 0.5  # likeness of two requests from which the second may say the first again
_BLIND = frozenset({"mass", "acted_on", "rival", "confidence", "nothing", "items", "before"})
_ROUNDS = 120
_FAILED = 0.2  # share of turns taken for failures while the student learns; moves no rank by itself
_NORMAL = NormalDist()

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Score for defects, learned from a log without labels."""

    stage: Stage
    scales: Mapping[str, Floats]
    """View -> its values in the log, ascending."""
    spreads: tuple[float, float]
    """Standard deviations, in the log, of the opinion (mean of the views) and of the student's log-odds."""
    student: Trees

    def score(self, sessions: Sequence[Session], *, online: bool = False, hearing: Hearing | None = None) -> Floats:
        """Return (n,) one score a turn, larger is more doubtful; from what is known when it is acted on if `online`."""
        again = heard_again(sessions, hearing) if hearing and not online else None
        rows = _rows(list(views(sessions)), self.stage, again)
        learned = self.student.probability([_before(row) for row in rows])
        return self.mixed(rows, learned, online=online)

    def mixed(self, rows: Sequence[Row], learned: Floats, *, online: bool) -> Floats:
        """Add the votes of the views and of the student, one each."""
        opinion, student = self.spreads
        return np.asarray(_opinion(rows, self.scales, online=online) / opinion + _logit(learned) / student)


def doubt(
    sessions: Sequence[Session],
    *,
    hearing: Hearing | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Doubt, dict[str, Floats]]:
    """Learn which turns of a log are doubtful, and say of its own turns what a model without their person says.

    Args:
        sessions: Whole sessions. Nothing of `Turn.truth` is looked at.
        hearing: turn_id -> what a second recogniser heard, where one listened again afterwards.
        seed: Of folds and trees.
        tell: Is told what is being done.

    Returns:
        The model; and "offline" and "online" -> (n,) scores of the turns, out of fold by person.

    Raises:
        NotReady: There are fewer than 200 turns, or too few readings can be trusted.
    """
    seen = list(views(sessions))
    if len(seen) < _LEAST_TURNS:
        raise NotReady(f"learning without labels needs at least {_LEAST_TURNS} turns, there are {len(seen)}")
    people = [view.turn.user_id for view in seen]
    again = heard_again(sessions, hearing) if hearing else None
    tell("untaught: views")
    rows: list[Row] = [{} for _ in seen]
    folds = list(grouped_folds(people, folds=_FOLDS, seed=seed))
    for inside, outside in folds:
        stage = _stage([seen[at] for at in inside], seed=seed)
        theirs = None if again is None else [again[at] for at in outside]
        for at, row in zip(outside.tolist(), _rows([seen[at] for at in outside], stage, theirs), strict=True):
            rows[at] = row
    tell("untaught: student")
    scales = _scales(rows)
    opinion = _opinion(rows, scales)
    spread = max(float(opinion.std()), 1e-9)
    target = 1.0 / (1.0 + np.exp(-2.0 * (opinion - np.quantile(opinion, 1.0 - _FAILED)) / spread))
    before, learned = [_before(row) for row in rows], np.zeros(len(seen))
    for inside, outside in folds:
        model = forest_scorer([before[at] for at in inside], target[inside], rounds=_ROUNDS, seed=seed)
        learned[outside] = model.probability([before[at] for at in outside])
    found = Doubt(
        stage=_stage(seen, seed=seed),
        scales=scales,
        spreads=(spread, max(float(_logit(learned).std()), 1e-9)),
        student=forest_scorer(before, target, rounds=_ROUNDS, seed=seed),
    )
    return found, {name: found.mixed(rows, learned, online=name == "online") for name in ("offline", "online")}


def trusted(view: TurnInSession) -> bool:
    """Tell whether the reading of a turn may teach: the assistant was sure, nobody said it again or took it back.

    A turn in which nothing was heard teaches that nothing was meant.
    """
    if not view.meant:
        return sum(mass for text, mass in view.heard if not text) > _SURE
    if view.confidence < _SURE or _said_again(view):
        return False
    return not any(_contradicts(view, later) for later in view.later[:3])


def _said_again(view: TurnInSession) -> bool:
    following = view.next
    if following is None:
        return False
    letters = edit_similarity(view.top, following.top)
    return letters > 0.6 or jaccard(view.content, following.content) >= _ALIKE


def _contradicts(view: TurnInSession, later: TurnInSession) -> bool:
    other = dict(later.values)
    denied = later is view.next and any(part in ("negate", "deny") for part, value in later.meant if not value)
    return denied or any(name in other and other[name] != value for name, value in view.values)


def _stage(seen: Sequence[TurnInSession], *, seed: int) -> Stage:
    """Return counts of all turns, and pieces of meaning as the recogniser's list alone tells them."""
    sure = [view for view in seen if trusted(view)]
    if len(sure) < _LEAST_TURNS // 2:
        raise NotReady(f"only {len(sure)} readings can be trusted; learning without labels needs {_LEAST_TURNS // 2}")
    least = LEAST_PEOPLE if len({view.turn.user_id for view in seen}) > LEAST_PEOPLE else 1
    tables = Tables.of(seen, least_people=least)
    pieces = PieceModel.fit(
        sure,
        [view.meant for view in sure],
        tables,
        fit=forest_scorer,
        blind=_BLIND,
        seed=seed,
    )
    return Stage(tables=tables, pieces=pieces)


def _rows(seen: Sequence[TurnInSession], stage: Stage, again: Sequence[TurnInSession] | None) -> list[Row]:
    found = stage.rows(seen)
    rows = [
        {**turn, **{name: after[name] for name in _AFTER if name in after}}
        for turn, after in zip(found.turns, found.after, strict=True)
    ]
    if again is not None:
        second = stage.rows(again, hindsight=False).turns
        for row, view, other, told in zip(rows, seen, again, second, strict=True):
            row["again_alike"] = edit_similarity(view.top, other.top)
            row["again_understood"], row["again_missed_sum"] = told["understood"], told["missed_sum"]
    return rows


def _before(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _AFTER}


def _scales(rows: Sequence[Row]) -> dict[str, Floats]:
    """Return the known values of each view that tells turns apart, ascending."""
    columns = {name: _column(rows, name) for name in VIEWS}
    known = {name: np.sort(values[~np.isnan(values)]) for name, values in columns.items()}
    return {name: values for name, values in known.items() if len(values) and values[0] < values[-1]}


def _opinion(rows: Sequence[Row], scales: Mapping[str, Floats], *, online: bool = False) -> Floats:
    """Return the mean of the signed normal scores of the views."""
    used = [name for name in scales if not (online and name in _AFTER)]
    found = np.zeros(len(rows))
    for name in used:
        found += VIEWS[name] * _scored(scales[name], _column(rows, name))
    return found / max(len(used), 1)


def _logit(chances: Floats) -> Floats:
    inside = np.clip(chances, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(inside / (1.0 - inside)), dtype=np.float64)


def _column(rows: Sequence[Row], name: str) -> Floats:
    return np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)


def _scored(scale: Floats, values: Floats) -> Floats:
    """Return normal scores of values by their rank in a scale; 0 where unknown."""
    low, high = np.searchsorted(scale, values, "left"), np.searchsorted(scale, values, "right")
    shares = np.clip((low + high) / (2.0 * len(scale)), 0.002, 0.998)
    scores = np.interp(shares, _GRID, _SCORES)
    return np.where(np.isnan(values), 0.0, scores)


_GRID = np.linspace(0.002, 0.998, 499)
_SCORES = np.array([_NORMAL.inv_cdf(float(share)) for share in _GRID])
