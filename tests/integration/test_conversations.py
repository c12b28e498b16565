"""Whole conversations with the assistant in its virtual home: what people say, and what must come of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome
from uptake.assistant.loop import Agent
from uptake.types import Request

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]

MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
KITCHEN = Origin(device_type="speaker", has_screen=False, room="Kitchen")

# Room, then what is said and what the answer must contain (lower case), turn by turn.
CONVERSATIONS = {
    "this room": (
        "Kitchen",
        ("turn on the light", "kitchen"),
        ("is the kitchen light on", "yes"),
        ("turn it off", "kitchen"),
        ("is the kitchen light on", "no"),
    ),
    "the other room follows": (
        "Living Room",
        ("set the living room light to 40 percent", "40"),
        ("and in the kitchen?", "kitchen"),
        ("turn off all the lights", "off"),
    ),
    "a question after a command is a question": (
        "Kitchen",
        ("preheat the oven to 200 degrees", "200"),
        ("how hot is the oven", "oven"),
        ("what is the temperature", "oven"),
        ("which windows are open", "window"),
        ("are the doors locked", "front door"),
    ),
    "a new value is a new request": (
        "Kitchen",
        ("set a timer for ten minutes", "10 minutes"),
        ("set a timer", "how long"),
        ("five minutes", "5 minutes"),
        ("set a timer for an hour called roast", "roast"),
        ("how much time is left on the roast timer", "1 hour"),
        ("cancel the roast timer", "roast"),
    ),
    "critical things are asked first": (
        "Hall",
        ("unlock the front door", "?"),
        ("no", "leave it"),
        ("is the front door locked", "yes"),
        ("unlock the front door", "?"),
        ("yes please", "unlocked"),
        ("is the front door locked", "no"),
        ("lock it", "locked"),
        ("open the garage door", "?"),
        ("never mind", "all right"),
    ),
    "corrections": (
        "Living Room",
        ("turn on the floor lamp", "floor lamp is on"),
        ("no, the desk lamp", "desk lamp"),
        ("is the floor lamp on", "no"),
        ("undo that", "took it back"),
    ),
    "machines": (
        "Kitchen",
        ("start the washing machine", "washing machine"),
        ("stop the washing machine", "washing machine"),
        ("start the coffee maker", "coffee"),
        ("is the coffee maker on", "yes"),
        ("vacuum the kitchen", "kitchen"),
    ),
    "lists": (
        "Kitchen",
        ("add milk to the shopping list", "milk"),
        ("add eggs and butter to the shopping list", "eggs"),
        ("what is on the shopping list", "milk"),
        ("remove milk from the shopping list", "milk"),
        ("what's on my shopping list", "eggs"),
    ),
    "alarms and reminders": (
        "Bedroom",
        ("wake me at seven tomorrow", "7"),
        ("what alarms do i have", "7"),
        ("delete it", "alarm"),
        ("remind me to call the bank at three pm", "3"),
        ("what are my reminders", "bank"),
    ),
    "facts and figures": (
        "Study",
        ("what is the capital of france", "paris"),
        ("what is 12 times seven", "84"),
        ("how many cups are in two litres", "cups"),
        ("what time is it", "9"),
        ("what time is it in tokyo", "tokyo"),
        ("what's the weather in berlin", "berlin"),
        ("what about tomorrow", "berlin"),
        ("who wrote hamlet", "shakespeare"),
    ),
    "media": (
        "Living Room",
        ("play hunger games", "audiobook"),
        ("pause", "paus"),
        ("play the hunger games on the tv", "playing the hunger games on the tv"),
        ("turn the volume up", "volume"),
        ("what is playing", "hunger games"),
    ),
    "small talk and what it cannot do": (
        "Kitchen",
        ("hello", ""),
        ("good night", "night"),
        ("book me a flight to mars", "nothing i can do"),
        ("tell me a joke", ""),
        ("what can you do", ""),
        ("flibber the wobbly gronk", "sorry"),
    ),
    "misspelt": (
        "Kitchen",
        ("swich on the kichen lite", "kitchen light is on"),
        ("trun off the kitchen lights", "off"),
        ("could you please make it a bit warmer in the bedroom", "bedroom"),
    ),
}


@pytest.fixture
def agent(tmp_path):
    home = VirtualHome.load()
    home.set_time(MORNING)
    opened = open_agent(tmp_path, home=home)
    return Agent(replace(opened.components, asks=None))


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation(agent, name):
    room, *said = CONVERSATIONS[name]
    origin = replace(KITCHEN, room=room)
    wrong = []
    for text, expected in said:
        reply = agent.answer(Request(text=text, user_id="ann"), origin)
        if expected not in reply.speech.lower():
            wrong.append(f"{text!r}: {reply.speech!r} lacks {expected!r}")
    assert not wrong, "\n".join(wrong)


def said(agent, at, *lines, user="ann", **where):
    """What is answered to some lines that one person says at one time."""
    agent.components.home.set_time(at)
    origin = replace(KITCHEN, **where)
    return [agent.answer(Request(text=line, user_id=user), origin).speech for line in lines][-1]


def test_start_brewing_is_what_this_person_brews_at_this_hour(agent):
    for day in range(2, 6):
        said(agent, datetime(2026, 3, day, 7, 0, tzinfo=UTC), "start the coffee maker")
        said(agent, datetime(2026, 3, day, 16, 0, tzinfo=UTC), "turn on the kettle")
    assert "coffee maker" in said(agent, datetime(2026, 3, 9, 7, 5, tzinfo=UTC), "start brewing")
    assert "kettle" in said(agent, datetime(2026, 3, 9, 16, 5, tzinfo=UTC), "start brewing")


def test_play_music_is_what_this_person_listens_to(agent):
    for day in range(2, 5):
        said(agent, datetime(2026, 3, day, 20, 0, tzinfo=UTC), "play some jazz", "stop", user="jo")
        said(agent, datetime(2026, 3, day, 21, 0, tzinfo=UTC), "play hard rock", "stop", user="max")
    assert "jazz" in said(agent, datetime(2026, 3, 9, 20, 0, tzinfo=UTC), "play some music", user="jo")
    assert "hard rock" in said(agent, datetime(2026, 3, 9, 20, 30, tzinfo=UTC), "play some music", user="max")


@pytest.mark.parametrize(("device", "audiobook"), [("speaker", True), ("display", False), ("tv", False)])
def test_a_title_is_a_film_where_there_is_a_screen(agent, device, audiobook):
    answer = said(agent, MORNING, "play hunger games", device_type=device, has_screen=device != "speaker")
    assert ("audiobook" in answer) == audiobook
    assert "Hunger Games" in answer
