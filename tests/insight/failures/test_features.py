"""Rows of features for failure points: from any log, with nothing of the truth, unknown where nobody knew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session, turn
from tests.strategies import turns
from uptake.insight.failures.features import SIGNALS, failure_rows
from uptake.log.sessions import sessions
from uptake.types import Interpretation, Session, Transcript

LIGHT = Interpretation(intent="TurnOn", domain="lights", slots=(("name", "Hall Light"),), confidence=0.9)
MUSIC = Interpretation(intent="Play", domain="media", slots=(("query", "jazz"),), confidence=0.9)


def of_people(*requests, reading=LIGHT, people=12):
    """Each person says each request in a session of their own, and all is well."""
    return [
        session(text, user=f"user{number}", interpretation=reading) for number in range(people) for text in requests
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(turns, max_size=5, unique_by=lambda one: one.turn_id))
def test_any_log_has_one_row_a_turn_and_its_truth_changes_nothing(said):
    found = sessions(said)
    rows = failure_rows(found)
    bare = [replace(one, turns=tuple(replace(turn, truth=None) for turn in one.turns)) for one in found]
    assert len(rows) == len(said)
    assert all(name.partition(":")[0] in SIGNALS for row in rows for name in row)
    np.testing.assert_equal(rows, failure_rows(bare))


def test_what_was_never_logged_is_unknown_and_not_nought():
    heard = (Transcript(text="lights on", score=-1.0), Transcript(text="light song", score=-2.0))
    said = turn("lights on"), turn("lights on", wake_score=0.9, alternatives=heard, interpretation=LIGHT)
    bare, told = (failure_rows([Session(session_id="s", turns=(one,))])[0] for one in said)
    logged = ("wake:score", "list:score", "list:entropy", "reading:confidence")
    assert not [name for name in logged if np.isnan(told[name])]
    assert not [name for name in logged if not np.isnan(bare[name])]


def test_a_reading_that_nobody_else_has_of_these_words_disagrees_with_the_second_reading():
    log = [*of_people("turn on the hall light"), *of_people("play some jazz", reading=MUSIC)]
    odd = session("turn on the hall light", user="zoe", interpretation=MUSIC)
    usual = session("turn on the hall light", user="zoe", interpretation=LIGHT)
    wrong, right = failure_rows([*log, odd])[-1], failure_rows([*log, usual])[-1]
    assert wrong["second:usual"] == 0.0
    assert right["second:usual"] == 1.0
    assert wrong["second:chance"] < 0.5 < right["second:chance"]


def test_a_word_taken_for_another_leaves_a_text_that_is_nearly_what_others_say():
    log = of_people("turn on the hall light")
    row = failure_rows([*log, session("turn on the haul light", user="zoe", interpretation=LIGHT)])[-1]
    assert row["near:letters"] > 0.9
    assert row["near:own_turns"] == 0.0 < row["near:turns"]


def test_a_thing_that_was_not_named_fits_worse_than_one_of_the_home_that_was():
    said = of_people("turn on the hall light", people=2)
    home = [replace(one, turns=tuple(replace(turn, home_id="h") for turn in one.turns)) for one in said]
    attic = Interpretation(intent="TurnOn", slots=(("name", "Attic Light"),))
    row = failure_rows([*home, session("turn on the hall light", user="zoe", home_id="h", interpretation=attic)])[-1]
    assert row["home:margin"] < 0.0
    assert row["slots:spoken"] == pytest.approx(0.5)


def test_what_the_recogniser_disagrees_about_shows():
    list_ = (Transcript(text="lights on", score=-1.0), Transcript(text="lights off", score=-1.1))
    (row,) = failure_rows([Session(session_id="s", turns=(turn("lights on", alternatives=list_),))])
    assert row["list:posterior"] == pytest.approx(0.525, abs=0.01)


def test_a_session_of_a_thousand_turns_is_read():
    assert len(failure_rows([session(*["lights on", "lights off"] * 500, gap_s=5.0)])) == 1000
