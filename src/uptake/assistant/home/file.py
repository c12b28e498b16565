"""Read the TOML file that describes a virtual home, and report its faults: line, key, what was expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from uptake.assistant.home.kinds import KINDS, fault
from uptake.assistant.home.model import Area, Device, Floor, State
from uptake.assistant.home.services import serve
from uptake.config import nearest
from uptake.errors import BadConfig, DeviceFailed

__all__ = ["SHIPPED", "Plan", "named", "read"]

SHIPPED = Path(__file__).with_name("home.toml")
"""The example that ships."""

_MOST = 10
"""Most errors that are told at once."""

_TOP = {"home": dict, "floor": list, "area": list, "device": list}
_KEYS = {
    "home": {"id": "text", "timezone": "text"},
    "floor": {"id": "text", "name": "text", "aliases": "texts"},
    "area": {"id": "text", "name": "text", "aliases": "texts", "floor": "text"},
    "device": {
        "id": "text", "name": "text", "aliases": "texts", "area": "text", "class": "text", "can": "texts",
        "critical": "truth", "state": "state", "attributes": "table", "sets": "table", "does": "texts",
    },
}  # fmt: skip
_EXPECTED = {"state": "a text or a number", "table": "a table"}
_PART = re.compile(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)')
_HEADER = re.compile(r"\s*(\[\[?)(.*?)\]")
_KEY = re.compile(r'\s*((?:"[^"]*"|\'[^\']*\'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|\'[^\']*\'|[\w-]+))*)\s*=')

_Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Content of a home file."""

    floors: tuple[Floor, ...] = ()
    """The storeys."""
    areas: tuple[Area, ...] = ()
    """The rooms and other places."""
    devices: tuple[Device, ...] = ()
    """The devices."""
    states: Mapping[str, State] = field(default_factory=dict)
    """First states of the devices."""
    timezone: str = "UTC"
    """IANA name of the time zone."""
    home_id: str = "home"
    """Pseudonym of the home."""


def read(path: Path) -> Plan:
    """Read a home file.

    Raises:
        BadConfig: It cannot be read or has errors: up to ten, each with its line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise BadConfig(f"{path}: the home file cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path}: not valid TOML ({error})") from error
    checker = _Checker(path, text)
    plan = checker.plan(content)
    if checker.problems:
        raise BadConfig("\n".join(checker.messages()))
    return plan


def named(plan: Plan, language: str) -> Plan:
    """Return the example home with names in a language; as it is where there are none in that language."""
    path = SHIPPED.with_name(f"names.{language.split('-', maxsplit=1)[0]}.toml")
    if not path.is_file():
        return plan
    names: Mapping[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))

    def called(one: Any, key: str) -> Any:
        name, *aliases = names.get(key) or (one.name, *one.aliases)
        return replace(one, name=name, aliases=tuple(aliases))

    return replace(
        plan,
        floors=tuple(called(floor, floor.floor_id) for floor in plan.floors),
        areas=tuple(called(area, area.area_id) for area in plan.areas),
        devices=tuple(called(device, device.entity_id) for device in plan.devices),
    )


class _Checker:
    """Checker that turns the content of a file into a plan, and collects its faults."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, dict(_find_lines(text))
        self.problems: list[tuple[int, str]] = []
        self._devices: dict[str, Device] = {}
        self._states: dict[str, State] = {}

    def messages(self) -> list[str]:
        problems = sorted(dict.fromkeys(self.problems))
        more = [f"{self._path}: {len(problems) - _MOST} more errors"] if len(problems) > _MOST else []
        return [f"{self._path}, line {line}: {problem}" for line, problem in problems[:_MOST]] + more

    def plan(self, content: Mapping[str, Any]) -> Plan:
        for name, value in content.items():
            if name not in _TOP:
                self._report((name,), f"there is no [{name}]{nearest(name, _TOP)}")
            elif not isinstance(value, _TOP[name]):
                form = "[home]" if name == "home" else f"[[{name}]], one heading for each"
                self._report((name,), f"expected {form}")
        home = self._home(content.get("home", {}))
        floors = {str(each["id"]): each for _, each in self._entries(content, "floor", set())}
        areas = {str(each["id"]): each for _, each in self._entries(content, "area", set(floors))}
        entries = list(self._entries(content, "device", set(areas)))
        for where, each in entries:
            self._device(where, each)
        for where, each in entries:
            self._deeds(where, each)
        return Plan(
            floors=tuple(Floor(floor_id=key, name=each["name"], aliases=_names(each)) for key, each in floors.items()),
            areas=tuple(
                Area(area_id=key, name=each["name"], aliases=_names(each), floor_id=each.get("floor"))
                for key, each in areas.items()
            ),
            devices=tuple(self._devices.values()),
            states=self._states,
            **home,
        )

    def _report(self, where: _Where, problem: str) -> None:
        line = next((self._lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in self._lines), 1)
        self.problems.append((line, problem))

    def _home(self, entry: Any) -> dict[str, str]:
        if not isinstance(entry, dict):
            return {}
        self._check_keys(("home",), entry, "home")
        zone = entry.get("timezone")
        if isinstance(zone, str):
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError):
                self._report(("home", "timezone"), f"timezone: there is no {zone}; expected a name like Europe/London")
        renamed = {"timezone": entry.get("timezone"), "home_id": entry.get("id")}
        return {name: value for name, value in renamed.items() if isinstance(value, str)}

    def _entries(
        self, content: Mapping[str, Any], kind: str, places: set[str]
    ) -> Iterator[tuple[_Where, dict[str, Any]]]:
        """Return the entries of a kind that are well-formed; `places` are the floors of areas, the areas of devices."""
        seen: set[str] = set()
        entries = content.get(kind, [])
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            where: _Where = (kind, index)
            if not isinstance(entry, dict):
                self._report(where, f"{kind}: expected a table under a heading [[{kind}]]")
                continue
            right = self._check_keys(where, entry, kind)
            for name in ("id", "name"):
                if not str(entry.get(name, "")).strip():
                    self._report((*where, name), f"{name} is missing; every {kind} needs an id and a name")
                    right = False
            if not right:
                continue
            if entry["id"] in seen:
                self._report((*where, "id"), f"id: {entry['id']} is there twice; every {kind} needs its own")
                continue
            seen.add(entry["id"])
            above = {"area": "floor", "device": "area"}.get(kind)
            if above and entry.get(above, next(iter(places), None)) not in places and above in entry:
                self._report(
                    (*where, above), f"{above}: there is no {entry[above]}{nearest(entry[above], sorted(places))}"
                )
            yield where, entry

    def _check_keys(self, where: _Where, entry: Mapping[str, Any], kind: str) -> bool:
        before = len(self.problems)
        for name, value in entry.items():
            form = _KEYS[kind].get(name)
            if form is None:
                self._report((*where, name), f"{name}: a {kind} has no such key{nearest(name, _KEYS[kind])}")
            elif form == "state":
                if isinstance(value, bool) or not isinstance(value, str | int | float):
                    self._report((*where, name), f"{name}: expected {_EXPECTED[form]}")
            elif form == "table":
                if not isinstance(value, dict):
                    self._report((*where, name), f"{name}: expected {_EXPECTED[form]}")
            elif expected := fault(form, value):
                self._report((*where, name), f"{name}: expected {expected}")
        return len(self.problems) == before

    def _device(self, where: _Where, entry: Mapping[str, Any]) -> None:
        entity_id = str(entry["id"])
        domain, _, own = entity_id.partition(".")
        if not re.fullmatch(r"[a-z0-9_]+", own):
            self._report((*where, "id"), "id: expected a domain, a dot and a name in small letters, like light.hall")
            return
        kind = KINDS.get(domain)
        if kind is None:
            self._report((*where, "id"), f"id: there is no domain {domain}{nearest(domain, KINDS)}")
            return
        for feature in entry.get("can", ()):
            if feature not in kind.features:
                self._report(
                    (*where, "can"), f"can: a {domain} cannot {feature}{nearest(feature, list(kind.features))}"
                )
        finer = entry.get("class")
        if finer is not None and kind.classes is not None and finer not in kind.classes:
            self._report(
                (*where, "class"), f"class: there is no {domain} of class {finer}{nearest(finer, list(kind.classes))}"
            )
        self._devices[entity_id] = Device(
            entity_id=entity_id,
            name=entry["name"],
            aliases=_names(entry),
            area_id=entry.get("area"),
            device_class=finer,
            features=frozenset(entry.get("can", ())),
            critical=entry.get("critical", False),
        )
        attributes = dict(entry.get("attributes", {}))
        if "state" in entry:
            attributes["state"] = entry["state"]
        self._states[entity_id] = self._state(where, entity_id, attributes, nested="attributes")

    def _state(self, where: _Where, entity_id: str, told: Mapping[str, Any], nested: str = "") -> State:
        domain = entity_id.partition(".")[0]
        kind = KINDS[domain]
        usual = kind.states[0] if kind.states else "unknown"
        value = told.get("state", usual)
        if kind.states is not None and value not in kind.states:
            self._report((*where, "state"), f"state: a {domain} is never {value}; expected {', '.join(kind.states)}")
        attributes = {name: each for name, each in told.items() if name != "state"}
        for name, each in attributes.items():
            place = (*where, nested, name) if nested else (*where, name)
            form = kind.attributes.get(name)
            if form is None:
                self._report(place, f"{name}: a {domain} has no such attribute{nearest(name, list(kind.attributes))}")
            elif expected := fault(form, each):
                self._report(place, f"{name}: expected {expected}")
        return State(value=str(value), attributes=attributes)

    def _deeds(self, where: _Where, entry: Mapping[str, Any]) -> None:
        """Read what a scene sets and what a script does."""
        entity_id = str(entry["id"])
        if entity_id not in self._devices:
            return
        for key, domain in (("sets", "scene"), ("does", "script")):
            if key in entry and self._devices[entity_id].domain != domain:
                self._report((*where, key), f"{key}: only a {domain} has it")
                return
        sets = {
            name: wanted
            for name, wanted in entry.get("sets", {}).items()
            if self._sets((*where, "sets", name), name, wanted)
        }
        does = [step for each in entry.get("does", ()) if (step := self._does((*where, "does"), each))]
        deeds = {**({"sets": sets} if sets else {}), **({"does": does} if does else {})}
        state = self._states[entity_id]
        self._states[entity_id] = State(value=state.value, attributes={**state.attributes, **deeds})

    def _sets(self, where: _Where, name: str, told: Any) -> bool:
        if name not in self._devices:
            self._report(where, f"sets: there is no device {name}{nearest(name, list(self._devices))}")
        elif not isinstance(told, dict) or "state" not in told:
            self._report(where, 'sets: expected a table with the state, like { state = "on", brightness = 20 }')
        else:
            self._state(where, name, told)
            return True
        return False

    def _does(self, where: _Where, step: str) -> list[str] | None:
        service, _, name = step.partition(" ")
        domain, _, verb = service.partition(".")
        if name not in self._devices:
            self._report(where, f"does: there is no device {name or '(none)'}{nearest(name, list(self._devices))}")
            return None
        try:
            if domain != self._devices[name].domain:
                raise DeviceFailed("cannot do that", entity_id=name)
            serve(self._devices[name], self._states[name], verb, {})
        except DeviceFailed:
            self._report(
                where,
                f"does: {name} knows no {service}; expected a service and a device, like light.turn_off light.hall",
            )
            return None
        return [service, name]


def _names(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(entry.get("aliases", ()))


def _find_lines(text: str) -> Iterator[tuple[_Where, int]]:
    """Find the line of each heading and key; keys inside brackets of several lines are not found."""
    here: _Where = ()
    counts: dict[_Where, int] = {}
    quoted = False
    for number, line in enumerate(text.splitlines(), 1):
        was_quoted = quoted
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if was_quoted:
            continue
        if header := _HEADER.match(line):
            here = ()
            parts = [next(filter(None, part), "") for part in _PART.findall(header[2])]
            for position, part in enumerate(parts):
                here = (*here, part)
                if header[1] == "[[" and position == len(parts) - 1:
                    counts[here] = counts.get(here, -1) + 1
                    if counts[here] == 0:
                        yield here, number
                if here in counts:
                    here = (*here, counts[here])
            yield here, number
        elif key := _KEY.match(line):
            yield (*here, *(next(filter(None, part), "") for part in _PART.findall(key[1]))), number
