"""offers_by_arm: what offers were answered, and what a goal took, with offers and without."""

from datetime import UTC, datetime, timedelta

import pytest

from uptake.experiments.assignment import Experiment
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.registry import Started
from uptake.experiments.standing import experiment_status
from uptake.proactive.offers.events import event
from uptake.report.experiment import sentences
from uptake.types import Interpretation, Offered, Turn

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
QUIET = Experiment(name="quiet", unchanged=(), silent=("control",), holdout=0.0)
LIGHT = Interpretation(domain="lights", intent="HassTurnOn", slots=(("name", "Hall Light"),))
TIMER = Interpretation(domain="timers", intent="HassStartTimer", slots=(("minutes", "5"),))
OFFER = "latent_goals:lights|HassTurnOn => timers|HassStartTimer"
STEPS = [
    (text, Interpretation(domain=domain, intent=intent), action)
    for text, domain, intent, action in (
        ("lock the back door", "locks", "LockDoor", "lock.lock back"),
        ("close all blinds", "covers", "CloseCover", "cover.close all"),
        ("play some quiet jazz", "music", "Play", "media.play jazz"),
    )
]
NAMED = Interpretation(domain="teaching", intent="TeachUse", slots=(("concept", "my routine"),))


def days(user):
    """Two goals a day: with offers a yes brings the second, without it is asked for; or three by one name."""
    given = QUIET.assign(user)
    for day in range(4):
        said = [("turn on the hall light", LIGHT, "light.turn_on hall", None)]
        if not given.offers:
            said.append(("set a timer for five minutes", TIMER, "timer.start 1", None))
            said += [(text, reading, action, None) for text, reading, action in STEPS]
        else:
            said[0] = (*said[0][:3], Offered(offer_id=OFFER, said=day != 3, propensity=0.9 if day != 3 else 0.1))
            said += [("yes", event("yes", OFFER), "timer.start 1", None)] * (day < 2)
            said += [("no", event("no", OFFER), None, None)] * (day == 2)
            said.append(("my routine", NAMED, "light.turn_on a; light.turn_on b; light.turn_on c", None))
        for at, (text, reading, action, offer) in enumerate(said):
            yield Turn(
                turn_id=f"{user} {day} {at}", user_id=user, said_at=START + timedelta(days=day, seconds=40 * at),
                session_id=f"{user} {day}", request=text, interpretation=reading, action=action, offer=offer,
                status="cancelled" if text == "no" else "ok", arm=given.arm, response="Done.",
            )  # fmt: skip


def found(users=60):
    log = [turn for user in range(users) for turn in days(f"user{user}")]
    return experiment_status(outcomes_of_turns(log, defect="verdict"), Started(experiment=QUIET, started_at=START))


def test_a_yes_and_a_name_reach_goals_in_fewer_turns_and_words():
    offers = found()["offers"]
    with_offers, silent = offers["by_arm"]["treatment"], offers["by_arm"]["control"]
    people = with_offers["users"]
    assert (with_offers["said"], with_offers["withheld"]) == (3 * people, people)
    assert (with_offers["accepted"], with_offers["declined"]) == (2 * people, people)
    assert with_offers["goals"] == people * (4 + 2 + 4 * 3)  # the light, two timers, three steps by name
    assert with_offers["turns_per_goal"] == pytest.approx(11 / 18)
    assert (silent["said"], silent["turns_per_goal"]) == (0, 1.0)
    change = offers["change"]
    assert change["turns_per_goal"]["high"] < 0.0
    assert change["words_per_goal"]["high"] < -1.0


def test_what_was_found_is_said_in_words():
    lines = sentences(found())["Offers"]
    assert any(line.startswith("treatment:") and "accepted" in line for line in lines)
    assert any("With offers less without" in line for line in lines)


def test_where_nothing_was_ever_offered_nothing_is_said():
    log = [turn for user in range(60) for turn in days(f"user{user}") if turn.offer is None]
    assert (
        experiment_status(outcomes_of_turns(log, defect="verdict"), Started(experiment=QUIET, started_at=START))[
            "offers"
        ]
        is None
    )
