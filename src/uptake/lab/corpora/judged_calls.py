"""DSTC2 calls below a root, and the pairs of turns whose relation people wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Self

import numpy as np

from uptake.errors import BadRecord
from uptake.feedback.columns import TurnFrame
from uptake.feedback.learn import Labels
from uptake.insight.dialogues.targets import NO_REPHRASE, Targets
from uptake.lab.corpora import CORPORA, records
from uptake.types import Interpretation, Session, Turn

__all__ = ["CallSet", "Judged", "load", "reader_targets", "sessions_of"]

_REACH = 3


@dataclass(frozen=True, kw_only=True)
class CallSet:
    """Calls of some callers."""

    sessions: tuple[Session, ...]

    @cached_property
    def turns(self) -> list[Turn]:
        """The turns of all calls, in order."""
        return [turn for session in self.sessions for turn in session.turns]

    @property
    def callers(self) -> set[str]:
        """Everybody who called."""
        return {session.turns[0].user_id for session in self.sessions}

    def of(self, callers: Set[str]) -> Self:
        """Select the calls of some callers."""
        return replace(self, sessions=tuple(one for one in self.sessions if one.turns[0].user_id in callers))


@dataclass(frozen=True, kw_only=True)
class Judged(CallSet):
    """Calls with the truth that people wrote down."""

    kinds: Mapping[str, str]
    """turn_id of the first turn of a pair -> "repeat", "rephrase" or "none"."""

    @cached_property
    def frame(self) -> TurnFrame:
        """The same turns as columns."""
        return TurnFrame.of(self.sessions)

    @cached_property
    def labels(self) -> Labels:
        """Known truth of the turns; pairs are those whose kind is known."""
        left = np.array([at for at, turn in enumerate(self.turns) if turn.turn_id in self.kinds], dtype=np.int64)
        again = [self.kinds[self.turns[at].turn_id] != "none" for at in left]
        return Labels(
            left=left,
            right=left + 1,
            says_again=np.array(again, dtype=bool),
            defect=np.array([turn.truth is not None and turn.truth.defect is True for turn in self.turns]),
            users=[turn.user_id for turn in self.turns],
        )

    @property
    def sizes(self) -> dict[str, Any]:
        """Numbers of calls, turns, pairs and callers, and rates of rephrases and defects."""
        return {
            "calls": len(self.sessions),
            "turns": len(self.turns),
            "pairs": len(self.labels.left),
            "callers": len(self.callers),
            "rephrase_rate": float(self.labels.says_again.mean()),
            "defect_rate": float(self.labels.defect.mean()),
        }


def sessions_of(turns: Iterable[Turn]) -> tuple[Session, ...]:
    """Group turns by call; a call that occurs twice counts once."""
    found: dict[str, Session] = {}
    for call, said in groupby(turns, key=lambda turn: turn.session_id or turn.turn_id):
        found.setdefault(call, Session(session_id=call, turns=tuple(said)))
    return tuple(found.values())


def load(root: Path) -> Judged:
    """Read the calls and turn pairs below a root with one folder a corpus.

    A call that occurs in two files counts once.

    Raises:
        NotReady: There are no calls or no pairs.
        BadRecord: A record is malformed, or a pair is not two consecutive turns of a call.
    """
    sessions = sessions_of(turn for record in records("dstc2", root) for turn in CORPORA["dstc2"].turns(record))
    following = {
        one.turn_id: other.turn_id
        for session in sessions
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
    return Judged(sessions=sessions, kinds=kinds)


def reader_targets(calls: Judged, *, defect: bool) -> list[Targets]:
    """Return the annotators' labels of each call as targets of a reader."""
    return [_targets(session, calls.kinds, defect=defect) for session in calls.sessions]


def _targets(session: Session, kinds: Mapping[str, str], *, defect: bool) -> Targets:
    turns = session.turns
    meant = [turn.truth.interpretation if turn.truth else None for turn in turns]
    again: list[int | None] = []
    for at, turn in enumerate(turns):
        kind = kinds.get(turn.turn_id)
        later = [at + step for step in range(2, _REACH + 1) if at + step < len(turns)]
        same = next((other for other in later if _shares(meant[at], meant[other])), NO_REPHRASE)
        again.append(None if kind is None else same if kind == "none" else at + 1)
    failed = tuple(turn.truth.defect if turn.truth else None for turn in turns) if defect else ()
    return Targets(rephrase=tuple(again), defect=failed, meant=tuple(meant))


def _shares(one: Interpretation | None, other: Interpretation | None) -> bool:
    """Tell whether two turns mean a value of a slot, or ask for a slot, in common, whatever else they do with it."""
    return bool(one and other and _values(one) & _values(other))


def _values(meant: Interpretation) -> set[tuple[str, str]]:
    return {(name.rpartition(".")[2], value) for name, value in meant.slots}
