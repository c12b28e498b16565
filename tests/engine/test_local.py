"""LocalEngine: Arrow in and out, within a memory limit, and errors that quote nobody."""

from __future__ import annotations

import threading
from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from uptake.engine.local import EngineStatistics, LocalEngine
from uptake.errors import BadConfig, EngineFailed, StorageFailed
from uptake.protocols import Due, View

SAID = pa.table({"user_id": ["ann", "ann", "bo"], "request": ["stop", "stop", "play jazz"]})
GROUPS = "SELECT user_id, CAST(count(*) AS BIGINT) AS n FROM said GROUP BY user_id ORDER BY user_id"


@pytest.fixture
def engine():
    engine = LocalEngine(memory_limit="64MB", threads=2)
    yield engine
    engine.close()


def test_tables_files_and_lists_of_both_are_read_as_relations(engine, tmp_path):
    pq.write_table(SAID, tmp_path / "it's.parquet")
    for relation in (
        SAID,
        tmp_path / "it's.parquet",
        [tmp_path / "it's.parquet"],
        SAID.to_reader(),
        [SAID.slice(0, 1), SAID.slice(1)],
    ):
        assert engine.table(GROUPS, said=relation).to_pydict() == {"user_id": ["ann", "bo"], "n": [2, 1]}
    both = engine.table(GROUPS, said=[SAID, tmp_path / "it's.parquet"])
    assert both["n"].to_pylist() == [4, 2]
    assert both.schema.field("n").type == pa.int64()


def test_answers_come_in_batches(engine):
    sizes = [batch.num_rows for batch in engine.run("SELECT range AS n FROM range(300000)")]
    assert sum(sizes) == 300_000
    assert max(sizes) <= 131_072


def test_statistics_are_asked_by_their_name(engine):
    assert EngineStatistics(engine, SAID).query("SELECT count(*) AS n FROM statistics")["n"].to_pylist() == [3]


@pytest.mark.slow
def test_a_grouping_far_above_the_memory_limit_completes_by_spilling(tmp_path):
    engine = LocalEngine(memory_limit="64MB", threads=2, spill_directory=tmp_path / "spill")
    sql = "SELECT 'somebody-' || range AS user_id, CAST(count(*) AS BIGINT) AS n FROM range(3000000) GROUP BY user_id"
    spilled = 0
    groups = 0
    for batch in engine.run(sql):
        groups += batch.num_rows
        with suppress(FileNotFoundError):  # the engine removes what it has read again
            spilled = spilled or sum(path.stat().st_size for path in (tmp_path / "spill").rglob("*") if path.is_file())
    assert groups == 3_000_000
    assert spilled > 0


def test_what_cannot_spill_says_which_option_to_change():
    engine = LocalEngine(memory_limit="32MB", threads=1)
    with pytest.raises(EngineFailed, match="memory_limit 32MB"):
        engine.table("SELECT string_agg(CAST(range AS VARCHAR) || repeat('x', 100), ',') FROM range(2000000)")


@pytest.mark.parametrize("limit", ["lots", "-1GB", "1e3", "0MB", "1MB", "12", 5])
def test_a_wrong_memory_limit_is_refused(limit):
    with pytest.raises(BadConfig, match="memory_limit"):
        LocalEngine(memory_limit=limit)


def test_a_spill_directory_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadConfig, match="spill_directory"):
        LocalEngine(spill_directory=tmp_path / "file" / "below")
    with pytest.raises(BadConfig, match="threads"):
        LocalEngine(threads=0)


def test_an_error_names_the_query_but_never_quotes_the_log(engine):
    with pytest.raises(EngineFailed) as failed:
        engine.table("SELECT CAST(request AS INTEGER) AS n FROM said", said=SAID)
    assert "jazz" not in str(failed.value)
    assert failed.value.__cause__ is None
    with pytest.raises(EngineFailed, match="nope"):
        engine.table("SELECT nope FROM said", said=SAID)
    with pytest.raises(EngineFailed, match="empty list"):
        engine.table("SELECT 1 FROM said", said=[])


def test_a_file_that_is_damaged_or_gone_is_named(engine, tmp_path):
    path = tmp_path / "counts.parquet"
    pq.write_table(SAID, path)
    whole = path.read_bytes()
    for damaged in (whole[:-40] + b"x" * 40, whole[:4] + b"x" * 60 + whole[64:], b""):
        path.write_bytes(damaged)
        with pytest.raises(EngineFailed, match=f"{path}: gone or damaged"):
            engine.table(GROUPS, said=[SAID, path])
    path.unlink()
    with pytest.raises(EngineFailed, match=f"{path}: gone or damaged"):
        engine.table(GROUPS, said=path)


def test_a_full_disk_is_told_from_too_little_memory(engine):
    with suppress(AttributeError):  # it is set, and answers nothing
        engine.table("SET GLOBAL max_temp_directory_size = '1MB'")
    with pytest.raises(EngineFailed, match="disk that the query spills to is full"):
        engine.table("SELECT range || 'x' AS n, count(*) AS times FROM range(3000000) GROUP BY n")


def test_a_file_is_written_whole_or_not_at_all(engine, tmp_path):
    assert engine.write(GROUPS, tmp_path / "counts.parquet", said=SAID) == 2
    with pytest.raises(EngineFailed):
        engine.write("SELECT CAST(request AS INTEGER) AS n FROM said", tmp_path / "counts.parquet", said=SAID)
    assert [path.name for path in tmp_path.iterdir()] == ["counts.parquet"]
    assert pq.read_table(tmp_path / "counts.parquet")["n"].to_pylist() == [2, 1]
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageFailed, match="taken"):
        engine.write(GROUPS, tmp_path / "taken", said=SAID)


def test_parts_are_counted_beside_their_marking_and_an_error_of_either_leaves_what_was_done(engine, tmp_path):
    view = View(name="said", schema=SAID.schema, make=lambda part, path, columns: iter([part.select(columns)]))
    due = [Due(SAID.slice(at, 1), tmp_path, {"some": tmp_path / f"{at}.parquet"}) for at in range(3)]
    engine.count({"some": GROUPS}, view, due, lambda done: None)
    counted = [pq.read_table(tmp_path / f"{at}.parquet")["user_id"].to_pylist() for at in range(3)]
    assert counted == [["ann"], ["ann"], ["bo"]]
    wrong = "SELECT user_id, CAST(request AS INTEGER) AS n FROM said"
    with pytest.raises(EngineFailed, match="left out"):
        engine.count({"some": wrong}, view, [due[0]._replace(into={"some": tmp_path / "wrong"})], lambda done: None)
    broken = Due(None, tmp_path, {"some": tmp_path / "broken"})
    after = due[0]._replace(into={"some": tmp_path / "whole"})
    with pytest.raises(AttributeError):
        engine.count({"some": GROUPS}, view, [after, broken], lambda done: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*(f"{at}.parquet" for at in range(3)), "whole"]


def test_threads_share_an_engine_and_a_closed_one_says_so(engine):
    answers: list[list[int]] = []
    ask = lambda: answers.append(engine.table(GROUPS, said=SAID)["n"].to_pylist())  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[2, 1]] * 8
    engine.close()
    engine.close()
    with pytest.raises(EngineFailed, match="closed"):
        engine.table(GROUPS, said=SAID)
