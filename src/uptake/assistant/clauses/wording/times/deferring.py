"""Say when something is to be done that people put off: "give it ten minutes and then close the blinds".

Limit: English; an action that waits for something to happen is left to the conditions.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.phrases.durations import DURATION, duration
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["deferred", "is_vague"]

_WAIT = (
    r"(?:(?:let's |let us |we'll |just |please )*(?:give (?:it|me|us|them|that)|wait(?: for)?|hold on(?: for)?"
    r"|hang on(?: for)?|hold off(?: for)?|hold fire(?: for)?|leave (?:it|that|them)(?: for)?|sit tight(?: for)?"
    r"|allow|let|count to|stay put(?: for)?|pause(?: for)?))"
)
_FIRST = regex(
    rf"(?P<wait>{_WAIT}) (?P<length>[\w' .-]{{1,30}}?)(?: (?:pass|go by|first|more|yet))?"
    r"(?P<joint>,? and then |,? then |,? and |, | before (?:you )?)(?P<deed>\S.*)",
    re.IGNORECASE,
)
_THEN = regex(
    r"(?P<length>[\w' -]{1,25}? (?:minutes?|mins?|hours?|seconds?|secs?)|half an hour"
    r"|an hour)(?P<joint>,? (?:and )?then |(?: from now|'s time),? )"
    r"(?P<deed>\S.*)",
    re.IGNORECASE,
)
_LAST = regex(
    rf"(?P<deed>\S.*?)(?:,| -)? but (?:please )?(?:{_WAIT} (?P<length>[\w' .-]{{1,30}}?)(?: first| before (?:you do"
    r"(?: it| that)?|doing (?:it|that|so)))?|(?:not|never) (?:before|until|till) (?P<clock>[\w' :.-]{1,30}))",
    re.IGNORECASE,
)
_NEEDS = regex(
    r"(?!(?:turn|switch|set|put)\b)[\w' ]+? (?:needs?|wants?|takes?|has|have got|(?:will|'ll) (?:need|take|be (?:done"
    r"|ready)"
    r" in))(?: got)?(?: about| another| only| just)* (?P<length>[\w' -]{1,25}? (?:minutes?|hours?|seconds?)|half an"
    r" hour"
    r"|an hour)(?: more| longer| left| to go)?[,.;]? (?:and |so |then )*(?P<deed>\S.*?),? (?:after that|afterwards"
    r"|then|when"
    r" (?:it's|it is|that's) (?:done|over|up|finished)|at the end)",
    re.IGNORECASE,
)
_GIVES = regex(
    r"(?:let|give|leave) (?P<what>(?:the|my|our) [a-z' ]+?) (?:(?:run|stay on|go)(?: for)? |on for )?(?:another |about "
    rf"|just )*(?P<length>{DURATION})(?: more| longer)?,? (?:and )?then"
    r" (?:turn|switch|shut|knock|put) (?:it|them) (?P<state>on|off)"
)
"""A thing that is to go on for some time, and what is to be done with it then."""
_NOT_NOW = regex(
    r"(?:not (?:yet|now|just yet|right now|right away|immediately|straight away),? (?:but |only )?"
    r"(?P<when>(?:in|at) .+)|(?P<first>\S.*?),? (?:but |just )*not (?:yet|now|just yet|right now"
    r"|right away|immediately|straight away),? (?:but |only |rather )*(?P<then>(?:in|at|after) .+))",
    re.IGNORECASE,
)
_TILL = regex(
    r"(?:i|we|he|she|they)(?:'m| am|'ll be|'re| are|'s| is| will be) [\w ]+? (?:until|till|til) (?P<clock>[\w: ]+?),"
    r" (?:so |and )?(?P<deed>\S.*?) (?:then|at that (?:point|time)|after that|afterwards)",
    re.IGNORECASE,
)
_UNTIL = regex(r"(?:until|till|til) (?P<clock>.+)", re.IGNORECASE)
_BREATH = regex(r"(?:a|1|one) (?:sec|second|moment|minute|mo|tick|bit)|up", re.IGNORECASE)
_VAGUE = (
    r"(?:an? (?:short |little |wee )?(?:bit|while|moment|mo|tick|jiffy|few(?: minutes?| moments?| hours?)?|little)"
    r"|(?:some|several) (?:time|minutes|hours|moments))"
)
_SOME_TIME = regex(_VAGUE, re.IGNORECASE)
_LATER = (
    rf"(?:(?:in|after|for) {_VAGUE}|(?:a (?:bit|little) |some ?time )?later(?: on| today)?|at some point"
    rf"|eventually|before long|some ?time"
    r"|soon|sooner or later|by and by|when the time comes|not (?:now|yet|just yet|right now))"
)
_PUT_OFF = regex(rf"(?:(?P<first>{_LATER}),? (?P<deed>\S.*)|(?P<also>\S.*?),? (?:but )?{_LATER})", re.IGNORECASE)
_OF_AN_HOUR = (
    (regex(r"\b(?:a )?quarter of an hour\b", re.IGNORECASE), "15 minutes"),
    (regex(r"\b(?:three quarters|3 quarters) of an hour\b", re.IGNORECASE), "45 minutes"),
    (regex(r"\ban hour and (?=[\w-]+ (?:minutes?|mins?)\b)", re.IGNORECASE), "1 hour and "),
    (regex(r"\ba minute and (?=[\w-]+ (?:seconds?|secs?)\b)", re.IGNORECASE), "1 minute and "),
)
_HALF = regex(
    r"\b(?P<count>\w+) and (?:a|1) half (?P<unit>hour|minute)s?\b"
    r"|\b(?P<whole>\w+) (?P<of>hour|minute)s? and (?:a|1) half\b",
    re.IGNORECASE,
)
_SMALLER = {"hour": "minutes", "minute": "seconds"}
_LENGTH = regex(r"\b(?:minutes?|mins?|hours?|seconds?|secs?)\b", re.IGNORECASE)
_ABOUT = regex(
    r"\b(?:about|around|roughly|maybe|perhaps|a good|at least) (?=(?:\d|half an|an hour|(?:[a-z]+[ -]){1,2}(?:minutes"
    r"|mins|hours|seconds)))",
    re.IGNORECASE,
)
_HAS_ITS_TIME = regex(
    r"(?:remind|wake|tell|ask|notify|add|snooze|let me know)\b|.*\b(?:timers?|alarms?|reminders?)\b", re.IGNORECASE
)


def deferred(text: str) -> str:
    """Return a request with its time behind the action that is put off; as it is where none is.

    >>> deferred("give it ten minutes and then close the blinds"), deferred("hold on a second, open the blinds")
    ('close the blinds in 10 minutes', 'open the blinds')
    >>> deferred("turn on the heating, but not before eight")
    'turn on the heating at eight'
    >>> deferred("I'm reading till ten, turn the lamp off then")
    'turn the lamp off at ten'
    >>> deferred("set a timer for two and a half hours")
    'set a timer for 150 minutes'
    """
    plain = text.strip(" .!?")
    for pattern, minutes in _OF_AN_HOUR:
        plain = pattern.sub(minutes, plain)
    plain = _HALF.sub(_in_smaller, plain)
    plain = _ABOUT.sub("", plain) if _LENGTH.search(plain) else plain
    said = without_courtesy(plain) or plain
    goes_on = _GIVES.fullmatch(in_digits(said))
    if goes_on is not None:
        return f"turn {goes_on['what']} {goes_on['state']} in {goes_on['length']}"
    for pattern in (_TILL, _NEEDS, _FIRST, _THEN, _LAST, _NOT_NOW):
        match = pattern.fullmatch(plain) or pattern.fullmatch(said)
        found = None if match is None else _behind(match)
        if found is not None:
            return found
    return text if plain == text.strip(" .!?") else plain


def _in_smaller(half: re.Match[str]) -> str:
    """Return a length with a half in the next smaller unit, so that its "and" joins no two requests."""
    count, unit = half["count"] or half["whole"], (half["unit"] or half["of"]).lower()
    digits = "1" if count.lower() in ("a", "an") else in_digits(count)
    return f"{60 * int(digits) + 30} {_SMALLER[unit]}" if digits.isdigit() else half[0]


def _behind(match: re.Match[str]) -> str | None:
    """Return the action with the time behind it; None where it is no action, or no time that is known."""
    parts = match.groupdict()
    if parts.get("when") is not None:
        return parts["when"]  # the action is behind it
    deed = (parts.get("deed") or parts.get("first") or "").strip(" ,")
    if not is_command(deed) or _HAS_ITS_TIME.match(without_courtesy(deed)):
        return None
    if parts.get("then") is not None:
        return f"{deed} {parts['then']}"
    if parts.get("clock") is not None:
        return f"{deed} {_at(parts['clock'])}"
    length, joint = (parts["length"] or "").strip(), parts.get("joint", " then ")
    if joint == ", " and _BREATH.fullmatch(length):
        return deed  # "hold on a second, turn it off" is a way to begin
    return _for(deed, length, (parts.get("wait") or "").lower())


def _for(deed: str, length: str, wait: str) -> str | None:
    """Return an action with the length of time that is to go by before."""
    until = _UNTIL.fullmatch(length)
    if until is not None:
        return f"{deed} {_at(until['clock'])}"
    if _SOME_TIME.fullmatch(length):
        return f"{deed} in {length}"
    digits = in_digits(length)
    if wait.endswith("count to") and digits.isdigit():
        return f"{deed} in {digits} seconds"
    if duration(digits) is not None:
        return f"{deed} in {digits}"
    waits = wait.endswith(("wait for", "hold on for", "hang on for", "hold off for"))
    return f"{deed} once {length} is over" if waits else None


def _at(clock: str) -> str:
    """Return a moment, or a condition, behind an action."""
    digits = in_digits(clock)
    if re.match(r"(?:\d|noon|midnight|half|quarter|tomorrow|eight|nine|ten)", digits, re.IGNORECASE):
        return clock if clock.lower().startswith("tomorrow") else f"at {clock}"
    return f"once {clock}"


def is_vague(text: str) -> bool:
    """Tell whether an action is put off to a time that nobody can tell.

    >>> is_vague("close the blinds in a bit"), is_vague("close the blinds in ten minutes"), is_vague("remind me later")
    (True, False, False)
    """
    match = _PUT_OFF.fullmatch(text.strip(" .!?"))
    if match is None:
        return False
    deed = without_courtesy((match["deed"] or match["also"] or "").strip(" ,"))
    return is_command(deed) and _HAS_ITS_TIME.match(deed) is None
