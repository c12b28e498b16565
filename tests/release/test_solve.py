"""Learning again does only what changed, and equals learning at once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import log, session
from tests.feedback.marked import ENGINE, PEOPLE, repair, rewrites, said, statistics
from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import NotReady
from uptake.log.store import TurnLog
from uptake.release.solve import learn
from uptake.rewriting.retrieval.learn import RetrieveLearner
from uptake.rewriting.table.learn.markov import MarkovRewriter

LEARNER = MarkovRewriter()
WORDS = ("play jaz", "play jazz", "dim lights", "dim the lights", "call mum")


def heard(user: str):
    """A session: misheard, said again at once, understood."""
    return session("play harry porter", "play harry potter", user=user, failed=(0,), gap_s=4)


@pytest.fixture
def turns(tmp_path):
    with TurnLog(tmp_path / "log") as turns:
        yield turns


def once(turns, tmp_path, **options):
    return learn(turns, ENGINE, [LEARNER], tmp_path / "learning", **options)[0]


def test_a_rephrase_is_learned_from_the_log_as_soon_as_it_reaches_its_evidence(turns, tmp_path):
    turns.append(log(heard("ann"), heard("bo")))
    assert rewrites(once(turns, tmp_path).artifact) == {}
    turns.append(log(heard("cy")))
    assert rewrites(once(turns, tmp_path).artifact) == {(None, "play harry porter"): "play harry potter"}


def test_only_new_parts_are_counted_and_only_touched_components_solved(turns, tmp_path):
    turns.append(log([heard(user) for user in PEOPLE]))
    turns.append(log([session("dim lamp", "dim the lamp", user=user, failed=(0,), gap_s=4) for user in PEOPLE]))
    turns.compact()
    first = once(turns, tmp_path)
    assert (first.parts_new, first.components_solved) == (first.parts, first.components_total)
    turns.append(log(session("play harry potter", user="eve", failed=(0,))))
    second = once(turns, tmp_path)
    assert (second.parts_new, second.components_solved, second.components_total) == (0, 1, 2)
    whole = once(turns, tmp_path, full=True)
    assert whole.components_solved == 2
    assert whole.artifact == second.artifact


def test_a_forgotten_user_leaves_nothing_behind(turns, tmp_path):
    turns.append(log([heard(user) for user in PEOPLE[:3]]))
    turns.compact()
    assert len(once(turns, tmp_path).artifact) == 1
    turns.forget("ann")
    assert rewrites(once(turns, tmp_path).artifact) == {}
    kept = b"".join(path.read_bytes() for path in (tmp_path / "learning").rglob("*.parquet"))
    assert b"ann" not in kept


def test_an_empty_log_says_what_to_do(turns, tmp_path):
    with pytest.raises(NotReady, match="uptake ingest"):
        once(turns, tmp_path)


def test_learners_share_one_marking_of_the_log(turns, tmp_path):
    turns.append(log([heard(user) for user in PEOPLE]))
    reports = learn(turns, ENGINE, [LEARNER, RetrieveLearner()], tmp_path / "learning")
    assert [report.artifact.kind for report in reports] == ["rewrites", "index"]


def marked(said_sessions):
    rows = [repair(user, *texts) if well else said(user, texts[0], failed=True) for user, texts, well in said_sessions]
    return [row for part in rows for row in part]


sessions = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), st.booleans()),
    max_size=25,
)


@pytest.mark.long
@given(sessions, sessions)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_solving_again_equals_solving_anew(old, new):
    learner = MarkovRewriter(min_users=2)
    before, after = (statistics(learner, marked(part)) for part in (old, old + new))
    _, solved = learner.solve_again(EngineStatistics(ENGINE, before))
    again, solved_again = learner.solve_again(EngineStatistics(ENGINE, after), solved)
    anew, solved_anew = learner.solve_again(EngineStatistics(ENGINE, after))
    assert again == anew
    assert (solved_again.absorbed.wins == solved_anew.absorbed.wins).all()


def test_another_engine_of_any_memory_learns_the_same(turns, tmp_path):
    turns.append(log([heard(user) for user in PEOPLE]))
    small = learn(turns, LocalEngine(memory_limit="64MB", threads=1), [LEARNER], tmp_path / "other")[0]
    assert small.artifact == once(turns, tmp_path).artifact
