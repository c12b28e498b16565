"""Read a request to put one thing in the place of another: "move my alarm to 8", "swap the flour for sugar".

The alarm at the new time is set before the old one is deleted, in one turn: a moved alarm is never lost in between.

Limit: English.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.clauses.words import without_courtesy
from uptake.assistant.incoming import Incoming
from uptake.assistant.memory import Memory
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_days, say_list, say_moment, say_time
from uptake.assistant.skills.lists.lists import list_with
from uptake.assistant.skills.time.alarms import Alarm, alarms_of, say_alarm
from uptake.types import Interpretation

__all__ = ["moved_alarm", "swapped_item"]

_MOVES = re.compile(
    r"(?P<verb>move|change|push|shift|bring|reschedule|adjust|update|delay|postpone|put|make|have)"
    r"(?P<front> (?:back|forward|up|out))? (?:the |my |that |tomorrow's |our )*(?:(?P<which>[\w:. ']+?) )?alarm"
    r"(?: (?:for|at|set for|from) (?P<when>[\w:. ']+?))?(?P<way> (?:back|forward|up|out|on|ahead|later|earlier))?"
    r"(?: to (?P<to>[\w:. ']+)|(?: by)? (?P<length>[\w:. ']+?)(?P<behind> (?:later|earlier|back|forward))?)[ .!]*$",
    re.IGNORECASE,
)
_ONE_DAY = re.compile(
    r"\b(?:tomorrow(?:'s| morning)?|just (?:for )?(?:once|tomorrow|today)|this once|today)\b", re.IGNORECASE
)
_SWAPS = re.compile(
    r"(?:swap|replace|exchange|change|switch) (?:the |my |our )?(?P<old>[\w' -]+?)(?: on (?:the|my|our) (?:\w+ )?list)?"
    r" (?:for|with|by|to) (?:the |some )?(?P<new>[\w' -]+?)(?: on (?:the|my|our) (?:\w+ )?list)?[ .!]*",
    re.IGNORECASE,
)
_EARLIER = frozenset("forward up ahead earlier".split())
_LATER = frozenset("back out on later delay postpone push".split())
_HALF_DAY = re.compile(
    r"\b(?:[ap]\.?m\.?|morning|afternoon|evening|night|noon|midnight|(?<![:.])(?:1[3-9]|2[0-3]))\b", re.IGNORECASE
)
_SAID_ALONE = frozenset({"", "next", "morning", "wake up", "wake-up", "only"})


def moved_alarm(text: str, turn: Incoming, memory: Memory) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings that move an alarm, what to say where it is unclear which, None where none is to be moved."""
    match = _MOVES.match(without_courtesy(text).removesuffix(" please"))
    if match is None:
        return None
    alarms = alarms_of(memory, turn.request.user_id, turn.now)
    said = (match["when"] or match["which"] or "").strip().lower()
    chosen = alarms if said in _SAID_ALONE else [each for each in alarms if _is_called(each, said, turn.now)]
    return _move(chosen[0], match, turn.now) if len(chosen) == 1 else _unclear(alarms, turn.now)


def _unclear(alarms: list[Alarm], now: datetime) -> DirectAnswer:
    if not alarms:
        return DirectAnswer(speech="You have no alarms.", reason="no alarm to move")
    times = say_list([say_moment(each.at, now) for each in alarms], "or")
    said = f"Which alarm, and to what time? You have {times}. I have changed nothing."
    return DirectAnswer(speech=said, reason="unclear which alarm", status="failed")


def _move(alarm: Alarm, match: re.Match[str], now: datetime) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings that set an alarm anew and delete it; None where the new time cannot be told."""
    new = _new_time(match, alarm, now)
    is_for_once = new is not None and bool(alarm.days) and _ONE_DAY.search(match[0]) is not None
    days = () if is_for_once else _days(match, now) or alarm.days
    if new is not None and new == alarm.at and days == alarm.days:
        return DirectAnswer(
            speech=f"It is set for {say_moment(new, now)} already.", reason="no other time", status="ok"
        )
    at = "" if new is None else f"{say_days(days)} at {say_time(new)}" if days else say_moment(new, now)
    read = read_moment(at, now)
    if read is None or read.moment(now, waking=True).at is None:
        return None
    readings = (
        Interpretation(intent="SetAlarm", slots=(("at", at),)),
        Interpretation(
            intent="DeleteAlarm", slots=(("at", say_moment(alarm.at, now) if is_for_once else say_alarm(alarm, now)),)
        ),
    )
    return readings[::-1] if new == alarm.at else readings  # two alarms of one time could not be told apart


def swapped_item(text: str, memory: Memory) -> tuple[Interpretation, ...] | None:
    """Return the readings that put another item in the place of one that is on a list; None where none is there."""
    match = _SWAPS.fullmatch(without_courtesy(text).removesuffix(" please"))
    name = list_with(memory, match["old"]) if match is not None else None
    if match is None or name is None:
        return None
    return (
        Interpretation(intent="HassListRemoveItem", slots=(("item", match["old"]), ("name", f"{name} list"))),
        Interpretation(intent="HassListAddItem", slots=(("item", match["new"]), ("name", f"{name} list"))),
    )


def _is_called(alarm: Alarm, said: str, now: datetime) -> bool:
    """Tell whether an alarm is the one that was named by its time."""
    spoken = read_moment(said, now) or read_moment(f"at {said}", now)
    if spoken is None or spoken.clock is None:
        return False
    named, rings = spoken.clock, alarm.at
    is_half = spoken.half_day not in ("am", "pm") or (spoken.half_day == "am") == (rings.hour < 12)
    return (named.hour % 12, named.minute) == (rings.hour % 12, rings.minute) and is_half


def _days(match: re.Match[str], now: datetime) -> tuple[int, ...]:
    """Return the days of the week that the alarm is to ring on from now on; () where none are said."""
    spoken = read_moment(match["to"], now) if match["to"] is not None else None
    return tuple(spoken.weekdays) if spoken is not None else ()


def _new_time(match: re.Match[str], alarm: Alarm, now: datetime) -> datetime | None:
    """Return when the alarm is to ring; None where no time was said."""
    if match["to"] is not None:
        half = "" if _HALF_DAY.search(match["to"]) else (" am" if alarm.at.hour < 12 else " pm")
        spoken = read_moment(f"at {match['to'].strip()}{half}", now) or read_moment(f"at {match['to'].strip()}", now)
        moment = spoken.moment(now, waking=True).at if spoken is not None and spoken.clock is not None else None
        if spoken is None or moment is None:
            return None
        return moment if spoken.day else alarm.at.replace(hour=moment.hour, minute=moment.minute)
    said = {(match[name] or "").strip().lower() for name in ("verb", "front", "way", "behind")}
    length = duration(in_digits(match["length"] or ""))
    earlier = bool(said & _EARLIER)
    if length is None or not timedelta() < length < timedelta(hours=12) or not (earlier or said & _LATER):
        return None
    new = alarm.at - length if earlier else alarm.at + length
    return new if new > now else None
