"""RewriteTable: what is stored is found, nothing else is, and files give back what was saved."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rewriting.table.tables import EVIDENCE, rewrite, row_lists, table, texts
from uptake.catalogue import artifact_class, kinds
from uptake.errors import ArtifactRefused, BadRecord
from uptake.rewriting.table import artifact as rewrites
from uptake.rewriting.table import shard
from uptake.rewriting.table.artifact import FAILURE, SUCCESS, RewriteTable, rewrite_id


@given(row_lists)
def test_every_row_is_found_by_its_key(rows):
    built = table(*rows)
    for row in rows:
        assert built.lookup(row.request, row.user_id) == row
    assert len(built) == len(rows)


@given(row_lists, texts, texts)
def test_what_was_not_stored_is_not_found(rows, request, user):
    known = {row.key: row for row in rows}
    found = table(*rows).lookup(request, user)
    assert found == known.get((user, request), known.get(("", request)))


@given(row_lists, st.randoms(use_true_random=False))
def test_equal_rows_make_equal_tables_in_any_order(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert table(*rows) == table(*shuffled)
    assert sorted(table(*shuffled).rows(), key=lambda row: row.key) == sorted(rows, key=lambda row: row.key)


@settings(max_examples=30)
@given(row_lists, st.booleans())
def test_loading_what_was_saved_gives_it_back(tmp_path_factory, rows, with_moves):
    moves = pa.table({"source": ["b", "a"], "target": ["a", "b"], "users": [3, 4], "moves": [5, 6]})
    built = table(*rows, moves=moves if with_moves else None)
    directory = tmp_path_factory.mktemp("table")
    built.save(directory)
    loaded = RewriteTable.load(directory)
    assert loaded == built
    assert (loaded.moves() is None) == (not with_moves)
    for row in rows:
        assert loaded.lookup(row.request, row.user_id) == row


@given(row_lists, row_lists, st.randoms(use_true_random=False))
def test_changing_rows_equals_building_the_table_anew(rows, more, random):
    gone = {row.key for row in rows if random.random() < 0.3} | {("nobody", "never said")}
    keys = gone | {row.key for row in more}
    anew = RewriteTable.from_rows([*(row for row in rows if row.key not in keys), *more])
    changed = RewriteTable.from_rows(rows).changed(more, gone=gone)
    assert changed == anew
    assert all(np.array_equal(*pair) for pair in zip(_slots(changed), _slots(anew), strict=True))


def _slots(built):
    return [shard.slots for shard in built.shards]


def test_changing_rows_of_equal_hashes_keeps_their_order(monkeypatch):
    monkeypatch.setattr(rewrites, "_hash", lambda key: len(key) << 60)
    rows = [rewrite(f"say {letter}", "say it") for letter in "dbca"]
    assert table(*rows[:2]).changed(rows[2:], gone=[rows[0].key]) == table(*rows[1:])


def test_a_table_of_an_older_version_that_names_its_finders_still_loads(tmp_path):
    built = table(rewrite("a b", "a c"), rewrite("d e", "d f"))
    built.save(tmp_path)
    np.save(tmp_path / "found_by.npy", np.array([1, 2], dtype=np.uint8))
    assert RewriteTable.load(tmp_path) == built


def test_a_users_own_rewrite_comes_before_everybodys():
    built = table(rewrite("play jas", "play jazz"), rewrite("play jas", "play jaws", "ann"))
    assert built.lookup("play jas", "ann").acted_on == "play jaws"
    assert built.lookup("play jas", "bo").acted_on == "play jazz"
    assert built.lookup("play jas").user_id is None
    assert built.users() == ["ann"]


def test_equal_hashes_are_told_apart_by_their_bytes(monkeypatch):
    monkeypatch.setattr(rewrites, "_hash", lambda key: len(key) % 2 << 63)
    rows = [rewrite(f"request {at}", "x", user) for at in range(20) for user in (None, "ann")]
    built = table(*rows)
    assert all(built.lookup(row.request, row.user_id) == row for row in rows)
    assert built.lookup("request 20") is None
    assert built == table(*reversed(rows))


def test_the_user_and_the_request_of_a_key_do_not_run_into_each_other():
    built = table(rewrite("b\0c", "x", "a"), rewrite("bc", "z", "a"))
    assert built.lookup("c", "a\0b") is None
    assert built.lookup("c", "ab") is None


def test_the_identifier_is_the_same_in_every_table_and_other_for_others():
    assert rewrite("a", "b", users=1).rewrite_id == rewrite("a", "b", users=9).rewrite_id == rewrite_id("a", "b")
    assert len({rewrite_id("a", "b"), rewrite_id("a", "c"), rewrite_id("a", "b", "ann"), rewrite_id("b", "a")}) == 4
    assert len(rewrite_id("a", "b")) == 16


def test_rows_come_with_most_users_first():
    built = table(rewrite("a", "x", users=2), rewrite("b", "x", users=7), rewrite("c", "x", users=7, sessions=99))
    assert [row.request for row in built.rows()] == ["c", "b", "a"]


def test_many_threads_read_one_table():
    rows = [rewrite(f"request {at}", f"answer {at}") for at in range(200)]
    built = table(*rows)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda row: built.lookup(row.request, "ann"), rows * 5))
    assert found == rows * 5


@pytest.mark.parametrize(
    ("columns", "field", "line"),
    [
        ({"request": ["a", ""], "acted_on": ["b", "c"]}, "request", 2),
        ({"request": ["a"], "acted_on": ["a"]}, "acted_on", 1),
        ({"request": ["a"], "acted_on": [None]}, "acted_on", 1),
        ({"request": ["a"], "acted_on": ["b"], "user_id": [""]}, "user_id", 1),
        ({"request": ["a"], "acted_on": ["b"], "success_after": [1.5]}, "success_after", 1),
        ({"request": ["a"], "acted_on": ["b"], "success_after": [float("nan")]}, "success_after", 1),
        ({"request": ["a"], "acted_on": ["b"], "users": [-1]}, "users", 1),
        ({"request": ["a", "a"], "acted_on": ["b", "c"]}, "request", 2),
        ({"request": ["a"], "acted_on": ["b", "c"]}, "acted_on", None),
        ({"request": ["a"], "acted_on": ["b"], "score": [1]}, "score", None),
    ],
)
def test_wrong_columns_are_refused_with_their_place(columns, field, line):
    size = len(columns["request"])
    whole = {"users": [1] * size, "sessions": [1] * size, "success_before": [0] * size, "success_after": [1] * size}
    with pytest.raises(BadRecord) as refused:
        RewriteTable.from_columns(whole | columns)
    assert (refused.value.field, refused.value.line) == (field, line)


def test_moves_follow_a_request_step_by_step():
    moves = pa.table(
        {
            "source": ["a", "b", "b", "c", "z"],
            "target": ["b", "c", SUCCESS, FAILURE, "a"],
            "users": [3, 3, 4, 3, 9],
            "moves": [5, 5, 6, 5, 9],
        }
    )
    built = table(rewrite("a", "b"), moves=moves)
    assert built.moves("a").column("source").to_pylist() == ["a", "b", "b", "c"]
    assert built.moves("a", steps=1).column("target").to_pylist() == ["b"]
    assert built.moves("nothing").num_rows == 0
    assert table(rewrite("a", "b")).moves("a") is None


@pytest.mark.parametrize("name", ["slots.npy", "rows.npy", "text.npy"])
def test_missing_short_and_foreign_files_are_refused_by_name(tmp_path, name):
    table(rewrite("a", "b")).save(tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:-1])
    with pytest.raises(ArtifactRefused, match=name):
        RewriteTable.load(tmp_path)
    np.save(tmp_path / name, np.zeros(3, dtype=np.float32))
    with pytest.raises(ArtifactRefused, match=name):
        RewriteTable.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArtifactRefused, match=name):
        RewriteTable.load(tmp_path)


def test_broken_moves_are_refused_when_asked_for(tmp_path):
    table(rewrite("a", "b")).save(tmp_path)
    (tmp_path / "moves.parquet").write_bytes(b"PAR1 no")
    loaded = RewriteTable.load(tmp_path)
    assert loaded.lookup("a").evidence == EVIDENCE
    with pytest.raises(ArtifactRefused, match=r"moves\.parquet"):
        loaded.moves()


def test_every_kind_of_artifact_answers_to_its_name():
    for kind in kinds():
        assert artifact_class(kind).kind == kind
    with pytest.raises(ArtifactRefused, match="unknown kind"):
        artifact_class("nothing")


@pytest.fixture
def shards(monkeypatch):
    """Let tables of a few rows be divided as large ones are."""
    monkeypatch.setattr(shard, "_SHARD_ROWS", 8)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row_lists, row_lists, st.randoms(use_true_random=False))
def test_a_divided_table_finds_and_changes_what_a_whole_one_does(shards, tmp_path_factory, rows, more, random):
    gone = {row.key for row in rows if random.random() < 0.2}
    keys = gone | {row.key for row in more}
    directory = tmp_path_factory.mktemp("table")
    table(*rows).save(directory)
    loaded = RewriteTable.load(directory)
    assert loaded == table(*reversed(rows))
    assert sorted(loaded.rows()) == sorted(rows)
    assert all(loaded.lookup(row.request, row.user_id) == row for row in rows)
    changed = loaded.changed(more, gone=gone)
    anew = RewriteTable.from_rows([*(row for row in rows if row.key not in keys), *more])
    assert changed == anew
    assert len(changed.shards) == len(anew.shards)
    assert all(np.array_equal(*pair) for pair in zip(_slots(changed), _slots(anew), strict=True))


def test_a_shard_that_did_not_change_is_linked_and_another_is_not(shards, tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    table(*(rewrite(f"request {at}", "x") for at in range(60))).save(before)
    RewriteTable.load(before).changed([rewrite("request 7", "y")]).save(after)
    same = [path.name for path in after.iterdir() if path.samefile(before / path.name)]
    assert (len(same), len(list(after.iterdir()))) == (7, 8)
    assert RewriteTable.load(after).lookup("request 7").acted_on == "y"
    assert RewriteTable.load(before).lookup("request 7").acted_on == "x"


def test_a_file_that_was_written_to_after_it_was_mapped_is_not_linked(shards, tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    built = table(*(rewrite(f"request {at}", "x") for at in range(60)))
    built.save(before)
    loaded = RewriteTable.load(before)
    (before / "shard-003.npy").write_bytes(b"other")
    loaded.save(after)
    assert RewriteTable.load(after) == built


@pytest.mark.parametrize("content", [b"", b"broken", None])
def test_a_broken_shard_is_refused_by_name(shards, tmp_path, content):
    table(*(rewrite(f"request {at}", "x") for at in range(60))).save(tmp_path)
    name = "shard-003.npy"
    whole = np.load(tmp_path / name)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArtifactRefused, match=name):
        RewriteTable.load(tmp_path)
    np.save(tmp_path / name, whole[:-1])
    with pytest.raises(ArtifactRefused, match=name):
        RewriteTable.load(tmp_path)


def test_a_table_without_its_last_shards_is_refused(shards, tmp_path):
    table(*(rewrite(f"request {at}", "x") for at in range(60))).save(tmp_path)
    for at in range(4, 8):
        (tmp_path / f"shard-{at:03d}.npy").unlink()
    with pytest.raises(ArtifactRefused, match="shard-000"):
        RewriteTable.load(tmp_path)
