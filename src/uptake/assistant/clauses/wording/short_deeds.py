"""Rows of what people say in short of things of the home, and its full wording: a colour, a level, half closed.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.wording.fragments import made
from uptake.assistant.clauses.wording.pieces import COLOUR
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["DEEDS", "HOPE", "NEEDLESS", "THINGS_SAID"]

HOPE = (
    r"(?:(?:is there )?(?:any|a) chance (?:that )?|(?:i|we)(?:'d| would) (?:be (?:so |very |really |ever so |most "
    r"|awfully |terribly"
    r" |extremely |eternally |much )?(?:grateful|glad"
    r"|happy|pleased)|appreciate it|love it|like it|prefer it) if |it(?:'d| would) be (?:\w+ )?(?:nice|lovely"
    r"|great|good"
    r"|kind|helpful|brilliant|better|best|cool|wonderful) if |(?:can|could|may|might) |)"
)
THINGS_SAID = r"(?:the|my|our|all|both|those|these|every) [\w', -]+?"

_OFF_TO_BE = {"on": "off", "off": "on", "open": "closed", "closed": "open", "shut": "open"}


def _needless(match: re.Match[str]) -> str:
    """Return the command for a state that a thing need not be in."""
    return made(match["what"], _OFF_TO_BE[match["state"].lower()])


def _coloured(match: re.Match[str]) -> str:
    """Return the command for the colour that a thing is hoped to have: "can the floor lamp go red"."""
    return f"make {match['what']} {match['colour']}" if match["hope"] else match[0]


def _partly(match: re.Match[str]) -> str:
    """Return the command to leave a cover ajar: "close the curtains, but not completely"."""
    return f"set {match['what']} to {75 if match['verb'].lower() in ('open', 'raise') else 25} percent"


def _left_alone(match: re.Match[str]) -> str:
    """Return what keeps a thing as it is: "leave the blinds" is no wish to close them."""
    return (
        match[0]
        if re.search(r"\b(?:on|off|open|closed|shut|house|home|room)$", match[0])
        else f"don't touch {match['what']}"
    )


_LAST_HOUR = 12


def _toned(match: re.Match[str]) -> str:
    """Return the command for a colour and how bright it is to be: "the lamp a warm white at thirty"."""
    level, said = in_digits(match["level"]), match[0].lower()
    is_hour = level.isdigit() and int(level) <= _LAST_HOUR and " at " in said and not said.endswith(("%", "percent"))
    if not level.isdigit() or is_hour:  # "the lamp to blue at nine"
        return match[0]
    return f"set {match['what']} to {match['colour']} and set {match['what']} to {level} percent"


def _shopping(match: re.Match[str]) -> str:
    """Return the request that puts on the shopping list what is to be added to nothing that is named."""
    return match[0] if _ELSEWHERE.search(match["what"]) else f"add {match['what']} to the shopping list"


def _on_the_dial(match: re.Match[str]) -> str:
    """Return the command to set a heater to a value that is said first: "nineteen and a half on the thermostat"."""
    value = in_digits(match["value"])
    return f"set {match['what']} to {value} degrees" if re.fullmatch(r"\d+(?:\.\d)?", value) else match[0]


_ELSEWHERE = regex(
    r"\b(?:to|on|onto|into|in|for|at|by|from|minutes?|mins?|hours?|seconds?|secs?|days?|timers?|alarms?|reminders?"
    r"|lists?"
    r"|it|that|this|them|those|more|degrees?|percent|entry|event|appointment|meeting|plus|volume|brightness|scene"
    r"|routine|another one|one|\d+)$|\b(?:to|onto|on (?:the|my|our)|timer|alarm|reminder|list|calendar|off|every"
    r"|when|if)\b",
    re.IGNORECASE,
)
DEEDS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        rf"(?:make|set|turn|have|put) (?P<what>{THINGS_SAID})(?: to)?(?: an?)? (?P<colour>{COLOUR}),? (?:at|and)"
        rf" (?P<level>"
        r"[\w-]+)(?: ?%| percent)?",
        _toned,
    ),
    (
        r"(?:have |give (?:me|us) |let's have |we need |i need )?(?:a )?(?:bit|drop"
        r"|touch) of light(?P<where>(?: in here| on)*)",
        r"turn on the light\g<where>",
    ),
    (
        r"lock(?: up)?[:,]? (?:both )?(?:the )?(?:doors,? )?(?:both |the )*(?:front and (?:the )?back"
        r"|back and (?:the )?front)(?: doors?)?(?: for the night| tonight| now| again)*",
        "lock the front door and the back door",
    ),
    (r"add (?P<what>[a-z][\w' ,-]*)", _shopping),
    (
        r"(?P<what>[a-z][\w' ,-]*?) (?:needs?|ha(?:s|ve)|ought|should|must|can|could) (?:to )?(?:go|be|be put|be added)"
        r" (?:on|onto|to|in) (?P<list>(?:the|my|our) (?:[\w-]+ )?list)",
        r"add \g<what> to \g<list>",
    ),
    (
        r"no lights?(?: on)? (?P<but>(?:apart from|except(?: for)?|other than|bar|but(?: for)?) .+)",
        r"turn off all the lights \g<but>",
    ),
    (
        r"(?P<value>[\w.-]+(?: [\w-]+){0,3}?)(?: degrees)? on (?P<what>(?:the|my|our) (?:[\w']+ )?(?:thermostat"
        r"|radiator"
        r"|heating|oven|ac|air con\w*))",
        _on_the_dial,
    ),
    (r"(?:let|buzz) (?:him|her|them|mum|mom|dad|(?:the|my|our) [\w']+) in(?:side| please)?", "unlock the front door"),
    (
        r"(?:stop|pause) (?:it|that|the music|playing|everything)(?: playing)? (?:everywhere|in (?:every|all the|all)"
        r" rooms?)",
        "stop the music everywhere",
    ),
    (
        r"(?:put on|put|do|have|run|start|let's have|switch to|go to) (?:the |my |our )(?P<what>[a-z]+(?: [a-z]+)?)"
        r" scene(?: on)?",
        r"activate the \g<what> scene",
    ),
    (
        rf"(?P<hope>{HOPE})(?P<what>{THINGS_SAID})(?: (?:could|can|may|might))?(?: please| now| just| both| all)*"
        rf" (?:be|go|turn|become|went|were)(?: made| set to)? (?P<colour>{COLOUR})(?: for (?:the|a|my|our|this) [\w'"
        rf" ]+)?",
        _coloured,
    ),
    (
        r"(?P<verb>close|shut|draw|lower|open|raise) (?P<what>(?:the|my|our) [\w' ]+?)(?:,| but|, but) not"
        r" (?:completely"
        r"|all the way|fully|entirely|quite|right|totally)(?: (?:closed|open|shut|up|down|though))*",
        _partly,
    ),
    (
        r"(?:take|bring|put|knock|nudge|move|pull|shift) (?P<what>(?:the |my )?(?:volume|sound|music|tv))"
        r" (?P<way>up|down)(?P<rest> (?:by|a|to) .+)?",
        lambda match: f"turn {match['what']} {match['way']}{match['rest'] or ''}",
    ),
    (
        r"(?:take|knock|shave|drop) (?P<amount>a|an|[a-z]+|\d+(?:\.\d)?) degrees? off(?: it| that)?",
        r"make it \g<amount> degrees less",
    ),
    (r"do (?P<what>(?:the|my|our|all the) (?:[\w']+ ){0,3}?(?:lights?|lamps?))", r"turn on \g<what>"),
    (
        r"(?:don't|do not|no need to|you needn't) (?:turn|switch|shut|put) (?P<what>(?:the|my|our) [\w' ]+?)"
        r" (?:off|out)"
        r"(?: completely| entirely| all the way| altogether)?,? (?:(?:but|just|only|please|maybe|rather)\b,?"
        r" ?)+(?:(?:turn"
        r"|put|bring) it )?(?P<way>down|up|lower|dimmer|brighter|quieter|louder|warmer|cooler|slower|faster)"
        r"(?P<much> a (?:bit|little|touch|notch)| slightly| by .+| to .+)?(?: please| then)*",
        r"make \g<what> \g<way>\g<much>",
    ),
    (
        r"(?:turn|switch|put) on (?P<what>(?:the|my|our) [\w' ]+?),? (?:but )?not too (?:fast|bright|strong"
        r"|loud|high|much)",
        r"set \g<what> to 33 percent",
    ),
    (r"(?:pre-?heat|heat up)(?: it| (?:the|my) oven)? to (?P<much>.+)", r"oven to \g<much>"),
    (r"(?P<what>(?:some )?music) (?P<where>everywhere|in (?:every|all the|all) rooms?)", r"play \g<what> \g<where>"),
    (
        r"(?:make a note|note(?: down)?|write down|remember)(?: that)? (?:we|i)(?:'re| are|'m| am)?(?: going to"
        r"| gonna)?"
        r" (?:need|want|ran out of|out of|short of|low on) (?P<what>(?!to\b)[a-z][\w' -]+)",
        r"add \g<what> to the shopping list",
    ),
    (
        r"(?:i|we) (?:don't|do not) (?:want|need) (?P<no>(?:the|my) [\w' ]+?) on,? (?:(?:but|just|only|rather)\b,? ?)+"
        r"(?P<yes>(?:the|my) [\w' ]+?)(?: on)?",
        r"turn off \g<no> and turn on \g<yes>",
    ),
    (r"leave(?: out)? (?P<what>(?:the|my|our) (?:[\w']+ ?){1,3})", _left_alone),
    (
        r"(?:put|pop|stick|whack|get|bung|throw) (?:some|a bit of|a little) (?P<what>(?!(?:more |extra )?(?:lights?"
        r"|lamps?|lighting|heat\w*|air\w*|fans?|water|coffee|tea|kettles?|noise)\b)[\w' ]+?) on"
        r"(?P<where> in the [\w ]+)?",
        r"play \g<what>\g<where>",
    ),
    (r"(?:be quiet|quiet|silence|shush|hush|pipe down|shut up)(?: please| now| you)*", "stop"),
    (
        r"(?:(?:i|we)(?:'m|'re) [\w' ]+? )?(?:and |so )*(?:i|we)(?:'d| would|'ll)? (?:want|like|need|have)"
        r" (?P<what>(?:the|my|our) [\w' ]+?)(?<! on)(?<! off)(?<! open)(?<! closed)(?<! shut) (?:to be )?(?:at"
        r"|on|up to)"
        r" (?P<amount>\d+|half|a half|a third|a quarter|three quarters|two thirds|full)(?P<unit> ?%| percent"
        r"| degrees)?,?(?: (?:could|can|would) you)?(?: do that)?(?: please)?",
        r"set \g<what> to \g<amount>\g<unit>",
    ),
)
"""Pattern of a whole request, courtesy aside, and what it means in the words of the templates."""
NEEDLESS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (
        r"(?P<what>(?:the|my|our|all) [\w' ]+?) (?:doesn't|does not|don't|do not|needn't|need not|shouldn't"
        r"|should not|mustn't|no longer needs?)"
        r"(?: really| actually)?(?: need)?(?: to)?(?: be)?(?: left)? (?P<state>on|open|running|closed|shut|off)"
        r"(?: (?:any ?more|any longer|now|right now|at the moment))*",
        _needless,
    ),
    (
        r"(?:there(?:'s| is) )?no (?:need|reason|point) (?:for|in) (?P<what>(?:the|my|our|all|any) [\w' ]+?)"
        r" (?:to be|being|to stay|staying) (?P<state>on|open|running)(?: now| any ?more| still)*",
        _needless,
    ),
)
"""The same of states that a thing need not be in."""
