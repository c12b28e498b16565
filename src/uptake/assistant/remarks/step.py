"""Tell what people say beside a request, and that asks for nothing, from requests: "film's about to start".

A linear classifier over words, pairs of words and letters tells remarks from requests, from pieces of requests ("the
other one", "at half past six") and from what is asked of somebody else. It was learned from remarks and wordings of
several authors; the probability from which a piece is taken for a remark is the lowest at which hardly any request of
an author who was not learned from is (`model/threshold.json`).

Limit: English.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.understanding.intents.artifact import IntentModel

__all__ = ["MODEL", "REMARK", "is_told", "least_alone", "least_chance", "remark_chance"]

MODEL = Path(__file__).parent / "model"
"""Folder of the model."""
REMARK = "remark"
"""Label of what asks for nothing; the others are "request", "piece" and "outside"."""


def is_told(text: str) -> bool:
    """Tell whether a text, by its words alone, is a remark.

    >>> is_told("the baby's finally down"), is_told("turn on the lamp"), is_told("at half past six")
    (True, False, False)
    """
    return remark_chance(text) >= least_chance()


def remark_chance(text: str) -> float:
    """Return the probability, in [0, 1], that a text is a remark; 0 for one without a word."""
    return _chance(normalize(text))


@cache
def least_chance() -> float:
    """Return the least probability, in [0, 1], of a remark."""
    return float(_thresholds()["least"])


@cache
def least_alone() -> float:
    """Return the least probability, in [0, 1], of a remark that is all that was said."""
    return float(_thresholds()["alone"])


@cache
def _thresholds() -> dict[str, float]:
    return dict(json.loads((MODEL / "threshold.json").read_text(encoding="utf-8")))


@lru_cache(maxsize=512)
def _chance(said: str) -> float:
    model = _model()
    return float(model.probabilities(said)[model.labels.index(REMARK)]) if said else 0.0


@cache
def _model() -> IntentModel:
    from uptake.understanding.intents.artifact import IntentModel

    return IntentModel.load(MODEL)
