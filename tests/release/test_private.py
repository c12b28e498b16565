"""Releases with differential privacy: drawn once, paid once, refused when spent, whatever is killed in between."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.builders import log, session
from uptake.errors import BadConfig, StorageFailed
from uptake.release.forget import forget
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.table.artifact import RewriteTable

pytest.importorskip("opendp")
HEARD, SAID = "play harry porter", "play harry potter"


def town(people: int, day: float = 0.0):
    return [
        session(HEARD, SAID, user=f"user-{at}", failed=(0,), gap_s=4, start_s=86_400 * day + 60 * at)
        for at in range(people)
    ]


@pytest.fixture
def private(tmp_path):
    (tmp_path / "uptake.toml").write_text("[privacy]\nepsilon = 8.0\nreleases = 2\nevery_days = 1\n")
    state = State(tmp_path)
    state.log.append(log(town(150)))
    yield state
    state.log.close()


def shared(state):
    return {row.request: row.acted_on for row in state.artifacts.load(RewriteTable).rows() if row.user_id is None}


def later(state, days: float):
    state.log.append([replace(turn, turn_id=f"{turn.turn_id}-{days}") for turn in log(town(3, days))])


def test_what_many_share_is_released_once_and_stands(private):
    found = release(private, ["rewrites"])
    assert shared(private) == {HEARD: SAID}
    assert any("differential privacy" in note and "epsilon" in note for note in found.notes)
    before = (private.directory / "privacy" / "markov.parquet").read_bytes()
    assert not any("released" in note for note in release(private, ["rewrites"]).notes)
    assert (private.directory / "privacy" / "markov.parquet").read_bytes() == before
    assert private.private().spent()["releases"] == 1


def test_few_people_get_nothing_from_others_and_keep_their_own(tmp_path):
    (tmp_path / "uptake.toml").write_text("[privacy]\nepsilon = 1.0\n")
    state = State(tmp_path)
    state.log.append(log(town(5), [session(HEARD, SAID, user="ann", failed=(0,), gap_s=4) for _ in range(3)]))
    release(state, ["rewrites"])
    rows = list(state.artifacts.load(RewriteTable).rows())
    assert [(row.user_id, row.acted_on) for row in rows] == [("ann", SAID)]


def test_a_spent_budget_releases_no_more_and_says_so(private):
    notes = []
    for days in (0, 2, 4):
        if days:
            later(private, days)
        notes.append(" ".join(release(State(private.directory), ["rewrites"]).notes))
    assert "released" in notes[0]
    entries = private.private().ledger.entries()
    while private.private().spent()["releases_left"]:
        private.private().ledger.spend(entries[0])
    later(private, 6)
    spent = " ".join(release(State(private.directory), ["rewrites"]).notes)
    assert "is spent" in spent
    assert private.private().spent()["epsilon_spent"] <= 8.0
    assert shared(private) == {HEARD: SAID}


def test_a_process_that_is_killed_before_it_draws_has_paid(private, monkeypatch):
    monkeypatch.setattr("uptake.release.private.noised", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        release(private, ["rewrites"])
    assert private.private().spent()["releases"] == 1
    assert not (private.directory / "privacy" / "markov.parquet").exists()


def test_a_dry_run_and_forgetting_spend_nothing(private):
    release(private, ["rewrites"], dry_run=True)
    assert private.private().spent()["releases"] == 0
    release(private, ["rewrites"])
    forget("user-7", private)
    assert private.private().spent()["releases"] == 1
    assert shared(private) == {HEARD: SAID}


@pytest.mark.parametrize("damage", ["", "{}", '{"releases": [{"learner": "markov", "rho": -1}]}', None])
def test_a_damaged_or_missing_ledger_is_never_a_new_budget(private, damage):
    release(private, ["rewrites"])
    path = private.directory / "privacy" / "ledger.json"
    path.unlink() if damage is None else path.write_text(damage)
    with pytest.raises(StorageFailed, match="ledger"):
        release(State(private.directory), ["rewrites"])


def test_a_ledger_from_before_a_release_is_refused(private):
    release(private, ["rewrites"])
    path = private.directory / "privacy" / "ledger.json"
    path.write_text(json.dumps({"releases": []}))
    with pytest.raises(StorageFailed, match="lacks a release"):
        release(State(private.directory), ["rewrites"])


def test_what_has_no_private_form_is_refused(private):
    with pytest.raises(BadConfig, match="labels"):
        release(private, ["labels"])
