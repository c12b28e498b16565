"""Look up requests in an index, in the forms that generators need.

A person's history is decoded, joined with what was said since the index was made, and cached with its sound keys until
it changes; the check costs one look at one file. Repeated lookups within one request are computed once.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from uptake.feedback.state_keys import reading_of
from uptake.rewriting.identity import Meaning, meaning_of
from uptake.rewriting.proposal import Candidate
from uptake.rewriting.retrieval.artifact import IndexedRequest, RequestIndex, Similar
from uptake.rewriting.retrieval.history import FreshHistory, Own, OwnPair, OwnRequest
from uptake.text.phonetic import sound_key

__all__ = ["Mine", "Requests", "alikeness", "distinct"]

_USERS = 1_000
_ASKED = 32
_HOUR_S = 3_600
_REJECTED = 2
"""Times a rewrite was served before it can be held against it."""


@dataclass(frozen=True, slots=True)
class Mine:
    """One person's own requests that work, and the wordings that lead to them."""

    working: dict[str, OwnRequest]
    """By text, most won first."""
    led: dict[str, list[OwnPair]]
    """Rephrases that end in a request that works, by what was said first."""
    sources: list[str]
    """Texts to compare with: the working requests, then the first wordings of rephrases."""
    targets: list[str]
    """For each of those, the request that works."""
    keys: list[str]
    """For each of those, its sound key."""
    taken: Own | None
    """Readings of the working requests; None where there are none."""


class Requests:
    """Index together with what was said since.

    Args:
        index: The index.
        fresh: What each user said since; None if it is not stored.
        least: Smallest share of a person's own uses, in [0, 1], with a good outcome.
    """

    def __init__(self, index: RequestIndex, fresh: FreshHistory | None = None, *, least: float = 0.6) -> None:
        self.index, self.fresh, self._least = index, fresh, least
        self._mine: OrderedDict[str, tuple[Any, Mine]] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], list[Similar]] = OrderedDict()
        self._proposed: OrderedDict[tuple[str, str, int], list[Candidate]] = OrderedDict()
        self._likeness: tuple[Mine, str, NDArray[np.float64]] | None = None

    def mine(self, user_id: str) -> Mine:
        """Return one person's requests; nothing of anybody else's."""
        stamp = self.fresh.stamp(user_id) if self.fresh is not None else None
        held = self._mine.get(user_id)
        if held is not None and held[0] == stamp:
            return held[1]
        history = self.index.own(user_id)
        if stamp is not None and self.fresh is not None:
            history = self.fresh.over(history, user_id)
        mine = _mine(history.working(least=self._least), history.pairs)
        _keep(self._mine, user_id, (stamp, mine), _USERS)
        return mine

    def days(self, user_id: str, meaning: Meaning) -> int:
        """Return days on which a person taught a meaning, in whatever wording, by a repair that worked."""
        found = {
            day
            for request, pairs in self.mine(user_id).led.items()
            for pair in pairs
            if meaning_of(request, pair.acted_on).covers(meaning)
            for day in pair.days
        }
        return len(found)

    def likeness(self, mine: Mine, text: str) -> NDArray[np.float64]:
        """Return (sources,) how like a person's own wordings are to a text: see `alikeness`."""
        held = self._likeness
        if held is None or held[0] is not mine or held[1] != text:
            held = self._likeness = (mine, text, alikeness([text], mine.sources, mine.keys)[0])
        return held[2]

    def near(self, text: str) -> list[Similar]:
        """Return known requests with letters like a text's."""
        return self._once("letters", text, self.index.near)

    def sounding(self, text: str) -> list[Similar]:
        """Return known requests that sound like a text."""
        return self._once("sounds", text, self.index.sounding)

    def once(self, name: str, text: str, limit: int, propose: Callable[[], list[Candidate]]) -> list[Candidate]:
        """Return what a generator proposes for a text, whoever says it: asked twice, it is worked out once."""
        found = self._proposed.get((name, text, limit))
        if found is None:
            found = propose()
            _keep(self._proposed, (name, text, limit), found, _ASKED)
        return found

    def shared(self, known: IndexedRequest, name: str, score: float) -> Candidate:
        """Build a candidate from what works for many; a wording that they corrected stands for what it leads to."""
        if known.leads_to is not None:
            known = self.index.find(known.leads_to) or known
        return Candidate(
            text=known.text,
            layer="global",
            origins=((name, min(score, 1.0)),),
            interpretation=None if known.reading is None else reading_of(known.reading),
            users=known.users,
            wins=float(known.wins),
            losses=float(known.losses),
        )

    def own(self, mine: Mine, text: str, name: str, score: float) -> Candidate:
        """Build a candidate from what works for this person."""
        request = mine.working[text]
        reading = next(iter(request.readings), None)
        return Candidate(
            text=text,
            layer="personal",
            origins=((name, min(score, 1.0)),),
            interpretation=None if reading is None else reading_of(reading),
            wins=float(request.wins),
            losses=float(request.uses - request.wins),
            last_at=None if request.last_h is None else datetime.fromtimestamp(request.last_h * _HOUR_S, UTC),
        )

    def _once(self, how: str, text: str, ask: Callable[..., list[Similar]]) -> list[Similar]:
        found = self._asked.get((how, text))
        if found is None:
            found = ask(text, most=16)
            _keep(self._asked, (how, text), found, _ASKED)
        return found


def alikeness(texts: Sequence[str], others: Sequence[str], keys: Sequence[str]) -> NDArray[np.float64]:
    """Return (texts, others) mean of edit similarity of letters and of sound keys, in [0, 1].

    Args:
        texts: What to compare.
        others: With what.
        keys: The sound keys of those.
    """
    if not others or not texts:
        return np.zeros((len(texts), len(others)))
    letters = cdist(texts, others, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    sounds = cdist(list(map(sound_key, texts)), keys, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    return np.asarray((letters + sounds) / 2.0, dtype=np.float64)


def distinct(candidates: Iterable[Candidate], as_heard: str, limit: int) -> list[Candidate]:
    """Return the first `limit`, each text once, at its best place, without the text as it was heard."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        if len(best) >= limit:
            break
        if one.text != as_heard:
            best.setdefault(one.text, one)
    return list(best.values())


def _mine(working: Sequence[OwnRequest], pairs: Sequence[OwnPair]) -> Mine:
    works = {one.text: one for one in working}
    led: dict[str, list[OwnPair]] = {}
    failed = [(meaning_of(one.request, one.acted_on), one) for one in pairs if one.served > one.wins]
    for pair in pairs:
        rejected = pair.served >= _REJECTED and 2 * pair.wins < pair.served
        if pair.acted_on in works and pair.request not in works and not rejected and not _refuted(pair, pairs, failed):
            led.setdefault(pair.request, []).append(pair)
    sources, targets = list(works), list(works)
    for source, found in led.items():
        for pair in found:
            sources.append(source)
            targets.append(pair.acted_on)
    return Mine(works, led, sources, targets, [sound_key(text) for text in sources], _taken(working))


def _refuted(pair: OwnPair, pairs: Sequence[OwnPair], failed: Sequence[tuple[Meaning, OwnPair]]) -> bool:
    """Tell whether acting on what a pair means went wrong half as often as it was taught or went well."""
    if not failed:
        return False
    meaning = meaning_of(pair.request, pair.acted_on)
    losses = sum(one.served - one.wins for lost, one in failed if lost.covers(meaning))
    if not losses:
        return False
    same = [one for one in pairs if meaning_of(one.request, one.acted_on).covers(meaning)]
    return 2 * losses >= sum(one.uses + one.wins for one in same)


def _taken(working: Sequence[OwnRequest]) -> Own | None:
    readings: Counter[str] = Counter()
    intents: Counter[str] = Counter()
    for one in working:
        for key in islice(one.readings, 1):
            readings[key] += one.wins
            intents[reading_of(key).intent] += one.wins
    return Own(readings, intents) if readings else None


def _keep(held: OrderedDict[Any, Any], key: Any, value: Any, most: int) -> None:
    held[key] = value
    while len(held) > most:
        held.popitem(last=False)
