"""Say in full what goes on from a timer, an alarm, a reminder or a list: "and one for the eggs, six minutes".

What is left out is taken from the last request by its kind: "one" is another timer after a timer, "ten minutes later"
counts from the last alarm, a bare number has the unit that the last length had.

Limit: English.
"""

from __future__ import annotations

import re
from datetime import datetime

from uptake.assistant.clauses.wording.earlier.again import moved_by, repeated
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.saying import say_duration, say_moment, say_time
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["chained", "continued", "reckoned"]

_LEAD = (
    r"(?:(?:and|also|then|oh|plus|ok|okay|now|right|please|can you|could you|set|start|give me|make|put|do|i need"
    r"|i want|we need)\b,? *)*"
)
_ONE = r"(?:another|one more|a second|a third|a further|an extra|a|an|one)"
_AGAIN = regex(
    rf"{_LEAD}(?:{_ONE}(?: (?:one|timer|alarm))?|again)(?: (?:for|at))? (?P<length>[\w .-]+?) (?P<way>later|earlier"
    r"|before(?: that| it)?|after(?: that| it)?|from then)[ .!]*",
    re.IGNORECASE,
)
_CHAIN = regex(
    r"(?P<first>.*\b(?:alarm|wake (?:me|us)(?: up)?)\b.*?),? (?:and|plus|then) (?P<more>(?:another|one more|a second"
    r"|one|again)\b.*)",
    re.IGNORECASE,
)
_FOR = regex(
    rf"{_LEAD}{_ONE}(?: one| timer)? for (?:the |my |our )?(?P<name>[a-z]+(?: [a-z]+)?)(?:,| -| at| of| for| to run)*"
    r" (?P<length>[\w .-]+)",
    re.IGNORECASE,
)
_BEFORE = regex(
    rf"{_LEAD}(?:{_ONE}(?: one| timer)?,? )?(?P<length>[\w.-]+(?: (?:and )?[\w.-]+)*? ?(?:minutes?|mins?|hours?"
    rf"|seconds?|secs?))(?: one)?"
    r" for (?:the |my |our )?(?P<name>[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_NAMED = regex(
    rf"{_LEAD}(?:{_ONE}|the) (?P<name>[a-z]+(?: [a-z]+)?) one(?:,| for| at| of)* (?P<length>[\w .-]+)", re.IGNORECASE
)
_ALONE = regex(
    rf"{_LEAD}(?:another|one more|a second|one)(?: (?:one|timer|alarm))?(?:,| for| at| of)+ (?P<value>[\w:. -]+)",
    re.IGNORECASE,
)
_DUTY_LAST = regex(
    r"(?:(?:and|also|then|oh|plus|ok|okay)\b,? *)+(?P<at>(?:at|in|on|tomorrow|tonight|by"
    r"|this)\b[\w :.']*?),? (?P<duty>to (?!\d).+)",
    re.IGNORECASE,
)
_DUTY_FIRST = regex(
    r"(?:(?:and|also|then|oh|plus|ok|okay)\b,? *)+(?:me )?(?P<duty>to (?!\d)[\w' ,-]+?) (?P<at>(?:at|in|on"
    r"|tomorrow|tonight|by|this) [\w :.']+)",
    re.IGNORECASE,
)
_MORE = regex(
    r"(?:(?:and|ok|please|can you)\b,? *)*(?:add|give it|put on)(?: on)?(?: another"
    r"| a further)? (?P<length>[\w -]+?)(?: more)?",
    re.IGNORECASE,
)
_HOW_LONG = regex(
    r"(?:(?:and|so|ok) )*(?:how(?:'s| is) (?:it|that|the timer|my timer) (?:going|doing|looking|getting on"
    r"|coming along)"
    r"|how (?:long|much)(?: longer| time)?(?: now| left| is left| to go)?|is (?:it|that) (?:done|finished"
    r"|up|nearly done)(?: yet)?)",
    re.IGNORECASE,
)
_IS_SET = regex(
    r"(?:(?:and|so|ok) )*(?:is|did) (?:it|that)(?: get)?(?: definitely| all)? (?:set|on|done)(?: now| yet)?",
    re.IGNORECASE,
)
_LABEL = regex(
    r" as (?:a |an )?(?:backup|back[ -]up|spare|reminder|well|second one|safety net|fallback)$", re.IGNORECASE
)
_PART = regex(
    r"(?:(?:no|actually|sorry|oh|ok)\b,? *)*(?:(?:make|change|move|set|have|push|shift|put|bring) (?:it"
    r"|that)(?: back| forward)?"
    r"(?: to| for| at| until| till)? )?(?P<part>(?:half|quarter|a quarter|five|ten|twenty"
    r"|twenty[ -]five) (?:past|to))(?: instead| actually)?",
    re.IGNORECASE,
)
_TO_TIME = regex(
    r"(?:(?:no|actually|sorry|oh|ok|wait)\b,? *)*(?:(?:make|change|move|set|push|shift|put|bring) (?:it|that)"
    r"(?: back| forward)?(?: to| for| at| until| till)? |(?<=actually )|(?<=actually, )|(?<=wait )|(?<=wait, ))"
    r"(?P<at>\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: o'clock)?)(?: instead| actually| then)*",
    re.IGNORECASE,
)
_DAYS = regex(
    r"(?:(?:and|ok|actually|do|make|set|repeat|no|but|just|only)\b,? *)*(?:(?:it|that)(?: for| on)? )?(?:repeat"
    r" )?(?:just "
    r"|only )?(?:on |for )?"
    r"(?P<days>every (?:week)?day|weekdays|(?:every )?weekends?|daily|every (?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day)",
    re.IGNORECASE,
)
_TIMER = frozenset(
    "HassStartTimer HassTimerStatus HassIncreaseTimer HassDecreaseTimer HassPauseTimer HassUnpauseTimer".split()
)
_ALARM = frozenset({"SetAlarm", "SnoozeAlarm", "GetAlarms"})
_ORDER = regex(
    r"(?:(?:and|now|ok|then|please|can you|actually)\b,? *)*(?:delete|cancel|remove|scrap|drop|turn off|get rid of"
    r"|bin|lose|ditch) the"
    r" (?P<order>first"
    r"|last|earlier|later|earliest|latest|early|late)(?: one| of (?:them|those))?(?: again| please)*",
    re.IGNORECASE,
)
_AT_TIME = regex(
    r"(?:(?:and|now|ok|then|please|can you|actually)\b,? *)*(?P<do>cancel|delete|remove|scrap|drop|get rid of) the"
    r" (?P<at>\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?|[a-z]+(?:[ -]thirty|[ -]fifteen)?(?: o'clock)?) one(?: please"
    r"| now)*",
    re.IGNORECASE,
)
_THE_ONE = regex(
    r"(?:(?:and|now|ok|then|please|can you|actually)\b,? *)*(?P<do>cancel|delete|pause|resume|stop) the"
    r" (?P<name>[a-z]+) one"
    r"(?: please| now)*",
    re.IGNORECASE,
)
_STEERS = regex(
    r"(?:(?:and|now|ok|then|please|can you|actually)\b,? *)*(?P<do>pause|resume|cancel|continue|carry on with|go on"
    r" with"
    r"|unpause) (?:it|that|the timer)(?: again| please| now| then)*",
    re.IGNORECASE,
)
_GOES_ON = regex(
    r"(?:(?:and|now|ok|then|please|can you|actually|right)\b,? *)*(?P<do>carry on|continue|go on|keep going|resume"
    r"|unpause|start (?:it )?again)"
    r"(?: again| please| now| then)*",
    re.IGNORECASE,
)
_RECKONS = regex(
    r"(?:(?:and|now|then|ok|so|that|it|what(?:'s| is) (?:that|it))\b,? *)*(?P<way>plus|minus|times|multiplied by"
    r"|divided by"
    r"|over|add|subtract|take away|less) (?P<by>[\w.]+(?:[ -]\w+)?)",
    re.IGNORECASE,
)
_SHARE_OF = regex(r"(?:(?:and|now|ok|what about|how about)\b,? *)*of (?P<of>[\w.,]+(?:[ -]\w+){0,2})", re.IGNORECASE)
_SIGNS = {"add": "plus", "subtract": "minus", "take away": "minus", "less": "minus", "over": "divided by"}
_RESULT = regex(r"-?\d[\d,]*(?:\.\d+)?")
_EARLIER = ("earlier", "before")
_LONGEST = 16  # spaces
_UNITS = ("hours", "minutes", "seconds")


def chained(text: str, now: datetime) -> str:
    """Return a request for two alarms with the time of each, where the second counts from the first.

    Args:
        text: The request.
        now: This moment, aware.
    """
    match = _CHAIN.fullmatch(text.strip(" .!?"))
    again = _AGAIN.fullmatch(match["more"]) if match is not None else None
    if match is None or again is None:
        return text
    spoken = read_moment(match["first"], now)
    at = spoken.moment(now, waking=True).at if spoken is not None else None
    second = _shifted(at, again, now)
    return text if at is None or second is None else f"{match['first']} and set an alarm for {second}"


def continued(text: str, last: Interpretation | None, now: datetime) -> str:
    """Return a request with what it leaves out, taken from the last one; as it is where it leaves nothing out.

    Args:
        text: The request.
        last: Reading of the request before; None where there was none.
        now: This moment, aware.
    """
    said = text.strip(" .!?")
    if last is None or said.count(" ") > _LONGEST:
        return text
    anew = repeated(said, last, now) if last.intent != "SetAlarm" or _AGAIN.fullmatch(said) is None else None
    if anew is not None:
        return anew
    if last.intent == "SetReminder":
        match = _DUTY_LAST.fullmatch(said) or _DUTY_FIRST.fullmatch(said)
        timed = read_moment(match["at"], now) if match is not None else None
        return f"remind me {match['at']} {match['duty']}" if match is not None and timed and not timed.rest else text
    if last.intent in _ALARM:
        return _alarm(said, last, now) or text
    return (_timer(said, last) if last.intent in _TIMER else None) or text


def _alarm(said: str, last: Interpretation, now: datetime) -> str | None:
    again = _AGAIN.fullmatch(said)
    if again is not None:
        spoken = read_moment(" ".join(value for slot, value in last.slots if slot in ("at", "date")), now)
        second = _shifted(spoken.moment(now, waking=True).at if spoken is not None else None, again, now)
        return f"set an alarm for {second}" if second is not None else None
    order = _ORDER.fullmatch(said)
    if order is not None:
        which = {"early": "earlier", "late": "later"}.get(order["order"].lower(), order["order"])
        return f"delete the {which} alarm"
    named = _AT_TIME.fullmatch(said)
    if named is not None:
        return f"{named['do']} the {in_digits(named['at'])} alarm"
    if _IS_SET.fullmatch(said) is not None:
        return "what alarms do i have"
    said = _LABEL.sub("", said)
    changed = _changed(said, last, now)
    if changed is not None:
        return changed
    alone = _ALONE.fullmatch(said)
    timed = read_moment(f"at {alone['value']}", now) if alone is not None else None
    plainly = alone is not None and timed is not None and timed.clock is not None and not timed.rest
    return f"set an alarm for {alone['value']}" if alone is not None and plainly else None


def _changed(said: str, last: Interpretation, now: datetime) -> str | None:
    """Return the request that moves the alarm just set: "make it half past", "every weekday", "an hour later"."""
    spoken = read_moment(" ".join(value for slot, value in last.slots if slot in ("at", "date")), now)
    at = spoken.moment(now, waking=True).at if spoken is not None else None
    if at is None:
        return None
    alarm = f"{say_time(at)} alarm"
    part, days, moved = _PART.fullmatch(said), _DAYS.fullmatch(said), moved_by(said, at)
    if part is not None:
        return f"move the {alarm} to {part['part']} {at.hour % 12 or 12} {'am' if at.hour < 12 else 'pm'}"
    to = _TO_TIME.fullmatch(in_digits(said))
    if to is not None:
        return f"move the {alarm} to {to['at']}"
    if moved is not None:
        return f"move the {alarm} {say_duration(abs(moved - at))} {'earlier' if moved < at else 'later'}"
    return f"move the {alarm} to {days['days']} at {say_time(at)}" if days is not None else None


def _shifted(at: datetime | None, again: re.Match[str], now: datetime) -> str | None:
    """Return the moment some time before or after another."""
    length = duration(in_digits(again["length"]))
    if at is None or length is None or not length.total_seconds():
        return None
    new = at - length if again["way"].lower().startswith(_EARLIER) else at + length
    return say_moment(new, now) if new > now else None


def reckoned(text: str, last: Interpretation | None, response: str) -> str:
    """Return a sum that goes on from the result of the last one: "divided by two"; the text as it is where it is none.

    Args:
        text: The request.
        last: Reading of the request before; None where there was none.
        response: The answer to it.
    """
    if last is None or last.intent != "Calculate":
        return text
    share, slots = _SHARE_OF.fullmatch(text.strip(" .!?")), dict(last.slots)
    if share is not None and slots.get("operator") == "percent of":
        return f"what is {slots['left']} percent of {share['of']}"
    match = _RECKONS.fullmatch(text.strip(" .!?"))
    result = _RESULT.search(response)
    if match is None or result is None:
        return text
    way = match["way"].lower()
    return f"what is {result[0].replace(',', '')} {_SIGNS.get(way, way)} {match['by']}"


def _timer(said: str, last: Interpretation) -> str | None:
    one = _THE_ONE.fullmatch(said)
    if one is not None:
        return f"{one['do']} the {one['name']} timer"
    steers = _STEERS.fullmatch(said) or (_GOES_ON.fullmatch(said) if last.intent == "HassPauseTimer" else None)
    if steers is not None:
        do = steers["do"].lower()
        return f"{do if do in ('pause', 'cancel') else 'resume'} the timer"
    if _HOW_LONG.fullmatch(said) is not None:
        return "how long is left on the timer"
    more = _MORE.fullmatch(said)
    added = _length(more["length"], last) if more is not None else None
    if added is not None:
        return f"add {added} to the timer"
    for shape in (_NAMED, _FOR, _BEFORE):
        match = shape.fullmatch(said)
        length = _length(match["length"], last) if match is not None else None
        if match is not None and length is not None and duration(in_digits(match["name"])) is None:
            name = match["name"]
            return f"set {'an' if name[0] in 'aeiou' else 'a'} {name} timer for {length}"
    alone = _ALONE.fullmatch(said)
    length = _length(alone["value"], last) if alone is not None else None
    return f"set a timer for {length}" if length is not None else None


def _length(words: str, last: Interpretation) -> str | None:
    """Return a length of time; a bare number has the unit of the last one."""
    plain = in_digits(words.strip())
    if plain.isdigit():
        unit = next((slot for slot, _ in last.slots if slot in _UNITS), "minutes")
        return f"{plain} {unit}"
    found = duration(plain)
    return plain if found is not None and found.total_seconds() else None
