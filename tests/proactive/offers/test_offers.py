"""Offers: silence unless asked for, few, never at the wrong moment, and none that people do anyway."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.feedback.marked import ENGINE, turns
from uptake.engine.local import EngineStatistics
from uptake.errors import BadConfig, BadRecord
from uptake.proactive.offers.artifact import EVERYBODY, Answered, OfferAnswers
from uptake.proactive.offers.events import event, heard
from uptake.proactive.offers.learn import OfferLearner
from uptake.proactive.offers.offer import Occasion, Offer, fulfils
from uptake.proactive.offers.policy import OfferPolicy
from uptake.proactive.offers.standing import Made, Standing, Tally

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TIMER = Offer(
    kind="latent_goals", meaning="drinks|AskTea => timers|HassStartTimer", because="often", welcome=0.95, weight=30
)
ON = Standing(on=("latent_goals",))
POLICY = OfferPolicy(withhold=0.0)
NOTHING = OfferAnswers()


def choose(offer=TIMER, standing=ON, answers=NOTHING, policy=POLICY, turn="t1"):
    return policy.choose([offer], Occasion(turn_id=turn, user_id="ann", now=NOON), standing, answers)


def made(answer, *, ago=timedelta(days=1), offer=TIMER):
    return Made(offer_id=offer.offer_id, turn_id="t0", at=NOON - ago, answer=answer)


def test_nothing_is_offered_unless_somebody_asked_for_offers():
    assert POLICY.hush(Standing(), NOON) == "nobody asked for offers"
    assert choose(standing=Standing()).offer is None
    assert choose().said
    assert choose(standing=Standing(), policy=replace(POLICY, kinds=("all",))).said
    assert not choose(standing=Standing(off=("latent_goals",)), policy=replace(POLICY, kinds=("all",))).said


@pytest.mark.parametrize(
    ("standing", "now", "failing", "reason"),
    [
        (ON, NOON.replace(hour=23), False, "quiet hours"),
        (ON, NOON, True, "something went wrong in this conversation"),
        (replace(ON, made=tuple(made("accepted", ago=timedelta(hours=one)) for one in (3, 2, 1))), NOON, False,
         "the day's offers were made"),
        (replace(ON, made=(made("accepted", ago=timedelta(minutes=5)),)), NOON, False,
         "the last offer was not long ago"),
        (replace(ON, made=(made("declined", ago=timedelta(minutes=30)),)), NOON, False,
         "the last offer was not long ago"),
    ],
)  # fmt: skip
def test_there_are_moments_at_which_nothing_is_offered(standing, now, failing, reason):
    assert POLICY.hush(standing, now, failing=failing) == reason
    assert POLICY.hush(ON, NOON) is None


def test_own_quiet_hours_add_to_those_of_the_house():
    assert POLICY.hush(ON, NOON, quiet=("11:00-13:00",)) == "quiet hours"


def test_an_offer_that_is_declined_again_and_again_is_suppressed():
    standing = replace(ON, made=tuple(made("declined", ago=timedelta(days=day)) for day in range(14, 0, -1)))
    offer = replace(TIMER, weight=2.0)
    assert POLICY.suppressed(POLICY.belief(offer, "ann", standing, NOTHING))
    assert choose(offer, standing).reason == "suppressed: it is seldom accepted"


def test_what_others_answered_weighs_in_but_less_than_the_own_answers():
    said = [Answered(user_id=EVERYBODY, offer_id=TIMER.offer_id, tally=Tally(declined=500))]
    offer = replace(TIMER, welcome=None, weight=1.0)
    alone = POLICY.belief(offer, "ann", ON, NOTHING).mean
    with_others = POLICY.belief(offer, "ann", ON, OfferAnswers.of(said)).mean
    liked = replace(ON, made=tuple(made("accepted", ago=timedelta(days=day)) for day in range(20, 0, -1)))
    assert with_others < alone < POLICY.belief(offer, "ann", liked, OfferAnswers.of(said)).mean


def test_what_a_person_does_anyway_is_not_offered():
    assert choose(replace(TIMER, anyway=0.8)).reason == "the person does it anyway"
    withheld = Answered(user_id="ann", offer_id=TIMER.offer_id, tally=Tally(accepted=9), withheld=20, came_anyway=19)
    assert choose(answers=OfferAnswers.of([withheld])).reason == "the person does it anyway"


def test_a_yes_or_a_no_tells_nothing_of_what_a_person_would_have_done():
    offer = replace(TIMER, anyway=0.2)
    standing = replace(ON, made=tuple(made("accepted", ago=timedelta(days=day)) for day in range(20, 0, -1)))
    said = Answered(user_id="ann", offer_id=TIMER.offer_id, tally=Tally(accepted=20, declined=5))
    assert POLICY.belief(offer, "ann", standing, OfferAnswers.of([said])).anyway == pytest.approx(0.2)
    passed_over = replace(ON, made=tuple(made("anyway", ago=timedelta(days=day)) for day in range(3, 0, -1)))
    assert POLICY.belief(offer, "ann", passed_over, NOTHING).anyway == pytest.approx((5 * 0.2 + 3) / 8)
    withheld = Answered(user_id="ann", offer_id=TIMER.offer_id, tally=Tally(), withheld=5, came_anyway=0)
    assert POLICY.belief(offer, "ann", ON, OfferAnswers.of([withheld])).anyway == pytest.approx(0.1)


def test_an_offer_that_was_stopped_never_comes_again():
    assert choose(standing=ON.stopped(TIMER.offer_id)).reason == "the person does not want it again"


def test_what_is_left_to_chance_is_logged_with_its_probability():
    policy = OfferPolicy(withhold=0.25)
    drawn = [choose(policy=policy, turn=f"t{at}") for at in range(400)]
    assert {one.propensity for one in drawn if one.said} == {0.75}
    assert {one.propensity for one in drawn if not one.said} == {0.25}
    assert 60 <= sum(not one.said for one in drawn) <= 140
    assert choose(policy=policy, turn="t7") == choose(policy=policy, turn="t7")


def test_a_new_offer_is_tried_within_the_budget_and_not_always():
    new = replace(TIMER, welcome=None, weight=2.0)
    drawn = [choose(new, policy=OfferPolicy(explore=0.3), turn=f"t{at}").said for at in range(300)]
    assert 50 <= sum(drawn) <= 140
    assert choose(new, policy=OfferPolicy(explore=0.0)).offer is None


@pytest.mark.parametrize(
    "options", [{"quiet": "late"}, {"explore": 1.0}, {"floor": 2.0}, {"per_day": -1}, {"kinds": "all"}]
)
def test_a_wrong_option_is_refused(options):
    with pytest.raises(BadConfig):
        OfferPolicy(**options)


def test_an_offer_answered_hours_later_was_ignored():
    standing = ON.with_made(made(None, ago=timedelta(0)))
    assert standing.as_of(NOON + timedelta(hours=3), timedelta(minutes=2)).tally().ignored == 1
    assert standing.as_of(NOON, timedelta(minutes=2)).open is not None


def test_only_the_words_of_the_last_offer_are_kept():
    first, second = (replace(made("accepted"), text=f"offer {at}", because="often") for at in (1, 2))
    withheld = replace(second, said=False, text="", because="")
    assert ON.with_made(first).with_made(withheld).last_said() == first
    kept = ON.with_made(first).with_made(second)
    assert [one.text for one in kept.made] == ["", "offer 2"]
    assert kept.tally(TIMER.offer_id) == Tally(accepted=2)


def test_a_standing_survives_json_and_rubbish_is_refused():
    standing = ON.with_made(made("accepted")).stopped("x").switched("hunches", on=False)
    assert Standing.from_json(standing.to_json()) == standing
    kept = standing.with_made(replace(made(None), said=False, turn_id="t")).with_made(made("accepted"))
    assert Standing.from_json(kept.to_json()) == kept
    for rubbish in ({"on": 3}, {"offers": [], "made": [[0, "2026"]]}, {"offers": 3, "made": [3]}, None, []):
        with pytest.raises(BadRecord):
            Standing.from_json(rubbish)


def test_a_standing_of_an_earlier_version_is_read():
    one = {"offer_id": "x:y", "turn_id": "t", "at": "2026-11-24T07:00:00Z", "answer": "accepted"}
    assert Standing.from_json({"on": ["all"], "made": [one]}).tally("x:y").accepted == 1


@pytest.mark.parametrize(
    ("text", "open_", "said"),
    [
        ("yes please", True, "yes"), ("ok do that", True, "yes"), ("no thanks", True, "no"), ("not now", True, "no"),
        ("yes", False, None), ("stop suggesting that", False, "never"), ("Don't suggest that again!", True, "never"),
        ("no more suggestions", False, "off"), ("make suggestions", False, "on"),
        ("suggestions off", False, "off"), ("turn suggestions on please", False, "on"), ("suggestions on", True, "on"),
        ("stop doing that", True, None), ("why did you say that?", True, "why"), ("why?", True, "why"),
        ("good idea", True, "yes"), ("please do", True, "yes"), ("no, stop that", True, "no"), ("why", False, None),
        ("turn on the light", True, None), ("stop the music", True, None),
    ],
)  # fmt: skip
def test_what_people_say_to_offers_is_recognised(text, open_, said):
    assert heard(text, open_=open_) == said


def row(user, state, at, **fields):
    plain = {"session_id": f"s-{user}", "said_at": at, "turn_id": f"t{at}", "state": state, "request": state}
    known = {"user_id": user, "propensity": 1.0, "control": False, "p_defect": 0.0, "defect": False, "worked": True}
    nothing = dict.fromkeys(
        "retried barged_in terminated corrected failed gave_up hung_up answered_no undone answered_yes thanked "
        "unanswered".split(),
        False,
    )
    return {**nothing, **plain, **known, **fields}


def session(user, following, *, said=True, **fields):
    return [
        row(user, "drinks|AskTea", 0, offer=TIMER.offer_id, offer_said=said),
        *([] if following is None else [row(user, following, 1, **fields)]),
    ]


YES, NO = event("yes", TIMER.offer_id).key, event("no", TIMER.offer_id).key


def learned(*sessions):
    learner = OfferLearner(min_users=3)
    table = ENGINE.table(learner.statistics, turns=turns(one for rows in sessions for one in rows))
    return learner.solve(EngineStatistics(ENGINE, table))


def test_answers_are_read_from_the_turn_that_follows():
    found = learned(
        session("ann", YES), session("bo", NO), session("cy", None), session("di", "timers|HassStartTimer|minutes=3"),
        session("ed", "timers|HassStartTimer|minutes=4", said=False), session("flo", "weather|Get", said=False),
        session("gus", YES, undone=True),
    )  # fmt: skip
    every = found.find(EVERYBODY, TIMER.offer_id)
    assert every.tally == Tally(accepted=1, declined=1, ignored=2, anyway=1)
    assert (every.withheld, every.came_anyway) == (2, 1)
    assert found.find("ann", TIMER.offer_id).tally == Tally(accepted=1)


def test_what_too_few_homes_answered_stays_theirs():
    found = learned(session("ann", YES), session("bo", NO))
    assert found.find(EVERYBODY, TIMER.offer_id).tally == Tally()
    assert found.find("bo", TIMER.offer_id).tally == Tally(declined=1)
    assert found.without("nobody") == found
    assert found.without("ann") is None


def test_a_request_fulfils_an_offer_whatever_its_values():
    assert fulfils("timers|HassStartTimer|minutes=9", TIMER.offer_id)
    assert not fulfils("timers|HassCancelTimer", TIMER.offer_id)
    assert not fulfils(None, TIMER.offer_id)
