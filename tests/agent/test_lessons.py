"""Lessons of a log for the ranker: what was said again until it worked teaches what was meant."""

from datetime import UTC, datetime, timedelta

import pytest

from uptake.agent.lessons import Options, learn_ranker, lessons
from uptake.errors import BadConfig, NotReady
from uptake.log.store import TurnLog
from uptake.types import Interpretation, Transcript, Turn

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LIGHT = Interpretation(intent="HassTurnOn", domain="lights", slots=(("name", "Kitchen Light"),), confidence=0.85)
DIM = Interpretation(intent="Dim", domain="lights", slots=(("name", "Lamp"),), confidence=0.85)
JAZZ = Interpretation(intent="Play", domain="media", slots=(("genre", "jazz"),), confidence=0.85)


def turn(user, minute, request, reading=None, *, status="ok", listed=()):
    texts = (request, *listed)
    return Turn(
        turn_id=f"{user}-{minute}",
        user_id=user,
        said_at=START + timedelta(minutes=minute),
        request=request,
        alternatives=tuple(Transcript(text=one) for one in texts),
        interpretation=reading,
        status=status,
        response="Done." if status == "ok" else "Sorry, I did not understand that.",
    )


@pytest.fixture
def log(tmp_path):
    """Six people whose requests work for a day; on the next they are misheard, and say it again."""
    with TurnLog(tmp_path / "log") as opened:
        said = []
        for number in range(6):
            user = f"user-{number}"
            said += [turn(user, 10 * number + at * 200, "turn on the kitchen light", LIGHT) for at in range(3)]
            said += [turn(user, 100 + 10 * number + at * 200, "play some jazz", JAZZ) for at in range(3)]
            later = 2000 + 10 * number
            said.append(
                turn(user, later, "turn on the kitchen fight", status="failed", listed=["turn on the kitchen light"])
            )
            said.append(turn(user, later + 0.2, "turn on the kitchen light", LIGHT))
            said.append(turn(user, later + 200, "play some jazz", JAZZ))
            said.append(turn(user, later + 300, "dim the lamb", status="failed"))
            said.append(turn(user, later + 300.2, "dim the lamp", DIM))
        opened.append(said)
        yield opened


def test_what_was_said_again_until_it_worked_is_what_was_meant(log):
    found = lessons(log, options=Options(share=0.46))
    assert 20 < found.looked_at <= 30
    cases = [case for one in found.cases.values() for case in one]
    repaired = [case for case in cases if not case.heard_right and (case.right & case.changes).any()]
    assert len(repaired) == 6
    assert all(case.weight >= 1.0 for case in repaired)
    assert not any((case.right & case.changes).any() for case in cases if case.heard_right)


def test_what_became_known_only_later_is_no_candidate(log):
    asked = []

    def read(turn, text):
        asked.append(text)
        return ()

    lessons(log, read=read, options=Options(share=0.46))
    assert "dim the lamp" not in asked


def test_too_few_lessons_are_refused_with_how_many_are_needed(log, tmp_path):
    with pytest.raises(NotReady, match="50"):
        learn_ranker(log, options=Options(share=0.46))
    with TurnLog(tmp_path / "empty") as empty, pytest.raises(NotReady):
        lessons(empty)
    with pytest.raises(BadConfig):
        Options(share=1.5)
