"""Several readings of the same words, and what speaks for each of those that can be put together from them.

Every voice (the assistant itself, another recogniser, another parser, the recogniser's list) says one reading. A
candidate is one of them or a mixture: the intent of one with the slots of another, or one value exchanged. Candidates
keep who said what as origins, so that the votes can be counted from the candidates alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.rewriting.proposal import Candidate
from uptake.rewriting.ranking.features import RankingRequest
from uptake.rewriting.ranking.fluency import Fluency, signature
from uptake.text.diff import similarity
from uptake.types import Interpretation

__all__ = ["OWN", "VOICES", "VOTE_FEATURES", "vote_rows"]

Floats = NDArray[np.float64]
Slot = tuple[str, str]

OWN = "as_heard"
"""The assistant's own reading of the text as heard."""
VOICES = ("spelling", "second_parser", "second_recogniser", "third_recogniser")
"""Voices whose word is weighed apart; others only count."""
_ALIKE = 0.75

VOTE_FEATURES = (
    "is_own", "intent_votes", "chance_of_intent", "same_intent", "same_slots", "votes", "voices", "its_slots",
    "least_votes", "mean_votes", "agreed_but_missing", "most_votes_missing", "different_slots", "shared_with_own",
    "lost", "gained", "kinds_differ", "least_votes_of_kind", "least_alike_votes", "exchanged_alike", "least_filled",
    "said_in_text", "kind_twice", "intents", "least_filled_own", "least_votes_own", "own_slots", "lost_votes",
    "gained_votes", "gained_filled", "lost_filled", "gained_in_text", "confidence", "lead", "surprise",
    "worst_surprise", "unknown_words", "words", "rarest", "candidates",
    "signature", "signature_own", "least_kind_gained", "most_kind_lost", "least_tagged_gained", "most_tagged_lost",
    "least_told_gained", "most_told_lost",
    *(f"{voice}_{what}" for voice in VOICES for what in ("intent", "slots", "all")),
)  # fmt: skip
"""Names of the columns of `vote_rows`, in order."""


def vote_rows(heard: RankingRequest, candidates: Sequence[Candidate], fluency: Fluency) -> Floats:
    """Return (candidates, features) float64, NaN for unknown."""
    votes = {
        name: one.interpretation
        for one in candidates
        for name, score in one.origins
        if score >= 1.0 and one.interpretation
    }
    own = votes.get(OWN) or (heard.readings[0] if heard.readings else Interpretation(intent=""))
    count = _Count(own, votes, heard, fluency)
    found = [
        [
            *count.row(one.interpretation or Interpretation(intent="")),
            float(len(candidates)),
            *count.usual(one.interpretation or Interpretation(intent="")),
            *count.agreeing(one),
        ]
        for one in candidates
    ]
    return np.array(found, dtype=np.float64).reshape(len(candidates), len(VOTE_FEATURES))


class _Count:
    """The votes of one request."""

    def __init__(
        self, own: Interpretation, votes: Mapping[str, Interpretation], heard: RankingRequest, fluency: Fluency
    ) -> None:
        self.own, self.votes, self.heard, self.fluency = own, votes, heard, fluency
        self.intents = Counter(one.intent for one in votes.values())
        self.slots = Counter(slot for one in votes.values() for slot in set(one.slots))
        self.kinds = Counter(kind for one in votes.values() for kind in {name for name, _ in one.slots})
        self.words = set(heard.text.split())
        usual = fluency.usual(heard.text)
        chances = [one.confidence or 0.0 for one in heard.readings]
        ours = set(own.slots)
        self.about_own = [
            self._least_filled(ours),
            float(min((self.slots[slot] for slot in ours), default=-1)),
            float(len(ours)),
        ]
        self.about_heard = [
            chances[0] if chances else math.nan,
            chances[0] - (chances[1] if len(chances) > 1 else 0.0) if chances else math.nan,
            usual.mean,
            usual.worst,
            float(usual.unknown),
            float(len(self.words)),
            usual.rarest,
        ]

    def row(self, reading: Interpretation) -> list[float]:
        its, ours = set(reading.slots), set(self.own.slots)
        support = [self.slots[slot] for slot in its]
        missing = [votes for slot, votes in self.slots.items() if slot not in its]
        lost, gained = ours - its, its - ours
        kinds = {name for name, _ in its}
        return [
            float(reading.key == self.own.key),
            float(self.intents[reading.intent]),
            next((one.confidence or 0.0 for one in self.heard.readings if one.intent == reading.intent), 0.0),
            float(reading.intent == self.own.intent),
            float(its == ours),
            float(sum(one.key == reading.key for one in self.votes.values())),
            float(len(self.votes)),
            float(len(reading.slots)),
            float(min(support, default=-1)),
            sum(support) / len(support) if support else -1.0,
            float(sum(votes >= 2 for votes in missing)),
            float(max(missing, default=0)),
            float(len(self.slots)),
            float(len(its & ours)),
            float(len(lost)),
            float(len(gained)),
            float(len(kinds ^ {name for name, _ in ours})),
            float(min((self.kinds[name] for name in kinds), default=-1)),
            min((self._alike(slot) for slot in its), default=-1.0),
            min((self._exchanged(slot, lost) for slot in gained), default=math.nan),
            self._least_filled(its),
            sum(map(self._said, its)) / len(its) if its else -1.0,
            float(len(reading.slots) != len(kinds)),
            float(len(self.intents)),
            *self.about_own,
            float(max((self.slots[slot] for slot in lost), default=0)),
            float(min((self.slots[slot] for slot in gained), default=-1)),
            self._least_filled(gained),
            self._least_filled(lost),
            sum(map(self._said, gained)) / len(gained) if gained else -1.0,
            *self.about_heard,
        ]

    def usual(self, reading: Interpretation) -> list[float]:
        """Score how usual such a reading is, and how usual these words are for these slots."""
        its, ours = set(reading.slots), set(self.own.slots)
        gained = [self._habit(reading.intent, slot) for slot in its - ours]
        lost = [self._habit(self.own.intent, slot) for slot in ours - its]
        both = self.fluency.counted([signature(reading), signature(self.own)])
        found = [math.log1p(both[0]), math.log1p(both[1])]
        for at in range(3):
            found.append(min((one[at] for one in gained), default=math.nan))
            found.append(max((one[at] for one in lost), default=math.nan))
        return found

    def _habit(self, intent: str, slot: Slot) -> tuple[float, float, float]:
        """Compute shares: requests of the intent with the slot, words tagged so, and words tagged so for the intent."""
        name, value = slot
        keys = [f"{intent}:", f"{intent}|{name}", f"{name}={value}", f"{intent}|{name}={value}"]
        whole, kind, filled, told = self.fluency.counted(keys)
        written = min(self.fluency.counted(value.split() or [""]))
        return (kind + 0.1) / (whole + 1.0), (filled + 0.1) / (written + 1.0), math.log1p(told)

    def agreeing(self, one: Candidate) -> list[float]:
        """Tell whether each voice has the same intent, the same slots, both; NaN where it said nothing."""
        found = []
        for voice in VOICES:
            vote, reading = self.votes.get(voice), one.interpretation
            if vote is None or reading is None:
                found += [math.nan] * 3
                continue
            intent, slots = vote.intent == reading.intent, sorted(vote.slots) == sorted(reading.slots)
            found += [float(intent), float(slots), float(intent and slots)]
        return found

    def _least_filled(self, slots: set[Slot]) -> float:
        if not slots:
            return -1.0
        return math.log1p(min(self.fluency.counted([f"{name}={value}" for name, value in slots])))

    def _said(self, slot: Slot) -> float:
        """Tell whether all words of a value were heard."""
        return float(set(slot[1].split()) <= self.words)

    def _alike(self, slot: Slot) -> float:
        """Find the voices that say this value, or one of the same slot that sounds like it."""
        name, value = slot
        return float(
            sum(
                any(other == name and (said == value or similarity(said, value) >= _ALIKE) for other, said in one.slots)
                for one in self.votes.values()
            )
        )

    def _exchanged(self, slot: Slot, lost: set[Slot]) -> float:
        """Return the similarity of a value to the one it replaces; NaN where it replaces none."""
        return max((similarity(value, slot[1]) for name, value in lost if name == slot[0]), default=math.nan)
