"""Take apart what is asked for several times over: two timers, three alarms, music in every room.

Each function returns the single requests, or None where there are not several.

Limit: English.
"""

from __future__ import annotations

import re
from datetime import datetime

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.entities.household import Household
from uptake.assistant.home.model import Device
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.skills.naming import the
from uptake.text.patterns import regex

__all__ = ["apart", "several_timers", "two_times"]

_TWO = regex(
    r"(?P<head>.*?)\b(?:two|2|three|3|four|4|a couple of|some) (?P<noun>\w+?)s\b[,:]?\s+(?P<list>(?:one|1|the first"
    r"|another)\b.+)$",
    re.IGNORECASE,
)
_EACH = regex(
    r"(?:,\s*|\s+)?(?:and\s+)?\b(?:one|1|another(?: one)?|a second(?: one)?|the (?:first|second|third"
    r"|other)(?: one)?)\s+",
    re.IGNORECASE,
)
_TWO_TIMES = regex(
    r"(?P<head>(?:.*\b(?:alarms?|timers?)\b(?: \w+){0,2}?|wake (?:me|us)(?: up)?) (?:for"
    r"|at) )(?P<first>.+?),? and (?P<other>(?:another (?:one )?|a second (?:one )?|one )?(?:for |at )?)"
    r"(?P<second>[\w:. ]+)$",
    re.IGNORECASE,
)
_LOUD = regex(
    r"(?P<what>.+?)(?:,| and| with| at)+ (?:(?:keep|have|put|set) )?(?:(?:the|its) )?(?P<loud>volume |sound "
    r"|loudness )?"
    r"(?:(?:at|on|of|to|about|around|only|just) )*(?P<amount>\d+|[a-z]+(?:[ -](?:one|two|three|four|five|six"
    r"|seven|eight|nine))?)(?P<unit> ?%| percent)?"
    r"(?: volume| please)*",
    re.IGNORECASE,
)
_PUT_ON = regex(
    r"(?:(?:can|could|would) you |please |just )*(?:play|(?:put|stick|pop|whack|throw|bung)(?: on)? some)\b",
    re.IGNORECASE,
)
_ONE_LENGTH = regex(
    r".*\bhours?\s.*\b(?:minutes?|mins?|seconds?|secs?)|.*\b(?:minutes?|mins?)\s.*\b(?:seconds?|secs?)", re.IGNORECASE
)
_DAY = regex(r"\b(?:tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", re.IGNORECASE)
_UNIT = regex(r" (?:minutes?|hours?|seconds?|[ap]\.?m\.?|o'?clock)\b", re.IGNORECASE)
_TIMERS = regex(
    r"(?P<verb>(?:please |can you |could you |i need |i want |we need |give me |set |start |make |create |run |put on "
    r"|me |up |on )*)(?:(?P<count>two|2|three|3|four|4|five|5|a couple of|a few|some|both) )?timers?(?: please)?[,:]?"
    r"\s+(?:for |of )?(?P<list>.+)",
    re.IGNORECASE,
)
_ALARMS = regex(
    r"(?P<verb>(?:please |can you |could you |i need |i want |we need |give me |set |make |create |put on |me |up )*)"
    r"(?:(?:two|2|three|3|four|4|a couple of|some|both) )?alarms(?: please)?[,:]? (?P<list>.+)",
    re.IGNORECASE,
)
_AT = regex(r"^(?:one |1 |another |a second |the (?:first|second|third|other) )*(?:for |at |on )?(?=\w)", re.IGNORECASE)
_DAY_ALONE = regex(
    r"(?:tomorrow|today|tonight|(?:this |next |every )?\w+day|weekdays|weekends|every \w+)", re.IGNORECASE
)
_LISTED = regex(r",? and |[,;] ", re.IGNORECASE)
_TIMER = regex(
    r"(?:another |a |the )?(?:one |1 |timer )?(?:for |of |at )?(?P<length>\d+(?:\.\d+)?)(?:[ -]?(?P<unit>hours?"
    r"|minutes?|mins?|seconds?|secs?))?(?: (?:for|called|named|on) (?:the |my )?(?P<name>\w+(?: \w+){0,3}))?",
    re.IGNORECASE,
)
_NOUNS = regex(
    r"(?P<verb>(?:please |can you |could you )*(?:set|start|make|create|run|put on|give me|i need)(?: me| up)?) "
    r"(?P<first>(?:an?|one|1|my|the) .*?\b(?:timer|alarm|reminder)\b.*?),? and (?:then )?"
    r"(?P<second>(?:an?|another|one|1) .*\b(?:timer|alarm|reminder)\b.*)",
    re.IGNORECASE,
)
_PLAYS = regex(
    r"(?:(?:can|could|would|will) you |please )*(?:play|put on|stick on|pop on|whack on"
    r"|start playing) (?P<what>[\w' &-]+?)"
    r"(?: please)? (?:everywhere|all (?:over|around|through|round) the (?:house|home|flat|place|apartment)"
    r"|(?:throughout|around|across|through) the (?:whole |entire )?(?:house|home|flat|place|apartment)"
    r"|(?:in|on|across|through|from) (?:the (?:whole|entire) (?:house|home|flat|place)|(?:all|every"
    r"|each)(?: of)?(?: the| my| our)?"
    r" (?:rooms?|speakers?|players?)))(?: please| now)*",
    re.IGNORECASE,
)
_SOUND = frozenset({"speaker", "receiver"})


def apart(text: str, household: Household, now: datetime, most: int) -> tuple[str, ...] | None:
    """Return the single requests of one that asks for something several times over; None for any other.

    Args:
        text: The request.
        household: Names of the home.
        now: This moment, aware.
        most: Most requests.
    """
    return (
        _distributed(text, most)
        or several_timers(text, most)
        or _several_alarms(text, most, now)
        or _played_everywhere(text, household, most)
        or _at_a_volume(text, household)
    )


def _at_a_volume(text: str, household: Household) -> tuple[str, ...] | None:
    """Return what is played, or switched on, and how loud: "some motown on the soundbar, volume about thirty"."""
    match = _LOUD.fullmatch(text.strip(" .!?"))
    if match is None or not (match["loud"] or match["unit"]) or not in_digits(match["amount"]).isdigit():
        return None
    mentions = find_mentions(match["what"], household)
    named = [each.text for each in mentions if each.named]
    player = named[0] if len(named) == 1 else ""
    if any(each.kind and not each.named for each in mentions):
        return None  # "put some lights on at forty percent"
    begins = match["what"] if _PUT_ON.match(match["what"]) else f"turn on {match['what'].removesuffix(' on')}"
    if not _PUT_ON.match(match["what"]) and not (player and match["what"].endswith(" on")):
        return None
    return (
        begins,
        f"set the volume of {player} to {match['amount']}" if player else f"set the volume to {match['amount']}",
    )


def _distributed(text: str, most: int) -> tuple[str, ...] | None:
    """Return one request each for "two timers, one for 5 minutes and one for 10"."""
    match = _TWO.match(text)
    if match is None:
        return None
    pieces = [piece.strip(" ,.") for piece in _EACH.split(match["list"]) if piece.strip(" ,.")]
    return tuple(f"{match['head']}a {match['noun']} {piece}" for piece in pieces) if 1 < len(pieces) <= most else None


def several_timers(text: str, most: int) -> tuple[str, ...] | None:
    """Return one request each for timers, or timers and alarms, that are asked for together.

    >>> several_timers("set two timers, five minutes for eggs and ten for the potatoes", 6)
    ('set a timer for 5 minutes called eggs', 'set a timer for 10 minutes called potatoes')
    >>> several_timers("set a 5 minute egg timer and an alarm for 7", 6)
    ('set a 5 minute egg timer', 'set an alarm for 7')
    """
    said = in_digits(text.strip(" .!?"))
    both = _NOUNS.fullmatch(said)
    if both is not None:
        unit = _UNIT.search(both["first"]) if both["second"][-1].isdigit() and "timer" in both["second"] else None
        return f"{both['verb']} {both['first']}", f"{both['verb']} {both['second']}{unit[0] if unit else ''}"
    match = _TIMERS.fullmatch(said)
    found = [_TIMER.fullmatch(each) for each in _LISTED.split(match["list"])] if match is not None else []
    timers = [each for each in found if each is not None]
    units = [each["unit"] for each in timers]
    apart = match is not None and (match["count"] or any(each["name"] for each in timers))
    if not apart or len(timers) < len(found) or not 1 < len(timers) <= most or not any(units):
        return None
    return tuple(
        f"set a timer for {each['length']} {_unit(units, at)}" + (f" called {each['name']}" if each["name"] else "")
        for at, each in enumerate(timers)
    )


def _several_alarms(text: str, most: int, now: datetime) -> tuple[str, ...] | None:
    """Return one request for each time of several alarms; a day, and a half of the day, hold for all that have none.

    >>> from datetime import UTC
    >>> _several_alarms("set two alarms for tomorrow, 6:45 and 7", 6, datetime(2026, 3, 2, 12, tzinfo=UTC))
    ('set an alarm for 6:45 tomorrow', 'set an alarm for 7 tomorrow')

    Args:
        text: The request.
        most: Most requests to return.
        now: This moment, aware.
    """
    match = _ALARMS.fullmatch(text.strip(" .!?"))
    if match is None:
        return None
    said = [_AT.sub("", each.strip()) for each in _LISTED.split(match["list"])]
    days = [each for each in said if _DAY_ALONE.fullmatch(each)]
    times = [each for each in said if not _DAY_ALONE.fullmatch(each)]
    read = [read_moment(f"at {each}", now) for each in times]
    if not 1 < len(times) <= most or any(one is None or one.clock is None or one.rest for one in read):
        return None
    dated = [found[0] for each in reversed(times) if (found := _DAY.search(each))]
    day = next(iter((*dated, *days)), "")
    half = _UNIT.search(times[-1])
    whole = [
        each if half is None or not re.fullmatch(r"[\d:]+", in_digits(each)) else f"{each}{half[0]}" for each in times
    ]
    return tuple(f"set an alarm for {each}{'' if _DAY.search(each) or not day else f' {day}'}" for each in whole)


def _unit(units: list[str | None], at: int) -> str:
    """Return the unit that holds for an amount: its own, else the next one that is said, else the last."""
    return next(unit for unit in (*units[at:], *reversed(units[:at])) if unit)


def two_times(body: str, now: datetime) -> tuple[str, ...] | None:
    """Split "set an alarm for 7 and for 8 am" into two requests; "an hour and ten minutes" is one length."""
    match = _TWO_TIMES.match(body)
    if match is None or (not match["other"] and _ONE_LENGTH.fullmatch(f"{match['first']} {match['second']}")):
        return None
    head, first, second = match["head"], match["first"], match["second"]
    day = _DAY.search(first)
    if day is not None and not _DAY.search(second):
        second = f"{second.strip()} {day[0]}"
    if re.search(r"\b(?:alarm|timer)\b", second):
        return f"{head}{first}", f"{body.split(maxsplit=1)[0]} {second}"
    unit = _UNIT.search(second)
    if unit is not None and re.fullmatch(r"\w+", first.strip()):
        first = f"{first.strip()} {unit[0].strip()}"
    whole = [
        read_moment(f"at {each}" if head.rstrip().endswith(("at", "for")) else each, now) for each in (first, second)
    ]
    if any(each is None or each.rest or (each.clock is None and each.delay is None) for each in whole) and unit is None:
        return None
    return f"{head}{first}", f"{head}{second}"


def _played_everywhere(text: str, household: Household, most: int) -> tuple[str, ...] | None:
    """Return one request for each room where something is to be played everywhere; None where that is not asked for.

    Args:
        text: The request.
        household: Names of the home.
        most: Most requests.
    """
    match = _PLAYS.fullmatch(text.strip(" .!?"))
    if match is None:
        return None
    rooms: dict[str | None, Device] = {}
    for device in household.devices:
        if device.domain == "media_player" and (device.device_class in _SOUND or device.area_id not in rooms):
            rooms[device.area_id] = device
    players = [device for device in rooms.values() if device.device_class in _SOUND] or list(rooms.values())
    if not 1 < len(players) <= most:
        return None
    return tuple(f"play {match['what']} on {the(household.label(device))}" for device in players)
