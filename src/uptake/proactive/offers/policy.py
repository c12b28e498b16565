"""Decide whether one offer may be said now. Silence is the default.

An offer is said where the person opted in to its kind, nothing went wrong in the conversation, the hour is not quiet,
the day's budget and the pause since the last one allow it, what people do anyway does not already bring it, and the
lower bound of P(accept) is high enough. P(accept) is a Beta posterior: the evidence behind the offer and what others
answered are its prior, what the person answered weighs in full, and their answers to other offers of the kind a little.
An offer with few answers may be tried within the same budget (`explore`); one that would be said is now and then
withheld (`withhold`), so that the log shows what people do by themselves. Both are drawn; their probability is logged.

Source: the trigger and the automatic suppression described by Kumar and Rath, "Alexa gets better at predicting
customers' goals" (2020). Differs: a posterior per offer and person in the place of a deep model.
Limit: nothing here knows whether the person is busy, but for quiet hours and how they answered before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import itemgetter

import xxhash

from uptake.errors import BadConfig
from uptake.proactive.offers.artifact import EVERYBODY, OfferAnswers
from uptake.proactive.offers.belief import Belief, believed
from uptake.proactive.offers.offer import Occasion, Offer, kind_of
from uptake.proactive.offers.standing import Standing, Tally

__all__ = ["Choice", "OfferPolicy"]

_OTHERS, _OF_KIND, _ANYWAY = 6.0, 3.0, 5.0  # answers that others', the person's to other offers, and the log are worth
_MOST_WAIT = 6  # doublings of the pause
_MADE, _TRIED = "made", "tried now and then"
_SURE = 0.95  # probability with which an offer that is suppressed is seldom accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Decision of the policy."""

    offer: Offer | None = None
    """Offer that was said or withheld; None if there is none."""
    said: bool = False
    """Whether it is said."""
    propensity: float = 1.0
    """Probability, in (0, 1], with which it was said (or withheld, where it was)."""
    reason: str = ""
    """Reason, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPolicy:
    """Policy for offers; equal standings, answers and turns always give the same choice.

    Args:
        kinds: Kinds of offers that are on for everybody at home, or "all"; a person may still switch them off.
        per_day: Most offers to one person a day.
        pause_min: Least minutes between two offers; doubled by each one in a row that was not welcome.
        quiet: Hours in which nothing is offered, as "22:00-07:00"; "" for none. A person's own quiet hours add to them.
        least_welcome: Least lower bound, in [0, 1], of P(accept) for an offer to be said.
        confidence: Confidence, in (0.5, 1), of that bound.
        floor: An offer is suppressed where P(accept) is below this with probability 0.95.
        most_anyway: Largest chance, in [0, 1], that the person does it anyway.
        explore: Probability, in [0, 1), of saying an offer that may be welcome but has too few answers to tell.
        withhold: Probability, in [0, 1), of withholding an offer that would be said.
        seed: Of what is drawn.

    Raises:
        BadConfig: An option is out of range.
    """

    kinds: Sequence[str] = ()
    per_day: int = 3
    pause_min: float = 20.0
    quiet: str = "22:00-07:00"
    least_welcome: float = 0.4
    confidence: float = 0.8
    floor: float = 0.3
    most_anyway: float = 0.22
    explore: float = 0.3
    withhold: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        shares = (self.least_welcome, self.floor, self.most_anyway)
        if not all(0.0 <= share <= 1.0 for share in shares):
            raise BadConfig("least_welcome, floor and most_anyway must be in [0, 1]")
        if not (0.0 <= self.explore < 1.0 and 0.0 <= self.withhold < 1.0):
            raise BadConfig("explore and withhold must be in [0, 1)")
        if not 0.5 < self.confidence < 1.0:
            raise BadConfig("confidence must be in (0.5, 1)")
        if self.per_day < 0 or self.pause_min < 0:
            raise BadConfig("per_day and pause_min must not be negative")
        if isinstance(self.kinds, str):
            raise BadConfig('kinds must be a list, for example ["latent_goals"]')
        _span(self.quiet)

    def hush(
        self, standing: Standing, now: datetime, *, quiet: Sequence[str] = (), failing: bool = False
    ) -> str | None:
        """Return why nothing may be offered to a person at a moment; None where something may.

        Args:
            standing: Where the person stands.
            now: The moment, aware, on the clock of the home.
            quiet: The person's own quiet hours, each as "22:00-07:00".
            failing: Whether something has just gone wrong in the conversation.
        """
        if not (standing.on or self.kinds) or "all" in standing.off:
            return "nobody asked for offers"
        if failing:
            return "something went wrong in this conversation"
        if any(_within(now.time(), hours) for hours in (self.quiet, *quiet)):
            return "quiet hours"
        if standing.said_on(now) >= self.per_day:
            return "the day's offers were made"
        last = standing.last_said()
        wait = timedelta(minutes=self.pause_min * 2 ** min(standing.unwelcome_in_a_row(), _MOST_WAIT))
        if last is not None and now - last.at < wait:
            return "the last offer was not long ago"
        return None

    def choose(self, offers: Sequence[Offer], occasion: Occasion, standing: Standing, answers: OfferAnswers) -> Choice:
        """Choose one offer, or none.

        Args:
            offers: What is proposed; `hush` has nothing against offering.
            occasion: When, and to whom.
            standing: Where the person stands.
            answers: What was learned from answers.
        """
        reason = "nothing to offer"
        best: tuple[float, Offer] | None = None
        worth_trying: tuple[float, Offer] | None = None
        for offer in offers:
            belief = self.belief(offer, occasion.user_id, standing, answers)
            refused = self.refuses(offer, belief, standing)
            if refused is not None:
                reason = refused
                continue
            worth, verdict = (belief.gain, offer), self.verdict(belief)
            if verdict == _MADE:
                best = max(best or worth, worth, key=itemgetter(0))
            elif verdict == _TRIED:
                worth_trying = max(worth_trying or worth, worth, key=itemgetter(0))
            reason = "too few would accept it"
        if best is not None:
            return self._drawn(best[1], occasion, 1.0 - self.withhold, "it is likely to be accepted")
        if worth_trying is not None:
            return self._drawn(worth_trying[1], occasion, self.explore, "it may be welcome: tried now and then")
        return Choice(reason=reason)

    def refuses(self, offer: Offer, belief: Belief, standing: Standing) -> str | None:
        """Return why an offer is not made to a person at all; None where it may be."""
        if not standing.allows(offer.kind, tuple(self.kinds)):
            return "the person did not ask for offers of this kind"
        if offer.offer_id in standing.never:
            return "the person does not want it again"
        if belief.anyway > self.most_anyway:
            return "the person does it anyway"
        if self.suppressed(belief):
            return "suppressed: it is seldom accepted"
        return None

    def suppressed(self, belief: Belief) -> bool:
        """Return whether the posterior says that an offer is unwelcome."""
        return belief.below(self.floor) > _SURE

    def chance(self, belief: Belief) -> float:
        """Return the chance with which an offer that is not refused is said."""
        return {_MADE: 1.0 - self.withhold, _TRIED: self.explore}.get(self.verdict(belief), 0.0)

    def verdict(self, belief: Belief) -> str:
        """Say whether an offer that is not refused is made."""
        too_few = belief.below(self.least_welcome)
        if too_few <= 1.0 - self.confidence:
            return _MADE
        return _TRIED if too_few <= self.confidence and self.explore > 0.0 else "not made: too few would accept it"

    def belief(self, offer: Offer, user_id: str, standing: Standing, answers: OfferAnswers) -> Belief:
        """Return the posterior of an offer for a person."""
        learned, others = answers.find(user_id, offer.offer_id), answers.find(EVERYBODY, offer.offer_id)
        held = standing.tally(offer.offer_id)
        own = held.most(learned.tally)
        of_kind = _minus(standing.tally(kind=kind_of(offer.offer_id)), held)
        belief = believed(offer, own, ((others.tally, _OTHERS), (of_kind, _OF_KIND)))
        # Who said yes or no tells nothing of what they would have done: only what was withheld or passed over does;
        # where the offer knows what the person does by themselves, what was withheld is part of that.
        counted = max((learned, others), key=lambda one: one.withheld)
        withheld, came = (0, 0) if offer.people else (counted.withheld, counted.came_anyway)
        anyway = (_ANYWAY * belief.anyway + came + own.anyway) / (_ANYWAY + withheld + own.anyway)
        return Belief(parts=belief.parts, anyway=anyway)

    def _drawn(self, offer: Offer, occasion: Occasion, chance: float, reason: str) -> Choice:
        drawn = xxhash.xxh3_64_intdigest(f"{self.seed}\0{occasion.turn_id}\0{offer.offer_id}".encode()) / 2**64
        said = drawn < chance
        return Choice(offer=offer, said=said, propensity=chance if said else 1.0 - chance, reason=reason)


def _minus(whole: Tally, part: Tally) -> Tally:
    return Tally(
        accepted=whole.accepted - part.accepted,
        declined=whole.declined - part.declined,
        ignored=whole.ignored - part.ignored,
    )


def _span(hours: str) -> tuple[time, time] | None:
    """Return the beginning and the end of some hours; None for "".

    Raises:
        BadConfig: They are written otherwise.
    """
    if not hours:
        return None
    begin, _, end = hours.partition("-")
    try:
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise BadConfig('quiet hours must be written like "22:00-07:00"') from None


def _within(moment: time, hours: str) -> bool:
    span = _span(hours)
    if span is None:
        return False
    begin, end = span
    return begin <= moment < end if begin <= end else moment >= begin or moment < end
