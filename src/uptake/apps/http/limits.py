"""Limit the load of a caller: requests per second, bytes of a body, seconds to send it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from uptake.errors import BadConfig, RequestRefused

__all__ = ["RateLimit", "header", "read_body", "refuse_foreign_pages"]

_CALLERS = 10_000
_LOOPBACK = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})

Receive = Callable[[], Awaitable[Any]]


class RateLimit:
    """Token bucket per caller, which refills at a steady rate.

    >>> limit = RateLimit(per_s=1.0, burst=2, clock=lambda: 0.0)
    >>> [limit.wait_s("ann") for _ in range(3)]
    [0.0, 0.0, 1.0]

    Args:
        per_s: Requests a second in the long run.
        burst: Requests at once.
        clock: Tells the time, in seconds.
    """

    def __init__(self, *, per_s: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        if not per_s > 0 or burst < 1:
            raise BadConfig("rate_per_s must be more than 0, and burst 1 or more")
        self._per_s, self._burst, self._clock = per_s, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Take a request out of a caller's bucket; returns how long to wait where there is none, in seconds."""
        now = self._clock()
        left, at = self._buckets.get(caller, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_s)
        if left < 1.0:
            return (1.0 - left) / self._per_s
        self._buckets[caller] = left - 1.0, now
        self._buckets.move_to_end(caller)
        if len(self._buckets) > _CALLERS:
            self._buckets.popitem(last=False)
        return 0.0

    def check(self, caller: str) -> None:
        """Take a request out of a caller's bucket.

        Raises:
            RequestRefused: There is none.
        """
        wait_s = self.wait_s(caller)
        if wait_s:
            raise RequestRefused(
                "too many requests; wait as long as Retry-After says",
                status=429,
                name="too_many_requests",
                headers=(("retry-after", str(int(wait_s) + 1)),),
            )


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """Return a header of an ASGI scope; None where it is missing."""
    for known, value in headers:
        if known == name:
            return value
    return None


async def read_body(receive: Receive, headers: Iterable[tuple[bytes, bytes]], *, most: int, within_s: float) -> bytes:
    """Read the body of a request.

    Args:
        receive: Of ASGI.
        headers: Of the request.
        most: Most bytes.
        within_s: Longest time the caller may take, in seconds.

    Raises:
        RequestRefused: It is too long, or takes too long, or ends before its end.
    """
    length = header(headers, b"content-length")
    if length is not None and (not length.isdigit() or int(length) > most):
        raise _too_long(most)
    message = await receive()  # the first part: that it comes in time is seen to by the protocol of the connection
    if not message.get("more_body"):
        return _whole(message, most)
    parts, size = [message.get("body", b"")], len(message.get("body", b""))
    try:
        async with asyncio.timeout(within_s):
            while message.get("more_body") and size <= most:
                message = await receive()
                parts.append(message.get("body", b""))
                size += len(parts[-1])
    except TimeoutError:
        raise RequestRefused(
            f"the body did not arrive within {within_s:g} s", status=408, name="timeout", headers=(_CLOSE,)
        ) from None
    if size > most:
        raise _too_long(most)
    _whole(message, most)
    return b"".join(parts)


def refuse_foreign_pages(headers: Iterable[tuple[bytes, bytes]], *, is_open: bool) -> None:
    """Refuse what a page of another site makes a browser send; no page but ours is to use the service.

    Args:
        headers: Of the request.
        is_open: Whether nobody has to say who they are; then the host must be named as this machine, too, so that a
            foreign name which was made to point here opens nothing.

    Raises:
        RequestRefused: It comes from another site, or asks for another host.
    """
    if header(headers, b"sec-fetch-site") in (b"cross-site", b"same-site"):
        raise RequestRefused("pages of other sites may not use this service", status=403, name="foreign_page")
    if is_open and _name(header(headers, b"host") or b"") not in _LOOPBACK:
        raise RequestRefused(
            "without tokens this service accepts only the host names of this machine: localhost, 127.0.0.1",
            status=421,
            name="foreign_host",
        )


_CLOSE = ("connection", "close")


def _name(host: bytes) -> bytes:
    return host.partition(b"]")[0] + b"]" if host.startswith(b"[") else host.partition(b":")[0].lower()


def _whole(message: Any, most: int) -> bytes:
    if message["type"] == "http.disconnect":
        raise RequestRefused("the caller disconnected", status=400, name="disconnected")
    body: bytes = message.get("body", b"")
    if len(body) > most:
        raise _too_long(most)
    return body


def _too_long(most: int) -> RequestRefused:
    return RequestRefused(f"the body is longer than {most:,} bytes", status=413, name="too_large", headers=(_CLOSE,))
