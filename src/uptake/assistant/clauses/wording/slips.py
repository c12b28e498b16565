"""Slips of the tongue and of the thumb, and what is said beside a request without a comma: "oops", "rn", "light of".

Anybody's words, a title or the text of a reminder, stay as they are: see `uptake.assistant.clauses.wording.spoken`.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.wording.times.said_times import LENGTH
from uptake.text.patterns import regex

__all__ = ["SLIPS"]

_COUNT = r"(?:\d+(?:\.\d)?|[a-z]+(?:teen|ty)(?:[ -][a-z]+)?|(?:a|one|two) hundred(?: and [a-z]+)?)"

SLIPS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (regex(r"(?<=\w)(?:\.{2,}|\u2026) ?(?=\w)"), ", "),
    (regex(r"(?<=\w),? (?:oops|whoops|oopsie)(?: i mean(?:t)?)?,? (?=(?:the |my )?\w)", re.IGNORECASE), ", no, "),
    (
        regex(
            r"^(?:(?:can|could) you |please |just )*(?:check(?: on| up on)?|(?:what's the )?status(?: of| on)?)"
            r" (?P<what>(?:the |my |our )(?!list|time|date|weather|calendar|news|temperature|temp|batter|timer"
            r"|alarm|if\b)"
            r"[\w' ]+?)(?: for me| please)*[.!?]*$",
            re.IGNORECASE,
        ),
        r"what is the state of \g<what>",
    ),
    (regex(rf"(?P<long>\b{LENGTH}) for (?:me|us)\b", re.IGNORECASE), r"\g<long>"),
    (
        regex(
            rf"^(?:(?:can|could) you |please )*give (?:me|us) (?P<long>{LENGTH}) of (?P<what>(?:the |my "
            rf"|our )[\w' ]+?)"
            r"(?=\W*$|,? please)",
            re.IGNORECASE,
        ),
        r"turn on \g<what> for \g<long>",
    ),
    (regex(r",? but (?:only|just) (?=for (?:an?|half|\w+) )", re.IGNORECASE), " "),
    (
        regex(
            r"^(?P<verb>(?:please |can you |could you )*(?:turn|switch|put)) the [\w' ]+?,? (?:i mean(?:t)?|no"
            r"|sorry|or rather"
            r"|actually),? (?P<what>the [\w' ]+?),? (?P<way>on|off)\b",
            re.IGNORECASE,
        ),
        r"\g<verb> \g<what> \g<way>",
    ),
    (
        regex(r"\b(?P<verb>turn|switch|put) (?P<what>it|them|that|those) back off\b", re.IGNORECASE),
        r"\g<verb> \g<what> off",
    ),
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
    (regex(r"(?<=\w) (?:rn|atm)(?=[.!?]*$)", re.IGNORECASE), " now"),
    (regex(r"\bonn\b", re.IGNORECASE), "on"),
    (
        regex(
            rf"^(?:(?:no|eh|sorry|oh|wait),? )*not (?:at )?{_COUNT}(?: degrees| percent)?,? (?:but )?i (?:meant"
            rf"|said|wanted)"
            rf" (?P<n>{_COUNT})(?= degrees| percent|\W*$)",
            re.IGNORECASE,
        ),
        r"no, make it \g<n>",
    ),
    (
        regex(
            rf"\b(?P<at>in|at|for|to|about|by) like (?={_COUNT}\b|\d|half\b|an?\b"
            r"|[a-z]+ (?:minutes|hours|percent|degrees))",
            re.I,
        ),
        r"\g<at> ",
    ),
    (
        regex(
            r"\b(?:the )?(?:bairns?|weans?|kiddies|nippers|kid|kids)['\u2019]?s?['\u2019]? (?=(?:room|bedroom)\b)",
            re.IGNORECASE,
        ),
        "the kids ",
    ),
    (
        regex(
            r"\b(?:the )?(?:bairns?|weans?|kiddies|nippers)['\u2019]?s?['\u2019]? (?=(?:lights?|lamp|blinds"
            r"|curtains)\b)",
            re.I,
        ),
        "the kids room ",
    ),
    (
        regex(
            r"(?<=\w )(?:have|put|turn|set|keep|get) (?P<it>it|them) (?:right |really |way |quite )?(?:down )?low\b"
            r"(?! to)",
            re.IGNORECASE,
        ),
        r"set \g<it> to 20 percent",
    ),
    (regex(r"\b(?P<at>by|in|on|next to|beside|near) me (?=(?:bed|room|desk|chair)\b)", re.IGNORECASE), r"\g<at> my "),
    (
        regex(
            r"(?P<way>\b(?:on|off|open|down|up)) for (?:(?:our |my )?(?:mum|mam|mom|dad|gran|nan|grandma"
            r"|grandad|granny|aaji|wife|husband)"
            r"|the (?:kids|baby|dog|cat)|him|her|them)(?=\W*$)",
            re.IGNORECASE,
        ),
        r"\g<way>",
    ),
    (
        regex(
            rf"^(?:ooh |oh |ugh |wow |hey )*it(?:'s| is) (?:about |like |only "
            rf"|over )?{_COUNT}(?: degrees)?(?: in here| inside)?,?"
            r"(?: so| and)? (?=(?:can|could|please|turn|cool|warm|put|set|make|open|close|switch)\b)",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        regex(rf"^(?P<oven>(?:the )?oven) (?:to |at |on )?(?P<n>{_COUNT})(?: degrees)? fan(?=\W*$)", re.I),
        r"\g<oven> to \g<n>",
    ),
    (regex(r"\batt(?= \d)", re.IGNORECASE), "at"),
    (regex(r"\b(?:evrything|evrythng|everythng|everythign|everthing|evertyhing)\b", re.IGNORECASE), "everything"),
    (
        regex(r"\b(?P<way>on|off|lights?|lamps?) out (?P<here>here)(?=\W|$)", re.IGNORECASE),
        r"\g<way> in \g<here>",
    ),
    (
        regex(
            r"\b(?P<way>on|off|lights?|lamps?) out (?:there|(?:the )?(?:back|front))(?=\W*$|,? please)", re.IGNORECASE
        ),
        r"\g<way> outside",
    ),
    (
        regex(
            r"(?P<light>\b(?:lights?|lamps?|bulb)\b.*(?:%|percent)),? (?:and|but) (?P<tone>warm|cool"
            r"|cold)(?=\W*$|,? please)",
            re.IGNORECASE,
        ),
        r"\g<light> and \g<tone> white",
    ),
    (
        regex(
            r"(?P<cooler>\b(?:air ?con(?:ditioner|ditioning)?|aircon|a/?c))(?: on)?(?: to| on)? (?:cool|cooling"
            r"|cold)(?: mode)?"
            r"(?: at| to|,)? (?P<n>\d+|[a-z]+(?:teen|ty)(?:[ -][a-z]+)?)(?=\W*$| degrees|,? please)",
            re.IGNORECASE,
        ),
        r"\g<cooler> to \g<n>",
    ),
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
            r"(?<=[a-z])(?<!\bwhen)(?<!\bif)(?<!\bonce)(?<!\bthat)(?<!\buntil)(?<!\btill)(?<!\bunless)(?<!\bwhile)"
            r"(?<!\bafter)(?<!\bbefore)(?<!\bas)(?<!\btime)(?<!\bwhether)(?<!\bwhenever) (?:cos |coz |because )?"
            r"(?:mum|mom|dad|daddy|mummy|gran|nan|nana|grandad|grandma|granddad|(?:the|my|our) (?:phone|baby|boss|wife"
            r"|husband|mum|mom|dad|sister|brother))(?:'s|s| is) (?:ringing|calling|crying|asleep|sleeping|on the phone)"
            r"(?=\W*$)",
            re.IGNORECASE,
        ),
        "",
    ),
)
"""Pattern, and what is said in its place."""
