"""Texts that may leave: what is measured of them is caught where it is bad and not where it is not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from uptake.errors import BadConfig, NotReady
from uptake.lab.evaluate import evaluate
from uptake.lab.evaluate.private_text.linking import linked
from uptake.lab.evaluate.private_text.planted import found, planted
from uptake.privacy.words import RandomWords
from uptake.release.export import public_words, word_noise


def write(folder, rows):
    folder.mkdir()
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("identifier", "left", "gone"),
    [
        ("Fatima", "call name_0a1b2c3d now", True),
        ("Fatima", "call fatima now", False),
        ("12 Elm", "at number_0a1b2c3d elm", False),
        ("0446681800", "call 044 word_0a1b2c3d", True),
        ("4466", "call 4466", False),
        ("elm", "word_e1a2b3c4", True),
    ],
)
def test_an_identifier_is_gone_where_nothing_of_it_is_left(identifier, left, gone):
    assert found(identifier, left) == gone


def test_identifiers_are_planted_where_people_wrote_some_and_found(tmp_path):
    text = "tell me about zeynep at seven pm in winterthur"
    marks = [["person", 14, 20], ["time", 24, 32], ["place_name", 36, 46]]
    write(tmp_path / "hwu64", [{"text": f"{text} {at}", "entities": marks} for at in range(40)])
    write(tmp_path / "entity_catalogues", [{"name": "Oberhofen", "geonameid": "1"}])
    kinds = {case.kind for case in planted(tmp_path)}
    assert kinds == {"person", "place", "time", "made_up_name", "phone", "phone_spoken", "town", "address"}
    figures = evaluate("private-text", corpus="planted", data=tmp_path)
    assert figures["cases"] > 50
    assert all(figures[f"recall_{kind}"] == 1.0 for kind in kinds)
    assert figures["patterns_recall_person"] == figures["patterns_recall_town"] == 0.0
    assert figures["words_kept"] > 0.9


def test_who_talks_like_nobody_else_is_linked_and_who_talks_like_all_is_not():
    own = {f"p{at}": [f"heron{at} song{at} play"] for at in range(8)}
    assert linked(own, own).all()
    same = {f"p{at}": ["play the radio"] for at in range(8)}
    assert linked(same, same).sum() <= 1


@pytest.mark.parametrize("epsilon", [0.5, 3.0])
def test_a_word_drawn_at_random_tells_any_two_apart_by_its_bound_and_no_more(epsilon):
    words = ["a", "b", "c", "d"]
    noise = RandomWords(words, epsilon=epsilon, rng=np.random.default_rng(0))
    drawn = {word: noise.all([word] * 20_000) for word in words[:2]}
    shares = {out: [drawn[word].count(out) / 20_000 for word in words[:2]] for out in words}
    ratio = shares["a"][0] / shares["a"][1]
    assert np.log(ratio) == pytest.approx(epsilon, rel=0.1, abs=0.05)
    assert shares["c"][0] == pytest.approx(shares["c"][1], abs=0.02)
    assert shares["a"][0] == pytest.approx(noise.kept, abs=0.02)


@pytest.mark.parametrize("wrong", [{"epsilon": 0.0}, {"epsilon": -1.0}, {"epsilon": float("nan")}])
def test_noise_that_is_none_is_refused(wrong):
    with pytest.raises(BadConfig, match="epsilon"):
        RandomWords(["a", "b"], **wrong)
    with pytest.raises(BadConfig, match="vocabulary"):
        RandomWords([], epsilon=1.0)


@pytest.mark.slow
def test_less_noise_teaches_more(tmp_path):
    things = ["the kitchen light", "the bedroom lamp", "all the lights", "the door", "the radio", "the fan"]
    rows = [
        {"text": f"{verb} {thing} {number} please", "intent": intent}
        for verb, intent in (("turn on", "on"), ("switch off", "off"), ("what is", "ask"), ("play", "play"))
        for thing in things for number in range(25)
    ]  # fmt: skip
    write(tmp_path / "snips", rows)
    figures = evaluate("private-text", corpus="snips", data=tmp_path)
    assert figures["accuracy_plain"] > 0.95
    assert figures["spelling.eps_20.elliptical"] > figures["spelling.eps_5.elliptical"] - 0.02
    assert figures["spelling.eps_5.kept"] < figures["spelling.eps_10.kept"] < figures["spelling.eps_20.kept"]


@pytest.mark.parametrize("corpus", ["hwu64", "planted", "star"])
def test_a_root_without_the_texts_is_refused(tmp_path, corpus):
    with pytest.raises(NotReady):
        evaluate("private-text", corpus=corpus, data=tmp_path)


def test_real_words_are_denied_within_the_ratio_that_epsilon_allows():
    """Pairs of public words, drawn; their vectors, and the noise that is exported with."""
    rng = np.random.default_rng(6)
    noise, runs = word_noise(3.0, rng=rng), 3_000
    words = rng.choice(sorted(public_words()), size=8, replace=False).tolist()
    near = {word: min((one for one in public_words() if one != word), key=lambda one: noise.distance(word, one))
            for word in words}  # fmt: skip
    for word, other in near.items():
        bound = np.exp(noise.epsilon * noise.distance(word, other))
        one, two = noise.draw(word, runs), noise.draw(other, runs)
        for out in (word, other):
            p, q = one.count(out) / runs, two.count(out) / runs
            slack = 4.0 * np.sqrt(max(p, 1e-3) / runs) + 4.0 * bound * np.sqrt(max(q, 1e-3) / runs)
            assert p <= bound * q + slack
