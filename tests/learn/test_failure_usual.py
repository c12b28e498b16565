"""How usual a turn is: counts of other people, lengths, lists."""

import math

from tests.builders import session
from uptake.learn.failure_usual import usual_rows
from uptake.signals.views import views
from uptake.types import Interpretation, Transcript

FOOD = Interpretation(intent="inform", slots=(("inform.food", "thai"),))
PHONE = Interpretation(intent="request", slots=(("request.slot", "phone"),))


def calls(people, interpretation=FOOD, **fields):
    fields = {"spoken_ms": 1000.0, **fields}
    return list(views([session("thai food", user=f"{one}", interpretation=interpretation, **fields) for one in people]))


def test_a_reading_that_nobody_gave_after_such_a_prompt_is_unusual_and_a_persons_own_do_not_vouch_for_it():
    counted = calls(range(30)) + calls(["ann"] * 20, PHONE)
    usual, odd = usual_rows([counted[0], counted[-1]], counted)
    assert odd["usual:answer"] < usual["usual:answer"] - 2.0
    shared = counted + calls(range(40, 60), PHONE)
    assert usual_rows([counted[-1]], shared)[0]["usual:answer"] > odd["usual:answer"] + 1.0


def test_words_in_less_time_than_they_take_stand_out():
    counted = calls(range(30))
    short, same = usual_rows([*calls(["ann"], spoken_ms=200.0), counted[0]], counted)
    assert short["usual:length"] < -3.0 < same["usual:length"] < 1.0
    assert math.isnan(usual_rows(calls(["ann"], spoken_ms=None), counted)[0]["usual:length"])


def test_a_second_list_that_lacks_the_words_says_so():
    view, *_ = seen = calls(range(3))
    heard = {view.turn.turn_id: (Transcript(text="tie foot"), Transcript(text="thai food"))}
    row, *others = usual_rows(seen, seen, heard)
    assert (row["other:rank"], row["other:rank_here"], row["other:contained"]) == (1.0, 1.0, 0.0)
    assert not any(name.startswith("other:") for one in others for name in one)
