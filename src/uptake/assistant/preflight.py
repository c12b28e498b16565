"""Interpret and resolve another text in place of the recognised one, without acting on it.

Before a rewrite replaces a request, it is interpreted and resolved in a dry run. The result is cached, so that the text
that is acted on is not interpreted twice.
"""

from __future__ import annotations

from dataclasses import replace

from uptake.assistant.components import Components
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.read import Readings, read
from uptake.assistant.resolve import Resolved, as_logged, choose, resolve
from uptake.assistant.stakes import act_at
from uptake.rewriting.verbalize import wording
from uptake.text.deeds import irrevocable
from uptake.types import Consequence, Interpretation, Situation

__all__ = ["DryRun"]

_NAMES_THINGS = frozenset({"name", "area", "floor", "domain", "device_class"})


class DryRun:
    """Dry run of texts as if they had been said in place of `heard`; each text is interpreted once.

    Args:
        ask_at: Smallest confidence, in [0, 1], of an interpretation for a question.
    """

    def __init__(self, heard: Readings, situation: Situation, components: Components, *, ask_at: float) -> None:
        self._heard, self._situation, self._components, self._ask_at = heard, situation, components, ask_at
        self._read = {heard.text: heard}
        self._best: dict[str, Resolved | None] = {}

    @property
    def sure(self) -> float:
        """Confidence, in [0, 1], in the request as heard; 0 where nothing of it exists."""
        best = self.best(self._heard.text)
        return min(1.0, best.hypothesis.confidence) if best is not None and best.exists else 0.0

    def __call__(self, text: str) -> Interpretation | None:
        """Return the reading to act on, with its confidence; None where there is none, or nothing of it exists."""
        best = self.best(text)
        if best is None or not best.exists:
            return None
        return replace(best.hypothesis.interpretation, confidence=min(1.0, best.hypothesis.confidence))

    def readings(self, text: str) -> tuple[Interpretation, ...]:
        """Return the readings of a text as the turn would log them; empty where it would act on nothing."""
        best = self.best(text)
        return as_logged(self.read(text), best, self._components.skills) if best is None or best.exists else ()

    def exists(self, reading: Interpretation) -> bool:
        """Tell whether a skill would take a reading, with nothing missing and all that it names here."""
        skills, resolver = self._components.skills, self._components.resolver
        if reading.intent not in skills.intents:
            return False
        resolution = resolver.resolve(reading, self._situation, self._components.memory, text=self._heard.text)
        if resolution.problem is not None:
            return resolution.problem.kind == "ambiguous"
        return not resolution.targets or any(skills.find(reading.intent, one.domain) for one in resolution.targets)

    def foresee(self, meant: str | Interpretation | None = None) -> Consequence | None:
        """Return what acting on a text or a reading would change; on the request as it was heard for None."""
        if isinstance(meant, Interpretation):
            hypothesis = Hypothesis(interpretation=meant, reader="preflight")
            best: Resolved | None = resolve(hypothesis, self._heard, self._situation, self._components)
        else:
            best = self.best(self._heard.text if meant is None else meant)
        if best is None or not best.exists:
            return None
        skills, resolution = self._components.skills, best.resolution
        reading, targets = resolution.interpretation, resolution.targets
        intent = skills.intents.get(reading.intent)
        return Consequence(
            intent=reading.intent,
            things=frozenset(device.entity_id for device in targets),
            values=tuple(sorted(slot for slot in reading.slots if not targets or slot[0] not in _NAMES_THINGS)),
            changes=intent is None or intent.changes,
            irrevocable=skills.must_ask(reading.intent, targets)
            or (
                (intent is None or intent.changes) and bool(irrevocable(wording(Interpretation(intent=reading.intent))))
            ),
            asks=meant is None and self._heard.belief(reading.intent) < act_at(reading.intent),
        )

    def read(self, text: str) -> Readings:
        """Read a text."""
        readings = self._read.get(text)
        if readings is None:
            readings = self._read[text] = read(text, self._situation, self._components)
        return readings

    def best(self, text: str) -> Resolved | None:
        """Return the resolved reading of a text that would be acted on; None where nothing was understood."""
        if text not in self._best:
            self._best[text] = choose(self.read(text), self._situation, self._components, ask_at=self._ask_at)
        return self._best[text]
