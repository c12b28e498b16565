"""sequential: looking at every moment alarms on nothing at most as often as it says, and still finds what is there."""

import numpy as np
import pytest

from uptake.errors import BadConfig, BadRecord
from uptake.experiments.sequential import Monitor, Rule
from uptake.lab.evaluate.experiments import experiments

RULE = Rule()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("users", "past"), [(300, False), (300, True)])
def test_looking_all_the_time_alarms_on_nothing_at_most_one_time_in_twenty(users, past):
    found = experiments(runs=1_000, users=users, past=past, looks=100)
    assert found.alarmed <= 0.05
    assert found.peeked > 2 * 0.05  # what peeking at a z test does
    assert found.fixed < 0.08


@pytest.mark.slow
def test_a_difference_is_found_nearly_as_often_as_by_one_look_at_the_end():
    found = experiments(runs=100, users=1_000, effect=0.3, past=True, looks=60)
    assert found.fixed > 0.95
    assert found.alarmed > 0.95
    assert found.stopped < 0.8


def stream(generator, users, turns, effect=0.0):
    nature = generator.beta(1.0, 4.0, users)
    who = generator.integers(0, users, turns)
    chance = nature[who] * np.where(who % 2 == 0, 1.0 - effect, 1.0)
    return [
        (f"u{user}", "treatment" if user % 2 == 0 else "control", float(failed))
        for user, failed in zip(who.tolist(), generator.random(turns) < chance, strict=True)
    ]


def test_running_sums_equal_sums_over_users():
    turns = stream(np.random.default_rng(1), 100, 2_000)
    before = {f"u{at}": (float(at % 5), 10.0) for at in range(90)}
    monitor = Monitor(before=before)
    monitor.extend(turns)
    rate = sum(y for y, _ in before.values()) / sum(m for _, m in before.values())
    sums = []
    for arm in ("control", "treatment"):
        rows = {}
        for user, side, failed in turns:
            if side == arm:
                y, m = rows.get(user, (0.0, 0.0))
                rows[user] = (y + failed, m + 1.0)
        columns = np.array(
            [(y, m, (before[u][0] - rate * 10.0) / 10.0 if u in before else 0.0) for u, (y, m) in rows.items()]
        )
        y, m, x = columns.T
        kinds = (np.ones_like(y), y, m, y * y, y * m, m * m, x, x * x, x * y, x * m)
        sums.append([kind.sum() for kind in kinds])
    found, look = RULE.judge(*sums), monitor.look()
    assert look.difference == pytest.approx(float(found.difference))
    assert (look.low, look.high) == pytest.approx((float(found.low), float(found.high)))


def test_a_strong_effect_alarms_and_the_alarm_stays():
    generator = np.random.default_rng(2)
    monitor = Monitor()
    monitor.extend(stream(generator, 400, 8_000, effect=0.8))
    look = monitor.look()
    assert look.alarm
    assert look.high < 0.0 < look.e_value
    assert look.e_value >= 20.0
    monitor.extend(stream(generator, 400, 50_000))
    assert monitor.look().alarm


@pytest.mark.slow
def test_the_relative_reduction_is_covered_at_all_looks_together():
    generator, runs, missed = np.random.default_rng(7), 120, 0
    for _ in range(runs):
        monitor, covered = Monitor(), True
        turns = stream(generator, 200, 2_000, effect=0.3)
        for start in range(0, 2_000, 100):
            monitor.extend(turns[start : start + 100])
            look = monitor.look()
            covered &= look.reduction_low <= 0.3 <= look.reduction_high
        missed += not covered
    assert missed / runs <= 0.05


def test_few_users_are_no_reason_to_say_anything():
    monitor = Monitor()
    assert (monitor.look().low, monitor.look().high, monitor.look().alarm) == (-1.0, 1.0, False)
    for at in range(1_000):
        monitor.add(f"u{at % 20}", "control" if at % 2 else "treatment", float(at % 2))
    assert not monitor.look().alarm


def test_what_cannot_be_is_refused():
    monitor = Monitor()
    monitor.add("ann", "control", 0.0)
    monitor.add("ann", "holdout", 1.0)
    assert monitor.look().turns == 1
    with pytest.raises(BadRecord, match="two arms") as refused:
        monitor.add("ann", "treatment", 0.0)
    assert "ann" not in str(refused.value)
    with pytest.raises(BadRecord, match=r"\[0, 1\]"):
        monitor.add("bo", "control", 2.0)
    with pytest.raises(BadConfig, match="min_users"):
        Rule(min_users=2)
