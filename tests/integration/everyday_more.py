"""More everyday conversations, by what the assistant has to be able to do; lines as in `tests.integration.everyday`."""

from __future__ import annotations

__all__ = ["MORE"]

_WARMTH = "climate.bedroom.temperature"

MORE = {
    "conditions that hold now": (
        ("Hall", "turn on the hall light unless it is on already", "light.hall=on", "hall light"),
        ("Living Room", "turn on the ceiling fan|--|if the fan is on, switch it off", "fan.living_room=off", "off"),
        ("Living Room", "if the fan is still on, switch it off", "", "fan is off. I have done nothing"),
        ("Hall", "check whether the garage is open, and if it is, close it", "", "closed. I have done nothing"),
        (
            "Hall",
            "unlock the front door|yes|--|if the front door isn't locked, lock it",
            "lock.front_door=locked",
            None,
        ),
        ("Hall", "if the back door is locked unlock it", "", r"Shall I unlock the back door\?"),
        ("Hall", "turn on the study light|--|if any lights are on upstairs turn them off", "light.study=off", None),
        ("Kitchen", "turn on the oven|--|turn the oven off if I left it on", "switch.oven=off", None),
        ("Hall", "turn on the hall light if the front door opens", "", "cannot wait"),
        ("Hall", "if it rains tomorrow turn on the hall light", "", "cannot wait"),
    ),
    "amounts from how things are": (
        (
            "Living Room",
            "floor lamp to 80 percent|--|dim the floor lamp by 20 percent",
            "light.floor_lamp.brightness=60",
            None,
        ),
        ("Kitchen", "set the oven to 180|--|turn it up 20 degrees", "switch.oven.temperature=200", "oven"),
        ("Kitchen", "set the oven to 180|--|twenty more", "switch.oven.temperature=200", "oven"),
        ("Living Room", "turn the heating down by 3", "climate.living_room.temperature=18", None),
        ("Living Room", "raise the temperature by two", "climate.living_room.temperature=23", None),
        ("Living Room", "knock the heating down a notch", "climate.living_room.temperature=20", None),
        ("Bedroom", "radiator up two degrees", f"{_WARMTH}=20", "radiator"),
        ("Hall", "turn the heating off upstairs", "climate.bedroom=off", "radiator"),
        ("Living Room", "bring the blinds down two thirds", "cover.living_room_blinds=open", "33 %"),
    ),
    "hopes": (
        (
            "Living Room",
            "if it's not too much hassle, could the blinds come down, the sun's right in my eyes",
            "cover.living_room_blinds=closed",
            None,
        ),
        ("Bedroom", "could the curtains be drawn, please", "cover.bedroom_curtains=closed", None),
        (
            "Living Room",
            "it'd be lovely if the floor lamp could come on at about 20 percent",
            "light.floor_lamp.brightness=20 light.floor_lamp=on",
            None,
        ),
        ("Kitchen", "any chance the coffee maker could go on?", "switch.coffee_maker=on", None),
        ("Bedroom", "the radiator should be at 21", f"{_WARMTH}=21", None),
        ("Bedroom", "would you mind not closing the curtains", "", None),
        ("Kitchen", "kettle on, and the coffee maker too", "switch.kettle=on switch.coffee_maker=on", None),
    ),
    "what is not wanted": (
        ("Living Room", "turn on the tv|--|the tv doesn't need to be on", "media_player.tv=off", None),
        ("Kitchen", "turn on the oven|--|leave the oven alone", "", "will not"),
        ("Living Room", "turn on the tv|--|I'm not done with the tv yet", "", "will not"),
        (
            "Hall",
            "kitchen light on|bedroom light on|--|lights off in the kitchen, leave the bedroom",
            "light.kitchen=off",
            None,
        ),
        ("Bedroom", "set an alarm for 6 am|don't wake me tomorrow|what alarms do I have", "", "no alarms"),
    ),
    "questions by a tag": (
        ("Bedroom", "turn on the oven|--|just checking, the oven is off, isn't it?", "", "^No, the oven is on"),
        ("Hall", "I didn't leave the oven on, did I?", "", "^No, the oven is off"),
        ("Living Room", "turn on the tv|--|is the TV still on?", "", "^Yes"),
        ("Bedroom", "is it warmer in the bedroom or the living room?", "", "nothing"),
        ("Kitchen", "turn on the oven|--|what's on in the kitchen?", "", "oven"),
    ),
    "what was spoken of": (
        ("Kitchen", "is the dishwasher running?|well start it then", "switch.dishwasher=on", None),
        (
            "Living Room",
            "turn on the tv|turn on the floor lamp|--|switch them off",
            "media_player.tv=off light.floor_lamp=off",
            None,
        ),
        (
            "Living Room",
            "close the blinds|--|open them halfway",
            "cover.living_room_blinds=open",
            "living room blinds are 50",
        ),
        ("Hall", "turn on the hall light|--|both off", "", "Which two"),
        ("Hall", "is the back door locked?|what about the front?", "", "front door is locked"),
        ("Living Room", "close the blinds|wrong room, I meant the kids room", "cover.kids_room_blinds=closed", None),
        ("Kitchen", "add milk to the shopping list|add cheese to it|what's on it", "", "milk and cheese"),
        ("Kitchen", "add milk to the shopping list|I meant oat milk|what's on the shopping list", "", "list: oat milk"),
        ("Kitchen", "undo that", "", "nothing to undo"),
    ),
    "timers, alarms, reminders, lists": (
        (
            "Kitchen",
            "nine minutes for the pasta please|and a timer for the sauce, 20 minutes|how long has the sauce got?",
            "",
            "sauce timer",
        ),
        ("Kitchen", "five minute timer for tea|and another for 10 minutes|how long on the tea?", "", "^4 minutes"),
        (
            "Kitchen",
            "set a timer for 10 minutes|set a timer for 20 minutes|cancel the timer|the longer one",
            "",
            "20 minute timer cancelled",
        ),
        ("Bedroom", "wake me in 20 minutes|what alarms do I have", "", "6:20 pm"),
        ("Bedroom", "I need to be up by 5:45|what alarms do I have", "", "5:45"),
        ("Bedroom", "wake me every day at 6:15 except weekends", "", "every weekday"),
        (
            "Bedroom",
            "set an alarm for 6 am|set a timer for 5 minutes|cancel all my alarms and timers|what alarms do I have",
            "",
            "no alarms",
        ),
        (
            "Kitchen",
            "add milk to the shopping list|delete the shopping list and all timers",
            "",
            "list is gone. No timer",
        ),
        ("Kitchen", "remind me at 8 to call mum", "", "8 pm: call mum"),
        ("Kitchen", "remind me to buy stamps tomorrow at 12", "", "buy stamps"),
        (
            "Kitchen",
            "add milk, bread and eggs to the shopping list|cross off the bread and the milk",
            "",
            "bread and milk",
        ),
    ),
    "emergencies before lessons": (
        ("Kitchen", "turn on the oven|--|something's burning in the oven", "", "112"),
        ("Kitchen", "send help, my husband isn't breathing", "", "112"),
        ("Living Room", "turn off the fan at quarter past six", "", "6:15 pm"),
    ),
}
