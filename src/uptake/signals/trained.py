"""The trained scorers: boosted trees on everything a turn records.

Three stages, each fitted on people the next stage did not see in it: which pieces of meaning were meant
(`pieces`), whether a turn says the one before again, and whether a turn failed its user. They need turns
whose truth is known, so they are for evaluation corpora and for teams that annotate; the light scorers
that come with the package need nothing.

Source: rephrase and defect as supervised tasks follow METHODS of Ponnusamy et al. (arXiv:1911.02557) and the
defect model of Gupta et al., "RoBERTaIQ" (arXiv:2101.09903). Differs: no neural encoder, but the recogniser's
whole list and all readings.
Limit: trained for one assistant; nothing promises that it transfers to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uptake.signals.fitting import Labels, best_f1_threshold
from uptake.signals.folds import grouped_folds
from uptake.signals.light import Judgement
from uptake.signals.stage import Stage, StageRows
from uptake.signals.tables import Row
from uptake.signals.trees import Trees, out_of_fold
from uptake.signals.views import Item, View, views
from uptake.types import Session

__all__ = ["TrainedFit", "TrainedScorers", "fit_trained"]

_FOLDS = 6
_SEEDS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TrainedScorers:
    """Fitted trees for rephrases and for defects, online and offline, with their thresholds."""

    stage: Stage
    rephrase: Trees
    rephrase_threshold: float
    online: Trees
    online_threshold: float
    offline: Trees
    offline_threshold: float

    def judge(self, sessions: Sequence[Session], *, offline: bool = True) -> Judgement:
        """Score every turn; `partner` is the next turn of the session.

        Args:
            sessions: Whole sessions; the rows of the answer are their turns in order.
            offline: Whether later turns may be looked at.
        """
        seen = list(views(sessions))
        rows = self.stage.rows(seen)
        rephrased = np.zeros(len(seen), dtype=np.float64)
        paired = [at for at, row in enumerate(rows.pairs) if row is not None]
        rephrased[paired] = self.rephrase.probability([row for row in rows.pairs if row is not None])
        partner = np.full(len(seen), -1, dtype=np.int64)
        partner[paired] = np.array(paired, dtype=np.int64) + 1
        model, threshold = (self.offline, self.offline_threshold) if offline else (self.online, self.online_threshold)
        p_defect = model.probability(_with_rephrases(rows, rephrased, offline=offline))
        return Judgement(
            partner=partner,
            rephrased=rephrased,
            retried=(partner >= 0) & (rephrased >= self.rephrase_threshold),
            p_defect=p_defect,
            defect=p_defect >= threshold,
        )


@dataclass(frozen=True, kw_only=True)
class TrainedFit:
    """Fitted scorers and their scores out of fold."""

    scorers: TrainedScorers
    rephrase: Floats
    """(p,) float64: out-of-fold probability of each judged pair."""
    defect_online: Floats
    """(n,) float64: out-of-fold probability of each turn."""
    defect_offline: Floats
    """(n,) float64: out-of-fold probability of each turn."""


def fit_trained(
    sessions: Sequence[Session], labels: Labels, meant: Sequence[frozenset[Item]], *, seed: int = 0
) -> TrainedFit:
    """Fit all stages, every one on predictions for people it did not see.

    Args:
        sessions: Whole sessions.
        labels: Their truth; rows are the turns of the sessions in order, pairs are adjacent turns.
        meant: (n,) the pieces that were meant in each turn.
        seed: Of folds and trees.

    Raises:
        MissingExtra: LightGBM is not installed.
        NotReady: There are fewer than two users.
    """
    seen = list(views(sessions))
    rows = _crossed(seen, meant, labels.users, seed=seed)
    known = np.zeros(len(seen), dtype=bool)
    known[labels.left] = True
    again = np.zeros(len(seen), dtype=bool)
    again[labels.left] = labels.says_again
    paired = np.array([at for at, row in enumerate(rows.pairs) if row is not None], dtype=np.int64)
    pairs = [row for row in rows.pairs if row is not None]
    users = np.asarray(labels.users)
    rephrased = np.zeros(len(seen), dtype=np.float64)
    rephrased[paired] = out_of_fold(pairs, again[paired], users[paired].tolist(), known=known[paired], seed=seed)
    before, after = (_with_rephrases(rows, rephrased, offline=offline) for offline in (False, True))
    online, offline = (out_of_fold(one, labels.defect, labels.users, seed=seed) for one in (before, after))
    taught = known[paired]
    scorers = TrainedScorers(
        stage=Stage.fit(seen, meant, seed=seed),
        rephrase=Trees.fit(
            [row for row, use in zip(pairs, taught, strict=True) if use], again[paired][taught], seeds=_SEEDS, seed=seed
        ),
        rephrase_threshold=best_f1_threshold(labels.says_again, rephrased[labels.left]),
        online=Trees.fit(before, labels.defect, seeds=_SEEDS, seed=seed),
        online_threshold=best_f1_threshold(labels.defect, online),
        offline=Trees.fit(after, labels.defect, seeds=_SEEDS, seed=seed),
        offline_threshold=best_f1_threshold(labels.defect, offline),
    )
    return TrainedFit(scorers=scorers, rephrase=rephrased[labels.left], defect_online=online, defect_offline=offline)


def _crossed(seen: Sequence[View], meant: Sequence[frozenset[Item]], users: Sequence[str], *, seed: int) -> StageRows:
    """Features of every turn from a stage that never saw its user, as they will be for new users."""
    turns: list[Row] = [{} for _ in seen]
    after: list[Row] = [{} for _ in seen]
    pairs: list[Row | None] = [None for _ in seen]
    beyond: list[list[Row]] = [[] for _ in seen]
    for inside, outside in grouped_folds(users, folds=_FOLDS, seed=seed):
        stage = Stage.fit([seen[at] for at in inside], [meant[at] for at in inside], seed=seed)
        found = stage.rows([seen[at] for at in outside])
        for number, at in enumerate(outside):
            turns[at], after[at], pairs[at] = found.turns[number], found.after[number], found.pairs[number]
    return StageRows(turns=turns, after=after, pairs=pairs, beyond=beyond)


def _with_rephrases(rows: StageRows, rephrased: Floats, *, offline: bool) -> list[Row]:
    """Rows of turns, told whether they say the turn before again and (offline) are said again."""
    found = []
    for at, row in enumerate(rows.turns):
        told = dict(row)
        if not row["first"]:
            told["repeats_before"] = float(rephrased[at - 1])
        if offline:
            told |= rows.after[at] | {"rephrased": float(rephrased[at])}
        found.append(told)
    return found
