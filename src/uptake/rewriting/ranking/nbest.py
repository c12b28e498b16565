"""Another hearing of the same words: what else was heard, and what others make of it.

One text and a belief about what people say hold no evidence of what was said; an independent hearing does. Voices
are asked for their readings, and the readings that can be put together from theirs and the assistant's own are
proposed: whole ones, the intent of one with the slots of another, and single values exchanged, added or dropped.

A second recogniser may be there while a person waits, or run later over kept recordings only to teach.

Source: voting over recognisers as in Fiscus, "A post-processing system to yield reduced word error rates: ROVER"
(ASRU 1997). Differs: readings vote, not words.
Limit: a candidate here is a reading; its text only names it. Act on `Candidate.interpretation`, as `HeardReading`'s
decisions do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from uptake.protocols import Preflight, Reads
from uptake.rewriting.proposal import LISTED, Candidate, heard
from uptake.rewriting.ranking.artifact import Ranker
from uptake.rewriting.ranking.nbest_features import OWN
from uptake.rewriting.ranking.scorer import Rank
from uptake.rewriting.verbalize import decision_for
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["MOST", "HeardReading", "Hearing", "Listed", "Voice", "named"]

MOST = 24
"""Readings that are weighed of one request; the votes are counted from them."""

_TRUSTED = 0.5  # confidence from which the assistant's own reading stands
_LISTED = 5
_MOST_SLOTS = 12

Read = Callable[[str], Sequence[Interpretation]]
Voice = Callable[[Request], Interpretation | None]
"""Reader of another recogniser's result for the same utterance; None where it has none."""
Slots = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Readings that several voices support.

    Args:
        read: The assistant's own understanding.
        voices: Name (see `uptake.rewriting.ranking.nbest_features.VOICES`) -> what another recogniser or parser makes
            of it.
        respell: How requests that work are spelled (see `uptake.rewriting.ranking.spelling`); None to leave spelling
            alone.
    """

    read: Read
    voices: Mapping[str, Voice] = field(default_factory=dict)
    respell: Callable[[str], str] | None = None

    name: ClassVar[str] = "hearing"

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, the assistant's own reading first; none where there is no other."""
        if not request.text.strip() or len(request.text) > MAX_CHARS or limit < 2:
            return ()
        votes = dict(self._votes(request))
        if votes.keys() <= {OWN}:
            return ()
        readings: dict[str, Interpretation] = {}
        for reading in _put_together(votes):
            readings.setdefault(reading.key, reading)
            if len(readings) == limit:
                break
        supported = {key: [name for name, vote in votes.items() if _plain(vote).key == key] for key in readings}
        return tuple(
            Candidate(
                text=named(reading),
                layer="hearing",
                origins=tuple((name, 1.0) for name in supported[key]) or ((self.name, 0.5),),
                interpretation=reading,
            )
            for key, reading in readings.items()
        )

    def _votes(self, request: Request) -> Iterator[tuple[str, Interpretation]]:
        own = self.read(request.text)
        if own:
            yield OWN, own[0]
        if self.respell is not None:
            spelled = self.respell(request.text)
            found = self.read(spelled)
            if found:
                yield "spelling", found[0]
        heard = normalize(request.text)
        for rank, one in enumerate(request.alternatives[1:_LISTED], start=2):
            found = self.read(one.text) if normalize(one.text) != heard else ()
            if found:
                yield f"listed_{rank}", found[0]
        for name, voice in self.voices.items():
            said = voice(request)
            if said is not None:
                yield name, said


class HeardReading:
    """The step: weighs the readings of the recogniser's whole list by the ranker's head `hearing`.

    Abstains where the ranker has no such head, where the assistant is sure, and where the list holds one text.

    Args:
        ranker: What was learned.
        version: Version of the ranker, for the log.
        trusted: Confidence, in [0, 1], from which the assistant's own reading stands.

    Raises:
        ArtifactRefused: The ranker was learned with other features than these.
    """

    name: ClassVar[str] = Hearing.name

    def __init__(self, ranker: Ranker, version: str | None = None) -> None:
        self.ranker, self.version = ranker, version
        self.idle = Hearing.name not in ranker.heads
        """Whether there is nothing to weigh readings with."""
        Rank(ranker, lambda _: ())  # refuses a ranker of other features now, and not when somebody speaks

    def __call__(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Decision | None:
        """Propose a decision that carries a reading, propose to ask (`must_confirm`), or abstain."""
        sure = request.confidence is not None and request.confidence >= _TRUSTED
        if self.idle or sure or len(request.alternatives) < 2 or not isinstance(preflight, Reads):
            return None
        read = preflight.readings
        found = Hearing(read)(request, situation, MOST)
        if not found:
            return None
        rank = Rank(self.ranker, read, self.version, reads=True)
        weighed = rank.weigh(request, found, situation=situation, readings=read(request.text))
        chosen = rank.choose(request, weighed)
        if chosen is None:
            return None
        judged, asks = chosen
        decision = decision_for(
            judged.candidate, request, step=self.name, version=self.version, reason=judged.reason, read=read
        )
        return decision and replace(decision, must_confirm=asks)


def named(reading: Interpretation) -> str:
    """Return a text that names a reading: one text for one meaning.

    >>> named(Interpretation(intent="play_music", slots=(("artist", "queen"),)))
    'play music artist queen'
    """
    parts = [reading.domain or "", reading.intent, *(f"{name} {value}" for name, value in sorted(reading.slots))]
    return " ".join(" ".join(parts).replace("_", " ").split())


def _put_together(votes: Mapping[str, Interpretation]) -> Iterator[Interpretation]:
    """Build readings from the votes, those with most votes first."""
    said = [_plain(one) for one in votes.values()]
    own = said[0]
    yield own
    yield from said[1:]
    for one in said[1:]:
        yield _with(own, one.slots)
        yield _with(one, own.slots)
    counted = Counter(slot for one in said for slot in set(one.slots))
    commonest = Counter(one.intent for one in said).most_common(1)[0][0]
    agreed = tuple(sorted(slot for slot, count in counted.items() if count >= 2))
    first = next(one for one in said if one.intent == commonest)
    for intent in (first, own):
        yield _with(intent, agreed)
        for one in said:
            yield _with(intent, one.slots)
    for slot in sorted(counted, key=lambda slot: (-counted[slot], slot)):
        if slot not in own.slots:
            yield _with(own, tuple(sorted([*(other for other in own.slots if other[0] != slot[0]), slot])))
            yield _with(own, tuple(sorted([*own.slots, slot])))
        elif counted[slot] == 1:
            yield _with(own, tuple(other for other in own.slots if other != slot))


def _plain(reading: Interpretation) -> Interpretation:
    """Return the reading in one spelling, without its confidence."""
    slots = tuple(sorted(reading.slots)[:_MOST_SLOTS])
    return Interpretation(intent=reading.intent, domain=reading.domain, slots=slots)


def _with(reading: Interpretation, slots: Slots) -> Interpretation:
    return Interpretation(intent=reading.intent, domain=reading.domain, slots=slots)


class Listed:
    """Proposes the other texts of the recogniser's list; the ranker's shared head weighs them.

    It needs nobody's past, so it helps a newcomer as much as anybody.

    >>> from uptake.types import Transcript
    >>> list_ = (Transcript(text="play jas"), Transcript(text="play jazz"))
    >>> [one.text for one in Listed()(Request(text="play jas", user_id="ann", alternatives=list_), Situation(), 5)]
    ['play jazz']
    """

    name: ClassVar[str] = LISTED

    def __call__(self, request: Request, situation: Situation, limit: int) -> Sequence[Candidate]:  # noqa: ARG002
        """Return at most `limit` candidates, in the recogniser's order; none where it has one text."""
        return tuple(
            Candidate(text=one.text, layer="global", origins=((self.name, one.weight),))
            for one in heard(request)[1 : limit + 1]
        )
