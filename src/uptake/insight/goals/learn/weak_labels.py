"""Make targets without annotators: weak labels from the log, or the truth of a simulator.

Boundaries: sessions are concatenated, and the joints are boundaries. Inside a session nothing is known; its turns count
as continuations with a small weight. Success: taken from an explicit reaction at the end of a session (a yes, a no, an
undo, "stop"), else from how many signs of failure it has compared with other sessions.

Source: swapped partners as contrastive samples, Kachuee et al. (arXiv:2010.11230); here whole sessions are joined.
Limit: within-session boundaries are labelled continuations, and a tenth of the sessions is labelled failed in any log:
trust the ranking of the probabilities, not their values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

import numpy as np

from uptake import protocols
from uptake.errors import NotReady
from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import judge
from uptake.insight.dialogues.targets import Targets
from uptake.insight.goals.artifact import GoalLabels
from uptake.insight.goals.features import Material
from uptake.insight.goals.label import Goal, label
from uptake.insight.goals.learn.train import LEAST, train, training_set
from uptake.text.lexicon import is_courtesy, is_termination
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["GoalLearner", "from_signals", "joined", "label_log", "train_from_signals"]

_CONTINUES = 0.5  # what a turn inside a session is worth as "no goal begins here"
_CALM, _LOUD = 0.5, 0.9  # shares of the sessions with less trouble
_POLITE = frozenset("thanks thank bye goodbye cheers".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLearner:
    """Learner of goal boundaries and goal success, from a log without annotation."""

    most_turns: int = 20_000
    seed: int = 0

    name: ClassVar[str] = "goals"

    def learn(self, material: protocols.Material) -> GoalLabels:
        """Return the model that the log's latest sessions teach; see `train_from_signals`."""
        return train_from_signals(material.sessions(self.most_turns), seed=self.seed)


def from_signals(sessions: Sequence[Session]) -> list[Targets]:
    """Tell whether the goal of each session was probably reached, by the log's own signals; nothing of boundaries.

    What was said aloud decides first. Else sessions are compared: the tenth with the most trouble in it (turns that
    probably failed, answers given again) was not reached, the quieter half was, and of the rest nobody knows.
    """
    p_defect = judge(TurnFrame.of(sessions)).p_defect
    ends = np.cumsum([len(session.turns) for session in sessions])
    parts = np.split(p_defect, ends[:-1])
    trouble = np.array([_trouble(one.turns, part.tolist()) for one, part in zip(sessions, parts, strict=True)])
    calm, loud = np.quantile(trouble, [_CALM, _LOUD]) if len(trouble) else (0.0, 1.0)
    found = []
    for session, one in zip(sessions, trouble.tolist(), strict=True):
        reached = _said_aloud(session.turns)
        if reached is None and calm < loud:
            reached = False if one >= loud else True if one <= calm else None
        found.append(Targets(success=(reached,) * len(session.turns)))
    return found


def _said_aloud(turns: Sequence[Turn]) -> bool | None:
    final = turns[-1]
    if final.answer is not None or final.undone:
        return final.answer is True and not final.undone
    return False if is_termination(normalize(final.request)) else None


def _trouble(turns: Sequence[Turn], p_defect: Sequence[float]) -> float:
    """Score how much went wrong in a session: its turns on average, its last request, and repeated answers."""
    last = next((p_defect[at] for at in range(len(turns) - 1, -1, -1) if not _manners(turns[at])), 0.0)
    answers = [normalize(turn.response) for turn in turns if turn.response]
    return float(np.mean(p_defect)) + 0.5 * last + 0.1 * (len(answers) - len(set(answers)))


def _words(turn: Turn) -> frozenset[str]:
    return frozenset(normalize(turn.request).split())


def _manners(turn: Turn) -> bool:
    """Tell whether a turn only opens or closes: a greeting, a thank-you, a farewell."""
    request = normalize(turn.request)
    return not request or is_courtesy(request) or (len(request.split()) <= 6 and bool(_POLITE & _words(turn)))


def joined(sessions: Sequence[Session], *, seed: int = 0) -> tuple[list[Session], list[Targets]]:
    """Join sessions in pairs, without the greetings and farewells around the joint; return where the joints are."""
    generator = np.random.default_rng(seed)
    gaps = [
        (later.said_at - turn.said_at).total_seconds()
        for one in sessions
        for turn, later in zip(one.turns, one.turns[1:], strict=False)
    ] or [10.0]
    found, targets = [], []
    order = generator.permutation(len(sessions)).tolist()
    for left, right in zip(order, [*order[1:], *order[:1]], strict=True):
        one, other = _without_end(sessions[left].turns), _without_beginning(sessions[right].turns)
        if left == right or not one or not other:
            continue
        gap = timedelta(seconds=gaps[int(generator.integers(len(gaps)))])
        moved = one[-1].said_at + gap - other[0].said_at
        person = one[0].user_id
        # turn ids stay what they were: a joined session is trained on, never logged
        turns = (*one, *(replace(turn, said_at=turn.said_at + moved, user_id=person) for turn in other))
        found.append(Session(session_id=sessions[left].session_id, turns=turns))
        new = tuple(at in (0, len(one)) for at in range(len(turns)))
        weights = tuple(1.0 if begins else _CONTINUES for begins in new)
        targets.append(Targets(boundary=new, weights=weights))
    return found, targets


def _without_end(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    while turns and _manners(turns[-1]):
        turns = turns[:-1]
    return turns


def _without_beginning(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    while turns and _manners(turns[0]):
        turns = turns[1:]
    return turns


def train_from_signals(sessions: Sequence[Session], *, seed: int = 0) -> GoalLabels:
    """Return a model of goals from a log without any annotation.

    Raises:
        NotReady: The log is too small: it says how many sessions are needed.
        MissingExtra: LightGBM is not installed.
    """
    made, targets = joined(sessions, seed=seed)
    if len(made) < LEAST:
        raise NotReady(
            f"at least {LEAST} sessions with a request in them are needed to learn where goals begin, "
            f"there are {len(made)}"
        )
    boundary = train(training_set(Material.of(made), targets), seed=seed).model
    told = training_set(Material.of(sessions), from_signals(sessions), whole=True)
    sides = [int((told.failed == answer).sum()) for answer in (0.0, 1.0)]
    if min(sides) < LEAST:
        return boundary
    success = train(told, seed=seed).model
    settings = {
        **success.settings,
        "calibration": {**boundary.settings["calibration"], **success.settings["calibration"]},
        "thresholds": {**boundary.settings["thresholds"], **success.settings["thresholds"]},
    }
    return GoalLabels(
        lines={**boundary.lines, **success.lines}, forests={**boundary.forests, **success.forests}, settings=settings
    )


def label_log(sessions: Sequence[Session], model: GoalLabels | None = None) -> list[Goal]:
    """Return the goals of a log and how probably each was reached, with no corpus at hand.

    Args:
        sessions: The log.
        model: Who judges [default: a model learned from the signals of this very log].

    Raises:
        NotReady: There is no model, and the log is too small to learn one from.
    """
    return label(model or train_from_signals(sessions), sessions)
