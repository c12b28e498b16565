"""Infer labels from a log, without annotators: later turns show what people meant.

Candidates for the meaning of a turn come from four sources: its own interpretation; the interpretation of a later
rephrase, projected word by word (`uptake.understanding.labels.learn.projection`); the interpretation of a similar
request of another user that seems to have worked; and the interpretation that the recogniser's other hypotheses agree
on. The light scorers (`uptake.feedback`) judge whether a turn failed, and whether a later one says it again. Each label
gets a probability from its evidence (`uptake.understanding.labels.learn.evidence`), calibrated on the few turns whose
users answered "did I get that right?". The threshold of trusted labels is chosen so that, by these probabilities, they
are together more precise than one annotator.

Source: automated ground truth as in Gupta et al., "RoBERTaIQ" (2021), and Falke et al. (COLING 2020 Industry). Differs:
no annotated dialogue; the users' own answers calibrate. Limit: answers to questions and words that steer the
conversation ("yes", "stop") get no label, for they mean nothing by themselves. A request that is never understood, in
any wording, gets none either. A user who gives up silently after a wrong answer looks content.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from uptake.errors import BadConfig
from uptake.feedback.columns import asks, awaited
from uptake.feedback.scorer import Judge, Judgement, LightScorer
from uptake.text.lexicon import is_control
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Session, Turn
from uptake.understanding.intents.artifact import SentenceEncoder
from uptake.understanding.labels.artifact import Label, Labels
from uptake.understanding.labels.learn.evidence import Candidate, chances, evidence, support
from uptake.understanding.labels.learn.projection import Projector, Slots, located

__all__ = ["Labeller"]

_LEAST_AGAIN = 0.3  # P(says it again) below which a later turn is no source
_MOST_AGAIN = 4  # turns that one request is followed through
_DOUBTED = 0.3  # P(failed) from which on the recogniser's other hypotheses are read
_LEAST_TRUST = 0.5  # no label below this is trusted, however good the others are
_NEAR = 0.65  # edit similarity from which on requests are much alike
_NEAREST = 6
_MOST_FINE = 20_000  # requests among which neighbours are looked for
_BLOCK = 256
_SOON = timedelta(seconds=45)
_FAR_APART, _CLOSER = 0.35, 0.5  # cosine from which on, and over which, likeness of meaning counts

Read = Callable[[str], Interpretation | None]
Placed = tuple[str, Slots]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """Function that makes `Labels` from sessions.

    Args:
        precision: Precision, in (0, 1), that the trusted labels must reach together by their own probabilities: that of
            a single annotator. On recordings they were right somewhat more often than they claim.
        projector: Projects labels between wordings.
        judge: Scores which turns failed and which say an earlier one again.
        encoder: Finds later rephrases by meaning; None: only the light scorers find them.
        read: Interprets a text as the assistant does; None: other hypotheses of the recogniser are ignored.
        most: Most labels; the latest turns are kept.
    """

    precision: float = 0.85
    projector: Projector = field(default_factory=Projector)
    judge: Judge = field(default_factory=LightScorer)
    encoder: SentenceEncoder | None = None
    read: Read | None = None
    most: int = 100_000

    def __post_init__(self) -> None:
        if not 0.0 < self.precision < 1.0:
            raise BadConfig("precision must be in (0, 1)")
        if self.most < 1:
            raise BadConfig("most must be at least 1")

    def __call__(self, sessions: Sequence[Session], *, model: str | None = None) -> Labels:
        """Return the labels of some sessions; equal sessions give equal labels.

        Args:
            sessions: Whole sessions; what users answered is used to calibrate, nothing of `Turn.truth` is looked at.
            model: Version of the model whose readings the turns hold.
        """
        turns = [turn for one in sessions for turn in one.turns][-self.most :]
        whole = _from(sessions, turns)
        judged = _heeding(self.judge.judge([_without_answers(one) for one in whole]), whole, self.encoder)
        log = _Log(whole, judged)
        candidates = [one for at in range(len(log.turns)) for one in self._candidates(at, log)]
        found, answers = chances(candidates, evidence(candidates))
        labels = _best(candidates, found.tolist())
        return Labels(
            rows=labels,
            threshold=_threshold([one.confidence for one in labels], self.precision),
            precision=self.precision,
            answers=answers,
            model=model,
            defects={
                turn.turn_id: round(float(chance), 4)
                for turn, chance in zip(log.turns, log.judged.p_defect, strict=True)
            },
        )

    def _candidates(self, at: int, log: _Log) -> Iterator[Candidate]:
        """Yield the meanings that a turn may have had."""
        if not log.stands_alone[at]:
            return
        turn, near, own = log.turns[at], log.near(at), log.placed[at]
        common = Candidate(
            turn=turn,
            source=turn,
            origin="accepted",
            intent=own[0] if own is not None else "",
            slots=own[1] if own is not None else (),
            p_defect=log.p_defect(at),
            p_source=log.p_defect(at),
            attempts=log.attempts(at),
            near=tuple((placed[0], worth) for other, worth in near if (placed := log.placed[other]) is not None),
        )
        if own is not None:
            yield common
        for later, again in log.again(at):
            carried = self._carried(common, later, log)
            if carried is not None and log.stands_alone[later]:
                yield replace(carried, said_again=again)
        for other, _ in near[:1]:
            carried = self._carried(common, other, log)
            if carried is not None and carried.intent != common.intent:
                yield replace(carried, origin="neighbour")
        voted = self._voted(turn) if common.p_defect >= _DOUBTED else None
        if voted is not None:
            yield replace(common, origin="alternatives", intent=voted, slots=())

    def _carried(self, label: Candidate, source: int, log: _Log) -> Candidate | None:
        """Return the reading of another turn, carried over; None where there is none or it cannot be."""
        placed, turn = log.placed[source], log.turns[source]
        found = None if placed is None else self.projector(turn.request, *placed, label.turn.request)
        if placed is None or found is None:
            return None
        return replace(
            label,
            source=turn,
            origin="rephrase",
            intent=placed[0],
            slots=found.slots,
            likeness=found.likeness,
            p_source=log.p_defect(source),
        )

    def _voted(self, turn: Turn) -> str | None:
        """Return the intent that most of the n-best list agrees on, where it is another than the turn's own."""
        if self.read is None or len(turn.alternatives) < 3:
            return None
        votes = Counter(read.intent for heard in turn.alternatives if (read := self.read(heard.text)) is not None)
        intent, count = votes.most_common(1)[0] if votes else ("", 0)
        own = turn.interpretation.intent if turn.interpretation else None
        return intent if intent != own and 2 * count > len(turn.alternatives) else None


class _Log:
    """Turns with their scores, and groups of similar requests."""

    def __init__(self, sessions: Sequence[Session], judged: Judgement) -> None:
        self.turns = [turn for one in sessions for turn in one.turns]
        self.judged = judged
        self.placed = [_placed(turn) for turn in self.turns]
        self._groups = _groups(judged)
        self._texts = [normalize(turn.request) for turn in self.turns]
        answers = [False, *(awaited(turn) for one in sessions for turn in one.turns)]
        first = {one.turns[0].turn_id for one in sessions}
        self.stands_alone = [
            bool(text) and not is_control(text) and (turn.turn_id in first or not answers[at])
            for at, (turn, text) in enumerate(zip(self.turns, self._texts, strict=True))
        ]
        """Whether a request means something by itself: it neither answers a question nor steers the conversation."""
        self._fine: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(self._texts):
            if self.stands_alone[at] and self.placed[at] is not None and judged.p_defect[at] < 0.5:
                self._fine[text].append(at)
        self._near = _neighbours(list(dict.fromkeys(self._texts)), list(self._fine)[-_MOST_FINE:])

    def p_defect(self, at: int) -> float:
        """Return P(the turn failed its user)."""
        return round(float(self.judged.p_defect[at]), 4)

    def again(self, at: int) -> Iterator[tuple[int, float]]:
        """Yield later turns that say a turn again, and how likely each does."""
        chance, now = 1.0, at
        for _ in range(_MOST_AGAIN):
            chance, now = chance * float(self.judged.rephrased[now]), int(self.judged.partner[now])
            if now < 0 or chance < _LEAST_AGAIN:
                return
            yield now, chance

    def attempts(self, at: int) -> tuple[str, ...]:
        """Return intents read from the other turns that say the same thing."""
        others = (other for other in self._groups[at] if other != at)
        return tuple(placed[0] for other in others if (placed := self.placed[other]) is not None)

    def near(self, at: int) -> list[tuple[int, float]]:
        """Return other users' turns that seem fine and whose request is much alike, nearest first."""
        user = self.turns[at].user_id
        found = []
        for text, worth in self._near.get(self._texts[at], ()):
            other = next((each for each in self._fine[text] if self.turns[each].user_id != user), None)
            if other is not None:
                found.append((other, worth))
        return found


def _heeding(judged: Judgement, sessions: Sequence[Session], encoder: SentenceEncoder | None) -> Judgement:
    """Return the judgement, with later turns that mean about the same counted as saying it again."""
    turns = [turn for one in sessions for turn in one.turns]
    pairs = [at for at in range(len(turns)) if judged.partner[at] >= 0] if encoder is not None else []
    if encoder is None or not pairs:
        return judged
    later = judged.partner[pairs]
    vectors = encoder.encode([normalize(turns[at].request) for at in [*pairs, *later.tolist()]])
    cosines = (vectors[: len(pairs)] * vectors[len(pairs) :]).sum(axis=1)
    quick = np.array(
        [turns[there].said_at - turns[at].said_at <= _SOON for at, there in zip(pairs, later.tolist(), strict=True)]
    )
    again = judged.rephrased.copy()
    again[pairs] = np.maximum(again[pairs], np.where(quick, np.clip((cosines - _FAR_APART) / _CLOSER, 0.0, 0.95), 0.0))
    return replace(judged, rephrased=again)


def _groups(judged: Judgement) -> list[list[int]]:
    """Return for each turn the turns of which each says the one before again, itself among them."""
    groups: list[list[int]] = []
    for at in range(len(judged.partner)):
        groups.append([at])
    for at, (later, again) in enumerate(zip(judged.partner.tolist(), judged.rephrased.tolist(), strict=True)):
        if later >= 0 and again >= 0.5 and groups[later] is not groups[at]:
            groups[at].extend(groups[later])
            for other in groups[later]:
                groups[other] = groups[at]
    return groups


def _neighbours(texts: Sequence[str], fine: Sequence[str]) -> Mapping[str, list[tuple[str, float]]]:
    """Return for each text the texts that seem fine and are much alike but not the same, nearest first."""
    found: dict[str, list[tuple[str, float]]] = {}
    for start in range(0, len(texts), _BLOCK) if fine else ():
        block = texts[start : start + _BLOCK]
        scores = process.cdist(
            block, fine, scorer=Levenshtein.normalized_similarity, score_cutoff=_NEAR, dtype=np.float32, workers=1
        )
        for text, row in zip(block, scores, strict=True):
            best = np.argsort(-row, kind="stable")[: _NEAREST + 1]
            found[text] = [(fine[at], float(row[at])) for at in best.tolist() if row[at] > 0.0 and fine[at] != text]
    return found


def _from(sessions: Sequence[Session], turns: Sequence[Turn]) -> list[Session]:
    """Return the sessions that hold some turns, cut to them."""
    kept = {turn.turn_id for turn in turns}
    cut = [tuple(turn for turn in one.turns if turn.turn_id in kept) for one in sessions]
    return [replace(one, turns=held) for one, held in zip(sessions, cut, strict=True) if held]


def _without_answers(session: Session) -> Session:
    """Remove answers, recorded or spoken, from the evidence: they calibrate the labels."""
    if all(turn.answer is None for turn in session.turns):
        return session
    return replace(session, turns=tuple(_without_answer(turn) for turn in session.turns))


def _without_answer(turn: Turn) -> Turn:
    if turn.answer is None:
        return turn
    return replace(turn, answer=None, response=None if asks(turn.response) else turn.response)


def _placed(turn: Turn) -> Placed | None:
    """Return the intent and slots of a turn's reading, where they are said; None where nothing was understood."""
    reading = turn.interpretation
    if reading is None or not reading.intent:
        return None
    return reading.intent, located(turn.request, reading.slots)[0]


def _best(candidates: Sequence[Candidate], found: Sequence[float]) -> tuple[Label, ...]:
    """Return the likeliest label of each turn."""
    users = support(candidates)
    best: dict[str, tuple[float, Candidate]] = {}
    for one, chance in zip(candidates, found, strict=True):
        known = best.get(one.turn.turn_id)
        if known is None or chance > known[0]:
            best[one.turn.turn_id] = (chance, one)
    return tuple(
        Label(
            turn_id=one.turn.turn_id,
            user_id=one.turn.user_id,
            request=one.turn.request,
            intent=one.intent,
            slots=one.slots,
            values=one.source.interpretation.slots if one.source.interpretation else (),
            p_defect=one.p_defect,
            confidence=round(chance, 4),
            origin="answer" if one.origin == "accepted" and one.turn.answer else one.origin,
            source_turn_id=one.source.turn_id,
            signals=tuple(_signals(one)),
            users=max(1, len(users.get((normalize(one.turn.request), one.intent), ()))),
            read_before=one.turn.interpretation.key if one.turn.interpretation else None,
        )
        for chance, one in best.values()
    )


def _signals(one: Candidate) -> Iterator[str]:
    """Yield the names of the signals that support a label."""
    if one.origin == "rephrase":
        yield "rephrase"
    if one.p_source < 0.5:
        yield "no_complaint"
    if one.source.answer is not None:
        yield "explicit"
    if any(intent == one.intent for intent, _ in one.near):
        yield "other_users"
    if one.origin == "alternatives":
        yield "alternatives"


def _threshold(confidences: Sequence[float], precision: float) -> float:
    """Return the least confidence from which on labels are, on the mean, at least so precise; 1 where none are."""
    ordered = np.sort(np.asarray(confidences, dtype=np.float64))[::-1]
    if not len(ordered):
        return 1.0
    means = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    good = np.flatnonzero((means >= precision) & (ordered >= _LEAST_TRUST))
    return float(ordered[good[-1]]) if len(good) else 1.0
