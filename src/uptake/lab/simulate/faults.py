"""Inject faults, and find the failure point by restoring the truth stage by stage.

The stages, in order: `false_wake` (nothing was said to the assistant), `asr` (the recognised text), `rewrite` (the text
acted on), `nlu` (the interpretation), `entity` (resolution of its slots), `result` (execution). The failure point is
the earliest stage whose error sound later stages would not have repaired: the truth is restored before it, and later
faults are removed. An error that a later stage repaired does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from uptake.assistant.context.situation import Origin
from uptake.errors import BadConfig
from uptake.lab.simulate.answered import Answer, Result, Utterance, same
from uptake.lab.simulate.cached_assistant import CachedAssistant
from uptake.lab.simulate.named import named
from uptake.lab.simulate.people import Goal, choices, thing_slot
from uptake.types import Interpretation

__all__ = ["SOUND", "STAGES", "Case", "Faults", "Injected", "first_failure", "inject", "outcome"]

Stage = Literal["false_wake", "asr", "rewrite", "nlu", "entity", "result"]
STAGES: tuple[Stage, ...] = ("false_wake", "asr", "rewrite", "nlu", "entity", "result")
"""Stages in which a turn can fail, in order."""

_REFUSED = "Sorry, the device did not answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Rates of injected faults, in addition to natural errors.

    Args:
        false_wake: Times per person and day that the assistant takes talk in the room for a request.
        asr: Share of requests that are recognised much worse than usual.
        nlu: Share of requests whose interpretation is replaced by another intent.
        entity: Share of requests about a thing that are resolved to another thing of the kind.
        result: Share of requests whose device does not answer.
    """

    false_wake: float = 0.1
    asr: float = 0.0
    nlu: float = 0.0
    entity: float = 0.0
    result: float = 0.01

    def __post_init__(self) -> None:
        for name in ("asr", "nlu", "entity", "result"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadConfig(f"{name} must be in [0, 1]")
        if not 0.0 <= self.false_wake <= 100.0:
            raise BadConfig("false_wake must be in [0, 100]")

    @classmethod
    def parse(cls, given: Iterable[str]) -> Faults:
        """Parse texts like "asr=0.05"; what is not named keeps its default.

        >>> Faults.parse(["asr=0.05"]).asr
        0.05

        Raises:
            BadConfig: There is no such stage, or the share is no number.
        """
        return cls(**named(cls, given, what="stage to break"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """Faults in one turn; they stay when the truth is restored before them."""

    instead: Interpretation | None = None
    """Reading that takes the place of the right one (a fault of `nlu`)."""
    other: Interpretation | None = None
    """Reading with another thing (a fault of `entity`)."""
    refused: bool = False
    """Whether the device does not answer (a fault of `result`)."""

    @property
    def nothing(self) -> bool:
        """Tell whether nothing is broken."""
        return self.instead is None and self.other is None and not self.refused


SOUND = Injected()
"""Nothing is broken."""


def inject(faults: Faults, goal: Goal, others: Goal, layout: str, rng: np.random.Generator) -> Injected:
    """Draw what is broken in one turn.

    Args:
        faults: How often.
        goal: What is wanted.
        others: Another wish, to be mistaken for.
        layout: The home's layout.
        rng: Chance of this turn.
    """
    draws = rng.random(3)
    thing = thing_slot(goal.wish)
    other = None
    if thing is not None and draws[1] < faults.entity:
        slot, kind = thing
        meant = dict(goal.truth.slots)[slot]
        names = [name for name in choices(layout, kind) if name != meant]
        if names:
            name = names[int(rng.integers(len(names)))]
            other = _with(goal.truth, slot, name)
    return Injected(
        instead=others.truth if draws[0] < faults.nlu and others.truth.intent != goal.truth.intent else None,
        other=other,
        refused=bool(draws[2] < faults.result),
    )


def outcome(stand: CachedAssistant, origin: Origin, answer: Answer, broken: Injected) -> Result:
    """Return the outcome of an answer with the faults after the text, as the assistant itself would log it.

    What the stages after the broken one record is theirs to know: reading, entities and action are those of what was
    done, the confidence is the one the right reading had. Nothing of the right reading is left in them.
    """
    reading, result = answer.turn.interpretation, answer.result
    if broken.nothing or answer.question is not None or result.status != "ok":
        return result
    changed = broken.instead or broken.other
    if changed is not None:
        result = stand.do(origin, changed)
        taken = result.reading or changed
        result = replace(result, reading=replace(taken, confidence=reading.confidence if reading else None))
    return _refused(result) if broken.refused else result


def _refused(result: Result) -> Result:
    return replace(result, status="failed", changed="", speech=_REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Turn that failed."""

    goal: Goal
    """Goal of the person."""
    said: str
    """Text that was said."""
    heard: Utterance
    """Text that was heard, and what was acted on instead."""
    broken: Injected
    """Faults injected on purpose."""
    wanted: Result
    """Right outcome."""


def first_failure(stand: CachedAssistant, origin: Origin, case: Case) -> Stage:
    """Find the earliest stage whose failure the later stages, were they sound, did not make good.

    To be asked of turns that failed. Each stage is judged with what was broken after it put right: where a sound
    assistant fails with the words that were heard, and does something else with those that were said, the recogniser
    failed, whatever else was broken. And so on.
    """
    goal, heard, broken, wanted = case.goal, case.heard, case.broken, case.wanted
    by_heard = stand.hear(origin, Utterance(heard.text))
    heard_right = _reached(stand, origin, by_heard, SOUND, wanted)
    if not heard_right and heard.text != case.said:
        by_said = stand.hear(origin, Utterance(case.said))
        if not same(by_heard.result, by_said.result) or by_heard.question != by_said.question:
            return "asr"
    rewritten = heard.acted_on is not None and heard_right
    if rewritten and not _reached(stand, origin, stand.hear(origin, heard), SOUND, wanted):
        return "rewrite"
    if broken.instead is not None and heard_right:
        return "nlu"
    if not heard_right:  # nor would the words that were said have been understood
        return "nlu" if same(stand.do(origin, goal.said), wanted) else "entity"
    return "entity" if broken.other is not None else "result"


def _reached(stand: CachedAssistant, origin: Origin, answer: Answer, broken: Injected, wanted: Result) -> bool:
    """Tell whether an answer leads to what was wanted, at once or by a question about the right thing."""
    if answer.asks_whether:
        return any(same(stand.do(origin, one), wanted) for one in answer.asked)
    return same(outcome(stand, origin, answer, broken), wanted)


def _with(reading: Interpretation, slot: str, value: str) -> Interpretation:
    return replace(reading, slots=tuple((name, value if name == slot else old) for name, old in reading.slots))
