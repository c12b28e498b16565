"""I do not want to name every device: "turn it off", "pause", "play music" should do what I mean at that moment.

The whole assistant in the virtual home: each request changes the home that the next one meets.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from uptake import Request
from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome

kitchen = Origin(device_type="speaker", has_screen=False, room="Kitchen")
bedroom = Origin(device_type="speaker", has_screen=False, room="Bedroom")
display = Origin(device_type="display", has_screen=True, room="Kitchen")
home = VirtualHome.load()
home.set_time(datetime(2026, 3, 10, 18, 20, tzinfo=UTC))

SAID = [
    ("ann", kitchen, "turn on the oven"),
    ("ann", kitchen, "what is the temperature"),
    ("ann", kitchen, "turn it off"),
    ("bo", bedroom, "turn on the light"),
    ("cy", display, "play hunger games"),
    ("di", kitchen, "start rover"),
    ("di", kitchen, "pause"),
    ("eve", kitchen, "play some jazz"),
    ("eve", kitchen, "play music"),
    ("fay", kitchen, "play hard rock"),
    ("fay", kitchen, "play music"),
]

with tempfile.TemporaryDirectory() as place:
    agent = open_agent(Path(place), {"feedback": {"per_day": 0}}, home=home)
    for user, origin, text in SAID:
        print(f"{text} -> {agent.answer(Request(text=text, user_id=user), origin).speech}")

# prints:
# turn on the oven -> The oven is on, at 180 °C.
# what is the temperature -> The oven is on, 180 °C.
# turn it off -> The oven is off.
# turn on the light -> The bedroom light is on.
# play hunger games -> Playing The Hunger Games on the kitchen display.
# start rover -> Rover is cleaning.
# pause -> Rover is paused.
# play some jazz -> Playing jazz on the kitchen speaker.
# play music -> Playing jazz on the kitchen speaker.
# play hard rock -> Playing hard rock on the kitchen speaker.
# play music -> Playing hard rock on the kitchen speaker.
