"""Learning to write requests out: what a lesson teaches, and that equal lessons teach the same."""

import pytest

from tests.artifacts.talks import lessons, told
from uptake.artifacts.carry_features import Place
from uptake.artifacts.passages import Said
from uptake.errors import BadRecord, NotReady
from uptake.learn.carry import nearness, train
from uptake.learn.carry_lessons import Lesson, Part, taught


def test_a_lesson_is_cut_into_words_and_stretches_of_the_talk():
    lesson = Lesson(
        request="what is the phone number",
        past=told("golden wok"),
        rewrites=("what is the phone number of the golden wok please",),
    )
    place, parts = taught(lesson).edits[0]
    assert place == Place(5, 5)
    assert parts == (Part("of", ("the", "golden", "wok")), Part("please", None))


def test_a_lesson_nearer_to_the_request_before_edits_that_one():
    past = (Said("user", "what is the weather in oslo"), Said("assistant", "Sunny."))
    known = taught(Lesson(request="and in rome", past=past, rewrites=("what is the weather in rome",)))
    assert known.source.is_before
    assert known.edits == ((Place(5, 6), (Part("", ("rome",)),)),)


def test_a_complete_request_teaches_no_edit():
    assert taught(Lesson(request="stop it", past=told("dojo"), rewrites=("stop it",))).edits == ()


def test_equal_texts_are_nearest():
    assert nearness(("a", "b"), ("a", "b")) == 1.0
    assert 0.0 < nearness(("a", "b", "c"), ("a", "b", "d")) < 1.0
    assert nearness(("a",), ("b",)) == 0.0


def test_too_few_lessons_and_lessons_without_an_answer_are_refused():
    with pytest.raises(NotReady):
        train(lessons()[:3])
    with pytest.raises(BadRecord):
        Lesson(request="a", past=(), rewrites=())


@pytest.mark.slow
def test_equal_lessons_make_equal_carriers():
    assert train(lessons(), seed=1) == train(lessons(), seed=1)
