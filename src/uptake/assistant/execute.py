"""Execute what was understood: the skill acts within a time limit, and its changes can be undone.

A skill that raises, or that takes too long, ends the turn as failed; the assistant lives on. Whatever a skill changes
lies in the home and in the memory, so undoing needs no help from the skill.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from uptake.assistant.home.model import Home, State
from uptake.assistant.memory import Change, Memory
from uptake.assistant.skills import Skills
from uptake.assistant.skills.skill import Call, Effect
from uptake.errors import DeviceFailed, UptakeError

__all__ = ["ActionResult", "Undo", "act", "undo"]

_APOLOGY = "Sorry, something went wrong while I did that."
_LATE = "Sorry, that took too long. I gave up waiting."
_UNSUPPORTED = "I understand, but I cannot do that yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The values that a turn changed, as they were before."""

    states: Mapping[str, State]
    """Devices whose state changed, with the state before."""
    changes: tuple[Change, ...]
    """Keys of the memory that changed, with the value before."""

    def __bool__(self) -> bool:
        """Tell whether anything was changed at all."""
        return bool(self.states or self.changes)

    def then(self, later: Undo) -> Undo:
        """Return the undo of this and of what was done after it."""
        return Undo(states={**later.states, **self.states}, changes=(*self.changes, *later.changes))

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, to be kept between processes."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Undo:
        """Read what `as_json` wrote."""
        return msgspec.convert(kept, cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """Result of acting."""

    effect: Effect
    """The answer of the skill."""
    undo: Undo
    """Undo of the action."""
    error: str | None = None
    """Kind of error that ended it, for the trace."""


def act(call: Call, skills: Skills, *, timeout_s: float = 5.0) -> ActionResult:
    """Let the skills do what was understood.

    Args:
        call: What was understood and resolved.
        skills: All skills.
        timeout_s: Longest time a skill may take, in seconds; infinite for no bound.
    """
    before = dict(call.home.states())
    with call.memory.recording() as changes:
        effect, error = _within(lambda: skills.handle(call), timeout_s)
    changed = {
        entity_id: before[entity_id]
        for entity_id, state in call.home.states().items()
        if entity_id in before and _differ(before[entity_id], state)
    }
    return ActionResult(effect=effect, undo=Undo(states=changed, changes=tuple(changes)), error=error)


def undo(taken_back: Undo, home: Home, memory: Memory) -> str | None:
    """Undo a turn. Returns what went wrong, to be said; None where all is as it was."""
    memory.restore(list(taken_back.changes))
    try:
        home.restore(taken_back.states)
    except DeviceFailed:
        return "I could not put everything back: a device did not answer."
    return None


def _differ(before: State, after: State) -> bool:
    """Tell whether somebody changed a device; changes by time alone, such as a cooling room, do not count."""
    if before is after:
        return False
    return before.value != after.value or _steady_attributes(before) != _steady_attributes(after)


def _steady_attributes(state: State) -> dict[str, Any]:
    return {
        name: round(value, 1) if isinstance(value, float) else value
        for name, value in state.attributes.items()
        if not name.startswith("current_")
    }


def _within(handle: Callable[[], Effect | None], timeout_s: float) -> tuple[Effect, str | None]:
    """Run a skill, in a thread of its own where its time is bounded; returns its effect, or an apology and why."""
    results: list[tuple[Effect, str | None]] = []

    def run() -> None:
        try:
            results.append((handle() or Effect(speech=_UNSUPPORTED, status="unsupported"), None))
        except DeviceFailed as error:
            results.append((Effect(speech=_sorry(error), status="failed"), error.code))
        except UptakeError as error:
            results.append((Effect(speech=_APOLOGY, status="failed"), error.code))
        except Exception as error:  # noqa: BLE001 - a broken skill must not end the assistant
            results.append((Effect(speech=_APOLOGY, status="failed"), type(error).__name__))

    if math.isinf(timeout_s):
        run()
    else:
        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        worker.join(timeout_s)
    if results:
        return results[0]
    return Effect(speech=_LATE, status="failed"), "timeout"


def _sorry(error: DeviceFailed) -> str:
    return f"Sorry, the {error.entity_id.partition('.')[2].replace('_', ' ')} did not answer."
