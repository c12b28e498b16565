"""Matching: one search of all templates finds what hassil finds by trying each, in every language that ships."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from hassil import (
    Alternative,
    Expression,
    Group,
    IntentData,
    Intents,
    ListReference,
    Permutation,
    RangeSlotList,
    RecognizeResult,
    RuleReference,
    TextChunk,
    TextSlotList,
    recognize_all,
)
from hassil.intents import Intent
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.assistant.readers.grammar import Grammar
from uptake.assistant.readers.matching.shapes import tokens
from uptake.assistant.readers.templates import languages
from uptake.assistant.readers.vocabulary import Vocabulary

Answer = tuple[object, ...]
ROOM = "Kitchen"


def by_hassil(grammar: Grammar, text: str) -> set[Answer]:
    """What hassil makes of a text: intent, template, key of the answer, its own letters, and every slot."""

    def answer(found: RecognizeResult) -> Answer:
        slots = sorted((one.name, _plain(one.value), one.text, one.is_wildcard) for one in found.entities_list)
        template = found.intent_data.sentence_texts[0]
        return found.intent.name, template, found.response, found.text_chunks_matched, tuple(slots)

    intents: dict[str, Intent] = {}
    for template in grammar.templates:
        intents.setdefault(template.intent, Intent(template.intent)).data.append(template.data)
    every = Intents(
        language=grammar.intents.language,
        intents=intents,
        slot_lists=grammar.lists,
        expansion_rules=grammar.intents.expansion_rules,
        skip_words=grammar.intents.skip_words,
        settings=grammar.intents.settings,
    )
    context = {"area": ROOM}
    return set(map(answer, recognize_all(text, every, intent_context=context, language=grammar.language)))


def by_us(grammar: Grammar, text: str) -> set[Answer]:
    found = set()
    for one in grammar.results(text, room=ROOM):
        template = grammar.templates[one.at]
        slots = sorted((slot.name, _plain(slot.value), slot.text, slot.is_free) for slot in one.slots)
        found.add((template.intent, template.data.sentence_texts[0], one.response, one.literal, tuple(slots)))
    return found


def _plain(value: object) -> str:
    """A value without its sign: hassil's number words take the sign of whichever list it tried first."""
    return str(abs(value)) if isinstance(value, int | float) else str(value)


def sentences(grammar: Grammar, count: int, draw: random.Random) -> list[str]:
    """Sentences of templates, both drawn by chance."""
    chosen = draw.choices(grammar.templates, k=count)
    return [" ".join(_said(each.data.sentences[0].expression, grammar, each.data, draw).split()) for each in chosen]


def _said(part: Expression, grammar: Grammar, data: IntentData, draw: random.Random) -> str:
    if isinstance(part, TextChunk):
        return part.text
    if isinstance(part, RuleReference):
        rules = {**grammar.rules, **data.expansion_rules}
        return _said(rules[part.rule_name].expression, grammar, data, draw)
    if isinstance(part, ListReference):
        listed = {**grammar.lists, **data.slot_lists}.get(part.list_name)
        if isinstance(listed, TextSlotList) and listed.values:
            return _said(draw.choice(listed.values).text_in, grammar, data, draw)
        if isinstance(listed, RangeSlotList):
            return str(draw.randrange(listed.start - 1, listed.stop + 2))
        return draw.choice(("jazz", "on the jazz", "5"))
    assert isinstance(part, Group)
    items = [draw.choice(part.items)] if isinstance(part, Alternative) else list(part.items)
    if isinstance(part, Permutation):
        draw.shuffle(items)
    return "".join(_said(item, grammar, data, draw) for item in items)


def _muddled(text: str, draw: random.Random) -> str:
    """Say a sentence as people write: a hyphen, no space, no first word, capitals, a mark, a word twice."""
    words = text.split()
    at = draw.randrange(max(len(words) - 1, 1))
    ways = (
        text,
        "-".join(words),
        " ".join([*words[:at], "".join(words[at : at + 2]), *words[at + 2 :]]),
        " ".join(words[1:]),
        f"{text.upper()}?",
        " ".join([*words[: at + 1], words[at], *words[at + 1 :]]) if words else text,
    )
    return draw.choice(ways)


@pytest.fixture(scope="module")
def drawn(grammar: Grammar) -> list[str]:
    return sentences(grammar, 400, random.Random(0))


@given(at=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_english_is_matched_as_hassil_matches_it(grammar: Grammar, drawn: list[str], at: int) -> None:
    text = _muddled(drawn[at % len(drawn)], random.Random(at))
    assert by_us(grammar, text) == by_hassil(grammar, text)


@pytest.mark.parametrize(
    "text",
    [
        "play jazz and blues and rock on the tv",  # any words, which may end in several places
        "set the volume to twenty-five percent",
        "set volume to 25.5",
        "add the the milk to the list",
        "turn on the bedside-lamp",
        "please turn, um, on the bedside lamp!",
        "is “gusty\u2019s” speed up — now",
        "",
        " ",
        "?",
        "jazz",
        "turn on" * 60,
    ],
)
def test_what_is_hard_to_match_is_matched_as_hassil_does(grammar: Grammar, text: str) -> None:
    assert by_us(grammar, text) == by_hassil(grammar, text)


def test_what_was_said_of_a_slot_is_found_in_the_request(grammar: Grammar) -> None:
    text = "please,  turn on the Bedside Lamp — please?"
    spans = {text[start:end] for match in grammar.matches(text) for slot, start, end in match.spans if slot == "name"}
    assert "Bedside Lamp" in spans


def test_a_number_in_words_has_the_sign_of_its_own_list(grammar: Grammar) -> None:
    for said in ("increase", "decrease", "increase"):
        steps = {
            dict(each.interpretation.slots).get("volume_step")
            for each in grammar.matches(f"{said} the volume by twenty percent")
        }
        assert ("-20" if said == "decrease" else "20") in steps
        assert ("20" if said == "decrease" else "-20") not in steps


def test_a_turkish_i_is_the_same_with_and_without_its_dot(vocabulary: Vocabulary) -> None:
    assert tokens("Is\u0131 \u0130K\u0130") == tokens("isi iki")
    text = "Is\u0131 kaç derece?"
    turkish = Grammar(vocabulary, language="tr")
    assert by_us(turkish, text) == by_hassil(turkish, text) != set()


@pytest.mark.long
@pytest.mark.slow
def test_every_language_is_matched_as_hassil_matches_it(vocabulary: Vocabulary) -> None:
    for language in languages():
        grammar, draw = Grammar(vocabulary, language=language), random.Random(language)
        for text in sentences(grammar, 2, draw):
            said = _muddled(text, draw)
            assert by_us(grammar, said) == by_hassil(grammar, said), (language, said)


@pytest.mark.long
@pytest.mark.slow
def test_sentences_of_other_people_are_matched_as_hassil_matches_them(vocabulary: Vocabulary, data_root: Path) -> None:
    with gzip.open(data_root / "ha_intents" / "tests.jsonl.gz", "rt", encoding="utf-8") as file:
        tests = [json.loads(line) for line in file]
    random.Random(0).shuffle(tests)
    for language in ("en", "de", "es", "ja"):
        grammar = Grammar(vocabulary, language=language)
        for row in [row for row in tests if row["lang"] == language][:15]:
            assert by_us(grammar, row["text"]) == by_hassil(grammar, row["text"]), (language, row["text"])
