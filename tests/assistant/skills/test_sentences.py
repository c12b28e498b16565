"""The templates of the skills: how people ask is read, beside what Home Assistant's own templates read."""

import pytest

from tests.assistant.skills.asking import readings
from uptake.assistant.skills.answers.arithmetic import Arithmetic
from uptake.assistant.skills.answers.assistance import Assistance
from uptake.assistant.skills.answers.facts import Facts
from uptake.assistant.skills.answers.small_talk import SmallTalk
from uptake.assistant.skills.answers.units import Units
from uptake.assistant.skills.answers.weather import Weather
from uptake.assistant.skills.lists.lists import Lists
from uptake.assistant.skills.time.alarms import Alarms
from uptake.assistant.skills.time.clock import Clock
from uptake.assistant.skills.time.reminders import Reminders
from uptake.assistant.skills.time.timers import Timers

SKILLS = (Timers, Alarms, Reminders, Lists, Clock, Arithmetic, Units, Weather, Facts, SmallTalk, Assistance)
EXAMPLES = [(text, intent.name) for skill in SKILLS for intent in skill.intents for text in intent.examples]


@pytest.fixture(scope="module", autouse=True)
def _grammar():
    readings("hello", *SKILLS)  # parsed once, before any test is timed


@pytest.mark.parametrize(("text", "intent"), EXAMPLES)
def test_every_example_is_read_as_its_intent(text, intent):
    assert intent in {name for name, _ in readings(text, *SKILLS)}


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("start a pasta timer for ten minutes", "HassStartTimer", {"name": "pasta", "minutes": "10"}),
        ("set a timer for an hour and a half", "HassStartTimer", {"duration": "an hour and a half"}),
        ("quarter of an hour on the timer", "HassStartTimer", {"duration": "a quarter of an hour"}),
        ("what timers are running", "HassTimerStatus", {}),
        ("get rid of the egg timer", "HassCancelTimer", {"name": "egg"}),
        ("wake me up at 6:30 every weekday", "SetAlarm", {"at": "6:30 every weekday"}),
        ("please set an alarm for seven am", "SetAlarm", {"at": "seven am"}),
        ("turn off all of my alarms", "DeleteAlarm", {"all": "all"}),
        ("do i have any alarms set for tomorrow", "GetAlarms", {"date": "tomorrow"}),
        ("snooze for ten minutes", "SnoozeAlarm", {"minutes": "10"}),
        ("remind me to call mum tomorrow at five", "SetReminder",
         {"text": "call mum", "date": "tomorrow", "at": "five"}),
        ("when i get home remind me to feed the cat", "SetReminder", {"place": "home", "text": "feed the cat"}),
        ("remind me in an hour to check the oven", "SetReminder", {"at": "in an hour", "text": "check the oven"}),
        ("we're out of coffee", "HassShoppingListAddItem", {"item": "coffee"}),
        ("put call the plumber on my to do list", "HassListAddItem", {"item": "call the plumber", "name": "to-do"}),
        ("is milk on the shopping list", "GetList", {"item": "milk", "name": "shopping"}),
        ("what time is it in tokyo", "HassGetCurrentTime", {"place": "tokyo"}),
        ("what day of the week is first april", "GetWeekday", {"date": "first april"}),
        ("how many days until christmas", "GetDaysUntil", {"date": "christmas"}),
        ("what's 15 percent of 80", "Calculate", {"left": "15", "operator": "percent of", "right": "80"}),
        ("what is the square root of thirty four", "Calculate", {"operator": "square root of", "right": "34"}),
        ("how many tablespoons are there in a cup", "ConvertUnits", {"to": "tablespoons", "from": "cup"}),
        ("will it rain in paris tomorrow", "HassGetWeather",
         {"aspect": "rain", "place": "paris", "date": "tomorrow"}),
        ("do i need an umbrella today", "HassGetWeather", {"aspect": "rain", "date": "today"}),
        ("which countries does the danube flow through", "GetFact",
         {"relation": "flows_through", "subject": "the danube"}),
        ("how far away is the moon", "GetFact",
         {"relation": "distance_from_sun/distance_from_earth", "subject": "the moon"}),
        ("what is peru's capital", "GetFact", {"relation": "capital", "subject": "peru"}),
        ("which planet has the most moons", "GetFact", {"relation": "most_moons"}),
        ("thank you very much", "SmallTalk", {"topic": "thanks"}),
        ("what can you do in the kitchen", "GetHelp", {"area": "kitchen"}),
        ("tell everyone dinner is ready", "HassBroadcast", {"message": "dinner is ready"}),
    ],
)  # fmt: skip
def test_what_people_say_is_read_with_its_slots(text, intent, slots):
    assert (intent, slots) in readings(text, *SKILLS)


@pytest.mark.parametrize("text", ["what is love", "order a pizza", "how is my mother", "turn on the floor lamp"])
def test_what_is_none_of_their_business_is_not_read_by_them(text):
    own = {intent.name for skill in SKILLS for intent in skill.intents}
    assert not own & {name for name, _ in readings(text, *SKILLS)}


def test_only_feasts_are_far_away_in_days():
    assert "GetDaysUntil" not in {name for name, _ in readings("how far away is the moon", *SKILLS)}


def test_a_list_that_takes_any_words_does_so_everywhere():
    intents = [intent for skill in SKILLS for intent in skill.intents]
    wild = {name for intent in intents for name in intent.wildcards}
    assert not [(intent.name, name) for intent in intents for name in wild & set(intent.lists) - set(intent.wildcards)]
