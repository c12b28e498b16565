"""The neural reader as it is served: an ONNX file with int8 weights. Nothing here needs a training framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.signals.light_reader import CLASSES, REACH, spans
from uptake.signals.neural_inputs import Columns, Inputs, batch, inputs, windows
from uptake.signals.stage import StageRows
from uptake.signals.views import View
from uptake.text.encode import session
from uptake.text.encoders import Encoder

__all__ = ["HEADS_OF_ATTENTION", "LAYERS", "OUTPUTS", "WIDTH", "NeuralReader", "answers", "logits"]

WIDTH, LAYERS, HEADS_OF_ATTENTION = 128, 2, 4
OUTPUTS = {"defect": 1, "failure": CLASSES, "boundary": 1, "success": 1, "rephrase": REACH}
"""Head -> how many logits it has."""
_BATCH = 32


@dataclass(frozen=True, kw_only=True, eq=False)
class NeuralReader:
    """A dialogue network with all its heads.

    Args:
        model: The ONNX file.
        turn: How numeric fields of turns are written.
        pair: How those of pairs are.
        encoder: The sentence encoder it was trained with.
        heads: What it was trained to answer.
    """

    model: bytes
    turn: Columns
    pair: Columns
    encoder: Encoder
    heads: tuple[str, ...]

    @cached_property
    def _session(self) -> Any:
        return session(self.model)

    def read(self, seen: Sequence[View], rows: StageRows, *, online: bool = False) -> dict[str, NDArray[np.float64]]:
        """Head -> probabilities of all turns, shaped as in `Reading`."""
        if not seen:
            return {}
        return self.answer(inputs(seen, rows, self.encoder, self.turn, self.pair), online=online)

    def answer(self, given: Inputs, *, online: bool = False) -> dict[str, NDArray[np.float64]]:
        """Head -> probabilities of turns that are written down already."""

        def run(batched: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
            names = [one.name for one in self._session.get_outputs()]
            return dict(zip(names, self._session.run(None, batched), strict=True))

        return answers(logits(given, run, online=online), self.heads, online=online)


def logits(
    given: Inputs, run: Callable[[dict[str, NDArray[Any]]], Mapping[str, NDArray[Any]]], *, online: bool
) -> dict[str, NDArray[np.float64]]:
    """Run a network over all windows; "heads" (n, 9) and "again" (n, REACH)."""
    count = len(given.sessions)
    heads = np.zeros((count, sum(size for name, size in OUTPUTS.items() if name != "rephrase")))
    again = np.zeros((count, REACH))
    chosen = sorted(windows(given), key=lambda window: window.last - window.first)
    for at in range(0, len(chosen), _BATCH):
        some = chosen[at : at + _BATCH]
        found = run(batch(given, some, online=online))
        for number, window in enumerate(some):
            kept = slice(window.keep_first - window.first, window.keep_last - window.first)
            rows = slice(window.keep_first, window.keep_last)
            heads[rows] = found["heads"][number, kept]
            for distance in range(REACH):
                again[rows, distance] = found[f"again:{distance + 1}"][number, kept, 0]
    for distance in range(REACH):
        ends = np.append(given.sessions[distance + 1 :] != given.sessions[: -distance - 1], [True] * (distance + 1))
        again[ends[:count], distance] = -np.inf
    return {"heads": heads, "again": again}


def answers(
    found: Mapping[str, NDArray[np.float64]], heads: Sequence[str], *, online: bool
) -> dict[str, NDArray[np.float64]]:
    """Logits as probabilities."""
    told: dict[str, NDArray[np.float64]] = {}
    at = 0
    for head, size in OUTPUTS.items():
        if head == "rephrase":
            values = found["again"]
        else:
            values, at = found["heads"][:, at : at + size], at + size
        if head not in heads or (online and head not in ("defect", "failure")):
            continue
        if head == "failure":
            powers = np.exp(values - values.max(axis=1, keepdims=True))
            told[head] = powers / powers.sum(axis=1, keepdims=True)
        else:
            chances = 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))
            told[head] = spans(np.where(np.isfinite(values), chances, 0.0)) if head == "rephrase" else chances[:, 0]
    return told
