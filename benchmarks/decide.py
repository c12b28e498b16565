"""A whole decision on a miss: normalise, overrides, exact lookup, nearest known request, trace. No encoder.

Served as in production: published artifacts, the pointer looked at for every request. Every request is new text,
so that no cache of texts helps; a fifth of them is near to a known request (misheard by a letter or two).

    decide.p50_ms, decide.p99_ms           wall time of one Pipeline.decide
    decide.cpu_p50_ms, decide.cpu_p99_ms   thread CPU time of the same calls
    decide.exact_p99_ms                    the same without the index
"""

from __future__ import annotations

import gc
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from uptake.catalogue import open_pipeline
from uptake.rewriting.guard import Guard
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.store import ArtifactStore
from uptake.types import Request

_VERBS = "play start find open show stop read queue shuffle dim brighten tell send add remove set".split()
_SYLLABLES = "ba ri ton el mo ka shi ren dal vor pim su lo ga thes an quo ber ni za".split()


def run(*, rewrites: int = 200_000, known: int = 20_000, count: int = 3_000, rounds: int = 3) -> dict[str, float]:
    """Measure `count` new requests a round over tables of the given sizes."""
    random = np.random.default_rng(0)
    texts = list(dict.fromkeys(_text(random) for _ in range(rewrites + known)))
    works, heard = texts[:known], texts[known:]
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        home = Path(place)
        exact, both = ArtifactStore(home / "exact"), ArtifactStore(home / "both")
        table = RewriteTable.from_columns(_columns(heard))
        for store in (exact, both):
            store.publish(table)
        both.publish(RequestIndex.of(IndexedRequest(text, 9, 40) for text in works))
        seen: dict[str, list[np.ndarray]] = {"exact": [], "both": []}
        for turn in range(rounds + 1):  # the first one warms the pages up
            for name, store in (("exact", exact), ("both", both)):
                asked = [_new(random, works) for _ in range(count if turn else 200)]
                seen[name].append(_times(store, home, asked))
    wall, cpu = (median_of(seen["both"][1:], at) for at in (0, 1))
    alone = median_of(seen["exact"][1:], 0)[1]
    return {
        "decide.rewrites": float(len(table)),
        "decide.known": float(known),
        "decide.p50_ms": wall[0],
        "decide.p99_ms": wall[1],
        "decide.cpu_p50_ms": cpu[0],
        "decide.cpu_p99_ms": cpu[1],
        "decide.exact_p99_ms": alone,
    }


def median_of(rounds: list[np.ndarray], kind: int) -> tuple[float, float]:
    """(p50, p99) in milliseconds, medians over rounds; kind 0 is wall time, 1 is thread CPU time."""
    each = [np.percentile(one[kind], [50, 99]) / 1e6 for one in rounds]
    return median(float(one[0]) for one in each), median(float(one[1]) for one in each)


def _times(store: ArtifactStore, home: Path, asked: list[str]) -> np.ndarray:
    pipeline = open_pipeline(store, overrides=home / "overrides.json", guard=Guard(budget_share=1.0))
    pipeline.decide(Request(text="warm up", user_id="ann"))
    times = np.empty((2, len(asked)))
    gc.disable()
    try:
        for at, text in enumerate(asked):
            request = Request(text=text, user_id=f"user{at % 997}")
            wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
            pipeline.decide(request)
            times[:, at] = time.perf_counter_ns() - wall, time.thread_time_ns() - cpu
    finally:
        gc.enable()
    return times


def _text(random: np.random.Generator) -> str:
    words = [_VERBS[random.integers(len(_VERBS))]]
    for _ in range(random.integers(2, 6)):
        words.append("".join(_SYLLABLES[at] for at in random.integers(0, len(_SYLLABLES), random.integers(1, 4))))
    return " ".join(words)


def _new(random: np.random.Generator, known: list[str]) -> str:
    """A request that no table holds: four times in five of new words, else a known one misheard."""
    if random.random() < 0.8:
        return _text(random) + " tonight"
    text = known[random.integers(len(known))]
    at = int(random.integers(len(text)))
    return f"{text[:at]}{'aeiou'[random.integers(5)]}{text[at:]}"


def _columns(heard: list[str]) -> dict[str, list]:
    return {
        "request": heard,
        "acted_on": [f"{text} again" for text in heard],
        "user_id": [f"user{at % 997}" if at % 4 == 0 else None for at in range(len(heard))],
        "users": [9] * len(heard),
        "sessions": [20] * len(heard),
        "success_before": [0.1] * len(heard),
        "success_after": [0.8] * len(heard),
    }


if __name__ == "__main__":
    print(run())
