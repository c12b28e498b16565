"""Index of requests that worked, for everybody and for each user.

The shared part holds requests that worked for enough people, and wordings that enough people corrected to one of them
(`IndexedRequest.leads_to`). It is searched exactly, by letters (`near`) and by sound (`sounding`). The personal part is
one `UserHistory` per user, stored under a hash of the user and read for that user only. Everything is plain numpy
arrays, opened by mmap and decoded on use.

Limit: sound keys know English spelling only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.feedback.state_keys import reading_of
from uptake.ml.arrays import Arrays, arrays_of, open_array, open_arrays, open_record, same_arrays, save_arrays
from uptake.ml.encoder.encoders import Encoder
from uptake.ml.neighbours.trigrams import MAX_MEASURED, TrigramIndex
from uptake.ml.neighbours.vectors import VectorIndex
from uptake.rewriting.retrieval.history import UserHistory, user_key
from uptake.text.phonetic import sound_key

__all__ = ["IndexedRequest", "RequestIndex", "Similar", "entities"]

_SHARED = ("users", "wins", "losses", "reading", "leads_to", "hashes", "by_hash")
_OWN = ("own_users", "own_offsets", "own_shelves")
_POOL = ("readings", "reading_starts")
_ENCODER = "encoder"
_NEVER, _FAILING = "never", "failing"
_NOTHING = UserHistory()
_MOST_FOUND = 2_048


class IndexedRequest(NamedTuple):
    """Request that works for many people, or that many people corrected."""

    text: str
    """Normalised text."""
    users: int
    """Distinct users for whom it worked, or who corrected it."""
    wins: int = 0
    """Times it worked, after the bound on each user's contribution."""
    losses: int = 0
    """Times it did not, after the same bound."""
    reading: str | None = None
    """Key of the interpretation that enough people meant by it; None where there is none."""
    leads_to: str | None = None
    """The request that people corrected it to; None for a request that works."""


class Similar(NamedTuple):
    """Known request similar to a text."""

    known: IndexedRequest
    similarity: float
    """Edit similarity, in [0, 1], of the letters or of the sound keys."""


@dataclass(frozen=True, slots=True, eq=False)
class RequestIndex:
    """Index of known requests, searched exactly, by letters and by sound; with each user's own requests.

    >>> index = RequestIndex.of([IndexedRequest("play imagine dragons", 9, 40), IndexedRequest("stop", 20, 90)])
    >>> index.near("play imagined dragon")[0].known.text, index.sounding("maj and dragons", least=0.4)[0].known.text
    ('play imagine dragons', 'play imagine dragons')
    """

    kind: ClassVar[str] = "index"
    schema_version: ClassVar[int] = 1

    letters: TrigramIndex
    """Texts of the known requests, most users first."""
    sounds: TrigramIndex
    """Their sound keys, in the same order."""
    columns: Mapping[str, npt.NDArray[Any]]
    """(n,) users, wins, losses, reading (place in the pool, -1), leads_to (row, -1), hashes (ascending), by_hash
    (their rows); readings, reading_starts: the pool; own_users (hashes, ascending), own_offsets, own_shelves."""
    vectors: VectorIndex | None = None
    """A vector of each known request; None where nobody asked for them."""
    encoder: str | None = None
    """Name of the encoder that made them: no other may ask."""
    never: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.uint64))
    """(n, 2) hashes of a request and of what likeness must never make of it: known incidents, without their words."""
    failing: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    """(n,) hashes, ascending, of requests that fail in many homes."""
    _found: dict[int, IndexedRequest] = field(default_factory=dict, init=False, repr=False)
    """Requests found lately, by row: one request finds most of them several times, by letters and by sound."""

    @classmethod
    def of(cls, known: Iterable[IndexedRequest], histories: Mapping[str, UserHistory] | None = None) -> RequestIndex:
        """Index requests; the order they come in does not matter.

        Args:
            known: Each text once. One that leads to a request that is not given is left out.
            histories: Each user's own, by user.
        """
        given = {one.text: one for one in sorted(known)}
        rows = [
            one
            for one in sorted(given.values(), key=lambda one: (-one.users, -one.wins, one.text))
            if one.leads_to is None or (one.leads_to in given and given[one.leads_to].leads_to is None)
        ]
        texts = [one.text for one in rows]
        columns = {**_shared(rows), **_own(histories or {})}
        for array in columns.values():
            array.flags.writeable = False
        return cls(TrigramIndex.of(texts), TrigramIndex.of([sound_key(text) for text in texts]), columns)

    def with_vectors(self, encoder: Encoder) -> RequestIndex:
        """Return the same index with a vector of each known request."""
        texts = [self.letters[row] for row in range(len(self))]
        vectors = encoder.encode(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        return replace(self, vectors=VectorIndex.of(vectors), encoder=encoder.name)

    def __len__(self) -> int:
        return len(self.letters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RequestIndex):
            return False
        return same_arrays(self._arrays(), other._arrays())

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, row: int) -> IndexedRequest:
        columns = self.columns
        reading, leads_to = int(columns["reading"][row]), int(columns["leads_to"][row])
        starts = columns["reading_starts"]
        return IndexedRequest(
            text=self.letters[row],
            users=int(columns["users"][row]),
            wins=int(columns["wins"][row]),
            losses=int(columns["losses"][row]),
            reading=None
            if reading < 0
            else columns["readings"][starts[reading] : starts[reading + 1]].tobytes().decode(),
            leads_to=None if leads_to < 0 else self.letters[leads_to],
        )

    def rows(self) -> Iterator[IndexedRequest]:
        """Return all known requests, most users first."""
        return (self[row] for row in range(len(self)))

    def find(self, text: str) -> IndexedRequest | None:
        """Return the known request of exactly this normalised text."""
        key, hashes = _hash(text), self.columns["hashes"]
        at = int(np.searchsorted(hashes, np.uint64(key)))
        while at < len(hashes) and int(hashes[at]) == key:
            row = int(self.columns["by_hash"][at])
            if self.letters[row] == text:
                return self[row]
            at += 1
        return None

    def near(self, text: str, *, most: int = 10, least: float = 0.5, measured: int = MAX_MEASURED) -> list[Similar]:
        """Known requests whose letters are like those of a normalised text, the likest first, of those `measured`."""
        found = self.letters.nearest(text, most=most, least=least, measured=measured)
        return [Similar(self._kept(row), alike) for row, alike in found]

    def sounding(self, text: str, *, most: int = 10, least: float = 0.5) -> list[Similar]:
        """Return known requests that sound like a normalised text, the likest first."""
        key = sound_key(text)
        return [Similar(self._kept(row), alike) for row, alike in self.sounds.nearest(key, most=most, least=least)]

    def _kept(self, row: int) -> IndexedRequest:
        found = self._found.get(row)
        if found is None:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            found = self._found[row] = self[row]
        return found

    def own(self, user_id: str) -> UserHistory:
        """Return one user's history; empty for an unknown user, and nothing of anybody else's."""
        key, users = user_key(user_id), self.columns["own_users"]
        at = int(np.searchsorted(users, np.uint64(key)))
        if at == len(users) or int(users[at]) != key:
            return _NOTHING
        start, end = self.columns["own_offsets"][at : at + 2].tolist()
        return UserHistory.decode(self.columns["own_shelves"][start:end].tobytes())

    def forbids(self, request: str, text: str) -> bool:
        """Tell whether a normalised request must never become a text, however like it is."""
        return bool(len(self.never)) and bool((self.never == (_hash(request), _hash(text))).all(axis=1).any())

    def leaving_out(self, pairs: Iterable[tuple[str, str]]) -> RequestIndex:
        """Return the same index, by which some requests never become some texts.

        >>> index = RequestIndex.of([IndexedRequest("play jazz", 9, 40)]).leaving_out([("play jars", "play jazz")])
        >>> index.forbids("play jars", "play jazz"), index.forbids("play chess", "play jazz")
        (True, False)
        """
        known = {(int(one), int(other)) for one, other in self.never} | {(_hash(one), _hash(two)) for one, two in pairs}
        return replace(self, never=np.array(sorted(known), dtype=np.uint64).reshape(-1, 2))

    def without_failing(self, texts: Collection[str]) -> RequestIndex:
        """Return the same index, which knows that some requests fail: nothing leads to them.

        What users said themselves stays theirs.

        >>> index = RequestIndex.of([IndexedRequest("play jazz", 9, 40), IndexedRequest("play chess", 9, 40)])
        >>> left = index.without_failing({"play chess"})
        >>> [one.text for one in left.rows()], left.fails("play chess"), left.fails("play jazz")
        (['play jazz'], True, False)
        """
        gone, failing = set(texts), np.array(sorted(map(_hash, texts)), dtype=np.uint64)
        kept = [at for at, one in enumerate(self.rows()) if (one.leads_to or one.text) not in gone]
        if len(kept) == len(self):
            return replace(self, failing=failing)
        left = RequestIndex.of(self[at] for at in kept)
        own = {name: values for name, values in self.columns.items() if name in _OWN}
        vectors = self.vectors.keeping(np.array(kept, dtype=np.int64)) if self.vectors is not None else None
        columns = {**left.columns, **own}
        return replace(
            self, letters=left.letters, sounds=left.sounds, columns=columns, vectors=vectors, failing=failing
        )

    def fails(self, text: str) -> bool:
        """Tell whether a normalised request is known to fail where it is made."""
        key, failing = np.uint64(_hash(text)), self.failing
        at = int(np.searchsorted(failing, key))
        return bool(at < len(failing) and failing[at] == key)

    def without(self, user_id: str) -> None:
        """Tell nothing: the counts of shared requests hold the user too, so the index is solved again."""

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array."""
        save_arrays(directory, self._arrays())

    @classmethod
    def load(cls, directory: Path) -> RequestIndex:
        """Map what `save` wrote."""
        letters, sounds = (open_record(TrigramIndex, directory, f"{part}_") for part in ("letters", "sounds"))
        columns = open_arrays(directory, (*_SHARED, *_POOL, *_OWN))
        found = cls(letters, sounds, columns)
        if (directory / f"{_NEVER}.npy").exists():
            found = replace(found, never=open_array(directory, _NEVER))
        if (directory / f"{_FAILING}.npy").exists():
            found = replace(found, failing=open_array(directory, _FAILING))
        if not (directory / f"{_ENCODER}.npy").exists():
            return found
        vectors = open_record(VectorIndex, directory, "vectors_")
        return replace(found, vectors=vectors, encoder=open_array(directory, _ENCODER).tobytes().decode())

    def _arrays(self) -> Arrays:
        found = {**arrays_of(self.letters, "letters_"), **arrays_of(self.sounds, "sounds_"), **self.columns}
        if self.vectors is not None and self.encoder is not None:
            found |= arrays_of(self.vectors, "vectors_")
            found[_ENCODER] = np.frombuffer(self.encoder.encode(), dtype=np.uint8)
        if len(self.never):
            found[_NEVER] = self.never
        if len(self.failing):
            found[_FAILING] = self.failing
        return found


def _shared(rows: Sequence[IndexedRequest]) -> dict[str, npt.NDArray[Any]]:
    """Return columns of the requests that everybody shares."""
    place = {one.text: row for row, one in enumerate(rows)}
    pool = sorted({one.reading for one in rows if one.reading is not None})
    number = {reading: at for at, reading in enumerate(pool)}
    hashes = np.array([_hash(one.text) for one in rows], dtype=np.uint64)
    by_hash = np.argsort(hashes, kind="stable").astype(np.int32)
    return {
        "users": np.array([one.users for one in rows], dtype=np.int64),
        "wins": np.array([one.wins for one in rows], dtype=np.int64),
        "losses": np.array([one.losses for one in rows], dtype=np.int64),
        "reading": np.array([-1 if one.reading is None else number[one.reading] for one in rows], dtype=np.int32),
        "leads_to": np.array([-1 if one.leads_to is None else place[one.leads_to] for one in rows], dtype=np.int32),
        "hashes": hashes[by_hash],
        "by_hash": by_hash,
        **dict(zip(_POOL, _packed([reading.encode() for reading in pool]), strict=True)),
    }


def entities(history: UserHistory) -> dict[tuple[str, str], int]:
    """Count what a person's own requests were about: (slot, value) and times it ended well, most often first.

    >>> from uptake.rewriting.retrieval.history import Count
    >>> entities(UserHistory().plus([Count("hush", "music|stop|room=hall", 5, None, None, None, None, 2, 2)]))
    {('room', 'hall'): 2}
    """
    found: Counter[tuple[str, str]] = Counter()
    for request in history.requests:
        for key, wins in request.readings.items():
            found.update(dict.fromkeys(reading_of(key).slots, wins))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _own(histories: Mapping[str, UserHistory]) -> dict[str, npt.NDArray[Any]]:
    """Return columns of the users' histories."""
    rows = sorted((user_key(user), history.encode()) for user, history in histories.items() if history != _NOTHING)
    blobs, starts = _packed([blob for _, blob in rows])
    users = np.array([key for key, _ in rows], dtype=np.uint64)
    return {"own_users": users, "own_offsets": starts, "own_shelves": blobs}


def _packed(blobs: Sequence[bytes]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    starts = np.concatenate([[0], np.cumsum([len(blob) for blob in blobs], dtype=np.int64)]).astype(np.int64)
    return np.frombuffer(b"".join(blobs), dtype=np.uint8), starts


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")))
