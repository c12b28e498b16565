"""Whether readings fit words: learned from what was said and meant, asked about what was heard and read."""

import pytest

from tests.builders import turn
from uptake.learn.failure_meanings import MeaningModel, wishes
from uptake.signals.views import items, views
from uptake.types import Interpretation, Session, Transcript

FOODS = ("thai", "indian", "french", "korean", "turkish", "spanish", "greek", "danish", "polish", "swiss")
BOTH = ("request.slot=addr", "request.slot=phone")


def reading(*pieces):
    """acts and slots: "request.slot=phone" """
    slots = tuple(tuple(piece.split("=")) for piece in pieces)
    return Interpretation(intent="+".join(sorted({piece.partition(".")[0] for piece in pieces})), slots=slots)


def seen(*said, user="ann"):
    """One session: (text heard, pieces read) each."""
    turns = [
        turn(text, user=user, session_id=user, at_s=10.0 * at, interpretation=reading(*pieces) if pieces else None)
        for at, (text, pieces) in enumerate(said)
    ]
    return list(views([Session(session_id=user, turns=tuple(turns))]))


@pytest.fixture(scope="module")
def model():
    said = [(f"{food} food", (f"inform.food={food}",)) for food in FOODS for _ in range(4)]
    said += [("the phone number", ("request.slot=phone",))] * 40 + [("address and phone", BOTH)] * 40
    known = seen(*said)
    return MeaningModel.fit(known, [text for text, _ in said], [view.meant for view in known])


def test_a_reading_that_fits_the_words_is_probable_and_a_half_one_is_missing_something(model):
    whole, half = model.rows(seen(("address and phone", BOTH), ("address and phone", BOTH[:1])))
    assert whole["meaning:read"] > half["meaning:read"] + 1.0
    assert half["meaning:missed"] > whole["meaning:missed"] + 0.6


def test_a_slot_with_many_values_is_judged_whatever_its_value(model):
    assert "inform.food" in model.labels
    row, other = model.rows(seen(("greek food", ("inform.food=greek",)), ("greek food", ("inform.food=thai",))))
    assert row["meaning:taken"] > 0.8
    assert (row["meaning:values_taken"], other["meaning:values_taken"]) == (1.0, 0.0)
    assert (row["meaning:values_left"], other["meaning:values_left"]) == (0.0, 1.0)


def test_a_second_recogniser_that_heard_another_wish_speaks_against_the_reading(model):
    view, = seen(("the phone number", ("request.slot=phone",)))  # fmt: skip
    same, other = (
        model.rows([view], {view.turn.turn_id: (Transcript(text=text),)})[0]
        for text in ("the phone number", "thai food")
    )
    assert same["other:meaning:read"] > other["other:meaning:read"] + 1.0
    assert other["other:meaning_apart"] > 0.5 > same["other:meaning_apart"]
    assert not [name for name in model.rows([view])[0] if name.startswith("other:")]


def test_courtesies_are_no_wish_and_no_matter_takes_the_slot_that_was_asked_for():
    first = turn("hello", action="request(slot=area)", session_id="s")
    second = turn("any", session_id="s", at_s=9.0, interpretation=reading("inform.area=dontcare"))
    *_, view = views([Session(session_id="s", turns=(first, second))])
    polite = items(Interpretation(intent="bye+inform", slots=(("inform.area", "dontcare"),)))
    assert wishes(view, view.meant) == wishes(view, polite)
    assert ("inform.this", "dontcare") in wishes(view, view.meant)
