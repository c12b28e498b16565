"""rewrites: wins and losses are counted as the glossary says, and the evaluation runs on files of any name."""

import gzip
import json

import pytest

from uptake.errors import NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.table import RewriteOutcomes, score

BEATLES = [{"type": "artist_name", "filler": "the beatles"}]


def read(entities):
    return {"scenario": "play", "action": "music", "entities": entities}


def sentence(number, said, heard):
    """One SLURP sentence: what was heard, and whether it was read rightly."""
    recordings = [
        {"file": f"audio-{number}{at:03d}.flac", "asr_text": text, "nlu_on_asr_slurp": read(BEATLES if right else [])}
        for at, (text, right) in enumerate(heard)
    ]
    return {"slurp_id": number, "sentence": said, "recordings": recordings, **read(BEATLES)}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "slurp_asr"
    folder.mkdir()
    heard = [("play the beetles in the kitchen", False), ("play the beatles in the kitchen", True)] * 20
    other = [("turn on the light in the whole", False), ("turn on the light in the hall", True)] * 20
    rows = [
        sentence(1490000, "play the beatles in the kitchen", heard),
        sentence(1500000, "turn on the light in the hall", other),
    ]
    with gzip.open(folder / "anything.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


@pytest.mark.slow
def test_a_recurring_mishearing_is_won_and_nothing_is_lost(root):
    figures = evaluate("rewrites", corpus="slurp", data=root)
    assert figures["rewrite.wins"] == figures["defects"] > 0
    assert figures["rewrite.losses"] == 0
    assert figures["rewrite.defects_fixed"] == 1.0
    assert figures["exact.wins"] == figures["rewrite.wins"]
    assert figures["new_sentences.rewrite.wins"] == 0


def test_wins_losses_and_neutral_are_told_apart():
    judged = RewriteOutcomes(
        group=["a", "a", "b", "b", "c"],
        right_before=[False, True, False, True, False],
        right_after=[True, False, False, True, False],
        triggered=[True, True, True, False, False],
    )
    figures = score(judged)
    assert (figures["wins"], figures["losses"], figures["neutral"], figures["still_wrong"]) == (1, 1, 1, 1)
    assert figures["win_loss"] == 1.0
    assert figures["defects_fixed"] == pytest.approx(1 / 3)
    assert figures["defects_fixed_low"] <= 1 / 3 <= figures["defects_fixed_high"]


def test_a_ratio_without_losses_is_a_number():
    judged = RewriteOutcomes(group=["a", "b"], right_before=[False] * 2, right_after=[True] * 2, triggered=[True] * 2)
    assert score(judged)["win_loss"] == 4.0


def test_a_root_without_the_corpus_is_told(tmp_path):
    with pytest.raises(NotReady, match="slurp"):
        evaluate("rewrites", corpus="slurp", data=tmp_path)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.data
def test_on_real_recogniser_errors_rewrites_win(data_root):
    figures = evaluate("rewrites", corpus="slurp", data=data_root)
    assert figures["rewrite.win_loss"] >= 12
    assert figures["rewrite.defects_fixed"] >= 0.035
    assert figures["rewrite.win_loss"] >= 2 * figures["baseline.win_loss"]
