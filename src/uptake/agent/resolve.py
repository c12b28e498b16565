"""Fourth stage: the readings tied to what exists, the context asked which is meant, and the best one resolved.

A reading may be resolved in several ways ("the light": which?), and several readings may fit. All of them go before
the context model as equals in kind; where it cannot tell, `Resolution.problem` says so and the person is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace

from uptake.agent.context import rerank
from uptake.agent.entities import Resolver
from uptake.agent.entities.resolution import Problem, Resolution
from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.memory import Memory
from uptake.agent.progress import Progress
from uptake.agent.trace import Candidate
from uptake.decide.context import ContextRanker
from uptake.types import Situation

__all__ = ["belief", "candidates", "rank", "tie", "undecided"]

_READINGS = 5
_WAYS = 4
_SHOWN = 6
_SURE = 0.9
_NAMED = 0.75
_ROOM = re.compile(r"\bin (?:the |my |our )([a-z']+(?: [a-z']+)?)(?: please| now)?$")
_NO_ROOMS = frozenset("morning afternoon evening night end way mood background meantime house home middle dark".split())
_CLOSE = 0.7  # of the likeliest way's chance: less is no choice worth offering


def rank(work: Progress, resolver: Resolver, ranker: ContextRanker | None) -> None:
    """Order every reading, each in every way it can be resolved, by what the context makes of it."""
    found = tuple(_in_the_room_said(each, work.text, resolver) for each in work.hypotheses)
    work.believed = {}
    for each in found:
        intent = each.interpretation.intent
        work.believed[intent] = max(each.confidence, work.believed.get(intent, 0.0))
    ways: list[Hypothesis] = []
    for hypothesis in found[:_READINGS]:
        reading = hypothesis.interpretation
        if reading.intent == OUT_OF_SCOPE:
            ways.append(hypothesis)
            continue
        for way in resolver.readings(reading, work.situation, _WAYS, text=work.text) or (reading,):
            ways.append(replace(hypothesis, interpretation=replace(way, confidence=reading.confidence)))
    distinct = {way.interpretation.key: way for way in reversed(ways)}
    ordered = tuple(way for way in ways if distinct.get(way.interpretation.key) is way)
    work.hypotheses = rerank(ordered, work.text, _where_it_plays(work, resolver), ranker) if ranker else ordered
    if work.hypotheses:
        best = work.hypotheses[0]
        work.trace.add("context", best.interpretation.key, best.reason or "", candidates(work.hypotheses))


def _in_the_room_said(hypothesis: Hypothesis, text: str, resolver: Resolver) -> Hypothesis:
    """A doubtful reading of a room that the home does not have, with that room: "the light in the dungeon"."""
    reading = hypothesis.interpretation
    said = _ROOM.search(text.lower())
    if hypothesis.confidence >= _SURE or said is None or not resolver.is_about_devices(reading.intent):
        return hypothesis
    room = said[1]
    if set(room.split()) & _NO_ROOMS or any(place.score >= _NAMED for place in resolver.household.match_places(room)):
        return hypothesis
    slots = (*((name, value) for name, value in reading.slots if name != "area"), ("area", room))
    return replace(hypothesis, interpretation=replace(reading, slots=slots))


def _where_it_plays(work: Progress, resolver: Resolver) -> Situation:
    """The situation, with the player that was named in the place of the device that heard the request."""
    named = dict(work.hypotheses[0].interpretation.slots).get("name") if work.hypotheses else None
    for device in resolver.home.devices:
        if device.name == named and device.domain == "media_player":
            has_screen = "screen" in device.features
            kind = device.device_class or ("display" if has_screen else "speaker")
            context = replace(work.situation.context, device_type=kind)
            return replace(work.situation, context=context, has_screen=has_screen)
    return work.situation


def tie(work: Progress, hypothesis: Hypothesis, resolver: Resolver, memory: Memory) -> Resolution:
    """Resolve the reading that was chosen, and note it in the trace."""
    resolution = resolver.resolve(hypothesis.interpretation, work.situation, memory, text=work.text)
    work.resolution = resolution
    shown = tuple(
        Candidate(label=f"{entity.slot}: {value}", score=score, by="resolver")
        for entity in resolution.entities
        for value, score in (entity.candidates or ((entity.value, entity.score or 0.0),))[:3]
    )
    if resolution.problem is not None:
        work.trace.add("resolve", resolution.problem.kind, f"slot {resolution.problem.slot}", shown)
    else:
        targets = ", ".join(device.entity_id for device in resolution.targets)
        work.trace.add("resolve", targets or "nothing to look up", resolution.interpretation.key, shown)
    return resolution


def belief(chosen: Hypothesis, work: Progress) -> float:
    """Confidence, in [0, 1], in what is wanted, however it may be resolved: no more than a reader has in it."""
    intent = chosen.interpretation.intent
    after = sum(found.confidence for found in work.hypotheses if found.interpretation.intent == intent)
    return min(after, work.believed.get(intent, 1.0))


def undecided(work: Progress, chosen: Hypothesis, resolver: Resolver, act_at: float) -> Problem | None:
    """What to ask where it is clear what is wanted and not of what: two ways of one intent about as likely.

    Ways that share a device are no such case: "the light" may be the room's or its ceiling light, and people mind
    being asked more than they mind the lamp beside it.

    Args:
        work: The turn, with its hypotheses and the resolution of `chosen`.
        chosen: The likeliest way.
        resolver: Says what the other way is about.
        act_at: Least confidence, in [0, 1], to act without asking.
    """
    reading = chosen.interpretation
    if chosen.confidence >= act_at or work.resolution is None:
        return None
    meant = {device.entity_id for device in work.resolution.targets}
    for other in work.hypotheses:
        if other is chosen or other.interpretation.intent != reading.intent:
            continue
        if other.confidence < _CLOSE * chosen.confidence:
            continue
        slot = next((name for name, value in other.interpretation.slots if (name, value) not in reading.slots), None)
        mine = next((value for name, value in reading.slots if name == slot), None)
        theirs = resolver.resolve(other.interpretation, work.situation, text=work.text)
        them = {device.entity_id for device in theirs.targets}
        if slot is None or mine is None or not meant or not them or meant & them:
            continue
        named = next(value for name, value in other.interpretation.slots if name == slot)
        return Problem(kind="ambiguous", slot=slot, options=(mine, named))
    return None


def candidates(hypotheses: tuple[Hypothesis, ...]) -> tuple[Candidate, ...]:
    """Readings as the trace shows them."""
    return tuple(
        Candidate(label=found.interpretation.key, score=found.confidence, by=found.reader, reason=found.reason)
        for found in hypotheses[:_SHOWN]
    )
