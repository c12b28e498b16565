"""Laws of every step: None is "I abstain", a decision is whole, and nothing a user says raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rewriting.ranking.rankings import head
from tests.rewriting.repair.repairing import model
from tests.rewriting.table.tables import rewrite, table
from uptake.catalogue import capabilities
from uptake.protocols import Step
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.nbest import HeardReading
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.rewriting.ranking.step import OnlineRewrite, shipped
from uptake.rewriting.repair.step import RepairReading
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.fallback import Recall
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.retrieval.step import Retrieval
from uptake.rewriting.table.step import ExactRewrite
from uptake.types import Decision, Request, Situation

KNOWN = ["play harry porter", "play imagined dragons", "turn on the whole light"]
REWRITES = table(*(rewrite(text, f"{text} please now") for text in KNOWN), rewrite(KNOWN[0], "play chess", "ann"))
INDEX = RequestIndex.of([IndexedRequest("play imagine dragons", 9, 40), IndexedRequest("set a timer", 9, 40)])
VOTES = Ranker(heads={"hearing": head(features=VOTE_FEATURES, on="votes")}, fluency=Fluency.of([]))
STEPS = [
    ExactRewrite(REWRITES, "000001-00000000"),
    NearRewrite(INDEX, "000001-00000000"),
    Recall(INDEX, "000001-00000000"),
    OnlineRewrite(
        Retrieval.over(RequestIndex.of([IndexedRequest(text, 9, 40) for text in KNOWN])), shipped(), "000001-00000000"
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


def test_every_step_of_the_catalogue_is_here():
    served = {cls for one in capabilities() for cls in one.step_classes()}
    by_name = {cls.name for cls in served}
    assert by_name == {step.name for step in STEPS}
