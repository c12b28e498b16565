"""Names: what this home and person have, by sound."""

from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.rewriting.ranking.home_names import Names
from uptake.types import Habit, Interpretation, Request, Situation

HOME = Situation(states=(("Hall light", "off"), ("Study lamp", "on"), ("Zone 2", "idle")))


def proposed(text, situation=HOME, **options):
    return [one.text for one in Names(**options)(Request(text=text, user_id="ann"), situation, 5)]


def test_a_misheard_thing_is_the_one_the_home_has():
    assert proposed("turn on the hole light") == ["turn on the hall light"]
    assert proposed("dim the steady lamp")[0] == "dim the study lamp"


def test_a_thing_that_the_home_has_is_left_alone():
    assert proposed("turn on the hall light") == []


def test_words_that_say_what_is_done_are_part_of_no_name():
    home = Situation(states=(("Oven", "off"), ("Study", "off"), ("Hot Tub", "off")))
    assert proposed("well turn it off then nobody is home", home) == []
    assert proposed("start a timer for that", home) == []
    assert proposed("turn on the hot tab", home)[0] == "turn on the hot tub"


def test_words_that_sound_like_nothing_here_are_left_alone():
    assert proposed("what is the weather tomorrow") == []


def test_what_the_persons_own_requests_were_about_counts_as_theirs():
    own = Interpretation(intent="play", slots=(("artist", "imagine dragons"),))
    situation = Situation(habits=(Habit(request="play imagine dragons", interpretation=own),))
    assert "play imagine dragons" in proposed("play emergin dragons", situation)
    assert proposed("play emergin dragons", Situation()) == []


def test_contacts_may_be_given():
    assert proposed("call jon smyth", Situation(), known=("John Smith",)) == ["call john smith"]


def test_another_number_is_another_thing():
    assert all("2" in one.split() for one in proposed("turn off zone 2 now please"))
    assert proposed("turn off zone 3") == []


def test_very_long_requests_are_left_alone():
    assert proposed("hole light " * 200) == []


@settings(max_examples=50)
@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=5))
def test_nothing_that_is_said_raises(text, names):
    proposed(text, Situation(states=tuple((name, "on") for name in names)))
