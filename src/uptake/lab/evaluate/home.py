"""Understanding of requests to a home: Home Assistant's own English test sentences.

`tests` ship with today's templates and check the wiring; `tests_2025` are wordings of an older grammar. A reading is
right in its intent, or in its frame: the intent and every slot that the test expects, numbers compared as numbers.
Slots that hold a list are left out, as several values are right. The strict frame also fails where a slot that the
test does not expect says something else: another place, another device.

Source: github.com/OHF-Voice/intents (CC BY 4.0). The home of a file has the things that the file itself names, in its
expected slots and lists of entities, as its own tests declare them in a fixture; never an expected intent.
Limit: the fixture is not in the data, so the domain of a thing comes from the file, from an expected `domain`, from
what is known of the shared fixture, or from its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.assistant.skills import Skills
from uptake.errors import BadRecord, NotReady
from uptake.lab.corpora.files import lines
from uptake.lab.corpora.releases import released
from uptake.lab.evaluate.harness import bounded, mean
from uptake.types import Context, Interpretation, Situation

__all__ = ["ACT_AT", "FILES", "Judged", "Test", "frame_is_right", "home", "judge", "load", "shares", "vocabulary_of"]

FILES = {"home": "tests_2025.jsonl.gz", "home_current": "tests.jsonl.gz"}
"""Prefix of figures -> file below `ha_intents`."""
_LAYOUTS = {"tests_2025.jsonl.gz": "file", "tests.jsonl.gz": "slot_combination"}
"""File -> the field that its tests alone have, by which a clone's are told apart."""
ACT_AT = 0.5
"""Confidence with which a reading is acted on, as in `uptake.assistant.loop`."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One sentence and what it means."""

    text: str
    """The request."""
    intent: str
    """The expected intent."""
    slots: Mapping[str, Any]
    """The expected slots."""
    area: str | None
    """The room in which it is said, where the test gives one."""
    entities: tuple[str, ...]
    """Things of the home that the test names."""
    areas: tuple[str, ...]
    """Rooms of the home that the test names."""
    file: str
    """Name of the test file it comes from; "" where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Results of a reader, one row a test."""

    intent: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) the intent is right."""
    frame: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) and every expected slot."""
    strict: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) and no other slot says something else."""
    wrong_action: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) the frame is wrong and would have been acted on."""
    acted: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) there was a reading sure enough to be acted on unasked."""
    read: np.ndarray[Any, np.dtype[np.bool_]]
    """(n,) there was a reading."""
    ms: np.ndarray[Any, np.dtype[np.float64]]
    """(n,) CPU time, in milliseconds."""


def home(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute figures of the readers on every file that a root has below `ha_intents`.

    Args:
        data: Root with one folder a corpus.
        seed: Of the intervals.

    Raises:
        NotReady: There is no English test.
    """
    figures: dict[str, Any] = {}
    for group, file in FILES.items():
        tests = load(data / "ha_intents" / file)
        if not tests:
            continue
        vocabulary = vocabulary_of(tests)
        whole = judge(Understanding.for_vocabulary(vocabulary, skills=Skills()).read, tests)
        figures[f"{group}.sentences"] = len(tests)
        figures |= shares(f"{group}.", whole, seed=seed)
        if group == "home":
            plain = GrammarReader(Grammar(vocabulary, wordings=False))
            alone = judge(plain.read, tests)
            figures["home.grammar_intent_accuracy"] = float(alone.intent.mean())
            figures["home.grammar_frame_accuracy"] = float(alone.frame.mean())
    if not figures:
        raise NotReady(f"{data}: holds no English test below ha_intents/ ({', '.join(FILES.values())})")
    return figures


def shares(prefix: str, judged: Judged, *, seed: int) -> dict[str, Any]:
    """Return the shares of right results, with intervals, and the time taken.

    Args:
        prefix: What the key of each figure begins with.
        judged: How a reader did.
        seed: Of the intervals.
    """
    names = {
        "intent_accuracy": judged.intent,
        "frame_accuracy": judged.frame,
        "strict_frame_accuracy": judged.strict,
        "wrong_action_rate": judged.wrong_action,
        "acted_rate": judged.acted,
        "unread_rate": ~judged.read,
    }
    rows = [str(at) for at in range(len(judged.frame))]
    figures: dict[str, Any] = {}
    for name, values in names.items():
        figures |= bounded(f"{prefix}{name}", mean(values), rows, seed=seed)
    for name, share in (("p50", 50), ("p99", 99)):
        figures[f"{prefix}ms_{name}"] = float(np.percentile(judged.ms, share))
    return figures


def load(path: Path) -> list[Test]:
    """Read the English tests of a file, or of the same layout in a clone beside it; none without either.

    Raises:
        BadRecord: A line is not what it should be.
    """
    rows = [lines(path)] if path.is_file() else [one.read(None) for one in released("ha_intents", path.parent)]
    layout = _LAYOUTS[path.name] if rows and not path.is_file() else "lang"
    found = []
    for place in chain.from_iterable(rows):
        row = place.record
        if row.get("lang") != "en" or layout not in row:
            continue
        try:
            context = row.get("context") or {}
            found.append(
                Test(
                    text=row["text"],
                    intent=row["intent"],
                    slots=row.get("slots") or {},
                    area=context.get("area"),
                    entities=tuple(row.get("entities") or ()),
                    areas=tuple(row.get("areas") or ()),
                    file=row.get("file") or "",
                )
            )
        except (KeyError, AttributeError, TypeError) as error:
            raise BadRecord(
                "must have text, intent and slots", file=place.file, line=place.line, field=str(error)
            ) from error
    return found


def judge(read: Callable[[str, Situation], Sequence[Hypothesis]], tests: Sequence[Test]) -> Judged:
    """Compare the best reading of each sentence with what it means."""
    rows = []
    for test in tests:
        situation = Situation(context=Context(room=test.area))
        began = time.thread_time()
        found = read(test.text, situation)
        spent = (time.thread_time() - began) * 1e3
        best = found[0] if found else None
        reading = best.interpretation if best else None
        right, strict = frame_is_right(reading, test), frame_is_right(reading, test, strict=True)
        acts = best is not None and best.confidence >= ACT_AT and best.interpretation.intent != OUT_OF_SCOPE
        same = reading is not None and reading.intent == test.intent
        rows.append((same, right, strict, acts and not right, acts, bool(found), spent))
    intent, frame, strict_, wrong, acted, read_, ms = (np.array(column) for column in zip(*rows, strict=True))
    return Judged(intent=intent, frame=frame, strict=strict_, wrong_action=wrong, acted=acted, read=read_, ms=ms)


_PLACES = frozenset({"name", "area", "floor", "domain", "device_class", "state"})


def frame_is_right(reading: Interpretation | None, test: Test, *, strict: bool = False) -> bool:
    """Whether a reading has the intent and every slot that a test expects.

    Args:
        reading: The reading; None where there was none.
        test: What is expected.
        strict: Whether a slot that is not expected and names another thing, place or state is wrong too; the room in
            which the request was said is no other place, and neither is "all".
    """
    if reading is None or reading.intent != test.intent:
        return False
    got = {name: _plain(value) for name, value in reading.slots}
    if reading.domain is not None:
        got.setdefault("domain", _plain(reading.domain))
    for name, value in test.slots.items():
        if not isinstance(value, (list, dict)) and got.get(name) != _plain(value):
            return False
    if not strict:
        return True
    extra = {name: value for name, value in got.items() if name in _PLACES and name not in test.slots}
    here = _plain(test.area) if test.area else None
    return all(
        name == "domain" or value == "all" or (name == "area" and value == here) for name, value in extra.items()
    )


def _plain(value: Any) -> str:
    try:
        return str(float(value))
    except (TypeError, ValueError):
        return str(value).strip().casefold()


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
        if isinstance(name, str) and name.casefold() not in _NOT_A_DEVICE and "Timer" not in test.intent:
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
