"""mark: whole sessions become rows that a learner can count, equal to judging session by session."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session
from tests.feedback import golden_view
from tests.strategies import interpretations
from uptake.feedback import reactions
from uptake.feedback import turns_view as marks
from uptake.feedback.columns import TurnFrame
from uptake.feedback.reactions import REACTIONS
from uptake.feedback.scorer import judge
from uptake.feedback.turns_view import TURNS, VIEW_VERSION, Marker, mark
from uptake.log.rows import to_table
from uptake.types import Context, Interpretation, Session, Truth

PLAY = Interpretation(domain="media", intent="play", slots=(("b", "2"), ("a", "1")), confidence=0.8)


def table(*sessions: Session) -> pa.Table:
    names = [one.session_id for one in sessions for _ in one.turns]
    return to_table([turn for one in sessions for turn in one.turns]).append_column("session", pa.array(names))


def rows(*sessions: Session) -> list[dict]:
    return mark(table(*sessions)).to_pylist()


def test_a_request_that_is_said_again_points_at_the_next_attempt():
    first, second = rows(session("play harry porter", "play harry potter", failed=(0,)))
    assert (first["retried"], first["next_request"], first["next_state"]) == (True, *["play harry potter"] * 2)
    assert (second["retried"], second["next_request"]) == (False, None)
    assert first["p_defect"] > second["p_defect"]


def test_a_control_request_in_between_is_passed_over():
    first, stop, _ = rows(session("play harry porter", "stop", "play harry potter", failed=(0,)))
    assert stop["control"]
    assert first["next_request"] == "play harry potter"


def test_a_new_wish_is_not_a_retry():
    first, _ = rows(session("what's the weather tomorrow", "set a timer for 10 minutes"))
    assert not first["retried"]
    assert first["next_state"] is None


def test_the_state_is_the_interpretation_where_the_log_has_one():
    read, unread = rows(session("Play it", interpretation=PLAY), session("Play it"))
    assert (read["request"], read["state"], read["domain"]) == ("play it", PLAY.key, "media")
    assert (unread["state"], unread["domain"]) == ("play it", None)


def test_a_rewritten_turn_keeps_what_was_said_apart_from_what_was_done():
    (row,) = rows(session("play harry porter", acted_on="Play Harry Potter", interpretation=PLAY))
    assert (row["state"], row["acted_on"], row["acted_state"]) == ("play harry porter", "play harry potter", PLAY.key)
    (row,) = rows(session("play harry porter", acted_on="Play Harry Potter"))
    assert row["acted_state"] == "play harry potter"


def test_where_and_when_pass_through_and_the_reading_before_is_kept():
    context = Context(device_type="speaker", room="Kitchen", local_time="07:05", place="home")
    first, second = rows(session("a", "b", interpretation=PLAY, context=context, home_id="h1"))
    assert (first["previous_state"], second["previous_state"]) == (None, PLAY.key)
    seen = {name: second[name] for name in ("home_id", "device_type", "room", "hour", "place", "activity")}
    assert list(seen.values()) == ["h1", "speaker", "Kitchen", "07", "home", None]


def test_spelling_conventions_do_not_make_two_requests():
    one, other = rows(session("What 's up today?"), session("what's up today"))
    assert one["request"] == other["request"]


def test_an_empty_table_has_no_marks():
    assert mark(table()).schema == TURNS
    assert mark(table()).num_rows == 0


some_sessions = st.lists(
    st.builds(
        lambda texts, reading, failed: session(*texts, interpretation=reading, failed=failed),
        st.lists(
            st.sampled_from(["play jazz", "play jass", "stop", "yes", "no i said jazz", ""]), min_size=1, max_size=4
        ),
        st.none() | interpretations,
        st.sets(st.integers(0, 3)),
    ),
    min_size=1,
    max_size=5,
)


@given(some_sessions)
def test_columns_say_what_sessions_say(sessions):
    found, verdict = rows(*sessions), judge(TurnFrame.of(sessions))
    np.testing.assert_allclose([row["p_defect"] for row in found], verdict.p_defect, atol=1e-6)
    assert [row["retried"] for row in found] == verdict.retried.tolist()
    turns = [turn for one in sessions for turn in one.turns]
    assert [row["state"] for row in found if row["state"] != row["request"]] == [
        turn.interpretation.key
        for turn, row in zip(turns, found, strict=True)
        if turn.interpretation is not None and turn.interpretation.key != row["request"]
    ]


@given(some_sessions)
def test_truth_changes_nothing(sessions):
    told = [
        Session(
            session_id=one.session_id,
            turns=tuple(replace(turn, truth=Truth(defect=True, interpretation=PLAY)) for turn in one.turns),
        )
        for one in sessions
    ]
    assert mark(table(*told)).equals(mark(table(*sessions)))


@settings(max_examples=20)
@given(sessions=some_sessions, wanted=st.sets(st.sampled_from(TURNS.names), min_size=1))
def test_columns_that_are_asked_for_are_those_of_the_whole_view(sessions, wanted, tmp_path_factory):
    whole, path = mark(table(*sessions)), tmp_path_factory.mktemp("part") / "part.parquet"
    pq.write_table(table(*sessions), path)
    (found,) = Marker().mark_part(path, wanted)
    assert found.equals(whole.select([name for name in TURNS.names if name in wanted]))


def test_a_value_that_holds_the_separator_of_slots_makes_no_other_reading_of_it():
    honest = Interpretation(domain="a", intent="b", slots=(("c", "d"), ("e", "f")))
    odd = Interpretation(domain="a", intent="b", slots=(("c", "d\x1fe=f"),))
    readings = [honest, odd, odd, honest]
    found = rows(*(session("play it", interpretation=one, start_s=100.0 * at) for at, one in enumerate(readings)))
    assert [row["state"] for row in found] == [one.key for one in readings]


@settings(max_examples=20)
@given(sessions=some_sessions, size=st.integers(1, 5))
def test_a_part_is_marked_in_batches_that_never_cut_a_session(sessions, size, tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "part.parquet"
    pq.write_table(table(*sessions), path)
    held, marks._BATCH_ROWS = marks._BATCH_ROWS, size
    try:
        found = pa.concat_tables(Marker().mark_part(path))
    finally:
        marks._BATCH_ROWS = held
    assert found.equals(mark(table(*sessions)))


def test_the_view_has_the_version_of_the_log_that_is_written_out():
    version, body = golden_view.written()
    again = "and run python -m tests.feedback.golden_view"
    assert golden_view.marked() == body, f"a marked turn comes out otherwise: raise VIEW_VERSION {again}"
    assert version == VIEW_VERSION, f"the view has another version than the log that is written out: read it {again}"


def test_the_log_that_is_written_out_holds_every_reaction():
    _, body = golden_view.written()
    assert [name for name in REACTIONS if f'"{name}": true' not in body] == []


def test_another_marking_is_not_written_under_the_same_version(monkeypatch, tmp_path):
    monkeypatch.setattr(golden_view, "GOLDEN", tmp_path / "view.txt")
    golden_view.write()
    assert golden_view.written() == (VIEW_VERSION, golden_view.marked())
    monkeypatch.setattr(reactions, "SOON_S", 60.0)
    with pytest.raises(SystemExit, match="raise VIEW_VERSION"):
        golden_view.write()


def test_a_session_that_several_people_share_is_one_for_each_of_them():
    ann = session("play harry porter", "play harry potter", "stop", failed=(0,), user="ann", home_id="h", start_s=0)
    bo = session("play harry potter", "no", "play jazz", failed=(0,), user="bo", home_id="h", start_s=1)
    far = session("play harry potter", "thank you", user="ann", home_id="far away", start_s=2)
    turns = sorted((turn for one in (ann, bo, far) for turn in one.turns), key=lambda turn: turn.said_at)
    shared = to_table(turns).append_column("session", pa.array(["call"] * len(turns)))
    apart = {row["turn_id"]: row for one in (ann, bo, far) for row in rows(one)}
    found = mark(shared).to_pylist()
    assert [row["turn_id"] for row in found] == [turn.turn_id for turn in turns]
    assert found == [apart[row["turn_id"]] | {"session_id": "call"} for row in found]
