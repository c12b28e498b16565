"""Where a turn failed first: faults put in on purpose, and the stage found by putting the truth back, one after another.

The stages, in order: `false_wake` (nothing was said to the assistant), `asr` (the text heard), `rewrite` (what was acted on
instead), `nlu` (the reading), `entity` (what its slots were resolved to), `result` (the doing). With the truth put back up to
a stage, the rest of the assistant runs again; the first stage at which that restores the outcome is the failure point. An
error that a later stage made good is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from uptake.agent.situation import Origin
from uptake.errors import BadConfig
from uptake.simulate.people import Goal, choices, thing_slot
from uptake.simulate.stand import Answer, Result, Stand, Utterance, same
from uptake.types import Interpretation

__all__ = ["STAGES", "Faults", "Injected", "first_failure", "inject"]

Stage = Literal["false_wake", "asr", "rewrite", "nlu", "entity", "result"]
STAGES: tuple[Stage, ...] = ("false_wake", "asr", "rewrite", "nlu", "entity", "result")
"""Where a turn can fail, in order."""

_REFUSED = "Sorry, the device did not answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often something is broken on purpose, beside what goes wrong by itself.

    Args:
        false_wake: Times a person a day that the assistant takes talk in the room for a request.
        asr: Share of requests that are heard much worse than usual.
        nlu: Share of requests that are taken for another wish.
        entity: Share of requests about a thing that are taken for another thing of the kind.
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
        if not 0.0 <= self.false_wake <= 100.0:  # noqa: PLR2004
            raise BadConfig("false_wake must be in [0, 100]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """What is broken in one turn; it stays broken when the truth is put back before it."""

    instead: Interpretation | None = None
    """Reading that takes the place of the right one (a fault of `nlu`)."""
    other: Interpretation | None = None
    """Reading with another thing (a fault of `entity`)."""
    refused: bool = False
    """Whether the device does not answer (a fault of `result`)."""

    @property
    def nothing(self) -> bool:
        """Whether nothing is broken."""
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


def outcome(stand: Stand, origin: Origin, answer: Answer, broken: Injected) -> tuple[Interpretation | None, Result]:
    """(reading, result) of an answer with what is broken after the text."""
    reading, result = answer.turn.interpretation, answer.result
    if broken.nothing or answer.question is not None or result.status != "ok":
        return reading, result
    for changed in (broken.instead, broken.other):
        if changed is not None:
            reading, result = replace(changed, confidence=reading.confidence if reading else None), stand.do(origin, changed)
            break
    return reading, _refused(result) if broken.refused else result


def _refused(result: Result) -> Result:
    return replace(result, status="failed", changed="", speech=_REFUSED)


def first_failure(
    stand: Stand, origin: Origin, *, goal: Goal, said: str, heard: Utterance, broken: Injected, wanted: Result
) -> Stage:
    """The stage at which putting the truth back restores the outcome; to be asked of turns that failed.

    Args:
        stand: The assistant.
        origin: The device that heard it.
        goal: What was wanted.
        said: What was said.
        heard: What was heard, and what was acted on instead.
        broken: What was broken on purpose.
        wanted: What the right outcome is.
    """
    if heard.text != said:
        restored = stand.hear(origin, Utterance(said))
        if _reached(stand, origin, restored, broken, wanted):
            return "asr" if heard.acted_on is None or not _right(stand, origin, heard, broken, wanted) else "rewrite"
    elif heard.acted_on is not None and _right(stand, origin, heard, broken, wanted):
        return "rewrite"
    later = replace(broken, instead=None)
    if same(_done(stand, origin, goal.said, later), wanted):
        return "nlu"
    if same(_done(stand, origin, goal.truth, replace(later, other=None)), wanted):
        return "entity"
    return "result"


def _right(stand: Stand, origin: Origin, heard: Utterance, broken: Injected, wanted: Result) -> bool:
    """Whether the text as heard, without the rewrite, would have done."""
    return _reached(stand, origin, stand.hear(origin, Utterance(heard.text)), broken, wanted)


def _reached(stand: Stand, origin: Origin, answer: Answer, broken: Injected, wanted: Result) -> bool:
    """Whether an answer leads to what was wanted, at once or by a question about the right thing."""
    if answer.question == "confirm" and answer.asked_about is not None:
        return same(stand.do(origin, answer.asked_about), wanted)
    return same(outcome(stand, origin, answer, broken)[1], wanted)


def _done(stand: Stand, origin: Origin, meant: Interpretation, broken: Injected) -> Result:
    result = stand.do(origin, broken.other or meant)
    return _refused(result) if broken.refused and result.status == "ok" else result


def _with(reading: Interpretation, slot: str, value: str) -> Interpretation:
    return replace(reading, slots=tuple((name, value if name == slot else old) for name, old in reading.slots))
