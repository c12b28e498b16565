"""What a request of several clauses means, before anything is read: lists, exceptions, times, what is refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import least_cpu_s
from uptake.assistant.clauses import Command, DirectAnswer, Instead, Parts, compose
from uptake.assistant.clauses.account import is_question
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import segment
from uptake.assistant.clauses.wording.short_forms import in_full
from uptake.assistant.entities.household import Household
from uptake.assistant.entities.kinds import KIND_WORDS
from uptake.assistant.hear import MOST_CHARS
from uptake.assistant.home import VirtualHome

HOUSEHOLD = Household(VirtualHome.load())
NOW = datetime(2025, 11, 18, 18, 0, tzinfo=UTC)


def meant(text):
    return compose(text, HOUSEHOLD, NOW)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("turn off the kettle, the oven and the tv", ("turn off the kettle", "turn off the oven", "turn off the tv")),
        ("turn the kettle and the oven on", ("turn the kettle on", "turn the oven on")),
        ("open the kids room and bedroom blinds", ("open the kids room blinds", "open bedroom blinds")),
        ("open the blinds in the study and the hall", ("open the blinds in the study", "open the hall blinds")),
    ],
)
def test_each_thing_of_a_list_is_a_request(text, texts):
    assert meant(text).texts == texts


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("turn the tv on and the hall light off", ("turn the tv on", "turn the hall light off")),
        ("turn on the tv and set it to mute", ("turn on the tv", "set the tv to mute")),
        ("delete the shopping list and all timers", ("delete the shopping list", "delete all timers")),
        ("cancel all alarms and timers", ("cancel all alarms", "cancel all timers")),
        (
            "set a timer for 5 minutes and another for 10 seconds",
            ("set a timer for 5 minutes", "set a timer for 10 seconds"),
        ),
        ("add milk and eggs to the list and close the blinds", ("add milk and eggs to the list", "close the blinds")),
        (
            "set two timers, one for 5 minutes and one for an hour",
            ("set a timer for 5 minutes", "set a timer for an hour"),
        ),
    ],
)
def test_several_requests_are_told_apart(text, texts):
    assert meant(text) == Parts(texts=texts)


@pytest.mark.parametrize(
    ("text", "exceptions"),
    [
        ("turn off all the lights except the kitchen and the hall", ("the kitchen", "the hall")),
        ("turn off everything but the tv", ("the tv",)),
        ("turn off all the lights, but leave the hall light on", ("the hall light",)),
        ("turn on the lights but don't turn on the desk lamp", ("the desk lamp",)),
    ],
)
def test_what_is_excepted_is_left_out(text, exceptions):
    assert meant(text).exceptions == exceptions


@pytest.mark.parametrize(
    ("text", "rest", "at", "until"),
    [
        ("turn off the tv at 8 pm", "turn off the tv", "20:00", None),
        ("at 9 turn off the tv", "turn off the tv", "21:00", None),
        ("turn on the tv in half an hour", "turn on the tv", "18:30", None),
        ("put the kettle on in an hour and a half", "put the kettle on", "19:30", None),
        ("turn on the tv for an hour", "turn on the tv", None, "19:00"),
        ("keep the tv on until nine", "turn the tv on", None, "21:00"),
        ("turn on the tv from 8 to 10 pm", "turn on the tv", "20:00", "22:00"),
        ("turn on the tv when it's 7 pm", "turn on the tv", "19:00", None),
    ],
)
def test_a_time_is_taken_out(text, rest, at, until):
    found = meant(text)
    said = [None if moment is None else f"{moment:%H:%M}" for moment in (found.timing.at, found.timing.until)]
    assert (found.texts, said) == ((rest,), [at, until])


@pytest.mark.parametrize("text", ["turn on the movie night scene", "set the fan at 50", "set the thermostat at 20"])
def test_a_name_and_a_value_are_no_time(text):
    assert meant(text) is None


def test_a_length_of_hours_and_minutes_is_one():
    assert meant("set a timer for 1 hour and 30 minutes") is None
    assert meant("set a timer for an hour and ten minutes") == Instead(text="set a timer for 1 hour and ten minutes")


@pytest.mark.parametrize(
    "text",
    [
        "if the front door opens turn on the hall light",
        "turn on the hall light when I get home",
        "turn off the lights at sunset",
        "never unlock the front door",
        "don't turn on the tv",
        "what if I turned off the heating",
        "my wife said turn off the heating",
        "tell my son to turn off the tv",
        "she turned off the light",
        "there is a fire in the kitchen",
        "call an ambulance",
        "text my boss that I am late",
        "turn on the tv and open the blinds and close the blinds and lock up and play jazz and dim it and stop the fan",
    ],
)
def test_some_requests_do_nothing(text):
    assert isinstance(meant(text), DirectAnswer)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("did I leave the garage open?", "is the garage open"),
        ("have we locked the doors", "are the doors locked"),
        ("it's dark in here, turn on the hall light", "turn on the hall light"),
        ("turn on the hall light because it is dark", "turn on the hall light"),
        ("turn on the hall light if you don't mind", "turn on the hall light"),
        ("turn on the kitchen, sorry, I mean the hall light", "turn on the hall light"),
        ("turn on the tv, no wait, turn it off", "turn the tv off"),
        ("um, could you, you know, turn the, er, hall light on", "could you turn the hall light on"),
        ("run the ceiling fan at two thirds", "set the ceiling fan to 67 percent"),
        ("hang on, turn on the hall light", "turn on the hall light"),
        ("set a timer for two and a half hours", "set a timer for 150 minutes"),
        ("run the ac at nineteen", "set the air conditioner to 19 degrees"),
        ("bedroom radiator at 21", "set bedroom radiator to 21 degrees"),
        ("we are out of milk, put it on the list", "put milk on the list"),
    ],
)
def test_a_request_is_read_in_plainer_words(text, plain):
    assert meant(text) == Instead(text=plain)


@pytest.mark.parametrize(
    "text",
    [
        "turn on the light",
        "play rock and roll",
        "remind me to buy milk and call mum",
        "tell me when the washing machine is done",
        "wake me at seven",
        "who let the dogs out",
    ],
)
def test_what_is_one_request_stays_whole(text):
    assert meant(text) is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [("is the tv on", True), ("could you turn on the tv", False), ("why is it cold", True), ("have the tv on", False)],
)
def test_polite_requests_are_no_questions(text, asks):
    assert is_question(text) is asks


def test_things_are_found_with_their_rooms_and_articles():
    text = "turn on all the lights in the kitchen and my desk lamp"
    assert [each.text for each in find_mentions(text, HOUSEHOLD)] == ["all the lights in the kitchen", "my desk lamp"]


def test_every_name_and_kind_is_found_among_other_words():
    names = {name for device in HOUSEHOLD.devices for name in (device.name, *device.aliases)}
    for name in sorted(names | {area.name for area in HOUSEHOLD.areas} | KIND_WORDS):
        assert name in "".join(each.text for each in find_mentions(f"so with the {name}, then", HOUSEHOLD)), name


WORDS = st.sampled_from(
    "turn on off the kitchen light and , but not except if when at 8 pm for ten minutes don't I said is all 5".split()
)


@given(st.lists(WORDS, max_size=40))
def test_no_request_breaks_it_and_no_word_is_lost_between_clauses(words):
    text = " ".join(words)
    assert isinstance(meant(text), Command | Parts | Instead | DirectAnswer | None)
    kept = "".join(each.text for each in segment(text))
    assert len(kept) <= len(text)


@pytest.mark.parametrize("unit", ["yes and ", "the kitchen and the hall ", "if ", "at 8 ", "except ", "for 5 minutes "])
def test_the_longest_request_takes_no_time_to_speak_of(unit):
    text = "turn on the light " + unit * 1_000
    assert least_cpu_s(lambda at: meant(text[: MOST_CHARS - at])) < 0.25


@pytest.mark.parametrize("unit", ["5 ", "the kitchen ", "a\u0301 "])
def test_whom_a_deed_is_for_is_looked_for_in_a_time_that_grows_with_the_request_alone(unit):
    text = "turn on the light " + unit * 1_000
    assert least_cpu_s(lambda at: in_full(text[: MOST_CHARS - at], HOUSEHOLD)) < 0.008


def test_what_parts_are_made_of_counts_too():
    """Halves of halves: what looked like two parts was 43, and took two seconds."""
    many = meant("all lights off and on, " * 40)
    assert isinstance(many, DirectAnswer)
    assert many.reason == "too many actions"


@pytest.mark.parametrize(
    "text",
    [
        "forget everything about me",
        "please forget everything you know about me",
        "forget me",
        "delete all my data",
        "erase my personal data",
        "delete everything I have ever said",
        "wipe all you know of me",
    ],
)
def test_whoever_asks_to_be_forgotten_is_told_how(text):
    said = meant(text)
    assert isinstance(said, DirectAnswer)
    assert "uptake forget" in said.speech


@pytest.mark.parametrize("text", ["clear everything", "please delete everything", "erase it all"])
def test_everything_is_not_deleted_by_a_guess_of_what_it_is(text):
    assert meant(text).speech.startswith("All of what")


@pytest.mark.parametrize(
    "text", ["forget it", "delete my shopping list", "forget what I said", "clear the list", "delete all my alarms"]
)
def test_to_delete_one_thing_is_no_wish_to_be_forgotten(text):
    assert not isinstance(meant(text), DirectAnswer)
