"""Score each gist (an act without its value) from the words of a turn, with linear models.

The words are those of the whole n-best list, each alternative weighted by its mass, with values replaced by the name of
their slot; the assistant's previous action is one more word. Served with numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.rewriting.repair.turn import Act, TurnView
from uptake.rewriting.repair.values import Values

__all__ = ["ActScores", "grams"]

Floats = NDArray[np.float32]
_LONGEST = 3


def grams(texts: Sequence[tuple[str, float]], prompt: Sequence[Act], values: Values) -> dict[int, float]:
    """Return hashes (64 bits) of runs of one to three words, with their mass; the best text's once more, apart."""
    found: dict[str, float] = {}
    for text, mass in texts:
        for gram in _runs(values.find(text)[1]):
            found[gram] = found.get(gram, 0.0) + mass
    top = values.find(texts[0][0])[1]
    found.update((f"T {gram}", 1.0) for gram in _runs(top))
    for act, slot, value in prompt:
        found[f"S {act}:{value}" if slot == "slot" else f"S {act}"] = 1.0
    found["length"] = min(len(top.split()), 8) / 4
    return {xxhash.xxh64_intdigest(gram.encode()): mass for gram, mass in found.items()}


def _runs(text: str) -> list[str]:
    words = ["<", *text.split(), ">"]
    return list(
        dict.fromkeys(
            " ".join(words[at : at + size]) for size in range(1, _LONGEST + 1) for at in range(len(words) - size + 1)
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class ActScores:
    """Linear scores of gists over word n-grams."""

    names: tuple[str, ...]
    """The gists."""
    hashes: NDArray[np.uint64]
    """(f,) runs of words, ascending."""
    weights: Floats
    """(f, gists)."""
    bias: Floats
    """(gists,)."""

    def chances(self, heard: TurnView, values: Values) -> dict[str, float]:
        """Return the probability of each gist."""
        return dict(zip(self.names, self._chances(grams(heard.texts, heard.prompt, values)), strict=True))

    def _chances(self, found: Mapping[int, float]) -> list[float]:
        if not self.names:
            return []
        wanted = np.fromiter(found, dtype=np.uint64, count=len(found))
        masses = np.fromiter(found.values(), dtype=np.float32, count=len(found))
        scores = self.bias
        if len(self.hashes):
            at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
            known = self.hashes[at] == wanted
            scores = masses[known] @ self.weights[at[known]] + self.bias
        chances: list[float] = (1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))).tolist()
        return chances
