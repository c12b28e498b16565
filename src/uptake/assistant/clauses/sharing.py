"""Share a time between the parts of a request: "close the blinds and turn on the lights at nine" is both at nine.

Limit: English.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import Clause, begins_with_time
from uptake.assistant.clauses.timing import Timing, take_timing
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["KEPT_ON", "OTHERWISE_TIMED", "ends_itself", "timed_alike"]

OTHERWISE_TIMED = regex(
    r"(?:remind|wake|tell|let me know|let us know|notify|alert|warn|call|announce|broadcast|add|ask|snooze|create"
    r"|what|show|give me|read)\b"
    r"|.*\b(?:timers?|alarms?|reminders?|countdown|appointment|calendar|meeting)\b",
    re.IGNORECASE,
)
"""Request whose time is its own: no action is planned for it."""
KEPT_ON = regex(r"^(?:keep|leave|have|let)\s+(?=.+\s(?:on|off|open|closed)$)", re.IGNORECASE)
"""Words that keep a state for a time, which "turn" says, too."""


_NOW = regex(r"\b(?:now|straight away|right away|immediately)\b", re.IGNORECASE)


def timed_alike(texts: tuple[str, ...], commands: list[Clause], household: Household, now: datetime) -> tuple[str, ...]:
    """Give all the time that is said last: "close the blinds and turn on the lights at nine" is both at nine."""
    timings = [None if OTHERWISE_TIMED.match(text) else take_timing(text, now, household)[0] for text in texts]
    for at, (before, after) in enumerate(pairwise(timings)):
        if before is not None and before.until is not None and after is None and "then" in commands[at + 1].joint:
            named = [{each.text for each in find_mentions(text, household)} for text in (texts[at], texts[at + 1])]
            plainly = KEPT_ON.sub("turn ", take_timing(texts[at], now, household)[1])
            if named[0] != named[1]:  # the end of the one is said by its length
                plainly = texts[at]
            later = f"{texts[at + 1]} {Timing(at=before.until).words(now)}"
            return (*texts[:at], plainly, later, *texts[at + 2 :])
    last, others = timings[-1], timings[:-1]
    if (
        last is None
        or begins_with_time(commands[-1].text)
        or last.at is None
        or any(others)
        or any("," in each.joint or "then" in each.joint for each in commands)
    ):
        return texts
    if _of_one_thing(texts, household) or any(_NOW.search(text) for text in texts[:-1]):
        return texts
    if any(each.kind == "question" or OTHERWISE_TIMED.match(each.text) for each in commands):
        return texts
    return (*(f"{text} {last.words(now)}" for text in texts[:-1]), texts[-1])


def _of_one_thing(texts: tuple[str, ...], household: Household) -> bool:
    """Tell whether the last is another value of what went before: "heating to 22, and set it to 19 at nine"."""
    named = [
        frozenset(re.sub(r"^(?:the|my|our) ", "", each.text.lower()) for each in find_mentions(text, household))
        for text in texts[-2:]
    ]
    return len(named) == 2 and bool(named[0]) and named[0] == named[1]


def ends_itself(parts: tuple[str, ...], now: datetime, household: Household) -> bool:
    """Tell whether the second half says how a length of time ends, as it does anyway: "for an hour, then off again"."""
    first = take_timing(parts[0], now, household)[0] if len(parts) == 2 else None
    ways = [set(re.findall(r"\b(?:on|off|open|close|shut)\b", each)) for each in parts]
    return first is not None and first.until is not None and bool(ways[0]) and ways[0].isdisjoint(ways[-1])
