"""A reader taught by the log it reads, without anybody's labels.

What people said aloud (yes, no, undo) is believed. Elsewhere the signals that come with the package teach: a turn that
they are sure failed, or sure did not; a request that they are sure was said again, or was not. Between the two nobody
knows, and nothing is taught. The reader then learns, from the recogniser's list, the readings, the prompts and the
turns around, what the signals do not look at.

Source: training on the confident part of a weak teacher, Scudder, "Probability of Error of Some Adaptive
Pattern-Recognition Machines" (1965); weak supervision of dialogues as in Gupta et al., "RoBERTaIQ" (arXiv:2101.09903).
Limit: the weights of the signals were fitted on calls to one restaurant line; where they are sure and wrong, so is it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from uptake.errors import NotReady
from uptake.learn.reader.examples import LEAST
from uptake.learn.reader.targets import NO_REPHRASE, Targets
from uptake.learn.reader.training import Teacher
from uptake.signals.frame import TurnFrame
from uptake.signals.light import Judgement, judge
from uptake.signals.light_reader import REACH
from uptake.signals.reading import DialogueReader
from uptake.types import Session, Turn

__all__ = ["learn_reader", "targets_of"]

_SURELY, _HARDLY = 0.65, 0.15  # chances of the signals from which, and up to which, they teach


def targets_of(sessions: Sequence[Session]) -> list[Targets]:
    """What the signals are sure of in each session: which turns failed, and which turn says which again."""
    found = judge(TurnFrame.of(sessions))
    targets, start = [], 0
    for session in sessions:
        rows = range(start, start + len(session.turns))
        targets.append(
            Targets(
                defect=tuple(_failed(turn, found, row) for turn, row in zip(session.turns, rows, strict=True)),
                rephrase=tuple(_said_again(found, row, start) for row in rows),
            )
        )
        start = rows.stop
    return targets


def learn_reader(
    sessions: Sequence[Session],
    *,
    network: bool = False,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DialogueReader:
    """A reader of rephrases and defects from a log alone.

    Args:
        sessions: Whole sessions.
        network: Whether to train a network beside the trees; takes minutes and wants `uptake[neural]`.
        seed: Of everything that draws.
        progress: Is told what is being done.

    Raises:
        NotReady: The log is too small, or too few of its turns are sure; the message says how many are needed.
        MissingExtra: LightGBM is not installed.
    """
    if not sessions:
        raise NotReady("there is nothing to learn from: the log is empty; ingest one or talk to the assistant first")
    targets = targets_of(sessions)
    for head, told in (("rephrase", [one.rephrase for one in targets]), ("defect", [one.defect for one in targets])):
        if all(answer is None for answers in told for answer in answers):
            raise NotReady(f"{head}: at least {LEAST} turns of each answer are needed, the signals are sure of none")
    teacher = Teacher(neural=network, seed=seed, tell=progress or (lambda _: None))
    return teacher.fit(sessions, targets).reader


def _failed(turn: Turn, found: Judgement, row: int) -> bool | None:
    if turn.undone:
        return True
    if turn.answer is not None:
        return not turn.answer
    return _sure(float(found.p_defect[row]))


def _said_again(found: Judgement, row: int, start: int) -> int | None:
    partner, chance = int(found.partner[row]), float(found.rephrased[row])
    if partner < 0 or chance <= _HARDLY:
        return NO_REPHRASE
    return partner - start if chance >= _SURELY and partner - row <= REACH else None


def _sure(chance: float) -> bool | None:
    return True if chance >= _SURELY else False if chance <= _HARDLY else None
