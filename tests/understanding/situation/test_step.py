"""ContextRanker: what the situation makes of readings, for things it has never counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.types import Context, Exchange, Habit, Interpretation, Situation
from uptake.understanding.situation.artifact import EVERYBODY, ContextCounts, Count, scope_of_user
from uptake.understanding.situation.step import NAMES, ContextRanker, shipped_weights

RANKER = ContextRanker()
MORNING = datetime(2026, 3, 10, 7, 5)


def reads(intent: str, **slots: str) -> Interpretation:
    return Interpretation(intent=intent, slots=tuple(slots.items()))


def meant(text: str, candidates, ranker: ContextRanker = RANKER, **situation) -> Interpretation:
    return ranker.rank(text, candidates, Situation(**situation))[0].interpretation


def said(request: str, response: str) -> tuple[Exchange, ...]:
    return (Exchange(request=request, response=response),)


def habits(*requests: tuple[float, str]) -> tuple[Habit, ...]:
    """Requests some hours before the morning on which something is asked, each for three days."""
    return tuple(
        Habit(request=text, at=MORNING - timedelta(days=day, hours=hours))
        for day in (3, 2, 1)
        for hours, text in sorted(requests, reverse=True)
    )


def test_the_temperature_is_the_oven_s_while_the_oven_is_on():
    oven, heating = reads("HassGetState", name="Oven"), reads("HassClimateGetTemperature", name="Thermostat")
    ask = "what is the temperature"
    assert meant(ask, [heating, oven], states=(("Oven", "on, 180 °C"), ("Thermostat", "idle, 21 °C"))) == oven
    assert meant(ask, [oven, heating], states=(("Oven", "off"), ("Thermostat", "heating, 19 °C"))) == heating


def test_a_title_is_a_film_on_a_screen_and_an_audiobook_without_one():
    film, book = (
        reads("HassMediaSearchAndPlay", search_query="The Hunger Games", media_class=kind)
        for kind in ("movie", "audiobook")
    )
    display, speaker = Context(device_type="display"), Context(device_type="speaker")
    assert meant("play hunger games", [book, film], context=display, has_screen=True) == film
    assert meant("play hunger games", [film, book], context=speaker, has_screen=False) == book


def test_music_is_what_this_person_listens_to():
    genres = [
        reads("HassMediaSearchAndPlay", search_query=genre, media_class="genre") for genre in ("hard rock", "jazz")
    ]
    for wanted in genres:
        genre = wanted.slots[0][1]
        listens = habits((1.0, f"play some {genre}"), (9.0, "turn off the light"))
        assert meant("play music", genres, habits=listens, local=MORNING) == wanted


def test_brewing_means_coffee_where_coffee_always_follows_the_alarm():
    coffee, tea = reads("HassTurnOn", name="Coffee Maker"), reads("HassTurnOn", name="Kettle")
    usual = habits((0.05, "stop the alarm"), (0.0, "make coffee"), (-9.0, "boil the kettle for tea"))
    states = (("Coffee Maker", "off"), ("Kettle", "off"))
    after_alarm = {"recent": said("stop the alarm", "Good morning."), "local": MORNING}
    assert meant("start brewing", [tea, coffee], habits=usual, states=states, **after_alarm) == coffee
    afternoon = MORNING + timedelta(hours=9)
    assert meant("start brewing", [coffee, tea], habits=usual, states=states, local=afternoon) == tea


@pytest.mark.parametrize("name", ["Zorba", "Floor Lamp", "Quux 3000"])
def test_it_is_what_was_just_spoken_of_whatever_it_is_called(name):
    candidates = [reads("HassTurnOff", name=one) for one in ("TV", name, "Radio")]
    states = tuple((one.slots[0][1], "on") for one in candidates)
    assert meant("turn it off", candidates, states=states, recent=said(f"is {name} on", "It is.")) == candidates[1]


def test_the_light_is_the_one_in_this_room():
    lights = [reads("HassTurnOn", name=f"{room} Light") for room in ("Kitchen", "Bedroom", "Loft")]
    states = tuple((light.slots[0][1], "off") for light in lights)
    for light in lights:
        room = Context(room=light.slots[0][1].split()[0])
        assert meant("turn on the light", lights, states=states, context=room) == light


def test_what_is_off_is_not_turned_off():
    radio, heater = reads("HassTurnOff", name="Radio"), reads("HassTurnOff", name="Heater")
    assert meant("turn it off", [radio, heater], states=(("Radio", "off"), ("Heater", "on"))) == heater


def test_what_rings_is_answered():
    call, door = reads("AnswerCall"), reads("AnswerDoorbell", name="Doorbell")
    assert meant("answer it", [call, door], states=(("Phone", "idle"), ("Doorbell", "ringing"))) == door
    assert meant("answer it", [door, call], states=(("Phone", "ringing"), ("Doorbell", "idle"))) == call


def test_counts_speak_where_the_situation_is_silent():
    tea, coffee = reads("MakeTea"), reads("MakeCoffee")
    counts = ContextCounts.from_counts(
        [Count(EVERYBODY, facet, value, f"|{intent}", uses)
         for intent, uses in (("MakeTea", 40), ("MakeCoffee", 20)) for facet, value in (("always", ""), ("hour", "07"))]
        + [Count(scope_of_user("ann"), "always", "", "|MakeCoffee", 30)]
    )  # fmt: skip
    ranker = ContextRanker(counts)
    for user, wanted in (("ann", coffee), ("bo", tea)):
        assert meant("the usual", [tea, coffee], ranker, user_id=user) == wanted


def test_the_reasons_say_what_speaks_for_a_reading_and_quote_nobody():
    states = (("Oven", "on, 180 °C"), ("Thermostat", "off"))
    candidates = [reads("HassTurnOff", name=name) for name in ("Thermostat", "Oven")]
    best = RANKER.rank("turn it off", candidates, Situation(states=states))[0]
    assert "Oven is on, 180 °C" in best.reasons


def test_the_shipped_weights_are_of_these_features():
    assert set(shipped_weights()) == set(NAMES)


words = st.text(alphabet="abc it off0:?!'é😀\n", max_size=30)
readings = st.lists(
    st.builds(reads, st.sampled_from(["HassTurnOn", "", "HassGetState", "X"]), name=words), min_size=1, max_size=5
)
situations = st.builds(
    Situation,
    states=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    recent=st.lists(st.builds(Exchange, request=words, response=st.none() | words), max_size=2).map(tuple),
    habits=st.lists(st.builds(Habit, request=words, at=st.none() | st.just(MORNING)), max_size=2).map(tuple),
    context=st.builds(Context, room=st.none() | words, place=st.none() | words, local_time=st.none() | words),
    local=st.none() | st.just(MORNING),
)


@given(words, readings, situations)
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_the_chances_are_chances_and_no_candidate_is_lost(text, candidates, situation):
    found = RANKER.rank(text, candidates, situation)
    assert sorted(map(id, candidates)) == sorted(id(one.interpretation) for one in found)
    assert sum(one.probability for one in found) == pytest.approx(1.0)
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)


@given(words, readings, situations, st.randoms())
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_candidates_does_not_matter(text, candidates, situation, random):
    shuffled = random.sample(candidates, len(candidates))
    one, other = (
        {item.interpretation.key: item.probability for item in RANKER.rank(text, order, situation)}
        for order in (candidates, shuffled)
    )
    assert one == pytest.approx(other)
