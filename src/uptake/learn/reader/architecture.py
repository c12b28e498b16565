"""What the dialogue network computes, written once: torch runs it to learn, a graph of it is served.

A turn is encoded from three frozen sentence vectors (request, the prompt before it, the response after it),
categorical fields and numeric fields, each with its own flag for "unknown"; a transformer looks at the turns before
and after; every head reads the states. A turn said again is found by scoring the following turns against "no".

Source: the turn encoder and dialogue-level transformer with several heads follow Gupta et al., "RoBERTaIQ" (2021), and
Wang et al. (COLING 2022, pp. 505-509); the pointer over following turns Wang et al., "Contextual Rephrase Detection"
(EMNLP 2021). Differs: the sentence encoder is frozen and read once a text; spans are whole turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from uptake.signals.light_reader import REACH
from uptake.signals.neural_inputs import CATEGORIES, CATEGORY_FIELDS, SPREAD, Shape
from uptake.signals.neural_reader import HEADS_OF_ATTENTION, LAYERS, OUTPUTS, WIDTH

__all__ = ["Ops", "outputs", "weights"]

_WIDE = 2 * WIDTH
_PAIR = 64


class Ops(Protocol):
    """The few operations the network is made of; values are whatever the backend works with."""

    def matmul(self, left: Any, right: Any) -> Any:
        """Product of the last two axes."""

    def add(self, left: Any, right: Any) -> Any:
        """Sum, broadcast."""

    def gelu(self, value: Any) -> Any:
        """The exact form."""

    def norm(self, value: Any, weight: Any, bias: Any) -> Any:
        """Layer norm over the last axis."""

    def softmax(self, value: Any) -> Any:
        """Over the last axis."""

    def rows(self, table: Any, at: Any) -> Any:
        """Rows of a table by number."""

    def split(self, value: Any) -> Any:
        """(n, t, width) to (n, heads, t, width / heads)."""

    def join(self, value: Any) -> Any:
        """(n, heads, t, width / heads) to (n, t, width)."""

    def flip(self, value: Any) -> Any:
        """Exchange the last two axes."""

    def heads_first(self, value: Any) -> Any:
        """(t, t, heads) to (heads, t, t)."""

    def drop(self, value: Any) -> Any:
        """Dropout while learning; nothing when served."""


def weights(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the weights; 1-d ones are biases and scales."""
    found: dict[str, tuple[int, ...]] = {
        "request": (shape.dim, WIDTH),
        "prompt": (shape.dim, WIDTH),
        "response": (shape.dim, WIDTH),
        "turn": (2 * shape.turn, WIDTH),
        "before": (2 * shape.pair, WIDTH),
        "after": (2 * shape.pair, WIDTH),
        "categories": (CATEGORIES, WIDTH),
        "enter": (WIDTH,),
        "distances": (2 * SPREAD + 1, HEADS_OF_ATTENTION),
        "pair": (2 * shape.pair, _PAIR),
        "pair.left": (WIDTH, _PAIR),
        "pair.right": (WIDTH, _PAIR),
        "pair.bias": (_PAIR,),
        "pair.out": (_PAIR, 1),
        "pair.out.bias": (1,),
        "heads": (WIDTH, sum(size for name, size in OUTPUTS.items() if name != "rephrase")),
        "heads.bias": (sum(size for name, size in OUTPUTS.items() if name != "rephrase"),),
        "first.scale": (WIDTH,),
        "first.shift": (WIDTH,),
    }
    for layer in range(LAYERS):
        for name, size in (
            ("query", (WIDTH, WIDTH)), ("key", (WIDTH, WIDTH)), ("value", (WIDTH, WIDTH)), ("out", (WIDTH, WIDTH)),
            ("up", (WIDTH, _WIDE)), ("down", (_WIDE, WIDTH)),
        ):  # fmt: skip
            found |= {f"{layer}.{name}": size, f"{layer}.{name}.bias": size[1:]}
        for name in ("mixed", "wide"):
            found |= {f"{layer}.{name}.scale": (WIDTH,), f"{layer}.{name}.shift": (WIDTH,)}
    return found


def outputs(ops: Ops, held: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Logits: "heads" (n, t, 9) in the order of `OUTPUTS`, and "again:1" ... (n, t, 1) for each following turn.

    Args:
        ops: The backend.
        held: The weights, as the backend holds them.
        given: The inputs named in `uptake.signals.neural_reader`.
    """
    states = _entered(ops, held, given)
    near = ops.heads_first(ops.rows(held["distances"], given["distance"]))
    for layer in range(LAYERS):
        states = _layer(ops, held, layer, states, (near, given["mask"]))
    found = {"heads": ops.add(ops.matmul(ops.drop(states), held["heads"]), held["heads.bias"])}
    left = ops.matmul(states, held["pair.left"])
    right = ops.matmul(states, held["pair.right"])
    for distance in range(1, REACH + 1):
        both = ops.add(left, ops.matmul(given[f"shift:{distance}"], right))
        both = ops.add(ops.add(both, ops.matmul(given[f"pair:{distance}"], held["pair"])), held["pair.bias"])
        out = ops.matmul(ops.drop(ops.gelu(both)), held["pair.out"])
        found[f"again:{distance}"] = ops.add(out, held["pair.out.bias"])
    return found


def _entered(ops: Ops, held: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    """The turns before they have seen each other."""
    states = held["enter"]
    for name in ("request", "prompt", "response", "turn", "before"):
        states = ops.add(states, ops.matmul(given[name], held[name]))
    states = ops.add(states, ops.matmul(given["pair:1"], held["after"]))
    for number in range(len(CATEGORY_FIELDS)):
        states = ops.add(states, ops.rows(held["categories"], given[f"category:{number}"]))
    return ops.norm(ops.drop(ops.gelu(states)), held["first.scale"], held["first.shift"])


def _layer(ops: Ops, held: Mapping[str, Any], layer: int, states: Any, bias: tuple[Any, Any]) -> Any:
    def linear(value: Any, name: str) -> Any:
        return ops.add(ops.matmul(value, held[f"{layer}.{name}"]), held[f"{layer}.{name}.bias"])

    def norm(value: Any, name: str) -> Any:
        return ops.norm(value, held[f"{layer}.{name}.scale"], held[f"{layer}.{name}.shift"])

    query, key, value = (ops.split(linear(states, name)) for name in ("query", "key", "value"))
    match = ops.add(ops.add(ops.matmul(query, ops.flip(key)), bias[0]), bias[1])
    mixed = linear(ops.join(ops.matmul(ops.softmax(match), value)), "out")
    states = norm(ops.add(states, ops.drop(mixed)), "mixed")
    wide = linear(ops.gelu(linear(states, "up")), "down")
    return norm(ops.add(states, ops.drop(wide)), "wide")
