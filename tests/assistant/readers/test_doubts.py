"""Doubts: what the words of a request tell against a reading of it, so that it is asked about and not acted on."""

from __future__ import annotations

import pytest

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers.cleaning.past import tells_deed
from uptake.assistant.readers.cleaning.respelling import Respeller
from uptake.assistant.readers.doubts import DOUBTED, doubted, tells_apart
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.assistant.skills import Skills
from uptake.assistant.stakes import ACT_AT, acts_unasked
from uptake.types import Interpretation, Situation

VOCABULARY = Vocabulary(
    [
        Name(said="Study", meant="Study", kind="area"),
        Name(said="Reading Lamp", meant="Reading Lamp", kind="name", domain="light"),
        Name(said="Side Gate", meant="Side Gate", kind="name", domain="lock"),
        Name(said="Radio", meant="Radio", kind="name", domain="media_player"),
    ]
)


@pytest.fixture(scope="module")
def house() -> Understanding:
    return Understanding.for_vocabulary(VOCABULARY, skills=Skills())


def _hypothesis(intent: str, confidence: float, reader: str = "statistical", **slots: str) -> Hypothesis:
    reading = Interpretation(intent=intent, slots=tuple(sorted(slots.items())), confidence=confidence)
    return Hypothesis(
        interpretation=reading, reader=reader, reason="a sentence template with free words" if slots else ""
    )


def test_what_is_doubted_is_asked_about() -> None:
    assert DOUBTED < ACT_AT


@pytest.mark.parametrize(
    ("intent", "slots", "text"),
    [
        ("GetDaysUntil", {"date": "renew my passport"}, "how long to renew my passport"),
        ("HassListAddItem", {"item": "rope and add it"}, "put rope and add it to the list"),
        ("HassListAddItem", {"item": "into the box for everything"}, "put into the box for everything on the list"),
        ("HassMediaSearchAndPlay", {"search_query": "chess with me"}, "play chess with me"),
        ("HassMediaSearchAndPlay", {"search_query": "previous track of this"}, "play previous track of this album"),
        (
            "HassMediaSearchAndPlay",
            {"search_query": "the match on the study radio"},
            "play the match on the study radio",
        ),
        ("HassCancelTimer", {"name": "ryce"}, "cancel the ryce timer"),
        ("HassStartTimer", {"name": "7 min onto"}, "start 7 min onto timer"),
    ],
)
def test_free_words_that_are_not_of_the_kind_of_their_slot_are_doubted(
    intent: str, slots: dict[str, str], text: str
) -> None:
    assert not acts_unasked(doubted([_hypothesis(intent, 0.9, "grammar", **slots)], text, VOCABULARY)[0])


@pytest.mark.parametrize(
    ("intent", "slots", "text"),
    [
        ("GetDaysUntil", {"date": "the third of october"}, "days until the third of october"),
        ("HassListAddItem", {"item": "rope"}, "put rope on the list"),
        ("GetList", {"name": "to do"}, "read the to do list"),
        ("HassMediaSearchAndPlay", {"search_query": "come fly with the night"}, "play come fly with the night"),
        ("HassMediaSearchAndPlay", {"search_query": "hunger games"}, "play hunger games"),
        ("HassCancelTimer", {"name": "rice"}, "cancel the rice timer"),
        ("HassStartTimer", {"hours": "2", "minutes": "5"}, "timer for two hours and five minutes"),
    ],
)
def test_free_words_of_the_right_kind_are_not(intent: str, slots: dict[str, str], text: str) -> None:
    found = [_hypothesis(intent, 0.9, "grammar", **slots)]
    assert list(doubted(found, text, VOCABULARY)) == found


def test_a_length_whose_unit_nobody_said_is_doubted() -> None:
    found = [_hypothesis("HassStartTimer", 0.8, hours="4", minutes="6")]
    assert not acts_unasked(doubted(found, "timr 4 rice 6 min", VOCABULARY)[0])


def test_a_learnt_reading_is_doubted_where_nothing_of_the_home_is_nearly_as_likely() -> None:
    outside = _hypothesis(OUT_OF_SCOPE, 0.31)
    near = doubted([_hypothesis("HassGetWeather", 0.66), outside], "what may one do in Leeds", VOCABULARY)
    far = doubted(
        [_hypothesis("HassGetWeather", 0.66), _hypothesis(OUT_OF_SCOPE, 0.1)], "is it nice in Leeds", VOCABULARY
    )
    assert (acts_unasked(near[0]), acts_unasked(far[0])) == (False, True)


def test_free_words_are_none_of_the_home_where_the_learnt_reader_is_sure_of_it(house: Understanding) -> None:
    found = house.read("how much longer until my passport application is approved", Situation())
    assert not found or not acts_unasked(found[0])


def test_a_question_about_the_world_is_no_home_s_and_answered(house: Understanding) -> None:
    assert house.read("what's the capital of new zealand?", Situation())[0].interpretation.intent == "GetFact"


def test_what_a_template_says_whole_is_never_doubted() -> None:
    known = Hypothesis(interpretation=Interpretation(intent="GetHelp", confidence=0.98), reader="grammar", reason="x")
    assert doubted([known, _hypothesis(OUT_OF_SCOPE, 0.9)], "what can you do", VOCABULARY) == (
        known,
        _hypothesis(OUT_OF_SCOPE, 0.9),
    )


@pytest.mark.parametrize(
    "text",
    [
        "we keep the study at nineteen degrees all winter",
        "my neighbour leaves her porch light on at night",
        "they turned the radio up during dinner",
        "everybody locks the side gate twice",
    ],
)
def test_a_sentence_whose_subject_does_the_deed_asks_for_nothing(house: Understanding, text: str) -> None:
    found = house.read(text, Situation())
    assert tells_deed(text)
    assert not found or not acts_unasked(found[0])


def test_what_says_how_something_is_asks_nothing(house: Understanding) -> None:
    found = house.read("it's the radio's turn to be dusted", Situation())
    assert not found or not acts_unasked(found[0])


def test_the_opposite_of_a_word_is_no_slip_of_it() -> None:
    respeller = Respeller({"hush", "the", "radio"}, set())
    assert [one.text for one in respeller.respelt("unhush the radio")] == []
    assert [one.text for one in respeller.respelt("hsuh the radio")] == ["hush the radio"]


def test_a_request_begins_with_its_verb_or_a_thing() -> None:
    said = ("keep the study warm", "the radio up", "lights off", "what opens the gate", "make sure it closes")
    assert not any(map(tells_deed, said))


@pytest.mark.parametrize(
    "text",
    [
        "turn off the pantry light",
        "upholster the reading lamp",
        "switch on three of the lights",
        "turn on the light at the allotment",
        "reading lamp on?",
        "turn the lights green at ten to four",
        "resume gerald please",
    ],
)
def test_a_thing_or_a_deed_that_nothing_accounts_for_is_asked_about(house: Understanding, text: str) -> None:
    found = house.read(text, Situation())
    assert not found or not acts_unasked(found[0])


@pytest.mark.parametrize("text", ["pop the reading lamp on", "turn the readinglamp off", "do please turn the radio up"])
def test_other_words_are_passed_over(house: Understanding, text: str) -> None:
    assert acts_unasked(house.read(text, Situation())[0])


def test_a_name_of_none_but_small_words_is_no_name(house: Understanding) -> None:
    found = house.read("could you set me a timer for twelve minutes", Situation())[0]
    assert dict(found.interpretation.slots) == {"minutes": "12"}


def test_a_word_tells_apart_by_where_it_stands() -> None:
    said = "turn the old light on quickly".split()
    assert (tells_apart(said, ["old"]), tells_apart(said, ["quickly"])) == (True, False)


def test_where_something_near_by_is_is_no_fact_that_is_known(house: Understanding) -> None:
    best = house.read("tell me about my income this week", Situation())
    assert not best or best[0].interpretation.intent == "OutOfScope" or not acts_unasked(best[0])
