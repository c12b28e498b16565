"""Parse times: "half past seven tomorrow evening", "in an hour and a half", "7:15", "every weekday".

Without am or pm, the next such time from now is meant, except the small hours of tomorrow; on another day, a time of
the day rather than of the night (of the morning, for a `waking` moment).

Limit: English; one time per text; no time zones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from uptake.assistant.phrases.dates import find_days, with_ordinals
from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["Moment", "Spoken", "on_day_said", "read_moment"]

_MAX_CHARS = 300
_DAYTIME_FROM = 7
_WORKING_DAYS, _DAY_BEGINS = (0, 1, 2, 3, 4), 5
"""What is to happen on every working day at five or six happens before work."""
_NIGHT = (1, 6)
"""Hours at which nothing is meant to happen tomorrow that was not said to be am."""
_PARTS = {"morning": time(9), "afternoon": time(15), "evening": time(19), "night": time(21), "tonight": time(20)}
_AT = r"(?:at |for |by |around |about |until |till |from )?(?:about |around |exactly )?"
_SUFFIX = r"(?:am|pm|a\.m\.?|p\.m\.?|a m\b|p m\b)"
_HOUR = r"(\d{1,2}|noon|midnight)"

# Each gives (hour, minute, suffix), in the order the named groups say.
_TIMES = tuple(
    regex(rf"\b{pattern}")
    for pattern in (
        rf"{_AT}(?P<part>half|(?:a )?quarter|\d{{1,2}})(?: minutes?)? (?P<side>past|after|to|before|till|of) "
        rf"(?P<hour>\d{{1,2}}|noon|midnight)(?: ?o'?clock)?(?: ?(?P<suffix>{_SUFFIX}))?(?!\w| (?:hour|minute))",
        rf"{_AT}half (?P<halfhour>\d{{1,2}})(?: ?(?P<suffix>{_SUFFIX}))?(?:(?! ?\w)|(?= (?:tomorrow|today"
rf"|tonight|morning|evening|afternoon|in the|on"
        r"|every|this|next|and|then|please|to (?!\d))\b))",
        rf"{_AT}(?P<hour>\d{{1,2}})(?:[:.h ] ?(?P<minute>\d{{2}})| (?:oh|o|0) ?(?P<oh>\d))? ?"
        rf"(?P<suffix>{_SUFFIX})(?!\w)",
        rf"{_AT}(?P<hour>\d{{1,2}})(?: (?P<minute>\d{{2}}))? ?o'? ?clock",
        rf"{_AT}(?P<hour>\d{{1,2}})[:h](?P<minute>\d{{2}})(?::\d{{2}})?(?!\d)",
        r"(?:at|by|for|until|till) (?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?![\d.]| ?(?:%|percent|degrees?|°))",
        rf"{_AT}(?P<name>noon|midday|midnight|lunch ?time)",
        r"(?:at|by|around|until|till) (?:about |around |exactly )?(?P<hour>\d{1,2})(?: (?:oh |o )?(?P<minute>\d{1,2}))?"
        r"(?= *$| *,| (?:to|that|about|in|on|and|please|for|every|this|morning|afternoon|evening|night|tonight)\b)",
    )
)  # fmt: skip
_BARE = regex(rf"{_AT}(?:(?P<hour>\d{{1,2}})(?: (?:oh |o )?(?P<minute>\d{{1,2}}))?|(?P<joined>\d{{3,4}})(?: hours)?)")
_DELAY = regex(rf"\b(?:in|after) (?P<in>{DURATION})(?:'s? time)?|(?P<from>{DURATION}) (?:from now|later)")
_WHOLE_DELAY = regex(rf"(?P<in>{DURATION})(?P<from>)")
_PART = regex(
    r"\b(?<!for the )(?<!for a )(?<!good )(?<!goodnight )"
    r"(?:in the |at |this |early |late |during the |of the )*(?P<part>morning|afternoon|evening|night|tonight)s?\b"
    r"(?! (?:lights?|lamps?|feeds?|shifts?|school|class|nurse|bag|cream|dress|tea|bus|train|news|mode|routine|scene)\b)"
)
"""A part of the day that is a time: "the night light" and "lock up for the night" hold none."""
_FIRST_THING = regex(r"\bfirst thing(?: in the morning| (?=tomorrow morning))?\b(?! (?:to|i|you|we)\b)")
_LOOSE = regex(r"^(?:at|on|for|by|in|to|the|,|and|from)?\b *| *\b(?:at|on|for|by|in|,|and|from)$")
_PARTICLE = regex(
    r"^(?:put|turn|switch|bring|let|take|get|leave|fetch|clock|log|sign|check|plug|hand|phone|go|come|drop|pop|stick|pull)\b"
    r".* (?:on|in|by)$"
)
"""A verb whose second half ends what is to be done: "put the night light on", then a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Time of an event, or the reason why it is impossible."""

    at: datetime | None = None
    """The moment (the first one, where it recurs), aware; None where no time was said."""
    weekdays: tuple[int, ...] = ()
    """Days of the week that it recurs on, Monday 0."""
    problem: str | None = None
    """Fault in what was said, as told to the person."""
    dated: bool = False
    """Whether a day was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Time expression in a text."""

    clock: time | None = None
    """Time of day; where `half_day` is None and the hour is 1 to 12, before or after noon."""
    half_day: str | None = None
    """"am" or "pm", where said or certain."""
    day: date | None = None
    """The day."""
    weekdays: tuple[int, ...] = ()
    """Days of the week that it recurs on."""
    delay: timedelta | None = None
    """Length of time from now."""
    part: str | None = None
    """Part of the day, for example "evening"."""
    problem: str | None = None
    """Fault, as told to the person."""
    rest: str = ""
    """The words that are not about time."""

    def moment(self, now: datetime, *, waking: bool = False, default: time | None = None) -> Moment:
        """Resolve the moment that is meant.

        Args:
            now: This moment, aware, in the zone of the home.
            waking: Whether it is a time to wake up at: on another day before noon, where nothing was said.
            default: The time, where only a day was said.
        """
        dated = self.day is not None or bool(self.weekdays)
        if self.problem is not None:
            return Moment(problem=self.problem, dated=dated)
        if self.delay is not None:
            return Moment(at=_later(now, self.delay), dated=True)
        clock, half = self.clock, self.half_day
        if clock is None:
            clock, half = _PARTS.get(self.part or "", default), "exact"
        if clock is None:
            return Moment(weekdays=self.weekdays, dated=dated)
        if self.weekdays:
            early = self.weekdays == _WORKING_DAYS and clock.hour >= _DAY_BEGINS
            exact = _on_a_day(clock, half, waking or early)
            return Moment(at=_recurring(exact, self.weekdays, now), weekdays=self.weekdays, dated=True)
        return _once(clock, half, self.day, now, waking)


def read_moment(text: str, now: datetime) -> Spoken | None:
    """Parse the time expression of a text; returned with the rest of the words. None if there is none.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> read_moment("half past seven tomorrow evening", now).moment(now).at.isoformat()
    '2026-03-03T19:30:00+00:00'
    >>> read_moment("call mum in twenty minutes", now).rest
    'call mum'
    """
    said = _FIRST_THING.sub("in the morning", with_ordinals(in_digits(text[:_MAX_CHARS])))
    spoken = Spoken()
    delayed = _DELAY.search(said) or _WHOLE_DELAY.fullmatch(said)
    if delayed is not None:
        length = duration(delayed["in"] or delayed["from"])
        if length is not None and (length.total_seconds() % 86_400 or length < timedelta(days=1)):
            return replace(spoken, delay=length, rest=_tidy(_without(said, delayed)))
    days, said = find_days(said, now.date())
    if days is not None:
        spoken = replace(spoken, day=days.day, weekdays=days.weekdays, problem=days.problem)
    spoken, said = _read_clock(spoken, " ".join(said.split()))
    spoken, said = _read_part(spoken, said, now.date())
    if spoken.clock is None and spoken.problem is None:
        bare = _BARE.fullmatch(_tidy(said, bare=True))
        if bare is not None:
            spoken, said = _with_time(spoken, bare), ""
            if spoken.half_day is None and spoken.part is not None:
                spoken = replace(spoken, half_day="am" if spoken.part == "morning" else "pm")
    if spoken.part == "tonight" and not spoken.weekdays:
        spoken = replace(spoken, day=spoken.day or now.date())
    if spoken == Spoken():
        return None
    return replace(spoken, rest=_tidy(said))


def on_day_said(time_said: str, before: str, now: datetime) -> str:
    """Return a time of day on the day that was said before it, where it names no day of its own.

    Args:
        time_said: The time: "quarter to 7".
        before: What was said of the moment before: "tomorrow"; "" where nothing was.
        now: Present moment, aware.
    """
    day, clock = read_moment(before, now) if before else None, read_moment(time_said, now)
    if day is None or clock is None or day.clock is not None or clock.clock is None:
        return time_said
    says_day = clock.day is not None or bool(clock.weekdays) or clock.part is not None
    is_day = day.day is not None or bool(day.weekdays) or day.part is not None
    return f"{before} at {time_said}" if is_day and not says_day else time_said


def _read_clock(spoken: Spoken, said: str) -> tuple[Spoken, str]:
    for pattern in _TIMES:
        match = pattern.search(said)
        if match is not None:
            return _with_time(spoken, match), _without(said, match)
    return spoken, said


def _read_part(spoken: Spoken, said: str, today: date) -> tuple[Spoken, str]:
    match = _PART.search(said)
    if match is None:
        return spoken, said
    part = match["part"]
    half = spoken.half_day
    if half is None and spoken.clock is not None:
        late = part in {"night", "tonight"} and spoken.clock.hour in (12, 1, 2, 3, 4, 5)
        half = "am" if part == "morning" or late else "pm"
        if late and part == "tonight" and spoken.day is None:
            spoken = replace(spoken, day=today + timedelta(days=1))
    daily = spoken.weekdays
    if daily == () and spoken.day is None and re.search(rf"every {part}", said):
        daily, said = tuple(range(7)), said.replace("every ", "", 1)
        match = _PART.search(said) or match
    return replace(spoken, part=part, half_day=half, weekdays=daily), _without(said, match)


def _with_time(spoken: Spoken, match: re.Match[str]) -> Spoken:
    said = {name: value for name, value in match.groupdict().items() if value is not None}
    half = "am" if said.get("suffix", "")[:1] == "a" else "pm" if said.get("suffix") else None
    name = said.get("name") or (said["hour"] if not said.get("hour", "0").isdecimal() else None)
    if name is not None:
        hour, minute, half = (0 if name == "midnight" else 12), (30 if name.startswith("lunch") else 0), "exact"
    elif "joined" in said:
        hour, minute = divmod(int(said["joined"]), 100)
    elif "halfhour" in said:
        hour, minute = int(said["halfhour"]), 30
    else:
        hour, minute = int(said["hour"]), int(said.get("minute") or said.get("oh") or 0)
    if "side" in said:
        past = 30 if said["part"] == "half" else 15 if "quarter" in said["part"] else int(said["part"])
        before = said["side"] in {"to", "before", "till", "of"}
        hour, minute = divmod((hour * 60 + minute + (-past if before else past)) % 1440, 60)
    if hour > 23 or minute > 59 or (half in {"am", "pm"} and hour > 12 and half == "am"):
        return replace(spoken, problem="There is no such time of day.")
    written_in_full = said.get("hour", "").startswith("0") or said.get("joined", "").startswith("0")
    if hour > 12 or hour == 0 or written_in_full:
        half = half or "exact"
        half = "exact" if hour > 12 or hour == 0 else half
    return replace(spoken, clock=time(hour, minute), half_day=half)


def _once(clock: time, half: str | None, day: date | None, now: datetime, waking: bool) -> Moment:
    """Resolve a single moment: the next such time, or that time on a day."""
    today = now.date()
    choices = _choices(clock, half)
    if day is not None and day > today:
        return Moment(at=_on(day, _on_a_day(clock, half, waking), now), dated=True)
    for choice in sorted(choices):
        at = _on(today, choice, now)
        if at > now and (day is None or day == today):
            return Moment(at=at, dated=day is not None)
    if day is not None:
        if day == today and choices == [time(0)]:  # "tonight at midnight"
            return Moment(at=_on(today + timedelta(days=1), time(0), now), dated=True)
        return Moment(problem="That time has already passed.", dated=True)
    at_night = len(choices) > 1 and not waking and _NIGHT[0] <= min(choices).hour < _NIGHT[1]
    return Moment(at=_on(today + timedelta(days=1), max(choices) if at_night else min(choices), now))


def _choices(clock: time, half: str | None) -> list[time]:
    hour = clock.hour % 12
    if half == "exact":
        return [clock]
    if half is not None:
        return [clock.replace(hour=hour + (12 if half == "pm" else 0))]
    return [clock.replace(hour=hour), clock.replace(hour=hour + 12)]


def _on_a_day(clock: time, half: str | None, waking: bool) -> time:
    """Return the one time of a day that is meant, where the day is another one."""
    choices = _choices(clock, half)
    if len(choices) == 1:
        return choices[0]
    morning, afternoon = choices
    if morning.hour == 0:
        return afternoon
    return morning if waking or morning.hour >= _DAYTIME_FROM else afternoon


def _recurring(clock: time, weekdays: tuple[int, ...], now: datetime) -> datetime:
    days = (now.date() + timedelta(days=ahead) for ahead in range(8))
    return next(at for day in days if day.weekday() in weekdays and (at := _on(day, clock, now)) > now)


def _on(day: date, clock: time, now: datetime) -> datetime:
    """Return a wall-clock time at the home; one that the change to summer time skips is moved on."""
    at = datetime.combine(day, clock, tzinfo=now.tzinfo)
    return at.astimezone(UTC).astimezone(now.tzinfo)


def _later(now: datetime, delay: timedelta) -> datetime:
    return (now.astimezone(UTC) + delay).astimezone(now.tzinfo)


def _without(said: str, match: re.Match[str]) -> str:
    return f"{said[: match.start()]} {said[match.end() :]}"


def _tidy(said: str, *, bare: bool = False) -> str:
    said = " ".join(said.split()).strip(" ,.?!")
    if bare:
        return said
    previous = None
    while previous != said:
        deed = said.removeprefix("to ")
        if _PARTICLE.search(deed):
            return deed
        previous, said = said, _LOOSE.sub("", said).strip(" ,.")
    return said
