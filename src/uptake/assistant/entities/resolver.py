"""Resolve the slots of an interpretation to entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from uptake.assistant.entities import rules
from uptake.assistant.entities.catalogue import Catalogue
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_in, kind_of
from uptake.assistant.entities.matching import ACCEPT, MARGIN, Names, core
from uptake.assistant.entities.resolution import Problem, Resolution
from uptake.assistant.entities.rules import able, domains_of, is_critical, needs_device_class
from uptake.assistant.entities.search import HOME_SLOTS, Search
from uptake.assistant.entities.targets import Targets, find_targets, lamp_said
from uptake.assistant.entities.titles import PLAY, Titles, find_titles, tasteful
from uptake.assistant.home.model import Device, Home
from uptake.assistant.memory import HOME, Memory
from uptake.assistant.skills.skill import Intent, Skill
from uptake.types import Interpretation, ResolvedEntity, Situation

__all__ = ["Resolver", "Skilled"]

_PLACES = ("name", "area", "floor")
_SELF_NAMED = ("area", "floor", "place", "person")
_ASKS_WARMTH = "HassClimateGetTemperature"
_IDLE = ("off", "unavailable", "unknown")
_SURE = 0.85  # least score of a name among words that need not hold one


class Skilled(Protocol):
    """Interface of the skills for the resolver (`uptake.assistant.skills.Skills`)."""

    @property
    def intents(self) -> Mapping[str, Intent]:
        """Return every intent, by name."""

    @property
    def skills(self) -> Sequence[Skill]:
        """Return every skill."""


class Resolver:
    """Resolver of the slots of interpretations.

    Args:
        home: The home; its names are read again when they change.
        skills: Skills, for the requirements of each intent.
        catalogue: Titles and names; None for the shipped ones.
        lists: Names of lists, beside those in the memory.
        people: Names of people, beside those the home keeps track of.
        places: Names of places.
    """

    def __init__(
        self,
        home: Home,
        skills: Skilled,
        *,
        catalogue: Catalogue | None = None,
        lists: Iterable[str] = (),
        people: Iterable[str] = (),
        places: Iterable[str] = (),
    ) -> None:
        self.home, self.skills = home, skills
        self.catalogue = Catalogue.shipped() if catalogue is None else catalogue
        self._lists = tuple(lists)
        self._known = {
            "person": _names((*people, *_people(home))),
            "place": _names(places),
            "list": _lists(self._lists),
        }
        self._acts_on: dict[str, frozenset[str]] = {}
        for skill in skills.skills:
            for intent in skill.intents:
                self._acts_on[intent.name] = self._acts_on.get(intent.name, frozenset()) | skill.domains
        self._household = Household(home)

    @property
    def household(self) -> Household:
        """Index of the home's names."""
        if not self._household.describes(self.home):
            self._household = Household(self.home)
        return self._household

    def resolve(
        self,
        interpretation: Interpretation,
        situation: Situation,
        memory: Memory | None = None,
        *,
        text: str | None = None,
    ) -> Resolution:
        """Resolve a reading to the things that are meant, or to a problem. Never raises, whatever the slots.

        Args:
            interpretation: The reading.
            situation: Where and when.
            memory: What the assistant keeps: its lists.
            text: The request, to see whether it says "all", and which kind of device it names.
        """
        titles = self._titles(interpretation, situation)
        reading, entities = titles.readings[0], () if titles.entity is None else (titles.entity,)
        if not self.is_about_devices(reading.intent):
            return self._other(reading, entities, memory)
        targets = self._targets(reading, situation, text)
        if targets.problem is not None:
            return Resolution(interpretation=reading, entities=entities, problem=targets.problem)
        reading = _with(reading, targets.slots)
        return Resolution(
            interpretation=reading,
            targets=targets.devices,
            entities=(*entities, *targets.entities),
            problem=self._missing(reading, found=bool(targets.devices)),
        )

    def readings(
        self, interpretation: Interpretation, situation: Situation, limit: int = 4, *, text: str | None = None
    ) -> tuple[Interpretation, ...]:
        """Return one reading for each plausible resolution, best first, for the context to choose from."""
        if interpretation.intent == PLAY:
            titles = self._titles(interpretation, situation).readings
            ways = (*tasteful(interpretation, self.catalogue, situation.habits), *titles)
            readings = [self.resolve(way, situation, text=text).interpretation for way in ways[:limit]]
        elif self.is_about_devices(interpretation.intent):
            readings = self._ways(interpretation, situation, limit, text)
        else:
            readings = [self.resolve(interpretation, situation).interpretation]
        return tuple({way.key: way for way in readings}.values())[:limit]

    def is_about_devices(self, intent: str) -> bool:
        """Tell whether an intent is about devices of the home."""
        return rules.is_about_devices(intent) or bool(self._acts_on.get(intent))

    def kind_of_slot(self, intent: str, slot: str) -> str:
        """Return the kind of values that a slot of an intent takes (see `Slot.kind`); "" where it is not declared."""
        declared = self.skills.intents.get(intent)
        kind = next((each.kind for each in declared.slots if each.name == slot), "") if declared is not None else ""
        if slot in _SELF_NAMED and kind in ("", "text"):
            return slot
        return "list" if intent.startswith("HassList") and slot == "name" else kind

    def knows(self, kind: str, said: str) -> bool:
        """Tell whether there is a list, a person or a place called so."""
        names = self._known.get(kind)
        matches = () if names is None else names.match(said, limit=1)
        return bool(matches) and matches[0].score >= _SURE

    # Devices.

    def _targets(self, reading: Interpretation, situation: Situation, text: str | None) -> Targets:
        intent = self.skills.intents.get(reading.intent)
        search = Search(
            reading=reading,
            domains=domains_of(reading.intent, self._acts_on.get(reading.intent, frozenset())),
            classes=needs_device_class(reading.intent),
            is_question=intent is not None and not intent.changes,
            room=self.household.room(situation.context.room),
            text=text,
            look=self.home.states,
        )
        return find_targets(search, self.household)

    def _ways(
        self, interpretation: Interpretation, situation: Situation, limit: int, text: str | None
    ) -> list[Interpretation]:
        """Yield the reading as it resolves, then with each single device that may be meant instead."""
        targets = self._targets(interpretation, situation, text)
        problem = targets.problem
        if problem is not None:
            options = problem.options if problem.kind == "ambiguous" and not self._is_critical(problem) else ()
            ways = [_instead(interpretation, problem.slot, option) for option in options]
        elif targets.is_default and not (_speaks_of_many(text, targets.devices) or _called_so(text, targets.devices)):
            ways = [interpretation, *self._singly(interpretation, targets)]
        else:
            return [_with(interpretation, targets.slots)]
        resolutions = [self.resolve(way, situation, text=text) for way in ways[:limit]]
        return [way.interpretation for way in resolutions if way.problem is None] or [interpretation]

    def _is_critical(self, problem: Problem) -> bool:
        """Tell whether something critical is among what could be meant: then the context must not choose."""
        everything = self.household.devices
        return problem.slot == "name" and any(
            is_critical(self.household.by_id[match.key])
            for option in problem.options
            for match in self.household.match_devices(option, everything, exact_only=True)
        )

    def _singly(self, interpretation: Interpretation, targets: Targets) -> list[Interpretation]:
        """Yield each device of the kinds that were found, this room's first."""
        kinds = {
            (device.domain, device.device_class if device.domain != "light" else None) for device in targets.devices
        }
        others = [
            device
            for device in self.household.devices
            if (device.domain, device.device_class if device.domain != "light" else None) in kinds
            and device not in targets.devices
            and able(device, interpretation) is None
        ]
        alone = targets.devices if len(targets.devices) > 1 else ()
        if interpretation.intent == _ASKS_WARMTH:  # an oven that is on has a temperature, too
            others = [*self._hot(), *others]
        return [_instead(interpretation, "name", self.household.label(device)) for device in (*alone, *others)]

    def _hot(self) -> list[Device]:
        """Return appliances that are set to a temperature and on."""
        states = self.home.states()
        warm = [device for device in self.household.devices if "temperature" in device.features]
        return [one for one in warm if (state := states.get(one.entity_id)) and state.value not in _IDLE]

    # Titles, lists, people, places.

    def _titles(self, reading: Interpretation, situation: Situation) -> Titles:
        if reading.intent != PLAY:
            return Titles(readings=(reading,))
        return find_titles(reading, self.catalogue, has_screen=self._has_screen(reading, situation))

    def _has_screen(self, reading: Interpretation, situation: Situation) -> bool | None:
        """Tell whether what is to play has a screen: the device that was named, else the one that listens."""
        for slot, value in reading.slots:
            if slot != "name":
                continue
            for match in self.household.match_devices(value, self.household.devices, exact_only=True)[:1]:
                return "screen" in self.household.by_id[match.key].features
            kind = kind_of(value)
            if kind is not None:
                return bool(kind.classes & {"tv", "display"})
        return situation.has_screen

    def _other(
        self, reading: Interpretation, entities: tuple[ResolvedEntity, ...], memory: Memory | None
    ) -> Resolution:
        """Resolve a reading that is not about devices, where its values are known."""
        slots: list[tuple[str, str]] = []
        resolved: list[ResolvedEntity] = list(entities)
        for slot, value in reading.slots:
            entity = self._look_up(reading.intent, slot, value, memory)
            if isinstance(entity, Problem):
                return Resolution(interpretation=reading, entities=tuple(resolved), problem=entity)
            slots.append((slot, value if entity is None else entity[0]))
            if entity is not None:
                resolved.append(entity[1])
        reading = _said(reading, tuple(slots))
        return Resolution(interpretation=reading, entities=tuple(resolved), problem=self._missing(reading, found=False))

    def _look_up(
        self, intent: str, slot: str, value: str, memory: Memory | None
    ) -> tuple[str, ResolvedEntity] | Problem | None:
        """Look up (canonical value, entity) of a slot; None where it stands for itself."""
        kind = self.kind_of_slot(intent, slot)
        if kind in ("area", "floor"):
            matches = self.household.match_places(value, kind)
            if not matches or matches[0].score < ACCEPT:
                return None
            place = self.household.place(matches[0])
            return place.name, ResolvedEntity(slot=slot, value=place.key, score=matches[0].score)
        names = self._lists_of(memory) if kind == "list" else self._known.get(kind)
        matches = () if names is None else names.match(value)
        if not matches or matches[0].score < ACCEPT:
            return None
        close = [match.key for match in matches if match.score >= ACCEPT and matches[0].score - match.score < MARGIN]
        if len(close) > 1 and kind == "person":
            return Problem(kind="ambiguous", slot=slot, options=tuple(close[:4]))
        candidates = tuple((match.key, match.score) for match in matches)
        best = matches[0]
        return best.key, ResolvedEntity(slot=slot, value=best.key, score=best.score, candidates=candidates)

    def _lists_of(self, memory: Memory | None) -> Names:
        lists = memory.get(HOME, "lists") if memory is not None else None
        return _lists((*self._lists, *lists)) if isinstance(lists, dict) and lists else self._known["list"]

    def _missing(self, reading: Interpretation, *, found: bool) -> Problem | None:
        """Return the first slot that the intent needs and that was not said."""
        intent = self.skills.intents.get(reading.intent)
        said = {slot for slot, value in reading.slots if value.strip()}
        for slot in intent.slots if intent is not None else ():
            if slot.required and slot.name not in said and not (found and slot.name in _PLACES):
                return Problem(kind="missing", slot=slot.name)
        return None


def _called_so(text: str | None, devices: Sequence[Device]) -> bool:
    """Tell whether a text says a word for a kind that stands in the names of all that were found: "the lamp"."""
    word = lamp_said(text)
    return bool(word) and all(word in device.name.casefold().split() for device in devices)


def _speaks_of_many(text: str | None, devices: Sequence[Device]) -> bool:
    """Tell whether a request is about all of some devices: "the lights", or "brighter" where the room has several."""
    if text is None:
        return False
    kind = kind_in(text)
    return kind.is_plural if kind is not None else {device.domain for device in devices} == {"light"}


def _names(names: Iterable[str]) -> Names:
    return Names((name, (name,)) for name in names if core(name))


def _people(home: Home) -> list[str]:
    """Return people that the home keeps track of."""
    return [device.name for device in home.devices if device.domain == "person"]


def _lists(names: Iterable[str]) -> Names:
    return Names((name, (name, f"{name} list", name.removesuffix(" list"))) for name in names if core(name))


def _with(reading: Interpretation, slots: Sequence[tuple[str, str]]) -> Interpretation:
    """Replace the home's slots of the reading."""
    rest = tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS)
    return _said(reading, (*rest, *slots))


def _instead(reading: Interpretation, slot: str, value: str) -> Interpretation:
    """Replace what was said by one thing of the home."""
    gone = HOME_SLOTS if slot == "name" else (slot,)
    rest = tuple(pair for pair in reading.slots if pair[0] not in gone)
    return _said(reading, (*rest, (slot, value)))


def _said(reading: Interpretation, slots: tuple[tuple[str, str], ...]) -> Interpretation:
    """Return a reading with other slots; itself where they are the same."""
    if slots == reading.slots:
        return reading
    return Interpretation(intent=reading.intent, domain=reading.domain, slots=slots, confidence=reading.confidence)
