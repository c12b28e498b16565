"""Name devices and rooms in an answer: "the kitchen light", "Rover", "the bedroom lights"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from uptake.assistant.home.model import Device, Home
from uptake.assistant.phrases.saying import say_list

__all__ = ["Subject", "kind_of", "place", "subject", "the", "upper"]

_THINGS = frozenset(
    """light lights lamp lamps chandelier spot spots strip bulb bulbs lantern switch plug socket outlet heater oven
    stove maker machine kettle toaster dishwasher washer dryer fridge freezer refrigerator boiler fan fans purifier
    humidifier thermostat radiator radiators heating conditioner conditioning ac climate blind blinds curtain curtains
    shade shades shutter shutters awning door doors gate gates window windows skylight garage lock locks bolt valve
    main tap sprinkler sprinklers speaker speakers soundbar tv television radio player projector display screen receiver
    stereo camera doorbell bell vacuum cleaner mower robot sensor detector alarm motion temperature humidity battery
    level meter phone tablet computer printer router scene script button sensors""".split()
)
"""Last words of names that are common nouns; other names are proper names: "Rover"."""

_ROOMS = frozenset(
    """kitchen room lounge hall hallway entrance corridor bedroom bathroom bath toilet study office garage garden yard
    patio terrace balcony attic loft basement cellar nursery pantry laundry porch driveway shed workshop library den
    floor storey house home apartment flat""".split()
)
_BARE = frozenset({"upstairs", "downstairs", "outside", "outdoors", "inside"})

_KINDS = {
    "light": "light",
    "fan": "fan",
    "lock": "lock",
    "valve": "valve",
    "cover": "cover",
    "climate": "thermostat",
    "media_player": "player",
    "switch": "device",
    "vacuum": "vacuum",
    "lawn_mower": "mower",
    "sensor": "sensor",
    "binary_sensor": "sensor",
}
_FINER = {"blind", "curtain", "shade", "shutter", "awning", "garage", "gate", "door", "window", "speaker", "tv"}
_CALLED = {"garage": "garage door", "tv": "TV"}
_MOST = 3
"""Most devices that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Subject of a sentence."""

    text: str
    """For example "the kitchen light"."""
    plural: bool = False
    """Whether it takes "are"."""

    def verb(self, singular: str, plural: str | None = None) -> str:
        """Return the subject with its verb: `verb("is")` is "the hall light is" or "the hall lights are"."""
        other = plural or {"is": "are", "has": "have", "was": "were", "does": "do"}.get(singular, singular)
        return f"{self.text} {other if self.plural else singular}"


def upper(text: str) -> str:
    """Capitalise a sentence: the first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def the(name: str) -> str:
    """Return a name within a sentence: "the kitchen light", but "Rover" and "Anna's lamp".

    >>> the("Kitchen Light"), the("TV"), the("Rover"), the("Anna's Lamp"), the("Outdoor Temperature")
    ('the kitchen light', 'the TV', 'Rover', "Anna's lamp", 'the outdoor temperature')
    """
    words = name.split()
    if not words:
        return name
    common = words[-1].lower() in _THINGS | _ROOMS
    if any(word.endswith(("'s", "s'")) for word in words):
        return " ".join([*words[:-1], _small(words[-1])]) if common else name
    return f"the {' '.join(map(_small, words))}" if common else name


def place(area: str | None, floor: str | None = None) -> str:
    """Say where, by the name of an area or a floor: "in the kitchen", "upstairs"; "" for neither."""
    if area is not None:
        return area.lower() if area.lower() in _BARE else f"in {_room(area)}"
    if floor is None:
        return ""
    if floor.lower() in _BARE:
        return floor.lower()
    return f"on {_room(floor)}" if "floor" in floor.lower() else f"on the {floor.lower()} floor"


def kind_of(devices: Collection[Device], many: bool = True) -> str:
    """Name some devices in one word: "lights", "blinds", "devices"."""
    finer = {device.device_class for device in devices}
    domains = {device.domain for device in devices}
    word = "device"
    if len(finer) == 1 and (one := next(iter(finer))) in _FINER:
        word = _CALLED.get(str(one), str(one))
    elif len(domains) == 1:
        word = _KINDS.get(next(iter(domains)), "device")
    return f"{word}{'es' if word.endswith('s') else 's'}" if many else word


def subject(home: Home, devices: Sequence[Device], *, area: str | None = None, floor: str | None = None) -> Subject:
    """Name some devices.

    Args:
        home: The home they are in.
        devices: The devices.
        area: The area by which they were asked for, where it was by area.
        floor: The floor by which they were asked for.
    """
    if len(devices) == 1:
        return Subject(text=the(devices[0].name), plural=_is_plural(devices[0].name))
    if area is not None:
        return Subject(text=_of_room(area, kind_of(devices)), plural=True)
    if floor is not None:
        return Subject(text=f"the {kind_of(devices)} {place(None, floor)}", plural=True)
    if len(devices) <= _MOST:
        return Subject(text=say_list([the(device.name) for device in devices]), plural=True)
    every = {device.entity_id for device in home.devices if device.domain == devices[0].domain}
    all_of_them = every == {device.entity_id for device in devices}
    return Subject(text=f"{'all ' if all_of_them else ''}{len(devices)} {kind_of(devices)}", plural=True)


def _small(word: str) -> str:
    return word if sum(letter.isupper() for letter in word) > 1 else word.lower()


def _room(name: str) -> str:
    said = the(name)
    return said if said != name or "'" in name else name


def _of_room(area: str, noun: str) -> str:
    said = _room(area)
    return (
        f"{said} {noun}"
        if said.startswith("the ")
        else f"the {noun} {area.lower() if area.lower() in _BARE else f'in {said}'}"
    )


def _is_plural(name: str) -> bool:
    last = name.lower().rpartition(" ")[2]
    return last in _THINGS and last.endswith("s") and not last.endswith("ss") and last[:-1] in _THINGS
