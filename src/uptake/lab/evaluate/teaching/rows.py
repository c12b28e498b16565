"""Read teaching dialogues and statements of preference, and the home of each dialogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Area, Device
from uptake.errors import BadRecord, NotReady
from uptake.lab.corpora.files import lines
from uptake.teaching.concepts.artifact import Concept

__all__ = [
    "MEMBER",
    "Action",
    "Dialogue",
    "actions_of",
    "dialogues",
    "home_of",
    "preferences",
    "seeds",
    "values_of",
    "written",
]

MEMBER = "member"
"""Pseudonym of the household member who speaks where a row names nobody."""

_FEATURES = {
    "light": frozenset({"brightness", "color", "color_temperature"}),
    "cover": frozenset({"position"}),
    "fan": frozenset({"speed"}),
    "valve": frozenset({"position"}),
}
_CLASSES = {"garage": "garage", "gate": "gate", "blind": "blind", "blinds": "blind", "curtain": "curtain",
            "curtains": "curtain", "drapes": "curtain", "shades": "shade",
            "shutter": "shutter", "shutters": "shutter", "tv": "tv", "speaker": "speaker",
            "soundbar": "soundbar", "radio": "receiver", "projector": "tv"}  # fmt: skip
_PLACES = frozenset({"name", "area", "floor", "domain", "device_class"})

Action = tuple[str, frozenset[tuple[str, str]], str | None]
"""(intent, (slot, value) pairs, name of the device; None where it has none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A teaching dialogue."""

    key: str
    """Its identifier."""
    category: str
    """Its category."""
    home: Mapping[str, Any]
    """Rooms and devices."""
    taught: tuple[Mapping[str, Any], ...]
    """What the home knows before."""
    turns: tuple[Mapping[str, Any], ...]
    """The turns: what is said, and what is expected."""


def dialogues(root: Path) -> Iterator[Dialogue]:
    """Read `teach/concepts.jsonl.gz` below a root.

    Raises:
        NotReady: It is not there.
        BadRecord: A row is damaged.
    """
    for row in _rows(root / "teach" / "concepts.jsonl.gz"):
        try:
            yield Dialogue(
                key=row["id"],
                category=row["category"],
                home=row["home"],
                taught=tuple(row.get("taught", ())),
                turns=tuple(row["turns"]),
            )
        except (KeyError, TypeError) as error:
            raise BadRecord("a dialogue needs id, category, home and turns", field=str(error)) from error


def preferences(root: Path) -> Iterator[Mapping[str, Any]]:
    """Read `teach/preferences.jsonl.gz` below a root.

    Raises:
        NotReady: It is not there.
        BadRecord: A row is damaged.
    """
    for row in _rows(root / "teach" / "preferences.jsonl.gz"):
        if not isinstance(row.get("text"), str) or not isinstance(row.get("expect"), list):
            raise BadRecord("a statement needs text and expect", field="expect")
        yield row


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    if not path.exists():
        raise NotReady(
            f"{path} is missing: --data needs a folder with teach/concepts.jsonl.gz and preferences.jsonl.gz"
        )
    for place in lines(path):
        yield place.record


def home_of(told: Mapping[str, Any]) -> VirtualHome:
    """Build the home of a dialogue; every device can do all that its kind can."""
    areas = [Area(area_id=_key(name), name=name) for name in told["areas"]]
    devices: list[Device] = []
    taken: set[str] = set()
    for each in told["entities"]:
        key = f"{each['domain']}.{_key(each['name'])}"
        while key in taken:
            key += "_2"
        taken.add(key)
        last = each["name"].lower().split()[-1]
        first = each["name"].lower().split()[0]
        devices.append(
            Device(
                entity_id=key,
                name=each["name"],
                area_id=_key(each["area"]) if each.get("area") else None,
                device_class=_CLASSES.get(last) or (_CLASSES.get(first) if each["domain"] == "cover" else None),
                features=_FEATURES.get(each["domain"], frozenset()),
            )
        )
    return VirtualHome(areas=areas, devices=devices)


def _key(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name.lower())


def seeds(dialogue: Dialogue) -> list[Concept]:
    """Return what the home of a dialogue knows before: shared, unless somebody in particular taught it."""
    rows = []
    for each in dialogue.taught:
        speaker = each.get("speaker")
        fields = {"concept": each["concept"], "user": speaker or MEMBER, "scope": "person" if speaker else "household"}
        if each.get("alias_of"):
            fields["alias_of"] = each["alias_of"]
        else:
            fields["actions"] = [{"intent": one["intent"], "slots": one["slots"]} for one in each["actions"]]
        rows.append(Concept.from_json(fields))
    return rows


def actions_of(expected: Mapping[str, Any]) -> set[Action]:
    """Return the actions that a turn expects, one for each device."""
    found: set[Action] = set()
    for each in expected.get("actions", ()):
        values = frozenset((slot, written(value)) for slot, value in each["slots"].items() if slot not in _PLACES)
        found |= {(each["intent"], values, name) for name in each["targets"] or [None]}
    return found


def written(value: Any) -> str:
    """Write a slot value for comparison: numbers plainly, texts in lower case."""
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value).lower()


def values_of(slots: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    """Return the slots of an action that say no place."""
    return frozenset((slot, written(value)) for slot, value in slots if slot not in _PLACES)
