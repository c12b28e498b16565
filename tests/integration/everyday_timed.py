"""How people speak of time: timers, alarms, reminders, timed deeds; lines as in `tests.integration.everyday`."""

from __future__ import annotations

__all__ = ["TIMED"]

TIMED = {
    "timers, said in other ways": (
        ("Kitchen", "pasta's in, give me eleven minutes|how long's it got?", "", "left on the pasta timer"),
        (
            "Kitchen",
            "twelve minutes for the pizza and eight for the garlic bread please, on timers",
            "",
            "Pizza timer, 12 minutes.*Garlic bread timer, 8 minutes",
        ),
        ("Kitchen", "set a timer for 10 minutes|when does it go off", "", "ends at 6:10 pm"),
        ("Kitchen", "set a timer for 10 minutes|no, twelve", "", "12 minutes"),
        ("Kitchen", "timer for 5 minutes|+5m|stop", "", "All right"),
        ("Kitchen", "timer for 5 minutes|+5m|two more minutes", "", "2 minutes"),
        (
            "Kitchen",
            "pasta timer ten minutes|rice timer twenty minutes|cancel the pasta|and the other one",
            "",
            "Rice timer cancelled",
        ),
        (
            "Living Room",
            "turn on the floor lamp|set it to 80",
            "light.floor_lamp=on light.floor_lamp.brightness=80",
            "80",
        ),
        (
            "Kitchen",
            "oven timer ten minutes|turn on the oven|turn off the oven|how long on the oven timer",
            None,
            "left on the oven",
        ),
    ),
    "alarms, said in other ways": (
        ("Bedroom", "wake me at half six", "", "tomorrow at 6:30 am"),
        ("Bedroom", "I need waking at ten to five", "", "tomorrow at 4:50 am"),
        ("Bedroom", "wake me at ten|scrap that, half past", "", "tomorrow at 10:30 am.*10 am deleted"),
        ("Bedroom", "wake me at nine, weekends only|have I got an alarm on", "", "every weekend at 9 am"),
        (
            "Bedroom",
            "wake me at seven tomorrow|wake me at eight tomorrow|bin the seven o'clock one",
            "",
            "at 7 am deleted",
        ),
    ),
    "reminders, said in other ways": (
        ("Hall", "PE kit, don't let me forget, nudge me about it at nine", "", "9 pm: PE kit"),
        ("Hall", "remind me to call dad at seven|make it half past", "", "7:30 pm: call dad"),
        ("Hall", "remind me in half an hour the washing needs hanging", "", "6:30 pm: the washing needs hanging"),
    ),
    "deeds for later, said in other ways": (
        (
            "Kitchen",
            "tea wants another twenty minutes, so turn the oven off at twenty past six",
            "",
            "turn off the oven today at 6:20 pm",
        ),
        (
            "Kitchen",
            "oven on at eight tomorrow morning and off again at nine",
            "",
            "tomorrow at 8 am.*off the oven tomorrow at 9 am",
        ),
        (
            "Kitchen",
            "heating on at six every morning and off at eight",
            "",
            "on .*every day at 6 am.*off .*every day at 8 am",
        ),
        ("Kitchen", "kettle on at seven every morning except weekends", "", "every weekday at 7 am"),
        ("Kitchen", "have the oven on for six tomorrow evening", "", "tomorrow at 6 pm"),
        ("Hall", "turn the hall light off twenty past nine", "", "9:20 pm"),
        ("Hall", "turn the hall light off at nine|when is the hall light going off", "", "9 pm"),
        ("Hall", "turn the hall light off at nine|no don't bother|what's planned", "", "Nothing is planned"),
        ("Hall", "half ten, heating off", "", "10:30 pm"),
        ("Hall", "run the coffee maker at six thirty on weekdays", "", r"\?"),
    ),
    "words of a time that tell none, and deeds that are to be thought of": (
        ("Hall", "remind me to lock up for the night|at ten", "", "10 pm: lock up for the night"),
        ("Hall", "remind me to turn the oven off|at seven", "", "7 pm: turn the oven off"),
        ("Hall", "remind me to put the night light on at eight", "", "8 pm: put the night light on"),
        ("Hall", "remind me to get the washing in at seven", "", "7 pm: get the washing in"),
    ),
    "states that are asked about in other words": (
        ("Hall", "would the curtains be closed in the bedroom do you know", "", "^No"),
        ("Hall", "would the garage door be open at all", "", "closed"),
        ("Hall", "wonder if the kettle's on", "", "kettle is off"),
        ("Hall", "you did lock up didn't you", "", "all locks are locked"),
        ("Hall", "the taxi's here|what do you know about me", "", "have not taught me anything yet.$"),
    ),
    "the day of a time that is asked for": (
        ("Bedroom", "wake me up tomorrow|quarter to seven", "", "tomorrow at 6:45 am"),
        ("Bedroom", "set an alarm for friday|half six", "", "Friday at 6:30 am"),
        ("Hall", "every weekday at seven turn on the coffee maker|stop doing that", "", "will not turn on"),
    ),
    "a deed that is regretted, or goes on": (
        ("Hall", "turn the oven on|actually no", "switch.oven=off", "took it back"),
        ("Hall", "turn the kettle on|no wait", "switch.kettle=off", "took it back"),
        ("Living Room", "close the blinds halfway|a bit more", "cover.living_room_blinds.position=30", None),
        ("Living Room", "open the blinds to 40 percent|a bit more", "cover.living_room_blinds.position=60", None),
    ),
    "the air of the room": (
        ("Study", "it's roasting in here", "climate.study=on climate.study.temperature=21", None),
        ("Study", "turn the heating up", "climate.living_room.temperature=22", None),
        ("Study", "set the thermostat to 22|make it warmer", "climate.living_room.temperature=23", None),
        ("Kitchen", "it's too cold in here", "climate.living_room.temperature=22", None),
        ("Bedroom", "I'm freezing", "climate.bedroom.temperature=19", None),
    ),
    "dialect, and people spoken to": (
        ("Hall", "dinnae unlock the front door, there's some stranger oot there", "", "not do that"),
        ("Kitchen", "stick the kettle on, hen", "switch.kettle=on", None),
        ("Kitchen", "add hen food to the shopping list, pet", "", "Added hen food"),
        ("Hall", "I've fell in the bathroom and I cannae get up", "", "112"),
    ),
    "both, and things of other rooms": (
        ("Hall", "turn both lights on", "", "Which"),
        ("Living Room", "turn both lights on", "light.living_room=on light.floor_lamp=on", None),
        (
            "Bedroom",
            "curtains shut in here, kids room blinds down as well",
            "cover.bedroom_curtains=closed cover.kids_room_blinds=closed",
            None,
        ),
        ("Kitchen", "have I left anything switched on in the kitchen?", "", "No, no device in the kitchen is on"),
    ),
    "what was moved, taken back": (
        (
            "Bedroom",
            "wake me at seven|make it eight|make it half past|cancel it|what alarms do I have",
            "",
            "no alarms",
        ),
        (
            "Kitchen",
            "remind me at half seven to ring the dentist|move it to eight|delete it|what are my reminders",
            "",
            "no reminders",
        ),
    ),
    "what is there, and no more": (
        ("Living Room", "play something chilled|stop|who is this|turn it off", None, None),
        ("Living Room", "turn the music up|--|ok open them fully", "", r"\?"),
        ("Living Room", "I'm scared, someone's trying the back door", "", "112"),
        ("Kitchen", "turn the oven down a bit", "", "The oven is off"),
        ("Kitchen", "is the oven hot yet", "", "^The oven is off"),
        ("Hall", "is the front door shut", "", "^Yes, the front door is locked"),
        ("Hall", "anyone at home", "", "no person"),
    ),
    "a little up, and a little down": (
        ("Living Room", "blinds a bit lower", "cover.living_room_blinds.position=80", None),
        (
            "Living Room",
            "lower the blinds a bit|raise the blinds a little",
            "cover.living_room_blinds.position=100",
            None,
        ),
        ("Bedroom", "close the bedroom curtains a bit", "cover.bedroom_curtains.position=80", None),
    ),
    "a deed, and a timer beside it": (
        (
            "Kitchen",
            "right, oven on, 180, and give us a shout in forty minutes",
            "switch.oven=on switch.oven.temperature=180",
            "Timer set for 40",
        ),
        (
            "Kitchen",
            "set the oven to 180 and set a timer for forty minutes",
            "switch.oven=on switch.oven.temperature=180",
            "Timer set for 40",
        ),
        ("Kitchen", "put the kettle on and set a timer for five minutes", "switch.kettle=on", "Timer set for 5"),
        ("Kitchen", "turn the oven on and remind me in forty minutes", "switch.oven=on", "Timer set for 40"),
        ("Kitchen", "put the potatoes on and set a timer for twenty minutes", "", "Potatoes timer, 20"),
        ("Kitchen", "timer for pasta, 11 minutes, no hang on 9", "", "Pasta timer, 9"),
        ("Hall", "who's home", "", "no person"),
        ("Garden", "mow the lawn", "lawn_mower.clippy=mowing", None),
    ),
    "the heating of a room, said in other ways": (
        ("Hall", "turn the bedroom heating up two degrees", "climate.bedroom.temperature=20", None),
        ("Hall", "turn the heating up in the bedroom", "climate.bedroom.temperature=19", None),
        ("Hall", "bedroom heating off", "climate.bedroom=off", None),
        ("Kitchen", "crank the oven to two twenty for the pizza", "switch.oven.temperature=220 switch.oven=on", None),
        ("Study", "kindly set the study light to precisely one quarter of its brightness", "light.study=on", "25 %"),
        ("Garden", "start Clippy|--|arrah stop him, it's lashing rain", "lawn_mower.clippy=docked", None),
        ("Garage", "open the garage, gotta grab me board", "", "Shall I open"),
        ("Hall", "on which weekday falls the 24th of December this year?", "", "Wednesday"),
    ),
}
