"""Offers in a conversation: kept, edited and run by voice; passed over, answered late, and about what is gone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.teaching.homes import told
from tests.teaching.talks import FLAT
from uptake.assistant.build import open_agent
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.log.store import TurnLog
from uptake.proactive.latent_goals.artifact import SHARED, GoalPair, GoalPairs
from uptake.proactive.routines.artifact import Routine, Routines
from uptake.store.store import ArtifactStore
from uptake.types import Request

pytest.importorskip("hassil")

EIGHT = datetime(2026, 11, 23, 8)
DEEDS = ("|HassTurnOn|name=Kettle", "|HassTurnOn|name=Kitchen Light", "|HassTurnOn|name=Reading Lamp")
ROUTINE = Routine(
    routine_id="r", home_id=None, user_id="ann", readings=DEEDS, minute=480, weekdays="every day", days=12, of_days=14,
    lift=9.0,
)  # fmt: skip
TEA = GoalPair(
    scope=SHARED, source="switches|HassTurnOn|name=Kettle", target="lights|HassTurnOn|name=Hall Light", times=90,
    homes=9, share=0.6, lift=9.0, npmi=0.6, p_value=1e-9, habits=(0.05, *(0.95 / 13,) * 13),
)  # fmt: skip


@pytest.fixture
def talk(tmp_path):
    """Opens the assistant over what was learned; returns what says something to it, and its home."""

    def opened(*artifacts, without=(), **options):
        flat = {**FLAT, "entities": [one for one in FLAT["entities"] if one[0] not in without]}
        home = home_of(told(flat))
        home.set_time(EIGHT)
        store = ArtifactStore(tmp_path / "artifacts")
        for one in artifacts:
            store.publish(one)
        policy = {"explore": 0.999, "withhold": 0.0, "most_anyway": 0.9, **options}
        agent = open_agent(tmp_path, {"proactive": policy, "feedback": {"per_day": 0}}, home=home,
                           log=TurnLog(tmp_path / "log"), store=store)  # fmt: skip

        def say(*texts, user="ann"):
            return [agent.answer(Request(text=text, user_id=user)) for text in texts][-1]

        return say, home

    return opened


def on(home):
    return {device.name for device in home.devices if home.states()[device.entity_id].value == "on"}


def test_a_routine_is_kept_edited_and_run_by_voice(talk):
    say, home = talk(Routines.from_rows([ROUTINE]))
    assert say("turn on the kettle").question is None  # nobody asked for offers
    say("make suggestions")
    offered = say("turn on the kitchen light").speech
    assert offered.endswith("Shall I keep it as one routine, called good morning?")
    assert "12 of 14 days" in say("why did you say that").speech
    assert say("yes").speech.startswith("Kept.")
    assert "Reading Lamp" not in say("leave the reading lamp out of good morning", "yes", "what is good morning").speech
    say("turn off the kettle", "turn off the kitchen light", "good morning")
    assert on(home) == {"Kettle", "Kitchen Light"}
    say("undo that")
    assert on(home) == set()
    assert "weekday" in say("run good morning every weekday at seven").speech
    assert "good morning" in say("what are my reminders").speech


def test_a_greeting_is_answered_with_the_offer_to_make_it_what_this_home_does_then(talk):
    say, home = talk(Routines.from_rows([ROUTINE]))
    say("make suggestions")
    assert say("good morning").speech.endswith("Shall I keep it as one routine, called good morning?")
    say("yes", "good morning")
    assert on(home) == {"Kettle", "Kitchen Light", "Reading Lamp"}


def test_a_greeting_of_another_time_of_the_day_offers_no_routine(talk):
    say, home = talk(Routines.from_rows([ROUTINE]), quiet="")
    say("make suggestions")
    assert say("good night").question is None
    home.set_time(EIGHT + timedelta(hours=5))
    assert say("good morning").question is None


@pytest.mark.parametrize("answer", ["call it sunrise", "yes, but call it sunrise please"])
def test_a_routine_is_kept_under_the_name_that_the_answer_gives_it(talk, answer):
    say, home = talk(Routines.from_rows([ROUTINE]))
    say("make suggestions", "turn on the kettle")
    assert say(answer).speech == 'Kept. Say "sunrise" to have it done.'
    say("turn off the kettle", "sunrise")
    assert on(home) == {"Kettle", "Kitchen Light", "Reading Lamp"}


def test_a_name_that_a_device_has_is_given_to_no_routine(talk):
    say, _ = talk(Routines.from_rows([ROUTINE]))
    say("make suggestions", "turn on the kettle")
    assert "Kept" not in say("call it hall light").speech


def test_what_is_kept_already_is_not_offered_again(talk):
    say, home = talk(Routines.from_rows([ROUTINE]))
    say("make suggestions", "turn on the kettle", "yes")
    home.set_time(EIGHT + timedelta(days=1))
    assert say("turn on the kitchen light").question is None


def test_good_morning_is_what_the_home_does_for_everybody_in_it(talk):
    shared = replace(ROUTINE, user_id=None, home_id="home")
    say, home = talk(Routines.from_rows([shared]))
    say("make suggestions")
    assert "for everybody here, called good morning" in say("turn on the kettle").speech
    say("yes", "turn off the kettle")
    say("good morning", user="bo")
    assert on(home) == {"Kettle", "Kitchen Light", "Reading Lamp"}


def test_what_names_a_thing_that_was_removed_is_not_offered(talk):
    say, _ = talk(Routines.from_rows([ROUTINE]), GoalPairs.of([TEA]), without=("Reading Lamp", "Hall Light"))
    assert say("make suggestions", "turn on the kettle").question is None


def test_what_a_person_says_that_they_dislike_is_not_offered_to_them(talk):
    jazz = replace(TEA, target="media_player|HassMediaSearchAndPlay|name=Kitchen Radio|search_query=jazz")
    say, home = talk(GoalPairs.of([jazz]))
    say("I can't stand jazz", "make suggestions")
    assert say("turn on the kettle").question is None
    home.set_time(EIGHT + timedelta(hours=2))
    say("I don't hate jazz any more", "turn off the kettle")
    assert say("turn on the kettle").question == "offer"


def test_a_yes_hours_later_is_no_answer_to_an_offer(talk):
    say, home = talk(GoalPairs.of([TEA]))
    assert say("make suggestions", "turn on the kettle").question == "offer"
    home.set_time(EIGHT + timedelta(hours=3))
    late = say("yes")
    assert late.turn.interpretation is None or late.turn.interpretation.intent != "AcceptOffer"
    assert "Hall Light" not in on(home)


def test_asking_why_leaves_a_question_that_is_no_offer_open(talk):
    say, home = talk(GoalPairs.of([TEA]))
    say("make suggestions")
    assert say("unlock the front door").question == "confirm"
    assert say("why did you say that").speech == "I have suggested nothing lately."
    say("yes")
    assert home.states()["lock.front_door"].value == "unlocked"


def test_two_people_of_one_home_stand_apart(talk):
    say, _ = talk(GoalPairs.of([TEA]), pause_min=0)
    say("make suggestions", "turn on the kettle", "stop suggesting that")
    say("make suggestions", user="bo")
    assert say("turn off the kettle", "turn on the kettle").question is None
    assert say("turn off the kettle", "turn on the kettle", user="bo").question == "offer"
