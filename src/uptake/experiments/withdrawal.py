"""Watch rewrites and withdraw those that do harm, with a bounded probability of a false withdrawal.

Each rewrite is watched by bets (`uptake.experiments.bets`) that grow when it fails its users more than leaving the
request alone does, and cannot be expected to grow otherwise. Two bets share the stake (one has all of it if the other
is impossible). For a harmless rewrite, their sum ever reaches 1/alpha with probability at most alpha.

1. Against the control. A user's first exposure to the rewrite is acted on with a known probability p (the arm's),
   else only logged. With defect Y in [0, 1] and a centre c that was fixed before, the stake is multiplied by
   1 + k m (Y - c) / p where it was acted on and by 1 - k m (Y - c) / (1 - p) where it was not; m keeps both above 0.
   If the rewrite makes nothing worse, the expected factor is at most 1, whatever the rates are and however they move.
   After the first question these bets stop, since the people who are asked are no longer chosen at random alone.
2. Against the past: the rate q at which the request failed when it was left alone, one standard error added. The stake
   is multiplied by 1 + k (Y - q) / max(q, 1/2). A rewrite's own evidence is not used. q is at most 0.6: doing the
   wrong thing most of the time is harm, even if the request never worked before.

Rewrites of one stratum (learner, release, certainty of the interpretation) are watched together by a third bet of the
second kind: the mistake of one learner shows in all of them before it shows in any. Half of a new stake is spread as
the stratum's stands: shares that paid for similar rewrites are tried first (an empirical-Bayes prior).

Answers to "did you mean …?" count for the rewrite: two more no's than yes's withdraw it, three more yes's prove it.
That is Wald's sequential test of 0.8 against 0.2 yes's, with bounds 1/16 and 64.

Of many rewrites some reach 1/alpha by chance. `Watch.significant` names those that remain when the false discovery rate
is held at alpha (e-BH over all that were acted on); a release withdraws those permanently and pauses the others
(`uptake.experiments.canaries`).

Source: betting as in Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS-B 2024);
the two-sample form and strata follow Turner, Ly and Grünwald, "Generic E-variables for exact sequential k-sample tests"
(2024) and "Safe sequential testing in stratified data" (arXiv:2302.11401); e-BH: Wang and Ramdas (arXiv:2009.02824);
posteriors of the rate with and without, as in "Self-Aware Feedback-Based Self-Learning" (arXiv:2205.00029). Limit: the
bet against the control counts each user once (a returning user says nothing new about other people). The bet against
the past counts a user's first `per_user` exposures (all of them for a personal rewrite), and treats the past rate as
known. e-BH holds at one time; over nights it is repeated. Harm that the defect signals miss withdraws nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from uptake.errors import BadConfig, BadRecord
from uptake.experiments.bets import Bets, ControlBets
from uptake.experiments.exposures import Baseline, Exposure
from uptake.experiments.withdrawn import read_withdrawn
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.overrides import Override
from uptake.store.durable import editing, replace_text

__all__ = ["NO_LEAD", "YES_LEAD", "Posterior", "Watch", "Withdrawal"]

NO_LEAD, YES_LEAD = 2, 3
"""No's more than yes's that withdraw what is asked about; yes's more than no's that prove it."""
_MOST_FAILING = 0.6
"""Largest defect rate, in [0, 1], that a rewrite may have, even if its request failed more often when left alone."""
_PRIOR = 2.0  # pseudo-turns with which the rate of a stratum stands behind that of each of its rewrites


class Posterior(NamedTuple):
    """Posterior of the defect rates of one rewrite, with it and without it."""

    rewrite_id: str
    exposures: int
    """Turns in which it fired or would have."""
    defects_with: float
    """Defects of turns in which it was acted on unasked."""
    successes_with: float
    defects_without: float
    """Defects of turns in which it was only logged."""
    successes_without: float
    mean_with: float
    """Posterior mean of the defect rate with it."""
    mean_without: float
    chance_harmful: float
    """Probability, in [0, 1], that it fails more often than leaving the request alone, by past and control."""
    evidence: float
    """What the bets hold together: 1/alpha withdraws."""
    deeds: int
    """Turns in which it was acted on unasked."""
    lead: int
    """Yes's of those who were asked, less the no's."""
    answers: int
    """Answers of those who were asked."""
    stratum: str
    """What it is watched together with; "" for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Withdrawn rewrite, with its counts."""

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
        """Block of the meaning, for any wording or step; of the request if only that is known."""
        if self.request is None or self.acted_on is None:
            return None if self.request is None else Override(self.request, None, self.user_id)
        heard, meant = meaning_of(self.request, self.acted_on)
        return Override(heard, None, self.user_id, meant)


class _Record:
    """Exposures of one rewrite."""

    def __init__(self, like: Bets | None = None) -> None:
        self.counts = np.zeros((2, 2))  # [without, with] x [successes, defects]
        self.users: dict[str, int] = {}
        self.control, self.past = ControlBets(like), Bets(like)
        self.stake = 1.0  # share of it that is bet against the control, settled by the first exposure
        self.answers: dict[str, bool] = {}  # the last one of each person
        self.was_asked = False
        self.acted = 0
        self.acted_on: str | None = None
        self.request: str | None = None
        self.seen = 0

    @property
    def evidence(self) -> float:
        return self.stake * self.control.value + (1.0 - self.stake) * self.past.value

    @property
    def lead(self) -> int:
        return sum(1 if yes else -1 for yes in self.answers.values())

    def answer(self, exposure: Exposure) -> None:
        """Count the answer to a question."""
        self.was_asked = True
        if exposure.answer is not None:
            self.answers[exposure.user_id] = exposure.answer


class Watch:
    """Watch every rewrite turn by turn, and report at once when one should be withdrawn.

    >>> watch = Watch()
    >>> bad = [Exposure("r1", f"u{at}", at % 2 == 0, defect=float(at % 2 == 0), propensity=0.5) for at in range(40)]
    >>> withdrawn = watch.extend(bad)
    >>> [(one.rewrite_id, one.exposures) for one in withdrawn]
    [('r1', 4)]

    Args:
        baselines: rewrite_id -> baseline of its request left alone; without one only the control counts.
        strata: rewrite_id -> its stratum.
        since_us: rewrite_id -> time from which answers and the posterior count, in microseconds since 1970: before, it
            was in another state. The bets count all exposures.
        alpha: Probability, in (0, 1), of ever withdrawing a rewrite that does no harm: that fails no more often than
            leaving the request alone, and at most 60% of the time.
        per_user: Exposures of one user that count against the past of a global rewrite.
        min_exposures: Fewest turns acted on before the bets withdraw a rewrite.
    """

    def __init__(
        self,
        baselines: Mapping[str, Baseline] | None = None,
        *,
        strata: Mapping[str, str] | None = None,
        since_us: Mapping[str, int] | None = None,
        alpha: float = 0.05,
        per_user: int = 2,
        min_exposures: int = 3,
    ) -> None:
        if not 0.0 < alpha < 1.0 or per_user < 1 or min_exposures < 1:
            raise BadConfig("alpha must be in (0, 1), per_user and min_exposures at least 1")
        self.baselines = dict(baselines or {})
        self.alpha, self.per_user, self.min_exposures = alpha, per_user, min_exposures
        self._of, self._since = dict(strata or {}), dict(since_us or {})
        self._records: dict[str, _Record] = {}
        self._strata: dict[str, Bets] = {}
        self._withdrawn: dict[str, Withdrawal] = {}

    @property
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """Withdrawn rewrites, the oldest first."""
        return tuple(self._withdrawn.values())

    @property
    def strata(self) -> dict[str, float]:
        """Stratum -> total stake of the bets against it; 1/alpha is an alarm."""
        return {name: bets.value for name, bets in self._strata.items()}

    def significant(self) -> set[str]:
        """Return the withdrawals at a false discovery rate of alpha: by bets (e-BH) or by answers."""
        acted = [(record.evidence, name) for name, record in self._records.items() if record.acted]
        ordered = sorted(acted, reverse=True)
        enough = [at for at, (value, _) in enumerate(ordered, 1) if value * self.alpha * at >= len(ordered)]
        by_bets = {name for _, name in ordered[: max(enough, default=0)]}
        asked = {name for name, record in self._records.items() if record.lead <= -NO_LEAD}
        return (by_bets | asked) & set(self._withdrawn)

    def add(self, exposure: Exposure) -> Withdrawal | None:
        """Add one exposure; returns the withdrawal if this exposure decides it.

        Raises:
            BadRecord: A number is out of its range.
        """
        if not (0.0 <= exposure.defect <= 1.0 and 0.0 < exposure.propensity <= 1.0):
            raise BadRecord("defect must be in [0, 1] and propensity in (0, 1]", field="exposure")
        baseline = self.baselines.get(exposure.rewrite_id)
        record = self._records.get(exposure.rewrite_id) or self._begin(exposure, baseline)
        record.seen += 1
        record.acted_on = exposure.acted_on or record.acted_on
        counts = exposure.at_us >= self._since.get(exposure.rewrite_id, 0)
        if exposure.asked:
            if counts:
                record.answer(exposure)
            record.was_asked = True
        else:
            self._bet(record, exposure, baseline, counts=counts)
        if exposure.rewrite_id in self._withdrawn:
            return None
        by_bets = record.acted >= self.min_exposures and record.evidence * self.alpha >= 1.0
        if not by_bets and record.lead > -NO_LEAD:
            return None
        found = _withdrawal(exposure.rewrite_id, record, baseline)
        self._withdrawn[exposure.rewrite_id] = found
        return found

    def extend(self, exposures: Iterable[Exposure]) -> list[Withdrawal]:
        """Add exposures in time order; returns the rewrites withdrawn on the way."""
        return [found for exposure in exposures if (found := self.add(exposure)) is not None]

    def posteriors(self) -> list[Posterior]:
        """Return the posterior of every rewrite, the most harmful first."""
        from uptake.ml.bounds import chance_better

        if not self._records:
            return []
        counts = np.stack([record.counts for record in self._records.values()])
        past = np.array([self._past(name) for name in self._records])  # (n, 2) successes, defects
        left = counts[:, 0] + past
        prior = self._priors()[:, None] * np.array([-1.0, 1.0]) + np.array([1.0, 0.0])  # successes, defects
        with_ = counts[:, 1] + _PRIOR * prior - 1.0  # `chance_better` adds one to each
        worse = chance_better(with_[:, 1], with_[:, 0], left[:, 1], left[:, 0])
        mean_with = (with_[:, 1] + 1.0) / (with_.sum(axis=1) + 2.0)
        mean_without = (1.0 + left[:, 1]) / (2.0 + left.sum(axis=1))
        rows = [
            Posterior(
                rewrite_id=name,
                exposures=record.seen,
                defects_with=float(count[1, 1]),
                successes_with=float(count[1, 0]),
                defects_without=float(count[0, 1]),
                successes_without=float(count[0, 0]),
                mean_with=float(means[0]),
                mean_without=float(means[1]),
                chance_harmful=float(chance),
                evidence=record.evidence,
                deeds=record.acted,
                lead=record.lead,
                answers=len(record.answers),
                stratum=self._of.get(name, ""),
            )
            for (name, record), count, means, chance in zip(
                self._records.items(), counts, np.column_stack([mean_with, mean_without]), worse, strict=True
            )
        ]
        return sorted(rows, key=lambda row: (-row.evidence, row.rewrite_id))

    def overrides(self) -> list[Override]:
        """Return blocks of the requests of all withdrawn rewrites, for `OverridesFile.put`."""
        return [block for one in self.withdrawn if (block := one.override()) is not None]

    def to_json(self, only: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Return the withdrawals as JSON values; of a personal rewrite neither the words nor the user.

        Args:
            only: Identifiers; None for all.
        """
        rows, wanted = [], None if only is None else set(only)
        for one in self.withdrawn:
            if wanted is not None and one.rewrite_id not in wanted:
                continue
            row = asdict(one)
            if one.user_id is not None:
                row |= {"request": None, "user_id": None, "acted_on": None}
            numbers = (name for name, value in row.items() if isinstance(value, float) and not np.isfinite(value))
            rows.append(row | dict.fromkeys(numbers))
        return rows

    def save(self, path: Path, *, at: datetime | None = None, only: Iterable[str] | None = None) -> None:
        """Add the withdrawals to a file; entries that are there already stay.

        Args:
            path: The file.
            at: Time of withdrawal; None to record none.
            only: Identifiers; None for all.

        Raises:
            BadRecord: The file was not written by this function.
            StorageFailed: The disk refused.
        """
        with editing(path):
            rows = {row["rewrite_id"]: row for row in read_withdrawn(path)}
            when = {"at": at.isoformat(timespec="seconds")} if at is not None else {}
            rows |= {row["rewrite_id"]: row | when for row in self.to_json(only) if row["rewrite_id"] not in rows}
            replace_text(path, json.dumps(list(rows.values()), indent=1, ensure_ascii=False) + "\n")

    def _begin(self, exposure: Exposure, baseline: Baseline | None) -> _Record:
        """Start to watch a rewrite."""
        record = _Record(self._strata.get(self._of.get(exposure.rewrite_id, "")))
        shared = baseline is not None and baseline.user_id is None and exposure.propensity < 1.0
        record.stake = 1.0 if baseline is None else 0.5 if shared else 0.0
        record.request = exposure.request
        self._records[exposure.rewrite_id] = record
        return record

    def _bet(self, record: _Record, exposure: Exposure, baseline: Baseline | None, *, counts: bool) -> None:
        """Bet on a turn in which the rewrite was acted on unasked, or only logged."""
        times = record.users.get(exposure.user_id, 0)
        record.users[exposure.user_id] = times + 1
        record.acted += exposure.acted
        if counts:
            record.counts[int(exposure.acted)] += (1.0 - exposure.defect, exposure.defect)
        if times == 0 and exposure.propensity < 1.0 and not record.was_asked:
            record.control.against_control(exposure.defect, acted=exposure.acted, propensity=exposure.propensity)
        own = baseline is not None and baseline.user_id is not None
        if exposure.acted and baseline is not None and (own or times < self.per_user):
            allowed = min(1.0 - baseline.success, _MOST_FAILING)
            record.past.against_rate(exposure.defect, allowed)
            if (stratum := self._of.get(exposure.rewrite_id)) is not None:
                self._strata.setdefault(stratum, Bets()).against_rate(exposure.defect, allowed)

    def _past(self, name: str) -> tuple[float, float]:
        """Return (successes, defects) of the request left alone before."""
        baseline = self.baselines.get(name)
        return (0.0, 0.0) if baseline is None else (baseline.turns - baseline.failed, baseline.failed)

    def _priors(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return (n,) the defect rate of each rewrite's stratum, shrunk to 1/2 by two pseudo-turns."""
        sums: dict[str, list[float]] = {}
        for name, record in self._records.items():
            total = sums.setdefault(self._of.get(name, ""), [1.0, 2.0])
            total[0] += record.counts[1, 1]
            total[1] += record.counts[1].sum()
        return np.array([sums[self._of.get(name, "")][0] / sums[self._of.get(name, "")][1] for name in self._records])


def _withdrawal(name: str, record: _Record, baseline: Baseline | None) -> Withdrawal:
    without, with_ = record.counts
    rates = [float(one[1] / one.sum()) if one.sum() else float("nan") for one in (without, with_)]
    if record.lead <= -NO_LEAD:
        no = sum(not yes for yes in record.answers.values())
        reason = f"{no} of {len(record.answers)} people who were asked said no"
    else:
        reason = f"failed {rates[1]:.0%} of {record.acted} turns with it"
        if without.sum():
            reason += f", {rates[0]:.0%} of {int(without.sum())} without"
        if baseline is not None:
            reason += f"; left alone the request failed at most {1 - baseline.success:.0%} before"
            if 1 - baseline.success > _MOST_FAILING:
                reason += f", but a rewrite may fail at most {_MOST_FAILING:.0%} of the time"
    return Withdrawal(
        rewrite_id=name,
        exposures=record.acted,
        users=len(record.users.keys() | record.answers.keys()),
        defect_with=rates[1],
        defect_without=rates[0],
        evidence=record.evidence,
        reason=reason,
        request=baseline.request if baseline is not None else record.request,
        user_id=baseline.user_id if baseline is not None else None,
        acted_on=record.acted_on,
    )
