"""Grammar: what the templates read, and that the prefilter loses nothing of it."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.matching.lists import _trie
from uptake.assistant.readers.sampling import Sampler, placeholder_vocabulary
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills import Skills
from uptake.errors import BadConfig
from uptake.types import Context, Situation


def best(grammar: Grammar, text: str, room: str | None = None) -> tuple[str, dict[str, str]]:
    reading = grammar.matches(text, room=room)[0].interpretation
    return reading.intent, {name: value for name, value in reading.slots if name != "response"}


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("turn on the bedside lamp", "HassTurnOn", {"name": "Bedside Lamp"}),
        ("turn on the night light", "HassTurnOn", {"name": "Bedside Lamp"}),
        ("set a timer for five minutes", "HassStartTimer", {"minutes": "5"}),
        ("illuminate the entire home", "HassTurnOn", {"domain": "light", "name": "all"}),
        ("turn the lights in the first floor on", "HassTurnOn", {"domain": "light", "floor": "First Floor"}),
        ("tell me if there are any switches on in the kitchen", "HassGetState",
         {"domain": "switch", "state": "on", "area": "Kitchen"}),
        ("are any smoke sensors triggered", "HassGetState",
         {"domain": "binary_sensor", "device_class": "smoke", "state": "on"}),
        ("is the pet door open?", "HassGetState",
         {"domain": "binary_sensor", "device_class": "door", "name": "Pet Door", "state": "on"}),
        ("what is Gusty's speed?", "HassGetState", {"domain": "sensor", "device_class": "wind_speed", "name": "Gusty"}),
        ("turn off the fan in the kitchen", "HassTurnOff", {"domain": "fan", "area": "Kitchen", "name": "all"}),
    ],
)  # fmt: skip
def test_old_and_new_wordings_are_read(grammar: Grammar, text: str, intent: str, slots: dict[str, str]) -> None:
    assert best(grammar, text) == (intent, slots)


def test_a_warm_grammar_has_the_words_of_every_number_it_asks_for(vocabulary: Vocabulary) -> None:
    _trie.cache_clear()
    grammar = Grammar(vocabulary, skills=Skills())
    grammar.warm()
    collected = _trie.cache_info().misses
    for text in ("brightness to fifty percent", "volume up by ten", "set the thermostat to twenty one degrees",
                 "timer for two hours and thirty seconds", "wake me in ninety minutes"):  # fmt: skip
        assert grammar.matches(text)
    assert _trie.cache_info().misses == collected


def test_the_room_of_the_speaker_fills_the_place_that_was_not_said(grammar: Grammar) -> None:
    assert best(grammar, "turn on the lights", "Kitchen")[1]["area"] == "Kitchen"
    assert "area" not in best(grammar, "turn on the lights")[1]
    assert best(grammar, "turn on the lights in the living room", "Kitchen")[1]["area"] == "Living Room"


def test_all_readings_are_kept(grammar: Grammar) -> None:
    readings = GrammarReader(grammar).read("play jazz on the TV", Situation(context=Context(room="Kitchen")))
    assert dict(readings[0].interpretation.slots)["name"] == "TV"
    assert len(readings) > 1
    assert all(first.confidence >= second.confidence for first, second in pairwise(readings))


def test_a_language_without_templates_is_named_with_those_there_are(vocabulary: Vocabulary) -> None:
    with pytest.raises(BadConfig, match="there is af, "):
        Grammar(vocabulary, language="tlh")


def test_another_language_reads_its_own_templates(vocabulary: Vocabulary) -> None:
    german = Grammar(vocabulary, language="de")
    assert best(german, "schalte die Bedside Lamp ein") == ("HassTurnOn", {"name": "Bedside Lamp"})


_WAYS = st.sampled_from(["", "please {}", "{}?", "glued", "hyphen", "upper", "dropped"])


def _said(text: str, way: str, draw: random.Random) -> str:
    words = text.split()
    at = draw.randrange(max(len(words) - 1, 1))
    if way in ("glued", "hyphen") and len(words) > 1:
        return " ".join([*words[:at], words[at] + ("-" if way == "hyphen" else "") + words[at + 1], *words[at + 2 :]])
    if way == "dropped":
        return " ".join(words[:at] + words[at + 1 :])
    return text.upper() if way == "upper" else way.format(text) if "{" in way else text


@pytest.fixture(scope="module")
def sampled(grammar: Grammar) -> list[str]:
    drawn = Sampler(Grammar(placeholder_vocabulary()), fillers={"*": ["hey jude"]}).samples(1)
    names = {"devicelight": "bedside lamp", "devicecover": "left curtain", "someroom": "living room"}
    texts = [sample.text for sample in drawn]
    for placeholder, name in names.items():
        texts = [text.replace(placeholder, name) for text in texts]
    return texts


@pytest.mark.slow
@given(at=st.integers(0, 10_000), way=_WAYS)
@settings(max_examples=25)
def test_the_prefilter_loses_no_match(grammar: Grammar, sampled: list[str], at: int, way: str) -> None:
    text = _said(sampled[at % len(sampled)], way, random.Random(at))
    assert grammar.matches(text, room="Kitchen") == grammar.matches(text, room="Kitchen", exhaustive=True)


def test_the_prefilter_leaves_few_templates(grammar: Grammar) -> None:
    assert len(grammar.prefilter.candidates("are all switches in the kitchen on")) < len(grammar) / 20
    assert grammar.prefilter.candidates("xyzzy plugh") == grammar.prefilter.candidates("plugh xyzzy")


def test_a_template_is_not_tried_where_it_can_begin_or_end_otherwise_alone(grammar: Grammar) -> None:
    heard = grammar._recognition.heard

    def tried(text: str) -> set[str]:
        said = heard(text)
        chosen = grammar.prefilter.candidates(said.bare.text, said.haystack)
        return {grammar.templates[at].data.sentence_texts[0] for at in chosen}

    convert = {text for text in tried("convert 3 miles to kilometres") if text.startswith("(convert|change|turn)")}
    assert convert
    assert convert <= tried("please convert 3 miles to kilometres please")
    assert convert.isdisjoint(tried("could 3 miles convert to kilometres"))
    assert tried("turnoff the kitchen light") >= tried("turn off the kitchen light") != set()


@pytest.mark.parametrize("text", ["add bananas to my basket unless i did", "what is gusty's population"])
def test_free_words_of_another_kind_than_the_slot_is_for_are_never_acted_on(grammar: Grammar, text: str) -> None:
    found = GrammarReader(grammar).read(text, Situation())
    assert found
    assert found[0].confidence < 0.5
