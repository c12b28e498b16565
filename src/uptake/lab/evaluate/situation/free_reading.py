"""Interpret a case with the whole agent, without given candidates.

A home is built of the things whose state a case gives. The readers propose, the resolver links to what exists, the
situation reranks: the stages of the loop up to acting. Earlier turns and habits are interpreted first, as in the loop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from uptake.assistant.context.context_reader import ContextReader, rerank
from uptake.assistant.context.deixis import kind_of
from uptake.assistant.entities import Resolver
from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Area, Device
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers import Understanding
from uptake.assistant.skills import Skills
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.simulate.situations.cases import Case, Group
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.step import ContextRanker

__all__ = ["free", "home_of", "read", "same"]

_DOMAINS = {  # kind of thing -> domain, device class, features
    "light": ("light", None, {"brightness", "color"}),
    "media": ("media_player", "speaker", set()),
    "screen": ("media_player", "display", {"screen"}),
    "vacuum": ("vacuum", None, set()),
    "mower": ("lawn_mower", None, set()),
    "cover": ("cover", "door", {"position"}),
    "lock": ("lock", None, set()),
    "climate": ("climate", None, {"heat"}),
    "fan": ("fan", None, {"speed"}),
    "oven": ("switch", "oven", {"temperature"}),
    "appliance": ("switch", "dishwasher", {"program"}),
    "doorbell": ("camera", "doorbell", set()),
    "camera": ("camera", "camera", set()),
}
_NO_DEVICES = frozenset({"timer", "alarm", "security", "phone", "workout", "message"})
_SENSES = frozenset({"direction", "volume_step", "temperature_direction"})
_READ = 0.5  # least confidence with which an earlier request is taken as read
_FREE_SLOTS = frozenset(
    {"domain", "device_class", "area", "response", "floor"}
)  # said beside the name, they tell nothing


def free(groups: Sequence[Group], rankers: Mapping[str, ContextRanker], *, seed: int = 0) -> dict[str, float]:
    """Return the share of the cases that the agent reads right by itself, where it has the intent.

    Args:
        groups: What to judge.
        rankers: For each group, what the situation makes of readings.
        seed: Of the interval.

    Returns:
        `free_accuracy` with its interval, over `free_cases`; `free_coverage`, their share of all cases;
        `free_context_free`, the same without the situation.
    """
    skills = Skills()
    names, right, blind = [], [], []
    for group in groups:
        for case in group:
            if case.reading.intent not in skills.intents:
                continue
            names.append(case.group)
            right.append(_is_right(case, rankers[case.group], case.situation))
            blind.append(_is_right(case, rankers[case.group], Situation()))
    total = sum(map(len, groups))
    figures = {"free_cases": len(right), "free_coverage": len(right) / total if total else float("nan")}
    if not right:
        return figures
    hits = np.array(right, dtype=np.float64)
    return {
        **figures,
        **bounded("free_accuracy", mean(hits), names, seed=seed),
        "free_context_free": float(np.mean(blind)),
    }


def read(case: Case, ranker: ContextRanker, situation: Situation | None = None) -> tuple[Hypothesis, ...]:
    """Read a case as the assistant does, best first."""
    things = tuple(sorted(case.situation.states))
    understanding, resolver = _parts(things, case.situation.context.room)
    seen = _read_before(case.situation if situation is None else situation, understanding)
    found: dict[str, Hypothesis] = {}
    for hypothesis in understanding.read(case.text, seen):
        reading = hypothesis.interpretation
        ways = () if reading.intent == OUT_OF_SCOPE else resolver.readings(reading, seen, 4, text=case.text)
        for way in ways or (reading,):
            kept = replace(hypothesis, interpretation=replace(way, confidence=reading.confidence))
            found.setdefault(replace(way, domain=None).key, kept)
    return rerank(list(found.values()), case.text, seen, ranker)


def same(expected: Interpretation, found: Interpretation) -> bool:
    """Tell whether a reading is the one expected: its intent and its slots; of a step only the sense counts.

    What tells nothing beside the name, and the player that something is played on, may be added.
    """
    if found.intent.startswith("HassShoppingList"):  # the same by another name
        intent = found.intent.replace("ShoppingList", "List")
        found = replace(found, intent=intent, slots=(*found.slots, ("name", "shopping list")))
    free = _FREE_SLOTS | ({"name"} if found.intent == "HassMediaSearchAndPlay" else set())
    wanted, said = _slots(expected), _slots(found)
    return expected.intent == found.intent and wanted == {
        name: value for name, value in said.items() if name not in free or name in wanted
    }


def home_of(things: Sequence[tuple[str, str]], room: str | None) -> VirtualHome:
    """Return a home of things that have a name and a state, of the kinds that those make likely."""
    devices: dict[str, Device] = {}
    rooms = {_room_in(name) for name, _ in things} | {room}
    areas = [Area(area_id=_slug(name), name=name) for name in sorted(name for name in rooms if name)]
    for name, state in things:
        kind = kind_of(name, state)
        if kind in _NO_DEVICES:
            continue
        domain, device_class, features = _DOMAINS.get(kind, ("switch", None, set()))
        if domain == "media_player" and re.search(r"\btv\b|display", name.lower()):
            device_class, features = ("tv" if "tv" in name.lower() else "display"), {"screen"}
        place = _room_in(name)
        device = Device(
            entity_id=f"{domain}.{_slug(name)}",
            name=name,
            area_id=_slug(place) if place else None,
            device_class=device_class,
            features=frozenset(features),
        )
        devices[device.entity_id] = device
    return VirtualHome((), areas, list(devices.values()))


@lru_cache(maxsize=4)
def _parts(things: tuple[tuple[str, str], ...], room: str | None) -> tuple[Understanding, Resolver]:
    home, skills = home_of(things, room), Skills()
    base = Understanding.for_home(home, skills)
    others = [reader for reader in base.readers if reader.name != ContextReader.name]
    readers = [ContextReader(skills.intents, home=home), *others]
    return Understanding(readers), Resolver(home, skills)


def _read_before(situation: Situation, understanding: Understanding) -> Situation:
    """Return the situation with earlier turns and habits read."""
    plain = replace(situation, recent=(), habits=())

    def meant(text: str) -> Interpretation | None:
        best = next(iter(understanding.read(text, plain)), None)
        known = best is not None and best.confidence >= _READ and best.interpretation.intent != OUT_OF_SCOPE
        return best.interpretation if best is not None and known else None

    recent = tuple(replace(one, interpretation=meant(one.request)) for one in situation.recent)
    habits = tuple(replace(one, interpretation=meant(one.request)) for one in situation.habits)
    return replace(situation, recent=recent, habits=habits)


def _is_right(case: Case, ranker: ContextRanker, situation: Situation) -> bool:
    found = read(case, ranker, situation)
    return bool(found) and same(case.reading, found[0].interpretation)


def _slots(reading: Interpretation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in reading.slots:
        if name in _SENSES:
            found[name] = "down" if value.startswith(("-", "down")) else "up"
        elif name == "at":
            found[name] = _clock(value)
        else:
            found[name] = re.sub(r"^the | list$", "", value.casefold().strip())
    return found


def _clock(value: str) -> str:
    """Return a time of day as HH:MM, where it is one."""
    said = re.fullmatch(r"(\d{1,2})(?::(\d\d))?(?: o'clock)?", normalize(value))
    return f"{int(said[1]):02d}:{said[2] or '00'}" if said else value.casefold()


_ROOM = re.compile(
    r"^(.*(?:room|kitchen|hall|study|bathroom|bedroom|garage|garden|office|attic|nursery))\b", re.IGNORECASE
)


def _room_in(name: str) -> str | None:
    found = _ROOM.match(name)
    return found[1] if found else None


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_")
