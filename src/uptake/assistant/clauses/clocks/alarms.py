"""Read when somebody wants to be woken, however that is said: "I need waking at ten to five", "up by seven tomorrow".

What stands beside the words for waking must be times, and nothing else. Without am or pm, a time to be woken at is one
of the morning, unless it is a nap: a time within the next hours.

Limit: English; a name for an alarm is left to the templates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import clause_kind
from uptake.assistant.phrases.durations import DURATION
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_days, say_duration, say_moment, say_time
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_alarms"]

_US = r"(?:me|us|him|her|them|everyone|the (?:kids|children|boys|girls))"
_WAKES = regex(
    rf"\b(?:wak(?:e|en|ing)(?: {_US})?(?: up)?|be woken(?: up)?|woken(?: up)?|rous(?:e|ed)(?: {_US})?|wake[- ]?up call"
    rf"|(?:get|have|getting|need|want|got to|must|should|gotta|has to|have to|getting)(?: {_US})?"
    r"(?: (?:to )?be| to get)? (?:up|awake|out of bed)|(?:i'm|i am|we're|we are|that i'm) (?:up|awake"
    r"|out of bed)(?= (?:by|for|at|before)\b)"
    r"|(?:don't|do not|never) let (?:me|us) (?:sleep|lie|stay)(?: in(?: bed)?)? (?:past|beyond|later than|after"
    r"|longer than)"
    r"|^up(?= (?:at|by|for|before)\b)"
    r"|(?:let me |let us |want to |i'll |gonna )?(?:sleep|lie|doze|nap|stay in bed)(?: in)? (?=till|until|til))"
)
_ALARM = regex(r"\b(?:alarms?(?: clock)?)\b")
_ONE_MORE = regex(
    r"^(?:and |also |then |oh |ok(?:ay)?,? |please )*(?:can you |could you )?(?:set |add |make |do |give me )?"
    r"(?:(?:me )?(?:1|one|another)(?: (?:1|one|more))?|also) (?=(?:for|at|on) )"
)
"""Words for one alarm more, after an alarm was set: "set one for nine on Saturday, too"."""
_NAP = regex(r"\b(?:nap|doze|kip|forty winks|40 winks|lie down|power nap|snooze|siesta|shut ?eye)\b")
_FILL = regex(
    r"\b(?:set|sort|stick|put|pop|give|need|want|like|love|make|sure|can|could|would|will|you|please|an?|the|my|our|another|new"
    r"|for|at|on|by|to|up|get|have|me|us|i'm|i'd|i'll|i|we'd|we|be|usual|as|also|and|too|1|one|ones|only|just|call|from|of"
    r"|let|till|until|til|repeat(?:ing|ed)?|recurring|then|so|ok|okay|right|thanks|cheers|ta|in|time|go|off|that|it|it's"
    r"|about|around|sharp|exactly|gonna|got|must|should|going|tonight's|tomorrow's|every|same|before|please"
    r"|early|first thing"
    r"|hey|alright|turn|switch|create|schedule|add|start|two|three|2(?= alarms)|3(?= alarms)|each|both"
    r"|no later than|latest"
    r"|tomorrow|kids|children|sorted|ready|again|don't forget)\b"
)
_SPLIT = regex(r",| and (?!a (?:half|quarter))| plus | then | so | & |[.!;] ")
_PAST = regex(r"(?:(?:at|for|another|one|1|by|the|alarm)\b ?)*(?P<part>half|(?:a )?quarter|5|10|20|25) past")
_BARE_HOUR = regex(
    rf"\b(?:for|at|by)? ?(?=\d{{1,2}}(?:[ :.]\d\d)?(?: ?[ap]m)?(?:$|,| (?:on|every|tomorrow|this|next|in"
    rf"|weekdays|weekends|mon|tue|wed|thu|fri|sat|sun)))(?!{DURATION})"
)
_FOR = regex(rf"\b(?:for|alarms?|up|be) (?:at )?(?=\d)(?!{DURATION})(?!\d+ (?:past|to)\b)")
_COUNT = regex(r"\b\d+ (?=(?:separate |different )?alarms\b)")
_BARE_END = regex(r"\bin (?P<n>\d{1,3})(?=$|[,.!]| please| will you| would you)")
_NOT = regex(r"\b(?:not|no(?! lie)|never|don't|cancel|change|move|except|unless|if|when|until|till)\b|n't\b")
_WHY = regex(
    r"(?P<why>(?:we|i)(?:'ve|'re|'m|'ll)? (?!don't|do not|never|want\b|would\b|need (?:an|the"
    r"|my) ).+?),? so,? (?P<rest>.+)"
)
_LATER = regex(r"\b(?:later|earlier|sooner|more|longer|less|back|forward|since)\b")
_NAP_H, _NAPS_END, _NOON, _FIRST_AM, _NIGHT_ENDS = timedelta(hours=3), 18, 12, 3, 4


def read_alarms(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the readings that set alarms; None where a request asks for none, or says more than times."""
    said = _BARE_END.sub(r"in \g<n> minutes", _COUNT.sub("", in_digits(text)))
    more = _ONE_MORE.match(said) if clocks.last is not None and clocks.last.intent == "SetAlarm" else None
    if more is not None:
        said = f"alarm {said[more.end() :]}"
    wakes = _WAKES.search(said) is not None
    if not wakes and _ALARM.search(said) is None:
        return None
    why = _WHY.match(said)
    if why is not None and not (_WAKES.search(why["why"]) or find_mentions(why["why"], clocks.household)):
        said = why["rest"]  # "we need to leave at six so get me up at five"
    before = _set_before(clocks) if more is not None else None
    spoken = _times(said, clocks.now, () if before is None else (before,))
    if not spoken:
        return None
    spoken = _one_after_another(spoken, clocks.now, before)
    waking = wakes and not _NAP.search(said)
    readings = [_reading(each, clocks.now, waking=waking) for each in spoken]
    return tuple(each for each in readings if each is not None) if all(readings) else None


def _set_before(clocks: Clocks) -> Spoken | None:
    """Return the time of the alarm that was set last."""
    said = dict(clocks.last.slots).get("at", "") if clocks.last is not None else ""
    return read_moment(said, clocks.now) if said else None


def _one_after_another(spoken: Sequence[Spoken], now: datetime, before: Spoken | None) -> list[Spoken]:
    """Return times of which each that names no half of a day comes after the one before: "at 6, 6:15 and 6:30"."""
    at = before.moment(now, waking=True).at if before is not None else None
    found = []
    for each in spoken:
        one = each
        plain = each.clock is not None and each.half_day is None and each.day is None and each.part is None
        if at is not None and plain and not each.weekdays and each.clock is not None:
            hour, minute, next_day = each.clock.hour % 12, each.clock.minute, at.date() + timedelta(days=1)
            clocks, days = (time(hour, minute), time(hour + 12, minute)), (at.date(), next_day)
            choices = [datetime.combine(day, clock, at.tzinfo) for day in days for clock in clocks]
            following = min(choice for choice in choices if choice > at)
            one = replace(each, day=following.date(), clock=following.time(), half_day="exact")
        found.append(one)
        at = one.moment(now, waking=True).at or at
    return found


def _times(said: str, now: datetime, before: Sequence[Spoken] = ()) -> list[Spoken]:
    """Return the times that are said, each with its day; empty where anything else is said."""
    if _LATER.search(said):
        return []
    whole = _time(said, now)
    if whole is not None and not whole.rest and (whole.clock is not None or whole.delay is not None):
        return [whole]
    found: list[Spoken] = []
    days: Spoken | None = None
    for clause in filter(None, map(str.strip, _SPLIT.split(said))):
        one = _relative(clause, found or before) or _time(clause, now)
        if one is None or (one.rest and one.clock is None):
            if _rest(clause) and not _tells(clause, said):
                return []
            days = days or one
            continue
        if one.rest and _tells(clause, said):
            continue  # "we need to leave at six so get me up at five"
        if one.rest or one.problem is not None:
            return []
        if one.clock is not None:
            found.append(one)
        elif one.delay is not None:
            return [one]
        else:
            days = one if days is None else days
    return _with_days(found, days)


def _tells(clause: str, said: str) -> bool:
    """Tell whether a clause in front of the words for waking asks for nothing: "early flight, get us up at four"."""
    if _WAKES.search(clause) or _ALARM.search(clause) or _NOT.search(clause):
        return False
    kind = clause_kind(clause)
    return (
        _NAP.search(clause) is not None
        or kind in ("remark", "courtesy")
        or (kind == "words" and said.strip().startswith(clause))
    )


def _with_days(found: list[Spoken], days: Spoken | None) -> list[Spoken]:
    """Return times that each have the day, or the part of the day, that is said of one of them."""
    dated = next((each for each in [*found, *([days] if days else [])] if each.day is not None or each.weekdays), None)
    part = next((each for each in [*([days] if days else []), *found] if each.part), None)
    whole = []
    for each in found:
        one = each
        if dated is not None and each.day is None and not each.weekdays:
            one = replace(one, day=dated.day, weekdays=dated.weekdays)
        if part is not None and one.half_day is None and part is days:
            one = replace(one, half_day="am" if part.part == "morning" else "pm")
        whole.append(one)
    return whole


def _time(clause: str, now: datetime) -> Spoken | None:
    """Read the time of a clause; its rest is what is neither a time nor a word for waking."""
    plain = _FOR.sub("at ", _ALARM.sub("alarm", _WAKES.sub(" ", clause.replace("tomorrow's", "tomorrow"))))
    spoken = read_moment(plain, now)
    if spoken is None:
        return None
    rest = _rest(spoken.rest)
    if spoken.clock is None and spoken.delay is None and rest:
        hour = re.fullmatch(r"(?P<hour>\d{1,2})(?: (?P<minute>[0-5]\d))?", rest)
        again = read_moment(f"at {rest}", now) if hour is not None else None
        if again is not None and again.clock is not None:
            return replace(spoken, clock=again.clock, half_day=again.half_day or spoken.half_day, rest="")
    return replace(spoken, rest=rest)


def _rest(words: str) -> str:
    return " ".join(_FILL.sub(" ", _ALARM.sub(" ", _WAKES.sub(" ", words))).strip(" ,.?!-").split()).strip(" ,.?!-'")


def _relative(clause: str, found: Sequence[Spoken]) -> Spoken | None:
    """Read "another at quarter past" of the hour that was said before."""
    match = _PAST.fullmatch(clause.strip(" .!?"))
    if match is None or not found or found[-1].clock is None:
        return None
    part = match["part"]
    minute = 30 if part == "half" else 15 if "quarter" in part else int(part)
    return replace(found[-1], clock=time(found[-1].clock.hour, minute), rest="")


def _reading(spoken: Spoken, now: datetime, *, waking: bool) -> Interpretation | None:
    """Return the reading that sets an alarm for one time."""
    moment = spoken.moment(now, waking=True)
    if moment.at is None:
        return None
    at = moment.at
    if waking and not moment.dated and spoken.half_day is None and spoken.clock is not None:
        at = _in_the_morning(spoken.clock, at, now)
    if spoken.weekdays:
        said = f"{say_days(spoken.weekdays)} at {say_time(at)}"
    elif spoken.delay is not None:
        return Interpretation(intent="SetAlarm", slots=(("at", f"in {say_duration(spoken.delay)}"),))
    else:
        said = say_moment(at, now)
    read = read_moment(said, now)
    if read is None or read.moment(now, waking=True).at != at:
        return None
    return Interpretation(intent="SetAlarm", slots=(("at", said),))


def _in_the_morning(clock: time, at: datetime, now: datetime) -> datetime:
    """Return when somebody wants to wake at a time of neither half of the day: no nap is as long as half a day."""
    hour = clock.hour % 12
    is_nap = at - now <= _NAP_H and now.hour < _NAPS_END
    if at.hour < _NOON or is_nap or hour < _FIRST_AM or now.hour < _NIGHT_ENDS:
        return at
    day = at.date() + timedelta(days=1) if at.date() == now.date() else at.date()
    return at.replace(year=day.year, month=day.month, day=day.day, hour=hour)
