"""Summarise the failure points of a log: how often, where, since when, and at what cost.

The failure point of each recent turn is predicted (`uptake.insight.failures.isolate`); turns are then counted by
failure point and by domain and intent, device and room. Only counts that at least `min_users` people share are shown,
and nobody's words.

Limit: undetected failures are not counted. The counts are those of a model, the expected counts those of its calibrated
probabilities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uptake.insight.dialogues.log_counts import Row
from uptake.insight.dialogues.targets import FAILURES
from uptake.insight.failures.artifact import FailureModel, shipped_failures
from uptake.insight.failures.features import SIGNALS, failure_rows
from uptake.insight.failures.isolate import Isolated, predict_failure_points
from uptake.log.recent import last_sessions
from uptake.types import Session, Turn

if TYPE_CHECKING:
    from uptake.log.store import TurnLog
    from uptake.store.store import ArtifactStore

__all__ = [
    "STAGES",
    "WHERE",
    "FailedTurn",
    "Shown",
    "failing",
    "failing_in_log",
    "point_of",
    "tables_of_points",
]

Shown = tuple[str, str, tuple[str, ...], list[list[str]], tuple[int, ...]]
"""Title, what it says, head, cells, and which columns hold numbers."""

WHERE = ("domain", "intent", "device", "room")
"""Fields that turns are counted by."""

_MOST_TURNS = 20_000  # the last ones
STAGES = {
    "false_wake": "nobody spoke to it",
    "asr": "hearing",
    "nlu": "understanding",
    "entity": "finding the thing",
    "result": "doing it",
}
"""Failure point -> the stage, in words."""
_SHOWN = 12
_TOP = 6
_LEAST = 5  # failed turns of a place before it is shown
_ASKED = 12  # turns of a place that are asked which signals spoke
_SUDDEN = 3.0  # standard errors by which a day parts the turns before it from those after


class FailedTurn(NamedTuple):
    """Turn that failed, with its failure point."""

    user_id: str
    request: str
    said_at: datetime
    point: str
    """One of `FAILURES`."""
    places: frozenset[tuple[str, str]]
    """(one of `WHERE`, its name) of where it was said."""


@dataclass(frozen=True, slots=True)
class _Read:
    """Turn with its failure point, device and room."""

    turn: Turn
    found: Isolated
    row: Row

    def name(self, what: str) -> str | None:
        """Return the name of its place of one kind; None where it has none."""
        reading, context = self.turn.interpretation, self.turn.context
        if what == "domain":
            return reading.domain if reading else None
        if what == "intent":
            return reading.intent if reading and reading.intent else None
        return context.device_type if what == "device" else context.room

    @property
    def day(self) -> str:
        return self.turn.said_at.date().isoformat()

    @property
    def failed(self) -> FailedTurn:
        turn, names = self.turn, ((what, self.name(what)) for what in WHERE)
        places = frozenset((what, name) for what, name in names if name is not None)
        return FailedTurn(turn.user_id, turn.request, turn.said_at, self.found.point, places)


def failing_in_log(
    log: TurnLog, store: ArtifactStore, *, min_users: int = 3, failed: list[FailedTurn] | None = None
) -> dict[str, Any]:
    """Summarise the failures of a log, by the published model, or else by the bundled one.

    Args:
        log: The log.
        store: Its artifacts.
        min_users: Fewest people behind anything that is shown.
        failed: The turns that are counted are added to it, for who looks behind a count.
    """
    version = store.current_version(FailureModel.kind)
    model = store.load(FailureModel) if version else shipped_failures()
    made_by = version or "comes with the package, learned from simulated homes"
    read, asked = _read(last_sessions(log, _MOST_TURNS), model, adapt=not version)
    if failed is not None:
        failed.extend(one.failed for one in read if one.found.point != "correct")
    return {"model": made_by} | _summed(read, asked, min_users)


def point_of(turn: Turn) -> str | None:
    """Return the failure point that the truth of a turn names; None where nobody knows.

    A wrong rewrite counts as "nlu": what was heard was right, and was taken for something else.
    """
    truth = turn.truth
    if truth is None or truth.defect is None:
        return None
    if not truth.defect:
        return "correct"
    point = "nlu" if truth.failure_point == "rewrite" else truth.failure_point
    return point if point in FAILURES else None


def failing(given: Sequence[Session], model: FailureModel, *, min_users: int = 3, adapt: bool = True) -> dict[str, Any]:
    """Summarise the failures of some sessions.

    Args:
        given: Whole sessions.
        model: Says where a turn failed.
        min_users: Fewest people behind anything that is shown.
        adapt: Whether the model is first adapted to how often each stage fails in these sessions.
    """
    return _summed(*_read(given, model, adapt=adapt), min_users)


def _read(given: Sequence[Session], model: FailureModel, *, adapt: bool) -> tuple[list[_Read], FailureModel]:
    """Say of every turn where it failed, and by which model."""
    rows = failure_rows(given)
    asked = model.adapted(rows) if adapt else model
    turns = (turn for session in given for turn in session.turns)
    found = zip(turns, predict_failure_points(given, asked, rows=rows), rows, strict=True)
    return [_Read(turn, point, row) for turn, point, row in found], asked


def _summed(read: Sequence[_Read], asked: FailureModel, min_users: int) -> dict[str, Any]:
    wrong: defaultdict[str, list[_Read]] = defaultdict(list)
    for one in read:
        if one.found.point != "correct":
            wrong[one.found.point].append(one)
    points = [
        {
            "point": point,
            "turns": len(ones),
            "expected": float(sum(one.found.chances[point] for one in read)),
            "share": len(ones) / len(read),
            "people": _people(ones),
        }
        for point, ones in wrong.items()
        if _people(ones) >= min_users
    ]
    places = [row for point, ones in wrong.items() for row in _places(point, ones, read, asked, min_users)]
    return {
        "turns": len(read),
        "people": _people(read),
        "points": sorted(points, key=lambda row: -int(row["turns"])),
        "where": sorted(places, key=lambda row: -int(row["turns"])),
    }


def _people(ones: Iterable[_Read]) -> int:
    return len({one.turn.user_id for one in ones})


def _places(
    point: str, wrong: Sequence[_Read], read: Sequence[_Read], model: FailureModel, min_users: int
) -> list[dict[str, Any]]:
    """Count a failure point by each kind of place, most turns first."""
    found = []
    for what in WHERE:
        all_of = Counter(one.name(what) for one in read)
        groups: defaultdict[str, list[_Read]] = defaultdict(list)
        for one in wrong:
            name = one.name(what)
            if name is not None:
                groups[name].append(one)
        kept = [(name, ones) for name, ones in groups.items() if len(ones) >= _LEAST and _people(ones) >= min_users]
        for name, ones in sorted(kept, key=lambda group: (-len(group[1]), group[0]))[:_TOP]:
            here = [one for one in read if one.name(what) == name]
            found.append(
                {
                    "point": point,
                    "what": what,
                    "name": name,
                    "turns": len(ones),
                    "of": all_of[name],
                    "rate": len(ones) / all_of[name],
                    "people": _people(ones),
                    "since": _since(here, point),
                    "signals": _signals(ones, model),
                }
            )
    return found


def _since(here: Sequence[_Read], point: str) -> str | None:
    """Return the day from which on a place fails more than before; None where it always did."""
    days = np.array([one.day for one in here])
    bad = np.array([one.found.point == point for one in here], dtype=np.float64)
    best, since = _SUDDEN, None
    for day in sorted(set(days.tolist()))[1:]:
        late = days >= day
        before, after = bad[~late], bad[late]
        if min(len(before), len(after)) < _LEAST:
            continue
        rate = float(bad.mean())
        spread = np.sqrt(max(rate * (1 - rate), 1e-9) * (1 / len(before) + 1 / len(after)))
        jump = float((after.mean() - before.mean()) / spread)
        if jump > best:
            best, since = jump, day
    return since


def _signals(ones: Sequence[_Read], model: FailureModel) -> list[str]:
    """Return the signals that spoke in most of some turns, in words."""
    spoke: Counter[str] = Counter()
    for one in ones[:: max(1, len(ones) // _ASKED)][:_ASKED]:
        point = model.points.index(one.found.point)
        spoke.update(signal for signal, _ in model.why(one.row, point))
    return [SIGNALS.get(signal, signal) for signal, _ in sorted(spoke.items(), key=lambda one: (-one[1], one[0]))[:3]]


def tables_of_points(found: Mapping[str, Any]) -> list[Shown]:
    """Lay out the result of `failing_in_log` as tables of plain text: stages; then where, since when, at what cost."""
    if not found["points"]:
        return []
    text = (
        f"Where turns failed first, by {found['turns']:,} turns of {found['people']:,} people. The model that says so: "
    )
    stages = [
        [
            STAGES[row["point"]],
            f"{row['turns']:,}",
            f"{row['expected']:,.0f}",
            f"{row['share'] * 100:.1f} %",
            f"{row['people']:,}",
        ]
        for row in found["points"]
    ]
    head = ("stage", "turns", "expected", "share of turns", "people")
    tables: list[Shown] = [("Which stage fails", f"{text}{found.get('model', 'unknown')}.", head, stages, (1, 2, 3, 4))]
    places = [
        [
            STAGES[row["point"]],
            f"{row['what']} {row['name']}",
            f"{row['turns']:,} of {row['of']:,}",
            f"{row['people']:,}",
            row["since"] or "all along",
            "; ".join(row["signals"]),
        ]
        for row in found["where"][:_SHOWN]
    ]
    if places:
        names = ("stage", "where", "turns", "people", "since", "what told it")
        tables.append(("Where, since when, at whose cost", "Places with most failed turns.", names, places, (2, 3)))
    return tables
