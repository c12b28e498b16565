"""Numbers, durations, dates, moments and sums: what is read, what is refused, and that what is said can be read."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.assistant.phrases.dates import easter, read_date
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits, number, written
from uptake.assistant.phrases.saying import say_date, say_duration, say_moment, say_number, say_time
from uptake.assistant.phrases.sums import calculate

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 4, 16, 20, tzinfo=LONDON)
"""A Wednesday."""
anything = st.text(max_size=60)


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("two hundred and forty four", "244"),
        ("one million", "1000000"),
        ("five and two", "5 and 2"),
        ("seven thirty am", "7 30 am"),
        ("three point one four", "3.14"),
        ("two and a half cups", "2.5 cups"),
        ("100-5", "100-5"),
        ("a dozen eggs", "12 eggs"),
        ("two thousand seventeen", "2017"),
        ("07:00", "07:00"),
    ],
)
def test_numbers_are_written_in_digits(said, digits):
    assert in_digits(said) == digits


@given(st.integers(-(10**12), 10**12))
def test_a_number_in_digits_is_that_number(value):
    assert number(written(Fraction(value))) == value


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("an hour and a half", 5400), ("2 minutes 30", 150), ("half an hour", 1800), ("a couple of minutes", 120),
     ("three quarters of an hour", 2700), ("90s", 90)],
)  # fmt: skip
def test_durations_are_read_as_people_say_them(said, seconds):
    assert duration(said) == timedelta(seconds=seconds)


@given(st.integers(1, 10**7))
def test_a_duration_that_is_said_is_read_back(seconds):
    length = timedelta(seconds=seconds)
    assert duration(say_duration(length)) == length


@pytest.mark.parametrize(
    ("said", "day"),
    [("tomorrow", "2026-03-05"), ("the 3rd", "2026-04-03"), ("twenty first of december", "2026-12-21"),
     ("easter", "2026-04-05"), ("good friday", "2026-04-03"), ("thanksgiving", "2026-11-26"),
     ("july fourth twenty twenty seven", "2027-07-04"), ("next friday", "2026-03-13"), ("in two weeks", "2026-03-18")],
)  # fmt: skip
def test_dates_are_read_as_people_say_them(said, day):
    assert str(read_date(said, NOW.date()).day) == day


def test_a_day_that_does_not_exist_is_a_problem_not_another_day():
    assert read_date("31 february", NOW.date()).problem == "There is no 31st of February."
    assert read_date("29 february 2027", NOW.date()).problem == "There is no 29th of February 2027."


@given(st.dates(date(2026, 3, 4), date(2099, 12, 31)))
def test_a_date_that_is_said_is_read_back(day):
    assert read_date(say_date(day, weekday=False), NOW.date()).day == day


def test_easter_falls_where_the_church_says():
    assert [easter(year) for year in (2024, 2025, 2026)] == [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5)]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("half past seven tomorrow evening", "05 19:30"),
        ("seven", "04 19:00"),
        ("quarter to eight", "04 19:45"),
        ("at 6 in the morning", "05 06:00"),
        ("six am tomorrow", "05 06:00"),
        ("in an hour and a half", "04 17:50"),
        ("20 minutes", "04 16:40"),
        ("tomorrow morning", "05 09:00"),
        ("tonight at midnight", "05 00:00"),
        ("07:00", "05 07:00"),
        ("tomorrow at 4", "05 16:00"),
        ("five pm tuesday", "10 17:00"),
    ],
)
def test_moments_are_the_next_such_time(said, at):
    assert f"{read_moment(said, NOW).moment(NOW).at:%d %H:%M}" == at


def test_a_waking_time_of_another_day_is_in_the_morning():
    assert read_moment("tomorrow at 5", NOW).moment(NOW, waking=True).at.hour == 5


@pytest.mark.parametrize("said", ["today at 3 am", "at 25:00", "31 february at 7"])
def test_an_impossible_moment_is_a_problem(said):
    assert read_moment(said, NOW).moment(NOW).problem


def test_the_words_around_a_time_are_left():
    assert read_moment("take the bins out every thursday evening", NOW).rest == "take the bins out"
    assert read_moment("to put the night light on at eight", NOW).rest == "put the night light on"
    assert read_moment("take the bins out on friday at noon", NOW).rest == "take the bins out"
    assert read_moment("buy 7 apples", NOW) is None
    assert read_moment("lock up for the night", NOW) is None
    assert read_moment("look at the oven", NOW) is None


@given(st.times(), st.integers(1, 6))
def test_a_moment_that_is_said_is_read_back(clock, days):
    at = datetime.combine(NOW.date() + timedelta(days=days), clock.replace(second=0, microsecond=0), LONDON)
    assert read_moment(say_moment(at, NOW), NOW).moment(NOW).at == at


@given(st.times())
def test_a_time_that_is_said_is_read_back(clock):
    clock = clock.replace(second=0, microsecond=0)
    at = read_moment(say_time(clock), NOW).moment(NOW).at
    assert time(at.hour, at.minute) == clock
    assert timedelta(0) < at - NOW <= timedelta(days=1)


def test_a_delay_across_the_change_to_summer_time_is_as_long_as_was_said():
    night = datetime(2026, 3, 29, 0, 30, tzinfo=LONDON)
    at = read_moment("in 2 hours", night).moment(night).at
    assert at.timestamp() - night.timestamp() == 7200


@pytest.mark.parametrize(
    ("said", "value"),
    [("what is twelve times seven", 84), ("15 percent of 80", 12), ("3 plus 4 times 2", 11), ("2 * (3 + 4)", 14),
     ("subtract sixty from two hundred and forty four", 184), ("how many times does fifty go into one million", 20000),
     ("the average of 3, 4 and 5", 4), ("0.1 + 0.2", Fraction(3, 10)), ("5 squared", 25), ("-5 + 3", -2)],
)  # fmt: skip
def test_sums_are_exact(said, value):
    assert calculate(said).value == value


@pytest.mark.parametrize("said", ["10^10000", "9999999999 ^ 9", "100!", "1 / 0", "sqrt -4", "(" * 40 + "1" + ")" * 40])
def test_what_cannot_be_worked_out_is_a_problem_and_no_crash(said):
    assert calculate(said).problem


@given(st.integers(-999, 999), st.integers(-999, 999), st.sampled_from(["+", "-", "*"]))
def test_sums_agree_with_python(left, right, sign):
    expected = {"+": left + right, "-": left - right, "*": left * right}[sign]
    assert calculate(f"({left}) {sign} ({right})").value == expected


@given(anything)
def test_nothing_that_is_said_raises(said):
    in_digits(said), number(said), duration(said), calculate(said)
    read_date(said, NOW.date())
    spoken = read_moment(said, NOW)
    if spoken is not None:
        spoken.moment(NOW)


@given(st.fractions(-(10**9), 10**9))
def test_any_number_can_be_said(value):
    said = say_number(value, 12).replace(",", "")
    assert " times" in said or float(said) == pytest.approx(float(value), rel=1e-3)
