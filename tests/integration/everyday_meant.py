"""Quantifiers, prohibitions, shares and frames that were misread; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["MEANT"]

_ALL = "turn on all the lights|--|"

MEANT = {
    "some of several": (
        ("Kitchen", f"{_ALL}several of the lamps can go off", "", "Which of them"),
        ("Kitchen", f"{_ALL}switch off a few of the lights", "", "Which of them"),
        ("Living Room", f"{_ALL}switch off all but the floor lamp in here", "light.living_room=off", None),
        ("Hall", "turn on the study light|which rooms still have a light on", None, "study light is on"),
    ),
    "both of a kind": (
        ("Living Room", "switch both lamps on", "light.living_room=on light.floor_lamp=on", None),
        ("Hall", "switch both lamps on", "", "Which two"),
        ("Hall", "shut both blinds", "cover.living_room_blinds=closed cover.kids_room_blinds=closed", None),
    ),
    "rather": (
        ("Study", "turn on the desk lamp|--|I'd sooner have the study light on than the desk lamp",
         "light.study=on light.desk=off", None),
        ("Living Room", "no, I do not want the blinds open, I want them closed",
         "cover.living_room_blinds=closed", None),
        ("Study", "turn on the printer, no not the printer, the desk lamp", "light.desk=on", None),
        ("Hall", "turn on all the lights|--|power everything down except the hall light", None, "off"),
    ),
    "how long, first": (
        ("Hall", "for the next ten minutes leave the hall light on|--|+11m", "light.hall=off", None),
    ),
    "not to be done": (
        ("Living Room", "turn on the tv|--|don't bother switching the tv off, the film's about to start", "",
         "not do that"),
        ("Kitchen", "turn on the kettle|turn on the coffee maker|--|neither the kettle nor the coffee maker must be on",
         "switch.kettle=off switch.coffee_maker=off", None),
    ),
    "a share from how things are": (
        ("Living Room", "set the blinds to 40 percent|--|raise the blinds by a quarter",
         "cover.living_room_blinds.position=65", None),
        ("Living Room", "set the blinds to 60 percent|--|lower the blinds by 20 percent",
         "cover.living_room_blinds.position=40", None),
    ),
    "frames": (
        ("Living Room", "it would be lovely if someone switched the floor lamp on", "light.floor_lamp=on", None),
        ("Bedroom", "that'd be handy if you shut the curtains", "cover.bedroom_curtains=closed", None),
        ("Hall", "could you keep it down and turn the soundbar to 20", None, "soundbar is 20"),
    ),
}  # fmt: skip
