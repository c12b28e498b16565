"""Let Home Assistant carry requests out, by its own conversation agent, over its WebSocket interface.

Home Assistant keeps execution, names and permissions; it only receives another wording if a rewrite applies. The agent
is Home Assistant's own, so that requests are never handed back to uptake in a circle. If an Assist pipeline uses that
agent, the request runs there, which keeps the area of the device that heard it; without one, the device is lost.

`understands` is the dry run: the interpretation of a sentence by Home Assistant's matcher (hassil, with the names of
this home).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from uptake.errors import RequestRefused
from uptake.platforms.home_assistant.socket import Socket, refused
from uptake.types import Interpretation, Status

__all__ = ["OWN_AGENT", "Done", "HomeAssistant", "Match", "done_of"]

OWN_AGENT = "conversation.home_assistant"
_TIMEOUT_S = 20.0
_LOOK_S = 60.0  # between two looks at which pipelines there are


class Done(NamedTuple):
    """Outcome of a request."""

    speech: str | None
    """What is to be said."""
    status: Status | None
    """How it ended, as the home saw it; None where that is not known, or was not tried."""
    session_id: str | None = None
    """The conversation, for the next request."""
    things: tuple[str, ...] = ()
    """Entities that it was done to."""


class Match(NamedTuple):
    """Interpretation of a sentence by Home Assistant's matcher."""

    reading: Interpretation
    things: tuple[str, ...]
    """Entities that it would be done to."""


class HomeAssistant:
    """Home Assistant's own conversation agent."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self._pipelines: tuple[float, list[dict[str, Any]]] = (float("-inf"), [])

    async def do(
        self, text: str, *, language: str | None = None, session_id: str | None = None, device_id: str | None = None
    ) -> Done:
        """Have a request done.

        Args:
            text: The request.
            language: BCP 47 tag; None for that of Home Assistant.
            session_id: The conversation that it belongs to, as Home Assistant calls it.
            device_id: The device that heard it, as Home Assistant calls it.

        Raises:
            RequestRefused: Home Assistant does not answer, or refuses the token.
        """
        pipeline = await self._own_pipeline(language)
        try:
            if pipeline is None:
                return done_of(await self._processed(text, language, session_id))
            return done_of(await self._run(text, pipeline, session_id, device_id))
        except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
            raise refused("its answer has an unknown format") from error

    async def understands(
        self, texts: Sequence[str], *, language: str | None = None, device_id: str | None = None
    ) -> list[Match | None]:
        """Match sentences as Home Assistant would, without doing anything; None each for nothing.

        Raises:
            RequestRefused: Home Assistant does not answer, or refuses.
        """
        known = {"language": language} if language else {}
        found = await self.socket.ask(
            "conversation/agent/homeassistant/debug", sentences=list(texts), device_id=device_id, **known
        )
        try:
            return [_matched(one) for one in found["results"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise refused("its answer has an unknown format") from error

    async def close(self) -> None:
        """Let go of the connection."""
        await self.socket.close()

    async def _own_pipeline(self, language: str | None) -> str | None:
        """Return the pipeline of Home Assistant's own agent, preferably in the language; None if there is none."""
        at, pipelines = self._pipelines
        if time.monotonic() - at > _LOOK_S:
            try:
                found = await self.socket.ask("assist_pipeline/pipeline/list")
                pipelines = [one for one in found["pipelines"] if one.get("conversation_engine") == OWN_AGENT]
            except (KeyError, TypeError, AttributeError):
                pipelines = []
            self._pipelines = time.monotonic(), pipelines
        spoken = (language or "").partition("-")[0]
        fits = (one for one in pipelines if str(one.get("conversation_language")).partition("-")[0] == spoken)
        chosen = next(fits, None) if spoken else next(iter(pipelines), None)
        return str(chosen["id"]) if chosen is not None else None

    async def _processed(self, text: str, language: str | None, session_id: str | None) -> Any:
        known = {"language": language} if language else {}
        return await self.socket.ask(
            "conversation/process", text=text, agent_id=OWN_AGENT, conversation_id=session_id, **known
        )

    async def _run(self, text: str, pipeline: str, session_id: str | None, device_id: str | None) -> Any:
        whole: dict[str, Any] = {"start_stage": "intent", "end_stage": "intent", "input": {"text": text}}
        whole |= {"pipeline": pipeline, "conversation_id": session_id, "device_id": device_id}
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                async with self.socket.follow("assist_pipeline/run", **whole) as events:
                    async for event in events:
                        if event["type"] == "intent-end":
                            return event["data"]["intent_output"]
                        if event["type"] in ("error", "run-end"):
                            break
        except TimeoutError as error:
            raise refused("no answer in time") from error
        except RequestRefused:
            self._pipelines = float("-inf"), []  # the pipeline may be gone
            raise
        raise refused("the pipeline ended without an answer")


def done_of(answer: dict[str, Any]) -> Done:
    """Read what a conversation agent answered, as Home Assistant writes it."""
    response = answer["response"]
    speech = ((response.get("speech") or {}).get("plain") or {}).get("speech")
    data = response.get("data") or {}
    failed = response["response_type"] == "error"
    unknown = failed and data.get("code") in ("no_intent_match", "no_valid_targets")
    status: Status = "unsupported" if unknown and not speech else "failed" if failed else "ok"
    things = [one["id"] for one in data.get("success") or () if one.get("type") == "entity" and one.get("id")]
    session_id = msgspec.convert(answer.get("conversation_id"), str | None)
    return Done(msgspec.convert(speech, str | None), status, session_id, tuple(map(str, things)))


def _matched(result: dict[str, Any] | None) -> Match | None:
    """Read what the matcher told; a sentence trigger of the user has no intent."""
    if result is None or not result.get("match"):
        return None
    name = str((result.get("intent") or {}).get("name") or "sentence_trigger")
    slots = tuple(sorted((str(slot), str(value)) for slot, value in (result.get("slots") or {}).items()))
    things = tuple(str(thing) for thing in result.get("targets") or {})
    return Match(Interpretation(intent=name, slots=slots, confidence=1.0), things)
