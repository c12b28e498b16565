"""Wyoming: Home Assistant (and others) find us as a conversation agent, without a component of ours installed there.

    describe ──► info (a `handle` program)          transcript ──► handled | not-handled

Each connection may carry many requests. Older clients send the text alone; newer ones a language, a conversation and
the device. The protocol has no sign-in: listen where only the home can reach.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from wyoming.asr import Transcript
from wyoming.error import Error
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Attribution, Describe, HandleModel, HandleProgram, Info
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler

from uptake import __version__
from uptake.errors import BadConfig, UptakeError
from uptake.platforms.home_assistant import Done

__all__ = ["Heard", "Respond", "WyomingServer"]

_MAX_LINE = 64 * 1024


class Heard(NamedTuple):
    """A request as it came."""

    text: str
    language: str | None
    session_id: str | None
    device_id: str | None


Respond = Callable[[Heard], Awaitable[Done]]


class WyomingServer:
    """Answers the events of the protocol.

    Args:
        address: Where to listen, such as "tcp://127.0.0.1:10500".
        respond: Does a request.
        languages: BCP 47 tags of what it understands.

    Raises:
        BadConfig: The address is none.
    """

    def __init__(self, address: str, respond: Respond, *, languages: tuple[str, ...] = ("en",)) -> None:
        parts = urlsplit(address)
        if parts.scheme != "tcp" or parts.hostname is None or parts.port is None:
            raise BadConfig("wyoming must be an address such as tcp://127.0.0.1:10500")
        self._place, self._respond, self._info = (parts.hostname, parts.port), respond, _info(languages)
        self._handlers: set[_Handler] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens at; 0 before it was started."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server is not None else 0

    async def start(self) -> None:
        """Listen.

        Raises:
            BadConfig: The address is taken.
        """
        host, port = self._place
        try:
            self._server = await asyncio.start_server(self._connected, host, port, limit=_MAX_LINE)
        except OSError as error:
            raise BadConfig(f"wyoming, port {port}: {error.strerror or error}; choose another") from error

    async def close(self) -> None:
        """Stop listening, and let go of every connection."""
        if self._server is not None:
            self._server.close()
        for handler in list(self._handlers):
            await handler.stop()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = _Handler(reader, writer, self._respond, self._info)
        self._handlers.add(handler)
        try:
            await handler.run()
        except (ValueError, OSError, EOFError):  # what came is no event, or the other side went away
            writer.close()
        finally:
            self._handlers.discard(handler)


class _Handler(AsyncEventHandler):
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, respond: Respond, info: Event
    ) -> None:
        super().__init__(reader, writer)
        self._respond, self._info = respond, info

    async def handle_event(self, event: Event) -> bool:
        """Answer one event; what is not known is passed over."""
        if Describe.is_type(event.type):
            await self.write_event(self._info)
        elif Ping.is_type(event.type):
            await self.write_event(Pong(text=Ping.from_event(event).text).event())
        elif Transcript.is_type(event.type):
            await self.write_event(await self._answer(Transcript.from_event(event)))
        return True

    async def _answer(self, said: Transcript) -> Event:
        known = said.context or {}
        device = known.get("satellite_id") or known.get("device_id")
        heard = Heard(said.text, said.language, known.get("conversation_id"), device)
        try:
            done = await self._respond(heard)
        except UptakeError as error:
            return Error(text=str(error), code=error.code).event()
        context = {"conversation_id": done.session_id} if done.session_id else None
        if done.status == "ok":
            return Handled(text=done.speech, context=context).event()
        return NotHandled(text=done.speech, context=context).event()


def _info(languages: tuple[str, ...]) -> Event:
    ours = Attribution(name="The Uptake authors", url="")
    about: dict[str, Any] = {"attribution": ours, "installed": True, "version": __version__}
    model = HandleModel(name="uptake", description="Learns from how people react", languages=list(languages), **about)
    program = HandleProgram(
        name="uptake",
        description="Repairs requests by what worked before, and hands them on",
        models=[model],
        supports_home_control=True,
        **about,
    )
    return Info(handle=[program]).event()
