"""The vacuum and the mower."""

from __future__ import annotations

from datetime import timedelta

from tests.assistant.skills.calls import a_home, ask


def test_the_vacuum_cleans_pauses_and_comes_home():
    home = a_home()
    assert ask(home, "HassVacuumCleanArea", area="Kitchen").speech == "Rover is cleaning in the kitchen."
    assert ask(home, "PauseVacuum").speech == "Rover is paused."
    assert ask(home, "HassVacuumStart", name="Rover").speech == "Rover is cleaning."
    assert ask(home, "HassVacuumReturnToBase").speech == "Rover is on its way home."
    home.advance(timedelta(minutes=3))
    assert ask(home, "HassVacuumReturnToBase").speech == "Rover is already at its base."


def test_a_room_is_where_the_vacuum_cleans_and_is_asked_for_where_it_is_not_known():
    assert ask(a_home(), "HassVacuumCleanArea", room="Study").speech == "Rover is cleaning in the study."
    assert ask(a_home(), "HassVacuumCleanArea").missing == "area"
    assert ask(a_home(), "HassVacuumStart", floor="Upstairs").speech == "Rover is cleaning upstairs."


def test_the_mower_mows():
    home = a_home()
    assert ask(home, "HassLawnMowerStartMowing").speech == "Clippy is mowing."
    assert ask(home, "HassLawnMowerDock").speech == "Clippy is on its way home."
