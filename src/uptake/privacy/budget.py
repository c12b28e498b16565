"""Account for the cost of differentially private releases: one budget of (epsilon, delta) for all, spent in zCDP.

Each release of one learner's counts costs rho (zero-concentrated differential privacy) and a probability that a text of
a single user passes the threshold. The costs of successive releases add, even if a release depends on earlier ones, and
the sum is converted to epsilon at delta by OpenDP.

Source: Bun and Steinke, "Concentrated Differential Privacy" (TCC 2016); conversion by Canonne, Kamath and Steinke, "The
Discrete Gaussian for Differential Privacy" (NeurIPS 2020); stopping when the sum is spent: Whitehouse et al., "Fully
Adaptive Composition in Differential Privacy" (ICML 2023). Assumption: one user is one `user_id`, whose turns are added
or removed as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from uptake.errors import BadConfig, MissingExtra

__all__ = ["ASSUMPTION", "Budget", "Cost", "epsilon_of", "opendp", "rho_of"]

ASSUMPTION = (
    "protected is one user_id with all its turns (a household of m: m times epsilon); covered is what is counted for "
    "everybody, not what gates, canaries and withdrawal then take away"
)
"""What the bound rests on, for everything that prints it."""

_ROUNDING = 1e-9


class Cost(NamedTuple):
    """Privacy cost of a release."""

    rho: float
    """zCDP parameter."""
    delta: float
    """Probability that a text of one user alone passes the threshold, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limit on what all releases together reveal about one user: the table [privacy] of `uptake.toml`.

    Args:
        epsilon: Bound for all releases together, above 0; None for the k-users rule alone.
        delta: Probability, in (0, 1), with which the bound may fail; half of it is for texts that pass thresholds.
        releases: Number of releases that share the budget; after them, the last release stands.
        keys: Most texts that one user contributes to, in one release of one capability; more texts need more noise.
        every_days: Fewest days of the log between two releases.
    """

    epsilon: float | None = None
    delta: float = 1e-6
    releases: int = 4
    keys: int = 20
    every_days: int = 7

    def __post_init__(self) -> None:
        if self.epsilon is not None and not 0.0 < self.epsilon < math.inf:
            raise BadConfig(f"epsilon must be above 0 and finite, got {self.epsilon}; leave it out for no noise at all")
        if not 0.0 < self.delta < 1.0:
            raise BadConfig(f"delta must be in (0, 1), got {self.delta}; it should be far below 1 / users")
        for name in ("releases", "keys", "every_days"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise BadConfig(f"{name} must be a whole number of at least 1, got {value!r}")

    @property
    def whole(self) -> Cost:
        """Total budget."""
        return Cost(0.0, 0.0) if self.epsilon is None else Cost(rho_of(self.epsilon, self.delta / 2), self.delta / 2)

    def share(self, learners: int) -> Cost:
        """Return the cost of one release of one learner, where so many learners release.

        Args:
            learners: Learners whose counts are released; at least 1.
        """
        parts = self.releases * learners
        return Cost(self.whole.rho / parts, self.whole.delta / parts)

    def allows(self, spent: Iterable[Cost], more: Cost) -> bool:
        """Tell whether there is enough left for one more release."""
        costs = [*spent, more]
        whole = self.whole
        return all(
            math.fsum(getattr(cost, name) for cost in costs) <= getattr(whole, name) * (1.0 + _ROUNDING)
            for name in Cost._fields
        )

    def epsilon_spent(self, spent: Iterable[Cost]) -> float:
        """Epsilon, at `delta`, of all releases so far."""
        return epsilon_of(math.fsum(cost.rho for cost in spent), self.delta / 2)


def opendp() -> Any:
    """Return the library of mechanisms and conversions.

    Raises:
        MissingExtra: It is not installed.
    """
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise MissingExtra(
            "differentially private releases need opendp: pip install 'uptake[privacy]', or leave epsilon out of "
            "[privacy] in uptake.toml"
        ) from error
    dp.enable_features("contrib")
    return dp


def epsilon_of(rho: float, delta: float) -> float:
    """Return the epsilon at delta that rho-zCDP implies, rounded up."""
    if rho <= 0.0:
        return 0.0
    return float(_profile(rho).epsilon(delta))


@lru_cache(maxsize=64)
def rho_of(epsilon: float, delta: float) -> float:
    """Return the largest rho, rounded down, whose epsilon at delta is no more than the one given."""
    low, high = 0.0, epsilon  # epsilon-DP implies no more than epsilon^2 / 2, but delta allows more
    while epsilon_of(high, delta) <= epsilon:
        high *= 2.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if epsilon_of(middle, delta) <= epsilon else (low, middle)
    return low


def _profile(rho: float) -> Any:
    """Return the privacy profile of rho-zCDP, that of discrete Gaussian noise of scale 1 at distance sqrt(2 rho)."""
    dp = opendp()
    space = (dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=float))
    distance = math.nextafter(math.sqrt(2.0 * rho), math.inf)
    return dp.c.make_zCDP_to_approxDP(dp.m.make_gaussian(*space, scale=1.0)).map(distance)
