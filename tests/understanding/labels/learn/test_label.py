"""Labels from a log: what they rest on, how sure they are, and what they teach."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import turn
from uptake.errors import BadConfig, BadRecord
from uptake.types import Interpretation, Session, Transcript
from uptake.understanding.labels.artifact import Label
from uptake.understanding.labels.learn.label import Labeller
from uptake.understanding.labels.learn.training_set import labelled_requests

label = Labeller()


def read(text, intent, *slots, user="ann", at_s=0.0, sure=0.9, **fields):
    reading = Interpretation(intent=intent, slots=slots, confidence=sure)
    return turn(text, user=user, at_s=at_s, interpretation=reading, **{"status": "ok", **fields})


def spoken(*turns):
    return Session(session_id=turns[0].turn_id, turns=turns)


def repaired(user="ann", **fields):
    """Misheard, cut short, said again, understood."""
    return spoken(
        read("wait me at six", "timer", user=user, sure=0.4, barge_in_ms=400.0),
        read("wake me at six", "alarm", ("time", "six"), user=user, at_s=5.0, sure=0.95, **fields),
    )


def by_text(labels):
    return {one.request: one for one in labels.rows}


def test_a_failed_request_takes_the_reading_of_what_worked():
    found = by_text(label([repaired()]))["wait me at six"]
    assert (found.intent, found.origin, found.meaning[1]) == ("alarm", "rephrase", (("time", "six"),))
    assert "rephrase" in found.signals
    assert found.source_turn_id != found.turn_id


def test_a_request_nobody_complained_about_keeps_its_reading_and_is_surer():
    found = by_text(label([repaired()]))
    content = found["wake me at six"]
    assert (content.intent, content.origin, content.source_turn_id) == ("alarm", "accepted", content.turn_id)
    assert content.confidence > found["wait me at six"].confidence


def test_other_users_who_are_content_make_a_label_surer():
    alone = by_text(label([spoken(read("wake me at six", "alarm", sure=0.7))]))
    near = [spoken(read("wake me at ten", "alarm", user=user, sure=0.9)) for user in ("bo", "cy")]
    together = by_text(label([spoken(read("wake me at six", "alarm", sure=0.7)), *near]))
    assert together["wake me at six"].confidence > alone["wake me at six"].confidence


def test_a_yes_settles_what_was_meant_also_for_what_failed_before():
    found = by_text(label([repaired(answer=True)]))
    assert found["wake me at six"].origin == "answer"
    assert found["wait me at six"].intent == "alarm"
    assert found["wait me at six"].confidence >= 0.97


def test_answers_make_the_labels_of_other_turns_more_or_less_sure():
    def others(*answers):
        told = [
            spoken(read(f"play song {at}", "music", user=f"u{at}", sure=0.6, answer=answer))
            for at, answer in enumerate(answers)
        ]
        return by_text(label([*told, spoken(read("dim the lamp", "light", sure=0.6))]))["dim the lamp"].confidence

    assert others(*[True] * 20) > others() > others(*[False] * 20)


def test_hypotheses_of_the_recogniser_that_agree_stand_in():
    heard = tuple(Transcript(text=text) for text in ("play jess", "play jazz", "play some jazz"))
    reads = {"play jess": "call"}
    by_votes = replace(label, read=lambda text: Interpretation(intent=reads.get(text, "music")))
    turns = spoken(read("play jess", "call", sure=0.05, alternatives=heard, barge_in_ms=300.0, status="failed"))
    assert {one.origin for one in by_votes([turns]).rows} == {"alternatives"}


def test_the_trusted_labels_are_as_sure_as_was_asked():
    labels = label([repaired(user) for user in ("ann", "bo", "cy")])
    trusted = [one.confidence for one in labels.accepted()]
    assert sum(trusted) / len(trusted) >= labels.precision


def test_truth_is_not_looked_at_and_equal_sessions_give_equal_labels():
    session = repaired()
    assert label([session]) == label([session])


def test_answers_and_words_that_steer_the_conversation_have_no_label():
    asked = read("light up the lamp", "on", response="Which one?")
    labels = label([spoken(asked, read("the hall lamp", "on", at_s=4.0), read("stop", "stop", at_s=9.0))])
    assert [one.request for one in labels.rows] == ["light up the lamp"]


def test_an_empty_log_and_turns_without_reading_have_no_label():
    assert len(label([])) == 0
    unread = label([spoken(turn("mumble", at_s=0.0))])
    assert (len(unread), len(unread.defects)) == (0, 1)


@given(st.lists(st.sampled_from(["a b", "b a", "", "é 😀", "x" * 300]), min_size=1, max_size=6), st.booleans())
def test_whatever_is_said_labels_lie_within_bounds(texts, known):
    turns = [
        read(text, "x" if known else "y", at_s=4.0 * at) if at % 2 else turn(text, at_s=4.0 * at)
        for at, text in enumerate(texts)
    ]
    labels = label([spoken(*turns)])
    assert all(0.0 <= one.confidence <= 1.0 for one in labels.rows)
    assert set(labels.defects) == {one.turn_id for one in turns}


def test_options_out_of_range_are_refused():
    for wrong in ({"precision": 1.0}, {"most": 0}):
        with pytest.raises(BadConfig):
            Labeller(**wrong)


def made(request, intent, *, user="ann", **fields):
    fields = {"confidence": 0.9, "origin": "accepted", "source_turn_id": "t", "p_defect": 0.1, **fields}
    return Label(turn_id=f"{user}-{request}", user_id=user, request=request, intent=intent, **fields)


def learnt(*labels, known=lambda text: None, **options):
    return {one.text: one.intent for one in labelled_requests(labels, known=known, **options)}


def test_users_who_disagree_are_settled_by_a_clear_majority_or_not_at_all():
    two = [made("jazz", "play", user="ann"), made("jazz", "play", user="bo")]
    assert learnt(*two, made("jazz", "call", user="cy")) == {"jazz": "play"}
    assert learnt(*two, made("jazz", "call", user="cy"), made("jazz", "call", user="di")) == {}


def test_one_user_is_heard_once_and_enough_users_are_asked_for():
    again = [made("jazz", "play"), made("jazz", "play")]
    assert learnt(*again, min_users=2) == {}
    assert learnt(*again, made("jazz", "play", user="bo"), min_users=2) == {"jazz": "play"}


def test_what_was_read_when_it_failed_teaches_nothing():
    assert learnt(made("jazz", "call", p_defect=0.8)) == {}
    assert learnt(made("jazz", "play", p_defect=0.8, origin="rephrase")) == {"jazz": "play"}


def test_what_is_known_may_steady_or_be_left_out_and_weight_is_capped():
    known = {"jazz": ("play", ())}.get
    (one,) = labelled_requests([made("jazz", "play")], known=known, cap=0.25)
    assert (one.is_new, one.weight) == (False, 0.25)
    assert learnt(made("jazz", "play"), known=known, new_only=True) == {}


def test_a_label_must_lie_in_its_request_and_within_bounds():
    for wrong in ({"slots": (("time", 0, 99),)}, {"confidence": 1.5}, {"origin": "guess"}):
        with pytest.raises(BadRecord):
            made("jazz", "play", **wrong)
    with pytest.raises(BadConfig):
        labelled_requests([], known=lambda text: None, share=0.4)
