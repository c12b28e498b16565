"""Doubt learned from a log alone: who may teach, what is found, and that no truth is looked at."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import session
from uptake.errors import NotReady
from uptake.insight.dialogues.learn.untaught import doubt, trusted
from uptake.insight.dialogues.views import views
from uptake.ml.metrics import roc_auc
from uptake.types import Interpretation, Transcript, Truth


def call(at, random):
    """A request with a list of alternatives; when it is misheard, scores are close and the reading is unsure."""
    name, other = random.choice(["jazz", "queen", "radio", "news"], size=2, replace=False)
    wrong = random.random() < 0.3
    heard = f"play {other}" if wrong else f"play {name}"
    scores = (-1.0, -1.2) if wrong else (-1.0, -4.0)
    texts = (heard, f"play {name if wrong else other}")
    read = Interpretation(
        intent="play",
        slots=(("what", other if wrong else name),),
        confidence=random.uniform(0.3, 0.8) if wrong else 0.9,
    )
    again = [f"i said play {name}"] if wrong else []
    one = session(heard, *again, "thank you goodbye", user=f"user-{at % 20}")
    first = replace(
        one.turns[0],
        interpretation=read,
        alternatives=tuple(Transcript(text=text, score=score) for text, score in zip(texts, scores, strict=True)),
        truth=Truth(defect=bool(wrong)),
    )
    rest = tuple(
        replace(turn, interpretation=Interpretation(intent="bye", confidence=0.95), truth=Truth(defect=False))
        for turn in one.turns[1:]
    )
    return replace(one, turns=(first, *rest))


@pytest.mark.slow
def test_failures_are_found_without_a_label_and_truth_changes_nothing():
    pytest.importorskip("lightgbm")
    random = np.random.default_rng(0)
    told = [call(at, random) for at in range(160)]
    blind = [replace(one, turns=tuple(replace(turn, truth=None) for turn in one.turns)) for one in told]
    failed = [turn.truth.defect for one in told for turn in one.turns]
    model, held = doubt(blind)
    assert roc_auc(failed, held["offline"]) > 0.85
    assert roc_auc(failed, held["online"]) > 0.85
    np.testing.assert_array_equal(model.score(told), model.score(blind))
    cut = [replace(one, turns=one.turns[:1]) for one in blind]
    starts = np.cumsum([0] + [len(one.turns) for one in blind[:-1]])
    np.testing.assert_allclose(model.score(cut, online=True), model.score(blind, online=True)[starts])


def test_too_few_turns_are_refused():
    with pytest.raises(NotReady, match="at least 200 turns, there are 2"):
        doubt([session("play jazz", "play queen")])


def test_a_reading_teaches_if_it_was_sure_and_nobody_said_it_again():
    sure = Interpretation(intent="play", slots=(("what", "jazz"),), confidence=0.9)

    def first(*requests, reading=sure, later=None):
        one = session(*requests)
        turns = (replace(one.turns[0], interpretation=reading), *one.turns[1:])
        if later is not None:
            turns = (turns[0], replace(turns[1], interpretation=later), *turns[2:])
        return next(iter(views([replace(one, turns=turns)])))

    assert trusted(first("play jazz", "what time is it"))
    assert not trusted(first("play jazz", "play the jazz"))
    assert not trusted(first("play jazz", "what time is it", reading=replace(sure, confidence=0.2)))
    assert not trusted(first("play jazz", "what time is it", reading=None))
    other = replace(sure, slots=(("what", "queen"),))
    assert not trusted(first("play jazz", "what time is it", later=other))
    assert trusted(first("", "what time is it", reading=None))
