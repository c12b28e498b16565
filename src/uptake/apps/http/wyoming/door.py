"""Handle Wyoming requests: decide, let Home Assistant or uptake's assistant carry them out, store them as turns.

    heard ──► an answer to our question? an objection? ──► decide, with Home Assistant's dry run ──► act, or ask first
                                                                                              └──► turn, stored

A rewrite that Home Assistant's own matcher does not understand is dropped. A rewrite that the guard doubts is asked
about: "did you mean …?", and a yes or no within half a minute decides. A no just after a rewrite undoes it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from uptake.apps.http.incoming.intake import amended
from uptake.apps.http.logs import log_event
from uptake.apps.http.wyoming.observer import Observer
from uptake.apps.http.wyoming.talks import Talk, Talks
from uptake.errors import BadConfig, RequestRefused, UptakeError
from uptake.platforms.home_assistant import Done, HomeAssistant, Matcher, Socket
from uptake.platforms.recogniser import Recogniser
from uptake.platforms.wire import Echo, Rewrite, Rewritten
from uptake.platforms.wyoming import Abilities, Understood, WyomingRequest, WyomingServer, place_of
from uptake.text.lexicon import is_no, is_yes
from uptake.text.normalize import normalize
from uptake.types import Request, Turn

if TYPE_CHECKING:
    from uptake.apps.http.options import Options
    from uptake.apps.http.service import Service

__all__ = ["Wyoming", "open_wyoming"]

_NOBODY = "home"  # who speaks is not known: the device stands for its people, else the home
_TAKEN_BACK = "All right. I will not take it for that again."
_LEFT = "All right."
_STORING = 200  # turns that may wait for the disk


def open_wyoming(service: Service, options: Options) -> Wyoming | None:
    """Return the Wyoming interface that the options configure; None for none.

    Raises:
        BadConfig: An address is invalid, there is no token for Home Assistant, or the mode is impossible.
        MissingExtra: A library is not installed.
    """
    if options.wyoming is None:
        return None
    home = HomeAssistant(Socket.of_environment(options.home_assistant)) if options.home_assistant else None
    door = Wyoming(service, options.wyoming, home, mode=options.wyoming_mode, recogniser=options.wyoming_asr)
    host = door.server.host
    if options.wyoming_announce and host not in ("127.0.0.1", "::1", "localhost"):
        _announce(service, door)
    return door


def _announce(service: Service, door: Wyoming) -> None:
    from uptake.platforms.discovery import Announced

    async def start() -> None:
        announced = Announced("uptake", door.server.host, door.server.port)
        service.closing.append(announced.close)
        problem = await announced.start()
        log_event("announced" if problem is None else "not_announced", port=door.server.port, problem=problem)

    service.opening.append(start)


class Wyoming:
    """Wyoming interface of a service.

    Args:
        service: The service that decides and stores turns.
        address: Address to listen on.
        home: The Home Assistant that carries requests out; None for uptake's own assistant.
        mode: "handle" to carry requests out, "intent" to return their intent.
        recogniser: Address of the speech recogniser; None for none.

    Raises:
        BadConfig: An address is invalid.
    """

    def __init__(
        self,
        service: Service,
        address: str,
        home: HomeAssistant | None = None,
        *,
        mode: Any = "handle",
        recogniser: str | None = None,
    ) -> None:
        if mode not in ("handle", "intent"):
            raise BadConfig("wyoming_mode must be handle or intent")
        self._service, self._home, self._talks = service, home, Talks()
        behind = Recogniser(*place_of(recogniser, "wyoming_asr")) if recogniser is not None else None
        respond = self._read if mode == "intent" else self._do
        timed = self._timed(respond)
        self.server = WyomingServer(address, Abilities(respond=timed, mode=mode, recogniser=behind, repair=self.repair))
        self._observer: Observer | None = None
        self._storing: set[asyncio.Task[None]] = set()
        service.opening.append(self.server.start)
        service.closing.extend([self.server.close, self._settle])
        if home is not None:
            self._observer = Observer(service, home.socket, nobody=_NOBODY)
            service.opening.append(self._observer.start)
            service.closing.extend([self._observer.close, home.close])

    @property
    def waiting(self) -> int:
        """Count the answers whose turns wait for the disk."""
        return len(self._storing)

    def _timed(self, respond: Any) -> Any:
        async def timed(heard: WyomingRequest) -> Done | Understood:
            if len(self._storing) >= _STORING:
                await self._settle()
            began = time.perf_counter()
            try:
                found: Done | Understood = await respond(heard)
            except RequestRefused as error:
                self._served(502, began, "failed")
                log_event("refused", level="warning", route="wyoming", problem=str(error))
                raise
            self._served(200, began, found.status if isinstance(found, Done) else "read")
            return found

        return timed

    def _served(self, code: int, began: float, status: str | None) -> None:
        took = time.perf_counter() - began
        self._service.metrics.request("wyoming", code, took)
        log_event("request", route="wyoming", status=status, ms=round(took * 1e3, 2))

    async def repair(self, text: str, language: str | None) -> str:
        """Repair a transcript for whichever agent comes next; what would be asked about is left."""
        if not text.strip():
            return text
        found = await self._tried(WyomingRequest(text, language, None, None))
        if found.action != "rewrite":
            return text
        if self._observer is not None:
            self._observer.repaired(text, found)
        return found.text

    async def _do(self, heard: WyomingRequest) -> Done:
        if self._home is None:
            return await self._answered(heard)
        user_id = heard.device_id or _NOBODY
        talk = self._talks.at(user_id, heard.session_id)
        asked, rewritten = talk.question(), talk.rewritten()
        self._talks.heard(talk)
        settled = await self._settled(heard, talk, self._home, (asked, rewritten))
        return settled or await self._decided(heard, talk, self._home)

    async def _settled(
        self, heard: WyomingRequest, talk: Talk, home: HomeAssistant, before: tuple[Turn | None, Turn | None]
    ) -> Done | None:
        """Take a yes or no to what we asked, or to what we did just now; None where it is neither."""
        text = normalize(heard.text)
        asked, rewritten = before
        if asked is not None and asked.acted_on is not None and (is_yes(text) or is_no(text)):
            right = is_yes(text)
            done = await self._done(heard, asked.acted_on, home) if right else Done(_LEFT, "ok", heard.session_id)
            self._store(amended(asked, {"answer": right}), self._turn(heard, talk, done))
            return done
        if rewritten is not None and is_no(text):
            talk.last = None
            done = Done(_TAKEN_BACK, "ok", heard.session_id)
            self._store(amended(rewritten, {"answer": False}), self._turn(heard, talk, done))
            return done
        return None

    async def _decided(self, heard: WyomingRequest, talk: Talk, home: HomeAssistant) -> Done:
        """Decide, let Home Assistant do it or ask first, and keep the turn."""
        found = await self._tried(heard)
        if found.action == "ask":
            done = Done(f"Did you mean: {found.text}?", None, heard.session_id)
            talk.asked = replace(self._turn(heard, talk, done, found.echo), acted_on=found.text)
            self._store(talk.asked)
            return done
        done = await self._done(heard, found.text if found.action == "rewrite" else heard.text, home)
        talk.last = self._turn(heard, talk, done, found.echo)
        if self._observer is not None:
            self._observer.did(talk.last, done.things)
        self._store(talk.last)
        return done

    async def _tried(self, heard: WyomingRequest) -> Rewritten:
        """Decide, with the matcher of the home as the preflight where there is one."""
        self._service.stamps.refresh()
        body = Rewrite(text=heard.text, user_id=heard.device_id or _NOBODY)
        if self._home is None:
            return self._service.decide(body)
        matcher = Matcher(self._home, heard.text, language=heard.language, device_id=heard.registry_id)
        body.confidence = float(await matcher.takes(heard.text))
        found = self._service.decide(body) if body.confidence else None
        if found is None or found.action != "leave":  # what is understood as it is needs no dry run to be left
            found = await run_in_threadpool(self._service.decide, body, matcher)
        if found.action == "leave" or await matcher.takes(found.text):
            return found
        reason = "Home Assistant's own matcher would not understand the rewrite"  # a pin, which no preflight sees
        echo = Echo(arm=found.echo.arm, propensity=found.echo.propensity)
        return Rewritten(action="leave", text=heard.text, reason=reason, echo=echo)

    async def _done(self, heard: WyomingRequest, text: str, home: HomeAssistant) -> Done:
        if self._observer is not None:
            self._observer.expects(heard.text, text)
        return await home.do(text, language=heard.language, session_id=heard.session_id, device_id=heard.registry_id)

    async def _read(self, heard: WyomingRequest) -> Understood:
        """Decide and read, for the other side to do; how it ended is learned from the watch alone."""
        user_id = heard.device_id or _NOBODY
        talk = self._talks.at(user_id, heard.session_id)
        self._talks.heard(talk)
        found = await self._tried(heard)
        if found.action != "rewrite":
            found = Rewritten(action="leave", text=heard.text, reason=found.reason, echo=Echo(arm=found.echo.arm))
        request = Request(text=found.text, user_id=user_id)
        readings = await run_in_threadpool(lambda: self._service.agent().read(request))
        reading = next((one for one in readings[:1] if one.intent.startswith("Hass")), None)
        done = Done(None, None if reading is not None else "unsupported", heard.session_id)
        turn = replace(self._turn(heard, talk, done, found.echo), interpretation=reading)
        if self._observer is not None:
            self._observer.read(turn)
        self._store(turn)
        if reading is None:
            return Understood(None, heard.session_id, "Sorry, I did not understand that.")
        return Understood(reading, heard.session_id)

    async def _answered(self, heard: WyomingRequest) -> Done:
        """Let our assistant do it, which keeps the turn itself."""
        from uptake.assistant.context.situation import Origin, placed

        def answer() -> Done:
            agent = self._service.agent()
            origin = Origin(device_id=heard.device_id, device_type="speaker", has_screen=False)
            request = Request(text=heard.text, user_id=heard.device_id or _NOBODY)
            reply = agent.answer(request, placed(origin, agent.components.home))
            self._service.residents.claim([reply.turn])
            return Done(reply.speech, reply.turn.status or "ok", heard.session_id)

        return await run_in_threadpool(answer)

    @staticmethod
    def _turn(heard: WyomingRequest, talk: Talk, done: Done, echo: Echo | None = None) -> Turn:
        return Turn(
            turn_id=uuid.uuid4().hex,
            user_id=heard.device_id or _NOBODY,
            said_at=talk.heard_at,
            request=heard.text,
            device_id=heard.device_id,
            session_id=talk.session_id,
            language=heard.language,
            status=done.status,
            response=done.speech,
            **(echo.fields() if echo is not None else {}),
        )

    def _store(self, *turns: Turn | None) -> None:
        """Keep turns beside the answer, which does not wait for the disk."""
        task = asyncio.create_task(self._stored([turn for turn in turns if turn is not None]))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)

    async def _stored(self, turns: list[Turn]) -> None:
        self._service.residents.claim(turns)
        try:
            await run_in_threadpool(self._service.intake.store, turns)
        except UptakeError as error:
            log_event("not_stored", level="error", route="wyoming", code=error.code)

    async def _settle(self) -> None:
        """Wait for what is being kept."""
        await asyncio.gather(*self._storing)
