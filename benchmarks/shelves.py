"""The personal part of the request index at size: what one user's shelf costs among so many users.

Made-up users with five requests of their own each; the shared part holds 1,000 requests. Wall time but for what is
called CPU; single calls, 2,000 users at random.

    shelves.build_cpu_s            RequestIndex.of
    shelves.bytes_per_user         on the disk, without the shared part
    shelves.open_ms                ArtifactStore.load in a process that had not opened it, files in memory
    shelves.open_cold_ms           the same, files dropped from memory before
    shelves.p50_us, shelves.p99_us     RequestIndex.own of a user, decoded, files in memory
    shelves.cold_p99_us            the same of users that were not asked for since the files were dropped
"""

from __future__ import annotations

import tempfile
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex
from uptake.rewriting.retrieval.history import Count, UserHistory
from uptake.store.store import ArtifactStore

_OWN, _SHARED = 5, 1_000


def run(*, rows: int = 200_000, count: int = 2_000) -> dict[str, float]:
    """Measure shelves of `rows` users."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        store = ArtifactStore(Path(place))
        begun = time.process_time()
        index = RequestIndex.of(
            (IndexedRequest(f"play song {at}", 5, 9) for at in range(_SHARED)),
            {f"user{at}": _shelf(at) for at in range(rows)},
        )
        figures = {"shelves.users": float(rows), "shelves.build_cpu_s": time.process_time() - begun}
        store.publish(index)
        own = sum(index.columns[name].nbytes for name in ("own_users", "own_offsets", "own_shelves"))
        del index
        figures |= {"shelves.bytes_per_user": own / rows, "shelves.open_ms": _open_ms(store)}
        _neighbour("publish")._drop(store.current("index"))
        figures["shelves.open_cold_ms"] = _open_ms(store)
        opened = store.load(RequestIndex)
        asked = [f"user{at}" for at in np.random.default_rng(0).integers(0, rows, count).tolist()]
        _neighbour("publish")._drop(store.current("index"))
        cold = _times_us(opened, asked)
        warm = np.concatenate([_times_us(opened, asked) for _ in range(5)])
    names = ("cold_p99_us", cold, 99), ("p50_us", warm, 50), ("p99_us", warm, 99)
    return figures | {f"shelves.{name}": float(np.percentile(times, at)) for name, times, at in names}


def _shelf(user: int) -> UserHistory:
    texts = (f"play list {user % 997} of mine number {at}" for at in range(_OWN))
    return UserHistory().plus(Count(text, None, 1, None, None, None, None, 1, 1) for text in texts)


def _open_ms(store: ArtifactStore) -> float:
    begun = time.perf_counter()
    ArtifactStore(store.directory).load(RequestIndex)
    return (time.perf_counter() - begun) * 1e3


def _times_us(index: RequestIndex, asked: list[str]) -> Any:
    clock, times = time.perf_counter_ns, np.empty(len(asked))
    for at, user in enumerate(asked):
        begun = clock()
        index.own(user)
        times[at] = clock() - begun
    return times / 1e3


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    print(run())
