"""The light scorers: logistic regressions on a handful of features that any log has.

`rephrase_features` looks at two turns of a session and asks whether the second says the first again;
`defect_features` looks at a turn, its past and (offline) its future. Both take whole columns, so that
one session and ten million turns run through the same lines, and a turn's score depends on nothing but its
session. A feature that a log does not know is NaN and then counts as the mean of the fitting corpus: it
moves nothing.

Limit: similarity of letters, sounds and words knows no synonyms; that is what the trained scorer is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from uptake.signals.frame import STATUS_CODES, Bools, Floats, Ints, Texts, TurnFrame
from uptake.signals.weights import Columns, Scorer, Weights, shipped

__all__ = [
    "DEFECT_OFFLINE",
    "DEFECT_ONLINE",
    "REPHRASE",
    "Judgement",
    "defect_features",
    "judge",
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
    """Features of pairs of rows of one frame.

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
    edit = _similarity(texts.texts, here, there)
    edit[(texts.length[here] == 0) & (texts.length[there] == 0)] = 0.0
    sound, alike = np.zeros(len(here)), np.flatnonzero(edit)
    sound[alike] = _similarity(texts.sounds, here[alike], there[alike])
    words, contained = _overlap(texts, here, there)
    shorter, longer = (
        np.minimum(texts.length[here], texts.length[there]),
        np.maximum(texts.length[here], texts.length[there]),
    )
    same = _same_meaning(frame, left, right)
    return {
        "edit": edit,
        "edit_high": np.maximum(edit - 0.6, 0.0),
        "sound": sound,
        "words": words,
        "contained": contained,
        "length": shorter / np.maximum(longer, 1.0),
        "gap": np.log1p(np.maximum(frame.said_at[right] - frame.said_at[left], 0) / 1e6),
        "same_meaning": same,
        "same_meaning_and_text": None if same is None else same * edit,
        "doubt": _column(frame.confidence, left, scale=-1.0, shift=1.0),
        "failed": _status(frame, left, "failed"),
        "unsupported": _status(frame, left, "unsupported"),
        "barged_in": _column(frame.barged_in, left),
        "left_control": texts.control[here],
        "right_control": texts.control[there],
        "right_correction": texts.correction[there],
    }


def defect_features(frame: TurnFrame, partner: Ints, rephrased: Floats, *, offline: bool) -> Floats:
    """Features of every row.

    Args:
        frame: The turns.
        partner: (n,) int64, the later row that each row is compared with, -1 for none.
        rephrased: (n,) float64, P(the partner says this turn again); 0 without a partner.
        offline: Whether later turns may be looked at.

    Returns:
        (n, 11) or (n, 23) float64, columns as in `DEFECT_ONLINE` or `DEFECT_OFFLINE`; NaN is unknown.
    """
    columns = _defect_columns(frame, partner, rephrased, offline=offline)
    return _stacked(columns, DEFECT_OFFLINE if offline else DEFECT_ONLINE, len(frame))


def _defect_columns(frame: TurnFrame, partner: Ints, rephrased: Floats, *, offline: bool) -> Columns:
    rows, texts = np.arange(len(frame), dtype=np.int64), frame.texts
    before, first = frame.precedes, frame.precedes < 0
    repeats = np.zeros(len(frame), dtype=np.float64)
    np.maximum.at(repeats, partner[partner >= 0], rephrased[partner >= 0])
    columns: dict[str, NDArray[Any] | None] = {
        "doubt": _column(frame.confidence, rows, scale=-1.0, shift=1.0),
        "failed": _status(frame, rows, "failed"),
        "unsupported": _status(frame, rows, "unsupported"),
        "cancelled": _status(frame, rows, "cancelled"),
        "length": np.log1p(texts.length[frame.text]),
        "control": frame.control,
        "courtesy": texts.courtesy[frame.text],
        "correction": texts.correction[frame.text],
        "repeats_before": repeats,
        "same_meaning_before": _unless(first, _same_meaning(frame, before, rows)),
        "failed_before": _unless(first, _status(frame, before, "failed")),
    }
    if offline:
        columns |= _aftermath(frame, rows, rephrased)
    return columns


def _aftermath(frame: TurnFrame, rows: Ints, rephrased: Floats) -> Columns:
    texts, after, last = frame.texts, frame.follows, frame.follows < 0
    next_text = frame.text[after]
    polite = texts.control[frame.text]
    answer = np.full(len(frame), -1) if frame.answer is None else frame.answer
    failed = _status(frame, rows, "failed")
    return {
        "rephrased": rephrased,
        "rephrased_root": np.sqrt(rephrased),
        "same_meaning_after": _unless(last, _same_meaning(frame, rows, after)),
        "terminated": ~last & texts.termination[next_text],
        "corrected": ~last & texts.correction[next_text],
        "barged_in": _column(frame.barged_in, rows),
        "hung_up": last & ~polite & (False if frame.awaited is None else frame.awaited),
        "gave_up": last & (False if failed is None else failed == 1.0),
        "thanked": ~last & texts.courtesy[next_text],
        "answered_no": answer == 0,
        "answered_yes": answer == 1,
        "undone": np.zeros(len(frame), dtype=bool) if frame.undone is None else frame.undone,
    }


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the light scorers say of every row of a frame."""

    partner: Ints
    """(n,) int64: row of the next turn that is not a control request, -1 where there is none."""
    rephrased: Floats
    """(n,) float64 in [0, 1]: P(the partner says this turn again); 0 without a partner."""
    retried: Bools
    """(n,) bool: `rephrased` reaches the threshold of the scorer, and the turn is no control request."""
    p_defect: Floats
    """(n,) float64 in [0, 1]: P(the turn failed its user)."""
    defect: Bools
    """(n,) bool: `p_defect` reaches the threshold of the scorer."""


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
    scorer = weights.defect_offline if offline else weights.defect_online
    p_defect = scorer.probability_by_column(_defect_columns(frame, partner, rephrased, offline=offline), len(frame))
    return Judgement(
        partner=partner,
        rephrased=rephrased,
        retried=(partner >= 0) & ~frame.control & (rephrased >= weights.rephrase.threshold),
        p_defect=p_defect,
        defect=p_defect >= scorer.threshold,
    )


def rephrase_probability(frame: TurnFrame, partner: Ints, scorer: Scorer) -> Floats:
    """(n,) float64: P(the partner row says the row again); 0 where the partner is -1."""
    left = np.flatnonzero(partner >= 0)
    found = np.zeros(len(frame), dtype=np.float64)
    found[left] = scorer.probability_by_column(_rephrase_columns(frame, left, partner[left]), len(left))
    return found


def _similarity(texts: NDArray[Any], here: Ints, there: Ints) -> Floats:
    """(p,) float64: edit similarity of pairs of texts; 0 below `_LEAST`."""
    if not len(here):
        return np.zeros(0, dtype=np.float64)
    found: Floats = process.cpdist(
        texts[here].tolist(),
        texts[there].tolist(),
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=_LEAST,
        dtype=np.float64,
        workers=1,
    )
    return found


def _overlap(texts: Texts, here: Ints, there: Ints) -> tuple[Floats, Floats]:
    """Shared content words over all of them, and over those of the text that has fewer."""
    shared = np.bitwise_count(texts.content[here] & texts.content[there]).sum(axis=1).astype(np.float64)
    one, other = texts.breadth[here], texts.breadth[there]
    return shared / np.maximum(one + other - shared, 1.0), shared / np.maximum(np.minimum(one, other), 1.0)


def _same_meaning(frame: TurnFrame, one: Ints, other: Ints) -> Floats | None:
    if frame.meaning is None:
        return None
    left, right = frame.meaning[one], frame.meaning[other]
    return np.where((left < 0) | (right < 0), np.nan, left == right)


def _status(frame: TurnFrame, rows: Ints, name: str) -> Floats | None:
    if frame.status is None:
        return None
    status = frame.status[rows]
    return np.where(status == STATUS_CODES[None], np.nan, status == STATUS_CODES[name])


def _column(values: NDArray[Any] | None, rows: Ints, *, scale: float = 1.0, shift: float = 0.0) -> Floats | None:
    return None if values is None else np.asarray(shift + scale * values[rows], dtype=np.float64)


def _unless(nowhere: Bools, values: Floats | None) -> Floats | None:
    """The values, 0 where there is nothing to compare with."""
    return None if values is None else np.where(nowhere, 0.0, values)


def _stacked(columns: Columns, names: tuple[str, ...], rows: int) -> Floats:
    known = {name: np.full(rows, np.nan) if values is None else values for name, values in columns.items()}
    return np.column_stack([np.asarray(known[name], dtype=np.float64) for name in names])
