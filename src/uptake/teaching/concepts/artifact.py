"""Concepts that people taught: words that stand for settings, for lists of actions, or for things of the home.

A person's own concepts win over those of the household. The rows are the teaching events of a log, folded
(`learn.fold`): one row per person and concept, the last event wins, so that parts of a log may be folded separately.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

from uptake.errors import BadRecord
from uptake.text.normalize import normalize
from uptake.types import Interpretation

__all__ = ["ARTICLES", "Concept", "Concepts", "Scope", "SlotType", "key_of", "slot_type_of"]

Scope = Literal["person", "household"]
SlotType = Literal[
    "scene", "brightness", "color", "temperature", "position", "volume", "speed", "duration", "media", "action",
    "entity", "area",
]  # fmt: skip

ARTICLES = ("the", "a", "an", "my", "our")
"""Words that may stand before the name of a concept."""

_TYPES: dict[str, SlotType] = {
    "brightness": "brightness",
    "color": "color",
    "position": "position",
    "volume_level": "volume",
    "percentage": "speed",
    "search_query": "media",
    "minutes": "duration",
    "hours": "duration",
    "seconds": "duration",
}


def key_of(phrase: str) -> str:
    """Return the form under which a concept is found.

    >>> key_of("The Lin Way"), key_of("post-exam")
    ('lin way', 'post exam')
    """
    words = normalize(phrase).split()
    while len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return " ".join(words)


def slot_type_of(deeds: Iterable[Interpretation]) -> SlotType:
    """Return the type of a concept from what it does.

    >>> slot_type_of([Interpretation(intent="HassSetPosition", slots=(("name", "Blind"), ("position", "50")))])
    'position'
    """
    deeds = tuple(deeds)
    places = {tuple(pair for pair in deed.slots if pair[0] in ("name", "area", "domain")) for deed in deeds}
    values = {name for deed in deeds for name, _ in deed.slots} - {"name", "area", "domain", "media_class"}
    if len(places) > 1 or not values:
        return "action"
    if values == {"temperature"}:
        return "temperature" if deeds[0].intent == "HassClimateSetTemperature" else "color"
    return _TYPES.get(next(iter(values)), "scene") if len(values) == 1 else "scene"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """Meaning that one person taught for a word or phrase."""

    phrase: str
    """The word or words, as they were said."""
    user_id: str
    """Who taught it."""
    deeds: tuple[Interpretation, ...] = ()
    """What it does; empty for another name of a thing, and where it was forgotten."""
    alias_of: str | None = None
    """Name of the device or room that it is another name of."""
    slot_type: SlotType = "scene"
    """Type of the value that it stands for."""
    scope: Scope = "person"
    """Whom it holds for."""
    uses: tuple[str, ...] = ()
    """Keys of concepts that it was defined by."""
    at: str = ""
    """When it was last changed: ISO 8601, UTC."""
    turn_id: str = ""
    """The turn that taught it."""
    gone: bool = False
    """Whether it was forgotten since."""

    @property
    def key(self) -> str:
        """Normalised form for lookup."""
        return key_of(self.phrase)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; what is unknown is left out."""
        fields: dict[str, Any] = {"concept": self.phrase, "user": self.user_id, "type": self.slot_type}
        if self.deeds:
            fields["actions"] = [
                {"intent": deed.intent, "slots": [list(pair) for pair in deed.slots]} for deed in self.deeds
            ]
        optional = {"alias_of": self.alias_of, "uses": list(self.uses), "at": self.at, "turn": self.turn_id}
        fields |= {name: value for name, value in optional.items() if value}
        return fields | {"scope": self.scope} | ({"gone": True} if self.gone else {})

    @classmethod
    def from_json(cls, fields: Any) -> Concept:
        """Read what `as_json` wrote.

        Raises:
            BadRecord: A field is missing or wrong.
        """
        if not isinstance(fields, dict):
            raise BadRecord("expected an object with the fields concept, user and actions", field="concept")
        known = {"concept", "user", "type", "actions", "alias_of", "uses", "at", "turn", "scope", "gone"}
        for name in sorted(set(fields) - known):
            raise BadRecord(f"a concept has no such field; expected {', '.join(sorted(known))}", field=str(name))
        for name in ("concept", "user"):
            if not isinstance(fields.get(name), str) or not fields[name].strip():
                raise BadRecord("expected a text that is not empty", field=name)
        deeds = tuple(_deed(each) for each in _rows(fields, "actions"))
        alias = fields.get("alias_of")
        gone = fields.get("gone", False) is True
        if not gone and bool(deeds) == bool(alias):
            raise BadRecord("expected either actions or alias_of", field="actions")
        scope = fields.get("scope", "person")
        if scope not in ("person", "household"):
            raise BadRecord("expected person or household", field="scope")
        return cls(
            phrase=fields["concept"],
            user_id=fields["user"],
            deeds=deeds,
            alias_of=alias if isinstance(alias, str) else None,
            slot_type=fields.get("type") or slot_type_of(deeds),
            scope=scope,
            uses=tuple(str(one) for one in _rows(fields, "uses")),
            at=str(fields.get("at", "")),
            turn_id=str(fields.get("turn", "")),
            gone=gone,
        )


def _rows(fields: dict[str, Any], name: str) -> list[Any]:
    rows = fields.get(name, [])
    if not isinstance(rows, list):
        raise BadRecord("expected a list", field=name)
    return rows


def _deed(fields: Any) -> Interpretation:
    if not isinstance(fields, dict) or not isinstance(fields.get("intent"), str):
        raise BadRecord('expected {"intent": …, "slots": …}', field="actions")
    slots = fields.get("slots", [])
    pairs = list(slots.items()) if isinstance(slots, dict) else slots
    if not isinstance(pairs, list) or not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
        raise BadRecord("expected an object, or a list of [name, value]", field="actions.slots")
    return Interpretation(intent=fields["intent"], slots=tuple((str(name), _text(value)) for name, value in pairs))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Concepts:
    """All known concepts, one row per person and concept.

    >>> taught = Concept(phrase="study mode", user_id="ann", alias_of="Desk Lamp")
    >>> Concepts((taught,)).lookup("ann", "the study mode")[0].alias_of
    'Desk Lamp'
    """

    kind: ClassVar[str] = "concepts"
    schema_version: ClassVar[int] = 1

    known: tuple[Concept, ...] = field(default=())

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, rows: Iterable[Concept]) -> Concepts:
        """Keep the last row of each person and concept, in one order."""
        last: dict[tuple[str, str], Concept] = {}
        for row in sorted(rows, key=lambda one: (one.at, one.turn_id)):
            last[row.user_id, row.key] = row
        return cls(tuple(last[key] for key in sorted(last)))

    def __len__(self) -> int:
        return len(self.known)

    def rows(self) -> Iterator[Concept]:
        """Return every row, those that were forgotten included."""
        return iter(self.known)

    @cached_property
    def _mine(self) -> dict[str, dict[str, tuple[Concept, ...]]]:
        mine: dict[str, dict[str, tuple[Concept, ...]]] = {}
        for row in self.known:
            if not row.gone:
                owner = "" if row.scope == "household" else row.user_id
                rows = mine.setdefault(owner, {})
                rows[row.key] = (*rows.get(row.key, ()), row)
                if owner == "":
                    mine.setdefault(row.user_id, {})[row.key] = (row,)
        return mine

    def lookup(self, user_id: str | None, phrase: str) -> tuple[Concept, ...]:
        """Return what a phrase means for a person: their own meaning, else the household's (several where they differ).

        Args:
            user_id: The person; None for a voice nobody knows.
            phrase: The words.
        """
        return self.visible(user_id).get(key_of(phrase), ())

    def visible(self, user_id: str | None) -> dict[str, tuple[Concept, ...]]:
        """Return what is known to a person, by key: their own, else the household's."""
        household = {key: _distinct(rows) for key, rows in self._mine.get("", {}).items()}
        return household if user_id is None else household | self._mine.get(user_id, {})

    def save(self, directory: Path) -> None:
        """Write `concepts.json`."""
        written = json.dumps([row.as_json() for row in self.known], ensure_ascii=False, indent=1, sort_keys=True)
        (directory / "concepts.json").write_text(written, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Concepts:
        """Read what `save` wrote."""
        rows = json.loads((directory / "concepts.json").read_text(encoding="utf-8"))
        return cls(tuple(Concept.from_json(row) for row in rows))

    def without(self, user_id: str) -> Concepts:
        """Return the concepts of everybody else."""
        return Concepts(tuple(row for row in self.known if row.user_id != user_id))


def _distinct(rows: tuple[Concept, ...]) -> tuple[Concept, ...]:
    """Keep one row for each meaning."""
    return tuple({(row.deeds, row.alias_of): row for row in rows}.values())
