"""Hearing and Spelling: what other hearings and the usual spelling propose."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uptake.rewriting.ranking.features import RankingRequest
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.nbest import Hearing, named
from uptake.rewriting.ranking.nbest_features import OWN, VOTE_FEATURES, vote_rows
from uptake.rewriting.ranking.spelling import Spelling
from uptake.types import Interpretation, Request, Situation, Transcript

NOWHERE = Situation()
PAUL = Interpretation(intent="call", slots=(("person", "paul"),))
PAWEL = Interpretation(intent="call", slots=(("person", "pawel"),))
READ = {"call paul": (PAUL,), "call pawel": (PAWEL,)}


def read(text):
    return READ.get(text, ())


def asked(text, **more):
    return Request(text=text, user_id="ann", **more)


def hear(request, **voices):
    return Hearing(read, {name: lambda _, said=said: said for name, said in voices.items()})(request, NOWHERE, 24)


def column(candidates, name):
    return vote_rows(RankingRequest(text="call paul"), candidates, Fluency.of([]))[
        :, VOTE_FEATURES.index(name)
    ].tolist()


def test_another_recogniser_proposes_what_it_heard_and_the_own_reading_comes_first():
    found = hear(asked("call paul"), second_recogniser=PAWEL)
    assert found[0].interpretation.key == PAUL.key
    assert (OWN, 1.0) in found[0].origins
    assert PAWEL.key in {one.interpretation.key for one in found}


def test_an_empty_reading_and_silence_are_different_things():
    nothing = Interpretation(intent="call")
    assert hear(asked("call paul")) == ()
    assert hear(asked("call paul"), second_recogniser=None) == ()
    assert nothing.key in {one.interpretation.key for one in hear(asked("call paul"), second_recogniser=nothing)}


def test_the_recognisers_list_has_a_vote():
    request = asked("call paul", alternatives=(Transcript(text="call paul"), Transcript(text="call pawel")))
    assert PAWEL.key in {one.interpretation.key for one in hear(request)}


def test_the_intent_of_one_voice_may_go_with_the_slots_of_another():
    other = Interpretation(intent="invite", slots=(("person", "pawel"),))
    found = {one.interpretation.key for one in hear(asked("call paul"), second_recogniser=other)}
    assert "|call|person=pawel" in found
    assert "|invite|person=paul" in found


def test_votes_are_counted_from_the_candidates_alone():
    found = hear(asked("call paul"), second_recogniser=PAWEL, third_recogniser=PAWEL)
    votes = dict(zip([one.interpretation.key for one in found], column(found, "votes"), strict=True))
    assert (votes[PAUL.key], votes[PAWEL.key]) == (1.0, 2.0)
    agreeing = dict(zip([one.interpretation.key for one in found], column(found, "third_recogniser_all"), strict=True))
    assert (agreeing[PAUL.key], agreeing[PAWEL.key]) == (0.0, 1.0)
    assert np.isnan(column(found, "second_parser_all")).all()


def test_one_text_names_one_meaning():
    assert named(PAUL) != named(PAWEL)


def test_the_usual_spelling_has_the_same_letters():
    spelling = Spelling.of(["what's the weather"] * 9 + ["play my podcast"] * 9 + ["read my e mail"] * 2)
    found = spelling(asked("what 's new in my pod cast"), NOWHERE, 5)
    assert [one.text for one in found] == ["what's new in my podcast"]
    assert spelling(asked("what's the weather"), NOWHERE, 5) == ()


@given(st.text(alphabet="abst '", max_size=30))
def test_respelling_changes_no_letter(text):
    spelling = Spelling.of(["abba's bat", "abbas bat", "sta's", "tab a bat"] * 4)
    found = spelling.respell(text)
    assert found.replace(" ", "").replace("'", "") == text.replace(" ", "").replace("'", "")


@given(st.text(max_size=60))
def test_nothing_that_is_said_raises(text):
    hear(asked(text), second_recogniser=PAWEL)
    Spelling.of(["a b"])(asked(text), NOWHERE, 3)
