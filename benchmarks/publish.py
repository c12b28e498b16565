"""Publishing a rewrite table whole and with a thousandth changed, and look-ups while another version is opened.

Another process moves the pointer to and fro between two versions; a thread here looks up all the while, and a look-up
counts as "during" when a version was being opened at its end. Times are wall time but for those called CPU.

    publish.bytes_per_row          on the disk
    publish.build_cpu_s            RewriteTable.from_columns of all rows (of a million at a time, joined)
    publish.whole_s, .whole_cpu_s  ArtifactStore.publish of that
    publish.change_s, .change_cpu_s    a thousandth changed and published (RewriteTable.changed, ArtifactStore.publish)
    publish.few_s, .few_cpu_s      five rows changed and published
    publish.change_mb, .few_mb     bytes of that version that the one before has not, as files
    open.ms                        ArtifactStore.load and a first look-up, files in memory
    open.again_ms                  the same where the process had opened the version before
    open.cold_ms                   the same, files dropped from memory before
    lookup.p50_us, lookup.p99_us   one look-up, warm
    lookup.cold_p99_us             one of the first 2,000 look-ups after the files were dropped from memory
    reload.count                   versions opened while looking up
    reload.before_p99_us, reload.during_p99_us, reload.p99_ratio   look-ups then, and the ratio
    reload.worst_ms                the longest look-up while a version was opened
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from uptake.rewriting.table.artifact import RewriteTable
from uptake.rewriting.table.layout import spliced
from uptake.rewriting.table.shard import joined, split
from uptake.store.served import Served
from uptake.store.store import ArtifactStore

_CHUNK = 1_000_000
_MOVER = """
import sys, time
from pathlib import Path
from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.store import ArtifactStore
store = ArtifactStore(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    for version in store.versions("rewrites"):
        store.point(RewriteTable, version)
        time.sleep(0.2)
"""


def run(*, rows: int = 1_000_000, count: int = 100_000, moves: int = 10) -> dict[str, float]:
    """Measure a table of `rows` rewrites."""
    peers, figures = _neighbour("lookup"), {}
    begun = time.process_time()
    table, asked = _table(peers, rows, count)
    figures["publish.build_cpu_s"] = time.process_time() - begun
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        store = ArtifactStore(Path(place))
        figures |= _publishing(store, table, asked)
        directory = store.current("rewrites")
        figures["publish.bytes_per_row"] = sum(path.stat().st_size for path in directory.iterdir()) / rows
        table = None  # its memory is needed
        figures["open.again_ms"] = _opened_again_ms(store)
        figures["open.ms"] = median(peers._open_ms(store, asked[0]) for _ in range(5))
        _drop(directory)
        figures["open.cold_ms"] = peers._open_ms(store, asked[0])
        look = store.load(RewriteTable).lookup
        _drop(directory)
        figures["lookup.cold_p99_us"] = peers._percentiles(look, asked[:2_000])[1]
        warm = [peers._percentiles(look, asked) for _ in range(4)][1:]
        figures["lookup.p50_us"], figures["lookup.p99_us"] = (median(one[at] for one in warm) for at in (0, 1))
        figures |= _reloading(store, asked, moves)
    return {"publish.rows": float(rows), **figures}


def _neighbour(name: str) -> Any:
    spec = spec_from_file_location(f"uptake_benchmark_{name}", Path(__file__).with_name(f"{name}.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _table(peers: Any, rows: int, count: int) -> tuple[RewriteTable, list]:
    """A table made a million rows at a time, and what is asked of it."""
    made, asked = None, []
    for start in range(0, rows, _CHUNK):
        given = peers.columns(min(_CHUNK, rows - start), seed=start)
        given["request"] = [f"{text} of set {start // _CHUNK}" for text in given["request"]]
        asked += peers.queries(given, -(-count * _CHUNK // max(rows, _CHUNK)), seed=start + 1)
        more = RewriteTable.from_columns(given)
        del given
        if made is None:
            made = more
            continue
        made = RewriteTable(split(*spliced(*joined(made.shards), [], *joined(more.shards))))
    np.random.default_rng(0).shuffle(asked)
    return made, [tuple(one) for one in asked[:count]]


def _publishing(store: ArtifactStore, table: RewriteTable, asked: list) -> dict[str, float]:
    figures = _timed("publish.whole", lambda: store.publish(table))
    found = (table.lookup(*one) for one in asked)
    rows = list({row.key: row._replace(acted_on=f"{row.acted_on} please") for row in found if row is not None}.values())
    table = store.load(RewriteTable)
    for name, some in (("change", rows[: len(table) // 1000]), ("few", rows[-5:])):
        before = store.current("rewrites")
        figures |= _timed(f"publish.{name}", partial(_change, store, table, some))
        shared = {path.stat().st_ino for path in before.iterdir()}
        new = [path.stat() for path in store.current("rewrites").iterdir()]
        figures[f"publish.{name}_mb"] = sum(one.st_size for one in new if one.st_ino not in shared) / 1e6
        table = store.load(RewriteTable)
    return figures


def _change(store: ArtifactStore, table: RewriteTable, rows: list) -> None:
    store.publish(table.changed(rows))


def _opened_again_ms(store: ArtifactStore) -> float:
    """What `Served` needs where another version that shares its files was opened before."""
    time.sleep(2.5)  # what was only just written is read again
    store.load(RewriteTable)
    begun = time.perf_counter()
    store.load(RewriteTable).lookup("", None)
    return (time.perf_counter() - begun) * 1e3


def _timed(name: str, work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {f"{name}_s": time.perf_counter() - wall, f"{name}_cpu_s": time.process_time() - cpu}


def _drop(directory: Path) -> None:
    """Ask the system to forget what it holds of files in memory; what is mapped stays."""
    for path in directory.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _reloading(store: ArtifactStore, asked: list, moves: int) -> dict[str, float]:
    served = Served(store, "rewrites", lambda found, version: found.load(RewriteTable, version), missing=None)
    clock, opened = time.perf_counter_ns, 0
    times: dict[bool, list[int]] = {True: [], False: []}
    served.current()
    mover = subprocess.Popen([sys.executable, "-c", _MOVER, str(store.directory), str(moves)])
    version = served.version
    while mover.poll() is None:
        for request, user in asked:
            begun = clock()
            served.current().lookup(request, user)
            took = clock() - begun
            times[served._opening is not None and served._opening.is_alive()].append(took)
            opened += served.version != version
            version = served.version
    before, during = (np.array(times[when]) / 1e3 for when in (False, True))
    if not len(during):  # a small table is opened at once, by the request that sees it first
        return {"reload.count": float(opened), "reload.before_p99_us": float(np.percentile(before, 99))}
    p99 = float(np.percentile(before, 99)), float(np.percentile(during, 99))
    return {
        "reload.count": float(opened),
        "reload.before_p99_us": p99[0],
        "reload.during_p99_us": p99[1],
        "reload.p99_ratio": p99[1] / p99[0],
        "reload.worst_ms": float(during.max()) / 1e3,
    }


if __name__ == "__main__":
    print(run())
