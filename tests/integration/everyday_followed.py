"""What follows a turn in a few words, and what is said beside a command; lines as in `tests.integration.everyday`."""

from __future__ import annotations

__all__ = ["FOLLOWED"]

_LAMP = "light.floor_lamp"
_OFF = "turn on the floor lamp|turn on the kitchen light|--"

FOLLOWED = {
    "a time alone": (
        ("Living Room", "turn on the floor lamp|--|for an hour|+61m", f"{_LAMP}=off", None),
        ("Study", "remind me to water the plants every sunday|at ten|what reminders do I have", None, "10 am"),
        ("Study", "remind me to water the plants every sunday|actually saturday", None, "every Saturday at 9 am"),
        ("Kitchen", "turn on the coffee maker at 7 tomorrow|actually 7:30", "", "tomorrow at 7:30 am"),
        ("Kitchen", "turn on the coffee maker at 7 tomorrow|actually 7:30|no, cancel it|what's planned", "", "Nothing"),
        ("Study", "remind me about the meeting at 3", "", "3 pm"),
    ),
    "what stays": (
        ("Living Room", "turn on the floor lamp|--|leave it on then", "", "Good"),
        ("Living Room", "turn on the floor lamp|--|turn off the floor lamp|leave it on", "", "took it back"),
        ("Hall", "turn on all the lights downstairs|--|except the floor lamp", f"{_LAMP}=off", "lights"),
        ("Living Room", "close the blinds|--|not all the way", "cover.living_room_blinds=open", "25 %"),
    ),
    "what was listed": (
        ("Study", f"{_OFF}|which lights are on|turn those off", f"{_LAMP}=off light.kitchen=off", None),
        ("Study", f"{_OFF}|what's on", "", "kitchen light and the floor lamp"),
        ("Hall", "lock the back door|and the front|are they both locked now", "", "Yes"),
    ),
    "another value": (
        ("Study", "what's the capital of Spain|and Portugal|Italy", "", "Rome"),
        ("Study", "what's twelve times nine|divided by two|and plus ten", "", "64"),
        ("Study", "will it rain|tomorrow", "", "tomorrow in London"),
        ("Hall", "lock the front door|thanks|and the back", "", "back door"),
    ),
    "beside a command": (
        ("Kitchen", "play jazz|--|mute the speaker a sec, phone's ringing", None, "muted"),
        ("Kitchen", "turn on the oven|--|the pie needs another twenty minutes, turn the oven off after that", "", "20"),
        ("Bedroom", "close the curtains|--|draw the curtains back and let some light in",
         "cover.bedroom_curtains=open", None),
        ("Kitchen", "the milk's off, put it on the list|what's on the list", "", "milk\\."),
        ("Kitchen", "turn on the oven|turn on the kitchen light|--|don't turn off the oven, just the kitchen light",
         "light.kitchen=off", None),
    ),
    "reasons and manners": (
        ("Study", "turn on the ceiling fan|--|I wonder if you might switch the ceiling fan off, there's rather a "
         "draught", "fan.living_room=off", None),
        ("Study", "turn on the ceiling fan|--|switch the ceiling fan off, it's cold in here",
         "fan.living_room=off", None),
        ("Kitchen", "close the bedroom curtains|--|if it's no bother I'd love the bedroom curtains open, "
         "looks like a gorgeous day", "cover.bedroom_curtains=open", None),
        ("Bedroom", "turn on the bedside lamp|--|I'm reading till quarter to eleven, turn the bedside lamp off then",
         "", "10:45 pm"),
        ("Kitchen", "turn on the coffee maker|--|I don't want the coffee maker on anymore",
         "switch.coffee_maker=off", None),
        ("Kitchen", "set the kitchen light to 40 percent|--|it's dark, make it 20 percent brighter", None, "60 %"),
        ("Kitchen", "be a love and walk the dog for me", "", "Sorry"),
        ("Kitchen", "I'm sick of the radio, turn it off", "", "Sorry"),
        ("Kitchen", "play jazz|--|take the volume down by ten", None, "30 %"),
        ("Kitchen", "american recipe, it says 350 fahrenheit, what's that in celsius?", "", "176\\.7"),
        ("Kitchen", "play jazz in the living room", None, "jazz on the soundbar"),
        ("Kitchen", "play jazz in the bathroom", "", "no player in the bathroom"),
    ),
    "several at once": (
        ("Bedroom", "set two alarms for tomorrow, 6:45 and 7|what alarms do I have", "", "6:45 am .* 7 am"),
        ("Kitchen", "oven to 180 and a timer for 25 minutes|how long is left", None, "25 minute timer"),
        ("Kitchen", "bread, butter and jam on the shopping list", "", "bread, butter and jam"),
        ("Kids Room", "close the blinds and turn off their light", "cover.kids_room_blinds=closed", None),
    ),
    "nothing is done": (
        ("Garden", "turn on the hot tub", "", "no hot tub"),
        ("Living Room", "something else|turn it off", "", "\\?|nothing|Nothing|Sorry"),
        ("Hall", "have Rover do the hall|--|stop Rover", "vacuum.rover=paused", None),
        ("Kitchen", "when the timer goes off turn off the oven", "", "cannot wait"),
        ("Kitchen", "add milk to the list|take everything off the list except the milk|what's on the list", "", "milk"),
    ),
}  # fmt: skip
