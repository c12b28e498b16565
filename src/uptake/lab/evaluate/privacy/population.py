"""Compose populations of any size from the counts of real or simulated sessions.

People are simulated: each is some sessions drawn from a corpus or a simulator. So a population of any size has the
texts of the source, and only the number of people who share a text grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.feedback.turns_view import mark
from uptake.log.rows import to_table
from uptake.privacy.cells import Cells, copies, noise, noised
from uptake.types import Turn

__all__ = ["Source", "statistics_of", "under"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Counts of one learner, in blocks that are drawn as a whole."""

    table: pa.Table
    """Statistics of the learner, ordered by block."""
    starts: Ints
    """(n + 1,) first row of each block."""

    @staticmethod
    def of(table: pa.Table, column: str, blocks: Sequence[str]) -> Source:
        """Make a source whose blocks are the rows with each value of a column.

        Args:
            table: Statistics of a learner.
            column: Its column that names the block.
            blocks: Names of the blocks, ascending; one may have no row.
        """
        ordered = table.sort_by([(column, "ascending")])
        names = np.array(ordered[column].to_pylist(), dtype=str)
        return Source(table=ordered, starts=np.searchsorted(names, [*blocks, "\U0010ffff"]).astype(np.int64))

    def people(self, drawn: Ints, *, homes: bool) -> pa.Table:
        """Statistics of a population.

        Args:
            drawn: (people, sessions) blocks of each person, or home.
            homes: Whether a row of `drawn` is a home, whose people keep their names within it; else it is one person.
        """
        blocks = drawn.ravel()
        sizes = self.starts[blocks + 1] - self.starts[blocks]
        first = np.repeat(self.starts[blocks] - np.r_[0, np.cumsum(sizes)[:-1]], sizes)
        rows = self.table.take(pa.array(first + np.arange(len(first))))
        owner = np.repeat(np.repeat(np.arange(len(drawn)), drawn.shape[1]), sizes)
        names = pa.array(owner).cast(pa.string())
        users = pc.binary_join_element_wise(names, rows["user_id"], "/") if homes else names
        homes_of = names if homes else pa.nulls(len(rows), pa.string())
        for name, column in (("user_id", users), ("home_id", homes_of)):
            rows = rows.set_column(rows.column_names.index(name), name, column)
        return rows


def statistics_of(engine: LocalEngine, learner: Any, turns: Sequence[Turn]) -> pa.Table:
    """Count turns, as a release would."""
    session = pa.array([turn.session_id for turn in turns], type=pa.string())
    marked = mark(to_table(turns).append_column("session", session))
    return engine.table(learner.statistics, turns=marked)


def under(engine: LocalEngine, cells: Cells, table: pa.Table, budget: Any, learners: int) -> EngineStatistics:
    """Return the statistics of a population under a budget: global counts are replaced by a release."""
    own = EngineStatistics(engine, table)
    if budget.epsilon is None:
        return own
    noisy = noise(budget.share(learners), keys=budget.keys, outcomes=len(cells.outcomes))
    shared = engine.table(cells.rows, released=copies(noised(own, cells, noisy)))
    return EngineStatistics(engine, table, shared)
