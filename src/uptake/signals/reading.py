"""Read whole dialogues: one answer a turn and head, from a model that was trained on turns like these.

What is read: whether and where a request is said again, whether a turn failed its user and what failed first, where a
goal begins and whether it was reached. `DialogueReader` asks everything in one pass; training lives in
`uptake.learn.reader`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.signals.light_reader import REACH, LightReader, head_rows, pair_chances
from uptake.signals.stage import Stage, StageRows
from uptake.signals.views import View, heard_again, views
from uptake.types import Session, Transcript

__all__ = ["ONLINE", "DialogueReader", "Hearing", "Member", "Reading", "mixed"]

ONLINE = "online:"
"""Begins the name of a head that is asked without sight of later turns."""
Hearing = Mapping[str, Sequence[Transcript]]
"""turn_id -> what a second recogniser heard, best first."""
_RECENT = 12  # turns that a live score looks back at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What was read out of one session of n turns; None for a head that was not trained."""

    spans: Floats | None = None
    """(n, reach + 1): probability that the turn is not said again, then that the 1st, 2nd, ... turn after it does."""
    rephrase: NDArray[np.int64] | None = None
    """(n,): position of the turn that says it again, at the threshold of the best F1; -1 for none."""
    defect: Floats | None = None
    """(n,): probability that the turn failed its user; later turns were looked at unless the reading was online."""
    failure: Floats | None = None
    """(n, 6): probability of each failure point, in the order of `FAILURES`."""
    boundary: Floats | None = None
    """(n,): probability that a new goal begins with the turn."""
    success: Floats | None = None
    """(n,): probability that the goal the turn belongs to was reached."""


class Member(Protocol):
    """A model behind the reader."""

    def read(self, seen: Sequence[View], rows: StageRows, *, online: bool = False) -> Mapping[str, Floats]:
        """Head -> probabilities of all turns, shaped as in `Reading`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DialogueReader:
    """Reads dialogues with one or more models, averaged head by head.

    A session's reading does not depend on the sessions beside it. An online reading does not depend on later turns.
    """

    stage: Stage
    """Counts of the training log, and which pieces of a reading to trust."""
    members: Mapping[str, Member]
    """Name ("light", "neural") -> model."""
    shares: Mapping[str, Mapping[str, float]]
    """Head (an online head is "online:defect") -> member -> what its log-odds weigh in the answer."""
    thresholds: Mapping[str, float]
    """Head -> probability from which the answer is yes: the best F1 on people the model had not seen."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What was counted and measured while training, by flat names."""

    @property
    def heads(self) -> tuple[str, ...]:
        """What can be read."""
        return tuple(head for head in self.shares if not head.startswith(ONLINE))

    def read(
        self, sessions: Sequence[Session], *, online: bool = False, hearing: Hearing | None = None
    ) -> list[Reading]:
        """Read whole sessions; one `Reading` a session, arrays aligned with its turns.

        Args:
            sessions: Whole sessions.
            online: Whether each turn may be judged by itself and what came before it alone. Only `defect` and
                `failure` can be; the other heads are None.
            hearing: turn_id -> what a second recogniser heard, best first, for a reader that was trained with one.
        """
        said = self.said(sessions, online=online, hearing=hearing)
        prefix = ONLINE if online else ""
        found = {
            head: mixed({name: told[head] for name, told in said.items() if head in told}, self.shares[prefix + head])
            for head in self.heads
            if prefix + head in self.shares
        }
        ends = np.cumsum([len(one.turns) for one in sessions])[:-1]
        parts = {head: np.split(values, ends) for head, values in found.items()}
        return [self._reading({head: values[at] for head, values in parts.items()}) for at in range(len(sessions))]

    def doubt(self, session: Session) -> float:
        """Probability that the last turn of a session failed, online, by the light member alone: for live use.

        Only the last turns are looked at, so that the time does not grow with the session.

        Raises:
            NotReady: The reader has no light member, or does not read defects.
        """
        member = self.members.get("light")
        if not isinstance(member, LightReader) or f"{ONLINE}defect" not in self.shares:
            raise NotReady("this reader has no light member that reads defects online; train one")
        cut = max(len(session.turns) - _RECENT, 0)
        found = list(views([replace(session, turns=session.turns[cut:])], start=cut))[-2:]
        rows = self.stage.rows(found, hindsight=False)
        scorers = member.scorers
        again = pair_chances(scorers["rephrase"], rows, reach=1) if "rephrase" in scorers else None
        told = head_rows(found, rows, again, online=True)[-1:]
        return float(scorers[f"{ONLINE}defect"].probability(told)[0])

    def said(
        self, sessions: Sequence[Session], *, online: bool = False, hearing: Hearing | None = None
    ) -> dict[str, Mapping[str, Floats]]:
        """What each member that has a share in anything says: member -> head -> probabilities of all turns."""
        seen = list(views(sessions))
        again = heard_again(sessions, hearing) if hearing and not online else None
        rows = self.stage.rows(seen, reach=1 if online else REACH, hindsight=not online, heard_again=again)
        return {name: member.read(seen, rows, online=online) for name, member in self._asked(online)}

    def _asked(self, online: bool) -> list[tuple[str, Member]]:
        """The members that have a share in anything."""
        used = {
            name
            for head, shares in self.shares.items()
            for name, share in shares.items()
            if share and head.startswith(ONLINE) == online
        }
        return [(name, member) for name, member in self.members.items() if name in used]

    def _reading(self, found: Mapping[str, Floats]) -> Reading:
        spans = found.get("rephrase")
        return Reading(
            spans=spans,
            rephrase=None if spans is None else self.pointed(spans),
            **{head: values for head, values in found.items() if head != "rephrase"},
        )

    def pointed(self, spans: Floats) -> NDArray[np.int64]:
        """(n,) position of the turn that says each turn again, -1 where it is not said again."""
        sure = spans[:, 1:].max(axis=1) >= self.thresholds.get("rephrase", 0.5)
        return np.where(sure, np.arange(len(spans)) + 1 + spans[:, 1:].argmax(axis=1), -1).astype(np.int64)


def mixed(answers: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """The members' log-odds of one head, weighed and added; rows of several classes add up to 1 again.

    Args:
        answers: Member -> (n,) or (n, classes) probabilities.
        shares: Member -> the weight of its log-odds.
    """
    used = [(answers[name], share) for name, share in shares.items() if share and name in answers]
    if len(used) == 1 and used[0][1] == 1.0:
        return used[0][0]
    if used[0][0].ndim == 1:
        odds = sum(share * _logit(one) for one, share in used)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)
    logs = sum(share * np.log(np.maximum(one, 1e-12)) for one, share in used)
    powers = np.exp(logs - np.max(logs, axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def _logit(chances: Floats) -> Floats:
    inside = np.clip(chances, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(inside / (1.0 - inside)), dtype=np.float64)
