"""Run taught actions: resolve each like a request, run them one after the other, undo them as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from uptake.assistant.act_or_ask import call_of, save_home
from uptake.assistant.components import Components
from uptake.assistant.dialogue.clarify import question
from uptake.assistant.execute import Undo, act
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.skills.skill import Announcement
from uptake.assistant.teaching.memory import concepts_of
from uptake.teaching.concepts.artifact import key_of
from uptake.types import Interpretation, ResolvedEntity

__all__ = ["Ran", "run_all", "still_known"]

_FEW = 2
"""Most actions whose answers are each said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """Result of running some actions."""

    speech: str = ""
    """What to say."""
    action: str | None = None
    """What was done, in the terms of the skills."""
    entities: tuple[ResolvedEntity, ...] = ()
    """The devices that were reached."""
    undo: Undo = field(default_factory=lambda: Undo(states={}, changes=()))
    """How to undo all of it."""
    failed: bool = False
    """Whether an action could not be done."""


def still_known(due: Iterable[Announcement], memory: Memory) -> Iterator[Announcement]:
    """Yield what has fallen due; of a name that was forgotten meanwhile, that it cannot be run."""
    for one in due:
        gone = one.is_taught and key_of(one.request or "") not in concepts_of(memory).visible(one.user_id)
        told = f"I was to run {one.request} now, but nothing is called that any more: delete that reminder, please."
        yield replace(one, speech=told, request=None) if gone else one


def run_all(deeds: Sequence[Interpretation], turn: Incoming, components: Components, *, timeout_s: float) -> Ran:
    """Run actions one after the other; one that fails does not keep the others from being done.

    Args:
        deeds: The actions.
        turn: The turn; in a dry run nothing is done.
        components: What the assistant is made of.
        timeout_s: Longest time that one action may take, in seconds.
    """
    said: list[str] = []
    wrong: list[str] = []
    actions: list[str] = []
    entities: list[ResolvedEntity] = []
    undo = Undo(states={}, changes=())
    for deed in deeds:
        resolution = components.resolver.resolve(deed, turn.situation, components.memory)
        entities += resolution.entities
        if resolution.problem is not None:
            intent = components.skills.intents.get(deed.intent)
            wrong.append(question(resolution.problem, resolution.interpretation, intent))
            continue
        if turn.dry_run:
            actions.append(f"would do {deed.intent}")
            continue
        done = act(call_of(turn, resolution, components), components.skills, timeout_s=timeout_s)
        (said if done.effect.status == "ok" else wrong).append(done.effect.speech)
        actions += [done.effect.action] if done.effect.action else []
        undo = Undo(states={**done.undo.states, **undo.states}, changes=(*undo.changes, *done.undo.changes))
    if undo.states:
        save_home(components)
    told = [*said, *wrong] if len(said) <= _FEW else ["Done.", *wrong]
    return Ran(
        speech=" ".join(dict.fromkeys(told)),
        action="; ".join(actions) or None,
        entities=tuple(entities),
        undo=undo,
        failed=bool(wrong),
    )
