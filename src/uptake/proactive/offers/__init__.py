"""Offers: what every kind of them shares, and how people answered them."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="offers",
    kind="offer_answers",
    help="How offers were answered: which are welcome, which only precede what people do anyway.",
    daily=True,
    artifact="uptake.proactive.offers.artifact:OfferAnswers",
    learner="uptake.proactive.offers.learn:OfferLearner",
)
