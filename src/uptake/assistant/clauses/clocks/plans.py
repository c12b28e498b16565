"""Read a question after the time of what is planned: "when's the oven going off".

Limit: English; "it" is what was planned last.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.clocks.state import Clocks
from uptake.assistant.clauses.words import without_courtesy
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["read_plans"]

_WHEN = regex(
    r"(?:when|what time|how long (?:until|till|before)|how long have i got (?:until|till|before))"
    r"(?:'s|'re| is| are| will| do| does| did (?:i|you|we) (?:say|set|ask)| have (?:i|you) (?:got|set))?"
    r" (?:you )?(?P<verb>(?:turn(?:ing)?|switch(?:ing)?|shut(?:ting)?|clos(?:e|ing)|open(?:ing)?"
    r"|lock(?:ing)?) )?(?P<state>(?:on|off) )?"
    r"(?P<what>it|that|(?:the|my|our) [\w' ]+?)"
    r"(?: (?:be|get|being|to|due|set|going|go|goes|coming|come|comes|turn(?:ing|s|ed)?|switch(?:ing|es|ed)?))*"
    r"(?: (?P<end>on|off|open|opening|clos(?:e|es|ing)|shut(?:ting)?|lock(?:ing|ed)?|up|down))?(?: again| at| then)*",
    re.IGNORECASE,
)
_SAID = regex(
    r"(?:what time|when)(?:'s| is| was| did| will| have)? (?:that|it|this|i|you)(?: be| say| set| got)?(?: (?:it"
    r"|that))?(?: set)?(?: for| at)?"
    r"(?: again| then)?|how long(?: left| is left| has it got| to go| (?:till|until|before) (?:that|it"
    r"|then)(?: goes off| rings)?)?",
    re.IGNORECASE,
)
_TOLD_BY = {"SetAlarm": "GetAlarms", "SetReminder": "GetReminders", "ScheduleAction": "GetSchedule"}
_STEMS = {
    "clos": "close",
    "shut": "close",
    "open": "open",
    "lock": "lock",
    "up": "open",
    "down": "close",
    "on": "on",
    "off": "off",
}
_SMALL = frozenset("the my our it that is was".split())


def read_plans(text: str, clocks: Clocks) -> tuple[Interpretation, ...] | None:
    """Return the reading of a question after what is planned; None where nothing planned is called so."""
    bare = without_courtesy(text.strip(" .?!"))
    told = _TOLD_BY.get(clocks.last.intent) if clocks.last is not None and _SAID.fullmatch(bare) else None
    if told is not None and clocks.last is not None:
        about = tuple(pair for pair in clocks.last.slots if pair[0] == "text" and told == "GetSchedule")
        return (Interpretation(intent=told, slots=about),)
    match = _WHEN.fullmatch(bare) if clocks.plans else None
    if match is None:
        return None
    said = (match["verb"] or match["state"] or match["end"] or "").strip().lower()
    state = next((word for stem, word in _STEMS.items() if said.startswith(stem)), "")
    what = match["what"].lower()
    if what in ("it", "that"):
        if clocks.last is None or clocks.last.intent != "ScheduleAction":
            return None
        return (Interpretation(intent="GetSchedule", slots=(("text", dict(clocks.last.slots).get("text", "")),)),)
    words = (set(normalize(f"{what} {state}").split()) | set()) - _SMALL
    if not state or not any(words <= set(normalize(plan).split()) for plan in clocks.plans):
        return None
    return (Interpretation(intent="GetSchedule", slots=(("text", " ".join(sorted(words))),)),)
