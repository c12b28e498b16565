"""Memory: JSON by scope and key, every change can be taken back, a person can be forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.memory import HOME, Memory, of_user
from uptake.assistant.skills import personal
from uptake.errors import StorageFailed

VALUES = st.one_of(st.none(), st.integers(0, 3), st.lists(st.text(max_size=3), max_size=2))
WRITES = st.lists(st.tuples(st.sampled_from([HOME, of_user("ann")]), st.sampled_from("abc"), VALUES), max_size=8)


def contents(memory):
    return {(scope, key): memory.get(scope, key) for scope in (HOME, of_user("ann")) for key in "abc"}


@given(WRITES, WRITES)
def test_restoring_puts_back_what_was_before(first, then):
    memory = Memory()
    for write in first:
        memory.set(*write)
    before = contents(memory)
    with memory.recording() as changes:
        for write in then:
            memory.set(*write)
    memory.restore(changes)
    assert contents(memory) == before


def test_it_outlives_the_process_and_forgets_one_person_only(tmp_path):
    memory = Memory(tmp_path / "memory.sqlite")
    memory.set(of_user("ann"), "habits", ["tea"])
    memory.set(HOME, "lists", {"shopping": ["milk"]})
    memory.close()
    again = Memory(tmp_path / "memory.sqlite")
    assert again.get(of_user("ann"), "habits") == ["tea"]
    assert again.forget("ann") == 1
    assert again.scopes() == [HOME]


def test_a_value_read_is_a_copy():
    memory = Memory()
    memory.set(HOME, "lists", ["milk"])
    memory.get(HOME, "lists").append("eggs")
    assert memory.get(HOME, "lists") == ["milk"]


def test_a_file_that_is_no_memory_is_refused_clearly(tmp_path):
    (tmp_path / "memory.sqlite").write_text("this is no database, nor anything like one" * 100)
    with pytest.raises(StorageFailed, match=r"memory\.sqlite"):
        Memory(tmp_path / "memory.sqlite")


def test_what_falls_due_is_found_without_a_look_at_everybody():
    def statements(users):
        memory, ran = Memory(), []
        for user in range(users):
            memory.set(of_user(f"user-{user}"), "conversation", {"session_id": "s"})
        memory.set(of_user("user-1"), "timers", [{"id": 1}])
        memory._database.set_trace_callback(ran.append)
        assert list(personal.load_all(memory, "timers")) == [("user-1", [{"id": 1}])]
        return len(ran)

    assert statements(3) == statements(300) == 1


def test_what_is_read_again_in_a_turn_is_what_was_written_last(tmp_path):
    memory, other = Memory(tmp_path / "memory.db"), Memory(tmp_path / "memory.db")
    memory.set(HOME, "timers", [1])
    with memory.alone():
        memory.get(HOME, "timers").append(2)
        assert memory.get(HOME, "timers") == [1]
        assert memory.every("timers") == {HOME: [1]}
        before = memory.written
        memory.set(HOME, "timers", [3])
        assert memory.get(HOME, "timers") == [3]
        assert memory.every("timers") == {HOME: [3]}
        assert memory.written != before
    assert memory.written is None
    other.set(HOME, "timers", [4])
    assert memory.get(HOME, "timers") == [4]
    with memory.alone():
        assert memory.get(HOME, "timers") == [4]


def test_what_is_no_standard_json_is_read_as_it_was_written():
    memory = Memory()
    memory.set(HOME, "level", [float("inf"), 1.5])
    assert memory.get(HOME, "level") == [float("inf"), 1.5]
