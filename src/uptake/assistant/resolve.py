"""Resolve hypotheses: link the best one to existing devices, titles and places, or return the question to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter_ns

from uptake.assistant import stakes
from uptake.assistant.components import Components
from uptake.assistant.context.context_reader import ContextReader
from uptake.assistant.context.deixis import parse_deixis
from uptake.assistant.entities.resolution import Problem, Resolution
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.assistant.read import Readings
from uptake.assistant.record.trace import Candidate, StageTrace, Trace
from uptake.assistant.skills import Skills
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation

__all__ = ["Resolved", "answering", "as_logged", "changes", "choose", "note", "resolve", "weigh"]

_TRIED = 3
_OTHERS = 4
_CLOSE = 0.7  # of the likeliest way's chance: less is no choice worth offering


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Resolved hypothesis to act on."""

    hypothesis: Hypothesis
    """The reading as it was proposed."""
    resolution: Resolution
    """The things it refers to, or what stands in the way."""
    others: tuple[Interpretation, ...] = ()
    """Other readings of the same text, best first."""
    passed_over: tuple[Hypothesis, ...] = ()
    """Better readings that name nothing in this home."""
    unsure: bool = False
    """Whether to ask first although nothing critical is meant."""
    time_ms: float = 0.0
    """Time that resolving took, in milliseconds."""

    @property
    def exists(self) -> bool:
        """Whether everything that it names exists here."""
        return self.resolution.problem is None or self.resolution.problem.kind != "unknown"


def resolve(hypothesis: Hypothesis, readings: Readings, situation: Situation, components: Components) -> Resolved:
    """Resolve one of some readings."""
    began = perf_counter_ns()
    reading = hypothesis.interpretation
    resolution = components.resolver.resolve(reading, situation, components.memory, text=readings.text)
    others = (one.interpretation for one in readings.hypotheses if one is not hypothesis)
    return Resolved(
        hypothesis=hypothesis,
        resolution=resolution,
        others=tuple(other for other in others if other.intent != OUT_OF_SCOPE)[:_OTHERS],
        time_ms=(perf_counter_ns() - began) / 1e6,
    )


def choose(readings: Readings, situation: Situation, components: Components, *, ask_at: float) -> Resolved | None:
    """Resolve the first reading that names what exists; the best one where none of the first few does.

    Returns:
        None where no reading has a confidence of `ask_at`, or the best is none of the assistant's skills.
    """
    tried: list[Resolved] = []
    for hypothesis in readings.hypotheses[:_TRIED]:
        if hypothesis.confidence >= ask_at and hypothesis.interpretation.intent != OUT_OF_SCOPE:
            tried.append(resolve(hypothesis, readings, situation, components))
            if tried[-1].exists:
                break
        elif not tried:
            break  # nothing is surer than what is not understood
    if not tried:
        return None
    chosen = tried[-1] if tried[-1].exists else tried[0]
    passed_over = tuple(one.hypothesis for one in tried[:-1]) if chosen.exists else ()
    return replace(chosen, passed_over=passed_over, time_ms=sum(one.time_ms for one in tried))


def weigh(
    resolved: Resolved, readings: Readings, situation: Situation, components: Components, *, act_at: float
) -> Resolved:
    """Add what has to be asked where the readings leave in doubt what is wanted, or of what.

    Of what is in doubt where two ways of one intent are about as likely. Ways that share a device are no such case:
    "the light" may be the room's or its ceiling light, and people mind being asked more than they mind the lamp
    beside it. `act_at` is the least confidence, in [0, 1], of acting without asking on what is easily put right; what
    costs more, or less, has its own (`stakes`).
    """
    problem = None
    least = stakes.act_at(resolved.hypothesis.interpretation.intent, base=act_at)
    if resolved.hypothesis.confidence < least:
        problem = _rival(resolved, readings, situation, components)
        unnamed = _unnamed(resolved, readings, situation, components) if problem is not None else None
        if unnamed is not None:
            return unnamed
    resolution = resolved.resolution if problem is None else replace(resolved.resolution, problem=problem)
    unsure = readings.belief(resolved.hypothesis.interpretation.intent) < least
    return replace(
        resolved, resolution=resolution, unsure=unsure or _is_elsewhere(resolved, readings.text, situation, components)
    )


def _is_elsewhere(resolved: Resolved, text: str, situation: Situation, components: Components) -> bool:
    """Tell whether "it", of which nothing was said, is taken for a thing in another room: then the person is asked."""
    room = situation.context.room
    if situation.recent or room is None or resolved.hypothesis.reader != ContextReader.name:
        return False
    pointed = parse_deixis(normalize(text))
    here = {area.area_id for area in components.home.areas if area.name == room}
    places = {device.area_id for device in resolved.resolution.targets}
    return pointed is not None and pointed.points and bool(places) and places.isdisjoint({*here, None})


def _rival(resolved: Resolved, readings: Readings, situation: Situation, components: Components) -> Problem | None:
    """Return the choice between the reading and another way of its intent that is about as likely."""
    chosen, meant = resolved.hypothesis, {device.entity_id for device in resolved.resolution.targets}
    reading = chosen.interpretation
    for other in readings.hypotheses:
        if other is chosen or other.interpretation.intent != reading.intent:
            continue
        if other.confidence < _CLOSE * chosen.confidence:
            continue
        slot = next((name for name, value in other.interpretation.slots if (name, value) not in reading.slots), None)
        mine = next((value for name, value in reading.slots if name == slot), None)
        theirs = components.resolver.resolve(other.interpretation, situation, text=readings.text)
        them = {device.entity_id for device in theirs.targets}
        if slot is None or mine is None or not meant or not them or meant & them:
            continue
        named = next(value for name, value in other.interpretation.slots if name == slot)
        return Problem(kind="ambiguous", slot=slot, options=(mine, named))
    return None


def _unnamed(resolved: Resolved, readings: Readings, situation: Situation, components: Components) -> Resolved | None:
    """Return the reading that names nothing, where it asks something that has an answer all the same."""
    if changes(resolved, components.skills):
        return None
    intent = resolved.hypothesis.interpretation.intent
    others = (one for one in readings.hypotheses if one.interpretation.intent == intent)
    bare = next((one for one in others if not one.interpretation.slots), None)
    found = resolve(bare, readings, situation, components) if bare is not None else None
    return found if found is not None and found.resolution.problem is None else None


def as_logged(readings: Readings, resolved: Resolved | None, skills: Skills) -> tuple[Interpretation, ...]:
    """Return the reading as a turn logs it, resolved and with the name of its skill, then up to four runners-up.

    Empty where nothing was understood, and where it was taken for none of the assistant's skills: that it cannot be
    done is its status, and no meaning that a person could say again.
    """
    others = tuple(one.interpretation for one in readings.hypotheses)
    if resolved is None:
        return ()
    reading, targets = resolved.resolution.interpretation, resolved.resolution.targets
    skill = skills.find(reading.intent, targets[0].domain if targets else None)
    domain = skill.name if skill is not None else reading.domain
    first = replace(reading, domain=domain, confidence=resolved.hypothesis.interpretation.confidence)
    return first, *[one for one in others if one.meaning != first.meaning][:_OTHERS]


def note(resolved: Resolved, trace: Trace) -> None:
    """Put into the trace what was resolved, and which better readings name nothing in this home."""
    resolution = resolved.resolution
    shown = tuple(
        Candidate(label=f"{entity.slot}: {value}", score=score, by="resolver")
        for entity in resolution.entities
        for value, score in (entity.candidates or ((entity.value, entity.score or 0.0),))[:3]
    )
    shown += tuple(
        Candidate(label=one.interpretation.key, score=one.confidence, by="resolver", reason="names nothing here")
        for one in resolved.passed_over
    )
    targets = ", ".join(device.entity_id for device in resolution.targets)
    verdict, reason = targets or "nothing to look up", resolution.interpretation.key
    if resolution.problem is not None:
        verdict, reason = str(resolution.problem.kind), f"slot {resolution.problem.slot}"
    stage = StageTrace(stage="resolve", verdict=verdict, reason=reason, candidates=shown, time_ms=resolved.time_ms)
    trace.extend([stage])


def changes(best: Resolved, skills: Skills) -> bool:
    """Return whether a reading changes anything."""
    intent = skills.intents.get(best.resolution.interpretation.intent)
    return intent is not None and intent.changes


def answering(readings: Readings, skills: Skills) -> Readings:
    """Return those readings of a question that change nothing."""
    kept = tuple(
        each
        for each in readings.hypotheses
        if (intent := skills.intents.get(each.interpretation.intent)) is not None and not intent.changes
    )
    return replace(readings, hypotheses=kept)
