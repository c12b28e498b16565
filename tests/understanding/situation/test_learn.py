"""ContextLearner: whose habits count, where they hold, and what stays private."""

from __future__ import annotations

from tests.feedback.marked import PEOPLE, fit, said
from uptake.understanding.situation.artifact import EVERYBODY, Who, scope_of_home, scope_of_user
from uptake.understanding.situation.learn import ContextLearner

OVEN, HEATING = "|HassGetState|name=Oven", "|HassClimateGetTemperature"
LEARNER = ContextLearner(min_users=3)


def asked(user: str, reading: str, **fields):
    return said(user, "what is the temperature", state=f"home{reading}", **fields)


def test_a_room_makes_the_reading_likelier_that_people_mean_there():
    log = [
        row
        for user in PEOPLE
        for row in asked(user, OVEN, room="Kitchen") * 3 + asked(user, HEATING, room="Bedroom") * 3
    ]
    oven, heating = fit(LEARNER, log).lifts("room", "Kitchen", [OVEN, HEATING], Who())
    assert oven > 0.3
    assert heating < -0.3


def test_a_person_s_own_habit_outweighs_what_everybody_means():
    log = [row for user in PEOPLE for row in asked(user, HEATING) * 3] + asked("zoe", OVEN) * 6
    counts = fit(LEARNER, log)
    oven, heating = counts.lifts("request", "what is the temperature", [OVEN, HEATING], Who(user_id="zoe"))
    share = counts.shares([OVEN, HEATING], Who(user_id="zoe"))
    assert share[0] > share[1]
    share = counts.shares([OVEN, HEATING], Who(user_id="new"))
    assert share[0] < share[1]
    assert oven > heating


def test_a_new_member_of_the_household_gets_what_its_members_share():
    log = [row for user in ("ann", "bo") for row in asked(user, OVEN, home_id="h1") * 4]
    counts = fit(LEARNER, log)
    own, foreign = (counts.shares([OVEN], Who(user_id="cy", home_id=home))[0] for home in ("h1", "h2"))
    assert own > 10 * foreign


def test_what_fewer_people_share_than_must_leaves_nobody():
    log = asked("ann", OVEN, home_id="h1") * 5 + asked("bo", HEATING, home_id="h1") * 5
    counts = fit(LEARNER, log)
    assert counts.count(scope_of_user("ann"), "always", "", OVEN) == 5
    for scope in (EVERYBODY, scope_of_home("h1")):
        assert counts.count(scope, "always", "", OVEN) == 0


def test_one_person_weighs_only_so_much_for_the_others():
    log = asked("ann", OVEN) * 100 + [row for user in ("bo", "cy") for row in asked(user, OVEN)]
    assert fit(ContextLearner(max_uses=10), log).count(EVERYBODY, "always", "", OVEN) == 12


def test_turns_that_failed_or_were_read_by_nobody_do_not_count():
    log = [row for user in PEOPLE for row in asked(user, OVEN, failed=True) + said(user, "play jazz")]
    assert len(fit(LEARNER, log)) == 0


def test_a_rewritten_turn_counts_under_what_was_acted_on():
    log = [row for user in PEOPLE for row in said(user, "mumble", acted_on="b", acted_state="home" + OVEN)]
    assert fit(LEARNER, log).count(EVERYBODY, "request", "mumble", OVEN) == 4


def test_what_comes_after_another_request_is_learnt():
    log = [row for user in PEOPLE for row in asked(user, OVEN, previous_state="alarms|DismissAlarm") * 2]
    log += [row for user in PEOPLE for row in asked(user, HEATING) * 2]
    oven, heating = fit(LEARNER, log).lifts("after", "|DismissAlarm", [OVEN, HEATING], Who())
    assert oven > 0 > heating
