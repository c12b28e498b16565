"""Projection: what is carried from a wording that worked to the one that failed, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import BadConfig
from uptake.understanding.labels.learn.projection import MAX_WORDS, Projector, align, likeness, located, needed

project = Projector()
vocabulary = st.sampled_from("wake play lamp kitchen seven radio garden weather monday calendar".split())
requests = st.lists(vocabulary, min_size=1, max_size=8, unique=True)


def carried(worked, slots, failed, *, intent="do", by=project):
    found = by(worked, intent, located(worked, slots)[0], failed)
    return None if found is None else {name: failed[start:end] for name, start, end in found.slots}


def test_a_slot_goes_where_its_words_stand():
    assert carried("wake me at six", [("time", "six")], "wait me at six") == {"time": "six"}


def test_a_number_written_otherwise_is_the_same():
    assert carried("wake me at six", [("time", "six")], "wake up me at 6") == {"time": "6"}


def test_words_that_a_recogniser_joined_or_split_pair():
    assert carried("play bare naked ladies", [("artist", "bare naked ladies")], "play barenaked ladies") == {
        "artist": "barenaked ladies"
    }
    assert carried("open the livingroom blinds", [("room", "livingroom")], "open the living room lines") == {
        "room": "living room"
    }


def test_a_block_may_stand_elsewhere():
    slots = [("device", "bedroom lamp"), ("time", "at seven")]
    assert carried("switch on the bedroom lamp at seven", slots, "at seven switch on the bedroom lamp") == {
        "time": "at seven",
        "device": "bedroom lamp",
    }


def test_a_slot_that_is_not_said_is_dropped_if_the_intent_lives_without_it():
    slots = [("artist", "miles davis"), ("player", "kitchen speaker")]
    worked = "play miles davis on the kitchen speaker"
    assert carried(worked, slots, "play miles davis") == {"artist": "miles davis"}
    strict = Projector(needed={"do": frozenset({"player"})})
    assert carried(worked, slots, "play miles davis", by=strict) is None


def test_a_slot_torn_apart_is_not_carried():
    assert carried("call anna smith", [("person", "anna smith")], "anna call smith now and then") in (None, {})


def test_wordings_that_mean_the_opposite_carry_nothing():
    assert carried("turn off the hall light", [("device", "hall light")], "turn on the hall light") is None


def test_other_numbers_do_not_pair():
    assert "time" not in (carried("wake me at six", [("time", "six")], "wake me at nine") or {})


def test_unlike_wordings_carry_nothing():
    assert carried("what is the weather", [], "play some jazz", by=Projector(least_text=0.3)) is None
    assert carried("lamp " * (MAX_WORDS + 1), [], "lamp") is None
    assert carried("", [], "lamp") is None


@given(requests)
def test_a_request_carries_its_own_label_unchanged(said):
    text = " ".join(said)
    slots = located(text, [("first", said[0])])[0]
    found = project(text, "do", slots, text)
    assert (found.slots, found.likeness, found.dropped) == (slots, 1.0, ())


@given(requests, requests)
def test_likeness_lies_within_bounds_and_is_whole_for_equal_requests(one, other):
    left, right = " ".join(one), " ".join(other)
    assert 0.0 <= likeness(left, right) <= 1.0
    assert (likeness(left, left), likeness(right, right)) == (1.0, 1.0)


@given(requests, requests)
def test_no_word_pairs_twice(one, other):
    pairs = align(one, other)
    for side in ("left", "right"):
        used = [at for pair in pairs for at in getattr(pair, side)]
        assert len(used) == len(set(used))


def test_a_value_that_is_not_said_is_named():
    assert located("turn it up", [("name", "Kitchen Light"), ("way", "up")]) == ((("way", 8, 10),), ("name",))


def test_slots_that_nearly_all_requests_of_an_intent_have_are_needed():
    read = [("alarm", ["time"])] * 9 + [("alarm", [])] + [("play", ["artist"]), ("play", [])]
    assert needed(read) == {"alarm": frozenset({"time"})}


def test_limits_out_of_range_are_refused():
    with pytest.raises(BadConfig):
        Projector(least_word=0.0)
    with pytest.raises(BadConfig):
        Projector(least_slot=1.5)
