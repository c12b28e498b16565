"""P(defect): what raises it, what lowers it, and what it may look at."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import session
from tests.strategies import turns
from uptake.feedback.columns import TurnFrame
from uptake.feedback.scorer import DEFECT_OFFLINE, DEFECT_ONLINE, REPHRASE, LightScorer, defects, judge
from uptake.types import Session, Truth

requests = st.sampled_from(["play jazz", "play jess", "stop", "no i said jazz", "volume up", "", "lights on"])
sessions = st.lists(requests, min_size=1, max_size=5).map(lambda said: session(*said, gap_s=7.0))


def chance(said: Session, **options) -> float:
    """P(defect) of the first turn."""
    return next(iter(defects(said, **options).values()))


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (session("play jess", "play jazz", status=None), session("play jess", status=None)),
        (session("play jess", failed=[0]), session("play jess")),
        (session("play jess", "no i said jazz", status=None), session("play jess", "thank you", status=None)),
        (session("play jess", answer=False), session("play jess", answer=True)),
        (session("play jess", undone=True), session("play jess")),
        (session("play jess", "stop", status=None), session("play jess", "thanks", status=None)),
    ],
)
def test_friction_raises_the_probability(worse, better):
    assert chance(worse) > chance(better) + 0.05


def test_a_quiet_success_is_no_defect_and_a_plain_failure_is():
    found = judge(TurnFrame.of([session("play jazz"), session("play jazz", failed=[0])]))
    assert found.defect.tolist() == [False, True]


@given(sessions)
def test_the_online_form_does_not_know_the_future(said):
    whole = list(defects(said, offline=False).values())
    for end in range(1, len(said.turns) + 1):
        part = replace(said, turns=said.turns[:end])
        assert list(defects(part, offline=False).values()) == pytest.approx(whole[:end], abs=1e-12)


@given(st.lists(sessions, min_size=1, max_size=4))
def test_a_session_is_judged_alike_alone_and_among_others(many):
    together = LightScorer().judge(many)
    apart = [LightScorer().judge([one]) for one in many]
    np.testing.assert_allclose(together.p_defect, np.concatenate([one.p_defect for one in apart]), rtol=0, atol=1e-12)
    assert together.retried.tolist() == [said for one in apart for said in one.retried]


@settings(max_examples=50)
@given(st.lists(turns, min_size=1, max_size=4, unique_by=lambda turn: turn.turn_id))
def test_any_session_gets_probabilities_and_truth_changes_none(said):
    ordered = tuple(sorted(said, key=lambda turn: (turn.said_at, turn.turn_id)))
    told = Session(session_id="s", turns=ordered)
    untold = Session(session_id="s", turns=tuple(replace(turn, truth=Truth(defect=True)) for turn in ordered))
    assert all(0.0 < one < 1.0 for one in defects(told).values())
    assert defects(told) == defects(untold)


def test_the_features_are_as_many_as_their_names():
    assert (len(REPHRASE), len(DEFECT_ONLINE), len(DEFECT_OFFLINE)) == (16, 11, 23)
    assert DEFECT_OFFLINE[: len(DEFECT_ONLINE)] == DEFECT_ONLINE


def test_an_empty_frame_is_judged_too():
    assert len(judge(TurnFrame.of([])).p_defect) == 0
