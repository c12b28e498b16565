"""Turns as columns for the analyses: user, time, arm, rewrite, and whether the turn failed.

The caller names the source of defects: "truth" (known to a simulator or an annotation), "signals" (calibrated P(defect)
from people's reactions) or "verdict" (that probability against its threshold). Turns whose defect is unknown are kept
as NaN, and left out by the analyses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig
from uptake.experiments.coded import Coded, Joining, distinct_pairs
from uptake.feedback.columns import ASKED
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.feedback.turns_view import Marker
    from uptake.log.store import TurnLog
    from uptake.types import Turn

__all__ = [
    "COLUMNS",
    "DefectBy",
    "Outcomes",
    "outcomes_of_log",
    "outcomes_of_tables",
    "outcomes_of_turns",
]

DefectBy = Literal["signals", "verdict", "truth"]
"""Where the defect of a turn is taken from."""

DAY_US = 86_400_000_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """Columns of n turns, in no particular order."""

    user: Coded
    """Who said it."""
    home: Coded
    """Where they live; where that is unknown, the person."""
    said_at: Ints
    """(n,) int64: microseconds since 1970, UTC."""
    defect: Floats
    """(n,) float64 in [0, 1]; NaN where unknown."""
    arm: Coded
    """Arm of the experiment."""
    rewrite: Coded
    """Rewrite that fired, or would have fired in an arm without rewrites; unknown where none."""
    acted: Bools
    """(n,) bool: whether it was acted on, or asked about."""
    asked: Bools
    """(n,) bool: whether the assistant asked "did you mean …?" instead of acting."""
    propensity: Floats
    """(n,) float64 in (0, 1]: as logged."""
    domain: Coded
    """Domain of what was understood."""
    intent: Coded
    """Intent of what was understood."""
    version: Coded
    """Version of the artifact that the rewrite came from."""
    request: Coded
    """Normalised request."""
    target: Coded
    """Normalised text that was acted on instead."""
    confidence: Floats
    """(n,) float64 in [0, 1]: of the reading; NaN where unknown."""
    confirmed: Bools
    """(n,) bool: whether the user said yes to "did I get that right?"."""
    deeds: NDArray[np.int8]
    """(n,) int8: things that were done; 0 for what failed, and for talk about the assistant itself."""
    offered: NDArray[np.int8]
    """(n,) int8: 1 where something was offered unasked, 0 where that was withheld, -1 where there was nothing."""
    friction: Mapping[str, Bools] = field(default_factory=dict)
    """What showed that something was wrong: name -> (n,) bool."""

    def __len__(self) -> int:
        return len(self.said_at)

    @property
    def day(self) -> Ints:
        """(n,) int64: days since 1970, UTC."""
        return self.said_at // DAY_US

    @property
    def triggered(self) -> Bools:
        """(n,) bool: whether a rewrite fired or would have fired."""
        return self.rewrite.codes >= 0

    @property
    def known(self) -> Bools:
        """(n,) bool: whether it is known if the turn failed."""
        return ~np.isnan(self.defect)

    def where(self, rows: Any) -> Outcomes:
        """Return some of the turns, by mask or positions. If these are all turns, nothing is copied."""
        if rows.dtype == np.bool_ and rows.all():
            return self
        columns: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Coded):
                columns[each.name] = value.at(rows)
            elif isinstance(value, np.ndarray):
                columns[each.name] = value[rows]
            else:
                columns[each.name] = {name: column[rows] for name, column in value.items()}
        return Outcomes(**columns)

    def by_day(self) -> Iterator[tuple[int, Ints]]:
        """Yield each day that has turns (days since 1970), and the positions of its turns."""
        day = self.day
        order = np.argsort(day, kind="stable")
        day = day[order]
        firsts = np.flatnonzero(np.diff(day, prepend=day[:1] - 1))
        if len(firsts):
            yield from zip(day[firsts].tolist(), np.split(order, firsts[1:]), strict=True)

    def between(self, first: int | None = None, last: int | None = None) -> Outcomes:
        """Return the turns of some days (days since 1970, both included)."""
        kept = np.ones(len(self), dtype=bool)
        if first is not None:
            kept &= self.day >= first
        if last is not None:
            kept &= self.day <= last
        return self.where(kept)

    def arms_of_users(self) -> dict[str, set[str]]:
        """Return the arms of each user; users without any arm are left out."""
        rows = self.arm.codes >= 0
        users, arms = distinct_pairs(self.user.codes[rows], self.arm.codes[rows])
        found: dict[str, set[str]] = defaultdict(set)
        for user, arm in zip(users.tolist(), arms.tolist(), strict=True):
            found[self.user.names[user]].add(self.arm.names[arm])
        return dict(found)

    @classmethod
    def joined(cls, parts: Iterable[Outcomes]) -> Outcomes:
        """Concatenate the turns of several, releasing them one by one."""
        columns: dict[str, Any] = {}
        for part in parts:
            if len(part):
                _add(columns, part)
        if not columns:
            return _empty()
        friction = columns.pop("friction")
        whole = {name: _whole(columns, name) for name in list(columns)}
        turns = len(whole["said_at"])
        kept = [name for name in friction if sum(map(len, friction[name])) == turns]
        return cls(**whole, friction={name: _whole(friction, name) for name in kept})


def _add(columns: dict[str, Any], part: Outcomes) -> None:
    """Append a part to columns under construction."""
    for each in fields(part):
        value = getattr(part, each.name)
        if isinstance(value, Coded):
            columns.setdefault(each.name, Joining()).add(value)
        elif isinstance(value, np.ndarray):
            columns.setdefault(each.name, []).append(value)
        else:
            known = columns.setdefault(each.name, {name: [] for name in value})
            for name in known.keys() & value.keys():
                known[name].append(value[name])


def _whole(columns: dict[str, Any], name: str) -> Any:
    """Join one column, and release its parts."""
    parts = columns.pop(name)
    return parts.column() if isinstance(parts, Joining) else np.concatenate(parts)


def outcomes_of_log(log: TurnLog, *, defect: DefectBy = "signals") -> Outcomes:
    """Return the outcomes of a whole log; some hundred thousand turns are in memory at a time until they are columns.

    Args:
        log: The log.
        defect: Source of the defect of a turn.
    """
    snapshot = log.snapshot()
    return outcomes_of_tables(chain((part.table(list(COLUMNS)) for part in snapshot.parts), [snapshot.fresh]), defect)


def outcomes_of_turns(turns: Iterable[Turn], *, defect: DefectBy = "truth") -> Outcomes:
    """Return the outcomes of turns in memory; sessions are derived as for the log."""
    from uptake.log.rows import to_table
    from uptake.log.schema import PART_SCHEMA, complete
    from uptake.log.sessions import GAP_S, with_sessions

    table = complete(with_sessions(to_table(turns), gap_s=GAP_S), PART_SCHEMA)
    return outcomes_of_tables([table], defect)


COLUMNS = (
    "user_id", "said_at", "request", "session", "acted_on", "rewrite_id", "artifact_version", "arm", "propensity",
    "interpretation", "action", "status", "response", "barge_in_ms", "answer", "undone", "home_id", "truth_defect",
    "offer",
)  # fmt: skip
"""Columns of a log part that outcomes are made of."""
_TALK = r"^(?:dialogue|proactive|teaching|preferences)\."
_NEXT = "; "  # stands between two actions of a turn
_MOST_DEEDS = 100
_MARKED = ("request", "acted_on", "p_defect", "defect", "retried")


def outcomes_of_tables(
    tables: Iterable[pa.Table], defect: DefectBy = "signals", marker: Marker | None = None
) -> Outcomes:
    """Return the outcomes of rows of the log.

    Args:
        tables: Columns `COLUMNS` and any others; whole sessions.
        defect: Source of the defect of a turn.
        marker: Marks the turns, and caches their texts; None makes one.
    """
    if defect not in get_args(DefectBy):
        raise BadConfig(f"a defect is known by {', '.join(get_args(DefectBy))}, not by {defect}")
    from uptake.feedback.turns_view import Marker

    marks = (marker or Marker()) if defect != "truth" else None
    return Outcomes.joined(
        _columns(table.select(list(COLUMNS)).combine_chunks(), marks, defect) for table in tables if table.num_rows
    )


def _columns(table: pa.Table, marker: Any, defect: DefectBy) -> Outcomes:
    import pyarrow.compute as pc

    marked = marker.mark(table, _MARKED) if marker is not None else None
    reading = table.column("interpretation")
    if marked is None:
        failed = _floats(table.column("truth_defect"))
        request, target = _normal(table.column("request")), _normal(table.column("acted_on"))
    else:
        name = {"signals": "p_defect", "verdict": "defect"}[defect]
        failed = _floats(marked.column(name))
        request, target = _coded(marked.column("request")), _coded(marked.column("acted_on"))
    friction = {
        "barge-in": np.asarray(table.column("barge_in_ms").is_valid().to_numpy(), dtype=bool),
        "failed": _is(table.column("status"), "failed"),
        "unsupported": _is(table.column("status"), "unsupported"),
        "undone": np.asarray(pc.fill_null(table.column("undone"), False).to_numpy(), dtype=bool),
        "answered no": ~np.asarray(pc.fill_null(table.column("answer"), True).to_numpy(), dtype=bool),
    }
    if marked is not None:
        friction["said again"] = np.asarray(marked.column("retried").to_numpy(), dtype=bool)
    acted = np.asarray(table.column("acted_on").is_valid().to_numpy(), dtype=bool)
    return Outcomes(
        user=_coded(table.column("user_id")),
        home=_coded(pc.coalesce(*(pc.cast(table.column(name), "string") for name in ("home_id", "user_id")))),
        said_at=np.asarray(table.column("said_at").to_numpy(), dtype=np.int64),
        defect=failed,
        arm=_coded(table.column("arm")),
        rewrite=_coded(table.column("rewrite_id")),
        acted=acted,
        asked=acted & _is(table.column("action"), ASKED),
        propensity=np.asarray(table.column("propensity").to_numpy(), dtype=np.float64),
        domain=_coded(pc.struct_field(reading, "domain")),
        intent=_coded(pc.struct_field(reading, "intent")),
        version=_coded(table.column("artifact_version")),
        request=request,
        target=target,
        confidence=_floats(pc.struct_field(reading, "confidence")),
        confirmed=np.asarray(pc.fill_null(table.column("answer"), False).to_numpy(), dtype=bool),
        deeds=_deeds(table),
        offered=_numbers(pc.struct_field(table.column("offer"), "said"), missing=-1),
        friction=friction,
    )


def _deeds(table: Any) -> NDArray[np.int8]:
    """Count the actions of each turn; a routine that is run by its name does several."""
    import pyarrow.compute as pc

    action = table.column("action")
    talk = np.asarray(pc.fill_null(pc.match_substring_regex(action, _TALK), False).to_numpy(), dtype=bool)
    parts = pc.min_element_wise(pc.count_substring(action, _NEXT), _MOST_DEEDS - 1)
    done = (_numbers(parts, missing=0) + 1) * (_is(table.column("status"), "ok") & ~talk)
    return np.asarray(done, dtype=np.int8)


def _numbers(column: Any, *, missing: int) -> NDArray[np.int8]:
    import pyarrow as pa
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(pc.cast(column, pa.int8()), missing).to_numpy(), dtype=np.int8)


def _floats(column: Any) -> Floats:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = pc.cast(pc.cast(column, pa.int8()) if pa.types.is_boolean(column.type) else column, pa.float64())
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


def _is(column: Any, name: str) -> Bools:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(pc.equal(column, name), False).to_numpy(), dtype=bool)


def _coded(column: Any) -> Coded:
    import pyarrow.compute as pc

    if column.null_count == len(column):
        return Coded((), np.full(len(column), -1, dtype=np.int64))
    encoded = column.combine_chunks()
    encoded = encoded if hasattr(encoded.type, "index_type") else encoded.dictionary_encode()
    if hasattr(encoded, "combine_chunks"):
        encoded = encoded.combine_chunks()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return Coded(tuple(encoded.dictionary.to_pylist()), np.asarray(codes, dtype=np.int64))


def _normal(column: Any) -> Coded:
    """Return names as the log's readers write them."""
    raw = _coded(column)
    known: dict[str, int] = {}
    places = [known.setdefault(normalize(name), len(known)) for name in raw.names]
    return Coded(tuple(known), np.array([*places, -1], dtype=np.int64)[raw.codes])


def _empty() -> Outcomes:
    nobody, nothing = Coded((), np.zeros(0, dtype=np.int64)), np.zeros(0, dtype=np.float64)
    columns: dict[str, Any] = {"said_at": np.zeros(0, dtype=np.int64)}
    columns |= dict.fromkeys(("acted", "asked", "confirmed"), np.zeros(0, dtype=bool))
    columns |= dict.fromkeys(("defect", "propensity", "confidence"), nothing)
    columns |= dict.fromkeys(("deeds", "offered"), np.zeros(0, dtype=np.int8))
    names = ("user", "home", "arm", "rewrite", "domain", "intent", "version", "request", "target")
    return Outcomes(**(columns | dict.fromkeys(names, nobody)))
