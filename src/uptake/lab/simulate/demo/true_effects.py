"""Measure the true effects of a demo's rewrites, by the truth stored beside its turns.

A win is a turn that was rewritten, would have failed as it was heard, and did not; a loss is the reverse. Both are
known, because the simulator gives the same request to the assistant without the rewrite. Figures over all traffic come
from the two arms only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uptake.experiments.assignment import Experiment
from uptake.experiments.compare import Analysis, analyse, rates_by_day
from uptake.experiments.outcomes import outcomes_of_log
from uptake.experiments.rates import Rate
from uptake.experiments.registry import Started
from uptake.experiments.standing import window
from uptake.experiments.winloss import WinLoss, of_pairs
from uptake.experiments.withdrawn import read_withdrawn
from uptake.feedback.columns import ASKED
from uptake.lab.simulate.demo.harmful_rewrites import kept
from uptake.log.store import TurnLog
from uptake.release.state import State
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.store.store import ArtifactStore
from uptake.text.normalize import normalize

__all__ = ["LAYERS", "Accounts", "Findings", "Learned", "Moment", "Withdrawals", "find"]

ARMS = ("control", "treatment")
LAYERS = ("table", "personal", "listed", "recalled")
"""Kinds of rewrites: of the table for everybody; of its personal rows; to a text further down the recogniser's list; to
another text that had worked before, found by likeness."""
_JUDGED = 8  # turns of the treatment in which the request of a planted rewrite was heard
_COLUMNS = (
    "turn_id", "user_id", "said_at", "session", "request", "acted_on", "rewrite_id", "arm", "response", "action",
    "status", "alternatives",
    "interpretation", "truth_request", "truth_interpretation", "truth_defect", "truth_defect_as_heard",
)  # fmt: skip
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_US = 86_400_000_000

Row = dict[str, Any]


class Learned(NamedTuple):
    """Rewrite with its evidence and its outcome."""

    rewrite: Rewrite
    wins: int
    losses: int


class Moment(NamedTuple):
    """Example turn."""

    day: int
    """From 0."""
    said: str
    heard: str
    acted_on: str | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawals:
    """Results of withdrawal, by the truth."""

    watched: int
    """Rewrites that were acted on, or asked about, at all."""
    withdrawn: int
    """Rewrites that were withdrawn."""
    paused: int
    """Rewrites that are paused at the end."""
    asked: int
    """Turns in which somebody was asked "did you mean …?"."""
    harmless: int
    """Rewrites that were watched and did not spoil more turns than they saved."""
    harmless_withdrawn: int
    """Those of them that were withdrawn, or are paused at the end, all the same."""
    useful: int
    """Rewrites that were watched and saved more turns than they spoiled: a harmless one may have saved none."""
    useful_withdrawn: int
    """Those of them that were withdrawn, or are paused at the end."""
    planted: int
    """Harmful rewrites that were planted."""
    planted_exposed: int
    """Those of them whose request was heard often enough to be judged: in 8 turns of the treatment."""
    planted_withdrawn: int
    """Those of them that a gate refused, that were withdrawn, or that are paused at the end."""
    planted_refused: int
    """Those of them that a gate refused before anybody met them."""
    deeds: tuple[int, ...]
    """Turns in which each that is judged was acted on unasked."""

    @property
    def planted_turns(self) -> float | None:
        """Unasked deeds of the median planted rewrite; None where none is judged."""
        return float(np.median(self.deeds)) if self.deeds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Rewritten turns that are neither won nor lost, and questions."""

    right: int
    """Turns that would have gone well and did."""
    failed: int
    """Turns that would have failed and did, without anything being done."""
    wrong: int
    """Turns that would have failed and did, and in which something was done that nobody wanted."""
    asked: int
    """Rewritten turns, of whatever outcome, in which the assistant asked before it did anything."""

    @property
    def neutral(self) -> int:
        """All turns that are neither won nor lost."""
        return self.right + self.failed + self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """True effects of the rewrites."""

    analysis: Analysis
    """Treatment against control, over all traffic."""
    triggered: Analysis | None
    """The same where a rewrite fired or would have; None where too few people met one."""
    by_day: Mapping[str, Mapping[str, Rate]]
    """Arm -> date -> defect rate; "before" for the days before anything was learned."""
    win_loss: WinLoss
    """Of all rewritten turns of the treatment."""
    by_layer: Mapping[str, tuple[int, int]]
    """Kind of rewrite -> (wins, losses): see `LAYERS`."""
    accounts: Accounts
    """What became of the rewritten turns that were neither won nor lost."""
    rewritten: int
    """Turns that were rewritten."""
    addressed: float
    """Share, in [0, 1], of the treatment's turns that would have failed as heard that a rewrite saved."""
    touched: float
    """Share of them in which a rewrite fired."""
    ceiling: float
    """Share of the control's defects whose wish had worked before, in some wording, for somebody: what text to text
    rewriting could repair at most, were it told what is meant."""
    withdrawals: Withdrawals
    learned: tuple[Learned, ...]
    """Rewrites that saved most."""
    before: Moment | None
    """A request that failed, before."""
    after: Moment | None
    """The same one, rewritten."""


def find(log: TurnLog, directory: Path, started: Started, *, start: date) -> Findings:
    """Measure the effects in a demo's log.

    Args:
        log: Its log.
        directory: The state directory.
        started: Who was in which arm, and when.
        start: The first day of the town.

    Raises:
        NotReady: An arm has too few users.
        BadRecord: The arms in the log are not the experiment's.
    """
    outcomes = outcomes_of_log(log, defect="truth")
    past, during = window(outcomes, started)
    rows = _rows(log)
    treated = [row for row in rows if row["arm"] == ARMS[1]]
    acted = [row for row in treated if row["acted_on"] is not None and row["truth_defect_as_heard"] is not None]
    won = [bool(row["truth_defect_as_heard"]) for row in acted]
    lost = [bool(row["truth_defect"]) for row in acted]
    win_loss = of_pairs(won, lost, [row["user_id"] for row in acted])
    would = sum(_as_heard(row) for row in treated)
    tables = _tables(directory)
    score = _score(acted)
    moments = _moments(rows, acted, tables, start.toordinal() - _EPOCH)
    return Findings(
        analysis=analyse(during, experiment=started.experiment, before=past if len(past) else None),
        triggered=_triggered(during, started.experiment),
        by_day={"before": rates_by_day(past)} | {arm: rates_by_day(during, arm) for arm in ARMS},
        win_loss=win_loss,
        by_layer=_by_layer(acted, tables),
        accounts=_accounts(acted),
        rewritten=len(acted),
        addressed=win_loss.wins / max(would, 1),
        touched=sum(won) / max(would, 1),
        ceiling=_ceiling(rows),
        withdrawals=_withdrawals(directory, score, rows),
        learned=_learned(score, tables),
        before=moments[0],
        after=moments[1],
    )


def _triggered(during: Any, experiment: Experiment) -> Analysis | None:
    from uptake.errors import NotReady

    try:
        return analyse(during, experiment=experiment, scope="triggered")
    except NotReady:
        return None


def _rows(log: TurnLog) -> list[Row]:
    """Return turns as plain rows, in time order."""
    snapshot = log.snapshot()
    tables = [*(part.table(list(_COLUMNS)) for part in snapshot.parts), snapshot.fresh.select(list(_COLUMNS))]
    table = pa.concat_tables(tables).sort_by([("said_at", "ascending"), ("turn_id", "ascending")])
    columns = {name: table.column(name) for name in _COLUMNS}
    for name in ("interpretation", "truth_interpretation"):
        columns[name] = pc.struct_field(columns[name], "intent")
    slots = table.column("truth_interpretation")
    found: list[Row] = pa.table(columns).to_pylist()
    for row, meant in zip(found, slots.to_pylist(), strict=True):
        row["meant"] = None if meant is None else (meant["intent"], str(meant["slots"]))
    return found


def _as_heard(row: Row) -> bool:
    """Tell whether a turn would have failed without rewrites."""
    heard = row["truth_defect_as_heard"]
    return bool(row["truth_defect"] if heard is None else heard)


def _score(acted: Iterable[Row]) -> dict[str, Counter[str]]:
    """Return rewrite_id -> turns, those of them in which it was asked about, wins, losses."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in acted:
        one = found[row["rewrite_id"]]
        one["turns"] += 1
        one["asked"] += row["action"] == ASKED
        one["wins"] += row["truth_defect_as_heard"] and not row["truth_defect"]
        one["losses"] += row["truth_defect"] and not row["truth_defect_as_heard"]
    return found


def _tables(directory: Path) -> dict[str, Rewrite]:
    """Return every rewrite that was ever published, by id."""
    store = ArtifactStore(directory / "artifacts")
    return {
        row.rewrite_id: row
        for version in store.versions(RewriteTable.kind)
        for row in store.load(RewriteTable, version).rows()
    }


def _by_layer(acted: Iterable[Row], tables: Mapping[str, Rewrite]) -> dict[str, tuple[int, int]]:
    found = {name: [0, 0] for name in LAYERS}
    for row in acted:
        won, lost = _as_heard(row) and not row["truth_defect"], row["truth_defect"] and not _as_heard(row)
        layer = found[_layer(row, tables.get(row["rewrite_id"]))]
        layer[0] += won
        layer[1] += lost
    return {name: (wins, losses) for name, (wins, losses) in found.items()}


def _layer(row: Row, known: Rewrite | None) -> str:
    if known is not None:
        return "personal" if known.user_id else "table"
    below = {normalize(one["text"]) for one in (row["alternatives"] or ())[1:]}
    return "listed" if normalize(row["acted_on"]) in below else "recalled"


def _accounts(acted: Iterable[Row]) -> Accounts:
    right = failed = wrong = asked = 0
    for row in acted:
        asked += row["status"] is None
        if bool(row["truth_defect"]) == _as_heard(row):
            right += not row["truth_defect"]
            wrong += bool(row["truth_defect"]) and row["status"] == "ok"
            failed += bool(row["truth_defect"]) and row["status"] != "ok"
    return Accounts(right=right, failed=failed, wrong=wrong, asked=asked)


def _ceiling(rows: Iterable[Row]) -> float:
    """Return the share of the control's defects whose wish had worked for somebody before."""
    worked: set[Any] = set()
    found = total = 0
    for row in rows:
        if row["arm"] in ("control", "holdout") and row["truth_defect"]:
            total += 1
            found += row["meant"] in worked
        if row["meant"] is not None and not row["truth_defect"]:
            worked.add(row["meant"])
    return found / max(total, 1)


def _withdrawals(directory: Path, score: Mapping[str, Counter[str]], rows: Iterable[Row]) -> Withdrawals:
    state = State(directory)
    paused = {name for name, one in state.canaries.read().by_name.items() if one.state == "paused"}
    gone = {row["rewrite_id"] for row in read_withdrawn(state.withdrawn)}
    sown = {row.rewrite_id: row for row in kept(directory)}
    heard = Counter(normalize(row["request"]) for row in rows if row["arm"] == ARMS[1])
    exposed = {name for name, row in sown.items() if heard[row.request] >= _JUDGED}
    served = _tables(directory)
    refused = exposed - set(served)
    harmless = {name for name, counts in score.items() if counts["wins"] >= counts["losses"] and name not in sown}
    useful = {name for name in harmless if score[name]["wins"] > score[name]["losses"]}
    return Withdrawals(
        watched=len(score),
        withdrawn=len(gone),
        paused=len(paused),
        asked=sum(counts["asked"] for counts in score.values()),
        harmless=len(harmless),
        harmless_withdrawn=len(harmless & (gone | paused)),
        useful=len(useful),
        useful_withdrawn=len(useful & (gone | paused)),
        planted=len(sown),
        planted_exposed=len(exposed),
        planted_withdrawn=len(exposed & (gone | paused | refused)),
        planted_refused=len(refused),
        deeds=tuple(score[name]["turns"] - score[name]["asked"] if name in score else 0 for name in sorted(exposed)),
    )


def _learned(score: Mapping[str, Counter[str]], tables: Mapping[str, Rewrite]) -> tuple[Learned, ...]:
    """Return rewrites for everybody, those that saved most first, then those with most users."""
    shared = [row for row in tables.values() if row.user_id is None]
    counts = {row.rewrite_id: score.get(row.rewrite_id, Counter[str]()) for row in shared}
    shared.sort(key=lambda row: (-counts[row.rewrite_id]["wins"], -row.evidence.users, row.request))
    return tuple(Learned(row, counts[row.rewrite_id]["wins"], counts[row.rewrite_id]["losses"]) for row in shared[:6])


def _moments(
    rows: list[Row], acted: list[Row], tables: Mapping[str, Rewrite], first: int
) -> tuple[Moment | None, Moment | None]:
    """Pair a request that failed before anything was learned with the same one later, the commonest first."""
    saved = [row for row in acted if row["truth_defect_as_heard"] and not row["truth_defect"] and row["response"]]
    plain = [row for row in saved if row["acted_on"] == row["truth_request"]] or saved
    shared = [row for row in plain if row["rewrite_id"] in tables] or plain
    order = Counter(normalize(row["request"]) for row in shared)
    failed = {normalize(row["request"]): row for row in reversed(rows) if row["arm"] is None and row["truth_defect"]}
    for text, _ in sorted(order.items(), key=lambda pair: (-len(pair[0].split()) > -3, -pair[1], pair[0])):
        if text in failed:
            after = next(row for row in shared if normalize(row["request"]) == text)
            return _moment(failed[text], first), _moment(after, first)
    return None, None


def _moment(row: Row, first: int) -> Moment:
    return Moment(
        day=int(row["said_at"] // _DAY_US) - first,
        said=row["truth_request"] or "",
        heard=row["request"],
        acted_on=row["acted_on"],
        answer=row["response"] or "",
    )
