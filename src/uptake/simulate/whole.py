"""Proof of the short cut: the same requests, put to a whole assistant in each home, read in the same way.

Homes share remembered answers (`uptake.simulate.stand`). Here every home has an assistant of its own instead, with its
own memory, conversation and clock, and hears what the simulated people said in the order they said it. What they do
not share is what a standing start leaves out: habits, the time of day, what was said just before, what is switched on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from uptake.agent.entities import Resolver
from uptake.agent.keep import Keeper
from uptake.agent.loop import Agent
from uptake.agent.memory import Memory
from uptake.agent.parts import Parts
from uptake.agent.situation import Origin
from uptake.agent.skills import Skills
from uptake.agent.understand import Understanding
from uptake.decide.context import ContextRanker
from uptake.simulate.households import household, layout
from uptake.simulate.run import Town
from uptake.types import Interpretation, Request, Turn

__all__ = ["Agreement", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far remembered answers and whole assistants agree."""

    turns: int
    """Turns put to both."""
    intents: float
    """Share, in [0, 1], of the same intent (or of none in both)."""
    readings: float
    """Share of the same intent with the same slots."""
    differ: tuple[tuple[str, str, int], ...]
    """(intent remembered, intent of the whole assistant, times) of those that differ, most frequent first."""


def compare(town: Town, turns: Iterable[Turn]) -> Agreement:
    """Put turns of a town to one whole assistant a home.

    Args:
        town: The town that they come from.
        turns: Its turns of some days; without rewrites.
    """
    ordered = sorted(turns, key=lambda turn: (turn.home_id or "", turn.said_at, turn.turn_id))
    pairs: list[tuple[Interpretation | None, Interpretation | None]] = []
    for home_id, spoken in groupby(ordered, key=lambda turn: turn.home_id or ""):
        pairs += _home(town, int(home_id.partition("-")[2]), list(spoken))
    differ = Counter((_intent(one), _intent(other)) for one, other in pairs if _intent(one) != _intent(other))
    total = max(len(pairs), 1)
    return Agreement(
        turns=len(pairs),
        intents=sum(_intent(one) == _intent(other) for one, other in pairs) / total,
        readings=sum(_key(one) == _key(other) for one, other in pairs) / total,
        differ=tuple((one, other, count) for (one, other), count in differ.most_common(10)),
    )


def _home(town: Town, number: int, turns: list[Turn]) -> list[tuple[Interpretation | None, Interpretation | None]]:
    lived_in = household(town.seed, number)
    home, skills, memory = layout(lived_in.layout), Skills(), Memory()
    parts = Parts(
        home=home,
        memory=memory,
        skills=skills,
        understanding=Understanding.for_home(home, skills),
        resolver=Resolver(home, skills),
        keeper=Keeper(memory),
        ranker=ContextRanker(),
    )
    agent = Agent(parts)
    origins: dict[str | None, Origin] = {place.origin.device_id: place.origin for place in lived_in.listeners}
    found = []
    for turn in turns:
        home.set_time(turn.said_at)
        reply = agent.answer(Request(text=turn.request, user_id=turn.user_id), origins[turn.device_id])
        found.append((turn.interpretation, reply.turn.interpretation))
    memory.close()
    return found


def _intent(reading: Interpretation | None) -> str:
    return "" if reading is None else reading.intent


def _key(reading: Interpretation | None) -> str:
    return "" if reading is None else replace(reading, domain=None).key
