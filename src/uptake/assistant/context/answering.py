"""Propose readings of what answers a question, moves what was planned, or says only what is wrong with the light.

"The second one" is the second thing of the question before, with what was asked for; "move it to Friday" is the last
reminder or alarm on another day; "it's too bright" by day, with no lamp on, is for the blinds.

Limit: English; one question, one plan, one step back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from uptake.assistant.context.deixis import Deixis, kind_of
from uptake.assistant.dialogue.cues import ordinal
from uptake.assistant.phrases.moments import read_moment
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Exchange, Interpretation, Situation

__all__ = ["read_choice", "read_moved", "read_remedy"]

_WHICH = regex(r"\b(?:which|what|or)\b[^?]*\?\s*$", re.IGNORECASE)
_LISTED = regex(
    r"(?:^|[:,;]|\b(?:timers?|alarms?|lights?|lamps?|lists?|ones|people|called|are|mean|have|found)\b)\s*"
    r"(?P<list>[^.?!:]+?(?:,? (?:and|or) )[^.?!:]+)",
    re.IGNORECASE,
)
_BETWEEN = regex(r"\s*,\s*(?:and |or )?|\s+(?:and|or)\s+", re.IGNORECASE)
_BARE = regex(
    r"^(?:did you mean|do you mean|the|a|an|your|my|there (?:is|are)(?: two)?|i (?:have|found))\s+", re.IGNORECASE
)
_COUNTED = regex(
    r"(?:(?:there are|you have|i (?:know|have|found)) )?(?:two|three|four|several|\d+) [\w ]+", re.IGNORECASE
)
_CHOSEN = regex(
    r"(?:(?:no|the|that|i mean|i meant|it's|take|make it|just|oh|um|please) )*(?P<name>[\w' -]+?)(?: (?:1|one"
    r"|please|then))*"
)
_NAMED = frozenset({"name", "search_query", "text", "item", "place", "area"})
_PLANS = frozenset({"SetReminder", "SetAlarm"})
_MOVES = regex(
    r"(?:(?:can you|could you|please|actually|no|ok|and|oh) )*(?:move|push|shift|change|put|bring|make"
    r"|reschedule|postpone"
    r"|set) (?:it|that|this|them)(?: back| forward| off)?(?: (?:to|for|until|till))? (?P<when>.+?)(?: instead"
    r"| please| then)*"
)
_SUN = {
    12: (8, 16),
    1: (8, 16),
    2: (8, 17),
    11: (8, 16),
    3: (7, 18),
    10: (8, 17),
}  # northern months -> hours of daylight
_SUMMER = (6, 20)
_SHADES = frozenset("blind blinds curtain curtains shade shades shutter shutters drape drapes awning skylight".split())


def read_choice(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "the second one" as what was asked for, of the second thing that the assistant has just asked about."""
    last = situation.recent[-1] if situation.recent else None
    reading = last.interpretation if last is not None else None
    if last is None or reading is None or _WHICH.search(last.response or "") is None:
        return
    options = _options(last)
    place = ordinal(words, len(options)) if options else None
    named = _CHOSEN.fullmatch(words)
    said = set(normalize(named["name"]).split()) - {"timer", "alarm", "light", "lamp"} if named is not None else set()
    chosen = (
        [options[place]] if place is not None else [each for each in options if said & set(normalize(each).split())]
    )
    if len(chosen) != 1:
        return
    kept = tuple((slot, value) for slot, value in reading.slots if slot not in _NAMED)
    yield replace(reading, slots=(("name", _of_a_state(chosen[0], situation)), *kept), confidence=None)


def _options(last: Exchange) -> list[str]:
    """Return the things that the assistant named to choose among."""
    found = list(_LISTED.finditer(last.response or ""))
    if not found:
        return []
    pieces = [piece.strip() for piece in _BETWEEN.split(found[0]["list"])]
    return [_BARE.sub("", piece) for piece in pieces if piece and _COUNTED.fullmatch(piece) is None]


def _of_a_state(name: str, situation: Situation) -> str:
    """Return the name as the thing with a state has it, without the word for its kind: "bread" is "Bread"."""
    said = normalize(name).split()
    for label, _ in situation.states:
        bare = [word for word in normalize(label).split() if word not in ("timer", "alarm")]
        if bare == [word for word in said if word not in ("timer", "alarm")]:
            return regex(r"\s*timer$", re.IGNORECASE).sub("", label)
    return name


def read_moved(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "move it to Friday" as the reminder or the alarm that was just set or told of, at another time."""
    match, last = _MOVES.fullmatch(words), situation.recent[-1] if situation.recent else None
    reading = last.interpretation if last is not None else None
    if match is None or reading is None or reading.intent not in _PLANS:
        return
    now = situation.local
    spoken = read_moment(match["when"], now) if now is not None else None
    if now is None or spoken is None or spoken.rest or spoken.delay is not None:
        return
    gone = {"at"} if spoken.clock is not None else set[str]()
    gone |= {"date"} if spoken.day is not None or spoken.clock is None else set()
    earlier = tuple(pair for pair in reading.slots if pair[0] not in gone and not _is_day(pair, gone, now))
    slot = "at" if spoken.clock is not None else "date"
    yield replace(reading, slots=(*earlier, (slot, match["when"])), confidence=None)


def _is_day(pair: tuple[str, str], gone: set[str], now: datetime) -> bool:
    """Tell whether a slot of a time holds but the day that is replaced: "on Thursday"."""
    spoken = read_moment(pair[1], now) if pair[0] == "at" and "date" in gone else None
    return spoken is not None and spoken.clock is None


def read_remedy(deixis: Deixis, situation: Situation) -> Iterator[Interpretation]:
    """Read "it's too bright" and "it's dark" as what helps: blinds by day, lamps that are off in the dark."""
    if deixis.points or deixis.verb not in ("brighter", "dimmer"):
        return
    now, darker = situation.local, deixis.verb == "dimmer"
    least, most = _SUN.get(now.month, _SUMMER) if now is not None else (0, 0)
    for name, state in situation.states:
        first = normalize(state).split()[:1]
        kind = kind_of(name, state)
        if kind == "cover" and set(normalize(name).split()) & _SHADES and now is not None and least <= now.hour < most:
            if first == (["open"] if darker else ["closed"]):
                yield Interpretation(intent="HassTurnOff" if darker else "HassTurnOn", slots=(("name", name),))
        elif kind == "light" and first == ["off"] and not darker:
            yield Interpretation(intent="HassTurnOn", slots=(("name", name),))
