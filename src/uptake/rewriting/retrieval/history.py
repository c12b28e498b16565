"""Histories of single users: their requests, the outcomes, and their rephrases.

A history consists of counts that add, so a new turn is added at once (`UserHistory.plus`), with the same result as
learning everything again. The file format is MessagePack: one short blob per user.

`FreshHistory` stores, beside the published index, what each user said since it was made: one small file per user,
written atomically. It is a cache of the log: losing it loses no turn, only time until the next learning.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import xxhash

__all__ = ["Count", "FreshHistory", "Own", "OwnPair", "OwnRequest", "UserHistory", "user_key"]

_MAX_VALUES = 24
"""Hours, rooms or readings of one request that are kept, the most frequent first."""
_MAX_PAIRS = 200
_MAX_SESSIONS = 200
_DAYS = 8


class Count(NamedTuple):
    """Number of one user's turns that agree in all counted fields."""

    request: str
    """Normalised text as heard."""
    reading: str | None
    """Key of the interpretation; None where unknown."""
    hour_at: int
    """Time, in hours since 1970 UTC."""
    hour: str | None
    """Hour on the clock of the home, "00" to "23"."""
    room: str | None
    """Room of the device."""
    target: str | None
    """Text of the rephrase; None where there was none."""
    acted_on: str | None
    """Text that was acted on instead; None for the request itself."""
    uses: int
    """Number of turns."""
    wins: int
    """How many of them ended well."""
    fine: int = 0
    """How many of them had worked, although they were said again: no repair."""


class OwnRequest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Request that one person makes."""

    text: str
    """Normalised text."""
    uses: int
    """Times it was made, and acted on as it was heard."""
    wins: int
    """Times it ended well."""
    last_h: int | None = None
    """Time it last ended well, in hours since 1970 UTC."""
    readings: dict[str, int] = {}
    """Readings with which it ended well, and how often."""
    hours: dict[str, int] = {}
    """Hours of the day at which it ended well, on the clock of the home, and how often."""
    rooms: dict[str, int] = {}
    """Rooms in which it ended well, and how often."""


class OwnPair(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Wording that a person followed by another, or that was rewritten to another."""

    request: str
    """Text that was said first."""
    acted_on: str
    """Text that it was said again as, or taken for."""
    uses: int
    """Times the person said it again so."""
    served: int = 0
    """Times it was acted on so, without being said again."""
    wins: int = 0
    """Times that ended well."""
    days: tuple[int, ...] = ()
    """Days since 1970 UTC on which the person said it again so, the last eight, in order."""


class UserHistory(msgspec.Struct, frozen=True, array_like=True):
    """One person's own requests and rephrases.

    >>> history = UserHistory().plus([Count("play my mix", None, 10, "08", None, None, None, 3, 2)])
    >>> [(one.text, one.uses, one.wins) for one in history.requests]
    [('play my mix', 3, 2)]
    """

    requests: tuple[OwnRequest, ...] = ()
    """Most won first, then most used."""
    pairs: tuple[OwnPair, ...] = ()
    """Most used first."""
    until_h: int = -1
    """Hour since 1970 UTC of the latest turn; -1 where there is none."""
    turns_then: int = 0
    """Turns of that hour."""

    def plus(self, counts: Iterable[Count], *, most: int = 500) -> UserHistory:
        """Return the history with more turns; beyond `most` requests, the least won and used go."""
        given = list(counts)
        if not given:
            return self
        until = max(self.until_h, *(one.hour_at for one in given))
        then = sum(one.uses for one in given if one.hour_at == until) + (
            self.turns_then if until == self.until_h else 0
        )
        requests = {one.text: one for one in self.requests}
        fresh: dict[str, list[Count]] = {}
        for one in given:
            if one.acted_on is None:
                fresh.setdefault(one.request, []).append(one)
        for text, counted in fresh.items():
            requests[text] = _more(requests.get(text) or OwnRequest(text, 0, 0), counted)
        ordered = sorted(requests.values(), key=lambda one: (-one.wins, -one.uses, one.text))
        return UserHistory(tuple(ordered[:most]), _more_pairs(self.pairs, given), until, then)

    def working(self, *, least: float = 0.6) -> list[OwnRequest]:
        """Return requests of which at least that share ended well."""
        return [one for one in self.requests if one.wins and one.wins >= least * one.uses]

    def encode(self) -> bytes:
        """Return the history as bytes."""
        return _encode(self)

    @classmethod
    def decode(cls, blob: bytes | memoryview) -> UserHistory:
        """Decode what `encode` wrote."""
        return _decode(blob)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(UserHistory).decode


class _Said(msgspec.Struct, frozen=True, array_like=True):
    session_id: str
    counts: list[Count]


class _Fresh(msgspec.Struct, frozen=True, array_like=True):
    sessions: list[_Said] = []


_encode_fresh = msgspec.msgpack.Encoder().encode
_decode_fresh = msgspec.msgpack.Decoder(_Fresh).decode


class FreshHistory:
    """Store of each user's requests since the index was made. Safe to read while another process writes.

    Args:
        directory: Directory of the files; made by the first write.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @classmethod
    def beside(cls, learning: Path) -> FreshHistory:
        """Return the store that belongs to a directory of learning; all who write and read it agree on it."""
        return cls(learning / "fresh")

    def put(self, user_id: str, session_id: str, counts: Sequence[Count]) -> None:
        """Keep what was counted in a session; what was kept of it before is replaced."""
        kept = [one for one in self._read(user_id).sessions if one.session_id != session_id]
        kept.append(_Said(session_id, list(counts)))
        path = self._path(user_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(_encode_fresh(_Fresh(kept[-_MAX_SESSIONS:])))
        beside.replace(path)

    def over(self, history: UserHistory, user_id: str) -> UserHistory:
        """Return a published history and what was said since: turns that it holds already are not counted twice."""
        given = [count for said in self._read(user_id).sessions for count in said.counts]
        return history.plus(_since(history, given)) if given else history

    def stamp(self, user_id: str) -> tuple[int, int] | None:
        """Return something that changes whenever the user's file does; None where there is none."""
        try:
            seen = self._path(user_id).stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns

    def forget(self, user_id: str) -> None:
        """Remove a user's file."""
        self._path(user_id).unlink(missing_ok=True)

    def _read(self, user_id: str) -> _Fresh:
        try:
            return _decode_fresh(self._path(user_id).read_bytes())
        except (OSError, msgspec.DecodeError):  # none, or not one of ours: the log has everything
            return _Fresh()

    def _path(self, user_id: str) -> Path:
        return self.directory / f"{user_key(user_id):016x}.shelf"


def user_key(user_id: str) -> int:
    """Return 64 bits that stand for a user."""
    return int(xxhash.xxh3_64_intdigest(user_id.encode("utf-8", "surrogatepass")))


def _since(history: UserHistory, counts: Iterable[Count]) -> list[Count]:
    """Return counts of turns that are not in the history: those after its latest hour, and the rest of that hour."""
    held, kept = history.turns_then, []
    for one in sorted(counts, key=lambda one: one.hour_at):
        if one.hour_at == history.until_h and held > 0:
            held -= one.uses
        elif one.hour_at >= history.until_h:
            kept.append(one)
    return kept


def _more(known: OwnRequest, counts: Sequence[Count]) -> OwnRequest:
    uses, wins, last = known.uses, known.wins, -1 if known.last_h is None else known.last_h
    readings, hours, rooms = dict(known.readings), dict(known.hours), dict(known.rooms)
    for one in counts:
        uses += one.uses
        if one.wins:
            wins += one.wins
            last = max(last, one.hour_at)
            for total, value in ((readings, one.reading), (hours, one.hour), (rooms, one.room)):
                if value is not None:
                    total[value] = total.get(value, 0) + one.wins
    return OwnRequest(
        known.text, uses, wins, None if last < 0 else last, _first(readings), _first(hours), _first(rooms)
    )  # fmt: skip


def _first(total: dict[str, int]) -> dict[str, int]:
    """Return the most frequent values, most first."""
    if len(total) < 2:
        return total
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0]))[:_MAX_VALUES])


def _more_pairs(known: tuple[OwnPair, ...], counts: Sequence[Count]) -> tuple[OwnPair, ...]:
    led = [one for one in counts if one.target is not None or one.acted_on is not None]
    if not led:
        return known
    total = {(one.request, one.acted_on): (one.uses, one.served, one.wins) for one in known}
    days = {(one.request, one.acted_on): set(one.days) for one in known}
    for one in led:
        if one.target is not None and one.target != one.request and one.uses > one.fine:
            uses, served, wins = total.get((one.request, one.target), (0, 0, 0))
            total[one.request, one.target] = (uses + one.uses - one.fine, served, wins)
            days.setdefault((one.request, one.target), set()).add(one.hour_at // 24)
        if one.acted_on is not None and one.acted_on != one.request:
            uses, served, wins = total.get((one.request, one.acted_on), (0, 0, 0))
            total[one.request, one.acted_on] = (uses, served + one.uses, wins + one.wins)
    pairs = [OwnPair(*key, *value, tuple(sorted(days.get(key, ()))[-_DAYS:])) for key, value in total.items()]
    pairs.sort(key=lambda one: (-one.uses, -one.wins, one.served, one.request, one.acted_on))
    return tuple(pairs[:_MAX_PAIRS])


class Own(NamedTuple):
    """Interpretations of a person's own requests that worked."""

    readings: Mapping[str, float]
    """Key of a reading -> times it worked."""
    intents: Mapping[str, float]
    """Intent -> times it worked."""
