"""Split calls with human labels into training and test sets for readers of dialogues."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.insight.dialogues.learn.train import Fit, Teacher
from uptake.insight.dialogues.reader import Hearing, Reading
from uptake.lab.corpora import records
from uptake.lab.corpora.dstc2 import second_hearing
from uptake.lab.corpora.judged_calls import Judged, load
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.types import Transcript

__all__ = ["Calls", "likeness", "prepared", "said", "second", "sizes", "teacher", "unsureness"]


Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Training calls and test calls."""

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


def said(fit: Fit, calls: Calls, head: str, *, online: bool = False, hearing: Hearing | None = None) -> Floats:
    """Score the judged turns by a reader: out of fold where they were learned from."""
    if calls.crossed:
        where = {turn.turn_id: at for at, turn in enumerate(calls.learn.turns)}
        rows = [where[turn.turn_id] for turn in calls.judge.turns]
        return fit.held_out[f"online:{head}" if online else head][rows]
    found = fit.reader.read(calls.judge.sessions, online=online, hearing=hearing)
    return np.concatenate([_answers(one, head) for one in found])


def _answers(found: Reading, head: str) -> Floats:
    told = found.spans if head == "rephrase" else found.defect
    if told is None:
        raise NotReady(f"the reader was not taught {head}")
    return told


def teacher(seed: int, **options: Any) -> Teacher:
    """Return the training that the evaluations share."""
    return Teacher(**{"seed": seed, "tell": lambda _: None, **options})


def second(root: Path) -> dict[str, tuple[Transcript, ...]]:
    """Return turn_id -> what the corpus's second recogniser heard."""
    return {turn: heard for record in records("dstc2", root) for turn, heard in second_hearing(record).items()}


def likeness(calls: Judged) -> Floats:
    """Score judged pairs by the edit similarity of their requests: a baseline of rephrases."""
    texts = [normalize(turn.request) for turn in calls.turns]
    return np.array([edit_similarity(texts[at], texts[at + 1]) for at in calls.labels.left], dtype=np.float64)


def unsureness(calls: Judged) -> Floats:
    """Score turns by 1 minus the confidence of the reading, 1 without a reading: a baseline of defects."""
    readings = [turn.interpretation for turn in calls.turns]
    return np.array([1.0 - ((one.confidence or 0.0) if one else 0.0) for one in readings], dtype=np.float64)


def sizes(calls: Calls) -> dict[str, Any]:
    """Count the calls and turns of the training and of the judged data."""
    found: dict[str, Any] = {
        "held_out": not calls.crossed,
        "shared_callers": len(calls.learn.callers & calls.judge.callers),
    }
    for name, one in (("train", calls.learn), ("data", calls.judge)):
        found |= {f"{name}.{key}": value for key, value in one.sizes.items()}
    return found
