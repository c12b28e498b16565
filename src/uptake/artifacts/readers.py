"""A reader of dialogues as files: what it counted, its forests and, if it has one, its network in int8 ONNX.

The parts are put together by `uptake.signals.reader_files`; here they are only kept: facts as JSON, numbers in one file
a type that is opened by mmap, the network as it is. Words, texts and values are kept only where at least three
people said them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from uptake.artifacts.forest import Forest
from uptake.errors import ArtifactRefused

__all__ = ["ReaderModel"]

_FACTS, _NETWORK = "reader.json", "network.onnx"
_FOREST = ("roots", "column", "threshold", "left", "right", "leaves")
_TYPES = ("int32", "float32", "float64")


@dataclass(frozen=True, slots=True, eq=False)
class ReaderModel:
    """The parts of one reader.

    >>> ReaderModel({"heads": ["defect"]}, {"scale": np.ones(3, dtype=np.float32)}).arrays["scale"].shape
    (3,)
    """

    kind: ClassVar[str] = "readers"
    schema_version: ClassVar[int] = 1

    facts: Mapping[str, Any]
    """JSON values."""
    arrays: Mapping[str, npt.NDArray[Any]]
    """int32, float32 and float64 arrays by name."""
    network: bytes | None = None
    """An ONNX file."""

    def __len__(self) -> int:
        return len(self.arrays)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ReaderModel)
            and self.facts == other.facts
            and self.network == other.network
            and self.arrays.keys() == other.arrays.keys()
            and all(np.array_equal(values, other.arrays[name]) for name, values in self.arrays.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def forest(self, name: str) -> Forest:
        """The forest of a name.

        Raises:
            ArtifactRefused: There is none, or a part of it is missing.
        """
        try:
            return Forest(*(self.arrays[f"{name}/{part}"] for part in _FOREST))
        except KeyError as error:
            raise ArtifactRefused(f"the reader has no forest {name}; make it again") from error

    def save(self, directory: Path) -> None:
        """Write facts, one array file a type, and the network."""
        places: dict[str, list[Any]] = {}
        for kind in _TYPES:
            flat, start = [], 0
            for name in sorted(self.arrays):
                values = self.arrays[name]
                if values.dtype == kind:
                    places[name] = [kind, start, list(values.shape)]
                    flat.append(np.ascontiguousarray(values).reshape(-1))
                    start += values.size
            np.save(directory / f"{kind}.npy", np.concatenate(flat) if flat else np.zeros(0, kind), allow_pickle=False)
        if len(places) < len(self.arrays):
            raise ArtifactRefused(f"arrays of a reader must be {', '.join(_TYPES)}")
        text = json.dumps({"facts": self.facts, "arrays": places}, sort_keys=True, ensure_ascii=False)
        (directory / _FACTS).write_text(text, encoding="utf-8")
        if self.network is not None:
            (directory / _NETWORK).write_bytes(self.network)

    @classmethod
    def load(cls, directory: Path) -> ReaderModel:
        """Open what `save` wrote.

        Raises:
            ArtifactRefused: The files do not fit together.
        """
        try:
            written = json.loads((directory / _FACTS).read_text(encoding="utf-8"))
            flat = {kind: np.load(directory / f"{kind}.npy", mmap_mode="r").view(np.ndarray) for kind in _TYPES}
            arrays = {
                name: flat[kind][start : start + int(np.prod(shape, dtype=np.int64))].reshape(shape)
                for name, (kind, start, shape) in written["arrays"].items()
            }
            facts = written["facts"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactRefused(f"{directory}: the parts of the reader do not fit; make it again") from error
        network = directory / _NETWORK
        return cls(facts, arrays, network.read_bytes() if network.is_file() else None)
