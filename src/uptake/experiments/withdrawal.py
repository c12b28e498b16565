"""Withdraw a rewrite that hurts, by itself, soon, and hardly ever by mistake.

Each rewrite is watched by a bet that grows when it fails its users more than leaving the request alone does, and
that nobody can grow otherwise. Two such bets share the stake (one has all of it where the other cannot be made); the
rewrite is withdrawn when what they hold together reaches 1/alpha, which for a harmless rewrite happens ever with
probability at most alpha (Ville).

1. Against the control. A user's first exposure to the rewrite is acted on with a known probability p (the arm's),
   else only logged. With defect Y in [0, 1] and a centre c that was fixed before, the stake is multiplied by
   1 + k m (Y - c) / p where it was acted on and by 1 - k m (Y - c) / (1 - p) where it was not; m keeps both above 0.
   If the rewrite makes nothing worse, the expected factor is at most 1, whatever the rates are and however they move.
2. Against the promise it was published with: success at most `success_before` if left alone. The stake is multiplied by
   1 + k (Y - q) / max(q, 1/2), q = 1 - success_before. If the rewrite fails at most that often, the expected factor is
   at most 1. Needs no control, so it also watches a user's own rewrites and releases without an experiment.

The stake is spread evenly over several k, so nothing has to be tuned. A quarter of it is kept back and joins bit by
bit, so that a rewrite that was good for long and then begins to hurt is noticed, too.

Source: betting as in Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS-B 2024);
the two-sample form follows Turner, Ly and Grünwald, "Generic E-variables for exact sequential k-sample tests" (2024);
posteriors of the rate with and without, as in "Self-Aware Feedback-Based Self-Learning" (arXiv:2205.00029).
Limit: the bet against the control counts each user once (a user who comes back says nothing new about other
people); the one against the promise counts a user's first `per_user` exposures, all of them for the user's own
rewrite. What the defect signals do not see cannot withdraw anything.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.errors import BadConfig, BadRecord
from uptake.experiments.exposures import Exposure, Promise
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.overrides import Override
from uptake.store.durable import locked, replace_text

__all__ = ["Posterior", "Watch", "Withdrawal", "forget_withdrawn", "read_withdrawn"]

Floats = NDArray[np.float64]

_BETS: Floats = np.array([0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95])
"""Shares k of the largest bet that can never lose all."""
_LATER = 0.25
"""Share of a stake that is kept back: 1/(n (n + 1)) of it joins the n-th bet."""
_MOST = 1e200


class Posterior(NamedTuple):
    """What is believed of one rewrite: Beta(1 + defects, 1 + successes) with it and without it."""

    rewrite_id: str
    exposures: int
    """Turns in which it fired or would have."""
    defects_with: float
    """Defects of turns in which it was acted on."""
    successes_with: float
    defects_without: float
    """Defects of turns in which it was only logged."""
    successes_without: float
    mean_with: float
    """Posterior mean of the defect rate with it."""
    mean_without: float
    chance_harmful: float
    """Probability, in [0, 1], that it fails more often than leaving the request alone."""
    evidence: float
    """What the bets hold together: 1/alpha withdraws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A rewrite that was withdrawn, in counts."""

    rewrite_id: str
    """The rewrite."""
    exposures: int
    """Turns in which it had been acted on until then."""
    users: int
    """Users who had been exposed until then, in any arm."""
    defect_with: float
    """Share of defects with it, until then; NaN without exposures."""
    defect_without: float
    """Share of defects without it; NaN where nobody was in a control."""
    evidence: float
    """What the bets held."""
    reason: str
    """One sentence, in counts."""
    request: str | None = None
    """Normalised request, where known."""
    user_id: str | None = None
    """Whose rewrite it was; None for everybody's."""
    acted_on: str | None = None
    """Normalised text that was acted on, where known."""

    def override(self) -> Override | None:
        """A block of the meaning, whatever wording or step; of the request where that alone is known."""
        if self.request is None or self.acted_on is None:
            return None if self.request is None else Override(self.request, None, self.user_id)
        heard, meant = meaning_of(self.request, self.acted_on)
        return Override(heard, None, self.user_id, meant)


class _Record:
    """What is known of one rewrite."""

    def __init__(self) -> None:
        self.counts = np.zeros((2, 2))  # [without, with] x [successes, defects]
        self.users: dict[str, int] = {}
        self.control: Floats = np.full(len(_BETS), (1.0 - _LATER) / len(_BETS))
        self.promise: Floats = self.control
        self.bets = [0, 0]  # how often each was made
        self.centre = [0.5, 1.0]  # sum of defects and turns behind the centre
        self.stake = 1.0  # share of it that is bet against the control, settled by the first exposure
        self.acted = 0
        self.acted_on: str | None = None
        self.seen = 0

    @property
    def evidence(self) -> float:
        return self.stake * float(self.control.sum()) + (1.0 - self.stake) * float(self.promise.sum())


class Watch:
    """Watches every rewrite turn by turn, and says at once when one must go.

    >>> watch = Watch()
    >>> bad = [Exposure("r1", f"u{at}", at % 2 == 0, defect=float(at % 2 == 0), propensity=0.5) for at in range(40)]
    >>> withdrawn = watch.extend(bad)
    >>> [(one.rewrite_id, one.exposures) for one in withdrawn]
    [('r1', 4)]

    Args:
        promises: rewrite_id -> what it was published with; without one only the control speaks.
        alpha: Probability, in (0, 1), of ever withdrawing a rewrite that hurts nobody.
        per_user: How many exposures of one user count against the promise of everybody's rewrite.
        min_exposures: Fewest turns acted on before anything is withdrawn.
    """

    def __init__(
        self,
        promises: Mapping[str, Promise] | None = None,
        *,
        alpha: float = 0.05,
        per_user: int = 2,
        min_exposures: int = 3,
    ) -> None:
        if not 0.0 < alpha < 1.0 or per_user < 1 or min_exposures < 1:
            raise BadConfig("alpha must be in (0, 1), per_user and min_exposures at least 1")
        self.promises = dict(promises or {})
        self.alpha, self.per_user, self.min_exposures = alpha, per_user, min_exposures
        self._records: dict[str, _Record] = {}
        self._withdrawn: dict[str, Withdrawal] = {}

    @property
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """All that was withdrawn, oldest first."""
        return tuple(self._withdrawn.values())

    def add(self, exposure: Exposure) -> Withdrawal | None:
        """Take one exposure in; returns the withdrawal where this one settles it.

        Raises:
            BadRecord: A number is out of its range.
        """
        if not (0.0 <= exposure.defect <= 1.0 and 0.0 < exposure.propensity <= 1.0):
            raise BadRecord("defect must be in [0, 1] and propensity in (0, 1]", field="exposure")
        promise = self.promises.get(exposure.rewrite_id)
        record = self._records.get(exposure.rewrite_id)
        if record is None:
            record = self._records[exposure.rewrite_id] = _Record()
            shared = promise is not None and promise.user_id is None and exposure.propensity < 1.0
            record.stake = 1.0 if promise is None else 0.5 if shared else 0.0
        times = record.users.get(exposure.user_id, 0)
        record.users[exposure.user_id] = times + 1
        record.seen += 1
        record.acted += exposure.acted
        record.acted_on = exposure.acted_on or record.acted_on
        record.counts[int(exposure.acted)] += (1.0 - exposure.defect, exposure.defect)
        if times == 0 and exposure.propensity < 1.0:
            _bet_against_control(record, exposure)
        own = promise is not None and promise.user_id is not None
        if exposure.acted and promise is not None and (own or times < self.per_user):
            _bet_against_promise(record, exposure.defect, promise)
        if exposure.rewrite_id in self._withdrawn or record.acted < self.min_exposures:
            return None
        if record.evidence * self.alpha < 1.0:
            return None
        found = self._withdraw(exposure, record, promise)
        self._withdrawn[exposure.rewrite_id] = found
        return found

    def extend(self, exposures: Iterable[Exposure]) -> list[Withdrawal]:
        """Take exposures in, in the order in which they happened; returns what was withdrawn on the way."""
        return [found for exposure in exposures if (found := self.add(exposure)) is not None]

    def posteriors(self) -> list[Posterior]:
        """What is believed of every rewrite, the most harmful first."""
        from uptake.ml.bounds import chance_better

        if not self._records:
            return []
        counts = np.stack([record.counts for record in self._records.values()])
        worse = chance_better(counts[:, 1, 1], counts[:, 1, 0], counts[:, 0, 1], counts[:, 0, 0])
        means = (1.0 + counts[:, :, 1]) / (2.0 + counts.sum(axis=2))
        rows = [
            Posterior(
                rewrite_id=name,
                exposures=record.seen,
                defects_with=float(count[1, 1]),
                successes_with=float(count[1, 0]),
                defects_without=float(count[0, 1]),
                successes_without=float(count[0, 0]),
                mean_with=float(mean[1]),
                mean_without=float(mean[0]),
                chance_harmful=float(chance),
                evidence=record.evidence,
            )
            for (name, record), count, mean, chance in zip(self._records.items(), counts, means, worse, strict=True)
        ]
        return sorted(rows, key=lambda row: (-row.evidence, row.rewrite_id))

    def overrides(self) -> list[Override]:
        """Blocks of the requests of all that was withdrawn, for `OverridesFile.put`."""
        return [block for one in self.withdrawn if (block := one.override()) is not None]

    def to_json(self) -> list[dict[str, Any]]:
        """What was withdrawn, as JSON values; of a user's own rewrite neither the words nor the user."""
        rows = []
        for one in self.withdrawn:
            row = asdict(one)
            if one.user_id is not None:
                row |= {"request": None, "user_id": None, "acted_on": None}
            numbers = (name for name, value in row.items() if isinstance(value, float) and not np.isfinite(value))
            rows.append(row | dict.fromkeys(numbers))
        return rows

    def save(self, path: Path, *, at: datetime | None = None) -> None:
        """Add what was withdrawn to a file; what stands there already stays.

        Args:
            path: The file.
            at: When it was withdrawn; None where nobody needs to know.

        Raises:
            BadRecord: The file is not what this writes.
            StorageFailed: The disk refused.
        """
        with locked(path.with_name(f".{path.name}.lock")):
            rows = {row["rewrite_id"]: row for row in read_withdrawn(path)}
            when = {"at": at.isoformat(timespec="seconds")} if at is not None else {}
            rows |= {row["rewrite_id"]: row | when for row in self.to_json() if row["rewrite_id"] not in rows}
            replace_text(path, json.dumps(list(rows.values()), indent=1, ensure_ascii=False) + "\n")

    def _withdraw(self, exposure: Exposure, record: _Record, promise: Promise | None) -> Withdrawal:
        without, with_ = record.counts
        rates = [float(one[1] / one.sum()) if one.sum() else float("nan") for one in (without, with_)]
        reason = f"failed {rates[1]:.0%} of {record.acted} turns with it"
        if without.sum():
            reason += f", {rates[0]:.0%} of {int(without.sum())} without"
        if promise is not None:
            reason += f"; was published for failing at least {1 - promise.success_before:.0%} without"
        return Withdrawal(
            rewrite_id=exposure.rewrite_id,
            exposures=record.acted,
            users=len(record.users),
            defect_with=rates[1],
            defect_without=rates[0],
            evidence=record.evidence,
            reason=reason,
            request=promise.request if promise is not None else exposure.request,
            user_id=promise.user_id if promise is not None else None,
            acted_on=record.acted_on,
        )


def forget_withdrawn(path: Path, own: Collection[str]) -> None:
    """Take the words out of what was withdrawn for one user alone; that it was withdrawn stays.

    Args:
        path: The file that `Watch.save` writes.
        own: Identifiers of the rewrites.

    Raises:
        BadRecord: The file is not what `Watch.save` writes.
        StorageFailed: The disk refused.
    """
    if not path.exists():
        return
    with locked(path.with_name(f".{path.name}.lock")):
        rows = read_withdrawn(path)
        cleared = [
            row | {"request": None, "user_id": None, "acted_on": None} if row["rewrite_id"] in own else row
            for row in rows
        ]
        if cleared != rows:
            replace_text(path, json.dumps(cleared, indent=1, ensure_ascii=False) + "\n")


def read_withdrawn(path: Path) -> list[dict[str, Any]]:
    """What `Watch.save` wrote; nothing where there is no such file."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise BadRecord(f"cannot be read as JSON ({type(error).__name__})", file=str(path)) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "rewrite_id" in row for row in rows):
        raise BadRecord("must be a list of objects with a rewrite_id", file=str(path))
    return rows


def _bet_against_control(record: _Record, exposure: Exposure) -> None:
    """Multiply the stakes by a factor whose expectation is at most 1 where the rewrite makes nothing worse."""
    acted = exposure.propensity if exposure.acted else 1.0 - exposure.propensity
    centre = record.centre[0] / record.centre[1]
    gap = exposure.defect - centre
    reach = min(acted, 1.0 - acted) / max(centre, 1.0 - centre)
    factor = gap / acted if exposure.acted else -gap / (1.0 - acted)
    record.control = _grown(record.control, record.bets[0], reach * factor)
    record.bets[0] += 1
    record.centre[0] += exposure.defect
    record.centre[1] += 1.0


def _bet_against_promise(record: _Record, defect: float, promise: Promise) -> None:
    """Multiply the stakes by a factor whose expectation is at most 1 where the promise is kept."""
    kept = min(max(1.0 - promise.success_before, 0.05), 1.0)
    record.promise = _grown(record.promise, record.bets[1], (defect - kept) / max(kept, 0.5))
    record.bets[1] += 1


def _grown(stakes: Floats, bets: int, factor: float) -> Floats:
    """The stakes after one more bet, with what was kept back for this moment."""
    held = stakes + _LATER / ((bets + 1.0) * (bets + 2.0)) / len(_BETS)
    return np.minimum(held * (1.0 + _BETS * factor), _MOST)
