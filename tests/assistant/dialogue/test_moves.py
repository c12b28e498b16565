"""find_move: answers, corrections, follow-ups; and what is left alone because it stands on its own."""

import pytest

from tests.assistant.simple_reader import SimpleReader
from tests.assistant.small_home import at, reading, resolver
from uptake.assistant.dialogue import Conversation, LastAction, Pending, find_move
from uptake.types import Exchange

RESOLVER = resolver(floor="on", living="on")
READER = SimpleReader()


def done(intent, *, said="", targets=(), alternatives=(), **slots):
    """A conversation in which this was done last."""
    last = LastAction(turn_id="t1", interpretation=reading(intent, **slots), targets=targets, alternatives=alternatives)
    exchange = Exchange(request=said or "…", response="LastAction.", interpretation=last.interpretation)
    return Conversation(session_id="s", exchanges=(exchange,), last=last)


def asked(kind, intent, slot=None, options=(), said="", **slots):
    """A conversation in which this was asked last."""
    pending = Pending(kind=kind, interpretation=reading(intent, **slots), slot=slot, options=tuple(options))
    exchange = Exchange(request=said or "…", response="?")
    return Conversation(session_id="s", exchanges=(exchange,), pending=pending)


def move(text, conversation, room="Living Room"):
    """(kind, intent, slots) of the move; None where there is none."""
    found = find_move(text, conversation, at(room), understanding=READER, resolver=RESOLVER)
    if found is None:
        return None
    interpretation = found.interpretation
    return (found.kind, interpretation.intent, dict(interpretation.slots)) if interpretation else (found.kind,)


UNLOCK = asked("confirm", "HassTurnOff", name="Front Door", area="Hall")
AGREED = ("yes", "HassTurnOff", {"name": "Front Door", "area": "Hall"})
HOW_LONG = asked("slot", "HassStartTimer", slot="duration", said="set a timer")
WHICH = asked("choice", "HassTurnOn", slot="name", options=("Living Room Ceiling Light", "Bedroom Ceiling Light"))
FILM_OR_BOOK = asked(
    "choice",
    "HassMediaSearchAndPlay",
    slot="media_class",
    options=("audiobook", "movie"),
    search_query="Dune",
    media_class="audiobook",
    name="Soundbar",
)
WHAT = asked("slot", "SetReminder", slot="text")
WHEN = asked("slot", "SetAlarm", slot="at")
RIGHT = asked("feedback", "HassTurnOn", name="Floor Lamp")
LIGHTS = done("HassTurnOn", area="Living Room", domain="light", targets=("light.living", "light.floor"))
FLOOR = done("HassTurnOn", name="Floor Lamp", targets=("light.floor",))
OFF = done("HassTurnOff", name="Floor Lamp", targets=("light.floor",))
DIM = done("HassLightSet", name="Floor Lamp", brightness="30", targets=("light.floor",))
DIMMER = done("HassLightSet", name="Floor Lamp", direction="down", targets=("light.floor",))
LOUDER = done("HassSetVolumeRelative", name="Soundbar", volume_step="up", targets=("media_player.soundbar",))
TIMER = done("HassStartTimer", minutes="5", said="set a timer for 5 minutes")
WEATHER = done("HassGetWeather", place="Berlin", said="what's the weather in Berlin")
ALARM = done("SetAlarm", at="7 am", said="wake me at 7 am")
TOMORROW = done("SetAlarm", at="7 tomorrow", said="wake me at 7 tomorrow")
BLIND = done("HassTurnOff", name="Left Blind", targets=("cover.living",))
JAZZ = done("HassMediaSearchAndPlay", search_query="jazz", media_class="genre", name="Soundbar")
MILK = done("HassListAddItem", item="milk", name="shopping")
HEAT = done("HassClimateSetTemperature", temperature="21", name="Thermostat", targets=("climate.living",))
FILM = done(
    "HassMediaSearchAndPlay",
    search_query="The Hunger Games",
    media_class="audiobook",
    alternatives=(reading("HassMediaSearchAndPlay", search_query="The Hunger Games", media_class="movie"),),
)

DIALOGUES = [
    # Yes and no.
    (UNLOCK, "yes", AGREED),
    (UNLOCK, "Yes, please!", AGREED),
    (UNLOCK, "yeah go ahead", AGREED),
    (UNLOCK, "sure, why not", AGREED),
    (UNLOCK, "do it", AGREED),
    (UNLOCK, "yes unlock it", AGREED),
    (UNLOCK, "ok love, go on then", AGREED),
    (UNLOCK, "yes if you would", AGREED),
    (UNLOCK, "yes no problem", AGREED),
    # What begins like a yes and is none: it must not unlock.
    (UNLOCK, "I do not want any music any more", None),
    (UNLOCK, "it is cold in here", None),
    (UNLOCK, "great weather today", None),
    (UNLOCK, "ok what time is it", None),
    (UNLOCK, "right, turn off the floor lamp", None),
    (UNLOCK, "sure, I will do it myself", ("no",)),
    (UNLOCK, "yes, no, wait, don't", ("no",)),
    (UNLOCK, "okay, leave it", ("no",)),
    (UNLOCK, "yes but only if the children are home", ("repeat",)),
    (UNLOCK, "yes, in ten minutes", ("repeat",)),
    (UNLOCK, "right after dinner", ("repeat",)),
    (UNLOCK, "no", ("no",)),
    (UNLOCK, "nope, don't", ("no",)),
    (UNLOCK, "never mind", ("no",)),
    (UNLOCK, "better not", None),
    (UNLOCK, "no, the back door", ("correct", "HassTurnOff", {"name": "back door"})),
    (UNLOCK, "what time is it", None),
    (UNLOCK, "turn on the floor lamp", None),
    (UNLOCK, "the back one", ("correct", "HassTurnOff", {"name": "Back Door"})),
    (UNLOCK, "and the back door?", ("correct", "HassTurnOff", {"name": "back door"})),
    (UNLOCK, "unlock it", AGREED),
    (UNLOCK, "unlock the back door", None),
    # Feedback.
    (RIGHT, "yes", ("yes",)),
    (RIGHT, "yes it was", ("yes",)),
    (RIGHT, "not really", ("no",)),
    (RIGHT, "no, the desk lamp", ("correct", "HassTurnOn", {"name": "desk lamp"})),
    (RIGHT, "what time is it", None),
    # A value that was asked for.
    (HOW_LONG, "five minutes", ("fill", "HassStartTimer", {"duration": "5 minutes"})),
    (HOW_LONG, "for an hour and a half please", ("fill", "HassStartTimer", {"duration": "an hour and a half"})),
    (HOW_LONG, "never mind", ("cancel",)),
    (HOW_LONG, "no", ("cancel",)),
    (HOW_LONG, "what's the weather", None),
    (WHAT, "turn off the oven", ("fill", "SetReminder", {"text": "turn off the oven"})),
    (WHAT, "what time is it", None),
    (WHAT, "forget it", ("cancel",)),
    (WHEN, "at seven tomorrow morning", ("fill", "SetAlarm", {"at": "7 tomorrow morning"})),
    (WHEN, "7:30", ("fill", "SetAlarm", {"at": "7:30"})),
    (WHEN, "play jazz", None),
    # A choice.
    (WHICH, "the second one", ("choose", "HassTurnOn", {"name": "Bedroom Ceiling Light"})),
    (WHICH, "the bedroom one", ("choose", "HassTurnOn", {"name": "Bedroom Ceiling Light"})),
    (WHICH, "the one in the bedroom", ("choose", "HassTurnOn", {"name": "Bedroom Ceiling Light"})),
    (WHICH, "living room", ("choose", "HassTurnOn", {"name": "Living Room Ceiling Light"})),
    (WHICH, "bed room ceiling", ("choose", "HassTurnOn", {"name": "Bedroom Ceiling Light"})),
    (WHICH, "the last one please", ("choose", "HassTurnOn", {"name": "Bedroom Ceiling Light"})),
    (WHICH, "neither", ("cancel",)),
    (WHICH, "none of them", ("cancel",)),
    (WHICH, "no, the desk lamp", ("fill", "HassTurnOn", {"name": "desk lamp"})),
    (WHICH, "play jazz", None),
    (FILM_OR_BOOK, "the film", ("choose", "HassMediaSearchAndPlay", {"search_query": "Dune", "media_class": "movie"})),
    # Corrections.
    (FLOOR, "no, the desk lamp", ("correct", "HassTurnOn", {"name": "desk lamp"})),
    (FLOOR, "I meant the desk lamp", ("correct", "HassTurnOn", {"name": "desk lamp"})),
    (FLOOR, "no i said the kitchen", ("correct", "HassTurnOn", {"domain": "light", "area": "Kitchen"})),
    (FLOOR, "not the floor lamp, the desk lamp", ("correct", "HassTurnOn", {"name": "desk lamp"})),
    (FLOOR, "no, the other one", ("correct", "HassTurnOn", {"name": "Living Room Ceiling Light"})),
    (FLOOR, "wrong light", ("correct", "HassTurnOn", {"name": "Living Room Ceiling Light"})),
    (FLOOR, "no, turn on the kettle", ("correct", "HassTurnOn", {"name": "the kettle"})),
    (LIGHTS, "not the living room, the bedroom", ("correct", "HassTurnOn", {"domain": "light", "area": "Bedroom"})),
    (TIMER, "no, ten minutes", ("correct", "HassStartTimer", {"minutes": "10"})),
    (TIMER, "make it ten", ("correct", "HassStartTimer", {"minutes": "10"})),
    (DIM, "no, fifty percent", ("correct", "HassLightSet", {"name": "Floor Lamp", "brightness": "50"})),
    (
        HEAT,
        "make that 19 degrees",
        ("correct", "HassClimateSetTemperature", {"temperature": "19", "name": "Thermostat"}),
    ),
    (
        FILM,
        "no, the other one",
        ("correct", "HassMediaSearchAndPlay", {"search_query": "The Hunger Games", "media_class": "movie"}),
    ),
    (WEATHER, "no, in Lima", ("correct", "HassGetWeather", {"place": "lima"})),
    (JAZZ, "no, the beatles", ("correct", "HassMediaSearchAndPlay", {"name": "Soundbar", "search_query": "beatles"})),
    (FLOOR, "no", ("no",)),
    (LIGHTS, "no, not the living room", ("correct",)),
    (LOUDER, "turn it up", None),
    (
        FILM,
        "the film",
        ("correct", "HassMediaSearchAndPlay", {"search_query": "The Hunger Games", "media_class": "movie"}),
    ),
    (TOMORROW, "no, eight", ("correct", "SetAlarm", {"at": "8 tomorrow"})),
    # Follow-ups.
    (LIGHTS, "and in the kitchen?", ("follow", "HassTurnOn", {"domain": "light", "area": "Kitchen"})),
    (FLOOR, "and in the bedroom", ("follow", "HassTurnOn", {"domain": "light", "area": "Bedroom"})),
    (FLOOR, "the study too", ("follow", "HassTurnOn", {"domain": "light", "area": "Study"})),
    (LIGHTS, "same for the bedroom", ("follow", "HassTurnOn", {"domain": "light", "area": "Bedroom"})),
    (LIGHTS, "upstairs as well", ("follow", "HassTurnOn", {"domain": "light", "floor": "Upstairs"})),
    (LIGHTS, "everywhere", ("follow", "HassTurnOn", {"domain": "light", "name": "all"})),
    (BLIND, "all of them", ("follow", "HassTurnOff", {"domain": "cover", "device_class": "blind", "name": "all"})),
    (MILK, "and on the to do list", ("follow", "HassListAddItem", {"item": "milk", "name": "to do list"})),
    (DIM, "and the study to 20", ("follow", "HassLightSet", {"brightness": "20", "area": "Study"})),
    (FLOOR, "and off?", ("follow", "HassTurnOff", {"name": "Floor Lamp"})),
    (OFF, "and on again", ("follow", "HassTurnOn", {"name": "Floor Lamp"})),
    (FLOOR, "and the kettle", ("follow", "HassTurnOn", {"name": "kettle"})),
    (FLOOR, "the desk lamp", ("follow", "HassTurnOn", {"name": "desk lamp"})),
    (LIGHTS, "and the bedroom ones", ("follow", "HassTurnOn", {"domain": "light", "area": "Bedroom"})),
    (WEATHER, "what about tomorrow?", ("follow", "HassGetWeather", {"place": "Berlin", "when": "tomorrow"})),
    (WEATHER, "and in Tokyo", ("follow", "HassGetWeather", {"place": "tokyo"})),
    (WEATHER, "how about Reykjavik", ("follow", "HassGetWeather", {"place": "reykjavik"})),
    (ALARM, "and at eight thirty", ("follow", "SetAlarm", {"at": "8 30 am"})),
    (MILK, "and bread", ("follow", "HassListAddItem", {"item": "bread", "name": "shopping"})),
    (
        JAZZ,
        "and in the bedroom",
        ("follow", "HassMediaSearchAndPlay", {"search_query": "jazz", "media_class": "genre", "area": "Bedroom"}),
    ),
    (LOUDER, "a bit more", ("follow", "HassSetVolumeRelative", {"name": "Soundbar", "volume_step": "up"})),
    (LOUDER, "a bit less", ("follow", "HassSetVolumeRelative", {"name": "Soundbar", "volume_step": "down"})),
    (DIMMER, "more", ("follow", "HassLightSet", {"name": "Floor Lamp", "direction": "down"})),
    (DIM, "a little less", ("follow", "HassLightSet", {"name": "Floor Lamp", "direction": "down"})),
    (DIM, "70 percent", ("follow", "HassLightSet", {"name": "Floor Lamp", "brightness": "70"})),
    (FLOOR, "again", ("follow", "HassTurnOn", {"name": "Floor Lamp"})),
    # Undo, repeat, cancel.
    (FLOOR, "undo that", ("undo",)),
    (FLOOR, "put it back", ("undo",)),
    (FLOOR, "turn it back the way it was", ("undo",)),
    (FLOOR, "say that again", ("repeat",)),
    (FLOOR, "what did you say?", ("repeat",)),
    (FLOOR, "never mind", ("cancel",)),
    (done("GetSchedule"), "cancel that", ("follow", "CancelSchedule", {})),
    (done("GetAlarms"), "delete it please", ("follow", "DeleteAlarm", {})),
    (done("GetReminders"), "never mind", ("cancel",)),
    # Requests of their own.
    (FLOOR, "turn on the kettle", None),
    (FLOOR, "and turn off the floor lamp", None),
    (FLOOR, "thank you", None),
    (FLOOR, "stop", None),
    (FLOOR, "play the beatles", None),
    (FLOOR, "tell me a joke", None),
    (FLOOR, "", None),
]


@pytest.mark.parametrize(("conversation", "text", "expected"), DIALOGUES, ids=[text for _, text, _ in DIALOGUES])
def test_what_a_request_does_to_a_conversation(conversation, text, expected):
    assert move(text, conversation) == expected


MEANT = Conversation(
    session_id="s",
    exchanges=(Exchange(request="turn on the sealing light", response="?"),),
    pending=Pending(
        kind="choice",
        interpretation=reading("HassTurnOn", name="Floor Lamp"),
        options=("turn on the floor lamp", "turn off the bedroom ceiling light"),
        readings=(
            reading("HassTurnOn", name="Floor Lamp"),
            reading("HassTurnOff", name="Bedroom Ceiling Light"),
        ),
        rewrite_ids=("a", "b"),
        heard="turn on the sealing light",
    ),
)
FIRST = ("choose", "HassTurnOn", {"name": "Floor Lamp"})
SECOND = ("choose", "HassTurnOff", {"name": "Bedroom Ceiling Light"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the first one", FIRST),
        ("the second one please", SECOND),
        ("the last one", SECOND),
        ("turn off the bedroom ceiling light", SECOND),
        ("yes, the second one", SECOND),
        ("no", ("no",)),
        ("neither", ("no",)),
        ("never mind", ("no",)),
        ("yes", ("repeat",)),
        ("what time is it", None),
        ("the third one", None),
    ],
)
def test_of_several_requests_that_may_have_been_meant_one_is_chosen(text, expected):
    assert move(text, MEANT) == expected
