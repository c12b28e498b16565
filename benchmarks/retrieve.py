"""Finding what a request may have meant, among 10^5 and 10^6 requests that work, beside rapidfuzz in the same run.

Requests are those of public corpora where they are there, filled up with made ones (`wishes`); those asked for have a
letter in ten misheard, and no text is asked for twice. Times are CPU time of the thread.

    fuzzy.p50_ms, fuzzy.p99_ms         the 16 requests with the nearest letters, among `rows`
    fuzzy.p99_ms_1m                    the same among `large`
    fuzzy.vs_rapidfuzz                 median time of rapidfuzz's extractOne (normalised Levenshtein) / ours for the
    fuzzy.vs_rapidfuzz_1m              one nearest; and the same among `large`
    fuzzy.same_top1                    share of those answers that are the same request
    fuzzy.plain_p99_ms                 fuzzy.p99_ms by plain numpy, before compiled loops are loaded
    fuzzy.long_p99_ms                  fuzzy.p99_ms for texts of 200 letters in the commonest trigrams
    cascade.p50_ms, cascade.p99_ms     all generators, a list of 5 texts, 500 requests of one's own
    index.bytes_per_request            on the disk: letters, sounds, counts
    index.build_s, index.open_ms       RequestIndex.of (CPU) and ArtifactStore.load, among `rows`
    update.p50_ms, update.p99_ms       a turn that ended: from the session to the history on the disk
    update.seen_ms                     the first request after that: the history read, joined, searched (median)
    ann.p50_ms, ann.p99_ms             the 10 nearest of `vectors` MiniLM vectors of requests (a vector given)
    ann.recall_at_10                   share of those that are as near as the true tenth
    ann.exact_p99_ms                   the same by one matrix product in float32
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import xxhash

from uptake.ml.neighbours.trigrams import TrigramIndex
from uptake.ml.neighbours.vectors import VectorIndex
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.fresh import add_to_history
from uptake.rewriting.retrieval.history import Count, FreshHistory, UserHistory
from uptake.rewriting.retrieval.step import Retrieval
from uptake.store.store import ArtifactStore
from uptake.types import Request, Situation, Transcript, Turn


def _beside(name: str) -> Any:
    spec = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


wishes = _beside("wishes")


def run(
    *, rows: int = 100_000, large: int = 1_000_000, vectors: int = 20_000, count: int = 1_000, peers: int = 60
) -> dict[str, float]:
    """Measure `count` questions among `rows` and `large` requests, `peers` of them with rapidfuzz."""
    seeds = wishes.real()
    TrigramIndex.warm()
    figures = {"fuzzy.rows": float(rows), "fuzzy.large": float(large)}
    if seeds:
        figures["fuzzy.real_requests"] = float(len(seeds))
    texts = wishes.made(rows, seeds)
    figures |= _fuzzy(TrigramIndex.of(texts), texts, count, peers, "")
    figures |= _whole(texts, count)
    more = wishes.made(large, seeds, seed=1)
    figures |= _fuzzy(TrigramIndex.of(more), more, count, max(1, peers // 3), "_1m")
    del more
    return {**figures, **_updates(max(20, count // 5)), **_ann(texts, vectors, count)}


def _fuzzy(index: TrigramIndex, texts: Sequence[str], count: int, peers: int, suffix: str) -> dict[str, float]:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extractOne

    rng = random.Random(2)
    asked = [wishes.misheard(rng.choice(texts), rng) for _ in range(count)]
    near = _times(lambda text: index.nearest(text, most=16), asked)
    ours, theirs, same = [], [], 0
    for text in asked[:peers]:
        begun = time.thread_time_ns()
        found = index.nearest(text, most=1, least=0.01)
        ours.append(time.thread_time_ns() - begun)
        begun = time.thread_time_ns()
        best = extractOne(text, texts, scorer=Levenshtein.normalized_similarity)
        theirs.append(time.thread_time_ns() - begun)
        same += found == [(best[2], best[1])]
    figures = {
        f"fuzzy.p50_ms{suffix}": near[0],
        f"fuzzy.p99_ms{suffix}": near[1],
        f"fuzzy.vs_rapidfuzz{suffix}": median(theirs) / median(ours),
        f"fuzzy.same_top1{suffix}": same / len(ours),
    }
    if not suffix:
        common = [("the " * 50)[: 200 - at % 8] for at in range(count // 4)]
        figures["fuzzy.long_p99_ms"] = _times(lambda text: index.nearest(text, most=16), common)[1]
        figures["fuzzy.plain_p99_ms"] = _times(lambda text: index.nearest_plain(text, most=16), asked[: count // 4])[1]
    return figures


def _whole(texts: Sequence[str], count: int) -> dict[str, float]:
    """The index as an artifact, and the cascade over it."""
    rng = random.Random(3)
    begun = time.process_time()
    history = UserHistory().plus(Count(text, None, 1, None, None, None, None, 1, 1) for text in rng.sample(texts, 500))
    index = RequestIndex.of((IndexedRequest(text, 5, 9) for text in texts), {"ann": history})
    built = time.process_time() - begun
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        store = ArtifactStore(Path(place))
        home = store.directory / "index" / store.publish(index)
        size = sum(path.stat().st_size for path in home.iterdir() if not path.name.startswith("own_"))
        begun = time.perf_counter_ns()
        retrieval = Retrieval.over(store.load(RequestIndex))
        opened = (time.perf_counter_ns() - begun) / 1e6
        asked = []
        for text in rng.choices(texts, k=count):
            listed = tuple(Transcript(text=wishes.misheard(text, rng)) for _ in range(5))
            asked.append(Request(text=listed[0].text, user_id="ann", alternatives=listed))
        times = _times(lambda request: retrieval(request, Situation(), 16), asked)
    return {
        "cascade.p50_ms": times[0],
        "cascade.p99_ms": times[1],
        "index.bytes_per_request": size / len(index),
        "index.build_s": built,
        "index.open_ms": opened,
    }


def _updates(count: int) -> dict[str, float]:
    """One person speaks: what was said goes into the history, and is found."""
    now, turns = datetime(2026, 1, 1, tzinfo=UTC), []
    stored, seen = np.empty(count), np.empty(count)
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        fresh = FreshHistory(Path(place))
        retrieval = Retrieval.over(RequestIndex.of([]), fresh)
        for at in range(count):
            said = f"play my mix number {at} by somebody"
            turns = turns[-9:] if at % 10 else []
            moment = now + timedelta(minutes=at)
            turns = [*turns, Turn(turn_id=f"t{at}", user_id="ann", said_at=moment, request=said, status="ok")]
            begun = time.thread_time_ns()
            add_to_history(fresh, turns, session_id=f"s{at // 10}")
            stored[at] = time.thread_time_ns() - begun
            begun = time.thread_time_ns()
            found = retrieval(Request(text=f"play my mics number {at} by somebody", user_id="ann"), Situation(), 5)
            seen[at] = time.thread_time_ns() - begun
            if found[0].text != said:
                raise RuntimeError("what was just said is not found")
    p50, p99 = np.percentile(stored[5:], [50, 99]) / 1e6
    return {"update.p50_ms": float(p50), "update.p99_ms": float(p99), "update.seen_ms": float(np.median(seen) / 1e6)}


def _ann(texts: Sequence[str], size: int, count: int) -> dict[str, float]:
    from uptake.ml.encoder.minilm import MiniLM

    encoder = MiniLM.available()
    if encoder is None:
        return {}
    given = _encoded(encoder, texts[: size + count])
    known, asked = given[:size], given[size:]
    begun = time.process_time()
    index = VectorIndex.of(known)
    built = time.process_time() - begun
    VectorIndex.warm()
    exact = _times(lambda vector: np.argpartition(-(known @ vector), 10)[:10], asked[: count // 4])
    times = _times(lambda vector: index.nearest(vector, most=10), asked)
    return {
        "ann.vectors": float(size),
        "ann.p50_ms": times[0],
        "ann.p99_ms": times[1],
        "ann.recall_at_10": float(np.mean([_recall(index, known, vector) for vector in asked])),
        "ann.exact_p99_ms": exact[1],
        "ann.build_s": built,
        "ann.bytes_per_vector": (index.codes.nbytes + index.scales.nbytes + index.rows.nbytes) / len(index),
    }


def _recall(index: VectorIndex, known: Any, vector: Any) -> float:
    """Share of the 10 found that are as near as the true tenth: of equal vectors, any will do."""
    cosines = known @ vector
    tenth = np.partition(cosines, -10)[-10]
    return sum(cosines[row] >= tenth - 1e-6 for row, _ in index.nearest(vector, most=10)) / 10


def _encoded(encoder: Any, texts: Sequence[str]) -> Any:
    """Vectors of texts; kept in the place for temporary files, since making them takes minutes."""
    content = xxhash.xxh3_64_hexdigest("\n".join([encoder.name, *texts]).encode("utf-8", "replace"))
    path = Path(tempfile.gettempdir()) / f"uptake-bench-{content}.npy"
    if not path.exists():
        with path.open("wb") as file:
            np.save(file, encoder.encode(texts))
    return np.load(path)


def _times(ask: Callable[[Any], object], asked: Sequence[Any]) -> tuple[float, float]:
    """p50 and p99 in milliseconds of CPU; the first questions only warm the caches up."""
    times = np.empty(len(asked))
    for at, one in enumerate(asked):
        begun = time.thread_time_ns()
        ask(one)
        times[at] = time.thread_time_ns() - begun
    p50, p99 = np.percentile(times[min(20, len(asked) // 4) :], [50, 99]) / 1e6
    return float(p50), float(p99)


if __name__ == "__main__":
    print(run())
