"""Bundle the assistant and the settings for the wishes of a simulated person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from uptake.assistant.components import Assigns
from uptake.lab.simulate.cached_assistant import CachedAssistant
from uptake.lab.simulate.channel import Channel
from uptake.lab.simulate.faults import Faults
from uptake.lab.simulate.hearing.channel import BookChannel
from uptake.lab.simulate.people import Repertoire
from uptake.lab.simulate.reactions import Reactions
from uptake.rewriting.pipeline import Pipeline

__all__ = ["World"]


@dataclass(slots=True, kw_only=True)
class World:
    """Assistant and settings for the wishes of a simulated person."""

    seed: int
    channel: Channel | BookChannel
    reactions: Reactions
    faults: Faults
    stand: Callable[[str], CachedAssistant]
    """The assistant for a layout."""
    pipeline: Pipeline | None = None
    """Pipeline of what was learned; None where nothing was."""
    experiment: Assigns | None = None
    """Experiment that decides who gets rewrites."""
    badly: float = -2.0
    """Shift in hearing from a fault of the recogniser, in standard deviations."""
    asks: float = 0.0
    """Share of answers after which the assistant asks whether they were right."""
    strangers: frozenset[str] = frozenset()
    """Arms in which nobody's own past is used."""
    unsaid: frozenset[str] = frozenset()
    """Wordings that nobody uses yet."""
    listed: int = 5
    """Entries of the recogniser's list that the assistant is given."""
    repertoire: Repertoire | None = None
    """What can be asked for; None for everything."""
