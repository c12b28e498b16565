"""Evaluate understanding of crowd-sourced wordings that the skills can handle (`uptake.lab.corpora.crowd`).

An interpretation is right if its intent is; slots are not evaluated, as the corpora mark other ones. The home is the
shipped one, which has few of the names that people say. The test half of the texts was not used in development or
fitting. Limit: an intent says less than a frame; the wordings are prompted, not spoken in homes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from uptake.assistant.home import VirtualHome
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.skills import Skills
from uptake.errors import NotReady
from uptake.lab.corpora.crowd import MEANT, Sentence, drawn, is_judged, load
from uptake.lab.evaluate.readings import Test, by_kind, curves, judge, shares
from uptake.types import Interpretation

__all__ = ["crowd", "possible"]


def crowd(data: Path, *, seed: int = 0) -> dict[str, Any]:
    """Compute figures of the readers on the half of the crowd's sentences that is judged.

    Args:
        data: Root with one folder a corpus; those that are missing are passed over.
        seed: Of the draws and the intervals.

    Raises:
        NotReady: There is none of the corpora.
    """
    tests = [_test(one) for one in drawn([one for one in load(data) if is_judged(one.text)], seed=seed)]
    if not tests:
        raise NotReady(f"{data}: holds none of {', '.join(MEANT)}")
    understanding = Understanding.for_home(VirtualHome.load(), Skills())
    judged = judge(understanding.read, tests, is_right=possible)
    figures: dict[str, Any] = {"open.sentences": len(tests), "open.refusals": int((~judged.answerable).sum())}
    found = shares("open.", judged, seed=seed) | by_kind("open.", judged) | curves("open.", judged)
    return figures | {key.replace("frame", "intent"): value for key, value in found.items() if "strict" not in key}


def possible(reading: Interpretation | None, test: Test) -> bool:
    """Tell whether a reading is one of the intents that may answer a sentence."""
    return reading is not None and test.intent is not None and reading.intent in test.intent.split()


def _test(one: Sentence) -> Test:
    return Test(
        text=one.text,
        intent=" ".join(sorted(one.meant)) or None,
        slots={},
        area=None,
        entities=(),
        areas=(),
        file=f"{one.corpus}/{one.intent}",
        kind=one.corpus,
    )
