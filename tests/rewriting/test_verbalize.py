"""Readings in words: what they ask for, and the text that a decision to act on one is known by."""

import pytest

from uptake.rewriting.proposal import Candidate
from uptake.rewriting.verbalize import decision_for, means_the_same, wording
from uptake.types import Interpretation, Request, Transcript

LIGHT = Interpretation(intent="HassTurnOn", slots=(("name", "Kitchen Light"),))
CANDIDATE = Candidate(text="hass turn on", layer="hearing", origins=(("repair", 0.8),), interpretation=LIGHT)


@pytest.mark.parametrize(
    ("intent", "slots", "words"),
    [
        ("HassTurnOff", (("name", "Hall Light"),), "turn off hall light"),
        ("set_alarm", (("at", "07:00"),), "set alarm 07:00"),
        ("HassTVOn", (), "tv on"),
        ("", (), ""),
    ],
)
def test_a_reading_is_said_in_words(intent, slots, words):
    assert wording(Interpretation(intent=intent, slots=slots)) == words


def test_the_skill_and_the_order_of_slots_change_no_meaning():
    one = Interpretation(intent="Set", domain="lights", slots=(("a", "1"), ("b", "2")))
    assert means_the_same(one, Interpretation(intent="Set", slots=(("b", "2"), ("a", "1"))))
    assert not means_the_same(one, Interpretation(intent="Set", slots=(("b", "2"),)))


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        (("turn on the kitchen light",), "turn on the kitchen light"),
        (("turn on the chicken",), "turn on kitchen light"),
    ],
)
def test_a_decision_goes_by_the_text_on_the_list_that_reads_so_or_by_the_readings_words(listed, text):
    alternatives = tuple(Transcript(text=one) for one in ("turn on the kitchen fight", *listed))
    request = Request(text="turn on the kitchen fight", user_id="ann", alternatives=alternatives)
    reads = {"turn on the kitchen light": (LIGHT,)}
    options = {"step": "repair", "version": "1", "reason": "because", "read": lambda said: reads.get(said, ())}
    decision = decision_for(CANDIDATE, request, **options)
    assert (decision.acted_on, decision.interpretation, decision.artifact_version) == (text, LIGHT, "1")
    assert decision_for(Candidate(text="x", layer="hearing", origins=()), request, **options) is None
