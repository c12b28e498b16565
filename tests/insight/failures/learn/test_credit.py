"""Credit: a component learns from failures that were its own, and from no other's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from uptake.errors import BadConfig
from uptake.insight.failures.isolate import Isolated
from uptake.insight.failures.learn.credit import learn_credited, own_failure
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.types import Interpretation, Session, Turn

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = ("ann", "bo", "cy", "di", "ed")


def said_again(user, *texts):
    """A session that ends well; all before was retried."""
    turns = tuple(
        Turn(
            turn_id=f"{user}-{at}",
            user_id=user,
            session_id=user,
            said_at=WHEN + timedelta(seconds=6 * at),
            request=text,
            interpretation=Interpretation(intent="TurnOn", slots=(("name", text.split()[-2]),)),
            status="ok" if at == len(texts) - 1 else "failed",
        )
        for at, text in enumerate(texts)
    )
    return Session(session_id=user, turns=turns)


def failed_at(point, sessions):
    """The first turn of every session failed there."""
    found = []
    for session in sessions:
        for at, turn in enumerate(session.turns):
            where = point if at == 0 else "correct"
            found.append(
                Isolated(
                    turn_id=turn.turn_id, point=where, probability=0.9, p_failed=0.9, chances={where: 0.9, "asr": 0.1}
                )
            )
    return found


SESSIONS = [said_again(user, "turn on the haul light", "turn on the hall light") for user in PEOPLE]
LEARNER = MarkovRewriter(min_users=2, min_gain=-0.5, confidence=0.5, min_share=0.1)


def rewrites(**how):
    return [
        (row.request, row.acted_on) for row in learn_credited(LEARNER, SESSIONS, **how).rows() if row.user_id is None
    ]


def test_a_rewrite_is_learned_where_hearing_failed():
    learned = [("turn on the haul light", "turn on the hall light")]
    assert rewrites() == learned
    assert rewrites(found=failed_at("asr", SESSIONS)) == learned


def test_no_rewrite_is_learned_where_the_device_failed():
    assert rewrites(found=failed_at("result", SESSIONS)) == []


def test_own_and_others_failures_add_up_to_all_failures():
    found = Isolated(
        turn_id="t", point="nlu", probability=0.5, p_failed=0.8, chances={"correct": 0.2, "nlu": 0.5, "result": 0.3}
    )
    assert own_failure(found, "intent") == (0.5, 0.3)
    assert own_failure(replace(found), "home") == (0.3, 0.5)


def test_a_component_that_nobody_knows_is_refused():
    with pytest.raises(BadConfig, match="no component"):
        learn_credited(LEARNER, SESSIONS, found=failed_at("asr", SESSIONS), component="moon")
