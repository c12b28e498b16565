"""Skills of the assistant: one domain per file, listed here.

`skills()` makes them, loading each module then; `Skills` finds the one for an intent. Several skills answer HassTurnOn;
the domain of the target devices decides between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import cast

from uptake.assistant.home.model import Device
from uptake.assistant.skills.naming import place
from uptake.assistant.skills.skill import Call, Effect, HasStates, Intent, Skill, Slot

__all__ = ["NAMES", "Skills", "skills"]

_FEW = 2
"""Most skills that each say their own sentence in one answer."""
_SWITCHED = frozenset({"climate", "fan", "input_boolean", "light", "media_player", "switch"})
_HERE = "uptake.assistant.skills"

NAMES = (
    "devices.lights:Lights",
    "devices.climate:Climate",
    "devices.switches:Switches",
    "devices.fans:Fans",
    "devices.covers:Covers",
    "devices.locks:Locks",
    "devices.scenes:Scenes",
    "devices.media:Media",
    "devices.vacuum:Vacuum",
    "devices.states:States",
    "time.scheduled:Scheduled",
    "time.timers:Timers",
    "time.alarms:Alarms",
    "time.reminders:Reminders",
    "lists.lists:Lists",
    "time.clock:Clock",
    "answers.arithmetic:Arithmetic",
    "answers.units:Units",
    "answers.weather:Weather",
    "answers.facts:Facts",
    "answers.small_talk:SmallTalk",
    "answers.assistance:Assistance",
)
"""Module and class of every skill; the first that fits an intent answers it."""


@cache
def skills() -> tuple[Skill, ...]:
    """Return every skill, made once."""
    return tuple(map(_load, NAMES))


class Skills:
    """Skills, by intent.

    `intents` merges the declarations of one intent by several skills: it is critical only if all declare it so.

    >>> Skills().find("HassTurnOn", "light").name
    'lights'

    Args:
        members: The skills; every one that ships by default.
    """

    def __init__(self, members: Iterable[Skill] | None = None) -> None:
        self.skills = tuple(skills() if members is None else members)
        merged: dict[str, Intent] = {}
        self._able: dict[str, list[Skill]] = {}
        for skill in self.skills:
            for intent in skill.intents:
                self._able.setdefault(intent.name, []).append(skill)
                merged[intent.name] = _merge(merged[intent.name], intent) if intent.name in merged else intent
        self.intents = MappingProxyType(merged)
        self.with_states = tuple(skill for skill in self.skills if isinstance(skill, HasStates))

    def find(self, intent: str, domain: str | None = None) -> Skill | None:
        """Find the skill for an intent and a domain of devices; else one that needs no device, or only tells."""
        able = self._able.get(intent, [])
        for skill in able:
            if domain is not None and domain in skill.domains:
                return skill
        for skill in able:
            if not skill.domains:
                return skill
        return able[0] if able and (domain is None or not self.intents[intent].changes) else None

    def must_ask(self, intent: str, targets: Sequence[Device] = ()) -> bool:
        """Say whether people must be asked before an intent is done to some devices.

        That is what is critical, and switching on things of several kinds in several rooms: few can mean that, unless
        they name each.
        """
        several = len({device.domain for device in targets}) > 1 and len({device.area_id for device in targets}) > 1
        return self.is_critical(intent, targets) or (intent == "HassTurnOn" and several)

    def is_critical(self, intent: str, targets: Sequence[Device] = ()) -> bool:
        """Say whether doing an intent to some devices is critical: a door is unlocked, the garage opened."""
        domains: Sequence[str | None] = sorted({device.domain for device in targets}) or (None,)
        for domain in domains:
            skill = self.find(intent, domain)
            said = next((each for each in skill.intents if each.name == intent), None) if skill else None
            if said is None or not said.changes:
                continue
            if said.critical or any(device.critical for device in targets if device.domain == domain):
                return True
        return False

    def handle(self, call: Call) -> Effect | None:
        """Do what is asked, each skill its own devices; None where no skill has the intent.

        What the skills say is joined; one failure makes the whole "failed", and the others have been done all the same.
        """
        intent = call.interpretation.intent
        groups: dict[str, tuple[Skill, list[Device]]] = {}
        for device in call.targets:
            skill = self.find(intent, device.domain)
            if skill is not None:
                groups.setdefault(skill.name, (skill, []))[1].append(device)
        if not groups:
            skill = self.find(intent, call.slot("domain")) or self.find(intent)
            return None if skill is None else skill.handle(replace(call, targets=()) if call.targets else call)
        effects = [skill.handle(replace(call, targets=tuple(devices))) for skill, devices in groups.values()]
        return effects[0] if len(effects) == 1 else _join(call, effects)


def _load(name: str) -> Skill:
    module, _, kind = name.partition(":")
    return cast(Skill, getattr(import_module(f"{_HERE}.{module}"), kind)())


def _merge(first: Intent, second: Intent) -> Intent:
    slots: dict[str, Slot] = {slot.name: slot for slot in second.slots} | {slot.name: slot for slot in first.slots}
    return replace(
        first,
        slots=tuple(slots.values()),
        sentences=tuple(dict.fromkeys(first.sentences + second.sentences)),
        lists={**second.lists, **first.lists},
        wildcards=tuple(dict.fromkeys(first.wildcards + second.wildcards)),
        critical=first.critical and second.critical,
        examples=tuple(dict.fromkeys(first.examples + second.examples)),
        follows=first.follows or second.follows,
        changes=first.changes or second.changes,
    )


def _join(call: Call, effects: Sequence[Effect]) -> Effect:
    bad = next((each.status for each in effects if each.status == "failed"), None)
    done = [each for each in effects if each.status == "ok"]
    said = effects if bad or not done else done
    return Effect(
        speech=_in_one(call, said) or " ".join(dict.fromkeys(each.speech for each in said)),
        status=bad or (done[0] if done else effects[0]).status,
        action="; ".join(each.action for each in effects if each.action) or None,
    )


def _in_one(call: Call, effects: Sequence[Effect]) -> str | None:
    """Return one sentence on a large number of devices that did all that was asked."""
    state = {"HassTurnOn": "on", "HassTurnOff": "off"}.get(call.interpretation.intent)
    plain = all(device.domain in _SWITCHED for device in call.targets)
    if state is None or not plain or len(effects) <= _FEW or any(each.status != "ok" for each in effects):
        return None
    where = f" {place(area)}" if (area := call.slot("area")) else ""
    return f"All {len(call.targets)} devices{where} are {state}."
