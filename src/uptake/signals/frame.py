"""Turns as columns: what the light scorers read, whether from one session or from ten million turns.

A frame has one row a turn. Rows of one session stand together and in time order; which session a row
belongs to is a number. Texts are normalised and stored once; rows point at them. A column that a log does
not have is None: unknown for every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.text import lexicon
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key
from uptake.types import Session, Turn

__all__ = ["STATUS_CODES", "Texts", "TurnFrame", "awaited"]

STATUS_CODES = {None: 0, "ok": 1, "failed": 2, "unsupported": 3, "cancelled": 4}
"""How `Turn.status` is written in a frame."""

_WORDS = 4  # 64-bit words of a content signature: 256 bits

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Texts:
    """Distinct normalised requests and what the lexicon says of each, computed when first asked for.

    Args:
        texts: Distinct requests, as written by `uptake.text.normalize`.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts: NDArray[Any] = np.empty(len(texts), dtype=object)
        self.texts[:] = texts

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def sounds(self) -> NDArray[Any]:
        """(m,) object: sound key of each text."""
        keys = np.empty(len(self.texts), dtype=object)
        keys[:] = [sound_key(text) for text in self.texts]
        return keys

    @cached_property
    def control(self) -> Bools:
        """(m,) bool: steers the conversation or the player and names no goal."""
        return np.fromiter(map(lexicon.is_control, self.texts), dtype=bool, count=len(self.texts))

    @cached_property
    def courtesy(self) -> Bools:
        """(m,) bool: a greeting, a thank-you or a farewell."""
        return np.fromiter(map(lexicon.is_courtesy, self.texts), dtype=bool, count=len(self.texts))

    @cached_property
    def termination(self) -> Bools:
        """(m,) bool: "stop", "never mind"."""
        return np.fromiter(map(lexicon.is_termination, self.texts), dtype=bool, count=len(self.texts))

    @cached_property
    def correction(self) -> Bools:
        """(m,) bool: "no, I said ..."."""
        return np.fromiter(map(lexicon.is_correction, self.texts), dtype=bool, count=len(self.texts))

    @cached_property
    def length(self) -> Floats:
        """(m,) float64: number of words."""
        return np.fromiter((text.count(" ") + 1 if text else 0 for text in self.texts), np.float64, len(self.texts))

    @cached_property
    def content(self) -> NDArray[np.uint64]:
        """(m, 4) uint64: which of 256 buckets the content words fall into; two words may share a bucket."""
        marks = np.zeros((len(self.texts), _WORDS), dtype=np.uint64)
        buckets: dict[str, int] = {}
        for row, text in enumerate(self.texts):
            for word in lexicon.content_words(text):
                bucket = buckets.get(word)
                if bucket is None:
                    bucket = buckets[word] = xxhash.xxh64_intdigest(word.encode()) & (64 * _WORDS - 1)
                marks[row, bucket >> 6] |= np.uint64(1 << (bucket & 63))
        return marks


@dataclass(frozen=True, kw_only=True)
class TurnFrame:
    """Columns of turns; n rows."""

    texts: Texts
    """The distinct requests, m of them."""
    text: Ints
    """(n,) int64 in [0, m): which request."""
    session: Ints
    """(n,) int64: equal numbers are one session; rows of a session are adjacent and in time order."""
    said_at: Ints
    """(n,) int64: microseconds since 1970, UTC."""
    meaning: Ints | None = None
    """(n,) int64: code of the interpretation's key, -1 where unknown."""
    confidence: Floats | None = None
    """(n,) float64 in [0, 1]: of the interpretation; NaN where unknown."""
    status: Ints | None = None
    """(n,) int64: a value of `STATUS_CODES`."""
    barged_in: Bools | None = None
    """(n,) bool: the user cut the response short."""
    awaited: Bools | None = None
    """(n,) bool: the assistant waited for the user after this turn (a question back, or a call)."""
    answer: Ints | None = None
    """(n,) int64: explicit yes 1, no 0, unknown -1."""
    undone: Bools | None = None
    """(n,) bool: the user undid the action."""

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def follows(self) -> Ints:
        """(n,) int64: row of the next turn of the session, -1 after the last."""
        rows = np.arange(1, len(self) + 1, dtype=np.int64)
        same = np.zeros(len(self), dtype=bool)
        same[:-1] = self.session[1:] == self.session[:-1]
        return np.where(same, rows, -1)

    @cached_property
    def precedes(self) -> Ints:
        """(n,) int64: row of the turn before in the session, -1 for the first."""
        rows = np.arange(-1, len(self) - 1, dtype=np.int64)
        same = np.zeros(len(self), dtype=bool)
        same[1:] = self.session[1:] == self.session[:-1]
        return np.where(same, rows, -1)

    @cached_property
    def control(self) -> Bools:
        """(n,) bool: the turn is a control request."""
        return self.texts.control[self.text]

    @cached_property
    def next_goal(self) -> Ints:
        """(n,) int64: row of the next turn of the session that is not a control request, -1 where there is none."""
        rows = np.where(self.control, len(self), np.arange(len(self), dtype=np.int64))
        after = np.append(np.minimum.accumulate(rows[::-1])[::-1][1:], len(self)) if len(self) else rows
        found = after < len(self)
        found[found] = self.session[after[found]] == self.session[np.flatnonzero(found)]
        return np.where(found, after, -1)

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> TurnFrame:
        """The frame of whole sessions."""
        rows = [(number, turn) for number, session in enumerate(sessions) for turn in session.turns]
        turns = [turn for _, turn in rows]
        texts, text = _coded([normalize(turn.request) for turn in turns])
        _, meaning = _coded([turn.interpretation.key if turn.interpretation else None for turn in turns])
        return cls(
            texts=Texts(texts),
            text=text,
            session=np.array([number for number, _ in rows], dtype=np.int64),
            said_at=np.array([round(turn.said_at.timestamp() * 1e6) for turn in turns], dtype=np.int64),
            meaning=meaning,
            confidence=np.array([_confidence(turn) for turn in turns], dtype=np.float64),
            status=np.array([STATUS_CODES[turn.status] for turn in turns], dtype=np.int64),
            barged_in=np.array([turn.barge_in_ms is not None for turn in turns], dtype=bool),
            awaited=np.array([awaited(turn) for turn in turns], dtype=bool),
            answer=np.array([-1 if turn.answer is None else int(turn.answer) for turn in turns], dtype=np.int64),
            undone=np.array([bool(turn.undone) for turn in turns], dtype=bool),
        )


def _coded(values: Sequence[str | None]) -> tuple[list[str], Ints]:
    """Distinct values in order of appearance, and for each row its position in them (-1 for None)."""
    codes: dict[str, int] = {}
    rows = [-1 if value is None else codes.setdefault(value, len(codes)) for value in values]
    return list(codes), np.array(rows, dtype=np.int64)


def _confidence(turn: Turn) -> float:
    confidence = turn.interpretation.confidence if turn.interpretation else None
    return np.nan if confidence is None else confidence


def awaited(turn: Turn) -> bool:
    """Whether the assistant waits for the user after a turn: its answer is a question, or it is a phone call."""
    return turn.context.device_type == "phone" or (turn.response or "").rstrip().endswith("?")
