"""Propose what people often go on to, after a goal that was reached.

P(accept) of a pair nobody has answered yet is taken from how often people go on to it by themselves; the chance that
this person does it anyway is theirs, leaning on everybody's, and holds for those whom it concerns. Values are carried
over from the first goal, or are those that the second one usually has.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, lgamma, log
from typing import ClassVar

from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs, scope_of
from uptake.proactive.latent_goals.features import Goal, general, goal_of, part_of_day
from uptake.proactive.offers.offer import FULFILS, Occasion, Offer
from uptake.types import Interpretation

__all__ = ["LatentGoals"]

_SELDOM = 0.5  # of the share over all parts of the day: below, the pair belongs to other hours
_WEIGHT = 3.0
_BY_CHANCE = 0.02  # P(second goal next) of whom it does not concern
_SHARE_CONCERNED, _PRIOR = 2.0 / 3.0, 2.0  # share of people it concerns; times that the pair's share is worth
_MOST_LOG = 700.0
_UNCONCERNED, _CONCERNED = 0.1, 0.7  # P(accept) before anybody answered


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
        """Return every pair as an offer: what homes share, and what a person's own habit is."""
        for pair in self.pairs.rows():
            if pair.scope == SHARED or (user_id is not None and self.pairs.did(user_id, pair)[1]):
                yield self._offer(pair, goal_of(pair.source), user_id)

    def _offer(self, pair: GoalPair, first: Goal, user_id: str | None) -> Offer:
        times, both = self.pairs.did(user_id, pair) if user_id is not None else (0, 0)
        concerned, anyway = _concern(pair, times, both)
        return Offer(
            kind=self.kind,
            meaning=f"{pair.source} {FULFILS}{pair.target}",
            because=_because(pair, times, both),
            deeds=(_deed(pair, first),),
            welcome=_UNCONCERNED + (_CONCERNED - _UNCONCERNED) * concerned,
            weight=_WEIGHT,
            anyway=anyway,
        )


def _concern(pair: GoalPair, times: int, both: int) -> tuple[float, float]:
    """Return (P(the second goal concerns a person), P(they go on to it by themselves, if it does)), from what they did.

    Two in three are concerned, each as often by themselves as a Beta distribution around what the pair's share makes of
    that; the others hardly ever go on to it. Of the chance only those are told whom it concerns, since nobody else
    accepts an offer of it.
    """
    usual = min(max(pair.share / _SHARE_CONCERNED, _BY_CHANCE), 0.9)
    for_it, against = _PRIOR * usual, _PRIOR * (1.0 - usual)
    not_both = times - both
    concerned = log(_SHARE_CONCERNED) + _log_beta(for_it + both, against + not_both) - _log_beta(for_it, against)
    unconcerned = log(1.0 - _SHARE_CONCERNED) + both * log(_BY_CHANCE) + not_both * log(1.0 - _BY_CHANCE)
    chance = 1.0 / (1.0 + exp(min(unconcerned - concerned, _MOST_LOG)))
    return chance, (for_it + both) / (_PRIOR + times)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


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
