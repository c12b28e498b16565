"""Wyoming server: Home Assistant and others use uptake as a conversation agent, without installing a component.

    describe ──► info: a `handle` or an `intent` program, and an `asr` program if a recogniser is configured
    transcript ──► handled | not-handled | intent | not-recognized
    audio ──► the recogniser ──► transcript, repaired

Each connection may carry many requests. Older clients send the text alone; newer ones a language, a conversation and
the device. Errors are answered as `not-handled`, because an older Home Assistant waits for ever after `error`. The
protocol has no authentication: listen only where the home can reach. Connections, idle time and sizes are bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event, async_read_event
from wyoming.handle import Handled, NotHandled
from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    Describe,
    HandleModel,
    HandleProgram,
    Info,
    IntentModel,
    IntentProgram,
)
from wyoming.intent import Entity, Intent, NotRecognized
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler

from uptake import __version__
from uptake.errors import BadConfig, RequestRefused, UptakeError
from uptake.platforms.home_assistant.agent import Done
from uptake.platforms.recogniser import Recogniser
from uptake.types import Interpretation

__all__ = ["Abilities", "Mode", "Understood", "WyomingRequest", "WyomingServer", "place_of"]

Mode = Literal["handle", "intent"]

_MAX_LINE = 64 * 1024
_MAX_PART = 1024 * 1024  # bytes of data or audio in one event
_IDLE_S = 600.0
_CONNECTIONS = 64


class WyomingRequest(NamedTuple):
    """Request as received."""

    text: str
    language: str | None
    session_id: str | None
    device_id: str | None
    """Pseudonym of the device: the satellite, else the device."""
    registry_id: str | None = None
    """The device as Home Assistant's registry calls it."""


class Understood(NamedTuple):
    """Request to be carried out by the client."""

    reading: Interpretation | None
    """Its meaning; None where nothing was understood."""
    session_id: str | None
    speech: str | None = None
    """What is to be said; None for what the other side says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """Functions that a server offers.

    Args:
        respond: Carries a request out, or returns its intent.
        mode: Whether it carries requests out (`handle`) or returns intents (`intent`).
        recogniser: The speech recogniser; None if there is none.
        repair: Repairs a transcript, given its language.
        languages: BCP 47 tags of the languages it understands.
    """

    respond: Callable[[WyomingRequest], Awaitable[Done | Understood]]
    mode: Mode = "handle"
    recogniser: Recogniser | None = None
    repair: Callable[[str, str | None], Awaitable[str]] | None = None
    languages: tuple[str, ...] = ("en",)


def place_of(address: str, option: str) -> tuple[str, int]:
    """Host and port of an address.

    Raises:
        BadConfig: It is none.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.scheme != "tcp":
        raise BadConfig(f"{option} must be an address such as tcp://127.0.0.1:10500")
    return host, port


class WyomingServer:
    """Server of the Wyoming protocol.

    Args:
        address: Address to listen on, such as "tcp://127.0.0.1:10500".
        abilities: Functions that it offers.

    Raises:
        BadConfig: The address is invalid.
    """

    def __init__(self, address: str, abilities: Abilities) -> None:
        self._place, self._abilities = place_of(address, "wyoming"), abilities
        self._handlers: set[_Handler] = set()
        self._server: asyncio.Server | None = None

    @property
    def host(self) -> str:
        """Address it listens on, without the port."""
        return self._place[0]

    @property
    def port(self) -> int:
        """Port it listens on; 0 before it is started."""
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
        if len(self._handlers) >= _CONNECTIONS:
            writer.close()
            return
        handler = _Handler(reader, writer, self._abilities)
        self._handlers.add(handler)
        try:
            await handler.run()
        except (ValueError, TypeError, LookupError, AttributeError, OSError, EOFError, TimeoutError):
            writer.close()  # what came is no event, nothing came, or the other side went away
        finally:
            self._handlers.discard(handler)


class _Bounded:
    """Reader of a connection that refuses parts that are too long."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.readline = reader.readline

    async def readexactly(self, size: int) -> bytes:
        if not 0 <= size <= _MAX_PART:
            raise ConnectionAbortedError("the part is too long")
        return await self._reader.readexactly(size)


class _Handler(AsyncEventHandler):
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, abilities: Abilities) -> None:
        super().__init__(reader, writer)
        self._can, self._bounded = abilities, _Bounded(reader)
        self._hearing = abilities.recogniser.hearing() if abilities.recogniser is not None else None

    async def run(self) -> None:
        """Answer events until the other side goes, or says nothing for long."""
        try:
            while True:
                event = await asyncio.wait_for(async_read_event(self._bounded), _IDLE_S)  # type: ignore[arg-type]
                if event is None or not await self.handle_event(event):
                    return
        finally:
            if self._hearing is not None:
                await self._hearing.close()
            self.writer.close()

    async def handle_event(self, event: Event) -> bool:
        """Answer one event; what is not known is passed over."""
        if Describe.is_type(event.type):
            await self.write_event(_info(self._can))
        elif Ping.is_type(event.type):
            await self.write_event(Pong(text=Ping.from_event(event).text).event())
        elif Transcript.is_type(event.type):
            await self.write_event(await self._answer(Transcript.from_event(event)))
        elif self._hearing is not None and _is_heard(event):
            try:
                transcript = await self._hearing.take(event)
            except RequestRefused:
                return False  # the other side is told by the end of the connection, as by a recogniser that failed
            if transcript is not None:
                await self.write_event(await self._repaired(transcript))
        return True

    async def _answer(self, said: Transcript) -> Event:
        known = said.context or {}
        device = known.get("satellite_id") or known.get("device_id")
        heard = WyomingRequest(said.text, said.language, known.get("conversation_id"), device, known.get("device_id"))
        try:
            found = await self._can.respond(heard)
        except UptakeError as error:
            found = Done(str(error), "failed", heard.session_id)
        context = {"conversation_id": found.session_id} if found.session_id else None
        if isinstance(found, Understood):
            return _read(found, context)
        if found.status in ("ok", None):
            return Handled(text=found.speech, context=context).event()
        return NotHandled(text=found.speech, context=context).event()

    async def _repaired(self, transcript: Transcript) -> Event:
        text = transcript.text
        if self._can.repair is not None:
            text = await self._can.repair(text, transcript.language)
        return Transcript(text=text, context=transcript.context, language=transcript.language).event()


def _is_heard(event: Event) -> bool:
    return any(kind.is_type(event.type) for kind in (AudioChunk, AudioStart, AudioStop, Transcribe))


def _read(found: Understood, context: dict[str, Any] | None) -> Event:
    if found.reading is None:
        return NotRecognized(text=found.speech, context=context).event()
    entities = [Entity(name=name, value=value) for name, value in found.reading.slots]
    return Intent(name=found.reading.intent, entities=entities, text=found.speech, context=context).event()


def _info(abilities: Abilities) -> Event:
    ours = Attribution(name="The Uptake authors", url="")
    about: dict[str, Any] = {"attribution": ours, "installed": True, "version": __version__}
    whole: dict[str, Any] = {"name": "uptake", **about}
    model = {**whole, "description": "Learns from how people react", "languages": list(abilities.languages)}
    whole["description"] = "Repairs requests by what worked before, and hands them on"
    heard = [AsrProgram(models=[AsrModel(**model)], **whole)] if abilities.recogniser is not None else []
    if abilities.mode == "intent":
        return Info(asr=heard, intent=[IntentProgram(models=[IntentModel(**model)], **whole)]).event()
    handle = HandleProgram(models=[HandleModel(**model)], supports_home_control=True, **whole)
    return Info(asr=heard, handle=[handle]).event()
