"""Load the situations that ship with the package, written by hand, from `situations.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from uptake.lab.simulate.situations.cases import Case, Group
from uptake.types import Context, Exchange, Habit, Interpretation, Situation

__all__ = ["reading", "written"]

_SCREENS = frozenset({"display", "tv", "phone", "watch", "tablet", "laptop"})


def written() -> list[Group]:
    """Return the groups of `situations.toml`."""
    text = resources.files("uptake.lab.simulate.situations").joinpath("situations.toml").read_text(encoding="utf-8")
    return [
        tuple(_case(group["text"], case, f"written-{at}", number) for number, case in enumerate(group["cases"]))
        for at, group in enumerate(tomllib.loads(text)["group"])
    ]


def reading(means: str) -> Interpretation:
    """Return a reading from one line.

    >>> reading("HassTurnOff name=Oven; area=Kitchen").slots
    (('name', 'Oven'), ('area', 'Kitchen'))
    """
    intent, _, slots = means.partition(" ")
    pairs = (slot.strip().partition("=") for slot in slots.split(";") if slot.strip())
    return Interpretation(intent=intent, slots=tuple((name, value) for name, _, value in pairs))


def _case(text: str, case: Mapping[str, Any], group: str, number: int) -> Case:
    device, _, room = case["device"].partition(" ")
    local = datetime.fromisoformat(case["at"])
    situation = Situation(
        context=Context(
            device_type=device, room=room or None, local_time=local.strftime("%H:%M"), place=case.get("place", "home")
        ),
        has_screen=device in _SCREENS,
        states=tuple(case.get("states", {}).items()),
        recent=tuple(Exchange(request=user, response=agent) for user, agent in case.get("turns", ())),
        habits=tuple(Habit(request=said, at=datetime.fromisoformat(at)) for at, said in case.get("habit", ())),
        local=local,
    )
    return Case(
        case_id=f"{group}-{number}", text=text, situation=situation, reading=reading(case["means"]), group=group
    )
