"""Proxy to a Wyoming speech recogniser: audio is passed on to it, and its transcript is returned, repaired.

    client ── transcribe, audio-start, audio-chunk…, audio-stop ──► recogniser ── transcript ──► client, repaired

Its address is fixed when the service starts. Each utterance has a connection of its own, as recognisers expect.
"""

from __future__ import annotations

import asyncio

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event

from uptake.errors import RequestRefused

__all__ = ["Hearing", "Recogniser"]

_CONNECT_S = 5.0
_ANSWER_S = 60.0
_MAX_AUDIO = 32 * 1024 * 1024


class Recogniser:
    """Speech recogniser that speaks Wyoming."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def hearing(self) -> Hearing:
        """Return a listener for one client's connection."""
        return Hearing(self._host, self._port)


class Hearing:
    """Forwarder of one client's audio, utterance by utterance."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._behind: AsyncTcpClient | None = None
        self._bytes = 0
        self._lost: RequestRefused | None = None

    async def take(self, event: Event) -> Transcript | None:
        """Pass an event on; returns the transcript where the event ended the utterance, else None.

        Raises:
            RequestRefused: The recogniser does not answer, told when the utterance is over; or it is too long.
        """
        if self._lost is not None:
            self._end_of_lost(event)
            return None
        try:
            if self._behind is None:
                if not (Transcribe.is_type(event.type) or AudioStart.is_type(event.type)):
                    return None  # audio of an utterance that never began
                self._behind, self._bytes = AsyncTcpClient(*self._place, connect_timeout=_CONNECT_S), 0
                await asyncio.wait_for(self._behind.connect(), _CONNECT_S)
            self._bytes += len(event.payload or b"")
            if self._bytes > _MAX_AUDIO:
                raise RequestRefused("the utterance is too long", status=413, name="too_large")
            await asyncio.wait_for(self._behind.write_event(event), _ANSWER_S)
            if not AudioStop.is_type(event.type):
                return None
            transcript = await asyncio.wait_for(self._transcript(self._behind), _ANSWER_S)
        except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, TimeoutError) as error:
            await self.close()
            problem = f"the speech recogniser behind does not answer ({type(error).__name__})"
            self._lost = RequestRefused(problem, status=502, name="recogniser")
            self._end_of_lost(event)
            return None
        await self.close()
        return transcript

    def _end_of_lost(self, event: Event) -> None:
        """Let the rest of an utterance that is lost pass, then refuse it: nobody is cut off while speaking."""
        if AudioStop.is_type(event.type) and self._lost is not None:
            lost, self._lost = self._lost, None
            raise lost

    async def close(self) -> None:
        """Let go of the connection."""
        behind, self._behind = self._behind, None
        if behind is not None:
            try:
                await behind.disconnect()
            except OSError:
                return  # it went first

    @staticmethod
    async def _transcript(behind: AsyncTcpClient) -> Transcript:
        while (event := await behind.read_event()) is not None:
            if Transcript.is_type(event.type):
                return Transcript.from_event(event)
        raise EOFError("no transcript came")
