"""Interpret a text: the readers propose hypotheses, and the situation ranks them.

A hypothesis may be resolved in several ways ("the light": which?), and several hypotheses may fit. The context model
ranks all of them together. Interpreting changes nothing, so a rewrite is interpreted by the same function first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from uptake.assistant.components import Components
from uptake.assistant.context.air import of_the_room
from uptake.assistant.context.context_reader import rerank
from uptake.assistant.context.things import same_act
from uptake.assistant.entities import Resolver
from uptake.assistant.hypotheses import OUT_OF_SCOPE, Hypothesis, trusted
from uptake.assistant.record.trace import Candidate, StageTrace, Trace
from uptake.assistant.values import as_said
from uptake.rewriting.verbalize import means_the_same
from uptake.types import Decision, Interpretation, Situation

__all__ = ["Readings", "read", "take"]

_READINGS = 5
_WAYS = 4
_SHOWN = 6
_SURE = 0.9
_NAMED = 0.75
_ASKED = 0.45  # confidence of a reading that is asked about
_ROOM = re.compile(r"\bin (?:the |my |our )([a-z']+(?: [a-z']+)?)(?: please| now)?$")
_NO_ROOMS = frozenset("morning afternoon evening night end way mood background meantime house home middle dark".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Text with its hypotheses."""

    text: str
    """The text that was read."""
    hypotheses: tuple[Hypothesis, ...] = ()
    """Readings, best first, each in every way it can be resolved."""
    beliefs: Mapping[str, float] = field(default_factory=dict)
    """Highest confidence that a reader had in each intent, before the situation was weighed."""
    stages: tuple[StageTrace, ...] = ()
    """Steps that gave them, for the trace: "read", then "context"."""

    def belief(self, intent: str) -> float:
        """Return the confidence, in [0, 1], in an intent however it is resolved: no more than a reader has in it."""
        after = sum(
            hypothesis.confidence for hypothesis in self.hypotheses if hypothesis.interpretation.intent == intent
        )
        return min(after, self.beliefs.get(intent, 1.0))


def read(text: str, situation: Situation, components: Components, *, others: Sequence[Hypothesis] = ()) -> Readings:
    """Read a text, and order its readings, and those of `others`, by what the situation makes of them."""
    if components.keeps is None or others:
        return _read(text, situation, components, others)
    return components.keeps.reading(text, situation, lambda: _read(text, situation, components))


def _read(text: str, situation: Situation, components: Components, others: Sequence[Hypothesis] = ()) -> Readings:
    trace, resolver, ranker = Trace(), components.resolver, components.ranker
    proposed = components.understanding.read(text, situation)
    if others:
        proposed = _with_others(proposed, others)
    if ranker is not None:
        proposed = same_act(
            proposed, text, situation, intents=components.skills.intents, home=components.home, ranker=ranker
        )
    _note(trace, "read", proposed)
    placed = [_in_the_room_said(as_said(each, text, resolver.household), text, resolver) for each in proposed]
    beliefs: dict[str, float] = {}
    for each in placed:
        intent = each.interpretation.intent
        beliefs[intent] = max(each.confidence, beliefs.get(intent, 0.0))
    ways = [way for each in placed[:_READINGS] for way in _ways(each, text, situation, resolver)]
    first = {way.interpretation.key: way for way in reversed(ways)}
    ordered = tuple(way for way in ways if first[way.interpretation.key] is way)
    if ranker is not None:
        ordered = rerank(ordered, text, _where_it_plays(proposed, situation, resolver), ranker)
        ordered = of_the_room(ordered, text, situation, components.home)
    ordered = _as_named(_not_respelt(ordered), proposed, text)
    if ordered:
        _note(trace, "context", ordered, ordered[0].reason or "")
    return Readings(text=text, hypotheses=ordered, beliefs=beliefs, stages=tuple(trace.stages))


def _with_others(found: Sequence[Hypothesis], others: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Merge with somebody else's readings, one a meaning: any beats knowing none, and company makes nobody surer."""
    if any(each.interpretation.intent != OUT_OF_SCOPE for each in others):
        found = [each for each in found if each.interpretation.intent != OUT_OF_SCOPE]
    best: dict[str, Hypothesis] = {}
    for each in sorted((*found, *others), key=lambda each: -each.confidence):
        best.setdefault(each.interpretation.meaning, each)
    return tuple(best.values())


def _as_named(ordered: Sequence[Hypothesis], proposed: Sequence[Hypothesis], text: str) -> tuple[Hypothesis, ...]:
    """Put what was named, however it was spelt, before what no word speaks for: "bathrom fann" is no light.

    It is asked about then.
    """
    name = dict(proposed[0].interpretation.slots).get("name") if proposed else None
    if not ordered or name is None or proposed[0].reader not in ("grammar", "tolerant"):
        return tuple(ordered)
    said = set(text.lower().split())
    named = next((each for each in ordered if dict(each.interpretation.slots).get("name") == name), None)
    top = {word for _, value in ordered[0].interpretation.slots for word in value.lower().split()}
    if named is None or named is ordered[0] or top & said or not top:
        return tuple(ordered)
    first = replace(named, interpretation=replace(named.interpretation, confidence=_ASKED))
    return first, *(
        each for each in ordered if each is not named and each.interpretation.intent != first.interpretation.intent
    )


def _not_respelt(ordered: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Keep words that fit a template as they are: "buy stamps" is no "buy lamps", and both speak for the intent."""
    kept = {_frame(each): each for each in reversed(ordered) if each.reader == "grammar"}
    gone = [each for each in ordered if each.reader == "tolerant" and _frame(each) in kept]
    if not gone:
        return tuple(ordered)
    for each in gone:
        one = kept[_frame(each)].interpretation
        sure = min((one.confidence or 0.0) + each.confidence, 1.0)
        kept[_frame(each)] = replace(kept[_frame(each)], interpretation=replace(one, confidence=sure))
    others = [each for each in ordered if each.reader not in ("grammar", "tolerant") or _frame(each) not in kept]
    again = [each for each in ordered if each.reader == "grammar" and each.interpretation.slots != _said(kept, each)]
    return tuple(sorted([*kept.values(), *others, *again], key=lambda each: -each.confidence))


def _said(kept: Mapping[tuple[str, tuple[str, ...]], Hypothesis], each: Hypothesis) -> tuple[tuple[str, str], ...]:
    return kept[_frame(each)].interpretation.slots


def _frame(hypothesis: Hypothesis) -> tuple[str, tuple[str, ...]]:
    reading = hypothesis.interpretation
    return reading.intent, tuple(sorted(slot for slot, _ in reading.slots if slot != "media_class"))


def take(learned: Decision, reading: Interpretation, readings: Readings) -> Readings:
    """Put a learned reading before those of the request as heard, which become its runners-up."""
    meant, trace = Hypothesis(interpretation=reading, reader=learned.step, reason=learned.reason), Trace()
    others = (one for one in readings.hypotheses if not means_the_same(one.interpretation, reading))
    hypotheses = (meant, *others)
    _note(trace, "read", hypotheses, learned.reason)
    return replace(readings, text=learned.acted_on, hypotheses=hypotheses, stages=tuple(trace.stages))


def _note(trace: Trace, stage: str, hypotheses: Sequence[Hypothesis], reason: str = "") -> None:
    shown = tuple(
        Candidate(
            label=hypothesis.interpretation.key,
            score=hypothesis.confidence,
            by=hypothesis.reader,
            reason=hypothesis.reason,
        )
        for hypothesis in hypotheses[:_SHOWN]
    )
    trace.add(stage, shown[0].label if shown else "nothing", reason, shown)


def _ways(hypothesis: Hypothesis, text: str, situation: Situation, resolver: Resolver) -> Iterable[Hypothesis]:
    """Return every way in which a reading can be resolved, each as confident as the reading."""
    reading = hypothesis.interpretation
    if reading.intent == OUT_OF_SCOPE:
        return (hypothesis,)
    ways = resolver.readings(reading, situation, _WAYS, text=text) or (reading,)
    return [
        trusted(Hypothesis(interpretation=way, reader=hypothesis.reader, reason=hypothesis.reason), reading.confidence)
        for way in ways
    ]


def _in_the_room_said(hypothesis: Hypothesis, text: str, resolver: Resolver) -> Hypothesis:
    """Return a doubtful reading with the room that it says and the home does not have: "the light in the dungeon"."""
    reading = hypothesis.interpretation
    said = _ROOM.search(text.lower())
    if hypothesis.confidence >= _SURE or said is None or not resolver.is_about_devices(reading.intent):
        return hypothesis
    room = said[1]
    if set(room.split()) & _NO_ROOMS or any(place.score >= _NAMED for place in resolver.household.match_places(room)):
        return hypothesis
    slots = (*((name, value) for name, value in reading.slots if name != "area"), ("area", room))
    return replace(hypothesis, interpretation=replace(reading, slots=slots))


def _where_it_plays(hypotheses: Sequence[Hypothesis], situation: Situation, resolver: Resolver) -> Situation:
    """Return the situation, with the player that was named in the place of the device that heard the request."""
    named = dict(hypotheses[0].interpretation.slots).get("name") if hypotheses else None
    for device in resolver.home.devices:
        if device.name == named and device.domain == "media_player":
            has_screen = "screen" in device.features
            kind = device.device_class or ("display" if has_screen else "speaker")
            return replace(situation, context=replace(situation.context, device_type=kind), has_screen=has_screen)
    return situation
