"""A dry run of another text in the place of what was heard: what the assistant would make of it.

Before a rewrite may replace anything, it goes through understanding, context and resolving as a request would, and
nothing is done. What was read is kept, so that the text that is acted on in the end is not read twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.parts import Parts
from uptake.agent.progress import Progress
from uptake.agent.trace import Trace
from uptake.types import Interpretation

__all__ = ["Dry", "as_logged", "best_that_exists"]

_RUNNERS_UP = 4


class Dry:
    """Reads texts as if they had been said here and now.

    Args:
        work: The turn; it is not changed.
        understand: Fills in the readings of a turn's text.
        parts: What the assistant is made of.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
    """

    def __init__(self, work: Progress, understand: Callable[[Progress], None], parts: Parts, *, ask_at: float) -> None:
        self._work, self._understand, self._parts, self._ask_at = work, understand, parts, ask_at
        self._runs: dict[str, Progress] = {}
        if work.text == work.request.text and work.hypotheses:
            self._runs[work.text] = replace(work, trace=Trace())  # it has been read already

    def __call__(self, text: str) -> Interpretation | None:
        """The reading it would act on, with its confidence; None where there is none, or nothing of it exists."""
        best = best_that_exists(self.run(text), self._parts, ask_at=self._ask_at)
        return replace(best.interpretation, confidence=min(1.0, best.confidence)) if best is not None else None

    def readings(self, text: str) -> tuple[Interpretation, ...]:
        """What it would make of a text, as the turn would log it; empty where it would act on nothing."""
        return as_logged(self.run(text), self._parts, ask_at=self._ask_at)

    def exists(self, reading: Interpretation) -> bool:
        """Whether a skill would take a reading, nothing that it needs is missing, and all that it names is here."""
        work, skills = self._work, self._parts.skills
        if reading.intent not in skills.intents:
            return False
        found = self._parts.resolver.resolve(reading, work.situation, self._parts.memory, text=work.text)
        if found.problem is not None:
            return found.problem.kind == "ambiguous"
        return not found.targets or any(skills.find(reading.intent, one.domain) for one in found.targets)

    def run(self, text: str) -> Progress:
        """The turn as it would be with this text, up to its readings."""
        found = self._runs.get(text)
        if found is None:
            found = self._runs[text] = replace(self._work, text=text, hypotheses=(), believed={}, trace=Trace())
            self._understand(found)
        return found


def best_that_exists(work: Progress, parts: Parts, *, ask_at: float) -> Hypothesis | None:
    """The first reading that speaks of what exists; None where nothing was understood.

    Args:
        work: The turn, with its readings.
        parts: Who resolves them.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
    """
    best = work.hypotheses[0] if work.hypotheses else None
    if best is None or best.confidence < ask_at or best.interpretation.intent == OUT_OF_SCOPE:
        return None
    for hypothesis in work.hypotheses[:3]:
        reading = hypothesis.interpretation
        if reading.intent == OUT_OF_SCOPE or hypothesis.confidence < ask_at:
            continue
        found = parts.resolver.resolve(reading, work.situation, parts.memory, text=work.text)
        if found.problem is None or found.problem.kind != "unknown":
            return hypothesis
    return None


def as_logged(work: Progress, parts: Parts, *, ask_at: float) -> tuple[Interpretation, ...]:
    """The reading that a turn would act on, tied to what exists and with its skill, then the runners-up.

    Empty where nothing was understood; what is none of the assistant's skills was.

    Args:
        work: The turn, with its readings.
        parts: Who resolves them.
        ask_at: Least confidence, in [0, 1], of a reading worth asking about.
    """
    best = best_that_exists(work, parts, ask_at=ask_at)
    others = tuple(one.interpretation for one in work.hypotheses)
    if best is None:
        return others[: _RUNNERS_UP + 1] if others and others[0].intent == OUT_OF_SCOPE else ()
    found = parts.resolver.resolve(best.interpretation, work.situation, parts.memory, text=work.text)
    reading = found.interpretation
    skill = parts.skills.find(reading.intent, found.targets[0].domain if found.targets else None)
    domain = skill.name if skill is not None else reading.domain
    first = replace(reading, domain=domain, confidence=best.interpretation.confidence)
    bare = replace(first, domain=None).key
    return first, *[one for one in others if replace(one, domain=None).key != bare][:_RUNNERS_UP]
