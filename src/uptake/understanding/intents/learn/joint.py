"""Train the network of the strong intent model: make its training set, fine-tune it, and calibrate the blend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from uptake.ml.learn.calibration import temperature
from uptake.understanding.intents.artifact import blend
from uptake.understanding.intents.features import OUTSIDE, bio, spans
from uptake.understanding.intents.learn.asr_noise import Channel, surviving_slots
from uptake.understanding.intents.learn.fine_tune import Options, TrainingExample, tune
from uptake.understanding.intents.network import Network

__all__ = ["Sample", "Strong", "all_tags", "fine_tuned"]

_HELD_OUT = 25  # one sentence in so many is kept from the network, to calibrate the blend
_LOUD = 1.3  # strength of the noise

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """Sentence for training."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    intent: int
    """Number of the intent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strong:
    """Settings of the strong model: a fine-tuned network beside the light model. It takes minutes, and torch."""

    channel: Channel | None = None
    """Recogniser noise added to the sentences; None where requests will be typed."""
    options: Options = field(default_factory=Options)
    """Options of fine-tuning."""


def all_tags(tags: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return every tag there may be: the beginning and the inside of every slot."""
    slots = sorted({tag[2:] for one in tags for tag in one if tag != OUTSIDE})
    return (OUTSIDE, *(f"{side}-{slot}" for slot in slots for side in "BI"))


def fine_tuned(
    samples: Sequence[Sample],
    linear: Floats,
    strong: Strong,
    *,
    seed: int,
    progress: Callable[[str], None],
) -> tuple[Network, float]:
    """Return the network and the temperature of its blend with the linear classifier.

    Args:
        samples: The sentences.
        linear: (n, labels) calibrated scores of the linear classifier for each, from one that never saw it.
        strong: What was asked for.
        seed: Of everything that draws.
        progress: Is told how far it is.
    """
    tags = all_tags([one.tags for one in samples])
    number = {tag: at for at, tag in enumerate(tags)}
    held = np.random.default_rng(seed).permutation(len(samples))[: len(samples) // _HELD_OUT]
    kept = sorted(set(range(len(samples))) - set(held.tolist()))
    made = [TrainingExample(one.words, one.intent, tuple(number[tag] for tag in one.tags)) for one in samples]
    network = tune(
        [made[at] for at in kept],
        tags=tags,
        mishear=_mishear(strong.channel, tags) if strong.channel is not None else None,
        options=strong.options,
        seed=seed,
        progress=progress,
    )
    if not len(held):
        return network, 1.0
    scores = np.stack([blend(network.read(made[at].words)[0], linear[at]) for at in held])
    return network, temperature(scores, np.array([made[at].intent for at in held], dtype=np.int64))


def _mishear(
    channel: Channel, tags: tuple[str, ...]
) -> Callable[[TrainingExample, np.random.Generator], TrainingExample | None]:
    number = {tag: at for at, tag in enumerate(tags)}

    def mishear(lesson: TrainingExample, generator: np.random.Generator) -> TrainingExample | None:
        heard, sources = channel.mishear(lesson.words, generator, strength=_LOUD)
        if not heard:
            return None
        slots = surviving_slots(lesson.words, spans([tags[at] for at in lesson.tags]), heard, sources)
        arrived = bio([(at, at + 1) for at in range(len(heard))], slots)
        return TrainingExample(tuple(heard), lesson.intent, tuple(number[tag] for tag in arrived))

    return mishear
