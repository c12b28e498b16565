"""ContextualRewriter: a request is written out by what was said before it, or left as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rewriting.contextual.talks import small_rewriter, told
from uptake.rewriting.contextual.spans import MAX_SPAN, Message, passage
from uptake.text.normalize import normalize

pytestmark = pytest.mark.slow  # a rewriter is trained first


def best(request, past):
    return normalize(small_rewriter().rewrite(request, past)[0].text)


def test_a_pronoun_becomes_what_was_spoken_of():
    assert best("what is their address", told("green dragon")) == "what is the green dragon's address"


def test_what_is_left_out_is_brought_in():
    assert best("what is the phone number", told("green dragon")) == "what is the phone number of the green dragon"


def test_a_value_alone_goes_into_the_request_before():
    past = (
        Message("user", "what is the weather today in hamburg", (("day", "today"), ("city", "hamburg"))),
        Message("assistant", "It is sunny in hamburg today."),
    )
    found = small_rewriter().rewrite("what about tomorrow", past)[0]
    assert (normalize(found.text), found.is_before) == ("what is the weather tomorrow in hamburg", True)


def test_a_request_that_stands_alone_stays_as_it_is():
    found = small_rewriter().rewrite("thank you very much", told("green dragon"))
    assert found[0].is_copy
    assert found[0].text == "thank you very much"


def test_belief_is_shared_out_and_the_best_comes_first():
    found = small_rewriter().rewrite("what is their address", told("green dragon"), limit=50)
    shares = [one.share for one in found]
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1.0) < 1e-9
    assert sum(one.is_copy for one in found) == 1


def test_without_a_past_or_a_word_nothing_is_said():
    rewriter = small_rewriter()
    assert rewriter.rewrite("what is their address", ()) == ()
    assert rewriter.rewrite("?!", told("green dragon")) == ()
    assert rewriter.rewrite("word " * 40, told("green dragon")) == ()
    assert rewriter.rewrite("what is it", (Message("user", "..."),)) == ()


texts = st.one_of(
    st.text(max_size=40), st.lists(st.sampled_from("what it the 's . ? their ß é 东".split())).map(" ".join)
)


@settings(max_examples=40)
@given(texts, st.lists(st.tuples(st.sampled_from(["user", "assistant", "topic"]), texts), max_size=4))
def test_nothing_that_is_said_breaks_it(request, past):
    found = small_rewriter().rewrite(request, tuple(Message(who, text) for who, text in past))
    assert all(0.0 <= one.share <= 1.0 and 0.0 <= one.trust <= 1.0 for one in found)


@given(st.lists(texts, min_size=1, max_size=6))
def test_stretches_are_bounded_and_never_cross_a_sentence(said):
    talk = passage([Message("assistant", text) for text in said])
    for first, last in talk.spans.tolist():
        assert 0 < last - first <= MAX_SPAN
        assert talk.homes[first] == talk.homes[last - 1]
        home = talk.lines[talk.homes[first]]
        inside = home.marks[first - talk.starts[talk.homes[first]] + 1 : last - talk.starts[talk.homes[first]]]
        assert not set(inside) & set(".?!;")


def test_a_long_talk_is_cut():
    talk = passage([Message("assistant", "word " * 2_000)] * 50)
    assert len(talk.words) <= 140
