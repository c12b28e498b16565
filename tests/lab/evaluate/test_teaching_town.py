"""Homes of the town that teach, beside the same homes that do not."""

import pytest

from uptake.lab.evaluate.teaching import town


@pytest.mark.slow
def test_homes_that_teach_fail_less_often_than_the_same_homes_that_do_not(monkeypatch):
    monkeypatch.setattr(town, "_HOMES", 4)
    found = town.simulated(seed=3)
    assert found["teach.town_names_told"] > 3
    assert 0 < found["teach.town_requests_with_own_names"] < found["teach.town_requests"]
    assert found["teach.town_defects_taught"] < found["teach.town_defects_untaught"]
    assert found["teach.town_broken"] == 0
    fewer = found["teach.town_defects_untaught"] - found["teach.town_defects_taught"]
    assert found["teach.town_fewer_defects"] == pytest.approx(fewer)
