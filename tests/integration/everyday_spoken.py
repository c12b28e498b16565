"""Parts put right, the rest of a few things, times that follow, and frames of courtesy; lines as in `everyday`."""

from __future__ import annotations

__all__ = ["SPOKEN"]

_LAMP = "light.floor_lamp"
_THREE = "turn on the living room light, the floor lamp and the hall light"
_LIST = "what's on the shopping list"
_ALARMS = "what alarms do I have"
_REMINDERS = "what reminders do I have"

SPOKEN = {
    "a part put right": (
        ("Kitchen", f"add green tea to the shopping list|not green, black tea|{_LIST}", "", ": black tea\\.$"),
        ("Kitchen", f"add paper napkins to the list|cloth napkins, sorry|{_LIST}", "", ": cloth napkins\\.$"),
        ("Kitchen", f"add four peppers to the list|make it six|{_LIST}", "", ": six peppers\\.$"),
        ("Kitchen", f"add plums and candles to the list|the tall ones|{_LIST}", "", "plums and tall candles"),
        ("Kitchen", f"add three jars of honey|{_LIST}", "", "three jars of honey"),
        ("Study", f"remind me to write to Anna tomorrow at 4|not Anna, Hanna|{_REMINDERS}", "", "write to hanna, tom"),
        ("Study", f"remind me tomorrow at 8 to pay Jim, I mean Tim|{_REMINDERS}", "", "pay Tim"),
        ("Kitchen", "play rock, no, blues", None, "Playing blues"),
        ("Kitchen", "play jazz|skip this one", None, "next one"),
    ),
    "of a few things": (
        ("Hall", f"{_THREE}|--|keep the first one on and switch the rest off", f"{_LAMP}=off light.hall=off", None),
        ("Hall", f"{_THREE}|--|all of them off but the lamp", "light.living_room=off light.hall=off", None),
        ("Hall", f"{_THREE}|--|turn off the last two", f"{_LAMP}=off light.hall=off", None),
        ("Hall", f"{_THREE}|turn off the hall light|--|now the rest", f"light.living_room=off {_LAMP}=off", None),
        ("Hall", f"{_THREE}|which of them are on", None, "living room light, the floor lamp and the hall light are"),
        ("Study", "turn on the study light|--|and the other one", "light.desk=on", None),
        ("Study", "turn on the study light|--|oh sorry, not that one", "light.desk=on light.study=off", None),
        ("Hall", "turn on the lights downstairs|--|no, not the kitchen ones",
         "light.kitchen=off light.counter=off", None),
        ("Bedroom", "turn on the lights upstairs|--|turn off the lights upstairs, but leave us the bathroom light",
         "light.bedroom=off light.bedside=off light.kids_room=off light.study=off light.desk=off", None),
        ("Hall", "turn on the lights downstairs|--|lights off downstairs bar the hall",
         f"light.kitchen=off light.counter=off light.living_room=off {_LAMP}=off", None),
        ("Living Room", "play the Beatles in every room", None, "soundbar.*bedroom speaker|bedroom speaker.*soundbar"),
    ),
    "times that follow": (
        ("Bedroom", f"set an alarm for 6:40 tomorrow|same again the day after|{_ALARMS}", "", "Thursday at 6:40 am"),
        ("Bedroom", f"wake me at five|no, six|{_ALARMS}", "", "One alarm: tomorrow at 6 am"),
        ("Bedroom", f"wake me at 6:10 tomorrow|hold on, 6:40|{_ALARMS}", "", "One alarm: tomorrow at 6:40 am"),
        ("Bedroom", f"set an alarm for 8:30 tomorrow|push it back 20 minutes|{_ALARMS}", "", "One .* 8:50 am"),
        ("Bedroom", f"set an alarm for 6am and 8am|get rid of the early one|{_ALARMS}", "", "One .* 8 am"),
        ("Study", f"remind me about the lecture at 2 tomorrow|quarter of an hour before that|{_REMINDERS}", "",
         "^1 .*1:45 pm"),
        ("Study", f"remind me to feed the fish tonight at 9|and again on friday|{_REMINDERS}", "", "^2 .*Friday at 9"
        " pm"),
        ("Kitchen", "turn on the kettle at 7 tomorrow|same again on thursday|what's planned", "", "Thursday at 7 am"),
        ("Kitchen", "turn on the kettle at 7 tomorrow|make it half an hour later|what's planned", "",
         "^I will turn on the kettle tomorrow at 7:30 am.$"),
        ("Kitchen", "set a timer for 8 minutes|never mind|what timers are running", "", "No timer"),
        ("Kitchen", "9 minutes for the pasta please, on the timer", "", "Pasta timer, 9 minutes"),
        ("Hall", "at eleven turn the heating down to 17|what's planned", "", "17 degrees today at 11 pm"),
        ("Study", "remind me to ring the bank at 5", "", "5 pm"),
    ),
    "by how much": (
        ("Living Room", "set the thermostat to 24|--|too warm, take a couple of degrees off",
         "climate.living_room.temperature=22", None),
        ("Kitchen", "set the oven to 220|--|that's too hot, 30 less", "switch.oven.temperature=190", None),
        ("Study", "set the desk lamp to 60|--|that's plenty, half that", "light.desk.brightness=30", None),
        ("Study", "set the desk lamp to 60|--|up to 90", "light.desk.brightness=90", None),
        ("Study", "what's the ac set to|--|raise it one degree", "climate.study=on climate.study.temperature=23", None),
        ("Living Room", "close the blinds|--|open them a little", None, "20 % open"),
        ("Bedroom", "open the curtains two thirds", None, "67 % open"),
        ("Living Room", "make the lamp twenty five", f"{_LAMP}=on {_LAMP}.brightness=25", None),
        ("Bedroom", "make the radiator 22 actually", "climate.bedroom.temperature=22", None),
        ("Kitchen", "set a timer for 5 minutes|make it 9 actually|what timers are running", "", "9 minute timer"),
        ("Bedroom", "bedside lamp on low", "light.bedside=on light.bedside.brightness=33", None),
        ("Kitchen", "oven to one hundred and ninety", "switch.oven=on switch.oven.temperature=190", None),
    ),
    "not needed": (
        ("Study", "turn on the desk lamp|--|I reckon we can manage without the desk lamp", "light.desk=off", None),
        ("Living Room", "turn on the tv|--|nobody's watching the tv", "media_player.tv=off", None),
        ("Living Room", "turn on the fan|--|don't leave the fan running", "fan.living_room=off", None),
        ("Hall", "unlock the back door|yes|--|don't leave the back door unlocked", "lock.back_door=locked", None),
        ("Living Room", "turn on the fan|--|don't let the fan stop", "", "not do that"),
    ),
    "frames and asides": (
        ("Bedroom", "we'd be ever so glad if you could close the curtains", "cover.bedroom_curtains=closed", None),
        ("Bedroom", "might I bother you to close the curtains", "cover.bedroom_curtains=closed", None),
        ("Bedroom", "is there any chance of you closing the curtains", "cover.bedroom_curtains=closed", None),
        ("Bedroom", "the curtains could do with closing", "cover.bedroom_curtains=closed", None),
        ("Bedroom", "I'd be glad if you didn't close the curtains", "", None),
        ("Kitchen", "play jazz|--|I can't hear it over the hob, bit louder", None, "50 %"),
        ("Living Room", "the carpet's a disgrace, run the hoover", "vacuum.rover=cleaning", None),
        ("Kitchen", "get the coffee going", "switch.coffee_maker=on", None),
        ("Kitchen", "play jazz|--|bit loud isn't it", None, "30 %"),
    ),
    "what it left": (
        ("Kitchen", "timer 4 minutes|pause it|carry on", "", "Running again"),
        ("Kitchen", "turn on the oven|is it hot yet", None, "^The oven"),
        ("Bedroom", "I want the bedside lamp at half", None, "50 %"),
        ("Living Room", "turn on the tv|did you turn it on?", None, "^Yes, the TV"),
        ("Kitchen", "turn on the kettle|has it boiled?", None, "4 minutes to go"),
        ("Bathroom", "start the washing machine|how long will that take", None, "1 hour and 35 minutes to go"),
        ("Hall", "is it warmer upstairs or downstairs", "", "^It is warmer downstairs"),
        ("Kitchen", "add eggs to the list|do we still need eggs", "", "^Yes"),
        ("Living Room", "what temperature is it outside", "", "12.5"),
        ("Garage", "open the garage|yes|now shut it", None, "close the garage door\\?"),
    ),
    "nothing else": (
        ("Hall", "turn on the lights downstairs|--|unlock all of them", "", "\\?"),
        ("Hall", "unlock the front door|yes|--|never mind", "lock.front_door=locked", None),
        ("Living Room", "if nobody's watching the tv turn it off", "", "cannot wait"),
        ("Study", "she thinks the printer isn't needed", "", None),
        ("Hall", "it would be great if you didn't open the garage door", "", None),
    ),
    "after a question": (
        ("Kitchen", "is the desk lamp on|turn it on", "light.desk=on", None),
        ("Hall", "turn on the bedside lamp|is the bedside lamp on?|--|ok, dim it a little", None, "bedside lamp is at"),
        ("Hall", "are the bedroom curtains open|close it", "cover.bedroom_curtains=closed", None),
        ("Hall", "is the back door locked|unlock it", "", "Shall I unlock"),
        ("Kitchen", "turn on the dishwasher|is the dishwasher still running", None, "^Yes"),
    ),
    "no more": (
        ("Bedroom", "set the bedroom light to 30|--|make the bedroom light twice as bright", None, "60 %"),
        ("Study", "set the desk lamp to 80|--|halve the brightness of the desk lamp", None, "40 %"),
        ("Kitchen", "play blues|--|we don't want any music now", None, "paused"),
        ("Study", "turn on the desk lamp|--|I don't want the desk lamp on any longer", "light.desk=off", None),
        ("Kitchen", "turn on the counter lights|--|I didn't mean to do that, put it back", "light.counter=off", None),
        ("Kitchen", f"we need candles and matches, put them on the shopping list|{_LIST}", "", "candles and matches"),
        ("Kitchen", f"turn on the heater every weekday at 6:45|{_ALARMS}", "", "no alarms"),
    ),
    "slips": (
        ("Bedroom", f"set an alram for sevn am|{_ALARMS}", "", "7 am"),
        ("Kitchen", "st a timer for tne minutes", "", "10 minutes"),
        ("Hall", "lok the bak door", "", "^(?!.*unlock the).*locked"),
        ("Living Room", "close the bilnds", "cover.living_room_blinds=closed", None),
    ),
}  # fmt: skip
