"""TurnLog: whatever order and duplication turns arrive in, the log reads the same."""

import json
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import log, session, turn
from tests.strategies import logs
from uptake.errors import BadConfig, BadRecord, StorageFailed
from uptake.log.compaction.join import join
from uptake.log.rows import from_table, to_table
from uptake.log.sessions import sessions
from uptake.log.store import TurnLog
from uptake.types import Context


def as_of_version_1(directory):
    """Write the manifest as it was before there were checksums."""
    manifest = json.loads((directory / "manifest.json").read_text())
    del manifest["checksum"]
    for part in manifest["parts"]:
        del part["checksum"]
    (directory / "manifest.json").write_text(json.dumps({**manifest, "version": 1}))


SHIFTS = st.sampled_from([timedelta(0), timedelta(seconds=30), timedelta(days=1)])
ACTIONS = st.lists(st.sampled_from(["append", "append", "append", "load", "compact", "reopen", "look"]), max_size=8)


@pytest.fixture(params=["sqlite", "postgres"])
def turns(tmp_path, request):
    store = request.getfixturevalue("postgres").fresh() if request.param == "postgres" else None
    with TurnLog(tmp_path / "log", store=store) as opened:
        yield opened


def in_time(said):
    return sorted(said, key=lambda one: (one.said_at, one.turn_id))


def whole(turn_log):
    """What parts and fresh turns hold, together, as (session, turn)."""
    seen = turn_log.snapshot()
    tables = [*(part.table() for part in seen.parts), seen.fresh]
    return sorted(
        (
            (name, said)
            for table in tables
            for name, said in zip(table.column("session").to_pylist(), from_table(table), strict=True)
        ),
        key=lambda pair: pair[1].turn_id,
    )


@pytest.mark.long
@settings(max_examples=60)
@given(st.data())
def test_order_duplication_and_compaction_leave_the_log_the_same(data):
    they_leave_it_the_same(data, None)


@settings(max_examples=15)
@given(st.data())
def test_they_leave_a_log_on_postgres_the_same(postgres, data):
    they_leave_it_the_same(data, postgres.fresh())


def they_leave_it_the_same(data, store):
    said = data.draw(logs())
    variants = [replace(one, status=None, said_at=one.said_at + data.draw(SHIFTS)) for one in said]
    again = data.draw(st.lists(st.sampled_from([*said, *variants]))) if said else []
    arrivals = data.draw(st.permutations([*said, *again]))
    expected = [(one.session_id, turn) for one in sessions(from_table(join(to_table(arrivals)))) for turn in one.turns]
    actions, root = data.draw(ACTIONS), Path(tempfile.mkdtemp())
    turn_log = TurnLog(root, part_rows=data.draw(st.sampled_from([1, 3, 500_000])), store=store)
    for action in [*actions, "append-rest"]:
        count = len(arrivals) if action == "append-rest" else 3
        if action.startswith("append"):
            turn_log.append(arrivals[:count])
            arrivals = arrivals[count:]
        elif action == "load":
            turn_log.load([to_table(arrivals[:count])])
            arrivals = arrivals[count:]
        elif action == "compact":
            turn_log.compact()
        elif action == "reopen":
            turn_log.close()
        else:
            turn_log.snapshot()
    assert list(turn_log.read()) == in_time(turn for _, turn in expected)
    assert whole(turn_log) == sorted(expected, key=lambda pair: pair[1].turn_id)
    turn_log.close()
    shutil.rmtree(root)


def test_an_empty_directory_is_an_empty_log_and_stays_empty(turns):
    assert list(turns.read()) == []
    assert turns.stats().turns == turns.forget("ann") == turns.append([]) == 0
    turns.compact()
    assert not turns.directory.exists()


def test_sending_a_turn_again_is_harmless(turns):
    said = turn()
    assert [turns.append([said]), turns.append([said])] == [1, 0]
    turns.compact()
    turns.append([said])
    assert list(turns.read()) == [said]


def test_a_fuller_record_replaces_a_compacted_one(turns):
    poor = turn(turn_id="t")
    full = replace(poor, status="ok")
    turns.append([poor])
    turns.compact()
    turns.append([full])
    assert (list(turns.read()), turns.parts()) == ([full], [])
    turns.compact()
    turns.append([poor])
    assert list(turns.read()) == [full]


def test_a_late_turn_opens_the_session_it_belongs_to_again(turns):
    late, early, other = turn(at_s=0, turn_id="late"), turn(at_s=30, turn_id="early"), turn(user="bo")
    turns.append([early, other])
    turns.compact()
    turns.append([late])
    assert [(name, said.turn_id) for name, said in whole(turns)][:2] == [("late", "early"), ("late", "late")]
    turns.compact()
    assert turns.fresh().num_rows == 0
    assert [(name, said.turn_id) for name, said in whole(turns)][:2] == [("late", "early"), ("late", "late")]


def test_a_turn_far_from_closed_sessions_leaves_their_parts_alone(turns):
    turns.append([turn()])
    turns.compact()
    names = [part.name for part in turns.parts()]
    turns.append([turn(at_s=90)])
    assert [part.name for part in turns.parts()] == names
    turns.compact()
    assert set(names) < {part.name for part in turns.parts()}


def test_a_session_lies_in_one_part_under_the_date_it_begins(turns):
    midnight = 16 * 3600.0
    turns.append(session("a", "b", "c", start_s=midnight - 10, gap_s=10).turns)
    turns.compact()
    (part,) = turns.parts()
    assert (part.date, part.rows, part.sessions) == ("2026-01-01", 3, 1)
    assert part.path.parent.name == "date=2026-01-01"


def test_another_gap_finds_other_sessions_in_closed_parts_too(tmp_path):
    said = [turn(at_s=0, turn_id="a"), turn(at_s=60, turn_id="b")]
    with TurnLog(tmp_path) as strict:
        strict.append(said)
        strict.compact()
        assert strict.stats().sessions == 2
    with TurnLog(tmp_path, session_gap_s=60) as patient:
        assert [name for name, _ in whole(patient)] == ["a", "a"]


def test_many_small_parts_of_a_date_become_one(turns):
    for minute in range(12):
        turns.append([turn(at_s=minute * 100.0)])
        turns.compact()
    assert len(turns.parts()) < 9
    assert turns.stats().turns == 12


def test_settle_compacts_from_the_threshold_on(tmp_path):
    with TurnLog(tmp_path, compact_at=2) as turns:
        turns.append([turn()])
        turns.compact_if_due()
        assert turns.fresh_rows() == 1
        turns.append([turn()])
        turns.compact_if_due()
        assert (turns.fresh_rows(), turns.fresh().num_rows) == (0, 0)


def test_stats_count_turns_users_and_sessions_once(turns):
    turns.append(log(session("a", "b", start_s=0), session("c", user="bo", start_s=7200)))
    turns.compact()
    turns.append(log(session("d", start_s=3600)))
    counted = turns.stats()
    assert (counted.turns, counted.users, counted.sessions, counted.fresh_rows) == (4, 2, 3, 1)
    assert [counted.first.hour, counted.last.hour] == [8, 10]


def test_the_watermark_changes_with_the_log_and_only_then(turns):
    marks = [turns.watermark()]
    turns.append([turn(turn_id="t")])
    marks.append(turns.watermark())
    turns.compact()
    marks.append(turns.watermark())
    assert len(set(marks)) == 3
    turns.snapshot()
    assert turns.watermark() == marks[-1]


def test_a_bulk_load_that_fails_half_way_stores_nothing(turns):
    turns.append([turn(turn_id="before")])

    def tables():
        yield to_table([turn()])
        raise BadRecord("is bad", line=2)

    with pytest.raises(BadRecord):
        turns.load(tables())
    assert [said.turn_id for said in turns.read()] == ["before"]
    assert list((turns.directory / "scratch").iterdir()) == []


def test_a_turn_with_a_field_of_another_type_is_not_stored(turns):
    with pytest.raises(BadRecord, match="request"):
        turns.append([turn(), turn(5)])
    assert list(turns.read()) == []


def test_a_forgotten_user_is_gone_from_every_file(turns):
    mine = [turn(f"secret{index}wish", user="ann", at_s=index) for index in range(3)]
    theirs = turn("public wish", user="bo")
    turns.append([*mine[:1], theirs])
    turns.compact()
    turns.append(mine[1:])
    assert turns.forget("ann") == 3
    assert list(turns.read()) == [theirs]
    turns.close()
    stored = b"".join(path.read_bytes() for path in turns.directory.rglob("*") if path.is_file())
    assert b"secret" not in stored
    assert b"ann" not in stored


def test_forgetting_removes_superseded_parts_at_once(turns):
    turns.append([turn(user="ann")])
    turns.compact()
    turns.append([turn(user="ann", at_s=1)])
    turns.compact()
    turns.forget("ann")
    assert list(turns.directory.glob("turns/date=*/*")) == []


@pytest.mark.parametrize("options", [{"session_gap_s": -1}, {"compact_at": 0}, {"part_rows": 0}])
def test_a_wrong_option_is_refused(tmp_path, options):
    with pytest.raises(BadConfig):
        TurnLog(tmp_path, **options)


def test_a_log_of_a_later_version_is_refused(turns):
    turns.append([turn()])
    turns.compact()
    manifest = turns.directory / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"version":2', '"version":3'))
    with pytest.raises(StorageFailed, match="upgrade uptake"):
        turns.snapshot()


@pytest.mark.parametrize("name", ["manifest.json", "hot.[sp]*[es]"])
def test_a_damaged_file_is_refused_clearly(turns, name):
    turns.append([turn()])
    turns.compact()
    turns.close()
    for path in turns.directory.glob("hot.sqlite-*"):
        path.unlink()
    next(turns.directory.glob(name)).write_bytes(b"not what it was" * 300)
    with pytest.raises(StorageFailed, match="damaged"):
        turns.snapshot()


def test_a_damaged_part_is_refused_clearly(turns):
    turns.append([turn()])
    turns.compact()
    turns.parts()[0].path.write_bytes(b"not what it was")
    with pytest.raises(StorageFailed, match="damaged"):
        list(turns.read())


def test_ten_thousand_rows_pass_through_small_buckets_in_order(tmp_path):
    table = to_table([turn("hi", user=f"u{row % 7}", at_s=row * 13.0) for row in range(3000)])
    with TurnLog(tmp_path, part_rows=250) as small:
        small.load([table.slice(1500), table.slice(0, 2000)])
        assert pa.concat_tables(small.tables()).column("turn_id").to_pylist() == table.column("turn_id").to_pylist()
        assert max(part.rows for part in small.parts()) <= 500


def test_a_table_is_checked_before_it_is_stored(turns):
    table = to_table([turn(), turn()])
    with pytest.raises(BadRecord, match="field status"):
        turns.import_table(table.set_column(20, "status", pa.array(["ok", "great"])))
    assert not turns.exists()
    assert turns.import_table(table.select(["turn_id", "user_id", "said_at", "request"])) == 2


def test_a_parquet_file_is_stored_or_refused_by_its_name(turns, tmp_path):
    table = to_table([turn(), turn()])
    pq.write_table(table, tmp_path / "good.parquet")
    pq.write_table(table.drop_columns("request"), tmp_path / "bad.parquet")
    assert turns.import_parquet(tmp_path / "good.parquet") == turns.stats().turns == 2
    with pytest.raises(BadRecord, match=r"bad.parquet, field request"):
        turns.import_parquet(tmp_path / "bad.parquet")


def test_a_part_that_an_earlier_version_wrote_is_read_and_compacted_with_later_fields_unknown(turns):
    turns.append([turn("lock the door", turn_id="old", context=Context(room="Hall", place="home"))])
    turns.compact()
    (part,) = turns.parts()
    table = pq.ParquetFile(part.path).read()
    context = table.column("context").combine_chunks()
    fewer = pa.StructArray.from_arrays(context.flatten()[:-1], fields=list(context.type)[:-1])
    pq.write_table(table.set_column(table.schema.get_field_index("context"), "context", fewer), part.path)
    as_of_version_1(turns.directory)
    turns.append([turn("unlock it", turn_id="new", at_s=5)])
    turns.compact()
    assert {found.turn_id: found.context.room for found in turns.read()} == {"old": "Hall", "new": None}
