"""Evaluate the understanding of smart-home requests, on Home Assistant's own English test sentences.

`tests` ship with today's templates and check the integration; `tests_2025` are wordings of an older grammar. An
interpretation is right in its intent or in its frame (`readings`). Rows with `intent: null` are refusals: nothing may
be done. If rows have a `kind`, every figure is given for each kind as well. `home.classless_…` is a home that does not
report the class of its sensors, as many do not; it comes first.

Source: github.com/OHF-Voice/intents (CC BY 4.0). The home of a file has the things that the file itself names, in its
expected slots and lists of entities, as its own tests declare them in a fixture; never an expected intent. Limit: the
fixture is not in the data, so the domain of a thing comes from the file, from an expected `domain`, from what is known
of the shared fixture, or from its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.assistant.skills import Skills
from uptake.errors import BadRecord, NotReady
from uptake.lab.corpora.files import lines
from uptake.lab.corpora.releases import released
from uptake.lab.evaluate.nearest import nearest_intents
from uptake.lab.evaluate.readings import Test, by_kind, curves, judge, shares

__all__ = ["FILES", "home", "load", "vocabulary_of"]

FILES = {"home": "tests_2025.jsonl.gz", "home_current": "tests.jsonl.gz"}
"""Prefix of figures -> file below `ha_intents`, gzipped or not."""
_LAYOUTS = {"tests_2025.jsonl.gz": "file", "tests.jsonl.gz": "slot_combination"}
"""File -> the field that its tests alone have, by which a clone's are told apart."""
_FIXTURE = {
    "light": "Overhead Light|Play Corner|Bedroom Lamp|Kitchen Lamp",
    "fan": "Range Hood",
    "cover": "Curtain Left|Sliding Door|Garage Door",
    "lock": "Front Door|Back Door|Sliding Doors",
    "binary_sensor": "Patio Door|Office Sensor|Skylight",
    "sensor": "Outside Temperature",
    "media_player": "TV",
    "person": "Jane|John|Ada",
    "vacuum": "Rover",
    "lawn_mower": "Clippy",
    "todo": "Chores|Trader Joes",
    "weather": "London|Los Angeles",
    "scene": "Party Mode",
    "script": "Stealth Mode",
}
_KNOWN = {name.casefold(): domain for domain, names in _FIXTURE.items() for name in names.split("|")}
_WORDS = {
    "light": "light lamp bulb",
    "fan": "fan hood",
    "switch": "switch outlet plug",
    "lock": "lock",
    "valve": "valve",
    "cover": "curtain curtains blind blinds shade shutter garage gate awning",
    "binary_sensor": "window sensor motion door",
    "climate": "thermostat heater hvac",
    "media_player": "tv speaker television",
    "vacuum": "vacuum",
    "sensor": "temperature humidity",
    "scene": "scene mode",
    "button": "button",
}
_DOMAIN_OF_WORD = {word: domain for domain, words in _WORDS.items() for word in words.split()}
_FILE_DOMAINS = frozenset(
    "binary_sensor climate cover fan light lock media_player person scene script sensor todo vacuum valve weather "
    "lawn_mower switch button".split()
)
_NOT_A_DEVICE = frozenset({"all"})


def home(data: Path, *, train: Path | None = None, seed: int = 0) -> dict[str, Any]:
    """Compute figures of the readers on every file that a root has below `ha_intents`.

    Args:
        data: Root with one folder a corpus.
        train: Root of Home Assistant's own tests: the nearest of their sentences is the baseline
            (`…nearest_intent_accuracy`).
        seed: Of the intervals.

    Raises:
        NotReady: There is no English test.
    """
    figures: dict[str, Any] = {}
    known = [test for file in FILES.values() for test in load(train / "ha_intents" / file)] if train is not None else []
    for group, file in FILES.items():
        tests = load(data / "ha_intents" / file)
        if not tests:
            continue
        vocabulary = vocabulary_of(tests)
        figures[f"{group}.sentences"] = len(tests)
        if group == "home":
            classless = Vocabulary(replace(name, device_class=None) for name in vocabulary.names)
            unclassed = judge(Understanding.for_vocabulary(classless, skills=Skills()).read, tests)
            figures |= shares("home.classless_", unclassed, seed=seed)
        whole = judge(Understanding.for_vocabulary(vocabulary, skills=Skills()).read, tests)
        figures |= shares(f"{group}.", whole, seed=seed) | by_kind(f"{group}.", whole) | curves(f"{group}.", whole)
        answerable = [test for test in tests if test.intent is not None]
        if known and answerable:
            same = [
                test.intent == nearest
                for test, nearest in zip(answerable, nearest_intents(known, answerable), strict=True)
            ]
            figures[f"{group}.nearest_intent_accuracy"] = sum(same) / len(same)
        if group == "home":
            plain = GrammarReader(Grammar(vocabulary, wordings=False))
            alone = judge(plain.read, tests)
            figures["home.grammar_intent_accuracy"] = float(alone.intent.mean())
            figures["home.grammar_frame_accuracy"] = float(alone.frame.mean())
    if not figures:
        raise NotReady(f"{data}: holds no English test below ha_intents/ ({', '.join(FILES.values())})")
    return figures


def load(path: Path, *, language: str = "en") -> list[Test]:
    """Read the tests of a file in a language, or of the same layout in a clone beside it; none without either.

    Raises:
        BadRecord: A line is not what it should be.
    """
    if not path.is_file():
        path = path.with_suffix("") if path.with_suffix("").is_file() else path
    rows = [lines(path)] if path.is_file() else [one.read(None) for one in released("ha_intents", path.parent)]
    layout = "lang" if path.is_file() else _LAYOUTS[path.name]
    found = []
    for place in chain.from_iterable(rows):
        row = place.record
        if row.get("lang") != language or layout not in row:
            continue
        try:
            context = row.get("context") or {}
            found.append(
                Test(
                    text=row["text"],
                    intent=_expected(row["intent"]),
                    slots=row.get("slots") or {},
                    area=context.get("area"),
                    entities=tuple(row.get("entities") or ()),
                    areas=tuple(row.get("areas") or ()),
                    file=row.get("file") or "",
                    kind=str(row.get("kind") or ""),
                )
            )
        except (KeyError, AttributeError, TypeError) as error:
            raise BadRecord(
                "must have text, intent and slots", file=place.file, line=place.line, field=str(error)
            ) from error
    return found


def _expected(written: Any) -> str | None:
    if not isinstance(written, str | None):
        raise TypeError("intent")
    return written


def vocabulary_of(tests: Iterable[Test]) -> Vocabulary:
    """Return the names of the home that a file's tests speak of."""
    names: dict[Name, None] = {}
    listed: dict[str, None] = {}
    for test in tests:
        for area in (test.area, test.slots.get("area"), *test.areas):
            if isinstance(area, str):
                names[Name(said=area, meant=area, kind="area")] = None
        floor = test.slots.get("floor")
        if isinstance(floor, str):
            names[Name(said=floor, meant=floor, kind="floor")] = None
        name = test.slots.get("name")
        if isinstance(name, str) and name.casefold() not in _NOT_A_DEVICE and "Timer" not in (test.intent or ""):
            domain = _stated_domain(test)
            kind = test.slots.get("device_class")
            if domain is not None:
                names[Name(said=name, meant=name, kind="name", domain=domain, device_class=kind)] = None
            else:
                listed[name] = None
        listed.update(dict.fromkeys(test.entities))
    stated = {name.said.casefold() for name in names if name.kind == "name"}
    for entity in listed:
        if entity.casefold() not in stated:
            names[Name(said=entity, meant=entity, kind="name", domain=_guessed_domain(entity))] = None
    return Vocabulary(names)


def _stated_domain(test: Test) -> str | None:
    """Return domain of the named thing: expected, or that of the file, or the only one that the slots can be about."""
    said = test.slots.get("domain")
    if isinstance(said, str):
        return said
    head = next((domain for domain in _FILE_DOMAINS if test.file.startswith(f"{domain}_Hass")), None)
    return head


def _guessed_domain(name: str) -> str | None:
    """Return the domain of a thing that only its name tells of."""
    known = _KNOWN.get(name.casefold())
    if known is not None:
        return known
    for word in reversed(name.casefold().split()):
        if word in _DOMAIN_OF_WORD:
            return _DOMAIN_OF_WORD[word]
    return None
