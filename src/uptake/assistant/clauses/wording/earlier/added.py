"""Say in full what is to go on the list that was spoken of last: "add hats too", "pop sunglasses on there as well".

Limit: English; the turn before. What is only added after the shopping list is read so without any help.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.words import is_command
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["on_the_list"]

_FRONT = r"(?:(?:and|also|oh|actually|please|can you|could you|then|ok|okay)\b,? *)*"
_ON = regex(
    rf"{_FRONT}(?:(?:add|include) (?P<added>.+?)"
    r"|(?:put|pop|stick|chuck|bung|whack|get|write)(?: down)? (?P<put>.+?)"
    r"(?= (?:on|to|onto) (?:it|there|that|the end|the list)\b| down\b))"
    r"(?P<where> (?:on|to|onto) (?:it|there|that|the end|the list)| down)?"
    r"(?P<too>(?: (?:too|as well|also))*)(?: please)?",
    re.IGNORECASE,
)
_BARE = regex(
    r"(?:(?:and|some|a|an|my|the|just|yes|yeah|ok|um+|er+m?)\b,? *)*(?P<items>[a-z][\w' ,&-]{1,80}?)(?: please)?",
    re.IGNORECASE,
)
_NO_ITEM = regex(
    r"\b(?:lists?|timers?|alarms?|reminders?|minutes?|hours?|seconds?|degrees|percent|it|that|them|tomorrow|calendar"
    r"|playlist|queue|volume|nothing|never|no|nope|not|what|who|how|is|are|cancel|stop|later|thanks?|cheers)\b"
    r"|\d+ (?:to|past)\b",
    re.IGNORECASE,
)
_ADDS = frozenset({"HassShoppingListAddItem", "HassListAddItem", "CreateList", "GetList"})
_SHOPPING = "shopping"
_ASKS = "What shall I put on it?"


def on_the_list(text: str, conversation: Conversation, household: Household) -> str | None:
    """Return the request that puts something on the list of the turn before; None where a request is no such thing.

    Args:
        text: The request.
        conversation: The conversation so far.
        household: Names of the home.
    """
    last = conversation.exchanges[-1] if conversation.exchanges else None
    reading = last.interpretation if last is not None else None
    if last is None or reading is None or reading.intent not in _ADDS:
        return None
    name = dict(reading.slots).get("name", _SHOPPING).removesuffix(" list")
    said = " ".join(text.split()).strip(" .!?")
    match = _ON.fullmatch(said)
    item = (match["added"] or match["put"]) if match is not None else None
    if match is not None and item is not None:
        is_plain = not match["where"] and not match["too"] and name == _SHOPPING
        return None if is_plain or _NO_ITEM.search(item) else f"add {item} to the {name} list"
    if not (last.response or "").endswith(_ASKS) or is_command(text) or find_mentions(text, household):
        return None
    bare = _BARE.fullmatch(said)
    return None if bare is None or _NO_ITEM.search(said) else f"add {bare['items']} to the {name} list"
