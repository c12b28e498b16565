"""Reading requests statistically: what is learnt from few sentences, and what never happens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.understanding.intents.readings import example, sentences, small_model
from uptake.errors import BadRecord, NotReady
from uptake.understanding.intents.learn.train import Example, train


def test_an_unseen_sentence_gets_its_intent_and_slots():
    best = small_model().read("please turn on the fan in the Garage")[0]
    assert best.intent == "TurnOn"
    assert set(best.slots) == {("name", "fan"), ("area", "Garage")}


def test_a_misspelt_word_does_not_change_the_intent():
    assert small_model().read("swich of the kitchn lihgt")[0].intent == "TurnOff"


def test_what_is_none_of_the_skills_is_out_of_scope():
    assert small_model().read("tell me about history")[0].intent == "OutOfScope"


def test_readings_are_ranked_and_their_confidences_are_probabilities():
    model = small_model()
    confidences = [one.confidence for one in model.read("turn the light")]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(model.probabilities("turn the light")) == pytest.approx(1.0, abs=1e-5)


def test_tags_point_into_the_text():
    text = "Switch off the  Cellar lamp!"
    assert [(name, text[start:end]) for name, start, end in small_model().tag(text)] == [
        ("area", "Cellar"),
        ("name", "lamp"),
    ]


def test_a_request_without_a_word_has_no_reading():
    assert small_model().read(" ?! \x00") == ()
    assert small_model().tag("") == ()


@given(st.text(max_size=80))
def test_nothing_a_user_says_raises(text):
    for reading in small_model().read(text):
        assert 0.0 <= reading.confidence <= 1.0
        assert all(value and value in text for _, value in reading.slots)


def test_a_very_long_request_is_read_in_bounded_time():
    assert small_model().read("turn on the light " * 10_000)[0].intent == "TurnOn"


def test_equal_seeds_give_equal_models():
    assert train(sentences(), seed=3) == train(sentences(), seed=3)


def test_weight_decides_between_contradicting_examples():
    more = train([*sentences(), Example("stop it", "TurnOff", weight=9.0), Example("stop it", "Weather")])
    assert more.read("stop it")[0].intent == "TurnOff"


def test_too_little_to_learn_from_is_said():
    with pytest.raises(NotReady, match="two intents"):
        train([example("turn on the {name}", "TurnOn", name="light")])


def test_a_slot_outside_its_text_is_refused():
    with pytest.raises(BadRecord, match="slots"):
        Example("turn on", "TurnOn", (("name", 3, 90),))


def test_probabilities_do_not_depend_on_how_letters_are_composed():
    model = small_model()
    assert np.array_equal(model.probabilities("turn on the caf\u00e9"), model.probabilities("turn on the cafe\u0301"))


def test_what_is_asked_for_often_is_the_better_guess():
    model = small_model()
    text = "the kitchen light"
    often = model.expecting({"Weather": 0.9, "TurnOn": 0.1})
    at = model.labels.index("Weather")
    assert often.probabilities(text)[at] > model.probabilities(text)[at]
    assert often.read("switch off the hall lamp")[0].intent == "TurnOff"
    assert np.allclose(model.expecting({}).probabilities(text), model.probabilities(text))


def test_what_filled_a_slot_elsewhere_is_remembered(tmp_path):
    model = train(sentences(), fillers=True)
    assert "area+" in model.fillers["kitchen"]
    model.save(tmp_path)
    assert type(model).load(tmp_path) == model
    assert ("area", "cellar") in model.read("please turn on something in the cellar")[0].slots
