"""Label the assistant's own log: `uptake learn labels` writes labels, and `uptake learn intent` trains on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from uptake.errors import BadConfig, NotReady
from uptake.protocols import Material
from uptake.types import Interpretation, Session, Situation

if TYPE_CHECKING:
    from uptake.assistant.readers.understanding import Understanding
    from uptake.understanding.labels.artifact import Labels

__all__ = ["LabelLearner", "Labelling", "labelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """Which labels are trusted, and their weight in training.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLearner(Labelling):
    """Learner that labels what turns meant, as far as the log tells.

    Args:
        most_turns: Latest turns that are labelled.
    """

    most_turns: int = 20_000

    name: ClassVar[str] = "label"

    def learn(self, material: Material) -> Labels:
        """Label the log's latest sessions; see `labelled`."""
        from uptake.assistant.readers import Understanding
        from uptake.assistant.skills import Skills

        sessions = material.sessions(self.most_turns)
        if not sessions:
            raise NotReady("there is nothing to label: the log is empty; ingest one or talk to the assistant first")
        understanding = Understanding.for_home(material.home, Skills())
        return labelled(sessions, understanding=understanding, options=self, model=material.version("intents"))


def labelled(
    sessions: Sequence[Session],
    *,
    understanding: Understanding | None = None,
    options: Labelling | None = None,
    model: str | None = None,
) -> Labels:
    """Label some sessions.

    Args:
        sessions: Of the log.
        understanding: Reads the recogniser's other hypotheses of requests that seem to have failed; None: nobody does.
        options: Which labels are trusted.
        model: Version of the model that read the turns; None for the one that ships.
    """
    from uptake.ml.encoder.minilm import MiniLM
    from uptake.understanding.labels.learn.label import Labeller
    from uptake.understanding.labels.learn.projection import Projector, needed

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
    labels = label(sessions, model=model)
    return labels if options.threshold is None else replace(labels, threshold=options.threshold)


def _reader(understanding: Understanding) -> Callable[[str], Interpretation | None]:
    def read(text: str) -> Interpretation | None:
        hypotheses = understanding.read(text, Situation())
        return hypotheses[0].interpretation if hypotheses else None

    return read
