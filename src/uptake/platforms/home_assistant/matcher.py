"""Use Home Assistant's own matcher as the preflight of a rewrite: interpret a wording without doing anything.

    decide, in a thread ──► how would this wording be interpreted? ──► conversation/agent/homeassistant/debug

So rewrites are tested on the sentences, the names and the exposed entities of this very home before they act. If Home
Assistant does not answer, nothing is understood, and every rewrite is refused.
"""

from __future__ import annotations

import asyncio

from uptake.errors import RequestRefused
from uptake.platforms.home_assistant.agent import HomeAssistant, Match
from uptake.text.deeds import irrevocable
from uptake.types import Consequence, Interpretation

__all__ = ["Matcher"]

_WAIT_S = 5.0
_WAYS_IN = ("lock.", "cover.", "valve.", "alarm_control_panel.")
_ASKS = ("HassGet", "HassClimateGet", "HassTimerStatus", "HassShoppingListLast", "HassNevermind", "HassRespond")


class Matcher:
    """Preflight of the wordings of one request in this home: interpretation and consequence.

    Args:
        home: The Home Assistant whose matcher is used.
        heard: The recognised request.
        language: BCP 47 tag; None for that of Home Assistant.
        device_id: Home Assistant's id of the device that heard it.
    """

    def __init__(
        self, home: HomeAssistant, heard: str, *, language: str | None = None, device_id: str | None = None
    ) -> None:
        self.home, self.heard, self.language, self.device_id = home, heard, language, device_id
        self._loop = asyncio.get_running_loop()
        self._known: dict[str, Match | None] = {}

    async def takes(self, text: str) -> bool:
        """Tell whether Home Assistant's matcher takes a wording for anything."""
        return await self._asked(text) is not None

    def __call__(self, text: str) -> Interpretation | None:
        """Match a wording; None for nothing. Not to be called on the event loop."""
        match = self._match(text)
        return match.reading if match is not None else None

    def readings(self, text: str) -> tuple[Interpretation, ...]:
        """Return the interpretation of a wording, alone: Home Assistant gives no alternatives."""
        reading = self(text)
        return () if reading is None else (reading,)

    def exists(self, reading: Interpretation) -> bool:  # noqa: ARG002 - the protocol's
        """False: a reading without words cannot be tried on Home Assistant."""
        return False

    def foresee(self, meant: str | Interpretation | None = None) -> Consequence | None:
        """Return what a wording would change; None where it would be understood as nothing."""
        if isinstance(meant, Interpretation):
            return None
        text = self.heard if meant is None else meant
        match = self._match(text)
        if match is None:
            return None
        slots = match.reading.slots
        return Consequence(
            intent=match.reading.intent,
            things=frozenset(match.things),
            values=tuple(one for one in slots if not match.things or one[0] not in ("name", "area", "floor", "domain")),
            changes=not match.reading.intent.startswith(_ASKS),
            irrevocable=bool(irrevocable(text)) or any(thing.startswith(_WAYS_IN) for thing in match.things),
        )

    def _match(self, text: str) -> Match | None:
        if text in self._known:
            return self._known[text]
        try:
            return asyncio.run_coroutine_threadsafe(self._asked(text), self._loop).result(_WAIT_S)
        except TimeoutError:
            return None

    async def _asked(self, text: str) -> Match | None:
        if text not in self._known:
            try:
                found = await self.home.understands([text], language=self.language, device_id=self.device_id)
            except RequestRefused:
                return None
            self._known[text] = found[0]
        return self._known[text]
