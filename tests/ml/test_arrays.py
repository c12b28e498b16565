"""Records of arrays in a directory: what is written is opened again, and compared byte by byte."""

from dataclasses import dataclass, field

import numpy as np

from uptake.ml.arrays import arrays_of, open_record, same_arrays, save_arrays


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    name: str
    rows: np.ndarray
    sums: np.ndarray
    _seen: dict = field(default_factory=dict)


def test_a_record_is_opened_as_it_was_written_and_is_mapped(tmp_path):
    held = Held("é", np.arange(6, dtype=np.float32).reshape(2, 3), np.array([np.nan, -0.0]))
    save_arrays(tmp_path, arrays_of(held, "own-"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own-rows.npy", "own-sums.npy"]
    opened = open_record(Held, tmp_path, "own-", name="é")
    assert same_arrays(arrays_of(opened), arrays_of(held))
    assert not opened.rows.flags.writeable


def test_equal_arrays_give_equal_files_however_they_lie_in_memory(tmp_path):
    rows = np.arange(6.0).reshape(2, 3)
    save_arrays(tmp_path, {"a": rows, "b": np.asfortranarray(rows)})
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()


def test_another_name_type_shape_or_byte_is_another_array():
    rows = np.arange(6.0)
    others = [{"b": rows}, {"a": rows.astype(np.float32)}, {"a": rows.reshape(2, 3)}, {"a": rows + 1}, {}]
    assert not any(same_arrays({"a": rows}, other) for other in others)
