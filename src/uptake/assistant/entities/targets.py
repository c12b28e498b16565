"""Find the target devices of an interpretation: name, area, floor, domain and class intersect, as in Home Assistant.

If neither a name nor a place was said, the speaker's room is meant; the whole home only if the request says so. A name
that fits two devices, or two that are nearly alike, is asked about; critical devices are never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import Kind, kind_of, means_all, says_all, says_here
from uptake.assistant.entities.matching import ACCEPT, MARGIN, Match, core, singular
from uptake.assistant.entities.players import choose_players
from uptake.assistant.entities.resolution import Problem
from uptake.assistant.entities.rules import GROUPS, MEDIA, ROAMING, able, is_critical
from uptake.assistant.entities.search import HINT, HOME_SLOTS, OPTIONS, SaidPlaces, Search, Unclear, places_said
from uptake.assistant.home.model import Device
from uptake.types import ResolvedEntity

__all__ = ["Targets", "find_targets", "lamp_said"]

_SURE = 0.95  # least score of a critical device that is taken without asking
_SHOWN = 8  # devices of a group that are logged one by one
_HEATS = "climate"
_TWO = 2
_BOTH = re.compile(r"\bboth\b(?! (?:rooms|floors|places|of the \w+rooms)\b)(?!.*\b(?:and|floors)\b)", re.IGNORECASE)
"""Says two things: where there are more, it is asked which."""
_TOGETHER = frozenset({"light", "cover"})  # "the light" of a room with two is both

_Slots = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Result of the search."""

    devices: tuple[Device, ...] = ()
    """The devices."""
    entities: tuple[ResolvedEntity, ...] = ()
    """Things that the slots stand for."""
    slots: tuple[tuple[str, str], ...] = ()
    """The home's slots with canonical values."""
    problem: Problem | None = None
    """Why nothing is meant clearly."""
    is_default: bool = False
    """Whether nothing was said of name or place."""


def find_targets(search: Search, household: Household) -> Targets:
    """Find the devices that are meant."""
    try:
        return _Finder(search=search, household=household, pool=search.pool(household)).find()
    except Unclear as unclear:
        return Targets(problem=unclear.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finder:
    search: Search
    household: Household
    pool: list[Device]

    def find(self) -> Targets:
        where = places_said(self.search, self.household)
        if self.search.reading.intent in ROAMING:
            where = replace(where, areas=None, everything=True)
        found = self._meant(where)
        if len(found.devices) > _TWO and _BOTH.search(self.search.text or "") and not says_all(self.search.text):
            raise Unclear(Problem(kind="missing", slot="name"))
        return found

    def _meant(self, where: SaidPlaces) -> Targets:
        """Find the devices that are meant where something was said to be."""
        said = self.search.values("name")
        names = list({core(name): name for name in said if not means_all(name)}.values())
        is_all = any(means_all(name) for name in said) or says_all(self.search.text)
        where = replace(where, everything=True) if is_all and not where.everything else where
        if not names:
            return self.of_kind(self.search.kind(), where, word=self.word_said(where))
        if len(names) == 1:
            return self.named(names[0], where)
        return self.joined(names, [self.named(name, where) for name in names], where)

    def word_said(self, where: SaidPlaces) -> str:
        """Return the word for a light that only some lights of a room have in their names: "the lamp"; else ""."""
        word, room = lamp_said(self.search.text), self.search.room
        if _ALL_LAMPS.search(self.search.text or "") and len(_with_word(self.pool, _LAMP)) < len(self.pool):
            return _LAMP
        areas = where.areas if where.areas is not None else room.areas if room is not None else frozenset()
        here = [device for device in self.pool if device.area_id in areas]
        return word if word and len(_with_word(here, word)) < len(here) else ""

    # By name.

    def named(self, name: str, where: SaidPlaces) -> Targets:
        """Find the device, or the devices, of a name."""
        exact = self.household.match_devices(name, self.pool, exact_only=True)
        if exact:
            return self.of_matches(exact, where)
        if self.search.is_question and (
            told := self.household.match_devices(name, self.household.devices, exact_only=True)
        ):
            return replace(self, pool=list(self.household.devices)).of_matches(told, where)  # it can be asked about
        kind = kind_of(name)
        is_kind = kind is not None and any(kind.holds(device) for device in self.pool)
        for place, rest in () if is_kind else self.household.split(name):
            inside = where.narrow(place)
            inner = kind_of(rest) if rest else None
            if not rest or inner is not None:
                return self.of_kind(inner, inside, word=rest)
            matches = self.household.match_devices(rest, inside.holds(self.pool))
            if matches and matches[0].score >= ACCEPT:
                return self.of_matches(matches, inside)
        if is_kind:
            return self.of_kind(kind, where, word=name)
        matches = self.household.match_devices(name, where.holds(self.pool))
        if not matches or matches[0].score < ACCEPT:
            matches = self.household.match_devices(name, self.pool) if where.areas is not None else matches
        if not matches or matches[0].score < ACCEPT:
            raise Unclear(self.unknown(name, matches))
        return self.of_matches(matches, where)

    def unknown(self, name: str, near: Sequence[Match]) -> Problem:
        """Return the problem that nothing has the name, or that nothing of that name can do it."""
        asked = next((slot for slot, _ in self.search.reading.slots if slot not in HOME_SLOTS), None)
        misfits = self.household.match_devices(name, self.household.devices, exact_only=True)
        if misfits and asked is not None:
            return Problem(kind="unknown", slot=asked)
        options = [self.household.by_id[match.key] for match in near if match.score >= HINT]
        return Problem(kind="unknown", slot="name", options=self.labels(options)[:3])

    def of_matches(self, matches: Sequence[Match], where: SaidPlaces) -> Targets:
        """Choose the one in the place that was said, else in this room, else it must be the only one."""
        candidates = [(match, self.household.by_id[match.key]) for match in matches]
        called = [device for _, device in candidates]
        there = where.holds(called) or (
            [each for each in called if each.area_id is None] if self._is_only_here() else []
        )
        if not there:  # what is called so stands in another room: offer what is there of its kind
            others = [device for device in where.holds(self.pool) if device.domain == candidates[0][1].domain]
            if not others and called[0].domain == _HEATS and self._is_only_here():
                return self.done(called[:1], SaidPlaces(), matches)  # "it's cold in here" is said to the house
            raise Unclear(Problem(kind="unknown", slot="name", options=self.labels(others)))
        inside = [match for match, device in candidates if device in there]
        best = inside[0].score
        close = self.search.likelier([self.household.by_id[m.key] for m in inside if best - m.score < MARGIN])
        if not (where.everything and best >= _SURE):
            close = self.only_one(close, best)
        return self.done(close, where, inside)

    def _is_only_here(self) -> bool:
        """Tell whether the request says "here" and no place by name: what stands in no room is here, too."""
        room, named = self.search.room, (*self.search.values("area"), *self.search.values("floor"))
        return says_here(self.search.text) and room is not None and all(core(one) == core(room.name) for one in named)

    def only_one(self, close: list[Device], score: float) -> list[Device]:
        """Choose one device out of several that have nearly the same name."""
        room = self.search.room
        here = [device for device in close if room is not None and device.area_id in room.areas]
        if len(close) > 1 and len(here) == 1 and not is_critical(here[0]):
            return here
        options = self.labels(close)
        if len(close) > 1 and len(options) > 1:
            raise Unclear(Problem(kind="ambiguous", slot="name", options=options))
        if is_critical(close[0]) and score < _SURE:
            raise Unclear(Problem(kind="unknown", slot="name", options=options))
        return close

    # By kind and place.

    def of_kind(self, kind: Kind | None, where: SaidPlaces, word: str = "") -> Targets:
        """Find devices of a kind, or all of them, where they were said to be."""
        of_kind = [device for device in self.pool if kind.holds(device)] if kind is not None else self.pool
        chosen = self.search.likelier(_with_word(of_kind, word))
        is_default = where.is_open
        if kind is None and not self.search.says_kind:
            if is_default:
                raise Unclear(Problem(kind="missing", slot="name"))
            chosen = self.harmless(chosen, where)
        if is_default:
            chosen, where = self.by_default(chosen, where, kind)
        else:
            chosen = where.holds(chosen)
        if (where.areas is not None or is_default) and any(device.domain in MEDIA for device in chosen):
            chosen = choose_players(chosen, self.search.reading, self.search.states)
        if not chosen:
            slot = "domain" if kind is not None or self.search.says_kind else "name"
            raise Unclear(Problem(kind="unknown", slot=slot, options=self.rooms(of_kind)))
        if kind is not None and not kind.is_plural and not where.everything:
            self.check_one(chosen)
        targets = self.done(chosen, where, (), kind)
        return replace(targets, is_default=is_default)

    def harmless(self, chosen: list[Device], where: SaidPlaces) -> list[Device]:
        """Keep what can be switched without harm: of "the kitchen" its lights."""
        if self.search.is_question:
            return chosen
        safe = [device for device in chosen if device.domain in GROUPS and not is_critical(device)]
        lights = [device for device in where.holds(safe) if device.domain == "light"]
        return lights if lights and not where.everything else safe

    def by_default(self, chosen: list[Device], where: SaidPlaces, kind: Kind | None) -> tuple[list[Device], SaidPlaces]:
        """Choose those of this room, else the only ones there are; else ask which room is meant."""
        if self.search.is_about_the_home:
            return chosen, where
        room, reading = self.search.room, self.search.reading
        here = [device for device in chosen if room is not None and device.area_id in room.areas]
        if chosen and chosen[0].domain in MEDIA:
            everywhere, states = chosen, self.search.states
            here = choose_players(here, reading, states, strictly=True)
            if not here:
                chosen = choose_players(everywhere, reading, states, strictly=True)
                chosen = (
                    chosen or [device for device in everywhere if room and device.area_id in room.areas] or everywhere
                )
        is_many = kind is not None and kind.is_plural
        if here:
            if len(here) > 1 and any(is_critical(device) for device in here) and not is_many:
                raise Unclear(Problem(kind="ambiguous", slot="name", options=self.labels(here)))
            return here, where.narrow(room) if room is not None and len(here) > 1 else where
        if len(chosen) > 1 and not self.search.is_question:
            return self.elsewhere(chosen, where, is_many=is_many)
        return chosen, where

    def elsewhere(self, chosen: list[Device], where: SaidPlaces, *, is_many: bool) -> tuple[list[Device], SaidPlaces]:
        """Choose among several devices of which none is in this room."""
        areas = tuple(dict.fromkeys(self.household.area_name(device) for device in chosen))
        if any(is_critical(device) for device in chosen):
            if is_many:
                return chosen, replace(where, everything=True)
        elif len(areas) == 1 and areas[0] is not None:
            room = self.household.room(areas[0])
            return chosen, where if room is None else where.narrow(room)
        elif chosen[0].domain not in MEDIA and None not in areas:
            raise Unclear(Problem(kind="ambiguous", slot="area", options=tuple(name for name in areas if name)))
        raise Unclear(Problem(kind="ambiguous", slot="name", options=self.labels(chosen)))

    def check_one(self, chosen: Sequence[Device]) -> None:
        """Check that one device is left where one was named: a room's lights go together, else ask."""
        go_together = {device.domain for device in chosen} <= _TOGETHER and not any(is_critical(d) for d in chosen)
        if len(chosen) > 1 and not self.search.is_question and not go_together:
            raise Unclear(Problem(kind="ambiguous", slot="name", options=self.labels(chosen)))

    # What comes out.

    def done(
        self, devices: Sequence[Device], where: SaidPlaces, matches: Sequence[Match], kind: Kind | None = None
    ) -> Targets:
        """Return the devices that can do what is asked, and the slots that name them."""
        fit = [device for device in devices if able(device, self.search.reading) is None]
        if not fit:
            raise Unclear(Problem(kind="unknown", slot=able(devices[0], self.search.reading) or "name"))
        if len(fit) > 1 and self.search.values("direction") and {device.domain for device in fit} == {"light"}:
            states = self.search.states
            fit = [one for one in fit if (state := states.get(one.entity_id)) and state.value == "on"] or fit
        scores = {match.key: match.score for match in matches}
        candidates = tuple((match.key, match.score) for match in matches)
        entities = tuple(
            ResolvedEntity(
                slot="name", value=one.entity_id, score=scores.get(one.entity_id, 1.0), candidates=candidates
            )
            for one in fit[:_SHOWN]
        )
        return Targets(
            devices=tuple(fit),
            entities=(*where.entities, *entities),
            slots=self.name_of(fit[0], where) if len(fit) == 1 else self.group(devices, where, kind),
        )

    def name_of(self, device: Device, where: SaidPlaces) -> _Slots:
        """Return slots that mean one device, also when they are resolved again."""
        area = self.household.area_name(device)
        is_shared = self.household.label(device) != device.name
        places = where.slots or ((("area", area),) if is_shared and area else ())
        return (("name", device.name), *places, *self.kinds_said())

    def group(self, fit: Sequence[Device], where: SaidPlaces, kind: Kind | None) -> _Slots:
        """Return slots that mean these devices, also when they are resolved again."""
        names = tuple(("name", value) for value in self.search.values("name"))
        alls = tuple(pair for pair in names if means_all(pair[1]))
        if where.everything and not alls:
            alls = (("name", "all"),)
        for as_slots in _as_slots(fit) if kind is not None else ():
            if where.holds(_of_slots(as_slots, self.pool)) == list(fit):
                return tuple(dict.fromkeys((*alls, *where.slots, *self.kinds_said(), *as_slots)))
        by_place = bool(where.slots) and kind is None and all(not kind_of(value) for _, value in names)
        is_named = names and not by_place
        return tuple(dict.fromkeys((*(names if is_named else ()), *alls, *where.slots, *self.kinds_said())))

    def joined(self, names: Sequence[str], found: Sequence[Targets], where: SaidPlaces) -> Targets:
        """Join several things by name."""
        if len({each.devices for each in found}) == 1:
            return found[0]
        labels = [
            self.household.label(each.devices[0]) if len(each.devices) == 1 else name
            for name, each in zip(names, found, strict=True)
        ]
        if where.everything:
            labels.append("all")
        slots = (*(("name", label) for label in labels), *where.slots, *self.kinds_said())
        return Targets(
            devices=tuple(dict.fromkeys(device for each in found for device in each.devices)),
            entities=tuple(dict.fromkeys(entity for each in found for entity in each.entities)),
            slots=tuple(dict.fromkeys(slots)),
        )

    def kinds_said(self) -> _Slots:
        """Return the domain and the device class as they were said."""
        return tuple(pair for pair in self.search.reading.slots if pair[0] in ("domain", "device_class"))

    def labels(self, devices: Sequence[Device]) -> tuple[str, ...]:
        """Return names that tell the devices apart."""
        return tuple(dict.fromkeys(self.household.label(device) for device in devices))[:OPTIONS]

    def rooms(self, having: Sequence[Device]) -> tuple[str, ...]:
        """Return rooms that have such a thing."""
        return tuple(dict.fromkeys(name for device in having if (name := self.household.area_name(device))))[:3]


_LAMP = "lamp"
_ALL_LAMPS = re.compile(r"\b(?:all|every|each)\b(?: of)?(?: the| my| our)? lamps?\b", re.IGNORECASE)
"""Of a home in which some lights are called lamps, these alone are meant."""


def lamp_said(text: str | None) -> str:
    """Return "lamp" where a text speaks of one lamp; "" where it does not."""
    return "lamp" if re.search(r"\blamp\b", text or "", re.IGNORECASE) else ""


def _with_word(chosen: list[Device], word: str) -> list[Device]:
    """Keep only those of a word where it names only some: "the lamp" is not the ceiling light."""
    wanted = singular(core(word).rpartition(" ")[2]) if word else ""
    if not wanted or wanted == "light":
        return chosen
    return [device for device in chosen if wanted in map(singular, core(device.name).split())] or chosen


def _as_slots(fit: Sequence[Device]) -> list[_Slots]:
    """Return ways to say a kind in slots."""
    domains = {device.domain for device in fit}
    classes = {device.device_class for device in fit}
    if len(domains) != 1:
        return []
    alone: _Slots = tuple(("domain", each) for each in domains)
    return [alone, *((*alone, ("device_class", each)) for each in classes if each is not None and len(classes) == 1)]


def _of_slots(slots: _Slots, devices: Sequence[Device]) -> list[Device]:
    said = dict(slots)
    return [
        device
        for device in devices
        if device.domain == said["domain"] and said.get("device_class", device.device_class) == device.device_class
    ]
