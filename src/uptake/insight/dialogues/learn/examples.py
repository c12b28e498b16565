"""Training targets as arrays, one row per turn: labels, their weights, and checks that there are enough.

Contradicting labels of one turn are resolved by majority of weight; a tie is "unknown". A head with too few examples is
refused, with the number needed, because a head trained on three failures would still give confident scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig, NotReady
from uptake.insight.dialogues.reader import Hearing
from uptake.insight.dialogues.targets import HEADS, Head, Targets
from uptake.insight.dialogues.views import Item, TurnInSession, heard_again, items, views
from uptake.types import Session

__all__ = ["LEAST", "Examples", "examples"]

LEAST = 20
"""Fewest examples of each answer that a head is trained on."""
UNKNOWN = -9
"""Stands in an array of targets for "nobody knows"."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Examples:
    """Turns of sessions with their targets, n rows."""

    sessions: Sequence[Session]
    seen: Sequence[TurnInSession]
    heads: tuple[Head, ...]
    """The heads that something is known for."""
    answers: dict[str, Ints]
    """Head -> (n,) answer: the distance to the turn that says it again (0: none), 0 or 1; `UNKNOWN`."""
    weights: NDArray[np.float64]
    """(n,) how much each turn counts."""
    meant: Sequence[frozenset[Item] | None]
    """(n,) the pieces that were meant; None where unknown."""
    people: Sequence[str]
    """(n,) who is kept on one side of every split: the person, or the session where there is one person."""
    contradictions: int
    """Labels that others contradicted."""
    heard_again: Sequence[TurnInSession] | None = None
    """(n,) the turns as a second recogniser heard them."""

    def known(self, head: str) -> NDArray[np.bool_]:
        """Return (n,) bool: rows whose answer is known."""
        return np.asarray(self.answers[head] != UNKNOWN, dtype=bool)


def examples(
    sessions: Sequence[Session], targets: Sequence[Targets], *, least: int = LEAST, hearing: Hearing | None = None
) -> Examples:
    """Line targets up with the turns.

    Args:
        sessions: Whole sessions.
        targets: What is known of each.
        least: Fewest examples of each answer.
        hearing: turn_id -> what a second recogniser heard.

    Raises:
        BadConfig: There is not one `Targets` a session, or its length is not the session's.
        NotReady: Nothing is known, too few examples of an answer, or fewer than two people and sessions.
    """
    if len(sessions) != len(targets):
        raise BadConfig(f"{len(targets)} targets for {len(sessions)} sessions; there must be one each")
    seen = list(views(sessions))
    truth = {
        head: np.concatenate([_answers(one, told, head) for one, told in _zip(sessions, targets)]) for head in HEADS
    }
    weights = np.concatenate([_weights(one, told) for one, told in _zip(sessions, targets)])
    ids = [view.turn.turn_id for view in seen]
    contradictions = sum(_merge_duplicates(ids, answers, weights) for answers in truth.values())
    heads = tuple(head for head in HEADS if (truth[head] != UNKNOWN).any())
    if not heads:
        raise NotReady("nothing is known of any turn; a reader needs targets for at least one head")
    for head in heads:
        _check(head, truth[head], least)
    meant = [one for session, told in _zip(sessions, targets) for one in _meant(session, told)]
    return Examples(
        sessions=sessions,
        seen=seen,
        heads=heads,
        answers={head: truth[head] for head in heads},
        weights=weights,
        meant=meant,
        people=_people(seen, sessions),
        contradictions=contradictions,
        heard_again=heard_again(sessions, hearing) if hearing else None,
    )


def _zip(sessions: Sequence[Session], targets: Sequence[Targets]) -> Any:
    return zip(sessions, targets, strict=True)


def _answers(session: Session, targets: Targets, head: str) -> Ints:
    told = getattr(targets, head)
    if told and len(told) != len(session.turns):
        raise BadConfig(
            f"targets of {head} have {len(told)} entries where their session has {len(session.turns)} turns"
        )
    found = np.full(len(session.turns), UNKNOWN, dtype=np.int64)
    for at, answer in enumerate(told):
        if answer is not None:
            found[at] = max(answer - at, 0) if head == "rephrase" else int(answer)
    return found


def _weights(session: Session, targets: Targets) -> NDArray[np.float64]:
    if not targets.weights:
        return np.ones(len(session.turns))
    found = np.array(targets.weights, dtype=np.float64)
    if len(found) != len(session.turns) or not (np.isfinite(found) & (found >= 0)).all():
        raise BadConfig("weights of targets must be one finite number a turn, not below 0")
    return found


def _meant(session: Session, targets: Targets) -> list[frozenset[Item] | None]:
    told = targets.meant or (None,) * len(session.turns)
    if len(told) != len(session.turns):
        raise BadConfig(f"targets of meant have {len(told)} entries where their session has {len(session.turns)} turns")
    return [None if one is None else items(one) for one in told]


def _merge_duplicates(ids: Sequence[str], answers: Ints, weights: NDArray[np.float64]) -> int:
    """Give turns that came in twice one answer; how many labels were overruled."""
    where: defaultdict[str, list[int]] = defaultdict(list)
    for at in np.flatnonzero(answers != UNKNOWN).tolist():
        where[ids[at]].append(at)
    overruled = 0
    for places in where.values():
        told = answers[places]
        if (told == told[0]).all():
            continue
        votes = {answer: float(weights[places][told == answer].sum()) for answer in sorted(set(told.tolist()))}
        best = sorted(votes.values(), reverse=True)
        winner = max(votes, key=lambda answer: votes[answer]) if best[0] > best[1] else UNKNOWN
        overruled += int((told != winner).sum())
        answers[places] = winner
    return overruled


def _check(head: str, answers: Ints, least: int) -> None:
    known = answers[answers != UNKNOWN]
    counts = {1: int((known > 0).sum()), 0: int((known == 0).sum())}
    for answer, name in ((1, "yes"), (0, "no")):
        if counts[answer] < least:
            raise NotReady(
                f'{head}: at least {least} turns whose answer is "{name}" are needed, there are {counts[answer]}'
            )


def _people(seen: Sequence[TurnInSession], sessions: Sequence[Session]) -> list[str]:
    users = [view.turn.user_id for view in seen]
    if len(set(users)) > 1:
        return users
    if len(sessions) < 2:
        raise NotReady("at least two sessions are needed, better of two people")
    return [str(number) for number, session in enumerate(sessions) for _ in session.turns]
