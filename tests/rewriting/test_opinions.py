"""Opinions: what a turn says of what was learned, what is kept of it, and how the log says it again."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import turn
from uptake.assistant.memory import Memory
from uptake.assistant.record.recorder import Recorder
from uptake.log.store import TurnLog
from uptake.rewriting.identity import Meaning, meaning_id, meaning_of
from uptake.rewriting.opinions import Event, Opinions, event_of, rebuild, replay
from uptake.rewriting.overrides import Override, OverridesFile

OVEN = Meaning("cooker", "oven")
DAY = "2026-01-01"


def said(request="turn on the cooker", at_s=0.0, **fields):
    return turn(request, at_s=at_s, **{"session_id": "s", "status": "ok", **fields})


def rewritten(**fields):
    return said(acted_on="turn on the oven", **fields)


def complaint(**fields):
    return rewritten(answer=False, **fields)


def taught(at_s, session="s"):
    return [
        said(at_s=at_s, status="failed", session_id=session),
        said("turn on the oven", at_s=at_s + 7, session_id=session),
    ]


@pytest.mark.parametrize("objection", [{"answer": False}, {"undone": True}, {"answer": True, "undone": True}])
def test_a_no_or_an_undo_of_a_rewritten_turn_is_a_complaint(objection):
    assert event_of(rewritten(**objection)) == Event("complaint", OVEN, DAY)


def test_a_yes_to_a_rewritten_turn_is_a_yes():
    assert event_of(rewritten(answer=True, status=None)) == Event("yes", OVEN, DAY)


@pytest.mark.parametrize("fields", [{}, {"status": None}, {"status": "failed"}, {"undone": False}])
def test_a_rewritten_turn_of_which_nobody_spoke_says_nothing(fields):
    assert event_of(rewritten(**fields)) is None


def test_undoing_what_a_yes_set_off_is_a_complaint_about_what_was_asked():
    asked = rewritten(answer=True, status=None)
    assert event_of(said("yes", at_s=7, undone=True), asked) == Event("complaint", OVEN, DAY)
    assert event_of(said("yes", at_s=7), asked) is None
    assert event_of(said("play jazz", at_s=7, answer=False), rewritten(status="ok")) is None


@pytest.mark.parametrize("failure", [{"status": "failed"}, {"status": None}, {"answer": False}, {"undone": True}])
def test_what_failed_and_was_said_otherwise_with_success_is_taught(failure):
    first = said(**failure)
    assert event_of(said("turn on the oven", at_s=7), first) == Event("taught", OVEN, DAY)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),  # it had worked
        ({"status": "failed"}, {"status": "failed"}),
        ({"status": "failed"}, {"answer": False}),
        ({"status": "failed"}, {"session_id": "another"}),
        ({"status": "failed"}, {"request": "never mind"}),
    ],
)
def test_other_pairs_teach_nothing(first, second):
    assert event_of(said(**{"request": "turn on the oven", "at_s": 7, **second}), said(**first)) is None


def test_a_complaint_suspends_until_it_was_taught_more_often_than_complained_of(tmp_path):
    opinions = Opinions(tmp_path / "opinions")
    opinions.note("ann", Event("complaint", OVEN, DAY))
    states = [opinions.find("ann", OVEN).suspended]
    for _ in range(2):
        opinions.note("ann", Event("taught", meaning_of("cooker off", "oven off"), DAY))
        states.append(opinions.find("ann", OVEN).suspended)
    opinions.note("ann", Event("complaint", OVEN, DAY))
    assert (states, opinions.find("ann", OVEN).suspended) == ([True, True, False], True)
    assert opinions.find("ann", Meaning("tunes", "radio")) is None
    assert opinions.of("bo") == ()


def test_a_complaint_takes_back_the_yes_to_other_wordings(tmp_path):
    opinions = Opinions(tmp_path / "opinions")
    opinions.note("ann", Event("yes", Meaning("cooker", "kitchen oven"), DAY))
    opinions.note("ann", Event("complaint", OVEN, DAY))
    assert [one.agreed for one in opinions.of("ann")] == [False, False]
    assert opinions.find("ann", Meaning("cooker", "kitchen oven")).suspended
    assert opinions.suspended() == 1
    assert (opinions.lift("ann", OVEN), opinions.lift("ann", OVEN), opinions.of("ann")) == (True, False, ())


TALKS = {
    "complaint": [complaint()],
    "yes, then undone": [rewritten(status=None, answer=True), said("yes", at_s=7, undone=True)],
    "complaint, taught once": [complaint(), *taught(100)],
    "complaint, taught twice, agreed": [
        complaint(),
        *taught(100),
        *taught(200, "t"),
        rewritten(at_s=300, status=None, answer=True),
    ],
    "other session between": [complaint(), *taught(100, "t"), said("play jazz", at_s=200, session_id="u")],
    "control between": [complaint(), said(at_s=10, status="failed"), said("thanks", at_s=12), said("oven on", at_s=15)],
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_replay_gives_what_was_kept_turn_by_turn(tmp_path, talk):
    log, live = TurnLog(tmp_path / "log"), Opinions(tmp_path / "live")
    recorder = Recorder(Memory(tmp_path / "memory.sqlite"), log=log, opinions=live)
    for one in talk:  # as it is heard, then what becomes known of it
        recorder.record(replace(one, answer=None, undone=None), ())
        known = {name: value for name in ("answer", "undone") if (value := getattr(one, name)) is not None}
        if known:
            recorder.amend("ann", one.turn_id, **known)
    assert live.of("ann")
    assert replay(log.read()) == {"ann": live.of("ann")}
    again = Opinions(tmp_path / "again")
    assert (rebuild(again, log), again.of("ann")) == (1, live.of("ann"))


@pytest.fixture
def log(tmp_path):
    log = TurnLog(tmp_path / "log")
    log.append([complaint(), said("play jazz", at_s=50), *(turn("play jazz", user="bo", at_s=at) for at in (1, 2))])
    return log


def test_a_lost_directory_is_made_anew_once(tmp_path, log):
    opinions = Opinions(tmp_path / "opinions")
    assert (rebuild(opinions, log), rebuild(opinions, log)) == (1, 0)
    assert opinions.find("ann", OVEN).suspended
    shutil.rmtree(opinions.directory)
    assert (rebuild(opinions, log), opinions.find("ann", OVEN).complaints) == (1, 1)


def test_where_nobody_complained_nothing_is_replayed_twice(tmp_path):
    opinions = Opinions(tmp_path / "opinions")
    assert rebuild(opinions, TurnLog(tmp_path / "log")) == 0
    assert not opinions.is_lost()


@pytest.mark.parametrize("damage", [b"", b"{", b'[{"heard":1}]', b"\xff\xfe"])
def test_a_damaged_file_says_nothing_and_is_made_anew_beside_what_was_said_since(tmp_path, log, damage):
    opinions = Opinions(tmp_path / "opinions")
    rebuild(opinions, log)
    (path,) = opinions.directory.glob("*.json")
    path.write_bytes(damage)
    assert (opinions.of("ann"), opinions.suspended(), opinions.is_lost()) == ((), 0, True)
    opinions.note("ann", Event("yes", Meaning("jas", "jazz"), DAY))
    assert rebuild(opinions, log) == 1
    assert {one.meaning for one in opinions.of("ann")} == {OVEN, Meaning("jas", "jazz")}
    assert not opinions.is_lost()


def test_a_lift_forgives_what_the_log_says_up_to_then_and_nothing_after(tmp_path, log):
    file = OverridesFile(tmp_path / "overrides.json")
    file.put(Override("cooker", None, "ann", "oven", "2026-01-01T09:00:00+00:00"))
    opinions = Opinions(tmp_path / "opinions")
    assert (rebuild(opinions, log, file), opinions.of("ann")) == (0, ())
    log.append([complaint(at_s=7200)])
    shutil.rmtree(opinions.directory)
    assert (rebuild(opinions, log, file), opinions.find("ann", OVEN).complaints) == (1, 1)


def _complain(directory, times):
    opinions = Opinions(directory)
    for _ in range(times):
        opinions.note("ann", Event("complaint", OVEN, DAY))


def test_two_processes_lose_no_complaint(tmp_path):
    code = "import sys; from pathlib import Path; from tests.rewriting.test_opinions import _complain; "
    command = [sys.executable, "-c", f"{code}_complain(Path(sys.argv[1]), 25)", tmp_path / "opinions"]
    both = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert Opinions(tmp_path / "opinions").find("ann", OVEN).complaints == 50


def test_a_reader_sees_what_another_wrote(tmp_path):
    reader, writer = Opinions(tmp_path / "opinions"), Opinions(tmp_path / "opinions")
    assert reader.of("ann") == ()
    for times in (1, 2):
        writer.note("ann", Event("complaint", OVEN, DAY))
        assert reader.find("ann", OVEN).complaints == times
    writer.forget("ann")
    assert reader.of("ann") == ()


@pytest.mark.parametrize(
    ("later", "kind"), [({}, "yes"), ({"answer": False}, "complaint"), ({"undone": True}, "complaint")]
)
def test_choosing_what_was_meant_is_a_yes_to_that(later, kind):
    asked = said(acted_on="turn on the fan", status=None)
    chosen = {"acted_on": "turn on the oven", "rewrite_id": meaning_id("turn on the cooker", "turn on the oven")}
    turns = [asked, said("the second 1", at_s=7, **chosen, **later)]
    assert event_of(turns[1], asked) == Event(kind, OVEN, DAY)
    (opinion,) = replay(turns)[asked.user_id]
    assert (opinion.meaning, opinion.agreed, opinion.suspended) == (OVEN, kind == "yes", kind == "complaint")


def test_a_rewrite_of_its_own_words_is_no_choice():
    asked = said(acted_on="turn on the fan", status=None)
    own = {"acted_on": "turn on the oven", "rewrite_id": meaning_id("turn on the cooker", "turn on the oven")}
    assert event_of(said("turn on the cooker please", at_s=7, **own), asked) is None
