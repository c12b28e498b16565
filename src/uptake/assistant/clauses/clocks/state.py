"""State that a request about timers and alarms is read in: which run, which have just rung, what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from uptake.assistant.entities.household import Household
from uptake.assistant.entities.matching import singular
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.saying import say_duration
from uptake.assistant.skills import personal
from uptake.assistant.skills.personal import Record
from uptake.assistant.skills.time.alarms import Alarm, alarms_of, is_alarm_ringing
from uptake.assistant.skills.time.reminders import Reminder, reminders_of
from uptake.assistant.skills.time.scheduled import planned_texts
from uptake.assistant.skills.time.timer_choice import every_timer, left, rung_timers
from uptake.same import Same
from uptake.types import Interpretation

__all__ = ["Clocks", "chosen", "clocks_at", "name_of", "named"]

_TIMERS = frozenset(
    "HassStartTimer HassTimerStatus HassCancelTimer HassPauseTimer HassUnpauseTimer HassIncreaseTimer "
    "HassDecreaseTimer".split()
)
_JUST = timedelta(minutes=2)
_LATELY = timedelta(minutes=10)
_LATEST = frozenset("last latest newest most recent".split())
_SOONEST = frozenset("next shortest shorter soonest smaller nearest closest".split())
_ALL = frozenset({"both", "all", "every", "each", "the lot", "everything"})
_PLACES = {"first": 0, "oldest": 0, "second": 1, "third": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Timers and alarms at one moment."""

    now: datetime
    """This moment, aware."""
    household: Household
    """Names of the home."""
    timers: tuple[Record, ...] = ()
    """Timers that run or are paused, the oldest first."""
    rung: tuple[Record, ...] = ()
    """Timers that have ended lately, the newest first."""
    alarms: tuple[Alarm, ...] = ()
    """Alarms of this person, the next one first."""
    reminders: tuple[Reminder, ...] = ()
    """Reminders of this person, in the order in which they were set."""
    alarm_rings: bool = False
    """Whether an alarm of this person rings."""
    plans: tuple[str, ...] = ()
    """What is planned for this person, without its times."""
    last: Interpretation | None = None
    """Reading of the last request that was acted on."""

    @property
    def is_about_timers(self) -> bool:
        """Whether the last request was about a timer."""
        return self.last is not None and self.last.intent in _TIMERS

    @property
    def has_just_rung(self) -> bool:
        """Whether the last thing that was heard is a timer that ended."""
        return bool(self.rung) and _ago(self.rung[0], self.now) <= _JUST


def clocks_at(turn: Incoming, memory: Memory, household: Household) -> Clocks:
    """Return the timers and alarms at the moment of a turn."""
    if memory.written is None:
        return _clocks(Same(turn), Same(memory), Same(household), None)
    return _kept(Same(turn), Same(memory), Same(household), memory.written)


def _clocks(now: Same[Incoming], held: Same[Memory], home: Same[Household], _written: int | None) -> Clocks:
    turn, memory = now.it, held.it
    last = turn.conversation.last
    said_at = turn.conversation.updated_at
    ended = [
        each
        for each in rung_timers(memory)
        if _ago(each, turn.now) <= _LATELY
        and (said_at is None or personal.seconds_until(each["ends_at"], said_at) >= 0)
    ]
    return Clocks(
        now=turn.now,
        household=home.it,
        timers=tuple(record for _, record in every_timer(memory)),
        rung=tuple(reversed(ended)),
        alarms=tuple(alarms_of(memory, turn.request.user_id, turn.now)),
        reminders=reminders_of(memory, turn.request.user_id, turn.now),
        alarm_rings=is_alarm_ringing(memory, turn.request.user_id, turn.now),
        plans=planned_texts(memory, turn.request.user_id),
        last=last.interpretation if last is not None else None,
    )


_kept = lru_cache(maxsize=2)(_clocks)  # a turn asks for them several times


def _ago(timer: Record, now: datetime) -> timedelta:
    return timedelta(seconds=-personal.seconds_until(timer["ends_at"], now))


def name_of(timer: Record) -> str:
    """Return what a reading calls a timer."""
    return str(timer["name"] or say_duration(timedelta(seconds=timer["length_s"])))


def named(words: Sequence[str], timers: Sequence[Record]) -> list[Record]:
    """Return the timers whose name has all of some words, singular or plural.

    >>> named(["eggs"], [{"name": "egg", "length_s": 60.0}, {"name": "rice", "length_s": 60.0}])[0]["name"]
    'egg'
    """
    wanted = {singular(word.removesuffix("'s")) for word in words}
    exact = [each for each in timers if wanted == _stems(each)]
    return exact or [each for each in timers if wanted and wanted <= _stems(each)]


def _stems(timer: Record) -> set[str]:
    return {singular(word) for word in str(timer["name"] or "").casefold().split()}


def chosen(which: str, clocks: Clocks) -> list[Record]:
    """Return the timers that a word such as "other", "longest" or "both" picks out of those that run."""
    word, timers = which.split(" of", 1)[0], list(clocks.timers)
    if word in _ALL or not timers:
        return timers
    if word in ("other", "either"):
        said = dict(clocks.last.slots).get("name", "") if clocks.last is not None else ""
        before = named(said.casefold().replace("timer", "").split(), timers) or timers[-1:]
        others = [each for each in timers if each is not before[0]]
        return timers if len(timers) == 1 else others
    if word in _LATEST or word == "most recent":
        return timers[-1:]
    if word in _PLACES:
        return timers[_PLACES[word] : _PLACES[word] + 1]
    best = min if word in _SOONEST else max
    return [best(timers, key=lambda each: left(each, clocks.now))]
