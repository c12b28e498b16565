"""Blinds, curtains, the garage door, valves: open, close, stop, set a position."""

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
    unable,
)
from uptake.assistant.skills.naming import Subject
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Covers"]

_STEP = 20
_CLASSES = "<the> {cover_classes:device_class}"


class Covers(NothingDue):
    """Skill for covers. To open is HassTurnOn, to close HassTurnOff, as Home Assistant has it."""

    name: ClassVar[str] = "covers"
    domains: ClassVar[frozenset[str]] = frozenset({"cover", "valve"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassTurnOn",
            slots=HERE,
            sentences=("(pull|draw|roll) up [<the>] {name}",),
            examples=("open the blinds", "open the garage door"),
        ),
        Intent(
            name="HassTurnOff",
            slots=HERE,
            sentences=("(pull|draw|roll) down [<the>] {name}", "(draw|shut off|turn off) [<the>] {name}"),
            examples=("close the curtains", "close the garage door", "shut off the water main"),
        ),
        Intent(
            name="HassSetPosition",
            slots=(
                *HERE,
                Slot(name="position", kind="percentage", prompt="How far, in percent?"),
                Slot(name="direction"),
            ),
            sentences=(
                f"(open|raise|lift) ([<the>] {{name}}|[{_CLASSES}] [<here>]) {{covers_bit:direction}}",
                f"(close|shut|lower) ([<the>] {{name}}|[{_CLASSES}] [<here>]) {{covers_less:direction}}",
                "([<the>] {name}|[<the>] {cover_classes:device_class} [<here>]) {covers_step:direction}",
                "(open|close|set|put) [<the>] {name} {covers_half:position}",
                "{covers_half:position} (open|close) [<the>] {name}",
                f"(open|close|set|put) [{_CLASSES}] {{covers_half:position}} [<here>]",
            ),
            lists={
                "covers_bit": ("(a [little] bit|a little) [more|further]:up", "further:up"),
                "covers_less": ("(a [little] bit|a little) [more|further]:down", "further:down"),
                "covers_step": (
                    "a (bit|little|touch) (higher|further up|more open):up",
                    "a (bit|little|touch) (lower|further down|more closed):down",
                ),
                "covers_half": ("(half|halfway|half way):50",),
            },
            examples=("set the blinds to 50 percent", "open the curtains halfway"),
        ),
        Intent(
            name="StopCover",
            slots=HERE,
            sentences=(
                "stop [moving|opening|closing] [<the>] {name}",
                "stop [<the>] {cover_classes:device_class} [<here>]",
            ),
            examples=("stop the blinds",),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Move the covers that are meant."""
        covers = in_scope(call, self.domains, call.slot("device_class"))
        intent = call.interpretation.intent
        if not covers:
            return not_found(call, call.slot("device_class") or "blind", "Which one?")
        if intent == "HassSetPosition":
            return _position(call, covers)
        verb = {"HassTurnOn": "open", "HassTurnOff": "close"}.get(intent, "stop")
        outcome = perform(call, covers, lambda cover: (f"{cover.domain}.{verb}_{cover.domain}", {}))
        return answer(call, outcome, _stopped if verb == "stop" else _moved)


def _moved(who: Subject, outcome: DeviceResults) -> str:
    _, before, after = outcome.done[0]
    still = len(outcome.done) == 1 and before == after
    part = after.attributes.get("position", 100)
    if after.value == "open" and 0 < part < 100:
        return f"{who.verb('is')} {number(part)} % open"
    return f"{who.verb('is')} {'already ' if still else ''}{after.value}"


def _stopped(who: Subject, outcome: DeviceResults) -> str:  # noqa: ARG001
    return who.verb("has") + " stopped"


def _position(call: Call, covers: list[Device]) -> Effect:
    position, way = number_of(call, "position"), direction(call)
    if position is None and way is None:
        return Effect(speech="How far, in percent?", missing="position")
    if position is not None and not 0 <= position <= 100:
        return Effect(speech="A position goes from 0 to 100 percent.", status="unsupported")
    between = position not in {0.0, 100.0}
    able = [cover for cover in covers if not between or "position" in cover.features]
    if not able:
        return unable(call, covers, "can only be open or closed")
    states = call.home.states()

    def order(cover: Device) -> Order:
        state = states[cover.entity_id]
        now = float(state.attributes.get("position", 100 if state.value == "open" else 0))
        wanted = position if position is not None else min(100.0, max(0.0, now + (way or 0) * _STEP))
        return f"{cover.domain}.set_{cover.domain}_position", {"position": wanted}

    return answer(call, perform(call, able, order), _moved)
