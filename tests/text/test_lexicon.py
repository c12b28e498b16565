"""The lexicon: what steers, what breaks off, what corrects, and what must be handled with care."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import least_cpu_s
from uptake.text import lexicon
from uptake.text.normalize import normalize


@pytest.mark.parametrize(
    "text",
    "Stop!|stop it please|never mind|volume up|set the volume to 50%|turn it down|yes please|no thanks|"
    "thank you very much goodbye|once more|next song|uh|okay|5".split("|"),
)
def test_control_requests_name_no_goal(text):
    assert lexicon.is_control(normalize(text))


@pytest.mark.parametrize(
    "text", ["play jazz", "stop the music in the kitchen", "what's the volume of the sun", "yes we have no bananas"]
)
def test_requests_with_a_goal_are_not_control(text):
    assert not lexicon.is_control(normalize(text))


def test_only_what_breaks_off_is_a_termination():
    assert lexicon.is_termination("forget it")
    assert not lexicon.is_termination("forget the milk")
    assert not lexicon.is_termination("goodbye")


@pytest.mark.parametrize("text", ["No, I said the kitchen", "that's not what I meant", "I asked for jazz", "wrong one"])
def test_corrections_are_recognised_by_how_they_begin(text):
    assert lexicon.is_correction(normalize(text))


@pytest.mark.parametrize("text", ["no thank you", "play what i said yesterday", "what's wrong with my car"])
def test_a_no_alone_or_a_quote_is_no_correction(text):
    assert not lexicon.is_correction(normalize(text))


@pytest.mark.parametrize(
    ("left", "right"),
    [("turn on the light", "turn off the light"), ("wake me at 5 am", "wake me at 5 pm"), ("lock it", "unlock it")],
)
def test_opposites_are_seen_from_both_sides(left, right):
    assert lexicon.opposites(left, right)
    assert lexicon.opposites(right, left)


def test_texts_that_share_both_poles_do_not_differ_by_them():
    assert not lexicon.opposites("turn on and off", "turn off and on")


_POLES = st.lists(st.sampled_from("turn on off the light up down dark left right first".split()), max_size=6).map(
    " ".join
)


@given(_POLES, _POLES)
def test_opposites_depend_on_words_with_opposites_alone(left, right):
    kept = lexicon.with_opposites(left), lexicon.with_opposites(right)
    assert lexicon.opposites(*kept) == lexicon.opposites(left, right)


def test_numbers_keep_their_order():
    assert lexicon.numbers(normalize("from five to ten")) == ("5", "10")
    assert lexicon.numbers(normalize("from ten to five")) == ("10", "5")


def test_doors_are_critical_to_open_and_apps_are_not():
    assert lexicon.critical_words("open the garage") == {"open"}
    assert not lexicon.critical_words("open the weather app")
    assert lexicon.critical_words("turn off the smoke alarm") == {"alarm"}


@given(st.text(max_size=40))
def test_no_text_breaks_the_lexicon(raw):
    text = normalize(raw)
    for ask in (lexicon.is_control, lexicon.is_termination, lexicon.is_correction, lexicon.is_yes, lexicon.is_no):
        assert ask(text) in (True, False)
    assert lexicon.opposites(text, text) == frozenset()
    assert lexicon.critical_words(text) <= set(text.split())


_SAID = st.sampled_from(
    "no wrong stop it never mind thank you yes volume up to 50% 5 next song wait i said meant that's not what "
    "please now uh um good bye the kitchen jazz café".split()
)


@given(st.lists(_SAID, max_size=6).map(" ".join) | st.text(max_size=20).map(normalize))
def test_nothing_that_steers_escapes_the_quick_look(text):
    seen = pc.match_substring_regex(pa.array([text]), lexicon.STEERS)[0].as_py()
    assert seen or not (lexicon.is_control(text) or lexicon.is_correction(text))


def test_the_quick_look_passes_most_requests_by():
    said = pa.array(["turn on the kitchen light", "play songs by queen", "stop", "no i said the hall"])
    assert pc.match_substring_regex(said, lexicon.STEERS).to_pylist() == [False, False, True, True]


def test_a_long_request_is_answered_at_once():
    def look(at):
        text = "no yes stop " * 600 + "no " * at
        assert not lexicon.is_control(text)
        lexicon.is_correction(text)

    assert least_cpu_s(look) < 0.2
