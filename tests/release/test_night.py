"""A release: what hurts goes, what passes is published, what is too much waits; in an ordinary state directory."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from tests.builders import session
from uptake.capability import Capability
from uptake.catalogue import capability, daily, open_pipeline
from uptake.errors import BadRecord, NotReady
from uptake.experiments.assignment import Experiment
from uptake.experiments.exposures import Past
from uptake.experiments.incidents import Incident
from uptake.experiments.outcomes import outcomes_of_turns
from uptake.experiments.pooled import pool_outcomes
from uptake.experiments.registry import StopRules
from uptake.experiments.withdrawn import read_withdrawn
from uptake.lab.simulate.nights import Night, nights, pass_nights
from uptake.release.curate import learned_view
from uptake.release.gates import BUDGET, Evidence, judge
from uptake.release.history import releases
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.fallback import Recall
from uptake.rewriting.retrieval.near import NearRewrite
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.learn.markov import MarkovRewriter
from uptake.types import Evidence as Counts
from uptake.types import Request, Situation

PEOPLE = [f"user-{number:02d}" for number in range(40)]
FINE = Counts(users=60, sessions=120, success_before=0.3, success_after=0.9)
HARM = Rewrite("play the blues", "play the news", FINE)
"""Of a request that nobody made before: only what it does to people can give it away."""


def repairs(count=12):
    return [session("play maj and dragons", "play imagine dragons", user=user, failed=(0,)) for user in PEOPLE[:count]]


def normal():
    return [session("play jazz", user=user) for user in PEOPLE]


@pytest.fixture
def state(tmp_path):
    return State(tmp_path)


def write(state, sessions):
    state.log.append([turn for one in sessions for turn in one.turns])


def asked(state, text):
    pipeline = open_pipeline(state.artifacts, overrides=state.overrides.path)
    decision = pipeline.decide(Request(text=text, user_id="somebody")).decision
    return decision and decision.acted_on


def planted(one: Capability, artifact):
    """Harm in the table, as a learner gone wrong would publish it."""
    return _with(HARM, one, artifact)


def test_what_people_say_again_is_served_after_a_release(state):
    write(state, [*repairs(), *normal()])
    done = release(state)
    assert asked(state, "play maj and dragons") == "play imagine dragons"
    [table] = [one for one in done.learned if one.name == "rewrites"]
    assert [row.request for row in table.new.added] == ["play maj and dragons"]
    assert [row["published"]["rewrites"] for row in releases(state)] == [table.published]


def test_a_release_twice_changes_nothing(state):
    write(state, [*repairs(), *normal()])
    release(state)
    again = release(state)
    assert [one.published for one in again.learned] == [None] * len(daily())
    assert len(releases(state)) == 1


def test_a_change_of_counts_alone_is_published_only_where_evidence_counts(state):
    write(state, [*repairs(), *normal()])
    release(state, ("rewrites",))
    write(state, [session("play maj and dragons", "play imagine dragons", user="later", failed=(0,))])
    published = [release(state, ("rewrites",), evidence_too=too).learned[0].published for too in (False, True)]
    assert [version is not None for version in published] == [False, True]


def _harmed(each=1):
    """A rewrite that everybody undoes, where nobody is in an experiment."""
    for user in PEOPLE[:8]:
        one = session("play the blues", "play the blues", user=user, failed=(1,), acted_on="play the news")
        mark = {"rewrite_id": HARM.rewrite_id, "undone": True}
        yield replace(one, turns=tuple(replace(turn, turn_id=f"later-{turn.turn_id}", **mark) for turn in one.turns))


def test_a_rewrite_that_people_complain_of_is_withdrawn_by_learning_alone_and_never_comes_back(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    assert asked(state, "play the blues") == "play the news"
    write(state, list(_harmed()))
    dry = release(state, revise=planted, dry_run=True)
    assert [one.rewrite_id for one in dry.withdrawn] == [HARM.rewrite_id]
    assert asked(state, "play the blues") == "play the news", "a dry run changes nothing"
    done = release(state, revise=planted)
    assert [one.rewrite_id for one in done.withdrawn] == [HARM.rewrite_id]
    assert {row.gate for row in done.refused if row.what == HARM.rewrite_id} == {"withdrawn"}
    [row] = read_withdrawn(state.withdrawn)
    assert (row["rewrite_id"], row["request"], row["at"][:2]) == (HARM.rewrite_id, "play the blues", "20")
    assert asked(state, "play the blues") is None
    again = release(state, revise=planted)
    assert asked(state, "play the blues") is None
    assert HARM.rewrite_id not in {row.rewrite_id for row in state.artifacts.load(RewriteTable).rows()}
    assert again.withdrawn == ()


def test_a_rewrite_that_everybody_undoes_is_withdrawn_even_if_its_request_never_worked(state):
    alone = [session("play the blues", user=user, failed=(0,)) for user in PEOPLE]
    write(state, [*repairs(), *normal(), *alone])
    release(state, revise=planted)
    write(state, list(_harmed()))
    done = release(state, revise=planted)
    assert [one.rewrite_id for one in done.withdrawn] == [HARM.rewrite_id]
    assert "but a rewrite may fail at most 60%" in done.withdrawn[0].reason


def test_what_was_withdrawn_is_listed_so_once_and_not_as_blocked_by_a_person(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    write(state, list(_harmed()))
    release(state, revise=planted)
    [row] = learned_view(state).gone(None)
    assert (row.layer, row.state, row.request) == ("override", "withdrawn", "blues")
    assert "set by a person" not in row.sentence
    assert "failed 100% of" in row.sentence


def test_a_rewrite_of_a_request_that_works_is_refused_by_the_logs_own_past(state):
    write(state, [*repairs(), *normal()])
    flattered = Rewrite("play jazz", "play the news", FINE)
    table = partial(_with, flattered)
    done = release(state, revise=table)
    assert [(row.what, row.gate) for row in done.refused] == [(flattered.rewrite_id, "past")]
    assert asked(state, "play jazz") is None
    assert asked(state, "play maj and dragons") == "play imagine dragons"


def _with(row, one: Capability, artifact):
    return RewriteTable.from_rows([row, *artifact.rows()]) if one.name == "rewrites" else artifact


def _answered(*answers):
    """People who are asked whether they meant it, and what they say."""
    mark = {"rewrite_id": HARM.rewrite_id, "action": "dialogue.ask_confirm", "status": None}
    for user, answer in zip(PEOPLE, answers, strict=False):
        one = session("play the blues", user=user, acted_on=HARM.acted_on, session_id=f"asked-{user}")
        yield replace(one, turns=tuple(replace(turn, answer=answer, **mark) for turn in one.turns))


def state_of(state, name=HARM.rewrite_id):
    found = state.canaries.read().by_name.get(name)
    return found and found.state


def test_people_are_asked_about_what_has_too_little_past_and_a_dry_run_only_says_so(state):
    write(state, [*repairs(), *normal()])
    dry = release(state, revise=planted, dry_run=True)
    assert {one.name: one.state for one in dry.canaries}[HARM.rewrite_id] == "asking"
    assert state_of(state) is None
    release(state, revise=planted)
    assert state_of(state) == "asking"
    pipeline = open_pipeline(state.artifacts, overrides=state.overrides.path)
    asked_about = pipeline.decide(Request(text="play the blues", user_id="somebody")).decision
    assert (asked_about.acted_on, asked_about.must_confirm) == ("play the news", True)
    learned = pipeline.decide(Request(text="play maj and dragons", user_id="somebody")).decision
    assert learned.must_confirm is False, "twelve people failed with it: that is past enough"
    assert {row["name"]: row["state"] for row in releases(state)[0]["canaries"]}[HARM.rewrite_id] == "asking"


def test_two_people_who_say_no_withdraw_it_before_it_was_ever_acted_on(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    write(state, list(_answered(False, None, False)))
    done = release(state, revise=planted)
    assert [(one.rewrite_id, one.exposures) for one in done.withdrawn] == [(HARM.rewrite_id, 0)]
    assert "2 of 2 people who were asked said no" in read_withdrawn(state.withdrawn)[0]["reason"]
    assert state_of(state) is None
    assert asked(state, "play the blues") is None


def test_three_people_who_say_yes_prove_it(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    write(state, list(_answered(True, True, None, True)))
    assert [(one.name, one.state) for one in release(state, revise=planted).canaries] == [(HARM.rewrite_id, "proven")]
    assert release(state, revise=planted).canaries == ()
    pipeline = open_pipeline(state.artifacts, overrides=state.overrides.path)
    decisions = [pipeline.decide(Request(text="play the blues", user_id=user)).decision for user in PEOPLE]
    assert 0 < sum(one.must_confirm for one in decisions) < len(PEOPLE) / 2, "some are asked again later"


class Uncountable(MarkovRewriter):
    """A learner whose query no engine can answer."""

    statistics = "SELECT no_such_column FROM turns"


def test_a_learner_that_cannot_be_counted_keeps_nothing_from_being_withdrawn(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    assert asked(state, "play the blues") == "play the news"
    write(state, list(_harmed()))
    with pytest.raises(Exception, match="no_such_column"):
        release(state, learners={"rewrites": Uncountable()})
    assert asked(state, "play the blues") is None
    assert [row["rewrite_id"] for row in read_withdrawn(state.withdrawn)] == [HARM.rewrite_id]


def test_what_works_is_not_withdrawn(state):
    write(state, [*repairs(), *normal()])
    release(state)
    fired = [
        session("play maj and dragons", user=user, acted_on="play imagine dragons", session_id=f"again-{user}")
        for user in PEOPLE
    ]
    [row] = state.artifacts.load(RewriteTable).rows()
    mark = {"rewrite_id": row.rewrite_id}
    write(state, [replace(one, turns=tuple(replace(turn, **mark) for turn in one.turns)) for one in fired])
    assert release(state).withdrawn == ()
    assert asked(state, "play maj and dragons") == "play imagine dragons"


def test_a_known_incident_is_refused_with_its_name(state):
    state.incidents.add(Incident("dragons", "play maj and dragons", ("play imagine dragons",)))
    write(state, [*repairs(), *normal()])
    done = release(state)
    assert ("incident", "play maj and dragons") in [(row.gate, row.request) for row in done.refused]
    assert asked(state, "play maj and dragons") is None


def test_what_the_log_teaches_too_little_keeps_nothing_else_back(state):
    write(state, [*repairs(), *normal()])
    ranker, rewrites = release(state, ["ranker", "rewrites"]).learned
    assert isinstance(ranker.error, NotReady)
    assert ranker.published is None
    assert rewrites.error is None
    assert list(releases(state)[-1]["published"]) == ["rewrites"]
    assert asked(state, "play maj and dragons") == "play imagine dragons"


def test_an_incident_of_what_is_merely_alike_is_forbidden_and_the_rest_is_learned(state, tmp_path):
    index = RequestIndex.of([IndexedRequest("play the blues", 9, 40), IndexedRequest("dim the bedroom lamp", 9, 40)])
    evidence = Evidence(incidents=(Incident("blues", "play the bluse", ("play the blues",)),))
    kept, refused = judge(capability("index"), index, None, evidence)
    assert refused == ()
    kept.save(tmp_path)
    near = NearRewrite(RequestIndex.load(tmp_path))
    asked_for = {
        text: near(Request(text=text, user_id="ann"), Situation()) for text in ("play the bluse", "play th blues")
    }
    assert asked_for["play the bluse"] is None
    assert asked_for["play th blues"].acted_on == "play the blues"
    sure = Request(text="play the bluse", user_id="ann", confidence=0.1)
    assert Recall(kept)(sure, Situation()) is None
    assert Recall(index)(sure, Situation()).acted_on == "play the blues"


def test_nothing_is_led_to_what_fails_itself_by_the_logs_own_past():
    said = [("play jazz", user, user < "user-02") for user in PEOPLE] + [("jass", user, True) for user in PEOPLE]
    said += [("play chess", user, user > "user-15") for user in PEOPLE] + [("play rock", user, True) for user in "abcd"]
    sessions = [session(text, user=user, failed=(0,) * fails) for text, user, fails in said]
    turns = [turn for one in sessions for turn in one.turns]
    evidence = Evidence(past=Past(pool_outcomes(outcomes_of_turns(turns, defect="signals"))))
    known = [IndexedRequest(text, 9, 40) for text in ("play jazz", "play chess", "play rock", "never said")]
    led = [IndexedRequest("jass", 9, leads_to="play jazz"), IndexedRequest("chass", 9, leads_to="play chess")]
    index, refused = judge(capability("index"), RequestIndex.of([*known, *led]), None, evidence)
    assert {one.text for one in index.rows()} == {"play jazz", "jass", "play rock", "never said"}
    assert [(one.what, one.gate, "1 of its" in one.reason) for one in refused] == [("index", "target", True)]
    rows = [Rewrite("jass", "play jazz", FINE), Rewrite("chass", "play chess", FINE)]
    own = Rewrite("chuss", "play chess", FINE, "user-01")
    table, refused = judge(capability("rewrites"), RewriteTable.from_rows([*rows, own]), None, evidence)
    assert [(one.request, one.gate) for one in refused] == [("chass", "target")]
    assert {row.request for row in table.rows()} == {"jass", "chuss"}


def test_what_the_assistant_of_a_known_home_would_not_understand_is_refused(state):
    one = capability("rewrites")
    table = RewriteTable.from_rows([Rewrite("lights", "turn on the light", FINE), Rewrite("blub", "blubber", FINE)])
    judged = judge(one, table, None, Evidence(understands=lambda text: "light" in text))
    assert [(row.request, row.gate) for row in judged.refused] == [("blub", "preflight")]
    assert [row.request for row in judged.artifact.rows()] == ["lights"]


def test_a_release_that_changes_too_much_of_a_domain_is_cut(state):
    said = [(f"play song {at}", user, "media") for at in range(20) for user in PEOPLE[:5]]
    table = RewriteTable.from_rows([Rewrite(f"play song {at}", "play something", FINE) for at in range(20)])
    judged = judge(capability("rewrites"), table, None, Evidence(said=said))
    assert 0 < len(judged.artifact) <= BUDGET * 20
    assert {row.gate for row in judged.refused} == {"budget"}
    assert len(judged.refused) + len(judged.artifact) == 20


def test_a_rollback_stays_until_somebody_lifts_it(state):
    write(state, normal())
    release(state)
    write(state, repairs())
    release(state)
    before = state.artifacts.rollback(RewriteTable)
    done = release(state)
    [table] = [one for one in done.learned if one.name == "rewrites"]
    assert (table.published, table.held.version, table.served) == (None, before, before)
    assert state.artifacts.load(RewriteTable).lookup("play maj and dragons") is None
    state.artifacts.point(RewriteTable, before)
    assert [one.published is not None for one in release(state).learned if one.name == "rewrites"] == [True]
    assert state.artifacts.load(RewriteTable).lookup("play maj and dragons") is not None


def test_a_broken_record_of_releases_is_said(state):
    (state.directory / "releases.json").write_text("{}")
    with pytest.raises(BadRecord, match="releases"):
        releases(state)


def test_the_town_spends_its_nights_by_the_same_release(state):
    write(state, [*repairs(), *normal()])
    first, second = pass_nights(state.directory, 0), pass_nights(state.directory, 0)
    assert (first.day, first.rewrites, first.version) == (0, 1, second.version)
    assert nights(state.directory) == [second]
    assert isinstance(first, Night)
    write(state, [])
    with_harm = pass_nights(state.directory, 1, plant=lambda _: [HARM])
    assert with_harm.rewrites == 2
    assert asked(state, "play the blues") == "play the news"


def test_a_broken_record_of_nights_is_said(state):
    (state.directory / "nights.json").write_text("[{}]")
    with pytest.raises(BadRecord, match="nights"):
        nights(state.directory)


def test_a_record_names_nobodys_words(state):
    write(state, [*repairs(), *normal()])
    release(state, revise=planted)
    write(state, list(_harmed()))
    release(state, revise=planted)
    assert "blues" not in json.dumps(releases(state))


def test_an_experiment_that_a_rule_ends_is_stopped(state):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    state.experiments.start(Experiment(name="spring"), at=start, rules=StopRules(max_turns=10))
    write(state, [*repairs(), *normal()])
    marked = [
        replace(one, turns=tuple(replace(turn, turn_id=f"arm-{turn.turn_id}", arm="treatment") for turn in one.turns))
        for one in normal()
    ]
    write(state, marked)
    assert release(state).stopped == "spring"
    assert state.experiments.running() is None
    assert release(state).stopped is None


def test_what_would_do_something_else_than_is_surely_understood_needs_many_homes():
    one, said = capability("rewrites"), Counts(users=24, sessions=60, success_before=0.3, success_after=0.9)
    rows = [Rewrite("lights on", "lights off", said), Rewrite("lites", "lights on", said)]
    doubts = {("lights on", "lights off"): "would do something else to the same thing"}
    judged = judge(one, RewriteTable.from_rows(rows), None, Evidence(doubts=lambda *pair: doubts.get(pair)))
    assert [(row.request, row.gate) for row in judged.refused] == [("lights on", "effect")]
    many = [replace_users(row, 25) for row in rows]
    assert judge(one, RewriteTable.from_rows(many), None, Evidence(doubts=lambda *_: "differs")).refused == ()


def replace_users(row, users):
    return row._replace(evidence=replace(row.evidence, users=users))


def test_one_user_cannot_use_up_the_budget_of_a_domain():
    said = [(f"play song {at}", user, "media") for at in range(4) for user in PEOPLE]
    table = RewriteTable.from_rows([Rewrite("play my tune", "play something", FINE)])
    often = [("play my tune", "loud", "media")] * 500
    judged = judge(capability("rewrites"), table, None, Evidence(said=[*said, *often]))
    assert len(judged.artifact) == 1
