"""Store turns from many callers with one writer, and acknowledge each turn once it is durable.

    store(turns) ──► queue ──► one append for all that wait ──► acknowledged
                                   └──► complaints take effect at once, sessions become visible to the next request

Turns that arrive while the disk is busy are written together, so that one flush serves all of them.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from uptake.apps.http.logs import log_error
from uptake.errors import RequestRefused, UptakeError
from uptake.rewriting.opinions import Opinions, event_of
from uptake.rewriting.retrieval.history import FreshHistory
from uptake.text.lexicon import is_control
from uptake.text.normalize import normalize
from uptake.types import Turn

if TYPE_CHECKING:
    from uptake.log.store import TurnLog

__all__ = ["Intake", "amended", "find_turn"]

_WAITING = 10_000
_TOGETHER = 5_000
_PEOPLE = 10_000
_TURNS = 8

_Waiting = tuple[Sequence[Turn], "Future[None]"]


class Intake:
    """Writer of turns. Safe to use from many threads; one thread writes the log.

    Args:
        log: The log to write to.
        opinions: Store of complaints about rewrites.
        shelves: User histories in which the next request finds the latest turns; None for none.
    """

    def __init__(self, log: TurnLog, *, opinions: Opinions, shelves: FreshHistory | None = None) -> None:
        self._log, self._opinions, self._shelves = log, opinions, shelves
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(_WAITING)
        self._recent: OrderedDict[str, list[Turn]] = OrderedDict()
        self._lock = threading.Lock()
        self._writer = threading.Thread(target=self._write, name="intake", daemon=True)
        self._writer.start()

    def store(self, turns: Sequence[Turn]) -> None:
        """Store turns, all or none; they are durable when this returns.

        Raises:
            StorageFailed: The disk refused; nothing of them is stored.
            RequestRefused: Too many wait already.
        """
        if not turns:
            return
        done: Future[None] = Future()
        try:
            self._queue.put_nowait((turns, done))
        except queue.Full:
            raise RequestRefused(
                "too many turns wait for the disk; send them again",
                status=503,
                name="busy",
                headers=(("retry-after", "1"),),
            ) from None
        done.result()

    def recent(self, turn_id: str) -> Turn | None:
        """Return a turn that came lately; None where it is not held any more."""
        with self._lock:
            return next((turn for held in self._recent.values() for turn in held if turn.turn_id == turn_id), None)

    def forget(self, user_id: str) -> None:
        """Drop what is held of a person."""
        with self._lock:
            self._recent.pop(user_id, None)

    def close(self) -> None:
        """Store what waits, then end."""
        self._queue.put(None)
        self._writer.join()

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ends = [first], False
            while len(batch) < _TOGETHER and not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    ends = True
                    break
                batch.append(more)
            self._commit(batch)
            if ends:
                return

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        """Store a batch; where it is refused as a whole, each sender's turns alone."""
        try:
            self._log.append([turn for turns, _ in batch for turn in turns])
        except UptakeError as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:
                self._commit([one])
            return
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the writer must live
            for _, done in batch:
                done.set_exception(error)
            return
        for turns, done in batch:
            try:
                self._take_in(turns)
            except Exception as error:  # noqa: BLE001 - the turns are durable, and the writer must live
                log_error(error, route="intake")
            done.set_result(None)

    def _take_in(self, turns: Sequence[Turn]) -> None:
        """Heed what turns say of what was learned, and put their sessions where the next request finds them."""
        sessions: dict[tuple[str, str], None] = {}
        for turn in turns:
            before = self._hold(turn)
            self._heed(turn, before)
            if turn.session_id is not None:
                sessions[turn.user_id, turn.session_id] = None
        if self._shelves is None or len(turns) > _TURNS:  # a batch is history: learning will read it
            return
        from uptake.rewriting.retrieval.fresh import add_to_history

        for user_id, session_id in sessions:
            with self._lock:
                said = [one for one in self._recent.get(user_id, ()) if one.session_id == session_id]
            add_to_history(self._shelves, said, session_id=session_id)

    def _hold(self, turn: Turn) -> Turn | None:
        """Hold a turn for a while; returns the record of it that was held before."""
        with self._lock:
            held = self._recent.pop(turn.user_id, [])
            before = next((one for one in held if one.turn_id == turn.turn_id), None)
            kept = [one for one in held if one.turn_id != turn.turn_id]
            self._recent[turn.user_id] = sorted([*kept, turn], key=lambda one: (one.said_at, one.turn_id))[-_TURNS:]
            if len(self._recent) > _PEOPLE:
                self._recent.popitem(last=False)
            return before

    def _heed(self, turn: Turn, before: Turn | None) -> None:
        previous = self._previous(turn)
        event = event_of(turn, previous)
        if event is not None and (before is None or event != event_of(before, previous)):
            self._opinions.note(turn.user_id, event)

    def _previous(self, turn: Turn) -> Turn | None:
        with self._lock:
            held = list(self._recent.get(turn.user_id, ()))
        earlier = (one for one in reversed(held) if (one.said_at, one.turn_id) < (turn.said_at, turn.turn_id))
        return next((one for one in earlier if not is_control(normalize(one.request))), None)


def find_turn(log: TurnLog, turn_id: str) -> Turn | None:
    """Find a turn of the log, the latest parts first; None where it has none of that name."""
    import pyarrow.compute as pc

    from uptake.log.rows import from_table

    if not log.exists():
        return None
    snapshot = log.snapshot()
    for table in (snapshot.fresh, *(part.table() for part in reversed(snapshot.parts))):
        found = table.filter(pc.equal(table["turn_id"], turn_id))
        if found.num_rows:
            return next(iter(from_table(found)))
    return None


def amended(turn: Turn, known: dict[str, Any]) -> Turn | None:
    """Return a turn with what became known later; what is known already stays. None where nothing is new."""
    new = {name: value for name, value in known.items() if value is not None and getattr(turn, name) is None}
    return replace(turn, **new) if new else None
