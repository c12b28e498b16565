"""Learned routines, one row each: person or household, actions, time, frequency."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from uptake.feedback.state_keys import reading_of
from uptake.proactive.days import Days
from uptake.types import Interpretation

__all__ = ["Routine", "Routines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Actions that are asked for together."""

    routine_id: str
    """Identifier by meaning: equal for equal actions of one person or household."""
    home_id: str | None
    """The home; None where the log knows none."""
    user_id: str | None
    """User whose routine it is; None for one that several people of the home share."""
    readings: tuple[str, ...]
    """Keys of the readings, without their domains, in the usual order."""
    minute: int
    """Usual time of the day at which it begins, in minutes since midnight on the clock of the home."""
    weekdays: Days
    """Days of the week."""
    days: int
    """Days on which it was seen."""
    of_days: int
    """Days of that kind that were looked at."""
    lift: float
    """Lift: frequency with which its parts follow one another, over the frequency expected by chance."""
    room: str | None = None
    """Room in which it is asked for; None where it differs or is not known."""

    @property
    def key(self) -> str:
        """Key of the routine."""
        return self.routine_id

    @property
    def deeds(self) -> tuple[Interpretation, ...]:
        """Interpretations of the actions."""
        return tuple(map(reading_of, self.readings))


@dataclass(frozen=True)
class Routines:
    """Every routine that was found.

    >>> Routines().of("ann", "home")
    ()
    """

    kind: ClassVar[str] = "routines"
    schema_version: ClassVar[int] = 1

    known: tuple[Routine, ...] = ()
    shared: frozenset[str] = field(default=frozenset())
    """People of homes in which several were counted: without one of them the others' rows may be others."""

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def from_rows(cls, rows: Iterable[Routine], shared: Iterable[str] = ()) -> Routines:
        """Sort the rows."""
        return cls(tuple(sorted(rows, key=lambda row: row.routine_id)), frozenset(shared))

    def __len__(self) -> int:
        return len(self.known)

    def rows(self) -> Iterator[Routine]:
        """Return every row."""
        return iter(self.known)

    @cached_property
    def _by_owner(self) -> dict[tuple[str | None, str | None], tuple[Routine, ...]]:
        found: dict[tuple[str | None, str | None], list[Routine]] = {}
        for row in self.known:
            found.setdefault((row.home_id if row.user_id is None else None, row.user_id), []).append(row)
        return {owner: tuple(sorted(rows, key=lambda row: -row.days)) for owner, rows in found.items()}

    def of(self, user_id: str, home_id: str | None) -> tuple[Routine, ...]:
        """Return the routines of a person, then those of their household, the most frequent first."""
        own = self._by_owner.get((None, user_id), ())
        return own if home_id is None else (*own, *self._by_owner.get((home_id, None), ()))

    def save(self, directory: Path) -> None:
        """Write `routines.json`."""
        written = {"routines": [asdict(row) for row in self.known], "shared": sorted(self.shared)}
        text = json.dumps(written, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        (directory / "routines.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Routines:
        """Read what `save` wrote."""
        written = json.loads((directory / "routines.json").read_text(encoding="utf-8"))
        return cls(tuple(_row(fields) for fields in written["routines"]), frozenset(written["shared"]))

    def without(self, user_id: str) -> Routines | None:
        """Return the routines of everybody else; None where others lived with that person."""
        if user_id in self.shared:
            return None
        return Routines(tuple(row for row in self.known if row.user_id != user_id), self.shared)


def _row(fields: dict[str, Any]) -> Routine:
    return Routine(**{**fields, "readings": tuple(fields["readings"])})
