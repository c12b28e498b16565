"""What tests of the log may ask for."""

import pytest

from tests.log.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgres():
    """A Postgres of this process's tests; skips where there is none."""
    server = PostgresServer()
    yield server
    server.close()
