"""Train the dialogue network: contrastive pretraining on dialogues alone, then all heads at once.

Pretraining needs no labels: in some dialogues a request or a response is exchanged for one of another dialogue, and
the network must tell which. Then every head learns at once, half of the time without sight of later turns, so that one
network serves online and offline. Some fields are hidden at random, as they are in logs that never had them. What is
kept is the average of the weights over the second half of the training.

Source: contrastive pretraining by exchanged partners, Kachuee et al. (arXiv:2010.11230); averaged weights, Izmailov et
al. (arXiv:1803.05407).
Limit: the same seed gives the same network only with the same number of threads on the same kind of machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import MissingExtra
from uptake.learn.reader.architecture import outputs, weights
from uptake.learn.reader.examples import UNKNOWN
from uptake.learn.reader.graph import onnx_file
from uptake.signals.light_reader import REACH
from uptake.signals.neural_inputs import CATEGORY_FIELDS, Inputs, Shape, Window, batch, windows
from uptake.signals.neural_reader import HEADS_OF_ATTENTION, OUTPUTS, WIDTH, logits

__all__ = ["Lesson", "Network", "Options", "available", "exported", "fit"]

_WARM_UP = 0.1
_WITHHELD = ("response", "turn", "before", "pair:1", "pair:2", "pair:3", "prompt")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to train."""

    passes: int = 16
    pretraining: int = 4
    """Passes of contrastive pretraining."""
    batch: int = 24
    """Dialogues, or windows of long ones."""
    rate: float = 8e-4
    """At its highest."""
    decay: float = 0.1
    dropout: float = 0.3
    withheld: float = 0.05
    """Chance that a kind of field is hidden for a batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is known of n turns."""

    truth: Mapping[str, NDArray[np.int64]]
    """Head -> (n,) answers, as in `Examples.truth`."""
    weights: NDArray[np.float64]
    """(n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A trained network."""

    weights: Mapping[str, Floats]
    shape: Shape

    def logits(self, given: Inputs, *, online: bool = False) -> dict[str, NDArray[np.float64]]:
        """What it answers, computed with torch in float32."""
        torch = _torch()
        held = {name: torch.from_numpy(values) for name, values in self.weights.items()}
        ops = _TorchOps(torch, 0.0)

        def run(batched: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
            with torch.no_grad():
                found = outputs(ops, held, {name: torch.from_numpy(values) for name, values in batched.items()})
            return {name: values.numpy() for name, values in found.items()}

        return logits(given, run, online=online)


def available() -> bool:
    """Whether torch is installed."""
    try:
        _torch()
    except MissingExtra:
        return False
    return True


def exported(network: Network, *, exact: int = 0) -> bytes:
    """The network as an ONNX file with int8 weights; the small matrices before the answers stay floats.

    Args:
        network: What was trained.
        exact: 1 keeps the matrices that read numeric fields as floats as well, 2 those of the transformer: larger
            files, less rounding.
    """
    shape = network.shape
    sizes = dict.fromkeys(("request", "prompt", "response"), shape.dim)
    sizes |= {"turn": 2 * shape.turn, "before": 2 * shape.pair}
    sizes |= {f"pair:{distance}": 2 * shape.pair for distance in range(1, REACH + 1)}
    given: dict[str, tuple[str, tuple[int | str, ...]]] = {
        name: ("float", ("n", "t", size)) for name, size in sizes.items()
    }
    given |= {f"category:{number}": ("int64", ("n", "t")) for number in range(len(CATEGORY_FIELDS))}
    given |= {"mask": ("float", ("n", 1, "t", "t")), "distance": ("int64", ("t", "t"))}
    given |= {f"shift:{distance}": ("float", ("t", "t")) for distance in range(1, REACH + 1)}
    kept = {"heads", "pair.out", "pair.left", "pair.right", "distances"}
    if exact:
        kept |= {"turn", "before", "after", "pair", "categories"}
    if exact > 1:
        kept |= {name for name in network.weights if name[0].isdigit()}
    return onnx_file(outputs, network.weights, given, exact=kept)


def fit(
    given: Inputs,
    lesson: Lesson,
    *,
    pretrain: Inputs | None = None,
    options: Options | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Network:
    """Pretrain on `pretrain` (or on the lesson's own dialogues), then learn the lesson.

    Raises:
        MissingExtra: torch is not installed.
    """
    training = _Training(given, options or Options(), seed)
    if training.options.pretraining:
        tell("neural: pretraining")
        training.pretrain(pretrain or given)
    tell("neural: training")
    return training.teach(given, lesson)


class _Training:
    def __init__(self, given: Inputs, options: Options, seed: int) -> None:
        self.torch, self.options = _torch(), options
        self.random = np.random.default_rng(seed)
        turns = given.turns
        self.shape = Shape(turns["request"].shape[1], turns["turn"].shape[1] // 2, turns["before"].shape[1] // 2)
        self.held = {name: self._start(name, size) for name, size in weights(self.shape).items()}
        self.told = self._start("told", (WIDTH, 2))
        self.ops = _TorchOps(self.torch, options.dropout, seed)

    def _start(self, name: str, size: tuple[int, ...]) -> Any:
        if name.endswith("scale"):
            values = np.ones(size)
        elif len(size) == 1 or name == "distances":
            values = np.zeros(size)
        else:
            values = self.random.normal(0.0, 0.02 if name == "categories" else size[0] ** -0.5 * 0.5, size)
        return self.torch.from_numpy(values.astype(np.float32)).requires_grad_()

    def pretrain(self, given: Inputs) -> None:
        """Tell which requests and responses come from another dialogue."""
        held = {**self.held, "heads": self.told, "heads.bias": self.torch.zeros(2)}
        parts = list(windows(given))
        steps = self.options.pretraining * -(-len(parts) // self.options.batch)
        optimiser = self._optimiser([*self.held.values(), self.told])
        for step, some in enumerate(self._batches(parts, self.options.pretraining)):
            batched, swapped = self._exchanged(given, some)
            found = outputs(self.ops, held, self._tensors(batched))["heads"]
            there = self.torch.from_numpy(batched["mask"][:, 0, 0, :] == 0)
            loss = self.torch.nn.functional.binary_cross_entropy_with_logits(
                found[there], self.torch.from_numpy(swapped)[there]
            )
            self._step(optimiser, loss, _rate(step, steps))

    def _exchanged(self, given: Inputs, some: Sequence[Window]) -> tuple[dict[str, NDArray[Any]], Floats]:
        """A batch in which some requests and responses are strangers', and (n, t, 2) which."""
        batched = batch(given, some, online=False)
        for name in ("before", "pair:1", "pair:2", "pair:3"):
            batched[name] = np.zeros_like(batched[name])
            batched[name][..., batched[name].shape[2] // 2 :] = 1.0
        there = batched["mask"][:, 0, 0, :] == 0
        swapped = (self.random.random((*there.shape, 2)) < 0.2) & there[..., None]
        strangers = self.random.integers(0, len(given.sessions), there.shape)
        for name in ("request", "turn", "category:2", "category:1"):
            batched[name] = np.where(_wide(swapped[..., 0], batched[name]), given.turns[name][strangers], batched[name])
        others = given.turns["response"][self.random.integers(0, len(given.sessions), there.shape)]
        batched["response"] = np.where(swapped[..., 1:], others, batched["response"])
        # The prompt of a turn is the response before it: both tell of the same exchange.
        batched["prompt"][:, 1:] = np.where(swapped[:, :-1, 1:], others[:, :-1], batched["prompt"][:, 1:])
        return batched, swapped.astype(np.float32)

    def teach(self, given: Inputs, lesson: Lesson) -> Network:
        """Learn all heads at once."""
        parts = list(windows(given))
        steps = self.options.passes * -(-len(parts) // self.options.batch)
        optimiser = self._optimiser(list(self.held.values()))
        mean = {name: self.torch.zeros_like(values) for name, values in self.held.items()}
        kept = 0
        for step, some in enumerate(self._batches(parts, self.options.passes)):
            online = bool(self.random.random() < 0.4)
            batched = batch(given, some, online=online)
            self._withhold(batched)
            found = outputs(self.ops, self.held, self._tensors(batched))
            self._step(optimiser, self._loss(found, some, lesson, online=online), _rate(step, steps))
            if step >= steps // 2:
                kept += 1
                for name, values in self.held.items():
                    mean[name] += (values.detach() - mean[name]) / kept
        return Network({name: values.numpy().copy() for name, values in mean.items()}, self.shape)

    def _withhold(self, batched: dict[str, NDArray[Any]]) -> None:
        """Hide some kinds of fields, as a log hides them that never had them."""
        for name in _WITHHELD:
            if self.random.random() < self.options.withheld:
                batched[name] = np.zeros_like(batched[name])
                if name not in ("response", "prompt"):
                    batched[name][..., batched[name].shape[2] // 2 :] = 1.0

    def _loss(self, found: Mapping[str, Any], some: Sequence[Window], lesson: Lesson, *, online: bool) -> Any:
        torch = self.torch
        length = found["heads"].shape[1]
        counts = torch.from_numpy(_padded(lesson.weights.astype(np.float32), some, length, 0.0))
        binary = torch.nn.functional.binary_cross_entropy_with_logits
        total, at = torch.zeros(()), 0
        for head, size in OUTPUTS.items():
            part, at = found["heads"][..., at : at + size], at + size  # empty for rephrase, which comes last
            if head not in lesson.truth or (online and head not in ("defect", "failure")):
                continue
            answers = torch.from_numpy(_padded(lesson.truth[head], some, length, UNKNOWN))
            known = answers != UNKNOWN
            if not bool(known.any()):
                continue
            if head == "rephrase":
                for distance in range(1, REACH + 1):
                    judged = known & ((answers == 0) | (answers >= distance)) & self._inside(some, length, distance)
                    if bool(judged.any()):
                        right = (answers[judged] == distance).float()
                        total = total + binary(found[f"again:{distance}"][judged][:, 0], right, counts[judged])
            elif head == "failure":
                each = torch.nn.functional.cross_entropy(part[known], answers[known], reduction="none")
                total = total + (each * counts[known]).mean()
            else:
                total = total + binary(part[known][:, 0], answers[known].float(), counts[known])
        return total

    def _inside(self, some: Sequence[Window], length: int, distance: int) -> Any:
        there = np.arange(length)[None, :] + distance < np.array([one.last - one.first for one in some])[:, None]
        return self.torch.from_numpy(there)

    def _batches(self, parts: Sequence[Window], passes: int) -> Any:
        for _ in range(passes):
            order = self.random.permutation(len(parts))
            # Among some batches' worth of dialogues, those of like length go together: less padding.
            pool = 8 * self.options.batch
            for start in range(0, len(order), pool):
                near = sorted(order[start : start + pool], key=lambda at: parts[at].last - parts[at].first)
                for first in range(0, len(near), self.options.batch):
                    yield [parts[at] for at in near[first : first + self.options.batch]]

    def _tensors(self, batched: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        return {name: self.torch.from_numpy(np.ascontiguousarray(values)) for name, values in batched.items()}

    def _optimiser(self, parameters: list[Any]) -> Any:
        return self.torch.optim.AdamW(parameters, lr=self.options.rate, weight_decay=self.options.decay)

    def _step(self, optimiser: Any, loss: Any, share: float) -> None:
        if not loss.requires_grad:
            return
        for group in optimiser.param_groups:
            group["lr"] = self.options.rate * share
        optimiser.zero_grad()
        loss.backward()
        self.torch.nn.utils.clip_grad_norm_([one for group in optimiser.param_groups for one in group["params"]], 1.0)
        optimiser.step()


class _TorchOps:
    """The operations of the network in torch."""

    def __init__(self, torch: Any, dropout: float, seed: int = 0) -> None:
        self.torch, self.dropout = torch, dropout
        self.generator = torch.Generator().manual_seed(seed)

    def matmul(self, left: Any, right: Any) -> Any:
        return left @ right

    def add(self, left: Any, right: Any) -> Any:
        return left + right

    def gelu(self, value: Any) -> Any:
        return self.torch.nn.functional.gelu(value)

    def norm(self, value: Any, weight: Any, bias: Any) -> Any:
        return self.torch.nn.functional.layer_norm(value, (value.shape[-1],), weight, bias, 1e-5)

    def softmax(self, value: Any) -> Any:
        return value.softmax(-1)

    def rows(self, table: Any, at: Any) -> Any:
        return table[at]

    def split(self, value: Any) -> Any:
        return value.reshape(*value.shape[:2], HEADS_OF_ATTENTION, -1).transpose(1, 2)

    def join(self, value: Any) -> Any:
        return value.transpose(1, 2).reshape(value.shape[0], value.shape[2], -1)

    def flip(self, value: Any) -> Any:
        return value.transpose(-1, -2) * (WIDTH // HEADS_OF_ATTENTION) ** -0.5

    def heads_first(self, value: Any) -> Any:
        return value.permute(2, 0, 1)

    def drop(self, value: Any) -> Any:
        if not self.dropout:
            return value
        kept = self.torch.rand(value.shape, generator=self.generator) >= self.dropout
        return value * kept / (1.0 - self.dropout)


def _wide(chosen: NDArray[np.bool_], like: NDArray[Any]) -> NDArray[np.bool_]:
    return chosen if like.ndim == 2 else chosen[..., None]


def _padded(values: NDArray[Any], some: Sequence[Window], length: int, fill: float) -> NDArray[Any]:
    found = np.full((len(some), length), fill, dtype=values.dtype)
    for number, window in enumerate(some):
        found[number, : window.last - window.first] = values[window.first : window.last]
    return found


def _rate(step: int, steps: int) -> float:
    """Rises to 1 in the first tenth, falls to 0 at the end."""
    return float(min((step + 1) / max(steps * _WARM_UP, 1.0), (steps - step) / max(steps * (1.0 - _WARM_UP), 1.0)))


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        raise MissingExtra("training the dialogue network needs torch; pip install 'uptake[neural]'") from error
