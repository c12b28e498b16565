"""A hand-made model of repairs, as small as it can be."""

from __future__ import annotations

import numpy as np

from uptake.artifacts.forest import Forest
from uptake.artifacts.repair.gists import Gists
from uptake.artifacts.repair.heard import Conventions, Heard
from uptake.artifacts.repair.tables import Lens, Names, Ties
from uptake.artifacts.repair.trees import Trees
from uptake.artifacts.repair.values import Values
from uptake.artifacts.repairs import RepairModel, Rule

CONVENTIONS = Conventions(courtesy=("bye",), placeholder="this", asking=("request",))
VALUES = Values({"indian": (("food", "indian"),), "italian": (("food", "italian"),), "north": (("area", "north"),)})
FOOD = frozenset({("inform", "food", "indian")})


def heard(*texts: str, readings: tuple = ((frozenset(), 1.0),), asked: tuple[str, ...] = ()) -> Heard:
    """A first turn: alternatives of equal mass, readings with their probabilities."""
    return Heard(
        texts=tuple((text, 1 / len(texts)) for text in texts), score=-1.0, readings=tuple(readings), asked=asked
    )


def stump(feature: str, threshold: float, low: float, high: float) -> Trees:
    """One tree with one question; its leaves are log-odds."""
    return Trees(
        names=(feature,),
        forest=Forest(
            roots=np.array([0], np.int32),
            column=np.array([0], np.int32),
            threshold=np.array([threshold]),
            left=np.array([-1], np.int32),
            right=np.array([-2], np.int32),
            leaves=np.array([low, high]),
        ),
    )


def model(*, rule: Rule | None = None, pieces: Trees | None = None) -> RepairModel:
    """Whoever says a food in every alternative means it."""
    told = [(heard("indian food"), FOOD), (heard("indian food"), FOOD)]
    ties = Ties.of([one for one, _ in told], [meaning for _, meaning in told], VALUES)
    gists = Gists(("inform:food",), np.zeros(0, np.uint64), np.zeros((0, 1), np.float32), np.array([3.0], np.float32))
    return RepairModel(
        conventions=CONVENTIONS,
        values=VALUES,
        lenses=(Lens(name="log", gists=gists, ties=ties),),
        names=Names.of([heard("indian food", readings=((FOOD, 0.9),))]),
        pieces=pieces,
        whole=stump("fit_gain", 0.5, -3.0, 3.0),
        rule=rule or Rule(loss=2.0, neutral=0.5, least=0.5, additive=True),
    )
