"""Declarations, other names, assent and stances that are read by their parts; a use that is objected to."""

import pytest

from tests.teaching.homes import PENTHOUSE, house, told
from tests.teaching.talks import FLAT
from uptake.assistant.build import open_agent
from uptake.assistant.teaching.memory import concepts_of
from uptake.lab.evaluate.teaching.rows import home_of
from uptake.log.store import TurnLog
from uptake.teaching.concepts.phrases.accepting import approves
from uptake.teaching.concepts.phrases.declaring import declared_in
from uptake.teaching.concepts.phrases.naming import names_in
from uptake.teaching.preferences.stances import stances
from uptake.types import Request

HIGH = house(PENTHOUSE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for brew time I want the kettle on and the lamp at full", "brew time"),
        ("do me a favour and remember that disco nap is the lamp at five", "disco nap"),
        ("note down nap time as blinds shut and the lamp off", "nap time"),
        ("there's a thing called curry night, kitchen light full and the fan on", "curry night"),
        ("new one for you, espresso hour: that's the coffee maker on", "espresso hour"),
        ("if any of us says gooal, make the lamp green", "gooal"),
        ("lamp at ten and tv off, that's what we call chess night", "chess night"),
        ("quiet time consists of tv off and lamp at ten", "quiet time"),
        ("for me unwind is something else, it means den light blue", "unwind"),
    ],
)
def test_a_declaration_is_a_lead_a_name_a_link_and_a_meaning(text, name):
    assert name in [found for found, _ in declared_in(text)]


@pytest.mark.parametrize(
    "text",
    ["tell me when the kitchen light is on", "I need to turn on the plug", "by ten to eleven start my vacuum cleaner"],
)
def test_a_request_declares_nothing(text):
    assert list(declared_in(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if somebody mentions the bubble pot they're talking about the hot tub", ("bubble pot", "Hot Tub")),
        ("bubble pot is just a posh name for the hot tub", ("bubble pot", "Hot Tub")),
        ("we say the bubble pot, that's the hot tub", ("bubble pot", "Hot Tub")),
        ("towel rale is always the towel rail", ("towel rale", "Towel Rail")),
        ("forget what the hot tub means", None),
        ("the hot tub is broken", None),
    ],
)
def test_another_name_is_found_in_any_sentence_that_calls(text, found):
    assert next(names_in(text, HIGH), None) == found


@pytest.mark.parametrize(
    ("text", "assent"),
    [
        ("that's more like it", True),
        ("that'll keep her quiet", True),
        ("that's everything", True),
        ("now you've got it", True),
        ("that's too dark", False),
        ("that's not it", False),
        ("that's interesting", False),
        ("what's the weather", False),
        ("it's raining", False),
    ],
)
def test_an_appraisal_is_a_yes_unless_something_in_it_objects(text, assent):
    assert approves(text) is assent


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("any day with pancakes is a good day for me", ("likes", "pancakes", 1)),
        ("i find folk music dreary", ("dislikes", "folk music", 1)),
        ("born and raised a cubs fan", ("is_fan_of", "cubs", 1)),
        ("i was a spurs fan once not any more", ("is_fan_of", "spurs", -1)),
        ("i come up in a rash if i touch latex", ("allergy", "latex", 1)),
        ("turns out i'm not allergic to cats after all", ("allergy", "cats", -1)),
        ("get me into flow state", None),
        ("i love that film", None),
        ("my neighbours hate jazz", None),
        ("we had sushi at the harbour and the waiter was great", None),
    ],
)
def test_a_stance_has_one_span_of_other_words(text, stated):
    found = [(one.type, one.value, one.polarity) for one in stances(text, household=False)]
    assert found == ([stated] if stated else [])


def test_a_use_that_is_objected_to_is_taken_back_and_its_meaning_asked_for(tmp_path):
    quiet = {"feedback": {"per_day": 0}, "proactive": {"per_day": 0}}
    agent = open_agent(tmp_path, quiet, home=home_of(told(FLAT)), log=TurnLog(tmp_path / "log"))

    def say(text):
        return agent.answer(Request(text=text, user_id="ann"))

    lamp = next(one for one in agent.components.home.devices if one.name == "Lounge Lamp").entity_id
    say("when I say dusk, lounge lamp at 20 percent")
    say("yes")
    before = agent.components.home.states()[lamp].value
    say("dusk")
    assert agent.components.home.states()[lamp].value == "on"
    asked = say("no, that was wrong")
    assert asked.question == "teach"
    assert agent.components.home.states()[lamp].value == before
    say("seventy percent")
    assert "remember" in say("yes").speech
    meant = concepts_of(agent.components.memory).lookup("ann", "dusk")[0]
    assert ("brightness", "70") in meant.deeds[0].slots
    assert "What should" not in say("that was wrong, I think").speech


@pytest.mark.parametrize("text", ["so that is what we call it to do with " * 7, "is is that that to to do " * 11])
def test_a_text_of_nothing_but_links_is_let_go_of_at_once(text):
    assert all(len(name.split()) <= len(text.split()) for name, _ in declared_in(text[:300]))
