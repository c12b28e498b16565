"""Skill for the weather here or elsewhere, today or another day, from a provider.

Without a provider an offline almanac gives what is usual in the season, and says so: it is no forecast.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import ClassVar

from uptake.assistant.knowledge.places import Place, find_place, place_of_zone, places
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.saying import MONTHS, capital, say_date
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot
from uptake.assistant.weather import Almanac, Outlook, WeatherProvider

__all__ = ["Weather"]

_FAHRENHEIT = ("America/", "US/")
_CELSIUS_THERE = ("America/Toronto", "America/Vancouver", "America/Montreal", "America/Mexico", "America/Sao",
                  "America/Argentina", "America/Bogota", "America/Lima", "America/Santiago", "America/Edmonton",
                  "America/Halifax", "America/Winnipeg", "America/Caracas", "America/Havana")  # fmt: skip
_MONTH = re.compile(rf"\b(?:in|during) ({'|'.join(map(str.lower, MONTHS))})$")
_OUTDOORS = re.compile(r"\b(?:outdoors?|outside|garden)\b", re.IGNORECASE)
_LISTS = {
    "weather_place": ("london", "paris", "new york", "tokyo", "san diego", "berlin", "bangalore", "sydney", "rome"),
    "weather_town": tuple(place.name for place in places()),
    "weather_day": (
        "today", "tomorrow", "tonight", "now", "right now", "this week", "next week", "this weekend", "this morning",
        "this afternoon", "this evening", "tomorrow morning", "tomorrow evening", "the day after tomorrow",
        "[on] monday:monday", "[on] tuesday:tuesday", "[on] wednesday:wednesday", "[on] thursday:thursday",
        "[on] friday:friday", "[on] saturday:saturday", "[on] sunday:sunday", "next month", "at christmas:christmas",
        "at easter:easter", "in january:15 january", "in february:15 february", "in march:15 march",
        "in april:15 april", "in may:15 may", "in june:15 june", "in july:15 july", "in august:15 august",
        "in september:15 september", "in october:15 october", "in november:15 november", "in december:15 december",
    ),
    "weather_wet": ("(rain|raining|rainy|shower|pour|wet|drizzle):rain", "(snow|snowing|snowy):snow"),
    "weather_temper": ("(hot|warm|sunny|nice|dry|good):warm", "(cold|chilly|freezing|freeze|icy|cool):cold",
                       "(windy|cloudy|foggy|stormy|humid|bad|overcast):other"),
    "weather_gear": ("(an umbrella|my umbrella|a raincoat|rain boots|a rain coat):rain",
                     "(a coat|a jacket|a sweater|gloves|a scarf|a hat|warm clothes|a light jacket):cold",
                     "(sunscreen|sunglasses|shorts|a sun hat):warm"),
}  # fmt: skip
_WHERE = "[(in|for|at|near) {weather_place:place}]"
_WHEN = "[[for] {weather_day:date}]"
_IS = "(what is|what's|whats|how is|how's|what will|how will|tell me|give me|show me|what was)"


class Weather(NothingDue):
    """Skill that tells the weather.

    Args:
        provider: Weather provider; None for the offline almanac.
    """

    name: ClassVar[str] = "weather"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassGetWeather",
            slots=(
                Slot(name="place", kind="place", prompt="For which place?"),
                Slot(name="name"),
                Slot(name="date", kind="date"),
                Slot(name="aspect"),
            ),
            sentences=(
                f"{_IS} [the] [current|local] weather [forecast|report|like|be|be like|going to be] {_WHEN} {_WHERE}",
                f"{_IS} [the] [current|local] weather [forecast|report|like|be|be like|going to be] "
                "(in|for|at) {weather_place:place} {weather_day:date}",
                f"{_IS} [the] [weather] forecast {_WHEN} {_WHERE}",
                "[the] weather [forecast] {weather_day:date}",
                "[the] weather [forecast] [please]",
                "[the] weather [forecast] (in|for) {weather_place:place} " + _WHEN,
                f"(what is|what's|how is) it like outside {_WHEN}",
                "(is it|will it be|is it going to be|will it|is it going to|does it|was it) "
                f"{{weather_wet:aspect}} {_WHERE} {_WHEN}",
                f"(is it|will it be|is it going to be|was it) {{weather_temper:aspect}} {_WHERE} {_WHEN}",
                f"(is there|will there be|are there) [a|any] chance[s] of {{weather_wet:aspect}} {_WHERE} {_WHEN}",
                f"(do i|will i|should i|am i going to) (need|take|wear|carry|bring) {{weather_gear:aspect}} {_WHEN}",
                f"how (cold|warm|hot) (is it|will it be|will it get|is it going to be) [outside] {_WHERE} {_WHEN}",
                "(what is|what's) the temperature (in|for) {weather_town:place} " + _WHEN,
            ),
            lists=_LISTS,
            wildcards=("weather_place",),
            examples=("what is the weather like", "will it rain in Paris tomorrow", "do I need an umbrella"),
            changes=False,
        ),
    )  # fmt: skip

    def __init__(self, provider: WeatherProvider | None = None) -> None:
        self.provider: WeatherProvider = Almanac() if provider is None else provider

    def handle(self, call: Call) -> Effect:
        """Tell the weather."""
        said, when = _apart(call)
        place = find_place(said) if said else place_of_zone(call.home.timezone)
        if place is None:
            if not said:
                return Effect(speech="For which place?", missing="place")
            return Effect(speech="I do not know that place.", status="unsupported")
        day, problem = _day(call, when)
        if day is None:
            return Effect(speech=problem or "I did not get the day.", status="failed")
        outlook = self.provider.outlook(place, day)
        if outlook is None:
            return Effect(speech=f"I have no weather for {place.in_sentence}.", status="unsupported")
        here = not said and day == call.now.date() and not outlook.is_forecast
        measured = _measured(call) if here else ""
        return Effect(speech=f"{measured}{_describe(outlook, call, place, call.slot('aspect'))}")


def _measured(call: Call) -> str:
    """Say what a thermometer of the home measures outdoors; "" where there is none."""
    states = call.home.states()
    for device in call.home.devices:
        if device.domain == "sensor" and device.device_class == "temperature" and _OUTDOORS.search(device.name):
            value = states[device.entity_id].value
            if re.fullmatch(r"-?\d+(?:\.\d+)?", str(value)):
                return f"It is {value} °C outside now. "
    return ""


def _apart(call: Call) -> tuple[str | None, str | None]:
    """Separate place and day as they were said; a day that was taken for a part of the place is split off."""
    said, when = call.slot("place") or call.slot("name"), call.slot("date")
    if said is None or find_place(said) is not None:
        return said, when
    month = _MONTH.search(said.casefold())
    if month is not None:
        return said[: month.start()].strip() or None, when or month[0]
    spoken = read_moment(said, call.now)
    if spoken is None or not (spoken.day or spoken.weekdays or spoken.part):
        return said, when
    return spoken.rest or None, when or said


def _day(call: Call, said: str | None) -> tuple[date | None, str | None]:
    """Return the day that is meant, or what is wrong with it."""
    if said is None or said in {"now", "right now"}:
        return call.now.date(), None
    month = _MONTH.search(said.casefold())
    spoken = read_moment(f"15 {month[1]}" if month is not None else said, call.now)
    if spoken is None:
        return None, None
    if spoken.problem is not None:
        return None, spoken.problem
    if spoken.delay is not None:
        return (call.now + min(spoken.delay, timedelta(days=3_650))).date(), None
    if spoken.weekdays:
        ahead = min((day - call.now.weekday()) % 7 for day in spoken.weekdays)
        return call.now.date() + timedelta(days=ahead), None
    return spoken.day or call.now.date(), None


def _describe(outlook: Outlook, call: Call, place: Place, aspect: str | None) -> str:
    fahrenheit = call.home.timezone.startswith(_FAHRENHEIT) and not call.home.timezone.startswith(_CELSIUS_THERE)
    low, high = (f"{round(value * 9 / 5 + 32 if fahrenheit else value)}" for value in (outlook.low_c, outlook.high_c))
    where = f"in {place.in_sentence}"
    if outlook.is_forecast:
        sky = f"{outlook.condition}, " if outlook.condition else ""
        chance = f", with {round(100 * outlook.rain)} percent chance of rain" if outlook.rain is not None else ""
        return f"{capital(where)} {_when(outlook.day, call.now.date())}: {sky}{low} to {high} degrees{chance}."
    season, ahead = " now", (outlook.day - call.now.date()).days
    if outlook.day.month != call.now.month or abs((outlook.day - call.now.date()).days) > 15:
        season = f" around {say_date(outlook.day, call.now.date(), weekday=False)}"
    falls = "rains or snows" if outlook.low_c <= 1 else "rains"
    wet = "" if outlook.rain is None else f", and it {falls} on {_share(outlook.rain)}"
    advice = _advice(outlook, aspect)
    if 0 < ahead < 7:
        where, season = f"{_when(outlook.day, call.now.date()).partition(',')[0]} {where}", ""
    return f"I have no forecast, but {where} it is usually {low} to {high} degrees{season}{wet}.{advice}"


def _when(day: date, today: date) -> str:
    names = {0: "today", 1: "tomorrow"}
    return names.get((day - today).days) or f"on {say_date(day, today)}"


def _share(rain: float) -> str:
    tenths = round(rain * 10)
    if tenths <= 0:
        return "hardly any day"
    if tenths >= 9:
        return "almost every day"
    named = {1: "one day in ten", 5: "every other day"}
    return named.get(tenths) or f"{tenths} days in ten"


def _advice(outlook: Outlook, aspect: str | None) -> str:
    if aspect == "rain" and outlook.rain is not None:
        return " An umbrella would be wise." if outlook.rain >= 0.4 else " You can probably leave the umbrella."
    if aspect == "snow":
        return " Snow is possible." if outlook.low_c <= 1 else " Snow would be a surprise."
    if aspect == "cold":
        return " Take something warm." if outlook.low_c < 12 else " It should not be cold."
    if aspect == "warm":
        return " It should be warm." if outlook.high_c >= 22 else " I would not count on warmth."
    return ""
