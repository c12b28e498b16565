"""A book of hearings: written forms, jobs that can be interrupted, and a channel that hears by it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from uptake.errors import BadConfig, BadRecord, NotReady
from uptake.lab.simulate.channel import Channel, Voice
from uptake.lab.simulate.hearing.book import Book, Hearing, load, row, save
from uptake.lab.simulate.hearing.channel import BookChannel, repertoire
from uptake.lab.simulate.hearing.hear import bound, done, jobs
from uptake.lab.simulate.hearing.recogniser import loops, written
from uptake.lab.simulate.hearing.rooms import Room, through
from uptake.lab.simulate.hearing.sentences import phrases
from uptake.lab.simulate.hearing.voices import RATE_HZ, VOICES
from uptake.lab.simulate.run import Town
from uptake.types import Transcript

ANN = Voice(speaker="ann", accent="a", far=False)


def hearing(said: str, *texts: str, voice: str = "piper-joe", far: bool = False, snr_db: float = 20.0) -> Hearing:
    heard = tuple(Transcript(text=text, score=-0.1 * at) for at, text in enumerate(texts))
    return Hearing(said=said, voice=voice, far=far, snr_db=snr_db, heard=heard)


def book(*hearings: Hearing, count: int = 6) -> Book:
    return Book(provenance={}, phrases=tuple(phrases(count)), hearings=hearings)


OTHER = Channel(["play some jazz"], seed=1)


def by(*hearings: Hearing, part: str = "judge") -> BookChannel:
    return BookChannel(book(*hearings), part, OTHER)


@pytest.mark.parametrize(
    ("printed", "asked"),
    [
        (" Wake me up at 7 15am.", "wake me up at 7:15 am"),
        ("Alarm at 715 AM", "alarm at 7:15 am"),
        ("Set it to 30%", "set it to 30 percent"),
        ("Set a timer for ten minutes", "set a timer for 10 minutes"),
        ("at 6pm", "at 6 pm"),
    ],
)
def test_what_the_recogniser_prints_is_written_as_requests_are(printed, asked):
    assert written(printed) == asked


def test_a_text_that_starts_again_is_a_loop_and_one_that_repeats_a_word_is_none():
    assert loops("turn off the lamp turn off the lamp")
    assert not loops("turn the light on turn")
    assert not loops("night night")


def test_a_louder_room_is_a_louder_room():
    voice = np.sin(np.arange(RATE_HZ) / 20.0).astype(np.float32)
    quiet, loud = (
        through(voice, Room(far=False, snr_db=snr, decay_s=0.1), np.random.default_rng(1)) for snr in (30.0, 0.0)
    )
    pause = slice(0, int(0.1 * RATE_HZ))
    assert np.std(loud[pause]) > 5 * np.std(quiet[pause])


def test_every_job_comes_once_and_both_parts_of_the_voices_have_work():
    every = list(jobs(40))
    assert len(set(every)) == len(every)
    assert {VOICES[job.voice].part for job in every[:60]} == {"fit", "judge"}


def test_a_job_that_was_cut_short_is_cut_off_the_file(tmp_path):
    file = tmp_path / "hearings.jsonl"
    whole = [json.dumps(row(hearing("stop", "stop", far=far))) + "\n" for far in (False, True)]
    file.write_text("".join(whole) + whole[0] + whole[1][:9])
    assert [one.said for one in done(file)] == ["stop", "stop"]
    assert file.read_text() == "".join(whole)


def test_a_file_of_something_else_is_refused(tmp_path):
    file = tmp_path / "other.jsonl"
    file.write_text('{"a": 1}\n{"b": 2}\n')
    with pytest.raises(BadRecord, match="not a file of hearings"):
        done(file)
    with pytest.raises(BadRecord, match="uptake simulate hear"):
        load(file)


def test_a_book_holds_only_wishes_whose_wordings_were_all_heard(tmp_path):
    first, second, *_ = phrases(20)
    texts = [*first.texts, *second.texts[:-1]]
    file, target = tmp_path / "hearings.jsonl", tmp_path / "book.gz"
    file.write_text(
        "".join(json.dumps(row(hearing(one, one, far=far))) + "\n" for one in texts for far in (False, True))
    )
    told = bound(file, target, sentences=20)
    assert load(target).phrases == (first,)
    assert told["hearings"] == 2 * len(first.texts)
    file.write_text("")
    with pytest.raises(NotReady, match="too few hearings"):
        bound(file, target, sentences=20)


def test_equal_books_are_equal_files(tmp_path):
    for name in ("a", "b"):
        save(tmp_path / name, phrases(5), [hearing("stop", "stop")], {"seed": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_person_is_heard_as_the_book_has_it_and_by_voices_of_the_part_alone():
    takes = [hearing("stop", "shop"), hearing("stop", "stomp", voice="flite-kal16")]
    rng = np.random.default_rng(0)
    judged, fitted = by(*takes), by(*takes, part="fit")
    assert {judged.hear("stop", ANN, rng)[0].text for _ in range(20)} == {"shop"}
    assert {fitted.hear("stop", ANN, rng)[0].text for _ in range(20)} == {"stomp"}


def test_what_is_not_in_the_book_is_heard_by_the_other_channel():
    assert by(hearing("stop", "shop")).hear("play some jazz", ANN, np.random.default_rng(0))


def test_who_speaks_clearly_is_heard_as_from_nearby():
    takes = [hearing("stop", "stop"), hearing("stop", "shop", far=True)]
    far = Voice(speaker="ann", accent="a", far=True)
    assert by(*takes).hear("stop", far, np.random.default_rng(0), care=1.0)[0].text == "stop"
    assert by(*takes).hear("stop", far, np.random.default_rng(0))[0].text == "shop"


def test_what_can_be_asked_for_exists_in_the_home():
    shipped = load()
    can = repertoire(shipped, "judge")
    heard = {one.said for one in shipped.hearings if one.part == "judge"}
    assert can["house"]
    for wishes in can.values():
        assert all(heard.issuperset(phrase.texts) for ways in wishes.values() for phrase in ways)


def test_a_town_by_the_book_asks_only_for_what_was_heard_and_is_the_same_twice():
    town = Town(homes=3, seed=4, channel="book")
    turns = list(town.live(0))
    assert turns == list(town.live(0))
    asked = {turn.truth.interpretation.intent for turn in turns if turn.truth and turn.truth.interpretation}
    assert asked


def test_a_channel_that_does_not_exist_is_refused():
    with pytest.raises(BadConfig, match="book, fitted"):
        Town(homes=1, channel="radio")
