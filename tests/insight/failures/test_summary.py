"""What fails, where, since when, at whose cost: counted for places that enough people share, without their words."""

import json
from dataclasses import replace

import pytest

from tests.builders import session
from tests.insight.failures.failing import small_failures
from uptake.insight.failures.summary import failing
from uptake.log.recent import last_sessions
from uptake.log.store import TurnLog
from uptake.report.page import _points
from uptake.types import Context, Interpretation

KITCHEN = Context(room="Kitchen", device_type="speaker")
DAY = 86_400.0


def said(user, day, *, sure, context=KITCHEN, text="turn on the secret lamp"):
    reading = Interpretation(intent="TurnOn", domain="lights", confidence=0.9 if sure else 0.1)
    return session(text, user=user, start_s=day * DAY, interpretation=reading, context=context)


@pytest.fixture
def log():
    """Ten days of six people; from the sixth day on, the kitchen is misunderstood."""
    return [said(f"user{number}", day, sure=day < 6) for day in range(10) for number in range(6)]


def test_a_place_that_fails_is_named_with_its_people_and_the_day_it_began(log):
    found = failing(log, small_failures(), adapt=False)
    (point,) = found["points"]
    assert (point["point"], point["turns"], point["people"]) == ("nlu", 24, 6)
    kitchen = next(row for row in found["where"] if row["what"] == "room")
    assert (kitchen["name"], kitchen["turns"], kitchen["of"], kitchen["since"]) == ("Kitchen", 24, 60, "2026-01-07")
    assert kitchen["signals"] == ["the reading's confidence and its rivals"]


def test_what_few_people_share_is_not_shown(log):
    found = failing([one for one in log if one.turns[0].user_id in ("user0", "user1")], small_failures(), adapt=False)
    assert found["where"] == found["points"] == []


def test_nobodys_words_are_shown(log):
    assert "secret" not in json.dumps(failing(log, small_failures()))


def test_an_empty_log_fails_nowhere():
    assert failing([], small_failures())["points"] == []
    assert _points(None) == _points({"points": []}) == ""


def test_a_page_escapes_the_names_of_rooms(log):
    odd = [replace(one, turns=tuple(replace(turn, context=Context(room="<b>")) for turn in one.turns)) for one in log]
    shown = _points({"model": "m"} | failing(odd, small_failures(), adapt=False))
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_only_the_last_turns_of_a_long_log_are_read(tmp_path, log):
    with TurnLog(tmp_path) as kept:
        kept.append([turn for one in log for turn in one.turns])
        kept.compact()
        found = last_sessions(kept, 20)
    assert 18 <= sum(len(one.turns) for one in found) <= 20
    assert min(one.turns[0].said_at for one in found) > log[20].turns[0].said_at
