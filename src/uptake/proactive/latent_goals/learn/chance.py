"""Compare how often goals follow each other with what chance expects, within homes and parts of the day.

Within a stratum (a home's part of the day) the next goals are shuffled in thought: the number of times that b follows a
is then hypergeometric in how often each was seen. Sums over strata are compared with their expectation: exactly, by
convolution, where there are few strata; by the tail of a Poisson of the same mean, which is heavier, where there are
many. Which pairs are tested depends on how often each goal was seen, and never on how often they met.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from uptake.proactive.latent_goals.learn.counts import FollowUpCount, Homes

__all__ = ["END", "Sums", "discoveries", "home_sums", "sums"]

END = ""
"""Next goal of a goal after which the session ends."""
_STRATUM = 12  # goals in a home's part of the day from which on it is a stratum of its own
_ANY = "*"  # part of the day of strata that hold the rest of a home
_EXACT = 6  # most strata that are convolved

Pair = tuple[str, str]


class _Cell(NamedTuple):
    """One pair in one stratum."""

    part: str
    seen: int
    sources: int
    targets: int
    total: int

    @property
    def expected(self) -> float:
        return self.sources * self.targets / self.total


@dataclass(slots=True)
class Sums:
    """Observed and expected counts of one pair, summed over strata."""

    seen: float = 0.0
    """Times it was seen, each home up to a bound."""
    expected: float = 0.0
    """Times that chance expects, likewise."""
    sources: float = 0.0
    """Times the first goal was seen, likewise."""
    homes: int = 0
    """Homes in which the pair was seen."""
    parts: Counter[str] = field(default_factory=Counter)
    """Part of the day -> times the pair was seen."""
    of_parts: Counter[str] = field(default_factory=Counter)
    """Part of the day -> times its first goal was seen."""
    p_value: float = 1.0
    """Chance of seeing it as often or oftener if nothing were behind it."""
    strongest: list[tuple[float, float, float]] = field(default_factory=list)
    """(excess, times seen, times expected) of the homes that speak most for it: one fewer than must share it."""

    @property
    def lift(self) -> float:
        """Times it was seen over times expected, shrunk towards 1."""
        return (self.seen + 1.0) / (self.expected + 1.0)

    @property
    def p_without_strongest(self) -> float:
        """The same chance in the other homes: what one home does much is not yet shared."""
        seen = self.seen - sum(one for _, one, _ in self.strongest)
        return _poisson_tail(seen, max(self.expected - sum(one for *_, one in self.strongest), 0.0))

    @property
    def share(self) -> float:
        """P(second goal next | first goal)."""
        return self.seen / self.sources if self.sources else 0.0


def sums(homes: Homes, *, least_homes: int, bound: int) -> dict[Pair, Sums]:
    """Sum up every pair of goals that enough homes ask for, whether or not they ever met.

    Args:
        homes: What was counted.
        least_homes: Fewest homes in which both goals must have been seen.
        bound: Most that one home adds to a pair.
    """
    wanted = _wanted(homes, least_homes)
    found: dict[Pair, Sums] = defaultdict(Sums)
    for rows in homes():
        for pair, cells in _by_pair(rows, wanted).items():
            _add(found[pair], cells, bound, strongest=least_homes - 1)
    for summed in found.values():
        summed.p_value = _poisson_tail(summed.seen, summed.expected)
    return dict(sorted(found.items()))


def home_sums(rows: list[FollowUpCount], *, least_times: int) -> dict[Pair, Sums]:
    """Sum up the pairs of goals that were each seen often enough in one home, with exact chances."""
    sources, targets = Counter[str](), Counter[str]()
    for one in rows:
        sources[one.source] += one.times
        targets[one.target] += one.times
    often = sorted(goal for goal, times in targets.items() if times >= least_times and goal != END)
    wanted = {
        first: [second for second in often if second != first]
        for first, times in sources.items()
        if times >= least_times
    }
    found: dict[Pair, Sums] = {}
    for pair, cells in sorted(_by_pair(rows, wanted).items()):
        found[pair] = Sums()
        _add(found[pair], cells, None, strongest=0)
        found[pair].p_value = _exact_tail(cells)
    return found


def discoveries(p_values: list[float], rate: float) -> list[bool]:
    """Return which are discoveries, the expected share of false ones below a rate (Benjamini and Hochberg 1995)."""
    order = np.argsort(p_values, kind="stable")
    tried = len(p_values)
    within = [p_values[at] <= rate * (rank + 1) / tried for rank, at in enumerate(order)]
    last = max((rank for rank, fits in enumerate(within) if fits), default=-1)
    kept = [False] * tried
    for at in order[: last + 1]:
        kept[at] = True
    return kept


def _wanted(homes: Homes, least: int) -> dict[str, list[str]]:
    """Find the goals that enough homes ask for, each with the other goals of enough of those homes."""
    asked, together = Counter[str](), Counter[Pair]()
    for rows in homes():
        asked.update(_goals(rows))
    for rows in homes():
        own = sorted(goal for goal in _goals(rows) if asked[goal] >= least)
        together.update(permutations(own, 2))
    found: dict[str, list[str]] = defaultdict(list)
    for first, second in sorted(pair for pair, times in together.items() if times >= least):
        found[first].append(second)
    return found


def _goals(rows: list[FollowUpCount]) -> set[str]:
    """Name the goals that a home asked for."""
    return {one.source for one in rows} | {one.target for one in rows if one.target != END}


def _by_pair(rows: list[FollowUpCount], wanted: Mapping[str, list[str]]) -> dict[Pair, list[_Cell]]:
    """Collect the cells of each wanted pair in one home; parts of the day with few goals are one stratum."""
    size: Counter[str] = Counter()
    for one in rows:
        size[one.part] += one.times
    strata: dict[str, list[FollowUpCount]] = defaultdict(list)
    for one in rows:
        strata[one.part if size[one.part] >= _STRATUM else _ANY].append(one)
    found: dict[Pair, list[_Cell]] = defaultdict(list)
    for part, own in strata.items():
        for pair, cell in _cells(part, own, wanted):
            found[pair].append(cell)
    return found


def _cells(part: str, rows: list[FollowUpCount], wanted: Mapping[str, list[str]]) -> Iterator[tuple[Pair, _Cell]]:
    """Yield the pairs that are wanted, where their first goal was seen in a stratum."""
    total = sum(one.times for one in rows)
    sources, targets, both = Counter[str](), Counter[str](), Counter[Pair]()
    for one in rows:
        sources[one.source] += one.times
        targets[one.target] += one.times
        both[one.source, one.target] += one.times
    for first, times in sources.items():
        for second in wanted.get(first, ()):
            yield (first, second), _Cell(part, both[first, second], times, targets[second], total)


def _add(into: Sums, cells: list[_Cell], bound: int | None, *, strongest: int) -> None:
    """Add a home's cells of one pair, up to a bound, and remember the homes that speak most for it."""
    whole = sum(cell.seen for cell in cells)
    scale = 1.0 if bound is None or whole <= bound else bound / whole
    for cell in cells:
        into.seen += cell.seen * scale
        into.expected += cell.expected * scale
        into.sources += cell.sources * scale
        into.parts[cell.part] += cell.seen
        into.of_parts[cell.part] += cell.sources
    into.homes += bool(whole)
    if strongest:
        expected = sum(cell.expected for cell in cells) * scale
        ranked = sorted([*into.strongest, (whole * scale - expected, whole * scale, expected)], reverse=True)
        into.strongest = ranked[:strongest]


def _poisson_tail(seen: float, expected: float) -> float:
    """P(Poisson(expected) >= seen)."""
    times = int(seen)
    return float(special.gammainc(times, expected)) if times and expected else float(not times)


def _exact_tail(cells: list[_Cell]) -> float:
    """P(sum of hypergeometrics >= seen), exactly for few strata."""
    seen, expected = sum(cell.seen for cell in cells), sum(cell.expected for cell in cells)
    if seen <= expected or len(cells) > _EXACT:
        return _poisson_tail(seen, expected)
    whole: NDArray[np.float64] = reduce(np.convolve, map(_hypergeometric, cells))
    return float(min(1.0, whole[seen:].sum()))


def _hypergeometric(cell: _Cell) -> NDArray[np.float64]:
    """(k + 1,) float64: P(the pair is seen 0, 1, ... k times) in a stratum."""
    times = np.arange(min(cell.sources, cell.targets) + 1, dtype=np.float64)
    rest, others = cell.targets - times, cell.total - cell.sources
    log_p = (
        _log_choose(cell.sources, times) + _log_choose(others, rest) - _log_choose(cell.total, np.float64(cell.targets))
    )
    return np.where(rest <= others, np.exp(log_p), 0.0)


def _log_choose(of: float, these: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    """Natural logarithm of a binomial coefficient; of one that is 0 whatever comes."""
    less = np.maximum(of - these, 0.0)
    return np.asarray(special.gammaln(of + 1.0) - special.gammaln(these + 1.0) - special.gammaln(less + 1.0))
