"""Numeric features of goal boundaries: similarity of the turns before and after, and the reactions.

Only one session and its logged fields are used, nothing of `Turn.truth`. A feature that a log lacks is NaN.

Source: cohesion of windows before and after a gap as in Hearst, "TextTiling", Computational Linguistics 23, 1997.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from uptake.feedback.columns import CORRECTION, COURTESY, STATUS_CODES, TERMINATION, TurnFrame
from uptake.feedback.scorer import Judgement, judge
from uptake.insight.dialogues.views import action_tokens
from uptake.text.lexicon import content_words
from uptake.text.normalize import normalize
from uptake.types import Session, Turn

__all__ = ["BOUNDARY", "SIGNALS", "boundary_numbers", "turn_numbers"]

Floats = NDArray[np.float64]

_PIECE = re.compile(r"[^\W_]+")
_COHESION = (
    "request_response_before",
    "request_request_before",
    "turn_turn_before",
    "turn_window_before",
    "turn_all_before",
    "window_window",
    "response_response_before",
    "next_request_request",
    "next_request_request_before",
    "new_words",
    "new_words_of_turn",
    "done_done_before",
    "done_last_done",
    "next_done_done_before",
)
SIGNALS = (
    "index",
    "left",
    "gap",
    "gap_after",
    "words",
    "words_response",
    "words_response_before",
    "question_before",
    "question",
    "says_again",
    "said_again",
    "p_defect_before",
    "p_defect",
    "control",
    "control_before",
    "courtesy",
    "courtesy_before",
    "correction",
    "termination_before",
    "same_meaning",
    "same_intent",
    "same_domain",
    "status",
    "status_before",
)
"""Columns of `turn_numbers`."""
BOUNDARY = (*_COHESION, *SIGNALS)
"""Features of a turn: does a goal begin with it?"""


def boundary_numbers(sessions: Sequence[Session]) -> Floats:
    """Return (turns, features) float64, columns as in `BOUNDARY`; NaN is unknown."""
    cohesion = [row for session in sessions for row in _cohesion(session)]
    return np.column_stack([np.array(cohesion, dtype=np.float64).reshape(-1, len(_COHESION)), turn_numbers(sessions)])


def _cohesion(session: Session) -> list[list[float]]:
    requests = [frozenset(content_words(normalize(turn.request))) for turn in session.turns]
    answers = [frozenset(content_words(normalize(turn.response or ""))) for turn in session.turns]
    done = [_names(turn) for turn in session.turns]
    both = [one | other for one, other in zip(requests, answers, strict=True)]
    nothing: frozenset[str] = frozenset()
    found, heard, last_done = [], nothing, nothing
    for at, request in enumerate(requests):
        before, ahead = at - 1, at + 1
        later = requests[ahead] if ahead < len(requests) else nothing
        later_done = done[ahead] if ahead < len(done) else nothing
        if at == 0:
            found.append([np.nan] * len(_COHESION))
        else:
            window = nothing.union(*both[max(0, at - 3) : at])
            following = both[at].union(later)
            found.append(
                [
                    _alike(request, answers[before]),
                    _alike(request, requests[before]),
                    _alike(both[at], both[before]),
                    _alike(both[at], window),
                    _alike(both[at], heard),
                    _alike(following, window),
                    _alike(answers[at], answers[before]),
                    _alike(later, request),
                    _alike(later, requests[before]),
                    float(len(request - heard)),
                    float(len(both[at] - heard)),
                    _alike(done[at], done[before]),
                    _alike(done[at], last_done),
                    _alike(later_done, done[before]),
                ]
            )
        heard = heard | both[at]
        last_done = done[at] or last_done
    return found


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two bags of words; NaN where one is empty."""
    if not one or not other:
        return np.nan
    return len(one & other) / float(np.sqrt(len(one) * len(other)))


def _names(turn: Turn) -> frozenset[str]:
    """Split the names in an action: "query.ride_status()" gives query, ride, status."""
    return frozenset(
        piece for token in action_tokens(turn.action) for piece in _PIECE.findall(token.replace("_", " ").lower())
    )


def turn_numbers(sessions: Sequence[Session]) -> Floats:
    """Compute (turns, features) float64 from the signals and the log, columns as in `SIGNALS`."""
    frame = TurnFrame.of(sessions)
    said = judge(frame)
    turns = [turn for session in sessions for turn in session.turns]
    before, after = frame.precedes, frame.follows
    first, last = before < 0, after < 0
    columns: dict[str, NDArray[np.float64]] = {
        "index": _joined([np.arange(len(one.turns)) for one in sessions]),
        "left": _joined([np.arange(len(one.turns))[::-1] for one in sessions]),
        **_times(frame),
        "words": frame.texts.length[frame.text],
        "words_response": np.array([np.nan if t.response is None else len(t.response.split()) for t in turns]),
        "question": np.asarray(frame.awaited, dtype=np.float64),
        **_again(frame, said),
        "p_defect": said.p_defect,
        "control": frame.control.astype(np.float64),
        "courtesy": frame.is_a(COURTESY).astype(np.float64),
        "correction": frame.is_a(CORRECTION).astype(np.float64),
        "status": _status(frame),
        **_meanings(turns, before),
    }
    for name in ("words_response", "question", "p_defect", "control", "courtesy", "status"):
        columns[f"{name}_before"] = np.where(first, np.nan, columns[name][before])
    columns["termination_before"] = np.where(first, np.nan, frame.is_a(TERMINATION)[before])
    columns["gap_after"] = np.where(last, np.nan, columns["gap"][after])
    return np.column_stack([columns[name] for name in SIGNALS]).reshape(-1, len(SIGNALS))


def _joined(parts: Sequence[NDArray[np.int64]]) -> Floats:
    return np.concatenate([np.zeros(0), *parts]).astype(np.float64)


def _times(frame: TurnFrame) -> dict[str, Floats]:
    first = frame.precedes < 0
    seconds = np.maximum(frame.said_at - frame.said_at[frame.precedes], 0) / 1e6
    return {"gap": np.where(first, np.nan, np.log1p(seconds))}


def _again(frame: TurnFrame, said: Judgement) -> dict[str, Floats]:
    """Tell whether a turn says an earlier one again, and is said again."""
    says = np.zeros(len(frame), dtype=np.float64)
    paired = said.partner >= 0
    np.maximum.at(says, said.partner[paired], said.rephrased[paired])
    return {"says_again": says, "said_again": said.rephrased}


def _status(frame: TurnFrame) -> Floats:
    codes = np.full(len(frame), STATUS_CODES[None]) if frame.status is None else frame.status
    return np.where(codes == STATUS_CODES[None], np.nan, codes.astype(np.float64))


def _meanings(turns: Sequence[Turn], before: NDArray[np.int64]) -> dict[str, Floats]:
    """Tell whether a turn was read as the one before: whole, its intent, its domain; NaN where a reading is missing."""
    readings = [turn.interpretation for turn in turns]
    found: dict[str, list[float]] = {"same_meaning": [], "same_intent": [], "same_domain": []}
    for at, reading in enumerate(readings):
        past = readings[before[at]] if before[at] >= 0 else None
        if reading is None or past is None:
            for values in found.values():
                values.append(np.nan)
            continue
        found["same_meaning"].append(float(reading.key == past.key))
        found["same_intent"].append(float((reading.domain, reading.intent) == (past.domain, past.intent)))
        known = reading.domain is not None and past.domain is not None
        found["same_domain"].append(float(reading.domain == past.domain) if known else np.nan)
    return {name: np.array(values, dtype=np.float64) for name, values in found.items()}
