"""The clock and the calendar: the time here and elsewhere, dates, weekdays, how long until a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from uptake.assistant.knowledge.places import Place, find_place
from uptake.assistant.phrases.dates import Days, read_date
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.saying import WEEKDAYS, capital, say_date, say_duration, say_moment, say_time
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Clock"]

_PLACE = Slot(name="place", kind="place")
_LISTS = {
    "clock_place": ("london", "new york", "tokyo", "sydney", "paris", "india", "california", "lima", "new delhi"),
    "clock_other": ("paris", "new york", "tokyo", "berlin"),
    "clock_date": (
        "christmas", "christmas eve", "easter", "halloween", "new year", "new year's eve", "valentine's day",
        "the 24th of december", "march 3rd", "friday", "next tuesday", "tomorrow", "the first of april",
        "good friday", "thanksgiving", "the 22nd",
    ),
    "clock_feast": (
        "christmas [day]:christmas", "christmas eve:christmas eve", "boxing day:boxing day", "easter [sunday]:easter",
        "easter monday:easter monday", "good friday:good friday", "halloween:halloween",
        "[the] new year:new year", "new year's eve:new year's eve", "new year's day:new year",
        "valentine's day:valentine's day", "thanksgiving:thanksgiving", "[saint|st] patrick's day:patrick's day",
        "the weekend:this weekend", "next monday:next monday", "friday:friday", "tomorrow:tomorrow",
    ),
    "clock_at": ("5 pm", "noon", "nine", "8:30 am", "midnight"),
}  # fmt: skip
_WILDCARDS = ("clock_place", "clock_other", "clock_date", "clock_at")
_HERE = frozenset({"here", "home", "us", "me", "my place", "my time", "our time"})
_TELL = "(what is|what's|whats|tell me|give me|show me|do you know|say)"


class Clock(NothingDue):
    """Skill that tells times and dates."""

    name: ClassVar[str] = "clock"
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(
            name="HassGetCurrentTime",
            slots=(_PLACE,),
            sentences=(
                "what time is it [right now|now] (in|at) {clock_place:place}",
                f"{_TELL} the [current|local] time [right now|now] (in|at) {{clock_place:place}}",
                f"{_TELL} [the] [current|local] time [right now|now|please]",
                "[the] time in {clock_place:place} [please]",
                "what's {clock_place:place} time",
                "(how late is it|got the time|have you got the time|what's the clock) [in {clock_place:place}]",
                "(can|could) you tell me [what] [the] time [it is] [please]",
            ),
            lists=_LISTS, wildcards=_WILDCARDS,
            examples=("what time is it", "what time is it in Tokyo"), changes=False,
        ),
        Intent(
            name="HassGetCurrentDate",
            slots=(_PLACE,),
            sentences=(
                f"{_TELL} [the|today's|todays] date [today|is it] [please]",
                "what (day|date) is (it|today) [today]",
                "which day is (it|today)",
                f"{_TELL} the day [today]",
                "what day of the (week|month) is (it|today)",
                "what (year|month) is it",
                "what is the date in {clock_place:place}",
            ),
            lists=_LISTS, wildcards=_WILDCARDS,
            examples=("what is the date", "what day is it"), changes=False,
        ),
        Intent(
            name="GetWeekday",
            slots=(Slot(name="date", kind="date", required=True, prompt="Which day?"),),
            sentences=(
                "(what|which) (day|weekday|day of the week) (is|was|will be|is it|was it|will it be) [on] "
                "{clock_date:date}",
                "(what|which) (day|weekday|day of the week) (does|will) {clock_date:date} (fall|land|be) [on]",
                "on (what|which) (day|weekday|day of the week) (is|does) {clock_date:date} [fall]",
                "(when|what date) is {clock_feast:date} [this year|next year]",
                "what is the date (of|on) {clock_date:date}",
            ),
            lists=_LISTS, wildcards=_WILDCARDS,
            examples=("what day is the 24th of December", "when is Easter"), changes=False,
        ),
        Intent(
            name="GetDaysUntil",
            slots=(Slot(name="date", kind="date", required=True, prompt="Until when?"),),
            sentences=(
                "how (many days|long|much time) [is it|are there|left] (until|till|to|before) {clock_date:date}",
                "how many weeks [is it|are there|are left] (until|till|to) {clock_date:date}",
                "(how many days|how long) (since|has it been since) {clock_date:date}",
                "days (until|till|to) {clock_date:date}",
                "how (far|long) away is {clock_feast:date}",
            ),
            lists=_LISTS, wildcards=_WILDCARDS,
            examples=("how many days until Christmas",), changes=False,
        ),
        Intent(
            name="GetTimeDifference",
            slots=(Slot(name="place", kind="place", required=True, prompt="Between where?"),
                   Slot(name="other", kind="place"), Slot(name="at", kind="time")),
            sentences=(
                "(what is|what's) the time difference (between|from) {clock_place:place} (and|to) {clock_other:other}",
                "(what is|what's) the time difference (to|with) {clock_place:place}",
                "how (far|many hours) (ahead|behind) is {clock_place:place}",
                "(if|when) (it is|it's) {clock_at:at} in {clock_place:place} what time is it in {clock_other:other}",
                "(if|when) (it is|it's) {clock_at:at} here what time is it in {clock_other:other}",
                "what time is it in {clock_other:other} when it is {clock_at:at} in {clock_place:place}",
            ),
            lists=_LISTS, wildcards=_WILDCARDS,
            examples=("what is the time difference between London and Tokyo",), changes=False,
        ),
    )  # fmt: skip

    def handle(self, call: Call) -> Effect:
        """Tell what is asked."""
        done = {
            "HassGetCurrentTime": _time,
            "HassGetCurrentDate": _date,
            "GetWeekday": _weekday,
            "GetDaysUntil": _days_until,
            "GetTimeDifference": _difference,
        }
        return done[call.interpretation.intent](call)


def _time(call: Call) -> Effect:
    said = call.slot("place")
    if said is None:
        return Effect(speech=f"It is {say_time(call.now)}.")
    place = find_place(said)
    if place is None:
        return _unknown()
    there = call.now.astimezone(ZoneInfo(place.zone))
    ahead = (there.date() - call.now.date()).days
    day = f" {'tomorrow' if ahead > 0 else 'yesterday'}" if ahead else ""
    return Effect(speech=f"In {place.in_sentence} it is {say_time(there)}{day}.")


def _date(call: Call) -> Effect:
    place = find_place(call.slot("place") or "")
    if call.slot("place") is not None and place is None:
        return _unknown()
    there = call.now if place is None else call.now.astimezone(ZoneInfo(place.zone))
    where = "Today is" if place is None else f"In {place.in_sentence} it is"
    return Effect(speech=f"{where} {say_date(there.date())}.")


def _weekday(call: Call) -> Effect:
    days, problem = _day(call, "Which day?")
    if problem is not None or days is None or days.day is None:
        return problem or Effect(speech="Which day?", missing="date")
    today = call.now.date()
    verb = "is" if days.day >= today else "was"
    return Effect(speech=f"{say_date(days.day, today, weekday=False)} {verb} a {WEEKDAYS[days.day.weekday()]}.")


def _days_until(call: Call) -> Effect:
    days, problem = _day(call, "Until when?")
    if problem is not None or days is None or days.day is None:
        return problem or Effect(speech="Until when?", missing="date")
    today = call.now.date()
    ahead = (days.day - today).days
    if ahead == 0:
        return Effect(speech="That is today.")
    count = f"{abs(ahead)} day{'s' if abs(ahead) != 1 else ''}"
    said = say_date(days.day, today)
    return Effect(speech=f"{count} until {said}." if ahead > 0 else f"{said} was {count} ago.")


def _day(call: Call, question: str) -> tuple[Days | None, Effect | None]:
    said = call.slot("date")
    if said is None:
        return None, Effect(speech=question, missing="date")
    days = read_date(said.removeprefix("it "), call.now.date())  # "what day is it tomorrow"
    if days is None:
        return None, Effect(speech="I do not know that day.", status="unsupported")
    if days.problem is not None:
        return None, Effect(speech=days.problem, status="failed")
    return days, None


def _difference(call: Call) -> Effect:
    named = [name for name in (call.slot("place"), call.slot("other")) if name and name.casefold() not in _HERE]
    places = [find_place(name) for name in named]
    if not named:
        return Effect(speech="Between which places?", missing="place")
    known_places = [place for place in places if place is not None]
    if len(known_places) < len(named):
        return _unknown()
    at = call.slot("at")
    if at is not None:
        return _converted(call, at, known_places)
    left, left_name = (
        (call.now, "here")
        if len(known_places) == 1
        else (_there(call.now, known_places[0]), f"in {known_places[0].in_sentence}")
    )
    right = known_places[-1]
    hours = (_there(call.now, right).utcoffset() or timedelta(0)) - (left.utcoffset() or timedelta(0))
    if not hours:
        return Effect(speech=f"The time in {right.in_sentence} is the same as {left_name}.")
    side = "ahead of" if hours > timedelta(0) else "behind"
    return Effect(
        speech=f"{capital(right.in_sentence)} is {say_duration(abs(hours))} {side} {left_name.removeprefix('in ')}."
    )


def _converted(call: Call, at: str, known: list[Place]) -> Effect:
    """Say a time of one place (or of here) as the time of another."""
    from_there = (call.slot("place") or "here").casefold() not in _HERE
    source = _there(call.now, known[0]) if from_there else call.now
    target = known[-1] if (call.slot("other") or "here").casefold() not in _HERE else None
    spoken = read_moment(at, source)
    moment = spoken.moment(source) if spoken is not None else None
    if moment is None or moment.at is None:
        return Effect(speech="I did not get the time.", status="failed")
    there = moment.at.astimezone(ZoneInfo(target.zone) if target is not None else call.now.tzinfo)
    where = f"in {target.in_sentence}" if target is not None else "here"
    day = say_moment(there, moment.at).partition(" at ")[0]
    return Effect(speech=f"Then it is {say_time(there)} {where}{'' if day == 'today' else f', {day}'}.")


def _there(now: datetime, place: Place) -> datetime:
    return now.astimezone(ZoneInfo(place.zone))


def _unknown() -> Effect:
    return Effect(speech="I do not know that place.", status="unsupported")
