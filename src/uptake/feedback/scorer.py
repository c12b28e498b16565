"""Light scorers: logistic regressions for rephrases and defects, on a few features that any log has.

`rephrase_features` compares two turns of a session, to decide whether the second says the first again.
`defect_features` describes a turn, its past and (offline) its future. Both work on whole columns, so that one session
and ten million turns use the same code, and the score of a turn depends only on its session. A feature that a log lacks
is NaN and counts as the mean of the training corpus: it does not change the score.

P(defect) has two forms. The *offline* form uses later turns and is what learners read. The *online* form uses only the
turn, the assistant's answer to it, and the turns before.

Limit: similarity of letters, sounds and words knows no synonyms. Calibrated on phone calls to one restaurant line;
elsewhere the ranking of turns is more reliable than the probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from uptake.feedback.columns import CORRECTION, COURTESY, STATUS_CODES, Bools, Floats, Ints, Texts, TurnFrame
from uptake.feedback.new_wish import new_wishes, worked
from uptake.feedback.reactions import reactions
from uptake.feedback.weights import Columns, Scorer, Weights, shipped
from uptake.types import Session, Turn

__all__ = [
    "DEFECT_OFFLINE",
    "DEFECT_ONLINE",
    "REPHRASE",
    "Judge",
    "Judgement",
    "LightScorer",
    "by_speaker",
    "defect_features",
    "defects",
    "ended_well",
    "judge",
    "reactions_of",
    "rephrase_features",
    "rephrase_probability",
]

REPHRASE = (
    "edit",
    "edit_high",
    "sound",
    "words",
    "contained",
    "length",
    "gap",
    "same_meaning",
    "same_meaning_and_text",
    "doubt",
    "failed",
    "unsupported",
    "barged_in",
    "left_control",
    "right_control",
    "right_correction",
)
"""Features of a pair of turns (left, right), in the order of the columns.

edit, sound: similarity of letters and of sound keys, 0 or in [0.4, 1] (sound is 0 where edit is) ·
edit_high: how far edit exceeds 0.6 · words: Jaccard of content words · contained: shared content words over the
fewer · length: words of the shorter over the longer · gap: ln(1 + seconds between the beginnings) ·
same_meaning: 1 same interpretation, 0 another, NaN unknown · doubt: 1 - confidence of the left reading ·
failed, unsupported: status of the left turn · barged_in: its response was cut short · the rest: what the lexicon says.
"""

_STATUSES = tuple(STATUS_CODES.values())

_LEAST = 0.4
"""Edit similarity below which two texts count as unlike: what lies below tells little and costs most."""

DEFECT_ONLINE = (
    "doubt",
    "failed",
    "unsupported",
    "cancelled",
    "length",
    "control",
    "courtesy",
    "correction",
    "repeats_before",
    "same_meaning_before",
    "failed_before",
)
"""Features of a turn that are known once it was acted on; `repeats_before` is P(it says an
earlier turn again)."""

DEFECT_OFFLINE = (
    *DEFECT_ONLINE,
    "rephrased",
    "rephrased_root",
    "same_meaning_after",
    "terminated",
    "corrected",
    "barged_in",
    "hung_up",
    "gave_up",
    "thanked",
    "answered_no",
    "answered_yes",
    "undone",
)
"""The online features, then what happened after.

rephrased: P(the next turn that is not a control request says it again), rephrased_root: its square root ·
gave_up: the session ends on a turn that the assistant itself calls failed.
"""


def rephrase_features(frame: TurnFrame, left: Ints, right: Ints) -> Floats:
    """Return features of pairs of rows of one frame.

    Args:
        frame: The turns.
        left: (p,) int64, rows that may have been said again.
        right: (p,) int64, the later rows.

    Returns:
        (p, 16) float64, columns as in `REPHRASE`; NaN is unknown.
    """
    return _stacked(_rephrase_columns(frame, left, right), REPHRASE, len(left))


def _rephrase_columns(frame: TurnFrame, left: Ints, right: Ints) -> Columns:
    here, there, texts = frame.text[left], frame.text[right], frame.texts
    words_here, words_there = texts.length[here], texts.length[there]
    edit = _similarity(texts.texts[here], texts.texts[there])
    edit[(words_here == 0) & (words_there == 0)] = 0.0
    sound, alike = np.zeros(len(here)), np.flatnonzero(edit)
    sound[alike] = _similarity(texts.sounds(here[alike]), texts.sounds(there[alike]))
    words, contained = _overlap(texts, here, there)
    same = _same_meaning(frame, left, right)
    status = None if frame.status is None else frame.status[left]
    return {
        "edit": edit,
        "edit_high": np.maximum(edit - 0.6, 0.0),
        "sound": sound,
        "words": words,
        "contained": contained,
        "length": np.minimum(words_here, words_there) / np.maximum(np.maximum(words_here, words_there), 1.0),
        "gap": np.log1p(np.maximum(frame.said_at[right] - frame.said_at[left], 0) / 1e6),
        "same_meaning": same,
        "same_meaning_and_text": None if same is None else same * edit,
        "doubt": None if frame.confidence is None else 1.0 - frame.confidence[left],
        "failed": _status(status, "failed"),
        "unsupported": _status(status, "unsupported"),
        "barged_in": None if frame.barged_in is None else frame.barged_in[left],
        "left_control": frame.control[left],
        "right_control": frame.control[right],
        "right_correction": frame.is_a(CORRECTION)[right],
    }


def defect_features(frame: TurnFrame, partner: Ints, rephrased: Floats, *, offline: bool) -> Floats:
    """Return features of every row.

    Args:
        frame: The turns.
        partner: (n,) int64, the later row that each row is compared with, -1 for none.
        rephrased: (n,) float64, P(the partner says this turn again); 0 without a partner.
        offline: Whether later turns may be looked at.

    Returns:
        (n, 11) or (n, 23) float64, columns as in `DEFECT_ONLINE` or `DEFECT_OFFLINE`; NaN is unknown.
    """
    columns = _online_columns(frame, partner, rephrased)
    if offline:
        nothing = np.zeros(len(frame), dtype=bool)  # no feature is the verdict of the rephrase scorer
        columns = {**columns, **_later_columns(frame, rephrased, reactions(frame, nothing))}
    return _stacked(columns, DEFECT_OFFLINE if offline else DEFECT_ONLINE, len(frame))


def _online_columns(frame: TurnFrame, partner: Ints, rephrased: Floats) -> Columns:
    repeats = np.zeros(len(frame), dtype=np.float64)
    likely = np.flatnonzero(rephrased)
    np.maximum.at(repeats, partner[likely], rephrased[likely])
    failed = _status(frame.status, "failed")
    before = frame.meaning if frame.meaning is None else _equal(frame.meaning, frame.before(frame.meaning, -1))
    first = frame.precedes < 0
    return {
        "doubt": None if frame.confidence is None else 1.0 - frame.confidence,
        "failed": failed,
        "unsupported": _status(frame.status, "unsupported"),
        "cancelled": _status(frame.status, "cancelled"),
        "length": np.log1p(frame.texts.length)[frame.text],
        "control": frame.control,
        "courtesy": frame.is_a(COURTESY),
        "correction": frame.is_a(CORRECTION),
        "repeats_before": repeats,
        "same_meaning_before": None if before is None else np.where(first, 0.0, before),
        "failed_before": None if failed is None else frame.before(failed, 0.0),
    }


def _later_columns(frame: TurnFrame, rephrased: Floats, reacted: Mapping[str, Bools]) -> Columns:
    after = frame.meaning if frame.meaning is None else _equal(frame.meaning, frame.after(frame.meaning, -1))
    return {
        "rephrased": rephrased,
        "rephrased_root": np.sqrt(rephrased),
        "same_meaning_after": None if after is None else np.where(frame.goes_on, after, 0.0),
        "barged_in": None if frame.barged_in is None else reacted["barged_in"],
        **{name: reacted[name] for name in DEFECT_OFFLINE if name in reacted and name not in ("barged_in", "failed")},
    }


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Scores of every row of a frame by the light scorers."""

    partner: Ints
    """(n,) int64: row of the next turn that is not a control request, -1 where there is none."""
    rephrased: Floats
    """(n,) float64 in [0, 1]: P(the partner says this turn again); 0 without a partner, or where it is a new wish."""
    retried: Bools
    """(n,) bool: `rephrased` reaches the threshold of the scorer, the turn is no control request, and what comes after
    is no new wish (`uptake.feedback.new_wish`)."""
    p_defect: Floats
    """(n,) float64 in [0, 1]: P(the turn failed its user)."""
    defect: Bools
    """(n,) bool: `p_defect` reaches the threshold of the scorer."""
    reacted: Mapping[str, Bools]
    """Name of a reaction -> (n,) bool, each of `uptake.feedback.reactions.REACTIONS`."""


def judge(frame: TurnFrame, *, offline: bool = True, weights: Weights | None = None) -> Judgement:
    """Score every row.

    Args:
        frame: The turns.
        offline: Whether later turns may be looked at; online, `p_defect` rests on the past alone.
        weights: Who scores [default: the weights that come with the package].
    """
    weights = weights or shipped()
    partner = frame.next_goal
    rephrased = rephrase_probability(frame, partner, weights.rephrase)
    seeming = np.flatnonzero((partner >= 0) & ~frame.control & (rephrased >= weights.rephrase.threshold))
    wishes = new_wishes(frame, seeming, partner[seeming])
    rephrased[seeming[wishes]] = 0.0
    reacted = reactions(frame, (partner >= 0) & (rephrased >= weights.rephrase.threshold))
    columns = _online_columns(frame, partner, rephrased)
    if offline:
        columns = {**columns, **_later_columns(frame, rephrased, reacted)}
    scorer = weights.defect_offline if offline else weights.defect_online
    p_defect = scorer.probability_by_column(columns, len(frame))
    return Judgement(
        partner=partner,
        rephrased=rephrased,
        retried=reacted["retried"],
        p_defect=p_defect,
        defect=p_defect >= scorer.threshold,
        reacted=reacted,
    )


def ended_well(frame: TurnFrame, verdict: Judgement) -> Bools:
    """Return whether the assistant reports success for each row, and nobody objected."""
    found = worked(frame, np.arange(len(frame)))
    return found & ~verdict.reacted["corrected"] & ~verdict.reacted["terminated"]


class Judge(Protocol):
    """Scores whole sessions. Law: a session's scores do not depend on the sessions beside it."""

    def judge(self, sessions: Sequence[Session], *, offline: bool = True) -> Judgement:
        """Score every turn, in the order of the sessions."""
        ...


@dataclass(frozen=True, slots=True)
class LightScorer:
    """Scorer that ships with the package."""

    def judge(self, sessions: Sequence[Session], *, offline: bool = True) -> Judgement:
        """Score every turn with the shipped weights."""
        return judge(TurnFrame.of(sessions), offline=offline)


def reactions_of(session: Session) -> dict[str, tuple[str, ...]]:
    """Return the reactions to each turn of a session, by `turn_id`; empty without any."""
    apart = by_speaker(session)
    reacted = judge(TurnFrame.of(apart)).reacted
    found = {
        turn.turn_id: tuple(name for name, spoke in reacted.items() if spoke[row])
        for row, turn in enumerate(turn for one in apart for turn in one.turns)
    }
    return {turn.turn_id: found[turn.turn_id] for turn in session.turns}


def by_speaker(session: Session) -> list[Session]:
    """Split a session by person, as `uptake.feedback.speakers` does for columns."""
    said: dict[tuple[str, str], list[Turn]] = {}
    for turn in session.turns:
        said.setdefault((turn.user_id, turn.home_id or ""), []).append(turn)
    return [replace(session, turns=tuple(turns)) for turns in said.values()]


def defects(session: Session, *, offline: bool = True) -> dict[str, float]:
    """Estimate the probability, in [0, 1], that each turn of a session failed its user, by `turn_id`.

    Args:
        session: The turns.
        offline: Whether later turns may be looked at.
    """
    apart = by_speaker(session)
    chances = judge(TurnFrame.of(apart), offline=offline).p_defect
    names = [turn.turn_id for one in apart for turn in one.turns]
    found = dict(zip(names, map(float, chances), strict=True))
    return {turn.turn_id: found[turn.turn_id] for turn in session.turns}


def rephrase_probability(frame: TurnFrame, partner: Ints, scorer: Scorer) -> Floats:
    """Return (n,) float64: P(the partner row says the row again); 0 where the partner is -1."""
    left = np.flatnonzero(partner >= 0)
    found = np.zeros(len(frame), dtype=np.float64)
    found[left] = scorer.probability_by_column(_rephrase_columns(frame, left, partner[left]), len(left))
    return found


def _similarity(left: NDArray[Any], right: NDArray[Any]) -> Floats:
    """Return (p,) float64: edit similarity of pairs of texts; 0 below `_LEAST`."""
    if not len(left):
        return np.zeros(0, dtype=np.float64)
    found: Floats = process.cpdist(
        left.tolist(),
        right.tolist(),
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=_LEAST,
        dtype=np.float64,
        workers=1,
    )
    return found


def _overlap(texts: Texts, here: Ints, there: Ints) -> tuple[Floats, Floats]:
    """Return shared content words divided by all of them, and by those of the text that has fewer."""
    bits = np.bitwise_count(texts.content[here] & texts.content[there])
    shared = sum(bits.T, np.zeros(len(here)))  # column by column: a sum over so short an axis takes three times as long
    one, other = texts.breadth[here], texts.breadth[there]
    return shared / np.maximum(one + other - shared, 1.0), shared / np.maximum(np.minimum(one, other), 1.0)


def _same_meaning(frame: TurnFrame, one: Ints, other: Ints) -> Floats | None:
    return None if frame.meaning is None else _equal(frame.meaning[one], frame.meaning[other])


def _equal(one: Ints, other: Ints) -> Floats:
    """Return 1 where two codes are equal, 0 where they are not, NaN where one is unknown."""
    return np.where((one < 0) | (other < 0), np.nan, one == other)


def _status(status: Ints | None, name: str) -> Floats | None:
    """Return 1 where it is this status, 0 where it is another, NaN where it is unknown."""
    if status is None:
        return None
    table = np.array([np.nan if code == STATUS_CODES[None] else code == STATUS_CODES[name] for code in _STATUSES])
    return table[status]


def _stacked(columns: Columns, names: tuple[str, ...], rows: int) -> Floats:
    known = {name: np.full(rows, np.nan) if values is None else values for name, values in columns.items()}
    return np.column_stack([np.asarray(known[name], dtype=np.float64) for name in names])
