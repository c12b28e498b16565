"""A value that nobody knows, read surely, in the place of one that this person uses: they are asked, and only they."""

from dataclasses import replace

import pytest

from uptake.rewriting.guard import Guard
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.opinions import Event, Opinions
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.ranking.step import OnlineRewrite, shipped
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.rewriting.retrieval.step import Retrieval
from uptake.types import Interpretation, Request, Situation

HEARD, MEANT = "put on fleet with matt", "put on fleetwood mac"


def play(what):
    return Interpretation(intent="play", domain="music", slots=(("what", what),), confidence=0.95)


READS = {
    HEARD: play("fleet with matt"),
    MEANT: play("Fleetwood Mac"),
    "turn on the fleetwood mac": Interpretation(intent="turn_on", slots=(("name", "fleetwood mac"),)),
    "turn on the fleet with matt": Interpretation(intent="turn_on", slots=(("name", "fleet with matt"),)),
}


def said(text, value):
    return Count(text, replace(play(value), confidence=None).key, 10, "08", None, None, None, 1, 1)


def online(*past, shared=(), failing=()):
    index = RequestIndex.of(
        [IndexedRequest(text, 9, 30, 0) for text in shared],
        {"ann": UserHistory().plus([said("play fleetwood mac", "Fleetwood Mac"), *past])},
    ).without_failing(failing)
    found = Retrieval.over(index)
    return OnlineRewrite(
        found, shipped(), taken=found.taken, works=lambda one: found.as_heard(one) is not None, fails=found.fails
    )


def decide(step, text=HEARD, user="ann", situation=None):
    return step(Request(text=text, user_id=user, confidence=0.95), situation or Situation(), READS.get)


def test_who_plays_it_is_asked_whether_they_meant_it_however_surely_the_other_is_read():
    found = decide(online())
    assert (found.step, found.acted_on, found.layer, found.must_confirm) == ("online", MEANT, "personal", True)
    assert "fleet" not in found.reason


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        (online(), {"user": "a newcomer"}),
        (online(said("play fleet with matt", "fleet with matt")), {}),  # a taste of theirs, too
        (online(shared=[HEARD]), {}),  # others say so, and it works
        (online(), {"situation": Situation(states=(("Fleet with Matt", "off"),))}),
        (online(), {"text": "turn on the fleet with matt"}),  # nothing of the kind worked for them
    ],
)
def test_nobody_is_asked_where_what_was_heard_is_known_or_the_value_is_not_theirs(step, asked):
    assert decide(step, **asked) is None


WHOLE, HALL = "turn on the whole light", "turn on the hall light"
LIGHTS = {
    WHOLE: Interpretation(intent="turn_on", slots=(("name", "all"),), confidence=0.95),
    HALL: Interpretation(intent="turn_on", slots=(("name", "Hall Light"),), confidence=0.95),
}
HALLWAY = Situation(states=(("Hall Light", "off"),))


def asked_of(user, *past, failing=(WHOLE,), situation=HALLWAY):
    step = online(*past, failing=failing)
    return step(Request(text=WHOLE, user_id=user, confidence=0.95), situation, LIGHTS.get)


def test_in_the_place_of_what_fails_in_many_homes_anybody_is_asked_about_a_name_of_the_home():
    for user in ("ann", "a newcomer"):
        found = asked_of(user)
        assert (found.acted_on, found.layer, found.must_confirm) == (HALL, "global", True)
    let_pass = Count(WHOLE, LIGHTS[WHOLE].key, 10, "08", None, None, None, 1, 1)
    assert asked_of("ann", let_pass).acted_on == HALL, "once is no habit"


def test_nobody_is_asked_about_a_name_of_the_home_where_the_request_is_not_known_to_fail():
    assert asked_of("ann", failing=()) is None
    assert asked_of("ann", situation=Situation()) is None
    habit = Count(WHOLE, LIGHTS[WHOLE].key, 10, "08", None, None, None, 3, 3)
    assert asked_of("ann", habit) is None


def test_it_is_acted_on_unasked_only_after_a_yes(tmp_path):
    opinions = Opinions(tmp_path)
    pipeline = Pipeline(online(), guard=Guard(), opinions=opinions)
    request = Request(text=HEARD, user_id="ann", confidence=0.95)
    first = pipeline.decide(request, Situation(), READS.get).decision
    assert first.must_confirm
    opinions.note("ann", Event("yes", meaning_of(HEARD, MEANT), "2026-11-24"))
    assert (
        not Pipeline(online(), opinions=Opinions(tmp_path))
        .decide(request, Situation(), READS.get)
        .decision.must_confirm
    )
    opinions.note("ann", Event("complaint", meaning_of(HEARD, MEANT), "2026-11-25"))
    assert Pipeline(online(), opinions=Opinions(tmp_path)).decide(request, Situation(), READS.get).decision is None
