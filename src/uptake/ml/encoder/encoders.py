"""Sentence encoders by name, from the one that needs nothing to the one that knows most.

`hashed` sums signed hashes of words and character trigrams: no model, no download, microseconds; what it calls near is
near in spelling. `minilm` is `uptake.ml.encoder.minilm.MiniLM`, which knows what words mean. A name that is kept beside
vectors names the weights too, so that vectors of one encoder are never compared with those of another.

Source: feature hashing, Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (ICML 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused, BadConfig, NotReady
from uptake.ml.encoder.minilm import MiniLM

__all__ = ["ENCODERS", "Encoder", "HashedEncoder", "encoder_called", "encoder_of"]

ENCODERS = ("hashed", "minilm")
"""Encoders that may be asked for."""

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of unit length. Law: equal names, equal vectors."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return (n, dim) float32."""
        ...


class HashedEncoder:
    """Vectors of signed hashes: each word and each character trigram adds to one number of them.

    >>> one, other = HashedEncoder().encode(["play some jazz", "play jazz"])
    >>> bool(one @ other > 0.7)
    True
    """

    def __init__(self, *, dims: int = 256) -> None:
        self.name = f"hashed-{dims}"
        self._dims = dims

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return (n, dims) float32 vectors of unit length; zeros for a text without letters."""
        found = np.zeros((len(texts), self._dims), dtype=np.float32)
        for row, text in enumerate(texts):
            hashes = np.array([key for word in text.split() for key in _features(word)], dtype=np.uint64)
            signs = np.where(hashes >> np.uint64(63), np.float32(1), np.float32(-1))
            np.add.at(found[row], (hashes % np.uint64(self._dims)).astype(np.int64), signs)
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found


def encoder_called(kind: str) -> Encoder:
    """Return the encoder of a kind in `ENCODERS`.

    Raises:
        BadConfig: There is no such kind.
        MissingExtra: What it needs is not installed.
    """
    if kind not in ENCODERS:
        raise BadConfig(f"encoder must be one of {', '.join(ENCODERS)}, got {kind!r}")
    return HashedEncoder() if kind == "hashed" else MiniLM()


def encoder_of(name: str) -> Encoder:
    """Return the encoder that made vectors, by the name kept beside them.

    Raises:
        ArtifactRefused: It is not here, or is here in another version.
        MissingExtra: What it needs is not installed.
    """
    kind = name.partition("-")[0]
    try:
        found = encoder_called(kind)
    except (BadConfig, NotReady) as error:
        raise ArtifactRefused("vectors of an encoder that is not here; make them again with `uptake learn`") from error
    if found.name != name:
        raise ArtifactRefused(f"vectors of {name}, but {found.name} is installed; make them again with `uptake learn`")
    return found


@lru_cache(maxsize=4_096)
def _features(word: str) -> tuple[int, ...]:
    padded = f"^{word}$"
    parts = [word, *(padded[at : at + 3] for at in range(len(padded) - 2))]
    return tuple(xxhash.xxh3_64_intdigest(part.encode("utf-8", "replace")) for part in parts)
