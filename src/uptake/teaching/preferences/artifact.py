"""Preferences that people stated: typed values with scope and polarity; a later statement replaces an earlier one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from uptake.errors import BadRecord

__all__ = ["SINGLE", "TYPES", "Preference", "PreferenceType", "Preferences"]

PreferenceType = Literal[
    "likes", "dislikes", "is_fan_of", "diet", "allergy", "unit", "bedtime", "wake_time", "quiet_hours",
    "default_service", "commute", "language", "name", "birthday", "home_city", "room_temperature", "answer_style",
]  # fmt: skip
TYPES: tuple[str, ...] = get_args(PreferenceType)
"""Every type of preference."""

SINGLE = frozenset(
    "bedtime wake_time quiet_hours commute name birthday home_city room_temperature answer_style "
    "default_service".split()
)
"""Types of which a person has one value at a time (one for each `about`)."""

_OPPOSITE = {"likes": "dislikes", "dislikes": "likes"}
_UNIT_GROUPS = (("celsius", "fahrenheit"), ("12-hour", "24-hour"), ("metric", "imperial"), ("grams", "cups"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Statement of one person about themselves, or about their household."""

    type: PreferenceType
    """Its type."""
    value: str
    """Its value, in lower case; times as HH:MM, days as MM-DD."""
    about: str | None = None
    """What a service is for, for example "music"; None for other types."""
    scope: Literal["person", "household"] = "person"
    """Scope: the person, or the household."""
    polarity: Literal[1, -1] = 1
    """1 where it holds from now on, -1 where it was withdrawn."""
    confidence: float = 1.0
    """Confidence, in [0, 1], that it was meant so."""
    user_id: str = ""
    """User who stated it."""
    at: str = ""
    """Time of the statement, ISO 8601 in UTC."""
    turn_id: str = ""
    """The turn that said it."""
    until: str | None = None
    """Time at which it expires, ISO 8601; None for never."""

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Key of the preference: type, value, and purpose of a service."""
        return self.type, self.value, self.about

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; unknown ones are left out."""
        fields: dict[str, Any] = {
            "type": self.type,
            "value": self.value,
            "scope": self.scope,
            "polarity": self.polarity,
        }
        optional = {"about": self.about, "user": self.user_id, "at": self.at, "turn": self.turn_id, "until": self.until}
        more = {} if self.confidence == 1.0 else {"confidence": self.confidence}
        return fields | {name: value for name, value in optional.items() if value} | more

    @classmethod
    def from_json(cls, fields: Any) -> Preference:
        """Read what `as_json` wrote.

        Raises:
            BadRecord: A field is missing or wrong.
        """
        if not isinstance(fields, dict):
            raise BadRecord("expected an object with the fields type and value", field="preference")
        known = {"type", "value", "scope", "polarity", "about", "user", "at", "turn", "until", "confidence"}
        for name in sorted(set(fields) - known):
            raise BadRecord(f"a preference has no such field; expected {', '.join(sorted(known))}", field=str(name))
        if fields.get("type") not in TYPES:
            raise BadRecord(f"expected one of {', '.join(TYPES)}", field="type")
        if not isinstance(fields.get("value"), str) or not fields["value"].strip():
            raise BadRecord("expected a text that is not empty", field="value")
        scope, polarity = fields.get("scope", "person"), fields.get("polarity", 1)
        if scope not in ("person", "household"):
            raise BadRecord("expected person or household", field="scope")
        if polarity not in (1, -1):
            raise BadRecord("expected 1 or -1", field="polarity")
        return cls(
            type=fields["type"],
            value=fields["value"],
            about=fields.get("about"),
            scope=scope,
            polarity=polarity,
            confidence=float(fields.get("confidence", 1.0)),
            user_id=str(fields.get("user", "")),
            at=str(fields.get("at", "")),
            turn_id=str(fields.get("turn", "")),
            until=fields.get("until"),
        )


@dataclass(frozen=True)
class Preferences:
    """All current preferences.

    >>> Preferences((Preference(type="unit", value="celsius", user_id="ann"),)).of("ann", "unit")
    ('celsius',)
    """

    kind: ClassVar[str] = "preferences"
    schema_version: ClassVar[int] = 1

    known: tuple[Preference, ...] = field(default=())

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def fold(cls, said: Iterable[Preference]) -> Preferences:
        """Return the preferences that statements leave: the last statement on each key holds."""
        held: dict[tuple[str, str, str, str], Preference] = {}
        for one in sorted(said, key=lambda each: (each.at, each.turn_id)):
            for key in [key for key, other in held.items() if other.user_id == one.user_id and _ends(one, other)]:
                del held[key]
            if one.polarity > 0:
                held[one.user_id, one.type, one.about or "", one.value] = one
        return cls(tuple(held[key] for key in sorted(held)))

    def __len__(self) -> int:
        return len(self.known)

    def rows(self) -> Iterator[Preference]:
        """Return every row."""
        return iter(self.known)

    def visible(self, user_id: str | None, now: datetime | None = None) -> tuple[Preference, ...]:
        """Return what holds for a person: their own, and the household's where they said nothing else.

        Args:
            user_id: The person; None for a voice nobody knows.
            now: The moment, aware; None to leave out nothing that has lapsed.
        """
        rows = [
            row for row in self.known if now is None or row.until is None or now < datetime.fromisoformat(row.until)
        ]
        own = [row for row in rows if row.user_id == user_id]
        shared = [row for row in rows if row.scope == "household" and row.user_id != user_id]
        return (*own, *(row for row in shared if not any(_clash(mine, row) for mine in own)))

    def of(
        self, user_id: str | None, kind: str, about: str | None = None, now: datetime | None = None
    ) -> tuple[str, ...]:
        """Return the values of a type that hold for a person, the latest first."""
        rows = [row for row in self.visible(user_id, now) if row.type == kind and about in (None, row.about)]
        return tuple(row.value for row in sorted(rows, key=lambda row: row.at, reverse=True))

    def save(self, directory: Path) -> None:
        """Write `preferences.json`."""
        written = json.dumps([row.as_json() for row in self.known], ensure_ascii=False, indent=1, sort_keys=True)
        (directory / "preferences.json").write_text(written, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Preferences:
        """Read what `save` wrote."""
        rows = json.loads((directory / "preferences.json").read_text(encoding="utf-8"))
        return cls(tuple(Preference.from_json(row) for row in rows))

    def without(self, user_id: str) -> Preferences:
        """Return the preferences of everybody else."""
        return Preferences(tuple(row for row in self.known if row.user_id != user_id))


def _ends(new: Preference, old: Preference) -> bool:
    """Tell whether a statement of a person ends an earlier one of theirs."""
    same_value = _bare(new.value) == _bare(old.value) or (new.polarity < 0 and new.value == "any")
    if new.type == old.type:
        if new.type == "unit":
            return same_value or any(new.value in group and old.value in group for group in _UNIT_GROUPS)
        return same_value or (new.polarity > 0 and new.type in SINGLE and new.about == old.about)
    taste = {"likes", "dislikes", "is_fan_of"}
    return same_value and {new.type, old.type} <= taste


def _clash(mine: Preference, shared: Preference) -> bool:
    """Tell whether a person's own preference takes the place of a shared one."""
    if mine.type == shared.type:
        return (mine.type in SINGLE and mine.about == shared.about) or mine.type == "unit"
    return _OPPOSITE.get(mine.type) == shared.type and _bare(mine.value) == _bare(shared.value)


def _bare(value: str) -> str:
    return value.removesuffix("s")
