"""Believe how welcome one offer is to one person, from who they may be and from what was answered.

A person is of one of some kinds (whom the offer concerns, whom it does not): each has its Beta distribution of
P(accept) and its chance that they do it anyway. What the person answered moves both the kinds and their distributions;
what others answered, and what the person answered to other offers, is dealt out among the kinds by how likely it is.

Source: Dalal and Hall, "Approximating priors by mixtures of natural conjugate priors" (1983).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma

from uptake.proactive.offers.offer import Offer, PersonKind
from uptake.proactive.offers.standing import Tally

__all__ = ["Belief", "Part", "believed"]

_UNKNOWN = 0.4  # P(accept) of an offer of which nothing is known
_LEAST = 0.1  # added to both parameters of each Beta distribution
_REMEMBERED = 4_096  # beliefs that are kept, some 1 kB each


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of people in a belief."""

    share: float
    """Probability, in [0, 1], that the person is one of them."""
    for_it: float
    """First parameter of their Beta distribution."""
    against: float
    """Second parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Posterior of P(accept) for one offer and one person, and the chance that it comes anyway.

    >>> Belief(parts=(Part(1.0, 3.0, 1.0),), anyway=0.25).gain
    0.5
    """

    parts: tuple[Part, ...]
    """Mixture of Beta distributions."""
    anyway: float
    """Chance, in [0, 1], that the person does it right after by themselves."""

    @property
    def mean(self) -> float:
        """P(accept), in (0, 1)."""
        return sum(one.share * one.for_it / (one.for_it + one.against) for one in self.parts)

    @property
    def gain(self) -> float:
        """P(accept) less the chance that it comes anyway."""
        return self.mean - self.anyway

    def below(self, bound: float) -> float:
        """Return the probability that P(accept) is less than a bound."""
        return _below(self.parts, bound)


def believed(offer: Offer, own: Tally, others: Iterable[tuple[Tally, float]]) -> Belief:
    """Return what is believed of an offer to a person.

    Args:
        offer: The offer.
        own: What the person answered to it.
        others: Further answers, each with the number of answers that they count for at most.
    """
    welcome = _UNKNOWN if offer.welcome is None else offer.welcome
    kinds = offer.people or (PersonKind(1.0, 1.0, welcome, offer.weight, offer.anyway),)
    return _posterior(kinds, own, tuple(others))


@lru_cache(maxsize=_REMEMBERED)
def _below(parts: tuple[Part, ...], bound: float) -> float:
    from uptake.ml.bounds import beta_below

    return sum(one.share * beta_below(one.for_it, one.against, bound) for one in parts)


@lru_cache(maxsize=_REMEMBERED)
def _posterior(kinds: tuple[PersonKind, ...], own: Tally, others: tuple[tuple[Tally, float], ...]) -> Belief:
    """Return the belief from the kinds of people and what was answered: most people answered the same little."""
    for_it = [one.weight * one.welcome + _LEAST for one in kinds]
    against = [one.weight * (1.0 - one.welcome) + _LEAST for one in kinds]
    for tally, most in others:
        yes, no = _scaled(tally, most)
        if not yes and not no:
            continue
        for counts, answers, likely in (
            (for_it, yes, [one.of_all * one.welcome for one in kinds]),
            (against, no, [one.of_all * (1.0 - one.welcome) for one in kinds]),
        ):
            for at, each in enumerate(likely):
                counts[at] += answers * (each / sum(likely) if len(kinds) > 1 else 1.0)
    yes, no = _scaled(own, None)
    mass = [one.share for one in kinds]
    if len(kinds) > 1:
        logs = [_log_beta(a + yes, b + no) - _log_beta(a, b) for a, b in zip(for_it, against, strict=True)]
        mass = [share * exp(each - max(logs)) for share, each in zip(mass, logs, strict=True)]
    total = sum(mass)
    parts = tuple(Part(each / total, a + yes, b + no) for each, a, b in zip(mass, for_it, against, strict=True))
    return Belief(parts=parts, anyway=sum(part.share * one.anyway for part, one in zip(parts, kinds, strict=True)))


def _scaled(tally: Tally, most: float | None) -> tuple[float, float]:
    yes, no = float(tally.accepted), float(tally.declined + tally.ignored)
    scale = 1.0 if most is None or yes + no <= most else most / (yes + no)
    return yes * scale, no * scale


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
