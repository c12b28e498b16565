"""Identity of a meaning: which wordings share it, and what it must leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.rewriting.identity import Meaning, meaning_id, meaning_of

COOKER = meaning_of("turn on the cooker", "turn on the oven")
words = st.lists(
    st.sampled_from("turn on off the it light kitchen hall oven lamp play jas jazz 6 7 in of please not".split()),
    max_size=6,
).map(" ".join)
meanings = st.builds(meaning_of, words, words)


@pytest.mark.parametrize(
    ("request_", "acted_on"),
    [
        ("can you turn on the cooker please", "turn on the oven"),
        ("cooker off", "oven off"),
        ("start the cooker", "turn on the oven"),
        ("Turn ON my cooker now!", "oven on"),
        ("turn off the cooker in the kitchen", "turn off the kitchen oven"),
    ],
)
def test_wordings_that_share_the_exchange_share_the_meaning_and_its_identifier(request_, acted_on):
    assert meaning_of(request_, acted_on) == COOKER == Meaning("cooker", "oven")
    assert meaning_id(request_, acted_on, "ann") == meaning_id("cooker on", "oven on", "ann")


def test_everybodys_and_each_persons_identifiers_differ():
    assert len({meaning_id("jas", "jazz", user) for user in (None, "ann", "bo")}) == 3


@given(words, words, st.sampled_from(["please", "uh", "could you", "the", "my"]))
def test_politeness_changes_no_meaning(request_, acted_on, polite):
    request_ = f"lamp {request_}"
    assert meaning_of(f"{polite} {request_}", acted_on) == meaning_of(request_, acted_on)


@given(meanings, meanings)
def test_covers_is_symmetric(one, other):
    assert one.covers(other) == other.covers(one)


@given(meanings)
def test_a_meaning_covers_itself(one):
    assert one.covers(one)


@pytest.mark.parametrize(
    ("complained", "other"),
    [
        (("start the brewer", "turn on the coffee maker"), ("start the fan", "turn on the fan")),  # a deed, no thing
        (("play tunes", "turn on the radio"), ("play the lamp", "turn on the lamp")),
        (("turn on the brewer", "turn on the coffee maker"), ("turn on the coffee maker", "turn on the brewer")),
        (("turn on the cooker", "turn on the oven light"), ("turn on the cooker", "turn on the oven")),  # two devices
        (("turn on the fan", "turn on the bathroom fan"), ("fan heater on", "bathroom heater on")),
        (("turn on the kitchen light", "turn on the light"), ("turn on the light", "turn on the kitchen light")),
        (("turn it off", "turn off the fan"), ("turn it up", "turn up the fan")),  # "it" is no name
        (("turn it off", "turn off the fan"), ("turn off the fan in it", "turn off the lamp")),
        (("turn on the fan", "turn off the fan"), ("turn on the lamp", "turn off the lamp")),  # opposites
        (("turn on the brewer", "turn off the coffee maker"), ("turn on the brewer", "turn on the coffee maker")),
        (("wake me at 6", "wake me at 7"), ("set the heating to 6", "set the heating to 7")),  # a number is no name
        (("turn on the light in there", "turn on the light in here"), ("play jazz in there", "play jazz in here")),
        (("transfer from a to b", "transfer from b to a"), ("transfer to b", "transfer to a")),
    ],
)
def test_what_says_something_else_is_not_covered(complained, other):
    one, unrelated = meaning_of(*complained), meaning_of(*other)
    assert not one.covers(unrelated)
    assert not unrelated.covers(one)


@pytest.mark.parametrize(
    ("complained", "other"),
    [
        (("turn on the cooker", "turn on the oven"), ("turn on the old cooker", "turn on the kitchen oven")),
        (("turn on the light", "turn on the kitchen light"), ("light off", "kitchen light off")),
        (("turn it off", "turn off the fan"), ("please turn it off", "turn off the fan")),
    ],
)
def test_more_words_for_the_same_do_not_escape(complained, other):
    assert meaning_of(*complained).covers(meaning_of(*other))
