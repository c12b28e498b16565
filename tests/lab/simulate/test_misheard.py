"""The simulated recogniser's lists: made of what was heard, never of what was said, and no kinder than real ones."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from uptake.lab.simulate import channel as shipped
from uptake.lab.simulate.channel import Channel, Voice
from uptake.lab.simulate.misheard.list_figures import Listed, figures, intervals
from uptake.lab.simulate.people import task_texts
from uptake.types import Transcript

REAL = json.loads((Path(shipped.__file__).parent / "fitted" / "list_figures.json").read_text(encoding="utf-8"))["rows"]
TEXTS = task_texts()[::9]
CHANNEL = Channel(task_texts(), seed=1)
LISTS = CHANNEL._lists


def below(top: str, said: str, seed: int = 0) -> list[str]:
    return LISTS.below(top, said, np.random.default_rng(seed))


def listed(said: str, *texts: str, speaker: str = "ann") -> Listed:
    return Listed(said, tuple(Transcript(text=text, score=-float(at)) for at, text in enumerate(texts)), speaker)


@given(st.sampled_from(["hall", "big", "attic", "porch"]), st.integers(0, 50))
def test_a_list_depends_on_what_was_said_only_through_which_words_of_the_top_are_in_doubt(word, seed):
    assert below("turn on the white light", f"turn on the {word} light", seed) == below(
        "turn on the white light", "turn on the zebra light", seed
    )


@given(st.sampled_from(TEXTS), st.integers(0, 20))
def test_no_entry_is_the_top_none_comes_twice_and_none_is_empty(top, seed):
    found = below(top, top, seed)
    assert len(found) <= 4
    assert len({top, *found}) == len(found) + 1
    assert all(found)


def test_below_silence_stands_nothing():
    assert below("", "play some jazz") == []


def test_words_in_doubt_are_changed_more_often_than_others():
    top = "turn on the white light"
    changed: Counter[int] = Counter()
    for seed in range(200):
        for text in below(top, "turn on the hall light", seed):
            edits = Levenshtein.editops(top.split(), text.split())
            changed.update(edit.src_pos for edit in edits if edit.tag != "insert")
    assert changed[3] > 1.2 * changed[4]


@pytest.mark.long
@pytest.mark.slow
def test_the_towns_lists_give_no_more_away_than_lists_of_real_calls():
    rng = np.random.default_rng(5)
    lists = []
    for at in range(3_000):
        said = TEXTS[at % len(TEXTS)]
        voice = Voice(speaker=f"s{at % 40}", accent="a", far=bool(at % 2))
        lists.append(Listed(said, CHANNEL.hear(said, voice, rng), voice.speaker))
    found = figures(lists)
    for name in (
        "truth on the list, given that the top is wrong",
        "lost words found below, given that the truth is not listed",
        "lost words found below, given that the top is wrong",
    ):
        assert 0.0 < found[name] <= REAL[name]["high"], name
    for place in (2, 3, 4, 5):
        name = f"word errors of the best of {place}, over those of the top"
        assert REAL[name]["low"] <= found[name] <= 1.0, name
    gap = "top right or wrong by the gap (area)"
    assert REAL[gap]["low"] - 0.05 <= found[gap] <= REAL[gap]["high"] + 0.05


def test_figures_count_what_a_reader_would_count():
    found = figures(
        [
            listed(
                "turn on the hall light", "turn on the white light", "turn on the hall light", "turn of the white light"
            ),
            listed("play jazz", "play chess", "lay chess"),
            listed("stop", "stop", "top"),
        ]
    )
    assert found["truth on the list, given that the top is wrong"] == 0.5
    assert found["… and its place, if listed: 2"] == 1.0
    assert found["lost words found below, given that the truth is not listed"] == 0.0
    assert found["lost words found below, given that the top is wrong"] == 0.5
    assert found["word errors of the best of 2, over those of the top"] == 0.5
    assert found["words by which entry 2 differs from the top"] == 1.0


def test_an_interval_holds_its_figure_and_closes_where_speakers_agree():
    lists = [listed("play jazz", "play chess", "play jazz", speaker=str(at)) for at in range(10)]
    assert intervals(lists, draws=20)["truth on the list, given that the top is wrong"] == (1.0, 1.0)
