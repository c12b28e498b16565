"""Play a dialogue against the real assistant, and record what each turn offered, understood, stored and did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from uptake.assistant.build import open_agent
from uptake.assistant.loop import Agent
from uptake.assistant.reply import Reply
from uptake.assistant.skills import Skills
from uptake.assistant.skills.skill import Call, Effect
from uptake.assistant.teaching import STRANGER
from uptake.assistant.teaching.memory import concepts_of, keep
from uptake.lab.evaluate.teaching.rows import MEMBER, Action, Dialogue, home_of, seeds, values_of
from uptake.log.store import TurnLog
from uptake.teaching.concepts.artifact import key_of
from uptake.teaching.concepts.deeds import things_of
from uptake.teaching.concepts.events import deeds_in, fold
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.lesson import Lesson
from uptake.types import Interpretation, Request

__all__ = ["Noted", "Player", "Real", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Outcome of one turn."""

    offer: str | None = None
    """Words that the assistant asked about; None where it did not offer to be taught."""
    slot_type: str | None = None
    """Type of value it took them for."""
    meant: frozenset[Action] = frozenset()
    """What it understood the words to mean."""
    alias_of: str | None = None
    """The thing it understood them to be another name of."""
    did: frozenset[Action] = frozenset()
    """What it did, or asked to be allowed to do."""
    ran: frozenset[Action] = frozenset()
    """What it did."""
    stored: bool = False
    """Whether it stored a concept."""
    recalled: bool = False
    """Whether it used a concept."""
    asked: bool = False
    """Whether it waits for a yes to a meaning."""
    speech: str = ""
    """What it said."""


class Player(Protocol):
    """Assistant in a dialogue: the real one, or a baseline."""

    def start(self, dialogue: Dialogue, directory: Path) -> None:
        """Begin a dialogue in its home."""

    def say(self, turn: Mapping[str, Any]) -> Noted:
        """Hear a turn."""


class _Recording(Skills):
    """Skills that record the requested actions."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def handle(self, call: Call) -> Effect | None:
        self.calls.append(call)
        return super().handle(call)


class Real:
    """Real assistant."""

    def __init__(self) -> None:
        self._log: TurnLog | None = None
        self._agent: Agent | None = None
        self._skills = _Recording()
        self._seeds = 0

    def start(self, dialogue: Dialogue, directory: Path) -> None:
        """Begin a dialogue in its home, which knows what it was taught before."""
        self._skills = _Recording()
        self._log = TurnLog(directory / "log")
        self._agent = open_agent(directory, home=home_of(dialogue.home), skills=self._skills, log=self._log)
        memory = self._agent.components.memory
        before = seeds(dialogue)
        self._seeds = len(before)
        for row in before:
            keep(memory, row.user_id, [row])

    def say(self, turn: Mapping[str, Any]) -> Noted:
        """Hear a turn."""
        assert self._agent is not None  # noqa: S101 - `start` comes first
        self._skills.calls.clear()
        speaker = {"unknown": STRANGER, None: MEMBER}.get(turn.get("speaker"), turn.get("speaker"))
        reply = self._agent.answer(Request(text=turn["user"], user_id=str(speaker)))
        components = self._agent.components
        teaching = self._agent.teaching
        house = teaching.house(components) if teaching is not None else House()
        lesson = self._lesson(str(speaker))
        waiting = _meant(lesson.deeds, house) if lesson is not None and lesson.stage == "run" else frozenset()
        ran = frozenset(action for call in self._skills.calls for action in _of(call))
        return _noted(reply, ran, waiting, house, asked=lesson is not None and lesson.stage == "confirm")

    def replays(self) -> bool:
        """Return whether the events of the dialogue fold into the memory it left; True where it began with some."""
        assert self._agent is not None  # noqa: S101 - `start` comes first
        kept = [row for row in concepts_of(self._agent.components.memory).rows() if row.turn_id]
        return self._seeds > 0 or fold(self._log.read() if self._log else ()).known == tuple(kept)

    def _lesson(self, user_id: str) -> Lesson | None:
        assert self._agent is not None  # noqa: S101 - `start` comes first
        recorder = self._agent.components.recorder
        pending = recorder.conversation(user_id, self._agent.components.home.now()).pending
        if pending is None or pending.kind != "teach":
            return None
        return Lesson.from_json(dict(pending.interpretation.slots)["lesson"])


def _noted(reply: Reply, ran: frozenset[Action], waiting: frozenset[Action], house: House, *, asked: bool) -> Noted:
    reading = reply.turn.interpretation or Interpretation(intent="")
    slots, offers = dict(reading.slots), reading.intent == "TeachOffer"
    aliased = any(stage.stage == "teach" and stage.verdict == "another name" for stage in reply.stages)
    asked_for: frozenset[Action] = frozenset()
    if reply.question == "confirm":
        asked_for = _meant((reading,), house)
    return Noted(
        offer=slots.get("concept") if offers else None,
        slot_type=slots.get("type") if offers else None,
        meant=_meant(deeds_in(reading), house),
        alias_of=slots.get("alias_of"),
        did=ran | waiting | asked_for,
        ran=ran,
        stored=any(stage.stage == "teach" and stage.verdict == "TeachStore" for stage in reply.stages),
        recalled=reading.intent == "TeachUse" or aliased,
        asked=asked,
        speech=reply.speech,
    )


def _meant(deeds: tuple[Interpretation, ...], house: House) -> frozenset[Action]:
    found: set[Action] = set()
    for deed in deeds:
        names: list[str | None] = [*(thing.name for thing in things_of(deed, house))] or [None]
        found |= {(deed.intent, values_of(deed.slots), name) for name in names}
    return frozenset(found)


def _of(call: Call) -> list[Action]:
    values = values_of(call.interpretation.slots)
    names: list[str | None] = [*(each.name for each in call.targets)] or [None]
    return [(call.interpretation.intent, values, name) for name in names]


def same(concept: str, other: str | None) -> bool:
    """Return whether two spans name one concept: articles and case do not count."""
    return other is not None and key_of(concept) == key_of(other)
