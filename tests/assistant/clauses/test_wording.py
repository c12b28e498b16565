"""How requests are put into plainer words: fragments, what stays as it is, how warm a room is to be, ellipses."""

from datetime import UTC, datetime

import pytest

from uptake.assistant.clauses.wording.earlier.ellipses import chained, continued
from uptake.assistant.clauses.wording.fragments import as_commands
from uptake.assistant.clauses.wording.staying import with_exceptions, with_kinds
from uptake.assistant.clauses.wording.values.warmth import warmed
from uptake.assistant.clauses.wording.verbs import in_plain_verbs
from uptake.assistant.dialogue.correcting import corrected
from uptake.assistant.entities.household import Household
from uptake.assistant.home import VirtualHome
from uptake.text.normalize import normalize
from uptake.types import Interpretation

HOUSEHOLD = Household(VirtualHome.load())
NOW = datetime(2025, 11, 18, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("kettle on, coffee maker on", "turn on kettle, turn on coffee maker"),
        ("the kettle and the coffee maker on, please", "turn on the kettle and turn on the coffee maker, please"),
        ("hall light on and the garage light too", "turn on hall light and turn on the garage light"),
        (
            "floor lamp in warm white, quite dim, say twenty percent",
            "set floor lamp to warm white, set floor lamp to 20 percent",
        ),
        ("bedside lamp at a quarter", "set bedside lamp to 25 percent"),
        ("blinds a quarter shut", "set blinds to 75 percent"),
        ("soundbar at fifteen", "set the volume of soundbar to 15 percent"),
        ("thermostat twenty one and the blinds shut", "set thermostat to 21 degrees and close the blinds"),
        ("oven on at one eighty", "set oven to 180 degrees"),
        ("living room light on, tv off at nine", "turn on living room light, turn off tv at 9"),
    ],
)
def test_a_name_and_its_values_are_a_command(said, plain):
    assert as_commands(said, HOUSEHOLD) == plain


@pytest.mark.parametrize(
    "said",
    [
        "kettle on?",
        "bedside lamp at ten",  # percent, or a time
        "set the kitchen light and the hall light to 40 percent",
        "turn off the kettle, the oven and the kitchen lights in ten minutes",
        "remind me kettle on and oven off",
        "is the kettle on, coffee maker off",
        "if it rains, kettle on and lamp off",
        "in the bedroom, lights off",
        "garage door open, blinds at 300 percent",
        "the kettle at 40 percent and the printer red",
    ],
)
def test_what_is_no_fragment_stays_as_it_was_said(said):
    assert as_commands(said, HOUSEHOLD) == said


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("lights off in here but the desk lamp stays on", "lights off in here, but leave the desk lamp alone"),
        (
            "kitchen lights out, but the counter ones should stay as they are",
            "kitchen lights out, but leave the counter lights alone",
        ),
        ("desk lamp stays on, everything else off", "turn off everything, but leave desk lamp alone"),
        ("turn the lights off, I still need the floor lamp", "turn the lights off, but leave the floor lamp alone"),
        ("the desk lamp should be on, the printer off", "the desk lamp should be on, the printer off"),
        ("keep the patio lights on", "keep the patio lights on"),
    ],
)
def test_what_is_to_stay_is_an_exception(said, plain):
    assert with_exceptions(with_kinds(said, HOUSEHOLD), HOUSEHOLD) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("make it 24 in here", "set the temperature in here to 24 degrees"),
        ("and seventeen in here please", "set the temperature in here to 17 degrees"),
        ("can we have 19 in the study", "set the temperature in the study to 19 degrees"),
        ("set a timer for 20 minutes in here", "set a timer for 20 minutes in here"),
        ("make it 80 in here", "make it 80 in here"),
        ("make the light 20 in here", "make the light 20 in here"),
        ("is it 20 degrees in here?", "is it 20 degrees in here?"),
        ("it's 24 in here", "it's 24 in here"),
        ("it must be 30 in here", "it must be 30 in here"),
    ],
)
def test_a_number_and_a_room_are_how_warm_it_is_to_be(said, plain):
    assert warmed(said, HOUSEHOLD) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("drop the blinds in here", "close the blinds in here"),
        ("pull the curtains back and whack the kettle on", "open the curtains and turn on the kettle"),
        ("put milk on the list", "put milk on the list"),
        ("let the blinds down halfway", "let the blinds down halfway"),
        ("lower the thermostat", "lower the thermostat"),
    ],
)
def test_a_verb_means_what_it_does_to_its_thing(said, plain):
    assert in_plain_verbs(said, HOUSEHOLD) == plain


PASTA = Interpretation(intent="HassStartTimer", slots=(("name", "pasta"), ("minutes", "9")))
ALARM = Interpretation(intent="SetAlarm", slots=(("at", "6:30 am"),))
REMINDER = Interpretation(intent="SetReminder", slots=(("text", "call mum"), ("at", "7 pm")))


@pytest.mark.parametrize(
    ("said", "last", "plain"),
    [
        ("and one for the eggs, six minutes", PASTA, "set an eggs timer for 6 minutes"),
        ("and a rice one for twelve", PASTA, "set a rice timer for 12 minutes"),
        ("and another half an hour later", ALARM, "set an alarm for tomorrow at 7 am"),
        ("and at eight to take the bins out", REMINDER, "remind me at eight to take the bins out"),
        ("and one for the eggs, six minutes", None, "and one for the eggs, six minutes"),
        ("and one for the eggs, six minutes", ALARM, "and one for the eggs, six minutes"),
        ("and another thing", PASTA, "and another thing"),
    ],
)
def test_what_is_left_out_comes_from_the_last_request(said, last, plain):
    assert continued(said, last, NOW) == plain


def test_a_second_alarm_counts_from_the_first():
    said = "alarm for quarter past six tomorrow, and another one ten minutes later"
    assert chained(said, NOW).endswith("and set an alarm for tomorrow at 6:25 am")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("eighteen I said, not eighty", "18"),
        ("I said thirty, not thirteen", "30"),
        ("thirteen was what I said", "13"),
        ("sorry, the desk lamp is what I wanted", "the desk lamp"),
        ("that should be half past seven", "half past 7"),
        ("twenty two, sorry", "22"),
    ],
)
def test_a_correction_is_found_wherever_it_stands(said, meant):
    assert corrected(normalize(said))[0] == meant
