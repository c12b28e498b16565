"""Attack releases: infer whether a person's log was in one, and search for texts of one person alone.

The attacker knows the target's whole log, the noise, the threshold and the distribution of homes. The informed attacker
also knows every other home's log, and so everything but the target's membership; the likelihood ratio is then the
optimal test. It is computed over the released counts, from which everything else is made, so an artifact reveals less.
Runs draw noise as a release does.

Source: membership inference as a test of hypotheses, after Kairouz, Oh and Viswanath (ICML 2015); epsilon from below by
exact (Clopper-Pearson) bounds as in Jagielski, Ullman and Oprea (NeurIPS 2020), with the threshold chosen on one half
of the runs and the bound taken on the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import beta

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.privacy.cells import Cells, Noise, counts, released

__all__ = ["Attack", "Target", "as_table", "attack_auc", "counted", "epsilon_seen", "membership", "shown"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cell = tuple[str | None, ...]

_CONFIDENCE = 0.95
_SEEN = 0.005  # share of homes below which a text that is not the target's never reaches a threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """User's own cells in one learner's release, with the count of other users in and around each."""

    cells: Cells
    noise: Noise
    own: frozenset[Cell]
    """Cells that the user alone would add to, by one each."""
    homes: Mapping[Cell, Ints]
    """Cell of the same subjects -> (homes,) whether each home counts in it."""

    @staticmethod
    def of(
        engine: LocalEngine, cells: Cells, noise: Noise, user: pa.Table, homes: Sequence[Mapping[Cell, int]]
    ) -> Target:
        """Find what a user adds.

        Args:
            engine: Where it is counted.
            cells: What the learner counts.
            noise: Of its release.
            user: Statistics of the user alone.
            homes: What each other home counts in, by `counted`.
        """
        own = counted(engine, cells, user, noise.keys)
        subjects, told = {cell[:-1] for cell in own}, Counter(cell for home in homes for cell in home)
        seen = {cell for cell, times in told.items() if cell[:-1] in subjects and times >= _SEEN * len(homes)}
        around = seen | {(*subject, outcome) for subject in subjects for outcome in cells.outcomes} | own.keys()
        return Target(
            cells=cells,
            noise=noise,
            own=frozenset(own),
            homes={
                cell: np.array([home.get(cell, 0) for home in homes], dtype=np.int64)
                for cell in sorted(around, key=str)
            },
        )

    def run(self, there: bool, others: Ints, *, informed: bool) -> float:
        """Release once, and return the log-likelihood ratio of what is seen: there against not there.

        Args:
            there: Whether the user is in it.
            others: (homes,) how many homes like each there are.
            informed: Whether the attacker knows these numbers, rather than how many homes there are in all.
        """
        told = {cell: int(homes @ others) for cell, homes in self.homes.items()}
        counts_ = {cell: users + (there and cell in self.own) for cell, users in told.items()}
        rows = released(as_table({cell: n for cell, n in counts_.items() if n}, self.cells), self.cells, self.noise)
        seen = _by_cell(rows, self.cells)
        return sum(self._ratio(cell, seen.get(cell), told[cell], others, informed=informed) for cell in self.own)

    def _ratio(self, cell: Cell, seen: int | None, told: int, others: Ints, *, informed: bool) -> float:
        """Log-likelihood ratio of one cell that is shown, or of one that is not."""
        expected, variance = float(told), self.noise.scale**2
        if not informed:
            share = float(self.homes[cell].mean()) if len(others) else 0.0
            expected, variance = share * others.sum(), variance + share * (1.0 - share) * others.sum()
        if seen is None:
            spread, below = math.sqrt(variance), self.noise.threshold - 0.5
            return _log_below((below - expected - 1.0) / spread) - _log_below((below - expected) / spread)
        return ((seen - expected) ** 2 - (seen - expected - 1.0) ** 2) / (2.0 * variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Scores of an attack over many runs."""

    there: Floats
    """(runs,) where the target's log was in it."""
    absent: Floats
    """(runs,) where it was not."""


def membership(targets: Sequence[Target], runs: int, *, people: int, rng: np.random.Generator | None = None) -> Attack:
    """Attack one user by the releases of all learners together.

    Args:
        targets: The user in each learner's release.
        runs: Runs with the user, and as many without.
        people: Homes beside the user, drawn from those that `Target.homes` knows.
        rng: Draws other homes in each run: the attacker knows how many there are, and what homes are like. Without it
            they are the same in all runs, and the attacker knows what each of them said.
    """
    size = next((len(homes) for target in targets for homes in target.homes.values()), 0)
    same = np.full(size, people // max(size, 1), dtype=np.int64)

    def score(there: bool) -> float:
        others = same if rng is None or not size else rng.multinomial(people, np.full(size, 1.0 / size))
        return sum(target.run(there, others, informed=rng is None) for target in targets)

    return _attack(score, runs)


def shown(target: Target, text: str, runs: int) -> Attack:
    """Look for a text of one user alone in what is released: 1 where it is found."""

    def found(there: bool) -> float:
        told = as_table(dict.fromkeys(target.own, 1) if there else {}, target.cells)
        rows = released(told, target.cells, target.noise)
        return float(any(text in str(value) for column in rows.columns for value in column.to_pylist()))

    return _attack(found, runs)


def _attack(score: Callable[[bool], float], runs: int) -> Attack:
    there, absent = (np.array([score(one) for _ in range(runs)]) for one in (True, False))
    return Attack(there=there, absent=absent)


def attack_auc(attack: Attack) -> float:
    """Return the chance that a run with the target scores above one without; ties count half."""
    ordered = np.sort(attack.absent)
    below = np.searchsorted(ordered, attack.there, side="left")
    up_to = np.searchsorted(ordered, attack.there, side="right")
    return float((below + up_to).mean() / 2.0 / len(ordered))


def epsilon_seen(attack: Attack, delta: float) -> float:
    """Return a lower bound of epsilon that the attack proves, with 95 % confidence; 0 where it proves none.

    (epsilon, delta) bounds both ways of telling the two apart: P[S | there] <= e^epsilon P[S | absent] + delta, and the
    same with the two exchanged.
    """
    half = len(attack.there) // 2
    best = 0.0
    for sign in (1.0, -1.0):
        left, right = (attack.there, attack.absent) if sign > 0 else (attack.absent, attack.there)
        chosen = _threshold(sign * left[:half], sign * right[:half], delta)
        hits = int((sign * left[half:] >= chosen).sum())
        false = int((sign * right[half:] >= chosen).sum())
        trials = len(left) - half
        low = _lower(hits, trials) - delta
        if low > 0.0:
            best = max(best, math.log(low / _upper(false, trials)))
    return best


def _threshold(left: Floats, right: Floats, delta: float) -> float:
    """Return the threshold with the best bound on one half of the runs."""
    tried = np.unique(np.quantile(np.concatenate([left, right]), np.linspace(0.02, 0.98, 49)))

    def proved(at: float) -> float:
        low = _lower(int((left >= at).sum()), len(left)) - delta
        return math.log(low / _upper(int((right >= at).sum()), len(right))) if low > 0.0 else -math.inf

    return float(max(tried, key=proved))


def _lower(hits: int, trials: int) -> float:
    """Exact lower bound of a share; with its other side, 95 % together (2.5 % each, halved again for two ways)."""
    return 0.0 if hits == 0 else float(beta.ppf((1.0 - _CONFIDENCE) / 4.0, hits, trials - hits + 1))


def _upper(hits: int, trials: int) -> float:
    return 1.0 if hits == trials else float(beta.ppf(1.0 - (1.0 - _CONFIDENCE) / 4.0, hits + 1, trials - hits))


def counted(engine: LocalEngine, cells: Cells, told: pa.Table, keys: int) -> dict[Cell, int]:
    """Count the cells of a log, as a release does before it adds noise."""
    return _by_cell(EngineStatistics(engine, told).query(counts(cells, keys)), cells)


def _log_below(value: float) -> float:
    """Log of the chance that a standard normal number is below a value."""
    return math.log(max(0.5 * math.erfc(-value / math.sqrt(2.0)), 1e-300))


def _by_cell(table: pa.Table, cells: Cells) -> dict[Cell, int]:
    names = [*cells.subject, "outcome"]
    keys = zip(*(table[name].to_pylist() for name in names), strict=True)
    return dict(zip(keys, table["users"].to_pylist(), strict=True))


def as_table(counted: Mapping[Cell, int], cells: Cells) -> pa.Table:
    """Write counts as the table that a release reads."""
    names = [*cells.subject, "outcome"]
    schema = pa.schema([*((name, pa.string()) for name in names), ("users", pa.int64())])
    rows = [dict(zip(schema.names, (*cell, users), strict=True)) for cell, users in counted.items()]
    return pa.Table.from_pylist(rows, schema=schema)
