"""What carries over from one turn to the next, and within one; lines as in `tests.integration.everyday`."""

from __future__ import annotations

__all__ = ["CARRIED"]

_LAMP = "light.floor_lamp"

CARRIED = {
    "values of the thing spoken of last": (
        ("Living Room", "turn on the floor lamp|--|half brightness", f"{_LAMP}.brightness=50", None),
        (
            "Living Room",
            "turn on the floor lamp|set it to 80|--|make the floor lamp half as bright",
            f"{_LAMP}.brightness=40",
            None,
        ),
        (
            "Kitchen",
            "what's the temperature in the bedroom|make it 20 in there",
            "climate.bedroom.temperature=20",
            None,
        ),
        ("Living Room", "floor lamp to 40 percent|--|and ten percent more", f"{_LAMP}.brightness=50", None),
        ("Living Room", "turn on the living room lights|--|just the lamp", "light.living_room=off", "lamp"),
        (
            "Living Room",
            "set the thermostat to 25|that's too hot|--|22 then",
            "climate.living_room.temperature=22",
            None,
        ),
        ("Kitchen", "turn the oven on|what's it at|--|off", "switch.oven=off", None),
        ("Living Room", "lights off|all of them", "", "off"),
    ),
    "what a remark is about": (
        (
            "Living Room",
            "floor lamp red|--|the lamp is way too red, just make it white again",
            "",
            "The floor lamp is white",
        ),
        (
            "Bedroom",
            "turn on the tv|--|nobody's watching the tv, it doesn't need to be on",
            "media_player.tv=off",
            None,
        ),
        (
            "Hall",
            "unlock the front door|yes|--|lock the front door but not the back, the dog's still out",
            "lock.front_door=locked",
            None,
        ),
        (
            "Kitchen",
            "turn on the oven|--|we're finished with the oven now, the coffee maker can stay on",
            "switch.oven=off",
            None,
        ),
        ("Living Room", "turn on the tv|--|let's shut up shop: tv off and lights out", "media_player.tv=off", None),
    ),
    "taken back within a request": (
        (
            "Living Room",
            "set the thermostat to 23, hmm, actually 22's enough",
            "climate.living_room.temperature=22",
            None,
        ),
        ("Kitchen", "turn on the kitchen light and, actually no, just the counter lights", "light.counter=on", None),
        (
            "Bedroom",
            "close the curtains, no, leave the curtains, just put the bedside lamp on",
            "light.bedside=on",
            None,
        ),
        (None, "remind me at seven, no wait, eight tonight to take the cake out", "", "8 pm: take the cake out"),
        (None, "set a timer for fifteen minutes|sorry, I said fifty, five zero", "", "50 minutes"),
    ),
    "planned, and moved": (
        ("Kitchen", "turn the kitchen light on for ten minutes|make it twenty|--|+11m", "", None),
        (
            "Kitchen",
            "turn off the tv in an hour|make it two hours|actually make it three|cancel that|what's planned",
            "",
            "Nothing",
        ),
        (
            None,
            "set an alarm for 7 am|make it half past|every weekday|what alarms do I have",
            "",
            "One alarm: every weekday at 7:30 am",
        ),
        (
            None,
            "set an alarm for 7 am|make tomorrow's alarm half an hour later",
            "",
            r"7:30 am\. Alarm .* 7 am deleted",
        ),
    ),
    "levels in words": (
        ("Living Room", "ceiling fan to medium", "fan.living_room=on fan.living_room.percentage=66", None),
        ("Living Room", "blinds down two thirds", "cover.living_room_blinds=open", "33 %"),
        ("Bedroom", "leave the curtains just a quarter open", "cover.bedroom_curtains=open", "25 %"),
        ("Kitchen", "turn on the kitchen light|--|turn of the kichen light", "light.kitchen=off", None),
        ("Hall", "are the front and back doors both locked?", "", "^Yes, .* locked"),
    ),
    "off a list, and on": (
        (
            None,
            "add chicken, rice and peas to the list|no, not rice, pasta|what's on it",
            "",
            "chicken, peas and pasta",
        ),
        (None, "add milk, cheese and ham to the list|no, not the ham|read it back|clear it", "", "empty"),
    ),
}
"""(room, turns, what differs afterwards, what is answered)."""
