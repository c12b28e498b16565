"""`evaluate open`: which intents may answer a crowd's sentence, which half is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from uptake.assistant.skills import Skills
from uptake.errors import NotReady
from uptake.lab.corpora.crowd import MEANT, is_judged, load
from uptake.lab.evaluate.open import crowd, possible
from uptake.lab.evaluate.readings import Test as Sentence
from uptake.types import Interpretation


def corpus(root: Path, sentences: dict[str, str]) -> Path:
    (root / "clinc150").mkdir()
    rows = [json.dumps({"text": text, "intent": intent}) for text, intent in sentences.items()]
    (root / "clinc150" / "train.jsonl").write_text("\n".join(rows) + "\n")
    return root


def test_every_intent_that_may_answer_is_one_of_ours() -> None:
    ours = {intent for skill in Skills().skills for intent in (one.name for one in skill.intents)}
    mapped = {intent for meant in MEANT.values() for line in meant.values() for intent in line.split()}
    assert mapped <= ours


def test_a_refusal_has_no_intent_and_what_is_not_mapped_is_left_out(tmp_path: Path) -> None:
    tests = load(
        corpus(tmp_path, {"set a timer": "timer", "book a flight": "book_flight", "who are you": "are_you_a_bot"})
    )
    assert {test.text: bool(test.meant) for test in tests} == {"set a timer": True, "book a flight": False}


def test_any_intent_that_may_answer_is_right() -> None:
    given = {"slots": {}, "area": None, "entities": (), "areas": (), "file": ""}
    timer = Sentence(text="set a timer", intent="HassStartTimer HassTimerStatus", **given)
    assert possible(Interpretation(intent="HassTimerStatus"), timer)
    assert not possible(Interpretation(intent="HassTurnOn"), timer)
    assert not possible(None, timer)


def test_only_one_half_of_the_texts_is_judged(tmp_path: Path) -> None:
    sentences = {f"set a timer for {minutes} minutes": "timer" for minutes in range(2, 30)}
    sentences |= {f"book a flight to paris on day {day}": "book_flight" for day in range(2, 30)}
    judged = [text for text in sentences if is_judged(text)]
    assert 10 < len(judged) < len(sentences) - 10
    figures = crowd(corpus(tmp_path, sentences))
    assert figures["open.sentences"] <= len(judged)
    assert figures["open.acted_right"] == 1.0
    assert figures["open.refusal_acted_rate"] == 0.0


def test_a_root_without_any_of_the_corpora_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="clinc150"):
        crowd(tmp_path)
