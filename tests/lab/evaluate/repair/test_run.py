"""`uptake evaluate rewrite-dstc2`: wins and losses over all turns, on callers nobody learned from."""

import pytest

from tests.lab.corpora.calls import call, prompt, said, write
from tests.lab.evaluate import toy_calls
from uptake.errors import NotReady
from uptake.lab.corpora.dstc2 import second_hearing
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.repair.calls import LOSS, NEUTRAL, NONE, WIN, OwnText, load

PROMISED = {
    f"{system}.{figure}"
    for system in ("supervised", "selfsup", "baseline")
    for figure in ("defects_fixed", "defects_fixed_low", "win_loss", "win_loss_high", "wrong_to_wrong", "triggered")
} | {"curve.0.defects_fixed", "curve.25.win_loss", "train.callers", "data.defect_rate"}


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    pytest.importorskip("lightgbm")
    folder = tmp_path_factory.mktemp("roots")
    return toy_calls.root(folder / "train", range(14)), toy_calls.root(folder / "data", range(14, 20), seed=1)


@pytest.mark.slow
def test_figures_are_flat_whole_and_held_out(roots):
    figures = evaluate("rewrite-dstc2", train=roots[0], data=roots[1])
    assert figures.keys() >= PROMISED
    assert not [name for name, value in figures.items() if isinstance(value, dict | list)]
    assert (figures["held_out"], figures["train.callers"], figures["data.callers"]) == (True, 14, 6)
    for system in ("supervised", "selfsup", "baseline"):
        parts = [figures[f"{system}.{name}"] for name in ("wins", "losses", "wrong_to_wrong")]
        assert sum(parts) == figures[f"{system}.triggered"]


def test_served_meanings_are_wrong_exactly_where_the_corpus_says_so(roots):
    calls = load(roots[0])
    material = calls.material()
    wrong = [turn.served != meant for turn, meant in zip(material.turns, material.meant, strict=True)]
    assert wrong == [turn.truth.defect for turn in calls.turns]


def test_the_same_call_in_two_files_counts_once(roots, tmp_path):
    for name in ("one", "two"):
        write(tmp_path / "dstc2" / f"{name}.jsonl.gz", [call((prompt("hello", ["welcomemsg", []]), said("thai")))])
    assert len(load(tmp_path).sessions) == 1


def test_no_calls_are_said_to_be_missing(tmp_path):
    (tmp_path / "dstc2").mkdir()
    with pytest.raises(NotReady):
        load(tmp_path)


def test_the_baseline_takes_the_meaning_that_people_gave_to_the_text(roots):
    material = load(roots[0]).material()
    found = OwnText(majority={turn.top: (turn.served, 9, 9) for turn in material.turns}, least=0.5).outcomes(material)
    assert set(found.tolist()) <= {NONE, WIN, LOSS, NEUTRAL}
    never = OwnText(majority={}, least=0.0).outcomes(material)
    assert not never.any()
    assert len(never) == len(material)


def test_the_second_recogniser_is_read_where_it_is():
    heard = said("thai")
    record = call((prompt("hello", ["welcomemsg", []]), {**heard, "asr_batch": [["tie", -1.0]]}), (prompt("?"), heard))
    found = second_hearing(record)
    assert [[one.text for one in some] for some in found.values()] == [["tie"]]
