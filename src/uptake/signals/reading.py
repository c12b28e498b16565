"""Read whole dialogues: one answer a turn and head, from a model that was trained on turns like these.

What is read: whether and where a request is said again, whether a turn failed its user and what failed first, where a
goal begins and whether it was reached. `DialogueReader` asks everything in one pass; training lives in
`uptake.learn.reader`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from uptake.types import Session

__all__ = ["DialogueReader", "Encoder", "Member", "Reading"]

Floats = NDArray[np.float64]


class Encoder(Protocol):
    """Turns sentences into vectors."""

    name: str
    """Equal names, equal vectors."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 vectors."""
        ...


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
    """A model behind the reader: all heads, all turns."""

    def read(self, sessions: Sequence[Session], *, online: bool = False) -> list[Mapping[str, Any]]:
        """For each session head -> probabilities, shaped as in `Reading`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DialogueReader:
    """Reads dialogues with one or more models, averaged head by head.

    A session's reading does not depend on the sessions beside it. An online reading does not depend on later turns.
    """

    members: Mapping[str, Member]
    """Name ("light", "neural") -> model."""
    shares: Mapping[str, Mapping[str, float]]
    """Head -> member -> its share of the answer; shares add up to 1."""
    thresholds: Mapping[str, float]
    """Head -> probability from which the answer is yes: the best F1 on people the model had not seen."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What was counted and measured while training, by flat names."""

    @property
    def heads(self) -> tuple[str, ...]:
        """What can be read."""
        return tuple(self.shares)

    def read(self, sessions: Sequence[Session], *, online: bool = False) -> list[Reading]:
        """Read whole sessions; one `Reading` a session, arrays aligned with its turns.

        Args:
            sessions: Whole sessions.
            online: Whether each turn may be judged by itself and what came before it alone. Only `defect` and
                `failure` can be; the other heads are None.
        """
        said = {name: model.read(sessions, online=online) for name, model in self.members.items()}
        return [self._reading({name: found[at] for name, found in said.items()}) for at in range(len(sessions))]

    def _reading(self, said: Mapping[str, Mapping[str, Any]]) -> Reading:
        found: dict[str, Any] = {}
        for head, shares in self.shares.items():
            known = [(said[name][head], share) for name, share in shares.items() if share and head in said[name]]
            if known:
                total = sum(share for _, share in known)
                found["spans" if head == "rephrase" else head] = sum(share / total * one for one, share in known)
        if "spans" in found:
            found["rephrase"] = self.pointed(found["spans"])
        return Reading(**found)

    def pointed(self, spans: Floats) -> NDArray[np.int64]:
        """(n,) position of the turn that says each turn again, -1 where it is not said again."""
        later = spans[:, 1:].argmax(axis=1) + 1 if spans.shape[1] > 1 else np.zeros(len(spans), dtype=np.int64)
        sure = spans[:, 1:].max(axis=1, initial=0.0) >= self.thresholds.get("rephrase", 0.5)
        return np.where(sure, np.arange(len(spans)) + later, -1).astype(np.int64)
