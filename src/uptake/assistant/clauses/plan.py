"""Plan what a command with modifiers does: the readings to act on now, those to keep for later, and what to say beside.

Several things become one reading that names each of them, an exception is taken from what is meant, a time makes the
reading a planned action, and "for an hour" adds a planned action that puts things back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from uptake.assistant.clauses.account import is_question, missed, not_here
from uptake.assistant.clauses.compose import Command, Parts
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.timing import Timing
from uptake.assistant.components import Components
from uptake.assistant.dialogue.clarify import question
from uptake.assistant.dialogue.deeds import deed, short
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import kind_of
from uptake.assistant.entities.matching import ACCEPT
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.entities.titles import PLAY
from uptake.assistant.home.model import Device
from uptake.assistant.read import Readings, read
from uptake.assistant.resolve import Resolved, choose, weigh
from uptake.assistant.skills.skill import Effect
from uptake.text.patterns import regex
from uptake.types import Interpretation, Situation

__all__ = ["Plan", "plan"]

_Read = tuple[Readings, Resolved]

_BACK = {
    "HassTurnOn": "HassTurnOff",
    "HassTurnOff": "HassTurnOn",
    PLAY: "HassMediaPause",
    "HassMediaUnpause": "HassMediaPause",
    "HassMediaPause": "HassMediaUnpause",
    "HassMediaPlayerMute": "HassMediaPlayerUnmute",
    "HassMediaPlayerUnmute": "HassMediaPlayerMute",
}
_SECURES = {"HassTurnOn": frozenset({"lock"}), "HassTurnOff": frozenset({"cover", "valve"})}
_VALUES = {"HassClimateSetTemperature": "temperature", "HassLightSet": "brightness", "HassFanSetSpeed": "percentage"}
_NOTHING = "I have done nothing."
_NO_ANSWER = Effect(speech=f"Sorry, I do not know that. {_NOTHING}", status="unsupported")
_NOT_LATER = "I do not do that by myself at a set time. Please ask me then."
_NOT_THAT = Effect(speech=f"I do not know what to switch then. {_NOTHING}", status="failed")
_MANY = regex(r"(?:all (?:of )?)?(?:the |my |our )?(?P<place>[\w' ]+?) (?P<kind>\w+s)", re.IGNORECASE)
_SWITCHES = regex(r"(?:please )?(?:turn|switch) (?:on|off)\b|(?:please )?(?:turn|switch) .+ (?:on|off)$", re.IGNORECASE)
_NOT_FOR_A_WHILE = f"Sorry, I cannot do that for a while and then put it back. {_NOTHING}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a command does, step by step."""

    readings: Readings
    """Readings of the first of its requests."""
    first: Resolved
    """The best of them."""
    steps: tuple[Interpretation, ...]
    """Readings to act on, in order; what is for later is a reading that plans it."""
    unsure: bool = False
    """Whether to ask first although nothing critical is meant."""
    named: bool = False
    """Whether each of several things was named."""
    aside: str = ""
    """What cannot be done, as told to the person."""


def plan(
    command: Command, situation: Situation, components: Components, *, act_at: float, ask_at: float
) -> Plan | Parts | Effect | None:
    """Plan a command; None where it is not understood, or is no action.

    Args:
        command: The command, with its modifiers.
        situation: Where and when.
        components: Readers, resolver, skills.
        act_at: Least confidence, in [0, 1], of acting without asking.
        ask_at: Least confidence with which it is worth asking.

    Returns:
        The plan; the requests that the command is made of, where each needs its own answer; what to say where it
        cannot be done.
    """
    found = [_read(text, situation, components, act_at=act_at, ask_at=ask_at) for text in command.texts]
    known, lost = _alike(command, found)
    if not known:
        return None if command.timing is None else _lost(command.texts[0], components)
    readings, first = known[0]
    reading = first.hypothesis.interpretation
    intent = components.skills.intents.get(reading.intent)
    changes = intent is not None and intent.changes
    if changes and is_question(command.texts[0]):
        return _NO_ANSWER  # "is it warmer upstairs or downstairs" asks for no heat
    if reading.intent == PLAY and len(known) > 1 and command.timing is None:
        return Parts(texts=command.texts)
    if not components.resolver.is_about_devices(reading.intent) or (command.timing is not None and not changes):
        return None
    good = [resolved.resolution for _, resolved in known if resolved.resolution.problem is None]
    aside = _problems([resolved.resolution for _, resolved in known], lost, components)
    whole = _together(command, good, components, situation, changes=changes) if good else None
    if not isinstance(whole, Resolution):
        return whole or Effect(speech=aside, status="failed")
    unsure = changes and any(resolved.unsure for _, resolved in known)
    named = len(known) > 1 and not command.exceptions and all(map(_of_one_kind, good))
    steps = (whole.interpretation,)
    planned = Plan(readings=readings, first=first, steps=steps, unsure=unsure, named=named, aside=aside)
    return planned if command.timing is None else _timed(planned, whole, command.timing, components, situation)


def _of_one_kind(resolution: Resolution) -> bool:
    """Tell whether a part of a request names things of one kind: "everything in the kitchen" does not."""
    return len({device.domain for device in resolution.targets}) < 2


def _lost(text: str, components: Components) -> Effect | None:
    """Return what to say where something is to be switched later that is not known: nobody asked for an alarm then."""
    return not_here(text, None, components.resolver.household) or (_NOT_THAT if _SWITCHES.match(text) else None)


def _alike(command: Command, found: Sequence[_Read | None]) -> tuple[list[_Read], list[str]]:
    """Return what means the same of different things, and the things of which nothing was understood."""
    senses = Counter(_sense(each[1]) for each in found if each is not None)
    if not senses or (len(senses) > 1 and senses.total() == 2):
        return [], []
    sense = senses.most_common(1)[0][0]
    things = command.things or ("",) * len(found)
    lost = [thing for thing, each in zip(things, found, strict=True) if each is None or _sense(each[1]) != sense]
    known = [each for each in found if each is not None and _sense(each[1]) == sense]
    guessed = [each for each in known if each[1].unsure and each[1].resolution.problem is not None]
    if guessed:  # "the toaster" is nothing here, whatever the readers make of it
        lost += [thing for thing, each in zip(things, found, strict=True) if any(each is one for one in guessed)]
        known = [each for each in known if not any(each is one for one in guessed)]
    return (known, lost) if len(lost) < len(known) else ([], [])


def _read(
    text: str, situation: Situation, components: Components, *, act_at: float, ask_at: float
) -> tuple[Readings, Resolved] | None:
    readings = read(text, situation, components)
    best = choose(readings, situation, components, ask_at=ask_at)
    if best is None or (best.resolution.targets and missed(text, best.resolution, components.resolver.household)):
        return None
    return readings, weigh(best, readings, situation, components, act_at=act_at)


def _sense(resolved: Resolved) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the meaning of a reading without the things that it names."""
    reading = resolved.resolution.interpretation
    return reading.intent, tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS)


def _problems(resolutions: Sequence[Resolution], lost: Sequence[str], components: Components) -> str:
    said = [f"I cannot do that with {short(thing)}." for thing in lost]
    said += [
        question(each.problem, each.interpretation, components.skills.intents.get(each.interpretation.intent))
        for each in resolutions
        if each.problem is not None
    ]
    return " ".join(dict.fromkeys(said))


def _together(
    command: Command, good: Sequence[Resolution], components: Components, situation: Situation, *, changes: bool
) -> Resolution | Effect:
    """Join what is listed into one resolution, without what is excepted."""
    if len(good) == 1 and not command.exceptions:
        return good[0]
    household = components.resolver.household
    targets = list(dict.fromkeys(device for each in good for device in each.targets))
    for name in command.exceptions:
        gone = _named(name, targets, household)
        if gone is None and len(targets) == 1 and len(command.texts) == 1:
            continue  # "the front door, but not the back": one thing is named, and only that is meant
        if gone is None:
            return Effect(speech=f"I do not know what to leave out. {_NOTHING}", status="failed")
        targets = [device for device in targets if device not in gone]
    if not targets:
        return Effect(speech=f"Then nothing is left to do. {_NOTHING}", status="failed")
    first = good[0].interpretation
    rest = tuple(pair for pair in first.slots if pair[0] not in (*HOME_SLOTS, *(() if changes else ("response",))))
    names = tuple(("name", household.label(device)) for device in targets)
    response = () if changes else (("response", "all"),)
    reading = replace(first, slots=(*rest, *names, *response))
    return components.resolver.resolve(reading, situation, components.memory)


def _named(name: str, among: Sequence[Device], household: Household) -> list[Device] | None:
    """Return the devices out of some that a name means; None where it is the name of nothing in the home."""
    of_room = _of_a_room(name, among, household)
    if of_room:
        return of_room
    for each in find_mentions(name, household):
        if each.named:
            matches = household.match_devices(each.text, among, exact_only=True)
            return [household.by_id[match.key] for match in matches]
        kind = kind_of(each.kind) if each.kind else None
        place = household.match_places(each.place)[:1] if each.place else ()
        areas = household.place(place[0]).areas if place else None
        called = [device for device in among if (each.kind or "").casefold() in device.name.casefold().split()]
        if called and kind is not None and not kind.is_plural and areas is None:
            return called  # "the lamp" is what is called so, not every light
        return [
            device
            for device in among
            if (kind is None or kind.holds(device)) and (areas is None or device.area_id in areas)
        ]
    matches = household.match_devices(name, household.devices)[:1]
    if matches and matches[0].score >= ACCEPT:
        return [device for device in among if device.entity_id == matches[0].key]
    return None


def _of_a_room(name: str, among: Sequence[Device], household: Household) -> list[Device]:
    """Return all of a kind in a room, "the kitchen lights", where nothing is called just so, though one light is."""
    match = _MANY.fullmatch(name.strip())
    kind = kind_of(match["kind"]) if match is not None else None
    if match is None or kind is None or not kind.is_plural:
        return []
    said = f"{match['place']} {match['kind']}".casefold()
    place = household.match_places(match["place"])[:1]
    if not place or place[0].score < 1.0 or any(said in map(str.casefold, (one.name, *one.aliases)) for one in among):
        return []
    areas = household.place(place[0]).areas
    return [device for device in among if kind.holds(device) and device.area_id in areas]


def _timed(
    planned: Plan, whole: Resolution, timing: Timing, components: Components, situation: Situation
) -> Plan | Effect:
    """Return the plan of an action at a time, or for a length of time."""
    if timing.problem is not None:
        return Effect(speech=timing.problem, status="failed")
    now = components.home.now()
    steps = [whole.interpretation] if timing.at is None else []
    if timing.at is not None:
        if not _may_wait(whole, components, named=planned.named):
            return Effect(speech=_NOT_LATER, status="unsupported")
        steps.append(_later(whole, timing.at, timing.weekdays, now))
    if timing.until is not None:
        back = _back(whole, components)
        undone = None if back is None else components.resolver.resolve(back, situation, components.memory)
        if undone is None or undone.problem is not None or not _may_wait(undone, components, named=planned.named):
            return Effect(speech=_NOT_FOR_A_WHILE, status="unsupported")
        steps.append(_later(undone, timing.until, timing.weekdays, now))
    asks = _must_ask(whole, components, named=planned.named)
    return replace(planned, steps=tuple(steps), unsure=planned.unsure or timing.vague or asks)


def _must_ask(resolution: Resolution, components: Components, *, named: bool) -> bool:
    asks = components.skills.is_critical if named else components.skills.must_ask
    return asks(resolution.interpretation.intent, resolution.targets)


def _may_wait(resolution: Resolution, components: Components, *, named: bool) -> bool:
    """Tell whether an action may be done when nobody is asked: nothing that opens or unlocks."""
    intent = resolution.interpretation.intent
    if not _must_ask(resolution, components, named=named):
        return True
    return {device.domain for device in resolution.targets} <= _SECURES.get(intent, frozenset())


def _later(resolution: Resolution, at: datetime, weekdays: Sequence[int], now: datetime) -> Interpretation:
    """Return the reading that plans another."""
    reading = resolution.interpretation
    slots = (
        ("action", reading.intent),
        ("text", deed(resolution, now)),
        ("at", at.isoformat()),
        *((("days", ",".join(map(str, weekdays))),) if weekdays else ()),
    )
    return Interpretation(intent="ScheduleAction", slots=(*slots, *reading.slots), confidence=reading.confidence)


def _back(resolution: Resolution, components: Components) -> Interpretation | None:
    """Return the reading that puts things back as they are now; None where none does."""
    reading = resolution.interpretation
    places = tuple(pair for pair in reading.slots if pair[0] in HOME_SLOTS)
    if reading.intent in _BACK:
        return Interpretation(intent=_BACK[reading.intent], slots=() if reading.intent == PLAY else places)
    slot = _VALUES.get(reading.intent)
    if slot is None or slot not in dict(reading.slots) or len(resolution.targets) != 1:
        return None
    state = components.home.states()[resolution.targets[0].entity_id]
    if state.value == "off":
        return Interpretation(intent="HassTurnOff", slots=places)
    before = state.attributes.get(slot)
    return None if before is None else replace(reading, slots=(*places, (slot, f"{float(before):g}")))
