"""What withdrawal guarantees, on drawn outcomes; and what a directory without a demo is told."""

import pytest

from uptake.errors import NotReady
from uptake.lab.evaluate.withdrawal import guarantees, town


@pytest.mark.slow
def test_harmless_rewrites_mostly_stay_and_harmful_ones_mostly_go():
    found = guarantees(seed=3, runs=200)
    assert found["watched_harmless.withdrawn_within_100"] <= 0.05
    assert found["watched_harmless.paused_within_8"] <= 0.12
    assert found["watched_harmful.paused_within_8"] >= 0.5
    assert found["watched_harmful.withdrawn_within_100"] >= 0.8
    assert found["many.false_discoveries"] <= 0.05
    assert found["asked_95_say_yes.withdrawn"] <= 0.05
    assert found["asked_5_say_yes.proven"] == 0.0
    assert found["asked_5_say_yes.questions_mean"] < 3.0


def test_a_directory_without_a_demo_is_refused(tmp_path):
    with pytest.raises(NotReady, match="holds no demo"):
        town(data=tmp_path)
