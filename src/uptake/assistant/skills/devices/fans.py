"""Fans: on and off, how fast."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.home.model import Device
from uptake.assistant.home.plain import number
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
from uptake.assistant.skills.naming import Subject
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Fans"]

_STEP = 25
_LEAST = 5
"""Slower does not go below this, in percent: that would be switching off."""
_WAY = ("(down|lower):down", "(up|higher):up")


class Fans(NothingDue):
    """Skill for fans."""

    name: ClassVar[str] = "fans"
    domains: ClassVar[frozenset[str]] = frozenset({"fan"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(name="HassTurnOn", slots=HERE, examples=("turn on the bathroom fan", "turn on the fan")),
        Intent(name="HassTurnOff", slots=HERE, examples=("switch off the fan",)),
        Intent(
            name="HassFanSetSpeed",
            slots=(
                *HERE,
                Slot(name="percentage", kind="percentage", prompt="How fast, in percent?"),
                Slot(name="direction"),
            ),
            sentences=(
                "(turn|speed) [<the>] {name} {fans_way:direction} [a (bit|little|little bit)]",
                "turn {fans_way:direction} [<the>] {name} [a (bit|little|little bit)]",
                "make [<the>] {name} {fans_pace:direction}",
                "make [<the>] {fans_fan:domain} [<here>] {fans_pace:direction}",
                "(turn|speed) [<the>] {fans_fan:domain} {fans_way:direction} [<here>]",
            ),
            lists={
                "fans_way": _WAY,
                "fans_pace": ("(faster|stronger):up", "(slower|weaker):down"),
                "fans_fan": ("fan[s]:fan",),
            },
            examples=("set the ceiling fan to 50 percent", "make the fan slower"),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Switch or set the fans that are meant."""
        fans = in_scope(call, self.domains)
        if not fans:
            return not_found(call, "fan", "Which fan?")
        if call.interpretation.intent == "HassFanSetSpeed":
            return _set(call, fans)
        verb = "fan.turn_on" if call.interpretation.intent == "HassTurnOn" else "fan.turn_off"
        return answer(call, perform(call, fans, lambda _: (verb, {})), switched)


def _set(call: Call, fans: list[Device]) -> Effect:
    speed, way = number_of(call, "percentage"), direction(call)
    if speed is None and way is None:
        return Effect(speech="How fast, in percent?", missing="percentage")
    if speed is not None and not 0 <= speed <= 100:
        return Effect(speech="Fan speed goes from 0 to 100 percent.", status="unsupported")
    able = [fan for fan in fans if "speed" in fan.features]
    if not able:
        return unable(call, fans, "has one speed only")
    states = call.home.states()
    turning = [fan for fan in able if states[fan.entity_id].value == "on"]
    if speed is None and way == -1:
        if not turning:
            return answer(call, perform(call, able, lambda _: ("fan.turn_off", {})), switched)
        able = turning

    def order(fan: Device) -> Order:
        if speed is not None:
            return "fan.set_percentage", {"percentage": speed}
        state = states[fan.entity_id]
        now = float(state.attributes.get("percentage", 50)) if state.value == "on" else 0.0
        return "fan.set_percentage", {"percentage": min(100.0, max(_LEAST, now + (way or 0) * _STEP))}

    def describe(who: Subject, outcome: DeviceResults) -> str:
        after = outcome.done[0][2]
        if after.value == "off":
            return f"{who.verb('is')} off"
        return f"{who.verb('is')} at {number(after.attributes['percentage'])} %"

    return answer(call, perform(call, able, order), describe)
