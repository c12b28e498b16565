"""Parse times of day and days of the year in statements of preference.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.text.patterns import regex

__all__ = ["CLOCK", "evening", "month_day", "morning"]

_HOUR = r"(?:\d{1,2})"
CLOCK = (
    rf"(?:(?:half|quarter|\d{{1,2}}) (?:past|to) (?:midnight|noon)|half past {_HOUR}|quarter (?:past|to) {_HOUR}|"
    rf"\d{{1,2}} (?:past|to) {_HOUR}|{_HOUR}[: ]\d{{2}}|{_HOUR}"
    r"|midnight|noon|half {_HOUR})(?: ?o'clock)?(?: ?(?:am|pm|at night|in the (?:evening|morning|afternoon)|sharp))?"
).replace("{_HOUR}", _HOUR)
"""Pattern of a time of day in normalised text."""

_TWELVE = regex(r"\b((?:half|quarter|\d{1,2}) (?:past|to)) (midnight|noon)\b")
_MONTHS = "january february march april may june july august september october november december".split()
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30}
_DAY = (
    r"(?:(?P<tens>20|30) (?P<unit>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|(?P<ordinal>"
    + "|".join(_ORDINALS)
    + r")|(?P<digits>\d{1,2})(?:st|nd|rd|th)?)"
)
_MONTH = "(?P<month>" + "|".join(f"{month}|{month[:3]}" for month in _MONTHS) + r")\b"
_FEASTS = {
    "christmas eve": "12-24", "christmas day": "12-25", "christmas": "12-25", "boxing day": "12-26",
    "new year's eve": "12-31", "new year's day": "01-01", "valentine's day": "02-14", "valentine's": "02-14",
    "halloween": "10-31", "leap day": "02-29", "april fools' day": "04-01", "april fool's day": "04-01",
    "st patrick's day": "03-17", "saint patrick's day": "03-17", "bonfire night": "11-05",
}  # fmt: skip
"""Days that have a name, the same every year."""
_DATES = (regex(rf"\b{_DAY}(?: day)?(?: of)? {_MONTH}"), re.compile(rf"\b{_MONTH}(?: the)? {_DAY}\b"))


def month_day(text: str) -> str | None:
    """Read a day of the year as MM-DD; None where there is none.

    >>> month_day("on the ninth of august"), month_day("march 3rd"), month_day("may the 20 first")
    ('08-09', '03-03', '05-21')
    """
    for pattern in _DATES:
        match = pattern.search(text)
        if match is None:
            continue
        if match["tens"]:
            day = int(match["tens"]) + _ORDINALS[match["unit"]]
        else:
            day = _ORDINALS[match["ordinal"]] if match["ordinal"] else int(match["digits"])
        month = next(at for at, name in enumerate(_MONTHS, start=1) if name.startswith(match["month"][:3]))
        return f"{month:02d}-{day:02d}" if 1 <= day <= 31 else None
    return next((day for name, day in _FEASTS.items() if re.search(rf"\b{name}\b", text)), None)


def evening(text: str) -> str | None:
    """Read a time of day that is in the evening or the night unless it says otherwise, as HH:MM.

    >>> evening("11"), evening("half past 10"), evening("midnight"), evening("1 am")
    ('23:00', '22:30', '00:00', '01:00')
    """
    return _clock(text, late=True)


def morning(text: str) -> str | None:
    """Read a time of day that is in the morning unless it says otherwise, as HH:MM.

    >>> morning("4 45"), morning("quarter to 7"), morning("noon")
    ('04:45', '06:45', '12:00')
    """
    return _clock(text, late=False)


def _clock(text: str, *, late: bool) -> str | None:
    text = _TWELVE.sub(  # a quarter to midnight is before it
        lambda match: f"{match[1]} 12 {'am' if (match[2] == 'midnight') != match[1].endswith('to') else 'pm'}", text
    )
    if "midnight" in text.split():
        return "00:00"
    if "noon" in text.split():
        return "12:00"
    found = _read(text)
    if found is None:
        return None
    hour, minute = found
    pm = bool(re.search(r"pm\b|at night|evening|afternoon", text))
    am = bool(re.search(r"am\b|in the morning", text))
    if not am and not pm and late and 6 <= hour < 12:
        pm = True
    if hour == 12 and not pm and (am or late):
        hour = 0
    if pm and hour < 12:
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}" if 0 <= minute < 60 else None


def _read(text: str) -> tuple[int, int] | None:
    past = re.search(r"(half|quarter|\d{1,2}) (past|to) (\d{1,2})", text)
    if past is not None:
        minutes = {"half": 30, "quarter": 15}.get(past[1]) or int(past[1])
        hour = int(past[3])
        return (hour, minutes) if past[2] == "past" else ((hour - 1) % 24, 60 - minutes)
    half = re.search(r"half (\d{1,2})", text)
    if half is not None:
        return int(half[1]), 30
    plain = re.search(r"(\d{1,2})(?:[: ](\d{2}))?", text)
    if plain is None or int(plain[1]) > 24:
        return None
    return int(plain[1]), int(plain[2] or 0)
