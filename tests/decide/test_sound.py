"""SoundRewrite: take an unknown request for the known one it sounds like, or leave it alone."""

import pytest

from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.decide.sound import SoundRewrite
from uptake.types import Request, Situation

step = SoundRewrite(
    SoundIndex.from_requests(
        [
            KnownRequest("play the beatles in the kitchen", 9, 40),
            KnownRequest("set a timer for 10 minutes", 9, 40),
            KnownRequest("set a timer for 12 minutes", 9, 40),
        ]
    ),
    min_similarity=0.8,
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
        "beatles kitchen",  # too short
        "how tall is the eiffel tower",  # far from everything
        "",
        "x" * 10_000,
    ],
)
def test_it_abstains(text):
    assert decide(text) is None
