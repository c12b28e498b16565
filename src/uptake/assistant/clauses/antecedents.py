"""Put into a request what "them" and "both" stand for: the things that the last actions were about.

Limit: English; the last two exchanges; one thing, "it", is left to the readers.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.dialogue.conversation import Conversation
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.saying import say_list
from uptake.assistant.skills.naming import the

__all__ = ["with_antecedents"]

_THEM = re.compile(
    r"\b(?:both of them|all of them|them both|them all|the two of them|them|those)\b(?! (?:is|are|was|were)\b)",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\b(?:both|two)\b", re.IGNORECASE)
_HERE = re.compile(
    r"(?P<but>\b(?:except(?:ing)?|apart from|aside from|other than|but(?: not)?|bar)(?: for)?(?: the (?:one|ones|light"
    r"|lights))?) (?:(?:in )?here|(?:in )?this room)\b",
    re.IGNORECASE,
)
_TURNS = 2
_MOST = 12


def with_antecedents(text: str, conversation: Conversation, household: Household, room: str | None = None) -> str:
    """Return the request with the names of what "them" means; as it is where that is one thing, or unknown.

    "All lights except in here" leaves out the room where it is said.
    """
    if room is not None:
        text = _HERE.sub(rf"\g<but> in the {room}", text)
    match = _THEM.search(text)
    if match is None or find_mentions(text, household):
        return text
    last = conversation.last
    things = list(last.targets) if last is not None else []
    if len(things) < 2 and _BOTH.search(match[0]):
        spoken = [exchange for exchange in conversation.exchanges[-_TURNS:] if exchange.action]
        things = [each.value for exchange in spoken for each in exchange.entities if each.slot == "name"]
    known = [household.by_id[key] for key in dict.fromkeys(things) if key in household.by_id]
    if not 1 < len(known) <= _MOST:
        return text
    names = say_list([the(household.label(device)) for device in known])
    return f"{text[: match.start()]}{names}{text[match.end() :]}"
