"""Half a yes, a request among what is told, and what people say first; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["TOLD"]

_LAMP = "light.floor_lamp"
_LIST = "what's on the shopping list"
_UNLOCK = "unlock the back door"
_LOCKED = "lock.back_door"
_ON = "turn on all the lights|--"

TOLD = {
    "what begins like a yes": (
        ("Kitchen", f"play blues|{_UNLOCK}|--|we do not want music any longer", None, "paused"),
        ("Kitchen", f"{_UNLOCK}|I do wonder who that is", "", None),
        ("Kitchen", f"{_UNLOCK}|it was windy last night", "", None),
        ("Kitchen", f"{_UNLOCK}|ok what's the time", "", "^(?!.*unlocked)"),
        ("Kitchen", f"{_UNLOCK}|fine, turn the hall light on", "light.hall=on", None),
        ("Kitchen", f"{_UNLOCK}|yes but not before mum is back", "", "^Shall I unlock"),
        ("Kitchen", f"{_UNLOCK}|sure, in an hour", "", "^Shall I unlock"),
        ("Kitchen", f"{_UNLOCK}|okay, forget about it", "", "leave"),
        ("Kitchen", f"{_UNLOCK}|yes please, and turn the hall light on", f"light.hall=on {_LOCKED}=unlocked", None),
        ("Kitchen", f"{_UNLOCK}|ok then dear", f"{_LOCKED}=unlocked", None),
    ),
    "a request among what is told": (
        ("Hall", "switch the kettle on, none of us has had a thing all day", "switch.kettle=on", None),
        ("Bedroom", "turn the heating off, there's no point warming the street", None, "off"),
        ("Hall", "turn on all the lights|--|we don't need the whole house lit, the study light can go off",
         "light.study=off", None),
        ("Bathroom", "turn on the bathroom fan|--|for goodness' sake, that fan's been whining for ages, switch it off",
         "fan.bathroom=off", None),
        ("Hall", "it's like a sauna in the study, cool it down to 20", None, "air conditioner is set to 20"),
        ("Hall", "it's like a fridge in the bedroom, warm it up to 21", None, "bedroom radiator is set to 21"),
        ("Hall", "don't turn on the light, it's dark in here", "", None),
        ("Hall", "my sister says it's cold and wants the heating up", "", None),
    ),
    "taken back": (
        ("Living Room", "turn on the floor lamp|--|my mistake, turn it back", f"{_LAMP}=off", None),
        ("Living Room", "close the blinds|--|ah, undo that, I like the view", "cover.living_room_blinds=open", None),
        ("Study", "set the desk lamp to 20|--|no, that's gloomy, back the way it was", "light.desk=off", None),
        ("Kitchen", "play blues|stop, the phone's ringing", None, "paused|took it back"),
    ),
    "in other words": (
        ("Hall", "how muggy is it in the bathroom", "", "61 %"),
        ("Hall", "twenty and a half on the thermostat", None, "20.5"),
        ("Hall", f"{_ON}|no lights except the study one", None, "lights are off"),
        ("Kitchen", f"soap and sponges need to go on the shopping list|{_LIST}", "", "soap and sponges"),
        ("Kitchen", f"put rice, beans and, oh, some salt on the shopping list|{_LIST}", "", "rice, beans and salt"),
        ("Kitchen", "random question, what's 20 percent of 300", "", "60"),
        ("Kitchen", "set a timer for ate minutes", "", "8 minutes"),
        ("Kitchen", "close the blinds in the kids room and in the living room",
         "cover.kids_room_blinds=closed cover.living_room_blinds=closed", None),
        ("Living Room", "close the blinds in here and in the kids room",
         "cover.kids_room_blinds=closed cover.living_room_blinds=closed", None),
        ("Hall", "lock back and front for the night", "", "locked"),
        ("Hall", "the plumber's at the front door, let him in", "", "^Shall I unlock the front door"),
        ("Hall", "is Rover asleep in his corner or is he cleaning", "", "dock"),
        ("Hall", "there's thick smoke coming out of the dryer", "", "112"),
    ),
    "from one time to another": (
        ("Hall", "heating on from 6 till 8", "", "tomorrow at 6 am.*tomorrow at 8 am"),
        ("Hall", "turn on the fan in the bathroom from 10 pm to 6", "", "10 pm.*tomorrow at 6 am"),
        ("Hall", "patio lights on from 9 to 5 tomorrow", "", "tomorrow at 9 am.*tomorrow at 5 pm"),
    ),
    "what somebody may say some day": (
        ("Hall", "when anybody in the house shouts help, turn on the lights", None, "^(?!.*112)"),
    ),
}  # fmt: skip
