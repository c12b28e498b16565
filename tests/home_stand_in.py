"""A stand-in for Home Assistant's WebSocket interface: the commands that we send, answered as 2025.4.4 answers them.

It knows sentences about some lamps, keeps their states, and remembers every command. `tests/platforms/real_home.py`
runs the same requests against Home Assistant itself.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

_TOKEN = "a long-lived token"
LAMPS = {"hall lamp": "light.hall_lamp", "desk lamp": "light.desk_lamp", "disco ball": "light.disco_ball"}
_SENTENCE = re.compile(r"turn (on|off) the (.+)")
_PIPELINE = {"id": "p1", "conversation_engine": "conversation.home_assistant", "conversation_language": "en"}


def response(kind: str, speech: str, *things: str, code: str | None = None) -> dict[str, Any]:
    """What a conversation agent answers."""
    data: dict[str, Any] = {"success": [{"type": "entity", "id": one, "name": one} for one in things]}
    data |= {"code": code} if code else {}
    answer = {"response_type": kind, "data": data, "speech": {"plain": {"speech": speech}}}
    return {"response": answer, "conversation_id": "c1"}


class Home:
    """The state of the stand-in, and what it was asked."""

    def __init__(self) -> None:
        self.url, self.token = "", _TOKEN
        self.seen: list[dict[str, Any]] = []
        self.lamps = dict.fromkeys(LAMPS.values(), "off")
        self.pipelines: list[dict[str, Any]] = [dict(_PIPELINE)]
        self.runs: dict[str, list[dict[str, Any]]] = {}
        self.answers: dict[str, Any] = {}
        """Command -> its result, where a test wants another one."""
        self.loop: asyncio.AbstractEventLoop | None = None
        self._wires: dict[tuple[ServerConnection, int], None] = {}

    def commands(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.seen if one["type"] == kind]

    def flip(self, thing: str, state: str, *, parent_id: str | None = None) -> None:
        """Change a lamp by hand, or by an automation."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._change(thing, state, parent_id), self.loop).result(300)

    def ran(self, run_id: str, text: str, *, engine: str = "conversation.home_assistant", local: bool = True) -> None:
        """Put a run of a pipeline on record, as another agent had it."""
        at, output = "2026-01-31T18:00:00+00:00", self._output(text)
        said = {"engine": engine, "language": "en", "intent_input": text, "device_id": None}
        end = {"processed_locally": local, "intent_output": output}
        self.runs[run_id] = [
            {"type": "intent-start", "data": said, "timestamp": at},
            {"type": "intent-end", "data": end, "timestamp": at},
        ]

    async def talk(self, wire: ServerConnection) -> None:
        """Sign one client in, and answer what it asks."""
        with suppress(ConnectionClosed):
            await wire.send(json.dumps({"type": "auth_required"}))
            right = json.loads(await wire.recv()).get("access_token") == _TOKEN
            await wire.send(json.dumps({"type": "auth_ok" if right else "auth_invalid"}))
            async for message in wire if right else ():
                asked = json.loads(message)
                known = {**self._results(asked), **self.answers}
                self.seen.append(asked)  # who sees it may change what is answered from now on
                await self._answer(wire, asked, known)

    async def _answer(self, wire: ServerConnection, asked: dict[str, Any], known: dict[str, Any]) -> None:
        if asked["type"] not in known:
            error = {"code": "unknown_command", "message": "Unknown command."}
            await wire.send(json.dumps({"id": asked["id"], "success": False, "error": error}))
            return
        result = known[asked["type"]]
        await wire.send(json.dumps({"id": asked["id"], "success": True, "result": result}))
        if asked["type"] == "subscribe_events":
            self._wires[wire, asked["id"]] = None
        elif asked["type"] == "assist_pipeline/run":
            text = asked["input"]["text"]
            output = self._output(text)
            await self._do(text)
            for kind, data in (("run-start", {}), ("intent-start", {}), ("intent-end", {"intent_output": output})):
                await wire.send(json.dumps({"id": asked["id"], "type": "event", "event": {"type": kind, "data": data}}))

    def _results(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "assist_pipeline/pipeline/list": {"pipelines": self.pipelines, "preferred_pipeline": "p1"},
            "assist_pipeline/pipeline_debug/list": {"pipeline_runs": [{"pipeline_run_id": one} for one in self.runs]},
            "assist_pipeline/pipeline_debug/get": {"events": self.runs.get(asked.get("pipeline_run_id", ""), [])},
            "assist_pipeline/run": None,
            "conversation/process": self._output(asked.get("text", "")),
            "conversation/agent/homeassistant/debug": {"results": [self._match(t) for t in asked.get("sentences", ())]},
            "subscribe_events": None,
        }

    @staticmethod
    def _thing(text: str) -> str | None:
        found = _SENTENCE.fullmatch(text)
        return LAMPS.get(found[2]) if found else None

    def _match(self, text: str) -> dict[str, Any] | None:
        thing = self._thing(text)
        if thing is None:
            return None
        name = text.partition(" the ")[2]
        intent = "HassTurnOn" if text.startswith("turn on") else "HassTurnOff"
        return {"match": True, "intent": {"name": intent}, "slots": {"name": name}, "targets": {thing: {}}}

    def _output(self, text: str) -> dict[str, Any]:
        thing = self._thing(text)
        if thing is None:
            return response("error", "Sorry, I couldn't understand that", code="no_intent_match")
        return response("action_done", "Turned on the light", thing)

    async def _do(self, text: str) -> None:
        thing = self._thing(text)
        if thing is not None:
            await self._change(thing, text.split()[1], None)

    async def _change(self, thing: str, state: str, parent_id: str | None) -> None:
        before, self.lamps[thing] = self.lamps[thing], state
        data = {"entity_id": thing, "old_state": {"state": before}, "new_state": {"state": state}}
        event = {"event_type": "state_changed", "data": data, "context": {"id": "x", "parent_id": parent_id}}
        for wire, number in list(self._wires):
            with suppress(ConnectionClosed):
                await wire.send(json.dumps({"id": number, "type": "event", "event": event}))


@contextmanager
def home_assistant() -> Iterator[Home]:
    """Run the stand-in on a free port of this machine."""
    home, ready, over = Home(), threading.Event(), asyncio.Event()

    async def run() -> None:
        home.loop = asyncio.get_running_loop()
        async with serve(home.talk, "127.0.0.1", 0) as server:
            home.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(300)
    try:
        yield home
    finally:
        assert home.loop is not None
        home.loop.call_soon_threadsafe(over.set)
        thread.join(300)
