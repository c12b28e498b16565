"""A small home and the skills it needs, for tests of what is meant and what is said."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.entities import Catalogue, Resolver
from uptake.assistant.home import Area, Device, Floor, State, VirtualHome
from uptake.assistant.skills import Skills
from uptake.assistant.skills.skill import Intent, Slot
from uptake.types import Context, Interpretation, Situation

_FLOORS = [Floor(floor_id="up", name="Upstairs", aliases=("first floor",)), Floor(floor_id="down", name="Downstairs")]
_AREAS = [
    Area(area_id="kitchen", name="Kitchen", floor_id="down"),
    Area(area_id="living", name="Living Room", aliases=("lounge",), floor_id="down"),
    Area(area_id="hall", name="Hall", floor_id="down"),
    Area(area_id="bedroom", name="Bedroom", floor_id="up"),
    Area(area_id="study", name="Study", aliases=("office",), floor_id="up"),
    Area(area_id="garage", name="Garage"),
]


def _device(entity_id: str, name: str, area: str | None, features: str = "", **more: object) -> Device:
    return Device(entity_id=entity_id, name=name, area_id=area, features=frozenset(features.split()), **more)


_DEVICES = [
    _device("light.kitchen", "Ceiling", "kitchen", "brightness"),
    _device("light.living", "Ceiling Light", "living", "brightness color"),
    _device("light.floor", "Floor Lamp", "living", "brightness color"),
    _device("light.bedroom", "Ceiling Light", "bedroom", "brightness"),
    _device("light.reading", "Reading Light", "bedroom", "brightness", aliases=("bedside lamp",)),
    _device("light.desk", "Desk Lamp", "study", "brightness color"),
    _device("light.hall", "Hall Light", "hall"),
    _device("switch.kettle", "Kettle", "kitchen", device_class="kettle"),
    _device("switch.oven", "Oven", "kitchen", "temperature", device_class="oven"),
    _device("fan.bedroom", "Bedroom Fan", "bedroom", "speed"),
    _device("cover.living", "Left Blind", "living", "position", device_class="blind"),
    _device("cover.living2", "Right Blind", "living", "position", device_class="blind"),
    _device("cover.bedroom", "Bedroom Curtains", "bedroom", device_class="curtain"),
    _device("cover.garage", "Garage Door", "garage", device_class="garage", critical=True),
    _device("lock.front", "Front Door", "hall", critical=True),
    _device("lock.back", "Back Door", "kitchen", critical=True),
    _device("binary_sensor.front", "Front Door", "hall", device_class="door"),
    _device("binary_sensor.window", "Kitchen Window", "kitchen", device_class="window"),
    _device("media_player.tv", "TV", "living", "screen", device_class="tv"),
    _device("media_player.soundbar", "Soundbar", "living", device_class="speaker"),
    _device("media_player.bedroom", "Bedroom Speaker", "bedroom", device_class="speaker"),
    _device("climate.living", "Thermostat", "living", "heat"),
    _device("vacuum.rover", "Rover", "hall"),
]


class _Devices:
    name: ClassVar[str] = "devices"
    domains: ClassVar[frozenset[str]] = frozenset(
        "light switch fan cover lock media_player climate vacuum scene binary_sensor sensor".split()
    )
    intents: ClassVar[tuple[Intent, ...]] = (
        *(
            Intent(name=name)
            for name in "HassTurnOn HassTurnOff HassLightSet HassSetPosition HassFanSetSpeed HassSetVolumeRelative "
            "HassMediaPause HassMediaSearchAndPlay HassVacuumStart SetOvenTemperature".split()
        ),
        Intent(name="HassClimateSetTemperature"),
        Intent(name="HassSetVolume", slots=(Slot(name="volume_level", kind="percentage", required=True),)),
        Intent(name="HassGetState", changes=False),
    )


class _Others:
    name: ClassVar[str] = "others"
    domains: ClassVar[frozenset[str]] = frozenset()
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassStartTimer",
            slots=(
                Slot(name="minutes", kind="number"),
                Slot(name="duration", kind="duration", required=True, prompt="For how long?"),
            ),
        ),
        Intent(name="HassListAddItem", slots=(Slot(name="item", required=True), Slot(name="name", kind="list"))),
        Intent(
            name="HassGetWeather",
            slots=(Slot(name="place", kind="place"), Slot(name="when", kind="date")),
            changes=False,
        ),
        Intent(name="HassGetCurrentTime", slots=(Slot(name="place", kind="place"),), changes=False),
        Intent(name="CallContact", slots=(Slot(name="person", kind="person", required=True),)),
        Intent(name="SetReminder", slots=(Slot(name="text", required=True, prompt="What shall I remind you of?"),)),
        Intent(name="SetAlarm", slots=(Slot(name="at", kind="time", required=True, prompt="For when?"),)),
    )


def home(**states: str) -> VirtualHome:
    """The home; states by object id: `home(floor="on")` lights the floor lamp."""
    known = {device.entity_id.partition(".")[2]: device.entity_id for device in _DEVICES}
    given = {known[name]: State(value=value) for name, value in states.items()}
    return VirtualHome(_FLOORS, _AREAS, _DEVICES, states=given, timezone="Europe/Berlin")


SKILLS = Skills((_Devices(), _Others()))
CATALOGUE = Catalogue.shipped()


def resolver(**states: str) -> Resolver:
    """A resolver for the home, with two lists, three people and three places."""
    return Resolver(
        home(**states),
        SKILLS,
        catalogue=CATALOGUE,
        lists=("shopping", "to do"),
        people=("Ann", "Bo", "Anna"),
        places=("Berlin", "Tokyo", "Lima"),
    )


def reading(intent: str, **slots: str) -> Interpretation:
    """A reading: `reading("HassTurnOn", name="desk lamp")`."""
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def at(room: str | None = None, **more: object) -> Situation:
    """A situation in a room."""
    return Situation(context=Context(room=room), **more)
