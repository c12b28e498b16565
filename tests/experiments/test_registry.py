"""registry: one experiment at a time, nothing in it changes while it runs, and the holdout outlives all of them."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from uptake.errors import BadConfig, NotReady
from uptake.experiments.assignment import HOLDOUT, Experiment
from uptake.experiments.registry import BETWEEN, Registry, Serving, StopRules

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
USERS = [f"user-{at}" for at in range(1_000)]


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "experiments")


def written(registry):
    return {path.name: path.read_text() for path in registry.directory.glob("*.json")}


def test_a_started_experiment_is_read_again_as_it_was(registry):
    rules = StopRules(max_users=500, least_reduction=None)
    begun = registry.start(Experiment(name="first", salt="s", holdout=0.01), at=NOW, rules=rules)
    again = Registry(registry.directory).running()
    assert (again.name, again.rules, again.started_at, again.stopped_at) == ("first", rules, NOW, None)
    assert [again.experiment.assign(user) for user in USERS] == [begun.experiment.assign(user) for user in USERS]


def test_starting_the_same_again_is_harmless_and_anything_else_is_refused(registry):
    registry.start(Experiment(name="first"), at=NOW)
    before = written(registry)
    assert registry.start(Experiment(name="first"), at=NOW + timedelta(days=1)).started_at == NOW
    with pytest.raises(BadConfig, match=r"running with other values of: arms.*stop it first"):
        registry.start(Experiment(name="first", arms={"control": 0.4, "treatment": 0.6}), at=NOW)
    with pytest.raises(BadConfig, match=r"first is running, and only one can: stop it first"):
        registry.start(Experiment(name="second"), at=NOW)
    assert written(registry) == before


def test_a_stopped_experiment_keeps_its_reason_and_its_name(registry):
    registry.start(Experiment(name="first"), at=NOW)
    registry.stop("first", at=NOW + timedelta(days=3), reason="seen enough")
    kept = registry.get("first")
    assert (kept.is_running, kept.reason) == (False, "seen enough")
    assert registry.running() is None
    with pytest.raises(NotReady, match="not running"):
        registry.stop("first", at=NOW, reason="again")
    with pytest.raises(BadConfig, match="under another name"):
        registry.start(Experiment(name="first"), at=NOW)
    with pytest.raises(NotReady, match="did you mean first"):
        registry.get("frist")


def test_the_holdout_is_the_same_people_in_between_and_in_the_next_experiment(registry):
    served = Serving(registry)
    assert served.assign("ann") is None
    held = []
    for name in ("first", "second"):
        registry.start(Experiment(name=name, holdout=0.1), at=NOW)
        held.append({user for user in USERS if served.assign(user).arm == HOLDOUT})
        registry.stop(at=NOW, reason="done")
        held.append({user for user in USERS if not served.assign(user).rewrites})
    assert 50 < len(held[0]) < 150
    assert all(one == held[0] for one in held)
    assert {served.assign(user).arm for user in USERS} == {HOLDOUT, BETWEEN}
    with pytest.raises(BadConfig, match=r"permanent holdout of this directory is 0\.1"):
        registry.start(Experiment(name="third", holdout=0.05), at=NOW)


def test_an_experiment_without_holdout_leaves_nobody_out_afterwards(registry):
    registry.start(Experiment(name="first", holdout=0.0), at=NOW)
    registry.stop(at=NOW, reason="done")
    assert Serving(registry).assign("ann") is None
    registry.start(Experiment(name="second", holdout=0.05), at=NOW)
    assert registry.holdout == 0.05


def test_an_assistant_that_serves_follows_starts_and_survives_damage(registry):
    served = Serving(registry)
    registry.start(Experiment(name="first"), at=NOW)
    arms = [served.assign(user) for user in USERS]
    assert {one.arm for one in arms} == {"control", "treatment", HOLDOUT}
    (path,) = registry.directory.glob("*.json")
    path.write_text("{")
    assert [served.assign(user) for user in USERS] == arms
    with pytest.raises(BadConfig, match="cannot be read as an experiment"):
        Serving(registry)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda body: body["experiment"]["arms"].update(control=0.4, treatment=0.6),
            "digest: the experiment was changed",
        ),
        (lambda body: body["experiment"].pop("name"), "name is missing"),
        (lambda body: body["experiment"].update(arms="half"), "arms has the wrong type"),
        (lambda body: body["experiment"].update(holdout=0.9), r"holdout must be in"),
        (lambda body: body.pop("rules"), "rules must be an object"),
        (lambda body: body["rules"].update(alpha="low"), "rules.alpha has the wrong type"),
        (lambda body: body["rules"].update(max_day=1), "rules has no max_day; did you mean max_days"),
        (lambda body: body.update(started_at=None), "started_at must be a time"),
        (lambda body: body.update(stopped_at="2026-03-01"), "stopped_at must be a time|a time needs its zone"),
        (lambda body: body.update(format=9), "a newer uptake wrote it"),
    ],
)
def test_a_damaged_file_is_named_with_its_field_and_kept(registry, change, said):
    registry.start(Experiment(name="first"), at=NOW)
    (path,) = registry.directory.glob("*.json")
    body = json.loads(path.read_text())
    change(body)
    path.write_text(json.dumps(body))
    before = path.read_text()
    for act in (registry.all, lambda: registry.stop(at=NOW, reason="x"), lambda: Serving(registry)):
        with pytest.raises(BadConfig, match=said) as refused:
            act()
        assert str(path) in str(refused.value)
    assert path.read_text() == before


def test_an_experiment_of_an_older_version_is_read_and_deals_nobody(registry):
    registry.directory.mkdir()
    old = Experiment(name="demo")
    (registry.directory / "old.json").write_text(json.dumps({"format": 1, **old.to_json()}))
    assert registry.get().experiment.digest == old.digest
    assert registry.running() is None
    assert Serving(registry).assign("ann") is None


def test_a_write_that_fails_loses_nothing(registry):
    registry.start(Experiment(name="first"), at=NOW)
    before = written(registry)
    (path,) = registry.directory.glob("*.json")
    beside = path.with_name(f".{path.name}.new")
    beside.mkdir()  # nothing can be written there, not even by root
    with pytest.raises(OSError, match="nothing was changed"):
        registry.stop(at=NOW, reason="done")
    assert written(registry) == before
    shutil.rmtree(beside)
    assert registry.stop(at=NOW, reason="done").stopped_at == NOW


@pytest.mark.parametrize("wrong", [{"max_days": 0.0}, {"max_users": -1}, {"alpha": 1.0}, {"least_reduction": 1.0}])
def test_impossible_rules_say_what_is_wrong(wrong):
    with pytest.raises(BadConfig, match=next(iter(wrong))):
        StopRules(**wrong)


def test_files_carry_no_users(registry):
    registry.start(Experiment(name="first"), at=NOW)
    Serving(registry).assign("ann")
    assert all("ann" not in os.fsdecode(text) for text in written(registry).values())
