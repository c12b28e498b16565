"""SoundLearner: keep the requests that work for enough people."""

import pyarrow as pa
import pytest

from tests.builders import session
from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig
from uptake.learn.sound import SoundLearner
from uptake.log.rows import to_table
from uptake.signals.marks import mark

learner = SoundLearner(min_users=2)


def fit(*sessions):
    names = [one.session_id for one in sessions for _ in one.turns]
    table = to_table([turn for one in sessions for turn in one.turns]).append_column("session", pa.array(names))
    engine = LocalEngine()
    return learner.solve(EngineStatistics(engine, engine.table(learner.statistics, turns=mark(table))))


def known(*sessions):
    return {row.text: row.users for row in fit(*sessions).rows()}


def test_a_request_that_works_for_enough_users_is_known():
    assert known(*(session("play jazz", user=name) for name in ("ann", "bo") * 3)) == {"play jazz": 2}


def test_one_users_request_stays_with_that_user():
    assert known(*(session("play my mix", user="ann") for _ in range(9))) == {}


def test_what_works_for_one_user_is_known_to_that_user_alone():
    index = fit(session("play my mix", user="ann"), session("play jazz", user="bo", failed=(0,)))
    assert [row.text for row in index.own("ann")] == ["play my mix"]
    assert index.own("bo") == index.own("cy") == []


def test_a_request_that_fails_is_not_known():
    failing = (session("play jass", "play jazz", user=name, failed=(0,)) for name in ("ann", "bo") * 3)
    assert set(known(*failing)) == {"play jazz"}


def test_control_requests_are_not_known():
    assert known(*(session("stop", user=name) for name in ("ann", "bo") * 3)) == {}


def test_what_worked_only_after_a_rewrite_is_not_known():
    assert known(*(session("play jass", user=name, acted_on="play jazz") for name in ("ann", "bo") * 3)) == {}


def test_one_user_cannot_outvote_the_others():
    loud = [session("play jazz", user="ann") for _ in range(50)]
    failing = [session("play jazz", user=name, failed=(0,)) for name in ("bo", "cy", "di", "ed") * 3]
    assert known(*loud, session("play jazz", user="fay"), *failing) == {}


@pytest.mark.parametrize(
    "options",
    [
        {"min_users": 0},
        {"min_success": 2.0},
        {"confidence": 0.1},
        {"max_uses": 0},
        {"own_most": -1},
        {"own_success": 2.0},
    ],
)
def test_impossible_options_are_refused(options):
    with pytest.raises(BadConfig):
        SoundLearner(**options)
