"""Requests of a log whose meaning became known, by themselves or by what was said until it worked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KnownMeaning", "Marked"]

_FINE = 0.3  # probability of a defect up to which a turn counts as right
_COLUMNS = ("request", "state", "p_defect", "defect", "retried", "next_request", "control", "acted_on", "said_at")


@dataclass(frozen=True, slots=True)
class KnownMeaning:
    """A request whose meaning became known."""

    row: int
    meant: str
    """Key of the reading that was meant, or the text that worked where readings are unknown."""
    heard_right: bool
    weight: float = 1.0
    """Requests that it stands for."""
    shown: float = 1.0
    """Share, in (0, 1], of failures of its kind that show."""


class Marked:
    """Marked turns as plain columns."""

    def __init__(self, marked: pa.Table | None, turns: pa.Table) -> None:
        self.table = marked
        table, self._status = marked, turns.column("status").to_pylist()
        readings = turns.column("interpretation").to_pylist()
        self._sure = [reading["confidence"] or 0.0 if reading is not None else 0.0 for reading in readings]
        names = (*_COLUMNS, "session_id")
        self._of: dict[str, list[Any]] = {name: table.column(name).to_pylist() if table else [] for name in names}

    def moment(self, share: float) -> float:
        """Return the moment before which that share of the turns was said, in microseconds since 1970."""
        said = self._of["said_at"]
        return float(np.quantile(np.array(said), share)) if said else 0.0

    def known(self, since: float, trusted: float) -> list[KnownMeaning]:
        """Return requests from a moment on that the assistant was unsure of, and whose meaning became known."""
        found = []
        for row, said_at in enumerate(self._of["said_at"]):
            if said_at < since or not self._counts(row) or self._sure[row] >= trusted:
                continue
            last = self._last_try(row)
            if last is not None and self._went_well(last):
                meant = self._of["state"][last]
                found.append(KnownMeaning(row, meant, last == row or meant == self._of["state"][row]))
        weights = self._weights(found, since, trusted)
        return [
            replace(
                one,
                weight=weights[self._status[one.row], one.heard_right],
                shown=1.0 / max(weights.get((self._status[one.row], False), 1.0), 1.0),
            )
            for one in found
        ]

    def _weights(
        self, known: Sequence[KnownMeaning], since: float, trusted: float
    ) -> dict[tuple[str | None, bool], float]:
        """Weigh known meanings: (ending, whether it was right as heard) -> requests that one stands for."""
        expected: Counter[tuple[str | None, bool]] = Counter()
        for row, said_at in enumerate(self._of["said_at"]):
            if said_at >= since and self._counts(row) and self._sure[row] < trusted:
                failed = self._of["p_defect"][row]
                expected[self._status[row], False] += failed
                expected[self._status[row], True] += 1.0 - failed
        labelled = Counter((self._status[one.row], one.heard_right) for one in known)
        return {key: max(expected[key] / count, 1.0 if not key[1] else 0.0) for key, count in labelled.items()}

    def before(self, since: float) -> pa.Table:
        """Return rows before a moment."""
        import pyarrow as pa

        assert self.table is not None  # noqa: S101 - there are turns
        return self.table.filter(pa.array([said_at < since for said_at in self._of["said_at"]]))

    def _counts(self, row: int) -> bool:
        of = self._of
        return bool(of["request"][row]) and not of["control"][row] and of["acted_on"][row] is None

    def _went_well(self, row: int) -> bool:
        of = self._of
        return not of["defect"][row] and not of["retried"][row] and of["p_defect"][row] <= _FINE

    def _last_try(self, row: int) -> int | None:
        """Return the turn that said it last; None where it cannot be followed, or others' words were acted on."""
        of = self._of
        while of["retried"][row]:
            session, wanted = of["session_id"][row], of["next_request"][row]
            after = row + 1
            while after < len(of["request"]) and of["session_id"][after] == session and of["request"][after] != wanted:
                after += 1
            if after >= len(of["request"]) or of["session_id"][after] != session or of["acted_on"][after] is not None:
                return None
            row = after
        return row
