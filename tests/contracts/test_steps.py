"""Laws of every step: None is "I abstain", a decision is whole, and nothing a user says raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.artifacts.rankings import head
from tests.artifacts.repairing import model
from tests.artifacts.tables import rewrite, table
from uptake.artifacts.fluency import Fluency
from uptake.artifacts.index import Known, RequestIndex
from uptake.artifacts.ranker import Ranker
from uptake.artifacts.sounds import KnownRequest, SoundIndex
from uptake.decide.hearing import HeardReading
from uptake.decide.online import OnlineRewrite, shipped
from uptake.decide.pipeline import Pipeline
from uptake.decide.recall import Recall
from uptake.decide.repair import RepairReading
from uptake.decide.retrieve.cascade import Retrieval
from uptake.decide.rewrite import ExactRewrite
from uptake.decide.sound import SoundRewrite
from uptake.decide.votes import VOTE_FEATURES
from uptake.protocols import Step
from uptake.types import Decision, Request, Situation

KNOWN = ["play harry porter", "play imagined dragons", "turn on the whole light"]
REWRITES = table(*(rewrite(text, f"{text} please now") for text in KNOWN), rewrite(KNOWN[0], "play chess", "ann"))
SOUNDS = SoundIndex.from_requests([KnownRequest("play imagine dragons", 9, 40), KnownRequest("set a timer", 9, 40)])
VOTES = Ranker(heads={"hearing": head(features=VOTE_FEATURES, on="votes")}, fluency=Fluency.of([]))
STEPS = [
    ExactRewrite(REWRITES, "000001-00000000"),
    SoundRewrite(SOUNDS, "000001-00000000"),
    Recall(SOUNDS, "000001-00000000"),
    OnlineRewrite(
        Retrieval.over(RequestIndex.of([Known(text, 9, 40) for text in KNOWN])), shipped(), "000001-00000000"
    ),
    RepairReading(model(), "000001-00000000"),
    HeardReading(VOTES, "000001-00000000"),
]
each = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)

anything = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=20),  # surrogates and control characters included
    st.sampled_from(KNOWN).map(lambda text: f" {text.upper()}! "),
    st.sampled_from(["", " ", "\0", "\n\t", "🏠🔓", "a" * 100_000, "ab " * 30_000, "\ud800", "٣ ﷺ", "'", "%s {}"]),
)
requests = st.builds(Request, text=anything, user_id=st.one_of(st.sampled_from(["ann", "bo"]), anything))


@each
def test_a_step_is_known_by_its_name(step):
    assert isinstance(step, Step)


@each
@given(request=requests)
def test_a_step_abstains_or_decides_and_never_raises(step, request):
    decision = step(request, Situation())
    assert decision is None or isinstance(decision, Decision)
    if decision is not None:
        assert decision.step == step.name
        assert decision.acted_on
        assert decision.rewrite_id
        assert decision.artifact_version == "000001-00000000"
        assert 0.0 < decision.propensity <= 1.0
        assert decision.reason
        assert not any(text in decision.reason for text in KNOWN)


@each
@given(request=requests)
def test_deciding_again_decides_the_same(step, request):
    assert step(request, Situation()) == step(request, Situation())


@settings(max_examples=60)
@given(request=requests)
def test_the_whole_pipeline_never_raises_and_always_leaves_a_trace(request):
    outcome = Pipeline(*STEPS).decide(request)
    assert outcome.trace
    assert all(entry.step and entry.verdict and entry.reason and entry.time_us >= 0 for entry in outcome.trace)


def test_a_step_finds_what_it_was_taught_however_it_is_written():
    assert STEPS[0](Request(text=" Play HARRY porter! ", user_id="bo"), Situation()).layer == "global"
    assert STEPS[0](Request(text="play harry porter", user_id="ann"), Situation()).layer == "personal"
