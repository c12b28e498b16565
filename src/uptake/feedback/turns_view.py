"""Mark turns: make the view `turns` of the log, with every reaction and P(defect). Learners read this view only.

`Marker` turns rows of the log (whole sessions, in order) into rows of `TURNS`. Text processing, sessions, P(defect) and
the next attempt are computed here once, so that a learner's SQL needs no sorting and no text comparison. The light
scorers of `uptake.feedback.scorer` run over columns.

Limit: a session is judged as it stands. While it goes on, its last turn has no future yet, and marking it again later
may change the result; so fresh turns are marked again each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from uptake.feedback.columns import ASKED, NO, STATUS_CODES, YES, Texts, TurnFrame, asks
from uptake.feedback.meanings import Meanings
from uptake.feedback.reactions import REACTIONS
from uptake.feedback.scorer import ended_well, judge
from uptake.feedback.speakers import split_speakers
from uptake.feedback.weights import Weights
from uptake.log.schema import PART_SCHEMA, complete
from uptake.text.lexicon import STEERS
from uptake.text.normalize import MAX_CHARS, PLAIN, TOUCHED, normalize

__all__ = ["COLUMNS", "TURNS", "VIEW_VERSION", "Marker", "mark"]

TURNS = pa.schema(
    [
        pa.field("user_id", pa.string(), nullable=False),
        pa.field("turn_id", pa.string(), nullable=False),
        pa.field("session_id", pa.string(), nullable=False),
        pa.field("said_at", pa.int64(), nullable=False),
        pa.field("request", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("domain", pa.string()),
        pa.field("acted_on", pa.string()),
        pa.field("acted_state", pa.string()),
        pa.field("arm", pa.string()),
        pa.field("propensity", pa.float64(), nullable=False),
        pa.field("control", pa.bool_(), nullable=False),
        pa.field("p_defect", pa.float64(), nullable=False),
        pa.field("defect", pa.bool_(), nullable=False),
        *(pa.field(name, pa.bool_(), nullable=False) for name in REACTIONS),
        pa.field("worked", pa.bool_(), nullable=False),
        pa.field("unanswered", pa.bool_(), nullable=False),
        pa.field("next_request", pa.string()),
        pa.field("next_state", pa.string()),
        pa.field("previous_state", pa.string()),
        pa.field("home_id", pa.string()),
        *(pa.field(name, pa.string()) for name in "device_type device_state room hour place activity offer".split()),
        pa.field("offer_said", pa.bool_()),
        pa.field("rewrite_id", pa.string()),
        pa.field("artifact_version", pa.string()),
        pa.field("asked", pa.bool_(), nullable=False),
        pa.field("answer", pa.bool_()),
        pa.field("confidence", pa.float64()),
    ]
)
"""The view `turns`: one row a turn, rows of a session adjacent and in time order.

`request`, `acted_on` and `next_request` are normalised. `state` is the key of the interpretation where the log has
one that came from the request itself, else the request; `acted_state` is the same for what a rewrite led to.
`next_request` and `next_state` belong to the next turn that is not a control request, and are set where that turn
says this one again (`retried`): a repair, and not a new wish (`uptake.feedback.new_wish`).
`previous_state` is the key of the interpretation of the turn before in the session.
`hour` is the local hour, "00" to "23"; the other columns of context stand as logged. `p_defect` in [0, 1] is the
offline estimate, `defect` its verdict. Each of `uptake.feedback.reactions.REACTIONS` is a column of its name. `worked`:
the assistant says that it did what was asked, and nobody objected. `unanswered`: the answer was a question, asked
before anything was done, and nobody said yes or no. `offer` is what the turn offered unasked, or withheld where
`offer_said` is False. `asked`: the assistant asked whether to act on `acted_on` instead of acting. No truth here."""

VIEW_VERSION = 7
"""Version of what marking makes of a log: to be raised whenever a marked turn may come out otherwise, since counts that
were kept are then counts of another view."""

COLUMNS = (
    "turn_id", "user_id", "said_at", "request", "session", "acted_on", "arm", "propensity", "interpretation",
    "status", "response", "barge_in_ms", "answer", "undone", "home_id", "context", "offer", "rewrite_id",
    "artifact_version", "action",
)  # fmt: skip
"""Columns of a log part that marking reads."""

_READ = pa.schema([PART_SCHEMA.field(name) for name in COLUMNS])
_PLACES = ("device_type", "device_state", "room", "place", "activity")
_PASSED = {"turn_id": ("turn_id",), "arm": ("arm",), "propensity": ("propensity",), "context": (*_PLACES, "hour"),
           "rewrite_id": ("rewrite_id",), "artifact_version": ("artifact_version",), "action": ("asked",)}  # fmt: skip
"""Columns of a part that no verdict rests on -> the columns of the view that are made of them."""
_AS_LOGGED = (
    "user_id",
    "turn_id",
    "said_at",
    "arm",
    "propensity",
    "home_id",
    "rewrite_id",
    "artifact_version",
    "answer",
)
_BATCH_ROWS = 500_000
_MAX_REMEMBERED = 2_000_000
_MAX_REMEMBERED_BYTES = 1 << 29


def mark(table: pa.Table, *, weights: Weights | None = None) -> pa.Table:
    """Mark the turns of one table (columns `COLUMNS`, whole sessions, in order). Returns rows of `TURNS`."""
    return Marker(weights).mark(table)


class Marker:
    """Function that marks turns batch by batch, and caches normalised texts.

    Args:
        weights: Of the light scorers [default: those that come with the package].
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights
        self._forget()

    def _forget(self) -> None:
        """Clear the text cache, to bound memory."""
        self._texts, self._meanings = Texts(), Meanings()
        self._names = pa.array([], type=pa.string())  # the texts, as Arrow has them
        self._known: dict[str, int] = {}  # normalised text -> its position in self._texts
        self._spelled: dict[str, int] = {}  # text as it came -> position of its normalised text

    def mark(self, table: pa.Table, columns: Sequence[str] | None = None) -> pa.Table:
        """Mark the turns of one table.

        Args:
            table: Columns `COLUMNS`; rows of a session adjacent and in time order; only whole sessions.
            columns: Columns of the view to compute; None for all.

        Returns:
            Rows of `TURNS`, or of those columns of it, in the same order.
        """
        wanted = TURNS.names if columns is None else [name for name in TURNS.names if name in columns]
        table = complete(table.combine_chunks(), _READ)
        full = max(len(self._spelled), len(self._meanings)) > _MAX_REMEMBERED
        if full or self._names.nbytes + self._meanings.names.nbytes > _MAX_REMEMBERED_BYTES:
            self._forget()
        shared = split_speakers(table)
        if shared is not None:
            marked = self.mark(shared[0], wanted).take(pa.array(shared[1]))
            at = marked.schema.get_field_index("session_id")
            return marked if at < 0 else marked.set_column(at, TURNS.field("session_id"), table.column("session"))
        made = self._columns(table)
        return pa.table([made[name]() for name in wanted], schema=pa.schema([TURNS.field(name) for name in wanted]))

    def _columns(self, table: pa.Table) -> dict[str, Callable[[], Any]]:
        """Score the turns; each column of the view is computed on first use."""
        text, acted = self._texts_of(table.column("request")), self._texts_of(table.column("acted_on"))
        meaning = self._meanings.of(table.column("interpretation"))
        frame = _frame(table, self._texts, text, meaning, self._meanings.keys)
        verdict = judge(frame, weights=self._weights)
        rewritten, read = acted >= 0, bool((meaning >= 0).any())  # unread, every state is the request itself
        names = _Names(self._names, self._meanings.names if read else None)
        own = names.of(text, np.where(rewritten, -1, meaning))
        after = np.where(verdict.retried, verdict.partner, -1)
        request = cache(lambda: names.strings(text))
        next_request = cache(lambda: names.strings(np.where(after >= 0, text[after], -1)))
        context = cache(lambda: _context(table.column("context")))

        def placed(name: str) -> Any:
            return context()[name]

        return {
            **{name: partial(table.column, name) for name in _AS_LOGGED},
            "session_id": partial(table.column, "session"),
            "request": request,
            "state": (lambda: names.strings(own)) if read else request,
            "domain": lambda: _field(table.column("interpretation"), "domain"),
            "acted_on": lambda: names.strings(acted),
            "acted_state": lambda: names.strings(np.where(rewritten, names.of(acted, meaning), -1)),
            "control": lambda: pa.array(frame.control),
            "p_defect": lambda: pa.array(np.round(verdict.p_defect, 6)),
            "defect": lambda: pa.array(verdict.defect),
            **{name: partial(pa.array, spoke) for name, spoke in verdict.reacted.items()},
            "worked": lambda: pa.array(ended_well(frame, verdict)),
            "unanswered": lambda: pa.array(frame.unanswered),
            "next_request": next_request,
            "next_state": (lambda: names.strings(np.where(after >= 0, own[after], -1))) if read else next_request,
            "previous_state": lambda: names.strings(frame.before(np.where(own >= len(self._texts), own, -1), -1)),
            **{name: partial(placed, name) for name in _PASSED["context"]},
            "offer": lambda: _field(table.column("offer"), "offer_id"),
            "offer_said": lambda: _field(table.column("offer"), "said"),
            "asked": lambda: pc.and_(pa.array(rewritten), pc.fill_null(pc.equal(table.column("action"), ASKED), False)),
            "confidence": lambda: _field(table.column("interpretation"), "confidence"),
        }

    def mark_part(self, source: Path | pa.NativeFile, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Mark a part of the log, in tables of about half a million rows that hold whole sessions.

        Args:
            source: The part's file.
            columns: Columns of the view to compute; None for all.
        """
        wanted = set(TURNS.names if columns is None else columns)
        read = [name for name in COLUMNS if name not in _PASSED or wanted.intersection(_PASSED[name])]
        file = pq.ParquetFile(source, read_dictionary=["request"], page_checksum_verification=True)
        try:
            for table in _whole_sessions(file.iter_batches(_BATCH_ROWS, columns=read)):
                yield self.mark(table, columns)
        finally:
            file.close()

    def _texts_of(self, column: pa.ChunkedArray) -> NDArray[np.int64]:
        """Return each row's normalised text as a position in `self._texts`, -1 for null."""
        if column.null_count == len(column):
            return np.full(len(column), -1, dtype=np.int64)
        encoded = _dictionary(column)
        heard = encoded.dictionary.to_pylist()
        found = list(map(self._spelled.get, heard))
        if None in found:
            self._learn([text for text, at in zip(heard, found, strict=True) if at is None])
            found = list(map(self._spelled.get, heard))
        place = np.array(found, dtype=np.int64)
        return np.append(place, -1)[_codes(encoded)]

    def _learn(self, heard: list[str]) -> None:
        """Normalise new texts, and cache them."""
        raw = pa.array(heard, type=pa.string())
        plain = pc.and_not(pc.match_substring_regex(raw, PLAIN), pc.match_substring_regex(raw, TOUCHED))
        plain = pc.and_(plain, pc.less_equal(pc.utf8_length(raw), MAX_CHARS))
        known = zip(heard, plain.to_pylist(), strict=True)
        spellings = [text if is_plain else normalize(text) for text, is_plain in known]
        before = len(self._known)
        places = [self._known.setdefault(spelling, len(self._known)) for spelling in spellings]
        fresh = pa.array(islice(self._known, before, None), type=pa.string())
        self._texts.add(fresh.to_pylist(), np.asarray(pc.match_substring_regex(fresh, STEERS)))
        self._names = pa.concat_arrays([self._names, fresh])
        self._spelled.update(zip(heard, places, strict=True))


class _Names:
    """Strings by number: texts, then the keys of interpretations, if any are known."""

    def __init__(self, texts: pa.Array, meanings: pa.Array | None) -> None:
        self._texts = len(texts)
        self._names = texts if meanings is None else pa.concat_arrays([texts, meanings])

    def of(self, text: NDArray[np.int64], meaning: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the interpretation if it is known, else of the text."""
        return np.where(meaning >= 0, meaning + self._texts, text)

    def strings(self, numbers: NDArray[np.int64]) -> pa.Array:
        """Return the strings of numbers, null for -1."""
        unknown = numbers < 0
        if unknown.all():
            return pa.nulls(len(numbers), pa.string())
        return self._names.take(pa.array(numbers, mask=unknown))


def _frame(
    table: pa.Table, texts: Texts, text: NDArray[np.int64], meaning: NDArray[np.int64], readings: list[str]
) -> TurnFrame:
    """Return the columns that the light scorers read; columns that the log lacks stay unknown."""
    interpretation, status = table.column("interpretation"), table.column("status")
    offered, awaited = _true(_field(table.column("offer"), "said")), _awaited(table.column("response"))
    frame = TurnFrame(
        texts=texts,
        text=text,
        session=_sessions(table.column("session")),
        said_at=table.column("said_at").to_numpy(),
        meaning=meaning if (meaning >= 0).any() else None,
        readings=readings,
        confidence=_numbers(_field(interpretation, "confidence")) if interpretation.null_count < len(status) else None,
        status=_statuses(status) if status.null_count < len(status) else None,
        barged_in=_known(table.column("barge_in_ms")),
        awaited=awaited if awaited is None or offered is None else awaited & ~offered,
        offered=offered,
        answer=_flags(table.column("answer"), -1),
        undone=_true(table.column("undone")),
    )
    return replace(frame, asked=_asked(table.column("response"), frame))


def _context(column: pa.ChunkedArray) -> dict[str, Any]:
    """Copy the logged context of place and time; of the local time only the hour."""
    if column.null_count == len(column):
        return dict.fromkeys(_PASSED["context"], pa.nulls(len(column), pa.string()))
    hour = pc.utf8_slice_codeunits(_field(column, "local_time"), 0, 2)
    return {**{name: _field(column, name) for name in _PLACES}, "hour": hour}


def _sessions(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Number the sessions: rows of one session are adjacent."""
    values = column.combine_chunks()
    if len(values) < 2:
        return np.zeros(len(values), dtype=np.int64)
    changes = pc.not_equal(values.slice(1), values.slice(0, len(values) - 1)).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(changes)]).astype(np.int64)


def _field(struct: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    return pc.struct_field(struct, name)


def _dictionary(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return column.combine_chunks().dictionary_encode()


def _codes(encoded: pa.DictionaryArray) -> NDArray[np.int64]:
    """Return the codes of the rows; -1, the last entry of a lookup, for null."""
    return np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _flags(column: pa.ChunkedArray, unknown: int) -> NDArray[np.int64] | None:
    """Return 1 for true, 0 for false, `unknown` for null; None if every row is null."""
    if column.null_count == len(column):
        return None
    return _numbers(pc.fill_null(pc.cast(column, pa.int64()), unknown)).astype(np.int64)


def _true(column: pa.ChunkedArray) -> NDArray[np.bool_] | None:
    if column.null_count == len(column):
        return None
    return np.asarray(pc.fill_null(column, False).to_numpy(), dtype=bool)


def _numbers(column: Any) -> NDArray[Any]:
    return np.asarray(column.to_numpy())


def _known(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    if column.null_count == len(column):
        return np.zeros(len(column), dtype=bool)
    return np.asarray(column.is_valid().to_numpy(), dtype=bool)


def _statuses(column: pa.ChunkedArray) -> NDArray[np.int64]:
    encoded = _dictionary(column)
    codes = [STATUS_CODES.get(name, 0) for name in encoded.dictionary.to_pylist()]
    return np.array([*codes, STATUS_CODES[None]], dtype=np.int64)[_codes(encoded)]


def _awaited(response: pa.ChunkedArray) -> NDArray[np.bool_] | None:
    """Tell whether the assistant waited for the user: its answer is a question."""
    silent = response.null_count == len(response)
    return None if silent else _true(pc.ends_with(pc.utf8_rtrim_whitespace(response), "?"))


def _asked(response: pa.ChunkedArray, frame: TurnFrame) -> NDArray[np.bool_] | None:
    """Return whether that question was if the turn was right; computed only before a bare yes or no."""
    if frame.awaited is None:
        return None
    asked = frame.awaited & frame.is_followed_by(YES | NO)
    rows = np.flatnonzero(asked)
    asked[rows] = [asks(one) for one in response.take(pa.array(rows)).to_pylist()]
    return asked


def _whole_sessions(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Join a stream of ordered rows to tables of at least `_BATCH_ROWS`, cut between sessions."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        session = batch.column("session")
        same = pc.equal(session, session[-1]).to_numpy(zero_copy_only=False)
        cut = len(same) if same.all() else len(same) - int(np.argmin(same[::-1]))
        if cut < len(same) and sum(map(len, held)) + cut >= _BATCH_ROWS:
            yield pa.Table.from_batches([*held, batch.slice(0, cut)])
            held = [batch.slice(cut)]
        else:
            held.append(batch)
    if held:
        yield pa.Table.from_batches(held)
