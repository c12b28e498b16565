"""A damaged or incomplete log is refused by name, never read as if it were whole; nothing unknown is removed."""

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import turn
from uptake.errors import StorageFailed, UptakeError
from uptake.log.hot.wal import is_damaged
from uptake.log.parts import read_manifest
from uptake.log.repair import repair
from uptake.log.store import TurnLog


def said(count, start=0):
    """Turns of two users, in sessions of about five."""
    return [
        turn(f"wish {row}", turn_id=f"t{row:05}", user="ann" if row % 2 else "bo", at_s=row * 20.0 + row // 10 * 60.0)
        for row in range(start, start + count)
    ]


@pytest.fixture
def place(tmp_path):
    """A log of 40 closed and 20 fresh turns."""
    with TurnLog(tmp_path / "log", part_rows=20) as log:
        log.append(said(40))
        log.compact()
        log.append(said(20, 40))
    return tmp_path / "log"


def mended(place):
    """Repair a log; returns what was done."""
    with TurnLog(place, part_rows=20) as log:
        return repair(log)


def read(place):
    with TurnLog(place, part_rows=20) as log:
        return list(log.read())


def parts_on_disk(place):
    return {path.name for path in place.glob("turns/*/*.parquet")}


def test_a_missing_manifest_is_refused_and_no_part_is_removed(place):
    (place / "manifest.json").unlink()
    before = parts_on_disk(place)
    with TurnLog(place) as log:
        for use in (log.stats, log.compact, log.snapshot, lambda: log.forget("ann"), log.fresh_rows):
            with pytest.raises(StorageFailed, match=r"manifest\.json.*doctor"):
                use()
    assert parts_on_disk(place) == before


def test_repair_makes_the_manifest_from_the_parts(place):
    (place / "manifest.json").unlink()
    done = mended(place)
    assert any("manifest.json" in line for line in done)
    assert read(place) == said(60)


def test_an_older_manifest_does_not_lose_the_parts_that_it_does_not_name(place):
    older = (place / "manifest.json").read_bytes()
    with TurnLog(place, part_rows=20) as log:
        log.compact()
    (place / "manifest.json").write_bytes(older)
    with TurnLog(place, part_rows=20) as log:
        log.append(said(5, 70))
        log.compact()
    assert mended(place)
    assert read(place) == said(60) + said(5, 70)


def test_a_file_of_somebody_else_is_left_alone(place):
    other = next(place.glob("turns/date=*")) / "notes.txt"
    other.write_text("mine")
    with TurnLog(place, part_rows=20) as log:
        log.compact()
        log.append(said(5, 70))
        log.compact()
    assert other.read_text() == "mine"


@pytest.mark.parametrize("how", ["emptied", "removed"])
@pytest.mark.parametrize("compacted", [True, False])
def test_an_emptied_journal_is_noticed(tmp_path, how, compacted):
    with TurnLog(tmp_path / "log") as log:
        log.append(said(10))
        if compacted:
            log.compact()
    hot = tmp_path / "log" / "hot.sqlite"
    hot.write_bytes(b"") if how == "emptied" else hot.unlink()
    with TurnLog(tmp_path / "log") as log:
        for use in (log.stats, lambda: log.append(said(1)), lambda: list(log.read())):
            with pytest.raises(StorageFailed, match=r"hot\.sqlite.*doctor"):
                use()
    mended(tmp_path / "log")
    assert read(tmp_path / "log") == (said(10) if compacted else [])
    with TurnLog(tmp_path / "log") as log:
        log.append(said(3, 20))
    assert read(tmp_path / "log") == (said(10) if compacted else []) + said(3, 20)


def test_a_journal_restored_from_an_older_copy_takes_new_turns(tmp_path):
    with TurnLog(tmp_path / "log") as log:
        log.append(said(5))
    shutil.copy(tmp_path / "log" / "hot.sqlite", tmp_path / "copy")
    with TurnLog(tmp_path / "log") as log:
        log.append(said(30, 5))
        log.compact()
    shutil.copy(tmp_path / "copy", tmp_path / "log" / "hot.sqlite")
    with TurnLog(tmp_path / "log") as log:
        log.append(said(3, 40))
        log.compact()
    assert read(tmp_path / "log") == said(35) + said(3, 40)


def test_a_row_that_was_changed_in_the_journal_is_noticed(place):
    with sqlite3.connect(place / "hot.sqlite") as database:
        database.execute("UPDATE journal SET record = replace(record, 'wish 45', 'wish 99') WHERE row = 46")
        row = database.execute("SELECT row FROM journal WHERE record LIKE '%wish 99%'").fetchone()
    database.close()
    assert row
    with pytest.raises(StorageFailed, match=r"hot\.sqlite.*row 46"):
        read(place)
    assert mended(place)
    assert read(place) == [one for one in said(60) if one.turn_id != "t00045"]
    assert len(list(place.glob("damaged-*.jsonl"))) == 1


def flipped(path, chance):
    data = bytearray(path.read_bytes())
    bit = chance.randrange(8 * len(data))
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


@pytest.mark.long
def test_no_flipped_bit_is_read_silently(place, tmp_path):
    chance, want, told = random.Random(7), said(60), []
    names = [path.relative_to(place) for path in place.rglob("*") if path.is_file() and path.stat().st_size]
    for number in range(120):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(place, copy)
        flipped(copy / names[number % len(names)], chance)
        try:
            with TurnLog(copy, part_rows=20) as log:
                for part in log.parts():
                    part.check()
                assert list(log.read()) == want, names[number % len(names)]
                log.compact()
                assert list(log.read()) == want, names[number % len(names)]
        except UptakeError as refused:
            told.append(str(copy) in str(refused))
        shutil.rmtree(copy)
    assert told
    assert all(told)


def test_cut_keys_are_named_and_made_again(place, caplog):
    keys = next(place.glob("turns/*/*.keys.npy"))
    whole = keys.read_bytes()
    keys.write_bytes(whole[:-8])
    with TurnLog(place, part_rows=20) as log:
        log.append(said(20))  # all of them are there already
        log.compact()
        assert list(log.read()) == said(60)
    assert str(keys) in caplog.text


def test_a_part_is_checked_against_its_checksum(place):
    part = read_manifest(place).parts[0]
    data = bytearray(part.path.read_bytes())
    data[-20] ^= 1
    part.path.write_bytes(data)
    with pytest.raises(StorageFailed, match=part.path.name):
        part.check()


@pytest.fixture
def killed(tmp_path):
    """A log whose process was killed, so that twelve appends stand in the write-ahead log alone."""
    script = "import os, sys; sys.path.insert(0, sys.argv[2])\n"
    script += "from pathlib import Path\nfrom tests.log.test_damage import said\nfrom uptake.log.store import TurnLog\n"
    script += "log = TurnLog(Path(sys.argv[1]))\nfor row in range(12):\n    log.append(said(1, row))\nos._exit(0)\n"
    root = str(Path(__file__).parents[2])
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "log"), root], check=True)
    return tmp_path / "log"


def test_a_whole_write_ahead_log_is_no_damage(killed):
    assert (killed / "hot.sqlite-wal").stat().st_size > 12 * 4096
    assert not is_damaged(killed / "hot.sqlite-wal")
    assert read(killed) == said(12)


@pytest.mark.long
def test_no_bit_of_a_write_ahead_log_is_passed_over(killed, tmp_path):
    chance = random.Random(3)
    whole = (killed / "hot.sqlite-wal").read_bytes()
    last = len(whole) - 3 * (4096 + 24)  # what a power cut could leave of the last transaction
    for number in range(60):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(killed, copy)
        bit = chance.randrange(8 * last)
        torn = bytearray(whole)
        torn[bit // 8] ^= 1 << bit % 8
        (copy / "hot.sqlite-wal").write_bytes(torn)
        with pytest.raises(StorageFailed, match="write-ahead log is damaged"):
            read(copy)
    mended(copy)
    assert read(copy) == said(12)[: len(read(copy))]
    assert len(list(copy.glob("damaged-*.wal"))) == 1


def test_a_transaction_that_a_power_cut_tore_is_no_damage(killed):
    wal = killed / "hot.sqlite-wal"
    wal.write_bytes(wal.read_bytes()[:-100])
    assert read(killed) == said(11)
