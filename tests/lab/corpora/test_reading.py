"""read and records: files are known by their fields, and what is wrong is said with file and line."""

import gzip
import json

import pytest

from tests.lab.corpora.calls import THAI, call, pair, prompt, said, write
from uptake.errors import BadRecord, NotReady, UnknownFormat
from uptake.lab import corpora

ONE = call((prompt("welcome"), said("thai", read=[THAI])))


def test_a_folder_may_hold_other_records_of_the_corpus(tmp_path):
    write(tmp_path / "a.jsonl.gz", [pair("call-1", 0, "none")])
    write(tmp_path / "z.jsonl.gz", [ONE])
    assert [turn.turn_id for turn in corpora.read("dstc2", tmp_path)] == ["call-1/0"]


def test_records_are_found_by_kind_below_a_root(tmp_path):
    write(tmp_path / "dstc2" / "whatever.jsonl.gz", [ONE, ONE])
    write(tmp_path / "dstc2" / "other.jsonl.gz", [pair("call-1", 0, "repeat")])
    assert len(list(corpora.records("dstc2", tmp_path))) == 2
    assert [record["kind"] for record in corpora.records("dstc2", tmp_path, kind="pair")] == ["repeat"]
    assert len(list(corpora.records("dstc2", tmp_path / "dstc2"))) == 2


@pytest.mark.parametrize("name", ["plain.jsonl", "packed.jsonl.gz", "list.json", "one.json"])
def test_plain_packed_and_whole_files_read_alike(tmp_path, name):
    path = tmp_path / name
    if name.endswith(".gz"):
        write(path, [ONE])
    else:
        path.write_text(json.dumps([ONE] if name == "list.json" else ONE))
    assert len(list(corpora.read("dstc2", path))) == 1


def test_a_file_of_something_else_is_refused_with_its_line(tmp_path):
    write(tmp_path / "x.jsonl.gz", [{"song": "yesterday"}])
    with pytest.raises(BadRecord, match=r"x\.jsonl\.gz, line 1, field caller: a call of dstc2 needs") as caught:
        list(corpora.read("dstc2", tmp_path))
    assert "yesterday" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{broken", "is not JSON"),
        (b"[1]", "must be a JSON object"),
        (b'{"a": "\xff"}', "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_malformed_line_is_named_and_may_be_skipped(tmp_path, line, problem):
    path = tmp_path / "x.jsonl"
    path.write_bytes(json.dumps(ONE).encode() + b"\n" + line + b"\n\n" + json.dumps(ONE).encode())
    with pytest.raises(BadRecord, match=rf"line 2: .*{problem}"):
        list(corpora.read("dstc2", path))
    bad = []
    assert len(list(corpora.read("dstc2", path, on_bad=bad.append))) == 2
    assert [error.line for error in bad] == [2]


def test_a_line_longer_than_allowed_is_refused_unparsed(tmp_path, monkeypatch):
    monkeypatch.setattr("uptake.lab.corpora.files.MAX_LINE_BYTES", 10_000)
    path = tmp_path / "x.jsonl"
    path.write_text("x" * 30_000 + "\n" + json.dumps(ONE))
    bad = []
    assert len(list(corpora.read("dstc2", path, on_bad=bad.append))) == 1
    assert [(error.line, "longer than" in str(error)) for error in bad] == [(1, True)]


def test_a_gzip_file_cut_short_is_bad_data(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ONE).encode() * 50)[:-20])
    with pytest.raises(BadRecord, match="cut short"):
        list(corpora.read("dstc2", path))


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(NotReady, match="no such file"):
        list(corpora.read("dstc2", tmp_path / "gone"))
    with pytest.raises(NotReady, match="holds no file"):
        list(corpora.read("dstc2", tmp_path))
    with pytest.raises(NotReady, match="has no folder dstc2"):
        list(corpora.records("dstc2", tmp_path))
    write(tmp_path / "dstc2" / "x.jsonl.gz", [ONE])
    with pytest.raises(NotReady, match="holds no pair of dstc2"):
        list(corpora.records("dstc2", tmp_path, kind="pair"))


def test_an_unknown_corpus_or_kind_is_a_usage_error(tmp_path):
    with pytest.raises(UnknownFormat, match="there is dstc2, almond, getgoing, slurp"):
        list(corpora.read("switchboard", tmp_path))
    with pytest.raises(UnknownFormat, match="it has call, pair"):
        list(corpora.records("dstc2", tmp_path, kind="song"))


@pytest.mark.long
@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "turns"),
    [("dstc2", 11_677), ("almond", 6_758), ("getgoing", 4_087), ("slurp", 6_773), ("star", 42_136), ("sgd", 95_991)],
)
def test_every_real_record_becomes_turns(data_root, name, turns):
    corpus = corpora.CORPORA[name]
    found = list(corpora.read(name, data_root / corpus.folder))
    assert len(found) == turns
    assert len({turn.turn_id for turn in found}) == turns
    if name == "dstc2":
        assert round(sum(turn.truth.defect for turn in found) / turns, 3) == 0.226
