"""Format answers in words: numbers, lengths of time, times and dates, enumerations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "capital",
    "ordinal",
    "say_date",
    "say_day",
    "say_days",
    "say_duration",
    "say_list",
    "say_moment",
    "say_number",
    "say_time",
]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Names of the days, as `date.weekday` counts them."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
"""Names of the months, January first."""

_SHOWN = 6


def say_list(words: Sequence[str], last: str = "and") -> str:
    """Say an enumeration.

    >>> say_list(["milk", "eggs", "bread"])
    'milk, eggs and bread'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def say_number(value: Fraction | float, digits: int = _SHOWN) -> str:
    """Say a number with at most so many significant digits after the point; "about" is left to the caller.

    >>> say_number(Fraction(1, 3)), say_number(1_234_567), say_number(2.50), say_number(1e20)
    ('0.333333', '1,234,567', '2.5', '1 times 10 to the 20')
    """
    exact = Fraction(value)
    size = abs(exact)
    if size >= 10**15 or 0 < size < Fraction(1, 10**6):
        mantissa, _, power = f"{float(exact):.{digits - 1}e}".partition("e")
        return f"{mantissa.rstrip('0').rstrip('.')} times 10 to the {int(power)}"
    if exact.denominator == 1:
        return f"{int(exact):,}"
    places = max(0, digits - len(str(int(size))) + (size < 1))
    said = f"{float(exact):,.{places}f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def say_duration(length: timedelta) -> str:
    """Say a length of time, to the second.

    >>> say_duration(timedelta(hours=1, minutes=5)), say_duration(timedelta(seconds=1))
    ('1 hour and 5 minutes', '1 second')
    """
    return _in_words(max(0, round(length.total_seconds())))


@lru_cache(maxsize=512)
def _in_words(seconds: int) -> str:
    pieces = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            pieces.append(f"{count} {unit}{'s' if count != 1 else ''}")
    return say_list(pieces) or "0 seconds"


def say_time(moment: time | datetime) -> str:
    """Say a time of day.

    >>> say_time(time(7, 0)), say_time(time(19, 30)), say_time(time(12, 0)), say_time(time(0, 0))
    ('7 am', '7:30 pm', 'noon', 'midnight')
    """
    if moment.minute == 0 and moment.hour in (0, 12):
        return "noon" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes} {'am' if moment.hour < 12 else 'pm'}"


def say_date(day: date, today: date | None = None, *, weekday: bool = True) -> str:
    """Say a date; the year only where it is not this one.

    >>> say_date(date(2026, 12, 24), date(2026, 1, 1)), say_date(date(2027, 3, 1), date(2026, 1, 1))
    ('Thursday, 24 December', 'Monday, 1 March 2027')
    """
    said = f"{day.day} {MONTHS[day.month - 1]}"
    if weekday:
        said = f"{WEEKDAYS[day.weekday()]}, {said}"
    return said if today is not None and day.year == today.year else f"{said} {day.year}"


def say_moment(moment: datetime, now: datetime) -> str:
    """Say a time, with its day as seen from now.

    >>> now = datetime(2026, 3, 2, 12)
    >>> say_moment(datetime(2026, 3, 3, 7), now), say_moment(datetime(2026, 3, 2, 18, 30), now)
    ('tomorrow at 7 am', 'today at 6:30 pm')
    """
    return f"{say_day(moment.date(), now.date())} at {say_time(moment)}"


def say_day(day: date, today: date) -> str:
    """Say a day as seen from today.

    >>> say_day(date(2026, 3, 3), date(2026, 3, 2)), say_day(date(2026, 3, 6), date(2026, 3, 2))
    ('tomorrow', 'on Friday')
    """
    ahead = (day - today).days
    if ahead in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[ahead + 1]
    if 1 < ahead < 7:
        return f"on {WEEKDAYS[day.weekday()]}"
    return f"on {say_date(day, today)}"


def say_days(days: Sequence[int]) -> str:
    """Say the days of the week that something recurs on.

    >>> say_days([0, 1, 2, 3, 4]), say_days([5, 6]), say_days([0, 2]), say_days(range(7))
    ('every weekday', 'every weekend', 'every Monday and Wednesday', 'every day')
    """
    usual = {tuple(range(7)): "every day", tuple(range(5)): "every weekday", (5, 6): "every weekend"}
    chosen = tuple(sorted(set(days)))
    return usual.get(chosen) or f"every {say_list([WEEKDAYS[day] for day in chosen])}"


def ordinal(number: int) -> str:
    """Say an ordinal number: "1st", "22nd", "13th"."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def capital(said: str) -> str:
    """Capitalise the first letter."""
    return said[:1].upper() + said[1:]
