"""Nights: what hurts goes, what passes is published, and what is too much waits."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders import session
from uptake.artifacts.rewrites import Rewrite, RewriteTable
from uptake.artifacts.store import ArtifactStore
from uptake.decide.pipeline import Pipeline
from uptake.errors import BadRecord
from uptake.log.store import TurnLog
from uptake.measure.outcomes import Coded, outcomes_of_log
from uptake.measure.withdrawal import read_withdrawn
from uptake.simulate.nights import BUDGET, _within_budget, nights, spend
from uptake.types import Evidence, Request

PEOPLE = [f"user-{number:02d}" for number in range(40)]
FINE = Evidence(users=60, sessions=120, success_before=0.3, success_after=0.9)
HARM = Rewrite("play jazz", "stop the music", FINE)


def repairs(count=12):
    return [session("play maj and dragons", "play imagine dragons", user=user, failed=(0,)) for user in PEOPLE[:count]]


def normal():
    return [session("play jazz", user=user) for user in PEOPLE]


def write(directory, sessions):
    with TurnLog(directory / "log") as log:
        log.append(turn for one in sessions for turn in one.turns)


def asked(directory, text):
    pipeline = Pipeline.serving(ArtifactStore(directory / "artifacts"), overrides=directory / "overrides.json")
    decision = pipeline.decide(Request(text=text, user_id="somebody")).decision
    return decision and decision.acted_on


def test_what_people_say_again_is_served_after_the_night(tmp_path):
    write(tmp_path, [*repairs(), *normal()])
    night = spend(tmp_path, 0)
    assert asked(tmp_path, "play maj and dragons") == "play imagine dragons"
    assert (night.day, night.rewrites, nights(tmp_path)) == (0, 1, [night])


def test_a_night_may_be_spent_twice(tmp_path):
    write(tmp_path, [*repairs(), *normal()])
    first, second = spend(tmp_path, 0), spend(tmp_path, 0)
    assert (first.version, len(nights(tmp_path))) == (second.version, 1)


def test_a_rewrite_that_hurts_is_withdrawn_and_never_comes_back(tmp_path):
    write(tmp_path, [*repairs(), *normal()])
    spend(tmp_path, 0, plant=lambda *_: [HARM])
    assert asked(tmp_path, "play jazz") == "stop the music"
    write(tmp_path, list(_harmed()))
    night = spend(tmp_path, 1, plant=lambda *_: [HARM])
    assert night.withdrawn == (HARM.rewrite_id,)
    assert [row["rewrite_id"] for row in read_withdrawn(tmp_path / "withdrawn.json")] == [HARM.rewrite_id]
    assert asked(tmp_path, "play jazz") is None
    table = ArtifactStore(tmp_path / "artifacts").load(RewriteTable)
    assert "play jazz" not in {row.request for row in table.rows()}


def _harmed():
    """Half of the people are rewritten, and undo it; half are left alone."""
    for at, user in enumerate(PEOPLE):
        mark = {"rewrite_id": HARM.rewrite_id, "propensity": 0.5, "arm": "treatment" if at % 2 else "control"}
        if at % 2:
            one = session("play jazz", "play jazz", user=user, failed=(0, 1), acted_on="stop the music")
        else:
            one = session("play jazz", user=user)
        yield _marked(one, mark)


def _marked(one, mark):
    return replace(one, turns=tuple(replace(turn, turn_id=f"later-{turn.turn_id}", **mark) for turn in one.turns))


def test_a_release_that_changes_too_much_of_a_domain_is_cut(tmp_path):
    said = [session(f"play song {at}", user=user, start_s=600.0 * at) for at in range(20) for user in PEOPLE[:5]]
    write(tmp_path, said)
    with TurnLog(tmp_path / "log") as log:
        outcomes = outcomes_of_log(log)
    table = RewriteTable.from_rows([Rewrite(f"play song {at}", "play something", FINE) for at in range(20)])
    kept = _within_budget(table, ArtifactStore(tmp_path / "artifacts"), _of_domain(outcomes, "media"))
    assert len(kept) <= BUDGET * 20


def _of_domain(outcomes, name):
    return replace(outcomes, domain=Coded((name,), np.zeros(len(outcomes), dtype=np.int64)))


def test_a_broken_record_of_nights_is_said(tmp_path):
    (tmp_path / "nights.json").write_text("[{}]")
    with pytest.raises(BadRecord, match="nights"):
        nights(tmp_path)
