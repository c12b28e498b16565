"""What is said around a request, and what becomes of it then: retracted in one breath, a reason, an address.

"Turn on the oven, actually don't" does nothing; "about a third, I don't want it glaring" is no taste; what is to be
done at a timer's end is done then.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.text.patterns import regex

__all__ = ["ASIDES"]

_SPAN = (
    r"(?:half an|an?|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|twenty(?:[ -]five)?|thirty"
    r"|forty(?:[ -]five)?|ninety)[ -](?:minutes?|mins?|hours?|hrs?|seconds?|secs?)"
)


def _with_its_name(found: re.Match[str]) -> str:
    """Return a command with the thing of the prohibition before it: "don't stop the music, only make it softer"."""
    return re.sub(r"\b(?:it|that|them)\b", found["thing"], found["deed"], count=1)


ASIDES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        regex(
            r"^(?:[a-z]+,? )?(?:it(?:'s| is)|i'm|i am|we're) (?:(?:way|far|much|so|a bit|really|absolutely"
            r"|too) )*(?:hot|cold|warm|cool"
            r"|chilly|freezing|boiling|stuffy|roasting|baking)(?: in here)?[,.;!]? (?:so |can you |could you "
            r"|please |just )*"
            r"(?:make it|set it (?:to|at)|put it (?:to|on|at)|turn it (?:up |down )?to) (?P<n>\d+(?:\.\d)?"
            r"|[a-z]+(?:teen|ty)"
            r"(?:[ -][a-z]+)?)(?: degrees)?(?: please)?[.!]*$",
            re.IGNORECASE,
        ),
        r"set the temperature in here to \g<n> degrees",
    ),
    (
        regex(
            r"^(?:the|my|our) [\w' ]+? (?:was|is|came to|comes to"
            r"|came out at) (?:[£$€])?(?P<n>[\w. -]+?)(?: bucks| dollars| pounds"
            r"| euros| quid)?[,.;]+ (?:so |and )?(?P<ask>what(?:'s| is) [\w. -]+ ?(?:percent|%)) of (?:that|it)\W*$",
            re.IGNORECASE,
        ),
        r"\g<ask> of \g<n>",
    ),
    (
        regex(r"(?<![\d.])(?P<n>\d{2,3}) ?(?:f|fahrenheit)(?=\W*$|,? please| in here)", re.IGNORECASE),
        r"\g<n> degrees fahrenheit",
    ),
    (
        regex(
            r"^(?P<when>(?:today|tomorrow|tonight|this|next|at|on|in)\b[\w' :.]*?),? (?:i|we)(?:'ve got"
            r"| have got| have| need| must|'ve) "
            r"(?:to )?(?P<duty>[^,.]+),? (?:so )?(?:can you |could you |please )*remind (?:me|us)"
            r"(?: (?:of|about) (?:it|that))?(?: please)?\W*$",
            re.IGNORECASE,
        ),
        r"remind me \g<when> to \g<duty>",
    ),
    (
        regex(
            r"(?<=\w),? but (?:don't|do not|dont) (?:mess with|touch|change|bother(?: with)?|do anything (?:to|with))"
            r" (?:the |my |any |anything|our )?[\w ]*?\W*$",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        regex(
            r"^(?P<undo>(?:(?:actually|no|oh|wait|ok),? )*(?:scratch|scrap) that), (?:[a-z]+|the \w+"
            r"|my \w+) (?:hates?|can't|doesn't|don't"
            r"|won't|isn't|is|has|never|already)\b.*$",
            re.IGNORECASE,
        ),
        r"\g<undo>",
    ),
    (
        regex(
            r"^for [\w']+(?: [\w']+)?,? (?:i|we)(?:'d like| would like| want| need) (?P<what>(?:the"
            r"|my) [\w' ]+?) (?P<colour>red|green|blue"
            r"|orange|yellow|purple|pink|white|warm white)(?:,? like .*)?[.!]*$",
            re.IGNORECASE,
        ),
        r"make \g<what> \g<colour>",
    ),
    (regex(r"(?:^|(?<=[,.] ))(?:arre|arrey|aiyo|acha|accha|yaar)\b,? ?(?=\w)", re.IGNORECASE), ""),
    (
        regex(
            r"^(?:please )?(?:don't|do not) (?:stop|turn off|switch off|pause|close|open"
            r"|turn on) (?P<thing>(?:the|my) [\w ]+?)"
            r"[,;.] (?:but )?(?:only|just) (?P<deed>(?:make|turn|set|put|bring|dim)\b.*\b(?:it|that|them)\b.*)$",
            re.IGNORECASE,
        ),
        _with_its_name,
    ),
    (
        regex(
            r"^(?:(?:please|and|hey),? )*(?:don't forget to|do not forget to|make sure (?:you|to)|remember to)"
            r" (?=remind (?:me|us)\b)",
            re.IGNORECASE,
        ),
        "",
    ),
    (regex(r"^(?P<ask>(?:[\w']+ ){0,3}remind us) (?:both|all)(?= (?:to|about)\b)", re.IGNORECASE), r"\g<ask>"),
    (
        regex(
            r"^(?P<deed>(?:please |can you |could you )*(?:turn|switch|put|open|close|shut|lock|unlock|start"
            r"|set|dim|make)\b"
            r"[^.,;!?]+?)(?:[.,;!]+| -+) ?(?:(?:oh|no|wait|actually|hang on|hold on|ah|hmm?|sorry"
            r"|on second thoughts?)[,.]? )*"
            r"(?:(?:actually|no|wait),? )?(?:don't(?: bother)?|do not|leave it|forget it|scrap that|cancel that)[.!]*$",
            re.IGNORECASE,
        ),
        r"don't \g<deed>",
    ),
    (
        regex(
            rf"^(?P<timer>(?=.*\btimer\b).*?\b(?P<long>{_SPAN})\b.*?),? and (?:then )?"
            r"(?:when|once|as soon as) (?:it|that|the timer|time)(?:'s| is|'s all| goes)? (?:done|up|over"
            r"|finished|off|ended|rings)"
            r",? (?P<deed>(?:turn|switch|put|open|close|shut|lock|start|stop|dim|pause|play)\b.+)$",
            re.IGNORECASE,
        ),
        r"\g<timer> and \g<deed> in \g<long>",
    ),
    (
        regex(
            r"^(?P<deed>(?:please |can you )*(?:turn|switch|put) .*?\blights?\b.*?) without (?=(?:the|my"
            r"|our) [\w' ]+?(?:lights?|lamps?)\b)",
            re.IGNORECASE,
        ),
        r"\g<deed> except ",
    ),
    (
        regex(
            r"^(?:(?:please|can you),? )*stop (?:turning|switching|putting) (?P<rest>(?:on |off )?(?:the|my|all"
            r"|every).+)$",
            re.IGNORECASE,
        ),
        r"don't turn \g<rest>",
    ),
    (
        regex(
            r"^(?:i|we)(?:'d| would)? (?:want|like|need) (?P<what>(?:all |every )?(?:the|my|our) [\w' ]+?) (?:to be )?"
            r"(?P<way>on|off) (?P<when>(?:at|by|from|in|before|until|till) .+)$",
            re.IGNORECASE,
        ),
        r"turn \g<way> \g<what> \g<when>",
    ),
    (
        regex(
            r"^(?P<no>no|nah|aye|yes|yeah|ok|okay|right|oh),? (?:man|pet|mate|love|pal|hinny|bro|bruh|dude"
            r"|buddy|hun|hon|honey"
            r"|duck|hen|petal|darling|sweetheart|dear), (?=\w)",
            re.IGNORECASE,
        ),
        r"\g<no>, ",
    ),
    (
        regex(
            r"^(?P<deed>(?:please |can you |could you )*(?:put|turn|switch|set|dim|make|open"
            r"|close)\b.+?)(?:, (?:because |cos |as |since )?| (?:because|cos|as|since) )"
            r"i (?:don't|do not) (?:want|like|need) (?:it|them|that)"
            r" (?!(?:over|under|above|below|past|more|less|before|after|until|for|at|to \d|\d)\b)(?:too |so "
            r"|to be )?[a-z]+(?: [a-z]+)?[.!]*$",
            re.IGNORECASE,
        ),
        r"\g<deed>",
    ),
    (
        regex(
            r"^(?:please |can you |could you |aye,? |just )*let (?:our |my |the )?\w+ in(?: (?:at|by"
            r"|through))? (?:the )?"
            r"(?P<side>front|back) door(?=\W|$).*$",
            re.IGNORECASE,
        ),
        r"unlock the \g<side> door",
    ),
)
"""Pattern, and what is said in its place."""
