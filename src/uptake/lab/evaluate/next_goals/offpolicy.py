"""Compare off-policy estimates of other thresholds for offers with the truth of the town."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from uptake.experiments.offered import Moment, offer_moments, offer_values
from uptake.lab.simulate.follow_ups import CURIOUS, MISHEARD, WELCOME, Need
from uptake.proactive.offers.offer import Offer, fulfils
from uptake.proactive.offers.policy import OfferPolicy
from uptake.types import Turn

__all__ = ["THRESHOLDS", "offpolicy"]

THRESHOLDS = (0.4, 0.55, 0.7)
"""Thresholds of P(accept) that are judged; the first made the log."""


def offpolicy(
    turns: Iterable[Turn], needs: Sequence[Need], offers: Callable[[Moment], Offer | None], *, seed: int
) -> dict[str, Any]:
    """Return what the log says of each threshold, the truth beside it, and the share of intervals that hold the truth.

    Args:
        turns: Turns of people who heard offers.
        needs: What was true of each moment.
        offers: Finds the offer of a moment as it was proposed then.
        seed: Of the intervals.
    """
    true = {one.turn_id: one for one in needs}
    ordered = offer_moments(sorted(turns, key=lambda each: (each.said_at, each.turn_id)))
    found = sorted((one for one in ordered if one.turn_id in true), key=lambda one: (one.at, one.turn_id))
    figures: dict[str, Any] = {"offpolicy.moments": len(found)}
    held: list[bool] = []
    for one in offer_values(found, OfferPolicy(), THRESHOLDS, offers=offers, seed=seed):
        name = f"offpolicy.{one.least_welcome:g}"
        told = one.to_json()
        known = _truth([true[each.turn_id] for each in found], [each.offer_id for each in found], one.chances)
        figures |= {f"{name}.offers": told["offers"], f"{name}.effective": told["effective"]}
        for figure, value in known.items():
            parts = {"": told[figure], "_low": told[f"{figure}_low"], "_high": told[f"{figure}_high"], "_true": value}
            figures |= {f"{name}.{figure}{part}": said for part, said in parts.items()}
            held.append(told[f"{figure}_low"] <= value <= told[f"{figure}_high"])
    return figures | {"offpolicy.held": float(np.mean(held))}


def _truth(needs: Sequence[Need], offer_ids: Sequence[str], chances: Sequence[float]) -> Mapping[str, float]:
    """Return what is true of a policy that says each offer with some chance, in expectation over people's answers."""
    said = np.asarray(chances)
    needed = np.array([fulfils(one.target or None, offer) for one, offer in zip(needs, offer_ids, strict=True)])
    came = np.array([one.remembered for one in needs]) * needed * (1.0 - MISHEARD)
    yes = np.where(needed, WELCOME, CURIOUS)
    silent = (1.0 - yes) / 2.0
    reached = said * (yes + silent * came) + (1.0 - said) * came
    return {
        "accepted": float((said * yes).sum() / said.sum()),
        "anyway": float((said * came).sum() / said.sum()),
        "reached": float(reached.mean()),
        "unwelcome": float((said * (1.0 - yes - silent * came)).mean()),
    }
