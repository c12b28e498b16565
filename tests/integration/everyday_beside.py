"""What stands beside a request, and follow-ups with a remark before them; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["BESIDE"]

_DESK = "light.desk"
_TIMER = "how long is left"

BESIDE = {
    "a part that asks for nothing": (
        ("Study", "only me, would you mind switching the desk lamp on, my eyes are shot", f"{_DESK}=on", None),
        ("Study", "hiya, only me, is the printer on? the boss wants a form", "", "off"),
        ("Study", "forget it, turn the desk lamp on then", f"{_DESK}=on", None),
        ("Hall", "I say, could you tell me what the temperature is outside tonight? I'm off jogging", "", "12.5"),
    ),
    "remarks": (
        ("Kitchen", "film's about to start, turn the tv on", "media_player.tv=idle", None),
        ("Garage", "can you open the garage door, I need to get the bikes out", "", "^Shall I open the garage door"),
        ("Bedroom", "wake me at half six tomorrow, swimming club, heaven help me|what alarms are set", "", "6:30 am"),
        ("Kitchen", "my hands are covered in flour, stick the kettle on", "switch.kettle=on", None),
        ("Kitchen", "turn on the tv|--|there's no need for the tv to be on", "media_player.tv=off", None),
        ("Study", "turn on the desk lamp|--|have I left any lights on?", "", "desk lamp"),
        ("Kitchen", "play some music in here", None, "Playing music on"),
        ("Kitchen", "play some music on the speaker in here", "media_player.kitchen_speaker=playing", None),
        ("Living Room", "put some frank sinatra on", "media_player.soundbar=playing", "Frank Sinatra"),
        (
            "Study",
            "printer on|desk lamp on|--|everything off in here but keep the printer going",
            "light.desk=off",
            None,
        ),
        ("Bedroom", "get me up at quarter to seven on weekdays from now on, an alarm please", "", "^Alarm set"),
        ("Kitchen", "everything off in the bathroom, I mean the lights", "", "bathroom light"),
    ),
    "the place told beside a request": (
        ("Living Room", "I'm in the kitchen, put the counter lights on", "light.counter=on", None),
        ("Hall", "turn on the study light|--|nobody's in the study, turn the light off", "light.study=off", None),
        ("Living Room", "the baby's asleep in the bedroom, turn the lights off", "", None),
        ("Living Room", "it's airless in the bedroom, put the fan on", "", "no fan in the bedroom"),
        ("Bedroom", "turn on the desk lamp|--|I'm done in the study so turn the lights off", "light.desk=off", None),
    ),
    "no verb but what is to be": (
        ("Study", "turn on the study light|turn on the desk lamp|--|all the lights off please",
         "light.study=off light.desk=off", None),
        ("Hall", "all the doors locked?", "", "^Yes"),
        ("Kitchen", "coffee on", "switch.coffee_maker=on", None),
        ("Kitchen", "start the dishwasher and get the coffee going too",
         "switch.dishwasher=on switch.coffee_maker=on", None),
    ),
    "a remark and nothing else": (
        ("Living Room", "my sister's picking me up at six", "", "^Sorry"),
        ("Living Room", "we've got people coming round tonight", "", "^Sorry"),
        ("Living Room", "the dog's been sick again, bless him", "", "^Sorry"),
        ("Kitchen", "i've been up since half past four", "", "^(?!.*(Alarm set|Noted))"),
    ),
    "asked after, not asked for": (
        ("Hall", "I was wondering if I'd locked the front door", "", "locked"),
        ("Hall", "no one is allowed to open the garage", "", "will not do that"),
        ("Bedroom", "nobody's to unlock the back door tonight", "", "will not do that"),
    ),
    "of what was said before, and only that": (
        ("Kitchen", "what's 15 percent of 80|and of 120", "", "18"),
        ("Kitchen", "play some jazz|--|stop it in five minutes", "", "in 5 minutes"),
        ("Hall", "is the garage door shut? if not shut it", "", "^The garage door is closed"),
        ("Study", "turn on the desk lamp|turn on the printer|--|everything in the study off, no not the printer",
         "light.desk=off", None),
        ("Living Room", "set the heating to 19 but not in the bedroom", "climate.living_room.temperature=19", None),
    ),
    "less of it, or not at all": (
        ("Kitchen", "turn the kitchen light on|set it to 40|set it to 20|--|not that low", "light.kitchen=on", "40"),
        ("Bedroom", "turn the bedroom light off in ten minutes|never mind|what is planned", "", "^Nothing"),
        ("Kitchen", "start hoovering in the kitchen", "vacuum.rover=cleaning", None),
        ("Bedroom", "set an alarm for 6|make it 6:30 on weekdays", "", "every weekday at 6:30 am"),
    ),
    "anybody's words stay": (
        ("Kitchen", "add lite beer to the shopping list", "", "lite beer"),
        ("Kitchen", "remind me tomorrow at 9 to pack the tent for the night|what reminders do I have", "",
         "for the night"),
    ),
    "what a yes agrees to, at its time": (
        ("Living Room", "turn on the tv|let the kids watch till half eight and then turn the telly off|--|yes", "",
         "I will turn off the TV today at 8:30 pm"),
    ),
    "how it is to be made": (
        ("Living Room", "make it cold in here", "climate.living_room.temperature=20", None),
        ("Bedroom", "turn the radiator down to sixteen for the night", "climate.bedroom.temperature=16", None),
        ("Living Room", "turn on the floor lamp|set it to 80|set it to 30|--|hmm no, too dark, go back to how it was",
         "light.floor_lamp=on", "took it back"),
        ("Kitchen", "put the oven on at 180|--|up another twenty", "switch.oven.temperature=200", None),
        ("Kitchen", "set a timer for 15 minutes for the spuds|no, I said fifty minutes|how long is left", "",
         "^49 minutes"),
        ("Bedroom", "don't close the curtains all the way, just halfway", "cover.bedroom_curtains.position=50", None),
        ("Kitchen", "add eggs to the list|I already bought the eggs, take em off the list|what's on the list", "",
         "empty"),
        ("Hall", "what's 15 percent of 60 dollars? for the tip", "", "9"),
        ("Hall", "turn on the garage light|--|turn of the garage lite", "light.garage=off", None),
    ),
    "music that is not wanted": (
        ("Bedroom", "play jazz|--|I don't want any music on now, I've a splitting headache",
         "media_player.bedroom_speaker=paused", None),
        ("Kitchen", "play some jazz|--|I don't want any music in here anymore",
         "media_player.kitchen_speaker=paused", None),
        ("Kitchen", "play some jazz|--|turn off the music in here", "media_player.kitchen_speaker=paused", None),
    ),
    "things before their command": (
        ("Study", "the printer and the desk lamp, could you put them both on", f"{_DESK}=on switch.printer=on", None),
        ("Kitchen", "kettle and coffee maker: start them please", "switch.kettle=on switch.coffee_maker=on", None),
        ("Hall", "the bedside lamp... turn it on would you", "light.bedside=on", None),
    ),
    "a length told beside": (
        ("Kitchen", "this loaf wants 35 minutes, pop a timer on please|" + _TIMER, "", "(34|35) minutes"),
        ("Hall", f"right, start a timer, she's allowed a quarter of an hour on the console|{_TIMER}", "", "1[45] min"),
        ("Kitchen", f"last time it took 20 minutes, set a timer|{_TIMER}", "", "^(?!.*(19|20) min)"),
        ("Kitchen", f"45s timer|{_TIMER}", "", "4[0-5] seconds|3\\d seconds"),
        ("Kitchen", f"1h timer|{_TIMER}", "", "59 minutes|1 hour"),
    ),
    "a value alone, of the thing told of": (
        ("Living Room", "mum would like the floor lamp green, so green it is please", "light.floor_lamp=on", "green"),
    ),
    "taken back beside a remark": (
        ("Study", "turn on the desk lamp|--|hang on, the baby's asleep, undo that", f"{_DESK}=off", None),
        ("Living Room", "close the blinds|--|ah no, forget it, raise them up again how they were",
         "cover.living_room_blinds=open", None),
        ("Living Room", "turn on the floor lamp|--|put the floor lamp back the way it was please",
         "light.floor_lamp=off", None),
        ("Study", "turn on the desk lamp|--|it's late, is it off", "", None),
    ),
    "a follow-up behind a remark": (
        ("Study", "turn on the desk lamp|--|ouch, that hurts my eyes, can you dim it a touch",
         "light.desk.brightness=55", None),
        ("Kitchen", "turn on the tv|is the tv on|--|right so turn it off then, we're all in bed",
         "media_player.tv=off", None),
        ("Living Room", "set the ceiling fan to 60 percent|--|make it please a little slower",
         "fan.living_room.percentage=35", None),
        ("Hall", "turn on the patio lights|--|ta. and now the one in the garage as well, if you'd be so kind",
         "light.garage=on", None),
        ("Living Room", "set the thermostat to 18|--|pardon me, I was going to say 20",
         "climate.living_room.temperature=20", None),
        ("Living Room", "set the thermostat to 18|--|my mistake, what I meant was 21",
         "climate.living_room.temperature=21", None),
    ),
    "instead of": (
        ("Study", "turn on the printer|turn on the desk lamp|--|don't switch the printer off, only the desk lamp",
         f"{_DESK}=off", None),
    ),
    "units": (
        ("Hall", "how many inches are there in a yard?", "", "36"),
        ("Hall", "my boy wants to know, how many metres in a mile?", "", "1,?609"),
    ),
    "what is done is part of no name": (
        ("Kitchen", "turn on the tv|--|well turn it off then, nobody is looking", "media_player.tv=off", None),
    ),
    "moved more than once": (
        ("Hall", "set an alarm for 6 tomorrow|make it half past|make it 7:45|what alarms do I have", "",
         "One alarm: tomorrow at 7:45 am"),
        (
            "Hall", "set an alarm for 6 tomorrow|make it 6:20|what alarms do I have|no, make it five"
            "|what alarms do I have",
         "", "One alarm: tomorrow at 5 am"),
        ("Hall", "remind me on Saturday to ring Bo|push it to Sunday|what reminders do I have", "",
         "^1 reminder: ring Bo, .*Sunday"),
    ),
}  # fmt: skip
