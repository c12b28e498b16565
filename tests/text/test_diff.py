"""changed_similarity: could the difference be a mishearing?"""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.text.diff import _changes, changed_similarity, similarity

requests = st.lists(st.sampled_from("turn on the off light".split()), max_size=8)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("check emails from amy", "check emails from mom"),
        ("what time is it in austin", "what time is it in london"),
        ("turn office lights off", "turn the lights off"),
        ("turn off the vacuum", "turn off the alarm"),
    ],
)
def test_another_name_is_no_mishearing(left, right):
    assert similarity(left, right) > 0.6
    assert changed_similarity(left, right) < 0.35


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("play harry porter audiobook", "play harry potter audiobook"),
        ("play the beetles", "play beatles"),
        ("will it be raining date tomorrow", "will it be rainy day tomorrow"),
        ("give me the definition of motivation", "give the definition of motivation"),
        ("play jazz", "play jazz"),
        ("", ""),
    ],
)
def test_what_sounds_alike_or_says_nothing_may_be(left, right):
    assert changed_similarity(left, right) > 0.35


@given(requests, requests)
def test_two_requests_differ_where_difflib_says(left, right):
    found = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    assert list(_changes(left, right)) == [(left[a:b], right[c:d]) for tag, a, b, c, d in found if tag != "equal"]
