"""Read a reminder whose parts stand in another order: "PE kit, don't let me forget, nudge me about it at nine".

What is to be done is told before, and the words for reminding say when; or it follows on the time without a joint.
"Half an hour before" counts from the time that is told with what is to be done.

Limit: English; one reminder, or two that each have their own time.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.words import QUESTION, without_courtesy
from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.moments import Spoken, read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_days, say_moment, say_time
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_reminders"]

_CUE = (
    r"(?:(?:please |kindly |can you |could you |would you |will you |just )*(?:remind|nudge|prompt|ping|poke|bug"
    r"|nag|prod|tell|text) (?:me|us)"
    r"(?: again)?|(?:please |can you |could you )*(?:give|send) (?:me|us) a (?:nudge|reminder|prod|poke|shout"
    r"|heads[ -]up)|(?:please )?(?:don't|do not|never)"
    r" let (?:me|us) forget|(?:please )?jog my memory|(?:set|put|pop|stick|make|add|create)(?: me)?(?: in"
    r"| on)? a reminder(?: on| in| for me)?"
    r"|(?:i|we) (?:mustn't|must not|can't|cannot|shouldn't) forget|make sure (?:i|we) (?:don't forget|remember))"
)
_FIRST = regex(rf"(?P<cue>{_CUE})\b(?P<rest>.*)", re.IGNORECASE)
_LATER = regex(rf"(?P<what>\S.*?)(?:[,;.!:-]+|\band\b|\bso\b| -)+\s*(?P<cue>{_CUE})\b(?P<rest>.*)", re.IGNORECASE)
_AMID = regex(rf"(?P<when>\S.*?),? (?P<cue>{_CUE})\b(?P<rest> .+)", re.IGNORECASE)
_POINTS = regex(
    r"^(?: (?:about|of|to do|on) (?:it|that|this|them)| to| it| that)?(?=$|[ ,.!])[ ,]*|[ ,]*(?: (?:about"
    r"|of) (?:it|that|this|them))[ .!]*$",
    re.IGNORECASE,
)
_TWO = regex(
    rf"{_CUE} (?:to|about|of) (?P<what>.+?) at (?P<first>[\w:. ]+?),? and(?: again"
    rf"| then)? (?P<second>(?:at )?[\w:. ]+)",
    re.IGNORECASE,
)
_TWO_DUTIES = regex(
    rf"(?P<cue>{_CUE}) (?P<one>(?:in|at) (?:(?!\band\b).)+? to .+?),? and (?:then |also )?(?:{_CUE} )?"
    r"(?P<two>(?:in|at) (?:(?!\band\b).)+? to .+)",
    re.IGNORECASE,
)
"""Two things to be remembered, each with its own time in front."""
_HAVE_TO = regex(
    r"^(?:(?:so|right|ok|okay|oh|and|um|er|hey|look|listen|also)\b,? )*(?:(?:i|we)(?:'ve|'ll| will)?(?: have"
    r"| need| must| got| ought| should| really|'ve)*"
    r"(?: got)?(?: to| need to|) |(?:i|we)(?:'m| am|'re| are) (?:supposed|meant|going|due) to |(?:gotta|need to"
    r"|have to|must|got to) |there's |it's )",
    re.IGNORECASE,
)
_MUST = regex(r"\b(?:to|must|should|need|gotta|ought|due|there's|it's)\b", re.IGNORECASE)
_BEFORE = regex(
    rf"^(?:about |around )?(?P<length>{DURATION}) (?:before(?:hand| that| it| then)?|earlier|ahead|early"
    rf"|prior)(?: please)?$"
)
_MORNING_H, _EVENING_H = 9, 20
_EVE = regex(r"(?:on )?(?:the )?(?P<unit>day|night|evening|week) before(?:hand| that| it)?", re.IGNORECASE)
_BARE_END = regex(r"\bin (?P<n>\d{1,3})(?: please)?$")
_ASKS = regex(
    r"(?:what (?:have|did) i ask(?:ed)? you to remind me(?: about| of)?|when(?:'s| is| was| will)? (?:that|the"
    r"|my|you(?:r)?|it)(?: next)? (?:remind(?:er|ing)?)(?: me)?(?: for| set for| due"
    r"| going off| go off)?|what(?:'s| is| was) (?:that|the|my)(?: next)? reminder(?: for| about)?|(?:have i"
    r"|do i have|did i)(?: got| set)?"
    r" (?:a|any|my|that) reminders?(?: set| on| for (?:today|tonight|tomorrow))?|what am i (?:being reminded"
    r"|supposed to remember|meant to remember)"
    r"(?: about| of)?|what(?:'s| is) (?:coming up|there) to remember)[ .?!]*",
    re.IGNORECASE,
)
_PAST = regex(r"(?:at )?(?P<part>half|(?:a )?quarter|5|10|20|25) (?P<side>past|to)")
_OPEN_END = regex(r"\b(?:to|past)$")
_JOINTS = frozenset({"to", "about", "that", "of"})
_LOOSE = frozenset("to the a an and at in on for by of my our that about".split())
"""Words that a time does not end with."""
_TELLS = regex(r"\b(?:tell|text)\b", re.IGNORECASE)


def read_reminders(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the reading of a reminder that no template has the order of; None where a request is none."""
    said = text.strip(" .!?")
    if _ASKS.fullmatch(without_courtesy(said)):
        return (Interpretation(intent="GetReminders"),)
    twice = _twice(said, clocks.now) or _two(said, clocks)
    if twice is not None:
        return twice
    found = _behind(said, clocks.now) or _before(said, clocks.now) or _timed_first(said, clocks.now)
    if found is None:
        return None
    what, when = found
    return (Interpretation(intent="SetReminder", slots=(("text", what), ("at", when))),)


def _twice(said: str, now: datetime) -> tuple[Interpretation, ...] | None:
    """Read one thing to be remembered at two times: "take the tablets at eight in the morning and eight at night"."""
    match = _TWO.fullmatch(without_courtesy(said))
    if match is None:
        return None
    times = [f"at {match['first']}", f"at {match['second'].removeprefix('at ')}"]
    spoken = [_alone(time, now) for time in times]
    day, first = _alone(match["second"], now), spoken[0]
    if (
        first is not None and first.clock and day is not None and day.day and not day.clock
    ):  # "seven tonight and tomorrow"
        times[1] = f"{match['second']} at {say_time(first.moment(now).at or now)}"
        spoken[1] = _alone(times[1], now)
    if not all(each is not None and each.clock is not None for each in spoken):
        return None
    if match["first"].split()[-1] in _LOOSE:
        return None
    return tuple(Interpretation(intent="SetReminder", slots=(("text", match["what"]), ("at", time))) for time in times)


def _two(said: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Read two things to be remembered: "remind me in an hour to check the oven and in two hours to call dad"."""
    match = _TWO_DUTIES.fullmatch(without_courtesy(said))
    if match is None:
        return None
    found = [read_reminders(f"{match['cue']} {match[one]}", clocks) for one in ("one", "two")]
    return tuple(each[0] for each in found if each) if all(found) else None


def _before(said: str, now: datetime) -> tuple[str, str] | None:
    """Read what is to be remembered in front of the words for reminding."""
    match = _LATER.fullmatch(said)
    if match is None or _TELLS.search(match["cue"]) or QUESTION.match(without_courtesy(said)):
        return None
    what, rest = match["what"], _POINTS.sub("", match["rest"]).strip(" ,.")
    again = _FIRST.fullmatch(what.rpartition(",")[2].strip())
    if again is not None and not again["rest"].strip():
        what = what.rpartition(",")[0]
    inner = _FIRST.fullmatch(rest) or _LATER.fullmatch(f"x, {rest}")
    if inner is not None:  # "…, don't let me forget, nudge me about it at nine"
        rest = _POINTS.sub("", inner["rest"]).strip(" ,.")
    front = _FIRST.fullmatch(what)
    if front is not None:  # "I mustn't forget the cake, remind me at noon"
        what = _POINTS.sub("", front["rest"]).strip(" ,.")
        if not what or read_moment(what, now) is not None:
            return None
    what = _task(what)
    when = _when(rest, what, now)
    return None if when is None or not when[0] else when


def _task(what: str) -> str:
    bare = _HAVE_TO.sub("", what.strip(" ,.-"))
    lead = what[: len(what) - len(bare)]
    return bare if not lead or _MUST.search(lead) else what.strip(" ,.-")


def _when(rest: str, what: str, now: datetime) -> tuple[str, str] | None:
    """Return what is to be remembered, and when it is to be said."""
    event = read_moment(what, now)
    ahead = _BEFORE.match(in_digits(rest)) or _EVE.fullmatch(rest)
    if ahead is not None:
        return _ahead(ahead, what, event, now) if event is not None else None
    past = _PAST.fullmatch(in_digits(rest))
    if past is not None and event is not None and event.clock is not None and not event.weekdays:
        rest = _of_the_hour(past, event, now)
    if rest:
        spoken = _alone(rest, now)
        if spoken is None:
            return None
        if spoken.day is None and not spoken.weekdays and spoken.delay is None and event is not None and event.day:
            rest = f"{say_moment(event.moment(now).at or now, now).split(' at ')[0]} {rest}"
        return (what, _said(rest, spoken, now))
    if event is None or (event.clock is None and event.delay is None) or not event.rest:
        return None
    return _as_said(event.rest, what), _said("", event, now)


def _as_said(words: str, text: str) -> str:
    """Return words with their capitals, as they stand in a text."""
    known = {word.casefold(): word for word in text.split()}
    return " ".join(known.get(word, word) for word in words.split())


def _ahead(before: re.Match[str], what: str, event: Spoken, now: datetime) -> tuple[str, str] | None:
    """Return what is to be remembered some time, or the day, before it comes."""
    unit = before.groupdict().get("unit")
    if unit is not None:
        days = timedelta(days=7 if unit == "week" else 1)
        hour = _EVENING_H if unit in ("night", "evening") else _MORNING_H
        eve = datetime.combine(event.day - days, time(hour), tzinfo=now.tzinfo) if event.day is not None else now
        return (what, say_moment(eve, now)) if eve > now else None
    length = duration(before["length"])
    moment = event.moment(now).at if event.clock is not None and not event.weekdays else None
    if length is None or moment is None or moment - length <= now:
        return None
    return f"{_as_said(event.rest, what)} at {say_time(moment)}", say_moment(moment - length, now)


def _of_the_hour(past: re.Match[str], event: Spoken, now: datetime) -> str:
    """Return the time that "ten to" is, of the hour of what is to be remembered."""
    at = event.moment(now).at
    if at is None:
        return ""
    part = past["part"]
    minutes = 30 if part == "half" else 15 if "quarter" in part else int(part)
    hour = at.replace(minute=0)
    return say_moment(hour + timedelta(minutes=minutes if past["side"] == "past" else -minutes), now)


def _alone(words: str, now: datetime) -> Spoken | None:
    """Read words that are a time and nothing else."""
    if _OPEN_END.search(words):
        return None  # "at ten to", of which hour?
    plain = _BARE_END.sub(r"in \g<n> minutes", in_digits(words).removesuffix(" please"))
    spoken = read_moment(plain, now)
    return spoken if spoken is not None and not spoken.rest and spoken.problem is None else None


def _said(words: str, spoken: Spoken, now: datetime) -> str:
    """Return a time as the skill reads it."""
    if words:
        return _BARE_END.sub(r"in \g<n> minutes", in_digits(words).removesuffix(" please"))
    moment = spoken.moment(now)
    if spoken.weekdays and moment.at is not None:
        return f"{say_days(spoken.weekdays)} at {say_time(moment.at)}"
    return say_moment(moment.at, now) if moment.at is not None else ""


def _behind(said: str, now: datetime) -> tuple[str, str] | None:
    """Read what is to be remembered behind the time: "remind me in half an hour the washing is done"."""
    match = _FIRST.fullmatch(without_courtesy(said))
    words = match["rest"].strip(" ,").split() if match is not None else []
    tells = match is not None and _TELLS.search(match["cue"]) is not None
    if not words or (tells and words[0] not in ("at", "in", "on", "tomorrow")):
        return None
    if words[0] in _JOINTS | {"for"}:
        return _timed_last(words, now)
    size = 0 if _alone(" ".join(words), now) is not None else _size_of_time(words, now)
    when, rest = " ".join(words[:size]), words[size:]
    if not size or rest[0] in ("when", "if", "and", "once") or (tells and rest[0] not in ("that", "to")):
        return None  # no time, or nothing is to be remembered
    if rest[0] in _JOINTS:
        return (" ".join(rest[1:]), when) if len(rest) > 1 else None
    return " ".join(rest).lstrip(", "), when


def _timed_last(words: list[str], now: datetime) -> tuple[str, str] | None:
    """Read a time behind a comma, "for the vet, friday ten thirty", or a bare number of minutes."""
    what, comma, when = " ".join(words[1:]).rpartition(",")
    spoken = _alone(when, now) if comma and what else None
    if spoken is not None and (spoken.clock or spoken.delay):
        return what, when.strip()
    return None if words[0] == "for" else _ends_bare(" ".join(words[1:]))


def _size_of_time(words: list[str], now: datetime) -> int:
    """Return how many words in front are a time; 0 for none."""
    for size in range(len(words) - 1, 0, -1):
        spoken = None if words[size - 1] in _LOOSE else _alone(" ".join(words[:size]), now)
        if spoken is not None and (spoken.clock or spoken.delay or spoken.weekdays or spoken.day):
            return size
    return 0


def _timed_first(said: str, now: datetime) -> tuple[str, str] | None:
    """Read the time in front of the words for reminding: "every tuesday night remind me it's bin day"."""
    match = _AMID.fullmatch(said)
    tells = match is not None and _TELLS.search(match["cue"]) is not None
    if match is None or (tells and not match["rest"].startswith((" to ", " that "))):
        return None
    when, what = match["when"].strip(" ,"), re.sub(r"^\s*(?:to|that|about|of)\s+", "", match["rest"]).strip(" ,")
    spoken = _alone(when, now)
    if spoken is None or not what or _FIRST.match(what) or read_moment(what, now) is not None:
        return None
    return what, when


def _ends_bare(what: str) -> tuple[str, str] | None:
    """Read "get the milk out in ten", whose number is one of minutes."""
    match = _BARE_END.search(in_digits(what))
    front = re.match(r"(?P<what>.+?) in [\w-]+(?: please)?$", what)
    return (front["what"], f"in {match['n']} minutes") if match is not None and front is not None else None
