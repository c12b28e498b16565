"""Readers of dialogues on calls whose truth people wrote down: who teaches, who is judged, and how fairly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.corpora import records
from uptake.corpora.dstc2 import second_hearing
from uptake.errors import NotReady
from uptake.learn.reader import NO_REPHRASE, Targets
from uptake.learn.reader.training import Fit, Teacher
from uptake.measure.bootstrap import interval
from uptake.measure.signals import Judged, load
from uptake.signals.reading import Hearing, mixed
from uptake.types import Interpretation, Session, Transcript

__all__ = ["MEMBERS", "Calls", "bounded", "prepared", "said", "second", "sizes", "taught", "teacher"]

MEMBERS = ("mixed", "light", "neural")
"""Who is judged: the reader, and its members alone."""
_REACH = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Calls to learn from and calls to judge."""

    learn: Judged
    judge: Judged
    crossed: bool
    """The judged calls are the ones learned from: they are judged out of fold, by caller."""


def prepared(train: Path, data: Path) -> Calls:
    """Read both roots; where other calls of a judged caller are there to learn from, they are left out.

    Raises:
        NotReady: A root lacks calls or pairs, or nobody is left to learn from.
    """
    learn, judge = load(train), load(data)
    turns = {turn.turn_id for turn in learn.turns}
    if judge.sessions and all(turn.turn_id in turns for turn in judge.turns):
        return Calls(learn=learn, judge=judge, crossed=True)
    others = learn.of(learn.callers - judge.callers)
    if not others.sessions:
        raise NotReady("every caller of --train is in --data too; give other calls, or the same root for both")
    return Calls(learn=others, judge=judge, crossed=False)


def taught(calls: Judged, *, defect: bool) -> list[Targets]:
    """What people wrote down of each call."""
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
    """Whether two turns mean a value of a slot, or ask for a slot, in common, whatever else they do with it."""
    return bool(one and other and _values(one) & _values(other))


def _values(meant: Interpretation) -> set[tuple[str, str]]:
    return {(name.rpartition(".")[2], value) for name, value in meant.slots}


def said(
    fit: Fit, calls: Calls, head: str, *, online: bool = False, hearing: Hearing | None = None
) -> dict[str, Floats]:
    """Member -> what it says of the judged turns: out of fold where they were learned from."""
    name = f"online:{head}" if online else head
    if calls.crossed:
        where = {turn.turn_id: at for at, turn in enumerate(calls.learn.turns)}
        rows = [where[turn.turn_id] for turn in calls.judge.turns]
        return {member: fit.held_out[member][name][rows] for member in MEMBERS if member in fit.held_out}
    found = fit.reader.said(calls.judge.sessions, online=online, hearing=hearing)
    told = {member: answers[head] for member, answers in found.items() if head in answers}
    return {"mixed": mixed(told, fit.reader.shares[name]), **told}


def teacher(seed: int, **options: Any) -> Teacher:
    """How the evaluations train."""
    return Teacher(**{"seed": seed, "tell": lambda _: None, **options})


def second(root: Path) -> dict[str, tuple[Transcript, ...]]:
    """turn_id -> what the corpus's second recogniser heard."""
    return {turn: heard for record in records("dstc2", root) for turn, heard in second_hearing(record).items()}


def sizes(calls: Calls) -> dict[str, Any]:
    """What was learned from and what was judged."""
    found: dict[str, Any] = {
        "held_out": not calls.crossed,
        "shared_callers": len(calls.learn.callers & calls.judge.callers),
    }
    for name, one in (("train", calls.learn), ("data", calls.judge)):
        found |= {
            f"{name}.calls": len(one.sessions),
            f"{name}.turns": len(one.turns),
            f"{name}.pairs": len(one.labels.left),
            f"{name}.callers": len(one.callers),
            f"{name}.rephrase_rate": float(one.labels.says_again.mean()),
            f"{name}.defect_rate": float(one.labels.defect.mean()),
        }
    return found


def bounded(name: str, statistic: Any, users: Sequence[str], *, seed: int) -> dict[str, float]:
    """A figure with its 95 % interval by caller bootstrap."""
    low, high = interval(statistic, users, seed=seed)
    return {name: statistic(np.arange(len(users))), f"{name}_low": low, f"{name}_high": high}
