"""What is looked for in the home, and the places that were said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from uptake.agent.entities.household import Household, Place
from uptake.agent.entities.kinds import HERE, THE_HOME, Kind, kind_in, says_here
from uptake.agent.entities.matching import ACCEPT, MARGIN, core
from uptake.agent.entities.resolution import Problem
from uptake.agent.entities.rules import ROAMING, fits_state
from uptake.agent.home.model import Device, State
from uptake.types import Interpretation, ResolvedEntity

__all__ = ["HINT", "HOME_SLOTS", "OPTIONS", "Search", "Unclear", "Where", "places_said"]

HOME_SLOTS = ("name", "area", "floor", "domain", "device_class")
"""Slots that say which devices are meant."""
HINT = 0.45
"""Least score of a name that is offered instead of one nobody knows."""
OPTIONS = 4
"""Most names to choose from."""

_VERBS = (({"lock", "unlock"}, "lock"), ({"open", "close", "shut"}, "cover"))


class Unclear(Exception):
    """Carries a problem out of a search; never leaves this room.

    Args:
        problem: What stands in the way.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for, and where."""

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
        """What the devices are doing now."""
        return self.look()

    def values(self, slot: str) -> tuple[str, ...]:
        """Values of a slot that say something."""
        return tuple(value for name, value in self.reading.slots if name == slot and core(value))

    @property
    def says_kind(self) -> bool:
        """Whether the slots or the intent say which kind of device is meant."""
        return bool(self.values("domain") or self.values("device_class") or self.classes) or 0 < len(self.domains) <= 2

    @property
    def is_about_the_home(self) -> bool:
        """Whether it asks about all there is: "are any lights on", and not "is the light on"."""
        return self.reading.intent == "HassGetState" and not core(self.text or "").startswith("is ")

    def kind(self) -> Kind | None:
        """The kind of device that the request names outside the slots."""
        if self.text is None or self.values("domain") or self.values("device_class") or len(self.domains) == 1:
            return None
        kind = kind_in(self.text)
        return kind if kind is not None and (not self.domains or kind.domains & self.domains) else None

    def pool(self, household: Household) -> list[Device]:
        """Devices that the intent, and the domains and classes that were said, can mean."""
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
        """Those that can be in the state that is asked for, where any can."""
        wanted = self.values("state")
        return ([device for device in devices if fits_state(device, wanted[0])] if wanted else []) or devices

    def likelier(self, devices: list[Device]) -> list[Device]:
        """Those that the state and the verb can mean, where any can."""
        devices = self.of_state(devices)
        words = set(core(self.text or "").split())
        for verbs, domain in _VERBS:
            if words & verbs:
                devices = [device for device in devices if device.domain == domain] or devices
        return devices


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
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
        """Whether nothing was said of where."""
        return self.areas is None and not self.everything

    def narrow(self, place: Place, entity: ResolvedEntity | None = None) -> Where:
        """Meet with a place."""
        slot = (place.slot, place.name)
        return Where(
            areas=place.areas if self.areas is None else self.areas & place.areas,
            everything=self.everything,
            slots=self.slots if slot in self.slots else (*self.slots, slot),
            entities=self.entities if entity is None else (*self.entities, entity),
        )

    def holds(self, devices: Sequence[Device]) -> list[Device]:
        """Those of some devices that stand there."""
        return [device for device in devices if self.areas is None or device.area_id in self.areas]


def places_said(search: Search, household: Household) -> Where:
    """The places of a reading.

    Raises:
        Unclear: There is no such place, two are called nearly so, or one is not in the other.
    """
    where = Where()
    for slot in ("area", "floor"):
        of_slot = [_place(value, slot, search, household) for value in search.values(slot)]
        where = _joined(where, [each for each in of_slot if each is not None])
    if where.areas is None and says_here(search.text) and search.room is not None:
        where = where.narrow(search.room)
    if where.areas is not None and not where.areas and len(where.slots) > 1:
        others = tuple(name for _, name in where.slots[1:])
        raise Unclear(Problem(kind="unknown", slot=where.slots[0][0], options=others))
    return where


def _is_implied(value: str, search: Search, household: Household) -> bool:
    """Whether a room was not said: a grammar puts in the one that the request was heard in."""
    if search.room is None or search.text is None or search.reading.intent in ROAMING or says_here(search.text):
        return False
    return core(value) == core(search.room.name) and not household.mentions(search.text, search.room)


def _place(value: str, slot: str, search: Search, household: Household) -> Where | None:
    """The place of a slot; None where it says nothing."""
    if core(value) in THE_HOME:
        return Where(everything=True)
    if core(value) in HERE:
        return None if search.room is None else Where().narrow(search.room)
    return None if _is_implied(value, search, household) else _named(value, slot, household)


def _joined(where: Where, places: Sequence[Where]) -> Where:
    """Meet with places: "the kitchen and the hall" is both, "the lights upstairs in the study" is where they meet."""
    known = [place.areas for place in places if place.areas is not None]
    areas = frozenset().union(*known) if known else None
    if areas is not None and where.areas is not None:
        areas &= where.areas
    return Where(
        areas=where.areas if areas is None else areas,
        everything=where.everything or any(place.everything for place in places),
        slots=tuple(dict.fromkeys((*where.slots, *(slot for place in places for slot in place.slots)))),
        entities=(*where.entities, *(entity for place in places for entity in place.entities)),
    )


def _named(value: str, slot: str, household: Household) -> Where:
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
    return Where().narrow(place, entity)
