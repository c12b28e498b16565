"""What words say of failure points: learned on some people, said of others, and of the turns around."""

import numpy as np
import pytest

from tests.builders import session, turn
from uptake.learn.failure_words import WordModel, beside
from uptake.signals.views import views
from uptake.types import Session, Transcript

HEARD = ("play jazz", "tie food")
POINTS = ("correct", "asr")


def calls(people, texts=HEARD):
    """One session a person, in which each text is said."""
    return list(views([session(*texts, user=f"{name}") for name in people]))


def fitted(count=8, **options):
    seen = calls(range(count))
    return WordModel.fit(seen, {"point": POINTS * count}, **options)


def test_words_that_failed_with_others_are_doubted_with_a_stranger():
    jazz, food = fitted().chances(calls(["stranger"]))
    assert jazz["point:correct"] > 0.8
    assert food["point:asr"] > 0.8
    assert sum(jazz.values()) == pytest.approx(1.0)


def test_what_fewer_than_three_people_said_is_not_weighed():
    assert not fitted(2).places
    assert all("jazz" not in mark for mark in WordModel.fit(
        calls(range(6), texts=("stop",)) + calls(["ann"]), {"point": ["correct"] * 7 + ["asr"]}
    ).places)  # fmt: skip


def test_a_second_recognisers_words_count_where_there_are_any():
    seen = list(views([session("yes", "yes", user=f"{name}") for name in range(8)]))
    second = {view.turn.turn_id: (Transcript(text="is it" if view.index else "yes"),) for view in seen}
    model = WordModel.fit(seen, {"point": ["correct", "false_wake"] * 8}, second=second)
    first, other = seen[0], seen[1]
    heard = [model.chances([view], second=second)[0]["point:false_wake"] for view in (first, other)]
    assert heard[1] > heard[0] + 0.2


def test_the_turns_around_are_those_of_the_session_and_the_means_leave_the_turn_out():
    one, two = session("a", "b", "c", user="ann"), session("d", user="ann")
    seen = list(views([one, two]))
    found = beside(seen, [{"x": value} for value in (1.0, 2.0, 6.0, 9.0)])
    assert found[1]["before:x"] == 1.0
    assert found[1]["after:x"] == 6.0
    assert "before:x" not in found[0]
    assert "after:x" not in found[2]
    assert [row["person:x"] for row in found] == pytest.approx([17 / 3, 16 / 3, 4.0, 3.0])
    # turns of a test session have no session of their own unless they are given one
    named = Session(session_id="s", turns=tuple(turn(text, session_id="s", at_s=at) for at, text in enumerate("ab")))
    left, right = beside(list(views([named])), [{"x": 1.0}, {"x": 3.0}])
    assert (left["session:x"], right["session:x"]) == (3.0, 1.0)
    assert np.isnan(beside(list(views([session("a", session_id="t")])), [{"x": 1.0}])[0]["session:x"])
