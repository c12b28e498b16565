"""A real Postgres of its own for tests: Debian's binaries, a temporary directory, a Unix socket in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from functools import cache
from pathlib import Path

import pytest

ACCOUNT = "postgres"
"""Who runs the server where the tests run as root, which Postgres refuses to be."""


@cache
def binaries() -> Path:
    """Directory of initdb and postgres; skips where there is none, but not in continuous integration."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")), *filter(None, [shutil.which("initdb")])]
    if not found and "UPTAKE_TEST_POSTGRES" not in os.environ:
        pytest.skip("there is no Postgres here (Debian's package postgresql); continuous integration has one")
    return Path(found[-1]).resolve().parent


class PostgresServer:
    """A server that can be killed and started again."""

    def __init__(self) -> None:
        pytest.importorskip("psycopg") if "UPTAKE_TEST_POSTGRES" not in os.environ else None
        bin_ = binaries()
        self.directory = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self.directory, ACCOUNT, ACCOUNT)
        self.directory.chmod(0o711)
        initdb = [bin_ / "initdb", "-D", self.data, "-U", "uptake", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=self.directory, **self._as)
        hba = self.data / "pg_hba.conf"
        hba.write_text("local all uptake trust\nlocal all all scram-sha-256\n")
        self._command = [bin_ / "postgres", "-D", self.data, "-k", self.directory, "-c", "listen_addresses="]
        self._command += ["-c", "shared_buffers=16MB", "-c", "max_wal_size=64MB", "-c", "autovacuum_naptime=1s"]
        self.start()

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def url(self, schema: str | None = None, *, user: str = "uptake") -> str:
        """Address of the database, or of a schema in it."""
        chosen = "" if schema is None else f"&options=-csearch_path%3D{schema}"
        return f"postgresql:///postgres?host={self.directory}&user={user}{chosen}"

    def fresh(self) -> str:
        """Address of an empty schema."""
        name = f"s{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE SCHEMA {name}")
        return self.url(name)

    def run(self, sql: str) -> list:
        """Run SQL as the owner of everything; returns rows where there are some."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            done = connection.execute(sql)
            return done.fetchall() if done.description else []

    def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        import psycopg

        until = time.monotonic() + 300
        while True:
            with (self.directory / "server.log").open("ab") as told:
                self.process = subprocess.Popen([*self._command, *options], cwd=self.directory, stderr=told, **self._as)
            while self.process.poll() is None:
                try:
                    psycopg.connect(self.url()).close()
                except psycopg.OperationalError:
                    assert time.monotonic() < until, (self.directory / "server.log").read_text()
                    time.sleep(0.02)
                else:
                    return
            assert time.monotonic() < until, (self.directory / "server.log").read_text()
            time.sleep(0.05)  # children of the one that was killed still end

    def kill(self) -> None:
        """Kill it as a lost power supply does: no process of it ends in order."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Stop it and remove its files."""
        self.process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
