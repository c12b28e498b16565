"""Pipeline: who is asked in which order, what is served, and what the trace says."""

import subprocess
import sys
from dataclasses import replace

import pytest

from tests.rewriting.table.tables import rewrite, table
from uptake.catalogue import open_pipeline
from uptake.rewriting.guard import Guard
from uptake.rewriting.identity import meaning_id, meaning_of
from uptake.rewriting.opinions import Event, Opinions
from uptake.rewriting.overrides import Override, Overrides, OverridesFile
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.proposal import Offer
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.table.artifact import RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.store.store import ArtifactStore
from uptake.types import Decision, Interpretation, Request

TABLE = table(rewrite("play jas", "play jazz"), rewrite("light of", "light off now", "ann"), rewrite("by it", "buy it"))


def ask(pipeline, text, user="bo"):
    return pipeline.decide(Request(text=text, user_id=user))


def said(outcome):
    return [(entry.step, entry.verdict) for entry in outcome.trace]


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def serving(tmp_path, store):
    return open_pipeline(store, overrides=tmp_path / "overrides.json")


def test_a_known_request_is_rewritten_with_its_evidence():
    outcome = ask(Pipeline(ExactRewrite(TABLE, "000001-00000000")), "Play jas!")
    assert outcome.normalized == "play jas"
    assert outcome.decision.acted_on == "play jazz"
    assert outcome.decision.rewrite_id == TABLE.lookup("play jas").rewrite_id
    assert outcome.decision.artifact_version == "000001-00000000"
    assert outcome.decision.propensity == 1.0
    assert said(outcome) == [("rewrite", "proposed"), ("guard", "allowed")]


def test_an_unknown_request_is_left_alone():
    outcome = ask(Pipeline(ExactRewrite(TABLE)), "play chess")
    assert outcome.decision is None
    assert said(outcome) == [("rewrite", "abstained")]


@pytest.mark.parametrize("text", ["", " ", "?!", "\0\x07", "🏠", "\ud800", "a" * 2_001])
def test_nothing_said_and_too_much_said_are_left_alone(text):
    assert ask(Pipeline(ExactRewrite(TABLE)), text).decision is None


def test_a_block_ends_it_and_a_pin_wins():
    overrides = Overrides.of([Override("play jas", None, "ann"), Override("play jas", "play jaws", "cy")])
    pipeline = Pipeline(ExactRewrite(TABLE), overrides=overrides)
    assert ask(pipeline, "play jas", "ann").decision is None
    assert said(ask(pipeline, "play jas", "ann")) == [("overrides", "blocked")]
    pinned = ask(pipeline, "play jas", "cy").decision
    assert (pinned.acted_on, pinned.layer, pinned.artifact_version, pinned.evidence) == ("play jaws", "pin", None, None)
    assert ask(pipeline, "play jas", "bo").decision.acted_on == "play jazz"


def test_a_critical_action_must_be_confirmed():
    outcome = ask(Pipeline(ExactRewrite(TABLE)), "by it")
    assert outcome.decision.must_confirm
    assert said(outcome) == [("rewrite", "proposed"), ("guard", "confirm")]
    pinned = Pipeline(overrides=Overrides.of([Override("my thing", "unlock the door")]))
    assert ask(pinned, "my thing").decision.must_confirm


def test_what_the_guard_refuses_goes_on_to_the_next_step():
    contrary = ExactRewrite(table(rewrite("turn on the fan", "turn off the fan")))
    harmless = ExactRewrite(table(rewrite("turn on the fan", "turn on the big fan")))
    outcome = ask(Pipeline(contrary, harmless), "turn on the fan")
    assert outcome.decision.acted_on == "turn on the big fan"
    assert said(outcome) == [
        ("rewrite", "proposed"), ("guard", "refused"), ("rewrite", "proposed"), ("guard", "allowed"),
    ]  # fmt: skip


def test_misses_refill_the_budget():
    pipeline = Pipeline(ExactRewrite(TABLE), guard=Guard(budget_window=4, budget_share=0.25))
    outcomes = [ask(pipeline, text).decision for text in ("play jas", "play jas", "x y", "x y", "play jas", "play jas")]
    assert [decision is not None for decision in outcomes] == [True, False, False, False, True, False]


def test_a_decision_stands_until_something_that_it_rests_on_changes(serving, store, tmp_path):
    store.publish(TABLE)
    rewritten, left = ask(serving, "play jas"), ask(serving, "play chess")
    assert serving.stands(rewritten, "bo")
    assert serving.stands(left, "bo")
    file = OverridesFile(tmp_path / "overrides.json")
    file.put(Override("play chess", "play chess music", "bo"))
    assert not serving.stands(left, "bo")
    assert ask(serving, "play chess").decision.acted_on == "play chess music"
    rewritten = ask(serving, "play jas")
    assert serving.stands(rewritten, "bo")
    store.publish(table(rewrite("play jas", "play jaws")))
    assert not serving.stands(rewritten, "bo")
    assert ask(serving, "play jas").decision.acted_on == "play jaws"


def test_a_decision_stands_no_longer_once_its_person_complained_or_its_steps_look_at_more(tmp_path, serving, store):
    opinions = Opinions(tmp_path / "opinions")
    pipeline = Pipeline(ExactRewrite(TABLE), opinions=opinions)
    outcome = ask(pipeline, "play jas", "ann")
    assert pipeline.stands(outcome, "ann")
    opinions.note("ann", Event("complaint", meaning_of("play jas", "play jazz"), "2026-01-02"))
    assert not pipeline.stands(outcome, "ann")
    store.publish(TABLE)
    left = ask(serving, "play chess")
    assert serving.stands(left, "bo")
    store.publish(RequestIndex.of([IndexedRequest("turn on the hall light", 9, 40)]))
    assert not serving.stands(left, "bo")  # the nearest request is asked now
    assert not serving.stands(ask(serving, "play chess"), "bo")


def test_a_decision_that_stands_is_charged_to_the_budget():
    pipeline = Pipeline(ExactRewrite(TABLE), guard=Guard(budget_window=4, budget_share=0.25))
    rewritten, left = ask(pipeline, "play jas"), ask(pipeline, "x y")
    assert not pipeline.stands(rewritten, "bo")
    assert not pipeline.stands(ask(pipeline, "play jas"), "bo")  # refused for the budget: it may have one again
    assert [pipeline.stands(left, "bo") for _ in range(4)] == [True] * 4
    assert [pipeline.stands(rewritten, "bo") for _ in range(2)] == [True, False]


def test_before_anything_was_learned_it_abstains_and_says_so(serving):
    outcome = ask(serving, "play jas")
    assert outcome.decision is None
    assert "nothing was learned yet" in outcome.trace[0].reason


def test_a_new_version_is_served_from_the_next_request_on(serving, store):
    assert ask(serving, "play jas").decision is None
    first = store.publish(TABLE)
    assert ask(serving, "play jas").decision.artifact_version == first
    second = store.publish(table(rewrite("play jas", "play jaws")))
    assert ask(serving, "play jas").decision.acted_on == "play jaws"
    store.rollback(RewriteTable)
    assert ask(serving, "play jas").decision.artifact_version == first != second


def test_a_refused_version_leaves_the_old_one_serving(serving, store):
    store.publish(TABLE)
    assert ask(serving, "play jas").decision is not None
    home = store.directory / "rewrites"
    bad = store.publish(table(rewrite("play jas", "play jaws")))
    (home / bad / "rows.npy").write_bytes(b"broken")
    outcome = ask(serving, "play jas")
    assert outcome.decision.acted_on == "play jazz"
    assert "goes on serving" in outcome.trace[0].reason
    assert "rows.npy" in outcome.trace[0].reason
    store.rollback(RewriteTable)
    assert "refused" not in ask(serving, "play jas").trace[0].reason


def test_a_refused_first_version_serves_nothing(serving, store):
    version = store.publish(TABLE)
    (store.directory / "rewrites" / version / "manifest.json").unlink()
    outcome = ask(serving, "play jas")
    assert outcome.decision is None
    assert outcome.trace[0].verdict == "broken"
    assert "nothing is served" in outcome.trace[0].reason


def test_the_nearest_request_is_asked_after_the_exact_one(serving, store):
    store.publish(RequestIndex.of([IndexedRequest("play imagine dragons", 9, 40)]))
    outcome = ask(serving, "play imagined dragons")
    assert outcome.decision.step == "near"
    assert said(outcome)[0] == ("rewrite", "abstained")


def test_overrides_are_read_again_when_their_file_changes(serving, store, tmp_path):
    store.publish(TABLE)
    file = OverridesFile(tmp_path / "overrides.json")
    assert ask(serving, "play jas").decision.layer == "global"
    file.put(Override("play jas", None))
    assert ask(serving, "play jas").decision is None
    file.drop(Override("play jas", None))
    assert ask(serving, "play jas").decision.layer == "global"


def test_broken_overrides_keep_the_last_good_ones_or_leave_everything_alone(serving, store, tmp_path):
    store.publish(TABLE)
    path = tmp_path / "overrides.json"
    path.write_text("{")
    outcome = ask(serving, "play jas")
    assert outcome.decision is None
    assert said(outcome) == [("overrides", "broken")]
    path.unlink()
    OverridesFile(path).put(Override("play jas", None))
    assert said(ask(serving, "play jas")) == [("overrides", "blocked")]
    path.write_text("{ ")
    assert said(ask(serving, "play jas")) == [("overrides", "broken"), ("overrides", "blocked")]


def test_deciding_loads_no_training_code():
    code = """
import sys
from pathlib import Path
from uptake.catalogue import open_pipeline
from uptake.rewriting.pipeline import Pipeline
from uptake.store.store import ArtifactStore
from uptake.types import Request
open_pipeline(ArtifactStore(Path("nowhere")), overrides=Path("nothing")).decide(Request(text="a", user_id="b"))
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"pyarrow", "duckdb", "numba", "scipy", "sklearn"}))
print(*[name for name in sys.modules if name.startswith("uptake.release")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not done.stdout.split()


OVEN_TABLE = table(rewrite("cooker on", "oven on", "ann"), rewrite("cooker on", "oven on"))


def test_a_block_of_a_meaning_stops_every_wording_for_its_person_or_for_all():
    blocked = Overrides.of([Override("cooker", None, "ann", "oven"), Override("jas", None, None, "jazz")])
    pipeline = Pipeline(ExactRewrite(OVEN_TABLE), ExactRewrite(TABLE), overrides=blocked)
    asked = ask(pipeline, "cooker on", "ann")
    assert asked.decision is None
    assert ("overrides", "refused") in said(asked)
    assert ask(pipeline, "cooker on", "bo").decision.acted_on == "oven on"
    assert ask(pipeline, "play jas", "bo").decision is None


def test_a_lift_blocks_nothing():
    lifted = Overrides.of([Override("cooker", None, "ann", "oven", "2026-01-01T09:00:00+00:00")])
    pipeline = Pipeline(ExactRewrite(OVEN_TABLE), overrides=lifted, guard=Guard(own_days=1))
    assert ask(pipeline, "cooker on", "ann").decision.acted_on == "oven on"


class KnowsDays:
    name = "knows"

    def __init__(self, days):
        self.found = days

    def __call__(self, request, situation, preflight=None):
        return None

    def days(self, user_id, meaning):
        return self.found


@pytest.mark.parametrize(("days", "asks"), [(0, True), (1, True), (2, False)])
def test_a_persons_own_rewrite_of_the_table_is_asked_about_until_taught_on_enough_days(days, asks):
    decided = ask(Pipeline(ExactRewrite(OVEN_TABLE), KnowsDays(days)), "cooker on", "ann").decision
    assert (decided.must_confirm, decided.unproven) == (asks, asks)


class Doubtful:
    """Proposes one thing for all, and would rather ask."""

    name = "doubtful"

    def __init__(self, acted_on):
        self.acted_on = acted_on

    def __call__(self, request, situation, preflight=None):
        return Decision(
            step=self.name,
            acted_on=self.acted_on,
            rewrite_id="r",
            artifact_version=None,
            layer="global",
            reason="",
            must_confirm=True,
        )


@pytest.mark.parametrize(("acted_on", "asks"), [("play some jazz", False), ("unlock the front door", True)])
def test_what_a_person_agreed_to_is_not_doubted_again_unless_it_is_critical(tmp_path, acted_on, asks):
    opinions = Opinions(tmp_path)
    pipeline = Pipeline(Doubtful(acted_on), opinions=opinions)
    assert ask(pipeline, "play sum chess", "ann").decision.must_confirm
    opinions.note("ann", Event("yes", meaning_of("play sum chess", acted_on), "2026-01-01"))
    assert ask(pipeline, "play sum chess", "ann").decision.must_confirm is asks
    assert ask(pipeline, "play sum chess", "bo").decision.must_confirm


def test_a_complaint_suspends_and_a_yes_ends_the_asking(tmp_path):
    opinions = Opinions(tmp_path)
    pipeline = Pipeline(ExactRewrite(OVEN_TABLE), KnowsDays(1), opinions=opinions)
    meaning = meaning_of("cooker on", "oven on")
    opinions.note("ann", Event("yes", meaning, "2026-01-01"))
    assert not ask(pipeline, "cooker on", "ann").decision.must_confirm
    opinions.note("ann", Event("complaint", meaning, "2026-01-02"))
    assert ask(pipeline, "cooker on", "ann").decision is None
    assert ask(pipeline, "cooker on", "bo").decision is not None


def offer(acted_on, **more):
    identity = meaning_id("play sum chess", acted_on)
    return Decision(
        step="online",
        acted_on=acted_on,
        rewrite_id=identity,
        artifact_version=None,
        layer="global",
        reason="",
        must_confirm=True,
        **more,
    )


class Offers:
    """A step that proposes one request and offers others beside it."""

    name = "online"

    def __init__(self, first, *others):
        self.decision = replace(offer(first), others=tuple(map(offer, others)))

    def __call__(self, request, situation, preflight=None):
        return self.decision


class OffersLater(Offers):
    """The same step, which tells its alternatives apart only where they are wanted."""

    def __init__(self, first, *others):
        super().__init__(first, *others)
        self.told_apart = 0

    def offer(self, request, situation, preflight=None):
        return Offer(replace(self.decision, others=()), self.decision.others, self._others)

    def _others(self):
        self.told_apart += 1
        return self.decision.others


both = pytest.mark.parametrize("step", [Offers, OffersLater])


def offered(pipeline, user="ann", *, understands=lambda text: True):
    def preflight(text):
        return Interpretation(intent="play") if understands(text) else None

    decision = pipeline.decide(Request(text="play sum chess", user_id=user), preflight=preflight).decision
    return decision and (decision.acted_on, decision.must_confirm, *(one.acted_on for one in decision.others))


@both
def test_others_are_offered_beside_what_is_asked_about_if_they_need_no_question_of_their_own(step):
    pipeline = Pipeline(step("play some jazz", "play chess", "unlock the front door", "gibberish"))
    assert offered(pipeline, understands=lambda text: text != "gibberish") == ("play some jazz", True, "play chess")
    critical = Pipeline(step("unlock the front door", "play chess"))
    assert offered(critical) == ("unlock the front door", True)  # a deed like this is named alone
    nobody_to_ask = pipeline.decide(Request(text="play sum chess", user_id="ann")).decision
    assert nobody_to_ask.others == ()


@both
def test_what_the_guard_refuses_takes_nothing_with_it_that_stands_beside_it(step):
    pipeline = Pipeline(step("do not play some chess", "play chess", "play blues"))
    assert offered(pipeline) == ("play chess", True, "play blues")
    assert offered(Pipeline(step("do not play some chess"))) is None


@both
def test_what_a_person_chose_before_is_acted_on_and_what_they_refused_is_not_offered(tmp_path, step):
    opinions = Opinions(tmp_path)
    pipeline = Pipeline(step("play some jazz", "play chess", "play blues"), opinions=opinions)
    opinions.note("ann", Event("complaint", meaning_of("play sum chess", "play some jazz"), "2026-01-01"))
    assert offered(pipeline) == ("play chess", True, "play blues")
    opinions.note("ann", Event("yes", meaning_of("play sum chess", "play blues"), "2026-01-02"))
    assert offered(pipeline) == ("play blues", False)
    assert offered(pipeline, "bo") == ("play some jazz", True, "play chess", "play blues")


def test_alternatives_are_told_apart_only_where_they_are_wanted():
    for first, then, times in (
        ("play some jazz", "play chess", 1),
        ("unlock the front door", "play chess", 0),  # a deed like this is named alone
        ("do not play some chess", "do not play chess", 0),  # both are refused
        ("do not play some chess", "play chess", 1),
    ):
        step = OffersLater(first, then)
        offered(Pipeline(step))
        assert step.told_apart == times
    gibberish = OffersLater("gibberish", "play chess")
    offered(Pipeline(gibberish), understands=lambda text: text != "gibberish")
    assert gibberish.told_apart == 0
