"""Convert places and values to actions, and transfer actions to other places.

An action is an `Interpretation` with Home Assistant's intents and slots; it runs through the resolver like any request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.house import House, Thing, stem
from uptake.teaching.concepts.values import Value
from uptake.types import Interpretation

__all__ = ["PLACES", "Place", "bound", "deeds_of", "domain_of", "is_critical", "place_of", "rebind", "things_of"]

PLACES = ("name", "area", "floor", "domain", "device_class")
"""Slots that say where something is done."""

_SWITCHABLE = frozenset({"light", "switch", "fan", "media_player", "input_boolean"})
_ADJUST = {
    "light": ("HassLightSet", "brightness"),
    "cover": ("HassSetPosition", "position"),
    "valve": ("HassSetPosition", "position"),
    "media_player": ("HassSetVolume", "volume_level"),
    "fan": ("HassFanSetSpeed", "percentage"),
    "humidifier": ("HassHumidifierSetpoint", "humidity"),
}
_DEGREES = "HassClimateSetTemperature"
_DOMAINS = {
    "HassLightSet": "light", "HassSetPosition": "cover", "HassSetVolume": "media_player", "HassFanSetSpeed": "fan",
    "HassHumidifierSetpoint": "humidifier", _DEGREES: "climate", "HassMediaSearchAndPlay": "media_player",
    "HassMediaPlayerMute": "media_player", "HassMediaPlayerUnmute": "media_player", "HassMediaPause": "media_player",
    "HassVacuumStart": "vacuum", "HassVacuumReturnToBase": "vacuum",
}  # fmt: skip
_SHARES = frozenset({"brightness", "position", "volume_level", "percentage", "humidity"})
_SPEEDS = {"low": "33", "slow": "33", "medium": "66", "high": "100", "fast": "100"}
_ON = frozenset({"on", "open", "locked"})
_AJAR = 30.0
"""Percent of being open up to which a cover may be called closed in the same breath."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Target of an action: devices by name, or all devices of a kind in a room.

    >>> bool(Place()), Place(names=("A",)).joined(Place(names=("B",))).names
    (False, ('A', 'B'))
    """

    names: tuple[str, ...] = ()
    """Names of devices."""
    groups: tuple[tuple[str | None, str | None], ...] = ()
    """(area, domain); None for everywhere, and for every kind."""
    near: str | None = field(default=None, compare=False)
    """The room that one is speaking of."""

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.names or self.groups)

    @property
    def area(self) -> str | None:
        """Room that it is in, if it names one."""
        return next((area for area, _ in self.groups if area is not None), self.near)

    @property
    def is_room(self) -> bool:
        """Whether it is only a room."""
        return not self.names and len(self.groups) == 1 and self.groups[0][0] is not None and self.groups[0][1] is None

    def joined(self, other: Place | None) -> Place:
        """Return both places."""
        if other is None:
            return self
        return Place(
            names=tuple(dict.fromkeys((*self.names, *other.names))),
            groups=tuple(dict.fromkeys((*self.groups, *other.groups))),
            near=self.near or other.near,
        )

    def things(self, house: House) -> tuple[Thing, ...]:
        """Return the devices it reaches."""
        named = tuple(thing for name in self.names for thing in house.things if thing.name == name)
        grouped = tuple(thing for area, domain in self.groups for thing in house.within(area, domain))
        return tuple(dict.fromkeys((*named, *grouped)))


def deeds_of(place: Place, values: Sequence[Value], house: House) -> list[Interpretation] | None:
    """Return what is to be done at a place; None where the values contradict each other.

    Values that mean nothing for a device there are left out.
    """
    states = {one.text for one in values if one.kind == "state"}
    if len(states - {"muted", "unmuted", "paused"}) > 1:
        return None
    timed = [one for one in values if one.kind == "duration"]
    if timed and not place.names:
        return [Interpretation(intent="HassStartTimer", slots=_length(int(timed[-1].text)))]
    found: list[Interpretation] = []
    for where, domain in _parts(place, values, house):
        made = _deeds(where, domain, values)
        if made is None:
            return None
        found += made
    return found


def _parts(
    place: Place, values: Sequence[Value], house: House
) -> Iterable[tuple[tuple[tuple[str, str], ...], str | None]]:
    """Split a place into (slots, domain), devices of one kind together."""
    by_domain: dict[str, list[str]] = {}
    for name in place.names:
        own = next((thing.domain for thing in house.things if thing.name == name), "")
        by_domain.setdefault(own, []).append(name)
    for named, names in by_domain.items():
        yield tuple(("name", name) for name in names), named
    for area, domain in place.groups:
        where = (("area", area),) if area is not None else (("name", "all"),)
        if domain is not None:
            yield (*where, ("domain", domain)), domain
            continue
        if any(one.kind == "state" for one in values):
            yield (("name", "all"), *where[: area is not None]), None
        there = {thing.domain for thing in house.within(area)}
        for kind in domain_of(values, there):
            yield (*where, ("domain", kind)), kind


def domain_of(values: Sequence[Value], there: set[str]) -> list[str]:
    """Return the kinds of device, out of some, that values are about, states left out."""
    found: list[str] = []
    kinds = {one.kind for one in values}
    if kinds & {"percent", "number", "color", "kelvin"}:
        found += [domain for domain in ("light", "cover", "media_player", "fan") if domain in there][:1]
    if "degrees" in kinds and "climate" in there:
        found.append("climate")
    if "media" in kinds and "media_player" in there:
        found.append("media_player")
    return list(dict.fromkeys(found))


def _deeds(
    where: tuple[tuple[str, str], ...], domain: str | None, values: Sequence[Value]
) -> list[Interpretation] | None:
    made: list[Interpretation] = []
    last: dict[str, Value] = {one.kind: one for one in values}
    amount = last.get("percent") or last.get("number")
    if domain == "climate":
        amount = last.get("degrees") or last.get("number")
        if amount is not None:
            made.append(Interpretation(intent=_DEGREES, slots=(*where, ("temperature", amount.text))))
    elif domain == "light":
        light = _light(last, amount)
        if light:
            made.append(Interpretation(intent="HassLightSet", slots=(*where, *light)))
    elif domain in _ADJUST:
        vague = last.get("vague")
        level = amount.text if amount is not None else None
        if level is None and domain == "fan" and vague is not None:
            level = _SPEEDS.get(vague.text)
        if level is not None:
            intent, slot = _ADJUST[domain]
            made.append(Interpretation(intent=intent, slots=(*where, (slot, level))))
    if "media" in last and domain == "media_player":
        media = last["media"]
        sort = (("media_class", media.media_class),) if media.media_class else ()
        slots = (("search_query", media.text), *sort, *where)
        made.append(Interpretation(intent="HassMediaSearchAndPlay", slots=slots))
    state = last.get("state")
    nearly = domain == "cover" and amount is not None and float(amount.text) < _AJAR
    if state is not None and not (nearly and made and state.text == "closed"):  # "nearly shut, ten percent"
        if (
            made
            and state.text in ("off", "closed")
            and any(one.intent in ("HassLightSet", "HassSetVolume") for one in made)
        ):
            return None
        if not (made and state.text in ("on", "open")):
            made.append(Interpretation(intent=_switch(state.text, domain), slots=where))
    return made


def _light(last: dict[str, Value], amount: Value | None) -> tuple[tuple[str, str], ...]:
    slots: list[tuple[str, str]] = []
    if amount is not None:
        slots.append(("brightness", amount.text))
    if "color" in last:
        slots.append(("color", last["color"].text))
    elif "kelvin" in last:
        slots.append(("temperature", last["kelvin"].text))
    return tuple(slots)


def _switch(state: str, domain: str | None) -> str:
    if domain == "media_player" and state in ("muted", "unmuted", "paused"):
        return {"muted": "HassMediaPlayerMute", "unmuted": "HassMediaPlayerUnmute"}.get(state, "HassMediaPause")
    if domain == "vacuum":
        return "HassVacuumStart" if state in _ON or state == "out" else "HassVacuumReturnToBase"
    if domain == "lock":
        return "HassTurnOn" if state in ("locked", "on", "closed") else "HassTurnOff"
    return "HassTurnOn" if state in _ON else "HassTurnOff"


def _length(seconds: int) -> tuple[tuple[str, str], ...]:
    minutes, rest = divmod(seconds, 60)
    pairs = (("minutes", str(minutes)), ("seconds", str(rest)))
    return tuple(pair for pair in pairs if pair[1] != "0")


# Places of actions.


def place_of(deed: Interpretation) -> Place:
    """Return where an action is done."""
    names = tuple(value for slot, value in deed.slots if slot == "name")
    area = next((value for slot, value in deed.slots if slot == "area"), None)
    domain = next((value for slot, value in deed.slots if slot == "domain"), None)
    if names and names != ("all",):
        return Place(names=names)
    if area is None and domain is None and not names:
        return Place()
    return Place(groups=((area, domain or _DOMAINS.get(deed.intent)),))


def things_of(deed: Interpretation, house: House) -> tuple[Thing, ...]:
    """Return the devices that an action reaches, as far as its names say."""
    place = place_of(deed)
    if place.groups and place.groups[0][1] is None:
        return tuple(thing for thing in place.things(house) if thing.domain in _SWITCHABLE)
    return place.things(house)


def is_critical(deed: Interpretation, house: House) -> bool:
    """Tell whether an action opens, unlocks or disarms something, or acts on what people must be asked about."""
    return any(thing.is_critical or (thing.is_guard and _opens(deed, thing)) for thing in things_of(deed, house))


def _opens(deed: Interpretation, thing: Thing) -> bool:
    if thing.domain == "cover":
        return deed.intent != "HassTurnOff" and dict(deed.slots).get("position") != "0"
    return deed.intent != "HassTurnOn"


def _values_of(deed: Interpretation) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in deed.slots if pair[0] not in PLACES)


def bound(concept: Concept, place: Place, house: House) -> tuple[Interpretation, ...]:
    """Return what a concept does at a place, where it may have been taught: then it stays as it is."""
    if not place:
        return concept.deeds
    homes = [place_of(deed) for deed in concept.deeds]
    if place.is_room and {thing.area for one in homes for thing in one.things(house)} == {place.area}:
        return concept.deeds  # where it was taught
    if place.groups and place.area is None:
        domains = {domain for _, domain in place.groups}
        taught = {thing.domain for one in homes for thing in one.things(house)}
        if domains & taught:
            return concept.deeds
    return rebind(concept, place, house)


def rebind(concept: Concept, place: Place, house: House) -> tuple[Interpretation, ...]:
    """Return what a concept does at another place; empty where it makes no sense there.

    What was taught for one device is a value: it goes to any device that takes such a value. What was taught for
    several goes to their like in the other room; at a place that it is about already, it stays as it is.
    """
    places = {place_of(deed) for deed in concept.deeds}
    things = place.things(house)
    taught = [things_of(deed, house) for deed in concept.deeds]
    if not things or not any(places):
        return () if any(places) or things else concept.deeds
    if len(places) == 1 and not next(iter(places)).names[1:]:
        carried = (_carried(deed, place, house, taught[0]) for deed in concept.deeds)
        return tuple(one for one in carried if one is not None)
    if place.groups:
        return _in_a_room(concept, place, house, taught)
    pairs = list(zip(concept.deeds, taught, strict=True))
    own = tuple(_at(deed, place, things) for deed, group in pairs if set(group) & set(things))
    if own:
        return own
    carried = (_carried(deed, place, house, group) for deed, group in pairs)
    return tuple(one for one in carried if one is not None)[:1]


def _in_a_room(
    concept: Concept, place: Place, house: House, taught: Sequence[Sequence[Thing]]
) -> tuple[Interpretation, ...]:
    """Return what a concept of several devices does in a room, or to all of a kind."""
    reached = {thing for group in taught for thing in group}
    if place.area is None or any(thing.area == place.area for thing in reached):
        return concept.deeds if reached & set(place.things(house)) or place.area is not None else ()
    pairs = zip(concept.deeds, taught, strict=True)
    return tuple(one for deed, group in pairs for one in _moved(deed, group, place, house))


def _carried(deed: Interpretation, place: Place, house: House, taught: Sequence[Thing]) -> Interpretation | None:
    """Return an action with the same value at another place; None where no device there takes it."""
    things = place.things(house)
    was = taught[0].domain if taught else _DOMAINS.get(deed.intent)
    values = _values_of(deed)
    fit = [thing for thing in things if thing.domain == was]
    if fit:
        return _at(deed, place, fit)
    named = bool(place.names) or any(domain is not None for _, domain in place.groups)
    if len(values) == 1 and values[0][0] in _SHARES and named:
        for domain in dict.fromkeys(thing.domain for thing in things):
            if domain in _ADJUST:
                intent, slot = _ADJUST[domain]
                moved = replace(deed, intent=intent, slots=(*_where(deed), (slot, values[0][1])))
                return _at(moved, place, [thing for thing in things if thing.domain == domain])
    if not values and deed.intent in ("HassTurnOn", "HassTurnOff") and named:
        return _at(deed, place, things)
    return None


def _where(deed: Interpretation) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in deed.slots if pair[0] in PLACES)


def _at(deed: Interpretation, place: Place, things: Sequence[Thing]) -> Interpretation:
    """Return an action at a place, of which it reaches some devices."""
    area = place.groups[0][0] if len(place.groups) == 1 and not place.names else None
    if area is not None:
        domain = things[0].domain
        where: tuple[tuple[str, str], ...] = (("area", area), ("domain", domain))
    else:
        where = tuple(("name", thing.name) for thing in things)
    return replace(deed, slots=(*where, *_values_of(deed)))


def _moved(deed: Interpretation, taught: Sequence[Thing], place: Place, house: House) -> Iterable[Interpretation]:
    """Yield an action with the like of its device in another room: of the same name, else the only one of its kind."""
    for thing in taught[:1]:
        there = house.within(place.area, thing.domain)
        own = _name_without_room(thing)
        same = [one for one in there if _name_without_room(one) == own]
        fit = same or (list(there) if len(there) == 1 else [])
        if fit:
            yield replace(deed, slots=(*(("name", one.name) for one in fit), *_values_of(deed)))


def _name_without_room(thing: Thing) -> tuple[str, ...]:
    room = set(map(stem, (thing.area or "").lower().split()))
    return tuple(word for word in map(stem, thing.name.lower().split()) if word not in room)
