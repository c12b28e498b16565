"""What people need, and how they go on about what was just done, in the words of the templates.

"We're running low on milk" is for the shopping list, "still too dark" asks for a brighter light, "ten minutes earlier"
moves what was set.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.wording.times.said_times import LENGTH
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["NEEDS"]

_WELL = r"(?:(?:hey|oh|ok|okay|right|um|so|well|and|also),? )*"
_MENDS = {"dark": "brighter", "bright": "dimmer"}
_HUNDREDS = ("one", "two", "three", "four", "five")

NEEDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        regex(
            rf"^{_WELL}(?:(?:i|we) (?:really )?(?:need|have|ought|want) to (?:buy|get|pick up)|don't let (?:me"
            rf"|us) forget to (?:buy|get)"
            r"|(?:i'm|we're|i am|we are|it's)? ?(?:running|getting) low on|shopping list:) (?!(?:up|out|down|in"
            r"|off|on|to|it|that|rid"
            r"|ready|home|going|moving|started|you|the \w+ (?:on|off))\b)(?P<what>(?:some |more |a "
            r"|an )?[\w' -]{3,40}?)"
            r"(?: (?:today|tomorrow|soon))?(?: please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"add \g<what> to the shopping list",
    ),
    (
        regex(
            rf"^{_WELL}we need (?:some |more |some more )?(?!(?:to|the|this|that|it|you|your|my|our|help|a|an"
            rf"|some|more|less|quiet"
            r"|silence|peace|sleep|time|light\w*|heat\w*|warm\w*|cool\w*|air|music|sound|volume|coffee now|rest"
            r"|space|room|both"
            r"|all|every\w*|no|in|on|off)\b)(?P<what>(?:[a-z'-]+ ){0,2}[a-z'-]{3,})(?: please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"add \g<what> to the shopping list",
    ),
    (
        regex(
            r"^(?:ok,? |right,? )*that's (?:enough|plenty) (?:of the |of that |of this )?(?:music|song|noise)[.!]*$",
            re.I,
        ),
        "stop the music",
    ),
    (
        regex(
            rf"^{_WELL}(?:(?:can|could|may) (?:we|i) have it|(?:i|we)(?:'d| would)? (?:want|like"
            rf"|need) it) (?:at |to be )?"
            r"(?P<n>[\w-]+(?: [\w-]+)?) degrees(?: in here)?(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        r"set the temperature to \g<n> degrees",
    ),
    (
        regex(
            rf"^{_WELL}(?:(?:can|could) (?:it|that|this) be (?:made )?|(?:it's |it is "
            rf"|that's )?still too (?=dark|bright))"
            r"(?P<bit>a (?:bit|little|touch|tad) )?(?P<how>\w+er|dark|bright)(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        lambda found: f"make it {found['bit'] or ''}{_MENDS.get(found['how'].lower(), found['how'])}",
    ),
    (
        regex(r"\b(?P<verb>turn|switch|put) (?P<what>it|them|that|those) back off\b", re.IGNORECASE),
        r"\g<verb> \g<what> off",
    ),
    (regex(rf"^(?P<long>{LENGTH}) (?P<way>earlier|later|sooner)(?: please)?[.!]*$", re.I), r"make it \g<long> \g<way>"),
    (regex(r"^(?:oh |ok |no,? )*off,? off(?: off)*[.!]*$", re.IGNORECASE), "off"),
    (
        regex(
            r"\b(?P<state>on|off|up|down|open|shut|closed|locked|percent) (?:as well|too|also)(?=(?:,? please)?\W*$)",
            re.I,
        ),
        r"\g<state>",
    ),
    (
        regex(
            r",? (?:thanks (?:heaps|loads|tons|a ton|a bunch|ever so(?: much)?)|ta (?:very much|so much|love"
            r"|muchly))(?=[.!]*$)",
            re.IGNORECASE,
        ),
        " please",
    ),
    (
        regex(
            rf"\b(?P<hundreds>{'|'.join(_HUNDREDS)}) (?P<tens>(?:ten|twenty|thirty|forty|fifty|sixty|seventy"
            rf"|eighty|ninety)"
            r"(?:[- ]five)?) (?=(?:degrees? )?(?:fahrenheit|celsius|f|c)\b)",
            re.IGNORECASE,
        ),
        lambda found: in_digits(f"{found['hundreds']} hundred and {found['tens']} ") + " ",
    ),
    (
        regex(
            r"^(?P<verb>(?:(?:can|could|would) you |please )*(?:turn|switch)) (?P<what>(?:the "
            r"|my )[\w' ]+?) (?P<way>on|off)"
            r" (?P<where>in the [\w']+(?: room)?)(?=(?:,? please)?[.!?]*$)",
            re.IGNORECASE,
        ),
        r"\g<verb> \g<way> \g<what> \g<where>",
    ),
    (
        regex(
            rf"^{_WELL}(?:please |can you )*(?:stick|put|pop|bung|whack) (?:some|a bit of) (?!(?:lights?|lamps?"
            rf"|heat\w*|warmth|air"
            r"|water|coffee|tea|toast|music|cream|clothes|shoes|more|of)\b)(?P<what>[\w']+(?: [\w']+)?) on"
            r"(?: in here)?(?P<where> in the [\w ]+)?(?:,? (?:please|would you|will you))?[.!?]*$",
            re.IGNORECASE,
        ),
        r"play \g<what>\g<where>",
    ),
    (regex(r"(?<=\w) (?:rn|atm)(?=[.!?]*$)", re.IGNORECASE), " now"),
    (regex(r"\bonn\b", re.IGNORECASE), "on"),
    (regex(r"\boff{2,}\b", re.IGNORECASE), "off"),
    (
        regex(
            r"^(?P<what>(?!(?:what|who|which|where|why|how|is|are|was|did|do|does|play|add|tell|say|think|i|we"
            r"|that|it)\b)[\w' ]*?"
            r"\b(?:lights?|ligth?s?|lamps?|fan|tv|telly|heating|kettle|oven|speaker|music)) of(?=(?:,? (?:please"
            r"|pls|plz|now))*"
            r"[.!]*$)",
            re.IGNORECASE,
        ),
        r"\g<what> off",
    ),
    (regex(r",? while (?:you're|you are|ur) (?:at it|there|about it)(?=\W*$|,)", re.IGNORECASE), ""),
    (
        regex(
            r"^(?:oh |no,? |oh no,? |wait,? |actually,? )+(?:do|go for|try|say) (?P<n>\d+(?:\.\d+)?"
            r"|[a-z]+(?:teen|ty)(?:[ -][a-z]+)?)"
            r"(?: or (?:i|we|he|she|they|it|[a-z]+) (?:'ll|will|won't|might|would)\b.*)?[.!]*$",
            re.IGNORECASE,
        ),
        r"no, make it \g<n>",
    ),
    (
        regex(
            r"\b(?P<state>(?:on|off|up|down|open|shut|closed)(?: in (?:the "
            r"|my )?[\w']+(?: room)?)?) (?:(?:right |straight )?now"
            r"|for (?:me|us))(?=(?:,? (?:please|thanks))?[.!]*$)",
            re.IGNORECASE,
        ),
        r"\g<state>",
    ),
    (
        regex(
            r"^(?P<ask>(?:please |can you |could you |ok,? |right,? )*)in (?P<where>(?:the |my )?(?:living room"
            r"|lounge|kitchen|bedroom"
            r"|bathroom|hall(?:way)?|study|office|garage|kids room|dining room|landing"
            r"|nursery)),? (?P<deed>(?:turn|switch|put|dim"
            r"|close|open|shut|set) (?:on |off )?(?:the |all the )?(?:lights?|lamps?|blinds?|curtains?|fan"
            r"|heating|radiator)\b"
            r"[\w% ]*?)(?=(?:,? (?:please|thanks|would you))?[.!]*$)",
            re.IGNORECASE,
        ),
        r"\g<ask>\g<deed> in \g<where>",
    ),
    (
        regex(
            rf"^{_WELL}(?:(?:i|we) (?:need|want) |let's have |give (?:me|us) )?(?:some |a (?:bit|drop|touch) of "
            rf"|bit of )light in"
            r" (?P<where>(?:the |my )?[\w']+(?: room)?)(?=(?:,? (?:please|thanks|would you))?[.!]*$)",
            re.IGNORECASE,
        ),
        r"turn on the light in \g<where>",
    ),
    (
        regex(
            rf"^{_WELL}(?:i|we) need light in (?P<where>(?:the |my )?[\w']+(?: room)?)(?=\W*$|,? please)", re.IGNORECASE
        ),
        r"turn on the light in \g<where>",
    ),
    (regex(rf"^(?P<ask>{_WELL}(?:please |can you |could you )*)start playing (?=\w)", re.IGNORECASE), r"\g<ask>play "),
    (
        regex(
            r"^(?P<ask>(?:please |can you |could you |ok,? |right,? )*)(?:put|stick|bang|pop|whack) on (?!(?:the"
            r"|a|an|all|some (?:light"
            r"|heat|warm)\w*|lights?|lamps?|heating|fan|tv|telly|kettle"
            r"|oven)\b)(?P<what>[\w' ]+? (?=(?:in the [\w']+(?: room)?|on the"
            r" (?:[\w']+ )?(?:speaker|tv|telly|soundbar|display))[.!]*$)|(?:my|some) [\w' ]*?(?:playlist|music"
            r"|songs|tunes|radio)(?=\W*$"
            r"| in | on ))",
            re.IGNORECASE,
        ),
        r"\g<ask>play \g<what>",
    ),
    (
        regex(
            r"^(?:(?:can|could) (?:we|i) have|i fancy|i'd like) (?P<what>(?:my |some |the )?[\w' ]*?(?:playlist"
            r"|album|radio))"
            r"(?=[ .!?]|$)",
            re.IGNORECASE,
        ),
        r"play \g<what>",
    ),
    (
        regex(
            rf"^{_WELL}(?:in )?(?:the |my )?(?P<where>living room|lounge|kitchen|bedroom|bathroom|hall(?:way)?"
            rf"|study|office|garage"
            r"|kids room|dining room|landing|nursery), (?P<what>(?:the |all the )?(?:lights?|lamps?|blinds?"
            r"|curtains?|heating|fan))"
            r" (?P<way>on|off|up|down|open|shut|closed)(?=(?:,? (?:please|thanks|would you))?[.!]*$)",
            re.IGNORECASE,
        ),
        r"\g<what> \g<way> in the \g<where>",
    ),
)
"""Pattern, and what is said in its place."""
