"""Values as they are executed, names as the home has them, and what is asked about rather than done."""

from __future__ import annotations

import pytest

from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.readers.cleaning.past import asked_state, asks_past, tells_past
from uptake.assistant.readers.settling import settled, with_set_phrases
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.assistant.skills import Skills
from uptake.assistant.stakes import acts_unasked, changes
from uptake.types import Context, Interpretation, Situation

VOCABULARY = Vocabulary(
    [
        Name(said="Study", meant="Study", kind="area"),
        Name(said="Packing", meant="Packing", kind="name", domain="todo"),
        Name(said="Side Gate", meant="Side Gate", kind="name", domain="lock"),
        Name(said="Radio", meant="Radio", kind="name", domain="media_player"),
        Name(said="Mira", meant="Mira", kind="name", domain="person"),
    ]
)


@pytest.fixture(scope="module")
def house() -> Understanding:
    return Understanding.for_vocabulary(VOCABULARY, skills=Skills())


def _settled(text: str, intent: str, **slots: str) -> Interpretation:
    reading = Interpretation(intent=intent, slots=tuple(sorted(slots.items())), confidence=0.9)
    return settled([Hypothesis(interpretation=reading, reader="any")], text, VOCABULARY, room="Study")[0].interpretation


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("two and a half hours", {"hours": "2", "minutes": "30"}),
        ("a quarter of an hour", {"minutes": "15"}),
        ("seventy five seconds", {"seconds": "75"}),
        ("100 minutes", {"minutes": "100"}),
        ("when the rice is done", {"duration": "when the rice is done"}),
    ],
)
def test_a_length_of_time_is_given_in_units(said: str, slots: dict[str, str]) -> None:
    assert dict(_settled(f"timer for {said}", "HassStartTimer", duration=said).slots) == slots


def test_a_number_is_a_level_unless_a_word_says_that_it_is_a_step() -> None:
    level = _settled("radio loudness 12", "HassSetVolumeRelative", name="Radio", volume_step="12")
    step = _settled("radio up 12", "HassSetVolumeRelative", name="Radio", volume_step="12")
    assert (level.intent, dict(level.slots)) == ("HassSetVolume", {"name": "Radio", "volume_level": "12"})
    assert step.intent == "HassSetVolumeRelative"


def test_a_list_is_the_one_that_sounds_like_it_and_one_that_is_no_word_is_doubted() -> None:
    heard = _settled("add socks to the pecking list", "HassListAddItem", item="socks", name="pecking")
    unknown = _settled("add socks to the blorvik list", "HassListAddItem", item="socks", name="blorvik")
    other = _settled("add socks to the holiday list", "HassListAddItem", item="socks", name="holiday")
    assert dict(heard.slots)["name"] == "Packing"
    assert (unknown.confidence or 0.0) < 0.6 < (other.confidence or 0.0)
    assert dict(other.slots)["name"] == "holiday"


def test_the_timer_of_a_room_is_one_in_the_room_and_here_is_the_room() -> None:
    assert dict(_settled("hold the study timer", "HassPauseTimer", name="study").slots) == {"area": "Study"}
    assert dict(_settled("dim it in here", "HassLightSet", brightness="5").slots)["area"] == "Study"
    assert "area" not in dict(_settled("dim it", "HassLightSet", brightness="5").slots)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("eggs on the shopping lst", "eggs on the shopping list"),
        ("dim it to ten per sent", "dim it to ten per cent"),
        ("is it stuffy in hear?", "is it stuffy in here?"),
        ("can you come in hear me out", "can you come in hear me out"),
        ("turn it up slowly", "turn it up slowly"),
        ("the oven to a hundred and sixty", "the oven to one hundred and sixty"),
        ("a hundred candles", "a hundred candles"),
    ],
)
def test_the_second_word_of_a_set_phrase_is_known_by_its_sound(said: str, meant: str) -> None:
    assert with_set_phrases(said) == meant


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("did we leave the radio on?", "is the radio on"),
        ("has the side gate been unlocked", "is the side gate unlocked"),
        ("have all the windows been shut", "are all the windows closed"),
        ("have the radio on", None),
    ],
)
def test_a_question_after_a_deed_is_one_after_the_state(said: str, asked: str | None) -> None:
    assert asked_state(said) == asked


def test_what_was_is_told_from_what_is_to_be_done() -> None:
    assert all(map(tells_past, ("Mira was out all morning", "it snowed in Leeds", "the lights were off again")))
    assert not any(map(tells_past, ("play the way we were", "was Mira out", "lights off", "which lights were on")))
    assert asks_past("had anyone opened the gate")
    assert not asks_past("have everything off by ten")


@pytest.mark.parametrize(
    "text",
    [
        "have they unlocked the side gate",
        "has somebody switched the radio off",
        "Mira was in the study all Monday",
        "so my boss is like, turn the radio off",
        "quote, unlock the side gate, unquote",
    ],
)
def test_what_is_asked_or_told_of_the_past_changes_nothing(house: Understanding, text: str) -> None:
    assert not any(acts_unasked(each) and changes(each.interpretation.intent) for each in house.read(text, Situation()))


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("could you put some bossa nova on the radio", "search_query", "bossa nova"),
        ("play the album sort of grey on the radio", "search_query", "sort of grey"),
        ("goat cheese needs to go on the shopping list", "item", "goat cheese"),
    ],
)
def test_free_words_are_whole_and_no_more(house: Understanding, text: str, slot: str, value: str) -> None:
    best = house.read(text, Situation(context=Context(room="Study")))[0].interpretation
    assert dict(best.slots).get(slot) == value


def test_a_reading_without_what_it_needs_is_not_acted_on(house: Understanding) -> None:
    best = house.read("zwieback onto shopping lorst", Situation())[0]
    assert best.interpretation.intent == "HassShoppingListAddItem"
    assert "item" not in dict(best.interpretation.slots)
    assert not acts_unasked(best)
    assert acts_unasked(house.read("add something to the shopping list", Situation())[0])  # what, is asked by the skill


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("jazz in the study", {"search_query": "jazz", "area": "Study"}),
        ("dancing in the dark", {"search_query": "dancing in the dark"}),
        ("study", {"search_query": "study"}),
    ],
)
def test_a_room_at_the_end_of_what_is_to_be_played_is_where_to_play_it(said: str, slots: dict[str, str]) -> None:
    reading = _settled(f"put on {said}", "HassMediaSearchAndPlay", search_query=said)
    assert dict(reading.slots) == slots


def test_a_room_alone_is_nothing_to_be_played() -> None:
    reading = Interpretation(intent="HassMediaSearchAndPlay", slots=(("search_query", "in the study"),), confidence=0.4)
    assert settled([Hypothesis(interpretation=reading, reader="any")], "play jazz in the study", VOCABULARY) == ()
