"""Serve: uvicorn with a protocol that cuts slow and endless headers, and an end that waits for what is going on."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from uptake.apps.http.logs import log_event, quiet_uvicorn
from uptake.errors import BadConfig

if TYPE_CHECKING:
    from uptake.apps.http.options import Options

__all__ = ["bound", "protocol", "serve", "server_of"]

_HEADER_BYTES = 64 * 1024
_GRACE_S = 10
_KEEP_ALIVE_S = 30


def protocol(header_timeout_s: float, body_timeout_s: float) -> type[HttpToolsProtocol]:
    """The protocol of a connection that must send its headers and its body in time, and not too many headers.

    Args:
        header_timeout_s: Longest time from the first byte of a request, or from the connection, to its last header.
        body_timeout_s: Longest time from there to the last byte of its body.
    """

    class Punctual(HttpToolsProtocol):
        _deadline: asyncio.TimerHandle | None = None
        _in_headers = True
        _bytes = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait(header_timeout_s)

        def connection_lost(self, exc: Exception | None) -> None:
            self._arrived()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._in_headers:
                self._bytes += len(data)
                if self._bytes > _HEADER_BYTES:
                    self.transport.abort()

        def on_message_begin(self) -> None:
            self._bytes, self._in_headers = 0, True
            if self._deadline is None:
                self._wait(header_timeout_s)
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_headers = False
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._arrived()
            super().on_message_complete()

        def _wait(self, seconds: float) -> None:
            self._deadline = self.loop.call_later(seconds, self._give_up, self._in_headers)

        def _arrived(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self, in_headers: bool) -> None:
            self._deadline = None
            if in_headers and not self._in_headers:  # the headers came in time; the body has a time of its own
                self._wait(body_timeout_s)
            elif not self.transport.is_closing():
                self.transport.abort()

    return Punctual


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
        app: The application.
        options: How to serve.
        ready: Called once requests are answered.
    """
    quiet_uvicorn()
    config = uvicorn.Config(
        app,
        http=protocol(options.header_timeout_s, options.body_timeout_s),
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

    def started() -> None:
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector need not walk over it again and again
        ready(listener.getsockname()[1])

    server_of(app, options, started).run(sockets=[listener])
    gc.unfreeze()
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
