"""Shared steps of device skills: find the devices, call each, report in one sentence or two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from uptake.assistant.home.model import Device, Home, State
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import Subject, place, subject, the, upper
from uptake.assistant.skills.skill import Call, Effect, Slot
from uptake.errors import DeviceFailed

__all__ = [
    "AREA",
    "FLOOR",
    "HERE",
    "NAME",
    "DeviceResults",
    "Order",
    "answer",
    "direction",
    "in_scope",
    "not_found",
    "number_of",
    "perform",
    "room_of",
    "subject_of",
    "switched",
    "unable",
]

NAME = Slot(name="name", kind="name", prompt="Which device?")
AREA = Slot(name="area", kind="area", prompt="In which room?")
FLOOR = Slot(name="floor", kind="floor", prompt="On which floor?")
HERE = (NAME, AREA, FLOOR, Slot(name="domain"), Slot(name="device_class"))
"""The slots by which devices are meant."""

_CANNOT = ("cannot ", "can only ", "does not ", "goes ", "has ", "needs ", "is not playing")
"""Beginning of a problem that is no failure: the device never could."""

_AT_ONCE = 16
"""Most devices that are called at the same time."""

Order = tuple[str, Mapping[str, Any]]
"""(service, data) for one device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceResults:
    """Result of calling some devices."""

    done: tuple[tuple[Device, State, State], ...] = ()
    """(device, state before, state after) of those that obeyed."""
    failed: tuple[tuple[Device, str], ...] = ()
    """(device, problem) of those that did not."""
    action: str | None = None
    """Record of what was done: "light.turn_on light.hall light.desk"."""

    @property
    def devices(self) -> list[Device]:
        """Devices on which the call succeeded."""
        return [device for device, _, _ in self.done]


def perform(call: Call, devices: Sequence[Device], order: Callable[[Device], Order]) -> DeviceResults:
    """Call every device once, all at the same time; one that fails or hangs does not keep back the others."""
    before = call.home.states()
    orders = [order(device) for device in devices]
    if len(devices) == 1:
        results = [_obey(call.home, devices[0], orders[0])]
    else:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            results = list(pool.map(partial(_obey, call.home), devices, orders))
    done, failed = [], []
    by_service: dict[str, list[str]] = {}
    for device, (service, _), result in zip(devices, orders, results, strict=True):
        if isinstance(result, str):
            failed.append((device, result))
        else:
            done.append((device, before[device.entity_id], result))
            by_service.setdefault(service, []).append(device.entity_id)
    action = "; ".join(" ".join([service, *names]) for service, names in by_service.items())
    return DeviceResults(done=tuple(done), failed=tuple(failed), action=action or None)


def _obey(home: Home, device: Device, order: Order) -> State | str:
    """Call one device. Returns its new state, or the problem."""
    try:
        return home.call(order[0], device.entity_id, order[1])
    except DeviceFailed as error:
        return error.problem


def answer(call: Call, outcome: DeviceResults, describe: Callable[[Subject, DeviceResults], str]) -> Effect:
    """Say one sentence on those that obeyed, and an apology for those that did not.

    Args:
        call: The request.
        outcome: What came of it.
        describe: Makes the sentence on those that obeyed, without its full stop.
    """
    if outcome.done:
        sentence = describe(subject_of(call, outcome.devices, named=bool(outcome.failed)), outcome)
        if not outcome.failed:
            return Effect(speech=upper(f"{sentence}."), action=outcome.action)
        return Effect(
            speech=upper(f"{sentence}, but {_troubles(call.home, outcome.failed)}."),
            status="failed",
            action=outcome.action,
        )
    troubles = _troubles(call.home, outcome.failed)
    if all(problem.startswith(_CANNOT) for _, problem in outcome.failed):
        return Effect(speech=upper(f"{troubles}."), status="unsupported")
    return Effect(speech=f"Sorry, {troubles}.", status="failed")


def switched(who: Subject, outcome: DeviceResults) -> str:
    """Say that devices are on or off, or were so already."""
    _, before, after = outcome.done[0]
    already = len(outcome.done) == 1 and before.value == after.value
    return f"{who.verb('is')} {'already ' if already else ''}{after.value}"


def unable(call: Call, devices: Sequence[Device], problem: str) -> Effect:
    """Say that the devices cannot do what is asked: `problem` is a predicate, "cannot change its colour"."""
    return Effect(speech=upper(f"{_trouble(subject_of(call, devices), problem)}."), status="unsupported")


def not_found(call: Call, noun: str, question: str) -> Effect:
    """Say that there is no such device and where, or ask which is meant."""
    where = place(call.slot("area"), call.slot("floor"))
    if call.slot("name"):
        return Effect(speech=f"I know no {noun} of that name{f' {where}' if where else ''}.", status="unsupported")
    if where:
        return Effect(speech=f"There is no {noun} {where}.", status="unsupported")
    if (room := call.situation.context.room) and not call.slot("domain") and not call.slot("device_class"):
        return Effect(speech=f"There is no {noun} {place(room)}. {question}", missing="name")
    return Effect(speech=question, missing="name")


def in_scope(call: Call, domains: Collection[str], device_class: str | None = None) -> list[Device]:
    """Return the devices that are meant.

    Where nothing was resolved, those of the name, area or floor that was said, else of the room, else the only one.
    """
    if call.targets:
        return [device for device in call.targets if device.domain in domains]
    fitting = [
        device
        for device in call.home.devices
        if device.domain in domains and device_class in {None, device.device_class}
    ]
    if call.slot("name"):
        return [device for device in fitting if device.name == call.slot("name")]
    if said := call.slot("area"):
        return [device for device in fitting if _area_name(call, device) == said]
    if said := call.slot("floor"):
        floors = {floor.floor_id for floor in call.home.floors if floor.name == said}
        areas = {area.area_id for area in call.home.areas if area.floor_id in floors}
        return [device for device in fitting if device.area_id in areas]
    here = [device for device in fitting if room_of(call) is not None and _area_name(call, device) == room_of(call)]
    return here or (fitting if len(fitting) == 1 else [])


def room_of(call: Call) -> str | None:
    """Return the name of the area the person is in, where known."""
    return call.situation.context.room


def subject_of(call: Call, devices: Sequence[Device], *, named: bool = False) -> Subject:
    """Name the devices, given how they were asked for; `named` calls each by its name where they are few."""
    by_name = named or call.slot("name") is not None
    return subject(
        call.home,
        devices,
        area=None if by_name else call.slot("area"),
        floor=None if by_name or call.slot("area") else call.slot("floor"),
    )


def number_of(call: Call, slot: str) -> float | None:
    """Read a slot as a number: "50", "21.5", "50 %"; None where it is missing or no number."""
    text = (call.slot(slot) or "").strip().rstrip("%°").strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


def direction(call: Call, *slots: str) -> int | None:
    """Return +1 for up, -1 for down, from the first slot that says so; None where none does."""
    for slot in ("direction", *slots):
        value = (call.slot(slot) or "").strip().lower()
        if value in {"up", "increase", "higher", "more"}:
            return 1
        if value in {"down", "decrease", "lower", "less"}:
            return -1
    return None


def _area_name(call: Call, device: Device) -> str | None:
    return next((area.name for area in call.home.areas if area.area_id == device.area_id), None)


def _troubles(home: Home, failed: Sequence[tuple[Device, str]]) -> str:
    parts = []
    for problem in dict.fromkeys(problem for _, problem in failed):
        names = [device for device, each in failed if each == problem]
        text = say_list([the(device.name) for device in names])
        plural = len(names) > 1 or subject(home, names).plural
        parts.append(_trouble(Subject(text=text, plural=plural), problem))
    return say_list(parts)


def _trouble(who: Subject, problem: str) -> str:
    first, _, rest = problem.partition(" ")
    if who.plural:
        rest = rest.replace("its ", "their ")
    return f"{who.verb(first, {'goes': 'go', 'needs': 'need'}.get(first))} {rest}".rstrip()
