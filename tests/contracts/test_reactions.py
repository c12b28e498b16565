"""Laws of every reaction: pure, blind to truth, silent by saying nothing, and the same alone and in a table of many."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session
from tests.strategies import moments, turns
from uptake.feedback import REACTIONS, reactions_of
from uptake.feedback.columns import TurnFrame
from uptake.feedback.reactions import reactions
from uptake.feedback.turns_view import TURNS, mark
from uptake.log.rows import to_table
from uptake.types import Session, Truth

requests = st.sampled_from(
    ["play jazz", "play jess", "stop", "yes", "no", "no i said jazz", "thank you", "volume up", "", "lights on"]
)
responses = st.none() | st.sampled_from(["Playing jazz.", "Which one?", "Jazz. Did I get that right?"])
spoken = st.builds(replace, turns, request=requests, response=responses)
sessions = (
    st.tuples(moments, st.lists(st.tuples(turns | spoken, st.sampled_from([1, 20, 31])), min_size=1, max_size=5))
    .map(lambda drawn: _session(*drawn))
)  # fmt: skip


def _session(begun, said) -> Session:
    seconds = np.cumsum([gap for _, gap in said]).tolist()
    ordered = [
        replace(turn, turn_id=f"t{at}", said_at=begun.replace(year=2026) + np.timedelta64(at_s, "s").item())
        for at, ((turn, _), at_s) in enumerate(zip(said, seconds, strict=True))
    ]
    return Session(session_id="s", turns=tuple(ordered))


def _marked(many: list[Session]) -> list[dict]:
    """The view of a log that holds all the sessions."""
    names = [f"s{at}" for at, one in enumerate(many) for _ in one.turns]
    table = to_table([turn for one in many for turn in one.turns])
    return mark(table.append_column("session", pa.array(names))).to_pylist()


@pytest.mark.parametrize("reaction", REACTIONS.values(), ids=REACTIONS)
def test_a_reaction_is_a_column_of_the_view_and_says_what_it_means(reaction):
    assert REACTIONS[reaction.name] is reaction
    assert TURNS.field(reaction.name).type == pa.bool_()
    assert reaction.means.endswith(".")
    assert reaction.speaks_for in ("defect", "success")


@settings(max_examples=60)
@given(said=sessions)
def test_reactions_are_pure_blind_to_truth_and_speak_of_every_turn_once(said):
    lie = replace(said, turns=tuple(replace(turn, truth=Truth(defect=True)) for turn in said.turns))
    assert reactions_of(said) == reactions_of(said) == reactions_of(lie)
    assert list(reactions_of(said)) == [turn.turn_id for turn in said.turns]


@settings(max_examples=60)
@given(many=st.lists(sessions, min_size=1, max_size=4))
def test_a_session_alone_and_in_a_table_of_many_meets_the_same_reactions(many):
    alone = [names for one in many for names in reactions_of(one).values()]
    assert [tuple(name for name in REACTIONS if row[name]) for row in _marked(many)] == alone


@given(again=st.booleans())
def test_a_turn_that_nobody_reacted_to_is_met_with_silence(again):
    frame = TurnFrame.of([session("play jazz", status=None)])
    spoke = reactions(frame, np.array([again]))
    assert list(spoke) == list(REACTIONS)
    assert [name for name, rows in spoke.items() if rows.any()] == (["retried"] if again else [])


def test_a_log_that_records_nothing_but_requests_is_met_with_silence():
    plain = TurnFrame.of([session("play jazz", "what time is it", status=None)])
    bare = TurnFrame(texts=plain.texts, text=plain.text, session=plain.session, said_at=plain.said_at)
    assert not any(rows.any() for rows in reactions(bare, np.zeros(2, dtype=bool)).values())
