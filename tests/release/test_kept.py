"""What is kept of closed parts: read back as it was made, made again where it must be, gone with the part."""

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.builders import log, session
from uptake.errors import StorageFailed
from uptake.experiments.exposures import exposures
from uptake.experiments.outcomes import outcomes_of_log
from uptake.experiments.pooled import pool_outcomes
from uptake.release.forget import forget
from uptake.release.solve import count_outcomes, learn
from uptake.release.state import State
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.types import Interpretation

DAY_S = 86_400.0
_READ = Interpretation(domain="media", intent="play", confidence=0.8)
COLUMNS = (
    "user_id, coalesce(home_id, user_id) AS home, said_at, request, rewrite_id, artifact_version, acted_on, asked, "
    "answer, propensity, arm, domain, confidence, defect, failing"
)


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path)
    yield state
    state.log.close()


def said(user):
    return [
        session("play harry porter", "play harry potter", user=user, failed=(0,), gap_s=4),
        session(
            "play jess", "stop", user=user, acted_on="Play Jazz", rewrite_id="r1", interpretation=_READ, undone=True
        ),
        session("play jess", user=user, acted_on="Play Jazz", rewrite_id="r1", action="dialogue.ask_confirm"),
        session("call mum", user=user, barge_in_ms=900.0, arm="rewrite", answer=True, propensity=0.9),
    ]


def counted(state, learners=()):
    return count_outcomes(state.log, state.engine, learners, state.learning).outcomes


def rows(found):
    """The turns in an order of their own."""
    table = found.query(f"SELECT {COLUMNS} FROM statistics")
    return sorted(map(repr, table.to_pylist()))


def test_what_was_kept_is_what_marking_the_whole_log_gives(state):
    state.log.append(log(said("ann"), said("bo")))
    state.log.compact()
    state.log.append(log(session("play harry porter", "play harry potter", user="late", failed=(0,))))
    made, kept, whole = counted(state), counted(state), pool_outcomes(outcomes_of_log(state.log))
    assert rows(made) == rows(kept) == rows(whole)
    assert list(exposures(kept)) == list(exposures(whole))
    assert len({one.asked for one in exposures(kept)}) == 2


def test_a_closed_part_is_marked_once_and_a_broken_file_is_made_again(state):
    state.log.append(log(said("ann")))
    state.log.compact()
    made = rows(counted(state))
    file, *_ = sorted((state.learning / "outcomes").glob("*.parquet"))  # sessions may lie on two days
    before = file.stat().st_mtime_ns
    counted(state)
    assert file.stat().st_mtime_ns == before
    file.write_bytes(file.read_bytes()[:100])
    assert rows(counted(state)) == made
    assert file.stat().st_size > 100


def test_a_day_that_comes_is_counted_without_reading_the_days_before(state):
    for day in range(2):
        state.log.append(log([session("play jass", "play jazz", user=name, start_s=DAY_S * day) for name in "abc"]))
    state.log.compact()
    before = counted(state, [MarkovRewriter()])
    old = state.log.parts()
    state.log.append(log([session("play jass", "play jazz", user="d", start_s=DAY_S * 9)]))
    state.log.compact()
    assert len(state.log.parts()) == len(old) + 1
    for part in old:
        part.path.write_bytes(b"unreadable")
    made = count_outcomes(state.log, state.engine, [MarkovRewriter()], state.learning)
    assert made.parts == {"outcomes": 1, "markov": 1}
    assert (len(before), len(made.outcomes)) == (12, 14)
    with pytest.raises(StorageFailed, match="damaged"):
        count_outcomes(state.log, state.engine, [MarkovRewriter()], state.learning, full=True)


def test_learners_are_counted_in_the_same_pass_and_learn_from_it(state):
    state.log.append(log(said("ann"), said("bo")))
    state.log.compact()
    parts = len(state.log.snapshot().parts)
    for expected in (parts, 0):
        made = count_outcomes(state.log, state.engine, [MarkovRewriter()], state.learning)
        assert made.parts == {"outcomes": expected, "markov": expected}
        (report,) = learn(state.log, state.engine, [MarkovRewriter()], state.learning, counted=made)
        assert report.parts_new == expected


def test_a_forgotten_user_is_in_no_kept_file(state):
    state.log.append(log(said("ann"), said("bo")))
    state.log.compact()
    counted(state)
    forget("ann", state)
    for path in (state.learning / "outcomes").glob("*.parquet"):
        assert set(pc.unique(pq.read_table(path)["user_id"]).to_pylist()) == {"bo"}
    assert b"ann" not in b"".join(path.read_bytes() for path in (state.learning / "outcomes").iterdir())
    assert {row["user_id"] for row in counted(state).query("SELECT user_id FROM statistics").to_pylist()} == {"bo"}
