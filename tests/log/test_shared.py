"""A log whose fresh turns are in a Postgres: several servers, rows that come late, copies put back, errors told."""

import json
import re
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
import xxhash

from tests.builders import turn
from tests.log.test_crash import said
from uptake.apps.cli import main
from uptake.errors import NotForgotten, StorageFailed
from uptake.log.hot import server
from uptake.log.parts import read_manifest
from uptake.log.records import to_json
from uptake.log.repair import examine, repair
from uptake.log.store import TurnLog
from uptake.release.state import State


@pytest.fixture
def url(postgres):
    return postgres.fresh()


def waiting(postgres, what="advisory"):
    """Wait until a session of the server waits for a lock."""
    until = time.monotonic() + 300
    while not postgres.run(f"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = '{what}'"):
        assert time.monotonic() < until
        time.sleep(0.01)


def schema(url):
    return url.rpartition("%3D")[2]


def ids(log):
    return [one.turn_id for one in log.read()]


def test_servers_with_one_directory_of_parts_have_one_log(tmp_path, url):
    turns, parts = said(30), str(tmp_path / "parts")
    with TurnLog(tmp_path / "a", store=url, parts=parts) as one, TurnLog(tmp_path / "b", store=url, parts=parts) as two:
        one.append(turns[:20])
        two.append(turns[10:])
        assert list(one.read()) == list(two.read()) == turns
        two.compact()
        one.append(turns[:3])
        assert list(one.read()) == list(two.read()) == turns
        assert one.forget("ann") == 15
        assert {said_by.user_id for said_by in two.read()} == {"bo"}
    assert not (tmp_path / "a").exists()


def test_a_server_with_parts_of_its_own_may_append_but_reads_nothing_half(tmp_path, url):
    turns = said(30)
    with TurnLog(tmp_path / "a", store=url) as keeper, TurnLog(tmp_path / "b", store=url) as other:
        keeper.append(turns[:10])
        keeper.compact()
        other.append(turns[10:])
        for use in (other.stats, other.compact, other.snapshot, other.fresh_rows, lambda: other.forget("ann")):
            with pytest.raises(StorageFailed, match=r"another directory.*\[log\] parts"):
                use()
        assert list(keeper.read()) == turns


def test_a_row_that_is_seen_late_is_not_lost_by_a_compaction(tmp_path, postgres, url):
    import psycopg

    from uptake.log.hot.postgres import _APPEND

    with TurnLog(tmp_path / "log", store=url) as log, psycopg.connect(url) as slow:
        log.append(said(1))
        late, early = said(3)[1:]
        record = to_json(late)
        slow.execute(_APPEND, ([late.user_id.encode()], [xxhash.xxh3_128_digest(record)], [record]))
        marks = {log.watermark()}
        log.append([early])  # its number is greater than the one that cannot be seen yet
        marks.add(log.watermark())
        compacting = threading.Thread(target=log.compact)
        compacting.start()
        waiting(postgres)
        slow.commit()
        compacting.join()
        marks.add(log.watermark())
        assert len(ids(log)) == 3
        assert len(marks) == 3


def test_a_number_is_drawn_only_when_no_compaction_begins(tmp_path, postgres, url):
    import psycopg

    from uptake.log.hot.belonging import APPENDS

    with TurnLog(tmp_path / "log", store=url) as log, psycopg.connect(url, autocommit=True) as settling:
        log.append(said(1))
        drawn = f"SELECT last_value FROM {schema(url)}.uptake_journal_number_seq"
        before = postgres.run(drawn)
        settling.execute(f"SELECT pg_advisory_lock({APPENDS})")
        appending = threading.Thread(target=log.append, args=(said(2)[1:],))
        appending.start()
        waiting(postgres)
        assert postgres.run(drawn) == before
        settling.execute(f"SELECT pg_advisory_unlock({APPENDS})")
        appending.join()
        assert postgres.run(drawn) != before


def test_a_database_put_back_from_an_older_copy_takes_new_turns(tmp_path, postgres, url):
    name, tables = schema(url), ("about", "journal")
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        copies = {table: f"CREATE TABLE {name}.copy_{table} AS TABLE {name}.uptake_{table}" for table in tables}
        for sql in copies.values():
            postgres.run(sql)
        log.append(said(35)[5:])
        log.compact()
        for table in tables:
            postgres.run(f"TRUNCATE {name}.uptake_{table}; INSERT INTO {name}.uptake_{table} TABLE {name}.copy_{table}")
        postgres.run(f"SELECT setval('{name}.uptake_journal_number_seq', 5)")
        log.append(said(38)[35:])
        assert list(log.read()) == said(38)
        log.compact()
        log.append(said(40)[38:])
        log.compact()
        assert list(log.read()) == said(40)
        assert log.fresh_rows() == 0


def test_parts_put_back_from_an_older_copy_are_refused(tmp_path, url):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        log.compact()
        older = (tmp_path / "log" / "manifest.json").read_bytes()
        log.append(said(9)[5:])
        log.compact()
        newer = (tmp_path / "log" / "manifest.json").read_bytes()
        (tmp_path / "log" / "manifest.json").write_bytes(older)
        for use in (log.stats, log.compact):
            with pytest.raises(StorageFailed, match="older than the log"):
                use()
        (tmp_path / "log" / "manifest.json").write_bytes(newer)
        assert list(log.read()) == said(9)


def test_a_lost_manifest_is_made_again_and_the_rows_are_joined(tmp_path, url):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        log.compact()
        log.append(said(9)[5:])
        (tmp_path / "log" / "manifest.json").unlink()
        assert any("manifest.json" in line for line in repair(log))
        assert (list(log.read()), examine(log)) == (said(9), [])


def test_another_database_is_refused_until_a_repair_begins_anew(tmp_path, postgres, url):
    elsewhere = postgres.fresh()
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        log.compact()
    with TurnLog(tmp_path / "log", store=elsewhere) as log:
        for use in (log.stats, lambda: log.append(said(1)), log.compact):
            with pytest.raises(StorageFailed, match=r"holds no log.*doctor"):
                use()
        assert any("begun anew" in line for line in repair(log))
        log.append(said(7)[5:])
        assert list(log.read()) == said(7)


def test_turns_that_wait_in_sqlite_are_not_left_behind(tmp_path, url):
    with TurnLog(tmp_path / "log") as before:
        before.append(said(5))
    with TurnLog(tmp_path / "log", store=url) as log, pytest.raises(StorageFailed, match=r"5 fresh turns.*log compact"):
        log.stats()
    with TurnLog(tmp_path / "log") as before:
        before.compact()
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(8)[5:])
        log.compact()
        assert list(log.read()) == said(8)
    with pytest.raises(StorageFailed, match="--store"):
        TurnLog(tmp_path / "log")


def test_a_changed_row_is_noticed_and_set_aside(tmp_path, postgres, url):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        postgres.run(f"UPDATE {schema(url)}.uptake_journal SET record = record || 'x'::bytea WHERE number = 3")
        with pytest.raises(StorageFailed, match="row 3 is damaged"):
            log.stats()
        assert len(examine(log)) == 1
        assert any("1 damaged rows" in line for line in repair(log))
        assert len(ids(log)) == 4


def test_a_forgotten_user_is_in_no_file_of_the_tables(tmp_path, postgres, url):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append([replace(one, request=f"secretly {one.turn_id}") for one in said(40)])
        log.append([turn("secretly later", user="cy", at_s=9000)])
        postgres.run(f"CHECKPOINT; ANALYZE {schema(url)}.uptake_journal")
        assert log.forget("ann") == log.forget("bo") == 20
        postgres.run("CHECKPOINT")
        files = [path.read_bytes() for path in (postgres.data / "base").rglob("*") if path.is_file()]
        assert sum(content.count(b"secretly t0") for content in files) == 0
        assert sum(content.count(b"secretly later") for content in files) > 0


def test_what_a_reader_keeps_alive_is_said_and_goes_later(tmp_path, url):
    with TurnLog(tmp_path / "log", store=url) as log, TurnLog(tmp_path / "log", store=url) as other:
        log.append(said(10))
        with other.journal.reading():
            log.journal.forget("ann")
            with pytest.raises(NotForgotten, match="another process reads it"):
                log.journal.forgotten("ann", wait_s=0.0)
        assert {one.user_id for one in log.read()} == {"bo"}  # which finishes the forgetting
        assert log.journal.forgetting() == []


def test_any_text_may_name_a_user(tmp_path, url):
    odd = turn("hello", user="a\0b'; DROP TABLE uptake_journal; --")
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append([odd, *said(2)])
        assert odd in list(log.read())
        assert log.forget(odd.user_id) == 1
        assert list(log.read()) == said(2)


def failing(capsys, *arguments):
    """Exit code and one line on stderr of a command that fails."""
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments)])
    err = capsys.readouterr().err
    assert err.count("\n") == 1, err
    return ended.value.code, err


WRONG = {
    "another program": ("mysql://me:hush@localhost/x", "is no address of a Postgres"),
    "broken escape": ("postgresql://me:hu%sh@localhost/x", "is no address of a Postgres"),
    "broken port": ("postgresql://me:hush@localhost:http/x", "translate|port|no address|number"),
    "unescaped": ("postgresql://me:hu@sh@localhost/x", "is no address of a Postgres"),
    "nobody there": ("postgresql://me:hush@127.0.0.1:9/x", "nothing answers there"),
    "no such host": ("postgresql://me:hush@no.such.host.invalid/x", "no host has that name|nothing answers"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_address_is_told_without_its_password(tmp_path, capsys, name):
    pytest.importorskip("psycopg")
    address, told = WRONG[name]
    code, err = failing(capsys, "log", "stats", "--state", tmp_path, "--store", address)
    assert code == 3
    assert re.search(told, err), err
    assert not any(secret in err for secret in ("hush", "hu@sh", "hu%sh"))


REFUSED = {
    "wrong password": ("", "password is wrong"),
    "read only": ("ALTER ROLE {user} SET default_transaction_read_only = on", "read-only"),
    "no right": ("REVOKE ALL ON {tables} FROM {user}", "GRANT"),
    "later version": ("UPDATE {schema}.uptake_about SET version = 2", "upgrade uptake"),
    "full disk": (
        "CREATE FUNCTION {schema}.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'"
        " USING ERRCODE = '53100'; END $$;"
        "CREATE TRIGGER no_room BEFORE INSERT ON {schema}.uptake_journal EXECUTE FUNCTION {schema}.no_room()",
        "disk is full",
    ),
    "no fsync": ("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()", "fsync"),
}


@pytest.fixture
def guest(postgres, url):
    """Somebody who needs a password and owns nothing."""
    name = f"guest_{schema(url)}"
    postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD 'hush'; GRANT USAGE ON SCHEMA {schema(url)} TO {name}")
    yield name
    postgres.run("ALTER SYSTEM RESET fsync")
    postgres.run("SELECT pg_reload_conf()")


@pytest.mark.parametrize("name", REFUSED)
def test_a_server_that_refuses_is_told_and_nothing_is_lost(tmp_path, capsys, postgres, url, guest, name):
    tables = f"{schema(url)}.uptake_journal, {schema(url)}.uptake_about, {schema(url)}.uptake_forgetting"
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
    postgres.run(f"GRANT ALL ON {tables} TO {guest}; GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema(url)} TO {guest}")
    sql, told = REFUSED[name]
    for one in filter(None, sql.format(user=guest, tables=tables, schema=schema(url)).split("; SELECT ")):
        postgres.run(one if not one.startswith("pg_reload") else f"SELECT {one}")
    (tmp_path / "more.jsonl").write_bytes(b"".join(to_json(one) + b"\n" for one in said(9)))
    password = "hushhush" if name == "wrong password" else "hush"
    address = url.replace("user=uptake", f"user={guest}&password={password}")
    if name == "no fsync":
        until = time.monotonic() + 300
        while postgres.run("SHOW fsync") != [("off",)] and time.monotonic() < until:
            pass
    code, err = failing(capsys, "ingest", tmp_path / "more.jsonl", "--state", tmp_path, "--store", address)
    assert (code, told in err, "hush" in err) == (3, True, False), err
    rows = postgres.run(f"SELECT count(*) FROM {schema(url)}.uptake_journal")
    assert rows == [(5,)]


@pytest.mark.parametrize("ahead_s", [-3600.0, 90.0])
def test_clocks_that_differ_are_told_and_nothing_is_lost(tmp_path, capsys, monkeypatch, url, ahead_s):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
    (tmp_path / "more.jsonl").write_bytes(b"".join(to_json(one) + b"\n" for one in said(9)))
    ours = SimpleNamespace(monotonic=time.monotonic, sleep=time.sleep, time=lambda: time.time() + ahead_s)
    with monkeypatch.context() as patched:
        patched.setattr(server, "time", ours)
        code, err = failing(capsys, "ingest", tmp_path / "more.jsonl", "--state", tmp_path, "--store", url)
    assert code == 3
    assert re.search(rf"clock.* differ by {abs(ahead_s) / 10:.0f}\d s.*NTP", err), err
    with TurnLog(tmp_path / "log", store=url) as log:
        assert list(log.read()) == said(5)


def test_a_server_that_comes_back_is_used_again(tmp_path, url, postgres):
    with TurnLog(tmp_path / "log", store=url) as log:
        log.append(said(5))
        postgres.kill()
        with TurnLog(tmp_path / "other", store=url) as begun_meanwhile:
            with pytest.raises(StorageFailed, match="nothing answers"):
                begun_meanwhile.append(said(6))
        postgres.start()
        log.append(said(7))
        assert list(log.read()) == said(7)


def test_the_configuration_is_shown_without_the_password(tmp_path, capsys):
    address = "postgresql://me:hu@sh/x@db.example/log?password=hush"
    (tmp_path / "uptake.toml").write_text(f'[log]\nstore = "{address}"\n')
    for arguments in (["config"], ["config", "--json"]):
        with pytest.raises(SystemExit):
            main([*arguments, "--state", str(tmp_path)])
        out = capsys.readouterr().out
        assert "db.example" in out
        assert not any(secret in out for secret in ("hush", "hu@", "sh/x"))
    assert "hush" not in repr(State(tmp_path, log_options={"store": address}))


def test_every_command_works_on_a_log_in_postgres(tmp_path, capsys, url):
    state = tmp_path / "state"
    state.mkdir(mode=0o700)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--state", str(state)])
        said_ = capsys.readouterr()
        assert ended.value.code == 0, said_
        return said_.out

    turns, options = said(60), state / "uptake.toml"
    options.write_text(f'[log]\nstore = "{url}"\n')
    options.chmod(0o600)
    (tmp_path / "turns.jsonl").write_bytes(b"".join(to_json(one) + b"\n" for one in turns))
    run("ingest", str(tmp_path / "turns.jsonl"))
    assert json.loads(run("log", "stats", "--json"))["turns"] == 60
    run("learn", "rewrites")
    run("ask", "turn on the light", "--user", "ann", "--json")
    run("log", "compact")
    assert len(run("log", "export").splitlines()) == 61  # with what was asked
    certificate = json.loads(run("forget", "ann", "--verify", "--json"))
    assert (certificate["clean"], "write-ahead log" in certificate["not_searched"]) == (True, True)
    assert {json.loads(line)["user_id"] for line in run("log", "export").splitlines()} == {"bo"}
    run("doctor")
    assert read_manifest(state / "log").journal
