"""Compare the devices of a home with what is usual: a hunch is what is not so now, though it usually is.

A device that somebody changed after the time or the occasion is as they want it: nothing is said. What was said of an
earlier day is not said late: a hunch holds for three hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from uptake.proactive.days import DAY_MIN, is_weekend, minutes_of
from uptake.proactive.hunches.artifact import EVERYBODY_LEFT, Expectation, Expectations
from uptake.proactive.hunches.features import day_of
from uptake.proactive.offers.offer import Occasion, Offer
from uptake.types import DeviceState, Interpretation

__all__ = ["Hunch", "HunchOffers", "ObservedState", "hunches"]

_HOLDS_MIN = 180
_NOTHING = frozenset({"unavailable", "unknown", ""})
_AWAY, _FOUR = "not_home", 4 * 60
_WEIGHT = 6.0
_SAID = frozenset({"light", "fan", "lock"})
"""Domains that people say with the name of a room."""
_ON = frozenset({"lock"})
"""Domains of devices that come to rest by being turned on, in Home Assistant's words."""


class ObservedState(NamedTuple):
    """A device as it is."""

    state: str
    """Its state."""
    since: int
    """When that state began, in minutes since 1970 on the clock of the home."""


@dataclass(frozen=True, slots=True)
class Hunch:
    """Something that is not as usual."""

    usual: Expectation
    """What is usual."""
    state: str
    """What is so now."""
    since: int
    """Since when, in minutes since 1970 on the clock of the home."""


def hunches(usual: Sequence[Expectation], devices: Mapping[str, ObservedState], now: int) -> list[Hunch]:
    """Return what is not as usual, the surest first, one a device.

    Args:
        usual: What is usual in the home, the surest first.
        devices: Its devices, by `entity_id`; what was removed is passed over.
        now: Minutes since 1970 on the clock of the home.
    """
    found: dict[str, Hunch] = {}
    for row in usual:
        if row.entity_id in found or not _may_be_due(row, now):
            continue
        seen = devices.get(row.entity_id)
        if seen is None or seen.state == row.state or seen.state in _NOTHING:
            continue
        due = _due_since(row, devices, now)
        if due is not None and due[1] <= now < due[1] + _HOLDS_MIN and seen.since <= due[0]:
            found[row.entity_id] = Hunch(row, seen.state, seen.since)
    return list(found.values())


def _may_be_due(row: Expectation, now: int) -> bool:
    """Return whether the clock allows a hunch: an occasion may have been at any time."""
    if row.by is None:
        return True
    return (now - row.by) % DAY_MIN < _HOLDS_MIN and (
        row.weekdays == "every day" or is_weekend(day_of(now)) == (row.weekdays == "weekends")
    )


def _due_since(row: Expectation, devices: Mapping[str, ObservedState], now: int) -> tuple[int, int] | None:
    """Return when a device usually changes, and from when on it surely has; None where no occasion was."""
    if row.by is not None and row.usual is not None:
        begins = day_of(now) * DAY_MIN + _FOUR
        return begins + (row.usual - _FOUR) % DAY_MIN, begins + (row.by - _FOUR) % DAY_MIN
    at = _happened(row.after or "", devices)
    return None if at is None else (at, at + row.within_min)


def _happened(occasion: str, devices: Mapping[str, ObservedState]) -> int | None:
    if occasion == EVERYBODY_LEFT:
        return _all_since((seen for entity, seen in devices.items() if entity.startswith("person.")), _AWAY)
    entity, _, state = occasion.partition("=")
    return _all_since((devices[entity],) if entity in devices else (), state)


def _all_since(seen: Iterable[ObservedState], state: str) -> int | None:
    """Return when the last of some devices came to a state; None where one is in another."""
    found = list(seen)
    return max(one.since for one in found) if found and all(one.state == state for one in found) else None


class HunchOffers:
    """Proposes to put right what is not as usual.

    Args:
        usual: What is usual.
        version: Version of the artifact.
    """

    kind: ClassVar[str] = "hunches"

    def __init__(self, usual: Expectations, version: str) -> None:
        self.usual, self.version = usual, version

    def __call__(self, occasion: Occasion) -> Iterator[Offer]:
        """Propose to put right what is not as usual now, the surest first."""
        now = minutes_of(occasion.now)
        rows = [row for row in self.usual.of(occasion.situation.home_id) if _may_be_due(row, now)]
        if not rows:
            return
        states = {row.entity_id: row.state for row in rows}
        if not any(states.get(one.entity_id, one.state) != one.state for one in occasion.situation.devices):
            return
        named = states.keys() | {(row.after or "").partition("=")[0] for row in rows}
        with_people = EVERYBODY_LEFT in named
        devices = {
            one.entity_id: one
            for one in occasion.situation.devices
            if one.entity_id in named or (with_people and one.entity_id.startswith("person."))
        }
        seen = {
            name: ObservedState(one.state, now if one.since is None else minutes_of(one.since))
            for name, one in devices.items()
        }
        for one in hunches(rows, seen, now):
            yield _offer(one.usual, devices, still=one.state)

    def offers(self, user_id: str | None) -> Iterator[Offer]:  # noqa: ARG002 - what is usual is so for everybody at home
        """Propose all that is usual."""
        for row in self.usual.rows():
            yield _offer(row, {})


def _offer(row: Expectation, devices: Mapping[str, DeviceState], still: str = "") -> Offer:
    device = devices.get(row.entity_id)
    name = device.name if device is not None else _named(row.entity_id)
    spoken = _spoken(name)
    usual = f"usually {row.state} {_when(row, devices)}"
    intent = "HassTurnOn" if row.entity_id.partition(".")[0] in _ON else "HassTurnOff"
    what = (
        f"On {row.days} of {row.of_days} {'days' if row.by is not None else 'occasions'} the {spoken} was {row.state}"
    )
    like = f", counted together with {row.like}, which is used alike" if row.like else ""
    return Offer(
        kind=HunchOffers.kind,
        meaning=row.name,
        because=f"{what} {_when(row, devices)}{like}.",
        deeds=(Interpretation(intent=intent, slots=(("name", name),)),),
        text=f"The {spoken} is still {still}; it is {usual}. {{asked}}" if still else f"The {spoken} is {usual}.",
        once_a_day=True,
        welcome=row.share,
        weight=_WEIGHT,
    )


def _when(row: Expectation, devices: Mapping[str, DeviceState]) -> str:
    if row.by is not None:
        days = {"every day": "", "workdays": " on workdays", "weekends": " at weekends"}[row.weekdays]
        return f"by {row.by // 60:02d}:{row.by % 60:02d}{days}"
    if row.after == EVERYBODY_LEFT:
        return "when nobody is at home"
    entity, _, state = (row.after or "").partition("=")
    other = devices[entity].name if entity in devices else _named(entity)
    return f"once the {_spoken(other)} is {state}"


def _named(entity_id: str) -> str:
    """Name a device by its identifier alone: "hall light", "living room fan", "garage"."""
    domain, _, rest = entity_id.partition(".")
    name = rest.replace("_", " ")
    return name if domain not in _SAID or domain in name.split() else f"{name} {domain}"


def _spoken(name: str) -> str:
    """Write a name as it stands in a sentence: "the garage door", "the TV"."""
    return " ".join(word if word.isupper() else word.lower() for word in name.split())
