"""Locks."""

from __future__ import annotations

from tests.assistant.skills.calls import a_home, ask


def test_turning_a_lock_on_locks_it_and_off_unlocks_it():
    home = a_home()
    assert ask(home, "HassTurnOn", name="Front Door").speech == "The front door is already locked."
    assert ask(home, "HassTurnOff", domain="lock").speech == "The front door and the back door are unlocked."
    assert ask(home, "HassTurnOn", name="Front Door").speech == "The front door is locked."
    assert home.states()["lock.back_door"].value == "unlocked"


def test_a_lock_that_is_away_is_told():
    home = a_home()
    home.fail("lock.front_door", "away")
    effect = ask(home, "HassTurnOn", domain="lock")
    assert effect.speech == "The back door is already locked, but the front door is not reachable."
    assert effect.status == "failed"
