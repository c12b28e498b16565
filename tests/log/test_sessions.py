"""sessions: the source's word first, then a pause on one user's device."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import log, session, turn
from tests.strategies import logs
from uptake.log.rows import to_table
from uptake.log.sessions import find_sessions, sessions, with_sessions


def found(*turns, gap_s=45.0):
    return find_sessions(to_table(turns), gap_s=gap_s).to_pylist()


def plainly(turns, gap_s=45.0):
    """The same rule, a turn at a time."""
    last, names = {}, {}
    for said in sorted(turns, key=lambda said: (said.said_at, said.turn_id)):
        if said.session_id:
            names[said.turn_id] = said.session_id
            continue
        line = (said.user_id, said.device_id)
        before = last.get(line)
        goes_on = before and (said.said_at - before.said_at).total_seconds() <= gap_s
        names[said.turn_id] = names[before.turn_id] if goes_on else said.turn_id
        last[line] = said
    return names


@given(logs(), st.sampled_from([0.0, 45.0, 3600.0]))
def test_columns_at_once_find_what_one_turn_at_a_time_finds(turns, gap_s):
    names = plainly(turns, gap_s)
    assert found(*turns, gap_s=gap_s) == [names[said.turn_id] for said in turns]


def test_a_pause_of_45_seconds_goes_on_and_a_longer_one_does_not():
    first, second, third = (turn(at_s=at_s, turn_id=str(at_s)) for at_s in (0, 45, 90.000001))
    assert found(third, first, second) == ["90.000001", "0", "0"]


def test_another_user_or_device_is_another_session():
    turns = [turn(turn_id="a"), turn(turn_id="b", user="bo"), turn(turn_id="c", device_id="hall")]
    assert found(*turns) == ["a", "b", "c"]


def test_the_session_of_the_source_wins_over_time():
    turns = [turn(turn_id="a", session_id="call"), turn(turn_id="b"), turn(turn_id="c", session_id="call", at_s=9e6)]
    assert found(*turns) == ["call", "b", "call"]


def test_an_empty_session_id_is_none_at_all():
    assert found(turn(turn_id="a", session_id="")) == ["a"]


def test_of_two_turns_at_one_moment_the_smaller_name_begins():
    assert found(turn(turn_id="b"), turn(turn_id="a"), turn(turn_id="é")) == ["a", "a", "a"]


def test_rows_come_ordered_by_session_then_time_then_name():
    turns = [turn(turn_id="c", at_s=1), turn(turn_id="b", at_s=1), turn(turn_id="a", at_s=900), turn(turn_id="d")]
    table = with_sessions(to_table(turns))
    assert table.select(["session", "turn_id"]).to_pydict() == {
        "session": ["a", "d", "d", "d"],
        "turn_id": ["a", "d", "b", "c"],
    }


def test_sessions_of_turns_are_built_again_from_them():
    built = [session("play jass", "play jazz"), session("stop", user="bo")]
    assert sessions(reversed(log(built))) == built


def test_no_turns_make_no_sessions():
    assert sessions([]) == []


def test_people_who_share_a_session_id_have_a_session_each():
    said = [
        turn(turn_id=f"{user}{at}", user=user, session_id="call", at_s=at) for at in (0, 1) for user in ("ann", "bo")
    ]
    assert [[one.turn_id for one in each.turns] for each in sessions(said)] == [["ann0", "ann1"], ["bo0", "bo1"]]
