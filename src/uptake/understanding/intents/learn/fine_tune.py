"""Fine-tune MiniLM to predict intent and slots jointly, on a CPU, in minutes.

The encoder starts from the shipped int8 weights, and is written back to the same format; word and position embeddings
stay fixed. During training, some sentences get recogniser noise (`uptake.understanding.intents.learn.asr_noise`) and
some tokens are masked. The result is the average of the weights over the second half of training.

Source: Chen et al. (arXiv:1902.10909), joint intent and slots; Izmailov et al. (arXiv:1803.05407), averaged weights.
Limit: training needs torch (`uptake[neural]`), serving does not; English; the same seed gives the same model only with
the same number of threads on the same kind of machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import MissingExtra
from uptake.ml.encoder.minilm import shipped_weights, wordpiece
from uptake.ml.encoder.onnx_weights import LAYERS, Weights
from uptake.understanding.intents.network import MAX_TOKENS, Network, first_tokens

__all__ = ["Options", "TrainingExample", "available", "tune"]

_HEADS = 12
_MASK_TOKEN, _FIRST_WORD_TOKEN = 103, 999
_WARM_UP = 0.1
_IGNORED = -100
_POOL = 32  # batches among which sentences of like length are put together

Floats = NDArray[np.float32]
Mishear = Callable[["TrainingExample", np.random.Generator], "TrainingExample | None"]


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """Sentence for training."""

    words: tuple[str, ...]
    intent: int
    """Number of the intent."""
    tags: tuple[int, ...]
    """Number of each word's tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of fine-tuning."""

    passes: int = 6
    batch: int = 32
    rate: float = 1.5e-4
    """Of the encoder, at its highest."""
    head_rate: float = 2e-3
    smoothing: float = 0.05
    """Share of the intent's probability that is spread over the others."""
    hidden: float = 0.04
    """Share of the tokens that are hidden."""
    slot_weight: float = 2.0
    dropout: float = 0.1
    decay: float = 0.995
    """Of the average of the weights."""
    misheard: float = 0.35
    """Share of the sentences that are misheard, where a channel is given."""
    threads: int | None = None
    """Threads to learn with [default: as torch decides]."""


def available() -> bool:
    """Tell whether everything that fine-tuning needs is installed."""
    try:
        _torch()
        shipped_weights()
        wordpiece()
    except MissingExtra:
        return False
    return True


def tune(
    lessons: Sequence[TrainingExample],
    *,
    tags: Sequence[str],
    mishear: Mishear | None = None,
    options: Options | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Network:
    """Fine-tune on lessons.

    Args:
        lessons: Sentences with the numbers of their intent and tags.
        tags: Names of the tags.
        mishear: Makes of a lesson what a recogniser might have heard; None where nothing is left of it.
        options: How.
        seed: Of everything that draws.
        progress: Is told how far it is.

    Raises:
        MissingExtra: torch, tokenizers or the weights are not installed.
    """
    chosen = options or Options()
    torch = _torch()
    if chosen.threads is not None:
        torch.set_num_threads(chosen.threads)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        learner = _Learner(torch, 1 + max(one.intent for one in lessons), tags, chosen, seed)
        learner.run(lessons, mishear, progress or (lambda _: None))
        return learner.network(tuple(tags))


class _Learner:
    """Network during training."""

    def __init__(self, torch: Any, labels: int, tags: Sequence[str], options: Options, seed: int) -> None:
        self.torch, self.options, self.tags = torch, options, tags
        self.generator = np.random.default_rng(seed)
        self.file = shipped_weights().read_bytes()
        stored = Weights(self.file)
        self.fixed = {name: torch.from_numpy(stored[name]) for name in ("words", "places", "kinds")}
        self.tuned = {
            name: torch.from_numpy(np.ascontiguousarray(stored[name])).requires_grad_()
            for name in stored.names()
            if name not in self.fixed
        }
        width = 2 * self.fixed["words"].shape[1]
        self.heads = {
            name: (torch.randn(width + 1, size) * 0.02).requires_grad_()
            for name, size in (("intents", labels), ("slots", len(tags)))
        }
        self.tokenizer = wordpiece(max_tokens=MAX_TOKENS, padded=False)
        self.average: list[Any] | None = None

    @property
    def parameters(self) -> list[Any]:
        return [*self.tuned.values(), *self.heads.values()]

    def run(self, lessons: Sequence[TrainingExample], mishear: Mishear | None, tell: Callable[[str], None]) -> None:
        torch, options = self.torch, self.options
        optimizer = torch.optim.AdamW(
            [
                {"params": list(self.tuned.values()), "lr": options.rate},
                {"params": list(self.heads.values()), "lr": options.head_rate},
            ],
            weight_decay=0.01,
            foreach=True,
        )
        plan = [batch for _ in range(options.passes) for batch in self._batches(lessons)]
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, len(plan)))
        for step, chosen in enumerate(plan):
            heard = [self._heard(lessons[at], mishear) for at in chosen]
            loss = self._loss(heard)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            optimizer.step()
            schedule.step()
            if step >= len(plan) // 2:
                self._remember()
            if step % 25 == 0:
                tell(f"fine-tuning, {step} of {len(plan)}")

    def network(self, tags: tuple[str, ...]) -> Network:
        """Return the average of the weights, as it is served."""
        kept = [one.detach().numpy() for one in (self.average or self.parameters)]
        fresh = dict(zip(self.tuned, kept, strict=False))
        intents, slots = kept[len(self.tuned) :]
        return Network(Weights(self.file).replaced(fresh), tags, intents.copy(), slots.copy())

    def _remember(self) -> None:
        now = [one.detach() for one in self.parameters]
        if self.average is None:
            self.average = [one.clone() for one in now]
        else:
            self.torch._foreach_lerp_(self.average, now, 1.0 - self.options.decay)

    def _heard(self, lesson: TrainingExample, mishear: Mishear | None) -> TrainingExample:
        if mishear is None or self.generator.random() >= self.options.misheard:
            return lesson
        return mishear(lesson, self.generator) or lesson

    def _batches(self, lessons: Sequence[TrainingExample]) -> list[list[int]]:
        """Return batches of sentences of like length, in random order."""
        order, size = self.generator.permutation(len(lessons)).tolist(), self.options.batch
        batches = []
        for start in range(0, len(order), size * _POOL):
            pool = sorted(order[start : start + size * _POOL], key=lambda at: len(lessons[at].words))
            batches += [pool[at : at + size] for at in range(0, len(pool), size)]
        return [batches[at] for at in self.generator.permutation(len(batches))]

    def _loss(self, lessons: Sequence[TrainingExample]) -> Any:
        torch, options = self.torch, self.options
        encoded = self.tokenizer.encode_batch([list(one.words) for one in lessons], is_pretokenized=True)
        tokens, longest = max(len(one.ids) for one in encoded), max(len(one.words) for one in lessons)
        ids = np.zeros((len(lessons), tokens), dtype=np.int64)
        mask = np.zeros((len(lessons), tokens), dtype=bool)
        first = np.zeros((len(lessons), longest), dtype=np.int64)
        truth = np.full((len(lessons), longest), _IGNORED, dtype=np.int64)
        for at, (lesson, one) in enumerate(zip(lessons, encoded, strict=True)):
            ids[at, : len(one.ids)], mask[at, : len(one.ids)] = one.ids, True
            first[at, : len(lesson.words)] = first_tokens(one.word_ids, len(lesson.words))
            truth[at, : len(lesson.words)] = lesson.tags
        ids[(self.generator.random(ids.shape) < options.hidden) & (ids > _FIRST_WORD_TOKEN)] = _MASK_TOKEN
        intents, slots = self._scores(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(first))
        right = torch.tensor([lesson.intent for lesson in lessons])
        cross_entropy = torch.nn.functional.cross_entropy
        intent_loss = cross_entropy(intents, right, label_smoothing=options.smoothing)
        slot_loss = cross_entropy(
            slots.reshape(-1, len(self.tags)), torch.from_numpy(truth).reshape(-1), ignore_index=_IGNORED
        )
        return intent_loss + options.slot_weight * slot_loss

    def _scores(self, ids: Any, mask: Any, first: Any) -> tuple[Any, Any]:
        torch = self.torch
        states = self._encode(ids, mask)
        shares = mask[..., None].float()
        mean = (states * shares).sum(1) / shares.sum(1)
        whole = torch.cat([states[:, 0], mean], 1)
        own = states.gather(1, first[..., None].expand(-1, -1, states.shape[2]))
        each = torch.cat([own, mean[:, None].expand(-1, own.shape[1], -1)], 2)
        drop = torch.nn.functional.dropout
        return (
            drop(whole, 2 * self.options.dropout) @ self.heads["intents"][:-1] + self.heads["intents"][-1],
            drop(each, 2 * self.options.dropout) @ self.heads["slots"][:-1] + self.heads["slots"][-1],
        )

    def _encode(self, ids: Any, mask: Any) -> Any:
        """Run BERT: (n, tokens, dim) states of the last layer."""
        nn, drop = self.torch.nn.functional, self.options.dropout
        fixed = self.fixed
        states = fixed["words"][ids] + fixed["places"][: ids.shape[1]] + fixed["kinds"][0]
        states = nn.dropout(self._norm(states, "norm"), drop)
        seen = mask[:, None, None, :]
        for layer in range(LAYERS):
            shape = (*states.shape[:2], _HEADS, -1)
            query, key, value = (
                self._linear(states, f"{layer}.{part}").view(shape).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            mixed = nn.scaled_dot_product_attention(query, key, value, attn_mask=seen, dropout_p=drop)
            mixed = mixed.transpose(1, 2).reshape(states.shape)
            states = self._norm(states + nn.dropout(self._linear(mixed, f"{layer}.out"), drop), f"{layer}.out_norm")
            wide = nn.gelu(self._linear(states, f"{layer}.up"))
            states = self._norm(states + nn.dropout(self._linear(wide, f"{layer}.down"), drop), f"{layer}.down_norm")
        return states

    def _linear(self, states: Any, name: str) -> Any:
        return states @ self.tuned[name] + self.tuned[f"{name}.bias"]

    def _norm(self, states: Any, name: str) -> Any:
        weight, bias = self.tuned[f"{name}.weight"], self.tuned[f"{name}.bias"]
        return self.torch.nn.functional.layer_norm(states, (states.shape[-1],), weight, bias, 1e-12)


def _rate(step: int, steps: int) -> float:
    """Return the learning rate's factor: it rises to 1 in the first tenth and falls to 0 at the end."""
    return min((step + 1) / max(steps * _WARM_UP, 1.0), (steps - step) / max(steps * (1.0 - _WARM_UP), 1.0))


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        raise MissingExtra("fine-tuning needs torch; pip install 'uptake[neural]'") from error
