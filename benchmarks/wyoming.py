"""Time to an answer over Wyoming, on a connection that is kept, with a stand-in for Home Assistant in the same process.

The stand-in answers each command at once, so that what is measured is ours: the protocol, the dry run, the decision,
and handing on over the WebSocket; turns are kept beside the answers. An echo of the same event through the
same server is measured beside it.

    wyoming.p50_ms, .p99_ms     a request that Home Assistant understands, until its answer
    wyoming.repaired_p50_ms     one that it does not, and that is one of `rows` rewrites
    wyoming.echo_p50_ms         a ping, until its pong
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from websockets.asyncio.server import serve
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.ping import Ping

from uptake.apps.http.options import Options
from uptake.apps.http.service import Service
from uptake.apps.http.wyoming import Wyoming
from uptake.platforms.home_assistant import HomeAssistant, Socket
from uptake.release.state import State
from uptake.rewriting.table.artifact import Rewrite, RewriteTable
from uptake.types import Evidence

_EVIDENCE = Evidence(users=5, sessions=9, success_before=0.1, success_after=0.8)
_PAUSE_S = 0.05  # people do not talk without a pause; without one, the disk is measured
_SPOKEN = {"response": {"response_type": "action_done", "data": {}, "speech": {"plain": {"speech": "Done"}}}}


def run(*, rows: int = 10_000, count: int = 200) -> dict[str, float]:
    """Measure with `rows` rewrites and `count` requests."""
    with tempfile.TemporaryDirectory(prefix="uptake-bench-") as place:
        state = State(Path(place))
        known = [Rewrite(f"play song number {at}", f"play tune number {at}", _EVIDENCE) for at in range(rows)]
        state.artifacts.publish(RewriteTable.from_rows(known))
        with Path(place, "log").open("w") as log, contextlib.redirect_stderr(log):  # a line a request, as served
            return asyncio.run(_measured(state, rows, count))


async def _measured(state: State, rows: int, count: int) -> dict[str, float]:
    async with serve(_stand_in, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        service = Service(state, Options(learn=False))
        door = Wyoming(service, "tcp://127.0.0.1:0", HomeAssistant(Socket(url, "token")))
        for begin in service.opening:
            await begin()
        plain = [Transcript(text=f"tell me about {at}").event() for at in range(count)]
        known = [Transcript(text=f"play song number {at % rows}").event() for at in range(count)]
        async with AsyncTcpClient("127.0.0.1", door.server.port) as client:
            await _timed(client, [*plain[:20], *known[:20]])
            asked, repaired = await _timed(client, plain), await _timed(client, known)
            echoed = await _timed(client, [Ping(text=str(at)).event() for at in range(count)])
        for close in service.closing:
            await close()
        service.close()
    return {
        "wyoming.rows": float(rows),
        "wyoming.p50_ms": float(np.percentile(asked, 50)),
        "wyoming.p99_ms": float(np.percentile(asked, 99)),
        "wyoming.repaired_p50_ms": float(np.percentile(repaired, 50)),
        "wyoming.echo_p50_ms": float(np.percentile(echoed, 50)),
    }


async def _timed(client: AsyncTcpClient, events: list[Event]) -> list[float]:
    took = []
    for event in events:
        began = time.perf_counter()
        await client.write_event(event)
        await client.read_event()
        took.append((time.perf_counter() - began) * 1e3)
        await asyncio.sleep(_PAUSE_S)
    return took


async def _stand_in(wire) -> None:
    await wire.send('{"type":"auth_required"}')
    await wire.recv()
    await wire.send('{"type":"auth_ok"}')
    async for message in wire:
        asked = json.loads(message)
        texts = asked.get("sentences", ())
        found = [{"match": not text.startswith("play song"), "intent": {"name": "Play"}} for text in texts]
        result = {"pipelines": [], "results": found, **_SPOKEN}
        await wire.send(json.dumps({"id": asked["id"], "success": True, "result": result}))
