"""Fit the weights of the context model, on situations with a known right interpretation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from uptake.lab.simulate.situations.cases import Case, Group
from uptake.lab.simulate.situations.hand_written import written
from uptake.lab.simulate.situations.households import Drawn, draw
from uptake.ml.learn.logit import Choice, fit_choices
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.features import AGAINST, FEATURES
from uptake.understanding.situation.step import NAMES, features

__all__ = ["DRAWN", "candidates", "fit_weights", "prior"]

DRAWN = 720
"""Drawn situations to fit on."""
_WEIGHT_OF_DRAWN = 0.2
_PRECISION = 0.5
_COUNTED = {"counted": 1.5, "counted_request": 3.0}
_COUNTED_ELSE = 1.5  # of the other counts: no situation teaches them, so they stay at what was believed


def prior() -> dict[str, float]:
    """Return the prior weights: every feature counts one, for or against; "said" nothing."""
    situational = {name: -1.0 if name in AGAINST else 0.0 if name == "said" else 1.0 for name in FEATURES}
    return {name: situational.get(name, _COUNTED.get(name, _COUNTED_ELSE)) for name in NAMES}


def candidates(group: Group) -> list[Interpretation]:
    """Return the readings of a group, each once."""
    return list({case.reading.key: case.reading for case in group}.values())


def fit_weights(groups: Sequence[Group], *, own: bool = True, drawn: int = DRAWN, seed: int = 0) -> dict[str, float]:
    """Fit the weights.

    Args:
        groups: Cases to learn from.
        own: Whether to learn from the hand-written situations that come with the package too.
        drawn: How many drawn situations to learn from.
        seed: Of what is drawn.
    """
    choices = [_case(case, candidates(group)) for group in groups for case in group]
    choices += _own() if own else []
    choices += _drawn(drawn, seed)
    before = prior()
    found = fit_choices(choices, np.array([before[name] for name in NAMES]), precision=_PRECISION)
    return dict(zip(NAMES, found.tolist(), strict=True))


@lru_cache(maxsize=1)
def _own() -> list[Choice]:
    return [_case(case, candidates(group)) for group in written() for case in group]


@lru_cache(maxsize=2)
def _drawn(size: int, seed: int) -> list[Choice]:
    return [_choice_of(one) for one in draw(size, seed=seed)]


def _case(case: Case, readings: Sequence[Interpretation]) -> Choice:
    right = [reading.key for reading in readings].index(case.reading.key)
    return Choice(features=_matrix(case.text, readings, case.situation), right=right)


def _choice_of(one: Drawn) -> Choice:
    return Choice(features=_matrix(one.text, one.candidates, one.situation), right=0, weight=_WEIGHT_OF_DRAWN)


def _matrix(text: str, readings: Sequence[Interpretation], situation: Situation) -> NDArray[np.float64]:
    return _array(features(text, readings, situation))


def _array(rows: Iterable[Mapping[str, float]]) -> NDArray[np.float64]:
    return np.array([[row.get(name, 0.0) for name in NAMES] for row in rows], dtype=np.float64)
