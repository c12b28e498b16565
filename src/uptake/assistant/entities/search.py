"""Search the home for the devices of an interpretation, and parse the places that were said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from uptake.assistant.entities.household import Household, Place
from uptake.assistant.entities.kinds import HERE, THE_HOME, Kind, kind_in, means_all, says_here
from uptake.assistant.entities.matching import ACCEPT, MARGIN, core
from uptake.assistant.entities.resolution import Problem
from uptake.assistant.entities.rules import ROAMING, fits_state
from uptake.assistant.home.model import Device, State
from uptake.types import Interpretation, ResolvedEntity

__all__ = ["HINT", "HOME_SLOTS", "OPTIONS", "SaidPlaces", "Search", "Unclear", "places_said"]

HOME_SLOTS = ("name", "area", "floor", "domain", "device_class")
"""Slots that say which devices are meant."""
HINT = 0.45
"""Least score of a name that is offered instead of one nobody knows."""
OPTIONS = 4
"""Most names to choose from."""

_VERBS = (({"lock", "unlock"}, "lock"), ({"open", "close", "shut"}, "cover"))


class Unclear(Exception):
    """Exception that carries a problem out of a search; used in this package only.

    Args:
        problem: What stands in the way.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Search for the devices and places of an interpretation."""

    reading: Interpretation
    """The reading."""
    domains: frozenset[str]
    """Domains its intent can be about; empty for any."""
    classes: frozenset[str] = frozenset()
    """Device classes its intent is about; empty for any."""
    is_question: bool = False
    """Whether it changes nothing."""
    room: Place | None = None
    """The room one is in."""
    text: str | None = None
    """The request."""
    look: Callable[[], Mapping[str, State]] = dict
    """Tells what the devices are doing; asked where it matters."""

    @property
    def states(self) -> Mapping[str, State]:
        """States of the devices now."""
        return self.look()

    def values(self, slot: str) -> tuple[str, ...]:
        """Return the values of a slot that are not empty."""
        return tuple([value for name, value in self.reading.slots if name == slot and core(value)])

    @property
    def says_kind(self) -> bool:
        """Whether the slots or the intent give the kind of device."""
        return bool(self.values("domain") or self.values("device_class") or self.classes) or 0 < len(self.domains) <= 2

    @property
    def is_about_the_home(self) -> bool:
        """Whether it asks about the whole home: "are any lights on", and not "is the light on"."""
        return self.reading.intent == "HassGetState" and not core(self.text or "").startswith("is ")

    def kind(self) -> Kind | None:
        """Return the kind of device that the request names outside the slots."""
        if self.text is None or self.values("domain") or self.values("device_class") or len(self.domains) == 1:
            return None
        kind = kind_in(self.text)
        return kind if kind is not None and (not self.domains or kind.domains & self.domains) else None

    def pool(self, household: Household) -> list[Device]:
        """Return devices that the intent, and the domains and classes that were said, can mean."""
        domains, classes = frozenset(self.values("domain")), frozenset(self.values("device_class"))
        pool = [
            device
            for device in household.devices
            if (not self.domains or device.domain in self.domains)
            and (not self.classes or device.device_class in self.classes)
            and (not domains or device.domain in domains)
            and (not classes or device.device_class in classes)
        ]
        return pool if self.values("name") else self.of_state(pool)

    def of_state(self, devices: list[Device]) -> list[Device]:
        """Keep those that can be in the state that is asked for, where any can."""
        wanted = self.values("state")
        return ([device for device in devices if fits_state(device, wanted[0])] if wanted else []) or devices

    def likelier(self, devices: list[Device]) -> list[Device]:
        """Keep those that fit the state and the verb, where any do."""
        devices = self.of_state(devices)
        words = set(core(self.text or "").split())
        if self.is_question and any(means_all(name) for name in self.values("name")):
            return devices
        for verbs, domain in _VERBS:
            if words & verbs:
                devices = [device for device in devices if device.domain == domain] or devices
        return devices


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPlaces:
    """Places that were said."""

    areas: frozenset[str] | None = None
    """`area_id` of the rooms that are meant; None where no place was said."""
    everything: bool = False
    """Whether all there is was asked for."""
    slots: tuple[tuple[str, str], ...] = ()
    """The places as slots."""
    entities: tuple[ResolvedEntity, ...] = ()
    """The places as they were resolved."""

    @property
    def is_open(self) -> bool:
        """Whether no place was said."""
        return self.areas is None and not self.everything

    def narrow(self, place: Place, entity: ResolvedEntity | None = None) -> SaidPlaces:
        """Intersect with a place."""
        slot = (place.slot, place.name)
        return SaidPlaces(
            areas=place.areas if self.areas is None else self.areas & place.areas,
            everything=self.everything,
            slots=self.slots if slot in self.slots else (*self.slots, slot),
            entities=self.entities if entity is None else (*self.entities, entity),
        )

    def holds(self, devices: Sequence[Device]) -> list[Device]:
        """Return those of some devices that stand there."""
        return [device for device in devices if self.areas is None or device.area_id in self.areas]


def places_said(search: Search, household: Household) -> SaidPlaces:
    """Return the places of a reading.

    Raises:
        Unclear: There is no such place, two are called nearly so, or one is not in the other.
    """
    where = SaidPlaces()
    for slot in ("area", "floor"):
        of_slot = [_place(value, slot, search, household) for value in search.values(slot)]
        if told := [each for each in of_slot if each is not None]:
            where = _joined(where, told)
    if where.areas is None and says_here(search.text) and search.room is not None:
        where = where.narrow(search.room)
    if where.areas is not None and not where.areas and len(where.slots) > 1:
        others = tuple(name for _, name in where.slots[1:])
        raise Unclear(Problem(kind="unknown", slot=where.slots[0][0], options=others))
    return where


def _is_implied(value: str, search: Search, household: Household) -> bool:
    """Tell whether a room was not said: a grammar puts in the one that the request was heard in."""
    if search.room is None or search.text is None or search.reading.intent in ROAMING or says_here(search.text):
        return False
    return core(value) == core(search.room.name) and not household.mentions(search.text, search.room)


def _place(value: str, slot: str, search: Search, household: Household) -> SaidPlaces | None:
    """Return the place of a slot; None where it says nothing."""
    if core(value) in THE_HOME:
        return SaidPlaces(everything=True)
    if core(value) in HERE:
        return None if search.room is None else SaidPlaces().narrow(search.room)
    return None if _is_implied(value, search, household) else _named(value, slot, household)


def _joined(where: SaidPlaces, places: Sequence[SaidPlaces]) -> SaidPlaces:
    """Join or intersect places: "the kitchen and the hall" is both, "upstairs in the study" is where they meet."""
    known = [place.areas for place in places if place.areas is not None]
    areas = frozenset().union(*known) if known else None
    if areas is not None and where.areas is not None:
        areas &= where.areas
    return SaidPlaces(
        areas=where.areas if areas is None else areas,
        everything=where.everything or any(place.everything for place in places),
        slots=tuple(dict.fromkeys((*where.slots, *(slot for place in places for slot in place.slots)))),
        entities=(*where.entities, *(entity for place in places for entity in place.entities)),
    )


def _named(value: str, slot: str, household: Household) -> SaidPlaces:
    matches = household.match_places(value, slot)
    if not matches or matches[0].score < ACCEPT:  # people call a floor an area, and the other way round
        matches = household.match_places(value) or matches
    close = [match for match in matches if match.score >= ACCEPT and matches[0].score - match.score < MARGIN]
    names = tuple(household.place(match).name for match in matches if match.score >= HINT)[:OPTIONS]
    if not close:
        raise Unclear(Problem(kind="unknown", slot=slot, options=names[:3]))
    if len(close) > 1:
        raise Unclear(Problem(kind="ambiguous", slot=slot, options=names[: len(close)]))
    place = household.place(matches[0])
    candidates = tuple((household.place(match).key, match.score) for match in matches)
    entity = ResolvedEntity(slot=place.slot, value=place.key, score=matches[0].score, candidates=candidates)
    return SaidPlaces().narrow(place, entity)
