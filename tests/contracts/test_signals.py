"""Laws of every signal: pure, silent by saying nothing, and only of turns of the session."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session
from tests.strategies import turns
from uptake.protocols import Signal
from uptake.signals import SIGNALS
from uptake.types import Feedback, Session, Truth

sessions = st.lists(turns, min_size=1, max_size=4, unique_by=lambda turn: turn.turn_id).map(
    lambda said: Session(session_id="s", turns=tuple(sorted(said, key=lambda turn: (turn.said_at, turn.turn_id))))
)
each = pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)


@each
def test_a_signal_is_known_by_its_name(signal):
    assert isinstance(signal, Signal)
    assert SIGNALS[signal.name] is signal


@each
@settings(max_examples=30)
@given(said=sessions)
def test_a_signal_speaks_only_of_turns_of_the_session_and_in_range(signal, said):
    known = {turn.turn_id for turn in said.turns}
    for one in signal(said):
        assert isinstance(one, Feedback)
        assert one.turn_id in known
        assert one.about is None or one.about in known
        assert one.signal == signal.name
        assert 0.0 < one.score <= 1.0


@each
@settings(max_examples=20)
@given(said=sessions)
def test_a_signal_is_pure_and_blind_to_truth(signal, said):
    blinded = replace(said, turns=tuple(replace(turn, truth=Truth(defect=True)) for turn in said.turns))
    assert list(signal(said)) == list(signal(said)) == list(signal(blinded))


@each
def test_a_turn_that_nobody_reacted_to_is_met_with_silence(signal):
    assert list(signal(session("play jazz", status=None))) == []
