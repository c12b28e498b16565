"""Detect requests to remove items from the list just mentioned: "take milk off", "scrap the eggs", "take it off".

Limit: English; only items of the last few turns count as items of that list.
"""

from __future__ import annotations

from uptake.assistant.dialogue.amending import amended
from uptake.assistant.dialogue.conversation import Conversation
from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["off_the_list"]

_TURNS = 3
_OF_LISTS = frozenset(
    "HassShoppingListAddItem HassListAddItem HassShoppingListCompleteItem HassListCompleteItem HassListRemoveItem "
    "GetList".split()
)
_SHOPPING = "shopping"
_FRONT = r"(?:(?:and|also|oh|actually|no|sorry|wait|please|can you|could you|i got|we have|got) )*"
_OFF = regex(
    rf"{_FRONT}(?:not (?:the |my |our )?(?P<no>.+?)(?: after all)?|(?:take|cross|strike|knock|tick|check"
    rf"|leave|scratch|bump) (?:the |my |our )?(?P<before>.+?)"
    rf" (?:back )?off(?: (?:again|it|there|then))?|(?:take|cross|strike|tick|check) off (?:the |my |our )?"
    rf"(?P<after>.+?)|(?:scrap|remove|drop|delete|lose|skip|ditch|get rid of|forget(?: about)?|we don't need"
    rf"|i don't need|(?:take|cross|strike) out) (?:the |my |our )?(?P<gone>.+?)"
    r"(?: (?:again|any ?more|after all))?)(?: please)?"
)
_IT = regex(
    r"(?:(?:no|oh|wait|actually|sorry|oops|ok|and|on second thoughts?|on reflection|please|can you|could you|just) )*"
    r"(?:take|cross|knock|strike|scratch|get|remove|delete|scrap|drop|lose|cancel|bin) (?:that|it|them|this)(?: one)?"
    r"(?: back| straight)*(?: (?:off|out|away|from|of|on))*(?: (?:the|my|our)(?: \w+)? list| there)?"
    r"(?: again| please| then| after all)*"
)
_LIST_JOINT = regex(r"\s*,\s*(?:and )?|\s+and\s+")
_CLEARS = regex(
    r"(?:(?:ok|now|and|then|please|can you|could you|just) )*(?:clear|empty|wipe|reset|delete)(?: out)? (?:it|that"
    r"|the list|the lot|the whole (?:thing|list)|everything(?: (?:on|off) (?:it|there))?)(?: all)?(?: out| please)*"
)
_READS = regex(
    r"(?:(?:ok|now|and|then|please|can you|could you) )*(?:read|show)(?: me)? (?:it|that|the list|them|the whole list)"
    r"(?: all)?(?: (?:back|out|again|to me|please))*|(?:so |and )?what (?:have|do) (?:i|we) (?:got"
    r"|have)(?: so far| now)?"
)
_OTHERS = frozenset(
    "it that this them those everything all one ones last list lists timer timers alarm alarms reminder "
    "reminders".split()
)


def off_the_list(text: str, conversation: Conversation) -> str | None:
    """Say in full what is to come off the list that was spoken of; None where a request is no such thing.

    Args:
        text: The request.
        conversation: The conversation so far.
    """
    said = strip_fillers(normalize(text))
    last = conversation.exchanges[-1].interpretation if conversation.exchanges else None
    if last is not None and last.intent in _OF_LISTS and _IT.fullmatch(said):
        return _removed(dict(last.slots).get("item"), last)
    if last is not None and last.intent in _OF_LISTS and (_CLEARS.fullmatch(said) or _READS.fullmatch(said)):
        return f"{'clear' if _CLEARS.fullmatch(said) else 'read'} the {_name(last)} list"
    if last is not None and last.intent in _OF_LISTS:
        for item in reversed(_LIST_JOINT.split(dict(last.slots).get("item", ""))):
            new = amended(text, item, loosely=True) if item else None
            if new is not None:
                return f"swap {item} for {new}"
    match = _OFF.fullmatch(said)
    if match is None:
        return None
    item = next(each for each in (match["no"], match["before"], match["after"], match["gone"]) if each)
    spoken = [
        (one.interpretation, _said(one.response))
        for one in reversed(conversation.exchanges[-_TURNS:])
        if one.interpretation is not None and one.interpretation.intent in _OF_LISTS
    ]
    words = set(item.split())
    if words & _OTHERS or not any(words <= response for _, response in spoken):
        return None
    return _removed(item, spoken[0][0])


def _removed(item: str | None, listed: Interpretation) -> str | None:
    """Return the request that takes an item off a list; None without an item."""
    return None if item is None else f"remove {item} from the {_name(listed)} list"


def _name(listed: Interpretation) -> str:
    return dict(listed.slots).get("name", _SHOPPING).removesuffix(" list")


def _said(response: str | None) -> set[str]:
    return set(normalize(response or "").replace(",", " ").split())
