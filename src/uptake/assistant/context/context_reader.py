"""Propose interpretations that need the situation, and rerank all interpretations by it.

`ContextReader` interprets requests that name nothing: "turn it off", "pause", "yes", "good night". `rerank` combines
the readers' confidence with the situation (`uptake.understanding.situation.step`).

Limit: English requests. It proposes intents of the given skills only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from uptake.assistant.context import amounts, ellipsis, listing, playback
from uptake.assistant.context.deixis import Deixis, parse_deixis
from uptake.assistant.context.things import said_of_things
from uptake.assistant.home.model import Home
from uptake.assistant.hypotheses import ACCOUNTING, OUT_OF_SCOPE, Hypothesis, trusted
from uptake.text.lexicon import is_no, is_yes
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Situation
from uptake.understanding.situation.counts import bare_key
from uptake.understanding.situation.scene import Scene, scene
from uptake.understanding.situation.semantic_fields import stems
from uptake.understanding.situation.step import ContextRanker, Scored

__all__ = ["ContextReader", "rerank"]

_WEIGHT = 0.7  # of the situation, beside the log of what the readers believe
_LEAST = 0.4  # a reading that readers believe less than this share of the best is lifted no further than that one
_BESIDE_NAMED = 0.5  # less than this share of a sure reading that says what is meant is not lifted, nor takes from it
_FLOOR = 1e-3
_FAINT = 0.02
_SURE = 0.8
_OVERHEARD = 0.01
_NAMING = frozenset({"name", "area", "floor", "item", "text", "place", "search_query", "artist"})
_MOST_WORDS = 8  # a longer request names what it means
_MOST = 6
_TOLD, _GUESSED = 0.85, 0.6  # belief in all proposals together: something speaks for the best of them, or not
_POINTED = 0.96  # the same where the request says in so many words that it means a habit
_OFFER = re.compile(r"(?:shall|should|can|may) i (.+?)\?|(?:do you want|would you like) me to (.+?)\?")
_LEAVE = re.compile(
    r"(?:shall|should|may|can) i (?:leave|keep) (?:it|them|that) (on|off|open|closed|playing|running)\?"
)


def rerank(
    hypotheses: Sequence[Hypothesis], text: str, situation: Situation, ranker: ContextRanker
) -> tuple[Hypothesis, ...]:
    """Order readings by what the readers believe and what the situation says.

    The belief in all of them together stays what it was; it is shared out anew. Being out of scope is
    nothing the situation speaks of: it keeps its own confidence, and what the readers believed less than a reading
    does not come before all readings because that belief was shared out. So does what is believed much less than a
    reading whose slots are in the words: with music in every room, "play metallica" is not "go back".

    Args:
        hypotheses: Readings of one request, with the readers' confidence.
        text: The request.
        situation: Where and when it was made.
        ranker: What the situation makes of readings.

    Returns:
        The same readings, likeliest first, with the shared-out confidence and the reason.
    """
    within, outside = _split(hypotheses, stems(text))
    if not within:
        return tuple(hypotheses)
    scored = {
        id(one.interpretation): one for one in ranker.rank(text, [each.interpretation for each in within], situation)
    }
    beliefs = _beliefs(within, stems(text))
    best = max(range(len(within)), key=beliefs.__getitem__)
    lifts = [_WEIGHT * scored[id(hypothesis.interpretation)].score for hypothesis in within]
    grown = [
        math.log(max(belief, _FLOOR)) + (lift if belief >= _LEAST * beliefs[best] else min(lift, lifts[best]))
        for belief, lift in zip(beliefs, lifts, strict=True)
    ]
    chances = [math.exp(each - max(grown)) for each in grown]
    whole, together = sum(chances), _together(within, beliefs)
    ordered = [
        _with_confidence(hypothesis, together * chance / whole, scored[id(hypothesis.interpretation)].reasons)
        for hypothesis, chance in zip(within, chances, strict=True)
    ]
    ordered.sort(key=lambda hypothesis: -hypothesis.confidence)
    if outside and max(each.confidence for each in within) >= max(each.confidence for each in outside):
        return (ordered[0], *sorted([*ordered[1:], *outside], key=lambda hypothesis: -hypothesis.confidence))
    return tuple(sorted([*ordered, *outside], key=lambda hypothesis: -hypothesis.confidence))


def _split(hypotheses: Sequence[Hypothesis], said: frozenset[str]) -> tuple[list[Hypothesis], list[Hypothesis]]:
    """Return the readings of which the situation speaks, and those that keep their own confidence."""
    named = max((each.confidence for each in hypotheses if _is_explicit(each, said)), default=0.0)
    within: list[Hypothesis] = []
    outside: list[Hypothesis] = []
    for each in hypotheses:
        weak = each.reader != ContextReader.name and each.confidence < _BESIDE_NAMED * named
        (outside if weak or each.interpretation.intent == OUT_OF_SCOPE else within).append(each)
    return within, outside


def _beliefs(hypotheses: Sequence[Hypothesis], said: frozenset[str]) -> list[float]:
    """Weigh the readers' beliefs by the situation, but not those of its own proposals, which hold it already.

    Where a sure reading takes its slots from the words that were said, the situation has nothing to propose.
    """
    own = min(1.0, sum(hypothesis.confidence for hypothesis in hypotheses if hypothesis.reader == ContextReader.name))
    if any(_is_explicit(hypothesis, said) for hypothesis in hypotheses):
        own *= _OVERHEARD
    return [own if hypothesis.reader == ContextReader.name else hypothesis.confidence for hypothesis in hypotheses]


def _is_explicit(found: Hypothesis, said: frozenset[str]) -> bool:
    if found.reader == ContextReader.name or found.confidence < _SURE:
        return False
    counted = found.reader in ACCOUNTING
    return any(
        slot in _NAMING and (counted or (bool(words := stems(value)) and words <= said))
        for slot, value in found.interpretation.slots
    )


def _together(hypotheses: Sequence[Hypothesis], beliefs: Sequence[float]) -> float:
    """Return the belief that one of them is right; ways to resolve one reading count as one reading."""
    by_intent: dict[str, float] = {}
    for hypothesis, belief in zip(hypotheses, beliefs, strict=True):
        kind = "" if hypothesis.reader == ContextReader.name else hypothesis.interpretation.intent
        by_intent[kind] = max(by_intent.get(kind, 0.0), belief)
    return min(1.0, sum(by_intent.values()))


def _with_confidence(hypothesis: Hypothesis, confidence: float, reasons: tuple[str, ...]) -> Hypothesis:
    earlier = hypothesis.reason.split("; ") if hypothesis.reason else []
    reason = "; ".join(dict.fromkeys((*earlier, *reasons))) or None
    return trusted(replace(hypothesis, reason=reason) if reason != hypothesis.reason else hypothesis, confidence)


_EVERYTHING = re.compile(r"\beverything\b")


class ContextReader:
    """Reader of requests that name nothing, from states, recent turns and habits.

    >>> from uptake.types import Exchange, Situation
    >>> reader = ContextReader({"HassTurnOff"})
    >>> states = (("Floor Lamp", "on"), ("TV", "on"))
    >>> said = Exchange(request="is the TV still on", response="Yes, it is.")
    >>> reader.read("turn it off", Situation(states=states, recent=(said,)))[0].interpretation.slots
    (('name', 'TV'),)

    Args:
        intents: Names of the available intents; nothing else is proposed.
        home: The home, for the kinds of its devices; None to infer them from names and states.
        ranker: Ranks interpretations by the situation.
    """

    name: ClassVar[str] = "context"

    def __init__(
        self, intents: Collection[str], *, home: Home | None = None, ranker: ContextRanker | None = None
    ) -> None:
        self._intents, self._home, self._ranker = intents, home, ranker or ContextRanker()

    def read(self, text: str, situation: Situation) -> Sequence[Hypothesis]:
        """Return readings of a request, best first, at most six; none for a request that names what it means."""
        words = normalize(text)
        if not words or len(words.split()) > _MOST_WORDS:
            return ()
        readings = [one for one in self._proposed(words, situation) if one.intent in self._intents]
        distinct = list({bare_key(one): one for one in reversed(readings)}.values())
        if not distinct:
            return ()
        ranked = self._ranker.rank(text, distinct, situation)
        together = _TOLD if len(ranked) == 1 or ranked[0].reasons else _GUESSED
        if ellipsis.means_habit(words):
            together = _POINTED
        return tuple(_hypothesis(one, together) for one in ranked[:_MOST] if one.probability >= _FAINT)

    def _proposed(self, words: str, situation: Situation) -> Iterator[Interpretation]:
        around = scene(words, situation)
        deixis = parse_deixis(words)
        if deixis is not None:
            if not _EVERYTHING.search(words):  # one thing is not everything
                yield from self._read_deixis(deixis, situation, around)
            if deixis.verb == "temperature":
                yield Interpretation(intent="HassGetWeather")
            yield from ellipsis.read_deletion(deixis, situation)
            yield from ellipsis.read_all(deixis, words, situation, around)
            yield from listing.read_list(deixis, situation)
        if is_yes(words) and situation.recent:
            yield from self._offered(situation, around)
        if is_no(words) and situation.recent:
            yield from self._not_left(situation, around)
        for propose in (
            amounts.read_amount,
            ellipsis.read_place,
            ellipsis.read_repetition,
            ellipsis.read_addition,
            playback.read_playback,
            listing.read_contents,
            listing.read_choice,
        ):
            yield from propose(words, situation)
        yield from playback.read_anything(words, situation, around)
        yield from ellipsis.read_habit(words, situation, around)

    def _read_deixis(self, deixis: Deixis, situation: Situation, around: Scene) -> list[Interpretation]:
        return said_of_things(deixis, situation, around, self._home)

    def _offered(self, situation: Situation, around: Scene) -> list[Interpretation]:
        """Propose what the assistant has just offered to do."""
        offer = _OFFER.search((situation.recent[-1].response or "").lower())
        deixis = parse_deixis(offer[1] or offer[2]) if offer else None
        return self._read_deixis(deixis, situation, around) if deixis else []

    def _not_left(self, situation: Situation, around: Scene) -> list[Interpretation]:
        """Propose the opposite where the assistant asked whether to leave something as it is, and the answer is no."""
        left = _LEAVE.search((situation.recent[-1].response or "").lower())
        if left is None:
            return []
        verb = {"off": "on", "open": "close", "closed": "open"}.get(left[1], "off")
        return self._read_deixis(Deixis(verb=verb, points=True), situation, around)


def _hypothesis(one: Scored, together: float) -> Hypothesis:
    reading = replace(one.interpretation, confidence=together * one.probability)
    return Hypothesis(interpretation=reading, reader=ContextReader.name, reason="; ".join(one.reasons) or None)
