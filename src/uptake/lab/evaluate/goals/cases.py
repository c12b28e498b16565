"""Read dialogues with known goals from the corpora that have them.

star     a goal begins where the wizard selects a task; success is the answer to the user's first question
sgd      a goal begins where the active intent changes; success is how its last transaction ended
dstc2    a goal begins where the caller wants another value for what was already wanted (human goal labels), success
         is the crowd worker's verdict on the call, the rating how well the caller felt understood
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.errors import BadRecord, NotReady
from uptake.insight.dialogues.targets import Targets
from uptake.lab.corpora import CORPORA, fields, records
from uptake.lab.corpora.sgd import Sgd
from uptake.lab.corpora.star import Star
from uptake.types import Session

__all__ = ["WHOLE", "Case", "load"]

WHOLE = frozenset({"star", "dstc2"})
"""Corpora whose success speaks of whole dialogues."""

_QUESTION = "The system understood me well."
_AGREEMENT = {
    "strongly disagree": 0.0,
    "disagree": 0.25,
    "slightly disagree": 0.375,
    "neither agree nor disagree": 0.5,
    "slightly agree": 0.625,
    "agree": 0.75,
    "strongly agree": 1.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Dialogue with its goals."""

    session: Session
    targets: Targets
    rating: float | None = None
    """Satisfaction of the user, in [0, 1]."""
    slice: str | None = None
    """A kind of dialogue whose figures are given apart."""


def load(corpus: str, root: Path) -> list[Case]:
    """Read the dialogues of a corpus below a root; one that occurs in two files counts once.

    Raises:
        NotReady: There is none.
        BadRecord: A record is malformed.
    """
    found: dict[str, Case] = {}
    for record in records(corpus, root):
        turns = tuple(CORPORA[corpus].turns(record))
        if not turns:
            continue
        session = Session(session_id=turns[0].session_id or turns[0].turn_id, turns=turns)
        success = tuple(turn.truth.goal_success if turn.truth else None for turn in turns)
        found.setdefault(
            session.session_id,
            Case(
                session=session,
                targets=Targets(boundary=_begins(corpus, record), success=success),
                rating=_rating(record) if corpus == "dstc2" else None,
                slice=_question(record) if corpus == "star" else None,
            ),
        )
    if not found:
        raise NotReady(f"{root}: holds no dialogue of {corpus} with a turn of a user")
    return list(found.values())


def _begins(corpus: str, record: Mapping[str, Any]) -> tuple[bool, ...]:
    if corpus == "dstc2":
        return _changed_goals(record)
    return (Star() if corpus == "star" else Sgd()).goal_starts(record)


def _changed_goals(record: Mapping[str, Any]) -> tuple[bool, ...]:
    """Return the turns in which a slot that had a value gets another."""
    found: list[bool] = []
    wanted: dict[str, Any] = {}
    for at, one in enumerate(fields.items(record, "turns")):
        within = f"turns[{at}]"
        if not isinstance(one, Mapping):
            raise BadRecord("must be an object", field=within)
        goal = fields.part(fields.part(one, "user", within=within), "goal_labels", within=f"{within}.user")
        found.append(at == 0 or any(wanted.get(slot, value) != value for slot, value in goal.items()))
        wanted |= goal
    return tuple(found)


def _rating(record: Mapping[str, Any]) -> float | None:
    answers = fields.part(record, "feedback").get("questionnaire")
    answer = answers.get(_QUESTION) if isinstance(answers, Mapping) else None
    return _AGREEMENT.get(str(answer))


def _question(record: Mapping[str, Any]) -> str | None:
    """Tell whether the first question was about the task or only about the assistant's manners."""
    questions = fields.items(record, "user_questionnaire")
    if not questions:
        return None
    return "manners" if "stay calm" in str(questions[0]) else "task"
