"""Watch a home: the requests to its Assist pipelines, by any agent, and manual undos soon after.

Home Assistant keeps the last ten runs of a pipeline in memory only, so they are polled every few seconds; runs from
before the watch are skipped. Undone means: the first thing that changed after a request returned to its former state
within seconds, and no automation did it.

Limit: a switch that turns itself off within those seconds looks like an undo; so does a request that another request
takes back, which is one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from uptake.errors import RequestRefused
from uptake.platforms.home_assistant.agent import Done, done_of
from uptake.platforms.home_assistant.socket import Socket

__all__ = ["Changes", "Run", "Watch", "run_of"]

_LOOK_S = 3.0
_AGAIN_S = 5.0
_UNDO_S = 15.0
_DONE_S = 3.0  # from a request to what it changed
_CHANGES = 2_000
_RUNS = 1_000


class Run(NamedTuple):
    """Request to an Assist pipeline."""

    run_id: str
    text: str
    at: datetime
    engine: str
    """The agent of the pipeline, as Home Assistant calls it."""
    is_local: bool
    """Whether Home Assistant did it itself, without that agent."""
    language: str | None
    device_id: str | None
    done: Done


def run_of(run_id: str, events: Sequence[dict[str, Any]]) -> Run | None:
    """Read a run; None where nothing was said, or it has not ended."""
    try:
        known = {event["type"]: event for event in events}
        start, end = known["intent-start"], known["intent-end"]["data"]
        said = start["data"]
        return Run(
            run_id=run_id,
            text=str(said["intent_input"]),
            at=datetime.fromisoformat(start["timestamp"]),
            engine=str(said["engine"]),
            is_local=bool(end.get("processed_locally", False)),
            language=said.get("language"),
            device_id=said.get("satellite_id") or said.get("device_id"),
            done=done_of(end["intent_output"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


class _Change(NamedTuple):
    at: float
    thing: str
    before: str
    after: str
    by_automation: bool


@dataclass(slots=True)
class _Deed:
    turn_id: str
    at: float
    since: float
    things: frozenset[str]


class Changes:
    """Last state changes of a home, and the requests that they may undo.

    >>> changes = Changes()
    >>> changes.did("t1", ["light.hall"], at=0.0)
    >>> changes.saw("light.hall", "off", "on", at=0.2), changes.saw("light.hall", "on", "off", at=4.0)
    ([], ['t1'])

    Args:
        undo_s: Longest time from a request to its undo, in seconds.
    """

    def __init__(self, undo_s: float = _UNDO_S) -> None:
        self._undo_s = undo_s
        self._seen: deque[_Change] = deque(maxlen=_CHANGES)
        self._deeds: list[_Deed] = []

    def did(self, turn_id: str, things: Sequence[str], *, since: float | None = None, at: float | None = None) -> None:
        """Take note of what a turn did, and to what.

        Args:
            turn_id: The turn.
            things: Entities that it was done to.
            since: When the request began, on the monotonic clock; what changed from then on counts.
            at: Now, on that clock.
        """
        now = time.monotonic() if at is None else at
        self._deeds = [one for one in self._deeds if now - one.at <= self._undo_s]
        if things:
            self._deeds.append(_Deed(turn_id, now, now if since is None else since, frozenset(things)))

    def saw(
        self, thing: str, before: str, after: str, *, by_automation: bool = False, at: float | None = None
    ) -> list[str]:
        """Take note of a change; returns the turns that it undoes."""
        now = time.monotonic() if at is None else at
        if before == after:
            return []
        change = _Change(now, thing, before, after, by_automation)
        self._seen.append(change)
        undone = [] if by_automation else [one for one in self._deeds if self._is_undone(one, change)]
        self._deeds = [one for one in self._deeds if one not in undone]
        return [one.turn_id for one in undone]

    def _is_undone(self, deed: _Deed, change: _Change) -> bool:
        if change.thing not in deed.things or change.at - deed.at > self._undo_s:
            return False
        made = (
            one
            for one in self._seen
            if one is not change and one.thing == change.thing and deed.since <= one.at <= deed.at + _DONE_S
        )
        first = next(made, None)
        return first is not None and first.before == change.after


class Watch:
    """Watcher of a home, until it is closed; it reconnects after a failure.

    Args:
        socket: The connection.
        on_run: Called with each request to a pipeline.
        on_undo: Called with a turn that was undone.
        on_trouble: Called with the reason of an interruption.
    """

    def __init__(
        self,
        socket: Socket,
        *,
        on_run: Callable[[Run], Awaitable[None]],
        on_undo: Callable[[str], Awaitable[None]],
        on_trouble: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._socket, self._on_run, self._on_undo, self._on_trouble = socket, on_run, on_undo, on_trouble
        self.changes = Changes()
        self._known: dict[str, None] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._again(work)) for work in (self._runs, self._states)]

    async def close(self) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except RequestRefused as error:
                self._on_trouble(str(error))
            except (KeyError, TypeError, AttributeError) as error:
                self._on_trouble(f"Home Assistant tells what is not understood ({type(error).__name__})")
            await asyncio.sleep(_AGAIN_S)

    async def _runs(self) -> None:
        first = not self._known
        while True:
            async for pipeline_id, run_id in self._listed():
                if run_id in self._known:
                    continue
                run = None if first else await self._got(pipeline_id, run_id)
                if first or run is not None:
                    self._known[run_id] = None
                if run is not None:
                    await self._on_run(run)
            self._known.setdefault("", None)  # the first look is over, though there was nothing to see
            first = False
            while len(self._known) > _RUNS:
                self._known.pop(next(iter(self._known)))
            await asyncio.sleep(_LOOK_S)

    async def _listed(self) -> AsyncIterator[tuple[str, str]]:
        for pipeline in (await self._socket.ask("assist_pipeline/pipeline/list"))["pipelines"]:
            found = await self._socket.ask("assist_pipeline/pipeline_debug/list", pipeline_id=pipeline["id"])
            for run in found["pipeline_runs"]:
                yield pipeline["id"], run["pipeline_run_id"]

    async def _got(self, pipeline_id: str, run_id: str) -> Run | None:
        try:
            found = await self._socket.ask(
                "assist_pipeline/pipeline_debug/get", pipeline_id=pipeline_id, pipeline_run_id=run_id
            )
        except RequestRefused:
            return None  # it was dropped meanwhile
        return run_of(run_id, found["events"])

    async def _states(self) -> None:
        async with self._socket.follow("subscribe_events", event_type="state_changed") as events:
            async for event in events:
                data, context = event["data"], event.get("context") or {}
                before, after = data.get("old_state"), data.get("new_state")
                if before is None or after is None:
                    continue
                automatic = context.get("parent_id") is not None
                undone = self.changes.saw(data["entity_id"], before["state"], after["state"], by_automation=automatic)
                for turn_id in undone:
                    await self._on_undo(turn_id)
