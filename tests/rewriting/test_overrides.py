"""Overrides: people's own word, kept in a readable file that is never half written."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from uptake.errors import BadRecord, StorageFailed
from uptake.rewriting.overrides import Override, Overrides, OverridesFile


@pytest.fixture
def file(tmp_path):
    return OverridesFile(tmp_path / "overrides.json")


def test_what_is_put_is_read_back_normalised(file):
    file.put(Override("Play JAS!", None, "ann"))
    file.put(Override("my tune", "Play Here Comes the Sun", None))
    assert set(file.read()) == {
        Override("play jas", None, "ann"),
        Override("my tune", "play here comes the sun", None),
    }


def test_a_user_wins_over_everybody():
    both = Overrides.of(
        [Override("a", None), Override("a", "b", "ann"), Override("c", "d"), Override("c", None, "ann")]
    )
    assert both.find("a", "ann").rewrite == "b"
    assert both.find("a", "bo").rewrite is None
    assert both.find("c", "ann").rewrite is None
    assert both.find("c", "bo").rewrite == "d"
    assert both.find("e", "ann") is None


def test_a_pin_replaces_a_block_and_the_reverse(file):
    file.put(Override("a", None))
    file.put(Override("a", "b"))
    assert list(file.read()) == [Override("a", "b")]
    file.put(Override("a", None))
    assert list(file.read()) == [Override("a", None)]


def test_undoing_removes_its_own_sort_only(file):
    file.put(Override("a", None))
    assert not file.drop(Override("a", "anything"))
    assert not file.drop(Override("a", None, "ann"))
    assert file.drop(Override("A", None), dry_run=True)
    assert len(file.read()) == 1
    assert file.drop(Override("A", None))
    assert len(file.read()) == 0


def test_a_dry_run_checks_and_writes_nothing(file):
    assert file.put(Override("A", "B"), dry_run=True) == Override("a", "b")
    assert not file.path.exists()
    with pytest.raises(BadRecord):
        file.put(Override("?", "b"), dry_run=True)


def test_a_user_is_forgotten(file):
    for user in ("ann", "bo", None):
        file.put(Override("a", "b", user))
    assert file.forget("ann") == 1
    assert {each.user_id for each in file.read()} == {"bo", None}


def test_writers_take_turns(file):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda at: file.put(Override(f"request {at}", "x")), range(30)))
    assert len(file.read()) == 30


@pytest.mark.parametrize(
    ("override", "field"),
    [
        (Override("", None), "request"),
        (Override("?!", None), "request"),
        (Override("a", " "), "rewrite"),
        (Override("a", "A!"), "rewrite"),
        (Override("a", "b", ""), "user"),
    ],
)
def test_empty_and_circular_overrides_are_refused(file, override, field):
    with pytest.raises(BadRecord) as refused:
        file.put(override)
    assert refused.value.field == field
    assert not file.path.exists()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", None),
        ("{", None),
        ("[]", "format"),
        ("{}", "format"),
        ('{"format": 2}', "format"),
        ('{"format": 1, "blocks": {}}', "blocks"),
        ('{"format": 1, "blocks": ["a"]}', "blocks[0]"),
        ('{"format": 1, "blocks": [{"request": "a"}, {"request": 5}]}', "blocks[1].request"),
        ('{"format": 1, "blocks": [{}]}', "blocks[0].request"),
        ('{"format": 1, "pins": [{"request": "a"}]}', "pins[0].rewrite"),
        ('{"format": 1, "pins": [{"request": "a", "rewrite": 1}]}', "pins[0].rewrite"),
        ('{"format": 1, "pins": [{"request": "a", "rewrite": "b", "user": ""}]}', "pins[0].user"),
        ('{"format": 1, "pins": [{"request": "a", "rewrite": "b", "who": "x"}]}', "pins[0]"),
    ],
)
def test_a_broken_file_is_named_with_its_field_and_kept(file, text, field):
    file.path.write_text(text)
    with pytest.raises(BadRecord) as refused:
        file.read()
    assert refused.value.file == str(file.path)
    assert refused.value.field == field
    with pytest.raises(BadRecord):
        file.put(Override("a", "b"))
    assert file.path.read_text() == text


def test_bytes_that_are_no_text_are_refused(file):
    file.path.write_bytes(b"\xff\xfe{")
    with pytest.raises(BadRecord, match="cannot be read"):
        file.read()


def test_a_place_where_nothing_can_be_written_is_said(tmp_path):
    (tmp_path / "state").write_text("not a directory")
    with pytest.raises(StorageFailed):
        OverridesFile(tmp_path / "state" / "overrides.json").put(Override("a", "b"))


def test_the_file_is_meant_for_people(file):
    file.put(Override("café", "the café", "ann"))
    assert json.loads(file.path.read_text())["pins"] == [{"user": "ann", "request": "café", "rewrite": "the café"}]
    assert "café" in file.path.read_text()
