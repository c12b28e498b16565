"""Say in full what repeats or shifts what was just planned: "same again on friday", "another ten minutes before that".

What is repeated is the alarm, the reminder or the planned action of the last turn; "later" counts from its time.

Limit: English; one moment, of which the day or the time may be new.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_moment, say_time
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["moved_by", "planned_at", "repeated"]

_LEAD = (
    r"(?:(?:and|also|then|oh|plus|ok|okay|now|right|please|can you|could you|no|actually|sorry|wait|hang on|hm+|in fact"
    r"|on second thoughts?)\b,? *)*"
)
_SAME = (
    r"(?:(?:do |set |make |give me |i need |put )?(?:the )?(?:same(?: (?:thing|time|again|one|alarm"
    r"|reminder))?(?: again| too)?|again"
    r"|likewise|another(?: one| alarm| reminder)?|one more(?: time)?|one|once more|repeat (?:it|that)))"
)
_AGAIN = regex(
    rf"{_LEAD}{_SAME}(?:,| for| please)* (?P<when>[\w:' .-]+?)(?: too| as well| please)*[ .!]*", re.IGNORECASE
)
_NEXT = regex(
    r"(?:for |on )?(?:the )?(?:(?P<after>day after(?: that)?)|(?:next|following) (?:day|morning)(?: too)?)",
    re.IGNORECASE,
)
_WAY = (
    r"(?:later|earlier|sooner|before(?: (?:that|it|then))?|after(?: (?:that|it))?|from then|ahead(?: of (?:that|it))?)"
)
_MORE = regex(rf"{_LEAD}{_SAME}(?: (?:for|at))? (?P<length>[\w .-]+?) (?P<way>{_WAY})[ .!]*", re.IGNORECASE)
_SHIFT = (
    regex(
        rf"{_LEAD}(?:(?:make|move|push|put|set|have|bring|do|let's (?:do|say|make it)) (?:it|that|this"
        rf"|the reminder)?(?: to| for| by)? ?)?"
        rf"(?P<length>[\w .-]+?) (?P<way>{_WAY})(?: instead| actually| please| then)*[ .!]*",
        re.IGNORECASE,
    ),
    regex(
        rf"{_LEAD}(?:make|move|push|put|shift|bring|pull|nudge|bump|knock|slide) (?:it|that|this"
        rf"|the reminder) (?P<way>back|forward|out|up"
        rf"|on|ahead|later"
        r"|earlier)(?: by)? (?P<length>[\w .-]+?)(?: please| then)*[ .!]*",
        re.IGNORECASE,
    ),
)
_LONGER = regex(
    rf"{_LEAD}(?:(?:give|leave|let|keep) (?:it|that|them) (?:run |go |have |on )?(?:for )?)(?:(?:another |an extra )"
    r"(?P<length>[\w .-]+?)|(?P<longer>[\w .-]+?) (?:more|longer|extra))(?: please| then)*[ .!]*",
    re.IGNORECASE,
)
"""Some time more for what is planned: "give it ten minutes more"."""
_EARLIER = frozenset("earlier sooner before forward up ahead".split())
_KINDS = frozenset({"SetAlarm", "SetReminder", "ScheduleAction"})
_MORNING = time(9)
_NOUNS = frozenset("the a an my our your his her their dentist doctor meeting appointment".split())


def planned_at(last: Interpretation, now: datetime) -> tuple[datetime, str] | None:
    """Return the moment that an alarm, a reminder or a planned action is for, and what it is to do or to tell.

    None where it has no moment, or recurs.
    """
    slots = dict(last.slots)
    if last.intent not in _KINDS or slots.get("days"):
        return None
    if last.intent == "ScheduleAction":
        try:
            at = datetime.fromisoformat(slots.get("at", ""))
        except ValueError:
            return None  # a time in words
        return at.astimezone(now.tzinfo), slots.get("text", "")
    text = slots.get("text", "")
    said = " ".join(value for slot, value in last.slots if slot in ("date", "at"))
    spoken = read_moment(said, now) or read_moment(f"at {said}", now) if said else None
    if text and (spoken is None or spoken.clock is None):  # "call mum at 6", tomorrow
        spoken = read_moment(f"{text} {said}".strip(), now)
        text = spoken.rest.strip() if spoken is not None else text
    if spoken is None or spoken.weekdays:
        return None
    moment = spoken.moment(now, waking=last.intent == "SetAlarm", default=_MORNING).at
    return None if moment is None else (moment, text)


def moved_by(text: str, at: datetime) -> datetime | None:
    """Return the moment that is some time before or after another: "an hour later", "push it back ten minutes"."""
    said = text.strip(" .!?")
    for shape in _SHIFT:
        match = shape.fullmatch(said)
        length = duration(in_digits(match["length"])) if match is not None else None
        if match is not None and length is not None and length.total_seconds():
            return at - length if match["way"].lower().split()[0] in _EARLIER else at + length
    match = _LONGER.fullmatch(said)
    more = duration(in_digits(match["length"] or match["longer"])) if match is not None else None
    return at + more if more is not None and more.total_seconds() else None


def repeated(text: str, last: Interpretation, now: datetime) -> str | None:
    """Return the request that does what was last planned at another time, too; None where none is asked for.

    Args:
        text: The request.
        last: Reading of the last request.
        now: This moment, aware.
    """
    planned = planned_at(last, now)
    if planned is None:
        return None
    at, about = planned
    said = text.strip(" .!?")
    more = _MORE.fullmatch(said)
    length = duration(in_digits(more["length"])) if more is not None else None
    if more is not None and length is not None and length.total_seconds():
        early = more["way"].lower().split()[0] in _EARLIER
        return _request(last, about, say_moment(at - length if early else at + length, now))
    again = _AGAIN.fullmatch(said)
    return None if again is None else _at(again["when"].strip(), last, about, at, now)


def _at(when: str, last: Interpretation, about: str, at: datetime, now: datetime) -> str | None:
    """Return the request for the day or the time that is new, with the other as it was."""
    if _NEXT.fullmatch(when):
        return _request(last, about, say_moment(at + timedelta(days=1), now))
    spoken = read_moment(when, now) or read_moment(f"at {when}", now)
    if spoken is None or spoken.rest or spoken.problem is not None:
        return None
    if spoken.delay is not None:
        return _request(last, about, say_moment(now + spoken.delay, now))
    if spoken.clock is None and (spoken.day is not None or spoken.weekdays) and not spoken.part:
        return _request(last, about, f"{when} at {say_time(at)}")
    if spoken.clock is not None and spoken.day is None and not spoken.weekdays:
        spoken = replace(spoken, day=at.date())
        moment = spoken.moment(now, waking=at.hour < 12).at
        return None if moment is None else _request(last, about, say_moment(moment, now))
    return _request(last, about, when)


def _request(last: Interpretation, text: str, moment: str) -> str | None:
    if last.intent == "SetAlarm":
        return f"set an alarm for {moment.removeprefix('on ')}"
    if last.intent == "ScheduleAction":
        return f"{text} {moment}" if text else None
    joint = "about" if not text or text.split(maxsplit=1)[0] in _NOUNS else "to"
    return f"remind me {moment} {joint} {text}" if text else None
