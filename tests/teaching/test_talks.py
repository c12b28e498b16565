"""Whole teaching dialogues against the real assistant: what is offered, meant, stored and done."""

import pytest

from tests.teaching.homes import told
from tests.teaching.script import dialogue
from tests.teaching.talks import FLAT, TALKS
from uptake.assistant.build import open_agent
from uptake.assistant.teaching.memory import concepts_of, rebuild
from uptake.lab.evaluate.teaching.play import Real
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.lab.evaluate.teaching.score import Tally
from uptake.log.store import TurnLog
from uptake.types import Request


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(("name", "home", "lines"), TALKS, ids=[name for name, _, _ in TALKS])
def test_a_talk_goes_as_it_should(name, home, lines, tmp_path):
    talk = dialogue(name, home, lines)
    player, tally, asked = Real(), Tally(), False
    player.start(talk, tmp_path)
    for turn in talk.turns:
        assert turn["kind"] != "confirm" or asked, turn["user"]
        noted = player.say(turn)
        tally.judge(name, turn, noted)
        asked = noted.asked
    assert tally.wrong == []
    assert player.replays()


@pytest.fixture
def taught(tmp_path):
    directory = tmp_path
    log = TurnLog(directory / "log")
    agent = open_agent(directory, home=home_of(told(FLAT)), log=log)

    def say(text, user="ann"):
        return agent.answer(Request(text=text, user_id=user))

    return agent, log, say


def test_the_log_makes_the_memory_again_and_undoing_takes_back_what_was_taught(taught):
    agent, log, say = taught
    memory = agent.components.memory
    for text in (
        "when I say dusk, lounge lamp at 20 percent",
        "yes",
        "when I say dawn, lounge lamp on",
        "yes",
        "I love jazz",
    ):
        say(text)
    say("undo")
    before = concepts_of(memory)
    assert {row.phrase for row in before.rows()} == {"dusk", "dawn"}
    concepts, preferences = rebuild(memory, log.read())
    assert concepts == before == concepts_of(memory)
    assert len(preferences) == 0
    memory.forget("ann")
    assert len(concepts_of(memory)) == 0


@pytest.mark.long
@pytest.mark.parametrize("no", ["no", "no, that is wrong"])
@pytest.mark.parametrize("said", [("when I say dusk, lounge lamp at 20 percent", "yes"), ("I'm vegetarian",)])
def test_a_no_takes_back_what_was_taught_last(tmp_path, said, no):
    agent = open_agent(tmp_path, home=home_of(told(FLAT)), log=TurnLog(tmp_path / "log"))

    def say(*texts):
        return [agent.answer(Request(text=text, user_id="ann")).speech for text in texts][-1]

    known = say(*said, "what have you learned about me")
    assert "dusk" in known or "vegetarian" in known
    say("forget dusk", "forget that I am vegetarian", *said, no)
    assert "not taught me anything" in say("what have you learned about me")


def test_an_empty_answer_leaves_the_question_open(taught):
    _, _, say = taught
    say("put the kitchen light on jam session", "gus")
    assert "did not hear" in say("", "gus").speech
    assert say("purple", "gus").speech == "So jam session is Kitchen Light: purple. Is that right?"


def test_what_was_taught_unasked_and_not_agreed_to_is_let_go(taught):
    _, _, say = taught
    say("movie night means unlock the front door", "hal")
    say("no", "hal")
    assert say("movie night", "hal").speech == "All right, I will leave it."


@pytest.mark.parametrize(
    ("told", "concept"),
    [
        ("please learn bin day: lounge lamp on", "bin day"),
        ("bin day has a new meaning: lounge lamp on", "bin day"),
        ("bins are out is your signal to turn the lounge lamp on", "bins are out"),
        ("save this as bin day: lounge lamp on", "bin day"),
    ],
)
def test_a_meaning_is_declared_in_other_frames(taught, told, concept):
    _, _, say = taught
    assert say(told, f"lea{len(told)}").speech == f"So {concept} is Lounge Lamp on. Is that right?"


def test_a_command_with_its_reason_teaches_nothing(taught):
    _, _, say = taught
    assert say("dim it, it's too bright", "mia").question != "teach"


def test_a_question_is_answered_while_a_meaning_waits_for_a_yes(taught):
    _, _, say = taught
    say("when I say bin day, lounge lamp on", "ned")
    assert say("what time is it", "ned").question is None
    assert "not taught me anything" in say("what have you learned about me", "ned").speech


@pytest.mark.parametrize("no", ["no I'm not", "actually, I'm not"])
def test_who_denies_what_was_understood_of_them_takes_it_back(taught, no):
    _, _, say = taught
    user = f"oz{len(no)}"
    assert "vegetarian" in say("I'm vegetarian", user).speech
    assert say(no, user).speech == "I took it back."
    assert "vegetarian" not in say("what do you know about me", user).speech
    assert "anything about yourself" in say("what are my preferences", user).speech


def test_a_farewell_that_was_taught_something_does_it(taught):
    _, _, say = taught
    say("when I say I'm off, lounge lamp off", "pia")
    say("yes", "pia")
    assert "lounge lamp" in say("okay I'm off", "pia").speech.lower()


def test_what_somebody_says_of_themselves_is_no_meaning_of_a_word(taught):
    _, _, say = taught
    say("put the kitchen light on hullabaloo", "ida")
    assert "bedtime is 23:00" in say("my bedtime is eleven", "ida").speech
    assert "no longer" in say("forget my bedtime", "ida").speech
    assert "23:00" not in say("what have you learned about me", "ida").speech


@pytest.mark.parametrize("again", ["wibble please", "that's not what I meant"])
def test_teaching_is_offered_for_what_is_said_in_vain_twice_and_not_once_it_was_declined(taught, again):
    _, _, say = taught
    user = f"jo{len(again)}"
    assert say("wibble please", user).question != "teach"
    assert "You can teach me" in say(again, user).speech
    say("no", user)
    say("wibble please", user)
    assert say("wibble please", user).question != "teach"


@pytest.mark.parametrize("text", ["order a pizza", "what is love", "play some xyzzy", "xyzzy tomorrow at nine"])
def test_what_a_signal_could_not_mean_is_not_offered_to_be_taught(taught, text):
    _, _, say = taught
    assert [say(text, "kay").question == "teach" for _ in range(2)] == [False, False]


def test_what_was_taught_is_used_while_another_question_is_open(taught):
    agent, _, say = taught
    for text in ("when I say dusk, lounge lamp at 20 percent", "yes", "unlock the front door"):
        asked = say(text).speech
    assert asked.endswith("?")
    say("dusk")
    states = agent.components.home.states()
    assert states["light.lounge_lamp"].value == "on"
    assert states["lock.front_door"].value == "locked"


def test_what_is_critical_is_asked_about_each_time(taught):
    agent, _, say = taught
    say("when I say postman, unlock the front door", "bo")
    say("yes", "bo")
    asked = say("postman", "bo")
    assert asked.question == "teach"
    assert agent.components.home.states()["lock.front_door"].value == "locked"
    assert say("no", "bo").turn.status == "cancelled"
    say("postman", "bo")
    say("yes", "bo")
    assert agent.components.home.states()["lock.front_door"].value == "unlocked"


def test_a_dry_run_teaches_nothing(taught):
    agent, _, _ = taught
    agent.answer(Request(text="call me Zed", user_id="cy"), dry_run=True)
    agent.answer(Request(text="set the lounge lamp to zebra", user_id="cy"), dry_run=True)
    assert agent.components.memory.get("user:cy", "preferences") is None
    assert agent.components.memory.get("user:cy", "teaching.offers") is None


def test_signs_are_no_words_to_be_taught(taught):
    _, _, say = taught
    assert say("turn on \N{ELECTRIC LIGHT BULB}\N{ELECTRIC LIGHT BULB}", "flo").question != "teach"
    assert say("turn on the kettle", "flo").turn.status == "ok"


@pytest.mark.parametrize(
    "text", ["no " * 400, "when I say " * 200, "a, " * 900, "set the lounge lamp to " + "x" * 4000, "is " * 700]
)
def test_long_answers_end_at_once(taught, text):
    _, _, say = taught
    assert say(text, "dee").turn.request == text


def test_a_whole_request_in_a_definition_is_read_as_one_and_a_concept_is_used_beside_another_request(taught):
    agent, _, say = taught
    say("set the lounge to vinyl night", "lou")
    meant = say("put some Miles Davis on the telly and drop the spotlights to twelve", "lou").speech
    assert meant == "So vinyl night is Telly: play Miles Davis; Spotlights: 12 percent. Is that right?"
    say("yes", "lou")
    say("turn on the kettle", "lou")
    say("turn off the kettle and then vinyl night", "lou")
    assert agent.components.home.states()["switch.kettle"].value == "off"
    assert agent.components.home.states()["light.spotlights"].value == "on"


def test_a_yes_that_says_the_value_again_is_a_yes(taught):
    _, _, say = taught
    say("set the bedroom radiator to student budget", "mo")
    say("fifteen degrees", "mo")
    assert "I will remember student budget." in say("fifteen, yes", "mo").speech
