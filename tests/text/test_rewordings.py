"""Passing over patterns that cannot match changes nothing: every row does what it does alone, in order."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.assistant.clauses.wording import otherwise
from uptake.text.rewordings import Rewordings, Rows

ROWS = tuple((meant, pattern) for pattern, meant in otherwise.OTHERWISE)
SAID = ("It's colder than that please", "don't let Rover hoover any more", "what's the date of next friday", "café on")


def one_by_one(rows, text):
    for meant, pattern in rows:
        text = pattern.sub(meant, text)
    return text


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_instead_is_what_the_patterns_say_one_by_one(text):
    assert Rewordings(ROWS).applied(text) == one_by_one(ROWS, text)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_text_that_a_pattern_matches_is_not_passed_over(data):
    meant, pattern = data.draw(st.sampled_from(ROWS))
    text = data.draw(st.from_regex(re.compile(pattern.pattern, pattern.flags), alphabet=st.characters(codec="ascii")))
    assert pattern in [one for _, one in Rows([(meant, pattern)]).possible(text)]
    assert Rewordings(ROWS).applied(text) == one_by_one(ROWS, text)


def test_a_row_sees_what_the_rows_before_it_said():
    rows = [("b", re.compile("a")), ("c", re.compile("b"))]
    assert Rewordings(rows).applied("A a") == "A c"
    assert Rewordings([("K", re.compile("k", re.IGNORECASE))]).applied("\u212a") == "K"  # the sign of the kelvin
