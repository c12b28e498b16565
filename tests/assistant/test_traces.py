"""Traces and the keeper: what the loop writes down of its turns."""

from tests.builders import START, turn
from uptake.assistant.memory import Memory
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.record.trace import StageTrace, Trace
from uptake.assistant.record.traces import TraceStore
from uptake.log.store import TurnLog

HEARD = [StageTrace(stage="hear", verdict="heard")]


def test_only_the_newest_traces_are_kept(tmp_path):
    store = TraceStore(tmp_path / "traces.sqlite", keep=100)
    for number in range(600):
        store.add(f"t{number}", "ann", HEARD)
    assert store.find("t599")
    assert store.find("t0") is None
    assert [turn_id for turn_id, _ in store.newest("ann", limit=2)] == ["t599", "t598"]


def test_traces_of_a_user_can_be_forgotten():
    store = TraceStore()
    store.add("a", "ann", HEARD)
    store.add("b", "bo", HEARD)
    assert store.forget("ann") == 1
    assert [turn_id for turn_id, _ in store.newest()] == ["b"]


def test_each_stage_carries_the_time_since_the_one_before():
    trace = Trace()
    trace.add("hear", "heard")
    trace.add("act", "done")
    assert [stage.stage for stage in trace.stages] == ["hear", "act"]
    assert all(stage.time_ms >= 0 for stage in trace.stages)


def test_what_becomes_known_later_makes_the_turn_fuller_in_the_log(tmp_path):
    with TurnLog(tmp_path) as log:
        recorder = Recorder(Memory(), log=log)
        recorder.record(turn("turn on the light", turn_id="t1", status="ok"), HEARD)
        recorder.record(turn("stop", turn_id="t2", at_s=5), HEARD)
        recorder.amend("ann", "t1", answer=False, undone=True)
        recorder.amend("ann", "t1", answer=True)
        kept = {one.turn_id: one for one in log.read()}
    assert (kept["t1"].answer, kept["t1"].undone, kept["t1"].status) == (False, True, "ok")
    assert len(kept) == 2


def test_an_old_turn_cannot_be_amended_and_nothing_happens():
    recorder = Recorder(Memory())
    assert recorder.amend("ann", "long ago", answer=True) is None


def test_a_conversation_that_cannot_be_read_begins_anew():
    memory = Memory()
    memory.set("user:ann", "conversation", {"from": "another version"})
    assert Recorder(memory).conversation("ann", START).exchanges == ()
