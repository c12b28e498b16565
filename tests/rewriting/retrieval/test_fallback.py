"""Recall: where the assistant is not sure, a request that works for this user or for many."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.fallback import Recall
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.types import Request, Situation, Transcript

step = Recall(
    RequestIndex.of(
        [
            IndexedRequest("turn on the kitchen light", 9, 40),
            IndexedRequest("turn off the kitchen light", 9, 40),
            IndexedRequest("what is the weather", 9, 40),
            IndexedRequest("set a timer for 10 minutes", 9, 40),
        ],
        {"ann": UserHistory().plus([Count("put on some miles davis", None, 1, None, None, None, None, 4, 4)])},
    )
)


def decide(text, *listed, confidence=0.0, user="ann"):
    alternatives = tuple(Transcript(text=one, score=0.0) for one in (text, *listed))
    return step(Request(text=text, user_id=user, alternatives=alternatives, confidence=confidence), Situation())


def test_a_request_that_is_not_understood_becomes_the_one_that_works():
    decision = decide("turn on the chicken light")
    assert (decision.acted_on, decision.layer) == ("turn on the kitchen light", "global")
    assert "9 users" in decision.reason
    assert "kitchen" not in decision.reason


@pytest.mark.parametrize("confidence", [None, 0.7, 1.0])
def test_it_abstains_where_the_assistant_is_sure_or_nobody_asked_it(confidence):
    assert decide("turn on the chicken light", confidence=confidence) is None


def test_the_less_sure_the_assistant_is_the_less_likeness_is_needed():
    assert decide("what was the weather", confidence=0.0).acted_on == "what is the weather"
    assert decide("want the wetter", confidence=0.6) is None


def test_what_else_the_recogniser_had_on_its_list_counts():
    assert decide("bring me tea", "what is the weather").acted_on == "what is the weather"
    assert decide("bring me tea") is None


def test_what_the_home_has_is_not_taken_for_something_else_that_it_has():
    home = Situation(states=(("Kitchen Light", "off"),), names=("Hall", "Kitchen"))
    heard = Request(text="turn on the hall light please do", user_id="ann", confidence=0.0)
    assert step(heard, Situation()).acted_on == "turn on the kitchen light"
    assert step(heard, home) is None
    misheard = Request(text="turn on the chicken light", user_id="ann", confidence=0.0)
    assert step(misheard, home).acted_on == "turn on the kitchen light"


def test_a_users_own_requests_are_for_this_user_alone():
    decision = decide("put on some miles davies")
    assert (decision.acted_on, decision.layer) == ("put on some miles davis", "personal")
    assert decide("put on some miles davies", user="bob") is None


@pytest.mark.parametrize(
    "text",
    [
        "set a timer for 12 minutes",  # another number
        "turn up the kitchen",  # as near to on as to off
        "turn on the kitchen light",  # known as it is
        "light",  # says too little
        "how tall is the eiffel tower",
        "",
        "x" * 10_000,
    ],
)
def test_it_guesses_nothing_that_likeness_cannot_tell(text):
    found = decide(text)
    assert found is None or "10" not in found.acted_on


def test_nothing_is_recalled_where_nothing_works_yet():
    nothing = Recall(RequestIndex.of([]))
    assert nothing(Request(text="turn on the light", user_id="ann", confidence=0.0), Situation()) is None


_WORDS = st.sampled_from("turn on off the a kitchen chicken light night play jazz jass stop 5".split())
_SAID = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=60)
@given(
    known=st.lists(_SAID, unique=True, max_size=12),
    own=st.lists(_SAID, max_size=6),
    listed=st.lists(_SAID, min_size=1, max_size=4),
    confidence=st.sampled_from([0.0, 0.5]),
)
def test_leaving_out_what_cannot_win_decides_as_comparing_everything_does(known, own, listed, confidence):
    history = UserHistory().plus([Count(text, None, 1, None, None, None, None, 4, 4) for text in own])
    index = RequestIndex.of([IndexedRequest(text, 9, 40) for text in known], {"ann": history})
    alternatives = tuple(Transcript(text=one, score=0.0) for one in listed)
    request = Request(text=listed[0], user_id="ann", alternatives=alternatives, confidence=confidence)
    everything = Recall(index)
    found = Recall(index)(request, Situation())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recall, "_floor", lambda *_: float("-inf"))
        assert everything(request, Situation()) == found
