"""The simulated recogniser: errs, but the same for the same chance, and often in the same way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptake.errors import BadConfig, BadRecord
from uptake.lab.simulate.channel import Channel, Voice, load
from uptake.lab.simulate.misheard.alignment import align_words, plain_costs
from uptake.lab.simulate.misheard.sounds import UNITS, sounds

TASK = ["turn on the hall light", "play some jazz by queen", "set a timer for 10 minutes", "turn off the kitchen light"]
ANN = Voice(speaker="ann", accent="a", far=True)
channel = Channel(TASK, seed=1)


def hear(text: str, voice: Voice = ANN, *, times: int = 1, care: float = 0.0, by: Channel = channel) -> list[str]:
    rng = np.random.default_rng(7)
    return [by.hear(text, voice, rng, care=care)[0].text for _ in range(times)]


def share_right(**how: object) -> float:
    """Over all sentences: some have a place that is hard for everybody."""
    return float(np.mean([heard == text for text in TASK for heard in hear(text, times=200, **how)]))  # type: ignore[arg-type]


def test_the_same_chance_hears_the_same():
    assert hear(TASK[0], times=20) == hear(TASK[0], times=20)


def test_who_speaks_clearly_is_heard_better_and_a_harder_recogniser_hears_worse():
    assert share_right(care=1.0) > share_right() > share_right(by=Channel(TASK, seed=1, harder=1.0))


def test_what_is_misheard_is_often_misheard_in_the_same_way():
    wrong = Counter(
        text for text in hear("turn off the kitchen light", times=400) if text != "turn off the kitchen light"
    )
    pairs = sum(n * (n - 1) for n in wrong.values()) / (wrong.total() * (wrong.total() - 1))
    assert pairs > 0.03  # a wrong text is one of hundreds


def test_the_list_has_what_was_heard_on_top_and_no_text_twice():
    rng = np.random.default_rng(3)
    for _ in range(100):
        found = channel.hear(TASK[2], ANN, rng)
        texts, scores = [one.text for one in found], [one.score for one in found]
        assert 1 <= len(found) <= 5
        assert len(set(texts)) == len(texts)
        assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]


def test_silence_is_heard_as_silence():
    assert hear("") == [""]


def test_a_table_that_shares_everything_leaves_no_chance():
    table = dict(load())
    table["correlation"] = {"word": 0.6, "sentence": 0.5}
    with pytest.raises(BadConfig):
        Channel(TASK, table=table)


def test_a_file_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "channel.json").write_text("{}")
    with pytest.raises(BadRecord, match="fitted channel"):
        load(tmp_path / "channel.json")


@given(st.text(max_size=20))
def test_every_text_has_sounds_or_none(text):
    assert all(0 <= unit < len(UNITS) for unit in sounds(text))


@given(
    st.lists(st.sampled_from("a turn the hall whole light".split()), max_size=5),
    st.lists(st.sampled_from("a turned the haul light".split()), max_size=5),
)
def test_an_alignment_holds_every_word_of_both_in_order(said, heard):
    pairs = align_words(said, heard, plain_costs())
    assert [pair.said for pair in pairs if pair.said] == said
    assert [pair.heard for pair in pairs if pair.heard] == heard
