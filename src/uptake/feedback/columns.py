"""Turns as columns, for the light scorers; the same for one session and for ten million turns.

A frame has one row per turn. Rows of one session are adjacent and in time order; the session of a row is a number.
Texts are normalised and stored once, and rows refer to them. A column that a log lacks is None: unknown for every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from uptake.text import lexicon
from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_keys
from uptake.types import Session, Turn

__all__ = [
    "ASKED",
    "CONTROL",
    "CORRECTION",
    "COURTESY",
    "NO",
    "STATUS_CODES",
    "TERMINATION",
    "YES",
    "Texts",
    "TurnFrame",
    "asks",
    "awaited",
]

ASKED = "dialogue.ask_confirm"
"""Action of a turn in which the assistant asked whether to act."""

STATUS_CODES = {None: 0, "ok": 1, "failed": 2, "unsupported": 3, "cancelled": 4}
"""Codes of `Turn.status` in a frame."""

CONTROL, COURTESY, TERMINATION, CORRECTION, YES, NO = (1 << bit for bit in range(6))
"""Kinds of request: steers the conversation or the player and names no goal; a greeting, a thank-you or a farewell;
"stop"; "no, I said ..."; a bare yes; a bare no."""

_KINDS_OF_CONTROL = (
    (COURTESY, lexicon.is_courtesy),
    (TERMINATION, lexicon.is_termination),
    (YES, lexicon.is_yes),
    (NO, lexicon.is_no),
)
_WORDS = 4  # 64-bit words of a content signature
_BITS = 64 * _WORDS

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Texts:
    """Distinct normalised requests with their lexicon features, computed once, on first use.

    Args:
        texts: Distinct requests, as written by `uptake.text.normalize`.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts: NDArray[Any] = np.empty(0, dtype=object)
        self._steering: Bools = np.zeros(0, dtype=bool)
        self._kinds: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self._length: Floats = np.zeros(0, dtype=np.float64)
        self._content: NDArray[np.uint64] = np.zeros((0, _WORDS), dtype=np.uint64)
        self._breadth: Floats = np.zeros(0, dtype=np.float64)
        self._polar: Ints = np.zeros(0, dtype=np.int64)
        self._polarities: dict[str, int] = {}
        self._sounds: NDArray[Any] = np.empty(0, dtype=object)
        self._sounded: Bools = np.zeros(0, dtype=bool)
        self.add(texts)

    def add(self, texts: Sequence[str], steering: Bools | None = None) -> None:
        """Append requests that are not there yet; computed features of the others are kept.

        Args:
            texts: The requests.
            steering: Whether `lexicon.STEERS` matches each of them; None if unknown.
        """
        more = np.empty(len(texts), dtype=object)
        more[:] = texts
        self.texts = np.concatenate([self.texts, more])
        self._steering = np.append(self._steering, np.ones(len(texts), dtype=bool) if steering is None else steering)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def kinds(self) -> NDArray[np.uint8]:
        """(m,) uint8: kinds of request of each text, as the sum of `CONTROL`, `COURTESY` and so on."""
        known = len(self._kinds)
        if known < len(self.texts):
            fresh = np.zeros(len(self.texts) - known, dtype=np.uint8)
            steering = self._steering[known:]
            fresh[steering] = list(map(_kinds, self.texts[known:][steering]))
            self._kinds = np.append(self._kinds, fresh)
        return self._kinds

    @property
    def length(self) -> Floats:
        """(m,) float64: number of words."""
        fresh = self.texts[len(self._length) :]
        if len(fresh):
            words = (text.count(" ") + 1 if text else 0 for text in fresh)
            self._length = np.append(self._length, np.fromiter(words, np.float64, len(fresh)))
        return self._length

    @property
    def content(self) -> NDArray[np.uint64]:
        """(m, 4) uint64: bit set of the 256 buckets of the content words; two words may share a bucket."""
        fresh = self.texts[len(self._content) :]
        if len(fresh):
            self._content = np.concatenate([self._content, _signatures(fresh.tolist())])
        return self._content

    @property
    def breadth(self) -> Floats:
        """(m,) float64: number of those buckets that a text uses."""
        if len(self._breadth) < len(self.texts):
            self._breadth = np.bitwise_count(self.content).sum(axis=1).astype(np.float64)
        return self._breadth

    @property
    def polar(self) -> Ints:
        """(m,) int64: index of each text's entry in `polarities`."""
        fresh = self.texts[len(self._polar) :]
        if len(fresh):
            known = self._polarities
            codes = (known.setdefault(words, len(known)) for words in map(lexicon.with_opposites, fresh))
            self._polar = np.append(self._polar, np.fromiter(codes, np.int64, len(fresh)))
        return self._polar

    @property
    def polarities(self) -> list[str]:
        """Words with an opposite, in the combinations that occur in texts."""
        return list(self._polarities)

    def sounds(self, texts: Ints) -> NDArray[Any]:
        """Return (p,) object: sound keys of some texts, given by their positions."""
        missing = len(self.texts) - len(self._sounds)
        if missing:
            self._sounds = np.append(self._sounds, np.empty(missing, dtype=object))
            self._sounded = np.append(self._sounded, np.zeros(missing, dtype=bool))
        asked = np.zeros(len(self.texts), dtype=bool)
        asked[texts] = True
        fresh = np.flatnonzero(asked & ~self._sounded)
        self._sounds[fresh], self._sounded[fresh] = sound_keys(self.texts[fresh]), True
        return np.asarray(self._sounds[texts], dtype=object)


def _kinds(text: str) -> int:
    """Return the kinds of request of a text, as bits."""
    found = CORRECTION if lexicon.is_correction(text) else 0
    if not lexicon.is_control(text):
        return found
    found |= CONTROL
    for kind, is_one in _KINDS_OF_CONTROL:
        found |= kind if is_one(text) else 0
    return found


class _Buckets(dict[str, int]):
    """Buckets of words, computed on first use; one further bucket holds the stop words."""

    def __missing__(self, word: str) -> int:
        content = word not in lexicon.STOP_WORDS
        self[word] = at = xxhash.xxh64_intdigest(word.encode()) & (_BITS - 1) if content else _BITS
        return at


def _signatures(texts: Sequence[str]) -> NDArray[np.uint64]:
    """(m, 4) uint64: the buckets of each text's content words, as bits."""
    words = [text.split() for text in texts]
    buckets = np.fromiter(map(_Buckets().__getitem__, chain.from_iterable(words)), dtype=np.int64)
    found = np.zeros((len(texts), _BITS + 1), dtype=bool)
    found[np.repeat(np.arange(len(texts)), list(map(len, words))), buckets] = True
    return np.packbits(found[:, :_BITS], axis=1, bitorder="little").view("<u8").astype(np.uint64)


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
    readings: Sequence[str] = ()
    """Keys of the interpretations, by their codes; empty where nobody needs them."""
    confidence: Floats | None = None
    """(n,) float64 in [0, 1]: of the interpretation; NaN where unknown."""
    status: Ints | None = None
    """(n,) int64: a value of `STATUS_CODES`."""
    barged_in: Bools | None = None
    """(n,) bool: the user cut the response short."""
    awaited: Bools | None = None
    """(n,) bool: the assistant waited for the user after this turn: its answer was a question, and no offer."""
    offered: Bools | None = None
    """(n,) bool: the answer ended with an offer, which the next turn may answer."""
    asked: Bools | None = None
    """(n,) bool: that question was whether the turn was right; may be False where no bare yes or no follows."""
    answer: Ints | None = None
    """(n,) int64: the source recorded an explicit yes 1, no 0, neither -1."""
    undone: Bools | None = None
    """(n,) bool: the user undid the action."""

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def goes_on(self) -> Bools:
        """(n,) bool: another turn of the session follows."""
        found = np.zeros(len(self), dtype=bool)
        found[:-1] = self.session[1:] == self.session[:-1]
        return found

    @cached_property
    def follows(self) -> Ints:
        """(n,) int64: row of the next turn of the session, -1 after the last."""
        return np.where(self.goes_on, np.arange(1, len(self) + 1, dtype=np.int64), -1)

    @cached_property
    def precedes(self) -> Ints:
        """(n,) int64: row of the turn before in the session, -1 for the first."""
        return self.before(np.arange(len(self), dtype=np.int64), -1)

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """(n,) uint8: kinds of the request, as in `Texts.kinds`."""
        return self.texts.kinds[self.text]

    @cached_property
    def next_kinds(self) -> NDArray[np.uint8]:
        """(n,) uint8: kinds of the request of the next turn of the session; 0 after the last."""
        return self.after(self.kinds, 0)

    @cached_property
    def control(self) -> Bools:
        """(n,) bool: the turn is a control request."""
        return self.is_a(CONTROL)

    def is_a(self, kind: int) -> Bools:
        """Return (n,) bool: whether the request is of one of the kinds."""
        return np.asarray(self.kinds & kind, dtype=bool)

    def is_followed_by(self, kind: int) -> Bools:
        """Return (n,) bool: whether the next turn of the session is of one of the kinds."""
        return np.asarray(self.next_kinds & kind, dtype=bool)

    def after(self, values: NDArray[Any], nothing: Any) -> NDArray[Any]:
        """Return (n,): the value of the next turn of the session; `nothing` after the last."""
        found = np.full_like(values, nothing)
        found[:-1] = np.where(self.goes_on[:-1], values[1:], nothing)
        return found

    def before(self, values: NDArray[Any], nothing: Any) -> NDArray[Any]:
        """Return (n,): the value of the turn before in the session; `nothing` for the first."""
        found = np.full_like(values, nothing)
        found[1:] = np.where(self.goes_on[:-1], values[:-1], nothing)
        return found

    @cached_property
    def next_goal(self) -> Ints:
        """(n,) int64: row of the next turn of the session that is not a control request, -1 if there is none."""
        rows = np.where(self.control, len(self), np.arange(len(self), dtype=np.int64))
        after = np.append(np.minimum.accumulate(rows[::-1])[::-1][1:], len(self)) if len(self) else rows
        found = after < len(self)
        found[found] = self.session[after[found]] == self.session[np.flatnonzero(found)]
        return np.where(found, after, -1)

    @cached_property
    def unanswered(self) -> Bools:
        """(n,) bool: the answer is a question, nothing was done yet, and nobody said yes or no."""
        if self.awaited is None:
            return np.zeros(len(self), dtype=bool)
        found = self.awaited & ~self.is_followed_by(YES | NO)
        if self.answer is not None:
            found &= self.answer < 0
        if self.status is not None:
            found &= self.status == STATUS_CODES[None]
        return np.asarray(found, dtype=bool)

    @property
    def as_logged(self) -> TurnFrame:
        """Return the frame without the columns that are unknown for every turn, as a log would have it."""
        read = self.meaning is not None and bool((self.meaning >= 0).any())
        ended = self.status is not None and bool((self.status != STATUS_CODES[None]).any())
        answered = self.answer is not None and bool((self.answer >= 0).any())
        return replace(
            self,
            meaning=self.meaning if read else None,
            confidence=self.confidence if read else None,
            status=self.status if ended else None,
            answer=self.answer if answered else None,
        )

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> TurnFrame:
        """Return the frame of whole sessions."""
        rows = [(number, turn) for number, session in enumerate(sessions) for turn in session.turns]
        turns = [turn for _, turn in rows]
        texts, text = _coded([normalize(turn.request) for turn in turns])
        readings, meaning = _coded([turn.interpretation.key if turn.interpretation else None for turn in turns])
        return cls(
            texts=Texts(texts),
            text=text,
            session=np.array([number for number, _ in rows], dtype=np.int64),
            said_at=np.array([round(turn.said_at.timestamp() * 1e6) for turn in turns], dtype=np.int64),
            meaning=meaning,
            readings=readings,
            confidence=np.array([_confidence(turn) for turn in turns], dtype=np.float64),
            status=np.array([STATUS_CODES[turn.status] for turn in turns], dtype=np.int64),
            barged_in=np.array([turn.barge_in_ms is not None for turn in turns], dtype=bool),
            awaited=np.array([awaited(turn) for turn in turns], dtype=bool),
            offered=np.array([_offered(turn) for turn in turns], dtype=bool),
            asked=np.array([asks(turn.response) for turn in turns], dtype=bool),
            answer=np.array([-1 if turn.answer is None else int(turn.answer) for turn in turns], dtype=np.int64),
            undone=np.array([bool(turn.undone) for turn in turns], dtype=bool),
        )


def _coded(values: Sequence[str | None]) -> tuple[list[str], Ints]:
    """Return distinct values in order of appearance, and for each row its position in them (-1 for None)."""
    codes: dict[str, int] = {}
    rows = [-1 if value is None else codes.setdefault(value, len(codes)) for value in values]
    return list(codes), np.array(rows, dtype=np.int64)


def _confidence(turn: Turn) -> float:
    confidence = turn.interpretation.confidence if turn.interpretation else None
    return np.nan if confidence is None else confidence


def awaited(turn: Turn) -> bool:
    """Tell whether the assistant waits for the user after a turn: its answer is a question, but not an offer."""
    return (turn.response or "").rstrip().endswith("?") and not _offered(turn)


def _offered(turn: Turn) -> bool:
    return turn.offer is not None and turn.offer.said


_QUESTION = re.compile(
    r"\b(?:did i (?:get|do) (?:that|this|it)|(?:is|was) (?:that|this|it) what you|does that answer|did that help"
    r"|was (?:that|this|it) (?:right|correct|useful|helpful)|were [^?]* (?:useful|helpful))\b[^?]*\?\s*$",
    re.IGNORECASE,
)
_TAIL = 300  # characters at the end of an answer in which a question is looked for


def asks(response: str | None) -> bool:
    """Tell whether an answer ends with a question, after the fact, whether it was right: "did I get that right?".

    A question before acting ("you want thai food, is that right?") does not count: of turns whose question got a bare
    yes, 40 % were misunderstood in DSTC2.
    """
    return response is not None and _QUESTION.search(response[-_TAIL:]) is not None
