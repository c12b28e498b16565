"""Times, lengths and degrees as people say them, in the words of the templates: "around nine", "nine pm sharp".

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["LENGTH", "SAID_TIMES"]

LENGTH = r"(?:[\w-]+ ){1,4}?(?:minutes?|mins?|hours?|hrs?|seconds?|secs?)(?: and a half)?"
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HUNDREDS = ("one", "two", "three", "four", "five")

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
            rf"(?<!to )(?<!for )(?<!by )(?<!how )(?<!what )(?<!is )(?<!are )\b(?:(?:at )?(?:around|roughly"
            rf"|round about)|at about)"
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
    (
        regex(
            rf"^(?:(?:can|could) you |please |hey,? |ok,? )*(?:shout|tell me|let me know|call me|buzz|buzz me"
            rf"|ping me|say|yell) when"
            rf" (?:the )?(?P<long>{LENGTH}) (?:are|is|have|has) (?:up|over|passed|gone by|gone|done|finished)[.!?]*$",
            re.IGNORECASE,
        ),
        r"set a timer for \g<long>",
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
)
"""Pattern, and what is said in its place."""
