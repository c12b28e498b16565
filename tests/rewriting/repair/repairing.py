"""A hand-made model of repairs, as small as it can be."""

from __future__ import annotations

import numpy as np

from uptake.ml.forest import Forest, Trees
from uptake.rewriting.repair.act_scores import ActScores
from uptake.rewriting.repair.artifact import RepairModel, Rule
from uptake.rewriting.repair.counts import GistModel, Names, Ties
from uptake.rewriting.repair.turn import Conventions, TurnView
from uptake.rewriting.repair.values import Values

CONVENTIONS = Conventions(courtesy=("bye",), placeholder="this", asking=("request",))
VALUES = Values({"indian": (("food", "indian"),), "italian": (("food", "italian"),), "north": (("area", "north"),)})
FOOD = frozenset({("inform", "food", "indian")})


def heard(*texts: str, readings: tuple = ((frozenset(), 1.0),), asked: tuple[str, ...] = ()) -> TurnView:
    """A first turn: alternatives of equal mass, readings with their probabilities."""
    return TurnView(
        texts=tuple((text, 1 / len(texts)) for text in texts), score=-1.0, readings=tuple(readings), asked=asked
    )


def stump(feature: str, threshold: float, low: float, high: float) -> Trees:
    """One tree with one question; its leaves are log-odds."""
    return Trees(
        names=(feature,),
        forests=(
            Forest(
                roots=np.array([0], np.int32),
                column=np.array([0], np.int32),
                threshold=np.array([threshold]),
                left=np.array([-1], np.int32),
                right=np.array([-2], np.int32),
                leaves=np.array([low, high]),
            ),
        ),
    )


def model(*, rule: Rule | None = None, pieces: Trees | None = None) -> RepairModel:
    """Whoever says a food in every alternative means it."""
    told = [(heard("indian food"), FOOD), (heard("indian food"), FOOD)]
    ties = Ties.of([one for one, _ in told], [meaning for _, meaning in told], VALUES)
    gists = ActScores(
        ("inform:food",), np.zeros(0, np.uint64), np.zeros((0, 1), np.float32), np.array([3.0], np.float32)
    )
    return RepairModel(
        conventions=CONVENTIONS,
        values=VALUES,
        gist_models=(GistModel(name="log", gists=gists, ties=ties),),
        names=Names.of([heard("indian food", readings=((FOOD, 0.9),))]),
        pieces=pieces,
        whole=stump("fit_gain", 0.5, -3.0, 3.0),
        rule=rule or Rule(loss=2.0, neutral=0.5, least=0.5, additive=True),
    )
