"""Choose when to ask or to try: for uncertain and frequent interpretations, within budgets that people accept.

After a turn the assistant may ask "did I get that right?". If two interpretations are about equally likely and nothing
critical is at stake, it may try the second one. If it would ask "did you mean ...?", it may sometimes act at once
instead (`tries`). All of these cost patience, so all have budgets: questions and tries per person and day, and a share
of each domain's turns. Choices are random and their probability is returned, to be logged with the turn: a learner that
reads the answers later knows which turns could have been asked about (`uptake.experiments.offpolicy`).

Source: value of information after Horvitz, "Principles of Mixed-Initiative User Interfaces" (CHI 1999); budgets by
domain as in Kachuee et al., "Scalable and Robust Self-Learning for Skill Routing" (NAACL 2022). Limit: the value of an
answer is set by hand; it does not know whether a person is busy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p, log2
from typing import Literal

import xxhash

from uptake.errors import BadConfig
from uptake.text.lexicon import critical_words, negations, numbers, opposites
from uptake.types import Interpretation

__all__ = ["Explored", "Explorer", "Spent", "draw", "is_small_change", "worth"]

_OFTEN = 20  # requests of a kind from which on it counts as frequent
_NO_DOMAIN = "(unknown)"


def worth(readings: Sequence[Interpretation], seen: int) -> float:
    """Return the value of an answer, in [0, 1]: uncertainty of the reading times frequency of such requests.

    0 where nothing was read, or where nobody knows how sure the reading is.

    Args:
        readings: The reading that was acted on, then its runners-up, with calibrated confidences.
        seen: Requests of this kind so far.
    """
    if not readings or readings[0].confidence is None:
        return 0.0
    often = min(1.0, log1p(seen) / log1p(_OFTEN))
    return _doubt(readings, seen) * (0.6 + 0.4 * often)


def draw(*what: str) -> float:
    """Return a number in [0, 1) that depends on the arguments only: equal turns draw equally."""
    return float(xxhash.xxh3_64_intdigest("\0".join(what).encode("utf-8", "surrogatepass")) / 2**64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Number of questions and trials so far."""

    user_today: int = 0
    """Questions to this person today."""
    tried_today: int = 0
    """Rewrites tried on this person today."""
    domain_explored: int = 0
    """Turns of the domain that were asked about or tried."""
    domain_turns: int = 0
    """Turns of the domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """Decision, and the probability with which it was chosen."""

    action: Literal["none", "ask", "try"]
    """Leave it, ask after it, or act on the second reading."""
    propensity: float
    """Probability, in (0, 1], with which this action was chosen: to be logged."""
    worth: float
    """Value of an answer, in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explorer:
    """Policy that decides when to ask and when to try.

    Args:
        per_day: Most questions to one person per day.
        budget: Largest share, in [0, 1], of a domain's turns that are explored.
        budgets: Domain -> the same for this domain; None: no exceptions.
        min_turns: Domains with fewer turns have the budget of this many.
        least_worth: Smallest value, in [0, 1], of an answer.
        most_likely: Probability, in (0, 1], of asking when an answer has the highest value; proportionally lower below
            it.
        close: Smallest ratio, in (0, 1], of the second interpretation's confidence to the first's for a try; 1: only in
            a tie.
        tries_per_day: Most rewrites tried on one person per day.
        try_share: Probability, in [0, 1), of acting on a rewrite that would only be asked about; 0: never.
        try_domains: Domains of devices on which a rewrite may be tried; all others are asked about.
        on: Whether the assistant explores; if not, only `[feedback]` decides when it asks, and nothing is random.
    """

    per_day: int = 3
    budget: float = 0.05
    budgets: Mapping[str, float] | None = None
    min_turns: int = 50
    least_worth: float = 0.25
    most_likely: float = 0.9
    close: float = 0.8
    tries_per_day: int = 2
    try_share: float = 0.1
    try_domains: Sequence[str] = ("light", "fan", "media_player")
    on: bool = False

    def __post_init__(self) -> None:
        shares = (self.budget, self.least_worth, *(self.budgets or {}).values())
        if not all(0.0 <= share <= 1.0 for share in shares):
            raise BadConfig("budgets and least_worth must be in [0, 1]")
        if min(self.per_day, self.tries_per_day, self.min_turns) < 0:
            raise BadConfig("per_day, tries_per_day and min_turns must not be negative")
        if not (0.0 < self.most_likely <= 1.0 and 0.0 < self.close <= 1.0):
            raise BadConfig("most_likely and close must be in (0, 1]")
        if not 0.0 <= self.try_share < 1.0:
            raise BadConfig("try_share must be in [0, 1): what is always tried teaches nothing of what else to do")

    def __call__(
        self,
        readings: Sequence[Interpretation],
        *,
        seen: int,
        spent: Spent,
        chance: float,
        harmless: bool = False,
    ) -> Explored:
        """Decide about one turn.

        Args:
            readings: The reading, then its runners-up, with calibrated confidences.
            seen: Requests of this kind so far.
            spent: What was explored already.
            chance: A number in [0, 1), drawn evenly: `draw` makes one of the turn's name.
            harmless: Whether the second reading may be acted on: nothing critical, and undone by a word.
        """
        value = worth(readings, seen)
        if value < self.least_worth or not self._may(readings[0].domain, spent):
            return Explored(action="none", propensity=1.0, worth=value)
        probability = self.most_likely * value
        trying = harmless and self._is_close(readings)
        if spent.user_today >= self.per_day and not trying:
            return Explored(action="none", propensity=1.0, worth=value)
        if chance >= probability:
            return Explored(action="none", propensity=1.0 - probability, worth=value)
        return Explored(action="try" if trying else "ask", propensity=probability, worth=value)

    def tries(self, *, domain: str | None, spent: Spent, chance: float, harmless: bool) -> Explored:
        """Tell whether to act on a rewrite that would otherwise be asked about ("did you mean ...?").

        Args:
            domain: Domain of the request.
            spent: What was explored already.
            chance: A number in [0, 1), drawn evenly.
            harmless: Whether it may be acted on: devices of `try_domains`, nothing critical, a small change of words.
        """
        able = harmless and self.try_share > 0.0 and spent.tried_today < self.tries_per_day
        if not able or not self._may(domain, spent):
            return Explored(action="ask", propensity=1.0, worth=0.0)
        if chance < self.try_share:
            return Explored(action="try", propensity=self.try_share, worth=1.0)
        return Explored(action="ask", propensity=1.0 - self.try_share, worth=1.0)

    def _may(self, domain: str | None, spent: Spent) -> bool:
        limit = (self.budgets or {}).get(domain or _NO_DOMAIN, self.budget)
        return spent.domain_explored + 1 <= limit * max(spent.domain_turns, self.min_turns)

    def _is_close(self, readings: Sequence[Interpretation]) -> bool:
        if len(readings) < 2 or not readings[0].confidence:
            return False
        return (readings[1].confidence or 0.0) >= self.close * readings[0].confidence


def is_small_change(request: str, acted_on: str) -> bool:
    """Tell whether a rewrite may be tried at all: no opposite, no other number or negation, nothing critical in it.

    Args:
        request: What was heard, as written by `uptake.text.normalize`.
        acted_on: What would be acted on; the same text changes a reading and nothing that words can show.
    """
    return (
        request != acted_on
        and not opposites(request, acted_on)
        and numbers(request) == numbers(acted_on)
        and negations(request) == negations(acted_on)
        and not critical_words(acted_on)
    )


def _doubt(readings: Sequence[Interpretation], seen: int) -> float:
    """Return the uncertainty of a reading, in [0, 1]: entropy of its confidence, a close runner-up, a new meaning."""
    sure = min(max(readings[0].confidence or 0.0, 0.0), 1.0)
    runner_up = max((other.confidence or 0.0 for other in readings[1:]), default=0.0)
    close = min(1.0, runner_up / sure) if sure > 0.0 else 1.0
    return 0.65 * _entropy(sure) + 0.25 * close + (0.1 if seen == 0 else 0.0)


def _entropy(probability: float) -> float:
    if probability in (0.0, 1.0):
        return 0.0
    return -probability * log2(probability) - (1.0 - probability) * log2(1.0 - probability)
