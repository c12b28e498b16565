"""The vacuum and the lawn mower: start, pause, go home, clean a room."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.home.model import Device
from uptake.assistant.skills.devices.acting import AREA, FLOOR, NAME, DeviceResults, answer, not_found, perform
from uptake.assistant.skills.naming import Subject, place
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue

__all__ = ["Vacuum"]

_ROBOTS = (NAME, AREA, FLOOR)


class Vacuum(NothingDue):
    """Skill for robots. An area or a floor says where to clean, not where the robot stands."""

    name: ClassVar[str] = "vacuum"
    domains: ClassVar[frozenset[str]] = frozenset({"vacuum", "lawn_mower"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassVacuumStart",
            slots=_ROBOTS,
            sentences=(
                "(vacuum|hoover) [the (house|home|flat|floor[s])]",
                "(start|resume|send out) [<the>] (vacuum|cleaning|vacuuming)",
            ),
            examples=("start Rover", "start vacuuming", "vacuum the house"),
        ),
        Intent(
            name="HassVacuumReturnToBase",
            slots=_ROBOTS,
            sentences=(
                "(stop|end|finish) (cleaning|vacuuming)",
                "(send|bring|take) [<the>] {name} (home|back|back home|to [its|the] (base|dock|station))",
                "send [<the>] {name} to [its|the] charger",
            ),
            examples=("send Rover home", "stop vacuuming"),
        ),
        Intent(
            name="HassVacuumCleanArea",
            slots=_ROBOTS,
            sentences=("(vacuum|hoover|clean) [up] [<in>] [<the>] {area} [floor]",),
            examples=("clean the kitchen", "vacuum in here"),
        ),
        Intent(
            name="PauseVacuum",
            slots=_ROBOTS,
            sentences=("(pause|stop|halt) [<the>] {name}", "(pause|halt) (cleaning|vacuuming|mowing)"),
            examples=("pause Rover",),
        ),
        Intent(
            name="HassLawnMowerStartMowing",
            slots=(NAME,),
            sentences=("(cut|mow) the (grass|lawn)",),
            examples=("mow the lawn",),
        ),
        Intent(name="HassLawnMowerDock", slots=(NAME,), examples=("dock the mower", "stop mowing")),
        Intent(name="HassTurnOn", slots=(NAME,)),
        Intent(name="HassTurnOff", slots=(NAME,)),
    )

    def handle(self, call: Call) -> Effect:
        """Send the robot that is meant."""
        intent = call.interpretation.intent
        mower = intent.startswith("HassLawnMower")
        robots = _robots(call, mower)
        if not robots:
            return not_found(call, "mower" if mower else "vacuum", "Which one?")
        if intent == "PauseVacuum":
            return _pause(call, robots)
        if intent in {"HassVacuumReturnToBase", "HassLawnMowerDock", "HassTurnOff"}:
            outcome = perform(call, robots, lambda each: (f"{each.domain}.{_HOME[each.domain]}", {}))
            return answer(call, outcome, _homeward)
        area = call.slot("area") or (call.situation.context.room if intent == "HassVacuumCleanArea" else None)
        if intent == "HassVacuumCleanArea" and area is None:
            return Effect(speech="Which room?", missing="area")
        return _start(call, robots, area)


_START = {"vacuum": "start", "lawn_mower": "start_mowing"}
_HOME = {"vacuum": "return_to_base", "lawn_mower": "dock"}


def _robots(call: Call, mower: bool) -> list[Device]:
    """Return the robots that are meant; without a name, one that can do it, wherever it stands."""
    domain = "lawn_mower" if mower else "vacuum"
    if call.slot("name") and call.targets:
        return [device for device in call.targets if device.domain in Vacuum.domains]
    able = [device for device in call.home.devices if device.domain == domain]
    busy = {"cleaning", "mowing", "paused"}
    states = call.home.states()
    if call.interpretation.intent == "PauseVacuum":
        both = [device for device in call.home.devices if device.domain in Vacuum.domains]
        able = [device for device in both if states[device.entity_id].value in busy] or able
    return able[:1]


def _start(call: Call, robots: list[Device], area: str | None) -> Effect:
    def describe(who: Subject, outcome: DeviceResults) -> str:
        where = f" {place(area)}" if area else (f" {place(None, call.slot('floor'))}" if call.slot("floor") else "")
        return f"{who.verb('is')} {outcome.done[0][2].value}{where}"

    if area is None:
        return answer(call, perform(call, robots, lambda each: (f"{each.domain}.{_START[each.domain]}", {})), describe)
    return answer(call, perform(call, robots, lambda each: (f"{each.domain}.clean_area", {"area": area})), describe)


def _pause(call: Call, robots: list[Device]) -> Effect:
    def describe(who: Subject, outcome: DeviceResults) -> str:
        paused = outcome.done[0][2].value == "paused"
        return f"{who.verb('is')} {'paused' if paused else 'not working'}"

    return answer(call, perform(call, robots, lambda each: (f"{each.domain}.pause", {})), describe)


def _homeward(who: Subject, outcome: DeviceResults) -> str:
    still = outcome.done[0][1].value == "docked"
    return f"{who.verb('is')} {'already at its base' if still else 'on its way home'}"
