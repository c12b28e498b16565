"""Labels of the assistant's own log: what `uptake learn labels` makes and `uptake learn intent` trains on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from uptake.errors import BadConfig
from uptake.types import Interpretation, Session, Situation

if TYPE_CHECKING:
    from uptake.agent.understand.understanding import Understanding
    from uptake.artifacts.labels import Labels

__all__ = ["Labelling", "labelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """Which labels are trusted, and what they weigh in training.

    Args:
        precision: What trusted labels must reach together, in (0, 1), by their own probabilities: one annotator's.
        threshold: Confidence, in (0, 1], from which a label is trusted, instead of the one that `precision` asks for.
        most_weight: Most weight, in (0, 1], of a request in training; a sentence that a person wrote weighs 1.
        min_users: Fewest users who must support the meaning of a request before it is trained on.
    """

    precision: float = 0.85
    threshold: float | None = None
    most_weight: float = 0.5
    min_users: int = 1

    def __post_init__(self) -> None:
        if not 0.0 < self.precision < 1.0 or not (self.threshold is None or 0.0 < self.threshold <= 1.0):
            raise BadConfig("precision must be in (0, 1) and threshold in (0, 1]")
        if not 0.0 < self.most_weight <= 1.0 or self.min_users < 1:
            raise BadConfig("most_weight must be in (0, 1] and min_users at least 1")


def labelled(
    sessions: Sequence[Session],
    *,
    understanding: Understanding | None = None,
    options: Labelling | None = None,
    model: str | None = None,
) -> Labels:
    """The labels of some sessions.

    Args:
        sessions: Of the log.
        understanding: Reads the recogniser's other hypotheses of requests that seem to have failed; None: nobody does.
        options: Which labels are trusted.
        model: Version of the model that read the turns; None for the one that ships.
    """
    from uptake.learn.label import Labeller
    from uptake.learn.project import Projector, needed
    from uptake.text.encode import MiniLM

    read = [
        (turn.interpretation.intent, [name for name, _ in turn.interpretation.slots])
        for one in sessions
        for turn in one.turns
        if turn.interpretation is not None and turn.status == "ok"
    ]
    options = options or Labelling()
    label = Labeller(
        precision=options.precision,
        projector=Projector(needed=needed(read)),
        encoder=MiniLM.available(),
        read=None if understanding is None else _reader(understanding),
    )
    found = label(sessions, model=model)
    return found if options.threshold is None else replace(found, threshold=options.threshold)


def _reader(understanding: Understanding) -> Callable[[str], Interpretation | None]:
    def read(text: str) -> Interpretation | None:
        found = understanding.read(text, Situation())
        return found[0].interpretation if found else None

    return read
