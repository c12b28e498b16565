"""Release global counts with differential privacy, and account for the cost in the state directory.

With `epsilon` in the table [privacy] of `uptake.toml`, learners see other users' counts only through a release that is
stored beside the log: noise is drawn once, costs budget once, and the release stands until the next one is due. Its
cost is written to the ledger, on disk, before noise is drawn; if the process is killed in between, the cost counts as
spent. Once the budget is spent, nothing more is released and the last release stands. A user's personal part is still
learned from the user's own turns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uptake import config as configuration
from uptake.catalogue import capabilities
from uptake.engine.local import EngineStatistics
from uptake.errors import MissingExtra, NotPrivate, StorageFailed
from uptake.log.disk import PRIVATE_DIRECTORY
from uptake.privacy.budget import ASSUMPTION, Budget, Cost
from uptake.privacy.cells import Cells, copies, noise, noised
from uptake.protocols import Engine, Learner
from uptake.store.durable import replace_text, replacing

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.capability import Capability

__all__ = ["DIRECTORY", "Entry", "Ledger", "Private", "may_learn", "releasable_names"]

DIRECTORY = "privacy"
_LEDGER = "ledger.json"
_DELETED = "it records the budget spent, so nothing more is released without it; restore it from a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One release of one learner's counts."""

    learner: str
    rho: float
    delta: float
    until: str
    """Last day of the log that was counted, as YYYY-MM-DD."""


@dataclass(frozen=True)
class Ledger:
    """Ledger of the costs of a state directory's releases.

    Args:
        path: The file; missing if nothing was released.
    """

    path: Path

    def entries(self) -> list[Entry]:
        """Return every release, the oldest first.

        Raises:
            StorageFailed: The file is damaged.
        """
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))["releases"]
            entries = [Entry(**row) for row in found]
            for one in entries:
                if not (one.rho > 0.0 and one.delta > 0.0 and date.fromisoformat(one.until)):
                    raise ValueError(one.learner)
        except FileNotFoundError:
            if any(self.path.parent.glob("*.parquet")):
                raise StorageFailed(f"{self.path}: missing, but something was released; {_DELETED}") from None
            return []
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StorageFailed(f"{self.path}: damaged; {_DELETED}") from error
        return entries

    def costs(self) -> list[Cost]:
        """Return the cost of each release."""
        return [Cost(one.rho, one.delta) for one in self.entries()]

    def spend(self, entry: Entry) -> int:
        """Record a cost; returns its number once it is on disk."""
        entries = [*self.entries(), entry]
        self.path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        replace_text(self.path, json.dumps({"releases": [asdict(one) for one in entries]}, indent=1) + "\n")
        return len(entries)


def releasable_names() -> list[str]:
    """Return the names of the capabilities with global counts that can be released with differential privacy."""
    return [one.name for one in capabilities() if _cells_of(one) is not None]


def may_learn(one: Capability, config: Mapping[str, dict[str, Any]]) -> None:
    """Raise if learning a capability would tell more of single users than the privacy bound allows.

    Raises:
        NotPrivate: [privacy] sets a bound, and the capability has no differentially private form.
    """
    budget = configuration.build(Budget, "privacy", config)
    if budget.epsilon is not None and one.pools and _cells_of(one) is None:
        raise NotPrivate(
            f"{one.name} is learned from many users and has no differentially private form; [privacy] epsilon allows "
            f"{', '.join(releasable_names())} and what is each user's own"
        )


class Private:
    """Source of other users' counts for the learners of one state directory.

    Args:
        directory: The state directory.
        config: Its configuration.
        engine: Engine that counts.
        spends: Whether a release may be made now; if not, the last one stands.
    """

    def __init__(
        self, directory: Path, config: Mapping[str, dict[str, Any]], engine: Engine, *, spends: bool = True
    ) -> None:
        self._directory, self._engine, self._spends = directory / DIRECTORY, engine, spends
        self.budget = configuration.build(Budget, "privacy", config)
        self.ledger = Ledger(self._directory / _LEDGER)
        self.notes: list[str] = []

    @property
    def on(self) -> bool:
        """Tell whether releases are differentially private here."""
        return self.budget.epsilon is not None

    def statistics(self, learner: Learner, relation: Any, until: date) -> EngineStatistics:
        """Return a learner's statistics, with the global counts replaced by a release.

        Args:
            learner: The learner.
            relation: The learner's counts, by user.
            until: Last day of the log.

        Raises:
            MissingExtra: OpenDP is not installed.
            StorageFailed: The ledger or a release is damaged, or the disk refused; nothing was released.
        """
        own = EngineStatistics(self._engine, relation)
        cells = getattr(learner, "cells", None)
        if not self.on or not isinstance(cells, Cells):
            return own
        kept = self._kept(learner.name)
        if self._spends and (kept is None or (until - kept[1]).days >= self.budget.every_days):
            kept = self._release(learner.name, own, cells, until) or kept
        rows = copies(kept[0]) if kept is not None else _nothing(cells)
        return EngineStatistics(self._engine, relation, self._engine.table(cells.rows, released=rows))

    def spent(self) -> dict[str, Any]:
        """Return a sentence on how much of the budget is spent."""
        costs, each = self.ledger.costs(), self.budget.share(len(releasable_names()))
        left = 0
        while self.budget.allows(costs + [each] * left, each) and left < self.budget.releases * len(releasable_names()):
            left += 1
        return {
            "epsilon": self.budget.epsilon,
            "delta": self.budget.delta,
            "epsilon_spent": self.budget.epsilon_spent(costs),
            "releases": len(costs),
            "releases_left": left,
            "assumption": ASSUMPTION,
        }

    def _release(self, name: str, own: EngineStatistics, cells: Cells, until: date) -> tuple[pa.Table, date] | None:
        """Record the cost, draw noise and store the release; None if the budget is spent."""
        from pyarrow import parquet

        cost = self.budget.share(len(releasable_names()))
        if not self.budget.allows(self.ledger.costs(), cost):
            self.notes.append(
                f"{name}: the privacy budget (epsilon {self.budget.epsilon:g}) is spent, so nothing more is released: "
                "the last release stays in use; personal rewrites and habits are still learned"
            )
            return None
        noisy = noise(cost, keys=self.budget.keys, outcomes=len(cells.outcomes))
        number = self.ledger.spend(Entry(learner=name, rho=cost.rho, delta=cost.delta, until=until.isoformat()))
        table = noised(own, cells, noisy).replace_schema_metadata({"number": str(number), "until": until.isoformat()})
        with replacing(self._directory / f"{name}.parquet") as beside:
            parquet.write_table(table, beside, compression="zstd")
        self.notes.append(
            f"{name}: released with differential privacy, {table.num_rows:,} counts, noise of {noisy.scale:.1f} users, "
            f"texts from {noisy.threshold} users on; epsilon {self.budget.epsilon_spent(self.ledger.costs()):.2f} of "
            f"{self.budget.epsilon:g} spent at delta {self.budget.delta:g} ({ASSUMPTION})"
        )
        return table, until

    def _kept(self, name: str) -> tuple[pa.Table, date] | None:
        """Return the last release of a learner, and the last day that it counted."""
        import pyarrow as pa
        from pyarrow import parquet

        path = self._directory / f"{name}.parquet"
        entries = self.ledger.entries()
        try:
            table = parquet.read_table(path)
            until = date.fromisoformat(table.schema.metadata[b"until"].decode())
            number = int(table.schema.metadata[b"number"])
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
            raise StorageFailed(f"{path}: damaged; restore it from a copy, or remove it to pay for another") from error
        if number > len(entries) or entries[number - 1].learner != name:
            raise StorageFailed(f"{self.ledger.path}: lacks a release that was made; {_DELETED}")
        return table, until


def _nothing(cells: Cells) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.string()) for name in ("user_id", *cells.subject, "outcome")})


def _cells_of(one: Capability) -> Cells | None:
    if one.learner is None:
        return None
    try:
        found = getattr(one.learner_class(), "cells", None)
    except MissingExtra:
        return None
    return found if isinstance(found, Cells) else None
