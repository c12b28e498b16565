"""Reading dialogues: what is refused, what contradicts, and what a short lesson already teaches."""

import numpy as np
import pytest

from tests.builders import session
from uptake.errors import BadConfig, NotReady
from uptake.insight.dialogues.learn import NO_REPHRASE, Targets
from uptake.insight.dialogues.learn.examples import UNKNOWN, examples


def lessons(count, *, answers=(True, False)):
    """Sessions of two turns by as many people; the first turn has the answers in turn."""
    told = [session("play jazz", "play some jazz", user=f"user-{at}") for at in range(count)]
    return told, [Targets(defect=(answers[at % len(answers)], None)) for at in range(count)]


def test_too_few_examples_are_refused_with_the_number_that_is_needed():
    with pytest.raises(NotReady, match=r"at least 20 turns .* are needed, there are 5"):
        examples(*lessons(10))


def test_an_answer_that_never_occurs_is_refused():
    with pytest.raises(NotReady, match='"no" are needed, there are 0'):
        examples(*lessons(60, answers=(True,)))


def test_nothing_known_is_refused():
    with pytest.raises(NotReady, match="nothing is known"):
        examples([session("hello")], [Targets()])


def test_targets_must_fit_their_sessions():
    with pytest.raises(BadConfig, match="one each"):
        examples([session("hello")], [])
    with pytest.raises(BadConfig, match="2 entries where their session has 1"):
        examples([session("hello")], [Targets(defect=(True, False))])
    with pytest.raises(BadConfig, match="finite"):
        examples([session("hello")], [Targets(defect=(True,), weights=(float("nan"),))])


def test_one_turn_with_two_answers_goes_with_the_majority_and_a_tie_is_unknown():
    told, targets = lessons(60)
    twice = told[0]
    given = examples([*told, twice, twice], [*targets, Targets(defect=(False, None)), Targets(defect=(False, None))])
    assert given.contradictions == 1
    assert given.answers["defect"][[0, 120, 122]].tolist() == [0, 0, 0]
    tied = examples([*told, twice], [*targets, Targets(defect=(False, None))])
    assert tied.contradictions == 2
    assert tied.answers["defect"][[0, 120]].tolist() == [UNKNOWN, UNKNOWN]


def test_a_rephrase_is_known_by_its_distance():
    told, _ = lessons(50)
    targets = [Targets(rephrase=(1, NO_REPHRASE) if at % 2 else (NO_REPHRASE, None)) for at in range(50)]
    truth = examples(told, targets).answers["rephrase"]
    np.testing.assert_array_equal(truth[:4], [0, UNKNOWN, 1, 0])


def test_one_person_is_split_by_session_and_one_session_is_refused():
    told = [session("play jazz", "play some jazz") for _ in range(50)]
    targets = [Targets(defect=(at % 2 == 0, None)) for at in range(50)]
    assert len(set(examples(told, targets).people)) == 50
    with pytest.raises(NotReady, match="two sessions"):
        examples([session(*["play jazz"] * 50)], [Targets(defect=(True, False) * 25)])
