"""Train the reader of dialogues on a user's log, without human labels.

Explicit reactions (yes, no, undo) are labels. Elsewhere the light scorers give labels: turns that surely failed or
surely did not, and requests that were surely said again or not. Turns between the two thresholds are not used. The
reader then learns from features that the light scorers lack: n-best list, interpretations, prompts and nearby turns.

Source: training on the confident part of a weak teacher, Scudder, "Probability of Error of Some Adaptive
Pattern-Recognition Machines" (1965); weak supervision of dialogues as in Gupta et al., "RoBERTaIQ" (arXiv:2101.09903).
Limit: the weights of the light scorers were fitted on calls to one restaurant line; their confident errors are learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from uptake.errors import NotReady
from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import Judgement, judge
from uptake.insight.dialogues.artifact import ReaderModel, packed
from uptake.insight.dialogues.learn.examples import LEAST
from uptake.insight.dialogues.learn.train import train
from uptake.insight.dialogues.reader import REACH, DialogueReader
from uptake.insight.dialogues.targets import NO_REPHRASE, Targets
from uptake.protocols import Material
from uptake.types import Session, Turn

__all__ = ["ReaderLearner", "learn_reader", "targets_of"]

_SURELY, _HARDLY = 0.65, 0.15  # chances of the signals from which, and up to which, they teach


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLearner:
    """Learner of a reader of dialogues (defects and rephrases), from the log itself."""

    most_turns: int = 20_000
    seed: int = 0

    name: ClassVar[str] = "reader"

    def learn(self, material: Material) -> ReaderModel:
        """Return the reader that the log teaches; see `learn_reader`."""
        return packed(learn_reader(material.sessions(self.most_turns), seed=self.seed, progress=material.note))


def targets_of(sessions: Sequence[Session]) -> list[Targets]:
    """Label each session where the signals are sure: which turns failed, and which turn rephrases which."""
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
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DialogueReader:
    """Return a reader of rephrases and defects from a log alone.

    Args:
        sessions: Whole sessions.
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
    return train(sessions, targets, seed=seed, progress=progress)


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
