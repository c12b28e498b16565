"""Estimate off-policy, from a log of offers, the outcome of another threshold of P(accept).

Each turn with an offer, said or withheld by chance, records the offer's probability. The beliefs of that time are
computed again from earlier answers. A threshold then makes each offer with some probability, and the turn counts with
weight probability / propensity:

- accepted, and anyway (asked for by people themselves when the offer was withheld): self-normalised;
- reached (accepted, or done by oneself) and unwelcome (declined or ignored), per moment: IPS, and doubly robust with
  the mean of each offer, shrunk to everybody's and fitted on the other half of the users.

Source: Dudík, Langford and Li, "Doubly Robust Policy Evaluation and Learning" (ICML 2011); Swaminathan and Joachims
(NIPS 2015) for self-normalised weights. Limit: moments without an offer on record cannot be evaluated, so a threshold
below the one that made the log is evaluated only in part. An offer that is not made frees its day's budget for another,
which is not modelled. The prior of an offer is taken from the version that was served then, if it is still stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.errors import BadConfig, NotReady
from uptake.log.sessions import GAP_S
from uptake.ml.bootstrap import interval
from uptake.proactive.offers.artifact import EVERYBODY, Answered, OfferAnswers
from uptake.proactive.offers.events import answer_of
from uptake.proactive.offers.offer import Offer, fulfils
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Answer, Made, Standing, Tally
from uptake.types import Turn

__all__ = ["Moment", "Worth", "offer_moments", "offer_values"]

Floats = NDArray[np.float64]
_SHRINK = 5.0
_FEWEST = 50  # moments
_HOMES = 3  # people who must have answered before it counts for others


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Offer that was made, or withheld by chance, and its outcome."""

    turn_id: str
    user_id: str
    offer_id: str
    at: datetime
    said: bool
    propensity: float
    """Probability of what was done."""
    answer: Answer | None
    """How it was answered, where it was said."""
    came: bool
    """Whether the person did it by themselves right after, where it was withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Expected value of offers under one threshold."""

    least_welcome: float
    """The threshold."""
    complete: bool
    """Whether every moment at which it would say something is on record."""
    offers: float
    """Offers that it would have said, expected."""
    effective: float
    """Moments of weight 1 that the weighted ones are worth."""
    chances: tuple[float, ...]
    """Chance with which it would say each offer on record, in order of time."""
    figures: dict[str, float]
    """accepted, anyway, reached and unwelcome, each with `_low` and `_high`; `reached_ips` and `unwelcome_ips`."""

    def to_json(self) -> dict[str, Any]:
        """Return flat JSON values; unknown figures are None."""
        known = {name: None if np.isnan(value) else round(value, 4) for name, value in self.figures.items()}
        fields = asdict(self) | known
        del fields["figures"], fields["chances"]
        return fields | {"offers": round(self.offers, 1), "effective": round(self.effective, 1)}


def offer_moments(turns: Iterable[Turn]) -> Iterator[Moment]:
    """Return the offers on record, each with the turns that followed in its session."""
    waits: dict[str, Turn] = {}
    for turn in turns:
        before = waits.pop(turn.user_id, None)
        if before is not None:
            yield _moment(before, turn if _same_session(before, turn) else None)
        if turn.offer is not None:
            waits[turn.user_id] = turn
    for before in waits.values():
        yield _moment(before, None)


def offer_values(
    found: Iterable[Moment],
    policy: OfferPolicy,
    thresholds: Sequence[float],
    *,
    offers: Callable[[Moment], Offer | None] | None = None,
    seed: int = 0,
) -> list[Worth]:
    """Estimate the outcome of each threshold on the moments of a log.

    Args:
        found: The moments, in any order.
        policy: The policy that made the log; its other options are kept.
        thresholds: Values of `least_welcome`.
        offers: Returns the offer of a moment as it was proposed then. It must use nothing that was learned from that
            moment, or the estimate is biased. None if it is unknown.
        seed: Seed of the bootstrap for the intervals.

    Raises:
        NotReady: The log has too few offers, or no probabilities.
    """
    if bad := [one for one in thresholds if not 0.0 <= one <= 1.0]:
        raise BadConfig(f"thresholds must be in [0, 1], got {bad[0]:g}")
    rows = sorted(found, key=lambda one: (one.at, one.turn_id))
    if len(rows) < _FEWEST:
        raise NotReady(f"the log holds {len(rows)} offers, said or withheld; at least {_FEWEST} are needed")
    if all(one.propensity == 1.0 for one in rows):
        raise NotReady("every offer has propensity 1: the log does not say what else could have happened; see withhold")
    chances = _replayed(rows, [replace(policy, least_welcome=one) for one in thresholds], offers)
    log = _Log.of(rows)
    return [
        _worth(log, chances[:, at], threshold, threshold >= policy.least_welcome, seed=seed)
        for at, threshold in enumerate(thresholds)
    ]


def _moment(turn: Turn, after: Turn | None) -> Moment:
    assert turn.offer is not None  # noqa: S101 - only such turns wait
    made = turn.offer
    key = "" if after is None or after.interpretation is None else after.interpretation.key
    following = "undone" if after is not None and after.undone else key
    return Moment(
        turn_id=turn.turn_id,
        user_id=turn.user_id,
        offer_id=made.offer_id,
        at=turn.said_at,
        said=made.said,
        propensity=made.propensity,
        answer=answer_of(made.offer_id, following) if made.said else None,
        came=not made.said and fulfils(following, made.offer_id),
    )


def _same_session(one: Turn, after: Turn) -> bool:
    if one.session_id is not None or after.session_id is not None:
        return one.session_id == after.session_id
    return (after.said_at - one.said_at).total_seconds() <= GAP_S


def _replayed(
    rows: Sequence[Moment], policies: Sequence[OfferPolicy], offers: Callable[[Moment], Offer | None] | None
) -> Floats:
    """Return (n, policies) the probability with which each policy makes each offer, given the answers before it."""
    standings: dict[str, Standing] = {}
    answers: dict[tuple[str, str], Answered] = {}
    who: dict[str, set[str]] = defaultdict(set)
    chances = np.zeros((len(rows), len(policies)))
    for at, one in enumerate(rows):
        kind, _, meaning = one.offer_id.partition(":")
        told = offers(one) if offers is not None else None
        offer = told or Offer(kind=kind, meaning=meaning, because="")
        standing = standings.get(one.user_id, Standing(on=("all",)))
        known = [answers[who_said, one.offer_id] for who_said in (one.user_id, EVERYBODY)
                 if (who_said, one.offer_id) in answers
                 and (who_said != EVERYBODY or len(who[one.offer_id]) >= _HOMES)]  # fmt: skip
        belief = policies[0].belief(offer, one.user_id, standing, OfferAnswers.of(known))
        for column, policy in enumerate(policies):
            refused = policy.refuses(offer, belief, standing)
            chances[at, column] = 0.0 if refused is not None else policy.chance(belief)
        made = Made(offer_id=one.offer_id, turn_id=one.turn_id, at=one.at, said=one.said, answer=one.answer)
        standings[one.user_id] = standing.with_made(made)
        who[one.offer_id].add(one.user_id)
        for user_id in (one.user_id, EVERYBODY):
            before = answers.get((user_id, one.offer_id))
            answers[user_id, one.offer_id] = _one_more(before, user_id, one)
    return chances


def _one_more(told: Answered | None, user_id: str, one: Moment) -> Answered:
    told = told or Answered(user_id=user_id, offer_id=one.offer_id, tally=Tally())
    if one.answer is not None:
        return replace(told, tally=told.tally.plus(Tally(**{one.answer: 1})))
    return replace(told, withheld=told.withheld + 1, came_anyway=told.came_anyway + one.came)


@dataclass(frozen=True, slots=True)
class _Log:
    """The moments as columns."""

    users: tuple[str, ...]
    said: Floats
    propensity: Floats
    accepted: Floats
    came: Floats
    reached: Floats
    unwelcome: Floats
    guessed: dict[str, Floats]
    """Outcome -> (n, 2) its expectation where the offer is withheld, and said, by the other half's model."""

    @staticmethod
    def of(rows: Sequence[Moment]) -> _Log:
        said = np.array([one.said for one in rows], dtype=np.float64)
        reached = np.array([one.came or one.answer in ("accepted", "anyway") for one in rows], dtype=np.float64)
        unwelcome = np.array([one.answer in ("declined", "ignored") for one in rows], dtype=np.float64)
        halves = np.array([xxhash.xxh3_64_intdigest(one.user_id.encode("utf-8", "surrogatepass")) & 1 for one in rows])
        names = {name: at for at, name in enumerate(dict.fromkeys(one.offer_id for one in rows))}
        which = np.array([names[one.offer_id] for one in rows])
        return _Log(
            users=tuple(one.user_id for one in rows),
            said=said,
            propensity=np.array([one.propensity for one in rows]),
            accepted=np.array([one.answer == "accepted" for one in rows], dtype=np.float64),
            came=np.array([one.came for one in rows], dtype=np.float64),
            reached=reached,
            unwelcome=unwelcome,
            guessed={
                "reached": _guessed(reached, said, which, halves),
                "unwelcome": _guessed(unwelcome, said, which, halves),
            },
        )


def _guessed(outcome: Floats, said: Floats, which: NDArray[Any], halves: NDArray[Any]) -> Floats:
    """Predict (n, 2) an outcome of each offer, withheld and made; users of each half by a model of the other half."""
    guessed = np.zeros((len(outcome), 2))
    for half in (0, 1):
        for action in (0, 1):
            fit = (halves != half) & (said == action)
            overall = float(outcome[fit].mean()) if fit.any() else 0.0
            size = int(which.max()) + 1
            times = np.bincount(which[fit], minlength=size)
            total = np.bincount(which[fit], weights=outcome[fit], minlength=size)
            by_offer = (total + _SHRINK * overall) / (times + _SHRINK)
            guessed[halves == half, action] = by_offer[which[halves == half]]
    return guessed


def _worth(log: _Log, chance: Floats, threshold: float, complete: bool, *, seed: int) -> Worth:
    weight = np.where(log.said > 0, chance, 1.0 - chance) / log.propensity
    heard, kept = log.said * chance / log.propensity, (1.0 - log.said) * chance / log.propensity

    def ratio(above: Floats, below: Floats) -> Callable[[NDArray[np.int64]], float]:
        def of(at: NDArray[np.int64]) -> float:
            total = float(below[at].sum())
            return float(above[at].sum()) / total if total > 0.0 else float("nan")

        return of

    every = np.ones_like(chance)
    statistics = {"accepted": ratio(heard * log.accepted, heard), "anyway": ratio(kept * log.came, kept)}
    figures = {}
    for name, outcome in (("reached", log.reached), ("unwelcome", log.unwelcome)):
        guess = log.guessed[name]
        predicted = guess[:, 0] * (1.0 - chance) + guess[:, 1] * chance
        done = np.where(log.said > 0, guess[:, 1], guess[:, 0])
        statistics[name] = ratio(predicted + weight * (outcome - done), every)
        figures[f"{name}_ips"] = float((weight * outcome).mean())
    everything = np.arange(len(chance))
    for name, statistic in statistics.items():
        low, high = interval(_or_not(statistic), log.users, seed=seed)
        figures |= {name: statistic(everything), f"{name}_low": low, f"{name}_high": high}
    effective = float(weight.sum() ** 2 / max((weight**2).sum(), 1e-300))
    return Worth(
        least_welcome=threshold,
        complete=complete,
        offers=float(chance.sum()),
        effective=effective,
        chances=tuple(chance.tolist()),
        figures=figures,
    )


def _or_not(statistic: Callable[[NDArray[np.int64]], float]) -> Callable[[NDArray[np.int64]], float]:
    """Remove bootstrap draws in which a figure is unknown."""

    def of(at: NDArray[np.int64]) -> float:
        value = statistic(at)
        if np.isnan(value):
            raise NotReady("nobody of this draw")
        return value

    return of
