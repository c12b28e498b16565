"""From a log to an offer in a conversation: learned, opted in to, answered, explained, stopped, forgotten."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from uptake.apps.cli import main
from uptake.log.store import TurnLog
from uptake.types import Context, Interpretation, Turn

pytest.importorskip("hassil")
pytest.importorskip("duckdb")

LIGHT = Interpretation(domain="lights", intent="HassTurnOn", slots=(("name", "Kitchen Light"),))
TIMER = Interpretation(domain="timers", intent="HassStartTimer", slots=(("minutes", "5"),))
OTHERS = [Interpretation(domain="other", intent=f"Goal{at}") for at in range(8)]
OFFER = "latent_goals:lights|HassTurnOn|name=Kitchen Light => timers|HassStartTimer|minutes=5"


def turns():
    """Six homes in which the kitchen light is often followed by a timer, among other things in any order."""
    draw = random.Random(0)
    for home in range(6):
        for day in range(14):
            after = [TIMER] if draw.random() < 0.6 else []
            asked = [*draw.choices(OTHERS, k=3), LIGHT, *after, *draw.choices(OTHERS, k=3)]
            for at, reading in enumerate(asked):
                said_at = datetime(2026, 1, 5, 16, tzinfo=UTC) + timedelta(days=day, seconds=20 * at)
                yield Turn(
                    turn_id=f"{home}/{day}/{at}", user_id=f"user{home}", home_id=f"home{home}",
                    session_id=f"{home}/{day}", said_at=said_at, request=reading.key.replace("|", " "),
                    interpretation=reading, status="ok", context=Context(),
                )  # fmt: skip


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code in (0, None), capsys.readouterr().err
    return capsys.readouterr().out


@pytest.mark.long
@pytest.mark.slow
def test_what_was_learned_is_offered_to_who_asked_for_it(tmp_path, capsys):
    state = ("--state", str(tmp_path))
    (tmp_path / "uptake.toml").write_text(
        '[proactive]\nquiet = ""\nexplore = 0.999\nwithhold = 0.0\nmost_anyway = 0.9\n'
    )
    log = TurnLog(tmp_path / "log")
    log.append(turns())
    log.close()
    run(capsys, "learn", *state)
    listed = [json.loads(line) for line in run(capsys, "suggestions", "list", "--json", *state).splitlines()]
    assert [row["offer_id"] for row in listed] == [OFFER]
    assert "In 6 homes" in run(capsys, "suggestions", "why", OFFER, *state)

    def ask(text, user="ann"):
        return json.loads(run(capsys, "ask", text, "--user", user, "--json", *state))

    assert ask("turn on the kitchen light")["question"] is None  # ann has not asked for offers
    run(capsys, "suggestions", "on", "--user", "bo", *state)
    first = ask("turn on the kitchen light", "bo")
    assert first["question"] == "offer"
    assert first["response"].endswith("Shall I set a timer for 5 minutes?")
    assert "times as often as by chance" in ask("why did you say that", "bo")["response"]
    done = ask("yes please", "bo")
    assert done["interpretation"]["intent"] == "AcceptOffer"
    assert "5 minutes" in done["response"]
    assert ask("stop suggesting that", "bo")["response"] == "All right, I will not suggest that again."
    row = json.loads(run(capsys, "suggestions", "why", OFFER, "--user", "bo", "--json", *state))
    assert row["verdict"] == "the person does not want it again"
    assert row["answers"]["accepted"] == 1
    logged = [json.loads(line) for line in run(capsys, "log", "export", *state).splitlines()]
    assert [one["offer"]["offer_id"] for one in logged if one.get("offer")] == [OFFER]
    run(capsys, "forget", "bo", *state)
    assert json.loads(run(capsys, "suggestions", "off", "--user", "bo", "--dry-run", "--json", *state))["on"] == []
