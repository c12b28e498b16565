"""Switches, buttons, appliances: on and off, the oven's temperature, how long something still runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from uptake.assistant.home.model import Device, State
from uptake.assistant.home.plain import number
from uptake.assistant.phrases.saying import say_duration, say_list
from uptake.assistant.skills.devices.acting import (
    HERE,
    DeviceResults,
    Order,
    answer,
    direction,
    in_scope,
    not_found,
    number_of,
    perform,
    switched,
    unable,
)
from uptake.assistant.skills.devices.climate import tell_temperature
from uptake.assistant.skills.naming import Subject, the, upper
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Switches"]

_OVEN_STEP = 10

_BREW = (
    "(make|brew|start brewing) [me|us] [some|a cup of|a pot of|a|an] (coffee|espresso):coffee_maker",
    "(boil|heat) [some|the] water:kettle",
    "put [the] kettle on:kettle",
    "do the dishes:dishwasher",
    "(start|do) the laundry:washing_machine",
)
_ALL = ("(everything|all [the] devices|all of it):all",)
_WAY = ("(down|lower):down", "(up|higher):up")


def _everything(way: str) -> tuple[str, ...]:
    where = "[<here>|<in> [<the>] {area}|<everywhere>]"
    verb = "(turn|switch|shut)" if way == "off" else "(turn|switch)"
    return (
        f"{verb} {way} {{switches_all:name}} {where}",
        f"[{verb}] {{switches_all:name}} {way} {where}",
    )


class Switches(NothingDue):
    """Skill for switches that are no lamps, and for appliances."""

    name: ClassVar[str] = "switches"
    domains: ClassVar[frozenset[str]] = frozenset({"switch", "input_boolean", "button"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassTurnOn",
            slots=HERE,
            sentences=(
                "(start|run|fire up|put on) [<the>] {name}",
                "{switches_brew:device_class}",
                *_everything("on"),
            ),
            lists={"switches_brew": _BREW, "switches_all": _ALL},
            examples=("start the dishwasher", "make some coffee", "turn on the printer", "put the kettle on"),
        ),
        Intent(
            name="HassTurnOff",
            slots=HERE,
            sentences=(
                "(stop|cancel|shut off|power down) [<the>] {name}",
                *_everything("off"),
            ),
            lists={"switches_all": _ALL},
            examples=("turn off the oven", "stop the washing machine"),
        ),
        Intent(
            name="SetOvenTemperature",
            slots=(
                *HERE,
                Slot(name="temperature", kind="number", prompt="How hot, in degrees?"),
                Slot(name="direction"),
            ),
            sentences=(
                "(preheat|heat [up]|set) [<the>] {name} to {30..300:temperature}[([ ]°)|( degree[s])]",
                "turn [on|up|down] [<the>] {name} to {30..300:temperature}[([ ]°)|( degree[s])]",
                "(put|set|turn) [<the>] {name} (on|at) {30..300:temperature}[([ ]°)|( degree[s])]",
                "(set|change) [the] {name} temperature to {30..300:temperature}[([ ]°)|( degree[s])]",
                "(turn|set) [<the>] {name} [temperature] {switches_way:direction} [a (bit|little|little bit)]",
                "turn {switches_way:direction} [<the>] {name} [temperature] [a (bit|little|little bit)]",
                "make [<the>] {name} {switches_warm:direction}",
            ),
            lists={"switches_way": _WAY, "switches_warm": ("hotter:up", "(cooler|less hot):down")},
            examples=("preheat the oven to 180 degrees", "turn the oven up a little"),
        ),
        Intent(
            name="HassClimateGetTemperature",
            slots=HERE,
            sentences=(
                "how hot is [<the>] {name}",
                "<what_is> [<the>] {name} temperature",
                "<what_is> the temperature of [<the>] {name}",
            ),
            examples=("how hot is the oven",),
            changes=False,
        ),
        Intent(
            name="GetApplianceRemaining",
            slots=HERE,
            sentences=(
                "how long (does|will) [<the>] {name} [still] (take|need|run) [still]",
                "how (much longer|much more time) (does|will) [<the>] {name} (take|need|run)",
                "how (long|much longer|much time) [is] (left (on|for)|until) [<the>] {name} [is (done|finished|ready)]",
                "when (is|will) [<the>] {name} [be] (done|finished|ready)",
                "is [<the>] {name} (done|finished|ready) [yet]",
            ),
            examples=("when is the dishwasher done", "how long does the washing machine still need"),
            changes=False,
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Switch, set or tell the state of the devices that are meant."""
        intent = call.interpretation.intent
        if intent == "HassClimateGetTemperature":
            return tell_temperature(call)
        if intent == "SetOvenTemperature":
            return _heat(call, _hot(call))
        if intent == "GetApplianceRemaining":
            return _left(call)
        devices = in_scope(call, self.domains, call.slot("device_class"))
        if not devices and call.slot("device_class"):
            devices = [each for each in call.home.devices if each.device_class == call.slot("device_class")]
        if not devices:
            on = intent == "HassTurnOn"
            return not_found(call, "device", f"What shall I turn {'on' if on else 'off'}?")
        return answer(
            call, perform(call, devices, _switch("turn_on" if intent == "HassTurnOn" else "turn_off")), _switched
        )


def _switch(verb: str) -> Any:
    def order(device: Device) -> Order:
        return ("button.press" if device.domain == "button" else f"{device.domain}.{verb}"), {}

    return order


def _switched(who: Subject, outcome: DeviceResults) -> str:
    device, _, after = outcome.done[0]
    if device.domain == "button":
        return who.verb("was") + " pressed"
    first = switched(who, outcome)
    if len(outcome.done) > 1 or after.value == "off":
        return first
    if "temperature" in after.attributes:
        return f"{first}, at {number(after.attributes['temperature'])} °C"
    return first


def _hot(call: Call) -> list[Device]:
    """Return devices that can be set to a temperature; without a name, an oven that is on, else any."""
    able = [device for device in in_scope(call, {"switch"}) if "temperature" in device.features]
    if able or call.targets or call.slot("name"):
        return able or list(in_scope(call, {"switch"}))
    ovens = [device for device in call.home.devices if "temperature" in device.features and device.domain == "switch"]
    states = call.home.states()
    return [device for device in ovens if states[device.entity_id].value == "on"] or ovens[:1]


def _heat(call: Call, ovens: Sequence[Device]) -> Effect:
    warmth, way = number_of(call, "temperature"), direction(call, "temperature_direction")
    if not ovens:
        return not_found(call, "oven", "Which oven?")
    able = [oven for oven in ovens if "temperature" in oven.features]
    if not able:
        return unable(call, ovens, "cannot be set to a temperature")
    if warmth is None and way is None:
        return Effect(speech="How hot, in degrees?", missing="temperature")
    states = call.home.states()
    if warmth is None and all(states[oven.entity_id].value == "off" for oven in able):
        return Effect(speech="The oven is off. Say how hot, in degrees, to switch it on.", status="failed")

    def order(oven: Device) -> Order:
        now = float(states[oven.entity_id].attributes.get("temperature", 180))
        wanted = warmth if warmth is not None else now + (way or 0) * _OVEN_STEP
        return "switch.set_temperature", {"temperature": wanted}

    return answer(
        call,
        perform(call, able, order),
        lambda who, outcome: f"{who.verb('is')} set to {number(outcome.done[0][2].attributes['temperature'])} °C",
    )


def _left(call: Call) -> Effect:
    asked = in_scope(call, {"switch"}, call.slot("device_class"))
    states = call.home.states()
    pool = asked or [device for device in call.home.devices if device.domain == "switch"]
    running = [device for device in pool if "remaining_min" in states[device.entity_id].attributes]
    if running:
        parts = [f"{the(device.name)} is running, with {_to_go(states[device.entity_id])} to go" for device in running]
        return Effect(speech=upper(f"{say_list(parts)}."))
    if not asked:
        return Effect(speech="No appliance is running.")
    off = [device for device in asked if states[device.entity_id].value == "off"]
    who = Subject(text=say_list([the(device.name) for device in asked]), plural=len(asked) > 1)
    if len(off) == len(asked):
        return Effect(speech=upper(f"{who.verb('is')} not running."))
    return Effect(speech=f"I cannot tell how long {who.text} will run.", status="unsupported")


def _to_go(state: State) -> str:
    return say_duration(timedelta(minutes=max(1, round(state.attributes["remaining_min"]))))
