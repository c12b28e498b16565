"""Connect to a Postgres, and turn its errors into messages with advice and without passwords."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from uptake.errors import MissingExtra, StorageFailed

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
except ModuleNotFoundError as missing:
    raise MissingExtra("a log on Postgres needs psycopg: pip install 'uptake[postgres]'") from missing

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["Server", "is_lost"]

_SCHEMES = ("postgresql://", "postgres://")
_EXPECTED = (
    "is no address of a Postgres; expected postgresql://USER@HOST:PORT/DATABASE, with characters of the password "
    "other than letters and digits written as %XX, or better with the password in ~/.pgpass"
)
_CONNECT_S = 10
_PATIENCE_S, _PAUSE_S = 8.0, 0.1
_SESSION = """
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');
    SET lock_timeout = '120s';
    SET idle_in_transaction_session_timeout = '10min';
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
"""
_MOST_APART_S = 30.0
"""Longest that two clocks may differ, in seconds: a session ends after a pause of 45 s, unless configured otherwise."""
_AWAY = "nothing answers there: start the server, or correct the address"
_STARTING = ("starting up", "in recovery mode", "shutting down", "not yet accepting")
_CONNECTING = {
    "password authentication failed": "the password is wrong: correct it in ~/.pgpass, PGPASSWORD or the address",
    "no password supplied": "it asks for a password: put it into ~/.pgpass or PGPASSWORD",
    "no pg_hba.conf entry": "it lets this user in from nowhere, or not from here: see pg_hba.conf on the server",
    "authentication failed": "it does not let this user in: see pg_hba.conf on the server",
    "too many clients": "it has no connection to spare: raise max_connections, or end some",
    "connection slots": "it has no connection to spare: raise max_connections, or end some",
    "translate host name": "no host has that name: correct the address",
    "resolve host": "no host has that name: correct the address",
    "connection refused": _AWAY,
    "no such file": _AWAY,
    "timeout": _AWAY,
    "no route": _AWAY,
    "unreachable": _AWAY,
}
"""Phrases in what libpq says of a connection that failed, and what to do."""
_STATES = {
    "53100": "its disk is full; make room there and try again",
    "53200": "it ran out of memory; try again",
    "53300": "it has no connection to spare: raise max_connections, or end some",
    "25006": "it is read-only (a standby, or default_transaction_read_only): give the address of one to write to",
    "42501": "this user may not do that there: let the owner of the database GRANT it, or run uptake once as the owner",
    "55P03": "another process keeps it busy; try again",
    "57014": "a statement took longer than the server allows (statement_timeout); raise it and try again",
    "42P01": "its tables are gone or not on the search_path; restore them from a copy",
    "42703": "its tables are none of ours, or of another version; use another database or schema",
}
"""SQLSTATE and what to do."""
_GONE = "the connection broke: the server was stopped, or the network failed; try again"


def is_lost(error: Exception) -> bool:
    """Tell whether the connection broke, so that a new one may succeed."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        return isinstance(error, psycopg.OperationalError)
    return bool(state.startswith("08") or state in ("57P01", "57P02", "57P03", "57P05"))


class Server:
    """Postgres server, by its address.

    Args:
        url: postgresql://…, as libpq takes it.

    Raises:
        StorageFailed: It is not a valid address; the message does not quote it.
    """

    def __init__(self, url: str) -> None:
        try:
            told: dict[str, Any] = conninfo_to_dict(url)
        except psycopg.Error:
            told = {}
        host = str(told.get("host", ""))
        if not url.startswith(_SCHEMES) or not told or "@" in host:
            raise StorageFailed(f"what [log] store or --store gives {_EXPECTED}")
        self._url, self._secrets = url, [told.get("password"), told.get("sslpassword"), os.environ.get("PGPASSWORD")]
        at = "" if host.startswith("/") else f"{host}:{told['port']}" if "port" in told else host
        user = f"{quote(str(told['user']))}@" if "user" in told and at else ""
        socket = f"?host={host}" if host.startswith("/") else ""
        self.place = f"postgresql://{user}{at}/{told.get('dbname', '')}{socket}"
        """The address without a password, for messages."""
        own = "connect_timeout" in told or "PGCONNECT_TIMEOUT" in os.environ
        self._more: dict[str, Any] = {} if own else {"connect_timeout": _CONNECT_S}
        self._answered = False

    def connect(self) -> Connection[Any]:
        """Open a session with durable commits; waits for a server that answered before, and for one that is starting.

        Raises:
            StorageFailed: It does not answer, refuses, does not commit durably, or its clock differs.
        """
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=None, **self._more)
                break
            except psycopg.OperationalError as error:
                starting = any(phrase in str(error) for phrase in _STARTING)
                hopeless = any(phrase in str(error) for phrase in ("authentication", "does not exist", "pg_hba"))
                if hopeless or not (starting or self._answered) or time.monotonic() > until:
                    raise self.refused(error) from None
            time.sleep(_PAUSE_S)
        try:
            connection.execute(_SESSION)
            self._check(connection)
        except psycopg.Error as error:
            connection.close()
            raise self.refused(error) from None
        except StorageFailed:
            connection.close()
            raise
        self._answered = True
        return connection

    def _check(self, connection: Connection[Any]) -> None:
        """Check that commits are durable, and compare the clocks."""
        if connection.execute("SHOW fsync").fetchone() == ("off",):
            raise StorageFailed(
                f"{self.place}: runs with fsync = off, so it may lose what it acknowledged; switch fsync on"
            )
        asked = time.time()
        (theirs,) = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone() or (asked,)
        apart = max(asked - theirs, theirs - time.time())
        if apart > _MOST_APART_S:
            raise StorageFailed(
                f"{self.place}: its clock and that of this machine differ by {apart:.0f} s, so turns of one "
                "session would come apart; set both by the same source of time (NTP). "
                "What was acknowledged before is untouched"
            )

    def refused(self, error: Exception) -> StorageFailed:
        """Return the clear error for an error of Postgres; details, which may quote rows, are left out."""
        state = getattr(error, "sqlstate", None)
        if state in _STATES:
            reason = _STATES[state]
        elif state is not None and is_lost(error):
            reason = _GONE
        elif state is not None:
            reason = f"it refused (SQLSTATE {state}, {type(error).__name__})"
        else:
            reason = self._connecting(str(error))
        return StorageFailed(f"{self.place}: {reason}. What was acknowledged before is untouched")

    def _connecting(self, said: str) -> str:
        for phrase, reason in _CONNECTING.items():
            if phrase in said.lower():
                return reason
        if any(phrase in said for phrase in ("the connection is closed", "terminat", "closed unexpectedly", "lost")):
            return _GONE
        line = " ".join(said.split())[:200]
        for secret in filter(None, self._secrets):
            line = line.replace(str(secret), "***")
        return line
