"""Evaluate intents and slots, on sentences as written and as recognised.

Test data are commands of SLURP (written prompt, and every recording's text) and HWU64. Recordings have equal weight, so
a sentence counts as often as it was read; figures with equal weight per sentence are given beside. The intent is right
if equal; a slot is right if name and value equal those of the written sentence, so a misheard value is an error even if
it was found. Definitions as in the project's baselines.

The prior of the intents is their share in the training sentences of the same collection: HWU64 is balanced, SLURP is
not, and the prior helps with misheard requests.

Training sentences with the text of a test sentence are left out. If both roots hold the same files, half of the SLURP
sentences and a tenth of HWU64 are held out for the test.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import NotReady
from uptake.lab.corpora.commands import Command, commands
from uptake.lab.evaluate.harness import bounded
from uptake.ml.encoder.minilm import MiniLM
from uptake.ml.metrics import calibration_error
from uptake.text.tokens import words
from uptake.understanding.intents.artifact import IntentModel
from uptake.understanding.intents.learn.asr_noise import Channel, align, surviving_slots
from uptake.understanding.intents.learn.fine_tune import available
from uptake.understanding.intents.learn.joint import Strong
from uptake.understanding.intents.learn.train import Example, train

__all__ = ["JudgedCommands", "arrived", "draw", "examples", "parts", "slurp"]

_SAME_FILES = 0.5  # share of judged sentences also in training from which both roots hold the same files
_HEARD_WEIGHT = 0.1  # of a recording beside a written sentence, in the linear classifiers


def slurp(*, train: Path, data: Path, seed: int = 0) -> dict[str, Any]:
    """Train on the commands of one root, judge on those of another.

    The strong model (a fine-tuned network beside the light one) is trained where torch is installed; else the
    light model with an encoder where that is installed; else the light model alone. `model` says which.

    Args:
        train: Root with `hwu64`, `slurp_text` and `slurp_asr`, to learn from.
        data: Root with `slurp_asr` and `hwu64`, to judge on.
        seed: Of training, split and bootstrap.

    Returns:
        Flat figures; `_low` and `_high` are 95 % intervals by sentence bootstrap. `light_` is the light model
        alone, `majority` the commonest intent.

    Raises:
        NotReady: A root holds no commands.
    """
    lessons, judged, held_out = parts(train, data)
    started = time.perf_counter()
    learnt = examples(lessons)
    model, kind = _trained(lessons, learnt, seed=seed)
    trained = time.perf_counter()
    light = replace(model, network=None, encoder=None)
    common = Counter(one.intent for one in lessons).most_common(1)[0][0]
    figures = {
        "model": kind,
        "held_out": held_out,
        "shared_callers": 0 if held_out else len(judged),
        "train.sentences": len(lessons),
        "train.examples": len(learnt),
        "train.intents": len(model.labels),
    }
    for corpus, name in (("slurp_asr", "slurp"), ("hwu64", "hwu64")):
        chosen = [one for one in judged if one.corpus == corpus]
        if chosen:
            shares = Counter(one.intent for one in lessons if one.corpus.startswith(name))
            strong, plain = (JudgedCommands.of(one.expecting(shares), chosen) for one in (model, light))
            figures |= _judge(name, strong, plain, common, seed=seed)
    ended = time.perf_counter()
    return figures | {"seconds.train": trained - started, "seconds.judge": ended - trained}


def parts(train: Path, data: Path) -> tuple[list[Command], list[Command], bool]:
    """Return the training part, the judged part, and whether the judged files are others than those trained on.

    Raises:
        NotReady: A root holds no commands.
    """
    known, judged = list(commands(train)), list(commands(data, folders=("slurp_asr", "hwu64")))
    if not known or not judged:
        raise NotReady("understanding needs hwu64, slurp_text or slurp_asr below both roots; one holds none of them")
    seen = {one.sentence for one in known}
    held_out = float(np.mean([one.sentence in seen for one in judged])) < _SAME_FILES
    if not held_out:
        judged = [one for one in judged if draw(one.sentence) < (0.5 if one.corpus == "slurp_asr" else 0.1)]
    taken = {one.sentence for one in judged} | {one.marked for one in judged}
    return [one for one in known if one.sentence not in taken and one.marked not in taken], judged, held_out


def examples(lessons: Sequence[Command]) -> list[Example]:
    """Build examples: written sentences, each once, and what was heard of them, with the slots that survived."""
    written = {one.marked: Example(one.marked, one.intent, one.slots) for one in lessons if words(one.marked)}
    heard: dict[str, Example] = {}
    for one in lessons:
        for text in one.heard:
            if words(text) and text not in written:
                heard.setdefault(text, Example(text, one.intent, arrived(one, text), weight=_HEARD_WEIGHT))
    return [*written.values(), *heard.values()]


def arrived(command: Command, heard: str) -> tuple[tuple[str, int, int], ...]:
    """Return the slots of a command whose value was heard as it was said, where they stand in what was heard."""
    said, other = words(command.marked), words(heard)
    plain = [word.text for word in other]
    sources: list[int | None] = [None] * len(other)
    for at, there in align([word.text for word in said], plain):
        if there is not None:
            sources[there] = at
    slots = []
    for name, start, end in command.slots:
        inside = [at for at, word in enumerate(said) if word.start < end and word.end > start]
        if inside:
            slots.append((name, inside[0], inside[-1] + 1))
    kept = surviving_slots([word.text for word in said], slots, plain, sources)
    return tuple((name, other[first].start, other[last - 1].end) for name, first, last in kept)


def _trained(lessons: Sequence[Command], learnt: Sequence[Example], *, seed: int) -> tuple[IntentModel, str]:
    encoder = MiniLM.available()
    if available():
        vocabulary = Counter(word.text for one in lessons for word in words(one.marked))
        pairs = [
            ([word.text for word in words(one.marked)], [word.text for word in words(text)])
            for one in lessons
            for text in one.heard
        ]
        channel = Channel.learn(pairs, vocabulary=vocabulary) if pairs else None
        strong = Strong(channel=channel)
        return train(learnt, seed=seed, encoder=encoder, strong=strong, fillers=True), "strong"
    return train(learnt, seed=seed, encoder=encoder, fillers=True), "light" if encoder is None else "encoder"


def draw(sentence: str) -> float:
    """Return a number in [0, 1) that depends on the sentence alone."""
    return int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:6]) / 2**48


@dataclass(frozen=True, kw_only=True)
class JudgedCommands:
    """Commands with a model's results; one row per written sentence, one per recording."""

    commands: Sequence[Command]
    rows: NDArray[np.int64]
    """(r,) the command behind each recording."""
    written: dict[str, tuple[str, float, Counter[tuple[str, str]]]]
    """Text -> intent, confidence, slots."""

    @classmethod
    def of(cls, model: IntentModel, judged: Sequence[Command]) -> JudgedCommands:
        """Read everything that was written or heard, each text once."""
        texts = sorted({one.sentence for one in judged} | {text for one in judged for text in one.heard})
        read = {}
        for text in texts:
            best = model.read(text, top=1)
            read[text] = (
                (best[0].intent, best[0].confidence or 0.0, Counter(best[0].slots)) if best else ("", 0.0, Counter())
            )
        rows = [at for at, one in enumerate(judged) for _ in one.heard]
        return cls(commands=judged, rows=np.array(rows, dtype=np.int64), written=read)

    @cached_property
    def sentence(self) -> NDArray[np.float64]:
        """(sentences, 5): right, confidence, and the slots right, found, there, of each sentence as written."""
        return np.array([self._figures(one, one.sentence) for one in self.commands])

    @cached_property
    def recording(self) -> NDArray[np.float64]:
        """(recordings, 5): the same of each recording, as heard."""
        return np.array([self._figures(one, text) for one in self.commands for text in one.heard])

    def _figures(self, command: Command, text: str) -> tuple[float, ...]:
        intent, confidence, found = self.written[text]
        there = Counter(command.values)
        return (intent == command.intent, confidence, (found & there).total(), found.total(), there.total())


def _judge(name: str, strong: JudgedCommands, light: JudgedCommands, common: str, *, seed: int) -> dict[str, Any]:
    judged = strong.commands
    own = [str(at) for at in range(len(judged))]
    majority = np.array([one.intent == common for one in judged], dtype=np.float64)
    figures: dict[str, Any] = {f"{name}.sentences": len(judged)}
    if not len(strong.rows):
        figures |= bounded(f"{name}.intent", _accuracy(strong.sentence), own, seed=seed)
        figures |= {f"{name}.light_intent": light.sentence[:, 0].mean(), f"{name}.majority_intent": majority.mean()}
        figures |= bounded(f"{name}.slot_f1", _f1(strong.sentence), own, seed=seed)
        return figures | {
            f"{name}.light_slot_f1": _f1(light.sentence)(np.arange(len(judged))),
            f"{name}.calibration_error": calibration_error(
                strong.sentence[:, 0], strong.sentence[:, 1], equal_width=True
            ),
        }
    rows, users = strong.rows, [str(at) for at in strong.rows]
    figures[f"{name}.recordings"] = len(rows)
    every = np.arange(len(rows))
    for form, found, plain in (
        ("gold", strong.sentence[rows], light.sentence[rows]),
        ("asr", strong.recording, light.recording),
    ):
        figures |= bounded(f"{name}.intent_{form}", _accuracy(found), users, seed=seed)
        figures[f"{name}.light_intent_{form}"] = plain[:, 0].mean()
        figures |= bounded(f"{name}.slot_f1_{form}", _f1(found), users, seed=seed)
        figures[f"{name}.light_slot_f1_{form}"] = _f1(plain)(every)
        figures[f"{name}.calibration_error_{form}"] = calibration_error(found[:, 0], found[:, 1], equal_width=True)
    return figures | {
        f"{name}.majority_intent": majority[rows].mean(),
        f"{name}.intent_sentences": strong.sentence[:, 0].mean(),
        f"{name}.slot_f1_sentences": _f1(strong.sentence)(np.arange(len(judged))),
    }


def _accuracy(figures: NDArray[np.float64]) -> Any:
    return lambda at: float(figures[at, 0].mean())


def _f1(figures: NDArray[np.float64]) -> Any:
    def f1(at: NDArray[np.int64]) -> float:
        right, found, there = figures[at, 2:].sum(axis=0)
        return float(2 * right / max(found + there, 1.0))

    return f1
