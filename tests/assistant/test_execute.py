"""act: what a skill does can be undone, and a skill that breaks or hangs ends only its turn."""

import os
import threading
from datetime import UTC, datetime

import pytest

from uptake.assistant.execute import Undo, act, undo
from uptake.assistant.home import Device, VirtualHome
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.skills import Skills
from uptake.assistant.skills.skill import Call, Effect, Intent
from uptake.errors import DeviceFailed
from uptake.types import Interpretation, Situation

NOW = datetime(2026, 1, 1, 8, tzinfo=UTC)


class Skill:
    name = "test"
    domains = frozenset()
    intents = (Intent(name="Do"),)

    def __init__(self, do):
        self.do = do

    def handle(self, call):
        return self.do(call)

    def due(self, home, memory, situation):
        return ()


def acted(do, home=None, memory=None, timeout_s=5.0):
    call = Call(
        interpretation=Interpretation(intent="Do"),
        home=home or VirtualHome(),
        memory=memory or Memory(),
        situation=Situation(),
        user_id="ann",
        now=NOW,
    )
    return act(call, Skills([Skill(do)]), timeout_s=timeout_s)


def test_what_a_skill_changed_in_home_and_memory_is_put_back():
    home, memory = VirtualHome(devices=[Device(entity_id="light.desk", name="Desk Lamp")]), Memory()
    before = home.states()["light.desk"].value

    def do(call):
        call.home.call("light.turn_on", "light.desk")
        call.memory.set(HOME, "lists", ["milk"])
        return Effect(speech="Done.")

    done = acted(do, home, memory)
    assert (home.states()["light.desk"].value, memory.get(HOME, "lists")) == ("on", ["milk"])
    kept = Undo.from_json(done.undo.as_json())
    assert undo(kept, home, memory) is None
    assert (home.states()["light.desk"].value, memory.get(HOME, "lists")) == (before, None)


def broken(call):
    raise ZeroDivisionError


def away(call):
    raise DeviceFailed("did not answer", entity_id="light.desk_lamp")


@pytest.mark.parametrize(
    ("do", "said", "error"), [(broken, "went wrong", "ZeroDivisionError"), (away, "desk lamp", "device_failed")]
)
def test_a_skill_that_raises_gives_an_apology(do, said, error):
    done = acted(do)
    assert done.effect.status == "failed"
    assert said in done.effect.speech
    assert done.error == error
    assert not done.undo


def test_a_skill_that_hangs_is_left_behind():
    release = threading.Event()
    done = acted(lambda call: release.wait(20) and None, timeout_s=0.02)
    release.set()
    assert (done.effect.status, done.error) == ("failed", "timeout")


def test_an_intent_that_nobody_has_is_unsupported():
    assert acted(lambda call: None).effect.status == "unsupported"


def test_one_thread_runs_one_skill_after_the_other_and_one_that_hangs_keeps_nobody_waiting():
    ran, release = [], threading.Event()

    def do(call):
        ran.append(threading.get_ident())
        return Effect(speech="Done.")

    first, second = acted(do), acted(do)
    hung = acted(lambda call: release.wait(20) and None, timeout_s=0.02)
    third = acted(do)
    release.set()
    assert [each.effect.speech for each in (first, second, third)] == ["Done."] * 3
    assert hung.error == "timeout"
    assert ran[0] == ran[1] != ran[2]


def test_a_skill_runs_in_a_process_that_was_forked_after_another_one_ran():
    assert acted(lambda call: None).effect.status == "unsupported"
    child = os.fork()
    if not child:
        os._exit(acted(lambda call: Effect(speech="Done."), timeout_s=2.0).error is not None)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
