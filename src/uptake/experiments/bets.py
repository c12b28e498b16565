"""Test a claim by betting: the stake grows if the claim is false, and cannot be expected to grow otherwise.

The stake is spread over several shares k, so that nothing has to be tuned. A bet multiplies each part by 1 + k f, where
f has expectation at most 0 while the claim holds and is at least -1. So the total has expectation at most 1 at any
time, and ever reaches 1/alpha with probability at most alpha (Ville's inequality). A quarter is held in reserve and
added step by step, so that a claim that held for long and then fails is noticed, too.

Source: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS-B 2024).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bets", "ControlBets"]

Floats = NDArray[np.float64]

_SHARES: Floats = np.array([0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95])
"""Shares k of the largest bet that can never lose all."""
_LATER = 0.25
"""Share of the stake that is kept back: 1/(n (n + 1)) of it joins the n-th bet."""
_MOST = 1e200


class Bets:
    """Stake against one claim.

    >>> bets = Bets()
    >>> for failed in (1.0, 1.0, 1.0, 1.0, 1.0, 1.0):
    ...     bets.against_rate(failed, 0.2)
    >>> bets.value > 20
    True

    Args:
        like: Bets on similar claims: half of the stake is spread as theirs stands now.
    """

    def __init__(self, like: Bets | None = None) -> None:
        shares = np.full(len(_SHARES), 1.0 / len(_SHARES))
        if like is not None:
            shares = 0.5 * shares + 0.5 * like.stakes / like.stakes.sum()
        self._shares = shares
        self.stakes: Floats = (1.0 - _LATER) * shares
        self.made = 0

    @property
    def value(self) -> float:
        """Return the wealth; it started at 1 or less."""
        return float(self.stakes.sum())

    def bet(self, factor: float) -> None:
        """Make one bet.

        Args:
            factor: At least -1; its expectation is at most 0 while the claim holds.
        """
        held = self.stakes + _LATER / ((self.made + 1.0) * (self.made + 2.0)) * self._shares
        self.stakes = np.minimum(held * (1.0 + _SHARES * factor), _MOST)
        self.made += 1

    def against_rate(self, failed: float, rate: float) -> None:
        """Bet that failures are more frequent than claimed.

        Args:
            failed: Whether, or to what degree, this turn failed; in [0, 1].
            rate: Largest failure rate, in [0, 1], under the claim.
        """
        claimed = min(max(rate, 0.05), 1.0)
        self.bet((failed - claimed) / max(claimed, 0.5))


class ControlBets(Bets):
    """Bets against the claim that turns acted on fail no more often than randomised control turns.

    Each bet is centred on the defects seen before it, so that it wins and loses as much on either side.
    """

    def __init__(self, like: Bets | None = None) -> None:
        super().__init__(like)
        self._defects, self._turns = 0.5, 1.0

    def against_control(self, failed: float, *, acted: bool, propensity: float) -> None:
        """Bet that the turns acted on fail more often than the control turns.

        Args:
            failed: Whether, or to what degree, the turn failed; in [0, 1].
            acted: Whether it was acted on.
            propensity: Probability, in (0, 1), of the treatment that the turn got.
        """
        chance = propensity if acted else 1.0 - propensity  # of being acted on
        centre = self._defects / self._turns
        gap = failed - centre
        reach = min(chance, 1.0 - chance) / max(centre, 1.0 - centre)
        self.bet(reach * (gap / chance if acted else -gap / (1.0 - chance)))
        self._defects += failed
        self._turns += 1.0
