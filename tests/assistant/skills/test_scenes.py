"""Scenes and scripts."""

from __future__ import annotations

from tests.assistant.skills.calls import a_home, ask


def test_a_scene_is_set_and_a_script_is_run():
    home = a_home()
    assert ask(home, "HassTurnOn", name="Movie Night").speech == "Movie Night it is."
    assert home.states()["light.living_room"].attributes["brightness"] == 10
    assert ask(home, "HassTurnOn", name="Good Night").speech == "Good Night: done."
    assert home.states()["light.living_room"].value == "off"


def test_what_a_scene_could_not_reach_is_told():
    home = a_home()
    home.fail("media_player.tv")
    effect = ask(home, "HassTurnOn", name="Movie Night")
    assert (effect.speech, effect.status) == ("Movie Night is done, but the TV did not answer.", "failed")


def test_a_scene_cannot_be_turned_off():
    assert ask(a_home(), "HassTurnOff", name="Relax").status == "unsupported"
