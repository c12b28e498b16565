"""Test harness for the real assistant: results of texts in a home layout, from the same initial state, cached.

It is `uptake.assistant.loop.Agent` with its readers, resolver and skills, over a virtual home and a memory that are
reset after every request. So a result depends only on the layout, the device that listens and the words, and is cached.
Rewrites are decided outside, per person, and passed in; the loop treats them as its own.

Limit: time stands still (a Monday, 6 pm), nobody has habits, and the home is always in its usual state: music plays in
every room, a timer runs, milk is on the shopping list.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import RLock
from typing import Any, TypeVar

from uptake.assistant.act_or_ask import act_or_ask
from uptake.assistant.components import Components
from uptake.assistant.context.situation import Origin, observe
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities import Resolver
from uptake.assistant.home import VirtualHome
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.loop import Agent
from uptake.assistant.memory import Memory
from uptake.assistant.read import Readings
from uptake.assistant.readers import Understanding
from uptake.assistant.record.recorder import Recorder
from uptake.assistant.reply import Reply
from uptake.assistant.resolve import as_logged, resolve
from uptake.assistant.skills import Skills
from uptake.assistant.teaching import Teaching
from uptake.lab.simulate.answered import Answer, Result, Utterance
from uptake.lab.simulate.households import layout
from uptake.lab.simulate.preset import Preset, as_pipeline
from uptake.types import Consequence, Interpretation, Request, Situation, Turn
from uptake.understanding.situation.step import ContextRanker

__all__ = ["CachedAssistant", "DryHome"]

_SOMEBODY = "somebody"
_WHEN = datetime(2026, 11, 23, 18, 0)
_SETUP = ("add milk to the shopping list", "set a timer for 10 minutes", "set an alarm for 6:45 am")
_PASSING = frozenset({"conversation", "undo", "turns", "habits", "home", "feedback", "asks", "teaching.offers"})
_KEPT = 8_000  # answers that a layout remembers, 3 kB each
_READ = 2_000  # readings that a layout remembers: a text comes again soon or never
K = TypeVar("K")
V = TypeVar("V")
_RANDOM = re.compile(r"\b[0-9a-f]{32}\b")


class CachedAssistant:
    """Assistant in a home of one layout.

    Args:
        name: A key of `uptake.lab.simulate.households.LAYOUTS`.
    """

    def __init__(self, name: str) -> None:
        self.name, self.teaches = name, False
        self.home = layout(name)
        self.home.set_time(_WHEN)
        for device in self.home.devices:
            if device.device_class == "speaker":
                self.home.set_state(device.entity_id, "playing", media_title="Kind of Blue", media_artist="Miles Davis")
        self.skills = Skills()
        usual = Understanding.for_home(self.home, self.skills)
        self.understanding = usual.with_readers(usual.readers, budget_ms=math.inf)  # whatever the machine's load
        self.resolver = Resolver(self.home, self.skills)
        self.ranker = ContextRanker()
        self.readings = _Readings(self.home)
        self._first = self.home.moment()
        self._kept: dict[tuple[str, str], str] = {}
        self._kept = self._set_up(_SETUP)
        with _Fresh(self) as fresh:
            self.situation = observe(Origin(), self.home, fresh.memory, _SOMEBODY, recent=(), skills=self.skills)
            """The home as it is before a request; who asks, and where, is for the caller to put in."""
        self._answers: dict[tuple[Origin, tuple[Utterance, ...]], Answer] = {}
        self._results: dict[tuple[Origin, str], Result] = {}
        self._tried: dict[tuple[Origin, str], tuple[Interpretation | None, Consequence | None]] = {}
        self._dry = _StillAgent(_Fresh(self).components)  # does nothing, so it stays at the start

    def after(self, *texts: str) -> CachedAssistant:
        """Return the assistant that can be taught, after somebody said some texts to it one after the other."""
        other = copy(self)
        other.teaches, other._answers, other._results, other._tried = True, {}, self._results, {}
        other._kept = other._set_up(texts)
        return other

    def hear(self, origin: Origin, *utterances: Utterance) -> Answer:
        """Return the assistant's answer to the last of some utterances in a row, from the usual start."""
        origin = replace(origin, device_id=None)
        return _kept(self._answers, (origin, utterances), partial(self._hear, origin, utterances))

    def do(self, origin: Origin, meant: Interpretation) -> Result:
        """Return the outcome of a reading, were it understood and agreed to."""
        origin = replace(origin, device_id=None)
        return _kept(self._results, (origin, meant.key), partial(self._do, origin, meant))

    def read(self, origin: Origin, text: str) -> Interpretation | None:
        """Return the reading of a text that might be acted on instead, by a dry run; None where it would be none.

        It is what decides about rewrites in a home, too, and costs half of an answer.
        """
        return self._try(origin, text)[0]

    def foresee(self, origin: Origin, text: str) -> Consequence | None:
        """Return what acting on a text would change, by the same dry run; None where it would be read as nothing."""
        return self._try(origin, text)[1]

    def _try(self, origin: Origin, text: str) -> tuple[Interpretation | None, Consequence | None]:
        origin = replace(origin, device_id=None)
        return _kept(self._tried, (origin, text), partial(self._foresee, origin, text))

    def _foresee(self, origin: Origin, text: str) -> tuple[Interpretation | None, Consequence | None]:
        sure, dry = self._dry.preflight(Request(text=text, user_id=_SOMEBODY), origin)
        found = dry.readings(text) if sure else ()
        return (replace(found[0], confidence=sure) if found else None), dry.foresee()

    def _hear(self, origin: Origin, utterances: tuple[Utterance, ...]) -> Answer:
        with _Fresh(self) as fresh:
            for utterance in utterances[:-1]:
                fresh.answer(utterance, origin)
            fresh.mark()
            reply = fresh.answer(utterances[-1], origin)
            pending = fresh.recorder.conversation(_SOMEBODY, self.home.now()).pending
            turn = reply.turn
            return Answer(
                turn=turn,
                question=reply.question,
                slot=pending.slot if pending else None,
                asked_about=pending.interpretation if pending else None,
                options=pending.options if pending else (),
                readings=pending.readings if pending else (),
                result=Result(
                    turn.status,
                    fresh.changed(),
                    _key(turn.interpretation),
                    turn.response or "",
                    turn.interpretation,
                    turn.entities,
                    turn.action,
                ),
                sure=reply.sure,
                said_yes=fresh.recorder.said_yes,
            )

    def _do(self, origin: Origin, meant: Interpretation) -> Result:
        with _Fresh(self) as fresh:
            fresh.mark()
            now = self.home.now()
            turn = Incoming(
                turn_id="truth",
                request=Request(text="", user_id=_SOMEBODY),
                origin=origin,
                now=now,
                conversation=fresh.recorder.conversation(_SOMEBODY, now),
                situation=observe(origin, self.home, fresh.memory, _SOMEBODY, recent=(), skills=self.skills),
            )
            chosen = Hypothesis(interpretation=replace(meant, confidence=1.0), reader="truth")
            readings = Readings(text="", hypotheses=(chosen,))
            resolved = resolve(chosen, readings, turn.situation, fresh.components)
            acted = act_or_ask(turn, resolved, fresh.components, agreed=True, timeout_s=math.inf)
            reading, *_ = as_logged(readings, resolved, self.skills)
            return Result(
                acted.effect.status if acted.pending is None else None,
                fresh.changed(),
                _key(resolved.resolution.interpretation),
                acted.effect.speech,
                replace(reading, confidence=resolved.resolution.interpretation.confidence),
                resolved.resolution.entities,
                acted.effect.action,
            )

    def _set_up(self, texts: Sequence[str]) -> dict[tuple[str, str], str]:
        """Return the content of the memory after some texts."""
        with _Fresh(self) as fresh:
            for text in texts:
                fresh.answer(Utterance(text), Origin(device_type="speaker"))
            return fresh.entries()


@dataclass(frozen=True, slots=True)
class DryHome:
    """Preflight by the assistant of a home: its dry runs, in place of a request that was heard."""

    stand: CachedAssistant
    origin: Origin
    heard: str

    def __call__(self, text: str) -> Interpretation | None:
        """Return the reading of a text; None where it would understand nothing that exists."""
        return self.stand.read(self.origin, text)

    def foresee(self, meant: str | Interpretation | None = None) -> Consequence | None:
        """Return what acting on a text would change; on the request as heard for None, and for a reading nothing."""
        if isinstance(meant, Interpretation):
            return None  # a town's nights learn no step that decides for a reading
        return self.stand.foresee(self.origin, self.heard if meant is None else meant)


class _Readings:
    """What texts were read as while the home was as it is at the start; read anew in any other state."""

    def __init__(self, home: VirtualHome) -> None:
        self._home, self._first = home, home.states()
        self._kept: dict[tuple[str, Situation], Any] = {}

    def reading(self, text: str, situation: Situation, make: Callable[[], V]) -> V:
        """Return what is kept for a text in a situation, made where nothing is."""
        if self._home.states() != self._first:
            return make()
        found: V = _kept(self._kept, (text, situation), make, most=_READ)
        return found


class _RecordingMemory(Memory):
    """Memory without a database, new for every request, that records what is stored.

    Args:
        kept: Initial content: (scope, key) -> value as JSON.
    """

    def __init__(self, kept: Mapping[tuple[str, str], str]) -> None:
        self._lock, self._alone = RLock(), RLock()
        self._path, self._held, self._seen = None, 0, 0
        self._changes, self._written = None, 0
        self._rows = {}
        self.texts = dict(kept)
        """(scope, key) -> value as JSON; "null" where one was dropped."""

    def get(self, scope: str, key: str, default: Any = None) -> Any:
        """Return the value of a key, as a fresh copy; `default` where there is none."""
        value = json.loads(self.texts.get((scope, key), "null"))
        return default if value is None else value

    def set(self, scope: str, key: str, value: Any) -> None:
        """Keep a JSON value under a key; None drops the key."""
        if self._changes is not None:
            self._changes.append((scope, key, self.get(scope, key)))
        self._forget_rows()
        self.texts[scope, key] = json.dumps(value, ensure_ascii=False)

    def every(self, key: str) -> dict[str, Any]:
        """Return the values that a key has in every scope, as fresh copies."""
        return {
            scope: json.loads(text)
            for (scope, name), text in sorted(self.texts.items())
            if name == key and text != "null"
        }

    def scopes(self) -> list[str]:
        """Return every scope that holds something."""
        return sorted({scope for (scope, _), text in self.texts.items() if text != "null"})

    def _version(self) -> int:
        return 0

    def close(self) -> None:
        """Do nothing: there is no file."""


class _NotingRecorder(Recorder):
    """Recorder that notes how the last answer to a question was interpreted."""

    said_yes: bool | None = None

    def amend(self, user_id: str, turn_id: str | None, **known: Any) -> Turn | None:
        """Add what became known later."""
        self.said_yes = known.get("answer", self.said_yes)
        return super().amend(user_id, turn_id, **known)


class _StillAgent(Agent):
    """Agent that does nothing in a home in which time stands still: what it observes at a device stays as it is."""

    def __init__(self, components: Components) -> None:
        super().__init__(components, timeout_s=math.inf)
        self._observed: dict[Origin, Situation] = {}

    def _observe(self, origin: Origin, user_id: str, conversation: Conversation) -> Situation:
        if origin not in self._observed:
            self._observed[origin] = super()._observe(origin, user_id, conversation)
        return self._observed[origin]


class _Fresh:
    """Context manager for an assistant in its initial state, reset at the end."""

    def __init__(self, stand: CachedAssistant) -> None:
        self.stand = stand
        self.memory = _RecordingMemory(stand._kept)
        self.recorder = _NotingRecorder(self.memory)
        self.preset = Preset()
        self.components = Components(
            home=stand.home,
            memory=self.memory,
            skills=stand.skills,
            understanding=stand.understanding,
            resolver=stand.resolver,
            recorder=self.recorder,
            pipeline=as_pipeline(self.preset),
            ranker=stand.ranker,
            keeps=stand.readings,
        )
        teaching = Teaching(self.memory) if stand.teaches else None
        self.agent = Agent(self.components, teaching, timeout_s=math.inf)  # no answer depends on a machine's load
        self._states: Mapping[str, Any] = {}
        self._entries: dict[tuple[str, str], str] = {}

    def __enter__(self) -> _Fresh:
        return self

    def __exit__(self, *_: object) -> None:
        self.stand.home.back_to(self.stand._first)

    def answer(self, utterance: Utterance, origin: Origin) -> Reply:
        """Let the assistant answer."""
        self.preset.utterance = utterance
        return self.agent.answer(Request(text=utterance.text, user_id=_SOMEBODY), origin)

    def mark(self) -> None:
        """Mark the point from which changes count."""
        self._states, self._entries = dict(self.stand.home.states()), self.entries()

    def changed(self) -> str:
        """Return what has changed in the home and the memory since `mark`."""
        states = self.stand.home.states()
        home = {
            name: [state.value, dict(state.attributes)]
            for name, state in sorted(states.items())
            if (state.value, state.attributes) != (self._states[name].value, self._states[name].attributes)
        }
        before, now = self._entries, self.entries()
        differ = sorted(place for place in before.keys() | now.keys() if before.get(place) != now.get(place))
        values = {" ".join(one): [json.loads(each.get(one, "null")) for each in (before, now)] for one in differ}
        kept = {place: after for place, (first, after) in values.items() if first != after}
        return _RANDOM.sub("", json.dumps([home, kept], sort_keys=True)) if home or kept else ""

    def entries(self) -> dict[tuple[str, str], str]:
        """Return (scope, key) -> value as JSON, of all that skills keep."""
        return {
            place: text
            for place, text in sorted(self.memory.texts.items())
            if place[1] not in _PASSING and text != "null"
        }


def _kept(kept: dict[K, V], key: K, make: Callable[[], V], most: int | None = None) -> V:
    """Return what is kept under a key, made where it is not; the half that was not used for longest makes room."""
    if key in kept:
        kept[key] = kept.pop(key)
        return kept[key]
    most = most or _KEPT
    if len(kept) >= most:
        for old in list(kept)[: most // 2]:
            del kept[old]
    kept[key] = make()
    return kept[key]


def _key(reading: Interpretation | None) -> str:
    return "" if reading is None else replace(reading, domain=None).key
