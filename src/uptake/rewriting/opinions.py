"""Store users' opinions of learned meanings: complaints, confirmations, and repairs that teach a meaning again.

A complaint (an explicit no, an undo, a no to "did you mean …?") about a rewritten turn suspends that *meaning* for that
person at once, whichever step decided, and in every wording that leads to it (`uptake.rewriting.identity`). Teaching it
again more often than it was complained about ends the suspension; then it is asked about until the person says yes. A
yes confirms it.

    learning/opinions/<key of the user>.json     read only if a step proposed something

All of it can be derived from the log (`replay`), except an explicit unblock, which `overrides.json` stores as a lift. A
directory that was lost, or that holds an unreadable file, is made again by the next release (`rebuild`).

Limit: `replay` processes each turn in order, with its later feedback. If a person took something back several turns
later, repairs made in between may count differently than they did at the time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from uptake.rewriting.identity import Meaning, meaning_id, meaning_of
from uptake.rewriting.retrieval.history import user_key
from uptake.store.durable import locked, storage_errors
from uptake.store.stamps import Stamps
from uptake.text.lexicon import is_control
from uptake.text.normalize import normalize
from uptake.types import Turn

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.log.store import TurnLog
    from uptake.rewriting.overrides import Override, OverridesFile

__all__ = ["Event", "Opinion", "Opinions", "event_of", "rebuild", "replay"]

_USERS = 1_000


class Opinion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Opinion of one person on one meaning."""

    heard: str
    """Text that is heard."""
    meant: str
    """Text that it is taken for."""
    complaints: int = 0
    """Times the person complained."""
    agreed: bool = False
    """Whether they said yes to it since they last complained."""
    taught: int = 0
    """Times they taught it again, with success, since they last complained."""
    at: str = ""
    """Day of the last complaint or yes, "YYYY-MM-DD"."""

    @property
    def meaning(self) -> Meaning:
        """Meaning that the opinion is about."""
        return Meaning(self.heard, self.meant)

    @property
    def suspended(self) -> bool:
        """Tell whether it must not be acted on for this person."""
        return 0 < self.complaints >= self.taught


class Event(NamedTuple):
    """Evidence that a turn gives about a meaning."""

    kind: Literal["complaint", "yes", "taught"]
    meaning: Meaning
    day: str


def event_of(turn: Turn, previous: Turn | None = None) -> Event | None:
    """Return the evidence that a turn gives about a meaning; None where it gives none.

    Args:
        turn: The turn.
        previous: The turn before in its session that was not about the conversation itself; None where there is none.
    """
    objected, day = turn.answer is False or bool(turn.undone), turn.said_at.date().isoformat()
    if turn.acted_on is not None:
        kind: Literal["complaint", "yes"] = "complaint" if objected else "yes"
        if previous is not None and _is_choice(turn, previous):
            return Event(kind, meaning_of(previous.request, turn.acted_on), day)
        return Event(kind, meaning_of(turn.request, turn.acted_on), day) if objected or turn.answer else None
    if previous is None or previous.session_id != turn.session_id:
        return None
    if previous.acted_on is not None:
        confirmed = previous.answer is True and previous.status is None
        return (
            Event("complaint", meaning_of(previous.request, previous.acted_on), day) if objected and confirmed else None
        )
    failed = previous.status != "ok" or previous.answer is False or bool(previous.undone)
    if not failed or objected or turn.status != "ok" or is_control(normalize(turn.request)):
        return None
    return Event("taught", meaning_of(previous.request, turn.request), day)


def _is_choice(turn: Turn, previous: Turn) -> bool:
    """Tell whether a turn chooses what the one before, which asked, may have meant: its rewrite is one of that."""
    if turn.acted_on is None or previous.acted_on is None or previous.session_id != turn.session_id:
        return False
    ids = (
        {meaning_id(heard, turn.acted_on, whose) for whose in (None, turn.user_id)}
        for heard in (previous.request, turn.request)
    )
    of_previous, of_itself = ids
    return previous.status is None and turn.rewrite_id in of_previous - of_itself


def replay(
    turns: Iterable[Turn], lifts: Mapping[str, Sequence[Override]] | None = None
) -> dict[str, tuple[Opinion, ...]]:
    """Return the opinions of every user from a log, in time order, as `Opinions` stores them.

    Args:
        turns: The turns, in any order.
        lifts: User -> the user's lifts; evidence about such a meaning up to then is ignored.
    """
    found: dict[str, tuple[Opinion, ...]] = {}
    previous: dict[str, Turn] = {}
    for turn in sorted(turns, key=lambda one: (one.said_at, one.turn_id)):
        event = event_of(turn, previous.get(turn.user_id))
        if event is not None and not _is_lifted(event, turn, (lifts or {}).get(turn.user_id, ())):
            found[turn.user_id] = _after(found.get(turn.user_id, ()), event)
        if not is_control(normalize(turn.request)):
            previous[turn.user_id] = turn
    return {user: opinions for user, opinions in found.items() if opinions}


def rebuild(opinions: Opinions, log: TurnLog, overrides: OverridesFile | None = None) -> int:
    """Make the opinions anew from the log, where their directory is missing or a file of it could not be read.

    Args:
        opinions: Where they are kept.
        log: All turns; those of people who never spoke of a rewrite are not replayed.
        overrides: Holds the lifts; read only where something is lost.

    Returns:
        People whose opinions were made anew.

    Raises:
        BadRecord: The overrides cannot be read.
        StorageFailed: The disk refused.
    """
    if not opinions.is_lost():
        return 0
    found = replay(_turns_that_tell(log), overrides.read().lifts() if overrides is not None else None)
    for user_id, made in found.items():
        opinions.restore(user_id, made)
    opinions.is_found()
    return len(found)


class Opinions:
    """Store of opinions, one small file per user. Safe to read while another process writes.

    Args:
        directory: Directory of the files; made by the first write.
        stamps: Tells whether a file changed.
    """

    def __init__(self, directory: Path, stamps: Stamps | None = None) -> None:
        self.directory, self._stamps = directory, stamps or Stamps()
        self._held: dict[str, tuple[object, object, tuple[Opinion, ...]]] = {}

    @classmethod
    def beside(cls, learning: Path, stamps: Stamps | None = None) -> Opinions:
        """Return those that belong to a directory of learning."""
        return cls(learning / "opinions", stamps)

    def of(self, user_id: str) -> tuple[Opinion, ...]:
        """Return a person's opinions, read again if their file changed; a file that cannot be read counts as empty."""
        generation, held = self._stamps.generation, self._held.get(user_id)
        if held is not None and held[0] is generation:
            return held[2]
        path = f"{self.directory}/{user_key(user_id):016x}.json"
        stamp, opinions = self._stamps.of(path), held[2] if held is not None else ()
        if held is None or held[1] != stamp:
            try:
                opinions = _decode(Path(path).read_bytes()) if stamp is not None else ()
            except (OSError, msgspec.DecodeError):  # the log has everything: see `rebuild`
                opinions = ()
                with suppress(OSError):
                    self._lost.touch()
        if len(self._held) >= _USERS:
            self._held.clear()
        self._held[user_id] = generation, stamp, opinions
        return opinions

    def find(self, user_id: str, meaning: Meaning) -> Opinion | None:
        """Find a person's opinion on a meaning, in any wording; one that suspends it before all others."""
        known = self.of(user_id)
        if not known:
            return None
        found = [one for one in known if one.meaning.covers(meaning)]
        return max(found, key=lambda one: (one.suspended, one.agreed), default=None)

    def note(self, user_id: str, event: Event) -> None:
        """Keep what a person said.

        Raises:
            StorageFailed: The disk refused.
        """
        if event.kind == "taught" and not any(one.suspended for one in self.of(user_id)):
            return
        self._change(user_id, lambda opinions: _after(opinions, event))

    def lift(self, user_id: str, meaning: Meaning) -> bool:
        """Drop what a person said of a meaning; returns whether there was anything."""
        there = self.find(user_id, meaning) is not None
        if there:
            self._change(user_id, lambda opinions: tuple(one for one in opinions if not one.meaning.covers(meaning)))
        return there

    def restore(self, user_id: str, opinions: tuple[Opinion, ...]) -> None:
        """Add what `replay` made to what is kept; of a meaning that is known, what is kept stays."""

        def change(held: tuple[Opinion, ...]) -> tuple[Opinion, ...]:
            known = {one.meaning for one in held}
            return (*held, *(one for one in opinions if one.meaning not in known))

        self._change(user_id, change)

    def is_lost(self) -> bool:
        """Tell whether there is no directory, or a file of it could not be read."""
        return not self.directory.is_dir() or self._lost.exists()

    def is_found(self) -> None:
        """Note that nothing is lost any more.

        Raises:
            StorageFailed: The disk refused.
        """
        with storage_errors(self.directory):
            self.directory.mkdir(parents=True, exist_ok=True)
            self._lost.unlink(missing_ok=True)

    def suspended(self) -> int:
        """Count the meanings that are suspended, over all people; files that cannot be read count none."""
        count = 0
        for path in self.directory.glob("*.json"):
            with suppress(OSError, msgspec.DecodeError):
                count += sum(one.suspended for one in _decode(path.read_bytes()))
        return count

    def forget(self, user_id: str) -> None:
        """Remove a user's file."""
        self._path(user_id).unlink(missing_ok=True)

    def _change(self, user_id: str, change: Callable[[tuple[Opinion, ...]], tuple[Opinion, ...]]) -> None:
        path = self._path(user_id)
        with locked(self.directory / ".lock"):
            opinions = change(Opinions(self.directory).of(user_id))  # as the disk has it now
            if not opinions:
                path.unlink(missing_ok=True)
                return
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_bytes(msgspec.json.encode(opinions))
            beside.replace(path)

    @property
    def _lost(self) -> Path:
        return self.directory / ".lost"

    def _path(self, user_id: str) -> Path:
        return self.directory / f"{user_key(user_id):016x}.json"


_decode = msgspec.json.Decoder(tuple[Opinion, ...]).decode


def _after(opinions: tuple[Opinion, ...], event: Event) -> tuple[Opinion, ...]:
    """Return the opinions after one more event; repairs count only against complaints."""
    kind, meaning, day = event
    if kind == "taught":
        return tuple(
            msgspec.structs.replace(one, taught=one.taught + 1)
            if one.suspended and one.meaning.covers(meaning)
            else one
            for one in opinions
        )
    known = next((one for one in opinions if one.meaning == meaning), Opinion(heard=meaning.heard, meant=meaning.meant))
    if kind == "yes":
        changed = msgspec.structs.replace(known, agreed=True, at=day)
    else:
        changed = msgspec.structs.replace(known, complaints=known.complaints + 1, agreed=False, taught=0, at=day)
    others = [one for one in opinions if one.meaning != meaning]
    if kind == "complaint":  # what was agreed to in other wordings no longer is
        others = [msgspec.structs.replace(one, agreed=False) if one.meaning.covers(meaning) else one for one in others]
    return (*others, changed)


def _is_lifted(event: Event, turn: Turn, lifts: Sequence[Override]) -> bool:
    return any(
        one.lifted is not None
        and turn.said_at <= datetime.fromisoformat(one.lifted)
        and Meaning(one.request, one.meant or "").covers(event.meaning)
        for one in lifts
    )


def _turns_that_tell(log: TurnLog) -> Iterator[Turn]:
    """Return all turns of the people with both an opinion and a rewritten turn."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from uptake.log.rows import from_table

    acted: set[str] = set()
    spoke: set[str] = set()
    snapshot = log.snapshot()
    names = ["user_id", "acted_on", "answer", "undone"]
    for table in chain((part.table(names) for part in snapshot.parts), (snapshot.fresh,)):
        judged = pc.or_(pc.is_valid(table["answer"]), pc.is_valid(table["undone"]))
        acted.update(_users(table, pc.is_valid(table["acted_on"])))
        spoke.update(_users(table, judged))
    wanted = pa.array(sorted(acted & spoke), type=pa.string())
    tables = chain((part.table() for part in snapshot.parts), (snapshot.fresh,))
    for table in tables if len(wanted) else ():
        yield from from_table(table.filter(pc.is_in(table["user_id"], value_set=wanted)))


def _users(table: pa.Table, rows: pa.ChunkedArray) -> Iterator[str]:
    import pyarrow.compute as pc

    yield from pc.unique(table["user_id"].filter(rows)).to_pylist()
