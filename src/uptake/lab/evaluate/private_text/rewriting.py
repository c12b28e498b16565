"""Rewrite texts by an autoencoder whose latent is clipped and noised; evaluated here and not shipped.

An encoder maps a text to n numbers, which are scaled into the L1 ball of radius C; each gets Laplace noise; a decoder
generates a text from them. Any two latents are at most D = 2C apart in L1, so noise of scale 2C / epsilon makes the
whole text epsilon-differentially private, for any weights, provided that they were learned from other, public texts, as
here.

Source: Krishna, Gupta, Dupuy, "ADePT: Auto-encoder based Differentially Private Text Transformation" (EACL 2021).
Differs: they clip in L2 and take 2C for the sensitivity, but two points of an L2 ball lie up to 2C sqrt(n) apart in L1,
so what they call epsilon is epsilon sqrt(n) (Habernal, EMNLP 2021). Clipping in L1 makes 2C right. The noise is
OpenDP's, which is safe against floating-point attacks and checks the bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from uptake.errors import BadConfig
from uptake.privacy.budget import opendp

__all__ = ["RADIUS", "Autoencoder", "clipped", "noised", "sensitivity", "train"]

RADIUS = 1.0
"""L1 radius that latents are clipped to."""
_LATENT, _HIDDEN, _EMBEDDED = 16, 128, 48
_WORDS, _LONGEST = 2_000, 14
_EPOCHS, _BATCH = 15, 64
_HIDES = 0.4  # share of words that the decoder does not see of its own text, so that it reads the latent
_PAD, _BEGIN, _END, _UNKNOWN = range(4)
_ROUNDING = 1e-9

Floats = NDArray[np.float64]


def clipped(latent: Floats, radius: float = RADIUS) -> Floats:
    """Scale (n, dims) latents into the L1 ball of a radius."""
    sizes = np.abs(latent).sum(axis=1, keepdims=True)
    found: Floats = latent * np.minimum(1.0, radius / np.maximum(sizes, 1e-300))
    return found


def sensitivity(radius: float = RADIUS) -> float:
    """Return the largest L1 distance of two clipped latents."""
    return 2.0 * radius * (1.0 + _ROUNDING)


def noised(latent: Floats, epsilon: float, radius: float = RADIUS) -> Floats:
    """Clip (n, dims) latents, and add noise that makes each row epsilon-differentially private.

    Raises:
        BadConfig: Epsilon is not above 0, or no noise was found that keeps it.
    """
    if not 0.0 < epsilon < np.inf:
        raise BadConfig(f"epsilon must be above 0 and finite, got {epsilon}")
    dp = opendp()
    space = (dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float))
    mechanism = dp.m.make_laplace(*space, scale=sensitivity(radius) / epsilon * (1.0 + _ROUNDING))
    if mechanism.map(sensitivity(radius)) > epsilon:
        raise BadConfig("no noise was found that keeps this epsilon; take another")
    return np.array([mechanism(row) for row in clipped(latent, radius).tolist()])


class Autoencoder:
    """Model that maps texts to latents and latents to texts."""

    def __init__(self, words: Sequence[str], network: _Network) -> None:
        self._words = ["", "", "", "", *words]
        self._at = {word: at for at, word in enumerate(self._words) if word}
        self._network = network

    def rows(self, texts: Sequence[str]) -> Tensor:
        """(n, longest) numbers of words, ended and padded."""
        found = torch.full((len(texts), _LONGEST + 1), _PAD)
        for row, text in enumerate(texts):
            numbers = [self._at.get(word, _UNKNOWN) for word in text.split()][:_LONGEST]
            found[row, : len(numbers) + 1] = torch.tensor([*numbers, _END])
        return found

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return (n, dims) latents, clipped."""
        with torch.no_grad():
            return clipped(self._network.encode(self.rows(texts)).double().numpy())

    def noised(self, latent: Floats, epsilon: float) -> Floats:
        """Add the noise of a whole text's epsilon."""
        return noised(latent, epsilon)

    def decode(self, latent: Floats) -> list[str]:
        """Write the likeliest text, word by word, from each latent; unknown words are left out."""
        with torch.no_grad():
            numbers = self._network.write(torch.from_numpy(latent).float())
        texts = []
        for row in numbers.tolist():
            ended = row.index(_END) if _END in row else len(row)
            texts.append(" ".join(self._words[number] for number in row[:ended] if number > _UNKNOWN))
        return texts


class _Network(nn.Module):
    def __init__(self, words: int) -> None:
        super().__init__()
        self.embedded = nn.Embedding(words, _EMBEDDED, padding_idx=_PAD)
        self.reader = nn.GRU(_EMBEDDED, _HIDDEN, batch_first=True, bidirectional=True)
        self.latent = nn.Linear(2 * _HIDDEN, _LATENT)
        self.begin = nn.Linear(_LATENT, _HIDDEN)
        self.writer = nn.GRU(_EMBEDDED + _LATENT, _HIDDEN, batch_first=True)
        self.out = nn.Linear(_HIDDEN, words)

    def encode(self, rows: Tensor) -> Tensor:
        """(n, dims) latents within the L1 ball."""
        states, _ = self.reader(self.embedded(rows))
        states = states.masked_fill((rows == _PAD)[:, :, None], -torch.inf)
        latent: Tensor = self.latent(states.max(dim=1).values)
        return latent * (RADIUS / latent.abs().sum(1, keepdim=True).clamp_min(1e-12)).clamp_max(1.0)

    def forward(self, rows: Tensor) -> Tensor:
        """(n, length, words) scores of each next word of the rows themselves."""
        latent = self.encode(rows) * _LATENT
        before = torch.cat([torch.full_like(rows[:, :1], _BEGIN), rows[:, :-1]], dim=1)
        before = before.masked_fill(torch.rand(before.shape) < _HIDES, _UNKNOWN)
        around = latent[:, None, :].expand(-1, rows.shape[1], -1)
        states, _ = self.writer(torch.cat([self.embedded(before), around], dim=2), self._first(latent))
        scores: Tensor = self.out(states)
        return scores

    def write(self, latent: Tensor) -> Tensor:
        """(n, longest) words, each the likeliest after those before."""
        latent = latent * _LATENT
        state, last = self._first(latent), torch.full((len(latent), 1), _BEGIN)
        found = []
        for _ in range(_LONGEST):
            step, state = self.writer(torch.cat([self.embedded(last), latent[:, None, :]], dim=2), state)
            last = self.out(step).argmax(dim=2)
            found.append(last)
        return torch.cat(found, dim=1)

    def _first(self, latent: Tensor) -> Tensor:
        return torch.tanh(self.begin(latent))[None]


def train(texts: Sequence[str], *, seed: int = 0, tell: Callable[[str], None] | None = None) -> Autoencoder:
    """Train an autoencoder on public texts; equal seeds, equal weights on one machine."""
    often = Counter(word for text in texts for word in text.split())
    words = [word for word, times in sorted(often.items(), key=lambda one: (-one[1], one[0]))[:_WORDS] if times > 1]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = _Network(len(words) + 4)
        model = Autoencoder(words, network)
        rows = model.rows(texts)
        optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
        loss: Any = nn.CrossEntropyLoss(ignore_index=_PAD)
        for epoch in range(_EPOCHS):
            if tell is not None:
                tell(f"autoencoder: epoch {epoch + 1} of {_EPOCHS}")
            for batch in torch.split(torch.randperm(len(rows)), _BATCH):
                cost = loss(network(rows[batch]).flatten(0, 1), rows[batch].flatten())
                optimizer.zero_grad(set_to_none=True)
                cost.backward()
                optimizer.step()
    network.eval()
    return model
