"""Propose what people often go on to, after a goal that was reached.

P(accept) of a pair nobody has answered yet is taken from how often people go on to it by themselves; the chance that
this person does it anyway is theirs, leaning on everybody's. Values are carried over from the first goal, or are those
that the second one usually has.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log
from typing import ClassVar

from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs, scope_of
from uptake.proactive.latent_goals.features import Goal, general, goal_of, part_of_day
from uptake.proactive.offers.offer import FULFILS, Occasion, Offer
from uptake.types import Interpretation

__all__ = ["LatentGoals"]

_SELDOM = 0.5  # of the share over all parts of the day: below, the pair belongs to other hours
_WEIGHT = 3.0
_BY_CHANCE = 0.02  # P(second goal next) of whom it does not concern
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
    """Return (P(the second goal concerns a person), P(they go on to it anyway)), from what they did so far.

    People are of three kinds, as likely as each other: whom it does not concern, who hardly ever went on to it; whom it
    concerns and who forgets it, half as often as all together; and who remembers it, more than twice as often.
    """
    shares = (_BY_CHANCE, max(pair.share / 2.0, _BY_CHANCE), min(max(2.5 * pair.share, _BY_CHANCE), 0.95))
    logs = [both * log(share) + (times - both) * log(1.0 - share) for share in shares]
    mass = [exp(one - max(logs)) for one in logs]
    anyway = sum(one * share for one, share in zip(mass, shares, strict=True)) / sum(mass)
    return 1.0 - mass[0] / sum(mass), anyway


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
