"""Served: a large version is opened beside, and the one before goes on serving until it is open."""

import threading

from tests.rewriting.table.tables import rewrite, table
from uptake.errors import ArtifactRefused
from uptake.store import served
from uptake.store.served import Served
from uptake.store.store import ArtifactStore


def two_versions(tmp_path, monkeypatch):
    """A store of two versions, and what serves the first of them and opens the other when it is told to."""
    store, may = ArtifactStore(tmp_path), threading.Event()
    monkeypatch.setattr(served, "_AT_ONCE_BYTES", 0)
    versions = [store.publish(table(rewrite("a", "b")))]

    def opened(_store, version):
        if version != versions[0]:
            assert may.wait(30)
        if version.startswith("000003"):
            raise ArtifactRefused("it is broken")
        return version

    one = Served(store, "rewrites", opened, missing=None)
    assert one.current() == versions[0]  # the first one is waited for
    versions.append(store.publish(table(rewrite("a", "c"))))
    return store, one, versions, may


def test_the_version_before_serves_until_a_large_one_is_open(tmp_path, monkeypatch):
    _, one, versions, may = two_versions(tmp_path, monkeypatch)
    assert [one.current(), one.current(), one.version] == [versions[0]] * 3
    may.set()
    one.settle()
    assert (one.current(), one.version) == (versions[1], versions[1])


def test_what_was_published_last_serves_whichever_opened_first(tmp_path, monkeypatch):
    store, one, versions, may = two_versions(tmp_path, monkeypatch)
    one.current()
    store.rollback(type(table(rewrite("a", "b"))))
    one.current()
    may.set()
    one.settle()
    assert one.current() == versions[0]


def test_a_large_version_that_is_refused_leaves_the_one_before(tmp_path, monkeypatch):
    store, one, versions, may = two_versions(tmp_path, monkeypatch)
    may.set()
    one.settle()
    store.publish(table(rewrite("a", "d")))
    one.settle()
    assert (one.current(), one.broken) == (versions[1], True)
    assert "goes on serving; the new one was refused" in one.note
