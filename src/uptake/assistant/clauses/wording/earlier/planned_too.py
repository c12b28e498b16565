"""Say in full that something else is to happen when the last deed was planned: "and the kitchen light, too".

Limit: English; the turn before, and one thing of the home in each.
"""

from __future__ import annotations

import re
from datetime import datetime

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.wording.earlier.again import planned_at
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.saying import say_moment
from uptake.text.patterns import regex

__all__ = ["planned_too"]

_AND = regex(
    r"(?:(?:oh|ok|okay|yes|please),? )*(?:(?:and|also|plus)(?: (?:do )?(?:the )?same (?:for|with|to))?"
    r"|(?:do )?(?:the )?same (?:for|with|to)|what about|how about) (?:turn off |turn on |switch off |switch on )?"
    r"(?P<what>(?:the |my |our |all )?[\w' ]+?)(?P<when> (?:at|in|by) .+)?(?: too| as well| also| please| then)*",
    re.IGNORECASE,
)
_ONE = regex(r"\bones?$", re.IGNORECASE)
_NOUN = regex(r"\b(?:lights?|lamps?|blinds?|curtains?|fan|speaker|radiator|door)\b", re.IGNORECASE)
_VERB = regex(r"\b(?:turn|switch|open|close|shut|lock|dim|set|put|make|start|stop|play)\b", re.IGNORECASE)


def planned_too(text: str, conversation: Conversation, household: Household, now: datetime) -> str | None:
    """Return the deed that was planned in the turn before, of another thing; None where a request is no such thing.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
        now: This moment, aware.
    """
    last = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    match = _AND.fullmatch(text.strip(" .!?")) if last is not None and last.intent == "ScheduleAction" else None
    planned = planned_at(last, now) if match is not None and last is not None else None
    if match is None or planned is None or _VERB.search(match["what"]):
        return None
    at, deed = planned
    before = find_mentions(deed, household)
    noun = _NOUN.search(deed)
    what = _ONE.sub(noun[0], match["what"]) if noun is not None else match["what"]
    if len(before) != 1 or not any(each.named or each.kind or each.place for each in find_mentions(what, household)):
        return None
    moment = (match["when"] or "").strip() or say_moment(at, now)
    return f"{deed[: before[0].start]}{what}{deed[before[0].end :]} {moment}"
