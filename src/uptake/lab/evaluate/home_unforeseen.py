"""Evaluate the readers without the project's own wordings, as if no wording had been foreseen.

The project's wordings (`understand.wordings`) are removed from the grammar and from the training set, and the lexicon
is reduced to the names and states of Home Assistant's documentation of device classes. The rest contains no wording of
an older Home Assistant.

Limit: it is no held-out test. The kinds of request that the composed reader supports, and its rules for doubt, were
chosen by people who had seen which of the sentences fail.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from uptake.assistant.hypotheses import Reader
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.keywords import ComposedReader
from uptake.assistant.readers.lexicon import Lexicon
from uptake.assistant.readers.senses import QUANTITIES, Sense
from uptake.assistant.readers.statistical import StatisticalReader
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.assistant.skills import Skills
from uptake.errors import NotReady
from uptake.lab.evaluate.home import FILES, load, vocabulary_of
from uptake.lab.evaluate.readings import judge, shares
from uptake.lab.train.intents import build

__all__ = ["documented", "unforeseen"]

_STATES = """
    battery: low, normal
    battery_charging: charging, not charging
    carbon_monoxide: detected, clear|not detected
    cold: cold, normal
    connectivity: connected, disconnected
    door: open, closed
    garage_door: open, closed
    gas: detected, clear|not detected
    heat: hot, normal
    light: detected, not detected
    lock: unlocked, locked
    moisture: wet|detected, dry|not detected
    motion: detected, clear|not detected
    moving: moving, stopped|not moving
    occupancy: occupied|detected, clear|not detected
    opening: open, closed
    plug: plugged in, unplugged
    power: detected, not detected
    presence: home, away
    problem: detected, ok
    running: running, not running
    safety: unsafe, safe
    smoke: detected, clear|not detected
    sound: detected, clear|not detected
    tamper: detected, clear|not detected
    update: available, up to date
    vibration: detected, clear|not detected
    window: open, closed
"""
"""Names of the states on and off of each class of binary sensors, from Home Assistant's documentation."""


def documented() -> Lexicon:
    """Return the lexicon with the words of Home Assistant's documentation alone."""
    senses = {}
    for line in _STATES.strip().splitlines():
        kind, _, states = line.strip().partition(": ")
        on, off = states.split(", ")
        said = kind.replace("_", " ")
        plural = f"{said[:-1]}(y|ies)" if said.endswith("y") else f"{said}[s]"
        senses[kind] = Sense(
            nouns=f"({plural}|{said} sensor[s]|device[s]|sensor[s])",
            on=f"({on}|on)",
            off=f"({off}|off)",
            stuff=said if "detected" in on else "",
            word=said,
            thing=True,
        )
    return Lexicon(senses, [(kind, kind.replace("_", " ")) for kind, _ in QUANTITIES])


def unforeseen(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute figures of the readers without our own word lists; trains two models (a minute).

    Without our wordings, and `home.unforeseen_…` without our words for states and quantities; `…_wordings_…` keeps the
    words; `…_classless_…` does not, in a home that does not tell the class of its sensors; `…_uncomposed_…` has neither
    words nor the composed reader.

    Args:
        data: Root with one folder a corpus.
        seed: Of the training and the intervals.

    Raises:
        NotReady: There is no English test.
    """
    tests = load(data / "ha_intents" / FILES["home"])
    if not tests:
        raise NotReady(f"{data}: holds no English test in ha_intents/{FILES['home']}")
    skills, known = Skills(), vocabulary_of(tests)
    classless = Vocabulary(replace(name, device_class=None) for name in known.names)
    model, practice, calibration = build(skills, seed=seed, wordings=False)
    figures: dict[str, Any] = {"home.unforeseen_sentences": len(tests)}
    for part, home, lexicon in (
        ("", known, documented()),
        ("wordings_", known, Lexicon()),
        ("classless_", classless, documented()),
        ("uncomposed_", known, None),
    ):
        grammar = Grammar(home, skills=skills, wordings=False)
        readers: list[Reader] = [
            GrammarReader(grammar, calibration=calibration),
            *([ComposedReader(home, lexicon)] if lexicon is not None else []),
            TolerantReader(grammar, calibration=calibration),
            StatisticalReader(model, practice.frames, home, calibration=calibration),
        ]
        figures |= shares(f"home.unforeseen_{part}", judge(Understanding(readers).read, tests), seed=seed)
    return figures
