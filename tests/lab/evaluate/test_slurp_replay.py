"""replay: real errors in assembled order, without truth for the learner."""

from tests.builders import turn
from uptake.lab.evaluate import slurp_replay as replay
from uptake.types import Interpretation, Truth


def reading(**slots: str) -> Interpretation:
    return Interpretation(domain="play", intent="music", slots=tuple(slots.items()))


def recording(file: str, heard: str, *, right: bool, said: str = "play the beatles"):
    meant = reading(artist="the beatles")
    return turn(
        heard,
        turn_id=file,
        interpretation=meant if right else reading(artist="the beetles"),
        truth=Truth(request=said, interpretation=meant),
    )


def texts(sessions):
    return sorted([said.request for said in one] for one in sessions)


def test_a_misread_recording_is_followed_by_each_rightly_read_one():
    found = replay.assembled(
        [
            recording("a", "play the beetles", right=False),
            recording("b", "play the beatles", right=True),
            recording("c", "play beatles", right=True),
        ]
    )
    assert texts(found) == [
        ["play beatles"],
        ["play the beatles"],
        ["play the beetles", "play beatles"],
        ["play the beetles", "play the beatles"],
    ]


def test_a_misread_recording_alone_is_given_up():
    found = list(replay.assembled([recording("a", "play the beetles", right=False)]))
    assert texts(found) == [["play the beetles", replay.GIVES_UP]]


def test_sentences_do_not_mix():
    found = replay.assembled(
        [
            recording("a", "play the beetles", right=False),
            recording("b", "stop the music", right=True, said="stop the music"),
        ]
    )
    assert ["play the beetles", "stop the music"] not in texts(found)


def test_the_learner_sees_no_truth():
    found = list(replay.assembled([recording("a", "x", right=False), recording("b", "y", right=True)]))
    assert texts(found) == [["x", "y"], ["y"]]
    assert all(said.truth is None for one in found for said in one)


def test_a_recording_falls_into_one_half_and_an_utterance_can_be_kept_whole():
    recordings = [recording(f"audio-{n}{mic}", "x", right=True) for n in range(50) for mic in ("", "-headset")]
    learn, judge = replay.split(recordings, by=lambda turn: turn.turn_id)
    assert len(learn) + len(judge) == 100
    assert abs(len(learn) - 50) < 30
    parted = replay.split(recordings, by=lambda turn: replay.utterance(turn.turn_id))
    halves = [{replay.utterance(one.turn_id) for one in half} for half in parted]
    assert not halves[0] & halves[1]


def test_spelling_conventions_are_no_misreading():
    meant = reading(date="today's")
    told = turn("x", interpretation=reading(date="today 's"), truth=Truth(request="x", interpretation=meant))
    assert replay.read_rightly(told)


def test_sentences_that_are_nearly_the_same_are_one_group():
    said = ["turn on the hall light", "turn on the hall lights", "the hall light turn on", "what is the weather"]
    groups = replay.near_sentences([recording(str(at), "x", right=True, said=text) for at, text in enumerate(said)])
    assert len(set(groups.values())) == 2
    assert groups[said[0]] == groups[said[1]] == groups[said[2]]
