"""Offer to keep a routine under a name, just after one of its actions, or a greeting, at its usual time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from uptake.proactive.days import apart, is_weekend
from uptake.proactive.offers.offer import Occasion, Offer
from uptake.proactive.routines.artifact import Routine, Routines
from uptake.proactive.routines.features import bare, part_of

__all__ = ["RoutineOffers"]

_NEAR_MIN = 90
_WEIGHT = 4.0
_NAMES = {"morning": "good morning", "night": "good night"}
_MORE = ("", "second ", "third ")
_TEXT = "You often do this together: {deeds}. Shall I keep it as one routine, called {name}?"
_HOME_TEXT = "This home often does this together: {deeds}. Shall I keep it for everybody here, called {name}?"


class RoutineOffers:
    """Proposes to keep routines.

    Args:
        routines: What was found.
        version: Version of the artifact.
    """

    kind: ClassVar[str] = "routines"

    def __init__(self, routines: Routines, version: str) -> None:
        self.routines, self.version = routines, version

    def __call__(self, occasion: Occasion) -> Iterator[Offer]:
        """Propose to keep the routines that what was just done belongs to, or that a greeting would name."""
        if occasion.done is None:
            return
        done, home_id = bare(occasion.done.key), occasion.situation.home_id
        greeting = dict(occasion.done.slots).get("topic", "").replace("_", " ")
        for row in self.routines.of(occasion.user_id, home_id):
            belongs = done in row.readings or greeting == _NAMES.get(part_of(row.minute), "-")
            if belongs and _is_time(row, occasion):
                yield _offer(row)

    def offers(self, user_id: str | None) -> Iterator[Offer]:
        """Propose all that was found for a person; what households share where None."""
        for row in self.routines.rows():
            if row.user_id == user_id:
                yield _offer(row)


def _is_time(row: Routine, occasion: Occasion) -> bool:
    now = occasion.now
    day = now.date().toordinal() - 719_163  # days since 1970-01-01
    wrong_day = row.weekdays != "every day" and is_weekend(day) != (row.weekdays == "weekends")
    return not wrong_day and apart(row.minute, now.hour * 60 + now.minute) <= _NEAR_MIN


def _offer(row: Routine) -> Offer:
    part = part_of(row.minute)
    when = f"around {row.minute // 60:02d}:{row.minute % 60:02d}"
    plain = tuple(f"{more}{part} routine" for more in _MORE)
    names = (_NAMES[part], *plain) if part in _NAMES else plain
    days = {"every day": "days", "workdays": "workdays", "weekends": "days of weekends"}[row.weekdays]
    return Offer(
        kind=RoutineOffers.kind,
        meaning=f"{part}: {' + '.join(row.readings)}",
        because=(
            f"On {row.days} of {row.of_days} {days} these were asked for one after the other, {when}: "
            f"{row.lift:.0f} times as often as by chance."
        ),
        deeds=row.deeds,
        text=_HOME_TEXT if row.user_id is None else _TEXT,
        keep_as=names,
        keep_for_home=row.user_id is None,
        once_a_day=True,
        welcome=row.days / row.of_days,
        weight=_WEIGHT,
    )
