"""Define the reactions: what people do after a turn, and what the assistant reports of itself.

A reaction is a rule over columns. The view `turns` has each as a column of its name, the defect scorer reads the same
columns, and `uptake.feedback.reactions_of` runs the same rules on one session. A rule that is False gives no evidence;
nor does a rule over data that the log lacks. "unsupported" and "cancelled" are friction, not evidence of a defect (the
request was understood and declined, or the user changed their mind): no reaction covers them.

Source: the friction of Ponnusamy et al. (arXiv:1911.02557). Limit: the kinds of request (a stop, a correction, a
thank-you, a yes) and the questions are English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.columns import CORRECTION, COURTESY, NO, STATUS_CODES, TERMINATION, YES, Bools, TurnFrame

__all__ = ["REACTIONS", "SOON_S", "Reaction", "reactions"]

SOON_S = 30.0
"""Longest time, in seconds, between the beginnings of a turn and of the "stop" that speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """Kind of reaction to a turn."""

    name: str
    """Column of the view `turns`."""
    means: str
    """One sentence: when it speaks of a turn."""
    speaks_for: Literal["defect", "success"] = "defect"
    """Verdict that the reaction makes likelier."""


REACTIONS: dict[str, Reaction] = {
    one.name: one
    for one in (
        Reaction(
            name="retried",
            means="The next turn that is no control request says it again, in the same or in other words.",
        ),
        Reaction(name="barged_in", means="The user cut its answer short."),
        Reaction(name="terminated", means='The next turn says "stop" or "never mind" within 30 s.'),
        Reaction(name="corrected", means='The next turn begins "no, I said ..." or the like.'),
        Reaction(name="failed", means="The assistant itself says that it failed."),
        Reaction(name="gave_up", means="The session ends on it, and the assistant itself says that it failed."),
        Reaction(name="hung_up", means="The session ends while the assistant waits for an answer to its question."),
        Reaction(name="answered_no", means="The user says that it was not right, asked after the fact."),
        Reaction(name="undone", means="The user undid what was done."),
        Reaction(
            name="answered_yes", means="The user says that it was right, asked after the fact.", speaks_for="success"
        ),
        Reaction(name="thanked", means="The next turn only thanks, greets or takes leave.", speaks_for="success"),
    )
}
"""Every reaction by its name; `reactions` holds the rules."""


def reactions(frame: TurnFrame, again: Bools) -> dict[str, Bools]:
    """Find every reaction to every row.

    Args:
        frame: The turns.
        again: (n,) bool: whether, by the rephrase scorer, the next turn that is no control request says the row again.

    Returns:
        Name of the reaction -> (n,) bool, in the order of `REACTIONS`.
    """
    failed = _known(frame, None if frame.status is None else frame.status == STATUS_CODES["failed"])
    return {
        "retried": again & ~frame.control,
        "barged_in": _known(frame, frame.barged_in),
        "terminated": _terminated(frame),
        "corrected": frame.is_followed_by(CORRECTION),
        "failed": failed,
        "gave_up": failed & ~frame.goes_on,
        "hung_up": _known(frame, frame.awaited) & ~frame.goes_on & ~frame.control,
        "answered_no": _answered(frame, 0, NO),
        "undone": _known(frame, frame.undone),
        "answered_yes": _answered(frame, 1, YES),
        "thanked": frame.is_followed_by(COURTESY),
    }


def _terminated(frame: TurnFrame) -> Bools:
    stopped = frame.is_followed_by(TERMINATION) & ~_known(frame, frame.offered)  # it answers the offer
    rows = np.flatnonzero(stopped)
    stopped[rows] = frame.said_at[rows + 1] - frame.said_at[rows] <= SOON_S * 1e6
    return stopped


def _answered(frame: TurnFrame, recorded: int, spoken: int) -> Bools:
    """Return the recorded answer, else a bare yes or no right after an answer that asks whether it was right."""
    said = _known(frame, frame.asked) & frame.is_followed_by(spoken)
    return said if frame.answer is None else (frame.answer == recorded) | ((frame.answer < 0) & said)


def _known(frame: TurnFrame, column: NDArray[Any] | None) -> Bools:
    return np.zeros(len(frame), dtype=bool) if column is None else np.asarray(column, dtype=bool)
