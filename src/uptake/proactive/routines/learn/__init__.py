"""Learn routines from the actions of each home.

Source: none is followed whole; frequent episodes within a window are those of Mannila, Toivonen and Verkamo,
"Discovery of Frequent Episodes in Event Sequences" (1997). Differs: days are counted, not windows, and what is found
must exceed chance (`mining`).
Limit: the clock of a home is known to the hour; in zones that are half an hour off, a time may be wrong by 30 minutes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import xxhash

from uptake.errors import BadConfig
from uptake.proactive.days import DAY_MIN
from uptake.proactive.routines.artifact import Routine, Routines
from uptake.proactive.routines.features import bare, is_action
from uptake.proactive.routines.learn.mining import Event, Found, Rules, alike, mine
from uptake.protocols import Statistics

__all__ = ["RoutineLearner"]

_MINUTE_US = 60_000_000
_NOON_H = 12
_DAY_H = 24
_ALONE = "\0"
"""Begins the name of a home that the log does not know: its one person stands for it."""
_LEAST_PART = 0.25
"""Least share of a household's routine that a second person must ask for: it is one person's own otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineLearner:
    """Learn `Routines` from what was done: actions that went well, those that a "yes" let happen among them.

    An answer that was cut short was heard by no one to its end, but the deed stands; a request that was said again did
    what it did. Only what failed, was objected to or undone is left out.

    Args:
        min_users: Fewest people of a home who must take part in what counts as the household's.
        min_days: Fewest days on which a routine must have been seen.
        min_share: Least share of the days on which it must have been seen, in (0, 1].
        min_lift: Least ratio of how often its parts follow one another to how often they would by chance.
        within_min: Longest time between two neighbouring actions, in minutes.
        false_share: Chance, in (0, 1), with which a person's log without a routine may show one.
    """

    min_users: int = 2
    min_days: int = 3
    min_share: float = 0.2
    min_lift: float = 3.0
    within_min: int = 10
    false_share: float = 0.05

    name: ClassVar[str] = "routines"
    keys: ClassVar[tuple[str, ...]] = ("user_id", "home_id", "said_at", "hour", "room", "reading")
    measures: ClassVar[tuple[str, ...]] = ("uses",)
    statistics: ClassVar[str] = """
        SELECT user_id, home_id, said_at, hour, room, coalesce(acted_state, state) AS reading,
               CAST(count(*) AS BIGINT) AS uses
        FROM turns
        WHERE (worked OR (barged_in AND NOT failed AND NOT unanswered AND NOT answered_no))
          AND NOT defect AND NOT undone AND hour IS NOT NULL
          AND coalesce(acted_state, state) LIKE '%|Hass%'
          AND NOT (control AND coalesce(acted_state, state) LIKE '%|HassMedia%')
        GROUP BY user_id, home_id, said_at, hour, room, coalesce(acted_state, state)
    """

    def __post_init__(self) -> None:
        if self.min_users < 2:
            raise BadConfig(f"min_users must be 2 or more, got {self.min_users}")
        if self.min_days < 3:
            raise BadConfig(f"min_days must be 3 or more, got {self.min_days}: fewer days are no habit")
        if self.within_min < 1:
            raise BadConfig(f"within_min must be 1 or more, got {self.within_min}")
        for name in ("min_share", "false_share"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in (0, 1], got {getattr(self, name)}")

    def solve(self, statistics: Statistics) -> Routines:
        """Mine every home. Equal statistics give equal routines, whatever their order."""
        homes = self._homes(statistics)
        rows = [row for home, people in sorted(homes.items()) for row in self._of_home(_known(home), people)]
        shared = [user for people in homes.values() if len(people) > 1 for user in people]
        return Routines.from_rows(rows, shared)

    def _homes(self, statistics: Statistics) -> Mapping[str, Mapping[str, list[Event]]]:
        """Return the actions of each person of each home; those of homes too new to have a habit are left out."""
        found = statistics.query(f"""
            SELECT s.user_id, s.home_id, said_at, hour, room, reading
            FROM statistics AS s
            JOIN (SELECT user_id, count(*) AS uses FROM statistics GROUP BY user_id) AS busy
              ON s.user_id = busy.user_id
            WHERE busy.uses >= {self.min_days}
        """)
        homes: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
        for user, home, said_at, hour, room, reading in zip(
            *(column.to_pylist() for column in found.columns), strict=True
        ):
            if is_action(reading) and hour.isdigit():
                name = home or f"{_ALONE}{user}"
                homes[name][user].append(_event(said_at / _MINUTE_US, int(hour), room, reading, user))
        return homes

    def _of_home(self, home: str | None, people: Mapping[str, list[Event]]) -> Iterable[Routine]:
        rules = Rules(
            min_days=self.min_days,
            min_share=self.min_share,
            min_lift=self.min_lift,
            within_min=self.within_min,
            false_share=self.false_share,
        )
        own = {user: mine(sorted(events), rules) for user, events in sorted(people.items())}
        shared: list[Found] = []
        if home is not None and len(people) >= self.min_users:
            together = mine(sorted(event for events in people.values() for event in events), rules)
            known = [one for found in own.values() for one in found]
            shared = [
                one
                for one in together
                if _people(one) >= self.min_users
                and (_takes_turns(one) or not any(alike(one, other) for other in known))
            ]
        for user, found in own.items():
            yield from (_row(one, home, user) for one in found if not any(alike(one, other) for other in shared))
        yield from (_row(one, home, None) for one in shared)


def _known(home: str) -> str | None:
    return None if home.startswith(_ALONE) else home


def _event(minute: float, hour: int, room: str | None, reading: str, user: str) -> Event:
    """Put an action on the clock of its home."""
    ahead = (hour - int(minute) // 60 + _NOON_H) % _DAY_H - _NOON_H
    local = int(minute) + 60 * ahead
    return Event(minute, bare(reading), user, room or "", local // DAY_MIN, local % DAY_MIN)


def _people(one: Found, reading: str | None = None) -> int:
    """Count the people who ask for a fair part of a routine, or of one of its actions."""
    events = [event for event in one.events if reading in (None, event.reading)]
    asked = Counter(event.user for event in events)
    return sum(count >= _LEAST_PART * len(events) for count in asked.values())


def _takes_turns(one: Found) -> bool:
    """Return whether now this person, now that one asks for most of the actions."""
    return 2 * sum(_people(one, reading) > 1 for reading in one.readings) >= len(one.readings)


def _row(one: Found, home: str | None, user: str | None) -> Routine:
    owner = user if user is not None else home
    name = xxhash.xxh3_64_hexdigest("\n".join([str(owner), *sorted(one.readings)]).encode())
    return Routine(
        routine_id=f"routine-{name}",
        home_id=home,
        user_id=user,
        readings=one.readings,
        minute=one.minute,
        weekdays=one.weekdays,
        days=one.days,
        of_days=one.of_days,
        lift=round(one.lift, 2),
        room=_room(one.events),
    )


def _room(events: Sequence[Event]) -> str | None:
    rooms = {event.room for event in events}
    return rooms.pop() or None if len(rooms) == 1 else None
