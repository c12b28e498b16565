"""Define a skill: the intents it answers, their slots, and its actions.

An intent's name and slots are Home Assistant's if it has them (HassTurnOn, name, area, brightness …), else a plain verb
and noun (SetAlarm, SetReminder). `sentences` are templates in hassil's syntax, beside those that Home Assistant ships;
the grammar and the statistical reader both learn them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from uptake.assistant.home.model import Device, Home
from uptake.types import Interpretation, ResolvedEntity, Situation, Status

if TYPE_CHECKING:
    from uptake.assistant.memory import Memory

__all__ = ["Announcement", "Call", "Effect", "HasStates", "Intent", "NothingDue", "Skill", "Slot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Argument of an intent."""

    name: str
    """Name of the slot, for example "brightness"."""
    kind: str = "text"
    """Kind of its values: "name", "area", "floor" (of the home), "number", "percentage", "time", "date", "text", or
    the name of a catalogue ("media", "list", "place", "person" …)."""
    required: bool = False
    """Whether the intent can do nothing without it; it is asked for then."""
    prompt: str | None = None
    """The question that asks for it, for example "For how long?"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Request that a skill can answer."""

    name: str
    """Name of the intent."""
    slots: tuple[Slot, ...] = ()
    """Its arguments; those of other names are passed on as they are."""
    sentences: tuple[str, ...] = ()
    """Templates in hassil's syntax; a slot stands in braces."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of the templates' own lists, by name; "in:out" where what is said differs from what is meant."""
    wildcards: tuple[str, ...] = ()
    """Slots of the templates that take any words."""
    critical: bool = False
    """Whether to ask before it is done."""
    examples: tuple[str, ...] = ()
    """Requests in plain words: for help, and for the reader to learn from."""
    follows: bool = True
    """Whether "and in the kitchen?" may follow it (the same again with another slot)."""
    changes: bool = True
    """Whether it may change anything; False for a question, which never needs a confirmation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Interpreted and resolved request, ready to run."""

    interpretation: Interpretation
    """Intent and slots; names and areas are those of the home, numbers are written in digits."""
    targets: tuple[Device, ...] = ()
    """The devices that are meant, where the intent is about devices."""
    entities: tuple[ResolvedEntity, ...] = ()
    """Resolved slots."""
    home: Home
    """The home."""
    memory: Memory
    """Memory of the assistant for this person and this home: lists, timers, …"""
    situation: Situation
    """Situation: where and when."""
    user_id: str
    """Pseudonym of the person."""
    now: datetime
    """The moment, aware, in the zone of the home."""

    def slot(self, name: str) -> str | None:
        """Return the first value of a slot; None where it was not said."""
        return next((value for slot, value in self.interpretation.slots if slot == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Result of a skill, or the reason why it did nothing."""

    speech: str
    """The answer."""
    status: Status = "ok"
    """Outcome of the request."""
    action: str | None = None
    """Record of what was done, in the assistant's own terms: "light.turn_on light.kitchen_ceiling"."""
    missing: str | None = None
    """Name of the slot that is to be asked for; `speech` is the question. Nothing was done."""
    shown: tuple[str, ...] = ()
    """`entity_id` of the devices that the answer tells of, where they are fewer than those asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Announcement that is due: a timer that ends, a reminder."""

    speech: str
    """Text to say."""
    user_id: str | None = None
    """Whom it is for; None for everybody at home."""
    request: str | None = None
    """Request of that person to do now, in their own words ("in 5 minutes, open the garage door")."""
    reading: Interpretation | None = None
    """Reading of the request, where it was settled when it was asked for; the request is read anew else."""
    room: str | None = None
    """Name of the room it was asked for in."""
    is_taught: bool = False
    """Whether the request is a name that was taught: it is done only while it is known."""


@runtime_checkable
class Skill(Protocol):
    """Skill: one domain of requests.

    Laws: `handle` answers every one of its intents, whatever slots are missing; it changes nothing but the home and
    the memory, so that the loop can undo it; what it raises ends the turn as failed, and the assistant lives on.
    """

    name: ClassVar[str]
    """One word; the `domain` of its interpretations."""
    intents: ClassVar[tuple[Intent, ...]]
    domains: ClassVar[frozenset[str]]
    """Domains of the devices it acts on ("light"); empty where it is not about devices, or about any. Its templates
    that name a device mean one of these domains."""

    def handle(self, call: Call) -> Effect:
        """Do what is asked."""

    def due(self, home: Home, memory: Memory, situation: Situation) -> Iterable[Announcement]:
        """Return what has become due by now, each once; the memory is changed so that it is not said again."""


@runtime_checkable
class HasStates(Protocol):
    """Skill with activity between requests: a running timer, a set alarm."""

    def states(self, memory: Memory, user_id: str, now: datetime) -> Iterable[tuple[str, str]]:
        """Return (name, state in plain words) of what is going on, for `Situation.states`."""


class NothingDue:
    """Skill without announcements; it acts on no device unless it declares so."""

    domains: ClassVar[frozenset[str]] = frozenset()

    def due(self, home: Home, memory: Memory, situation: Situation) -> Iterable[Announcement]:  # noqa: ARG002
        """Return nothing."""
        return ()
