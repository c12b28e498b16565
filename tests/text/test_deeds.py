"""Deeds: what is contrary, what cannot be taken back, what reaches further; and what is none of it."""

import pytest

from uptake.text.deeds import contrary, irrevocable, reaches_further


@pytest.mark.parametrize(
    ("request_", "rewrite", "said"),
    [
        ("start the dryer", "turn off the dryer", "opposite"),
        ("arm the house", "unlock the house", "opposite"),
        ("add milk to the list", "take milk from the list and drop it", "opposite"),
        ("zip the archive", "unzip the archive", "opposite"),
        ("set a timer for 5 minutes", "set a timer for 5 hours", "time"),
        ("remind me on monday", "remind me on friday", "time"),
        ("wake me at a quarter past 8", "wake me at a quarter to 8", "time"),
        ("set the oven to 180", "set the oven to 280", "number"),
        ("don't lock it", "lock it", "negation"),
    ],
)
def test_the_contrary_is_seen_whatever_the_words(request_, rewrite, said):
    assert said in contrary(request_, rewrite)


@pytest.mark.parametrize(
    ("request_", "rewrite"),
    [
        ("turn of the lamp", "turn off the lamp"),
        ("play harry porter", "play harry potter"),
        ("begin the vacuum", "start the vacuum"),
        ("alarm for tomoro", "alarm for tomorrow"),
        ("i am cold", "i feel cold"),
    ],
)
def test_a_respelling_is_not_contrary(request_, rewrite):
    assert contrary(request_, rewrite) is None


@pytest.mark.parametrize(
    "text",
    [
        "clear my list", "get rid of my photos", "cancel all timers", "check out my cart", "turn off my alarm",
        "silence the smoke detector", "take milk off the shopping list", "open the garage", "order a pizza",
    ],
)  # fmt: skip
def test_what_cannot_be_taken_back_is_seen(text):
    assert irrevocable(text)


@pytest.mark.parametrize("text", ["what is on my list", "turn off the lamp", "play clair de lune"])
def test_what_can_is_left_alone(text):
    assert not irrevocable(text)


def test_who_asks_for_one_thing_is_asked_before_all_are_done():
    assert reaches_further("turn off the lamp", "turn off all lamps")
    assert not reaches_further("turn off all lamps", "turn off the lamp")
    assert not reaches_further("play sunday", "play sunday morning")
