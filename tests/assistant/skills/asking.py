"""Words for the tests of skills: a call, a moment, and Home Assistant's grammar with a skill's own templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from uptake.assistant.memory import Memory
from uptake.assistant.skills.skill import Call, Effect, Skill
from uptake.types import Context, Interpretation, Situation

ZONE = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)
"""A Wednesday."""


class Clock:
    """A home that is nothing but a clock."""

    home_id, timezone = "h1", "Europe/London"
    floors = areas = devices = ()

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def states(self):
        return {}


def situation(user="ann", room=None, place="home"):
    return Situation(context=Context(room=room, place=place), user_id=user)


def ask(skill: Skill, intent: str, memory: Memory | None = None, *, now=NOON, user="ann", room=None, **slots) -> Effect:
    """What a skill does with an intent and its slots."""
    said = tuple((name, str(value)) for name, value in slots.items())
    return skill.handle(
        Call(
            interpretation=Interpretation(intent=intent, domain=skill.name, slots=said),
            home=Clock(now),
            memory=Memory() if memory is None else memory,
            situation=situation(user, room, slots.pop("here", "home")),
            user_id=user,
            now=now,
        )
    )


def due(skill: Skill, memory: Memory, now: datetime, **where) -> list[str]:
    """What a skill has to say at a moment."""
    return [each.speech for each in skill.due(Clock(now), memory, situation(**where))]


@cache
def _grammar(*kinds: type[Skill]):
    from hassil.intents import Intents
    from home_assistant_intents import get_intents

    base = get_intents("en")
    for kind in kinds:
        for intent in kind.intents:
            for name, values in intent.lists.items():
                if name not in base["lists"] and name not in intent.wildcards:
                    pairs = [value.rpartition(":") if ":" in value else (value, "", value) for value in values]
                    base["lists"][name] = {"values": [{"in": said, "out": meant} for said, _, meant in pairs]}
            for name in intent.wildcards:
                base["lists"].setdefault(name, {"wildcard": True})
            if intent.sentences:
                base["intents"].setdefault(intent.name, {"data": []})["data"].append(
                    {"sentences": list(intent.sentences), "metadata": {"own": True}}
                )
    return Intents.from_dict(base)


def readings(text: str, *kinds: type[Skill]) -> list[tuple[str, dict[str, str]]]:
    """Every reading of a request by Home Assistant's templates and those of some skills."""
    from hassil import recognize_all

    found = recognize_all(text, _grammar(*kinds), slot_lists=_home())
    return [
        (result.intent.name, {entity.name: str(entity.value).strip() for entity in result.entities.values()})
        for result in found
    ]


def reads(text: str, *kinds: type[Skill]) -> Iterable[str]:
    """Names of the intents that a request can be read as."""
    return {intent for intent, _ in readings(text, *kinds)}


@cache
def _home():
    from hassil.intents import TextSlotList

    names = {"area": ["kitchen", "bedroom"], "floor": ["upstairs"], "name": ["floor lamp"]}
    return {name: TextSlotList.from_strings(values) for name, values in names.items()}
