"""Statements of preference: what is kept of what people say, and what is not."""

import pytest

from tests.teaching.statements_table import NONE, STATEMENTS
from uptake.teaching.preferences.artifact import Preference, Preferences
from uptake.teaching.preferences.reading import read_preferences
from uptake.teaching.preferences.step import answered, personal, said


def written(one):
    return " ".join(
        [
            one.type,
            one.value,
            *(["household"] if one.scope == "household" else []),
            *(["-"] if one.polarity < 0 else []),
        ]
    )


def canonical(text):
    """(likes, v, -1) is (dislikes, v, 1)."""
    kind, _, rest = text.partition(" ")
    return f"dislikes {rest.removesuffix(' -')}" if kind == "likes" and rest.endswith(" -") else text


@pytest.mark.parametrize("line", STATEMENTS.strip().splitlines())
def test_a_statement_is_read(line):
    text, _, expected = line.partition(" | ")
    got = sorted(canonical(written(one)) for one in read_preferences(text).preferences)
    assert got == sorted(expected.split("; "))


@pytest.mark.parametrize("text", NONE.strip().splitlines())
def test_what_is_no_statement_is_left_alone(text):
    assert read_preferences(text).preferences == ()


def told(kind, value, at, **more):
    return Preference(type=kind, value=value, user_id="ann", at=at, **more)


def test_the_last_word_on_a_matter_holds():
    held = Preferences.fold(
        [
            told("unit", "celsius", "1"),
            told("unit", "fahrenheit", "2"),
            told("likes", "jazz", "1"),
            told("dislikes", "jazz", "2"),
            told("bedtime", "22:00", "1"),
            told("bedtime", "23:00", "2"),
            told("diet", "vegan", "1"),
            told("diet", "vegan", "2", polarity=-1),
        ]
    )
    assert {(row.type, row.value) for row in held.rows()} == {
        ("unit", "fahrenheit"), ("dislikes", "jazz"), ("bedtime", "23:00"),
    }  # fmt: skip


def test_a_stranger_hears_and_states_nothing_personal():
    held = Preferences((told("likes", "jazz", "1"), told("diet", "vegan", "1", scope="household")))
    assert [row.value for row in held.visible(None)] == ["vegan"]
    assert said("I love blues", held, None) is None


def test_a_guided_round_takes_short_answers_and_ends_when_told_to():
    round_ = said("learn my preferences", Preferences(), "ann")
    assert round_.asks == "name"
    after = answered("Sam", ["name"], Preferences(), "ann")
    assert [one.value for one in after.stated] == ["sam"]
    assert after.asks == "diet"
    assert answered("stop", ["name", "diet"], Preferences(), "ann").asks is None
    assert answered("turn on the kitchen light please now", ["name"], Preferences(), "ann") is None


def test_my_team_and_some_music_are_the_persons_own():
    held = Preferences((told("is_fan_of", "warriors", "1"), told("likes", "jazz", "1")))
    assert personal("did my team win?", held, "ann") == "did the warriors win?"
    assert personal("play some music in the kitchen", held, "ann") == "play jazz in the kitchen"
    assert personal("did my team win?", held, "bo") is None


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("forget that I am vegetarian", -1),
        ("please forget my name is Ann", -1),
        ("don't forget that I am vegetarian", 1),
        ("I am vegetarian", 1),
    ],
)
def test_what_a_person_asks_to_forget_is_withdrawn_and_not_stated(text, polarity):
    assert [row.polarity for row in said(text, Preferences(), "ann").stated] == [polarity]
