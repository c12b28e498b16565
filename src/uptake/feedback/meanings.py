"""Encode the keys of interpretations as integers; the key of each distinct interpretation is built once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from uptake.types import Interpretation

__all__ = ["Meanings"]

_SLOT_END = "\x1f"


class Meanings:
    """Interpretations seen so far: the key of each, and its code."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        """Keys by their codes, as `Interpretation.key` writes them."""
        self.names = pa.array([], type=pa.string())
        """The same, as an Arrow array."""
        self._known: dict[str, int] = {}  # key -> its code
        self._met: dict[str, int] = {}  # reading with its slots in any order -> code of its key

    def __len__(self) -> int:
        return len(self._met)

    def of(self, column: pa.ChunkedArray) -> NDArray[np.int64]:
        """Return the code of each row's key, -1 without an interpretation."""
        if column.null_count == len(column):
            return np.full(len(column), -1, dtype=np.int64)
        struct = column.combine_chunks()
        slots = pc.struct_field(struct, "slots")
        pairs = pc.struct_field(slots.flatten(), "name"), pc.struct_field(slots.flatten(), "value")
        named = pc.binary_join_element_wise(*pairs, "=")
        lengths = pc.fill_null(pc.list_value_length(slots), 0).to_numpy(zero_copy_only=False)
        offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), type=pa.int32())
        joined = pc.binary_join(pa.ListArray.from_arrays(offsets, named), _SLOT_END)
        head = pc.binary_join_element_wise(
            pc.fill_null(pc.struct_field(struct, "domain"), ""), pc.struct_field(struct, "intent"), "|"
        )
        whole = pc.if_else(pc.equal(joined, ""), head, pc.binary_join_element_wise(head, joined, _SLOT_END))
        encoded = pc.if_else(pc.is_valid(struct), whole, None).dictionary_encode()
        rows = np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
        ends = np.append(pc.count_substring(encoded.dictionary, _SLOT_END).to_numpy(), 0)[rows]
        if (ends != np.where(rows >= 0, lengths, 0)).any():
            return self._spelled_out(struct)  # somebody's value holds the separator
        return np.array([*self._codes(encoded.dictionary.to_pylist()), -1], dtype=np.int64)[rows]

    def _codes(self, raw: list[str]) -> list[int]:
        """Return codes of interpretations; new ones are added."""
        fresh = {one: self._code(_key(one)) for one in raw if one not in self._met}
        self._met |= fresh
        self._name_all()
        return [self._met[one] for one in raw]

    def _code(self, key: str) -> int:
        code = self._known.setdefault(key, len(self.keys))
        if code == len(self.keys):
            self.keys.append(key)
        return code

    def _name_all(self) -> None:
        if len(self.names) < len(self.keys):
            more = pa.array(self.keys[len(self.names) :], type=pa.string())
            self.names = pa.concat_arrays([self.names, more])

    def _spelled_out(self, struct: pa.StructArray) -> NDArray[np.int64]:
        """Return codes of the rows' keys, row by row."""
        rows = []
        for one in struct.to_pylist():
            if one is None:
                rows.append(-1)
                continue
            slots = tuple((slot["name"], slot["value"]) for slot in one["slots"] or ())
            rows.append(self._code(Interpretation(domain=one["domain"], intent=one["intent"], slots=slots).key))
        self._name_all()
        return np.array(rows, dtype=np.int64)


def _key(raw: str) -> str:
    """Return the key as `Interpretation.key` builds it: slots in order."""
    head, *slots = raw.split(_SLOT_END)
    return "|".join([head, *sorted(slots)])
