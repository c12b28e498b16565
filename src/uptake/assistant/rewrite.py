"""Apply a rewrite to an interpreted request, if a step proposes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from uptake.assistant.components import Components
from uptake.assistant.entities.resolution import Resolution
from uptake.assistant.incoming import Incoming
from uptake.assistant.preflight import DryRun
from uptake.assistant.read import Readings, take
from uptake.assistant.readers.courtesy import VERBS
from uptake.assistant.record.trace import Candidate
from uptake.assistant.resolve import Resolved, resolve
from uptake.assistant.stakes import ACT_AT, act_at
from uptake.rewriting.pipeline import Outcome
from uptake.rewriting.verbalize import means_the_same
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation

__all__ = ["Offered", "Rewritten", "rewrite"]

_MOST_OTHERS = 2  # requests that may have been meant, beside the likeliest
_MOST_LEFT = 2  # words of a guess that its reading need not hold
_OPPOSITE = (
    frozenset({"HassLawnMowerDock", "HassLawnMowerStartMowing"}),
    frozenset({"HassVacuumReturnToBase", "HassVacuumStart"}),
)


class Offered(NamedTuple):
    """Alternative request that may have been meant, beside the likeliest."""

    decision: Decision | None
    """What would be acted on; None for the request as heard."""
    resolution: Resolution
    """Its reading, and the things it refers to."""

    @property
    def reading(self) -> Interpretation:
        """Interpretation, with canonical slot values."""
        return self.resolution.interpretation


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """Request as recognised, or its rewrite."""

    readings: Readings
    """Readings of what is acted on."""
    best: Resolved | None
    """The best of them, resolved; None where nothing was understood."""
    outcome: Outcome | None = None
    """The verdict of every step; None where none was asked."""
    decision: Decision | None = None
    """The rewrite that is acted on; None for the request as heard, as an arm without rewrites always has it."""
    sure: float | None = None
    """Confidence, in [0, 1], in the request as heard; None where rewriting was not asked."""
    others: tuple[Offered, ...] = ()
    """Other requests that may have been meant, where the person is to be asked which."""

    def to_ask(self) -> Rewritten:
        """Return the same, never done unasked: what was heard asks about something, so it may have been misheard."""
        if self.decision is None:
            return self
        return replace(self, decision=replace(self.decision, must_confirm=True, unproven=True))


def rewrite(turn: Incoming, heard: Readings, components: Components, *, ask_at: float) -> Rewritten:
    """Ask what to act on instead of what was heard; a rewrite is read, or its learned reading is taken."""
    dry = DryRun(heard, turn.situation, components, ask_at=ask_at)
    best, sure, outcome = dry.best(heard.text), dry.sure, None
    turn.trace.restart()  # resolving has its own time
    if components.pipeline is not None:
        outcome = components.pipeline.decide(replace(turn.request, confidence=sure), turn.situation, dry)
    withheld = turn.assigned is not None and not turn.assigned.rewrites
    _note(turn, outcome, withheld=withheld)
    as_heard = Rewritten(readings=heard, best=best, outcome=outcome, sure=sure)
    decision = outcome.decision if outcome is not None and not withheld else None
    if decision is None:
        return as_heard
    if decision.interpretation is not None:
        readings = take(decision, decision.interpretation, heard)
        best = resolve(readings.hypotheses[0], readings, turn.situation, components)
    else:
        readings, best = dry.read(decision.acted_on), dry.best(decision.acted_on)
    if best is not None and _strays(best, heard.text, components):
        return as_heard
    asks = decision.must_confirm or (best is not None and best.hypothesis.confidence < ACT_AT)
    own = _asked_anyway(as_heard, best, components) if best is not None else None
    loses = decision.evidence is None and _loses_name(heard.text, decision.acted_on, components)
    much = _leaves_much(decision.acted_on, best, most=0 if loses else _MOST_LEFT)
    if asks and ((loses and own is None) or much or _is_idle(best, as_heard.best)):
        return as_heard
    turn.trace.extend(readings.stages)
    others = _offered(decision.others, best, dry) if decision.must_confirm and best is not None else ()
    if decision.must_confirm and own is not None:
        apart = [one for one in others if not means_the_same(one.reading, own.reading)]
        others = (*apart[: _MOST_OTHERS - 1], own)
    return replace(as_heard, readings=readings, best=best, decision=decision, others=others)


def _loses_name(heard: str, acted_on: str, components: Components) -> bool:
    """Tell whether a guess takes away a whole name of the home that was said: "clothes the bedroom curtains"."""
    said, kept = normalize(heard), normalize(acted_on)
    names = (normalize(device.name) for device in components.resolver.household.devices)
    return any(" " in name and name in said and name not in kept for name in names)


def _offered(others: Sequence[Decision], best: Resolved, dry: DryRun) -> tuple[Offered, ...]:
    """Return what can be done of what may have been meant, one a meaning."""
    known, found = [best.resolution.interpretation], []
    for one in others:
        resolved = dry.best(one.acted_on)
        if resolved is None or resolved.resolution.problem is not None:
            continue
        reading = resolved.resolution.interpretation
        if not any(means_the_same(reading, other) for other in known):
            known.append(reading)
            found.append(Offered(one, resolved.resolution))
    return tuple(found)


def _asked_anyway(heard: Rewritten, best: Resolved, components: Components) -> Offered | None:
    """Return the request as heard, where the person would have been asked about it anyway; None where not."""
    if heard.best is None or heard.best.resolution.problem is not None:
        return None
    resolution, skills = heard.best.resolution, components.skills
    reading = resolution.interpretation
    intent = skills.intents.get(reading.intent)
    if intent is None or not intent.changes or skills.must_ask(reading.intent, resolution.targets):
        return None
    acts = heard.readings.belief(reading.intent) >= act_at(reading.intent)
    same = means_the_same(reading, best.resolution.interpretation)
    return None if acts or same else Offered(None, resolution)


def _strays(best: Resolved, heard: str, components: Components) -> bool:
    """Tell whether a rewrite puts a device where none can be: "bread, butter" on a list is no "back door"."""
    reading, household = best.resolution.interpretation, components.resolver.household
    if components.resolver.is_about_devices(reading.intent):
        return False
    labels = {household.label(device).casefold() for device in household.devices}
    values = {value.casefold() for slot, value in reading.slots if slot in ("name", "item")}
    return any(value not in heard.casefold() for value in values & labels)


def _is_idle(instead: Resolved | None, heard: Resolved | None) -> bool:
    """Tell whether nobody need be asked about a rewrite: a template knows what was heard, and the rewrite is a guess.

    So is one that sends a machine out where it is to be sent home.
    """
    if instead is None or heard is None or heard.hypothesis.reader != "grammar" or not heard.exists:
        return False
    if {instead.hypothesis.interpretation.intent, heard.hypothesis.interpretation.intent} in _OPPOSITE:
        return True
    return instead.hypothesis.reader == "statistical" and heard.hypothesis.confidence >= ACT_AT


def _leaves_much(text: str, instead: Resolved | None, *, most: int) -> bool:
    """Tell whether a rewrite that was read by likeness leaves more than `most` words unread: not worth a question.

    "Start the washing mashine, its got movie time kit in" is no request for Movie Night.
    """
    if instead is None or instead.hypothesis.reader != "statistical":
        return False
    reading = instead.resolution.interpretation
    said = {word for _, value in reading.slots for word in normalize(value).split()}
    left = [word for word in content_words(normalize(text)) if word not in said and word not in VERBS]
    return len(left) > most


def _note(turn: Incoming, outcome: Outcome | None, *, withheld: bool) -> None:
    trace = turn.trace
    if outcome is None:
        trace.add("rewrite", "left as it is", "nothing was learned yet")
        return
    steps = tuple(
        Candidate(label=f"{entry.step}: {entry.verdict}", by=entry.step, reason=entry.reason) for entry in outcome.trace
    )
    if outcome.decision is None:
        trace.add("rewrite", "left as it is", outcome.left_because, steps)
    elif withheld and turn.assigned is not None:
        trace.add("rewrite", "withheld", f"arm {turn.assigned.arm}: {outcome.decision.reason}", steps)
    else:
        trace.add("rewrite", outcome.decision.acted_on, outcome.decision.reason, steps)
