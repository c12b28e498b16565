"""Skill for heating and cooling: current temperature, set point, warmer and cooler, modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from uptake.assistant.home.model import Device, State
from uptake.assistant.home.plain import heading, number, plain
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.devices.acting import (
    AREA,
    FLOOR,
    NAME,
    DeviceResults,
    Order,
    answer,
    direction,
    in_scope,
    not_found,
    number_of,
    perform,
    unable,
)
from uptake.assistant.skills.naming import Subject, place, the, upper
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Climate", "tell_temperature"]

_STEP = 1.0
_WARM = 40
"""°C below which nobody cares that a switched-off oven is warm."""
_HERE = (NAME, AREA, FLOOR)
_WAY = ("(down|lower|cooler):down", "(up|higher|warmer):up")
_FEEL = (
    "(I am|I'm|we are|we're|it is|it's) [too|so|a bit|really|rather] (cold|freezing|chilly):up",
    "(I am|I'm|we are|we're|it is|it's) [too|so|a bit|really|rather] (hot|warm|boiling):down",
)


class Climate(NothingDue):
    """Skill for heating and cooling."""

    name: ClassVar[str] = "climate"
    domains: ClassVar[frozenset[str]] = frozenset({"climate"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(name="HassTurnOn", slots=_HERE, examples=("turn on the air conditioner", "turn the heating on")),
        Intent(name="HassTurnOff", slots=_HERE, examples=("turn off the heating",)),
        Intent(
            name="HassClimateSetTemperature",
            slots=(
                *_HERE,
                Slot(name="temperature", kind="number", prompt="To how many degrees?"),
                Slot(name="direction"),
                Slot(name="degrees", kind="number"),
            ),
            sentences=(
                "turn {climate_way:direction} [<the>] {name} [a (bit|little|little bit)]",
                "turn {climate_way:direction} [the] (<temp>|heat|heating) [a (bit|little|little bit)] [<here>]",
                "turn {climate_way:direction} [the] (<temp>|heat|heating) <in> [<the>] {area}",
                "(turn|set) [<the>] {name} {climate_way:direction} [a (bit|little|little bit)]",
                "(turn|set) [the] (<temp>|heat|heating) {climate_way:direction} [a (bit|little|little bit)] [<here>]",
                "make it [a (bit|little|little bit)] {climate_way:direction} [<here>|[<in>] [<the>] {area}]",
                "(turn|put|bring) [<the>] {name} {climate_way:direction} [by] {1..10:degrees} degree[s]",
                "(turn|put|bring) [the] (<temp>|heat|heating) {climate_way:direction} [by] {1..10:degrees} "
                "degree[s] [<here>|<in> [<the>] {area}]",
                "[make (it|this)] {1..10:degrees} degree[s] {climate_more:direction} [<here>|<in> [<the>] {area}]",
                "{climate_way:direction} [by] {1..10:degrees} degree[s]",
                "make [<the>] {area} [a (bit|little|little bit)] {climate_way:direction}",
                "[a (bit|little)] {climate_more:direction} [please]",
                "{climate_feel:direction} [<here>|<in> [<the>] {area}]",
                "(turn|set|put) [<the>] {name} (on|at|up to|down to) {5..35:temperature}[([ ]°)|( degree[s])]",
                "(heat|warm|cool) [up|down] [<the>] {area} to {5..35:temperature}[([ ]°)|( degree[s])]",
            ),
            lists={
                "climate_way": _WAY,
                "climate_more": ("(warmer|hotter):up", "(cooler|colder):down"),
                "climate_feel": _FEEL,
            },
            examples=("set the thermostat to 21 degrees", "make it a bit warmer", "I'm cold", "turn the heating down"),
        ),
        Intent(
            name="HassClimateGetTemperature",
            slots=_HERE,
            sentences=("<what_is> [<the>] {name} set to", "how (warm|cold) is it (inside|indoors)"),
            examples=("what's the temperature", "how warm is it in the bedroom"),
            changes=False,
        ),
        Intent(
            name="HassClimateSetFanMode",
            slots=(*_HERE, Slot(name="fan_mode", prompt="Which fan mode?")),
            examples=("set the air conditioner fan to low",),
        ),
        Intent(
            name="SetClimateMode",
            slots=(*_HERE, Slot(name="mode", prompt="Heat, cool or auto?")),
            sentences=(
                "(set|switch|change|put) [<the>] {name} [mode] (to|on|in) {climate_mode:mode} [mode]",
                "(set|switch|change|put) [<the>] {name} mode to {climate_mode:mode}",
            ),
            lists={"climate_mode": ("(heat|heating):heat", "(cool|cooling):cool", "(auto|automatic):auto")},
            examples=("set the air conditioner to cooling",),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Set or tell the temperature."""
        intent = call.interpretation.intent
        if intent == "HassClimateGetTemperature":
            return tell_temperature(call)
        devices = in_scope(call, self.domains) or _whole_home(call)
        if not devices:
            return not_found(call, "thermostat", "Which thermostat?")
        if intent == "HassClimateSetTemperature":
            return _set(call, devices)
        if intent == "HassClimateSetFanMode":
            return _mode(call, devices, "fan_mode", "climate.set_fan_mode", "has no fan mode")
        if intent == "SetClimateMode":
            return _mode(call, devices, "mode", "climate.set_hvac_mode", "")
        verb = "climate.turn_on" if intent == "HassTurnOn" else "climate.turn_off"
        return answer(call, perform(call, devices, lambda _: (verb, {})), _switched)


def _whole_home(call: Call) -> list[Device]:
    """Return every thermostat, where no place and no name was said."""
    if any(call.slot(name) for name in ("name", "area", "floor")):
        return []
    return [device for device in call.home.devices if device.domain == "climate"]


def _switched(who: Subject, outcome: DeviceResults) -> str:
    _, before, after = outcome.done[0]
    value = "off" if after.value == "off" else "on"
    was = "off" if before.value == "off" else "on"
    return f"{who.verb('is')} {'already ' if len(outcome.done) == 1 and value == was else ''}{value}"


def _set(call: Call, devices: Sequence[Device]) -> Effect:
    warmth, way = number_of(call, "temperature"), direction(call, "temperature_direction")
    step = number_of(call, "degrees")
    if warmth is None and way is None:
        return Effect(speech="To how many degrees?", missing="temperature")
    states = call.home.states()

    def order(device: Device) -> Order:
        attributes = states[device.entity_id].attributes
        now = float(attributes.get("temperature", attributes.get("current_temperature", 20)))
        wanted = warmth if warmth is not None else now + (way or 0) * (step if step is not None else _STEP)
        return "climate.set_temperature", {"temperature": wanted}

    def describe(who: Subject, outcome: DeviceResults) -> str:
        values = {after.attributes.get("temperature") for _, _, after in outcome.done}
        if len(values) == 1 and (value := next(iter(values))) is not None:
            return f"{who.verb('is')} set to {number(value)} °C"
        return f"{who.verb('is')} set {'higher' if (way or 0) > 0 else 'lower'}"

    return answer(call, perform(call, devices, order), describe)


def _mode(call: Call, devices: Sequence[Device], slot: str, service: str, problem: str) -> Effect:
    mode = (call.slot(slot) or "").strip().lower()
    if not mode:
        return Effect(speech="Which mode?", missing=slot)
    able = [device for device in devices if not problem or slot in device.features]
    if not able:
        return unable(call, devices, problem)
    key = service.rpartition("set_")[2]
    noun = "set to " if slot == "mode" else "on fan mode "
    return answer(
        call, perform(call, able, lambda _: (service, {key: mode})), lambda who, _: f"{who.verb('is')} {noun}{mode}"
    )


def tell_temperature(call: Call) -> Effect:
    """Tell the temperature of a room, or of a thermostat, a sensor, an oven that was named."""
    states = call.home.states()
    devices = _asked(call)
    if not devices:
        return not_found(call, "thermometer", "Where?")
    away = [device for device in devices if states[device.entity_id].value == "unavailable"]
    parts = [_part(call, device, states[device.entity_id]) for device in devices if device not in away]
    if not parts:
        return Effect(
            speech=f"Sorry, I cannot reach {say_list([the(device.name) for device in away])}.", status="failed"
        )
    shared = [parts[0], *(part.removeprefix("it is ") for part in parts[1:])]
    return Effect(speech=upper(f"{say_list(shared)}."))


def _asked(call: Call) -> list[Device]:
    if call.slot("name") or call.slot("device_class"):
        return [device for device in call.targets if device.domain in {"climate", "sensor", "switch"}]
    free = replace(call, targets=())
    thermometers = [
        device
        for device in in_scope(free, {"sensor"})
        if device.device_class == "temperature" and "temperature" in device.name.lower()
    ]
    return in_scope(free, {"climate"}) or thermometers or _whole_home(call)


def _part(call: Call, device: Device, state: State) -> str:
    if device.domain == "sensor":
        return f"{the(device.name)} is {plain(device, state)}"
    now, wanted = state.attributes.get("current_temperature"), state.attributes.get("temperature")
    if device.domain == "switch":
        return _oven(the(device.name), state.value == "on", now, wanted)
    if now is None:
        return f"{the(device.name)} is {plain(device, state)}"
    if call.slot("name") == device.name:
        is_off = "; it is off" if state.value == "off" else f", {heading(state)}"
        aim = "" if wanted is None else f"{is_off}, set to {number(wanted)}"
        return f"{the(device.name)} reads {number(now)} °C{aim}"
    area = next((area.name for area in call.home.areas if area.area_id == device.area_id), None)
    return f"it is {number(now)} °C {place(area) if area else 'at ' + the(device.name)}"


def _oven(name: str, is_on: bool, now: float | None, wanted: float | None) -> str:
    if not is_on:
        return f"{name} is off" if now is None or now <= _WARM else f"{name} is off, but still at {number(now, 0)} °C"
    if now is None:
        return f"{name} is on" if wanted is None else f"{name} is set to {number(wanted)} °C"
    if wanted is not None and now < wanted - 1:
        return f"{name} is at {number(now, 0)} °C and heating to {number(wanted)}"
    return f"{name} is at {number(now, 0)} °C"
