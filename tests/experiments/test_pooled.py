"""What is pooled of outcomes is what plain loops over the turns find."""

import random
from dataclasses import replace
from datetime import timedelta
from math import isclose, isnan

import pytest

from tests.builders import START, turn
from uptake.experiments.exposures import SURE, Past, baselines, exposures
from uptake.experiments.outcomes import DAY_US, outcomes_of_turns
from uptake.experiments.pooled import failed, pool_outcomes
from uptake.types import Interpretation

REQUESTS = ("play jazz", "play jass", "call mum", "lights on")


def some_turns(seed):
    """Turns of two days that fire now and then, are asked about, cut short, undone; of some homes and no home."""
    chance, found = random.Random(seed), []
    for at in range(300):
        fired = chance.random() < 0.3
        reading = Interpretation(domain="music", intent="play", confidence=chance.choice([None, 0.3, 0.9, 0.95]))
        one = turn(
            chance.choice(REQUESTS),
            user=f"u{chance.randrange(12)}",
            turn_id=f"{at}",
            home_id=chance.choice([None, "h1", "h2"]),
            session_id=f"{at // 3}",
            interpretation=chance.choice([None, reading]),
            rewrite_id=f"r{chance.randrange(4)}" if fired else None,
            artifact_version="000002-x" if fired and at % 2 else None,
            acted_on="play jazz" if fired and chance.random() < 0.6 else None,
            action=chance.choice([None, "dialogue.ask_confirm"]),
            status=chance.choice(["ok", "ok", "failed"]),
            barge_in_ms=chance.choice([None, None, 300.0]),
            answer=chance.choice([None, None, True, False]),
            arm=chance.choice([None, "control", "treatment"]),
            propensity=chance.choice([1.0, 0.5]),
        )
        found.append(replace(one, said_at=START + timedelta(seconds=at * 600 + chance.randrange(500))))
    return found


@pytest.fixture(scope="module", params=[0, 1])
def outcomes(request):
    return outcomes_of_turns(some_turns(request.param), defect="signals")


def rows(outcomes):
    """Each turn as a dictionary, in time order."""
    names = ("user", "home", "rewrite", "domain", "request", "version", "target", "arm")
    coded = {name: getattr(outcomes, name).decoded().to_pylist() for name in names}
    plain = {name: getattr(outcomes, name).tolist() for name in ("said_at", "defect", "acted", "confidence")}
    columns = {**coded, **plain, "failing": failed(outcomes).tolist()}
    found = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return sorted(found, key=lambda row: row["said_at"])


def left_alone(turns, request, user=None, before=None):
    """Defects of the turns that count."""
    counted, found = {}, []
    for row in turns:
        if row["request"] != request or row["acted"]:
            continue
        counted[row["home"]] = counted.get(row["home"], 0) + 1
        if (row["user"] == user if user else counted[row["home"]] <= 3) and (before is None or row["said_at"] < before):
            found.append(row["failing"])
    return found


def read(turns, request):
    known = [row["confidence"] for row in turns if row["request"] == request and not row["acted"]]
    known = [one for one in known if not isnan(one)]
    return "unread" if not known else "sure" if sum(known) / len(known) >= SURE else "unsure"


def test_the_past_is_what_a_loop_over_the_turns_counts(outcomes):
    turns, past = rows(outcomes), Past(pool_outcomes(outcomes))
    middle = turns[150]["said_at"]
    for request in (*REQUESTS, "never said"):
        for user, before in ((None, None), (None, middle), ("u3", None)):
            found = left_alone(turns, request, user, before)
            assert past.turns(request, user, before_us=before) == len(found)
            how = read(turns, request) if request != "never said" else "unsure"
            assert past.how_read(request) == how
            like = [row["failing"] for row in turns if not row["acted"] and read(turns, row["request"]) == how]
            prior = sum(like) / len(like) if like else 0.5
            defects, size = past.counts(request, user, before_us=before)
            assert size == len(found) + 4
            assert isclose(defects, 4 * prior + sum(found), abs_tol=1e-9)


def test_failures_are_the_requests_that_fail_most_in_several_homes(outcomes):
    past = Past(pool_outcomes(outcomes))
    found = past.failures(0.3, turns=4, homes=2)
    rates = {request: past.counts(request) for request in REQUESTS if past.turns(request) >= 4}
    assert found == {request: failed / size for request, (failed, size) in rates.items() if failed >= 0.3 * size}
    assert past.failures(0.3, homes=1_000) == {}
    assert past.failures(1.0) == {}


def test_exposures_and_baselines_are_those_of_the_turns_that_fired(outcomes):
    turns, log = rows(outcomes), pool_outcomes(outcomes)
    fired = [row for row in turns if row["rewrite"]]
    seen = list(exposures(log))
    assert [(one.rewrite_id, one.user_id, one.at_us) for one in seen] == [
        (row["rewrite"], row["user"], row["said_at"]) for row in fired
    ]
    assert all(isclose(one.defect, row["failing"], abs_tol=1e-9) for one, row in zip(seen, fired, strict=True))
    assert [one.acted or one.asked for one in seen] == [row["acted"] for row in fired]
    assert {one.answer for one in seen if one.asked} == {None, True, False}
    assert any(one.asked for one in seen)
    for name, one in baselines(log).items():
        first = next(row for row in fired if row["rewrite"] == name)
        assert one.request == first["request"]
        assert one.turns == 4 + len(left_alone(turns, first["request"], before=first["said_at"]))


def test_totals_are_by_person_and_arm_before_and_during(outcomes):
    turns, log = rows(outcomes), pool_outcomes(outcomes)
    since = turns[100]["said_at"]
    found = log.totals(since)
    during = [row for row in turns if row["said_at"] >= since and row["arm"]]
    assert found.turns == len(during)
    assert set(found.during) == {(row["user"], row["arm"]) for row in during}
    for (user, arm), ((defects, known), (_, fired)) in found.during.items():
        own = [row for row in during if (row["user"], row["arm"]) == (user, arm)]
        assert (known, fired) == (len(own), sum(row["rewrite"] is not None for row in own))
        assert isclose(defects, sum(row["defect"] for row in own), abs_tol=1e-9)
    early = [row for row in turns if row["said_at"] < since]
    assert {user: turns for user, (_, turns) in found.before.items()} == {
        user: sum(row["user"] == user for row in early) for user in {row["user"] for row in early}
    }


def test_what_was_said_on_the_last_day_and_how_much_there_is(outcomes, monkeypatch):
    turns, log = rows(outcomes), pool_outcomes(outcomes)
    last = [row for row in turns if row["said_at"] // DAY_US == turns[-1]["said_at"] // DAY_US]
    said = [(row["request"], row["user"], row["domain"] if not row["acted"] else None) for row in last]
    assert log.said_last() == said
    assert (len(log), log.last_us, log.people) == (300, turns[-1]["said_at"], 12)
    monkeypatch.setattr("uptake.experiments.pooled._SAID_MOST", len(said) // 4)
    assert 0 < len(log.said_last()) < len(said) // 2, "of a day that is too long, a sample"
