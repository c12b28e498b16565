"""`evaluate home`: what counts as right, where the home comes from, and the goals."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from uptake.assistant.readers import Name, Vocabulary
from uptake.assistant.readers.keywords import ComposedReader
from uptake.errors import BadRecord, NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.home import home, load, vocabulary_of
from uptake.lab.evaluate.home_unforeseen import documented
from uptake.lab.evaluate.nearest import nearest_intents
from uptake.lab.evaluate.readings import Test as Sentence
from uptake.lab.evaluate.readings import frame_is_right
from uptake.types import Interpretation, Situation


def sentence(**said: Any) -> Sentence:
    given = {"text": "x", "intent": "HassTurnOn", "slots": {}, "area": None, "entities": (), "areas": (), "file": ""}
    return Sentence(**{**given, **said})


def test_numbers_are_compared_as_numbers_and_lists_are_left_out() -> None:
    test = sentence(intent="HassStartTimer", slots={"minutes": 5, "name": ["pizza ", "pizza"]})
    assert frame_is_right(Interpretation(intent="HassStartTimer", slots=(("minutes", "5.0"),)), test)
    assert not frame_is_right(Interpretation(intent="HassStartTimer", slots=(("minutes", "6"),)), test)


def test_another_place_fails_the_strict_frame_only() -> None:
    test = sentence(slots={"domain": "light"})
    elsewhere = Interpretation(intent="HassTurnOn", slots=(("domain", "light"), ("area", "Kitchen")))
    assert frame_is_right(elsewhere, test)
    assert not frame_is_right(elsewhere, test, strict=True)


def test_the_home_has_what_the_sentences_name() -> None:
    names = vocabulary_of(
        [
            sentence(slots={"name": "Zed", "domain": "lock"}, areas=("Loft",)),
            sentence(slots={"name": "Old Lamp", "floor": "Attic"}, entities=("Party Mode",)),
            sentence(slots={"name": "all", "domain": "fan"}, area="Den"),
        ]
    ).names
    assert {(name.said, name.kind, name.domain) for name in names} == {
        ("Zed", "name", "lock"),
        ("Old Lamp", "name", "light"),
        ("Party Mode", "name", "scene"),
        ("Loft", "area", None),
        ("Den", "area", None),
        ("Attic", "floor", None),
    }


def test_either_file_may_be_missing(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="no English test"):
        home(tmp_path)
    folder = tmp_path / "ha_intents"
    folder.mkdir()
    row = {"lang": "en", "intent": "HassTurnOn", "slots": {"name": "Hall Lamp"}, "text": "turn on the hall lamp"}
    with gzip.open(folder / "tests.jsonl.gz", "wt") as stream:
        stream.write(json.dumps(row) + "\n" + json.dumps({**row, "lang": "de"}) + "\n")
    assert len(load(folder / "tests.jsonl.gz")) == 1
    figures = home(tmp_path)
    assert figures["home_current.frame_accuracy"] == 1.0
    assert "home.frame_accuracy" not in figures


def test_the_lexicon_of_the_unforeseen_has_the_documented_words_alone() -> None:
    home = Vocabulary([Name(said="Phone", meant="Phone", kind="name", domain="binary_sensor")])
    alone, whole = ComposedReader(home, documented()), ComposedReader(home)
    assert alone.read("are any batteries low", Situation())
    for text in ("are any batteries flat", "is the phone unsafe to use"):
        assert not alone.read(text, Situation())
    assert whole.read("are any batteries flat", Situation())


def test_refusals_are_scored_apart_and_kinds_too(tmp_path: Path) -> None:
    folder = tmp_path / "ha_intents"
    folder.mkdir()
    row = {"lang": "en", "intent": "HassTurnOn", "slots": {"name": "Hall Lamp"}, "text": "turn on the hall lamp"}
    refusal = {"lang": "en", "intent": None, "text": "book me a flight to paris", "kind": "refusal"}
    rows = [{**row, "kind": "plain"}, {**row, "text": "qwx zzt vrrp", "kind": "plain"}, refusal]
    (folder / "tests_2025.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    figures = home(tmp_path)
    assert figures["home.answerable_frame_accuracy"] == figures["home.acted_right"] == 0.5
    assert figures["home.refusal_acted_rate"] == figures["home.wrong_action_rate"] == 0.0
    assert (figures["home.plain.acted_right"], figures["home.refusal.refusal_acted_rate"]) == (0.5, 0.0)


def test_an_intent_that_is_neither_text_nor_null_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "ha_intents"
    folder.mkdir()
    (folder / "tests_2025.jsonl").write_text('{"lang": "en", "intent": 5, "text": "x"}\n')
    with pytest.raises(BadRecord, match="intent"):
        home(tmp_path)


def test_the_baseline_takes_the_intent_of_the_nearest_sentence() -> None:
    known = [sentence(text="turn on the lamp"), sentence(text="what time is it", intent="HassGetCurrentTime")]
    asked = [sentence(text="please turn on a lamp"), sentence(text="the time please"), sentence(text="zzz")]
    assert nearest_intents(known, asked) == ["HassTurnOn", "HassGetCurrentTime", None]


WORDINGS = Path(__file__).parents[2] / "fixtures" / "wordings"


@pytest.mark.long
@pytest.mark.slow
def test_household_wordings_are_read_acted_on_and_refused() -> None:
    figures = home(WORDINGS)
    assert figures["home.answerable_frame_accuracy"] >= 0.75
    assert figures["home.acted_right"] >= 0.65
    assert figures["home.refusal_acted_rate"] <= 0.05


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.data
def test_the_whole_reader_reaches_its_goals(data_root: Path) -> None:
    figures = home(data_root)
    assert figures["home.intent_accuracy"] >= 0.90
    assert figures["home.frame_accuracy"] >= 0.85
    assert figures["home.wrong_action_rate"] <= 0.02
    assert figures["home_current.frame_accuracy"] >= 0.998
    assert figures["home.grammar_frame_accuracy"] < figures["home.frame_accuracy"]


def test_a_root_that_an_evaluation_does_not_read_is_passed_over(tmp_path):
    with pytest.raises(NotReady, match="ha_intents"):
        evaluate("home", train=tmp_path, data=tmp_path)
