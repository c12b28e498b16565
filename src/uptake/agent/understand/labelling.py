"""Labels of the assistant's own log: what `uptake learn labels` makes and `uptake learn intent` trains on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from uptake.types import Interpretation, Session, Situation

if TYPE_CHECKING:
    from uptake.agent.understand.understanding import Understanding
    from uptake.artifacts.labels import Labels

__all__ = ["labelled"]


def labelled(
    sessions: Sequence[Session],
    *,
    understanding: Understanding | None = None,
    precision: float = 0.85,
    model: str | None = None,
) -> Labels:
    """The labels of some sessions.

    Args:
        sessions: Of the log.
        understanding: Reads the recogniser's other hypotheses of requests that seem to have failed; None: nobody does.
        precision: What trusted labels must reach together, by their own probabilities.
        model: Version of the model that read the turns; None for the one that ships.

    Raises:
        BadConfig: The precision is out of range.
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
    label = Labeller(
        precision=precision,
        projector=Projector(needed=needed(read)),
        encoder=MiniLM.available(),
        read=None if understanding is None else _reader(understanding),
    )
    return label(sessions, model=model)


def _reader(understanding: Understanding) -> Callable[[str], Interpretation | None]:
    def read(text: str) -> Interpretation | None:
        found = understanding.read(text, Situation())
        return found[0].interpretation if found else None

    return read
