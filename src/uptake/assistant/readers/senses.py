"""Classes of sensors, and how people speak of them: Home Assistant's device classes with English words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["QUANTITIES", "ROOM_QUANTITIES", "SENSES", "Sense"]


@dataclass(frozen=True, slots=True)
class Sense:
    """Class of binary sensors. Texts are templates in hassil's syntax."""

    nouns: str
    """Names of its sensors, or of the things it speaks of."""
    on: str
    """Words of the state "on"."""
    off: str = ""
    """Words of the state "off"."""
    stuff: str = ""
    """Thing that is there when it is on: "is there any smoke"."""
    word: str = ""
    """Word that may follow the name: "is the phone BATTERY low"."""
    thing: bool = False
    """Whether one asks "is anything …"."""


def _detector(stuff: str, on: str = "", off: str = "") -> Sense:
    first = stuff
    return Sense(
        nouns=f"({first}) (sensor|detector|alarm)[s]",
        on=f"(on|triggered|detected|active|going off|tripped{on})",
        off=f"(off|clear|not triggered|not detected|inactive{off})",
        stuff=stuff,
    )


_OPENED = "(open|opened|ajar)"
_SHUT = "(closed|shut|not open)"

SENSES: Mapping[str, Sense] = {
    "battery": Sense(
        nouns="batter(y|ies)",
        on="[(running|getting)] (low|empty|flat|dead)",
        off="(normal|charged|full|ok|okay|good|fine|not low)",
        word="batter(y|ies)",
    ),
    "battery_charging": Sense(
        nouns="(batter(y|ies)|device[s]|phone[s])",
        on="[being] (charging|charged up)",
        off="not [being] charging",
        word="batter(y|ies)",
        thing=True,
    ),
    "carbon_monoxide": _detector("carbon monoxide|co"),
    "cold": Sense(
        nouns="(thing|pipe|room|device)[s]", on="[(getting|too)] (cold|freezing)", off="(normal|not cold)", thing=True
    ),
    "connectivity": Sense(
        nouns="(device|phone|computer|thing)[s]",
        on="(connected|online)",
        off="(disconnected|offline|not connected)",
        thing=True,
    ),
    "door": Sense(nouns="door[s]", on=_OPENED, off=_SHUT),
    "garage_door": Sense(nouns="garage [door][s]", on=_OPENED, off=_SHUT),
    "gas": _detector("gas"),
    "heat": Sense(
        nouns="(thing|room|device)[s]",
        on="[(getting|too)] (hot|overheated|overheating)",
        off="(normal|not hot)",
        thing=True,
    ),
    "light": Sense(nouns="light[s]", on="detected", off="not detected", stuff="light"),
    "lock": Sense(nouns="lock[s]", on="(unlocked|not locked)", off="[securely] locked"),
    "moisture": Sense(
        nouns="(water|moisture|leak|flood) (sensor|detector|alarm)[s]",
        on="(wet|on|triggered|detected|damp|leaking)",
        off="(dry|off|clear|not wet)",
        stuff="water|moisture|leak[s]",
    ),
    "motion": _detector("motion|movement"),
    "moving": Sense(
        nouns="(thing|device|car)[s]",
        on="(moving|in motion)",
        off="(stopped|standing still|not moving|stationary)",
        thing=True,
    ),
    "occupancy": _detector("occupancy|presence", on="|occupied", off="|unoccupied|empty"),
    "opening": Sense(nouns="opening[s]", on=_OPENED, off=_SHUT, thing=True),
    "plug": Sense(
        nouns="(device|phone|plug|thing)[s]", on="(plugged in|plugged)", off="(unplugged|not plugged in)", thing=True
    ),
    "power": Sense(
        nouns="(device|thing)[s]",
        on="(powered on|powered|powered up|detected)",
        off="(powered off|powered down|not powered)",
        stuff="power",
        word="power",
    ),
    "presence": Sense(nouns="(device|phone|tracker)[s]", on="([at] home|present)", off="(away|not [at] home|gone)"),
    "problem": Sense(
        nouns="(sensor|device)[s]",
        on="(having|reporting|with) [(a|any)] (problem|issue)[s]",
        off="(ok|okay|fine|without problem[s]|not having problem[s])",
        stuff="problem[s]|issue[s]|trouble",
    ),
    "running": Sense(
        nouns="(device|machine|thing|appliance)[s]",
        on="(running|operating)",
        off="(not running|stopped|finished|done)",
        thing=True,
    ),
    "safety": Sense(nouns="(sensor|device|room)[s]", on="(unsafe|not safe|in danger)", off="safe", thing=True),
    "smoke": _detector("smoke"),
    "sound": _detector("sound|noise"),
    "tamper": Sense(
        nouns="(device|sensor|tamper sensor)[s]",
        on="(tampered with|tampered|being tampered with)",
        off="not tampered with",
        stuff="tampering",
        word="tampering",
        thing=True,
    ),
    "update": Sense(
        nouns="(update[s]|firmware|software) ",
        on="(available|out of date|outdated|needing an update|updatable)",
        off="(up to date|up-to-date|current|not available)",
        stuff="update[s] [available]",
        word="(software|firmware)",
    ),
    "vibration": Sense(
        nouns="(vibration sensor|device|thing|phone)[s]",
        on="(vibrating|shaking|triggered)",
        off="(still|not vibrating|clear)",
        stuff="vibration[s]",
        thing=True,
    ),
    "window": Sense(nouns="window[s]", on=_OPENED, off=_SHUT),
}
"""Binary sensors by device class."""


def _words(table: str) -> tuple[tuple[str, str], ...]:
    phrases = []
    for line in table.strip().splitlines():
        kind, _, said = line.strip().partition(": ")
        phrases.append((kind, f"({said})"))
    return tuple(phrases)


QUANTITIES = _words("""
    absolute_humidity: absolute humidity
    apparent_power: apparent power
    aqi: aqi|air quality [index]
    area: area|surface
    atmospheric_pressure: [(atmospheric|air|barometric)] pressure
    battery: batter(y|ies) [(level|charge|state|percentage|status)]|charge
    blood_glucose_concentration: blood (glucose|sugar)
    carbon_dioxide: co2|carbon dioxide
    carbon_monoxide: co|carbon monoxide
    conductivity: conductivity
    current: [(electric|electrical)] current|amperage
    data_rate: [(data|download|upload|transfer|network|internet)] (rate|speed)|bandwidth
    data_size: [(data|file|disk|storage)] size|[used] storage
    date: date
    distance: distance|mileage
    duration: duration|length|[run] time
    energy: energy [(consumption|usage|use|production|output)]|electricity [(consumption|usage|use|production)]
    energy_distance: energy efficiency
    energy_storage: [stored] energy
    frequency: frequency
    gas: gas [(volume|consumption|usage|use)]|volume of gas
    humidity: [(relative|air)] humidity
    illuminance: illuminance|illumination|brightness|[ambient] light|lux|luminance
    irradiance: irradiance|solar radiation
    moisture: moisture|wetness|water content
    monetary: balance|cost|price|money|monetary value|worth
    nitrogen_dioxide: no2|nitrogen dioxide
    nitrogen_monoxide: nitrogen monoxide|nitric oxide
    nitrous_oxide: n2o|nitrous oxide|laughing gas
    ozone: o3|ozone
    ph: ph|acidity
    pm1: pm1|pm 1|particulate[s] [matter]|particle[s]
    pm10: pm10|pm 10|particulate[s] [matter]|particle[s]
    pm25: pm2.5|pm25|pm 2.5|particulate[s] [matter]|particle[s]
    power: [(electric|electrical)] power [(consumption|usage|use|draw|output)]|wattage
    power_factor: power factor
    precipitation: precipitation|[(rain|snow)]fall|rain|snow
    precipitation_intensity: (precipitation|rain|rainfall|snow|snowfall) (intensity|rate)
    pressure: pressure
    reactive_energy: reactive energy
    reactive_power: reactive power
    signal_strength: [(wifi|wi-fi|wireless|mobile)] signal [strength]|reception
    sound_pressure: [(sound|acoustic)] pressure|(sound|noise) [(level|volume)]|loudness|volume
    speed: speed|velocity
    sulphur_dioxide: so2|(sulphur|sulfur) dioxide
    temperature: temperature|temp
    timestamp: time|timestamp|date|moment
    volatile_organic_compounds: [volatile] organic compounds|voc[s]
    volatile_organic_compounds_parts: [volatile] organic compounds|voc[s]
    voltage: voltage [drop]|electric[al] potential
    volume: volume
    volume_flow_rate: [(volume|water|gas|air)] flow [rate]
    volume_storage: [stored] volume
    water: water [(volume|consumption|usage|use)]|volume of water
    weight: weight|mass
    wind_direction: [wind] direction
    wind_speed: [wind] speed
""")
"""(device class, what its quantity is called); a word may stand for several classes."""

ROOM_QUANTITIES = tuple(
    (kind, said)
    for kind, said in QUANTITIES
    if kind in ("aqi", "carbon_dioxide", "humidity", "illuminance", "ozone", "pm25", "volatile_organic_compounds")
)
"""Those that one asks of a room."""
