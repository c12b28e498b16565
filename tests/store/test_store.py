"""ArtifactStore: what is served is whole, and stays served whatever happens to a publisher."""

import json
import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.permissions import permissions_hold
from tests.rewriting.table.tables import rewrite, table
from uptake.errors import ArtifactRefused, NotReady, StorageFailed
from uptake.rewriting.retrieval.artifact import RequestIndex
from uptake.rewriting.table.artifact import RewriteTable
from uptake.store.manifest import Manifest
from uptake.store.store import ArtifactStore

MOVES = pa.table({"source": ["a"], "target": ["b"], "users": [3], "moves": [4]})
ONE, TWO = table(rewrite("a", "b"), moves=MOVES), table(rewrite("a", "c"), rewrite("d", "e"))


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "artifacts")


def test_what_is_published_is_served(store):
    assert store.current("rewrites") is None
    first = store.publish(ONE, made_by={"learner": "markov", "min_users": 3})
    assert store.load(RewriteTable) == ONE
    second = store.publish(TWO)
    assert store.load(RewriteTable) == TWO
    assert store.load(RewriteTable, first) == ONE
    assert store.versions("rewrites") == [first, second] == sorted([second, first])
    assert store.manifest("rewrites", second).parents == (first,)
    assert store.manifest("rewrites", first).made_by == {"learner": "markov", "min_users": 3}
    assert store.kinds() == ["rewrites"]


def test_equal_content_makes_no_new_version(store):
    first = store.publish(ONE)
    assert store.publish(table(rewrite("a", "b"), moves=MOVES), made_by={"other": 1}) == first
    second = store.publish(TWO)
    assert store.publish(ONE) == first
    assert store.versions("rewrites") == [first, second]
    assert [move.version for move in store.history("rewrites")] == [first, second, first]


def test_the_time_of_publication_is_the_callers(store):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    version = store.publish(ONE, created_at=at)
    assert store.manifest("rewrites", version).created_at == at
    assert store.history("rewrites")[0].at == at


def test_a_rollback_serves_the_parent_or_what_is_named(store):
    first, second, third = store.publish(ONE), store.publish(TWO), store.publish(table(rewrite("x", "y")))
    assert store.rollback(RewriteTable) == second
    assert store.rollback(RewriteTable, first) == first
    assert store.load(RewriteTable) == ONE
    with pytest.raises(NotReady, match="no parent"):
        store.rollback(RewriteTable)
    store.point(RewriteTable, third)
    assert [move.action for move in store.history("rewrites")] == ["publish"] * 3 + ["rollback"] * 2 + ["publish"]


def test_a_rollback_leaves_a_broken_version_behind(store):
    first, second = store.publish(ONE), store.publish(TWO)
    (store.directory / "rewrites" / second / "manifest.json").write_text("{")
    assert store.rollback(RewriteTable) == first
    assert store.load(RewriteTable) == ONE


def test_a_difference_names_rows_added_removed_and_changed(store):
    first, second = store.publish(ONE), store.publish(TWO)
    found = store.diff(RewriteTable, first, second)
    assert [row.request for row in found.added] == ["d"]
    assert [(old.acted_on, new.acted_on) for old, new in found.changed] == [("b", "c")]
    assert store.diff(RewriteTable, second, first).removed == found.added
    assert not store.diff(RewriteTable, first, first)


def test_versions_are_found_by_the_beginning_of_their_name(store):
    first, second = store.publish(ONE), store.publish(TWO)
    assert store.resolve("rewrites", "2") == store.resolve("rewrites", "000002") == second
    assert store.resolve("rewrites", first) == first
    with pytest.raises(NotReady, match="match"):
        store.resolve("rewrites", "0")


def test_old_versions_go_and_the_served_one_stays(tmp_path):
    store = ArtifactStore(tmp_path, keep=3)
    versions = [store.publish(table(rewrite("a", f"b{at}"))) for at in range(6)]
    assert store.versions("rewrites") == versions[-3:]
    store.rollback(RewriteTable, versions[3])
    store.prune("rewrites", keep=1)
    assert store.versions("rewrites") == [versions[3]]
    assert store.load(RewriteTable).lookup("a").acted_on == "b3"


def test_asking_before_anything_was_published_says_what_to_do(store):
    for ask in (store.load, store.verify, store.rollback):
        with pytest.raises(NotReady, match="uptake learn"):
            ask(RewriteTable)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_in_any_file_is_noticed(tmp_path, data):
    store = ArtifactStore(tmp_path / "flip")
    version = store.publish(ONE)
    files = sorted((tmp_path / "flip" / "rewrites" / version).iterdir())
    path = data.draw(st.sampled_from(files), label="file")
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1), label="byte")
    changed = bytearray(whole)
    changed[at] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    path.write_bytes(changed)
    try:
        with pytest.raises(ArtifactRefused, match=path.name):
            store.load(RewriteTable)
        with pytest.raises(ArtifactRefused, match=path.name):
            store.verify(RewriteTable)
    finally:
        path.write_bytes(whole)
    assert store.load(RewriteTable) == ONE


@pytest.mark.parametrize("name", ["slots.npy", "rows.npy", "text.npy", "moves.parquet", "manifest.json"])
def test_a_file_cut_short_or_gone_is_named(store, name):
    path = store.directory / "rewrites" / store.publish(ONE) / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArtifactRefused, match=name):
        store.load(RewriteTable)
    path.unlink()
    with pytest.raises(ArtifactRefused, match=f"{name}: missing"):
        store.load(RewriteTable)


def test_a_file_too_many_is_refused(store):
    (store.directory / "rewrites" / store.publish(TWO) / "moves.parquet").write_bytes(b"")
    with pytest.raises(ArtifactRefused, match=r"moves\.parquet: not part"):
        store.load(RewriteTable)


def test_another_kind_is_refused(store):
    version = store.publish(ONE)
    (store.directory / "rewrites").rename(store.directory / "index")
    with pytest.raises(ArtifactRefused, match="holds rewrites, expected index"):
        store.load(RequestIndex, version)


def test_a_newer_schema_is_refused(store):
    class Newer(RewriteTable):
        schema_version = RewriteTable.schema_version + 1

    store.publish(Newer(ONE.shards))
    with pytest.raises(ArtifactRefused, match="install a newer uptake"):
        store.load(RewriteTable)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"format": 1}', '{"format": "x"}', "[" * 100_000, '{"format": 2, "new": 1}']
)
def test_a_manifest_that_is_none_is_refused(store, text):
    path = store.current("rewrites") or store.directory / "rewrites" / store.publish(ONE)
    (path / "manifest.json").write_text(text)
    with pytest.raises(ArtifactRefused, match=r"manifest\.json"):
        store.load(RewriteTable)


def test_a_manifest_with_an_honest_digest_but_another_file_list_is_refused(store):
    path = store.directory / "rewrites" / store.publish(ONE)
    old = store.manifest("rewrites", path.name)
    fields = {name: getattr(old, name) for name in Manifest.__slots__}
    (path / "manifest.json").write_text(Manifest(**fields | {"files": old.files[:-1]}).to_text())
    with pytest.raises(ArtifactRefused, match="not part of the artifact"):
        store.load(RewriteTable)


@pytest.mark.parametrize("text", ["garbage", "2026-01-01T00:00:00Z publish ../../etc\n", "x publish 000001-00000000\n"])
def test_a_broken_pointer_is_refused_and_publishing_repairs_it(store, text):
    store.publish(ONE)
    (store.directory / "rewrites" / "CURRENT").write_text(text)
    with pytest.raises(ArtifactRefused, match="CURRENT"):
        store.load(RewriteTable)
    store.publish(TWO)
    assert store.load(RewriteTable) == TWO


def test_a_pointer_to_nothing_is_refused(store):
    store.publish(ONE)
    (store.directory / "rewrites" / "CURRENT").write_text("2026-01-01T00:00:00+00:00 publish 000009-00000000\n")
    with pytest.raises(ArtifactRefused, match="no such version"):
        store.load(RewriteTable)


def test_concurrent_publishers_take_turns(store):
    tables = [table(rewrite("a", f"b{at}")) for at in range(12)]
    with ThreadPoolExecutor(6) as pool:
        versions = list(pool.map(store.publish, tables))
    assert store.versions("rewrites") == sorted(versions)
    assert len(set(versions)) == 12
    assert [move.version for move in store.history("rewrites")] == sorted(versions)


def test_a_full_disk_changes_nothing(store):
    store.publish(ONE)
    big = table(*(rewrite(f"request number {at}", "x") for at in range(5_000)))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StorageFailed, match="nothing was changed"):
            store.publish(big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert store.load(RewriteTable) == ONE
    assert len(store.versions("rewrites")) == 1


def test_a_read_only_directory_changes_nothing(store):
    store.publish(ONE)
    home = store.directory / "rewrites"
    before = sorted(store.directory.rglob("*"))
    home.chmod(0o500)
    try:
        with permissions_hold():
            with pytest.raises(StorageFailed, match="nothing was changed"):
                store.publish(TWO)
            assert store.load(RewriteTable) == ONE
    finally:
        home.chmod(0o700)
    assert sorted(store.directory.rglob("*")) == before


def test_a_place_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "artifacts").write_text("a file, not a directory")
    with pytest.raises(StorageFailed, match="artifacts"):
        ArtifactStore(tmp_path / "artifacts").publish(ONE)


KILLED = """
import os, sys
from pathlib import Path
from tests.rewriting.table.tables import rewrite, table
from uptake.store.store import ArtifactStore

left = int(sys.argv[2])
def deadly(name):
    real = getattr(os, name)
    def call(*given, **named):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*given, **named)
    setattr(os, name, call)
for name in ("fsync", "rename", "replace", "open", "mkdir"):
    deadly(name)
store = ArtifactStore(Path(sys.argv[1]))
for at in range(3):
    store.publish(table(rewrite("a", "new")))
print("survived")
"""


@pytest.mark.long
@pytest.mark.slow
def test_a_publisher_killed_at_any_point_leaves_the_old_or_the_new_version_served(tmp_path):
    survived, served = False, set()
    for calls in range(0, 40):
        store = ArtifactStore(tmp_path / str(calls))
        store.publish(table(rewrite("a", "old")))
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(store.directory), str(calls)],
            capture_output=True, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert done.returncode in (0, 9), done.stderr
        found = store.load(RewriteTable).lookup("a").acted_on
        served.add(found)
        store.publish(table(rewrite("a", "next")))
        assert store.load(RewriteTable).lookup("a").acted_on == "next"
        assert not list((store.directory / "rewrites").glob(".incoming*"))
        if "survived" in done.stdout:
            survived = True
            assert found == "new"
            break
    assert survived
    assert served == {"old", "new"}


def test_the_manifest_is_readable_json(store):
    path = store.directory / "rewrites" / store.publish(ONE) / "manifest.json"
    body = json.loads(path.read_text())
    assert [file["name"] for file in body["files"]] == ["moves.parquet", "rows.npy", "slots.npy", "text.npy"]
    assert body["kind"] == "rewrites"


LARGE = [rewrite(f"request {at} " + "x" * 3000, "y") for at in range(800)]


def test_a_large_file_that_did_not_change_is_one_file_in_both_versions(store):
    moves = pa.table({"source": ["a"], "target": ["b"], "users": [3], "moves": [4]})
    first, second = store.publish(table(*LARGE)), store.publish(table(*LARGE, moves=moves))
    one, other = (store.directory / "rewrites" / version for version in (first, second))
    assert (one / "text.npy").samefile(other / "text.npy")
    assert not (one / "rows.npy").samefile(other / "rows.npy")  # too small to matter
    store.prune("rewrites", keep=1)
    assert store.verify(RewriteTable).version == second
    assert store.load(RewriteTable) == table(*LARGE, moves=moves)


def test_a_damaged_file_is_not_shared(store):
    first = store.publish(table(*LARGE))
    broken = store.directory / "rewrites" / first / "text.npy"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-1] + b"?")
    second = store.publish(table(*LARGE, moves=MOVES))
    assert (store.directory / "rewrites" / second / "text.npy").read_bytes() == whole
    assert store.load(RewriteTable) == table(*LARGE, moves=MOVES)


def test_a_large_file_that_was_found_whole_is_read_again_once_it_was_written_to(store):
    served = store.directory / "rewrites" / store.publish(table(*LARGE)) / "text.npy"
    os.utime(served, ns=(1, 10**18))
    store.load(RewriteTable)
    assert len(store.seen) == 1
    served.write_bytes(served.read_bytes()[:-1] + b"?")
    with pytest.raises(ArtifactRefused, match=r"text\.npy: altered"):
        store.load(RewriteTable)


def test_a_file_of_which_a_change_could_go_unseen_is_read_each_time(store):
    store.publish(table(*LARGE))
    store.load(RewriteTable)
    assert not store.seen
