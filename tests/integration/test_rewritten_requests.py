"""Requests that were learned to mean another, through the whole assistant: tried first, asked about, answered."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.loop import Agent
from uptake.log.store import TurnLog
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.canaries import Canary
from uptake.rewriting.identity import meaning_id, meaning_of
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.pipeline import Pipeline
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.step import OnlineRewrite, shipped
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.step import Retrieval
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.rewriting.table.step import ExactRewrite
from uptake.rewriting.verbalize import decision_for
from uptake.store.store import ArtifactStore
from uptake.types import Decision, Evidence, Interpretation, Request, Situation

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("readers_at_hand")]

KITCHEN = Origin(device_type="speaker", has_screen=False, room="Kitchen")
EVIDENCE = Evidence(users=40, sessions=90, success_before=0.2, success_after=0.9)
LEARNED = {
    "turn on the kitchen fight": "turn on the kitchen light",
    "make it cosy": "dance the fandango backwards",
    "open sesame": "unlock the front door",
    "what on the kitchen fight": "turn on the kitchen light",
}


class Unsure:
    """Asks before each rewrite, as the online step does where two requests are close."""

    name = "rewrite"

    def __init__(self, step):
        self.step = step

    def __call__(self, request, situation, preflight=None):
        found = self.step(request, situation, preflight)
        return replace(found, must_confirm=True) if found else None


@pytest.fixture
def agent(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        opened = open_agent(tmp_path, log=log)
        step = ExactRewrite(RewriteTable.from_rows([Rewrite(a, b, EVIDENCE) for a, b in LEARNED.items()]), "000001-0")
        yield Agent(replace(opened.components, asks=None, pipeline=Pipeline(step)))


def say(agent, text):
    return agent.answer(Request(text=text, user_id="ann"), KITCHEN)


def test_a_rewrite_that_the_assistant_understands_is_acted_on_and_tried_first(agent):
    reply = say(agent, "turn on the kitchen fight")
    assert "kitchen" in reply.speech.lower()
    assert (reply.turn.acted_on, reply.turn.status) == ("turn on the kitchen light", "ok")
    assert [entry.step for entry in reply.outcome.trace] == ["rewrite", "guard", "preflight"]


def test_the_trace_is_in_the_order_of_work_and_hears_once(agent):
    stages = [stage.stage for stage in say(agent, "turn on the kitchen fight").stages]
    read = ["read", "context"]
    assert stages == ["hear", *read, "rewrite", *read, "resolve", "act", "reply"]
    stages = [stage.stage for stage in say(agent, "turn on the desk lamp and turn off the kitchen light").stages]
    assert stages.count("hear") == 2  # two requests in one breath are two turns
    assert [stage.stage for stage in say(agent, "undo that").stages] == ["hear", "dialogue", "reply"]


def test_a_rewrite_that_the_assistant_would_not_understand_never_replaces_anything(agent):
    reply = say(agent, "make it cosy")
    assert reply.turn.acted_on is None
    assert reply.outcome.trace[-1].verdict == "refused"


def test_a_critical_rewrite_is_asked_about_by_what_it_would_do(agent):
    reply = say(agent, "open sesame")
    assert (reply.question, "front door" in reply.speech.lower()) == ("confirm", True)


def test_what_sounds_like_a_question_is_taken_for_a_deed_only_if_the_person_says_so(agent):
    asked = say(agent, "what on the kitchen fight")
    assert (asked.speech, asked.question) == ("Did you mean: turn on the kitchen light?", "confirm")
    assert "kitchen light is on" in say(agent, "yes").speech.lower()


@pytest.mark.parametrize(("said", "right"), [("yes", True), ("no", False)])
def test_did_you_mean_is_answered_and_the_answer_is_on_record(agent, said, right):
    agent.components = replace(agent.components, pipeline=Pipeline(Unsure(agent.components.pipeline.steps[0])))
    asked = say(agent, "turn on the kitchen fight")
    assert (asked.speech, asked.question) == ("Did you mean: turn on the kitchen light?", "confirm")
    answered = say(agent, said)
    assert ("kitchen light is on" in answered.speech.lower()) is right
    kept = {turn.turn_id: turn for turn in agent.components.recorder.log.read()}
    assert kept[asked.turn.turn_id].answer is right


LIGHT = Interpretation(intent="HassTurnOn", slots=(("name", "Kitchen Light"),), confidence=0.7)
DOOR = Interpretation(intent="HassTurnOff", slots=(("name", "Front Door"),), confidence=0.7)
NOTHING = Interpretation(intent="HassTurnOn", slots=(("name", "Crystal Palace"),), confidence=0.7)


class Meant:
    """Takes a request for one reading, as a step that weighs readings does."""

    name = "repair"

    def __init__(self, reading, *, asks=False):
        self.reading, self.asks = reading, asks

    def __call__(self, request, situation, preflight=None):
        candidate = Candidate(text="named", layer="hearing", origins=(), interpretation=self.reading)
        decision = decision_for(
            candidate, request, step=self.name, version="000003-0", reason="70% likely meant", read=preflight.readings
        )
        return replace(decision, must_confirm=self.asks)


def meaning(agent, reading, **options):
    agent.components = replace(agent.components, pipeline=Pipeline(Meant(reading, **options)))
    return agent


def test_a_reading_is_acted_on_recorded_and_undone(agent):
    meaning(agent, LIGHT)
    before = agent.components.home.states()["light.kitchen"]
    reply = say(agent, "churn on the kitten flight")
    assert agent.components.home.states()["light.kitchen"].value == "on"
    kept = next(turn for turn in agent.components.recorder.log.read() if turn.turn_id == reply.turn.turn_id)
    assert (kept.acted_on, kept.artifact_version) == ("turn on kitchen light", "000003-0")
    assert (kept.interpretation.intent, dict(kept.interpretation.slots)["name"]) == ("HassTurnOn", "Kitchen Light")
    assert [stage.verdict for stage in reply.stages if stage.stage == "read"][-1] == LIGHT.key
    say(agent, "undo that")
    assert agent.components.home.states()["light.kitchen"].value == before.value
    kept = next(turn for turn in agent.components.recorder.log.read() if turn.turn_id == reply.turn.turn_id)
    assert kept.undone is True


def test_a_reading_of_what_is_not_here_leaves_the_request_alone(agent):
    reply = say(meaning(agent, NOTHING), "churn on the kitten flight")
    assert reply.turn.acted_on is None
    assert reply.outcome.trace[-1].verdict == "refused"


def test_a_critical_reading_is_asked_about_first(agent):
    reply = say(meaning(agent, DOOR), "the frond door")
    assert (reply.question, reply.speech) == ("confirm", "Shall I unlock the front door?")


@pytest.mark.parametrize(("said", "right"), [("yes", True), ("no", False)])
def test_a_reading_is_asked_about_in_words_and_a_no_is_read_as_it_was_heard(agent, said, right):
    meaning(agent, LIGHT, asks=True)
    asked = say(agent, "churn on the kitten flight")
    assert asked.speech == "Did you mean: turn on the kitchen light?"
    answered = say(agent, said)
    assert ("kitchen light is on" in answered.speech.lower()) is right
    kept = {turn.turn_id: turn for turn in agent.components.recorder.log.read()}
    assert kept[asked.turn.turn_id].answer is right


def test_an_arm_without_rewrites_reads_the_request_as_heard(agent):
    arm = SimpleNamespace(arm="holdout", propensity=0.5, rewrites=False, offers=True)
    agent.components = replace(agent.components, experiment=SimpleNamespace(assign=lambda user: arm))
    reply = say(meaning(agent, LIGHT), "churn on the kitten flight")
    assert (reply.turn.acted_on, reply.turn.arm) == (None, "holdout")
    assert reply.turn.rewrite_id is not None  # what would have been, for the comparison
    assert any(stage.verdict == "withheld" for stage in reply.stages)


def test_two_people_who_say_no_to_a_canary_withdraw_it_and_a_yes_spares_a_person_the_question(tmp_path):
    state, (request, acted_on) = State(tmp_path), next(iter(LEARNED.items()))
    row = Rewrite(request, acted_on, EVIDENCE)
    state.artifacts.publish(RewriteTable.from_rows([row]))
    state.canaries.write([Canary(row.rewrite_id, "asking", datetime(2020, 1, 1, tzinfo=UTC), "too little past")])
    assistant = state.assistant(logged=True)

    def ask(user, text):
        return assistant.answer(Request(text=text, user_id=user), KITCHEN)

    for user, answer in (("ann", "yes"), ("bo", "no"), ("cy", "no"), ("di", "no")):
        assert "did you mean" in ask(user, request).speech.lower()
        ask(user, answer)
    again = ask("ann", request)
    assert (again.question, again.turn.acted_on) == (None, acted_on)
    assert ask("bo", request).turn.acted_on is None, "suspended for who said no"
    done = release(state, ("rewrites",))
    assert [(one.rewrite_id, one.exposures) for one in done.withdrawn] == [(row.rewrite_id, 0)]
    assert ask("eve", request).turn.acted_on is None


def test_a_request_that_is_read_as_what_works_is_no_rewrite_however_it_is_worded(agent):
    works, misheard = "add milk to the shopping list", "at milk to the shopping list"
    logged = agent.read(Request(text=works, user_id="ann"))[0]
    assert agent.read(Request(text=misheard, user_id="ann"))[0].key == logged.key
    index = RequestIndex.of([IndexedRequest(works, 40, 90, 2, logged.key)])
    sure, dry = agent.preflight(Request(text=misheard, user_id="ann"))
    step = OnlineRewrite(Retrieval.over(index), shipped())
    assert step(Request(text=misheard, user_id="ann", confidence=sure), Situation(), dry) is None


class Either:
    """Cannot tell which of two requests was meant."""

    name = "online"

    def __call__(self, request, situation, preflight=None):
        if request.text != "turn on the kitten light":
            return None
        one, other = (
            Decision(
                step="online",
                acted_on=text,
                rewrite_id=meaning_id(request.text, text),
                artifact_version=None,
                layer="global",
                reason="",
                must_confirm=True,
            )
            for text in ("turn on the kitchen light", "turn on the garage light")
        )
        return replace(one, others=(other,))


@pytest.fixture
def torn(agent, tmp_path):
    opinions = Opinions(tmp_path / "opinions")
    agent.components.recorder.opinions = opinions
    agent.components = replace(agent.components, pipeline=Pipeline(Either(), opinions=opinions))
    return agent


@pytest.mark.parametrize(
    ("answer", "lit"),
    [("the first one", "kitchen"), ("the second one", "garage"), ("turn on the garage light", "garage")],
)
def test_of_two_requests_as_likely_the_chosen_one_is_done_and_known_from_then_on(torn, answer, lit):
    asked = say(torn, "turn on the kitten light")
    assert asked.speech == "Did you mean: turn on the kitchen light or turn on the garage light?"
    assert f"{lit} light is on" in say(torn, answer).speech.lower()
    say(torn, f"turn off the {lit} light")
    again = say(torn, "turn on the kitten light")
    assert (f"{lit} light is on" in again.speech.lower(), again.question) == (True, None)
    say(torn, "no, that was wrong")
    assert f"{lit} light is on" not in say(torn, "turn on the kitten light").speech.lower()


def test_neither_of_two_means_the_request_as_it_was_heard(torn):
    before = {name: one.value for name, one in torn.components.home.states().items()}
    say(torn, "turn on the kitten light")
    say(torn, "neither")
    assert {name: one.value for name, one in torn.components.home.states().items()} == before
    assert say(torn, "turn on the kitten light").speech == "Did you mean: turn on the garage light?"


class Guess(Either):
    """Thinks of something else where the assistant would ask whether it heard right."""

    def __call__(self, request, situation, preflight=None):
        if request.text != "hit kitchen lights":
            return None
        return super().__call__(replace(request, text="turn on the kitten light"), situation, preflight).others[0]


@pytest.fixture
def guessing(torn):
    torn.components = replace(torn.components, pipeline=Pipeline(Guess(), opinions=torn.components.recorder.opinions))
    return torn


@pytest.mark.parametrize(
    ("answer", "lit", "right"), [("the first one", "garage", True), ("the second one", "kitchen", False)]
)
def test_what_would_be_asked_about_anyway_is_one_of_those_that_may_have_been_meant(guessing, answer, lit, right):
    asked = say(guessing, "hit kitchen lights")
    assert asked.speech == "Did you mean: turn on the garage light or turn on the kitchen light and the counter lights?"
    done = say(guessing, answer)
    assert (f"{lit} light" in done.speech.lower(), done.question, done.turn.acted_on) == (True, None, None)
    log = guessing.components.recorder.log
    assert [one.answer for one in log.read() if one.turn_id == asked.turn.turn_id] == [right]
    meaning = meaning_of("hit kitchen lights", "turn on the garage light")
    assert guessing.components.recorder.opinions.find("ann", meaning).agreed is right


def test_no_guess_takes_away_a_whole_name_that_was_said(tmp_path):
    agent = open_agent(tmp_path, store=ArtifactStore(tmp_path / "artifacts"))
    said = agent.answer(Request(text="clothes the bedroom curtains", user_id="ann"), KITCHEN).speech
    assert "garden" not in said


@pytest.mark.parametrize(
    "text", ["start the washing mashine its got my footy kit in", "meeting's been moved, push it an hour later"]
)
def test_nobody_is_asked_about_a_guess_that_leaves_most_of_the_words_unread(tmp_path, text):
    agent = open_agent(tmp_path, store=ArtifactStore(tmp_path / "artifacts"))
    reply = agent.answer(Request(text=text, user_id="ann"), KITCHEN)
    assert reply.turn.acted_on is None
    assert reply.question is None or reply.speech == "Shall I turn on the washing machine?"  # what was asked for


def test_a_name_misheard_in_a_plain_request_is_still_guessed(tmp_path):
    agent = open_agent(tmp_path, store=ArtifactStore(tmp_path / "artifacts"))
    assert "hall light is on" in say(agent, "turn on the hole light").speech.lower()
