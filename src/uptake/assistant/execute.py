"""Run the skill of a resolved request, within a time limit, with the possibility to undo its changes.

A skill that raises, or that takes too long, ends the turn as failed; the assistant continues. All changes of a skill
are in the home and in the memory, so undoing needs no help from the skill.
"""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
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

_Result = tuple[Effect, str | None]
"""What a skill says, and the kind of error that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Values that a turn changed, as they were before."""

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


def _within(handle: Callable[[], Effect | None], timeout_s: float) -> _Result:
    """Run a skill, in a thread where its time is bounded; returns its effect, or an apology and why."""

    def run() -> _Result:
        try:
            return handle() or Effect(speech=_UNSUPPORTED, status="unsupported"), None
        except DeviceFailed as error:
            return Effect(speech=_sorry(error), status="failed"), error.code
        except UptakeError as error:
            return Effect(speech=_APOLOGY, status="failed"), error.code
        except Exception as error:  # noqa: BLE001 - a broken skill must not end the assistant
            return Effect(speech=_APOLOGY, status="failed"), type(error).__name__

    if math.isinf(timeout_s):
        return run()
    return _in_time(run, timeout_s) or (Effect(speech=_LATE, status="failed"), "timeout")


class _Worker:
    """Thread that runs skills one after the other; starting a thread for each would take longer than most skills do."""

    def __init__(self) -> None:
        self.todo: SimpleQueue[Callable[[], _Result] | None] = SimpleQueue()
        self.done: SimpleQueue[_Result] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while (run := self.todo.get()) is not None:
            result, run = run(), None  # what was said is not held until the next skill runs
            self.done.put(result)
            del result


_waiting: deque[_Worker] = deque()
"""Workers that have nothing to do."""
os.register_at_fork(after_in_child=_waiting.clear)


def _in_time(run: Callable[[], _Result], timeout_s: float) -> _Result | None:
    """Run a skill in a thread; None where it takes too long: that thread is left alone with it, and ends after it."""
    try:
        worker = _waiting.pop()
    except IndexError:
        worker = _Worker()
    worker.todo.put(run)
    try:
        result = worker.done.get(timeout=timeout_s)
    except Empty:
        worker.todo.put(None)
        return None
    _waiting.append(worker)
    return result


def _sorry(error: DeviceFailed) -> str:
    return f"Sorry, the {error.entity_id.partition('.')[2].replace('_', ' ')} did not answer."
