"""What a log of offers says of another threshold: right where the truth is known, refused where the log is silent."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from uptake.apps.cli.inspect.suggestions import command
from uptake.errors import BadConfig, NotReady
from uptake.experiments.offered import Moment, offer_moments, offer_values
from uptake.log.store import TurnLog
from uptake.proactive.offers.events import event
from uptake.proactive.offers.offer import Offer
from uptake.proactive.offers.policy import OfferPolicy
from uptake.types import Interpretation, Offered, Turn

BEGIN = datetime(2026, 1, 5, 12, tzinfo=UTC)
TEA, POP = "latent_goals:|AskTea => |HassStartTimer", "latent_goals:|AskBus => |Play"
POLICY = OfferPolicy(withhold=0.3, most_anyway=1.0, explore=0.5, floor=0.0)
WELCOME = {TEA: 0.9, POP: 0.2}
CAME = {TEA: 0.1, POP: 0.4}


def offer_of(moment):
    kind, _, meaning = moment.offer_id.partition(":")
    return Offer(kind=kind, meaning=meaning, because="", welcome=WELCOME[moment.offer_id], weight=500.0)


def drawn(count=1500, seed=0):
    """One offer that nine of ten welcome and one that two of ten do, each said by chance 0.7."""
    rng = np.random.default_rng(seed)
    for at in range(count):
        which = (TEA, POP)[at % 2]
        said = bool(rng.random() < 0.7)
        came = bool(rng.random() < CAME[which])
        yes = bool(rng.random() < WELCOME[which])
        yield Moment(
            turn_id=f"t{at:05d}", user_id=f"u{at % 150}", offer_id=which, at=BEGIN + timedelta(minutes=at), said=said,
            propensity=0.7 if said else 0.3, answer=("accepted" if yes else "declined") if said else None,
            came=came and not said,
        )  # fmt: skip


def test_each_threshold_is_judged_as_the_truth_has_it():
    rows = list(drawn())
    both, strict = offer_values(rows, replace(POLICY, least_welcome=0.1), (0.1, 0.6), offers=offer_of)
    n = len(rows)
    assert both.offers == pytest.approx(0.7 * n)
    assert strict.offers == pytest.approx(0.7 * n / 2)
    # what was logged is what the lower threshold does: the estimate is the mean of the log itself
    assert both.figures["reached_ips"] == pytest.approx(np.mean([one.came or one.answer == "accepted" for one in rows]))
    for name, truth in {
        "accepted": 0.9,
        "anyway": 0.1,
        "reached": (0.7 * 0.9 + 0.3 * 0.1 + 0.4) / 2,
        "unwelcome": 0.7 * 0.1 / 2,
    }.items():
        assert strict.figures[f"{name}_low"] <= truth <= strict.figures[f"{name}_high"], name
        assert strict.figures[f"{name}_high"] - strict.figures[f"{name}_low"] < 0.15
    assert both.figures["accepted_high"] < 0.65


def test_an_answer_counts_in_the_session_of_its_offer_alone():
    def turn(at, minutes, reading=None, offer=None, **fields):
        known = {"user_id": "ann", "request": "x", "status": "ok", "session_id": "s", **fields}
        said_at = BEGIN + timedelta(minutes=minutes)
        return Turn(turn_id=f"t{at}", said_at=said_at, interpretation=reading, offer=offer, **known)

    said, withheld = Offered(offer_id=TEA, propensity=0.9), Offered(offer_id=TEA, said=False, propensity=0.1)
    timer = Interpretation(domain="", intent="HassStartTimer", slots=(("minutes", "3"),))
    found = list(
        offer_moments(
            [
                turn(1, 0, offer=said), turn(2, 1, event("yes", TEA)),
                turn(3, 2, offer=said, session_id="a"), turn(4, 3, event("yes", TEA), session_id="b"),
                turn(5, 4, offer=said), turn(6, 5, event("yes", TEA), undone=True),
                turn(7, 6, offer=withheld), turn(8, 7, timer), turn(9, 8, offer=said),
            ]
        )
    )  # fmt: skip
    assert [one.answer for one in found] == ["accepted", "ignored", "ignored", None, "ignored"]
    assert [one.came for one in found] == [False, False, False, True, False]


def test_a_log_that_says_too_little_is_refused():
    rows = list(drawn(60))
    with pytest.raises(NotReady, match="holds 10 offers"):
        offer_values(rows[:10], POLICY, (0.5,))
    with pytest.raises(NotReady, match="propensity 1"):
        offer_values([replace(one, propensity=1.0) for one in rows], POLICY, (0.5,))
    with pytest.raises(BadConfig, match="thresholds"):
        offer_values(rows, POLICY, (1.5,))
    lower, same = offer_values(rows, POLICY, (0.3, 0.5), offers=offer_of)
    assert (lower.complete, same.complete) == (False, True)


def test_the_command_prints_a_row_a_threshold_and_refuses_an_empty_log(tmp_path):
    state = ["--state", str(tmp_path)]
    empty = CliRunner().invoke(command, ["value", *state])
    assert isinstance(empty.exception, NotReady)
    with TurnLog(tmp_path / "log") as log:
        log.append(
            Turn(
                turn_id=one.turn_id, user_id=one.user_id, said_at=one.at, request="x", status="ok",
                session_id=one.turn_id,
                offer=Offered(offer_id=one.offer_id, said=one.said, propensity=one.propensity),
            )
            for one in drawn(80)
        )  # fmt: skip
    done = CliRunner().invoke(command, ["value", "--threshold", "0.1", "--threshold", "0.6", "--json", *state])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["least_welcome"] for row in rows] == [0.1, 0.6]
    assert rows[0]["accepted"] in (0.0, None)  # nobody answered
    assert "least_welcome" in CliRunner().invoke(command, ["value", "--help"]).output
