"""Learn what is usual of the devices of a home from their changes.

Three questions are asked of each device and state: is it in that state by some time of the day (`by_clock`)? Does it
go there when everybody leaves, or when another device changes (`by_occasion`)? Where its own history is short: does
that of a device alike, in the same home, say so, and do its own days agree (`alike`)?

Limit: a state is one word ("on", "open", "locked"); how bright or how warm is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from uptake.errors import BadConfig, NotReady
from uptake.proactive.hunches.artifact import EVERYBODY_LEFT, Expectation, Expectations
from uptake.proactive.hunches.learn.alike import Names, borrowed
from uptake.proactive.hunches.learn.by_clock import by_clock
from uptake.proactive.hunches.learn.by_occasion import by_occasion
from uptake.proactive.hunches.learn.series import Rules, Series, series_of
from uptake.protocols import Material, Statistics

__all__ = ["HunchLearner"]

_Change = tuple[int, int, str]
"""(microseconds UTC, minutes on the clock of the home, state)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HunchLearner:
    """Learn `Expectations` from the changes of devices.

    Args:
        min_days: Fewest days, or occasions, of a device on which something may be said about it.
        min_share: Lower bound of the chance, in (0, 1), that the device is as usual.
        confidence: Of that bound, in (0, 1).
        flaps_min: Changes back and forth within so many minutes are one.
        within_min: Longest time between an occasion and what follows it, in minutes.
        most: Most that is kept of one home.
    """

    min_days: int = 7
    min_share: float = 0.65
    confidence: float = 0.9
    flaps_min: int = 3
    within_min: int = 15
    most: int = 12

    name: ClassVar[str] = "hunches"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "entity_id", "changed_at", "local", "state")
    measures: ClassVar[tuple[str, ...]] = ("changes",)
    counted: ClassVar[str] = """
        SELECT user_id, home_id, entity_id, changed_at, local, state, CAST(count(*) AS BIGINT) AS changes
        FROM timeline
        WHERE local IS NOT NULL
        GROUP BY user_id, home_id, entity_id, changed_at, local, state
    """
    """The statistics: one query over the relation `timeline` (`uptake.log.timeline.Change`)."""

    def __post_init__(self) -> None:
        if self.min_days < 4:
            raise BadConfig(f"min_days must be 4 or more, got {self.min_days}: fewer days are no habit")
        for name in ("min_share", "confidence"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise BadConfig(f"{name} must be in (0, 1), got {getattr(self, name)}")
        for name in ("flaps_min", "within_min", "most"):
            if getattr(self, name) < 1:
                raise BadConfig(f"{name} must be 1 or more, got {getattr(self, name)}")

    def learn(self, material: Material) -> Expectations:
        """Count the timeline and solve what was counted.

        Raises:
            NotReady: Nothing is known of any device.
        """
        counts = material.count(self.counted)
        names = {device.entity_id: f"{device.name} {device.area_id or ''}" for device in material.home.devices}
        found = self.solve(counts, names)
        if not len(found) and not counts.query("SELECT count(*) AS n FROM statistics")["n"][0].as_py():
            raise NotReady("no change of a device is on record yet: they are noted while the assistant runs")
        return found

    def solve(self, statistics: Statistics, names: Names | None = None) -> Expectations:
        """Ask the three questions of every device. Equal statistics give equal expectations, whatever their order.

        Args:
            statistics: What `counted` came to.
            names: Names of the devices with their rooms, where they are known; their identifiers stand for them else.
        """
        found = statistics.query("SELECT user_id, home_id, entity_id, changed_at, local, state FROM statistics")
        changes: dict[str, dict[str, list[_Change]]] = defaultdict(lambda: defaultdict(list))
        people = set()
        for user, home, entity, at, local, state in zip(*(column.to_pylist() for column in found.columns), strict=True):
            changes[home][entity].append((at, local, state))
            people |= {user} - {None}
        rows = [row for home, devices in changes.items() for row in self._of_home(home, devices, names or {})]
        return Expectations.from_rows(rows, people)

    def _of_home(self, home: str, devices: Mapping[str, list[_Change]], names: Names) -> list[Expectation]:
        rules = Rules(
            home_id=home,
            min_days=self.min_days,
            min_share=self.min_share,
            confidence=self.confidence,
            within_min=self.within_min,
        )
        ends = max(local for changes in devices.values() for _, local, _ in changes)
        series: dict[str, Series] = {
            entity: series_of(
                ((local, state) for _, local, state in sorted(changes)), until=ends, flaps_min=self.flaps_min
            )
            for entity, changes in devices.items()
        }
        timed = by_clock(series, rules)
        known = {(row.entity_id, row.state) for row in timed}
        occasions = [
            row
            for row in by_occasion(series, rules)
            if row.after == EVERYBODY_LEFT or (row.entity_id, row.state) not in known
        ]
        found = [*timed, *occasions]
        found += borrowed(series, found, names, rules)
        return sorted(found, key=lambda row: (-row.share, row.name))[: self.most]
