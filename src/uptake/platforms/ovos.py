"""OVOS plugin: an utterance transformer that repairs recognised text, and a bus observer that stores turns.

    recogniser ──► UtteranceTransformer.transform ──► POST /v1/rewrite ──► the wording to act on, first in the list
    bus ──► recognizer_loop:utterance … complete_intent_failure | ovos.utterance.handled ──► POST /v1/observe

The service runs beside it (`uptake serve`). If it does not answer in time, the utterances stay as they were recognised.
Importing this module needs nothing of OVOS, which finds the plugin by its entry point.

Enabled in mycroft.conf: {"utterance_transformers": {"uptake": {"url": "http://127.0.0.1:8765"}}}. A token of the
service goes into the environment variable UPTAKE_TOKEN.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from uptake.errors import UptakeError
from uptake.platforms.client import URL, Client
from uptake.platforms.wire import Rewritten
from uptake.types import Status, Transcript, Turn

__all__ = ["Bus", "BusObserver", "UptakeTransformer", "person_of"]

_NOBODY = "home"
_ENDS: Mapping[str, Status] = {"complete_intent_failure": "unsupported", "mycroft.skill.handler.error": "failed"}
_CANCELLED = "ovos.utterance.cancelled"
_HANDLED = "ovos.utterance.handled"
_SPOKEN = "speak"
_HEARD = "recognizer_loop:utterance"
_STOPPED = "mycroft.stop"
_MOST = 100
_OLD_S = 120.0


class Bus(Protocol):
    """Message bus, with the methods used here."""

    def on(self, event_name: str, func: Callable[[Any], None]) -> None:
        """Call something for each message of a type."""
        ...


def person_of(context: Mapping[str, Any]) -> tuple[str, str | None]:
    """(Pseudonym of who speaks, session) of a message: the site or the source stands for its people.

    >>> person_of({"session": {"session_id": "s1", "site_id": "kitchen"}})
    ('kitchen', 's1')
    """
    session = context.get("session") or {}
    site, name = session.get("site_id"), session.get("session_id")
    told = site if site and site != "unknown" else context.get("user_id")
    return str(told or _NOBODY), str(name) if name and name != "default" else None


class UptakeTransformer:
    """Transformer that puts the rewrite first in the list; registered by the entry point `opm.transformer.text`.

    Args:
        name: Name in the configuration.
        priority: Place among the transformers; a higher number runs first.
        config: Its options: `url`, `timeout_s`, `observe`; None for those in mycroft.conf.
        bus: The message bus to observe; None to open a connection of its own.
    """

    def __init__(
        self,
        name: str = "uptake",
        priority: int = 50,
        config: Mapping[str, Any] | None = None,
        bus: Bus | None = None,
    ) -> None:
        self.name, self.priority = name, priority
        self.config = dict(config if config is not None else _configured(name))
        self.client = Client(
            str(self.config.get("url", URL)),
            token=os.environ.get("UPTAKE_TOKEN"),
            rewrite_timeout_s=float(self.config.get("timeout_s", 0.5)),
        )
        self.observer = BusObserver(self._keep) if self.config.get("observe", True) else None
        self.bus = bus
        if self.observer is not None:
            self.bus = bus or _own_bus()
            if self.bus is not None:
                self.observer.listen(self.bus)

    def bind(self, bus: Bus | None = None) -> None:
        """Take the bus that OVOS offers, where it offers one and none is there."""
        if self.bus is None and bus is not None:
            self.bus = bus
            if self.observer is not None:
                self.observer.listen(bus)

    def initialize(self) -> None:
        """Do nothing more: OVOS calls it."""

    def transform(
        self, utterances: list[str], context: dict[str, Any] | None = None
    ) -> tuple[list[str], dict[str, Any]]:
        """Put the wording to act on before the utterances; what the service would ask about is left.

        Args:
            utterances: The n-best list, best first.
            context: Of the message.
        """
        if not utterances or not utterances[0].strip():
            return utterances, {}
        user_id, session_id = person_of(context or {})
        alternatives = [{"text": one} for one in utterances[:100]] if len(utterances) > 1 else []
        try:
            found = self.client.rewrite(utterances[0], user_id=user_id, alternatives=alternatives)
        except UptakeError:
            return utterances, {}  # refused: a wrong token, too many requests
        if self.observer is not None:
            self.observer.decided(utterances[0], session_id, found)
        if found.action != "rewrite":
            return utterances, {}
        rest = [one for one in utterances if one != found.text]
        return [found.text, *rest], {"uptake": {"rewrite_id": found.echo.rewrite_id}}

    def shutdown(self) -> None:
        """Let go of the connections."""
        self.client.close()
        with suppress(AttributeError):
            self.bus.close()  # type: ignore[union-attr]

    default_shutdown = shutdown

    def _keep(self, turns: Sequence[Turn]) -> None:
        with suppress(UptakeError):  # the assistant goes on where the service is away
            self.client.observe([_plain(turn) for turn in turns])


class BusObserver:
    """Converter of bus messages to turns: request, response and outcome.

    Args:
        keep: Called with the turn when a request has ended.
    """

    def __init__(self, keep: Callable[[Sequence[Turn]], None]) -> None:
        self._keep = keep
        self._open: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._decided: OrderedDict[str, Rewritten] = OrderedDict()
        self._lock = threading.Lock()

    def listen(self, bus: Bus) -> None:
        """Listen to a bus."""
        for kind in (_HEARD, _SPOKEN, _HANDLED, _CANCELLED, _STOPPED, *_ENDS):
            bus.on(kind, self.take)

    def decided(self, heard: str, session_id: str | None, found: Rewritten) -> None:
        """Take note of what was decided for a request."""
        with self._lock:
            self._decided[f"{session_id}\0{heard}"] = found
            while len(self._decided) > _MOST:
                self._decided.popitem(last=False)

    def take(self, message: Any) -> None:
        """Take one message of the bus: an object with `msg_type`, `data` and `context`, or the same as JSON."""
        if isinstance(message, str | bytes):
            with suppress(msgspec.DecodeError, json.JSONDecodeError):
                told = json.loads(message)
                self._took(told["type"], told.get("data") or {}, told.get("context") or {})
            return
        self._took(message.msg_type, message.data or {}, message.context or {})

    def _took(self, kind: str, data: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        user_id, session_id = person_of(context)
        key = session_id or user_id
        with self._lock:
            if kind == _HEARD:
                utterances = [str(one) for one in data.get("utterances") or ()]
                if utterances:
                    self._begin(key, user_id, session_id, utterances, data.get("lang"))
                return
            held = self._open.get(key)
            if held is None:
                return
            if kind == _SPOKEN:
                held["speech"].append(str(data.get("utterance", "")))
            elif kind in _ENDS:
                held["status"] = _ENDS[kind]
            elif kind in (_CANCELLED, _STOPPED):
                held["status"] = "cancelled"
            if kind not in (_HANDLED, _CANCELLED):
                return
            turn = self._turn(self._open.pop(key))
        self._keep([turn])

    def _begin(self, key: str, user_id: str, session_id: str | None, utterances: list[str], lang: Any) -> None:
        now = time.monotonic()
        self._open.pop(key, None)
        for old in [name for name, one in self._open.items() if now - one["at"] > _OLD_S]:
            del self._open[old]
        said_at = datetime.now(UTC)
        self._open[key] = {
            "at": now, "said_at": said_at, "user_id": user_id, "session_id": session_id, "utterances": utterances,
            "lang": lang, "status": None, "speech": [],
        }  # fmt: skip

    def _turn(self, held: Mapping[str, Any]) -> Turn:
        utterances = held["utterances"]
        found = self._decided.pop(f"{held['session_id']}\0{utterances[0]}", None)
        return Turn(
            turn_id=uuid.uuid4().hex,
            user_id=held["user_id"],
            said_at=held["said_at"],
            request=utterances[0],
            session_id=held["session_id"],
            language=str(held["lang"]) if held["lang"] else None,
            alternatives=tuple(Transcript(text=one) for one in utterances) if len(utterances) > 1 else (),
            status=held["status"] or "ok",
            response=" ".join(filter(None, held["speech"])) or None,
            **(found.echo.fields() if found is not None else {}),
        )


def _plain(turn: Turn) -> dict[str, Any]:
    """A turn as the service reads it; written here, since the log's own writer needs libraries that OVOS has not."""
    known = {name: getattr(turn, name) for name in turn.__slots__}
    known["said_at"] = turn.said_at.isoformat()
    known["alternatives"] = [{"text": one.text} for one in turn.alternatives] or None
    del known["context"]
    return {name: value for name, value in known.items() if value not in (None, ())}


def _configured(name: str) -> Mapping[str, Any]:
    """Return the options in mycroft.conf; none if OVOS is not installed."""
    try:
        from ovos_config.config import Configuration
    except ImportError:
        return {}
    found: Mapping[str, Any] = (dict(Configuration()).get("utterance_transformers") or {}).get(name) or {}
    return found


def _own_bus() -> Bus | None:
    """A connection to the message bus; None where OVOS is not installed."""
    try:
        from ovos_bus_client import MessageBusClient
    except ImportError:
        return None
    bus = MessageBusClient()
    bus.run_in_thread()
    found: Bus = bus
    return found
