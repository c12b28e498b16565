"""Parts of the readers: masking, sampling, frames, calibration, spelling."""

from __future__ import annotations

import random

import pytest

from uptake.assistant.readers.augment import varied
from uptake.assistant.readers.bundled import HERE, bundled_parts
from uptake.assistant.readers.calibration import Calibration, isotonic
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.frames import Frames
from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.readers.masking import mask
from uptake.assistant.readers.sampling import Sample, Sampler, placeholder_vocabulary, split_label
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.types import Situation


def test_names_become_placeholders_even_misspelt(vocabulary: Vocabulary) -> None:
    masked = mask("dim the bedside lapm in the living room", vocabulary)
    assert masked.text == "dim the devicelight in the someroom"
    assert [mention.name.meant for mention in masked.mentions] == ["Bedside Lamp", "Living Room"]


def test_ordinary_words_are_not_taken_for_names(vocabulary: Vocabulary) -> None:
    assert mask("open the front desk", vocabulary).mentions == ()


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(Sampler(Grammar(placeholder_vocabulary(), wordings=False), fillers={"*": ["hey jude"]}).samples(2))


def test_slots_of_a_sample_stand_where_they_say(samples: list[Sample]) -> None:
    assert all(
        sample.text[start:end].strip() and 0 <= start < end for sample in samples for _, start, end in sample.slots
    )
    assert {sample.text[start:end] for sample in samples for slot, start, end in sample.slots if slot == "area"} == {
        "someroom"
    }


def test_a_sentence_said_otherwise_keeps_its_slots(samples: list[Sample]) -> None:
    draw = random.Random(1)
    for sample in samples[:300]:
        other = varied(sample, draw)
        assert sorted(slot for slot, _, _ in other.slots) == sorted(slot for slot, _, _ in sample.slots)
        assert all(other.text[start:end].strip() for _, start, end in other.slots)


def test_a_label_whose_opposite_was_said_is_not_supported() -> None:
    practised = [Sample(f"turn {way} the fan", f"HassTurn{way.title()}", ()) for way in ("on", "off") for _ in range(5)]
    frames = Frames.of(practised, {}, practised)
    assert frames.supports("HassTurnOn", "please turn on the thing")
    assert not frames.supports("HassTurnOn", "please turn off the thing")
    assert not frames.supports("HassTurnOn", "please turn the thing")


def test_spelling_is_corrected_towards_the_grammar_but_never_between_opposites(grammar: Grammar) -> None:
    tolerant = TolerantReader(grammar)
    assert tolerant.variants("whats the tempature in the kitchen")[0].text == "whats the temperature in the kitchen"
    assert all(variant.risky for variant in tolerant.variants("turn onn the light") if " on " in variant.text)
    assert all(variant.risky for variant in tolerant.variants("winter") if "water" in variant.text)


def test_probabilities_rise_with_scores() -> None:
    curve = isotonic([0.1] * 50 + [0.5] * 50 + [0.9] * 50, [False] * 50 + [True, False] * 25 + [True] * 50)
    worths = [Calibration(tolerant=curve).of_tolerant(score / 20) for score in range(21)]
    assert worths == sorted(worths)
    assert worths[-1] > 0.9


def test_the_model_that_ships_knows_its_labels_and_where_it_came_from() -> None:
    shipped = bundled_parts()
    assert shipped is not None
    model, frames, _ = shipped
    assert {"HassTurnOn", "OutOfScope"} <= {split_label(label)[0] for label in model.labels}
    assert set(model.labels) <= {*frames.labels, "OutOfScope"}
    assert "uptake train reader" in (HERE / "provenance.json").read_text(encoding="utf-8")


def test_a_misheard_name_is_found_by_its_sound_and_trusted_less(vocabulary: Vocabulary) -> None:
    heard = mask("turn on the bedside lamb", vocabulary)
    assert [mention.name.meant for mention in heard.mentions] == ["Bedside Lamp"]
    assert heard.score < mask("turn on the bedside lamp", vocabulary).score == 1.0
    assert not mask("what is the weather", vocabulary, {"weather"}).mentions


def test_a_misheard_word_is_corrected_where_the_grammar_then_reads_it(grammar: Grammar) -> None:
    found = TolerantReader(grammar).read("paws the timer", Situation())
    assert found[0].interpretation.intent == "HassPauseTimer"


def test_words_are_opposites_only_where_they_turn_a_request_round() -> None:
    shipped = bundled_parts()
    assert shipped is not None
    frames = shipped[1]
    assert not frames.contradicts("HassTurnOn|domain=light", "it is too dark in someroom")
    assert frames.contradicts("HassTurnOn|domain=light", "turn off the light")


def test_more_evidence_against_a_reading_makes_it_less_likely() -> None:
    shipped = bundled_parts()
    assert shipped is not None
    calibration = shipped[2]
    clear = {"chance": 0.98, "log_odds": 4.0, "margin": 4.0}
    left_over = {**clear, "unaccounted": 3.0, "odd_slots": 1.0}
    assert calibration.of_statistical(left_over) < calibration.of_statistical(clear) <= 0.95


def test_a_misheard_name_may_end_in_the_word_of_its_kind(vocabulary: Vocabulary) -> None:
    assert mask("turn on the haul light", vocabulary).mentions[0].name.meant == "Hall Light"
    assert not mask("turn on the light", vocabulary).mentions


def test_a_misspelt_shopping_list_is_no_list_of_its_own(understanding: Understanding) -> None:
    best = understanding.read("put eggs on the shoping list", Situation())[0]
    assert best.interpretation.intent == "HassShoppingListAddItem"
