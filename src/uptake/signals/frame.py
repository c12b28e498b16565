"""Turns as columns: what the light scorers read, whether from one session or from ten million turns.

A frame has one row a turn. Rows of one session stand together and in time order; which session a row
belongs to is a number. Texts are normalised and stored once; rows point at them. A column that a log does
not have is None: unknown for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
    """Distinct normalised requests and what the lexicon says of each, computed once, when first asked for.

    Args:
        texts: Distinct requests, as written by `uptake.text.normalize`.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts: NDArray[Any] = np.empty(0, dtype=object)
        self._columns: dict[str, NDArray[Any]] = {}
        self._breadth: Floats = np.zeros(0, dtype=np.float64)
        self.add(texts)

    def add(self, texts: Sequence[str]) -> None:
        """Append requests that are not yet there; what is known of the others stays."""
        more = np.empty(len(texts), dtype=object)
        more[:] = texts
        self.texts = np.concatenate([self.texts, more])

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def sounds(self) -> NDArray[Any]:
        """(m,) object: sound key of each text."""
        return self._column("sounds", sound_key, object)

    @property
    def control(self) -> Bools:
        """(m,) bool: steers the conversation or the player and names no goal."""
        return self._column("control", lexicon.is_control, bool)

    @property
    def courtesy(self) -> Bools:
        """(m,) bool: a greeting, a thank-you or a farewell."""
        return self._column("courtesy", lexicon.is_courtesy, bool, only=self.control)

    @property
    def termination(self) -> Bools:
        """(m,) bool: "stop", "never mind"."""
        return self._column("termination", lexicon.is_termination, bool, only=self.control)

    @property
    def correction(self) -> Bools:
        """(m,) bool: "no, I said ..."."""
        return self._column("correction", lexicon.is_correction, bool)

    @property
    def length(self) -> Floats:
        """(m,) float64: number of words."""
        return self._column("length", lambda text: text.count(" ") + 1 if text else 0, np.float64)

    @property
    def content(self) -> NDArray[np.uint64]:
        """(m, 4) uint64: which of 256 buckets the content words fall into; two words may share a bucket."""
        return self._column("content", _signature, np.uint64, width=_WORDS)

    @property
    def breadth(self) -> Floats:
        """(m,) float64: how many of those buckets a text uses."""
        if len(self._breadth) < len(self.texts):
            self._breadth = np.bitwise_count(self.content).sum(axis=1).astype(np.float64)
        return self._breadth

    def _column(
        self, name: str, function: Callable[[str], Any], dtype: Any, *, width: int = 0, only: Bools | None = None
    ) -> NDArray[Any]:
        """A function of every text (or of `only` some; 0 for the others), computed for those added since last time."""
        known = self._columns.get(name)
        done = 0 if known is None else len(known)
        if known is None or done < len(self.texts):
            fresh = self.texts[done:]
            more = np.zeros((len(fresh), width) if width else len(fresh), dtype=dtype)
            wanted = range(len(fresh)) if only is None else np.flatnonzero(only[done:]).tolist()
            for row in wanted:
                more[row] = function(fresh[row])
            known = self._columns[name] = more if known is None else np.concatenate([known, more])
        return known


@lru_cache(maxsize=262_144)
def _bucket(word: str) -> int:
    return xxhash.xxh64_intdigest(word.encode()) & (64 * _WORDS - 1)


def _signature(text: str) -> list[int]:
    """The buckets of a text's content words, as the bits of four words."""
    bits = 0
    for word in lexicon.content_words(text):
        bits |= 1 << _bucket(word)
    return [bits >> (64 * at) & 0xFFFF_FFFF_FFFF_FFFF for at in range(_WORDS)]


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
    """(n,) bool: the assistant waited for the user after this turn: its answer was a question."""
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
    """Whether the assistant waits for the user after a turn: its answer is a question."""
    return (turn.response or "").rstrip().endswith("?")
