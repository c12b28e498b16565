"""Readers on wordings of authors who were left out of their training.

The families of wordings that ship (`assistant/readers/learn/paraphrases*.txt`) have several authors. All but the first
wrote without knowledge of the code, of the first's families and of each other's; they are judged two by two, by readers
whose model and calibration know nothing of either. The baseline is the first author's families alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from uptake.assistant.hypotheses import OUT_OF_SCOPE
from uptake.assistant.readers import Understanding
from uptake.assistant.readers.cleaning.spelling import TolerantReader
from uptake.assistant.readers.frames import Frames
from uptake.assistant.readers.grammar import Grammar, GrammarReader
from uptake.assistant.readers.keywords import ComposedReader
from uptake.assistant.readers.learn.paraphrases import AUTHORS, drawn, families_of
from uptake.assistant.readers.levels import LevelReader
from uptake.assistant.readers.sampling import Sample, placeholder_vocabulary
from uptake.assistant.readers.statistical import StatisticalReader
from uptake.assistant.skills import Skills
from uptake.assistant.stakes import ACT_AT, changes
from uptake.lab.evaluate.harness import bounded, mean
from uptake.lab.train.intents import build, calibrating
from uptake.types import Situation

__all__ = ["authors"]

_FIRST, _EACH, _LEFT_OUT = "one", 2, 2


class _Judged(NamedTuple):
    family: str
    is_outside: bool
    right: bool
    acts: bool
    other: bool = False


def authors(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute figures of the readers on authors who were left out; trains a model for every two (a quarter of an hour).

    `wordings.frame_accuracy`, `.acted_right`, `.wrong_action_rate` are shares of the sentences that ask for something,
    `.refusal_acted_rate` of those that ask for nothing. `.other_action_rate` are the wrong actions that would do
    something else: not those that differ from the label in nothing but how a question is answered, or in "all" of what
    is in a room; `wordings.baseline_…` are the same of readers that know the
    first author's families alone. Intervals are over families drawn again.

    Args:
        data: Root with one folder a corpus: halves of crowds' sentences teach what evidence is worth.
        seed: Of the training, the sentences and the intervals.

    Raises:
        NotReady: A corpus is missing.
    """
    crowd, skills = calibrating(data, seed=seed), Skills()
    others = [author for author in AUTHORS if author != _FIRST]
    found: dict[str, list[_Judged]] = {"": [], "baseline_": []}
    plain = build(skills, seed=seed, crowd=crowd, authors=(_FIRST,))
    for left_out in (others[at : at + _LEFT_OUT] for at in range(0, len(others), _LEFT_OUT)):
        rest = build(skills, seed=seed, crowd=crowd, authors=[one for one in AUTHORS if one not in left_out])
        for part, (model, training, calibration) in (("", rest), ("baseline_", plain)):
            vocabulary = placeholder_vocabulary()
            grammar = Grammar(vocabulary, skills=skills)
            readers = Understanding(
                (
                    GrammarReader(grammar, calibration=calibration),
                    ComposedReader(vocabulary),
                    LevelReader(vocabulary),
                    StatisticalReader(model, training.frames, vocabulary, calibration=calibration),
                    TolerantReader(grammar, calibration=calibration),
                ),
                vocabulary=vocabulary,
            )
            for author in left_out:
                found[part] += _judged(author, readers, plain[1].frames, seed=seed)
    figures: dict[str, Any] = {"wordings.authors": len(others)}
    for part, rows in found.items():
        figures |= _figures(f"wordings.{part}", rows, seed=seed)
    return figures


def _judged(author: str, readers: Understanding, frames: Frames, *, seed: int) -> list[_Judged]:
    draw, found = random.Random(seed), list[_Judged]()  # noqa: S311 - evaluation, no secret
    for label, line in families_of(author):
        for sample in dict.fromkeys(drawn(line, label, draw) for _ in range(_EACH)):
            found.append(_judge(f"{author}/{label}/{line}", sample, readers, frames))
    return found


def _judge(family: str, sample: Sample, readers: Understanding, frames: Frames) -> _Judged:
    """Judge the best reading: intent and slots must be those of the family."""
    best = next(iter(readers.read(sample.text, Situation())), None)
    reading = best.interpretation if best is not None else None
    sure = best is not None and best.confidence >= ACT_AT and best.interpretation.intent != OUT_OF_SCOPE
    if sample.label == OUT_OF_SCOPE:
        acts = sure and reading is not None and changes(reading.intent)
        return _Judged(family, is_outside=True, right=not acts, acts=acts)
    intent, slots = frames.frame(sample)
    right = reading is not None and (reading.intent, dict(reading.slots)) == (intent, slots)
    same = right or (reading is not None and (reading.intent, _deed(dict(reading.slots))) == (intent, _deed(slots)))
    return _Judged(family, is_outside=False, right=right, acts=sure, other=sure and not same)


def _deed(slots: Mapping[str, str]) -> dict[str, str]:
    """Return the slots that say what is done: not how a question is answered, nor "all" of what is in a place."""
    placed = bool({"area", "floor", "domain"} & slots.keys())
    return {
        name: value
        for name, value in slots.items()
        if name != "response" and not (placed and (name, value) == ("name", "all"))
    }


def _figures(prefix: str, rows: Sequence[_Judged], *, seed: int) -> dict[str, Any]:
    asked, outside = [row for row in rows if not row.is_outside], [row for row in rows if row.is_outside]
    shares = (
        ("frame_accuracy", asked, [row.right for row in asked]),
        ("acted_right", asked, [row.right and row.acts for row in asked]),
        ("wrong_action_rate", asked, [row.acts and not row.right for row in asked]),
        ("other_action_rate", asked, [row.other for row in asked]),
        ("refusal_acted_rate", outside, [row.acts for row in outside]),
    )
    found: dict[str, Any] = {f"{prefix}sentences": len(asked), f"{prefix}refusals": len(outside)}
    for name, judged, values in shares:
        found |= bounded(
            f"{prefix}{name}", mean(np.array(values, dtype=float)), [row.family for row in judged], seed=seed
        )
    return found
