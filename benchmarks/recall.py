"""How often what was meant is among what is found, on real recogniser errors: SLURP's recordings.

Recordings whose recognised text differs from the sentence that was read. What was meant is always among what is
searched, so these figures are about finding alone, not about deciding.

    own.at_1, own.at_5                  among the sentence and 50 others of the same scenario, in one's own history
    letters.at_1 … fused.at_16          among everybody's: all sentences of the corpus and 20,000 other requests
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections import defaultdict
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.generators import Letters, Own, Sounds
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.rewriting.retrieval.lookup import Requests
from uptake.rewriting.retrieval.step import Retrieval
from uptake.text.normalize import normalize
from uptake.types import Request, Situation


def _beside(name: str) -> Any:
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def run(*, count: int = 1_000, others: int = 20_000) -> dict[str, float]:
    """Ask for `count` recordings."""
    root = Path(os.environ.get("UPTAKE_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")
    rows = [row for path in sorted((root / "slurp_asr").glob("*.jsonl.gz")) for row in _lines(path)]
    by_scenario, heard = defaultdict(set), []
    for row in rows:
        said = normalize(row["sentence"])
        by_scenario[row["scenario"]].add(said)
        texts = {normalize(one["asr_text"] or "") for one in row["recordings"]} - {said, ""}
        heard += [(said, text, row["scenario"]) for text in sorted(texts)]
    rng = random.Random(0)
    heard = rng.sample(heard, min(count, len(heard)))
    sentences = sorted(set().union(*by_scenario.values()))
    pool = dict.fromkeys([*sentences, *_beside("wishes").real()[:others]])
    requests = Requests(RequestIndex.of(IndexedRequest(text, 5, 9) for text in pool))
    ways = {"letters": Letters(requests), "sounds": Sounds(requests), "fused": Retrieval.over(requests.index)}
    places: dict[str, list[int]] = defaultdict(list)
    for said, text, scenario in heard:
        mine = {said, *rng.sample(sorted(by_scenario[scenario]), min(50, len(by_scenario[scenario])))}
        places["own"].append(_place(_own(mine), said, text))
        for name, way in ways.items():
            places[name].append(_place(way, said, text))
    wanted = {"own": (1, 5), "letters": (1, 5, 16), "sounds": (1, 5, 16), "fused": (1, 5, 16)}
    return {
        "recordings": float(len(heard)),
        **{
            f"{name}.at_{most}": sum(at < most for at in places[name]) / max(1, len(heard))
            for name, depths in wanted.items()
            for most in depths
        },
    }


def _own(texts: set[str]) -> Own:
    history = UserHistory().plus(Count(text, None, 1, None, None, None, None, 1, 1) for text in sorted(texts))
    return Own(Requests(RequestIndex.of([], {"ann": history})))


def _place(way: Any, said: str, text: str) -> int:
    found = [one.text for one in way(Request(text=text, user_id="ann"), Situation(), 16)]
    return found.index(said) if said in found else 99


def _lines(path: Path) -> list[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    print(run())
