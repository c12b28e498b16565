"""Repair as a generator: it proposes readings, sees the dialogue before, and never raises."""

from hypothesis import given
from hypothesis import strategies as st

from tests.rewriting.repair.repairing import model
from uptake.rewriting.repair.step import Repair
from uptake.types import Exchange, Interpretation, Request, Situation, Transcript

ANY = Interpretation(intent="inform", slots=(("inform.this", "dontcare"),), confidence=0.2)
HEARD = tuple(Transcript(text=text, score=-1.0) for text in ("indian food", "some indian food"))
unheard = Repair(model(), lambda _: ())


def test_a_meaning_is_proposed_from_what_was_heard():
    request = Request(text="indian food", user_id="ann", alternatives=HEARD)
    best, *_ = unheard(request, Situation(), 5)
    assert best.interpretation.slots == (("inform.food", "indian"),)
    assert best.layer == "hearing"
    candidate, proposal = unheard.propose(request, Situation())
    assert candidate.interpretation == best.interpretation
    assert candidate.score == proposal.probability


def test_the_dialogue_before_says_what_is_meant_by_any():
    asked = Situation(recent=(Exchange(request="hello", response="Which area?", action="request(slot=area)"),))
    served = Repair(model(), lambda _: (Interpretation(intent="", confidence=0.8), ANY))
    found = [one.interpretation.slots for one in served(Request(text="any", user_id="ann"), asked, 9)]
    assert (("inform.area", "dontcare"),) in found


def test_no_more_than_asked_for_and_nothing_for_an_endless_request():
    assert len(unheard(Request(text="indian north", user_id="ann"), Situation(), 1)) == 1
    assert unheard(Request(text="indian food", user_id="ann"), Situation(), 0) == ()
    assert unheard(Request(text="indian " * 3_000, user_id="ann"), Situation(), 3) == ()


anything = st.one_of(st.text(max_size=40), st.sampled_from(["", "\ud800", "\0", "ab " * 800, "i̇ndian fo\u200bod"]))
lists = st.lists(st.builds(Transcript, text=anything, score=st.one_of(st.none(), st.floats())), max_size=4)


@given(anything, lists, st.lists(st.builds(Exchange, request=anything, action=st.one_of(st.none(), anything))))
def test_nothing_that_anybody_says_raises(text, alternatives, recent):
    request = Request(text=text, user_id="ann", alternatives=tuple(alternatives))
    assert len(unheard(request, Situation(recent=tuple(recent)), 3)) <= 3
