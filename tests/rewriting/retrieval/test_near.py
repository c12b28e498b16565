"""NearRewrite: take an unknown request for the known one it is nearest to, or leave it alone."""

import pytest

from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.types import Request, Situation

step = NearRewrite(
    RequestIndex.of(
        [
            IndexedRequest("play the beatles in the kitchen", 9, 40),
            IndexedRequest("set a timer for 10 minutes", 9, 40),
            IndexedRequest("set a timer for 12 minutes", 9, 40),
            IndexedRequest("dim the bedroom lamp", 9, 40),
            IndexedRequest("unlock the front door", 9, 40),
            IndexedRequest("wake me at 7 every day", 9, 40),
            IndexedRequest("dim the bedroom lump", 4, leads_to="dim the bedroom lamp"),
        ]
    )
)


def decide(text):
    return step(Request(text=text, user_id="ann"), Situation())


def test_a_misheard_request_becomes_the_known_one():
    decision = decide("play the beetles in the kitchens")
    assert decision.acted_on == "play the beatles in the kitchen"
    assert "9 users" in decision.reason
    assert "beatles" not in decision.reason


@pytest.mark.parametrize(
    "text",
    [
        "play the beatles in the kitchen",  # known
        "set a timer for 11 minutes",  # about equally near to two
        "beatles",  # too short
        "play the queen in the kitchen",  # what differs sounds nothing alike
        "lock the front door",  # the opposite of what it is like
        "wake me at 8 every day",  # another number
        "how tall is the eiffel tower",  # far from everything
        "",
        "x" * 10_000,
    ],
)
def test_it_abstains(text):
    assert decide(text) is None


def test_a_wording_that_was_corrected_is_never_what_is_acted_on():
    assert decide("dim the bedroom lumps").acted_on == "dim the bedroom lamp"


def test_it_abstains_where_the_assistant_said_how_sure_it_is():
    assert step(Request(text="play the beetles in the kitchen", user_id="ann", confidence=0.2), Situation()) is None
