"""Run the service: uvicorn with uptake's own connection class, and a shutdown that waits for running requests."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import uvicorn

from uptake.apps.http.connection import protocol
from uptake.apps.http.logs import log_event, quiet_uvicorn
from uptake.apps.staying import kept
from uptake.errors import BadConfig

if TYPE_CHECKING:
    from uptake.apps.http.options import Options

__all__ = ["bound", "serve", "server_of"]

_GRACE_S = 10
_KEEP_ALIVE_S = 30


def bound(host: str, port: int) -> socket.socket:
    """Open the socket to listen at.

    Raises:
        BadConfig: The address is taken, or is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise BadConfig(
            f"{host}, port {port}: {error.strerror or error}; choose another with --host or --port"
        ) from error
    return opened


def server_of(app: Any, options: Options, ready: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """Make the server; it is run on a socket that is open already.

    Args:
        app: The application; what it has as `direct` is answered without ASGI.
        options: How to serve.
        ready: Called once requests are answered.
    """
    quiet_uvicorn()
    config = uvicorn.Config(
        app,
        http=protocol(options.header_timeout_s, options.body_timeout_s, getattr(app, "direct", None)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=options.connections,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        root_path=options.root_path,
    )
    return _Server(config, ready=ready)


def serve(app: Any, listener: socket.socket, options: Options, ready: Callable[[int], None]) -> None:
    """Serve until the process is told to end; requests that are going on are answered first.

    Args:
        app: The application.
        listener: The open socket.
        options: How to serve.
        ready: Called with the port once requests are answered.
    """
    for sort in (signal.SIGINT, signal.SIGTERM):  # uvicorn ends in good order, then raises again what ended it
        signal.signal(sort, _already_ended)

    with kept():
        server_of(app, options, lambda: ready(listener.getsockname()[1])).run(sockets=[listener])
    log_event("stopped")


def _already_ended(_signal: int, _frame: Any) -> None:
    """Do nothing: the server has taken notice."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
