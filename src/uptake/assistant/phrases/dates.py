"""Parse days: "tomorrow", "next friday", "the 3rd of march", "christmas eve", "every weekday"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from uptake.assistant.phrases.numbers import ORDINALS, in_digits
from uptake.assistant.phrases.saying import MONTHS, WEEKDAYS, ordinal
from uptake.text.patterns import regex

__all__ = ["Days", "easter", "find_days", "read_date", "with_ordinals", "without_days"]

_DAY = "|".join(f"{name.lower()}s?|{name[:3].lower()}|{name[:3].lower()}s" for name in WEEKDAYS) + "|tues|thurs|thur"
_MONTH = "|".join(name.lower() for name in MONTHS) + "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_YEAR = r"(?:,? (?:in )?(\d{4}|20 \d{2})\b)?"
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_AFTER = "|".join(f"(?<={word} )" for word in ("the", "on", "every", *map(str.lower, MONTHS)))
_TENS_AND_ORDINAL = regex(rf"\b(20|30)[ -]({_ORDINAL})\b")
_AFTER_A_DAY = regex(rf"(?:{_AFTER})({_ORDINAL})\b")
_BEFORE_A_MONTH = regex(rf"\b({_ORDINAL})(?= (?:day )?(?:of )?(?:{_MONTH})\b)")

# What each says of the day: (pattern, name of the rule below).
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (regex(rf"\b(?:on |for |by |until |from )?(?:{pattern})(?!(?<!t)\w)"), rule)
    for pattern, rule in (
        (r"(\d{4})-(\d{2})-(\d{2})(?:t(?=\d))?", "iso"),
        (r"(?:the )?day after tomorrow", "overmorrow"),
        (r"(?:each and )?every ?day|daily|every single day", "daily"),
        (r"(?:on |every )?(?:week|work|working|school) ?days?(?: only)?|every (?:working|school|work) day", "weekdays"),
        (r"(?:on |every |at )?(?:the )?weekends(?: only)?|every weekend", "weekends"),
        (rf"((?:{_DAY})(?:(?:, | and |, and | & | )(?:{_DAY}))+)", "every"),
        (rf"(?:every )?({_DAY}) (?:to|till|until|through|thru) ({_DAY})", "range"),
        (rf"every ((?:{_DAY})(?:(?:,| and|, and|,? or) (?:every )?(?:{_DAY}))*)", "every"),
        (r"every (?:other|second|\d+(?:st|nd|rd|th)?) \w+|every (?:week|month|year|hour|minute)|monthly|yearly|weekly|"
         r"hourly|annually", "unsupported"),
        (rf"(?:the )?{_NTH}(?: day)?(?: of)? ({_MONTH}){_YEAR}", "day_month"),
        (rf"({_MONTH}) (?:the )?{_NTH}{_YEAR}(?! ?(?:am|pm|o'clock|:))", "month_day"),
        (r"the (\d{1,2})(?:st|nd|rd|th)(?: of (this|the|next) month)?", "nth"),
        (r"in (\d+|a) (day|week)s?(?: from now)?|(\d+|a) (day|week)s? from (?:now|today)|"
         r"(\d+|a) (day|week)s? ago", "ahead"),
        (r"christmas eve|(?:christmas(?: day)?|xmas)(?! (?:music|songs?|carols?|tunes|hits|album|playlist|tree)\b)|"
         r"boxing day|new year'?s eve|new year'?s(?: day)?|(?:the )?new year|"
         r"hallowe'?en|(?:saint |st )?valentine'?s(?: day)?|easter(?: sunday| monday)?|good friday|thanksgiving|"
         r"(?:saint |st )?patrick'?s day|may day", "feast"),
        (rf"(?:(this|next|coming|this coming|last) )?({_DAY})(?: (next week|week))?", "weekday"),
        (r"(this|next|(?:at |over |(?<=on )|(?<=for )|(?<=by )|(?<!.))the(?= weekend)) (week|weekend|month|year)",
         "period"),
        (r"today|now|tomorrow|yesterday|this (?=morning|afternoon|evening)", "near"),
    )
)  # fmt: skip

_EACH = regex(rf"weekends?|weekdays?|(?:{_DAY})(?!\w)")
_LEFT_OUT = regex(
    rf"\b(?P<every>(?:every|each) (?:single )?(?:day|week ?day|(?P<part>morning|afternoon|evening|night))|daily"
    rf"|weekdays)\b"
    rf"(?P<mid>[^,]{{0,40}}?),? (?:except(?: for| on| at)?|but(?: not)?|apart from|bar|excluding|other than"
    rf"|not)(?: on| at| for| the)*"
    rf" (?P<gone>(?:weekends?|weekdays?|(?:{_DAY}))(?:(?:,| and|,? or|, and) (?:on )?(?:{_DAY}))*)(?!\w)",
    re.IGNORECASE,
)

_FEASTS = {
    "christmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "boxing": (12, 26), "eve": (12, 31),
    "new year": (1, 1), "hallow": (10, 31), "valentine": (2, 14), "patrick": (3, 17), "may day": (5, 1),
}  # fmt: skip
_EASTER = {"good friday": -2, "easter monday": 1, "easter": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Day, or days of the week, that a text names."""

    day: date | None = None
    """The day; None where it recurs or is unknown."""
    weekdays: tuple[int, ...] = ()
    """Days of the week that it recurs on, Monday 0."""
    problem: str | None = None
    """Why there is no such day, for the person."""


def read_date(text: str, today: date) -> Days | None:
    """Read the day that a whole text names; None where it names none.

    >>> read_date("the day after tomorrow", date(2026, 3, 2)).day
    datetime.date(2026, 3, 4)
    >>> read_date("31 february", date(2026, 3, 2)).problem
    'There is no 31st of February.'
    """
    days, rest = find_days(with_ordinals(in_digits(text[:200])), today)
    return days if not rest.strip(" .?!,") else None


def find_days(said: str, today: date) -> tuple[Days | None, str]:
    """Find the first days that a text (with numbers in digits) names. Returns them, and the text without them."""
    for pattern, rule in _RULES:
        match = pattern.search(said)
        if match is not None:
            days = _READERS[rule](match, today)
            if days is not None:
                return days, f"{said[: match.start()]} {said[match.end() :]}"
    return None, said


def without_days(text: str) -> str:
    """Say the days of "every day except weekends" as those that are left.

    >>> without_days("kettle on at seven every morning except weekends")
    'kettle on at seven every weekday in the morning'
    >>> without_days("wake me at six every weekday but not on fridays")
    'wake me at six every monday, tuesday, wednesday and thursday'
    """
    match = _LEFT_OUT.search(text)
    if match is None:
        return text
    every = set(range(5)) if "week" in match["every"].lower() else set(range(7))
    gone = {day for name in _EACH.findall(match["gone"].lower()) for day in _named(name)}
    names = [WEEKDAYS[day].lower() for day in sorted(every - gone)]
    if not gone or not names:
        return text
    left = (
        "every weekday"
        if every - gone == set(range(5))
        else f"every {' and '.join([', '.join(names[:-1]), names[-1]])}"
    )
    left = left.replace("every  and ", "every ")
    part = match["part"]
    when = "" if part is None else " at night" if part.lower() == "night" else f" in the {part.lower()}"
    said = f"{text[: match.start()]}{left}{match['mid']}{when}{text[match.end() :]}"
    return " ".join(said.split())


def _named(name: str) -> tuple[int, ...]:
    if name.startswith("weekend"):
        return (5, 6)
    return tuple(range(5)) if name.startswith("weekday") else (_weekday(name),)


def with_ordinals(said: str) -> str:
    """Write ordinal words in digits: "20 first of march" -> "21st of march"; a "second" of time stays."""
    said = _TENS_AND_ORDINAL.sub(lambda found: ordinal(int(found[1]) + ORDINALS[found[2]]), said)
    for pattern in (_AFTER_A_DAY, _BEFORE_A_MONTH):
        said = pattern.sub(lambda found: ordinal(ORDINALS[found[1]]), said)
    return said


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches, by the anonymous Gregorian algorithm (Meeus)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    shift = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _iso(match: re.Match[str], _today: date) -> Days:
    return _date(int(match[1]), int(match[2]), int(match[3]))


def _overmorrow(_match: re.Match[str], today: date) -> Days:
    return Days(day=today + timedelta(days=2))


def _every(match: re.Match[str], _today: date) -> Days:
    names = re.findall(_DAY, match[1])
    return Days(weekdays=tuple(sorted({_weekday(name) for name in names})))


def _range(match: re.Match[str], _today: date) -> Days:
    """Read "monday to friday", which recurs."""
    first, last = _weekday(match[1]), _weekday(match[2])
    return Days(weekdays=tuple(sorted((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))))


def _day_month(match: re.Match[str], today: date) -> Days:
    return _next_date(int(match[1]), match[2], match[3], today)


def _month_day(match: re.Match[str], today: date) -> Days:
    return _next_date(int(match[2]), match[1], match[3], today)


def _nth(match: re.Match[str], today: date) -> Days:
    wanted = int(match[1])
    if not 1 <= wanted <= 31:
        return Days(problem=f"There is no {ordinal(wanted)} of any month.")
    months_ahead = 1 if match[2] == "next" else 0
    for ahead in range(months_ahead, 13):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        day = _date(year, month + 1, wanted)
        if match[2] or (day.day is not None and day.day >= today):
            return day
    return Days(problem="There is no such day.")


def _ahead(match: re.Match[str], today: date) -> Days | None:
    ago = match[5] is not None
    amount, unit = next((match[n], match[n + 1]) for n in (1, 3, 5) if match[n])
    days = (1 if amount == "a" else min(int(amount), 100_000)) * (7 if unit == "week" else 1)
    return Days(day=today + timedelta(days=-days if ago else days))


def _weekday_named(match: re.Match[str], today: date) -> Days | None:
    which, name, week = match[1], match[2], match[3]
    if which is None and name in {"sun", "mon", "sat", "wed"} and "on " not in match[0]:
        return None  # "the sun"; "sat"
    if which is None and name.endswith("days"):
        return Days(weekdays=(_weekday(name),))
    ahead = (_weekday(name) - today.weekday()) % 7
    if which == "last":
        return Days(day=today - timedelta(days=7 - ahead if ahead else 7))
    if which == "next" or week:
        monday = today + timedelta(days=7 - today.weekday())
        return Days(day=monday + timedelta(days=_weekday(name)))
    return Days(day=today + timedelta(days=ahead or (7 if which == "coming" else 0)))


def _period(match: re.Match[str], today: date) -> Days | None:
    which, period = match[1], match[2]
    if period == "weekend":
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        return Days(day=saturday + timedelta(days=7 if which == "next" else 0))
    if period == "week":
        return Days(day=today + timedelta(days=7 if which == "next" else 0))
    if which == "this":
        return Days(day=today)
    month = today.month % 12 + 1 if period == "month" else 1
    return _date(today.year + (period == "year" or month == 1), month, 1)


def _feast(match: re.Match[str], today: date) -> Days:
    said = match[0]
    for year in (today.year, today.year + 1):
        day = _feast_day(said, year)
        if day >= today:
            return Days(day=day)
    return Days(day=day)


def _feast_day(said: str, year: int) -> date:
    for name, shift in _EASTER.items():
        if name in said:
            return easter(year) + timedelta(days=shift)
    if "thanksgiving" in said:
        first = date(year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    month, day = next(when for name, when in _FEASTS.items() if name in said)
    return date(year, month, day)


def _near(match: re.Match[str], today: date) -> Days:
    shift = 1 if "tomorrow" in match[0] else -1 if "yesterday" in match[0] else 0
    return Days(day=today + timedelta(days=shift))


def _next_date(day: int, month_name: str, year: str | None, today: date) -> Days:
    month = next(n for n, name in enumerate(MONTHS, start=1) if name.lower().startswith(month_name[:3]))
    if year is not None:
        return _date(int(year.replace(" ", "")), month, day)
    if _date(2024, month, day).day is None:  # a leap year: not even there
        return Days(problem=f"There is no {ordinal(day)} of {MONTHS[month - 1]}.")
    for candidate in range(today.year, today.year + 9):
        next_day = _date(candidate, month, day)
        if next_day.day is not None and next_day.day >= today:
            return next_day
    return Days(problem="There is no such day.")


def _date(year: int, month: int, day: int) -> Days:
    try:
        return Days(day=date(year, month, day))
    except ValueError:
        month_name = MONTHS[month - 1] if 1 <= month <= 12 else "that month"
        return Days(problem=f"There is no {ordinal(day)} of {month_name} {year}.")


def _weekday(name: str) -> int:
    return next(n for n, day in enumerate(WEEKDAYS) if day.lower().startswith(name[:3]))


_READERS: dict[str, Callable[[re.Match[str], date], Days | None]] = {
    "iso": _iso,
    "overmorrow": _overmorrow,
    "daily": lambda _match, _today: Days(weekdays=tuple(range(7))),
    "weekdays": lambda _match, _today: Days(weekdays=tuple(range(5))),
    "weekends": lambda _match, _today: Days(weekdays=(5, 6)),
    "every": _every,
    "range": _range,
    "unsupported": lambda _match, _today: Days(problem="I can only repeat things every day or on days of the week."),
    "day_month": _day_month,
    "month_day": _month_day,
    "nth": _nth,
    "ahead": _ahead,
    "weekday": _weekday_named,
    "period": _period,
    "feast": _feast,
    "near": _near,
}
