"""STAR, SGD and ConTurE: what their records become, and where a goal begins."""

import pytest

from uptake.errors import BadRecord
from uptake.lab.corpora.conture import Conture
from uptake.lab.corpora.sgd import Sgd
from uptake.lab.corpora.star import Star


def star(*events, answers=(("Did it go well?", False), ("Was it nice?", True))):
    return {
        "dialogue_id": 7,
        "user": "ann",
        "tasks": ["weather"],
        "user_questionnaire": [list(one) for one in answers],
        "events": [{"t": at, **event} for at, event in enumerate(events)],
    }


def typed(text):
    return {"agent": "User", "action": "utter", "text": text}


def picked(text, label):
    return {"agent": "Wizard", "action": "pick_suggestion", "text": text, "label": label}


SELECTS = {"agent": "Wizard", "action": "select_task"}
TOLD = {"agent": "UserGuide", "action": "instruct", "text": "now change the topic"}


def test_a_turn_is_what_the_user_typed_and_all_that_the_assistant_then_did():
    asks = {"agent": "Wizard", "action": "query", "api": "weather"}
    record = star(TOLD, typed("will it rain"), asks, picked("No.", "weather_inform"), TOLD, typed("bye"))
    first, last = Star().turns(record)
    assert (first.request, first.response, first.action) == ("will it rain", "No.", "query.weather();weather_inform()")
    assert (last.said_at - first.said_at).total_seconds() == 4
    assert (last.response, last.action) == (None, None)


def test_success_is_the_answer_to_the_first_question():
    (turn,) = Star().turns(star(typed("hello")))
    assert turn.truth.goal_success is False
    (unasked,) = Star().turns(star(typed("hello"), answers=()))
    assert unasked.truth is None


def test_a_goal_of_star_begins_where_the_wizard_selects_a_task():
    record = star(typed("hello"), typed("and a taxi"), SELECTS, picked("Where to?", "ride_ask"), typed("home"))
    assert Star().goal_starts(record) == (True, True, False)


def said(speaker, text, *acts, intent=None, **rest):
    frame = {"service": rest.pop("service", "Music_1"), "acts": [list(act) for act in acts], **rest}
    return {"speaker": speaker, "text": text, "frames": [frame | ({"intent": intent} if intent else {})]}


def sgd(*turns):
    return {"dialogue_id": "1_1", "services": ["Music_1"], "turns": list(turns)}


PLAYS = said("U", "play x", ("INFORM_INTENT", "intent", "Play"), ("INFORM", "track", "x"), intent="Play")
FAILS = said("S", "that failed", ("NOTIFY_FAILURE", "", ""), call="Play")
THANKS = said("U", "thanks", ("GOODBYE", "", ""), intent="NONE")
RAIN = said("U", "rain?", ("INFORM_INTENT", "intent", "Forecast"), intent="Forecast", service="Weather_1")


def test_a_goal_of_sgd_begins_where_the_intent_changes_and_a_thank_you_is_no_goal():
    record = sgd(PLAYS, FAILS, THANKS, said("S", "welcome"), RAIN)
    assert Sgd().goal_starts(record) == (True, False, True)
    first, thanks, rain = Sgd().turns(record)
    assert [turn.truth.goal_success for turn in (first, thanks, rain)] == [False, False, None]
    assert (first.action, first.interpretation) == ("Play()", None)
    assert first.truth.interpretation.slots == (("track", "x"),)


def test_the_log_of_sgd_does_not_say_how_a_transaction_ended():
    first, _ = Sgd().turns(sgd(PLAYS, FAILS, THANKS))
    assert first.status is None


def test_dialogues_of_two_parts_with_one_number_stay_two():
    names = {next(Sgd().turns(sgd(opening))).session_id for opening in (PLAYS, RAIN)}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("corpus", "record"),
    [
        (Star(), star({"agent": "User", "action": "utter"})),
        (Star(), star(typed("x"), answers=((1, 2, 3),))),
        (Sgd(), sgd("no object")),
        (Sgd(), sgd(said("U", "x", ("too", "short")))),
    ],
)
def test_a_malformed_record_is_refused(corpus, record):
    with pytest.raises(BadRecord):
        list(corpus.turns(record))


def test_every_rater_of_conture_is_read_and_a_bad_answer_is_a_defect():
    record = {
        "dialog_id": 3,
        "turns": [{"user": "User: Yo", "chatbot": "Chatbot: hm", "overall impression": 0}],
        "dialog_ratings": [{"likeable": 2, "error recovery": "N/A"}, {"likeable": 1}],
    }
    (turn,) = Conture().turns(record)
    assert (turn.request, turn.response, turn.truth.defect) == ("Yo", "hm", True)
    assert Conture().ratings(record) == ({"likeable": 2}, {"likeable": 1})
