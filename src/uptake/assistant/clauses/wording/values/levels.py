"""Rows of levels that people say in words: "ceiling fan on low", "the lamp nice and warm", "the blinds halfway".

Limit: English; low, medium and high are a third, two thirds and all of what a thing can do.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.shares import SHARES

__all__ = ["LEVELS"]

_PERCENT = {"low": 33, "slow": 33, "medium": 66, "middle": 66, "mid": 66, "high": 100, "fast": 100, "full": 100}
_TONES = {"warm": "warm white", "cosy": "warm white", "cozy": "warm white", "cool": "cool white", "cold": "cool white",
          "warmer": "warm white", "cooler": "cool white", "colder": "cool white"}  # fmt: skip
_COVER = r"(?:[\w'-]+ ){0,4}?(?:blinds?|curtains?|shades?|shutters?|drapes|awning|door|window|garage)"
_CLOSES = re.compile(r"(?:close|shut|lower|draw)\b", re.IGNORECASE)
_SHARES = SHARES | {"a crack": 10}
_PUT = r"(?:(?:set|put|turn|switch|run|have|get|make|swap|change|move|stick|pop|whack|leave|keep) )?"
_LIGHT = r"(?:the |my |our |all the )?(?:[\w']+ )*?(?:lights?|lamps?|spots?|spotlights?|bulbs?)"


def _share(match: re.Match[str]) -> str:
    """Return how far something is to be open."""
    said = match["share"].lower()
    share = _SHARES.get(said) or int(re.sub(r"\D", "", said) or 0)
    closed = (match["how"] or "").strip().lower() in ("closed", "shut")
    verb = "close" if _CLOSES.match(match[0]) and not closed else "set"  # "a bit more" goes on that way
    return f"{verb} {match['what']} to {100 - share if closed else share} percent"


def _moved_by_share(match: re.Match[str]) -> str:
    """Return how far something is to be open that is opened, or closed, by a share."""
    share = _SHARES[match["share"].lower()]
    if match["by"]:
        return (
            f"{'raise' if match['verb'].lower() in ('open', 'raise') else 'lower'} {match['what']} by {share} percent"
        )
    return f"set {match['what']} to {share if match['verb'].lower() in ('open', 'raise') else 100 - share} percent"


def _share_closed(match: re.Match[str]) -> str:
    """Return how far something is to be open that is brought down by a share."""
    said = match["share"].lower()
    if match["by"]:
        return f"lower {match['what']} by {_SHARES.get(said) or int(re.sub(r'[^0-9]', '', said) or 0)} percent"
    return f"set {match['what']} to {100 - (_SHARES.get(said) or int(re.sub(r'[^0-9]', '', said) or 0))} percent"


def _speed(match: re.Match[str]) -> str:
    return f"set {match['what']} speed to {_PERCENT[match['level'].lower()]} percent"


def _bright(match: re.Match[str]) -> str:
    return f"set {match['what']} to {_PERCENT[match['level'].lower()]} percent"


def _number(match: re.Match[str]) -> str:
    """Return how bright a light is to be: "make the lamp twenty"."""
    level = in_digits(match["number"])
    return f"set {match['what']} to {level} percent" if level.isdigit() else match[0]


def _volume(match: re.Match[str]) -> str:
    return f"set the volume of {match['what']} to {_PERCENT[match['level'].lower()]} percent"


def _all_the_way(match: re.Match[str]) -> str:
    """Return the command for as much, or as little, as a thing can do."""
    what, up = match["what"], match["way"].lower() == "up"
    if not up and re.fullmatch(r"(?:the |my |all the |these )?(?:lights?|lighting|it|them)", what, re.IGNORECASE):
        return f"dim {what}"  # what is off stays off
    if re.search(r"\b(?:blinds?|curtains?|shades?|shutters?)$", what, re.IGNORECASE):
        return f"{'open' if up else 'close'} {what}"
    if re.search(r"\b(?:heating|thermostat|radiator|ac|oven|door|garage)$", what, re.IGNORECASE):
        return match[0]
    speed = " speed" if what.lower().endswith("fan") else ""
    return f"set {what}{speed} to {100 if up else 1} percent"


def _tone(match: re.Match[str]) -> str:
    return f"set {match['what']} to {_TONES[match['tone'].lower()]}"


def _colour(match: re.Match[str]) -> str:
    said = match["colour"].lower()
    return f"set {match['what']} to {'daylight' if said.startswith('daylight') else said}"


_LESS = {"loud": "quieter", "bright": "dimmer", "fast": "slower", "hot": "cooler", "warm": "cooler", "cold": "warmer",
         "dark": "brighter", "dim": "brighter", "quiet": "louder", "slow": "faster"}  # fmt: skip


def _less(match: re.Match[str]) -> str:
    return f"make it {'a bit ' if match['bit'] else ''}{_LESS[match['adj'].lower()]}"


def _light(match: re.Match[str]) -> str:
    return "make it brighter" if match["how"].lower() == "more" else "dim the lights"


def _coloured(match: re.Match[str]) -> str:
    level = in_digits(match["level"])
    what = match["what"]
    return f"set {what} to {match['colour']} and set {what} to {level} percent" if level.isdigit() else match[0]


LEVELS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        rf"(?:(?:set|put|open|close|shut|draw|pull|raise|lower|bring|get|have|leave|keep) )?(?P<what>{_COVER})"
        rf"(?: (?:up|down|open|to|at|just|only|about|around|roughly|maybe|nearly))*"
        rf" (?P<share>{'|'.join(_SHARES)}|\d+ ?(?:%|percent))(?: of the way)?"
        r"(?P<how> (?:open|closed|shut))",
        _share,
    ),
    (
        rf"(?:(?:set|put|open|close|shut|draw|pull|raise|lower|bring|get|have|leave|keep) )?(?P<what>{_COVER})"
        r"(?: (?:up|down|open|to|at|just|only|about))* (?P<share>halfway|half way|midway|a crack)(?P<how> (?:up"
        r"|down))?",
        _share,
    ),
    (
        rf"(?P<verb>open|raise|close|shut|lower) (?P<what>{_COVER})(?: up"
        rf"| down)?(?P<by> by)? (?P<share>{'|'.join(_SHARES)})(?: of the way)?",
        _moved_by_share,
    ),
    (
        rf"(?:bring|pull|put|let|lower|close|shut|draw|move) (?P<what>{_COVER})(?: down"
        rf"|(?P<by> by))+ (?P<share>{'|'.join(_SHARES)}"
        r"|\d+ ?(?:%|percent))(?P<how>)",
        _share_closed,
    ),
    (
        rf"(?:set|put|have|get|leave|move|adjust) (?P<what>{_COVER}) (?:to|at) (?P<share>\d+)(?P<how>)",
        _share,
    ),
    (
        rf"{_PUT}(?P<what>(?:the |my |our )?(?:[\w']+ )*?fan)(?: in here)?(?:(?:'s)? speed)?(?: on)?(?: to| at| on)?"
        rf"(?: a| the)? (?P<level>{'|'.join(_PERCENT)})(?: (?:speed|setting|power|mode))?",
        _speed,
    ),
    (
        rf"{_PUT}(?P<what>{_LIGHT})(?: on)?(?: to| at| on)?(?: a| the)? (?P<level>low|medium|high)(?: (?:setting"
        rf"|brightness|level))?",
        _bright,
    ),
    (
        rf"make (?P<what>{_LIGHT}) (?P<number>[\w-]+(?: [\w-]+)??)(?: ?%| percent)?",
        _number,
    ),
    (
        rf"(?:make|turn|have|set|get) (?P<what>{_LIGHT}) (?:a (?:bit|little) )?(?P<tone>warmer|cooler|colder)",
        _tone,
    ),
    (
        rf"{_PUT}(?P<what>(?:the |my |our )?(?:[\w']+ )*?(?:tv|telly|television|radio|speaker|soundbar|music))"
        r"(?: on| to| at) (?P<level>low|medium|full)(?: volume)?",
        _volume,
    ),
    (
        rf"(?:(?:make it|turn it|have it) )?(?P<bit>a (?:bit|little) )?(?:not (?:quite )?(?:so|as|that|too)"
        rf"|less) (?P<adj>{'|'.join(_LESS)})",
        _less,
    ),
    (
        r"(?:(?:it's|it is|that's|that is|is it|this is) )?(?:just |getting )*(?:a (?:bit|little|tad) |bit "
        r"|rather |very |awfully"
        rf" |terribly |quite |pretty |way |far |too |so )+(?P<adj>{'|'.join(_LESS)})(?: in here)?,?"
        r" (?:isn't it|innit|is it not|don't you think|wouldn't you say|no)",
        r"it's too \g<adj>",
    ),
    (
        r"(?:(?:have|get|give (?:me|us)|let's have|i (?:need|want)|we (?:need|want)|how about|maybe|with) )?"
        r"(?:(?:a (?:bit|little|lot)|much|some|slightly) )?(?P<how>less|more) (?:of the )?light(?: in here| please)*",
        _light,
    ),
    (
        r"(?:turn|crank|whack|put|bring|push|take|pull|get|run|dial|have|dim|draw|let|roll) (?P<what>[a-z' ]+?)"
        r" (?:all the way|right|fully|as far as (?:it goes|they go|possible)|to the max) ?(?P<way>up|down)",
        _all_the_way,
    ),
    (
        rf"(?:set|put|turn|make|have) (?P<what>{_LIGHT})(?: on)?(?: to| in)?(?: an?)?(?: (?:nice|cosy|cozy"
        rf"|soft|deep|lovely|gentle))*"
        r" (?P<colour>red|green|blue|yellow|orange|purple|pink|white|violet|turquoise)(?:,| at| and| with"
        r"| to)+(?: about)?"
        r" (?P<level>[\w-]+(?: [\w-]+)?) ?(?:%|percent)(?: brightness)?",
        _coloured,
    ),
    (
        rf"(?:set|put|turn|switch|make|swap|change|get|have) (?P<what>{_LIGHT})(?: to| a| be| look)*"
        r"(?: (?:nice and|nice|lovely and|bit|more|little|really|very|quite|all|something|cosy and|soft and))*"
        r" (?P<tone>warm|cosy|cozy|cool|cold)(?: (?:and (?:cosy|cozy|soft)|colou?r|tone|tones|light|again))*",
        _tone,
    ),
    (
        rf"(?:swap|change|switch|turn|flip|put|set|make) (?P<what>{_LIGHT}) (?:over |back |round )?(?:to|into) (?:a )?"
        r"(?P<colour>(?:daylight|natural|cool|cold|warm|soft|bright|neutral)(?: white)?(?: light)?)",
        _colour,
    ),
)
"""Pattern of a whole request, courtesy aside, and what it means in the words of the templates."""
