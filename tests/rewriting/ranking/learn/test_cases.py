"""Cases of a log for the ranker: what was said again until it worked teaches what was meant."""

from datetime import UTC, datetime, timedelta

import pytest

from uptake.errors import BadConfig, NotReady
from uptake.log.store import TurnLog
from uptake.rewriting.ranking.learn.cases import Options, learn_ranker, ranker_cases
from uptake.rewriting.ranking.nbest import HeardReading
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.types import Interpretation, Request, Situation, Transcript, Turn

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
    found = ranker_cases(log, options=Options(share=0.46))
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

    ranker_cases(log, read=read, options=Options(share=0.46))
    assert "dim the lamp" not in asked


def test_too_few_lessons_are_refused_with_how_many_are_needed(log, tmp_path):
    with pytest.raises(NotReady, match="50"):
        learn_ranker(log, options=Options(share=0.46))
    with TurnLog(tmp_path / "empty") as empty, pytest.raises(NotReady):
        ranker_cases(empty)
    with pytest.raises(BadConfig):
        Options(share=1.5)


def hears(turn, text):
    known = {"turn on the kitchen light": LIGHT, "play some jazz": JAZZ, "dim the lamp": DIM}
    return (known[text],) if text in known else ()


def test_recognisers_lists_teach_which_reading_of_them_is_right(log):
    asked = ranker_cases(log, options=Options(share=0.46))
    assert "hearing" not in asked.cases
    cases = ranker_cases(log, hear=hears, options=Options(share=0.46)).cases["hearing"]
    assert len(cases) == 6  # only those whose list holds another text
    assert all(case.rows.shape[1] == len(VOTE_FEATURES) for case in cases)
    assert all(not case.heard_right and (case.right & case.changes).sum() == 1 for case in cases)
    fewer = ranker_cases(log, hear=hears, options=Options(share=0.46, most_heard=4)).cases["hearing"]
    assert len(fewer) == 4


def test_a_head_for_hearings_is_learned_where_lists_repair_enough(tmp_path):
    pytest.importorskip("lightgbm")
    with TurnLog(tmp_path / "log") as log:
        said = []
        for number in range(90):
            user, at = f"user-{number}", 10 * number
            said += [turn(user, at + day * 1500, "turn on the kitchen light", LIGHT) for day in range(2)]
            later = 20_000 + at
            if number % 3:
                wrong = f"turn on the kitchen {number}"
                said.append(turn(user, later, wrong, status="failed", listed=["turn on the kitchen light"]))
                said.append(turn(user, later + 0.2, "turn on the kitchen light", LIGHT))
            else:
                said.append(turn(user, later, "play some jazz", JAZZ, listed=["play sum chairs"]))
        log.append(said)
        ranker = learn_ranker(log, hear=hears, options=Options(share=0.4))
    head = ranker.heads["hearing"]
    assert head.features == VOTE_FEATURES
    step = HeardReading(ranker, "1")
    listed = tuple(Transcript(text=one) for one in ("turn on the kitchen 99", "turn on the kitchen light"))
    request = Request(text=listed[0].text, user_id="new", alternatives=listed, confidence=0.0)
    decision = step(request, Situation(), Assistant())
    assert decision.interpretation.key == LIGHT.key
    assert decision.acted_on == "turn on the kitchen light"


class Assistant:
    """Reads as `hears` does."""

    def __call__(self, text):
        return next(iter(self.readings(text)), None)

    def readings(self, text):
        return hears(None, text)

    def exists(self, reading):
        return True


def test_people_are_counted_and_what_is_known_of_the_past_alone_is_learned_from(log):
    everybody, each = ranker_cases(log, options=Options(share=0.46)).people
    assert set(each) == {f"user-{number}" for number in range(6)}
    assert each["user-0"].requests == 11.0
    assert each["user-0"].repeats == 6.0  # five different requests
    assert everybody.requests == 66.0
