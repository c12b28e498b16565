"""Evaluation of rewriting in context: what is judged, what is learnt from, and that copying scores as copying does."""

import gzip
import json

import numpy as np
import pytest

from uptake.errors import BadRecord, NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.contextual import run as context
from uptake.lab.evaluate.contextual.baseline import pronouns_named
from uptake.lab.evaluate.contextual.corpora import Case, cases, spelled
from uptake.lab.evaluate.contextual.scores import COLUMNS, added_words, bleu, counted
from uptake.rewriting.contextual.spans import Message

PLACES = (
    "Golden Wok",
    "River Bar",
    "Old Mill",
    "Blue Lagoon",
    "Royal Spice",
    "Yu Garden",
    "Dojo",
    "Nandos",
    "Ugly Duck",
)


def gecor_dialogue(at, place):
    def turn(user, complete, system, ellipsis="", reference=""):
        slu = [{"act": "inform", "slots": [["food", "thai"]]}]
        return {
            "user": user, "complete": complete, "with_ellipsis": ellipsis, "with_coreference": reference,
            "slu": slu, "system": system,
        }  # fmt: skip

    return {
        "dialogue": at,
        "turns": [
            turn("I want thai food", "I want thai food", f"{place} serves thai food."),
            turn(
                "What is their phone number?",
                f"What is {place}'s phone number?",
                "It is 123.",
                "What is the phone number?",
                "What is their phone number?",
            ),
            turn("Thank you good bye", "Thank you goodbye", "Bye."),
        ],
    }


def write(root, folder, rows):
    (root / folder).mkdir(parents=True)
    with gzip.open(root / folder / "part.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return root


@pytest.fixture
def gecor_root(tmp_path):
    return write(
        tmp_path / "one",
        "gecor",
        [gecor_dialogue(at, place) for at, place in enumerate([*PLACES, *(f"{one} Inn" for one in PLACES)])],
    )


def test_each_form_of_a_request_is_a_case_and_spaces_are_no_rewrite(gecor_root):
    first = [one for one in cases("gecor", gecor_root) if one.dialogue.startswith("0-")]
    assert [(one.kind, one.is_complete) for one in first] == [
        ("complete", True),
        ("complete", True),
        ("ellipsis", False),
        ("reference", False),
        ("complete", True),
    ]
    assert first[0].slots == ("thai",)
    assert len(first[2].past) == 2


def test_a_reformulation_belongs_to_what_was_said_before_it(tmp_path):
    row = {
        "dialogue_id": "d",
        "turns": [
            {"speaker": "user", "text": "weather?"},
            {"speaker": "assistant", "text": "Where?", "slots": {"date": "today"}},
            {"speaker": "user", "text": "Oslo"},
            {"speaker": "assistant", "text": "Sunny", "slots": {"location": "Oslo"}},
        ],
        "reformulations": [
            {"after_turn": 3, "flag": "zero; zero", "gold_slots": ["Oslo"], "reformulated_utt": "weather in Oslo?"}
        ],
    }
    (one,) = cases("cqr", write(tmp_path, "cqr_kvret", [row]))
    assert (one.request, one.kind, one.slots, len(one.past)) == ("Oslo", "zero", ("Oslo",), 2)
    assert one.past[1].slots == (("date", "today"),)


def test_titles_of_an_article_are_topics(tmp_path):
    row = {"dialogue_id": "d", "history": ["Ann", "Life", "q", "a"], "question": "Was she?", "rewrite": "Was Ann?"}
    (one,) = cases("canard", write(tmp_path, "canard", [row]))
    assert [said.speaker for said in one.past] == ["topic", "topic", "user", "assistant"]


def test_missing_and_malformed_files_are_told(tmp_path):
    with pytest.raises(NotReady):
        cases("gecor", tmp_path)
    with pytest.raises(BadRecord) as error:
        cases("canard", write(tmp_path, "canard", [{"dialogue_id": "d", "history": [], "question": 5}]))
    assert "line 1" in str(error.value)


def case(request, *rewrites, slots=()):
    return Case(dialogue="d", kind="x", request=request, past=(), rewrites=rewrites, slots=slots)


def test_a_perfect_rewrite_scores_one_and_a_copy_brings_nothing():
    one = case("what about it now", "what about the golden wok now", slots=("Golden Wok",))
    perfect, copy = (np.array([counted(one, text)]) for text in (one.rewrites[0], one.request))
    assert perfect.shape == (1, COLUMNS)
    assert bleu(perfect) == pytest.approx(1.0)
    assert bleu(copy) < 0.5
    assert perfect[0, 10:].tolist() == [1, 0, 1, 1, 2, 2, 2]
    assert copy[0, 10:].tolist() == [0, 1, 0, 1, 0, 2, 0]


def test_any_of_several_people_may_be_right():
    one = case("and it", "and the wok there", "and that wok there")
    assert counted(one, "And that wok, there!")[10] == 1


def test_only_telling_words_count_as_carried():
    assert added_words("what is it", spelled("what is the golden wok")) == ["golden", "wok"]


@pytest.mark.parametrize(
    ("request_", "rewrite"),
    [
        ("what is it", "what is Golden Wok"),
        ("what is its number", "what is Golden Wok's number"),
        ("call a taxi", "call a taxi"),
    ],
)
def test_the_baseline_puts_the_last_name_in_place_of_a_pronoun(request_, rewrite):
    assert pronouns_named(request_, [Message("assistant", "the Golden Wok serves thai food.")]) == rewrite


@pytest.mark.parametrize("apart", [True, False])
def test_no_request_is_written_out_by_a_model_that_saw_its_dialogue(gecor_root, tmp_path, monkeypatch, apart):
    """What is trained is the names of the dialogues it was trained on."""
    written = []

    def write_out(known, one):
        written.append(one.dialogue)
        assert known
        assert one.dialogue not in known
        return one.request, 1.0

    monkeypatch.setattr(context, "train_rewriter", lambda lessons, **_: {one.group for one in lessons})
    monkeypatch.setattr(context, "_rewritten", write_out)
    rows = [
        gecor_dialogue(0, PLACES[0]),
        *(gecor_dialogue(100 + at, f"{place} Two") for at, place in enumerate(PLACES)),
    ]
    train = write(tmp_path / "two", "gecor", rows) if apart else gecor_root
    evaluate("rewrite-context", corpus="gecor", train=train, data=gecor_root)
    assert set(written) == {one.dialogue for one in cases("gecor", gecor_root)}


@pytest.mark.slow
@pytest.mark.parametrize("apart", [True, False])
def test_figures_have_a_baseline_an_interval_and_no_dialogue_on_both_sides(gecor_root, tmp_path, apart):
    train = gecor_root
    if apart:
        rows = [gecor_dialogue(100 + at, f"{place} Two") for at, place in enumerate(PLACES)]
        train = write(tmp_path / "two", "gecor", rows)
    found = evaluate("rewrite-context", corpus="gecor", train=train, data=gecor_root)
    assert found["out_of_fold"] is not apart
    assert found["copy.exact"] == 0.0
    assert found["copy.false_rewrites"] == 0.0
    assert found["carry.exact_low"] <= found["carry.exact"] <= found["carry.exact_high"]
    assert found["carry.bleu"] > found["copy.bleu"]
    assert 0.0 <= found["carry.slot_recall"] <= 1.0
    assert {
        f"{name}.{key}" for name in ("carry", "copy", "pronoun") for key in ("exact", "bleu", "slot_recall")
    } <= set(found)


@pytest.mark.slow
@pytest.mark.data
def test_real_cases_are_read(data_root):
    assert len(cases("cqr", data_root)) > 100
