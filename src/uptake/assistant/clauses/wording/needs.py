"""What people need, and how they go on about what was just done, in the words of the templates.

"We're running low on milk" is for the shopping list, "still too dark" asks for a brighter light, "ten minutes earlier"
moves what was set.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.wording.times.said_times import LENGTH
from uptake.text.patterns import regex

__all__ = ["NEEDS"]

_WELL = r"(?:(?:hey|oh|ok|okay|right|um|so|well|and|also),? )*"
_MORE = {"warm": "warmer", "hot": "warmer", "cool": "cooler", "cold": "cooler", "bright": "brighter", "dark": "dimmer",
         "loud": "louder", "quiet": "quieter"}  # fmt: skip
_MENDS = {"dark": "brighter", "bright": "dimmer"}

NEEDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        regex(
            rf"^{_WELL}(?:(?:i|we) (?:really )?(?:need|have|ought|want) to buy|don't let (?:me|us) forget to buy"
            r"|(?:(?:i'm|we're|i am|we are|it's) )?(?:running|getting) low on|shopping list:)"
            r" (?!(?:up|out|in|off|on|to|it|that|the)\b)(?P<what>[\w' -]{3,40}?)(?: (?:today|tomorrow"
            r"|soon))?(?: please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"add \g<what> to the shopping list",
    ),
    (
        regex(
            rf"^{_WELL}we need (?:some more |some |more )?(?!(?:to|the|this|that|it|you|your|my|our|help|an?"
            rf"|some|more|less|fresh"
            r"|quiet|silence|peace|sleep|time|light\w*|heat\w*|warm\w*|cool\w*|air|music|sound|volume|rest"
            r"|space|room|both"
            r"|all|every\w*|no|in|on"
            r"|off)\b)(?P<what>(?:[a-z'-]+ ){0,2}?[a-z'-]{3,})(?<! on)(?<! off)(?<! open)(?<! shut)"
            r"(?<! closed)(?<! up)(?<! down)(?: please)?[.!]*$",
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
        regex(
            r"(?P<front>^|[,.;!] (?:and |then )?)(?:(?:can|could) (?:you|we) |please |just )*(?:get|put|have|stick|blow"
            r"|let's have) some (?:cold|cool|colder|cooler)"
            r" air(?: (?:on|going|in|in here))*(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        r"\g<front>turn on the air conditioner",
    ),
    (
        regex(
            r"(?P<front>^|[,.;!] (?:and |then )?)(?:(?:can|could) (?:you|we|i) |please |just )*(?:get|put|have"
            r"|stick) (?:some"
            r"|a bit of|more|a little) (?:heat|warmth"
            r"|heating)(?: (?:on|going|in))*(?: here)?(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        r"\g<front>turn the heating up",
    ),
    (
        regex(
            rf"^{_WELL}(?:please |can you |could you )*(?:throw|chuck|sling|bung) on some (?!(?:lights?|lamps?"
            rf"|heat\w*|warm\w*|clothes)\b)"
            r"(?P<what>[\w' -]+?)(?P<where> in here| in the [\w ]+)?(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        r"play some \g<what>\g<where>",
    ),
    (
        regex(
            rf"^{_WELL}(?:is there )?any chance of (?:some|a bit of|a little) (?P<what>(?:[\w']+ )?(?:music"
            rf"|jazz|tunes|radio"
            r"|songs?))(?P<where> in (?:here|the [\w ]+))?(?: please)?[.!?]*$",
            re.IGNORECASE,
        ),
        r"play some \g<what>\g<where>",
    ),
    (
        regex(
            rf"^{_WELL}(?:let's|shall we|i want to|i'd like to|we're going to|i'm going to|time to) watch"
            r" (?:a (?:film|movie)|tv|telly|some (?:tv|telly)|the (?:tv|telly)|television)"
            r"(?: now| then| tonight)*[.!?]*$",
            re.IGNORECASE,
        ),
        "turn on the tv",
    ),
    (
        regex(
            r"^(?:hey |so |and |oh |ooh )*(?:what|which) (?:song|track|tune|music) is (?:this|that"
            r"|it)(?: playing)?[.!?]*$"
            r"|^(?:hey |so |and |oh |ooh )*what(?:'s| is) (?:this|that) (?:song|track|tune)(?: called)?[.!?]*$",
            re.IGNORECASE,
        ),
        "what is playing",
    ),
    (
        regex(
            rf"^{_WELL}(?:(?:it|that|this)(?:'s| is)(?: still| just)? |still )?not (?:quite |really |nearly )?"
            r"(?P<how>warm|hot|cool|cold|bright|dark|loud|quiet) enough(?: yet| now)*(?P<where> in here)?[.!]*$",
            re.IGNORECASE,
        ),
        lambda found: f"make it {_MORE[found['how'].lower()]}{found['where'] or ''}",
    ),
    (regex(rf"^(?P<long>{LENGTH}) (?P<way>earlier|later|sooner)(?: please)?[.!]*$", re.I), r"make it \g<long> \g<way>"),
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
    (
        regex(
            rf"^{_WELL}(?:(?:i|we) (?:need|want) |let's have |give (?:me|us) )?(?:some |a (?:bit|drop|touch) of "
            rf"|bit of )light in"
            r" (?P<where>(?:the |my )?[\w']+(?: room)?)(?=(?:,? (?:please|thanks|would you))?[.!]*$)",
            re.IGNORECASE,
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
)
"""Pattern, and what is said in its place."""
