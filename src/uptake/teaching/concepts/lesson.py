"""Define the state of a teaching dialogue between two turns, and the input and output of a teaching turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from uptake.errors import BadRecord
from uptake.teaching.concepts.artifact import Concepts, Scope, SlotType
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.house import House
from uptake.types import Interpretation

__all__ = ["Lesson", "Scene", "Taught"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Teaching dialogue that waits for an answer."""

    stage: Literal["ask", "confirm", "run", "whose", "offer"]
    """For the meaning; for a yes to it; for a yes to what is critical in it; for whose meaning is wanted; for a yes to
    what the assistant offers to learn by itself."""
    phrase: str
    """The words that are taught."""
    slot_type: SlotType = "scene"
    """Type of value that is likely meant."""
    names: tuple[str, ...] = ()
    """Devices that the request was about."""
    groups: tuple[tuple[str | None, str | None], ...] = ()
    """Rooms and kinds that the request was about."""
    near: str | None = None
    """Room that the request was about."""
    deeds: tuple[Interpretation, ...] = ()
    """The meaning so far."""
    alias_of: str | None = None
    """The thing that is meant, where another name of one is taught."""
    uses: tuple[str, ...] = ()
    """Concepts that the meaning was defined by."""
    scope: Scope = "person"
    """Whom it is for."""
    tries: int = 0
    """Questions that were asked again."""
    wanted: bool = False
    """Whether the words came up in a request, which is to be done once they are understood."""
    request: str = ""
    """That request."""

    @property
    def place(self) -> Place:
        """Place that the request named for the action."""
        return Place(names=self.names, groups=self.groups, near=self.near)

    def at(self, place: Place) -> Lesson:
        """Return the lesson about another place."""
        return replace(self, names=place.names, groups=place.groups, near=place.near)

    def to_json(self) -> str:
        """Return it as one line of JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, written: str) -> Lesson:
        """Read what `to_json` wrote.

        Raises:
            BadRecord: It is something else.
        """
        try:
            return msgspec.json.decode(written, type=cls)
        except msgspec.DecodeError as error:
            raise BadRecord("is not a teaching dialogue", field="lesson") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Input of a teaching turn."""

    user_id: str | None
    """The person; None for a voice nobody knows."""
    house: House
    """Names of the home."""
    concepts: Concepts
    """What was taught before."""
    lesson: Lesson | None = None
    """The teaching dialogue that waits for an answer."""
    done: tuple[Interpretation, ...] = ()
    """What the last turns did, for "call that party mode"."""
    failed: str = ""
    """The request before, where it was not understood."""
    may_offer: Callable[[str], bool] = field(default=lambda _key: True)
    """Whether teaching may be offered for a concept."""
    understands: Callable[[str], bool] = field(default=lambda _text: False)
    """Whether the assistant surely understands a text without being taught."""
    concerns_devices: Callable[[str], bool] = field(default=lambda _text: True)
    """Whether the assistant takes a text for a request about devices."""
    reads: Callable[[str], tuple[Interpretation, ...]] = field(default=lambda _text: ())
    """What the assistant would surely do in the home now for a text, the devices by name; empty where it would not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Output of a teaching turn: speech, actions and events."""

    speech: str = ""
    """The answer."""
    event: Interpretation | None = None
    """What the log keeps of it."""
    run: tuple[Interpretation, ...] = ()
    """What is to be done now."""
    lesson: Lesson | None = None
    """The dialogue that goes on."""
    text: str | None = None
    """A request to be handled instead; None where there is none."""
    understood: bool = True
    """Whether the turn served the person: False where nothing came of it."""
