"""The words that tests of skills are written in: `ask(home, "HassTurnOn", name="Desk Lamp")`."""

from __future__ import annotations

from datetime import UTC, datetime

from uptake.assistant.home import Device, VirtualHome
from uptake.assistant.home.file import SHIPPED, read
from uptake.assistant.memory import Memory
from uptake.assistant.skills import Skills
from uptake.assistant.skills.devices.climate import Climate
from uptake.assistant.skills.devices.covers import Covers
from uptake.assistant.skills.devices.fans import Fans
from uptake.assistant.skills.devices.lights import Lights
from uptake.assistant.skills.devices.locks import Locks
from uptake.assistant.skills.devices.media import Media
from uptake.assistant.skills.devices.scenes import Scenes
from uptake.assistant.skills.devices.states import States
from uptake.assistant.skills.devices.switches import Switches
from uptake.assistant.skills.devices.vacuum import Vacuum
from uptake.assistant.skills.skill import Call, Effect
from uptake.types import Context, Interpretation, Situation

SKILLS = Skills([Lights(), Climate(), Switches(), Fans(), Covers(), Locks(), Scenes(), Media(), Vacuum(), States()])
"""Those that are about devices."""

PLAN = read(SHIPPED)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_home() -> VirtualHome:
    """The home that ships, at noon, where nothing waits."""
    home = VirtualHome(PLAN.floors, PLAN.areas, PLAN.devices, states=PLAN.states, clock=lambda: NOON, timeout_s=0)
    home.set_time(NOON)
    return home


def targets(home: VirtualHome, slots: dict[str, str]) -> tuple[Device, ...]:
    """The devices of those slots, found as a resolver would, exactly."""
    areas = {area.area_id: area for area in home.areas}
    floors = {floor.floor_id: floor.name for floor in home.floors}

    def fits(device: Device) -> bool:
        area = areas.get(device.area_id or "")
        told = {
            "name": device.name,
            "area": area.name if area else None,
            "floor": floors.get(area.floor_id or "") if area else None,
            "domain": device.domain,
            "device_class": device.device_class,
        }
        return all(told[name] == value for name, value in slots.items() if name in told)

    asked = {"name", "area", "floor", "domain", "device_class"} & slots.keys()
    return tuple(filter(fits, home.devices)) if asked else ()


def a_call(home: VirtualHome, intent: str, *, room: str | None = None, **slots: str) -> Call:
    """A request that was understood and resolved."""
    return Call(
        interpretation=Interpretation(intent=intent, slots=tuple(slots.items())),
        targets=targets(home, slots),
        home=home,
        memory=Memory(),
        situation=Situation(context=Context(room=room)),
        user_id="ann",
        now=home.now(),
    )


def ask(home: VirtualHome, intent: str, *, room: str | None = None, **slots: str) -> Effect:
    """What the skills answer."""
    effect = SKILLS.handle(a_call(home, intent, room=room, **slots))
    assert effect is not None
    return effect
