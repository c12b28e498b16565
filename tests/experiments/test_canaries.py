"""Canaries: too little past is asked about, answers decide, doubt pauses, and one learner's mistake asks about all."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import session
from uptake.errors import BadConfig
from uptake.experiments.canaries import Rules, choose_canaries, decide_states
from uptake.experiments.exposures import Baseline, Exposure, Past, exposures
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.pooled import pool_outcomes
from uptake.experiments.withdrawal import Watch
from uptake.rewriting.canaries import Canary
from uptake.rewriting.table.artifact import Rewrite
from uptake.types import Evidence, Turn

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
RULES = Rules()
FINE = Evidence(users=60, sessions=120, success_before=0.1, success_after=0.9)
WORKS = Baseline(0.8, None, "play jazz", failed=4.0, turns=30.0)


def past(*sessions):
    return Past(pool_outcomes(outcomes_of_turns([turn for one in sessions for turn in one.turns], defect="signals")))


def met(defects, *, name="r", start=0):
    return [Exposure(name, f"u{start + at}", True, defect, 1.0, "a b", "c d") for at, defect in enumerate(defects)]


def asked(answers, *, name="r"):
    return [Exposure(name, f"u{at}", False, 0.0, 1.0, "a b", "c d", True, answer) for at, answer in enumerate(answers)]


def states(*rows):
    return {row.name: row for row in rows}


def after(seen, known=(), *, now=NOON, baselines=None, strata=None):
    watch = Watch(baselines or {"r": WORKS}, strata=strata)
    watch.extend(seen)
    return watch, decide_states(watch, states(*known), now=now, rules=RULES)


ASKING = Canary("r", "asking", NOON, "too little past")


def test_a_new_rewrite_of_a_request_without_a_past_is_a_canary_whatever_it_claims():
    known = past(*(session("play jazz", user=f"u{at}", failed=(0,)) for at in range(8)))
    rows = [Rewrite("play jazz", "play blues", FINE), Rewrite("play rock", "play blues", FINE)]
    found = choose_canaries(rows, known, [], now=NOON, rules=RULES)
    assert {one.name: one.state for one in found} == {rows[0].rewrite_id: "trial", rows[1].rewrite_id: "asking"}


def test_one_home_makes_no_past():
    many = [session("play jazz", user="ann", failed=(0,), session_id=f"s{at}") for at in range(20)]
    row = Rewrite("play jazz", "play blues", FINE)
    assert choose_canaries([row], past(*many), [], now=NOON, rules=RULES)[0].state == "asking"
    assert not choose_canaries([row._replace(user_id="ann")], past(*many), [], now=NOON, rules=RULES), (
        "one's own is none"
    )


def test_beyond_the_budget_of_harm_the_likeliest_to_be_worse_are_asked_about():
    known = past(
        *(
            session(f"play song {song}", user=f"u{at}", failed=(0,) * (at < 7 - 2 * song))
            for song in range(4)
            for at in range(9)
        )
    )
    rows = [Rewrite(f"play song {song}", "play blues", FINE) for song in range(4)]
    said = [(row.request, "ann", "media") for row in rows for _ in range(5)]

    def states_at(harm):
        return [one.state for one in choose_canaries(rows, known, said, now=NOON, rules=Rules(harm=harm))]

    assert states_at(1.0) == ["trial"] * 4
    assert states_at(0.01)[0] == "trial"
    assert states_at(0.01)[3] == "asking", "the one that works best as it is"
    assert states_at(0.0) == ["asking"] * 4


@pytest.mark.parametrize(
    ("answers", "withdrawn", "state"),
    [
        ((False, False), True, "asking"),
        ((True, False, False), False, "asking"),
        ((True, False, False, False), True, "asking"),
        ((True, True), False, "asking"),
        ((True, True, None, True), False, "proven"),
        ((True, True, False, True), False, "asking"),
        ((True, True, False, True, True), False, "proven"),
    ],
)
def test_two_more_noes_withdraw_and_three_more_yeses_prove(answers, withdrawn, state):
    watch, found = after(asked(answers), [ASKING])
    assert bool(watch.withdrawn) is withdrawn
    assert (watch.significant() == {"r"}) is withdrawn
    assert found["r"].state == state


def test_one_person_answers_once():
    again = [one._replace(user_id="ann") for one in asked((False, False, False))]
    assert not after(again, [ASKING])[0].withdrawn


def test_what_is_probably_worse_is_paused_and_asked_about_after_a_day():
    _, found = after(met([1.0, 1.0, 1.0]))
    assert found["r"].state == "paused"
    assert "worse" in found["r"].reason
    _, soon = after(met([1.0, 1.0, 1.0]), found.values(), now=NOON + timedelta(hours=3))
    assert soon["r"].state == "paused"
    _, later = after(met([1.0, 1.0, 1.0]), found.values(), now=NOON + timedelta(days=1))
    assert later["r"].state == "asking"


def test_what_serves_people_is_left_alone():
    assert after(met([0.1] * 30))[1] == {}
    proven = Canary("r", "proven", NOON, "")
    assert after(met([0.1] * 30), [proven])[1] == {"r": proven}


def test_what_was_met_four_times_and_is_not_shown_to_be_better_is_asked_about():
    bad = Baseline(0.7, None, "play jazz", failed=9.0, turns=30.0)
    doubtful = [0.6, 0.2, 0.5, 0.2]
    assert after(met(doubtful[:3]), baselines={"r": bad})[1] == {}
    assert after(met(doubtful[:4]), baselines={"r": bad})[1]["r"].state == "asking"


def test_a_trial_ends_after_four_deeds_one_way_or_the_other():
    trial = Canary("r", "trial", NOON, "new")
    fails = Baseline(0.2, None, "play jazz", failed=16.0, turns=20.0)
    assert after(met([0.1] * 3), [trial], baselines={"r": fails})[1]["r"] == trial
    assert after(met([0.1] * 4), [trial], baselines={"r": fails})[1]["r"].state == "proven"
    assert after(met([0.6, 0.2, 0.5, 0.2]), [trial])[1]["r"].state == "asking"
    assert after(met([1.0, 1.0, 1.0]), [trial])[1]["r"].state == "paused"


def test_what_one_learner_gets_wrong_shows_in_all_of_its_rewrites_together():
    names = [f"r{at}" for at in range(12)]
    seen = [one for name in names for one in met([0.9], name=name, start=int(name[1:]))]
    strata = dict.fromkeys(names, "requests 000002-x unsure")
    watch, found = after(seen, baselines=dict.fromkeys(names, WORKS), strata=strata)
    assert watch.strata["requests 000002-x unsure"] > 20.0
    assert {found[name].state for name in names} == {"asking"}
    assert found["000002-x"].state == "asking", "and whatever this version decides from now on"


def test_a_state_begins_anew_with_its_moment():
    later = round((NOON + timedelta(days=1)).timestamp() * 1e6)
    watch = Watch({"r": WORKS}, since_us={"r": later})
    watch.extend([*asked((False,)), *(one._replace(at_us=later) for one in asked((True, True, True)))])
    assert decide_states(watch, states(ASKING), now=NOON, rules=RULES)["r"].state == "proven"


def test_a_question_is_an_exposure_with_its_answer_and_no_deed():
    asking = {"acted_on": "play jazz", "rewrite_id": "r", "action": "dialogue.ask_confirm"}
    turns = [
        Turn(turn_id=f"t{at}", user_id=f"u{at}", said_at=NOON, request="play jas", status=None, answer=answer, **asking)
        for at, answer in enumerate((True, False, None))
    ]
    found = list(exposures(pool_outcomes(outcomes_of_turns(turns, defect="signals"))))
    assert [(one.acted, one.asked, one.answer) for one in found] == [
        (False, True, True),
        (False, True, False),
        (False, True, None),
    ]


@pytest.mark.parametrize("wrong", [{"pause_at": 0.2}, {"harm": 2.0}, {"least_past": -1}, {"rest_days": -1.0}])
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(BadConfig):
        Rules(**wrong)
