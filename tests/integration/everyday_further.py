"""How people go on from what was just done, and what a word alone may turn round; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["FURTHER"]

_LAMP, _FAN, _BLINDS = "light.floor_lamp", "fan.living_room", "cover.living_room_blinds"

FURTHER = {
    "gone on from the last deed": (
        ("Living Room", "set the blinds to 30|--|a bit lower", f"{_BLINDS}.position=10", None),
        ("Living Room", "close the blinds halfway|--|higher please", f"{_BLINDS}.position=70", None),
        ("Living Room", "turn the thermostat up a degree|--|and again", "climate.living_room.temperature=23", None),
        ("Living Room", "turn the thermostat up a degree|--|and down two", "climate.living_room.temperature=20", None),
        ("Living Room", "floor lamp on|make it red|--|and the other one blue", "light.living_room=on", "light is blue"),
        ("Living Room", "turn the floor lamp blue|back to normal", None, "is white"),
        ("Living Room", "turn the floor lamp blue|--|back to white please", "", "floor lamp is white"),
        ("Living Room", "put the ceiling fan on medium|--|that's too fast", f"{_FAN}.percentage=41", None),
        ("Living Room", "put the ceiling fan on low|--|bit faster than that mate", f"{_FAN}.percentage=58", None),
        ("Living Room", "turn on the tv|turn it off|and back on", None, "TV is on"),
        ("Living Room", "play queen in the kitchen|pause it|--|play it in the bedroom",
         "media_player.bedroom_speaker=playing", "Queen"),
        ("Living Room", "turn on the fan|not that fan, the bathroom one", "fan.bathroom=on", None),
        ("Living Room", "set the lamp to 20|that's not what i asked, i said 70", f"{_LAMP}=on {_LAMP}.brightness=70",
         None),
        ("Living Room", "vacuum the living room|don't let Rover hoover any more", "vacuum.rover=paused", None),
        ("Living Room", "remind me on friday at noon to pay the gas bill|change that to 1 pm", "", "Friday at 1 pm"),
        ("Bedroom", "alarm for 7 tomorrow|I don't need that alarm in the morning after all, he's walking the dog",
         "", "deleted"),
    ),
    "what a number is of": (
        ("Living Room", "set the volume to 20", "media_player.soundbar.volume=20", None),
        ("Living Room", "set brightness to 20 percent",
         f"{_LAMP}=on {_LAMP}.brightness=20 light.living_room=on light.living_room.brightness=20", None),
        ("Study", "put the air con on at nineteen", "climate.study=on climate.study.temperature=19", None),
        ("Living Room", "put the heating on at seven", "", "today at 7 pm"),
        ("Living Room", "make the floor lamp a warm white", f"{_LAMP}=on", "white"),
        ("Kitchen", "how much time is left", "", "No timer"),
        ("Kitchen", "play christmas music in the kitchen at low volume",
         "media_player.kitchen_speaker=playing media_player.kitchen_speaker.volume=20", None),
    ),
    "but for one": (
        ("Living Room", "turn on the kitchen light|all the lights off but the kitchen one", "light.kitchen=on", None),
        ("Living Room", "turn on the kitchen light|lights off everywhere but the kitchen", "light.kitchen=on", None),
        ("Living Room", "floor lamp on|everything except the floor lamp off please|is the floor lamp on", None, "^Yes"),
        ("Living Room", "turn on the tv|dnt turn off teh tv", None, "will not do that"),
        ("Living Room", "turn on the kitchen light|don't turn the oven off, it's only the kitchen light I want off", "",
         "light is off"),
    ),
    "two things in one breath": (
        ("Living Room", "telly on and lights down low please", None, "TV is on.*lights are at 33 %"),
        ("Living Room", "tv on, lights low", None, "TV is on.*lights are at 33 %"),
        ("Kitchen", "remind me in an hour to check the oven and in two hours to call dad", "",
         "7 pm: check the oven.*8 pm: call dad"),
        ("Living Room", "turn the heating off in the bedroom and the kitchen light on",
         "climate.bedroom=off light.kitchen=on", None),
        ("Living Room", "are all the doors locked and windows shut", "", "No, the bedroom window is not closed"),
        ("Living Room", "the kids can have half an hour on that tablet and not a second more, put a timer on", "",
         "30 minutes"),
    ),
    "in other words": (
        ("Kitchen", "set a timer for ten minutes|set a timer for thirty minutes|cancel the ten minute one", "",
         "10 minute timer cancelled"),
        ("Kitchen", "is Rover on his dock?", "", "docked"),
        ("Kitchen", "what's the fridge reading, only the milk's gone off", "", r"4\.5"),
        ("Kitchen", "how warm is it in the bedroom at the minute?", "", "18"),
        ("Living Room", "kids room blinds down and the light in there on at thirty percent",
         "cover.kids_room_blinds=closed cover.kids_room_blinds.position=0 light.kids_room=on"
         " light.kids_room.brightness=30", None),
        ("Living Room", "set the thermastat to tewnty", "climate.living_room.temperature=20", None),
        ("Living Room", "my husband's come over all funny, his face has dropped and he can't lift his arm", "", "999"),
        ("Living Room", "turn on the fan|nobody's hot, we don't need the ceiling fan running", "", "fan is off"),
        ("Living Room", "please make the living room light a bit warmer white", "light.living_room=on", "warm white"),
    ),
    "a sum, a timer, a wish": (
        ("Kitchen", "oven to one eighty and a timer for forty five minutes",
         "switch.oven=on switch.oven.temperature=180", "set to 180.*Timer set for 45 minutes"),
        ("Kitchen", "what's sixteen times four and a half", "", "72"),
        ("Living Room", "could we have it a couple of degrees warmer", "climate.living_room.temperature=23", None),
        ("Living Room", "lights down to a glimmer", None, "at 33 %"),
    ),
    "short, and from over the sea": (
        ("Living Room", "play jazz|I don't want the music on any more but keep the telly going",
         "media_player.soundbar=paused", None),
        ("Living Room", "play jazz|music off but keep the telly going", "media_player.soundbar=paused", None),
        ("Living Room", "turn the heat off", "climate.living_room=off", None),
        ("Living Room", "front door locked?", "", "Yes, the front door is locked"),
        ("Living Room", "turn on the patio lights|on second thought don't", "light.patio=off", "took it back"),
        ("Living Room", "play jazz|volume down three notches", None, "5 %"),
        ("Living Room", "play jazz|turn it up to like sixty", None, "60 %"),
    ),
    "what teaches nothing": (
        ("Living Room", "turn on the tv|if the tv is on turn it off", "media_player.tv=off", None),
        ("Kitchen", "put milk on the list|add bananas and get rid of the milk", "", "Added bananas.*Checked off milk"),
        ("Kitchen", "how many cups in a pint", "", "2 cups"),
    ),
    "out of doors": (
        ("Living Room", "whats teh temprature outsid", "", r"12\.5"),
        ("Living Room", "what's it like out", "", r"12\.5 °C outside"),
        ("Living Room", "how many degrees is it outside", "", r"12\.5"),
    ),
}  # fmt: skip
