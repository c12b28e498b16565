"""The online step: silent where the assistant is sure, careful where it is not, and never without its ranker."""

import math

import pytest

from tests.rewriting.ranking.rankings import head, ranker
from uptake.rewriting.ranking.step import PROPOSE, OnlineRewrite, ServedOnline, candidates, shipped
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.rewriting.retrieval.step import Retrieval
from uptake.store.store import ArtifactStore
from uptake.types import Consequence, Interpretation, Request, Situation, Transcript

LIGHT = Interpretation(intent="HassTurnOn", domain="lights", slots=(("name", "Kitchen Light"),))
HALL = Interpretation(intent="HassTurnOn", domain="lights", slots=(("name", "Hall Light"),))
READS = {"turn on the kitchen light": (LIGHT, 0.97), "turn on the hall light": (LIGHT, 0.9)}
INDEX = RequestIndex.of(
    [IndexedRequest("turn on the kitchen light", 40, 90, 2, LIGHT.key), IndexedRequest("stop the music", 12, 30, 3)],
    {"ann": UserHistory().plus([Count("turn on the kitchen light", LIGHT.key, 10, "08", None, None, None, 9, 9)])},
)


def preflight(text):
    found = READS.get(text)
    return None if found is None else Interpretation(**{**_fields(found[0]), "confidence": found[1]})


def _fields(reading):
    return {"intent": reading.intent, "domain": reading.domain, "slots": reading.slots}


def heard(text, *others, user="ann", confidence=0.0):
    listed = tuple(Transcript(text=one) for one in (text, *others))
    return Request(text=text, user_id=user, alternatives=listed, confidence=confidence)


@pytest.fixture
def step():
    return OnlineRewrite(Retrieval.over(INDEX), shipped())


def test_a_request_that_the_assistant_is_sure_of_is_left_alone(step):
    asked = []
    sure = heard("turn on the kitchen fight", "turn on the kitchen light", confidence=0.95)
    assert step(sure, Situation(), asked.append) is None
    assert not asked


@pytest.mark.parametrize("user", ["ann", "a newcomer"])
def test_a_misheard_request_becomes_the_one_on_the_list_that_works(step, user):
    decision = step(heard("turn on the kitchen fight", "turn on the kitchen light", user=user), Situation(), preflight)
    assert decision is not None
    assert (decision.step, decision.acted_on) == ("online", "turn on the kitchen light")
    assert "kitchen" not in decision.reason


class Foreseeing:
    """Reads the request as heard as another light, and asks first, or not."""

    def __init__(self, *, asks):
        self.asks = asks

    def __call__(self, text):
        return HALL if text == "turn on the fight" else preflight(text)

    def foresee(self, meant=None):
        return Consequence(intent="HassTurnOn", asks=self.asks and meant is None)


@pytest.mark.parametrize("asks", [True, False])
def test_a_small_chance_is_asked_about_where_the_assistant_would_ask_and_not_where_it_would_act(asks):
    slight = ranker(**{name: head(on="sound", above=0.0, threshold=90.0) for name in ("personal", "global")})
    step = OnlineRewrite(Retrieval.over(INDEX), slight)
    decision = step(heard("turn on the fight", confidence=0.42), Situation(), Foreseeing(asks=asks))
    assert (decision is not None and decision.must_confirm) is asks


OWN_LAMP = "turn on the kitchen lamp"
STATE = Interpretation(intent="HassGetState", domain="lights")
LAMP = Interpretation(intent="HassTurnOn", domain="lights", slots=(("name", "Kitchen Lamp"),))
PAST = {"ann": UserHistory().plus([Count(OWN_LAMP, LAMP.key, 10, "08", None, None, None, 9, 9)])}
EVERYBODYS = RequestIndex.of([IndexedRequest("turn on the kitchen light", 40, 90, 2, LIGHT.key)], PAST)


def reads_both(text):
    found = {OWN_LAMP: LAMP, "turn on the kitchen light": LIGHT, "turn on the kitchen lab": STATE}.get(text)
    return None if found is None else Interpretation(**{**_fields(found), "confidence": 0.97})


def decide(own, everybodys, user="ann"):
    step = OnlineRewrite(Retrieval.over(EVERYBODYS), ranker(personal=own, **{"global": everybodys}))
    decision = step(heard("turn on the kitchen lab", user=user, confidence=0.4), Situation(), reads_both)
    return decision and (decision.acted_on, decision.must_confirm, *(one.acted_on for one in decision.others))


def test_a_question_from_ones_own_past_names_what_everybody_would_be_asked_or_taken_for():
    acts, asks = ({"on": "sound", "above": 0.0, "threshold": least} for least in (-90.0, 90.0))
    alone = head(on="personal", above=0.5, threshold=90.0, ask=-90.0)
    assert decide(alone, head(**asks)) == (OWN_LAMP, True)
    assert decide(alone, head(**acts)) == (OWN_LAMP, True, "turn on the kitchen light")
    assert decide(head(on="personal", above=0.5, threshold=-90.0), head(**acts)) == (OWN_LAMP, False)


def test_where_ones_own_past_chooses_nothing_what_everybody_would_be_taken_for_is_asked_about():
    nothing, acts = head(threshold=math.inf), head(on="sound", above=0.0, threshold=-90.0)
    assert decide(nothing, acts) == ("turn on the kitchen light", True)
    assert decide(nothing, acts, user="a newcomer") == ("turn on the kitchen light", False)


def test_the_list_alone_speaks_for_nothing_in_the_place_of_a_request_that_would_be_acted_on():
    entries = ("turn on the kitchen fight", "turn on the hall light", "turn on the kitchen light")
    texts = {
        sure: {one.text for one in candidates((Retrieval.over(INDEX), *PROPOSE), request, Situation())}
        for sure in (0.4, 0.7)
        if (request := heard(*entries, confidence=sure))
    }
    assert texts[0.4] - texts[0.7] == {"turn on the hall light"}
    assert "turn on the kitchen light" in texts[0.7]  # many said so before


def test_no_candidate_names_another_thing_of_the_home_unless_the_recogniser_heard_it():
    generators = (Retrieval.over(INDEX), *PROPOSE)
    home = Situation(states=(("Hall light", "off"), ("Kitchen light", "off")))
    texts = {one.text for one in candidates(generators, heard("turn on the hall light", confidence=0.4), home)}
    listed = heard("turn on the hall light", "turn on the kitchen light", confidence=0.4)
    assert "turn on the kitchen light" not in texts
    assert "turn on the kitchen light" in {one.text for one in candidates(generators, listed, home)}
    unknown = candidates(generators, heard("turn on the hall light", confidence=0.4), Situation())
    assert "turn on the kitchen light" in {one.text for one in unknown}


@pytest.mark.parametrize("text", ["", "zzz qqq", "x" * 100_000, "ab " * 30_000, "🏠🔓", "\ud800"])
def test_what_is_like_nothing_is_left_alone(step, text):
    assert step(heard(text), Situation(), preflight) is None


def test_the_shipped_ranker_is_silent_without_an_assistant_to_ask(tmp_path):
    store = ArtifactStore(tmp_path)
    store.publish(INDEX)
    served = ServedOnline(store)
    request = heard("turn on the kitchen fight", "turn on the kitchen light")
    assert served(request, Situation()) is None
    assert served(request, Situation(), preflight).acted_on == "turn on the kitchen light"
    assert (served.note, served.broken) == ("", False)


def test_a_broken_ranker_is_refused_and_the_one_before_goes_on_serving(tmp_path):
    store = ArtifactStore(tmp_path)
    store.publish(INDEX)
    served = ServedOnline(store)
    request = heard("turn on the kitchen fight", "turn on the kitchen light")
    assert served(request, Situation(), preflight) is not None
    version = store.publish(shipped())
    (tmp_path / "rankers" / version / "ranker.json").write_text("{}")
    assert served(request, Situation(), preflight) is not None
    assert served.broken
    assert "goes on serving" in served.note
