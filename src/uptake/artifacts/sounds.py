"""Requests that work, findable by what they sound like.

A recogniser's mistake is a request that nobody ever made, so no table of rewrites can know it. But it sounds
like what was said. This artifact holds the requests that work for enough people and answers one question:
which of them does a new text sound most like, and how far ahead of the next is it?

Candidates share trigrams of the sound key (`uptake.text.phonetic`); edit similarity ranks them, which on real
recogniser errors ranked better than the similarity of sound keys and than the mean of both. The files are
plain numpy arrays, opened by mmap.

Beside what works for many lies what works for one: each user's own requests, known by a hash of the user and answered
for that user alone.

Limit: at most `MAX_REQUESTS` requests, and the sound key knows English spelling only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from uptake.text.distance import edit_similarity
from uptake.text.phonetic import sound_key

__all__ = ["MAX_REQUESTS", "KnownRequest", "Match", "SoundIndex"]

MAX_REQUESTS = 100_000
"""More requests than this are cut, least used first: a decision must stay below a millisecond."""
MAX_CHARS = 200
"""Longer texts are not looked up."""
_CANDIDATES = 32
_MAX_POSTINGS = 10_000
_FILES = ("texts", "starts", "users", "wins", "grams", "offsets", "postings")
_OWN_FILES = ("own_users", "own_offsets", "own_texts", "own_starts", "own_wins")

IntArray = npt.NDArray[np.integer]


class KnownRequest(NamedTuple):
    """A request that works."""

    text: str
    """Normalised text."""
    users: int
    """Distinct users for whom it worked."""
    wins: int
    """Times it worked, after the bound on each user's contribution."""
    user_id: str | None = None
    """Whose request it is; None for one that works for many."""


class Match(NamedTuple):
    """The known request that a text sounds most like."""

    request: KnownRequest
    similarity: float
    """Edit similarity, in [0, 1]."""
    margin: float
    """How far it is ahead of the next known request, in [0, 1]."""


@dataclass(frozen=True, slots=True, eq=False)
class SoundIndex:
    """Known requests behind an inverted index of sound trigrams.

    >>> index = SoundIndex.from_requests([KnownRequest("play imagine dragons", 9, 40), KnownRequest("stop", 20, 90)])
    >>> index.nearest("play imagined dragons").request.text
    'play imagine dragons'
    """

    kind: ClassVar[str] = "sounds"
    schema_version: ClassVar[int] = 2

    texts: npt.NDArray[np.uint8]
    """UTF-8 of all texts, one after the other."""
    starts: npt.NDArray[np.int64]
    """(n + 1,) where each text starts in `texts`."""
    users: npt.NDArray[np.int64]
    """(n,) distinct users of each request."""
    wins: npt.NDArray[np.int64]
    """(n,) times each request worked."""
    grams: npt.NDArray[np.uint32]
    """(g,) hashes of the sound trigrams, ascending."""
    offsets: npt.NDArray[np.int64]
    """(g + 1,) where the postings of each trigram start."""
    postings: npt.NDArray[np.int32]
    """Row numbers of the requests that hold each trigram."""
    own_users: npt.NDArray[np.uint64]
    """(u,) hashes of users who have requests of their own, ascending."""
    own_offsets: npt.NDArray[np.int64]
    """(u + 1,) where each user's own requests start."""
    own_texts: npt.NDArray[np.uint8]
    """UTF-8 of all own requests, one after the other."""
    own_starts: npt.NDArray[np.int64]
    """(m + 1,) where each own request starts in `own_texts`."""
    own_wins: npt.NDArray[np.int64]
    """(m,) times each own request worked."""

    @classmethod
    def from_requests(cls, requests: Iterable[KnownRequest]) -> SoundIndex:
        """Index requests; the order they come in does not matter."""
        given = set(requests)
        shared = (known for known in given if known.user_id is None)
        kept = sorted(shared, key=lambda known: (-known.users, -known.wins, known.text))[:MAX_REQUESTS]
        encoded = [known.text.encode() for known in kept]
        pairs = [(gram, row) for row, known in enumerate(kept) for gram in _trigrams(known.text)]
        by_gram = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        grams, first = np.unique(by_gram[:, 0], return_index=True)
        arrays: dict[str, npt.NDArray[Any]] = {
            "texts": np.frombuffer(b"".join(encoded), dtype=np.uint8),
            "starts": np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int64),
            "users": np.array([known.users for known in kept], dtype=np.int64),
            "wins": np.array([known.wins for known in kept], dtype=np.int64),
            "grams": grams.astype(np.uint32),
            "offsets": np.concatenate([first, [len(by_gram)]]).astype(np.int64),
            "postings": by_gram[:, 1].astype(np.int32),
            **_own(known for known in given if known.user_id is not None),
        }
        for array in arrays.values():
            array.flags.writeable = False
        return cls(**arrays)

    def __len__(self) -> int:
        return len(self.users)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SoundIndex) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in (*_FILES, *_OWN_FILES)
        )

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, row: int) -> KnownRequest:
        return KnownRequest(self._text(row), int(self.users[row]), int(self.wins[row]))

    def _text(self, row: int) -> str:
        return self.texts[self.starts[row] : self.starts[row + 1]].tobytes().decode()

    def rows(self) -> Iterator[KnownRequest]:
        """All known requests, most users first."""
        return (self[row] for row in range(len(self)))

    def own(self, user_id: str) -> list[KnownRequest]:
        """What works for one user, most used first; nothing of anybody else's."""
        key = _user_key(user_id)
        at = int(np.searchsorted(self.own_users, key))
        if at == len(self.own_users) or self.own_users[at] != key:
            return []
        rows = range(int(self.own_offsets[at]), int(self.own_offsets[at + 1]))
        texts, starts = self.own_texts, self.own_starts
        return [
            KnownRequest(texts[starts[row] : starts[row + 1]].tobytes().decode(), 1, int(self.own_wins[row]), user_id)
            for row in rows
        ]

    def find(self, text: str) -> KnownRequest | None:
        """The known request of exactly this normalised text."""
        match = self.nearest(text)
        return match.request if match is not None and match.request.text == text else None

    def near(self, text: str, *, most: int = 3) -> list[tuple[float, KnownRequest]]:
        """Known requests that a normalised text sounds most like, with their edit similarity, the likest first."""
        if not text or len(text) > MAX_CHARS or not len(self):
            return []
        scored = sorted(
            ((edit_similarity(text, self._text(row)), -row) for row in self._candidates(text)), reverse=True
        )
        return [(similarity, self[-row]) for similarity, row in scored[:most]]

    def nearest(self, text: str) -> Match | None:
        """Find the known request that a normalised text sounds most like; None where nothing is near.

        A text that is itself known is its own nearest, with similarity 1.
        """
        near = self.near(text, most=2)
        if not near:
            return None
        best, request = near[0]
        return Match(request, best, best - (near[1][0] if len(near) > 1 else 0.0))

    def _candidates(self, text: str) -> list[int]:
        """The rows that share most sound trigrams with a text."""
        grams = np.array(sorted(_trigrams(text)), dtype=np.uint32)
        at = np.searchsorted(self.grams, grams)
        at = at[(at < len(self.grams)) & (self.grams[np.minimum(at, len(self.grams) - 1)] == grams)]
        spans = sorted(zip(self.offsets[at], self.offsets[at + 1], strict=True), key=lambda span: span[1] - span[0])
        lists: list[npt.NDArray[np.int32]] = []
        room = _MAX_POSTINGS
        for start, end in spans:  # rare trigrams first, so that the bound drops the least telling ones
            lists.append(self.postings[start : min(end, start + room)])
            room -= len(lists[-1])
            if room <= 0:
                break
        if not lists:
            return []
        rows, shared = np.unique(np.concatenate(lists), return_counts=True)
        rank = shared * len(self) - rows  # most shared trigrams first, then most used
        best = np.argpartition(-rank, _CANDIDATES - 1)[:_CANDIDATES] if len(rows) > _CANDIDATES else slice(None)
        return [int(row) for row in rows[best]]

    def save(self, directory: Path) -> None:
        """Write one `.npy` file per array."""
        for name in (*_FILES, *_OWN_FILES):
            np.save(directory / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, directory: Path) -> SoundIndex:
        """Map what `save` wrote."""
        # As plain arrays over the map: slices of `np.memmap` itself cost several microseconds each.
        mapped = {
            name: np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
            for name in (*_FILES, *_OWN_FILES)
            if name in _FILES or (directory / f"{name}.npy").exists()  # schema 1 knew no single users
        }
        return cls(**(_own(()) | mapped))


def _own(requests: Iterable[KnownRequest]) -> dict[str, npt.NDArray[Any]]:
    """Columns of single users' requests."""
    rows = sorted((_user_key(known.user_id or ""), -known.wins, known.text) for known in requests)
    users, counts = np.unique(np.array([user for user, _, _ in rows], dtype=np.uint64), return_counts=True)
    encoded = [text.encode() for _, _, text in rows]
    return {
        "own_users": users,
        "own_offsets": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "own_texts": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        "own_starts": np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int64),
        "own_wins": np.array([-wins for _, wins, _ in rows], dtype=np.int64),
    }


def _user_key(user_id: str) -> int:
    return xxhash.xxh3_64_intdigest(user_id.encode("utf-8", "surrogatepass"))


def _trigrams(text: str) -> set[int]:
    padded = f"^{sound_key(text)}$"
    return {xxhash.xxh32_intdigest(padded[at : at + 3].encode()) for at in range(max(1, len(padded) - 2))}
