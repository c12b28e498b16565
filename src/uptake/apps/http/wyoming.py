"""Requests that come over Wyoming: decided, done by Home Assistant or by our assistant, and kept as turns."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from uptake.apps.http.logs import log_event
from uptake.errors import BadConfig
from uptake.platforms.home_assistant import Done, HomeAssistant
from uptake.platforms.wire import Rewrite
from uptake.platforms.wyoming import Heard, WyomingServer
from uptake.types import Request, Turn

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = ["Wyoming"]

_NOBODY = "home"  # who speaks is not known: the device stands for its people, else the home


class Wyoming:
    """The Wyoming door of a service.

    Args:
        service: Decides and keeps turns.
        address: Where to listen.
        home_assistant: Address of the Home Assistant that does what is said; None for our own assistant.

    Raises:
        BadConfig: An address is none, or there is no token for Home Assistant.
    """

    def __init__(self, service: Service, address: str, home_assistant: str | None = None) -> None:
        self._service, self._home = service, None
        if home_assistant is not None:
            token = os.environ.get("UPTAKE_HA_TOKEN")
            if not token:
                raise BadConfig("set UPTAKE_HA_TOKEN to a long-lived access token of Home Assistant")
            self._home = HomeAssistant(home_assistant, token)
            service.closing.append(self._home.close)
        self.server = WyomingServer(address, self.respond)
        service.opening.append(self.server.start)
        service.closing.append(self.server.close)

    async def respond(self, heard: Heard) -> Done:
        """Do a request."""
        began = time.perf_counter()
        done = await (self._handed_on(heard, self._home) if self._home is not None else self._answered(heard))
        took = time.perf_counter() - began
        self._service.metrics.request("wyoming", 200, took)
        log_event("request", route="wyoming", status=done.status, ms=round(took * 1e3, 2))
        return done

    async def _handed_on(self, heard: Heard, home: HomeAssistant) -> Done:
        """Decide, let Home Assistant do it, and keep the turn; where we would ask first, it is left as it is."""
        user_id = heard.device_id or _NOBODY
        found = self._service.decide(Rewrite(text=heard.text, user_id=user_id))
        text = found.text if found.action == "rewrite" else heard.text
        done = await home.do(text, language=heard.language, session_id=heard.session_id)
        turn = Turn(
            turn_id=uuid.uuid4().hex,
            user_id=user_id,
            said_at=datetime.now(UTC),
            request=heard.text,
            device_id=heard.device_id,
            session_id=heard.session_id,
            language=heard.language,
            status=done.status,
            response=done.speech,
            **found.echo.fields(),
        )
        self._service.residents.claim([turn])
        await run_in_threadpool(self._service.intake.store, [turn])
        return done

    async def _answered(self, heard: Heard) -> Done:
        """Let our assistant do it, which keeps the turn itself."""
        from uptake.assistant.situation import Origin, placed

        def answer() -> Done:
            agent = self._service.agent()
            origin = Origin(device_id=heard.device_id, device_type="speaker", has_screen=False)
            request = Request(text=heard.text, user_id=heard.device_id or _NOBODY)
            reply = agent.answer(request, placed(origin, agent.components.home))
            self._service.residents.claim([reply.turn])
            return Done(reply.speech, reply.turn.status or "ok", heard.session_id)

        return await run_in_threadpool(answer)
