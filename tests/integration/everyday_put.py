"""Values in any words, requests beside remarks, regrets, and questions as people ask them; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["PUT"]

_LAMP = "light.floor_lamp"

PUT = {
    "values in any words": (
        ("Bedroom", "twenty percent on the bedside lamp", "light.bedside=on light.bedside.brightness=20", None),
        ("Hall", "bedside lamp, nice and low, ten percent or so", "light.bedside=on light.bedside.brightness=10", None),
        ("Living Room", "blinds three quarters of the way down", None, "25 % open"),
        ("Living Room", "ceiling fan flat out", "fan.living_room=on fan.living_room.percentage=100", None),
        ("Bedroom", "sixteen will do for the bedroom radiator", None, "set to 16 °C"),
        ("Living Room", "nineteen and a half degrees in here please", None, "thermostat is set to 19.5"),
        ("Living Room", "tv volume at twelve", "media_player.tv.volume=12", None),
        ("Living Room", "turn on the ceiling fan, not too fast", None, "33 %"),
        ("Kitchen", "preheat to two twenty please", None, "220"),
        ("Bedroom", "set the radiator to 21|--|thinking about the bill, eighteen and a half is plenty", None, "18.5"),
        ("Living Room", "set the floor lamp to 80 percent|--|sixty percent would be better",
         f"{_LAMP}.brightness=60", None),
        ("Living Room", "don't turn the heating off, just down a bit", None, "set to 20 °C"),
        ("Living Room", "is the floor lamp at twenty percent", "", None),
        ("Living Room", "three of the lights blue", "", None),
    ),
    "beside a remark": (
        ("Kids Room", "story's finished, blinds right down in here now", "cover.kids_room_blinds=closed", None),
        ("Study", "I've a stack of forms to run off, any chance you could get the printer warmed up?",
         "switch.printer=on", None),
        ("Living Room", "dim the floor lamp to 20 percent and close the blinds, the film's starting",
         f"{_LAMP}=on {_LAMP}.brightness=20 cover.living_room_blinds=closed", None),
        ("Kitchen", "chuck the coffee machine on while I have a shower", "switch.coffee_maker=on", None),
        ("Living Room", "turn on the floor lamp while the film is on", "", "cannot wait"),
        ("Kitchen", "bin bags and cat litter, pop those on the list|what's on the list", "",
         "bin bags and cat litter"),
        ("Living Room", "please learn bin day: floor lamp on", "", None),
        ("Living Room", "tell dad dinner's ready", "", "cannot pass anything on"),
    ),
    "regrets": (
        ("Kitchen", "kettle and coffee maker on please|--|switch the second one back off",
         "switch.coffee_maker=off", None),
        ("Kitchen", "kettle on|coffee maker on please|--|actually turn the kettle off", "switch.kettle=off", None),
        ("Kitchen", "get the kettle and the counter lights on|--|mm, forget the kettle, I'll have squash",
         "switch.kettle=off", None),
        ("Living Room", "floor lamp on|turn on the ceiling fan|no, scrap that, put both of those back how they were",
         "", "took it back"),
        ("Living Room", "put the ceiling fan on|I said fan, I meant the floor lamp", f"{_LAMP}=on", None),
        ("Living Room", "switch it off", "", r"\?"),
        ("Hall", "turn on the kids room light|is the kids room light still on|--|well put it out then, she's asleep",
         "light.kids_room=off", None),
    ),
    "as people ask": (
        ("Kitchen", "I never left the oven on, did I?", "", "^No, the oven is off"),
        ("Kitchen", "I did lock the back door, didn't I", "", "^Yes, the back door is locked"),
        ("Hall", "have I locked up properly", "", "all locks are locked"),
        ("Kitchen", "which lights have we got on at the minute", "", "No light is on"),
        ("Living Room", "play some jazz|who's this by", None, "jazz"),
        ("Living Room", "what did you just do", "", "done nothing"),
        ("Kitchen", "if the back door's not locked then lock it, otherwise never mind", "", "done nothing"),
        ("Kitchen", "if the kettle's on turn it off, otherwise turn on the coffee maker",
         "switch.coffee_maker=on", None),
        ("Living Room", "it's absolutely baltic in here", None, "set to 22"),
    ),
}  # fmt: skip
