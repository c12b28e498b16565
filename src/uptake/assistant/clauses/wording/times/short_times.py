"""Rows of what people say in short of timers, alarms, reminders and lists, and its full wording.

Limit: English.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from uptake.assistant.clauses.words import QUESTION, is_command
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.numbers import in_digits

__all__ = ["ROWS"]


def _alarm(match: re.Match[str]) -> str:
    length = match["length"]
    return f"set an alarm for {length} from now" if duration(in_digits(length)) is not None else match[0]


def _timer(match: re.Match[str]) -> str:
    length = match["length"]
    return f"set a timer for {length}" if duration(in_digits(length)) is not None else match[0]


def _in_minutes(match: re.Match[str]) -> str:
    length = in_digits(match["length"])
    return f"{match['front']} in {length} minutes" if length.isdigit() else match[0]


def _named_timer(match: re.Match[str]) -> str:
    length = in_digits(match["length"])
    if duration(length) is None or duration(in_digits(f"{match['name']} {match['length']}")) is not None:
        return match[0]
    return f"set a {match['name']} timer for {match['length']}"


def _called_timer(match: re.Match[str]) -> str:
    length = in_digits(match["length"])
    return f"set a {match['name']} timer for {length}" if duration(length) is not None else match[0]


def _onto_list(match: re.Match[str]) -> str:
    """Return the request to put things on a list, where nothing is said to be done: "bread and jam on the list"."""
    items = match["items"]
    pieces = [each.strip() for each in re.split(r",|\band\b", items)]
    is_plain = not any(
        is_command(each) or QUESTION.match(each) or re.search(r"\b(?:it|them)\b", each) for each in pieces
    )
    return f"add {items} to {match['list']}" if is_plain else match[0]


ROWS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (
        r"(?:don't|do not|no need to) wake (?:me|us)(?: up)?(?: at all)? (?P<when>(?:tomorrow|on \w+day|at)\b.*)",
        r"delete the alarm for \g<when>",
    ),
    (
        r"(?:i|we) (?:don't|do not|needn't|need not)(?: want| need| have)?(?: to)? (?:be woken(?: up)?|get up"
        r"|wake up|be up)"
        r" (?P<when>(?:tomorrow|on \w+day)\b.*?)(?: after all)?",
        r"delete the alarm for \g<when>",
    ),
    (
        r"(?:set )?(?:an |my )?alarm (?!for |at )(?P<first>[\w:. ]+?) and another(?: one)?(?: at"
        r"| for)? (?P<second>[\w:. ]+)",
        r"set an alarm for \g<first> and for \g<second>",
    ),
    (
        r"(?P<front>(?:turn|switch|put|shut|close|open|lock|start|stop) .+|.+ (?:off|on)) in (?P<length>\w+)",
        _in_minutes,
    ),
    (
        r"(?:(?:put|set|do|give me|start|i need|let me have|have|stick"
        r"|can i have) )?(?P<length>(?:[\w-]+ ){1,3}?(?:minutes?|mins?"
        r"|hours?|seconds?|secs?))(?: on)? for (?:the |my |some "
        r"|our )?(?P<name>[a-z]+(?: [a-z]+)?)(?: please)?,? (?:on|using|with)"
        r" (?:a|the|my) (?:kitchen )?(?:timer|clock)",
        _named_timer,
    ),
    (
        r"(?P<verb>cancel|delete|scrap|remove|skip|turn off|move|drop) (?P<day>tomorrow|today|tonight|(?:mon|tues"
        r"|wednes|thurs|fri|satur|sun)day)(?: morning)?'s (?:wake[- ]up )?alarm",
        r"\g<verb> the alarm for \g<day>",
    ),
    (
        r"(?:an? |the )?alarm (?P<when>(?:\d|(?:five|ten|twenty|quarter|half|a quarter|twenty[- ]five) (?:to"
        r"|past)\b)[\w:. ]*)",
        r"set an alarm for \g<when>",
    ),
    (r"how (?:long|much time|much longer) (?:has|does) it (?:got|have)(?: left)?", "how long is left"),
    (r"wake (?:me|us)(?: up)? in (?P<length>.+)", _alarm),
    (
        r"(?:wake (?:me|us)(?: up)?|get me up) (?P<length>[\w ]+?) (?P<way>earlier"
        r"|later)(?: than usual)?(?: tomorrow)?",
        r"move my alarm \g<length> \g<way>",
    ),
    (
        r"(?:nudge|ping|prod|poke|bug|prompt|buzz) (?:me|us) (?P<what>(?:about|to|in|at|tomorrow|on|when)\b.+)",
        r"remind me \g<what>",
    ),
    (
        r"(?:we|i)(?:'ve| have|'re| are|'m)? (?:just |all |nearly |almost |completely |run "
        r"|ran )*out of (?:the )?(?P<items>(?!.*\b(?:it|them|put|add|stick|order|buy|get|list|so|can|could"
        r"|please)\b)[\w ,'-]+)",
        r"add \g<items> to the shopping list",
    ),
    (
        r"(?:we|i)(?: also| really| still)? (?:need|want|could do with|must get|have to get)(?: some| more)?"
        r" (?P<items>(?!to\b)(?:(?!\b(?:you|to|it|them|can|could)\b)[\w ,'-])+?),?"
        r" (?:so |and |(?:can|could) you |please )*(?:add|put|stick|pop|note) (?:it|them|that|those|both)(?: down)?"
        r" (?:on|to|onto) (?:the|my|our) (?P<list>(?:[\w-]+ )?)list(?: please| for me)?",
        r"add \g<items> to the \g<list>list",
    ),
    (
        r"(?:set |start )?(?:a )?timer,? (?:for )?(?P<length>[\w ]+?),? (?:and )?(?:call(?:ed)?(?: it)?"
        r"|name it) (?P<name>[a-z]+(?: [a-z]+)?)",
        _called_timer,
    ),
    (
        r"(?:pop|stick|whack|bung|put|throw|get) (?:on )?(?P<what>some (?:[a-z]+ )?(?:music|jazz|rock|pop"
        r"|blues|soul|folk|reggae|techno"
        r"|classical|piano|opera|country|metal|hip hop|funk|disco|tunes))(?: on)?",
        r"play \g<what>",
    ),
    (
        r"(?:pop|stick|whack|bung|put|throw|get) (?:a (?:bit|touch) of|a little) (?P<what>(?!light|heat|cream"
        r"|colour|power)[\w' &-]+?)"
        r" on(?P<where> (?:in|on) (?:the|my|our) [\w' ]+?)?",
        r"play \g<what>\g<where>",
    ),
    (r"(?P<play>play .+?) (?:quietly|softly|in the background|nice and (?:quietly|loud))", r"\g<play>"),
    (
        r"(?:i|this|that|not|ugh|we|no)\b.*\b(?:song|track|tune|music|one|this|it)\b,? (?:so )?(?:next"
        r"|skip(?: it| this| that)?)"
        r"(?: one| track| song)?",
        "skip this song",
    ),
    (r"give the (?:floors?|carpets?|house|place) a (?:once over|hoover|clean|sweep|vacuum|quick \w+|go)", "vacuum"),
    (r"(?:put |set )?(?P<length>.+) on the (?:timer|clock)", _timer),
    (r"(?:don't|do not|never) let (?:me|us) forget to (?P<what>.+)", r"remind me to \g<what>"),
    (
        r"(?:don't|do not|never) let (?:me|us) forget (?:about |that )*(?:it's |it is )?(?P<what>.+)",
        r"remind me about \g<what>",
    ),
    (
        r"(?P<front>.+?) (?:every day|daily|each day)(?P<at> .+?)? (?:except|but not|apart from)(?: on| at"
        r"| for)? (?:the )?"
        r"(?:weekends?|saturdays? and sundays?)",
        r"\g<front> every weekday\g<at>",
    ),
    (r"(?:and |also )*another(?: one| timer)? (?:for|of) (?P<length>.+)", _timer),
    (
        r"(?:stop|kill|cut|end|silence) (?:that|the|this) (?:noise|racket|beeping|ringing|din|sound)"
        r"|(?:turn|switch|shut) (?:that|the|this) (?:noise|racket|beeping|ringing|din) (?:off|up)",
        "stop the alarm",
    ),
    (
        r"(?:chuck|stick|pop|bung|throw|whack|sling|get|jot)(?: down)? (?P<item>.+) (?:on|onto|to"
        r"|in) (?P<list>(?:the|my|our)"
        r" (?:[\w-]+ ){0,2}list)",
        r"add \g<item> to \g<list>",
    ),
    (
        r"(?:(?:i|we) (?:need|have|want|must|'ve got|have got|would like)(?: to)? )?(?:be up|get up|wake up|be awake"
        r"|be out of"
        r" bed)(?: again)? (?:by|at|before) (?P<at>.+)",
        r"wake me up at \g<at>",
    ),
    (r"(?:get|have) me (?:up|out of bed)(?: for| at| by) (?P<at>.+)", r"wake me up at \g<at>"),
    (
        r"(?:a |an |another |set (?:a|an|another) |start (?:a|an|another) )?timer for (?:the "
        r"|my )?(?P<name>[a-z]+(?: [a-z]+)?)"
        r"(?:,| for| of|:)? (?P<length>[\w -]+)",
        _named_timer,
    ),
    (
        r"(?:(?:set|start) (?:a|an|another) )?timer for (?:the |my )(?P<name>[a-z]+)",
        r"set a \g<name> timer",
    ),
    (
        r"how (?:long|much time|much longer) (?:has|have|does|do|is left (?:on|for)|for|on) (?:the |my )"
        r"(?P<name>(?!timers?\b|alarm)[a-z]+)(?: timer)?(?: got| have| need)?(?: left| to go)?",
        r"how long is left on the \g<name> timer",
    ),
    (
        r"(?:cross|tick|check|strike|scratch) off (?P<items>(?!.*\blist\b).+)",
        r"cross off \g<items> from the shopping list",
    ),
    (
        r"(?:give|send) me (?:a (?:shout|nudge|heads[ -]up|call|ping|buzz|signal)) in (?P<length>.+)",
        r"set a timer for \g<length>",
    ),
    (
        r"(?:scrap|bin|scratch|ditch|axe|lose|skip|call off|get rid of|drop) (?P<what>(?:the|my|that|all)\b[\w' :]*"
        r"\b(?:reminder|alarm|timer)s?\b.*)",
        r"delete \g<what>",
    ),
    (
        r"(?:skip|cancel|delete|drop|scrap|remove|forget) (?:the|my) (?P<at>(?:[\w:]+ ){0,2}(?:o'?clock|[ap]\.?m\.?)"
        r"|\d{1,2}:\d\d|half past \w+|quarter (?:to|past) \w+) (?:one|1)",
        r"delete the alarm for \g<at>",
    ),
    (
        r"(?P<items>(?!(?:is|are|do|does|have|has|any|i|we|you|it|that|there|clear|empty|scratch|cross|tick|anything"
        r"|something|everything|nothing|what\w*)\b)[\w ,'-]+?) (?:on|onto|to|for) (?P<list>(?:the|my|our)"
        r" (?:[\w-]+ )?list)",
        _onto_list,
    ),
    (
        r"what(?:'s| is| do i (?:have|need) to do)(?: still)?(?: on)? (?P<day>tomorrow|today)",
        r"what reminders do i have for \g<day>",
    ),
)
"""Pattern of a whole request, courtesy aside, and what it means in the words of the templates."""
