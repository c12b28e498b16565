"""withdrawal: what hurts goes soon, what helps stays, and the evidence is in counts."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.experiments.toy_experiment import BAD, GOOD, toy
from uptake.errors import BadConfig, BadRecord
from uptake.experiments.exposures import Baseline, Exposure, baselines, exposures
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.pooled import pool_outcomes
from uptake.experiments.withdrawal import Watch
from uptake.experiments.withdrawn import read_withdrawn
from uptake.lab.evaluate.experiments import exposures_needed
from uptake.rewriting.identity import meaning_of
from uptake.rewriting.overrides import Override, OverridesFile
from uptake.rewriting.table.artifact import rewrite_id
from uptake.types import Interpretation, Turn


def users(generator, count, *, with_, without_, propensity=0.5, name="r"):
    """Exposures of `count` people to one rewrite."""
    for at in range(count):
        acted = bool(generator.random() < propensity)
        failed = float(generator.random() < (with_ if acted else without_))
        yield Exposure(name, f"u{at}", acted, failed, propensity if acted else 1.0 - propensity)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("rate", "propensity"), [(0.1, 0.5), (0.5, 0.5), (0.3, 0.8)])
def test_a_rewrite_that_changes_nothing_is_hardly_ever_withdrawn(rate, propensity):
    generator = np.random.default_rng(7)
    gone = 0
    for _ in range(500):
        watch = Watch({"r": Baseline(1.0 - rate, None, "x")})
        gone += bool(watch.extend(users(generator, 300, with_=rate, without_=rate, propensity=propensity)))
    assert gone / 500 <= 0.05


@pytest.mark.slow
def test_every_planted_harmful_rewrite_goes_and_hardly_a_good_one():
    generator = np.random.default_rng(11)
    for with_, without_, at_most in ((0.95, 0.1, 60), (0.8, 0.2, 150), (0.5, 0.2, 500)):
        watch = Watch()
        for number in range(100):
            watch.extend(users(generator, at_most, with_=with_, without_=without_, name=f"r{number}"))
        assert len(watch.withdrawn) == 100, (with_, without_)
    good = Watch()
    for number in range(200):
        good.extend(users(generator, 200, with_=0.15, without_=0.6, name=f"r{number}"))
    assert not good.withdrawn


@pytest.mark.slow
def test_the_number_of_people_needed_falls_with_the_harm():
    need = [exposures_needed(with_=each, without=0.1, runs=60) for each in (0.3, 0.5, 0.9)]
    assert [one["median"] for one in need] == sorted((one["median"] for one in need), reverse=True)
    assert need[-1]["p95"] <= 40
    assert all(one["withdrawn"] == 1.0 for one in need)


def test_a_rewrite_that_was_good_for_long_and_then_hurts_is_noticed():
    generator, watch = np.random.default_rng(4), Watch()
    assert not watch.extend(users(generator, 3_000, with_=0.1, without_=0.6))
    later = (each._replace(user_id=f"new-{each.user_id}") for each in users(generator, 200, with_=0.95, without_=0.1))
    assert watch.extend(later)
    assert watch.posteriors()[0].evidence < float("inf")


def test_what_everybody_undoes_goes_even_if_the_request_never_worked():
    never = {"r": Baseline(0.0, None, "play the blues")}
    undone = [Exposure("r", f"u{at % 12}", True, 1.0, 1.0, at_us=at) for at in range(36)]
    assert [one.rewrite_id for one in Watch(never).extend(undone)] == ["r"]


@pytest.mark.slow
def test_what_helps_half_of_the_time_stays_if_the_request_never_worked():
    generator, gone = np.random.default_rng(3), 0
    for _ in range(200):
        watch = Watch({"r": Baseline(0.0, None, "play the blues")})
        gone += bool(watch.extend(users(generator, 300, with_=0.5, without_=1.0, propensity=1.0 - 1e-9)))
    assert gone / 200 <= 0.05


def test_one_person_who_comes_back_is_not_many_people():
    watch = Watch()
    for at in range(200):
        watch.add(Exposure("r", "ann", True, 1.0, 0.5))
        watch.add(Exposure("r", "bo", False, float(at % 10 == 0), 0.5))
    assert not watch.withdrawn


def test_somebodys_own_rewrite_goes_when_it_breaks_its_promise():
    watch = Watch({"own": Baseline(0.3, "ann", "my tune")})
    found = watch.extend(Exposure("own", "ann", True, 1.0, 1.0) for _ in range(40))
    assert len(found) == 1
    assert found[0].exposures <= 20
    assert found[0].override() == Override("my tune", None, "ann")
    assert "my tune" not in json.dumps(watch.to_json())
    kept = Watch({"own": Baseline(0.3, "ann", "my tune")})
    assert not kept.extend(Exposure("own", "ann", True, float(at % 3 == 0), 1.0) for at in range(300))


def test_a_log_withdraws_its_harmful_rewrite_and_the_block_is_served(tmp_path):
    made = toy(users=150)
    outcomes = pool_outcomes(outcomes_of_turns(made.turns))
    watch = Watch(baselines(outcomes, {row.rewrite_id: row for row in made.table.rows()}))
    watch.extend(exposures(outcomes))
    ((request, target),) = BAD.items()
    assert [one.rewrite_id for one in watch.withdrawn] == [rewrite_id(request, target)]
    assert watch.withdrawn[0].users <= 40
    file = OverridesFile(tmp_path / "overrides.json")
    for block in watch.overrides():
        file.put(block)
    assert file.read().blocks(meaning_of(request, target), "anybody")
    left = made.table.without_rewrites(one.rewrite_id for one in watch.withdrawn)
    assert len(left) == len(GOOD)
    assert left.lookup(request) is None
    watch.save(tmp_path / "withdrawn.json")
    watch.save(tmp_path / "withdrawn.json")
    assert json.loads(json.dumps(watch.to_json(), allow_nan=False)) == read_withdrawn(tmp_path / "withdrawn.json")
    (tmp_path / "withdrawn.json").write_text("{}")
    with pytest.raises(BadRecord, match="must be a list"):
        watch.save(tmp_path / "withdrawn.json")


def test_posteriors_put_the_most_harmful_first_and_count_both_sides():
    watch = Watch()
    watch.extend(users(np.random.default_rng(0), 60, with_=0.9, without_=0.1, name="bad"))
    watch.extend(users(np.random.default_rng(1), 60, with_=0.1, without_=0.9, name="good"))
    bad, good = watch.posteriors()
    assert (bad.rewrite_id, good.rewrite_id) == ("bad", "good")
    assert bad.chance_harmful > 0.999
    assert good.chance_harmful < 0.001
    assert bad.defects_with + bad.successes_with + bad.defects_without + bad.successes_without == bad.exposures == 60


def test_numbers_out_of_range_are_refused():
    with pytest.raises(BadRecord):
        Watch().add(Exposure("r", "ann", True, 1.5, 0.5))
    with pytest.raises(BadConfig):
        Watch(alpha=0.0)
    assert Watch().posteriors() == []


def test_a_complaint_counts_as_a_failure_and_a_cut_answer_as_half_of_one():
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    seen = {"plain": {}, "undone": {"undone": True}, "no": {"answer": False}, "cut": {"barge_in_ms": 300.0}}
    turns = [
        Turn(
            turn_id=name,
            user_id=name,
            said_at=start,
            request="play jas",
            acted_on="play jazz",
            rewrite_id="r1",
            status="ok",
            interpretation=Interpretation(intent="play", confidence=0.99),
            **what,
        )
        for name, what in seen.items()
    ]
    failed = {one.user_id: one.defect for one in exposures(pool_outcomes(outcomes_of_turns(turns, defect="signals")))}
    assert failed["undone"] == failed["no"] == 1.0
    assert failed["plain"] < 0.3 < failed["cut"] < 0.7
