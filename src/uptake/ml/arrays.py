"""Keep records of arrays in a directory: one `.npy` file a field, opened by mmap, compared byte by byte.

Every artifact that holds arrays names them (`arrays_of`), writes them (`save_arrays`) and opens them again
(`open_arrays`, `open_record`); what else it holds it writes as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "Arrays",
    "array_names",
    "arrays_of",
    "open_array",
    "open_arrays",
    "open_record",
    "same_arrays",
    "save_arrays",
]

Arrays = dict[str, npt.NDArray[Any]]
"""Arrays by the names of their files."""
Record = TypeVar("Record")


def array_names(record: type[DataclassInstance], *, leave: Iterable[str] = ()) -> tuple[str, ...]:
    """Name the public fields of a record, but for some."""
    return tuple(one.name for one in fields(record) if one.name[0] != "_" and one.name not in leave)


def arrays_of(record: DataclassInstance, prefix: str = "") -> Arrays:
    """Name every array that a record holds in a field, with a prefix."""
    held = ((one.name, getattr(record, one.name)) for one in fields(record))
    return {f"{prefix}{name}": value for name, value in held if isinstance(value, np.ndarray)}


def save_arrays(directory: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write one `.npy` file an array; equal arrays give equal bytes, however they lie in memory."""
    for name, array in arrays.items():
        np.save(directory / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)


def open_array(directory: Path, name: str) -> npt.NDArray[Any]:
    """Map an array that `save_arrays` wrote.

    It is a plain array over the map: slices of `np.memmap` itself cost several microseconds each.
    """
    array: npt.NDArray[Any] = np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)


def open_arrays(directory: Path, names: Iterable[str], prefix: str = "") -> Arrays:
    """Map some arrays, named without their prefix."""
    return {name: open_array(directory, f"{prefix}{name}") for name in names}


def open_record(record: type[Record], directory: Path, prefix: str = "", **rest: Any) -> Record:
    """Make a record whose fields are mapped arrays, but for the rest."""
    names = array_names(record, leave=rest)  # type: ignore[arg-type] # a record is a dataclass
    return record(**open_arrays(directory, names, prefix), **rest)


def same_arrays(one: Mapping[str, npt.NDArray[Any]], other: Mapping[str, npt.NDArray[Any]]) -> bool:
    """Tell whether two sets of arrays have the same names, types, shapes and bytes."""
    return one.keys() == other.keys() and all(
        array.dtype == other[name].dtype
        and array.shape == other[name].shape
        and array.tobytes() == other[name].tobytes()
        for name, array in one.items()
    )
