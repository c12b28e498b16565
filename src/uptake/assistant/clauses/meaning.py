"""Read what somebody would have done, in the words of a request, without doing it: for definitions.

The same clauses, readers and resolver as for a request of its own; what is for later, relative, critical to be sure of
or only half understood counts as not read, so that the person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from uptake.assistant.clauses.compose import Command, DirectAnswer, Instead, Parts, compose
from uptake.assistant.clauses.plan import Plan, plan
from uptake.assistant.components import Components
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.incoming import Incoming
from uptake.types import Interpretation

__all__ = ["reads"]

_SURE, _LIKELY = 0.8, 0.25
_VALUES = frozenset(
    "brightness color temperature position volume_level percentage humidity search_query media_class".split()
)
_MOST = 8  # requests in one definition


def reads(text: str, turn: Incoming, components: Components) -> tuple[Interpretation, ...]:
    """Return what a text would have done in the home now, the devices by name; empty unless all of it is understood.

    Args:
        text: What was said.
        turn: The turn; nothing is done.
        components: What the assistant is made of.
    """
    found: list[Interpretation] = []
    for command in _commands(text, turn, components):
        planned = None if command is None else plan(command, turn.situation, components, act_at=_SURE, ask_at=_LIKELY)
        if not isinstance(planned, Plan) or planned.unsure or planned.aside:
            return ()
        for step in planned.steps:
            deed = _named(step, turn, components)
            if deed is None:
                return ()
            found.append(deed)
    return tuple(dict.fromkeys(found))


def _commands(text: str, turn: Incoming, components: Components) -> Iterator[Command | None]:
    """Yield the commands that a text is made of; None for what is none."""
    household = components.resolver.household
    meant = compose(text, household, turn.now)
    texts = meant.texts if isinstance(meant, Parts) else (meant.text if isinstance(meant, Instead) else text,)
    if isinstance(meant, DirectAnswer) or len(texts) > _MOST:
        yield None
        return
    if isinstance(meant, Command):
        yield meant
        return
    for each in texts:
        inner = compose(each, household, turn.now)
        if isinstance(inner, Command | None):
            yield inner or Command(texts=(each,))
        else:
            yield Command(texts=(inner.text,)) if isinstance(inner, Instead) else None


def _named(step: Interpretation, turn: Incoming, components: Components) -> Interpretation | None:
    """Return an action with its devices by name; None for one that is for later, relative, or reaches nothing."""
    resolution = components.resolver.resolve(step, turn.situation, components.memory)
    values = tuple(pair for pair in resolution.interpretation.slots if pair[0] not in HOME_SLOTS)
    if resolution.problem is not None or not resolution.targets or {slot for slot, _ in values} - _VALUES:
        return None
    household = components.resolver.household
    names = tuple(("name", household.label(device)) for device in resolution.targets)
    return Interpretation(intent=step.intent, slots=(*names, *values))
