"""Understanding: misspelt, polite and unheard-of wordings; what is none of the skills; agreement of readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers import Understanding, Vocabulary
from uptake.assistant.readers.bundled import HERE
from uptake.assistant.readers.calibration import Calibration
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.frames import Frames
from uptake.assistant.readers.grammar import GrammarReader
from uptake.assistant.readers.keywords import ComposedReader
from uptake.assistant.readers.statistical import StatisticalReader
from uptake.types import Context, Interpretation, Situation
from uptake.understanding.intents.artifact import IntentModel

KITCHEN = Situation(context=Context(room="Kitchen"))


def best(understanding: Understanding, text: str) -> Hypothesis:
    return understanding.read(text, KITCHEN)[0]


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("trun on teh bedside lmap", "HassTurnOn", {"name": "Bedside Lamp"}),
        ("would you mind switching the hall light on", "HassTurnOn", {"name": "Hall Light"}),
        ("whats the tempature in the living room", "HassClimateGetTemperature", {"area": "Living Room"}),
        ("bring the thermostat to 20", "HassClimateSetTemperature", {"name": "Thermostat", "temperature": "20"}),
        ("kill the lights in the kichen", "HassTurnOff", {"area": "Kitchen", "domain": "light"}),
    ],
)
def test_what_no_template_matches_is_still_read(
    understanding: Understanding, text: str, intent: str, slots: dict[str, str]
) -> None:
    found = best(understanding, text)
    assert (found.interpretation.intent, dict(found.interpretation.slots)) == (intent, slots)
    assert found.confidence >= 0.5


@pytest.mark.parametrize("text", ["book a flight to paris", "order me a pizza", "asdf qwer zxcv"])
def test_other_topics_are_out_of_scope(understanding: Understanding, text: str) -> None:
    assert best(understanding, text).interpretation.intent == OUT_OF_SCOPE


@pytest.mark.parametrize("text", ["turn uff the hall light", "turn the hall light", "the overhed light on"])
def test_a_sense_that_no_word_carries_is_not_acted_on(understanding: Understanding, text: str) -> None:
    changing = [found for found in understanding.read(text, KITCHEN) if found.interpretation.intent != OUT_OF_SCOPE]
    assert all(found.confidence < 0.6 for found in changing)


@given(text=st.text(max_size=60))
@settings(max_examples=60)
def test_nothing_a_person_says_raises(understanding: Understanding, text: str) -> None:
    found = understanding.read(text, KITCHEN)
    assert len(found) <= 10
    assert all(0.0 < each.confidence <= 1.0 for each in found)
    assert [each.confidence for each in found] == sorted((each.confidence for each in found), reverse=True)


class Says:
    name: ClassVar[str] = "says"

    def __init__(self, *readings: tuple[str, float]) -> None:
        self.readings, self.asked = readings, 0

    def read(self, text: str, situation: Situation) -> Sequence[Hypothesis]:
        self.asked += 1
        return [
            Hypothesis(interpretation=Interpretation(intent=intent, confidence=worth), reader=self.name)
            for intent, worth in self.readings
        ]


class Learnt(Says):
    name: ClassVar[str] = "statistical"


def test_readers_that_agree_are_believed_more() -> None:
    (found,) = Understanding([Says(("Play", 0.6)), Says(("Play", 0.5))]).read("x", KITCHEN)
    assert found.confidence == pytest.approx(0.7)


def test_a_sure_reader_ends_the_asking() -> None:
    later = Says(("Stop", 0.5))
    Understanding([Says(("Play", 0.95)), later]).read("x", KITCHEN)
    assert later.asked == 0


def test_a_template_that_took_too_much_is_doubted_by_who_knows_all_templates() -> None:
    found = Understanding([Says(("ConvertUnits", 0.85)), Learnt(("HassTurnOff", 0.8))]).read("x", KITCHEN)
    assert [each.interpretation.intent for each in found] == ["HassTurnOff", "ConvertUnits"]


def test_readings_that_are_not_good_enough_are_left_out() -> None:
    assert Understanding([Says(("Play", 0.01))]).read("x", KITCHEN) == ()


WORDS = "turn swich off the bedsid lamp lite hall an and of 20 percent pleas kichen".split()
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), min_size=2, max_size=5)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(TEXTS)
def test_texts_that_share_their_words_read_the_same_in_whatever_order(
    vocabulary: Vocabulary, understanding: Understanding, said: list[list[str]]
) -> None:
    texts = list(dict.fromkeys(map(" ".join, said)))
    model, frames, calibration = IntentModel.load(HERE), Frames.load(HERE), Calibration.load(HERE)
    grammar = understanding.readers[0].grammar
    fresh = understanding.with_readers(
        [
            GrammarReader(grammar),
            ComposedReader(vocabulary),
            StatisticalReader(model, frames, vocabulary, calibration=calibration),
            TolerantReader(grammar, calibration=calibration),
        ]
    )
    found = {text: fresh.read(text, KITCHEN) for text in reversed(texts)}
    assert found == {text: understanding.read(text, KITCHEN) for text in texts}


def test_requests_that_differ_in_names_alone_are_asked_of_the_model_once_and_read_as_one_by_one(
    understanding: Understanding,
) -> None:
    learnt = next(reader for reader in understanding.readers if isinstance(reader, StatisticalReader))

    def fresh() -> StatisticalReader:
        return StatisticalReader(learnt.model, learnt.frames, learnt.vocabulary, calibration=learnt.calibration)

    texts = [f"kindly get the {name} going" for name in ("bedside lamp", "hall light", "floor lamp", "bedside lmap")]
    together = fresh()
    assert [together.read(text, KITCHEN) for text in texts] == [fresh().read(text, KITCHEN) for text in texts]


def test_what_is_too_long_for_a_request_is_read_where_a_template_takes_it_and_else_as_nothing(
    understanding: Understanding,
) -> None:
    many = " ".join(f"item{number}" for number in range(90))
    assert best(understanding, f"add {many} to my shopping list").interpretation.intent.endswith("AddItem")
    assert understanding.read(f"{many} lights kitchen", KITCHEN) == ()
