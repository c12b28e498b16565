"""Music, films, volume, the doorbell."""

from __future__ import annotations

import pytest

from tests.assistant.skills.calls import a_home, ask


@pytest.mark.parametrize(
    ("room", "slots", "speech"),
    [
        (
            "Kitchen",
            {"search_query": "Kind of Blue", "media_class": "album", "artist": "Miles Davis"},
            "Playing Kind of Blue by Miles Davis on the kitchen speaker.",
        ),
        (
            "Kitchen",
            {"search_query": "The Hunger Games", "media_class": "movie"},
            "Playing The Hunger Games on the kitchen display.",
        ),
        (
            "Bedroom",
            {"search_query": "The Hunger Games", "media_class": "audiobook"},
            "Playing the audiobook The Hunger Games on the bedroom speaker.",
        ),
        ("Bedroom", {"search_query": "The Hunger Games", "media_class": "movie"}, "The bedroom speaker has no screen."),
        ("Bedroom", {"search_query": "jazz", "area": "Garage"}, "There is no player in the garage."),
        ("Bedroom", {"search_query": "jazz", "name": "TV"}, "Playing jazz on the TV."),
        ("Bedroom", {}, "What shall I play?"),
    ],
)
def test_what_is_asked_for_plays_where_it_can(room, slots, speech):
    assert ask(a_home(), "HassMediaSearchAndPlay", room=room, **slots).speech == speech


def test_pause_and_next_mean_what_is_playing_wherever_that_is():
    home = a_home()
    ask(home, "HassMediaSearchAndPlay", room="Kitchen", search_query="So What", artist="Miles Davis")
    assert ask(home, "IdentifyMedia").speech == "The kitchen speaker is playing So What by Miles Davis."
    assert ask(home, "IdentifyMedia", field="artist").speech == "This is Miles Davis."
    assert ask(home, "HassMediaPause", room="Study").speech == "The kitchen speaker is paused."
    assert ask(home, "HassMediaUnpause").speech == "The kitchen speaker is playing again."
    assert ask(home, "HassMediaNext").speech == "The kitchen speaker is playing the next one."
    assert ask(home, "HassMediaPause", area="Bedroom").speech == "Nothing is playing in the bedroom."
    assert ask(home, "HassMediaNext", name="TV").speech == "The TV is not playing anything."


@pytest.mark.parametrize(
    ("intent", "slots", "speech"),
    [
        ("HassSetVolume", {"name": "TV", "volume_level": "40"}, "The volume of the TV is 40 %."),
        ("HassSetVolumeRelative", {"name": "TV", "volume_step": "up"}, "The volume of the TV is 35 %."),
        ("HassSetVolumeRelative", {"name": "TV", "volume_step": "-20"}, "The volume of the TV is 5 %."),
        (
            "HassSetVolumeRelative",
            {"area": "Kitchen", "volume_step": "down"},
            "The volume of the kitchen speaker is 30 %.",
        ),
        ("HassSetVolume", {"name": "TV", "volume_level": "400"}, "Volume goes from 0 to 100 percent."),
        ("HassSetVolumeRelative", {"name": "TV"}, "Up or down?"),
        ("HassMediaPlayerMute", {"name": "TV"}, "The TV is muted."),
        ("HassMediaPlayerUnmute", {"name": "TV"}, "The TV is no longer muted."),
        ("HassTurnOn", {"name": "TV"}, "The TV is on."),
        ("HassTurnOff", {"name": "TV"}, "The TV is already off."),
        ("ShowCamera", {"name": "Doorbell"}, "The doorbell is on the kitchen display."),
    ],
)
def test_volume_power_and_cameras(intent, slots, speech):
    assert ask(a_home(), intent, room="Kitchen", **slots).speech == speech
