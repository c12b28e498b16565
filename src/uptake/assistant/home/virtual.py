"""Virtual home without hardware: it keeps states, executes calls, simulates time, and fails on command.

Its clock is the real one until it is set with `set_time` or `advance`; then it stands still between calls. Limit: a
cover moves at once; rooms, ovens, programmes and robots change linearly (`dynamics`), nothing else happens by itself,
and devices do not influence one another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Condition
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from uptake.assistant.home.dynamics import DRIFTING, drift, is_same
from uptake.assistant.home.kinds import KINDS
from uptake.assistant.home.model import Area, Device, Floor, State
from uptake.assistant.home.services import serve
from uptake.errors import BadConfig, BadRecord, DeviceFailed

__all__ = ["Failure", "HomeMoment", "VirtualHome"]

Failure = Literal["refuse", "hang", "away"]
"""Ways in which a device may fail: it refuses; it does not answer; it is away."""

_AWAY = "unavailable"
_PROBLEMS = {"refuse": "refused", "hang": "did not answer", "away": "is not reachable"}


class HomeMoment(NamedTuple):
    """Virtual home at one moment."""

    states: Mapping[str, State]
    failing: Mapping[str, Failure]
    driven: datetime | None
    """Time at which the clock stands; None where it goes."""
    since: datetime
    """Time up to which the states are true."""


class VirtualHome:
    """Home in memory, which implements the protocol `Home`.

    >>> home = VirtualHome(devices=[Device(entity_id="light.desk", name="Desk Lamp")])
    >>> home.call("light.turn_on", "light.desk").value
    'on'

    Args:
        floors: Its storeys.
        areas: Its rooms and other places.
        devices: Its devices.
        states: Initial states, by `entity_id`; the usual state of the kind otherwise.
        timezone: IANA name of its time zone.
        home_id: Pseudonym of the home.
        clock: Returns the current time, aware; None for the real clock.
        timeout_s: Time that a call waits for a device that hangs, in seconds.

    Raises:
        BadConfig: Two devices have one identifier, or the time zone is unknown.
    """

    def __init__(  # noqa: PLR0913 - a home has many parts
        self,
        floors: Sequence[Floor] = (),
        areas: Sequence[Area] = (),
        devices: Sequence[Device] = (),
        *,
        states: Mapping[str, State] | None = None,
        timezone: str = "UTC",
        home_id: str = "home",
        clock: Callable[[], datetime] | None = None,
        timeout_s: float = 2.0,
    ) -> None:
        self.home_id, self.timezone, self.timeout_s = home_id, timezone, timeout_s
        self.floors, self.areas, self.devices = tuple(floors), tuple(areas), tuple(devices)
        self._by_id = {device.entity_id: device for device in self.devices}
        self._drifting = {device.entity_id: device for device in self.devices if device.domain in DRIFTING}
        if len(self._by_id) < len(self.devices):
            raise BadConfig("two devices of the home have the same entity_id")
        try:
            self._zone = ZoneInfo(timezone)
        except (KeyError, ValueError, OSError) as error:
            raise BadConfig(f"there is no time zone {timezone}; expected an IANA name like Europe/London") from error
        given = states or {}
        self._first = {each.entity_id: given.get(each.entity_id) or _usual(each) for each in self.devices}
        self._states = dict(self._first)
        self._failing: dict[str, Failure] = {}
        self._clock = clock or (lambda: datetime.now(UTC))
        self._driven: datetime | None = None
        self._healed = Condition()
        self._since = self.now()

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        timeout_s: float = 2.0,
        language: str = "en",
    ) -> VirtualHome:
        """Load the home that a TOML file describes; where no path is given, the one that ships, named in a language.

        Raises:
            BadConfig: The file cannot be read or has errors; the message names each with its line and key.
        """
        from uptake.assistant.home.file import SHIPPED, named, read

        plan = named(read(SHIPPED), language) if path is None else read(path)
        return cls(
            plan.floors,
            plan.areas,
            plan.devices,
            states=plan.states,
            timezone=plan.timezone,
            home_id=plan.home_id,
            clock=clock,
            timeout_s=timeout_s,
        )

    def now(self) -> datetime:
        """Return the present time of the home, aware, in its zone."""
        return (self._driven or self._clock()).astimezone(self._zone)

    def set_time(self, moment: datetime | None) -> None:
        """Set the time (without a zone: on the clock of the home) and stop the clock; None: follow the real time.

        Going back undoes nothing.
        """
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        with self._healed:
            self._pass_time()
            self._driven = moment
            self._pass_time()

    def advance(self, by: timedelta) -> None:
        """Let time pass at once."""
        self.set_time(self.now().astimezone(UTC) + by)

    def states(self) -> Mapping[str, State]:
        """Return the state of every device, by `entity_id`. A device that is away is "unavailable"."""
        with self._healed:
            self._pass_time()
            if not self._failing:
                return dict(self._states)
            return {name: self._visible(name) for name in self._states}

    def call(self, service: str, entity_id: str, data: Mapping[str, Any] | None = None) -> State:
        """Act on one device and return its new state; see `Home.call`.

        A scene or a script does what it can; what it could not reach is in the attribute "missed" of its state.
        """
        with self._healed:
            self._pass_time()
            device = self._by_id.get(entity_id)
            domain, _, verb = service.partition(".")
            if device is None:
                raise DeviceFailed("is not known", entity_id=entity_id)
            if domain not in {device.domain, "homeassistant"}:
                raise DeviceFailed("cannot do that", entity_id=entity_id)
            self._reach(entity_id)
            if device.domain in {"scene", "script", "button"}:
                return self._run(device)
            return self._set(entity_id, serve(device, self._states[entity_id], verb, data or {}))

    def restore(self, states: Mapping[str, State]) -> None:
        """Put devices back into earlier states.

        What was "unavailable" then is left as it is, and so is what has only drifted since.
        """
        with self._healed:
            self._pass_time()
            wanted = {
                name: state
                for name, state in states.items()
                if name in self._states and state.value != _AWAY and not is_same(state, self._states[name])
            }
            for name in wanted:
                self._reach(name)
            self._states.update(wanted)

    def set_state(self, entity_id: str, value: str, **attributes: Any) -> None:
        """Change a state from outside: somebody opens a door, a sensor measures, the doorbell rings.

        Raises:
            DeviceFailed: There is no such device.
        """
        with self._healed:
            self._pass_time()
            if entity_id not in self._states:
                raise DeviceFailed("is not known", entity_id=entity_id)
            merged = {**self._states[entity_id].attributes, **attributes}
            rest = {name: each for name, each in merged.items() if each is not None}
            self._set(entity_id, replace(self._states[entity_id], value=value, attributes=rest))

    def fail(self, entity_id: str, how: Failure = "refuse") -> None:
        """Let a device fail from now on: "refuse", "hang" (until the time-out) or "away".

        Raises:
            DeviceFailed: There is no such device.
        """
        if entity_id not in self._by_id:
            raise DeviceFailed("is not known", entity_id=entity_id)
        with self._healed:
            self._failing[entity_id] = how

    def heal(self, entity_id: str | None = None) -> None:
        """Let a device, or every one, work again. A call that waits for it goes on."""
        with self._healed:
            if entity_id is None:
                self._failing.clear()
            else:
                self._failing.pop(entity_id, None)
            self._healed.notify_all()

    def dump(self) -> dict[str, Any]:
        """Return what differs from the home file, as JSON: states, failures, the time where it is set."""
        with self._healed:
            self._pass_time()
            changed = {name: state for name, state in self._states.items() if state != self._first[name]}
            return {
                "at": self._driven.isoformat() if self._driven else None,
                "since": self._since.isoformat(),
                "failing": dict(self._failing),
                "states": {name: _write(state) for name, state in changed.items()},
            }

    def restore_dump(self, dumped: Mapping[str, Any]) -> None:
        """Restore what `dump` returned; devices that no longer exist are left out; {} is the home file again.

        Raises:
            BadRecord: `dump` did not write that.
        """
        try:
            states = {name: _read(each) for name, each in dumped.get("states", {}).items() if name in self._by_id}
            failing = {name: how for name, how in dumped.get("failing", {}).items() if name in self._by_id}
            driven, since = (
                datetime.fromisoformat(dumped[name]) if dumped.get(name) else None for name in ("at", "since")
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("is not the state of a virtual home", field="home") from error
        with self._healed:
            self._states, self._failing = {**self._first, **states}, failing
            self._driven = driven
            self._since = since or self.now()
            self._pass_time()

    def moment(self) -> HomeMoment:
        """Return the present states, failures and time, for `back_to`."""
        with self._healed:
            self._pass_time()
            return HomeMoment(dict(self._states), dict(self._failing), self._driven, self._since)

    def back_to(self, moment: HomeMoment) -> None:
        """Go back to a moment of this home: the same as restoring a dump of it, without writing and reading it."""
        with self._healed:
            self._states, self._failing = dict(moment.states), dict(moment.failing)
            self._driven, self._since = moment.driven, moment.since
            self._pass_time()

    def _visible(self, entity_id: str) -> State:
        if self._failing.get(entity_id) == "away":
            return State(value=_AWAY, changed_at=self._states[entity_id].changed_at)
        return self._states[entity_id]

    def _pass_time(self) -> None:
        now = self.now()
        if now > self._since:
            for name, device in self._drifting.items():
                self._states[name] = drift(device, self._states[name], self._since, now)
        self._since = now

    def _reach(self, entity_id: str) -> None:
        if self._failing.get(entity_id) == "hang":
            self._healed.wait_for(lambda: entity_id not in self._failing, timeout=self.timeout_s)
        if (how := self._failing.get(entity_id)) is not None:
            raise DeviceFailed(_PROBLEMS[how], entity_id=entity_id)

    def _set(self, entity_id: str, state: State) -> State:
        moved = state.value != self._states[entity_id].value
        self._states[entity_id] = replace(state, changed_at=self._since if moved else state.changed_at)
        return self._states[entity_id]

    def _run(self, device: Device) -> State:
        plan = self._states[device.entity_id].attributes
        missed = []
        for name, wanted in plan.get("sets", {}).items():
            rest = {**self._states[name].attributes, **{key: each for key, each in wanted.items() if key != "state"}}
            if name not in self._failing:
                self._set(name, replace(self._states[name], value=wanted["state"], attributes=rest))
            else:
                missed.append(name)
        for service, name in plan.get("does", ()):
            try:
                self._reach(name)
                self._set(name, serve(self._by_id[name], self._states[name], service.partition(".")[2], {}))
            except DeviceFailed:
                missed.append(name)
        attributes = {key: each for key, each in plan.items() if key != "missed"}
        done = replace(
            self._states[device.entity_id], attributes={**attributes, **({"missed": missed} if missed else {})}
        )
        if device.domain == "script":
            return self._set(device.entity_id, done)
        return self._set(device.entity_id, replace(done, value=self._since.isoformat(timespec="seconds")))


def _usual(device: Device) -> State:
    kind = KINDS.get(device.domain)
    return State(value=kind.states[0] if kind and kind.states else "unknown")


def _write(state: State) -> list[Any]:
    changed = state.changed_at.isoformat() if state.changed_at else None
    return [state.value, json.loads(json.dumps(dict(state.attributes))), changed]


def _read(written: Sequence[Any]) -> State:
    value, attributes, changed = written
    if not isinstance(value, str):
        raise TypeError("a state is a text")
    return State(
        value=value, attributes=dict(attributes), changed_at=datetime.fromisoformat(changed) if changed else None
    )
