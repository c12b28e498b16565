"""Score dialogues with boosted trees: which turn says which again, and which failed.

`DialogueReader` scores both in one pass; training is in `uptake.insight.dialogues.learn`. Every head uses the same
features: how the turn was heard and interpreted, what came before it, and, unless online, what came after it. A head
also sees the decisions of earlier heads: whether the turn is said again, and whether it says the turn before again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.dialogues.features import Stage, StageRows
from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.views import TurnInSession, heard_again, views
from uptake.ml.forest import Trees
from uptake.types import Session, Transcript

__all__ = [
    "ONLINE",
    "REACH",
    "DialogueReader",
    "Hearing",
    "LightReader",
    "Reading",
    "head_rows",
    "pair_chances",
    "pair_rows",
    "spans",
]

REACH = 3
"""Turns after a request within which its rephrase is looked for."""
ONLINE = "online:"
"""Begins the name of a head that is asked without sight of later turns."""
Hearing = Mapping[str, Sequence[Transcript]]
"""turn_id -> what a second recogniser heard, best first."""
_RECENT = 12  # turns that a live score looks back at
_SUMMED = (
    "confidence", "list_entropy", "understood", "posterior", "words", "cut_in", "denied_unread", "repeats_before",
)  # fmt: skip
_BEFORE = ("gap", "content", "rare_shared", "rare_new", "jaccard", "values_shared", "slots_shared", "prompt_same")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """Scores of one session of n turns; None for a head that was not trained."""

    spans: Floats | None = None
    """(n, reach + 1): probability that the turn is not said again, then that the 1st, 2nd, ... turn after it does."""
    rephrase: NDArray[np.int64] | None = None
    """(n,): position of the turn that says it again, at the threshold of the best F1; -1 for none."""
    defect: Floats | None = None
    """(n,): probability that the turn failed its user; later turns were looked at unless the reading was online."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DialogueReader:
    """Model that scores dialogues.

    The scores of a session do not depend on other sessions. Online scores do not depend on later turns.
    """

    stage: Stage
    """Counts of the training log, and which pieces of a reading to trust."""
    light: LightReader
    """The trees of every head."""
    thresholds: Mapping[str, float]
    """Head -> probability from which the answer is yes: the best F1 on people the model had not seen."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """Counts and measures from training, by flat names."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Heads that were trained."""
        return tuple(head for head in ("rephrase", "defect") if head in self.light.scorers)

    def read(
        self, sessions: Sequence[Session], *, online: bool = False, hearing: Hearing | None = None
    ) -> list[Reading]:
        """Read whole sessions; one `Reading` a session, arrays aligned with its turns.

        Args:
            sessions: Whole sessions.
            online: Whether each turn may be judged by itself and what came before it alone. Only `defect` can be; the
                other heads are None.
            hearing: turn_id -> what a second recogniser heard, best first, for a reader that was trained with one.
        """
        seen = list(views(sessions))
        again = heard_again(sessions, hearing) if hearing and not online else None
        rows = self.stage.rows(seen, reach=1 if online else REACH, hindsight=not online, heard_again=again)
        found = self.light.read(seen, rows, online=online)
        ends = np.cumsum([len(one.turns) for one in sessions])[:-1]
        parts = {head: np.split(values, ends) for head, values in found.items()}
        return [self._reading({head: values[at] for head, values in parts.items()}) for at in range(len(sessions))]

    def doubt(self, session: Session) -> float:
        """Return the probability that the last turn of a session failed, online: for live use.

        Only the last turns are looked at, so that the time does not grow with the session.

        Raises:
            NotReady: The reader does not read defects.
        """
        scorers = self.light.scorers
        if f"{ONLINE}defect" not in scorers:
            raise NotReady("this reader does not read defects online; train one that does")
        cut = max(len(session.turns) - _RECENT, 0)
        found = list(views([replace(session, turns=session.turns[cut:])], start=cut))[-2:]
        rows = self.stage.rows(found, hindsight=False)
        again = pair_chances(scorers["rephrase"], rows, reach=1) if "rephrase" in scorers else None
        told = head_rows(found, rows, again, online=True)[-1:]
        return float(scorers[f"{ONLINE}defect"].probability(told)[0])

    def _reading(self, found: Mapping[str, Floats]) -> Reading:
        spans = found.get("rephrase")
        return Reading(
            spans=spans,
            rephrase=None if spans is None else self.rephrase_positions(spans),
            **{head: values for head, values in found.items() if head != "rephrase"},
        )

    def rephrase_positions(self, spans: Floats) -> NDArray[np.int64]:
        """Return (n,) position of the turn that says each turn again, -1 where it is not said again."""
        sure = spans[:, 1:].max(axis=1) >= self.thresholds.get("rephrase", 0.5)
        return np.where(sure, np.arange(len(spans)) + 1 + spans[:, 1:].argmax(axis=1), -1).astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class LightReader:
    """Reader with boosted trees for every head.

    Args:
        scorers: "rephrase", "defect", "online:defect".
    """

    scorers: Mapping[str, Trees]

    def read(self, seen: Sequence[TurnInSession], rows: StageRows, *, online: bool = False) -> dict[str, Floats]:
        """Return head -> probabilities of all turns, shaped as in `Reading`."""
        found: dict[str, Floats] = {}
        again = None
        if "rephrase" in self.scorers:
            again = pair_chances(self.scorers["rephrase"], rows, reach=1 if online else REACH)
            if not online:
                found["rephrase"] = spans(again)
        head = "online:defect" if online else "defect"
        if head in self.scorers:
            found["defect"] = self.scorers[head].probability(head_rows(seen, rows, again, online=online))
        return found


def pair_chances(scorer: Trees, rows: StageRows, *, reach: int = REACH) -> Floats:
    """Return the probability that each following turn is the first rephrase, shape (n, reach); 0 past the end."""
    pairs, places = pair_rows(rows, reach=reach)
    found = np.zeros((len(rows.pairs), reach))
    if pairs:
        found[places[:, 0], places[:, 1]] = np.clip(scorer.probability(pairs), 1e-6, 1 - 1e-6)
    return found


def pair_rows(rows: StageRows, *, reach: int = REACH) -> tuple[list[Row], NDArray[np.int64]]:
    """Return features of every pair, and (pairs, 2) its turn and the distance, less one, to the other."""
    pairs: list[Row] = []
    places: list[tuple[int, int]] = []
    for at, row in enumerate(rows.pairs):
        for further, one in enumerate([] if row is None else [row, *rows.beyond[at]][:reach]):
            pairs.append({**one, "distance": float(further)})
            places.append((at, further))
    return pairs, np.array(places, dtype=np.int64).reshape(-1, 2)


def spans(again: Floats) -> Floats:
    """Return (n, reach + 1): the probability of no rephrase, then that the 1st, 2nd, ... turn is the first.

    Each chance in `again` is of that turn given that none before it did (a discrete hazard), as it is learned.
    """
    waited = np.cumprod(1.0 - again, axis=1)
    before = np.column_stack([np.ones(len(again)), waited[:, :-1]])
    return np.column_stack([waited[:, -1], again * before])


def head_rows(
    seen: Sequence[TurnInSession], rows: StageRows, again: Floats | None, *, online: bool = False
) -> list[Row]:
    """Return features of turns for every head but rephrase.

    Args:
        seen: The turns.
        rows: What the stage says of them.
        again: (n, reach) what `pair_chances` says; None where unknown.
        online: Whether to keep to what is known when the turn is acted on.
    """
    found = []
    rephrased = None if again is None or online else 1.0 - spans(again)[:, 0]
    for at, (view, row) in enumerate(zip(seen, rows.turns, strict=True)):
        told = dict(row)
        if view.before is not None:
            before = rows.pairs[at - 1] or {}
            told |= {f"before_{name}": value for name, value in before.items() if name in _BEFORE}
            if again is not None:
                told["repeats_before"] = float(again[at - 1, 0])
        if not online:
            told |= rows.after[at]
            if rephrased is not None:
                told["rephrased"] = float(rephrased[at])
        found.append(told)
    if not online:
        _summed(seen, found)
    return found


def _summed(seen: Sequence[TurnInSession], rows: list[Row]) -> None:
    """Add to every row what its whole session looks like."""
    sessions: defaultdict[int, list[int]] = defaultdict(list)
    number = -1
    for at, view in enumerate(seen):
        number += view.before is None
        sessions[number].append(at)
    for members in sessions.values():
        told: Row = {"turns": float(len(members))}
        for name in _SUMMED:
            values = np.array([rows[at].get(name, np.nan) for at in members])
            known = values[~np.isnan(values)]
            if len(known):
                told |= {f"{name}_mean": float(known.mean()), f"{name}_max": float(known.max())}
                told |= {f"{name}_min": float(known.min()), f"{name}_final": float(known[-1])}
        for at in members:
            rows[at] |= told
