"""Say a verb of each thing whose state is known, where it makes sense for its kind.

`same_act` does so for what other readers understood of words that name no thing: "go home" is said of the robot by the
reader that learned it from robots, and can be said of the mower as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from uptake.assistant.context.deixis import Deixis, apply_to, kind_of, kinds_named, parse_deixis, verb_of
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.home.model import Device, Home
from uptake.assistant.hypotheses import ACCOUNTING, Hypothesis
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.scene import Scene, scene
from uptake.understanding.situation.semantic_fields import stems
from uptake.understanding.situation.step import ContextRanker

__all__ = ["said_of_things", "same_act"]

_MOST_THINGS = 12
_MOST_WORDS = 8  # a longer request names what it means
_MOST = 3
_LIKELY = 0.3  # least confidence of a reading whose act is said of other things
_FAINT = 0.05
_SWITCHED = frozenset({"on", "off"})
_UNSWITCHED = frozenset({"cover", "shade", "lock", "climate"})
_OF_ONE_KIND = regex(r"\b(?:mow|mowing|vacuum|vacuuming|hoover|hoovering|sweep|lawn|grass|floors?|time|timers?)\b")
"""Words that say which kind of thing acts: nothing else mows, and it is no blinds that have time left."""
_QUANTITY = regex(r"\b(?:volume|brightness|temperature|speed)\b")
"""What a number is of, said in so many words: blinds have no volume."""
_OPENS = frozenset({"cover", "shade", "valve"})
_NAMES = frozenset({"name", "area", "floor"})
_READER = "context"
_STOPS_MOVING, _MOVING = "StopCover", frozenset({"opening", "closing"})


def said_of_things(
    deixis: Deixis,
    situation: Situation,
    around: Scene,
    home: Home | None,
    *,
    kinds: Collection[str] = (),
) -> list[Interpretation]:
    """Apply a verb to each thing it makes sense for: first those just mentioned, running or in this room.

    Args:
        deixis: The verb.
        situation: Where and when.
        around: The same as features.
        home: The home, for what kinds of devices there are; None to go by their names and states.
        kinds: Kinds of things that may be meant; all of them where there are none.
    """
    devices = {device.name: device for device in home.devices} if home is not None else {}
    rated = []
    for (name, state), thing in zip(situation.states, around.things, strict=True):
        if deixis.verb == "brew" and "brewing" not in thing.kind:
            continue
        kind = _kind(name, state, devices)
        if kinds and kind not in kinds:
            continue
        spoken = any(thing.name & (user.words | agent.words) for user, agent in around.turns[:2])
        if deixis.opens and kind not in _OPENS:
            continue
        if deixis.asked is not None and not spoken:
            continue  # whether "it" is on is asked of what was spoken of
        if deixis.verb == "how_long" and (kind in _UNSWITCHED or not (spoken or thing.lively)) and state not in _MOVING:
            continue  # what is at rest has no time left
        named = any(thing.name <= (user.words | agent.words) for user, agent in around.turns[:2])
        if deixis.verb in _SWITCHED and not named and name in devices and kind in _UNSWITCHED:
            continue  # nobody turns off blinds, or the heating, that they have not spoken of: "I took it back" is none
        reading = apply_to(deixis, name, state, kind)
        if reading is not None and (spoken or reading.intent != _STOPS_MOVING or state in _MOVING):
            rated.append((2 * spoken + thing.lively + bool(thing.name & around.room), reading))
    rated.sort(key=lambda each: -each[0])
    return [reading for _, reading in rated[:_MOST_THINGS]]


def same_act(
    found: Sequence[Hypothesis],
    text: str,
    situation: Situation,
    *,
    intents: Collection[str],
    home: Home,
    ranker: ContextRanker,
) -> tuple[Hypothesis, ...]:
    """Return readings, with the likeliest one's act said of other things where its words name none.

    Args:
        found: Readings, best first.
        text: The request.
        situation: Where and when.
        intents: Names of the intents there are; nothing else is proposed.
        home: The home.
        ranker: What the situation makes of readings.
    """
    words = normalize(text)
    source = next((one for one in found if one.reader != _READER), None)
    if source is None or source.confidence < _LIKELY or len(words.split()) > _MOST_WORDS:
        return tuple(found)
    deixis = verb_of(source.interpretation)
    named = _names(source, words) or _names_kind(words)
    if deixis is None or named or _OF_ONE_KIND.search(words) or parse_deixis(words) is not None:
        return tuple(found)
    around = scene(words, situation)
    known = {_bare(one.interpretation) for one in found}
    proposed = said_of_things(deixis, situation, around, home)
    others = [one for one in proposed if one.intent in intents and _bare(one) not in known]
    if _QUANTITY.search(words):
        others = [one for one in others if one.intent == source.interpretation.intent]
    if not others:
        return tuple(found)
    ranked = ranker.rank(text, [source.interpretation, *others], situation)
    likely = [one for one in ranked if one.interpretation is not source.interpretation and one.probability >= _FAINT]
    more = [
        Hypothesis(
            interpretation=replace(one.interpretation, confidence=source.confidence * one.probability),
            reader=_READER,
            reason="; ".join(("the same act", *one.reasons)),
        )
        for one in likely[:_MOST]
    ]
    return tuple(sorted((*found, *more), key=lambda one: -one.confidence))


def _names_kind(words: str) -> bool:
    """Tell whether a request names a kind of thing: which one of the kind is meant is asked, not guessed."""
    plural = (word.removesuffix("s") for word in words.split() if word.endswith("s"))
    return bool(kinds_named(words)) or any(map(kinds_named, plural))


def _names(source: Hypothesis, words: str) -> bool:
    """Tell whether a reading takes a name or a place from the words."""
    said = stems(words)
    counted = source.reader in ACCOUNTING
    return any(slot in _NAMES and (counted or bool(stems(value) & said)) for slot, value in source.interpretation.slots)


def _bare(reading: Interpretation) -> tuple[str, tuple[tuple[str, str], ...]]:
    kept = (pair for pair in reading.slots if pair[0] not in HOME_SLOTS or pair[0] == "name")
    return reading.intent, tuple(sorted(kept))


def _kind(name: str, state: str, devices: Mapping[str, Device]) -> str:
    device = devices.get(name)
    return kind_of(name, state, device.domain, device.device_class) if device else kind_of(name, state)
