"""Serve a sentence encoder fine-tuned for intent and slots: ONNX in int8 and two small matrices.

One pass gives a state per token. The first state and the mean predict the intent; each word's first token and the mean
predict its slot tag. Nothing here needs a training framework.

Source: Chen et al., "BERT for Joint Intent Classification and Slot Filling" (arXiv:1902.10909).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.ml.encoder.minilm import session, wordpiece

__all__ = ["MAX_TOKENS", "Network", "first_tokens"]

MAX_TOKENS = 96
"""Tokens beyond this are not read."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Fine-tuned encoder with its two heads."""

    model: bytes
    """The encoder, an ONNX file."""
    tags: tuple[str, ...]
    """Slot tags, in the order of `slots`."""
    intents: Floats
    """(2 * dim + 1, labels) weights; the last row is the bias."""
    slots: Floats
    """(2 * dim + 1, tags) weights; the last row is the bias."""
    _open: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the encoder."""
        return hashlib.sha256(self.model).hexdigest()

    def read(self, words: Sequence[str]) -> tuple[Floats, Floats]:
        """Return logarithms of the probabilities: (labels,) of the intents, (words, tags) of each word's tag."""
        if not self._open:
            self._open.update(tokenizer=wordpiece(max_tokens=MAX_TOKENS, padded=False), session=session(self.model))
        encoded = self._open["tokenizer"].encode_batch([list(words)], is_pretokenized=True)[0]
        ids = np.array([encoded.ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._open["session"].run(None, given)[0][0]
        mean = states.mean(axis=0)
        intents = np.concatenate([states[0], mean]) @ self.intents[:-1] + self.intents[-1]
        own = states[first_tokens(encoded.word_ids, len(words))]
        width = states.shape[1]
        slots = own @ self.slots[:width] + mean @ self.slots[width:-1] + self.slots[-1]
        return _log_softmax(intents), _log_softmax(slots)


def first_tokens(word_ids: Sequence[int | None], words: int) -> list[int]:
    """Return the first token of each word; 0, the token of the whole sentence, for a word without any."""
    found = [0] * words
    for token in range(len(word_ids) - 1, -1, -1):
        word = word_ids[token]
        if word is not None:
            found[word] = token
    return found


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return found
