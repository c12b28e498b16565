"""A toy DSTC2: callers who ask for food, are misheard now and then, and say it again. Made up, seeded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.lab.corpora.calls import ASK_AREA, call, pair, prompt, said, write

FOODS = ("thai", "italian", "indian", "french", "turkish")


def root(folder: Path, callers: range, *, seed: int = 0) -> Path:
    """Write calls and pairs below a root, laid out as the evaluations expect."""
    generator = np.random.default_rng(seed)
    calls, pairs = [], []
    for caller in callers:
        for number in range(5):
            one, kinds = _call(generator, f"call-{caller}-{number}", f"caller{caller:03d}")
            calls.append(one)
            pairs += [pair(one["dialogue_id"], at, kind) for at, kind in enumerate(kinds)]
    write(folder / "dstc2" / "some_calls.jsonl.gz", calls)
    write(folder / "dstc2" / "some_pairs.jsonl.gz", pairs)
    return folder


def _call(generator: np.random.Generator, name: str, caller: str) -> tuple[dict[str, Any], list[str]]:
    food, wrong = generator.choice(FOODS, size=2, replace=False)
    misheard = generator.random() < 0.4
    meant, read = [["inform", [["food", food]]]], [["inform", [["food", wrong]]]]
    exchanges = [
        (
            prompt("welcome", ["welcomemsg", []]),
            said(f"{wrong if misheard else food} food", read=read if misheard else meant, meant=meant, start=10.0),
        )
    ]
    kinds = []
    if misheard:
        again = said(f"i want {food} food", read=meant, start=20.0)
        exchanges.append((prompt(f"{wrong} food, which area?", ASK_AREA, start=13.0), again))
        kinds.append("rephrase")
    north = [["inform", [["area", "north"]]]]
    exchanges.append((prompt("which area?", ASK_AREA, start=23.0), said("north", read=north, start=30.0)))
    bye = [["bye", []]]
    exchanges.append((prompt("here it is", ["offer", [["name", "x"]]], start=33.0), said("bye", read=bye, start=40.0)))
    return call(*exchanges, name=name, caller=caller), [*kinds, "none", "none"]
