"""Read a request about timers, alarms or reminders before anything else does; what is of another kind is left alone."""

from __future__ import annotations

import re
from dataclasses import replace

from uptake.assistant.clauses.clocks.alarms import read_alarms
from uptake.assistant.clauses.clocks.plans import read_plans
from uptake.assistant.clauses.clocks.reminders import read_reminders
from uptake.assistant.clauses.clocks.set_alarms import read_instead, read_set_alarms
from uptake.assistant.clauses.clocks.set_reminders import read_set_reminders
from uptake.assistant.clauses.clocks.shifting import read_shift
from uptake.assistant.clauses.clocks.state import Clocks, clocks_at
from uptake.assistant.clauses.clocks.timers import read_timers
from uptake.assistant.clauses.compose import DirectAnswer
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT
from uptake.assistant.clauses.wording.pieces import COLOUR
from uptake.assistant.clauses.wording.put_first import put_first
from uptake.assistant.clauses.words import is_command, repaired, repairs
from uptake.assistant.components import Components
from uptake.assistant.entities.household import Household
from uptake.assistant.incoming import Incoming
from uptake.assistant.phrases.dates import without_days
from uptake.assistant.phrases.durations import DURATION
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_clocks"]

_LONGEST = 200  # characters
_SECOND = regex(r"\ba second(?= (?:one|timer|alarm|reminder)\b)", re.IGNORECASE)
_OR_SO = regex(r"(?:,? (?:or so|or thereabouts|give or take))(?=\W*(?:please)?\W*$)", re.IGNORECASE)
_AS_LENGTH = regex(
    rf"^(?P<deed>.*\b(?:remind|forget|nudge|remember)\b.*\w), (?P<length>{DURATION})(?=\W*$)", re.IGNORECASE
)
_DEED_FIRST = regex(
    r"^(?P<deed>(?!.*\b(?:timer|alarm|remind|wake)\b.*\band\b).*\b(?:on|off|open|closed?|shut|lock|unlock"
    r"|to \w+(?: \w+)?(?: degrees| percent)?)),? (?:and|then|and then) "
    r"(?:can you |please |also )?(?:(?:set|start|put on|give me|make) )?"
    r"(?:me |us )?(?:a|an|the) (?:[\w-]+ ){0,3}timer\b",
    re.IGNORECASE,
)
_DEED_LAST = regex(
    rf"^(?!.*\b(?:remind|wake)\b).*\b{DURATION}.*?,? and (?:then )?"
    r"(?P<deed>(?:put|turn|switch|pop|stick) .+ (?:on|off))"
    r"(?:,? please)?$",
    re.IGNORECASE,
)
_TIMER = regex(r"\b(?:timers?|countdown)\b", re.IGNORECASE)
_LATER = regex(r"\b(?:remind|wake|alarms?|when|once|after|until|till|goes off|is (?:up|done|over))\b", re.IGNORECASE)
_VALUE_LAST = regex(
    rf"\w (?:on|off|open|shut|closed|{COLOUR}|(?:on |up |down )?(?:to|at) (?:\d+|[a-z]+(?:teen"
    rf"|ty)(?:[ -]\w+)?)(?: degrees"
    r"| percent)?)(?:,? (?:please|now|thanks|cheers))*$",
    re.I,
)
"""A thing and how it is to be, without a verb: "oven to 180"."""
_WORKING_DAYS = regex(
    r"\bevery (?:single )?day(?: (?:in|of) the week)?,? (?:but|except)(?: for)? (?:not )?(?:on |at "
    r"|the )?(?:saturdays?|sundays?"
    r"|weekends?)(?: (?:and|or|nor) (?:saturdays?|sundays?))?",
    re.IGNORECASE,
)
_THAT_FOR = regex(r",? (?:and )?that(?:'s| is) for (?=(?:the|my|our) \w)", re.IGNORECASE)
_MAKE = regex(r"^(?:make (?:it|that)|at|for) ", re.IGNORECASE)
_MOST = 128  # texts
_read: dict[str, tuple[Clocks, tuple[Interpretation, ...] | DirectAnswer | None]] = {}
"""Text -> what it was read as beside which clocks: a turn asks for the same text several times."""


def read_clocks(text: str, turn: Incoming, components: Components) -> tuple[Interpretation, ...] | DirectAnswer | None:
    """Return the readings of a request about timers, alarms or reminders, or the answer; None where it is of none.

    Args:
        text: The request, as it was said.
        turn: The turn.
        components: What the assistant is made of.
    """
    pending = turn.conversation.pending
    if len(text) > _LONGEST or (pending is not None and pending.kind != "feedback"):
        return None
    text = _WORKING_DAYS.sub("every weekday", _THAT_FOR.sub(" for ", put_first(text)))
    if _does_more(text, components.resolver.household):
        return None
    text = _AS_LENGTH.sub(r"\g<deed> in \g<length>", _OR_SO.sub("", _SECOND.sub("another", text)))
    clocks = clocks_at(turn, components.memory, components.resolver.household)
    known = _read.get(text)
    if known is not None and known[0] == clocks:
        return known[1]
    found = _reading(text, clocks)
    if len(_read) >= _MOST:
        _read.clear()
    _read[text] = clocks, found
    return found


def _does_more(text: str, household: Household) -> bool:
    """Tell whether a thing of the home is switched beside a timer: "put the oven on and set a timer"."""
    last = _DEED_LAST.match(in_digits(text))
    if last is not None and find_mentions(last["deed"], household):
        return True  # "five minutes on the eggs, and put the kettle on"
    parts = JOINT.split(text) if _TIMER.search(text) else []
    deeds = [each for each in parts if not _TIMER.search(each) and find_mentions(each, household)]
    if len(deeds) < len(parts) and any(is_command(each) or _VALUE_LAST.search(each) for each in deeds):
        return _LATER.search(text) is None  # "lamp on, set a timer for ten minutes"
    match = _DEED_FIRST.match(text)
    if match is None or not find_mentions(match["deed"], household):
        return False
    return is_command(match["deed"]) or _VALUE_LAST.search(match["deed"]) is not None


def _reading(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | DirectAnswer | None:
    if repairs(text):
        return read_shift(text, clocks) or _repaired(text, clocks)
    readers = (
        read_instead,
        read_shift,
        read_reminders,
        read_alarms,
        read_set_alarms,
        read_set_reminders,
        read_plans,
        read_timers,
    )
    return next((found for read in readers if (found := read(without_days(text), clocks)) is not None), None)


def _repaired(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the reading of an alarm whose time is taken back in one breath: "get me up at 8, no make it 8:30"."""
    parts = repaired(text)
    first = read_alarms(parts[0], clocks) if parts is not None and not repairs(parts[1]) else None
    if parts is None or first is None or len(first) != 1:
        return None
    then = read_shift(f"make it {_MAKE.sub('', parts[1])}", replace(clocks, last=first[0]))
    return then[:1] if then is not None and then[0].intent == "SetAlarm" else None
