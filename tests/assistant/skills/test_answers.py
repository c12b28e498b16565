"""Clock, arithmetic, units, weather, facts, small talk, help: what they answer, and what they honestly do not know."""

from datetime import date

import pytest

from tests.assistant.skills.asking import NOON, ask
from uptake.assistant.home import VirtualHome
from uptake.assistant.memory import Memory
from uptake.assistant.skills.answers.arithmetic import Arithmetic
from uptake.assistant.skills.answers.assistance import Assistance
from uptake.assistant.skills.answers.facts import Facts
from uptake.assistant.skills.answers.small_talk import SmallTalk
from uptake.assistant.skills.answers.units import Units, unit_name
from uptake.assistant.skills.answers.weather import Weather
from uptake.assistant.skills.lists.lists import Lists
from uptake.assistant.skills.skill import Call
from uptake.assistant.skills.time.alarms import Alarms
from uptake.assistant.skills.time.clock import Clock
from uptake.assistant.skills.time.reminders import Reminders
from uptake.assistant.skills.time.timers import Timers
from uptake.assistant.weather import Outlook
from uptake.types import Context, Interpretation, Situation

clock, sums, units, weather, facts = Clock(), Arithmetic(), Units(), Weather(), Facts()


@pytest.mark.parametrize(
    ("intent", "slots", "said"),
    [
        ("HassGetCurrentTime", {}, "It is noon."),
        ("HassGetCurrentTime", {"place": "tokyo"}, "In Tokyo it is 9 pm."),
        ("HassGetCurrentTime", {"place": "Auckland"}, "In Auckland it is 1 am tomorrow."),
        ("HassGetCurrentTime", {"place": "the united states"}, "In the United States it is 7 am."),
        ("HassGetCurrentDate", {}, "Today is Wednesday, 4 March 2026."),
        ("GetWeekday", {"date": "the 24th of december"}, "24 December is a Thursday."),
        ("GetDaysUntil", {"date": "christmas"}, "296 days until Friday, 25 December."),
        ("GetDaysUntil", {"date": "yesterday"}, "Tuesday, 3 March was 1 day ago."),
        ("GetTimeDifference", {"place": "london", "other": "tokyo"}, "Tokyo is 9 hours ahead of London."),
        ("GetTimeDifference", {"place": "here", "other": "delhi"}, "Delhi is 5 hours and 30 minutes ahead of here."),
        ("GetTimeDifference", {"at": "5 pm", "place": "london", "other": "tokyo"},
         "Then it is 2 am in Tokyo, tomorrow."),
    ],
)  # fmt: skip
def test_the_clock_tells(intent, slots, said):
    assert ask(clock, intent, **slots).speech == said


def test_the_clock_does_not_know_every_place_nor_every_day():
    assert ask(clock, "HassGetCurrentTime", place="Atlantis").status == "unsupported"
    assert ask(clock, "GetWeekday", date="31 february").status == "failed"
    assert ask(clock, "GetDaysUntil").missing == "date"


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"left": "twelve", "operator": "times", "right": "seven"}, "That is 84."),
        ({"operator": "square root of", "right": "144.0"}, "That is 12."),
        ({"left": "2", "operator": "to the power of", "right": "10"}, "That is 1,024."),
        ({"operator": "sum of", "left": "5", "right": "2"}, "That is 7."),
        ({"left": "1", "operator": "divided by", "right": "3"}, "That is about 0.333333."),
        ({"expression": "1 / 0"}, "Nothing can be divided by zero."),
    ],
)
def test_sums_are_said(slots, said):
    assert ask(sums, "Calculate", **slots).speech == said


def test_what_is_no_sum_is_unsupported_and_nothing_is_evaluated():
    assert ask(sums, "Calculate", expression="__import__('os').getcwd()").status == "unsupported"
    assert ask(sums, "Calculate").missing == "expression"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"from": "litre", "to": "cups"}, "1 litre is about 4.227 cups."),
        ({"amount": "350.0", "from": "degrees fahrenheit", "to": "celsius"},
         "350 degrees Fahrenheit is about 176.7 degrees Celsius."),
        ({"amount": "3", "from": "quarters of an hour", "to": "minutes"}, "0.75 hours are 45 minutes."),
        ({"from": "mile", "to": "litres"}, "Miles and litres measure different things."),
    ],
)  # fmt: skip
def test_units_are_converted(slots, said):
    assert ask(units, "ConvertUnits", **slots).speech == said


def test_money_is_not_converted_and_bananas_are_no_unit():
    effect = ask(units, "ConvertUnits", **{"amount": "22", "from": "dollars", "to": "euros"})
    assert (effect.status, effect.speech) == ("unsupported", "I have no exchange rates, so I cannot convert money.")
    assert unit_name("bananas") is None
    assert ask(units, "ConvertUnits", **{"from": "cup", "to": "bananas"}).status == "unsupported"


def test_without_a_provider_the_weather_is_what_is_usual_and_says_so():
    said = ask(weather, "HassGetWeather", place="london", date="in july").speech
    assert said.startswith("I have no forecast, but in London it is usually")
    assert ask(weather, "HassGetWeather", place="Atlantis").status == "unsupported"
    assert ask(weather, "HassGetWeather").speech.startswith("I have no forecast, but in London")


def test_a_provider_may_forecast():
    class Forecast:
        def outlook(self, place, day):
            return Outlook(place=place.name, day=day, low_c=3, high_c=9, rain=0.4, condition="cloudy")

    said = ask(Weather(Forecast()), "HassGetWeather", place="paris tomorrow").speech
    assert said == "In Paris tomorrow: cloudy, 3 to 9 degrees, with 40 percent chance of rain."


@pytest.mark.parametrize(
    ("relation", "subject", "said"),
    [
        ("capital", "peru", "The capital of Peru is Lima."),
        ("capital", "burkina fasso", "The capital of Burkina Faso is Ouagadougou."),
        ("capital_of", "lima", "Lima is the capital of Peru."),
        ("borders", "spain", "Spain borders Andorra, France and Portugal."),
        ("borders", "japan", "Japan has no neighbour on land."),
        ("author", "hamlet", "William Shakespeare wrote Hamlet."),
        ("moon_count", "mars", "Mars has 2 known moons."),
        ("moon_count", "venus", "Venus has no moon."),
        ("area/diameter", "jupiter", "Jupiter is about 139,820 kilometres across."),
        ("symbol", "iron", "The symbol of iron is Fe."),
        ("longest_river", "africa", "The longest river in Africa that I know is the Nile, about 6650 kilometres long."),
    ],
)
def test_facts_are_told_by_relation_and_thing(relation, subject, said):
    assert ask(facts, "GetFact", relation=relation, subject=subject).speech == said


@pytest.mark.parametrize(
    "slots",
    [
        {},
        {"relation": "capital", "subject": "atlantis"},
        {"relation": "moon_count", "subject": "peru"},
        {"relation": "nonsense", "subject": "peru"},
        {"relation": "largest_country", "subject": "mars"},
    ],
)
def test_what_is_not_known_is_said_to_be_unknown(slots):
    effect = ask(facts, "GetFact", **slots)
    assert (effect.speech, effect.status) == ("I do not know that.", "unsupported")


def test_small_talk_minds_the_hour():
    assert ask(SmallTalk(), "SmallTalk", topic="good_morning").speech == "Good afternoon."
    assert ask(SmallTalk(), "HassRespond", response="listening").speech.startswith("No.")
    assert ask(SmallTalk(), "TellJoke").speech


def test_help_names_the_devices_of_this_very_home():
    call = Call(
        interpretation=Interpretation(intent="GetHelp", slots=(("topic", "locks"),)),
        home=VirtualHome.load(),
        memory=Memory(),
        situation=Situation(context=Context(room="Kitchen")),
        user_id="ann",
        now=NOON,
    )
    assert Assistance().handle(call).speech == 'For locks, say "lock the Front Door" or "is the Front Door locked".'


def test_never_mind_ends_it():
    assert ask(Assistance(), "HassNevermind").status == "cancelled"
    assert ask(Assistance(), "GetHelp", topic="quantum").status == "unsupported"
    assert ask(Assistance(), "HassBroadcast").missing == "message"


def test_the_weather_of_a_day_lies_between_those_of_its_months():
    almanac, berlin = weather.provider, "berlin"
    highs = [almanac.outlook(_place(berlin), date(2026, month, 15)).high_c for month in (6, 7)]
    between = almanac.outlook(_place(berlin), date(2026, 6, 30)).high_c
    assert min(highs) <= between <= max(highs)


def _place(name):
    from uptake.assistant.knowledge.places import find_place

    return find_place(name)


@pytest.mark.parametrize("kind", [Timers, Alarms, Reminders, Lists, Clock, Arithmetic, Units, Weather, Facts, SmallTalk,
                                  Assistance])  # fmt: skip
@pytest.mark.parametrize("value", [None, "", "banana", "9" * 400, "-1", "\x00", "31 february", "all"])
def test_every_intent_is_answered_whatever_its_slots(kind, value):
    skill, memory = kind(), Memory()
    for intent in skill.intents:
        slots = {} if value is None else {slot.name: value for slot in intent.slots}
        effect = ask(skill, intent.name, memory, **slots)
        assert effect.speech
        assert effect.missing is None or effect.missing in {slot.name for slot in intent.slots}
