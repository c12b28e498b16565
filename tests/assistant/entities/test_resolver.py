"""Resolver: from the words of a reading to devices, titles, lists and people, or to a question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assistant.small_home import at, reading, resolver
from tests.strategies import maybe
from uptake.assistant.entities import Resolver
from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Area, Device
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.skills import Skills
from uptake.types import Habit, Interpretation

RESOLVER = resolver(floor="on", soundbar="playing")
ALL_LIGHTS = "kitchen living floor bedroom reading desk hall"


def resolved(intent, room="Kitchen", text=None, **slots):
    return RESOLVER.resolve(reading(intent, **slots), at(room), text=text)


def things(found):
    return " ".join(device.entity_id.partition(".")[2] for device in found.targets)


DEVICES = [
    # By name.
    ("HassTurnOn", {"name": "desk lamp"}, "desk"),
    ("HassTurnOn", {"name": "desc lamb"}, "desk"),
    ("HassTurnOn", {"name": "bedside lamp"}, "reading"),
    ("HassTurnOn", {"name": "lamp's desk"}, "desk"),
    ("HassTurnOn", {"name": "the telly"}, "tv"),
    ("HassTurnOn", {"name": "bedroom ceiling light"}, "bedroom"),
    ("HassTurnOn", {"name": "ceiling light", "area": "bedroom"}, "bedroom"),
    # By room and kind.
    ("HassTurnOn", {"name": "the kitchen light"}, "kitchen"),
    ("HassTurnOn", {"name": "light in the office"}, "desk"),
    ("HassTurnOn", {"name": "upstairs lights"}, "bedroom reading desk"),
    ("HassTurnOn", {"area": "lounge", "domain": "light"}, "living floor"),
    ("HassTurnOn", {"area": "upstairs", "domain": "light"}, "bedroom reading desk"),
    ("HassTurnOn", {"floor": "first floor", "domain": "light"}, "bedroom reading desk"),
    ("HassTurnOn", {"name": "living room lamp"}, "floor"),
    ("HassTurnOn", {"area": "living room"}, "living floor"),
    ("HassTurnOn", {"area": "bedrom", "domain": "light"}, "bedroom reading"),
    # Nothing said: this room.
    ("HassTurnOn", {"domain": "light"}, "kitchen"),
    ("HassTurnOn", {"area": "here", "domain": "light"}, "kitchen"),
    # Nothing of the kind in this room: the only ones there are.
    ("HassTurnOn", {"domain": "fan"}, "bedroom"),
    ("HassTurnOn", {"name": "blinds"}, "living living2"),
    ("HassClimateSetTemperature", {"temperature": "21"}, "living"),
    ("HassVacuumStart", {}, "rover"),
    ("HassVacuumStart", {"area": "bedroom"}, "rover"),
    ("SetOvenTemperature", {"temperature": "200"}, "oven"),
    # All of them, but nothing that opens or unlocks unless it was named.
    ("HassTurnOff", {"name": "all", "domain": "light"}, ALL_LIGHTS),
    ("HassTurnOff", {"area": "everywhere", "domain": "light"}, ALL_LIGHTS),
    ("HassTurnOff", {"name": "everything", "area": "kitchen"}, "kitchen kettle oven"),
    ("HassTurnOff", {"name": "all", "domain": "lock"}, "front back"),
    # What can be in the state that is asked for.
    ("HassGetState", {"name": "front door", "state": "locked"}, "front"),
    ("HassGetState", {"device_class": "window", "state": "open"}, "window"),
    # Several by name.
    ("HassLightSet", {"name": "desk lamp", "brightness": "40"}, "desk"),
    ("HassLightSet", {"name": "living room lights", "direction": "down"}, "floor"),
    # Players: the one that plays; one with a screen for a film.
    ("HassMediaPause", {}, "soundbar"),
    ("HassMediaSearchAndPlay", {"search_query": "dune", "media_class": "movie", "area": "living room"}, "tv"),
    ("HassMediaSearchAndPlay", {"search_query": "jazz", "area": "living room"}, "soundbar"),
]


@pytest.mark.parametrize(("intent", "slots", "expected"), DEVICES)
def test_which_devices_are_meant(intent, slots, expected):
    found = resolved(intent, **slots)
    assert found.problem is None
    assert things(found) == expected


PROBLEMS = [
    ({"name": "ceiling light"}, ("ambiguous", "name", ("Living Room Ceiling Light", "Bedroom Ceiling Light"))),
    ({"name": "lamp"}, ("ambiguous", "area", ("Living Room", "Study"))),
    ({"name": "gizmo"}, ("unknown", "name", ())),
    ({"name": "desk lamp", "area": "kitchen"}, ("unknown", "name", ("Ceiling",))),
    ({"area": "attic", "domain": "light"}, ("unknown", "area", ())),
    ({"area": "bathroom", "domain": "light"}, ("unknown", "area", ("Bedroom",))),
    ({"area": "kitchen", "domain": "fan"}, ("unknown", "domain", ("Bedroom",))),
    ({"area": "kitchen", "floor": "upstairs", "domain": "light"}, ("unknown", "area", ("Upstairs",))),
    ({}, ("missing", "name", ())),
]


@pytest.mark.parametrize(("slots", "expected"), PROBLEMS)
def test_what_is_not_clear_becomes_a_question(slots, expected):
    problem = resolved("HassTurnOn", **slots).problem
    assert (problem.kind, problem.slot, problem.options) == expected


@pytest.mark.parametrize(
    ("said", "options"),
    [("the door", ("Front Door", "Back Door")), ("frond dor", ("Front Door",)), ("bank door", ("Back Door",))],
)
def test_something_critical_is_never_guessed(said, options):
    home = resolver()
    found = home.resolve(reading("HassTurnOff", name=said, domain="lock"), at("Bedroom"))
    assert found.problem is not None
    assert tuple(option.removeprefix("Hall ") for option in found.problem.options) == options
    assert not found.targets


@pytest.mark.parametrize(
    ("slots", "slot"),
    [
        ({"name": "kettle", "brightness": "50"}, "brightness"),
        ({"name": "hall light", "brightness": "50"}, "brightness"),
        ({"name": "ceiling", "area": "kitchen", "color": "red"}, "color"),
    ],
)
def test_what_a_device_cannot_do_is_told(slots, slot):
    problem = resolved("HassLightSet", **slots).problem
    assert (problem.kind, problem.slot) == ("unknown", slot)


def test_the_room_that_a_grammar_put_in_is_this_room_and_no_more():
    said = {"area": "Kitchen", "domain": "fan"}
    assert things(resolved("HassTurnOn", text="turn on the fan", **said)) == "bedroom"
    assert resolved("HassTurnOn", text="turn on the fan in the kitchen", **said).problem.slot == "domain"


def test_the_words_of_a_request_say_all_here_or_which_kind():
    assert things(resolved("HassTurnOff", domain="light", text="turn off all the lights")) == ALL_LIGHTS
    assert things(resolved("HassTurnOff", domain="light", text="turn off all the lights in here")) == "kitchen"
    assert things(resolved("HassGetState", state="on", text="are any lights on")) == ALL_LIGHTS
    assert things(resolved("HassTurnOff", name="front door", text="unlock the front door")) == "front"


def test_a_screen_makes_it_the_film():
    play = reading("HassMediaSearchAndPlay", search_query="hunger games")
    for has_screen, media_class, player in [(True, "movie", "tv"), (False, "audiobook", "soundbar")]:
        found = RESOLVER.resolve(play, at("Living Room", has_screen=has_screen))
        assert (dict(found.interpretation.slots)["media_class"], things(found)) == (media_class, player)
    named = reading("HassMediaSearchAndPlay", search_query="hunger games", name="tv")
    found = RESOLVER.resolve(named, at("Kitchen", has_screen=False))
    assert dict(found.interpretation.slots)["media_class"] == "movie"


def test_a_title_nobody_listed_is_passed_on():
    found = resolved("HassMediaSearchAndPlay", search_query="some obscure thing", name="soundbar")
    assert dict(found.interpretation.slots)["search_query"] == "some obscure thing"
    assert found.problem is None


def test_readings_are_every_plausible_resolution():
    play = reading("HassMediaSearchAndPlay", search_query="hunger games")
    classes = [dict(way.slots)["media_class"] for way in RESOLVER.readings(play, at("Kitchen", has_screen=False))]
    assert classes == ["audiobook", "movie"]
    light = RESOLVER.readings(reading("HassTurnOn", domain="light"), at("Living Room"), text="turn on the light")
    assert [dict(way.slots).get("name") for way in light] == [None, "Ceiling Light", "Floor Lamp", "Ceiling"]
    unclear = RESOLVER.readings(reading("HassTurnOn", name="ceiling light"), at("Kitchen"))
    assert [dict(way.slots)["area"] for way in unclear] == ["Living Room", "Bedroom"]


def test_music_may_mean_what_one_plays_most():
    habits = tuple(Habit(request=f"play {name}") for name in ("miles davis", "take five", "jazz"))
    ways = RESOLVER.readings(reading("HassMediaSearchAndPlay", search_query="music"), at("Kitchen", habits=habits))
    assert ("search_query", "jazz") in ways[0].slots


def test_two_names_or_two_rooms_are_both():
    both = Interpretation(intent="HassTurnOn", slots=(("name", "desk lamp"), ("name", "bedroom ceiling light")))
    assert things(RESOLVER.resolve(both, at("Hall"))) == "desk bedroom"
    rooms = Interpretation(intent="HassTurnOn", slots=(("area", "kitchen"), ("area", "hall"), ("domain", "light")))
    assert things(RESOLVER.resolve(rooms, at("Study"))) == "kitchen hall"


def test_lists_people_and_places_are_known_by_name():
    added = resolved("HassListAddItem", item="milk", name="shoping list")
    assert dict(added.interpretation.slots) == {"item": "milk", "name": "shopping"}
    assert added.entities[0].value == "shopping"
    assert dict(resolved("HassGetWeather", place="tokio").interpretation.slots) == {"place": "Tokyo"}
    assert dict(resolved("CallContact", person="bo").interpretation.slots) == {"person": "Bo"}
    assert resolved("HassListAddItem", name="shopping").problem.slot == "item"


def test_lists_in_the_memory_count():
    memory = Memory()
    memory.set(HOME, "lists", {"holiday packing": []})
    found = RESOLVER.resolve(reading("HassListAddItem", item="socks", name="holiday pakcing"), at(), memory)
    assert ("name", "holiday packing") in found.interpretation.slots


said = "kitchen|bedroom|lamp|the lights|ceiling light|all|here|door|front door|blinds|on|50|up|x"
kinds = ["light", "lock", "cover", "blind"]
values = st.sampled_from([*said.split("|"), *kinds]) | st.text()
names = st.sampled_from(
    "name area floor domain device_class state brightness direction search_query media_class".split()
)
intents = st.sampled_from(
    "HassTurnOn HassTurnOff HassLightSet HassGetState HassMediaSearchAndPlay HassListAddItem Other".split()
)
readings = st.builds(
    Interpretation,
    intent=intents,
    slots=st.lists(
        st.tuples(names, values | st.sampled_from(["light", "lock", "cover", "blind"]) | st.text()), max_size=4
    ).map(tuple),
)
rooms = maybe(st.sampled_from(["Kitchen", "Living Room", "Hall", "Nowhere"]))


@settings(max_examples=50)
@given(readings, rooms, maybe(st.text(max_size=30)))
def test_nothing_that_is_said_raises(interpretation, room, text):
    RESOLVER.resolve(interpretation, at(room), text=text)
    assert len(RESOLVER.readings(interpretation, at(room), text=text)) in range(1, 5)


@settings(max_examples=50)
@given(readings, rooms)
def test_resolving_again_changes_nothing(interpretation, room):
    once = RESOLVER.resolve(interpretation, at(room))
    if once.problem is None:
        again = RESOLVER.resolve(once.interpretation, at(room))
        assert again.interpretation == once.interpretation
        assert set(again.targets) == set(once.targets)


def test_what_stands_in_no_room_is_here_too():
    """A thermostat for the whole home: "it's freezing in here" is said of it in any room."""
    home = VirtualHome(
        (),
        [Area(area_id="study", name="Study"), Area(area_id="hall", name="Hall")],
        [
            Device(entity_id="climate.whole", name="Thermostat"),
            Device(entity_id="light.hall", name="Hall Light", area_id="hall"),
        ],
    )
    at_home = Resolver(home, Skills())
    warmer = reading("HassClimateSetTemperature", name="Thermostat", direction="up")
    found = at_home.resolve(warmer, at("Study"), text="it's freezing in here")
    assert [device.entity_id for device in found.targets] == ["climate.whole"]
    again = at_home.resolve(found.interpretation, at("Study"), text="it's freezing in here")
    assert again.targets == found.targets
    elsewhere = at_home.resolve(
        reading("HassTurnOff", name="Hall Light"), at("Study"), text="turn the hall light off in here"
    )
    assert elsewhere.problem is not None
