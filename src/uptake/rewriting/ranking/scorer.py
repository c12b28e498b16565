"""Choose the candidate to act on, if any: score each, and compare the best with the threshold of its head.

Candidates are weighed by the head of their layer; the likeliest of each layer is judged by expected wins per loss.
A candidate that would be read just as the request is read changes nothing, so it is never acted on; it only speaks
for leaving the request alone. So does a text that the recogniser's list alone speaks for, unless the assistant reads it
surely. Abstaining is the normal case.

Where a request is read as nothing, leaving it alone ends in an apology: nothing can be lost, so the likeliest candidate
is asked about from a smaller chance on. So it is where the assistant would ask about its own reading anyway: that is
then one of those that may have been meant.

Source: learning from logged outcomes with personal and global layers as in Cho et al., "Personalized Search-based
Query Rewrite System for Conversational AI" (NLP4ConvAI 2021). Differs: the trigger is expected wins per loss.
Limit: it weighs what generators propose; what nobody proposes cannot be chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from uptake.errors import ArtifactRefused
from uptake.rewriting.identity import meaning_id
from uptake.rewriting.known_names import exchanges_value, loses_value
from uptake.rewriting.proposal import Candidate, Layer
from uptake.rewriting.ranking.artifact import Choice, Ranker
from uptake.rewriting.ranking.features import FEATURES, RankingRequest, rows, same_reading
from uptake.rewriting.ranking.nbest_features import OWN, VOTE_FEATURES, vote_rows
from uptake.rewriting.ranking.spelling import Spelling
from uptake.rewriting.retrieval.history import Own
from uptake.text.distance import edit_similarity
from uptake.text.normalize import normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["HEADS", "MOST_OTHERS", "BestOfHead", "Rank", "Read", "Weighed"]

HEADS: Mapping[Layer, str] = {
    "personal": "personal",
    "home": "personal",
    "global": "global",
    "context": "global",
    "hearing": "hearing",
}
"""The head that weighs the candidates of each layer."""
MOST_OTHERS = 2
"""Candidates that are named beside the best in a question."""
_LONGEST = 400  # letters: what is longer is no request, and comparing it takes long
_LIKELY = 0.2  # least chance: below it hardly anything is lost, and hardly anything is won either
_OWN = 0.5  # chance of a person's own request, from which it is acted on where the one heard is read as nothing
_UNREAD = 0.1  # least chance where the request is read as nothing: nothing can be lost, a question can be wasted
_LOST = 0.3  # confidence in the request as heard, below which and without a reading it is read as nothing
_SURE = 0.9  # confidence in its reading from which a text is taken that the recogniser's list alone speaks for
_CLOSE = 0.9  # of the chance of the best candidate: what has so much is as likely meant
_WORTH_NAMING = 0.25  # of the chance of the best candidate: what has so much is named beside it in a question
_VOTES = 24  # candidates of a hearing: cheap, and all are needed to count the votes
_COLUMNS = {"personal": FEATURES, "global": FEATURES, "spelling": FEATURES, "hearing": VOTE_FEATURES}

Read = Callable[[str], Sequence[Interpretation]]
"""Reads a text, best first, with confidences: the assistant's own understanding, asked without acting."""


def _head(one: Candidate, *, own: bool) -> str:
    """Return the head of a candidate; another spelling of the same letters has its own.

    Where something is this person's own, everybody's requests are its rivals, and the personal head weighs them all.
    """
    if any(name == Spelling.name for name, _ in one.origins):
        return Spelling.name
    head = HEADS[one.layer]
    return "personal" if own and head == "global" else head


class Weighed(NamedTuple):
    """The candidates of one head with their features: what a decision is made from, and what is learned from."""

    head: str
    candidates: tuple[Candidate, ...]
    """The request as heard, then every one with the reading it would be acted on with."""
    rows: NDArray[np.float64]
    """(candidates, features)."""
    changes: NDArray[np.bool_]
    """(candidates,) whether acting on each would change the reading."""


class BestOfHead(NamedTuple):
    """The likeliest candidate of one head."""

    candidate: Candidate
    head: str
    chance: float
    """Probability that it is right."""
    score: float
    """Logarithm of expected wins per loss; what is known of the person is in it."""
    win: float
    """Probability that acting on it turns a failure into a success."""
    loss: float
    """Probability of the reverse."""
    others: tuple[tuple[float, Candidate], ...] = ()
    """(probability that it is right, candidate) of other readings, one each, likeliest first."""

    @property
    def rival(self) -> float:
        """Probability that the likeliest candidate of another reading is right."""
        return self.others[0][0] if self.others else 0.0

    @property
    def offered(self) -> tuple[Candidate, ...]:
        """The others that are worth naming where the person is asked."""
        least = _WORTH_NAMING * self.chance
        read = [one for chance, one in self.others if chance >= least and one.interpretation is not None]
        return tuple(read[:MOST_OTHERS])

    @property
    def among(self) -> float:
        """Probability that it, or one of those that would be named beside it, is right."""
        return self.chance + sum(chance for chance, one in self.others if one in self.offered)

    @property
    def reason(self) -> str:
        """Reason, in numbers and names of generators."""
        origins = ", ".join(name for name, _ in self.candidate.origins)
        return (
            f"{self.chance:.0%} likely meant ({origins}); expected wins {self.win:.1%} "
            f"against losses {self.loss:.1%} of such requests"
        )


@dataclass(frozen=True, slots=True)
class Rank:
    """Weighs candidates and proposes the best one, if it is good enough.

    Args:
        ranker: What was learned.
        read: The assistant's own understanding.
        version: Version of the artifact, for the log.
        most: Most candidates of one head that are weighed; the first ones are.
        reads: Whether `read` asks an assistant: what it does not read would be refused then.
        asks_anyway: Whether the assistant would ask before it does what it heard.

    Raises:
        ArtifactRefused: The ranker was learned with other features than these.
    """

    ranker: Ranker
    read: Read
    version: str | None = None
    most: int = 24
    reads: bool = False
    asks_anyway: bool = False

    name: ClassVar[str] = "rank"

    def __post_init__(self) -> None:
        for name, head in self.ranker.heads.items():
            if head.features != _COLUMNS.get(name):
                raise ArtifactRefused(
                    f"head {name} of the ranker was learned with other features than this version computes; "
                    "learn it again with `uptake learn`, or roll back"
                )

    def weigh(
        self,
        request: Request,
        candidates: Sequence[Candidate],
        *,
        situation: Situation | None = None,
        readings: Sequence[Interpretation] | None = None,
        now: datetime | None = None,
        own: Own | None = None,
    ) -> tuple[Weighed, ...]:
        """Return candidates by head, with their features.

        Args:
            request: As heard.
            candidates: Fused, best first.
            situation: What was just said; None where unknown.
            readings: What the assistant makes of the request, if it was asked already.
            now: Moment of the request, aware.
            own: What worked for this person before; None where nobody knows them.
        """
        if len(request.text) > _LONGEST or not candidates:
            return ()
        candidates = [one for one in candidates if len(one.text) <= _LONGEST]
        found = tuple(self.read(request.text)) if readings is None else tuple(readings)
        first = found[0] if found else None
        text = normalize(request.text)
        worked = [edit_similarity(text, normalize(one.text)) for one in candidates if one.layer == "global"]
        heard = RankingRequest(
            text=text,
            readings=found,
            alternatives=tuple(normalize(one.text) for one in request.alternatives[1:]),
            habit=self.ranker.habit(request.user_id),
            nearest_worked=max(worked, default=None),
            own=own,
        )
        weighed = []
        has_own = any(HEADS[one.layer] == "personal" for one in candidates)
        heads = [_head(one, own=has_own) for one in candidates]
        for name in _COLUMNS:
            mine = [one for one, head in zip(candidates, heads, strict=True) if head == name]
            most = _VOTES if name == "hearing" else self.most
            chosen = [self._read(one) for one in [one for one in mine if one.text != request.text][:most]]
            if not chosen:
                continue
            if chosen[0].origins[0][0] != OWN:
                alone = Candidate(text=request.text, layer=chosen[0].layer, origins=((OWN, 1.0),), interpretation=first)
                chosen.insert(0, alone)
            if name == "hearing":
                table = vote_rows(heard, chosen, self.ranker.fluency)
            else:
                known = replace(heard, said_before=any(one.text == request.text for one in mine))
                table = rows(known, chosen, self.ranker.fluency, situation=situation, now=now)
            changes = np.array(
                [
                    (not self.reads or one.interpretation is not None) and _may_change(request, first, one)
                    for one in chosen
                ]
            )
            changes[0] = False  # the request as heard
            weighed.append(Weighed(name, tuple(chosen), table, changes))
        return tuple(weighed)

    def judge(self, request: Request, weighed: Sequence[Weighed]) -> tuple[BestOfHead, ...]:
        """Return the likeliest candidate of each head, the one furthest above what its head asks for first."""
        trust = self.ranker.trust(request.user_id)
        found = []
        for one in weighed:
            head = self.ranker.heads.get(one.head)
            choice = head.judge(one.rows, one.changes) if head is not None else None
            if choice is not None:
                score = choice.score + trust
                found.append(
                    BestOfHead(
                        one.candidates[choice.best],
                        one.head,
                        choice.chance,
                        score,
                        choice.win,
                        choice.loss,
                        _others(one, choice),
                    )
                )
        return tuple(sorted(found, key=lambda judged: -self._above(judged)))

    def __call__(
        self,
        request: Request,
        candidates: Sequence[Candidate],
        *,
        situation: Situation | None = None,
        readings: Sequence[Interpretation] | None = None,
        now: datetime | None = None,
        own: Own | None = None,
    ) -> Decision | None:
        """Propose the best candidate, propose to ask about it (`must_confirm`), or abstain."""
        weighed = self.weigh(request, candidates, situation=situation, readings=readings, now=now, own=own)
        chosen = self.choose(request, weighed)
        return None if chosen is None else self._decision(request, *chosen)

    def choose(self, request: Request, weighed: Sequence[Weighed]) -> tuple[BestOfHead, bool] | None:
        """Return the candidate worth acting on, and whether only to ask about it; None is the normal case."""
        for judged in self.judge(request, weighed):
            head = self.ranker.heads[judged.head]
            own = _is_own_and_unread(judged, weighed)
            least = min(head.threshold, head.ask)
            if (own or judged.chance >= _LIKELY) and judged.score >= least:
                asks = judged.score < head.threshold and not (own and judged.chance >= _OWN)
                return judged, asks or judged.rival >= _CLOSE * judged.chance
            if math.isfinite(least) and judged.among >= _UNREAD and (self.asks_anyway or _is_lost(request, judged)):
                return judged, True
        return None

    def _above(self, judged: BestOfHead) -> float:
        """Return how far a score is above the threshold of its head."""
        threshold = self.ranker.heads[judged.head].threshold
        return judged.score - threshold if np.isfinite(threshold) else -1e9 + judged.score

    def _read(self, one: Candidate) -> Candidate:
        if one.interpretation is not None:
            return one
        found = self.read(one.text)
        return replace(one, interpretation=found[0]) if found else one

    def _decision(self, request: Request, judged: BestOfHead, asks: bool) -> Decision:
        candidate = judged.candidate
        whose = request.user_id if candidate.layer == "personal" else None
        return Decision(
            step=self.name,
            acted_on=candidate.text,
            rewrite_id=meaning_id(request.text, candidate.text, whose),
            artifact_version=self.version,
            layer="personal" if candidate.layer in ("personal", "home") else "global",
            reason=judged.reason,
            domain=candidate.interpretation.domain if candidate.interpretation is not None else None,
            must_confirm=asks,
            occasions=0 if candidate.layer == "personal" else None,
            others=tuple(self._other(request, judged, one) for one in judged.offered) if asks else (),
        )

    def _other(self, request: Request, judged: BestOfHead, candidate: Candidate) -> Decision:
        return self._decision(request, judged._replace(candidate=candidate, others=()), True)


def _may_change(request: Request, heard: Interpretation | None, one: Candidate) -> bool:
    """Tell whether acting on a candidate would change the reading, and more speaks for it than its place on a list.

    What drops a value that the request was read with is another request (`_is_another`).
    """
    if same_reading(heard, one.interpretation) or _is_another(normalize(request.text), heard, one):
        return False
    if request.confidence is None or not one.is_listed_only:
        return True  # nobody was asked how sure the assistant is, or something else speaks for it
    return one.interpretation is not None and (one.interpretation.confidence or 0.0) >= _SURE


def _is_another(text: str, heard: Interpretation | None, one: Candidate) -> bool:
    """Tell whether a candidate names something else than the request, and nothing speaks for it all the same.

    What a recogniser heard as well may be meant, and another spelling has the same letters. What this person said
    before may be meant where more than the value differs; the guard asks first where it names another thing.
    """
    if one.is_listed or one.layer == "hearing" or any(name == Spelling.name for name, _ in one.origins):
        return False
    differs = exchanges_value if one.layer == "personal" else loses_value
    return differs(text, heard, one.text, one.interpretation)


def _is_lost(request: Request, judged: BestOfHead) -> bool:
    """Tell whether the assistant says that it reads the request as nothing, and reads the candidate."""
    return request.confidence is not None and request.confidence < _LOST and judged.candidate.interpretation is not None


def _is_own_and_unread(judged: BestOfHead, weighed: Sequence[Weighed]) -> bool:
    """Return whether a person's own repair stands for a request that is read as nothing: the alternative is an apology.

    What one coincidence taught is asked about first, whatever its chance (`uptake.rewriting.guard`).
    """
    heard = next(one.candidates[0] for one in weighed if one.head == judged.head)
    return judged.candidate.layer == "personal" and heard.interpretation is None


def _others(weighed: Weighed, choice: Choice) -> tuple[tuple[float, Candidate], ...]:
    """Return (chance, candidate) of the likeliest candidate of each reading but the best one's and the request's."""
    found: list[tuple[float, Candidate]] = []
    taken = [weighed.candidates[choice.best].interpretation]
    ranked = sorted(zip(choice.chances, weighed.candidates, weighed.changes, strict=True), key=lambda one: -one[0])
    for chance, one, changes in ranked:
        if changes and not any(same_reading(known, one.interpretation) for known in taken):
            taken.append(one.interpretation)
            found.append((float(chance), one))
    return tuple(found)
