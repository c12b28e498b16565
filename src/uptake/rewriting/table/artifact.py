"""Rewrite table: what to act on instead of a request, with the evidence.

Three plain arrays, opened by mmap: `slots.npy`, `rows.npy`, `text.npy`. A key is (user, request); the empty user means
everybody. Rows are ordered by the 64-bit hash of their key. The top bits of the hash give the first slot to try, and
slots in use hold row numbers in the same order, so a lookup is one hash, on average less than two slots and one
comparison of bytes. A hash alone is never trusted: no false hits.

A large table is divided by the first bits of the hash into shards, `shard-000.npy` and so on, each with arrays of its
own: an unchanged shard is linked and not written again (`uptake.rewriting.table.shard`).

`moves.parquet`, if present, holds the counts behind the rewrites and is read only on request.

Limit: keys are exact. Requests must have passed `uptake.text.normalize`, here and at lookup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.rewriting.table.columns import COLUMNS, checked
from uptake.rewriting.table.layout import ordered
from uptake.rewriting.table.moves import canonical, following, read_moves, write_moves
from uptake.rewriting.table.shard import ROW, Fields, Shard, joined, map_array, replaced, same, split
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

_USERS, _SESSIONS, _BEFORE, _AFTER = (
    Evidence.__dict__[name].__set__ for name in ("users", "sessions", "success_before", "success_after")
)
_hash: Callable[[bytes], int] = xxhash.xxh3_64_intdigest
_FILES = {"slots": np.dtype("<u4"), "rows": ROW, "text": np.dtype("u1")}
_SHARD = "shard-{:03d}.npy"
_MOVES = "moves.parquet"
_UTF8 = "surrogatepass"  # whatever Python can hold can be a key


class Rewrite(NamedTuple):
    """Row of the table: a request and the text to act on instead.

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
    """Rewrites by exact request, personal ones before global ones. Safe to read from many threads.

    >>> table = RewriteTable.from_rows([Rewrite("play jas", "play jazz", Evidence(
    ...     users=5, sessions=9, success_before=0.2, success_after=0.8))])
    >>> table.lookup("play jas", "ann").acted_on, table.lookup("play jazz")
    ('play jazz', None)
    """

    kind: ClassVar[str] = "rewrites"
    schema_version: ClassVar[int] = 2

    shards: tuple[Shard, ...]
    """The rows, divided by the first bits of their hashes: as many shards as a power of two."""
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
        rows = np.zeros(len(order), dtype=ROW)
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
        return cls(split(rows, np.frombuffer(blob, dtype=np.uint8)), canonical(moves))

    def without_rewrites(self, ids: Iterable[str]) -> RewriteTable:
        """Return the table without some rewrites, by identifier."""
        gone = set(ids)
        return self.changed(gone=[row.key for row in self.rows() if row.rewrite_id in gone])

    def changed(self, rows: Iterable[Rewrite] = (), *, gone: Iterable[tuple[str, str]] = ()) -> RewriteTable:
        """Return the table with some rows added or replaced by key, and others removed; takes about 0.3 µs per row.

        Args:
            rows: At most one per key.
            gone: Keys, (user or "", request), to remove; missing ones are skipped.

        Raises:
            BadRecord: A row is wrong, or two share their key.
        """
        new = self.from_rows(rows)
        keys = {row.key for row in new.rows()}.union(gone)
        shards = replaced(self.shards, self._places(keys), *joined(new.shards))
        if any((np.diff(shard.rows["hash"]) == 0).any() for shard in set(shards).difference(self.shards)):
            left = (
                row for row in self.rows() if row.key not in keys
            )  # as good as never: such rows stand by their keys
            return self.from_rows([*left, *new.rows()], moves=self.moves())
        return type(self)(shards, self.graph)

    def without(self, user_id: str) -> None:
        """Tell nothing: everybody's rewrites count the user too, so the table is solved again."""

    def lookup(self, request: str, user_id: str | None = None) -> Rewrite | None:
        """Return the rewrite of a normalised request: the user's own, else the global one, else None."""
        key = request.encode("utf-8", _UTF8)
        shards, shift = self._known
        found = None
        if user_id and self._is_personal:
            user = user_id.encode("utf-8", _UTF8)
            digest = _hash(user + b"\0" + key)
            found = shards[digest >> shift](digest, user, key)
        if found is None:
            user_id, digest = None, _hash(b"\0" + key)
            found = shards[digest >> shift](digest, b"", key)
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
        """Return all rewrites, those with most users first, then most sessions."""
        users, sessions = (
            np.concatenate([shard.rows[name] for shard in self.shards]).astype(np.int64)
            for name in ("users", "sessions")
        )
        firsts = np.cumsum([0, *map(len, (shard.rows for shard in self.shards))])
        order = np.lexsort((-sessions, -users))
        homes = np.searchsorted(firsts, order, side="right") - 1
        return (
            _row(self.shards[home], row)
            for home, row in zip(homes.tolist(), (order - firsts[homes]).tolist(), strict=True)
        )

    def users(self) -> list[str]:
        """Users who have rewrites of their own, in alphabetical order."""
        found: set[bytes] = set()
        for shard in self.shards:
            own = shard.rows[shard.rows["user"] > 0]
            text = shard.view.text
            found.update(text[row["start"] : row["start"] + row["user"]].tobytes() for row in own)
        return sorted(str(user, "utf-8", _UTF8) for user in found)

    @property
    def own(self) -> int:
        """Count the rewrites that are one user's own."""
        return sum(int((shard.rows["user"] > 0).sum()) for shard in self.shards)

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
        """Write one `.npy` file per array, or per shard of a large table; `moves.parquet` where there are moves."""
        if len(self.shards) == 1:
            (one,) = self.shards
            arrays: tuple[npt.NDArray[Any], ...] = (one.slots, one.rows, one.text)
            for name, array in zip(_FILES, arrays, strict=True):
                np.save(directory / f"{name}.npy", array, allow_pickle=False)
        else:
            for at, shard in enumerate(self.shards):
                shard.save(directory / _SHARD.format(at))
        moves = self.moves()
        if moves is not None:
            write_moves(moves, directory / _MOVES)

    @classmethod
    def load(cls, directory: Path) -> RewriteTable:
        """Map what `save` wrote.

        Raises:
            ArtifactRefused: A file is missing or is not what `save` writes.
        """
        moves = directory / _MOVES
        return cls(_opened(directory), moves if moves.exists() else None)

    def __len__(self) -> int:
        return sum(len(shard.rows) for shard in self.shards)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RewriteTable):
            return NotImplemented
        mine, theirs = self.moves(), other.moves()
        return (
            same(self.shards, other.shards)
            and (mine is None) == (theirs is None)
            and (mine is None or mine.equals(theirs))
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RewriteTable({len(self)} rewrites)"

    @cached_property
    def _known(self) -> tuple[list[Callable[[int, bytes, bytes], tuple[Fields, bytes] | None]], int]:
        """Return the lookup function of each shard, and the hash shift that selects it."""
        return [shard.find for shard in self.shards], 64 - self.shards[0].bits

    @cached_property
    def _is_personal(self) -> bool:
        return any(shard.is_personal for shard in self.shards)

    def _places(self, keys: Iterable[tuple[str, str]]) -> dict[int, list[int]]:
        """Find the rows of the shards that have these keys."""
        found: dict[int, list[int]] = {}
        shift = 64 - self.shards[0].bits
        for user, request in ((user.encode("utf-8", _UTF8), request.encode("utf-8", _UTF8)) for user, request in keys):
            digest = _hash(user + b"\0" + request)
            row = self.shards[digest >> shift].number(digest, user, request)
            if row is not None:
                found.setdefault(digest >> shift, []).append(row)
        return found


def _opened(directory: Path) -> tuple[Shard, ...]:
    """Map the shards of a table; a table that is not divided has one."""
    files = sorted(directory.glob(_SHARD.format(0).replace("000", "*")))
    if not files:
        slots, rows, text = (map_array(directory / f"{name}.npy", dtype) for name, dtype in _FILES.items())
        return (Shard(0, slots, rows, text),)
    bits = (len(files) - 1).bit_length()
    return tuple(Shard.load(bits, directory / _SHARD.format(at)) for at in range(1 << bits))


def _row(shard: Shard, row: int) -> Rewrite:
    fields, text = shard.fields(row), shard.view.text
    _, start, user, request, acted_on, domain, *_ = fields
    ends = accumulate([user, request, acted_on, max(domain, 1) - 1], initial=start)
    texts = [str(text[at:end], "utf-8", _UTF8) for at, end in pairwise(ends)]
    domain_of = texts[3] if domain else None
    return Rewrite(texts[1], texts[2], _evidence(fields), texts[0] or None, domain_of)


def _evidence(row: Fields) -> Evidence:
    """Return the evidence of a row; fields are set slot by slot, twice as fast as the frozen constructor."""
    made = object.__new__(Evidence)
    _USERS(made, row[6])
    _SESSIONS(made, row[7])
    _BEFORE(made, row[8])
    _AFTER(made, row[9])
    return made


def _bytes(text: str | None) -> bytes:
    return text.encode("utf-8", _UTF8) if text else b""
