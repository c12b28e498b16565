"""Make turns of a home's own events: requests to other agents, outcomes of ours, and manual undos."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool

from uptake.apps.http.incoming.intake import amended
from uptake.apps.http.logs import log_event
from uptake.apps.http.wyoming.talks import Talks
from uptake.platforms.home_assistant.agent import OWN_AGENT
from uptake.platforms.home_assistant.watch import Run, Watch
from uptake.platforms.wire import Echo, Rewritten
from uptake.text.normalize import normalize
from uptake.types import Turn

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.platforms.home_assistant import Socket

__all__ = ["Observer"]

T = TypeVar("T")

_SOON_S = 60.0
_MOST = 200
_LOOKS, _LOOK_S = 50, 0.2


class _Repair(NamedTuple):
    at: float
    heard: str
    echo: Echo


class Observer:
    """Recorder of turns from a home's events.

    Args:
        service: The service that stores turns.
        socket: The connection to the home.
        nobody: Pseudonym of the speaker if no device is known.
    """

    def __init__(self, service: Service, socket: Socket, *, nobody: str) -> None:
        self._service, self._nobody, self._talks = service, nobody, Talks()
        self._watch = Watch(socket, on_run=self._ran, on_undo=self._undone, on_trouble=self._troubled)
        self._ours: OrderedDict[str, float] = OrderedDict()
        self._repairs: OrderedDict[str, _Repair] = OrderedDict()
        self._open: list[Turn] = []
        self._trouble = ""
        self.start, self.close = self._watch.start, self._watch.close

    def expects(self, *texts: str) -> None:
        """Take note of requests that came to us or that we hand on: their runs are not to be counted twice."""
        for text in texts:
            _put(self._ours, normalize(text), time.monotonic())

    def repaired(self, heard: str, found: Rewritten) -> None:
        """Take note of a transcript that was repaired: the run that follows was heard otherwise."""
        _put(self._repairs, normalize(found.text), _Repair(time.monotonic(), heard, found.echo))

    def did(self, turn: Turn, things: tuple[str, ...]) -> None:
        """Take note of what a turn changed."""
        ago = (datetime.now(UTC) - turn.said_at).total_seconds()
        self._watch.changes.did(turn.turn_id, things, since=time.monotonic() - max(0.0, ago))

    def read(self, turn: Turn) -> None:
        """Take note of a turn that the other side is to do: the run says how it ended."""
        self.expects(turn.request)
        self._open = [*self._open[-_MOST:], turn]

    async def _ran(self, run: Run) -> None:
        text, soon = normalize(run.text), time.monotonic() - _SOON_S
        mine = next((one for one in self._open if normalize(one.request) == text), None)
        if mine is not None:
            self._open.remove(mine)
            await self._store(amended(mine, {"status": run.done.status, "response": run.done.speech}))
            self.did(mine, run.done.things)
        elif self._ours.get(text, soon) <= soon and (run.is_local or not run.engine.startswith("conversation.uptake")):
            await self._kept(run, text, soon)

    async def _kept(self, run: Run, text: str, soon: float) -> None:
        user_id = run.device_id or self._nobody
        talk = self._talks.at(user_id, None)
        self._talks.heard(talk)
        repair = self._repairs.pop(text, None)
        known = repair.echo.fields() if repair is not None and repair.at > soon else {}
        turn = Turn(
            turn_id=f"ha-{run.run_id}",
            user_id=user_id,
            said_at=run.at,
            request=repair.heard if repair is not None and known else run.text,
            device_id=run.device_id,
            session_id=talk.session_id,
            language=run.language,
            action=None if run.engine == OWN_AGENT or run.is_local else run.engine,
            status=run.done.status,
            response=run.done.speech,
            **known,
        )
        await self._store(turn)
        self.did(turn, run.done.things)

    async def _undone(self, turn_id: str) -> None:
        for _ in range(_LOOKS):
            turn = self._service.intake.recent(turn_id)
            if turn is not None:
                await self._store(amended(turn, {"undone": True}))
                return
            await asyncio.sleep(_LOOK_S)  # it waits for the disk

    async def _store(self, turn: Turn | None) -> None:
        if turn is not None:
            self._service.residents.claim([turn])
            await run_in_threadpool(self._service.intake.store, [turn])

    def _troubled(self, problem: str) -> None:
        if problem != self._trouble:
            log_event("watch", level="warning", problem=problem)
        self._trouble = problem


def _put(held: OrderedDict[str, T], key: str, value: T) -> None:
    held.pop(key, None)
    held[key] = value
    while len(held) > _MOST:
        held.popitem(last=False)
