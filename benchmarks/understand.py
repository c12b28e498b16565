"""Reading: one unseen text by all readers, and a recogniser's list of five. Texts are made up, seeded, each read once.

understand.p50_ms, understand.p99_ms   CPU time to read one text that was not read before
understand.list_vs_one                 CPU time to read a recogniser's list of five over that of its first alone
"""

from __future__ import annotations

import random
import time

import numpy as np

from uptake.assistant.home import VirtualHome
from uptake.assistant.readers.learn.paraphrases import paraphrases
from uptake.assistant.readers.understanding import Understanding
from uptake.assistant.skills import Skills
from uptake.types import Situation

_BEFORE = ("", "", "please ", "could you ", "um ", "hey ")
_AFTER = ("", "", "", " please", " for me", " now")


def run(*, texts: int = 600, lists: int = 80) -> dict[str, float]:
    """Read `texts` texts one by one, and `lists` lists of five."""
    home = VirtualHome.load()
    understanding = Understanding.for_home(home, Skills())
    understanding.warm()
    said = _said(home, texts + lists + 60)
    for text in said[:60]:
        understanding.read(text, Situation())
    spent = [_read(understanding, [text]) for text in said[60 : 60 + texts]]
    alone, together = [], []
    for first in said[60 + texts :]:
        others = [f"{first} {end}" for end in ("a", "and", "the", "of")]
        alone.append(_read(understanding, [first]))
        together.append(alone[-1] + _read(understanding, others))
    p50, p99 = np.percentile(spent, [50, 99])
    return {
        "understand.p50_ms": float(p50),
        "understand.p99_ms": float(p99),
        "understand.list_vs_one": float(np.sum(together) / np.sum(alone)),
    }


def _read(understanding: Understanding, texts: list[str]) -> float:
    began = time.thread_time()
    for text in texts:
        understanding.read(text, Situation())
    return (time.thread_time() - began) * 1e3


def _said(home: VirtualHome, count: int) -> list[str]:
    draw = random.Random(0)
    rooms, floors = [area.name for area in home.areas], [floor.name for floor in home.floors]
    by_domain: dict[str, list[str]] = {}
    for device in home.devices:
        by_domain.setdefault(f"device{device.domain.replace('_', '')}", []).append(device.name)
    texts: dict[str, None] = {}
    for sample in paraphrases(8, draw):
        text = sample.text.replace("someroom", draw.choice(rooms)).replace("somefloor", draw.choice(floors or rooms))
        for placeholder, names in by_domain.items():
            text = text.replace(placeholder, draw.choice(names))
        texts[f"{draw.choice(_BEFORE)}{text}{draw.choice(_AFTER)}".lower()] = None
    chosen = list(texts)
    draw.shuffle(chosen)
    return chosen[:count]
