"""Stamps: what changed on the disk is known at the next look, whoever changed it, watched or not."""

import subprocess
import sys

import pytest

from uptake.store.stamps import Stamps, WatchedStamps


@pytest.fixture(params=[Stamps, WatchedStamps])
def stamps(request):
    made = request.param()
    yield made
    if isinstance(made, WatchedStamps):
        made.close()


def look(stamps, path):
    stamps.refresh()
    return stamps.of(str(path))


def test_every_change_is_known_at_the_next_look(stamps, tmp_path):
    path, beside = tmp_path / "file.json", tmp_path / "other"
    assert look(stamps, path) is None
    seen = []
    path.write_text("a")
    seen.append(look(stamps, path))
    path.write_text("ab")
    seen.append(look(stamps, path))
    beside.write_text("xyz")
    beside.replace(path)
    seen.append(look(stamps, path))
    path.unlink()
    assert look(stamps, path) is None
    assert None not in seen
    assert len(set(seen)) == 3


def test_a_directory_that_comes_goes_and_comes_again_is_followed(stamps, tmp_path):
    path = tmp_path / "a" / "b" / "file.json"
    assert look(stamps, path) is None
    assert stamps.within(str(path.parent), ".json") == ()
    for _ in range(2):
        path.parent.mkdir(parents=True)
        path.write_text("a")
        assert look(stamps, path) is not None
        [(name, *_)] = stamps.within(str(path.parent), ".json")
        assert name == "file.json"
        path.unlink()
        path.parent.rmdir()
        path.parent.parent.rmdir()
        assert look(stamps, path) is None
        assert stamps.within(str(path.parent), ".json") == ()


@pytest.mark.slow
def test_what_another_process_writes_is_known_as_soon_as_it_has_written(stamps, tmp_path):
    path = tmp_path / "file.json"
    assert look(stamps, path) is None
    subprocess.run([sys.executable, "-c", f"open({str(path)!r}, 'w').write('a')"], check=True)
    assert look(stamps, path) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_what_is_watched_is_not_looked_up_again_until_it_changes(tmp_path, monkeypatch):
    stamps, path = WatchedStamps(), tmp_path / "file.json"
    path.write_text("a")
    if not stamps.is_watching:
        pytest.skip("other programs use up what the kernel allows to be watched")
    stamps.refresh()
    first, generation = stamps.of(str(path)), stamps.generation
    monkeypatch.setattr("uptake.store.stamps.os.stat", lambda _: pytest.fail("it was looked up"))
    assert stamps.of(str(path)) == first
    assert stamps.generation is generation
    monkeypatch.undo()
    path.write_text("more")
    stamps.refresh()
    assert stamps.generation is not generation
    assert stamps.of(str(path)) != first
    stamps.close()


def test_closed_or_where_nothing_can_be_watched_the_disk_is_asked(tmp_path, monkeypatch):
    stamps, path = WatchedStamps(), tmp_path / "file.json"
    stamps.close()
    assert not stamps.is_watching
    assert stamps.of(str(path)) is None
    path.write_text("a")
    assert stamps.of(str(path)) is not None
    assert stamps.generation is not stamps.generation
    monkeypatch.setattr("uptake.store.stamps.sys.platform", "elsewhere")
    assert not WatchedStamps().is_watching


def test_a_relative_path_is_watched_too(stamps, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert look(stamps, "file.json") is None
    (tmp_path / "file.json").write_text("a")
    assert look(stamps, "file.json") is not None
