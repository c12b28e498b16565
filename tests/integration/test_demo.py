"""uptake demo: the loop runs, finds what was planted, and keeps its hands off the rest."""

import json
import subprocess
import sys

import pytest

from uptake.simulate.demo import demo
from uptake.simulate.small_log import CRITICAL, PERSONAL, REPAIRS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    return demo(tmp_path_factory.mktemp("demo"), seed=3)


def acted_on(done, request, user=None):
    (one,) = [one for one in done.asked if one.request == request and (user is None or one.user == user)]
    return one.after.decision.acted_on if one.after.decision else None


def test_the_planted_mishearings_are_found_and_nothing_else(done):
    found = {row.request: row.acted_on for row in done.rewrites if row.user_id is None}
    assert found == {**REPAIRS, CRITICAL[0]: CRITICAL[1]}


def test_a_personal_name_stays_personal(done):
    assert acted_on(done, PERSONAL[1], user=PERSONAL[0]) == PERSONAL[2]
    (other,) = [one for one in done.asked if one.request == PERSONAL[1] and one.user != PERSONAL[0]]
    assert other.after.decision is None


def test_nothing_is_changed_before_anything_was_learned(done):
    assert all(one.before.decision is None for one in done.asked)


def test_what_works_and_what_is_opposite_is_left_alone(done):
    assert acted_on(done, "play some jazz") is None
    assert acted_on(done, "turn off the hall light") is None


def test_a_critical_action_is_asked_about_first(done):
    (critical,) = [one for one in done.asked if one.request == CRITICAL[0]]
    assert critical.after.decision.must_confirm


def test_the_command_prints_one_object_and_keeps_the_state_when_told(tmp_path):
    kept = tmp_path / "kept"
    command = [sys.executable, "-m", "uptake", "demo", "--json", "--users", "20", "--keep", str(kept)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["synthetic"] is True
    assert (kept / "artifacts").is_dir()
    assert subprocess.run(command, capture_output=True, text=True).returncode == 2
