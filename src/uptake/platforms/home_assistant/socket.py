"""Connect to Home Assistant over its WebSocket interface: commands with an answer, and subscriptions.

    auth_required ◄── connect        auth ──► auth_ok        {id, type, …} ──► {id, result} | {id, event}*

One connection is kept, and opened again by the first command after it broke. The address is fixed when the service
starts, and a redirect is an error, so that the access token is sent nowhere else.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from uptake.errors import BadConfig, RequestRefused

__all__ = ["Socket", "refused"]

_TIMEOUT_S = 20.0
_MAX_BYTES = 32 * 1024 * 1024
_MOST_EVENTS = 10_000
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def refused(what: str) -> RequestRefused:
    """Return the error for a Home Assistant that behaves unexpectedly."""
    problem = f"Home Assistant did not do it ({what}); check its address and UPTAKE_HA_TOKEN"
    return RequestRefused(problem, status=502, name="home_assistant")


class Socket:
    """Connection to Home Assistant.

    Args:
        url: Address of Home Assistant, such as "http://homeassistant.local:8123".
        token: Its long-lived access token.

    Raises:
        BadConfig: The address is not an http(s) address, or holds a name and password.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise BadConfig("home_assistant must be an http(s) address, such as http://homeassistant.local:8123")
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._url = f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/api/websocket"
        self._token = token
        self._wire: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Queue[dict[str, Any] | None]] = {}
        self._ids = itertools.count(1)
        self._opening = asyncio.Lock()

    @classmethod
    def of_environment(cls, url: str) -> Socket:
        """Return the connection with the token of the environment variable UPTAKE_HA_TOKEN.

        Raises:
            BadConfig: There is no token, or the address is wrong.
        """
        token = os.environ.get("UPTAKE_HA_TOKEN")
        if not token:
            raise BadConfig("set UPTAKE_HA_TOKEN to a long-lived access token of Home Assistant")
        return cls(url, token)

    async def ask(self, command: str, **fields: Any) -> Any:
        """Send a command; returns its result.

        Raises:
            RequestRefused: Home Assistant is away, refuses the token, or refuses the command.
        """
        async with self._sent(command, fields) as answers:
            return await self._result(answers)

    @asynccontextmanager
    async def follow(self, command: str, **fields: Any) -> AsyncIterator[AsyncIterator[Any]]:
        """Send a command that answers with events; gives them as they come, and ends with the connection.

        Raises:
            RequestRefused: Home Assistant is away, refuses the token, or refuses the command.
        """
        async with self._sent(command, fields) as answers:
            await self._result(answers)
            yield self._events(answers)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._wire is not None:
            await self._wire.close()
        if self._reader is not None:
            await self._reader

    @asynccontextmanager
    async def _sent(self, command: str, fields: dict[str, Any]) -> AsyncIterator[asyncio.Queue[dict[str, Any] | None]]:
        wire = await self._open()
        number, answers = next(self._ids), asyncio.Queue[dict[str, Any] | None](_MOST_EVENTS)
        self._waiting[number] = answers
        try:
            await wire.send(_encode({"id": number, "type": command, **fields}), text=True)
            yield answers
        except (WebSocketException, OSError) as error:
            raise refused(type(error).__name__) from error
        finally:
            self._waiting.pop(number, None)

    @staticmethod
    async def _result(answers: asyncio.Queue[dict[str, Any] | None]) -> Any:
        try:
            answer = await asyncio.wait_for(answers.get(), _TIMEOUT_S)
        except TimeoutError as error:
            raise refused("no answer in time") from error
        if answer is None:
            raise refused("the connection broke")
        if not answer.get("success"):
            code = (answer.get("error") or {}).get("code")  # its message may quote what was said
            raise refused(str(code)[:50] if isinstance(code, str | int) else "refused")
        return answer.get("result")

    @staticmethod
    async def _events(answers: asyncio.Queue[dict[str, Any] | None]) -> AsyncIterator[Any]:
        while (answer := await answers.get()) is not None:
            yield answer.get("event")

    async def _open(self) -> ClientConnection:
        """Return the connection; it is opened where there is none."""
        async with self._opening:
            if self._wire is not None and self._reader is not None and not self._reader.done():
                return self._wire
            try:
                self._wire = await _Direct(self._url, max_size=_MAX_BYTES, open_timeout=_TIMEOUT_S, proxy=None)
                await self._sign_in(self._wire)
            except (WebSocketException, OSError, TimeoutError, msgspec.DecodeError, UnicodeError) as error:
                raise refused(type(error).__name__) from error
            self._reader = asyncio.create_task(self._read(self._wire))
            return self._wire

    async def _sign_in(self, wire: ClientConnection) -> None:
        asked = _decode(await asyncio.wait_for(wire.recv(), _TIMEOUT_S))
        if asked.get("type") == "auth_required":
            await wire.send(_encode({"type": "auth", "access_token": self._token}), text=True)
            if _decode(await asyncio.wait_for(wire.recv(), _TIMEOUT_S)).get("type") == "auth_ok":
                return
        await wire.close()
        raise refused("it rejects the token")

    async def _read(self, wire: ClientConnection) -> None:
        """Hand answers to whoever waits for them, until the connection breaks."""
        try:
            async for message in wire:
                answer = _decode(message)
                queue = self._waiting.get(answer.get("id", 0))
                if queue is not None and not queue.full():
                    queue.put_nowait(answer)
        except (WebSocketException, OSError, msgspec.DecodeError, UnicodeError):
            await wire.close()
        for queue in self._waiting.values():
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


class _Direct(connect):
    """Connection that follows no redirect."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Go nowhere else: the token is for this address."""
        return exc
