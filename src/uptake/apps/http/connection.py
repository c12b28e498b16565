"""Connection of a caller: slow and endless headers are cut off, and one route is answered without ASGI.

The machinery between a request and an ASGI application (a task, a queue of messages, a scope) costs more than a
decision. So the route `rewrite`, which every request of an assistant waits for, is answered as soon as its body has
arrived, in the same call. This covers the plain case only. The application answers callers who wait for "100 Continue",
send requests ahead of the answers of other routes, do not read answers, or give no length or too great a one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

__all__ = ["Answer", "Direct", "Headers", "protocol"]

Headers = Sequence[tuple[bytes, bytes]]

_HEADER_BYTES = 64 * 1024


class Answer(NamedTuple):
    """An answer."""

    status: int
    head: bytes
    """Its headers but for the length, each ended by a line break."""
    body: bytes


class Direct(NamedTuple):
    """Route that is answered without ASGI."""

    url: bytes
    most_bytes: int
    """Longest body; a longer one is left to the application."""
    answer: Callable[[Headers, str, bytes], Answer]
    """From the headers, the address of the caller and the body; never raises, and takes no time to speak of."""


class _Connection(HttpToolsProtocol):
    """Connection with limits on the number of headers, and on the time for headers and body."""

    header_timeout_s = 0.0
    body_timeout_s = 0.0
    direct: Direct | None = None

    _deadline: asyncio.TimerHandle | None = None
    _in_headers = True
    _is_open = False  # whether a request has begun and not ended
    _bytes = 0
    _parts: list[bytes] | None = None  # of the body of a request that is answered directly
    _ends = False
    _answered_at = 0.0
    _idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.header_timeout_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        if self._idle is not None:
            self._idle.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_open and self._deadline is None:  # most requests come at once, and need none
            self._wait(self.header_timeout_s if self._in_headers else self.body_timeout_s)
        if self._in_headers:
            self._bytes += len(data)
            if self._bytes > _HEADER_BYTES:
                self.transport.abort()

    def shutdown(self) -> None:
        if self._parts is None:
            super().shutdown()
        else:
            self._ends = True

    def on_message_begin(self) -> None:
        self._bytes, self._in_headers, self._is_open = 0, True, True
        if self.direct is None:
            super().on_message_begin()
        else:  # a scope is made for who needs one
            self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        self._in_headers = False
        direct = self.direct
        if direct is not None:
            if self.url == direct.url and self._is_plain(direct):
                self._parts = []
                return
            url, headers, expects = self.url, self.headers, self.expect_100_continue
            super().on_message_begin()
            self.url, self.expect_100_continue = url, expects
            self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._parts is not None:
            self._parts.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_open = False
        self._arrived()
        if self._parts is None:
            super().on_message_complete()
        elif self.direct is not None:
            body, self._parts = b"".join(self._parts), None
            self._send(self.direct.answer(self.headers, self.client[0] if self.client else "", body))

    def _is_plain(self, direct: Direct) -> bool:
        if (
            self.parser.get_method() != b"POST"
            or self.expect_100_continue
            or self.flow.write_paused
            or not (self.cycle is None or self.cycle.response_complete)
            or (self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency)
        ):
            return False
        for name, value in self.headers:
            if name == b"content-length":
                return int(value) <= direct.most_bytes
        return False

    def _send(self, answer: Answer) -> None:
        status, head, body = answer
        stays = self.parser.should_keep_alive() and not self._ends
        date = _lines(tuple(self.server_state.default_headers))
        end = b"\r\n" if stays else b"connection: close\r\n\r\n"
        length = b"content-length: %d\r\n" % len(body)
        self.transport.write(b"".join((STATUS_LINE[status], head, length, date, end, body)))
        self.server_state.total_requests += 1
        self._answered_at = self.loop.time()
        if not stays:
            self.transport.close()
        elif self._idle is None:
            self._idle = self.loop.call_later(self.timeout_keep_alive, self._rest)

    def _rest(self) -> None:
        """Close a connection that nothing came over since its last answer; look again later where something did."""
        self._idle = None
        busy = self._deadline is not None or not (self.cycle is None or self.cycle.response_complete)
        left_s = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if busy or left_s > 0:
            self._idle = self.loop.call_later(max(left_s, 1.0), self._rest)
        else:
            self.timeout_keep_alive_handler()

    def _wait(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._give_up, self._in_headers)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self, in_headers: bool) -> None:
        self._deadline = None
        if in_headers and not self._in_headers:  # the headers came in time; the body has a time of its own
            self._wait(self.body_timeout_s)
        elif not self.transport.is_closing():
            self.transport.abort()


@lru_cache(maxsize=4)
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Write headers; the same ones stand in all answers of a second."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def protocol(header_timeout_s: float, body_timeout_s: float, direct: Direct | None = None) -> type[HttpToolsProtocol]:
    """Make the class of connections.

    Args:
        header_timeout_s: Longest time from the first byte of a request, or from the connection, to its last header.
        body_timeout_s: Longest time from there to the last byte of its body.
        direct: Route that is answered without ASGI; None for none.
    """
    known: dict[str, Any] = {"header_timeout_s": header_timeout_s, "body_timeout_s": body_timeout_s, "direct": direct}
    return type("Connection", (_Connection,), known)
