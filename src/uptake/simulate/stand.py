"""The real assistant on a test stand: what it makes of a text in a home of a layout, each time from the same start.

It is `uptake.agent.loop.Agent` with its readers, resolver and skills, over a virtual home and a memory that are put
back after every request; so an answer depends on the layout, the device that listens and the words alone, and is
remembered. What was learned is decided outside, for each person, and handed in: the loop then treats it as its own.

Limit: time stands still (a Monday, 6 pm), nobody has habits, and the home is always in its usual state: music plays in
every room, a timer runs, milk is on the shopping list.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from uptake.agent.entities import Resolver
from uptake.agent.hypotheses import Hypothesis
from uptake.agent.keep import Keeper
from uptake.agent.loop import Agent
from uptake.agent.memory import Memory
from uptake.agent.parts import Parts
from uptake.agent.progress import Progress, Reply
from uptake.agent.resolve import tie
from uptake.agent.settle import Settler
from uptake.agent.situation import Origin, look
from uptake.agent.skills import Skills
from uptake.agent.understand import Understanding
from uptake.decide.context import ContextRanker
from uptake.decide.pipeline import Outcome, Pipeline, TraceEntry
from uptake.protocols import Preflight
from uptake.simulate.households import layout
from uptake.types import Decision, Interpretation, Request, ResolvedEntity, Situation, Turn

__all__ = ["Answer", "Result", "Stand", "Utterance", "same"]

_SOMEBODY = "somebody"
_WHEN = datetime(2026, 11, 23, 18, 0)
_SETUP = ("add milk to the shopping list", "set a timer for 10 minutes", "set an alarm for 6:45 am")
_PASSING = frozenset({"conversation", "undo", "turns", "habits", "home", "feedback", "asks"})
_RANDOM = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the assistant hears, and what was learned about it."""

    text: str
    """What was heard."""
    acted_on: str | None = None
    """The rewrite that is acted on; None for none."""
    must_confirm: bool = False
    """Whether it must be confirmed first."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a request, comparable: the change in the home and the memory, else the answer."""

    status: str | None
    """How it ended."""
    changed: str
    """What changed, as JSON; "" where nothing did."""
    meaning: str
    """Key of the reading."""
    speech: str
    """The answer."""
    reading: Interpretation | None = None
    """The reading as the log has it: resolved, with the name of its skill."""
    entities: tuple[ResolvedEntity, ...] = ()
    """What its slots were resolved to."""
    action: str | None = None
    """What was done, in the assistant's own terms."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant did."""

    turn: Turn
    """The turn as the assistant recorded it."""
    question: str | None
    """Kind of question that is open: confirm, slot, choice; None where none is."""
    slot: str | None
    """The slot that is asked for."""
    asked_about: Interpretation | None
    """The reading that the question is about."""
    result: Result
    """What came of it."""
    sure: float | None = None
    """How sure the assistant was of what it heard, in [0, 1]; None where it lives on what was said before."""


def same(result: Result, wanted: Result) -> bool:
    """Whether a result is what was wanted: the same change; where nothing changes, the same answer or reading."""
    if result.status != "ok" or wanted.status != "ok":
        return result.status == wanted.status and result.meaning == wanted.meaning and result.changed == wanted.changed
    if result.changed or wanted.changed:
        return result.changed == wanted.changed
    return result.meaning == wanted.meaning or result.speech == wanted.speech


class Stand:
    """The assistant in a home of one layout.

    Args:
        name: A key of `uptake.simulate.households.LAYOUTS`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.home = layout(name)
        self.home.set_time(_WHEN)
        for device in self.home.devices:
            if device.device_class == "speaker":
                self.home.set_state(device.entity_id, "playing", media_title="Kind of Blue", media_artist="Miles Davis")
        self.skills = Skills()
        readers = Understanding.for_home(self.home, self.skills).readers
        self.understanding = Understanding(readers, budget_ms=math.inf)  # no answer may depend on a machine's load
        self.resolver = Resolver(self.home, self.skills)
        self.ranker = ContextRanker()
        self._first = self.home.dump()
        self._kept: list[tuple[str, str, Any]] = []
        self._kept = self._set_up()
        with _Fresh(self) as fresh:
            self.situation = look(Origin(), self.home, fresh.memory, _SOMEBODY, recent=(), skills=self.skills)
            """The home as it is before a request; who asks, and where, is for the caller to put in."""
        self._answers: dict[tuple[Origin, tuple[Utterance, ...]], Answer] = {}
        self._results: dict[tuple[Origin, str], Result] = {}

    @property
    def remembered(self) -> int:
        """How many answers are remembered."""
        return len(self._answers)

    def hear(self, origin: Origin, *utterances: Utterance) -> Answer:
        """What the assistant does at the last of some utterances in a row, from the usual start."""
        origin = replace(origin, device_id=None)
        key = origin, utterances
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._hear(origin, utterances)
        return found

    def do(self, origin: Origin, meant: Interpretation) -> Result:
        """What comes of a reading, were it understood and agreed to."""
        origin = replace(origin, device_id=None)
        key = origin, meant.key
        found = self._results.get(key)
        if found is None:
            found = self._results[key] = self._do(origin, meant)
        return found

    def _hear(self, origin: Origin, utterances: tuple[Utterance, ...]) -> Answer:
        with _Fresh(self) as fresh:
            for utterance in utterances[:-1]:
                fresh.answer(utterance, origin)
            fresh.mark()
            reply = fresh.answer(utterances[-1], origin)
            pending = fresh.keeper.conversation(_SOMEBODY, self.home.now()).pending
            turn = reply.turn
            return Answer(
                turn=turn,
                question=reply.question,
                slot=pending.slot if pending else None,
                asked_about=pending.interpretation if pending else None,
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
            )

    def _do(self, origin: Origin, meant: Interpretation) -> Result:
        with _Fresh(self) as fresh:
            fresh.mark()
            now = self.home.now()
            situation = look(origin, self.home, fresh.memory, _SOMEBODY, recent=(), skills=self.skills)
            work = Progress(
                turn_id="truth",
                request=Request(text="", user_id=_SOMEBODY),
                origin=origin,
                now=now,
                conversation=fresh.keeper.conversation(_SOMEBODY, now),
                situation=situation,
            )
            chosen = Hypothesis(interpretation=replace(meant, confidence=1.0), reader="truth")
            work.hypotheses = (chosen,)
            resolution = tie(work, chosen, self.resolver, fresh.memory)
            Settler(fresh.parts, timeout_s=5.0).settle(work, chosen, confirmed=True, ask_first=False)
            effect = work.effect
            status = effect.status if effect is not None and work.pending is None else None
            speech = effect.speech if effect is not None else ""
            reading, targets = resolution.interpretation, resolution.targets
            skill = self.skills.find(reading.intent, targets[0].domain if targets else None)
            return Result(
                status,
                fresh.changed(),
                _key(reading),
                speech,
                replace(reading, domain=skill.name if skill else reading.domain),
                resolution.entities,
                effect.action if effect is not None else None,
            )

    def _set_up(self) -> list[tuple[str, str, Any]]:
        """What the memory holds at the start."""
        with _Fresh(self) as fresh:
            for text in _SETUP:
                fresh.answer(Utterance(text), Origin(device_type="speaker"))
            return [entry for entry in fresh.entries() if entry[1] not in _PASSING]


class _Preset:
    """Stands in for the decision pipeline: says what was decided elsewhere."""

    def __init__(self) -> None:
        self.utterance = Utterance("")

    def decide(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Outcome:  # noqa: ARG002
        """What was decided."""
        heard = self.utterance
        trace = (TraceEntry("stand", "abstained", "decided before", 0.0),)
        if heard.acted_on is None:
            return Outcome(heard.text, None, trace)
        decision = Decision(
            step="rewrite",
            acted_on=heard.acted_on,
            rewrite_id="preset",
            artifact_version=None,
            layer="global",
            reason="decided before",
            must_confirm=heard.must_confirm,
        )
        return Outcome(heard.text, decision, trace)


class _Noted(Memory):
    """A memory that knows what it was told to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: dict[tuple[str, str], Any] = {}

    def set(self, scope: str, key: str, value: Any) -> None:
        """Keep a value."""
        super().set(scope, key, value)
        self.noted[scope, key] = value


class _Fresh:
    """An assistant at the start, put back when left."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.memory = _Noted()
        for scope, key, value in stand._kept:
            self.memory.set(scope, key, value)
        self.keeper = Keeper(self.memory)
        self.preset = _Preset()
        self.parts = Parts(
            home=stand.home,
            memory=self.memory,
            skills=stand.skills,
            understanding=stand.understanding,
            resolver=stand.resolver,
            keeper=self.keeper,
            pipeline=_as_pipeline(self.preset),
            ranker=stand.ranker,
        )
        self.agent = Agent(self.parts)
        self._states: Mapping[str, Any] = {}
        self._entries: list[tuple[str, str, Any]] = []

    def __enter__(self) -> _Fresh:
        return self

    def __exit__(self, *_: object) -> None:
        self.memory.close()
        self.stand.home.put(self.stand._first)

    def answer(self, utterance: Utterance, origin: Origin) -> Reply:
        """Let the assistant answer."""
        self.preset.utterance = utterance
        return self.agent.answer(Request(text=utterance.text, user_id=_SOMEBODY), origin)

    def mark(self) -> None:
        """Changes count from here."""
        self._states, self._entries = dict(self.stand.home.states()), self.entries()

    def changed(self) -> str:
        """What has changed in the home and the memory since `mark`."""
        states = self.stand.home.states()
        home = {
            name: [state.value, dict(state.attributes)]
            for name, state in sorted(states.items())
            if (state.value, state.attributes) != (self._states[name].value, self._states[name].attributes)
        }
        before = {(scope, key): value for scope, key, value in self._entries}
        now = {(scope, key): value for scope, key, value in self.entries()}
        kept = {
            f"{scope} {key}": now.get((scope, key))
            for scope, key in sorted(before.keys() | now.keys())
            if before.get((scope, key)) != now.get((scope, key))
        }
        return _RANDOM.sub("", json.dumps([home, kept], sort_keys=True)) if home or kept else ""

    def entries(self) -> list[tuple[str, str, Any]]:
        """(scope, key, value) of all that skills keep."""
        return [
            (scope, key, json.loads(json.dumps(value)))
            for (scope, key), value in sorted(self.memory.noted.items())
            if key not in _PASSING and value is not None
        ]


def _as_pipeline(preset: _Preset) -> Pipeline:
    return preset  # type: ignore[return-value]  # the loop asks it for nothing but `decide`


def _key(reading: Interpretation | None) -> str:
    return "" if reading is None else replace(reading, domain=None).key
