"""Route for chats: the last user message is rewritten, and the upstream's answer is streamed back.

If the service needs no token, the caller's key is passed to the upstream. If it needs one, the caller's header holds
that token, and the key for the upstream is the environment variable UPTAKE_CHAT_KEY.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import anyio
import msgspec
from starlette.routing import BaseRoute, Route

from uptake.apps.http.app import HEADERS, Receive, Scope, Send, admit, caller_of, noted
from uptake.apps.http.limits import header, read_body
from uptake.apps.http.logs import log_event
from uptake.apps.http.problems import CONTENT_TYPE, headers_of
from uptake.platforms.chat import Chat, Passed, rewrite_chat
from uptake.platforms.wire import Rewrite, Rewritten

if TYPE_CHECKING:
    from uptake.apps.http.access import Token
    from uptake.apps.http.service import Service

__all__ = ["PATH", "ChatRoute", "routes_of"]

PATH = "/v1/chat/completions"
_NAME = "chat"


def routes_of(service: Service) -> tuple[BaseRoute, ...]:
    """Return the route for chats; none if no upstream is configured."""
    upstream = service.options.chat_upstream
    return () if upstream is None else (Route(PATH, ChatRoute(service, upstream), methods=["POST"]),)


class ChatRoute:
    """The route as an ASGI application.

    Args:
        service: The service that decides.
        upstream: Address of the upstream endpoint; it cannot change later.

    Raises:
        BadConfig: The address is not an http(s) address.
    """

    def __init__(self, service: Service, upstream: str) -> None:
        self._service, self._chat = service, Chat(upstream)
        service.closing.append(self._chat.close)
        self._key = os.environ.get("UPTAKE_CHAT_KEY")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one chat on."""
        began, sent, service = time.perf_counter(), _Sent(send, self._service.options.body_timeout_s), self._service
        try:
            token = admit(service, scope["headers"], caller_of(scope), "rewrite")
            options, raw = service.options, scope["headers"]
            body = await read_body(receive, raw, most=options.max_batch_bytes, within_s=options.body_timeout_s)
            person = header(raw, b"x-uptake-user")
            body, found = rewrite_chat(
                body, lambda text, user: self._decide(token, text, user), person.decode("latin-1") if person else None
            )
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
            key = headers.get("authorization") if service.access.is_open else self._key and f"Bearer {self._key}"
            async with self._chat.passed(body, headers, key, found) as passed:
                await sent.passed(passed)
        except Exception as error:
            problem = noted(error, _NAME)
            if sent.status:  # the answer has begun: all that can be done is to break it off
                raise
            await sent.problem(problem.status, msgspec.json.encode(problem), headers_of(error))
        took = time.perf_counter() - began
        service.metrics.request(_NAME, sent.status, took)
        log_event("request", route=_NAME, status=sent.status, ms=round(took * 1e3, 2))

    def _decide(self, token: Token, text: str, user_id: str) -> Rewritten:
        self._service.residents.check(token, user_id)
        found = self._service.decide(Rewrite(text=text, user_id=user_id))
        self._service.metrics.decisions[found.action] += 1
        return found


class _Sent:
    """Sender of an answer that records whether the answer has begun."""

    def __init__(self, send: Send, within_s: float) -> None:
        self._send, self._within_s, self.status = send, within_s, 0

    async def passed(self, passed: Passed) -> None:
        """Send what the endpoint behind answers, as it comes."""
        headers = [(name.encode(), value.encode()) for name, value in passed.headers.items()]
        await self._start(passed.status, headers)
        async for piece in passed.pieces():
            await self._patient({"type": "http.response.body", "body": piece, "more_body": True})
        await self._patient({"type": "http.response.body", "body": b""})

    async def problem(self, status: int, data: bytes, headers: list[tuple[str, str]]) -> None:
        """Send a problem."""
        more = [(name.encode(), value.encode()) for name, value in headers]
        length = (b"content-length", str(len(data)).encode())
        await self._start(status, [(b"content-type", CONTENT_TYPE.encode()), length, *more])
        await self._patient({"type": "http.response.body", "body": data})

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        await self._patient({"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]})

    async def _patient(self, message: Any) -> None:
        with anyio.fail_after(self._within_s):
            await self._send(message)
