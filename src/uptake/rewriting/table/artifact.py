"""The rewrite table: what to act on instead of a request, and the evidence for it.

Three plain arrays, opened by mmap: `slots.npy`, `rows.npy`, `text.npy`. A key is (user, request), the empty
user standing for everybody. Rows are ordered by the 64-bit hash of their key; the top bits of the hash say
in which slot to start, and slots in use hold row numbers in that same order, so a lookup is one hash, on
average less than two slots and one comparison of bytes. A hash alone is never trusted: no false hits.

`moves.parquet`, where present, holds the counts behind the rewrites and is read only when asked for.

Limit: keys are exact. Requests must have passed `uptake.text.normalize`, here and at lookup.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.errors import ArtifactRefused
from uptake.rewriting.table.columns import COLUMNS, checked
from uptake.rewriting.table.layout import filled, ordered, spliced
from uptake.rewriting.table.moves import AGAIN, BROKEN, canonical, following, read_moves, write_moves
from uptake.types import Evidence

if TYPE_CHECKING:
    from uptake.rewriting.table.moves import Moves

__all__ = ["COLUMNS", "FAILURE", "OTHER", "SUCCESS", "Rewrite", "RewriteTable", "rewrite_id"]

SUCCESS = "<success>"
"""End of a session that went well, as a target in `moves`; no normalised text can equal it."""
FAILURE = "<failure>"
"""End of a session that failed its user, as a target in `moves`."""
OTHER = "<other>"
"""Stands in `moves` for wordings that too few users share to be shown."""

# One row: hash of the key, where its text starts (user, request, acted_on, domain, back to back), the lengths
# of the four in bytes (a domain's plus one, 0 where there is none), and the evidence.
_ROW = np.dtype(
    [("hash", "<u8"), ("start", "<u8")]
    + [(name, "<u4") for name in ("user", "request", "acted_on", "domain", "users", "sessions")]
    + [("before", "<f8"), ("after", "<f8")]
)
_UNPACK = struct.Struct("<QQIIIIIIdd").unpack_from
_SIZE = _ROW.itemsize
_USERS, _SESSIONS, _BEFORE, _AFTER = (
    Evidence.__dict__[name].__set__ for name in ("users", "sessions", "success_before", "success_after")
)
_hash: Callable[[bytes], int] = xxhash.xxh3_64_intdigest
_Fields = tuple[int, int, int, int, int, int, int, int, float, float]
_FILES = {"slots": np.dtype("<u4"), "rows": _ROW, "text": np.dtype("u1")}
_MOVES = "moves.parquet"
_UTF8 = "surrogatepass"  # whatever Python can hold can be a key
_MAP_FROM = 1 << 16  # bytes; an empty array cannot be mapped, and a small one need not be


class Rewrite(NamedTuple):
    """One row of the table: act on this instead of that.

    >>> Rewrite("play harry porter", "play harry potter", Evidence(
    ...     users=5, sessions=9, success_before=0.2, success_after=0.8)).rewrite_id
    '12858701bb2c86a9'
    """

    request: str
    """Normalised text that was heard."""
    acted_on: str
    """Normalised text to act on instead."""
    evidence: Evidence
    """Why it is believed."""
    user_id: str | None = None
    """Whose rewrite it is; None for everybody's."""
    domain: str | None = None
    """Domain of `acted_on`, where known."""

    @property
    def rewrite_id(self) -> str:
        """16 hexadecimal digits: the same for the same user, request and text to act on, in every table."""
        return rewrite_id(self.request, self.acted_on, self.user_id)

    @property
    def key(self) -> tuple[str, str]:
        """(user or "", request): at most one row of a table has it."""
        return self.user_id or "", self.request


def rewrite_id(request: str, acted_on: str, user_id: str | None = None) -> str:
    """Identifier of a rewrite: depends on what it does, not on the table it stands in."""
    parts = (part.encode("utf-8", _UTF8) for part in (user_id or "", request, acted_on))
    return xxhash.xxh3_64_hexdigest(b"\0".join(parts))


@dataclass(frozen=True, eq=False)
class RewriteTable:
    """Rewrites by exact request, a user's own before everybody's. Safe to read from many threads.

    >>> table = RewriteTable.from_rows([Rewrite("play jas", "play jazz", Evidence(
    ...     users=5, sessions=9, success_before=0.2, success_after=0.8))])
    >>> table.lookup("play jas", "ann").acted_on, table.lookup("play jazz")
    ('play jazz', None)
    """

    kind: ClassVar[str] = "rewrites"
    schema_version: ClassVar[int] = 1

    slots: npt.NDArray[np.uint32]
    """(s,) 1 + a row number, or 0 where free; s is a power of two plus a short tail."""
    table: npt.NDArray[np.void]
    """(n,) rows of fixed width, ascending by hash."""
    text: npt.NDArray[np.uint8]
    """UTF-8 of all rows, back to back."""
    graph: Moves | Path | None = None
    """The counts behind the rewrites, or the file that holds them."""

    @classmethod
    def from_rows(cls, rows: Iterable[Rewrite], *, moves: Moves | None = None) -> RewriteTable:
        """Build a table; the order of the rows does not matter.

        Args:
            rows: At most one per (user, request).
            moves: Columns source, target, users, moves: the counts behind the rewrites.

        Raises:
            BadRecord: A row is wrong, or two share their key; `line` is the row number, from 1.
        """
        given = list(rows)
        fields = [
            (
                *(row.request, row.acted_on, row.user_id, row.domain),
                *(row.evidence.users, row.evidence.sessions, row.evidence.success_before, row.evidence.success_after),
            )
            for row in given
        ]
        columns: Iterable[Sequence[Any]] = zip(*fields, strict=True) if fields else [()] * len(COLUMNS)
        return cls.from_columns(dict(zip(COLUMNS, columns, strict=True)), moves=moves)

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Sequence[Any]],
        *,
        moves: Moves | None = None,
    ) -> RewriteTable:
        """Build a table from whole columns, as `from_rows` does from rows: about 3 µs a row.

        Args:
            columns: Sequences of equal length, named as in `COLUMNS`; `user_id` and `domain` may be missing.
            moves: Columns source, target, users, moves: the counts behind the rewrites.
        """
        given = checked(columns)
        users, requests, rewrites, domains = (
            [_bytes(value) for value in given[name]] for name in ("user_id", "request", "acted_on", "domain")
        )
        keys = [user + b"\0" + request for user, request in zip(users, requests, strict=True)]
        hashes = np.fromiter(map(_hash, keys), dtype=np.uint64, count=len(keys))
        order = ordered(hashes, users, requests)
        rows = np.zeros(len(order), dtype=_ROW)
        rows["hash"] = hashes[order]
        texts = [[column[at] for at in order] for column in (users, requests, rewrites, domains)]
        for name, column in zip(("user", "request", "acted_on", "domain"), texts, strict=True):
            rows[name] = np.fromiter(map(len, column), dtype=np.uint32, count=len(order))
        lengths = np.stack([rows[name] for name in ("user", "request", "acted_on", "domain")])
        rows["start"][1:] = np.cumsum(lengths.sum(axis=0, dtype=np.uint64))[:-1]
        rows["domain"] += np.fromiter((given["domain"][at] is not None for at in order), np.uint32, len(order))
        for name in ("users", "sessions"):
            rows[name] = np.asarray(given[name], dtype=np.uint32)[order]
        for name, source in (("before", "success_before"), ("after", "success_after")):
            rows[name] = np.asarray(given[source], dtype=np.float64)[order]
        blob = b"".join(chain.from_iterable(zip(*texts, strict=True)))
        return cls(filled(rows["hash"]), rows, np.frombuffer(blob, dtype=np.uint8), canonical(moves))

    def without_rewrites(self, ids: Iterable[str]) -> RewriteTable:
        """The table without some rewrites, by identifier."""
        gone = set(ids)
        return self.changed(gone=[row.key for row in self.rows() if row.rewrite_id in gone])

    def changed(self, rows: Iterable[Rewrite] = (), *, gone: Iterable[tuple[str, str]] = ()) -> RewriteTable:
        """The table with some rewrites in the place of those with their keys, and without others: about 0.3 µs a row.

        Args:
            rows: At most one per key.
            gone: Keys, (user or "", request), to leave out; one that is not there is passed over.

        Raises:
            BadRecord: A row is wrong, or two share their key.
        """
        new = self.from_rows(rows)
        keys = {row.key for row in new.rows()}.union(gone)
        at = (self._number(user.encode("utf-8", _UTF8), request.encode("utf-8", _UTF8)) for user, request in keys)
        out = sorted(row for row in at if row is not None)
        table, text = spliced(self.table, self.text, out, new.table, new.text)
        if (np.diff(table["hash"]) == 0).any():  # as good as never: such rows stand in the order of their keys
            left = (row for row in self.rows() if row.key not in keys)
            return self.from_rows([*left, *new.rows()], moves=self.moves())
        return type(self)(filled(table["hash"]), table, text, self.graph)

    def without(self, user_id: str) -> None:
        """Tell nothing: everybody's rewrites count the user too, so the table is solved again."""

    def lookup(self, request: str, user_id: str | None = None) -> Rewrite | None:
        """The rewrite of a normalised request: the user's own, else everybody's, else None."""
        key, personal = request.encode("utf-8", _UTF8), self._view.personal
        found = self._find(user_id.encode("utf-8", _UTF8), key) if user_id and personal else None
        if found is None:
            user_id, found = None, self._find(b"", key)
            if found is None:
                return None
        fields, texts = found
        _, _, users, requests, acted_on, domain, *_ = fields
        start = users + requests
        middle = start + acted_on
        row = (
            request,
            texts[start:middle].decode("utf-8", _UTF8),
            _evidence(fields),
            user_id,
            texts[middle:].decode("utf-8", _UTF8) if domain else None,
        )
        return tuple.__new__(Rewrite, row)

    def rows(self) -> Iterator[Rewrite]:
        """All rewrites, those with most users first, then most sessions."""
        order = np.lexsort((-self.table["sessions"].astype(np.int64), -self.table["users"].astype(np.int64)))
        return (self._row(int(row)) for row in order)

    def users(self) -> list[str]:
        """Users who have rewrites of their own, in alphabetical order."""
        own = self.table[self.table["user"] > 0]
        return sorted({str(self._view.text[row["start"] : row["start"] + row["user"]], "utf-8", _UTF8) for row in own})

    def moves(self, request: str | None = None, *, steps: int = 4) -> Moves | None:
        """Counts of what people said next: source, target, users, moves.

        Args:
            request: Only what follows from this request; None for all of it.
            steps: How many moves away from `request` to go.

        Returns:
            None where the table was published without them.

        Raises:
            ArtifactRefused: The file of moves is broken.
        """
        graph = read_moves(self.graph) if isinstance(self.graph, Path) else self.graph
        return graph if graph is None or request is None else following(graph, request, steps)

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array, and `moves.parquet` where there are moves."""
        arrays: tuple[npt.NDArray[Any], ...] = (self.slots, self.table, self.text)
        for name, array in zip(_FILES, arrays, strict=True):
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        moves = self.moves()
        if moves is not None:
            write_moves(moves, directory / _MOVES)

    @classmethod
    def load(cls, directory: Path) -> RewriteTable:
        """Map what `save` wrote.

        Raises:
            ArtifactRefused: A file is missing or is not what `save` writes.
        """
        slots, table, text = (_map(directory / f"{name}.npy", dtype) for name, dtype in _FILES.items())
        moves = directory / _MOVES
        return cls(slots, table, text, moves if moves.exists() else None)

    def __len__(self) -> int:
        return len(self.table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RewriteTable):
            return NotImplemented
        mine, theirs = self.moves(), other.moves()
        return (
            np.array_equal(self.table, other.table)
            and np.array_equal(self.text, other.text)
            and (mine is None) == (theirs is None)
            and (mine is None or mine.equals(theirs))
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RewriteTable({len(self)} rewrites)"

    @cached_property
    def _view(self) -> _View:
        """The arrays as plain buffers: indexing one costs a tenth of indexing an array."""
        slots = np.ascontiguousarray(self.slots, dtype=np.uint32)
        hashes = np.asarray(self.table["hash"], dtype=np.uint64)
        return _View(
            memoryview(slots.data),
            memoryview(hashes.data),
            _buffer(self.table),
            _buffer(self.text),
            65 - len(slots).bit_length(),
            bool((self.table["user"] > 0).any()),
        )

    def _number(self, user: bytes, request: bytes) -> int | None:
        """The number of the row with this key."""
        found = self._find(user, request)
        if found is None:
            return None
        first = int(np.searchsorted(self.table["hash"], np.uint64(found[0][0])))
        return next(row for row in range(first, len(self)) if self.table["start"][row] == found[0][1])

    def _find(self, user: bytes, request: bytes) -> tuple[_Fields, bytes] | None:
        """The fields of the row with this key, and its four texts back to back."""
        slots, hashes, rows, text, shift, _ = self._view
        digest = _hash(user + b"\0" + request)
        slot = digest >> shift
        while row := slots[slot]:
            found = hashes[row - 1]
            if found > digest:
                break
            if found == digest:
                fields: _Fields = _UNPACK(rows, (row - 1) * _SIZE)
                _, start, users, requests, acted_on, domain, *_ = fields
                if users == len(user) and requests == len(request):
                    end = start + users + requests + acted_on + (domain and domain - 1)
                    texts = text[start:end].tobytes()
                    if texts.startswith(user + request):
                        return fields, texts
            slot += 1
        return None

    def _row(self, row: int) -> Rewrite:
        fields: _Fields = _UNPACK(self._view.rows, row * _SIZE)
        _, start, user, request, acted_on, domain, *_ = fields
        ends = accumulate([user, request, acted_on, max(domain, 1) - 1], initial=start)
        texts = [str(self._view.text[at:end], "utf-8", _UTF8) for at, end in pairwise(ends)]
        domain_of = texts[3] if domain else None
        return Rewrite(texts[1], texts[2], _evidence(fields), texts[0] or None, domain_of)


class _View(NamedTuple):
    """Buffers of a table, by how far to shift a hash to get its first slot, and whether any row is one user's own."""

    slots: memoryview
    hashes: memoryview
    rows: memoryview
    text: memoryview
    shift: int
    personal: bool


def _evidence(row: _Fields) -> Evidence:
    """The evidence of a row, slot by slot: setting the fields of a frozen class the usual way takes twice as long."""
    made = object.__new__(Evidence)
    _USERS(made, row[6])
    _SESSIONS(made, row[7])
    _BEFORE(made, row[8])
    _AFTER(made, row[9])
    return made


def _buffer(array: npt.NDArray[Any]) -> memoryview:
    return memoryview(array.view(np.uint8).data) if array.size else memoryview(b"")


def _bytes(text: str | None) -> bytes:
    return text.encode("utf-8", _UTF8) if text else b""


def _map(path: Path, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    try:
        array: npt.NDArray[Any] = np.load(
            path, mmap_mode="r" if path.stat().st_size > _MAP_FROM else None, allow_pickle=False
        )
    except FileNotFoundError as error:
        raise ArtifactRefused(f"{path}: missing; {AGAIN}") from error
    except (OSError, ValueError, EOFError) as error:
        raise ArtifactRefused(f"{path}: {BROKEN}") from error
    if array.dtype != dtype or array.ndim != 1:
        raise ArtifactRefused(f"{path}: holds {array.dtype}, expected {dtype}; {AGAIN}")
    return array
