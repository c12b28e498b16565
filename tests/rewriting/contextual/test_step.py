"""ContextualRewrites: a candidate where the request lives on what was just said, none where it stands alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rewriting.contextual.talks import small_rewriter
from uptake.errors import BadConfig
from uptake.rewriting.contextual.step import ContextualRewrites, said_before
from uptake.rewriting.proposal import fuse
from uptake.store.store import ArtifactStore
from uptake.types import Exchange, Interpretation, Request, Situation

pytestmark = pytest.mark.slow  # a rewriter is trained first

WEATHER = Exchange(
    request="what is the weather today in hamburg",
    response="It is sunny in hamburg today.",
    interpretation=Interpretation(intent="weather", slots=(("day", "today"), ("city", "hamburg"))),
)
AFTER_WEATHER = Situation(recent=(WEATHER,))


def ask(text, situation=AFTER_WEATHER, *, limit=3, least=0.5):
    return ContextualRewrites(small_rewriter(), least)(Request(text=text, user_id="ann"), situation, limit)


def test_a_question_about_another_day_becomes_the_whole_question():
    found = ask("What about tomorrow?")
    assert found[0].text == "what is the weather tomorrow in hamburg"
    assert found[0].layer == "context"
    assert found[0].score >= 0.5
    assert fuse(found)[0] == found[0]


@pytest.mark.parametrize("text", ["thank you very much", "stop", "yes", "", "take me to the old mill"])
def test_what_stands_alone_gets_no_candidate(text):
    assert ask(text) == ()


def test_without_a_conversation_or_a_carrier_there_is_no_candidate():
    assert ask("what about tomorrow", Situation()) == ()
    assert ContextualRewrites()(Request(text="what about tomorrow", user_id="ann"), AFTER_WEATHER, 3) == ()


def test_more_trust_asked_for_gives_fewer_candidates():
    counts = [len(ask("what about tomorrow", limit=9, least=least)) for least in (0.0, 0.2, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0
    with pytest.raises(BadConfig):
        ContextualRewrites(least=1.5)


def test_what_is_published_later_is_proposed_from_then_on(tmp_path):
    store = ArtifactStore(tmp_path)
    served = ContextualRewrites.serving(store, least=0.0)
    assert served.served.current() is None
    store.publish(small_rewriter())
    assert served.served.current() == small_rewriter()


def test_only_the_last_exchanges_count():
    assert len(said_before([WEATHER] * 9)) == 6
    assert said_before([Exchange(request="a")])[0].speaker == "user"


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 4))
def test_nothing_a_user_says_breaks_it_and_limits_hold(text, response, limit):
    situation = Situation(recent=(Exchange(request=response, response=text), WEATHER))
    assert len(ask(text, situation, limit=limit, least=0.0)) <= limit
