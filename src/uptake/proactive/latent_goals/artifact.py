"""Pairs of goals that follow each other more often than chance explains, and how often each person does both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.ml.arrays import open_array, save_arrays

__all__ = ["SHARED", "Filled", "GoalPair", "GoalPairs", "Who", "scope_of"]

SHARED = ""
"""Scope of pairs that enough homes share."""

Who = tuple[str, str, str, str]
"""A person, and the scope, first and second goal of a pair."""


def scope_of(home_id: str | None, user_id: str) -> str:
    """Return the scope of a home's own pairs; that of a person's where no home is known."""
    return home_id or user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Rule that fills a slot of the second goal."""

    slot: str
    """Name of the slot."""
    carried: str | None = None
    """Slot of the first goal whose value it takes over; None where it does not."""
    value: str | None = None
    """Value that it usually has; None where it is carried over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPair:
    """Goal that people go on to, after another."""

    scope: str
    """`SHARED`, or the home (or person) whose own habit it is."""
    source: str
    """The first goal: the key of its reading, or "domain|intent" for any values."""
    target: str
    """The second goal, likewise."""
    times: int
    """Times it was seen, after the bound on each home's contribution."""
    homes: int
    """Homes (or users, where homes are unknown) it was seen in."""
    share: float
    """P(target next | source), in [0, 1]."""
    lift: float
    """How many times likelier it is than chance in the same homes at the same time of day; shrunk for low counts."""
    npmi: float
    """Normalised pointwise mutual information, in [-1, 1]; shrunk likewise."""
    p_value: float
    """Chance of seeing it as often or oftener if nothing were behind it."""
    filled: tuple[Filled, ...] = ()
    """Rules that fill the slots of the second goal."""
    parts: tuple[tuple[str, float], ...] = ()
    """(part of the day, P(target next | source)) where it was seen."""
    habits: tuple[float, ...] = ()
    """Share of people of each kind (`features.shares_of`); empty where that was not fitted."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of the pair: scope, first and second goal."""
        return self.scope, self.source, self.target


@dataclass(frozen=True)
class GoalPairs:
    """Pairs of goals, by their first goal.

    >>> tea = GoalPair(scope=SHARED, source="|AskTea", target="|HassStartTimer", times=30, homes=9, share=0.5,
    ...                lift=9.0, npmi=0.6, p_value=1e-9)
    >>> [pair.target for pair in GoalPairs.of([tea]).after(["|AskTea"], "ann")]
    ['|HassStartTimer']
    """

    kind: ClassVar[str] = "goal_pairs"
    schema_version: ClassVar[int] = 2

    pairs: tuple[GoalPair, ...] = ()
    keys: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    """(n,) uint64 hashes of a person and a pair (`Who`), ascending."""
    counts: npt.NDArray[np.uint16] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.uint16))
    """(n, 2) uint16: times the person did the first goal, and went on to the second by themselves."""

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, pairs: Iterable[GoalPair], people: Mapping[Who, tuple[int, int]] | None = None) -> GoalPairs:
        """Index the pairs, and the counts of each person.

        Args:
            pairs: The pairs.
            people: What each person did of each pair that is theirs to know: times of the first goal, and of both.
        """
        ordered = tuple(sorted(pairs, key=lambda one: (one.scope, one.source, one.target)))
        counted = {_key(*who): did for who, did in (people or {}).items()}
        keys = np.array(sorted(counted), dtype=np.uint64)
        most = np.iinfo(np.uint16).max
        counts = np.array([counted[int(key)] for key in keys], dtype=np.int64).reshape(-1, 2)
        return cls(ordered, keys, np.minimum(counts, most).astype(np.uint16))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, GoalPairs)
            and self.pairs == other.pairs
            and np.array_equal(self.keys, other.keys)
            and np.array_equal(self.counts, other.counts)
        )

    def __len__(self) -> int:
        return len(self.pairs)

    def rows(self) -> Iterator[GoalPair]:
        """Return every pair."""
        return iter(self.pairs)

    def after(self, sources: Iterable[str], scope: str) -> list[GoalPair]:
        """Return the pairs that begin with one of some goals: a home's own, then the shared ones."""
        return [pair for layer in (scope, SHARED) for source in sources for pair in self._by.get((layer, source), ())]

    def did(self, user_id: str, pair: GoalPair) -> tuple[int, int]:
        """Return how often a person did the first goal of a pair, and went on to the second by themselves."""
        key = _key(user_id, pair.scope, pair.source, pair.target)
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return 0, 0
        return int(self.counts[at, 0]), int(self.counts[at, 1])

    @cached_property
    def _by(self) -> dict[tuple[str, str], list[GoalPair]]:
        found: dict[tuple[str, str], list[GoalPair]] = {}
        for pair in self.pairs:
            found.setdefault((pair.scope, pair.source), []).append(pair)
        return found

    def save(self, directory: Path) -> None:
        """Write `goal_pairs.json` and two arrays."""
        rows = [asdict(pair) for pair in self.pairs]
        written = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        (directory / "goal_pairs.json").write_text(written, encoding="utf-8")
        save_arrays(directory, {"keys": self.keys, "counts": self.counts})

    @classmethod
    def load(cls, directory: Path) -> GoalPairs:
        """Read what `save` wrote; the arrays are mapped."""
        rows: list[dict[str, Any]] = json.loads((directory / "goal_pairs.json").read_text(encoding="utf-8"))
        pairs = (
            GoalPair(
                **{
                    **row,
                    "filled": tuple(Filled(**one) for one in row["filled"]),
                    "parts": tuple((part, share) for part, share in row["parts"]),
                    "habits": tuple(row.get("habits", ())),
                }
            )
            for row in rows
        )
        return cls(tuple(pairs), open_array(directory, "keys"), open_array(directory, "counts"))

    def without(self, user_id: str) -> None:
        """Return None: shared counts include the user, so they are counted again."""


def _key(*who: str) -> int:
    return xxhash.xxh64_intdigest("\0".join(who).encode("utf-8", "surrogatepass"))
