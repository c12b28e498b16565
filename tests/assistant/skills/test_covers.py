"""Blinds, curtains, the garage door, valves; and locks."""

from __future__ import annotations

import pytest

from tests.assistant.skills.calls import a_home, ask

BLINDS = {"domain": "cover", "device_class": "blind"}


@pytest.mark.parametrize(
    ("intent", "slots", "speech", "status"),
    [
        ("HassTurnOff", BLINDS, "The living room blinds and the kids room blinds are closed.", "ok"),
        ("HassTurnOn", {"name": "Garage Door"}, "The garage door is open.", "ok"),
        ("HassTurnOff", {"name": "Garage Door"}, "The garage door is already closed.", "ok"),
        (
            "HassSetPosition",
            {"name": "Bedroom Curtains", "position": "40"},
            "The bedroom curtains are 40 % open.",
            "ok",
        ),
        (
            "HassSetPosition",
            {"name": "Bedroom Curtains", "direction": "down"},
            "The bedroom curtains are 80 % open.",
            "ok",
        ),
        ("HassSetPosition", {"name": "Bedroom Curtains"}, "How far, in percent?", "ok"),
        (
            "HassSetPosition",
            {"name": "Garage Door", "position": "40"},
            "The garage door can only be open or closed.",
            "unsupported",
        ),
        ("HassTurnOff", {"name": "Water Main"}, "The water main is closed.", "ok"),
        ("StopCover", {"name": "Bedroom Curtains"}, "The bedroom curtains have stopped.", "ok"),
        ("HassTurnOn", {"area": "Garage", **BLINDS}, "There is no blind in the garage.", "unsupported"),
    ],
)
def test_covers_move_as_they_are_told(intent, slots, speech, status):
    effect = ask(a_home(), intent, **slots)
    assert (effect.speech, effect.status) == (speech, status)
