"""Lights: on and off, brightness, colour, colour temperature."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from uptake.assistant.home.model import Device
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

__all__ = ["Lights"]

_STEP = 20
"""Percent of brightness for "brighter"."""
_LEAST = 5
"""Dimming does not go below this, in percent: that would be switching off."""
_WARMEST, _COLDEST = 1_500, 9_000
_WARMTHS = {1900: "candle light", 2700: "warm white", 4000: "cool white", 6500: "daylight"}

_LISTS = {
    "lights_dim": ("(dim|darken):down", "brighten:up"),
    "lights_way": ("(down|lower):down", "(up|higher):up"),
    "lights_more": ("(brighter|lighter|more bright):up", "(darker|dimmer|less bright):down"),
    "lights_word": ("(light|lights|lighting|lamp|lamps):light",),
    "lights_dark": ("(it is|it's) too dark:up", "(it is|it's) too bright:down", "more light:up", "less light:down"),
}


class Lights(NothingDue):
    """Skill for lights."""

    name: ClassVar[str] = "lights"
    domains: ClassVar[frozenset[str]] = frozenset({"light"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassTurnOn",
            slots=HERE,
            sentences=("(I need|give me|let there be) [some] {lights_word:domain} [<here>]",),
            lists={"lights_word": _LISTS["lights_word"]},
            examples=("turn on the light", "kitchen lights on", "switch on all the lights upstairs"),
        ),
        Intent(
            name="HassTurnOff",
            slots=HERE,
            sentences=("(kill|cut|douse) [<all>|<the>] {lights_word:domain} [<here>|[<in>] [<the>] {area}]",),
            lists={"lights_word": _LISTS["lights_word"]},
            examples=("turn off the light", "lights out in the bedroom", "turn all the lights off"),
        ),
        Intent(
            name="HassLightSet",
            slots=(
                *HERE,
                Slot(name="brightness", kind="percentage", prompt="How bright, in percent?"),
                Slot(name="color", prompt="Which colour?"),
                Slot(name="temperature", kind="number", prompt="Which colour temperature?"),
                Slot(name="direction"),
            ),
            sentences=(
                "{lights_dim:direction} [<the>] {name} [<light>] [a (bit|little|little bit)]",
                "{lights_dim:direction} [<all>|<the>] [{area}] {lights_word:domain} [<here>] [a (bit|little)]",
                "{lights_dim:direction} [<the>] {lights_word:domain} [<in>] [<the>] {area}",
                "turn {lights_way:direction} [<the>] {name} [<light>] [a (bit|little|little bit)]",
                "turn [<the>] {name} {lights_way:direction} [a (bit|little|little bit)]",
                "turn {lights_way:direction} [<the>] [{area}] {lights_word:domain} [<here>]",
                "turn [<the>] [{area}] {lights_word:domain} {lights_way:direction} [a (bit|little)] [<here>]",
                "make [<the>] {name} [a (bit|little|little bit)] {lights_more:direction}",
                "make [<the>] [{area}] {lights_word:domain} [a (bit|little|little bit)] {lights_more:direction}",
                "make it [a (bit|little|little bit)] {lights_more:direction} [<here>|[<in>] [<the>] {area}]",
                "[a (bit|little)] {lights_more:direction} [please]",
                "{lights_dark:direction} [<here>|[<in>] [<the>] {area}]",
                "(dim|brighten) [<the>] {name} [<light>] to {brightness}[([ ]%)| percent]",
                "(dim|brighten) [<the>] [{area}] {lights_word:domain} [<here>] to {brightness}[([ ]%)| percent]",
                "(put|set) [<the>] {name} (at|on) {brightness}[([ ]%)| percent]",
                "(set|make|change|turn) [<the>] {name} [to] {color_temperature_names:temperature}",
                "(set|make|change) [<the>] [{area}] {lights_word:domain} [to] {color_temperature_names:temperature}",
                "(put|set) [<the>] [{area}] {lights_word:domain} (at|on|to) {brightness}[([ ]%)| percent]",
            ),
            lists=_LISTS,
            examples=(
                "dim the lights",
                "make it a bit brighter",
                "set the floor lamp to 40 percent",
                "make the bedside lamp blue",
                "set the desk lamp to warm white",
            ),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Switch or set the lights that are meant."""
        lights = in_scope(call, self.domains)
        if not lights:
            what = {"HassTurnOn": "What shall I turn on?", "HassTurnOff": "What shall I turn off?"}
            asked = "Which light?" if call.slot("domain") else what.get(call.interpretation.intent, "Which light?")
            return not_found(call, "light" if call.slot("domain") else "device", asked)
        if call.interpretation.intent == "HassTurnOff":
            return answer(call, perform(call, lights, lambda _: ("light.turn_off", {})), switched)
        if call.interpretation.intent == "HassTurnOn":
            return answer(call, perform(call, lights, lambda _: ("light.turn_on", {})), switched)
        return _set(call, lights)


def _set(call: Call, lights: list[Device]) -> Effect:
    level, warmth, way = number_of(call, "brightness"), number_of(call, "temperature"), direction(call)
    color = (call.slot("color") or "").lower().strip() or None
    data: dict[str, object] = {}
    needs: dict[str, str] = {}
    if level is not None:
        data["brightness_pct"], needs["brightness"] = level, "cannot be dimmed"
    if color is not None:
        data["color_name"], needs["color"] = color, "cannot change its colour"
    if warmth is not None:
        data["color_temp_kelvin"], needs["color_temperature"] = warmth, "cannot change its colour temperature"
    beyond = _beyond(level, warmth)
    if beyond is not None:
        return Effect(speech=beyond, status="unsupported")
    if not data:
        ask = Effect(speech="How bright, in percent?", missing="brightness")
        return ask if way is None else _step(call, lights, way)
    if warmth is not None and not any("color_temperature" in light.features for light in lights):
        return _whitened(call, lights)
    for feature, problem in needs.items():
        able = [light for light in lights if feature in light.features]
        if not able:
            return unable(call, lights, problem)
        lights = able
    if level == 0:
        return answer(call, perform(call, lights, lambda _: ("light.turn_off", {})), switched)
    said = _called(level, color, warmth)
    return answer(
        call, perform(call, lights, lambda _: ("light.turn_on", data)), lambda who, _: f"{who.verb('is')} {said}"
    )


def _whitened(call: Call, lights: list[Device]) -> Effect:
    """Answer for lights that have colours, but no colour temperature: white is the nearest that they have."""
    slots = tuple(pair for pair in call.interpretation.slots if pair[0] != "temperature")
    reading = replace(call.interpretation, slots=(*slots, ("color", "white")))
    effect = _set(replace(call, interpretation=reading), lights)
    wanted = _called(None, None, number_of(call, "temperature"))
    return replace(effect, speech=f"{effect.speech} It has no {wanted}.") if effect.status == "ok" else effect


def _beyond(level: float | None, warmth: float | None) -> str | None:
    """Say which value no light has; None where both may be."""
    if level is not None and not 0 <= level <= 100:
        return "Brightness goes from 0 to 100 percent."
    if warmth is not None and not _WARMEST <= warmth <= _COLDEST:
        return f"Colour temperature goes from {_WARMEST} to {_COLDEST} kelvin."
    return None


def _called(level: float | None, color: str | None, warmth: float | None) -> str:
    parts = [color] if color else []
    if warmth is not None:
        parts.append(_WARMTHS.get(int(warmth), f"at {warmth:g} kelvin"))
    if level is not None:
        parts.append(f"at {level:g} %")
    return " ".join(parts)


def _step(call: Call, lights: list[Device], way: int) -> Effect:
    states = call.home.states()
    lit = [light for light in lights if states[light.entity_id].value == "on"]
    if way < 0 and not lit:
        return answer(call, perform(call, lights, lambda _: ("light.turn_off", {})), switched)
    chosen = [light for light in lit or lights if "brightness" in light.features] or ([] if lit else lights)
    if not chosen:
        return unable(call, lit or lights, "cannot be dimmed")

    def order(light: Device) -> Order:
        state = states[light.entity_id]
        if "brightness" not in light.features:
            return "light.turn_on", {}
        now = float(state.attributes.get("brightness", 100)) if state.value == "on" else 0.0
        return "light.turn_on", {"brightness_pct": min(100.0, max(_LEAST, now + way * _STEP))}

    return answer(call, perform(call, chosen, order), _level)


def _level(who: Subject, outcome: DeviceResults) -> str:
    levels = {after.attributes.get("brightness") for _, _, after in outcome.done}
    if len(levels) == 1 and (level := next(iter(levels))) is not None:
        return f"{who.verb('is')} at {level:g} %"
    brighter = any(
        after.attributes.get("brightness", 100) > before.attributes.get("brightness", 100) or before.value == "off"
        for _, before, after in outcome.done
    )
    return f"{who.verb('is')} {'brighter' if brighter else 'dimmer'} now"
