"""Recognise what is to come off the list that was just spoken of: "take milk off", "scrap the eggs".

Limit: English; what was neither said nor read out in the last few turns is no item of that list.
"""

from __future__ import annotations

from uptake.assistant.dialogue.conversation import Conversation
from uptake.text.lexicon import strip_fillers
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["off_the_list"]

_TURNS = 3
_OF_LISTS = frozenset(
    "HassShoppingListAddItem HassListAddItem HassShoppingListCompleteItem HassListCompleteItem HassListRemoveItem "
    "GetList".split()
)
_SHOPPING = "shopping"
_FRONT = r"(?:(?:and|also|oh|actually|no|sorry|wait|please|can you|could you|i got|we have|got) )*"
_OFF = regex(
    rf"{_FRONT}(?:(?:take|cross|strike|knock|tick|check|leave|scratch|bump) (?:the |my |our )?(?P<before>.+?)"
    rf" (?:back )?off(?: (?:again|it|there|then))?|(?:take|cross|strike|tick|check) off (?:the |my |our )?"
    rf"(?P<after>.+?)|(?:scrap|remove|drop|delete|lose|skip|ditch|get rid of|forget(?: about)?|we don't need"
    rf"|i don't need|(?:take|cross|strike) out) (?:the |my |our )?(?P<gone>.+?)"
    r"(?: (?:again|any ?more|after all))?)(?: please)?"
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
    match = _OFF.fullmatch(strip_fillers(normalize(text)))
    if match is None:
        return None
    item = next(each for each in (match["before"], match["after"], match["gone"]) if each)
    spoken = [
        one
        for one in reversed(conversation.exchanges[-_TURNS:])
        if one.interpretation is not None and one.interpretation.intent in _OF_LISTS
    ]
    words = set(item.split())
    if not spoken or words & _OTHERS or not any(words <= _said(one.response) for one in spoken):
        return None
    listed = spoken[0].interpretation
    slots = listed.slots if listed is not None else ()
    name = next((value for slot, value in slots if slot == "name"), _SHOPPING)
    return f"remove {item} from the {name} list"


def _said(response: str | None) -> set[str]:
    return set(normalize(response or "").replace(",", " ").split())
