"""Simulate reactions to an answer: repeats, barge-ins and pauses, with rates fitted on DSTC2.

For the person, an answer is one of three: "understood", "unheard" (the assistant says that it did not understand) and
"wrong" (it does something else). DSTC2's callers had no device to undo and no assistant that asks; assumptions about
these are listed in `Habits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from uptake.errors import BadConfig
from uptake.lab.simulate.fitted_tables import FITTED, load_table, quantile
from uptake.lab.simulate.named import named

__all__ = ["SHIPPED", "Ending", "Habits", "Reaction", "Reactions", "load"]

SHIPPED = FITTED / "reactions.json"
"""The table that ships, with its provenance."""

Ending = Literal["understood", "unheard", "wrong"]
Then = Literal["repeat", "rephrase", "stop", "undo", "leave"]


def load(path: Path | None = None) -> Mapping[str, Any]:
    """Load the fitted table.

    Raises:
        BadRecord: The file is not such a table.
    """
    return load_table(path or SHIPPED, _PARTS)


_PARTS = (
    "after", "again_after_failed_repeat", "say_again", "cut_in", "success_after", "success_after_any", "misunderstood",
    "spoken_ms_per_word", "run_length",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Assumptions about people that no available data supports."""

    stop: float = 0.2
    """Share of those who do not say a wrong request again who say "stop" or "cancel"."""
    undo: float = 0.1
    """Share of those who take a wrong action back by asking for it."""
    honest: float = 0.95
    """Probability that a yes or no to the assistant's question is true."""
    answers: float = 0.8
    """Probability that such a question is answered at all."""
    plainly: float = 0.5
    """Share of rephrases that turn to the textbook wording."""
    official: float = 0.5
    """Share of rephrases that turn from one's own name for a thing to the name the home has."""
    over_articulates: float = 0.4
    """Share of repeats that are said slowly and clearly."""
    care: float = 0.25
    """Gain from speaking carefully, in standard deviations of the recogniser's threshold."""
    most: int = 5
    """Attempts at one wish after which everybody gives up."""
    gives_up: float = 0.0
    """Share of those who would say it again, as callers do, who let it be."""

    @classmethod
    def parse(cls, given: Iterable[str]) -> Habits:
        """Parse texts like "plainly=0.25"; what is not named keeps its default.

        >>> Habits.parse(["plainly=0", "most=3"]).most
        3

        Raises:
            BadConfig: There is no such habit, or its value is no number or impossible.
        """
        return cls(**named(cls, given, what="habit"))

    def __post_init__(self) -> None:
        for name in ("stop", "undo", "honest", "answers", "plainly", "official", "over_articulates", "gives_up"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in [0, 1]")
        if self.stop + self.undo > 1.0:
            raise BadConfig("stop and undo are shares of the same people: together at most 1")
        if self.most < 1:
            raise BadConfig("most must be 1 or more")


@dataclass(frozen=True, slots=True)
class Reaction:
    """Reaction of a person to an answer."""

    then: Then
    """Say the same again, say it otherwise, say stop, take it back, or leave it."""
    after_s: float
    """Seconds from the request to the next one."""
    barge_in_ms: float | None
    """Time into the answer at which they cut in; None where they hear it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """Sampler of reactions.

    Args:
        habits: Assumptions.
        table: Fitted rates; None for the shipped ones.
    """

    habits: Habits = field(default_factory=Habits)
    table: Mapping[str, Any] = field(default_factory=load)

    def react(self, ending: Ending, rng: np.random.Generator, *, attempt: int = 1) -> Reaction:
        """Draw the reaction to an answer that ended so.

        Args:
            ending: How it ended for them.
            rng: Chance of this answer.
            attempt: Which attempt at the wish it was, from 1.
        """
        shares = self.table["after"][ending]
        again = shares["repeat"] + shares["rephrase"]
        if attempt > 1 and ending != "understood":
            again = float(self.table["again_after_failed_repeat"])
        again *= 1.0 - self.habits.gives_up
        cut_in = rng.random() < shares["cut_in"]
        barge_in = quantile(shares["cut_at_ms"], rng.random()) if cut_in else None
        after_s = quantile(shares["gap_s"], rng.random())
        return Reaction(self._then(ending, again, shares, rng, attempt), after_s, barge_in)

    def _then(
        self, ending: Ending, again: float, shares: Mapping[str, Any], rng: np.random.Generator, attempt: int
    ) -> Then:
        if attempt < self.habits.most and rng.random() < again:
            repeats = shares["repeat"] / (shares["repeat"] + shares["rephrase"])
            return "repeat" if rng.random() < repeats else "rephrase"
        if ending != "wrong":
            return "leave"
        draw = rng.random()
        return "stop" if draw < self.habits.stop else "undo" if draw < self.habits.stop + self.habits.undo else "leave"

    def says_yes(self, right: bool, rng: np.random.Generator) -> bool:
        """Return the answer to a question whose true answer is `right`."""
        return right if rng.random() < self.habits.honest else not right
