"""Evaluate German and Spanish requests, on Home Assistant's own test sentences in these languages.

Three figures: the readers on sentences as written, the readers on sentences with one misspelt word, and the whole
assistant, which acts in a home of the things that the sentences name and answers. An answer is in the language if it is
Home Assistant's response or one of the assistant's own sentences, not the English answer of a skill; it is equal if it
is the response that the test expects. Misspelt: in the longest word two letters change places, or one is missing.

Source and limit as `uptake.lab.evaluate.home`; the templates that ship read today's tests, `tests_2025` are older. The
home's states are not those of the tests' fixture, so answers that tell a state differ.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from uptake.assistant.build import open_agent
from uptake.assistant.context.situation import Origin
from uptake.assistant.home import VirtualHome
from uptake.assistant.home.model import Area, Device, Floor
from uptake.assistant.languages.words import words_of
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.assistant.skills import Skills
from uptake.errors import NotReady
from uptake.lab.evaluate.home import FILES, load, vocabulary_of
from uptake.lab.evaluate.readings import Test, judge, shares
from uptake.types import Request

__all__ = ["german", "spanish"]

_TOLD = 300  # sentences that the whole assistant answers
_LONG = 6  # letters of a word that is misspelt
_FREE = ("search_query", "item", "message", "conversation_command")
_STEMS = {
    "light": "licht lampe leuchte lámpara luz luces bombilla",
    "fan": "ventilator lüfter ventilador extractor",
    "cover": "rollladen rollo jalousie vorhang gardine markise garagentor persiana cortina toldo estor portón",
    "lock": "schloss cerradura cerrojo",
    "climate": "thermostat heizung termostato calefacción",
    "media_player": "fernseher lautsprecher televisión altavoz tele reproductor",
    "vacuum": "staubsauger saugroboter aspiradora robot",
    "lawn_mower": "rasenmäher cortacésped",
    "binary_sensor": "fenster ventana bewegung movimiento",
    "todo": "liste lista",
    "scene": "szene escena modus modo",
    "valve": "ventil hahn llave válvula",
    "switch": "steckdose schalter enchufe interruptor",
    "sensor": "temperatur temperatura feuchtigkeit humedad",
}


def german(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute the figures of German; arguments as of `uptake.lab.evaluate.home.home`.

    Raises:
        NotReady: There is no German test.
    """
    return _figures(data, "de", seed=seed)


def spanish(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute the figures of Spanish; arguments as of `uptake.lab.evaluate.home.home`.

    Raises:
        NotReady: There is no Spanish test.
    """
    return _figures(data, "es", seed=seed)


def _figures(data: Path, language: str, *, seed: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for file in FILES.values():
        tests = load(data / "ha_intents" / file, language=language)
        if not tests:
            continue
        group = f"{language}.{file.partition('.')[0]}"
        vocabulary = _vocabulary(tests)
        understanding = Understanding.for_vocabulary(vocabulary, skills=Skills(), language=language)
        misspelt = [replace(test, text=_misspelt(test, seed)) for test in tests]
        figures[f"{group}.sentences"] = len(tests)
        figures |= _brief(f"{group}.", judge(understanding.read, tests), seed)
        figures |= _brief(f"{group}.misspelt_", judge(understanding.read, misspelt), seed)
        figures |= _answers(group, tests, vocabulary, language, data / "ha_intents" / file, seed=seed)
    if not figures:
        raise NotReady(f"{data}: holds no test in {language} below ha_intents/ ({', '.join(FILES.values())})")
    return figures


def _brief(prefix: str, judged: Any, seed: int) -> dict[str, Any]:
    kept = ("intent_accuracy", "frame_accuracy", "wrong_action_rate", "acted")
    return {key: value for key, value in shares(prefix, judged, seed=seed).items() if key.removeprefix(prefix) in kept}


def _misspelt(test: Test, seed: int) -> str:
    """Return a sentence with one letter of its longest word missing, or two of them changed; free words keep theirs."""
    words, draw = test.text.split(), Random(f"{seed} {test.text}")  # noqa: S311 - a misspelling, no secret
    free = {word for slot in _FREE for word in str(test.slots.get(slot, "")).casefold().split()}
    longest = max(range(len(words)), key=lambda at: len(words[at]) if words[at].casefold() not in free else 0)
    word = words[longest]
    if len(word) < _LONG or not word.isalpha() or word.casefold() in free:
        return test.text
    at = draw.randrange(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[longest] = swapped if draw.random() < 0.5 else word[:at] + word[at + 1 :]
    return " ".join(words)


def _vocabulary(tests: Sequence[Test]) -> Vocabulary:
    """Return the names that the tests speak of, each with the domain that its words tell where nothing else does."""
    return Vocabulary(
        replace(name, domain=_domain(name.said)) if name.kind == "name" and name.domain is None else name
        for name in vocabulary_of(tests).names
    )


def _domain(said: str) -> str | None:
    return next(
        (domain for domain, stems in _STEMS.items() if any(stem in said.casefold() for stem in stems.split())), None
    )


def _home(vocabulary: Vocabulary) -> VirtualHome:
    def each(kind: str) -> list[Name]:
        return list({name.meant.casefold(): name for name in vocabulary.of_kind(kind)}.values())

    areas = [Area(area_id=f"area{at}", name=name.meant) for at, name in enumerate(each("area"))]
    floors = [Floor(floor_id=f"floor{at}", name=name.meant) for at, name in enumerate(each("floor"))]
    devices = [
        Device(entity_id=f"{name.domain}.thing{at}", name=name.meant, device_class=name.device_class)
        for at, name in enumerate(each("name"))
        if name.domain is not None and name.domain not in ("todo", "person", "weather")
    ]
    lights = [
        Device(entity_id=f"light.area{at}", name=f"{area.name} {at}", area_id=area.area_id)
        for at, area in enumerate(areas)
    ]
    return VirtualHome(floors, areas, [*devices, *lights])


def _answers(
    group: str, tests: Sequence[Test], vocabulary: Vocabulary, language: str, file: Path, *, seed: int
) -> dict[str, Any]:
    chosen = Random(seed).sample(list(tests), min(_TOLD, len(tests)))  # noqa: S311 - a sample, no secret
    expected = _expected(file, language)
    words = words_of(language)
    foreign = words.phrases["english_only"].partition("{")[0] if words is not None else ""
    done, spoken, equal, judged = 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as directory:
        agent = open_agent(Path(directory), {"agent": {"language": language}}, home=_home(vocabulary))
        for at, test in enumerate(chosen):
            answer = agent.answer(Request(text=test.text, user_id=f"user{at}"), Origin(room=test.area))
            spoken += not answer.speech.startswith(foreign)
            if answer.turn.status == "ok" and answer.turn.interpretation is not None:
                done += answer.turn.interpretation.intent == test.intent
                judged += test.text in expected
                equal += _bare(answer.speech) in expected.get(test.text, ())
    return {
        f"{group}.answered": len(chosen),
        f"{group}.done_by_the_right_intent": done / len(chosen),
        f"{group}.answered_in_the_language": spoken / len(chosen),
        f"{group}.answer_is_home_assistants": equal / max(judged, 1),
    }


def _expected(file: Path, language: str) -> dict[str, set[str]]:
    from uptake.lab.corpora.files import lines

    found: dict[str, set[str]] = {}
    for place in lines(file) if file.is_file() else ():
        row = place.record
        if row.get("lang") == language and isinstance(row.get("response"), str):
            found.setdefault(row["text"], set()).add(_bare(row["response"]))
    return found


def _bare(speech: str) -> str:
    return " ".join(speech.casefold().rstrip(".").split())
