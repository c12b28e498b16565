"""Learning to write requests out: what a example teaches, and that equal examples teach the same."""

import pytest

from tests.rewriting.contextual.talks import lessons, told
from uptake.errors import BadRecord, NotReady
from uptake.rewriting.contextual.features import Place
from uptake.rewriting.contextual.learn.examples import Part, TrainingExample, edit_targets
from uptake.rewriting.contextual.learn.model import nearness, train
from uptake.rewriting.contextual.spans import Message


def test_a_lesson_is_cut_into_words_and_stretches_of_the_talk():
    lesson = TrainingExample(
        request="what is the phone number",
        past=told("golden wok"),
        rewrites=("what is the phone number of the golden wok please",),
    )
    place, parts = edit_targets(lesson).edits[0]
    assert place == Place(5, 5)
    assert parts == (Part("of", ("the", "golden", "wok")), Part("please", None))


def test_a_lesson_nearer_to_the_request_before_edits_that_one():
    past = (Message("user", "what is the weather in oslo"), Message("assistant", "Sunny."))
    known = edit_targets(TrainingExample(request="and in rome", past=past, rewrites=("what is the weather in rome",)))
    assert known.source.is_before
    assert known.edits == ((Place(5, 6), (Part("", ("rome",)),)),)


def test_a_complete_request_teaches_no_edit():
    assert edit_targets(TrainingExample(request="stop it", past=told("dojo"), rewrites=("stop it",))).edits == ()


def test_equal_texts_are_nearest():
    assert nearness(("a", "b"), ("a", "b")) == 1.0
    assert 0.0 < nearness(("a", "b", "c"), ("a", "b", "d")) < 1.0
    assert nearness(("a",), ("b",)) == 0.0


def test_too_few_lessons_and_lessons_without_an_answer_are_refused():
    with pytest.raises(NotReady):
        train(lessons()[:3])
    with pytest.raises(BadRecord):
        TrainingExample(request="a", past=(), rewrites=())


@pytest.mark.slow
def test_equal_lessons_make_equal_carriers():
    assert train(lessons(), seed=1) == train(lessons(), seed=1)
