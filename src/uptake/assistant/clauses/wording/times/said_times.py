"""Times and lengths as people say them, slips of the tongue and what is asked after, in the words of the templates.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.text.patterns import regex

__all__ = ["LENGTH", "SAID_TIMES"]

LENGTH = r"(?:[\w-]+ ){1,4}?(?:minutes?|mins?|hours?|hrs?|seconds?|secs?)(?: and a half)?"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

SAID_TIMES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        regex(
            r"^(?P<set>.*\bheating\b.*\bto (?P<n>[\w ]+?)(?P<degrees> degrees)?) (?:until"
            r"|till) (?P<when>[\w: ]+?),? (?:and )?"
            r"then (?:back |down |up )*to (?P<then>[\w ]+?)(?: degrees)?$",
            re.IGNORECASE,
        ),
        r"\g<set> and set the heating to \g<then> degrees at \g<when>",
    ),
    (regex(r"^(?P<me>(?:can you |please )*remind (?:me|us)) at night (?=to\b)", re.IGNORECASE), r"\g<me> tonight "),
    (regex(r"\b(?:a|one|1) degree and a half\b", re.IGNORECASE), "1.5 degrees"),
    (
        regex(
            r"(?<=\w)(?P<joint>,? (?:and|then|also|plus|&|as well as)(?: then| also)? "
            r"|[,.] )(?=(?:an? )(?:[\w-]+ ){0,3}timer"
            r" (?:for|of)\b|(?:an? )?[\w-]+[ -](?:minute|hour|second|min) timer\b)",
            re.IGNORECASE,
        ),
        r"\g<joint>set ",
    ),
    (
        regex(r"^(?:so )?(?:what time(?:'s| is)|when(?:'s| is)) (?:the )?sun(?P<way>set|rise)\b", re.I),
        r"when does the sun \g<way>",
    ),
    (
        regex(
            rf"(?<!to )(?<!for )(?<!by )(?<!how )(?<!what )(?<!is )(?<!are )\b(?:at )?(?:around|roughly|about"
            rf"|round about)"
            rf" (?P<time>(?:half(?: past)? |(?:a )?quarter (?:to|past) |(?:five|ten|twenty) (?:to|past) )?"
            rf"(?:{_HOURS}|\d{{1,2}}(?::\d\d)?|noon|midnight|midday)(?: ?[ap]\.?m\b| o'?clock)?)"
            r"(?=\W*$|, | (?:tonight|tomorrow|today|in the|this|every|please|can|turn|switch|put|set|close|open"
            r"|shut|lock"
            r"|start|stop|dim|run|play)\b)",
            re.IGNORECASE,
        ),
        r"at \g<time>",
    ),
    (
        regex(
            r"(?P<time>\b(?:at|by) [\w:' ]{1,24}?),? (?:sharp|on the dot|on the nose|prompt|precisely)\b", re.IGNORECASE
        ),
        r"\g<time>",
    ),
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
        regex(
            rf"^(?:(?:can|could) you |please |hey,? |ok,? )*(?:shout|tell me|let me know|call me|buzz|buzz me"
            rf"|ping me|say|yell) when"
            rf" (?:the )?(?P<long>{LENGTH}) (?:are|is|have|has) (?:up|over|passed|gone by|gone|done|finished)[.!?]*$",
            re.IGNORECASE,
        ),
        r"set a timer for \g<long>",
    ),
)
"""Pattern, and what is said in its place."""
