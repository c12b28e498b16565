"""Offers: what every kind of them shares, and how people answered them."""

from __future__ import annotations

from uptake.capability import Capability

__all__ = ["CAPABILITY"]

CAPABILITY = Capability(
    name="offers",
    kind="offer_answers",
    help="Answers to suggestions: which are welcome, and which people would ask for anyway.",
    daily=True,
    artifact="uptake.proactive.offers.artifact:OfferAnswers",
    learner="uptake.proactive.offers.learn:OfferLearner",
)
