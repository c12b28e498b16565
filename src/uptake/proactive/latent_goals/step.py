"""Propose what people often go on to, after a goal that was reached.

What a person did by themselves tells of which kind of people they are: whom the second goal does not concern, and
whom it does, who go on to it more or less often anyway (`GoalPair.habits`). Only who forgets it gains by an offer.
Values are carried over from the first goal, or are those that the second one usually has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import exp, log
from typing import ClassVar

from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs, scope_of
from uptake.proactive.latent_goals.features import Goal, general, goal_of, log_likelihood, part_of_day, shares_of
from uptake.proactive.offers.offer import FULFILS, Occasion, Offer, PersonKind
from uptake.types import Interpretation

__all__ = ["LatentGoals"]

_SELDOM = 0.5  # of the share over all parts of the day: below, the pair belongs to other hours
_UNCONCERNED, _CONCERNED = (0.1, 8.0), (0.72, 3.0)
"""(P(accept) before anybody answered, answers that it is worth) of whom the second goal does not concern, or does."""

_RARE = 1e-4  # least share of people of each kind
_MOST_LOG = 700.0  # of what can be raised to a number


class LatentGoals:
    """Proposes second goals.

    Args:
        pairs: What was learned.
        version: Version of it.
    """

    kind: ClassVar[str] = "latent_goals"

    def __init__(self, pairs: GoalPairs, version: str | None = None) -> None:
        self.pairs, self.version = pairs, version

    def __call__(self, occasion: Occasion) -> Iterator[Offer]:
        """Propose the second goals of what was just done, the home's own first."""
        if occasion.done is None:
            return
        key = occasion.done.key
        scope = scope_of(occasion.situation.home_id, occasion.user_id)
        done = {general(one.key) for one in occasion.earlier}
        proposed: set[str] = set()
        for pair in self.pairs.after(dict.fromkeys((key, general(key))), scope):
            if general(pair.target) in done or general(pair.target) in proposed:
                continue  # it was done a moment ago, or a nearer pair says the same
            if _is_of_hour(pair, part_of_day(occasion.now.hour)):
                proposed.add(general(pair.target))
                yield self._offer(pair, goal_of(key), occasion.user_id)

    def offers(self, user_id: str | None) -> Iterator[Offer]:
        """Return every pair as an offer, once: what homes share, and what a person's home does where they take part."""
        found = (
            pair
            for pair in self.pairs.rows()
            if pair.scope == SHARED or (user_id is not None and self.pairs.did(user_id, pair)[0])
        )
        known = {(pair.source, pair.target): pair for pair in found}  # shared ones come first, the home's own stand
        for pair in known.values():
            yield self._offer(pair, goal_of(pair.source), user_id)

    def _offer(self, pair: GoalPair, first: Goal, user_id: str | None) -> Offer:
        times, both = self.pairs.did(user_id, pair) if user_id is not None else (0, 0)
        people = _kinds(shares_of(pair.share, pair.lift), pair.habits, times, both)
        return Offer(
            kind=self.kind,
            meaning=f"{pair.source} {FULFILS}{pair.target}",
            because=_because(pair, times, both),
            deeds=(_deed(pair, first),),
            anyway=sum(one.share * one.anyway for one in people),
            people=people,
        )


@lru_cache(maxsize=4_096)
def _kinds(shares: tuple[float, ...], known: tuple[float, ...], times: int, both: int) -> tuple[PersonKind, PersonKind]:
    """Return the kinds that a person may be of, by what they did so far: the goal does not concern them, or does."""
    habits = known if len(known) == len(shares) else (1.0 / len(shares),) * len(shares)
    logs = [
        log(max(habit, _RARE)) + log_likelihood(both, times, share) for habit, share in zip(habits, shares, strict=True)
    ]
    best = max(logs[1:])
    mass = [exp(one - best) for one in logs[1:]]
    concerned = sum(mass)
    unconcerned = 1.0 / (1.0 + concerned * exp(min(best - logs[0], _MOST_LOG)))
    anyway = sum(one * share for one, share in zip(mass, shares[1:], strict=True)) / concerned
    return (
        PersonKind(unconcerned, habits[0], *_UNCONCERNED, anyway=shares[0]),
        PersonKind(1.0 - unconcerned, 1.0 - habits[0], *_CONCERNED, anyway=anyway),
    )


def _deed(pair: GoalPair, first: Goal) -> Interpretation:
    """Return the second goal with its values."""
    second, held = goal_of(pair.target), dict(first.slots)
    slots = dict(second.slots)
    for one in pair.filled:
        value = held.get(one.carried) if one.carried is not None else one.value
        if value is not None:
            slots[one.slot] = value
    return Interpretation(domain=second.domain or None, intent=second.intent, slots=tuple(slots.items()))


def _is_of_hour(pair: GoalPair, part: str) -> bool:
    shares = dict(pair.parts)
    if not shares.keys() - {"", "*"}:
        return True
    return shares.get(part, 0.0) >= _SELDOM * pair.share


def _because(pair: GoalPair, times: int, both: int) -> str:
    whose = "In this home" if pair.scope != SHARED else f"In {pair.homes} homes"
    said = f"{whose}, that is often asked for next after what you asked for: {pair.share:.0%} of the time"
    own = f"; you did so {both} of {times} times" if times else ""
    return f"{said}, {pair.lift:.1f} times as often as by chance{own}."
