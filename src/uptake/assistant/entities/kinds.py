"""Words for kinds of devices ("the lamp", "the blinds", "the telly"), for "all", for "here", and for the home.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from uptake.assistant.entities.matching import core, singular
from uptake.assistant.home.model import Device
from uptake.text.normalize import normalize

__all__ = ["HERE", "KIND_WORDS", "THE_HOME", "Kind", "kind_in", "kind_of", "means_all", "says_all", "says_here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Kind of device, as a word names it."""

    domains: frozenset[str]
    """Domains it may be in."""
    classes: frozenset[str] = frozenset()
    """Device classes it may have; empty for any."""
    is_plural: bool = False
    """Whether the word was plural."""

    def holds(self, device: Device) -> bool:
        """Tell whether a device is of this kind. A lock is a door, whatever its class."""
        if device.domain not in self.domains:
            return False
        return not self.classes or device.domain == "lock" or device.device_class in self.classes


_TABLE = """
light: light | lamp | bulb | lighting | chandelier
switch: switch
switch/outlet: plug | outlet | socket | power outlet | smart plug
fan: fan | ventilator
cover/blind,shade,shutter: blind | shade | roller blind
cover/curtain: curtain | drape
cover/shutter: shutter
cover/awning: awning
cover/garage: garage door | garage
cover/gate: gate
cover,binary_sensor/window: window
lock,cover,binary_sensor/door,garage,garage_door,opening: door
lock: lock | door lock
media_player/tv: tv | telly | television | television set
media_player/speaker,receiver,soundbar: speaker | loudspeaker | stereo | soundbar | hifi | radio | smart speaker
media_player/display,tv: screen | display
media_player: player | media player
climate: thermostat | heating | heater | radiator | air conditioning | air conditioner | ac | aircon | climate
vacuum: vacuum | hoover | vacuum cleaner | robot vacuum | robot | robot cleaner
lawn_mower: mower | lawn mower | lawnmower
camera: camera
camera/doorbell: doorbell
valve: valve | tap
switch/oven: oven
switch/kettle: kettle
switch/coffee_maker: coffee maker | coffee machine | coffeemaker | espresso machine
switch/dishwasher: dishwasher
switch/washing_machine: washing machine | washer
switch/dryer: dryer | tumble dryer
switch/toaster: toaster
scene: scene
script: script
"""


def _kinds() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for line in _TABLE.strip().splitlines():
        what, _, words = line.partition(":")
        domains, _, classes = what.partition("/")
        kind = Kind(domains=frozenset(domains.split(",")), classes=frozenset(filter(None, classes.split(","))))
        kinds.update({word.strip(): kind for word in words.split("|")})
    return kinds


_KINDS: Mapping[str, Kind] = MappingProxyType(_kinds())
KIND_WORDS = frozenset(_KINDS)
"""Words for kinds, singular."""

_EVERYTHING = frozenset(
    [
        "all",
        "everything",
        "every",
        "all of them",
        "them all",
        "both",
        "every one",
        "the lot",
        "all devices",
        "every device",
    ]
)
"""Names that mean every device there is."""

THE_HOME = frozenset(
    "home|house|whole house|entire house|whole home|entire home|everywhere|anywhere|every room|each room|all rooms"
    "|all areas|all|whole place|whole flat|whole apartment".split("|")
)
"""Areas that mean the whole home."""

HERE = frozenset(["here", "in here", "this room", "room", "current room", "the room", "where i am", "this area"])
"""Areas that mean the room one is in."""

_OTHER_VERBS = frozenset("turn shut put power is are was which what how".split())
_ALL_WORDS = frozenset("all every everything everywhere entire whole".split())


def means_all(words: str) -> bool:
    """Tell whether a name means every device there is.

    >>> means_all("all of them"), means_all("everything please"), means_all("them")
    (True, True, False)
    """
    return core(words) in _EVERYTHING or normalize(words) in _EVERYTHING


def kind_of(words: str) -> Kind | None:
    """Return the kind that words name, where they name nothing else.

    >>> kind_of("lights").is_plural, kind_of("big light")
    (True, None)
    """
    text = core(words)
    if text in _KINDS:
        return _KINDS[text]
    *front, last = text.split() or [""]
    kind = _KINDS.get(" ".join([*front, singular(last)]))
    return None if kind is None else replace(kind, is_plural=True)


def kind_in(text: str) -> Kind | None:
    """Find the kind of device that a request mentions, longest words first; None where it names none.

    >>> sorted(kind_in("are any windows open in the bedroom").domains)
    ['binary_sensor', 'cover']
    >>> kind_in("switch everything off") is None
    True
    """
    words = core(text).split()
    if "switch" in words and not _OTHER_VERBS & set(words[: words.index("switch")]):
        words.remove("switch")  # what is to be done, and no kind of device
    for length in (2, 1):
        for start in range(len(words) - length + 1):
            kind = kind_of(" ".join(words[start : start + length]))
            if kind is not None:
                return kind
    return None


def says_all(text: str | None) -> bool:
    """Tell whether a request speaks of all there is: "all the lights", "everywhere"."""
    return bool(text) and not _ALL_WORDS.isdisjoint(core(text or "").split()) and not says_here(text)


def says_here(text: str | None) -> bool:
    """Tell whether a request speaks of the room one is in: "all the lights in here"."""
    padded = f" {core(text or '')} "
    return any(f" {words} " in padded for words in ("in here", "here", "this room", "in the room"))
