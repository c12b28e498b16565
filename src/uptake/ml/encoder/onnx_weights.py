"""The weights inside a MiniLM `.onnx` file, to be read, and to be replaced by fine-tuned ones of the same shape.

The file is a Protocol Buffers message; only the few fields that lead to the initialisers are understood here, so
that neither reading nor writing needs the `onnx` package. Matrices are int8 with one scale a column (`*_q`,
`*_scale`), as ONNX Runtime runs them; everything else is float32.

Limit: knows this one export (six BERT layers, matrices in the order of the computation), and says so of any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused

__all__ = ["LAYERS", "Weights"]

LAYERS = 6
_PARTS = ("query", "key", "value", "out", "up", "down")
_BIASES = {
    "query": "attention.self.query.bias",
    "key": "attention.self.key.bias",
    "value": "attention.self.value.bias",
    "out": "attention.output.dense.bias",
    "up": "intermediate.dense.bias",
    "down": "output.dense.bias",
    "out_norm.weight": "attention.output.LayerNorm.weight",
    "out_norm.bias": "attention.output.LayerNorm.bias",
    "down_norm.weight": "output.LayerNorm.weight",
    "down_norm.bias": "output.LayerNorm.bias",
}
_EMBEDDINGS = {
    "words": "word_embeddings.weight",
    "places": "position_embeddings.weight",
    "kinds": "token_type_embeddings.weight",
    "norm.weight": "LayerNorm.weight",
    "norm.bias": "LayerNorm.bias",
}
_GRAPH, _INITIALIZER, _DIMS, _TYPE, _NAME, _RAW = 7, 5, 1, 2, 8, 9
_DTYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 3: np.dtype("i1"), 7: np.dtype("<i8")}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Place:
    """Position of a tensor in the file."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int
    size: int


class Weights:
    """The named weights of a MiniLM file, as float32.

    Names are "words", "places", "kinds", "norm.weight", "norm.bias", and for layer n "n.query" … "n.down" (matrices,
    (in, out)), "n.query.bias" …, "n.out_norm.weight", "n.out_norm.bias", "n.down_norm.weight", "n.down_norm.bias".

    Raises:
        ArtifactRefused: The file is no such export.
    """

    def __init__(self, model: bytes) -> None:
        self._model = model
        try:
            self._tensors = dict(_tensors(model))
            self._names = _names(self._tensors)
        except (IndexError, KeyError, ValueError) as error:
            raise ArtifactRefused("these encoder weights are not a MiniLM export that can be fine-tuned") from error

    def names(self) -> tuple[str, ...]:
        """Return the names of all weights."""
        return tuple(self._names)

    def __getitem__(self, name: str) -> Floats:
        stored = self._names[name]
        if f"{stored}_q" in self._tensors:
            return self._array(f"{stored}_q").astype(np.float32) * self._array(f"{stored}_scale").astype(np.float32)
        return self._array(stored).astype(np.float32)

    def replaced(self, fresh: Mapping[str, Floats]) -> bytes:
        """Return the file with some weights replaced; matrices are rounded to int8, one scale a column."""
        model = bytearray(self._model)
        for name, values in fresh.items():
            stored = self._names[name]
            if f"{stored}_q" not in self._tensors:
                self._put(model, stored, values)
                continue
            axis = 0 if self._tensors[f"{stored}_scale"].shape[0] == 1 else 1
            scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-9) / np.float32(127.0)
            self._put(model, f"{stored}_scale", scale)
            self._put(model, f"{stored}_q", np.rint(values / scale))
        return bytes(model)

    def _array(self, stored: str) -> NDArray[Any]:
        place = self._tensors[stored]
        count = place.size // place.dtype.itemsize
        return np.frombuffer(self._model, place.dtype, count, place.start).reshape(place.shape)

    def _put(self, model: bytearray, stored: str, values: NDArray[Any]) -> None:
        place = self._tensors[stored]
        if values.shape != place.shape:
            raise ArtifactRefused(f"weights of shape {values.shape} where {place.shape} belong")
        model[place.start : place.start + place.size] = values.astype(place.dtype).tobytes()


def _names(tensors: Mapping[str, _Place]) -> dict[str, str]:
    """Map our names to the file's names."""
    found = {ours: f"inner.embeddings.{theirs}" for ours, theirs in _EMBEDDINGS.items()}
    matrices = sorted(
        (name[:-2] for name in tensors if name.startswith("val_") and name.endswith("_q")),
        key=lambda name: int(name.removeprefix("val_")),
    )
    if len(matrices) != LAYERS * len(_PARTS):
        raise ValueError("other layers")
    for layer in range(LAYERS):
        inner = f"inner.encoder.layer.{layer}."
        for at, part in enumerate(_PARTS):
            found[f"{layer}.{part}"] = matrices[layer * len(_PARTS) + at]
        for ours, theirs in _BIASES.items():
            found[f"{layer}.{ours}" if "." in ours else f"{layer}.{ours}.bias"] = inner + theirs
    for stored in found.values():
        if stored not in tensors and f"{stored}_scale" not in tensors:
            raise KeyError(stored)
    return found


def _tensors(model: bytes) -> Iterator[tuple[str, _Place]]:
    for number, start, end in _fields(model, 0, len(model)):
        if number == _GRAPH:
            for inner, first, last in _fields(model, start, end):
                if inner == _INITIALIZER:
                    yield from _tensor(model, first, last)


def _tensor(model: bytes, start: int, end: int) -> Iterator[tuple[str, _Place]]:
    name, kind, raw = "", 0, (0, 0)
    shape: list[int] = []
    for number, first, last in _fields(model, start, end):
        if number == _DIMS:
            at = first
            while at < last:
                size, at = _varint(model, at)
                shape.append(size)
        elif number == _TYPE:
            kind = _varint(model, first)[0]
        elif number == _NAME:
            name = model[first:last].decode()
        elif number == _RAW:
            raw = (first, last)
    if kind in _DTYPES and raw[1]:
        yield name, _Place(_DTYPES[kind], tuple(shape), raw[0], raw[1] - raw[0])


def _fields(model: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (field number, start, end) of the fields of a message."""
    while at < end:
        key, at = _varint(model, at)
        wire = key & 7
        if wire == 0:
            start, at = at, _varint(model, at)[1]
        elif wire == 2:
            size, start = _varint(model, at)
            at = start + size
        else:
            start, at = at, at + {1: 8, 5: 4}[wire]
        yield key >> 3, start, at


def _varint(model: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = model[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
