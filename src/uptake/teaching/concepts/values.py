"""Find values in a text: percentages, degrees, colours, whites, states, durations, media.

Positions count words of the normalised text (numbers in digits).

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

from uptake.text.patterns import regex

__all__ = ["COLORS", "VAGUE", "Kind", "Value", "decimals", "find_values", "is_shade", "of_kind", "plain_numbers"]

Kind = Literal["percent", "number", "kelvin", "degrees", "color", "state", "duration", "media", "concept", "vague"]

COLORS = frozenset(
    "red green blue yellow orange purple pink white violet turquoise cyan magenta teal lime indigo gold golden amber "
    "lavender salmon coral crimson peach mint maroon navy aqua beige brown olive plum rose burgundy lilac fuchsia "
    "scarlet emerald mauve tan ivory".split()
)
"""Colours by name."""

VAGUE = frozenset(
    "bright dim dark quiet loud soft softly low high cosy cozy nice warm cool cold hot relaxed calm brighter dimmer "
    "darker louder quieter warmer cooler lower higher slow fast slower faster gentle subtle comfy brightly quietly "
    "dimmed little bit dims brighten strong medium middling moderate gently faintly slightly down up".split()
)
"""Words that say which way, but not how much."""

_STATES = {
    "on": "on", "off": "off", "open": "open", "opened": "open", "opens": "open", "closed": "closed", "close": "closed",
    "closes": "closed", "shut": "closed", "shuts": "closed", "lock": "locked", "locked": "locked", "locks": "locked",
    "unlock": "unlocked", "unlocked": "unlocked", "unlocks": "unlocked", "mute": "muted", "muted": "muted",
    "unmute": "unmuted", "pause": "paused", "paused": "paused", "start": "on", "starts": "on", "started": "on",
    "stop": "off", "stops": "off", "stopped": "off", "running": "on", "dock": "docked", "docked": "docked",
    "arm": "on", "armed": "on", "disarm": "off", "disarmed": "off", "activated": "on", "deactivated": "off",
    "kill": "off", "raise": "open", "raised": "open", "lower": "closed", "lowered": "closed", "draw": "closed",
    "drawn": "closed", "enable": "on", "disable": "off", "playing": "on", "out": "out",
}  # fmt: skip
_FULL = (
    r"(?:(?:at |to |on )?(?:full|max|maximum|top|highest|the max|its brightest|the brightest|all the way up|full on)"
)
_PATTERNS: tuple[tuple[str, Kind, str], ...] = (
    (r"3 quarters of an hour", "duration", "2700"),
    (r"(?:an? |1 )?quarter of an hour", "duration", "900"),
    (r"half of an hour", "duration", "1800"),
    (r"(\d+(?:\.\d+)?|an?|half an?)(?: and a half)? (hours?|hrs?|minutes?|mins?|seconds?|secs?)"
     r"(?: and a half|(?: and)? (\d+) ?(minutes?|mins?|seconds?|secs?))?", "duration", ""),
    (r"(?:all the way (?:down|shut|closed)|(?:fully|completely) (?:down|shut|closed))(?! to \d)", "state", "closed"),
    (r"going(?! (?:off|on|to|down|up|out|in|home|back|dark))|bubbling|humming|set off(?= [a-z])", "state", "on"),
    (r"half as (?:bright|loud|high|fast|open|dim) as (?:it|they|that|those|things) (?:goes|gets|can|go|get|will)"
     r"(?: go| be)?", "percent", "50"),
    (r"(?:2 thirds) (?:closed|shut|down)", "percent", "33"),
    (r"(?:3 quarters) (?:closed|shut|down)", "percent", "25"),
    (r"(?:(?:a|1) )third (?:closed|shut|down)", "percent", "67"),
    (r"(?:(?:a|1) )quarter (?:closed|shut|down)", "percent", "75"),
    (r"all the way open|wide open", "state", "open"),
    (r"(?:nearly|almost|mostly|practically|just about|barely) (?:shut|closed|down|off|open|up|on|dark)", "vague", ""),
    (r"(\d+(?:\.\d+)?) ?(?:k|kelvin)\b", "kelvin", ""),
    (r"(?:soft |very |nice )?warm white\b|\bwhite and warm\b|\bwarm light\b", "kelvin", "2700"),
    (r"(?:cool|cold) daylight\b|\bdaylight(?: white)?\b", "kelvin", "6500"),
    (r"(?:cool|cold|neutral) white\b", "kelvin", "4000"),
    (r"candle ?light\b", "kelvin", "2000"),
    (r"(\d+(?:\.\d+)?) ?(?:%|percent|per cent)(?: (?:closed|shut|down))", "percent", "rest"),
    (r"(\d+(?:\.\d+)?) ?(?:%|percent|per cent)(?: (?:open|up|bright|brightness|volume|speed|dim))?", "percent", ""),
    (r"(\d+(?:\.\d+)?)(?P<half> and a half)? ?(?:°|degrees|degree)(?: celsius| c\b| centigrade)?", "degrees", ""),
    (r"(?:a |1 )?(?:half open|half closed|half way|halfway|half(?: and half)?|half(?:way)? up|half(?:way)? down"
     r"|half (?:volume|brightness|speed|power)|(?:(?:somewhere|about|right|bang|smack) )*(?:in the |the )?(?:middle|"
     r"midpoint|mid "
     r"way|midway)(?! of the (?:night|day|room|week)))(?! (?:an|a|hour|past))", "percent", "50"),
    (r"(?:(?:a|1) )third(?: open)?|a 3rd(?: open)?", "percent", "33"),
    (r"(?:2 thirds|3 quarters)(?: (?:open|up|brightness|volume|speed))?", "percent", "two"),
    (r"(?:(?:a|1) )quarter(?: open)?(?! (?:past|to|of an))", "percent", "25"),
    (r"(?:a|1) (?:fifth|5th)(?: open)?", "percent", "20"),
    (r"(?:a|1) (?:sixth|6th)(?: open)?", "percent", "17"),
    (r"(?:a|1) (?:eighth|8th)(?: open)?", "percent", "12"),
    (r"(?:a|1) (?:tenth|10th)(?: open)?", "percent", "10"),
    (_FULL + r"(?: (?:brightness|volume|speed|power|blast|whack|brightness please))?"
     r"|as (?:bright|loud|high|fast) as (?:it|they) (?:goes|gets|can|go|get|will)(?: go)?|full(?:y)? (?:up|bright)|"
     r"(?:right|way|turned right) up(?! (?:at|to|around|about|near) \d)|(?:maxed|cranked)(?: right)?(?: out| up)?|"
     r"flat out|as (?:bright|loud|fast) as possible)",
     "percent", "100"),
    (r"(?:at |to |on )?(?:its |the |their )?(?:minimum|lowest|min|dimmest)(?: (?:setting|level|brightness|volume))?"
     r"|as (?:dim|dark|low|quiet|slow|gentle) as (?:(?:it|they) (?:goes|gets|can|go|get|will)(?: (?:go|get))?|(?:you|"
     r"we) can"
     r"(?: (?:get|make|have|set|turn|manage) (?:it|them))?|possible)", "percent", "1"),
    (r"(\d+(?:\.\d+)?)(?P<half> and a half)?(?! ?(?:am|pm|o'clock|times|of|people)\b)", "number", ""),
)  # fmt: skip
_COMPILED = tuple((regex(rf"(?<!\S)(?:{pattern})(?!\S)"), kind, fixed) for pattern, kind, fixed in _PATTERNS)
_PLAY = regex(
    r"(?<!\S)(?:(?:start |keep |be )?play(?:s|ing)?|put on|put(?= (?:the |my |our )?(?:playlist|album|station|radio "
    r"station|podcast|song|track|audiobook)\b)|use|queue|shuffle|listen(?:s|ed|ing)? to) (?P<some>some(?:thing|"
    r"body)? (?:by |from "
    r")?|anything (?:by |from )|a bit of |the |my |our |a |an )?(?P<query>.+?)(?= (?:on|in|from|at|over|through|out) "
    r"(?:the|my|our|your|all|volume)\b| at \d| on [a-z]+ speakers?\b| instead\b| for [a-z ]+ instead\b| please\b|$)"
)
_CLASS = regex(
    r"^(?:the )?(?P<front>playlist|album|artist|station|radio station|podcast|song|track|audiobook|audio book|"
    r"channel) (?:called |named |of )?(?P<rest>.+)$|^(?P<first>.+?) (?P<back>playlist|album|podcast|station|"
    r"audiobook)$"
)
_PLAYER = regex(r" (?:on|in|from|over|through) (?:the|my|our|your|all)\b.*$")
_UNIT = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Value in a text."""

    kind: Kind
    """Kind of the value."""
    text: str
    """The value: digits, a colour, a state, the words to search for, or seconds."""
    start: int
    """First word."""
    end: int
    """Word after the last."""
    media_class: str | None = None
    """What is to be played: "playlist", "album" …; None where it was not said."""


def find_values(
    words: Sequence[str], concepts: Sequence[tuple[str, ...]] = (), *, may_name_media: bool = True
) -> list[Value]:
    """Find the values of normalised words, from the left.

    >>> [(one.kind, one.text) for one in find_values("set it to 40 percent and make it warm white".split())]
    [('percent', '40'), ('kelvin', '2700')]

    Args:
        words: The words.
        concepts: Names of concepts, as words, that count as values.
        may_name_media: Whether media may be named without a verb: not where a thing of the home is named first.
    """
    taken = [False] * len(words)
    found: list[Value] = []
    for name in sorted(concepts, key=len, reverse=True):
        for at in range(len(words) - len(name) + 1):
            if tuple(words[at : at + len(name)]) == name and not any(taken[at : at + len(name)]):
                found.append(Value(kind="concept", text=" ".join(name), start=at, end=at + len(name)))
                taken[at : at + len(name)] = [True] * len(name)
    text = " ".join(words)
    starts = _starts(words)
    played = _played(text, starts, may_name_media=may_name_media)
    if played is not None and not any(taken[played.start : played.end]):
        found.append(played)
        taken[played.start : played.end] = [True] * (played.end - played.start)
    for pattern, kind, fixed in _COMPILED:
        for match in pattern.finditer(text):
            start, end = starts[match.start()], starts[match.end() + 1] if match.end() < len(text) else len(words)
            if not any(taken[start:end]):
                found.append(Value(kind=kind, text=_text(kind, fixed, match), start=start, end=end))
                taken[start:end] = [True] * (end - start)
    for at, word in enumerate(words):
        kind_of = _single(word)
        if kind_of is not None and not taken[at] and not (word == "out" and _is_of_a_verb(words, at)):
            found.append(Value(kind=kind_of[0], text=kind_of[1], start=at, end=at + 1))
    measured = {one.start for one in found if one.kind in _MEASURED}
    kept = [
        one
        for one in found
        if not (one.kind == "state" and [*words[one.start : one.end]] == ["on"] and one.end in measured)
    ]
    return sorted(kept, key=lambda one: one.start)


_GOES_OUT = frozenset("turn put switch go be come send".split())


def _is_of_a_verb(words: Sequence[str], at: int) -> bool:
    """Tell whether a word belongs to what somebody is to do, and switches nothing: "(enough) to peek out"."""
    before = words[at - 1] if at else ""
    return before == "far" or (at > 1 and words[at - 2] == "to" and before not in _GOES_OUT)


_MEASURED = frozenset({"number", "percent", "degrees", "kelvin", "color"})
"""Kinds of values that "on" may lead to: "the heater on 24"."""
_THOUSANDS = regex(r"(?<=\d),(?=\d{3}\b)")
_FRACTIONS = {"3/4": "three quarters", "1/4": "a quarter", "1/2": "half", "1/3": "a third", "2/3": "two thirds"}
_FRACTION = regex(r"(?<![\d/])(?:[123]/[234])(?![\d/])")
_A_HUNDRED = regex(r"\b(?:a|one) hundred\b(?! (?:and )?\w+teen)", re.IGNORECASE)
_HALVES = regex(r"\b(\d+) and a half\b(?! (?:hour|minute|second))")
_THOUSAND = regex(r"\b(\d{1,2}) thousand(?: (?:and )?(\d{1,3})( hundred)?)?\b")
_HUNDREDS = regex(r"\b(\d{1,2}) hundred\b")
_POINTS = regex(r"\b(\d+) point (\d)\b")


def plain_numbers(text: str) -> str:
    """Write thousands without commas and fractions in words.

    >>> plain_numbers("5,000 kelvin, 3/4")
    '5000 kelvin, three quarters'
    """
    text = _A_HUNDRED.sub("100", _THOUSANDS.sub("", text))
    return _FRACTION.sub(lambda match: _FRACTIONS.get(match[0], match[0]), text)


def decimals(text: str) -> str:
    """Write "19 and a half" and "18 point 5", as `normalize` leaves them, as one number.

    >>> decimals("19 and a half"), decimals("18 point 5")
    ('19.5', '18.5')
    """
    text = _HUNDREDS.sub(lambda match: f"{match[1]}00", _THOUSAND.sub(_in_digits, text))
    return _POINTS.sub(r"\1.\2", _HALVES.sub(r"\1.5", text))


def _in_digits(match: re.Match[str]) -> str:
    return str(int(match[1]) * 1000 + int(match[2] or 0) * (100 if match[3] else 1))


_OF_KIND: dict[str, dict[str, tuple[Kind, str]]] = {
    "vacuum": {
        **dict.fromkeys(("home", "base", "back", "dock"), ("state", "docked")),
        **dict.fromkeys(
            "clean cleans cleaning hoover hoovers hoovering vacuums vacuuming sweep sweeps sweeping mop mops run "
            "runs go "
            "goes round rounds spin whirl whizz wander loose".split(),
            ("state", "on"),
        ),
    },
    "cover": {"down": ("state", "closed"), "up": ("state", "open")},
    "fan": {
        **dict.fromkeys(("low", "slow", "gentle"), ("percent", "33")),
        **dict.fromkeys(("medium", "middling", "moderate"), ("percent", "66")),
        **dict.fromkeys(("high", "fast"), ("percent", "100")),
    },
}


def is_shade(words: Sequence[str], start: int, end: int) -> bool:
    """Return whether the word "light" is half of a colour: "a light green".

    >>> is_shade("a light green".split(), 1, 2), is_shade("the light green".split(), 1, 2)
    (True, False)
    """
    said = start and words[start - 1] in ("the", "my", "our")
    return [*words[start:end]] == ["light"] and not said and words[end : end + 1] != [] and words[end] in COLORS


def of_kind(kind: str, words: Sequence[str], values: Sequence[Value], taken: Container[int]) -> list[Value]:
    """Read words that are a value for one kind of device only: "the blinds down", "the fan on low".

    Args:
        kind: Domain of the devices.
        words: The words.
        values: The values that any device takes, found before.
        taken: Words that are part of a name.
    """
    own = _OF_KIND.get(kind, {})
    found = [
        Value(kind=own[word][0], text=own[word][1], start=at, end=at + 1)
        for at, word in enumerate(words)
        if word in own and at not in taken and not any(one.start < at < one.end for one in values)
    ]
    states = [one for one in values if one.kind == "state"]
    if not found or any(one.kind in ("percent", "number") for one in values):
        return list(values)
    if found[0].kind == "state" and states and kind == "cover":
        return list(values)
    spans = {one.start for one in found}
    kept = [one for one in values if one.start not in spans and not (one.kind == "state" and found[-1].kind == "state")]
    return sorted([*kept, found[-1]], key=lambda one: one.start)


def _starts(words: Sequence[str]) -> dict[int, int]:
    """Return the word that begins at each character."""
    starts, at = {}, 0
    for index, word in enumerate(words):
        starts[at] = index
        at += len(word) + 1
    starts[at] = len(words)
    return starts


def _single(word: str) -> tuple[Kind, str] | None:
    if word in COLORS:
        return "color", {"golden": "gold"}.get(word, word)
    if word in _STATES:
        return "state", _STATES[word]
    return ("vague", word) if word in VAGUE else None


def _text(kind: Kind, fixed: str, match: re.Match[str]) -> str:
    if fixed == "rest":
        return _plain(100 - float(match[1]))
    if fixed == "two":
        return "67" if match[0].startswith("2") else "75"
    if kind == "duration":
        return fixed or str(_seconds(match))
    half = 0.5 if "half" in match.re.groupindex and match["half"] else 0.0
    return fixed or (match[0] if kind == "vague" else _plain(float(match[1]) + half))


def _seconds(match: re.Match[str]) -> int:
    amount = 0.5 if match[1].startswith("half") else 1.0 if match[1] in ("a", "an") else float(match[1])
    unit = _UNIT[match[2][0]]
    more = unit / 2 if "and a half" in match[0] else 0.0
    if match[3]:
        more = float(match[3]) * _UNIT[match[4][0]]
    return round(amount * unit + more)


def _played(text: str, starts: dict[int, int], *, may_name_media: bool) -> Value | None:
    match = _PLAY.search(text)
    if match is None or match.start() not in starts:
        return _called(text) if may_name_media else None
    query, media_class = match["query"].strip(), None
    verb = match[0].split()[0]
    named = _CLASS.match(query)
    if verb in ("use", "put") and named is None:
        return None
    if named is not None:
        media_class = named["front"] or named["back"]
        query = named["rest"] or named["first"]
    elif match["some"] and match["some"].strip() in ("the", "my", "our", "a", "an"):
        query = f"{match['some'].strip()} {query}" if match["some"].strip() == "the" else query
    end = match.end("query")
    return Value(
        kind="media",
        text=query,
        start=starts[match.start()],
        end=starts[end + 1] if end < len(text) else starts[len(text) + 1],
        media_class={"track": "song", "audio book": "audiobook", "radio station": "station"}.get(
            media_class or "", media_class
        ),
    )


def _called(text: str) -> Value | None:
    """Return media that is named without a verb: "my rain sounds playlist"."""
    query = re.sub(r"^(?:with|it's|it is|my|our|the|a) ", "", _PLAYER.sub("", text))
    named = _CLASS.match(query)
    if named is None or (named["front"] in ("channel", "station", "track", "song") and named["rest"].isdigit()):
        return None
    said, sort = named["rest"] or named["first"], named["front"] or named["back"]
    return Value(kind="media", text=said, start=0, end=len(_PLAYER.sub("", text).split()), media_class=sort)


def _plain(number: float) -> str:
    return f"{number:g}"
