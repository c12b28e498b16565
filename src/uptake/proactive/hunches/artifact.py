"""Habits of devices: rows that say by when, or after what, a device is in a state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from uptake.proactive.days import Days

__all__ = ["EVERYBODY_LEFT", "Expectation", "Expectations"]

EVERYBODY_LEFT = "everybody left"
"""Occasion: nobody is at home any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Usual state of one device of one home, from a time of the day or from an occasion on."""

    home_id: str
    """The home."""
    entity_id: str
    """The device."""
    state: str
    """State that it is usually in by then."""
    days: int
    """Days, or occasions, on which it was."""
    of_days: int
    """Days, or occasions, that were looked at."""
    share: float
    """Lower bound, in [0, 1], of the chance that it is."""
    weekdays: Days = "every day"
    """Days of the week."""
    usual: int | None = None
    """Usual time of the change, in minutes since midnight; None for an occasion."""
    by: int | None = None
    """Time by which it is in that state, in minutes since midnight; None for an occasion."""
    after: str | None = None
    """Occasion: `EVERYBODY_LEFT`, or "entity_id=state"; None for a time."""
    within_min: int = 0
    """Minutes after the occasion within which it is in that state."""
    like: str | None = None
    """A device alike whose history was counted, too; None where its own is enough."""

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; default and unknown values are left out."""
        usual = {"weekdays": "every day", "within_min": 0}
        return {name: value for name, value in asdict(self).items() if value is not None and usual.get(name) != value}

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of the habit: the home, the device and its state, the days of the week."""
        return self.home_id, self.name, self.weekdays

    @property
    def name(self) -> str:
        """Identifier by meaning: equal for one device and state, whatever was counted."""
        return f"hunch-{self.entity_id}-{self.state}-{self.after or 'time'}"


@dataclass(frozen=True)
class Expectations:
    """Habits of devices, by home.

    >>> Expectations().of("home")
    ()
    """

    kind: ClassVar[str] = "hunches"
    schema_version: ClassVar[int] = 1

    known: tuple[Expectation, ...] = ()
    people: frozenset[str] = frozenset()
    """People whose requests changed something that was counted."""

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def from_rows(cls, rows: Iterable[Expectation], people: Iterable[str] = ()) -> Expectations:
        """Sort the rows."""
        return cls(tuple(sorted(rows, key=lambda row: (row.home_id, row.name, row.weekdays))), frozenset(people))

    def __len__(self) -> int:
        return len(self.known)

    def rows(self) -> Iterator[Expectation]:
        """Return every row."""
        return iter(self.known)

    @cached_property
    def _by_home(self) -> dict[str, tuple[Expectation, ...]]:
        found: dict[str, list[Expectation]] = {}
        for row in self.known:
            found.setdefault(row.home_id, []).append(row)
        return {home: tuple(sorted(rows, key=lambda row: -row.share)) for home, rows in found.items()}

    def of(self, home_id: str | None) -> tuple[Expectation, ...]:
        """Return the habits of a home's devices, the surest first."""
        return () if home_id is None else self._by_home.get(home_id, ())

    def save(self, directory: Path) -> None:
        """Write `hunches.json`."""
        written = {"expectations": [row.as_json() for row in self.known], "people": sorted(self.people)}
        text = json.dumps(written, ensure_ascii=False, indent=0, separators=(",", ":"), sort_keys=True)
        (directory / "hunches.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Expectations:
        """Read what `save` wrote."""
        written = json.loads((directory / "hunches.json").read_text(encoding="utf-8"))
        return cls(tuple(Expectation(**fields) for fields in written["expectations"]), frozenset(written["people"]))

    def without(self, user_id: str) -> Expectations | None:
        """Return the artifact unchanged if no request of the person was counted; else None: learn it again."""
        return None if user_id in self.people else self
