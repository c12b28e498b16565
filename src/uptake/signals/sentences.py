"""Which sentence vectors a reader was trained with, and vectors for where no model of sentences is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused
from uptake.text.encode import MiniLM
from uptake.text.ngram import letter_grams, word_grams

__all__ = ["Encoder", "HashedVectors", "default_encoder", "encoder_named"]

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors."""

    @property
    def name(self) -> str:
        """Equal names, equal vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, dim) float32 vectors."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class HashedVectors:
    """Sentence vectors without a model: signed hashed n-grams of words and letters, unit length.

    Limit: knows no synonyms.
    """

    dim: int = 256

    @property
    def name(self) -> str:
        """Equal names, equal vectors."""
        return f"hashed-{self.dim}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, dim) float32 vectors."""
        found = np.zeros((len(texts), self.dim), dtype=np.float32)
        for at, text in enumerate(texts):
            words = text.split()
            for gram in (*word_grams(words), *letter_grams(words)):
                found[at, gram % self.dim] += 1.0 if gram >> 16 & 1 else -1.0
        norms: Floats = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(norms, 1e-9), dtype=np.float32)


def encoder_named(name: str) -> Encoder:
    """The encoder a network was trained with.

    Raises:
        MissingExtra: It is MiniLM, and that is not installed.
        ArtifactRefused: Nobody has that name, or the installed weights are others.
    """
    if name.startswith("hashed-"):
        return HashedVectors(int(name.removeprefix("hashed-")))
    found = MiniLM()
    if found.name != name:
        raise ArtifactRefused(f"the reader was trained with sentence vectors {name}, installed are {found.name}")
    return found


def default_encoder() -> Encoder:
    """MiniLM where it is installed, else hashed n-grams."""
    return MiniLM.available() or HashedVectors()
