"""Exact lookup among a million rewrites, beside a dict and sqlite in the same run.

Zipf-distributed requests, half of them known, each asked for a user who may have rewrites of their own. Wall time
of single calls (about 0.1 µs of it is the clock); medians over interleaved rounds.

    lookup.p50_us, lookup.p99_us   one call of RewriteTable.lookup
    lookup.open_ms                 ArtifactStore.load: manifest, digest of every byte, mapping, first lookup
    lookup.build_s                 RewriteTable.from_columns, CPU
    lookup.vs_dict, .vs_sqlite     p99 of theirs / p99 of ours (above 1: ours is faster); a dict cannot be mapped
"""

from __future__ import annotations

import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.store import ArtifactStore

Query = tuple[str, str]


def columns(rows: int, *, seed: int = 0) -> dict[str, list]:
    """A rewrite table's columns: half of the rows belong to one of 50 000 users."""
    random = np.random.default_rng(seed)
    bands = random.integers(0, 1_000_000, rows)
    requests = [f"play song number {at} by band {band}" for at, band in enumerate(bands.tolist())]
    return {
        "request": requests,
        "acted_on": [f"{request} now" for request in requests],
        "user_id": [None if at % 2 else f"user{at % 50_000}" for at in range(rows)],
        "domain": ["music"] * rows,
        "users": random.integers(1, 500, rows).tolist(),
        "sessions": random.integers(1, 900, rows).tolist(),
        "success_before": random.random(rows).tolist(),
        "success_after": random.random(rows).tolist(),
    }


def queries(given: dict[str, list], count: int, *, seed: int = 1) -> list[Query]:
    """(request, user) pairs: Zipf over the rows, half of them unknown."""
    random = np.random.default_rng(seed)
    rows = np.minimum(random.zipf(1.2, count) * 7_919, 2**62) % len(given["request"])
    known = random.random(count) < 0.5
    return [
        (given["request"][row] if hit else given["request"][row] + " x", given["user_id"][row] or "user1")
        for row, hit in zip(rows.tolist(), known.tolist(), strict=True)
    ]


def run(*, rows: int = 1_000_000, count: int = 200_000, rounds: int = 5) -> dict[str, float]:
    """Measure a table of `rows` rewrites with `count` lookups a round."""
    given = columns(rows)
    asked = queries(given, count)
    begun = time.process_time()
    table = RewriteTable.from_columns(given)
    built = time.process_time() - begun
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        store = ArtifactStore(Path(place))
        store.publish(table)
        opened = [_open_ms(store, asked[0]) for _ in range(rounds)]
        peers = {
            "ours": store.load(RewriteTable).lookup,
            "dict": _dict(given),
            "sqlite": _sqlite(Path(place) / "peer.db", given),
        }
        seen = {name: [_percentiles(look, asked) for _ in range(1)] for name, look in peers.items()}  # warm
        for _ in range(rounds):
            for name, look in peers.items():
                seen[name].append(_percentiles(look, asked if name != "sqlite" else asked[:20_000]))
    p50, p99 = ({name: median(one[at] for one in seen[name][1:]) for name in peers} for at in (0, 1))
    return {
        "lookup.rows": float(rows),
        "lookup.p50_us": p50["ours"],
        "lookup.p99_us": p99["ours"],
        "lookup.open_ms": median(opened),
        "lookup.build_s": built,
        "lookup.dict_p99_us": p99["dict"],
        "lookup.sqlite_p99_us": p99["sqlite"],
        "lookup.vs_dict": p99["dict"] / p99["ours"],
        "lookup.vs_sqlite": p99["sqlite"] / p99["ours"],
    }


def _open_ms(store: ArtifactStore, first: Query) -> float:
    """What a process needs that opens it for the first time."""
    begun = time.perf_counter_ns()
    ArtifactStore(store.directory).load(RewriteTable).lookup(*first)
    return (time.perf_counter_ns() - begun) / 1e6


def _percentiles(look: Callable[[str, str], object], asked: list[Query]) -> tuple[float, float]:
    clock, times = time.perf_counter_ns, np.empty(len(asked))
    gc.disable()
    try:
        for at, (request, user) in enumerate(asked):
            begun = clock()
            look(request, user)
            times[at] = clock() - begun
    finally:
        gc.enable()
    p50, p99 = np.percentile(times, [50, 99]) / 1e3
    return float(p50), float(p99)


def _dict(given: dict[str, list]) -> Callable[[str, str], object]:
    known = {
        (user or "", request): acted_on
        for user, request, acted_on in zip(given["user_id"], given["request"], given["acted_on"], strict=True)
    }
    return lambda request, user: known.get((user, request)) or known.get(("", request))


def _sqlite(path: Path, given: dict[str, list]) -> Callable[[str, str], object]:
    base = sqlite3.connect(path)
    base.execute("PRAGMA mmap_size=1000000000")
    base.execute(
        "CREATE TABLE rewrites (user TEXT, request TEXT, acted_on TEXT, PRIMARY KEY (user, request)) WITHOUT ROWID"
    )
    users = (user or "" for user in given["user_id"])
    base.executemany(
        "INSERT INTO rewrites VALUES (?, ?, ?)", sorted(zip(users, given["request"], given["acted_on"], strict=True))
    )
    base.commit()
    text = "SELECT acted_on FROM rewrites WHERE user = ? AND request = ?"

    def look(request: str, user: str) -> object:
        return base.execute(text, (user, request)).fetchone() or base.execute(text, ("", request)).fetchone()

    return look


if __name__ == "__main__":
    print(run())
