"""Decisions that carry a reading: served only where learned, tried on the assistant, and never judged by a name."""

import math
from dataclasses import replace

import pytest

from tests.rewriting.ranking.rankings import head
from tests.rewriting.repair.repairing import model
from uptake.catalogue import open_pipeline
from uptake.errors import ArtifactRefused
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.fluency import Fluency
from uptake.rewriting.ranking.nbest import HeardReading
from uptake.rewriting.ranking.nbest_features import VOTE_FEATURES
from uptake.rewriting.repair.artifact import RepairModel, Rule
from uptake.rewriting.repair.step import RepairReading
from uptake.store.store import ArtifactStore
from uptake.types import Interpretation, Request, Situation, Transcript

FOOD = Interpretation(intent="inform", slots=(("inform.food", "indian"),), confidence=0.9)
HEARD = ("indian food", "some indian food")


class Assistant:
    """Reads what it is given, and knows whether things are here."""

    def __init__(self, reads=None, *, here=True):
        self.reads, self.here, self.asked = reads or {}, here, []

    def __call__(self, text):
        return next(iter(self.readings(text)), None)

    def readings(self, text):
        self.asked.append(text)
        return self.reads.get(text, ())

    def exists(self, reading):
        return self.here


def request(*texts, user="ann", confidence=0.0):
    listed = tuple(Transcript(text=one, score=-1.0) for one in texts)
    return Request(text=texts[0], user_id=user, alternatives=listed, confidence=confidence)


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def serving(tmp_path, store):
    return open_pipeline(store, overrides=tmp_path / "overrides.json")


def steps(outcome):
    return [entry.step for entry in outcome.trace]


def test_a_published_repair_is_proposed_as_a_reading(store, serving):
    version = store.publish(model())
    outcome = serving.decide(request(*HEARD), Situation(), Assistant())
    decision = outcome.decision
    assert (decision.step, decision.artifact_version, decision.acted_on) == ("repair", version, "inform indian")
    assert decision.interpretation.slots == FOOD.slots
    assert "likely meant" in decision.reason
    assert "indian" not in decision.reason
    assert outcome.trace[-1].verdict == "allowed"


def test_what_is_not_here_is_not_acted_on_and_without_an_assistant_nothing_is_proposed(store, serving):
    store.publish(model())
    refused = serving.decide(request(*HEARD), Situation(), Assistant(here=False))
    assert refused.decision is None
    assert ("preflight", "refused") in [(entry.step, entry.verdict) for entry in refused.trace]
    assert serving.decide(request(*HEARD)).decision is None
    assert serving.decide(request(*HEARD), Situation(), lambda text: FOOD).decision is None


def test_nothing_published_asks_nothing_and_leaves_no_line_in_the_trace(store, serving):
    before = serving.decide(request(*HEARD), Situation(), Assistant())
    assert not {"repair", "hearing"} & set(steps(before))
    store.publish(model())
    assert "repair" in steps(serving.decide(request("play"), Situation(), Assistant()))


def test_a_rolled_back_repair_is_no_longer_served(store, serving):
    silent = model(rule=replace(model().rule, least=float("inf")))
    first, _ = store.publish(silent), store.publish(model())
    assert serving.decide(request(*HEARD), Situation(), Assistant()).decision is not None
    store.rollback(RepairModel, first)
    assert serving.decide(request(*HEARD), Situation(), Assistant()).decision is None


def test_a_damaged_repair_is_refused_and_the_one_before_goes_on(store, serving):
    store.publish(model())
    assert serving.decide(request(*HEARD), Situation(), Assistant()).decision is not None
    other = store.publish(model(rule=Rule(loss=2.0, neutral=0.5, least=0.6, additive=True)))
    (store.directory / "repairs" / other / "repairs.json").write_text("{}")
    outcome = serving.decide(request(*HEARD), Situation(), Assistant())
    assert outcome.decision is not None
    assert "goes on serving" in next(entry.reason for entry in outcome.trace if entry.step == "repair")


def voting(threshold=math.inf, **thresholds):
    most_votes = head(features=VOTE_FEATURES, on="votes", above=1.5, threshold=threshold, **thresholds)
    return Ranker(heads={"hearing": most_votes}, fluency=Fluency.of([]))


VOTES = Assistant({"play quean": (replace(FOOD, slots=()),), "play queen": (FOOD,), "play a queen": (FOOD,)})
LISTED = ("play quean", "play queen", "play a queen")


@pytest.mark.parametrize(("threshold", "asks"), [(-99.0, False), (99.0, True)])
def test_readings_of_the_whole_list_vote_where_a_ranker_has_learned_to(threshold, asks):
    step = HeardReading(voting(threshold=threshold, ask=-99.0), "7")
    decision = step(request(*LISTED), Situation(), VOTES)
    assert (decision.step, decision.artifact_version, decision.must_confirm) == ("hearing", "7", asks)
    assert decision.interpretation.slots == FOOD.slots
    assert decision.acted_on == "play queen"


def test_the_sure_the_alone_and_the_untaught_are_left_alone():
    step = HeardReading(voting(threshold=-99.0))
    asked = Assistant(VOTES.reads)
    assert step(request(*LISTED, confidence=0.6), Situation(), asked) is None
    assert step(request("play quean"), Situation(), asked) is None
    assert HeardReading(Ranker(heads={}, fluency=Fluency.of([])))(request(*LISTED), Situation(), asked) is None
    assert step(request(*LISTED), Situation()) is None
    assert not asked.asked
    assert HeardReading(voting())(request(*LISTED), Situation(), asked) is None  # a threshold nothing reaches


def test_a_ranker_of_other_features_is_refused_before_anybody_speaks():
    with pytest.raises(ArtifactRefused):
        HeardReading(Ranker(heads={"hearing": head()}, fluency=Fluency.of([])))


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_000, "\ud800", "🏠", "indian " * 3_000])
def test_nothing_that_anybody_says_raises(text):
    for step in (RepairReading(model()), HeardReading(voting(threshold=-99.0))):
        step(request(text, text + " please", "\0"), Situation(), Assistant())
