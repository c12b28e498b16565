"""Fifth stage: the skill does it, within a time limit, and what it changed can be undone.

A skill that raises, or that takes too long, ends the turn as failed; the assistant lives on. Whatever a skill changes
lies in the home and in the memory, so undoing needs no help from the skill.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from uptake.agent.home.model import Home, State
from uptake.agent.memory import Change, Memory
from uptake.agent.skills import Skills
from uptake.agent.skills.skill import Call, Effect
from uptake.errors import DeviceFailed, UptakeError

__all__ = ["Done", "Undo", "act", "undo"]

_APOLOGY = "Sorry, something went wrong while I did that."
_LATE = "Sorry, that took too long. I gave up waiting."
_UNSUPPORTED = "I understand, but I cannot do that yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What a turn changed, as it was before."""

    states: Mapping[str, State]
    """Devices whose state changed, with the state before."""
    changes: tuple[Change, ...]
    """Keys of the memory that changed, with the value before."""

    def __bool__(self) -> bool:
        """Whether anything was changed at all."""
        return bool(self.states or self.changes)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON, to be kept between processes."""
        return {
            "states": {
                entity_id: {
                    "value": state.value,
                    "attributes": dict(state.attributes),
                    "changed_at": state.changed_at.isoformat() if state.changed_at else None,
                }
                for entity_id, state in self.states.items()
            },
            "changes": [list(change) for change in self.changes],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Undo:
        """What `as_json` gave."""
        return cls(
            states={
                entity_id: State(
                    value=state["value"],
                    attributes=state["attributes"],
                    changed_at=datetime.fromisoformat(state["changed_at"]) if state["changed_at"] else None,
                )
                for entity_id, state in kept["states"].items()
            },
            changes=tuple((scope, key, value) for scope, key, value in kept["changes"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of acting."""

    effect: Effect
    """What the skill says it did."""
    undo: Undo
    """How to take it back."""
    error: str | None = None
    """Kind of error that ended it, for the trace."""


def act(call: Call, skills: Skills, *, timeout_s: float = 5.0) -> Done:
    """Let the skills do what was understood.

    Args:
        call: What was understood and resolved.
        skills: All skills.
        timeout_s: Longest time a skill may take, in seconds.
    """
    before = dict(call.home.states())
    with call.memory.recording() as changes:
        effect, error = _within(lambda: skills.handle(call), timeout_s)
    changed = {
        entity_id: before[entity_id]
        for entity_id, state in call.home.states().items()
        if entity_id in before and _differ(before[entity_id], state)
    }
    return Done(effect=effect, undo=Undo(states=changed, changes=tuple(changes)), error=error)


def undo(taken_back: Undo, home: Home, memory: Memory) -> str | None:
    """Take back what a turn did. Returns what went wrong, to be said; None where all is as it was."""
    memory.restore(list(taken_back.changes))
    try:
        home.restore(taken_back.states)
    except DeviceFailed:
        return "I could not put everything back: a device did not answer."
    return None


def _differ(before: State, after: State) -> bool:
    """Whether somebody changed a device; a room that cools meanwhile is nobody's doing."""
    return before.value != after.value or _settled(before) != _settled(after)


def _settled(state: State) -> dict[str, Any]:
    return {
        name: round(value, 1) if isinstance(value, float) else value
        for name, value in state.attributes.items()
        if not name.startswith("current_")
    }


def _within(handle: Callable[[], Effect | None], timeout_s: float) -> tuple[Effect, str | None]:
    """Run a skill in a thread of its own; returns its effect, or an apology and the kind of error."""
    found: list[tuple[Effect, str | None]] = []

    def run() -> None:
        try:
            found.append((handle() or Effect(speech=_UNSUPPORTED, status="unsupported"), None))
        except DeviceFailed as error:
            found.append((Effect(speech=_sorry(error), status="failed"), error.code))
        except UptakeError as error:
            found.append((Effect(speech=_APOLOGY, status="failed"), error.code))
        except Exception as error:  # noqa: BLE001 - a broken skill must not end the assistant
            found.append((Effect(speech=_APOLOGY, status="failed"), type(error).__name__))

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(timeout_s)
    if found:
        return found[0]
    return Effect(speech=_LATE, status="failed"), "timeout"


def _sorry(error: DeviceFailed) -> str:
    return f"Sorry, the {error.entity_id.partition('.')[2].replace('_', ' ')} did not answer."
