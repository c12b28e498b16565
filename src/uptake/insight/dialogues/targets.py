"""Training targets of a reader of dialogues: one entry per turn, None if unknown.

Everything is aligned with `Session.turns`. The caller chooses and reports the source of a target (a person, a
simulator's truth, a reaction in the log): training with human labels and without them is the same call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from uptake.errors import BadConfig
from uptake.types import Interpretation

__all__ = ["FAILURES", "HEADS", "NO_REPHRASE", "Failure", "Head", "Targets"]

Head = Literal["rephrase", "defect"]
"""Heads of a reader of dialogues."""

HEADS: tuple[Head, ...] = ("rephrase", "defect")

Failure = Literal["correct", "false_wake", "asr", "nlu", "entity", "result"]
"""The earliest component that failed in a way the assistant did not recover from; NAACL 2022 Industry, pp. 141-148."""

FAILURES: tuple[Failure, ...] = ("correct", "false_wake", "asr", "nlu", "entity", "result")

NO_REPHRASE = -1
"""Stands in `Targets.rephrase` where no later turn says the request again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Targets of one session. An empty tuple means that a head has no targets.

    Raises:
        BadConfig: Lengths differ, or a rephrase does not follow the turn it belongs to.
    """

    rephrase: tuple[int | None, ...] = ()
    """For every turn the position of the later turn that says it again, `NO_REPHRASE`, or None for unknown."""
    defect: tuple[bool | None, ...] = ()
    """For every turn whether it failed its user."""
    boundary: tuple[bool | None, ...] = ()
    """For every turn whether a new goal begins with it; the first turn always begins one."""
    success: tuple[bool | None, ...] = ()
    """For every turn whether the goal it belongs to was reached."""
    meant: tuple[Interpretation | None, ...] = ()
    """For every turn what was meant, where known: no head, but it teaches which pieces of a reading to trust."""
    weights: tuple[float, ...] = ()
    """For every turn how much it counts in training; empty: 1.0 each."""

    def __post_init__(self) -> None:
        fields: list[Sequence[object]] = [self.rephrase, self.defect, self.boundary, self.success]
        lengths = {len(values) for values in [*fields, self.meant, self.weights] if values}
        if len(lengths) > 1:
            raise BadConfig("targets of one session must have one entry a turn for every head")
        for at, later in enumerate(self.rephrase):
            if later is not None and later != NO_REPHRASE and not at < later < len(self.rephrase):
                raise BadConfig("the turn that says a request again must come after it, in the same session")
