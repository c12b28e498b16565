"""drift: shifts are noticed within days, and calm logs hardly ever ring."""

from dataclasses import replace

import numpy as np
import pytest

from tests.experiments.toy_experiment import toy
from uptake.errors import BadConfig
from uptake.experiments.drift import Detector, drift, stability
from uptake.experiments.outcomes import outcomes_of_turns


@pytest.mark.slow
def test_false_alarms_are_as_rare_as_stated():
    generator = np.random.default_rng(0)
    rung, days = 0, 0
    for _ in range(100):
        detector = Detector(days=100.0)
        for value in generator.normal(0.2, 0.01, 400):
            rung += detector.add(value)
            days += 1
    assert days / max(rung, 1) >= 100.0


@pytest.mark.parametrize("shift", [3.0, 5.0])
def test_a_shift_is_noticed_within_days(shift):
    generator = np.random.default_rng(1)
    delays = []
    for _ in range(30):
        detector = Detector(days=365.0)
        for value in generator.normal(0.2, 0.01, 30):
            detector.add(value)
        after = [detector.add(value) for value in generator.normal(0.2 + shift * 0.01, 0.01, 14)]
        delays.append(after.index(True) + 1 if any(after) else 99)
    assert np.median(delays) <= 4


def test_only_the_side_that_matters_rings():
    up, down = Detector(days=50, side="up"), Detector(days=50, side="down")
    values = [0.2 + 0.01 * (at % 4) for at in range(30)] + [0.5] * 5
    assert any(up.add(value) for value in values)
    assert not any(down.add(value) for value in values)
    assert not up.add(float("nan"))
    with pytest.raises(BadConfig):
        Detector(days=0.5)


def test_a_log_whose_requests_and_defects_shift_is_seen_and_a_calm_one_is_not():
    calm = outcomes_of_turns(toy(users=40, before=20, after=0).turns)
    assert {series.figure for series in drift(calm)} == {"defect rate", "mix of requests", "confidence"}
    assert not any(series.alarms for series in drift(calm))
    late = calm.day >= calm.day.min() + 16
    worse = np.where(late & (calm.user.codes % 2 == 0), 1.0, calm.defect)
    shifted = replace(calm, defect=worse)
    rung = [alarm for series in drift(shifted) for alarm in series.alarms]
    assert rung
    assert {alarm.figure for alarm in rung} == {"defect rate"}
    only_songs = calm.where(~late | calm.domain.is_("music"))
    assert {alarm.figure for series in drift(only_songs) for alarm in series.alarms} >= {"mix of requests"}


def test_distances_of_mixes():
    assert stability([10, 20], [10, 20]) == 0.0
    assert stability([10, 90], [90, 10]) > 1.0
