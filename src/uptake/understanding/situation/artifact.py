"""Counts of readings by where, when and after what they were asked for.

Counts of readings by facet of the context (device, state, room, hour, place, activity, the reading before, the
request itself), in three layers: a person's own, their household's, everybody's. The artifact answers one
question: how much likelier does a facet make a reading than it is anyway? A layer with few counts leans on the one
above it (Dirichlet shrinkage), so that a new person gets the household's habits and a new household everybody's.

Keys are kept as 64-bit hashes beside their counts: plain numpy arrays, opened by mmap, that name nobody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.ml.arrays import arrays_of, open_record, same_arrays, save_arrays

__all__ = ["ALWAYS", "EVERYBODY", "FACETS", "ContextCounts", "Count", "Who", "scope_of_home", "scope_of_user"]

ALWAYS = "always"
"""The facet of every turn, whatever the context; its value is ""."""
FACETS = ("device", "state", "room", "hour", "place", "activity", "after", "request")
"""The other facets; "after" is the reading of the turn before, "request" the words."""
EVERYBODY = "everybody"
"""Scope of what enough people share."""
_SHRINK = 3.0  # counts that the layer above is worth
_RARE = 1e-4  # share of a reading nobody has counted

IntArray = npt.NDArray[np.uint64]


def scope_of_user(user_id: str) -> str:
    """Return the scope of one person's own counts."""
    return f"user:{user_id}"


def scope_of_home(home_id: str) -> str:
    """Return the scope of what a household shares."""
    return f"home:{home_id}"


class Count(NamedTuple):
    """Count of a reading, for one value of one facet."""

    scope: str
    """Owner of the count: `scope_of_user`, `scope_of_home` or `EVERYBODY`."""
    facet: str
    """`ALWAYS` or one of `FACETS`."""
    value: str
    """Value of the facet, for example "Kitchen"."""
    reading: str
    """`Interpretation.key` without its domain, or the name of an intent alone."""
    uses: int
    """Times it was meant, after the bound on each user's contribution."""


class Who(NamedTuple):
    """User and home whose habits to look up; None where unknown."""

    user_id: str | None = None
    home_id: str | None = None

    def scopes(self) -> tuple[str, ...]:
        """List the scopes, from everybody to the person."""
        home = (scope_of_home(self.home_id),) if self.home_id else ()
        user = (scope_of_user(self.user_id),) if self.user_id else ()
        return (EVERYBODY, *home, *user)


@dataclass(frozen=True, slots=True, eq=False)
class ContextCounts:
    """Counts of readings by facet, behind sorted hashes.

    >>> counts = ContextCounts.from_counts(
    ...     [Count(EVERYBODY, ALWAYS, "", "|A", 50), Count(EVERYBODY, ALWAYS, "", "|B", 50),
    ...      Count(EVERYBODY, "room", "Kitchen", "|A", 40), Count(EVERYBODY, "room", "Kitchen", "|B", 4)])
    >>> one, other = counts.lifts("room", "Kitchen", ["|A", "|B"], Who())
    >>> one > 0 > other
    True
    """

    kind: ClassVar[str] = "contexts"
    schema_version: ClassVar[int] = 1

    keys: IntArray
    """(n,) uint64 hashes, ascending: of (scope, facet, value, reading), and of (scope, facet, value) for totals."""
    counts: npt.NDArray[np.int64]
    """(n,) how often."""

    @classmethod
    def from_counts(cls, counts: Iterable[Count]) -> ContextCounts:
        """Index counts; the order they come in does not matter, equal keys are added, totals are made."""
        added: dict[int, int] = {}
        for count in counts:
            place = _key(count.scope, count.facet, count.value, count.reading)
            added[place] = added.get(place, 0) + count.uses
            if "|" in count.reading:  # whole readings make the total; intents alone are sums of them
                total = _key(count.scope, count.facet, count.value, "")
                added[total] = added.get(total, 0) + count.uses
        keys = np.array(sorted(added), dtype=np.uint64)
        held = np.array([added[key] for key in sorted(added)], dtype=np.int64)
        for array in (keys, held):
            array.flags.writeable = False
        return cls(keys, held)

    def __len__(self) -> int:
        return len(self.keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContextCounts) and same_arrays(arrays_of(self), arrays_of(other))

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> Iterator[tuple[int, int]]:
        """Return all keys and their counts."""
        return zip(self.keys.tolist(), self.counts.tolist(), strict=True)

    def count(self, scope: str, facet: str, value: str, reading: str = "") -> int:
        """Return how often a reading was meant; without a reading, how often anything was."""
        return int(self._counts([_key(scope, facet, value, reading)])[0])

    def shares(self, readings: Sequence[str], who: Who) -> list[float]:
        """Return chance of each reading whatever the context, in (0, 1): the person's, leaning on the layers above."""
        return self._chances(ALWAYS, "", readings, who, [_RARE] * len(readings))[0]

    def lifts(
        self, facet: str, value: str, readings: Sequence[str], who: Who, *, shares: Sequence[float] | None = None
    ) -> list[float]:
        """Return the log lift of each reading: ln P(reading | facet, value) - ln P(reading).

        0 where nobody was counted with that value.

        Args:
            facet: One of `FACETS`.
            value: What it is now.
            readings: What to compare.
            who: Whose habits count.
            shares: What `shares` says of the readings, if it was asked already.
        """
        anyway = list(shares) if shares is not None else self.shares(readings, who)
        given, total = self._chances(facet, value, readings, who, anyway)
        if not total:
            return [0.0] * len(readings)
        return [math.log(chance / before) for chance, before in zip(given, anyway, strict=True)]

    def _chances(
        self, facet: str, value: str, readings: Sequence[str], who: Who, above: list[float]
    ) -> tuple[list[float], int]:
        """Return the chance of each reading given a value of a facet, and how much was counted there."""
        scopes, size = who.scopes(), len(readings) + 1
        wanted = [_key(scope, facet, value, reading) for scope in scopes for reading in ("", *readings)]
        found, seen = self._counts(wanted).tolist(), 0
        for at in range(len(scopes)):
            total, *uses = found[at * size : (at + 1) * size]
            seen += total
            above = [(use + _SHRINK * chance) / (total + _SHRINK) for use, chance in zip(uses, above, strict=True)]
        return above, seen

    def _counts(self, wanted: list[int]) -> npt.NDArray[np.int64]:
        if not len(self.keys):
            return np.zeros(len(wanted), dtype=np.int64)
        keys = np.array(wanted, dtype=np.uint64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.counts[at], 0)

    def without(self, user_id: str) -> None:
        """Tell nothing: everybody's counts hold the user too, so they are solved again."""

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array."""
        save_arrays(directory, arrays_of(self))

    @classmethod
    def load(cls, directory: Path) -> ContextCounts:
        """Map what `save` wrote."""
        return open_record(cls, directory)


def _key(scope: str, facet: str, value: str, reading: str) -> int:
    return xxhash.xxh64_intdigest(f"{scope}\0{facet}\0{value}\0{reading}".encode())
