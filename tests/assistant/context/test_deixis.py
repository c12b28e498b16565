"""Deictic requests are found the same however many texts were looked at before."""

import pytest

from uptake.assistant.context.deixis import parse_deixis

OFTEN = 40


@pytest.mark.parametrize(
    ("text", "verb"),
    [("turn it off", "off"), ("dock", "dock"), ("set it to 20 percent", "value"), ("louder", "louder")],
)
def test_a_verb_is_found_after_many_texts_without_one(text, verb):
    for number in range(OFTEN):
        assert parse_deixis(f"turn on lamp {number} in the hall") is None
    found = parse_deixis(text)
    assert found is not None
    assert found.verb == verb


def test_a_number_is_kept():
    found = parse_deixis("set it to 20 percent")
    assert found is not None
    assert (found.value, found.unit) == ("20", "percent")
