"""An experiment through the command line: dealt, acted on, logged, looked at and stopped."""

import json
from math import sqrt

import pytest

from tests.rewriting.table.tables import rewrite, table
from uptake.apps.cli import main
from uptake.experiments.assignment import Experiment
from uptake.log.store import TurnLog
from uptake.store.store import ArtifactStore

HEARD, MEANT = "churn on the kitchen light", "turn on the kitchen light"


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--state", str(tmp_path / "state")])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    ArtifactStore(tmp_path / "state" / "artifacts").publish(table(rewrite(HEARD, MEANT)))
    return call


def user_in(arm, experiment=None):
    known = experiment or Experiment(name="spring", holdout=0.05)
    return next(f"u{at}" for at in range(1_000) if known.assign(f"u{at}").arm == arm)


def decided(run, user):
    code, out, _ = run("ask", HEARD, "--user", user, "--decide-only", "--json")
    assert code == 0
    return json.loads(out)


def test_start_status_and_stop(run):
    code, out, err = run("experiments", "start", "spring", "--json")
    assert code == 0
    assert json.loads(out)["arms"] == {"control": 0.5, "treatment": 0.5}
    assert (json.loads(out)["holdout"], err) == (0.05, "")
    code, out, _ = run("experiments", "status", "--json")
    found = json.loads(out)
    assert (code, found["name"], found["is_running"], found["users"]) == (0, "spring", True, 0)
    code, out, _ = run("experiments", "status")
    assert code == 0
    assert "Not yet known" in out
    code, _, err = run("experiments", "stop", "spring", "--reason", "seen enough")
    assert (code, "spring stopped" in err) == (0, True)
    code, out, _ = run("experiments", "status", "spring")
    assert (code, "seen enough" in out) == (0, True)


def test_deciding_alone_withholds_in_the_control_and_says_so(run):
    assert decided(run, "ann") | {"trace": []} == decided(run, "ann") | {"trace": []}
    assert decided(run, "ann")["arm"] is None
    run("experiments", "start", "spring")
    treated, control, held = (decided(run, user_in(arm)) for arm in ("treatment", "control", "holdout"))
    assert (treated["acted_on"], treated["arm"]) == (MEANT, "treatment")
    assert treated["propensity"] == pytest.approx(0.475)
    for one, arm in ((control, "control"), (held, "holdout")):
        assert (one["acted_on"], one["arm"]) == (None, arm)
        assert one["propensity"] == pytest.approx(0.525)
        assert one["decision"]["rewrite_id"] == treated["decision"]["rewrite_id"]
    code, out, _ = run("ask", HEARD, "--user", user_in("control"), "--decide-only")
    assert (code, "withheld in arm control" in out) == (0, True)
    run("experiments", "stop", "spring")
    assert decided(run, user_in("control"))["acted_on"] == MEANT
    assert decided(run, user_in("holdout"))["acted_on"] is None


def test_a_dry_run_says_what_would_be_and_starts_nothing(run):
    code, out, err = run(
        "experiments", "start", "spring", "--dry-run", "--arm", "control=0.2", "--arm", "treatment=0.8"
    )
    assert code == 0
    assert "nothing was started" in err
    assert "76.0%" in out
    assert run("experiments", "status")[0] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--arm", "control"), "NAME=SHARE"),
        (("--arm", "control=0.5"), "add up to 1"),
        (("--arm", "control=1"), "nothing to compare"),
        (("--arm", "a=0.5", "--arm", "b=0.5"), "unchanged names no arm: control"),
        (("--holdout", "0.9"), "holdout must be in"),
        (("--alpha", "2"), "alpha must be in"),
        (("--stop-after-days", "0"), "max_days must be above 0"),
    ],
)
def test_wrong_options_say_what_is_wrong_and_start_nothing(run, arguments, said):
    code, out, err = run("experiments", "start", "spring", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert run("experiments", "status")[0] == 3


def test_changed_arms_and_damaged_files_are_refused_and_nothing_is_lost(run, tmp_path):
    run("experiments", "start", "spring")
    code, _, err = run("experiments", "start", "spring", "--arm", "control=0.4", "--arm", "treatment=0.6")
    assert (code, "stop it first" in err) == (2, True)
    code, _, err = run("experiments", "start", "summer")
    assert (code, "uptake experiments stop spring" in err) == (2, True)
    (path,) = (tmp_path / "state" / "experiments").glob("*.json")
    whole = path.read_text()
    path.write_text(whole.replace('"control": 0.5', '"control": 0.6').replace('"treatment": 0.5', '"treatment": 0.4'))
    for arguments in (("experiments", "status"), ("ask", HEARD, "--user", "ann", "--decide-only")):
        code, _, err = run(*arguments)
        assert (code, str(path) in err, "digest" in err) == (2, True, True)
    path.write_text(whole)
    assert run("experiments", "status")[0] == 0


@pytest.mark.long
@pytest.mark.slow
def test_many_people_ask_and_the_log_carries_their_arms(run, tmp_path):
    from uptake.apps.cli.state import State
    from uptake.apps.cli.talk.ask import agent_of
    from uptake.types import Request

    (tmp_path / "state" / "uptake.toml").write_text("[guard]\nbudget_share = 1.0\n")
    run("experiments", "start", "spring")
    assert json.loads(run("ask", HEARD, "--user", user_in("control"), "--json")[1])["acted_on"] is None
    state, experiment = State(tmp_path / "state"), Experiment(name="spring", holdout=0.05)
    agent, users = agent_of(state), [f"u{at}" for at in range(300)]
    for user in users:
        agent.answer(Request(text=HEARD, user_id=user))
    state.log.close()
    with TurnLog(tmp_path / "state" / "log") as log:
        turns = list(log.read())
    assert {turn.user_id for turn in turns} == set(users)
    for turn in turns:
        given = experiment.assign(turn.user_id)
        assert (turn.arm, turn.propensity) == (given.arm, pytest.approx(given.propensity))
        assert turn.rewrite_id is not None
        assert turn.acted_on == (MEANT if given.rewrites else None)
    counts = {arm: sum(turn.arm == arm for turn in turns) for arm in experiment.probabilities}
    for arm, share in experiment.probabilities.items():
        assert abs(counts[arm] / len(turns) - share) < 4 * sqrt(share * (1 - share) / len(turns))
    code, out, _ = run("experiments", "status", "--json")
    found = json.loads(out)
    assert (code, found["refused"], found["is_balanced"]) == (0, None, True)
    assert {arm: one["users"] for arm, one in found["by_arm"].items()} == pytest.approx(counts, abs=1)
    assert found["any_time"]["triggered"]["difference"] < 0.0
