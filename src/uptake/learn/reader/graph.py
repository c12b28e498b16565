"""Write a network as an ONNX file with int8 weights, without the `onnx` package.

Matrices are stored as int8 with one scale a column and become floats again when the file is opened; everything is
then computed in float32, so that what is served differs from what was trained by rounding of the weights alone.

Source: the ONNX IR (onnx.proto), of which the few fields that are needed are written by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.signals.neural_reader import HEADS_OF_ATTENTION, WIDTH

__all__ = ["GraphOps", "onnx_file"]

_IR, _OPSET = 9, 20
_FLOAT, _INT8, _INT64 = 1, 3, 7
_SCALE = float((WIDTH // HEADS_OF_ATTENTION) ** -0.5)


def onnx_file(
    compute: Callable[[GraphOps, Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]],
    weights: Mapping[str, NDArray[np.float32]],
    inputs: Mapping[str, tuple[str, tuple[int | str, ...]]],
    *,
    exact: Collection[str] = (),
) -> bytes:
    """A model file.

    Args:
        compute: What is computed: (ops, weights by name, inputs by name) -> outputs by name.
        weights: The weights.
        inputs: Name -> ("float" or "int64", shape; a text is an axis of any length).
        exact: Matrices that are kept as floats.
    """
    ops = GraphOps(exact)
    held = {name: ops.weight(name, values) for name, values in weights.items()}
    found = compute(ops, held, {name: name for name in inputs})
    for name, value in found.items():
        ops.node("Identity", [value], output=name)
    graph = b"".join(_message(1, node) for node in ops.nodes)
    graph += _text(2, "dialogue")
    graph += b"".join(_message(5, tensor) for tensor in ops.tensors)
    graph += b"".join(
        _message(11, _value(name, _FLOAT if kind == "float" else _INT64, shape))
        for name, (kind, shape) in inputs.items()
    )
    graph += b"".join(_message(12, _value(name, _FLOAT, None)) for name in found)
    return _number(1, _IR) + _text(2, "uptake") + _message(7, graph) + _message(8, _number(2, _OPSET))


class GraphOps:
    """Builds the graph; values are names."""

    def __init__(self, exact: Collection[str] = ()) -> None:
        self._exact = exact
        self.nodes: list[bytes] = []
        self.tensors: list[bytes] = []
        self._count = 0
        self._constants: dict[tuple[Any, ...], str] = {}

    def weight(self, name: str, values: NDArray[np.float32]) -> str:
        """Store a weight; matrices in int8, unless they are to be kept as they are."""
        if values.ndim < 2 or name in self._exact:
            self.tensors.append(_tensor(f"w:{name}", values.astype("<f4"), _FLOAT))
            return f"w:{name}"
        scale = np.maximum(np.abs(values).max(axis=0), 1e-9) / np.float32(127.0)
        self.tensors.append(_tensor(f"q:{name}", np.rint(values / scale).astype(np.int8), _INT8))
        self.tensors.append(_tensor(f"s:{name}", scale.astype("<f4"), _FLOAT))
        return self.node("DequantizeLinear", [f"q:{name}", f"s:{name}"], axis=1)

    def node(self, kind: str, inputs: list[str], *, output: str = "", **attributes: Any) -> str:
        """Add a step; returns the name of its value."""
        self._count += 1
        name = output or f"v{self._count}"
        body = b"".join(_text(1, one) for one in inputs) + _text(2, name) + _text(4, kind)
        self.nodes.append(body + b"".join(_message(5, _attribute(key, value)) for key, value in attributes.items()))
        return name

    def matmul(self, left: str, right: str) -> str:
        """Product of the last two axes."""
        return self.node("MatMul", [left, right])

    def add(self, left: str, right: str) -> str:
        """Sum, broadcast."""
        return self.node("Add", [left, right])

    def gelu(self, value: str) -> str:
        """The exact form."""
        return self.node("Gelu", [value])

    def norm(self, value: str, weight: str, bias: str) -> str:
        """Layer norm over the last axis."""
        return self.node("LayerNormalization", [value, weight, bias], axis=-1, epsilon=1e-5)

    def softmax(self, value: str) -> str:
        """Over the last axis."""
        return self.node("Softmax", [value], axis=-1)

    def rows(self, table: str, at: str) -> str:
        """Rows of a table by number."""
        return self.node("Gather", [table, at], axis=0)

    def split(self, value: str) -> str:
        """(n, t, width) to (n, heads, t, width / heads)."""
        shape = self._constant((0, 0, HEADS_OF_ATTENTION, WIDTH // HEADS_OF_ATTENTION))
        return self.node("Transpose", [self.node("Reshape", [value, shape])], perm=[0, 2, 1, 3])

    def join(self, value: str) -> str:
        """(n, heads, t, width / heads) to (n, t, width)."""
        turned = self.node("Transpose", [value], perm=[0, 2, 1, 3])
        return self.node("Reshape", [turned, self._constant((0, 0, WIDTH))])

    def flip(self, value: str) -> str:
        """Exchange the last two axes of (n, heads, t, size), and scale for attention."""
        scale = "scale"
        if ("scale",) not in self._constants:
            self._constants["scale",] = scale
            self.tensors.append(_tensor(scale, np.array([_SCALE], dtype="<f4"), _FLOAT))
        return self.node("Mul", [self.node("Transpose", [value], perm=[0, 1, 3, 2]), scale])

    def heads_first(self, value: str) -> str:
        """(t, t, heads) to (heads, t, t)."""
        return self.node("Transpose", [value], perm=[2, 0, 1])

    def drop(self, value: str) -> str:
        """Nothing is dropped when served."""
        return value

    def _constant(self, shape: tuple[int, ...]) -> str:
        if shape not in self._constants:
            name = self._constants[shape] = f"shape{len(self._constants)}"
            self.tensors.append(_tensor(name, np.array(shape, dtype="<i8"), _INT64))
        return self._constants[shape]


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _message(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _tensor(name: str, values: NDArray[Any], kind: int) -> bytes:
    shape = b"".join(_number(1, size) for size in values.shape)
    return shape + _number(2, kind) + _text(8, name) + _message(9, np.ascontiguousarray(values).tobytes())


def _value(name: str, kind: int, shape: tuple[int | str, ...] | None) -> bytes:
    body = _number(1, kind)
    if shape is not None:
        axes = (_text(2, one) if isinstance(one, str) else _number(1, one) for one in shape)
        body += _message(2, b"".join(_message(1, axis) for axis in axes))
    return _text(1, name) + _message(2, _message(1, body))


def _attribute(name: str, value: float | int | list[int]) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, 7)
